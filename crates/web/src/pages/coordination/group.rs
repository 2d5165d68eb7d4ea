//! The evidence card of a group: what was seen, what chance would give, what
//! else could explain it, what the team decided.
//!
//! In: the identifier of a group of the last run. Out: the card, for the
//! screen and for paper. Errors: 404 when the last run did not find it.
//! Limits: [`MEMBERS_SHOWN`]; the downloads have all of them.

use super::decision::Draft;
use super::evidence::{self, EarlierBox, MessageBox, MomentBox, ObjectRow, SignsBox, TraceRow};
use super::told::{self, BehaviourBox, HeldBox, NumberRow, Signed, Word};
use super::{PATH, charted, earlier};
use crate::components::{ChartFrame, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::forms::{Faults, refused, shown};
use ::app::AppError;
use ::app::coordination::{
    ActionsManifest, CopiedView, DecisionView, EarlierGroup, GroupReport, KnownGroup, METHOD, METHOD_VERSION,
    MemberView, TraceActs,
};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use model::{Permission, Strength, Timestamp};
use std::sync::Arc;

/// Members in the table of the card.
const MEMBERS_SHOWN: usize = 100;
/// Moments that stand open; the others unfold.
const MOMENTS_OPEN: usize = 2;
/// Messages that stand open.
const MESSAGES_OPEN: usize = 2;
/// Shared objects that stand open.
const OBJECTS_OPEN: usize = 6;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/coordination/groups/{id}",
        need: Need::May(Permission::Read),
        summary: "The evidence card of a group",
        handler: get(show),
    }]
}

/// What an account is called: its handle, its name, or its identifier.
pub(super) fn name_of(member: &MemberView) -> &str {
    member.handle.as_deref().or(member.name.as_deref()).unwrap_or(&member.account)
}

/// An account in one line: its handle with `@`, its name, or its identifier.
pub(super) fn label_of(member: &MemberView) -> String {
    match &member.handle {
        Some(handle) => format!("@{}", plain_line(handle)),
        None => plain_line(name_of(member)),
    }
}

/// One member in the table.
struct MemberRow {
    href: String,
    label: String,
    name: Option<String>,
    created: Option<String>,
    followers: Option<String>,
    posts: String,
    pairs: String,
    signs: String,
}

fn member_row(group: &str, member: &MemberView, l: &Locale) -> MemberRow {
    let created = member.created_at.as_deref().and_then(|text| Timestamp::parse(text).ok());
    MemberRow {
        href: told::member_href(group, &member.account),
        label: label_of(member),
        name: member.name.as_deref().map(plain_line).filter(|name| !name.is_empty()),
        created: created.map(|at| l.date(at)),
        followers: member.followers.map(|count| l.integer(count)),
        posts: l.integer(member.posts),
        pairs: l.integer(member.pairs),
        signs: l.integer(member.signs.found.len() as u64),
    }
}

/// An innocent explanation that was looked for.
struct ExplanationBox {
    name: String,
    verdict: String,
    kind: &'static str,
    numbers: Vec<NumberRow>,
}

/// A step of the ladder that is not reached.
struct StepBox {
    title: String,
    numbers: Vec<NumberRow>,
}

#[derive(Template)]
#[template(path = "coordination/group.html")]
struct Card<'a> {
    page: &'a Page,
    l: &'a Locale,
    list: &'static str,
    id: &'a str,
    word: Word,
    decision: Option<Signed>,
    basis: String,
    chance: String,
    held: Option<HeldBox>,
    steps: Vec<StepBox>,
    is_top: bool,
    /// On which clock the card tells times.
    clock: String,
    behaviours: Vec<BehaviourBox>,
    not_shown: Vec<BehaviourBox>,
    explanations: Vec<ExplanationBox>,
    moments: Vec<MomentBox>,
    moments_more: Vec<MomentBox>,
    moments_title: String,
    traces: Vec<TraceRow>,
    density: String,
    stability: String,
    charts: [ChartFrame; 2],
    created: ChartFrame,
    created_unknown: String,
    signs: SignsBox,
    objects: Vec<ObjectRow>,
    objects_more: Vec<ObjectRow>,
    objects_title: String,
    objects_left_out: Option<String>,
    messages: Vec<MessageBox>,
    messages_more: Vec<MessageBox>,
    messages_title: String,
    earlier: Vec<EarlierBox>,
    members: Vec<MemberRow>,
    members_more: Option<String>,
    /// Whom members copy: name and what was counted.
    copied: Vec<(String, String)>,
    posts_href: String,
    posts_note: Option<String>,
    since_run: Option<String>,
    past: Vec<Signed>,
    draft: Draft,
    faults: Faults,
    may_decide: bool,
    may_take: bool,
    shares: Vec<(String, String)>,
    acts: String,
    method: String,
    printed: String,
}

