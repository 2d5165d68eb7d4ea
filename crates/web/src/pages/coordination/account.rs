//! The evidence card of one account of a group: its acts beside those of the
//! others, what chance would give, its signs, and what speaks against.
//!
//! In: a group of the last search and an account of it. Out: the card, for the
//! screen and for paper. Errors: 404 when the account is not in the group.
//! Limits: those of the work room; what is left out is counted.

use super::earlier::{self, Row};
use super::evidence::{object_of, to_the_second};
use super::told::{self, NumberRow, Word, group_href, member_href};
use super::{PATH, charted, group};
use crate::charts::Drawing;
use crate::charts::beside::observed_expected;
use crate::components::post_card::{OutwardLink, outward};
use crate::components::{ChartFrame, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::cards::{author_href, post_href};
use crate::pages::forms::shown;
use ::app::coordination::{AccountCard, AccountObject, METHOD, METHOD_VERSION, PartnerView, PostBeside};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use model::{Permission, Timestamp, Trace};
use std::sync::Arc;

/// Posts that stand open; the others unfold.
const POSTS_OPEN: usize = 3;
/// Accounts it coincides with that stand open.
const PARTNERS_OPEN: usize = 6;
/// Shared objects with a name that stand open.
const OBJECTS_OPEN: usize = 6;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/coordination/groups/{id}/accounts/{account}",
        need: Need::May(Permission::Read),
        summary: "The evidence card of an account of a group",
        handler: get(show),
    }]
}

/// One of two posts.
struct Side {
    name: String,
    href: Option<String>,
    post: String,
    when: String,
    machine: String,
    text: String,
}

/// A post beside the nearest of another member.
struct PairBox {
    trace: String,
    object: String,
    says: String,
    near: String,
    sides: [Side; 2],
}

fn side(name: String, href: Option<String>, record: i64, at: Timestamp, text: &str, l: &Locale) -> Side {
    Side {
        name,
        href,
        post: post_href(record),
        when: to_the_second(at, l),
        machine: at.to_string(),
        text: plain_line(text),
    }
}

fn pair_box(card: &AccountCard, name: &str, post: &PostBeside, l: &Locale) -> PairBox {
    let nearest = &post.nearest;
    let traces: Vec<String> = post.traces.iter().map(|trace| l.word("trace-short", trace.name())).collect();
    let apart = nearest.seconds.unsigned_abs();
    let key = match nearest.seconds {
        0 => "account-same-second",
        1.. => "account-after",
        _ => "account-before",
    };
    let span = l.duration(i64::try_from(apart).unwrap_or(i64::MAX).saturating_mul(1_000));
    let first = post.traces.first().copied().unwrap_or(Trace::Synchrony);
    let own = side(name.to_owned(), None, post.record, post.time, &post.text, l);
    let href = member_href(&card.group, &nearest.account);
    let other = side(plain_line(&nearest.label), Some(href), nearest.record, nearest.time, &nearest.text, l);
    PairBox {
        trace: traces.join(", "),
        object: object_of(first, &post.object),
        says: l.text_with(key, &[("span", span.into())]),
        near: l.count("account-near-others", u64::from(post.members_near)),
        sides: if nearest.seconds < 0 { [other, own] } else { [own, other] },
    }
}

/// What it and another meet on.
struct PartnerRow {
    href: String,
    label: String,
    trace: String,
    together: String,
    expected: String,
    bars: Drawing,
    joint: String,
    chance: String,
    habit: bool,
}

#[allow(clippy::cast_precision_loss)] // Only for the eye; far below 2⁵³.
fn partner_row(group: &str, partner: &PartnerView, l: &Locale) -> PartnerRow {
    let together = partner.together as f64;
    PartnerRow {
        href: member_href(group, &partner.account),
        label: plain_line(&partner.label),
        trace: l.word("trace-short", partner.trace.name()),
        together: l.integer(partner.together),
        expected: l.decimal(partner.expected, if partner.expected < 10.0 { 1 } else { 0 }),
        bars: observed_expected(together, partner.expected, together.max(partner.expected)),
        joint: l.integer(partner.joint),
        chance: told::chance(partner.p, l),
        habit: !partner.beyond_habit,
    }
}

/// Something that it shares with others.
struct ObjectRow {
    trace: String,
    text: String,
    link: Option<OutwardLink>,
    when: String,
    counts: [String; 3],
}