fn step_boxes(report: &GroupReport, l: &Locale) -> Vec<StepBox> {
    let higher = report.steps.iter().filter(|step| step.strength > report.strength);
    let mut before = None;
    let told = |step: &::app::coordination::StepView| {
        let word = l.word("strength", step.strength.name());
        // A word may be reached in several ways.
        let key =
            if before.replace(step.strength) == Some(step.strength) { "group-step-or" } else { "group-step" };
        StepBox {
            title: l.text_with(key, &[("word", word.into())]),
            numbers: told::numbers(&step.numbers, l),
        }
    };
    higher.map(told).collect()
}

fn explanation_boxes(report: &GroupReport, l: &Locale) -> Vec<ExplanationBox> {
    let told = |view: &::app::coordination::ExplanationView| ExplanationBox {
        name: l.word("explanation", view.explanation.name()),
        verdict: l.word("verdict", &view.verdict),
        kind: if view.verdict == "holds" { "warning" } else { "plain" },
        numbers: told::numbers(&view.numbers, l),
    };
    // What was found comes first.
    let (found, others): (Vec<_>, Vec<_>) =
        report.explanations.iter().partition(|view| view.verdict == "holds");
    found.into_iter().chain(others).map(told).collect()
}

/// Splits what stands open from what unfolds.
pub(super) fn split<T>(mut all: Vec<T>, open: usize) -> (Vec<T>, Vec<T>) {
    let rest = all.split_off(open.min(all.len()));
    (all, rest)
}

pub(super) fn printed(visit: &Visit, now: Timestamp) -> String {
    visit.l.text_with(
        "group-printed",
        &[
            ("workspace", plain_line(&visit.workspace.info().name).into()),
            ("name", plain_line(&visit.logged.user.name).into()),
            ("when", visit.l.date_time(now).into()),
            ("zone", charted::zone(&visit.l).into()),
        ],
    )
}

fn copied_row(copied: &CopiedView, l: &Locale) -> (String, String) {
    let name = copied.handle.as_ref().map_or_else(|| copied.account.clone(), |handle| format!("@{handle}"));
    let count = |number: u32| l.integer(u64::from(number));
    let told = [
        ("members", count(copied.members).into()),
        ("first", count(copied.first).into()),
        ("after", count(copied.after).into()),
    ];
    (name, l.text_with("group-copied-says", &told))
}