fn object_row(object: &AccountObject, l: &Locale) -> ObjectRow {
    ObjectRow {
        trace: l.word("trace-short", object.trace.name()),
        text: object_of(object.trace, &object.object),
        link: outward(&object.object),
        when: l.date_time(object.first_at),
        counts: [object.times, object.members, object.others].map(|count| l.integer(u64::from(count))),
    }
}

/// A sign or a reason with its numbers.
struct Finding {
    name: String,
    badge: (String, &'static str),
    numbers: Vec<NumberRow>,
}

fn signs(card: &AccountCard, l: &Locale) -> Vec<Finding> {
    let found = card.member.signs.found.iter().map(|found| {
        let weighs =
            if found.log_odds < 0.0 { ("account-sign-for", "ok") } else { ("account-sign-weak", "plain") };
        Finding {
            name: l.word("account-sign", &found.sign),
            badge: (l.text(weighs.0), weighs.1),
            numbers: told::numbers(&found.numbers, l),
        }
    });
    found.collect()
}

fn against(card: &AccountCard, l: &Locale) -> Vec<Finding> {
    let own =
        card.against.iter().map(|one| (l.word("account-against", one.reason), one.verdict, &one.numbers));
    let group = card
        .explanations
        .iter()
        .map(|one| (l.word("explanation", one.explanation.name()), one.verdict.as_ref(), &one.numbers));
    let mut found: Vec<(bool, Finding)> = own
        .chain(group)
        .map(|(name, verdict, numbers)| {
            let holds = verdict == "holds";
            let badge = (l.word("verdict", verdict), if holds { "warning" } else { "plain" });
            (holds, Finding { name, badge, numbers: told::numbers(numbers, l) })
        })
        .collect();
    // What was found comes first.
    found.sort_by_key(|(holds, _)| !holds);
    found.into_iter().map(|(_, finding)| finding).collect()
}

#[derive(Template)]
#[template(path = "coordination/account.html")]
struct Card<'a> {
    page: &'a Page,
    l: &'a Locale,
    list: &'static str,
    group: String,
    files: String,
    author: String,
    posts_href: String,
    word: Word,
    lead: String,
    /// On which clock the card tells times.
    clock: String,
    facts: Vec<(String, Option<String>)>,
    near: String,
    pairs: Vec<PairBox>,
    pairs_more: Vec<PairBox>,
    pairs_title: String,
    pairs_left_out: Option<String>,
    partners: Vec<PartnerRow>,
    partners_more: Vec<PartnerRow>,
    partners_title: String,
    partners_left_out: Option<String>,
    charts: [ChartFrame; 2],
    handles: Option<String>,
    parts: Vec<String>,
    signs: Vec<Finding>,
    signs_total: Option<String>,
    not_known: Option<String>,
    against: Vec<Finding>,
    objects: Vec<ObjectRow>,
    objects_more: Vec<ObjectRow>,
    objects_title: String,
    objects_left_out: Option<String>,
    earlier: Vec<Row>,
    verdict: Vec<String>,
    may_take: bool,
    method: String,
    printed: String,
}

fn facts(card: &AccountCard, l: &Locale) -> Vec<(String, Option<String>)> {
    let member = &card.member;
    let created = member.created_at.as_deref().and_then(|text| Timestamp::parse(text).ok());
    let count = |value: u64| Some(l.integer(value));
    let place = [("place", l.integer(card.place).into()), ("all", l.integer(card.members).into())];
    [
        ("group-created-head", created.map(|at| l.date(at))),
        ("group-followers", member.followers.map(|followers| l.integer(followers))),
        ("group-posts", count(member.posts)),
        ("account-joint-posts", count(member.joint_posts)),
        ("account-partners", count(card.partners_count)),
        ("account-place", Some(l.text_with("account-place-of", &place))),
    ]
    .into_iter()
    .map(|(key, value)| (l.text(key), value))
    .collect()
}

fn near(card: &AccountCard, l: &Locale) -> String {
    let Some(median) = card.near.median_s else { return l.text("account-near-none") };
    let median = l.duration(i64::from(median) * 1_000);
    l.text_with(
        "account-near-says",
        &[
            ("within", l.integer(card.near.within).into()),
            ("posts", l.count("unit-posts", card.near.posts).into()),
            ("median", median.into()),
        ],
    )
}