fn card<'a>(
    page: &'a Page,
    visit: &'a Visit,
    (group, past, manifest): (&'a KnownGroup, &[DecisionView], &ActionsManifest),
    (draft, faults): (Draft, Faults),
    now: Timestamp,
) -> Card<'a> {
    let l = &visit.l;
    let report = &group.report;
    let shown_members = report.members.get(..MEMBERS_SHOWN).unwrap_or(&report.members);
    let (moments, moments_more) = split(evidence::moments(report, l), MOMENTS_OPEN);
    let (objects, objects_more) = split(evidence::objects(report, l), OBJECTS_OPEN);
    let (messages, messages_more) = split(evidence::messages(report, l), MESSAGES_OPEN);
    let (created, unknown) = charted::creations(report, l);
    let (expression, fitting) =
        told::by_accounts(report.members.iter().map(|member| member.account.as_str()));
    let count = |number: usize| l.integer(number as u64);
    let method =
        [("name", METHOD.into()), ("version", METHOD_VERSION.into()), ("id", report.id.as_str().into())];
    Card {
        page,
        l,
        list: PATH,
        id: &report.id,
        word: Word::of(report.strength, l),
        decision: group.decision.as_ref().map(|view| told::signed(view, l)),
        basis: l.word("basis", &report.basis),
        chance: told::chance_sentence(report.p, l),
        held: told::held(report, l),
        clock: charted::on_clock("group-clock", l),
        steps: step_boxes(report, l),
        is_top: report.strength == Strength::VeryLikely,
        behaviours: report.behaviours.iter().map(|view| told::behaviour(view, l)).collect(),
        not_shown: report.not_shown.iter().map(|view| told::behaviour(view, l)).collect(),
        explanations: explanation_boxes(report, l),
        moments,
        moments_title: l.count("group-moments-more", moments_more.len() as u64),
        moments_more,
        traces: evidence::traces(report, l),
        density: l.percent(f64::from(report.density), 0),
        stability: l.percent(f64::from(report.stability), 0),
        charts: [charted::timeline(report, l), charted::hours(report, l)],
        created,
        created_unknown: l.count("group-created-unknown", unknown),
        signs: evidence::signs(report, l),
        objects,
        objects_title: l.count("group-objects-unfold", objects_more.len() as u64),
        objects_more,
        objects_left_out: (report.objects_left_out > 0)
            .then(|| l.count("group-objects-more", report.objects_left_out)),
        messages,
        messages_title: l.count("group-messages-more", messages_more.len() as u64),
        messages_more,
        earlier: evidence::earlier(group, l),
        members: shown_members.iter().map(|member| member_row(&report.id, member, l)).collect(),
        members_more: (report.members.len() > MEMBERS_SHOWN).then(|| {
            let told =
                [("shown", count(shown_members.len()).into()), ("all", count(report.members.len()).into())];
            l.text_with("group-members-more", &told)
        }),
        copied: report.copied.iter().map(|one| copied_row(one, l)).collect(),
        posts_href: told::posts_href(&expression, "", ""),
        posts_note: (fitting < report.members.len()).then(|| l.count("group-first-members", fitting as u64)),
        since_run: evidence::since_run(group, l),
        past: past.iter().map(|view| told::signed(view, l)).collect(),
        draft,
        faults,
        may_decide: visit.actor.may(Permission::Label),
        may_take: visit.actor.may(Permission::Export),
        shares: manifest
            .traces
            .keys()
            .map(|trace| (trace.name().to_owned(), l.word("trace-short", trace.name())))
            .collect(),
        acts: told_acts(manifest, l),
        method: l.text_with("group-method", &method),
        printed: printed(visit, now),
    }
}

async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    page_of(&front, &visit, id, Draft::default(), Faults::default()).await
}

/// A group as the last run found it, or as it is remembered.
enum Loaded {
    Now(Box<(KnownGroup, Vec<DecisionView>, ActionsManifest)>),
    Before(EarlierGroup, Vec<DecisionView>),
}

/// How many acts are there to take along, and whether a limit left some out.
fn told_acts(manifest: &ActionsManifest, l: &Locale) -> String {
    let count = |value: u64| l.integer(value).into();
    let sum = |of: fn(&TraceActs) -> u64| manifest.traces.values().map(of).sum::<u64>();
    let all = sum(|acts| acts.member_acts) + sum(|acts| acts.other_acts);
    let key = if manifest.is_complete { "group-acts-all" } else { "group-acts-cut" };
    let limit = l.integer(manifest.acts_max as u64).into();
    l.text_with(key, &[("acts", count(manifest.acts)), ("all", count(all)), ("limit", limit)])
}

/// The card, with a form that may have been sent already; 422 when it has faults.
pub(super) async fn page_of(
    front: &Arc<Front>,
    visit: &Visit,
    id: String,
    draft: Draft,
    faults: Faults,
) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let loaded = work(move || {
        let past = workspace.list_group_decisions(&actor, &id)?;
        match workspace.coordinated_group(&actor, &id) {
            Ok(group) => Ok(Loaded::Now(Box::new((group, past, workspace.group_manifest(&actor, &id)?)))),
            // What the last run did not find again may be remembered.
            Err(AppError::NotFound { .. }) => Ok(Loaded::Before(workspace.earlier_group(&actor, &id)?, past)),
            Err(error) => Err(error),
        }
    })
    .await?;
    let (group, past, manifest) = match loaded {
        Loaded::Now(now) => *now,
        Loaded::Before(group, past) => return earlier::page_of(visit, &group, &past),
    };
    let page = visit.page(told::headline(&group.report, &visit.l), Some(Room::Coordination));
    let is_whole = faults.is_empty();
    let card = card(&page, visit, (&group, &past, &manifest), (draft, faults), front.app.now());
    if is_whole { shown(&card) } else { refused(&card) }
}