/// What would take the account out of the group, or change the word of it.
fn verdict(card: &AccountCard, l: &Locale) -> Vec<String> {
    let partners = l.integer(card.partners_count);
    vec![
        l.text_with("account-verdict-partners", &[("partners", partners.into())]),
        l.text("account-verdict-against"),
        l.text_with("account-verdict-group", &[("word", l.word("strength", card.strength.name()).into())]),
        l.text("account-verdict-signs"),
    ]
}

fn card<'a>(page: &'a Page, name: &str, visit: &'a Visit, card: &AccountCard, now: Timestamp) -> Card<'a> {
    let l = &visit.l;
    let member = &card.member;
    let (pairs, pairs_more) =
        group::split(card.posts.iter().map(|post| pair_box(card, name, post, l)).collect(), POSTS_OPEN);
    let (partners, partners_more) = group::split(
        card.partners.iter().map(|partner| partner_row(&card.group, partner, l)).collect(),
        PARTNERS_OPEN,
    );
    // Those that have a name first: of the others only the hour is known.
    let (named, unnamed): (Vec<_>, Vec<_>) =
        card.objects.iter().partition(|object| object.trace != Trace::Synchrony);
    let open = named.len().min(OBJECTS_OPEN);
    let rows = named.into_iter().chain(unnamed).map(|object| object_row(object, l));
    let (objects, objects_more) = group::split(rows.collect(), open);
    let left_out = |key: &str, count: u64| (count > 0).then(|| l.count(key, count));
    let shown: std::collections::BTreeSet<&str> =
        card.partners.iter().map(|partner| partner.account.as_str()).collect();
    let method =
        [("name", METHOD.into()), ("version", METHOD_VERSION.into()), ("id", card.group.as_str().into())];
    let listed = |words: Vec<String>| (!words.is_empty()).then(|| words.join(", "));
    let not_known = member.signs.not_known.iter().map(|sign| l.word("account-sign", sign)).collect();
    let handles: Vec<String> = member.handles.iter().map(|handle| plain_line(handle)).collect();
    let newest = card.posts.first().map(|post| post.time);
    Card {
        page,
        l,
        list: PATH,
        group: group_href(&card.group),
        files: format!("{}/files", member_href(&card.group, &member.account)),
        author: author_href(&member.account),
        posts_href: told::posts_href(&told::by_accounts([member.account.as_str()]).0, "", ""),
        word: Word::of(card.strength, l),
        lead: l.text_with("account-lead", &[("accounts", l.count("unit-accounts", card.members).into())]),
        clock: charted::on_clock("group-clock", l),
        facts: facts(card, l),
        near: near(card, l),
        pairs_title: l.count("account-posts-more", pairs_more.len() as u64),
        pairs,
        pairs_more,
        pairs_left_out: left_out("account-posts-left-out", card.posts_left_out),
        partners_title: l.count("account-partners-more", partners_more.len() as u64),
        partners,
        partners_more,
        partners_left_out: left_out(
            "account-partners-left-out",
            card.partners_count.saturating_sub(shown.len() as u64),
        ),
        charts: [
            charted::over_time(["account-days", "account-timeline"], &card.hourly, &card.days, l),
            charted::by_hour("account-hours", &member.hours, newest, l),
        ],
        handles: (handles.len() > 1).then(|| handles.join(" → ")),
        parts: member.signs.takes_part.iter().map(|part| l.word("account-part", part)).collect(),
        signs: signs(card, l),
        signs_total: (!member.signs.found.is_empty()).then(|| {
            l.text_with("account-signs-total", &[("total", l.decimal(member.signs.total, 1).into())])
        }),
        not_known: listed(not_known),
        against: against(card, l),
        objects_title: l.count("account-objects-more", objects_more.len() as u64),
        objects,
        objects_more,
        objects_left_out: left_out("group-objects-more", card.objects_left_out),
        earlier: earlier::rows(&card.earlier, l),
        verdict: verdict(card, l),
        may_take: visit.actor.may(Permission::Export),
        method: l.text_with("group-method", &method),
        printed: group::printed(visit, now),
    }
}

async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path((id, account)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let told = work(move || workspace.coordinated_account(&actor, &id, &account)).await?;
    let l = &visit.l;
    let name = group::label_of(&told.member);
    let page =
        visit.page(l.text_with("account-title", &[("name", name.as_str().into())]), Some(Room::Coordination));
    shown(&card(&page, &name, &visit, &told, front.app.now()))
}
