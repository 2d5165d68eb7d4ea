//! The evidence of a group, part by part: moments, traces, signs, objects,
//! messages, earlier groups.
//!
//! In: the report of a group. Out: boxes and rows for the card. Errors: none.
//! What others wrote is cut to a line; only web addresses lead away.

use super::told::{self, Signed};
use super::{charted, group};
use crate::charts::Drawing;
use crate::charts::beside::{observed_expected, strip};
use crate::components::post_card::{OutwardLink, outward};
use crate::components::{ChartFrame, plain_line};
use crate::locale::Locale;
use ::app::coordination::{GroupReport, KnownGroup, MessageView, Moment, TraceView};
use model::{Doubt, LeftOut, Timestamp, Trace};
use std::collections::BTreeSet;

/// An instant that the report writes as text.
fn instant(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).ok()
}

/// One post of a moment.
pub struct MomentPost {
    /// Seconds after the first.
    pub after: String,
    /// Author.
    pub account: String,
    /// The author's card in the group.
    pub href: String,
    /// When.
    pub when: String,
    /// For machines.
    pub machine: String,
    /// The beginning of its text.
    pub text: String,
}

/// One moment.
pub struct MomentBox {
    /// What they did together.
    pub trace: String,
    /// On what.
    pub object: String,
    /// Who within what time.
    pub says: String,
    /// What others did.
    pub others: String,
    /// When each acted, as a picture.
    pub strip: Drawing,
    /// The words of all of them, when they are the same to the letter.
    pub same_text: Option<String>,
    /// The posts.
    pub posts: Vec<MomentPost>,
    /// The posts in the explorer.
    pub href: String,
}

/// The moments, the densest first; posts that stand there once are not shown
/// again as having been made in the same minutes.
pub fn moments(report: &GroupReport, l: &Locale) -> Vec<MomentBox> {
    let ids = |moment: &Moment| moment.posts.iter().map(|post| post.id.clone()).collect::<BTreeSet<_>>();
    let on_object = report.moments.iter().filter(|moment| moment.trace != Trace::Synchrony);
    let shown: Vec<BTreeSet<String>> = on_object.map(ids).collect();
    let is_new = |moment: &&Moment| {
        moment.trace != Trace::Synchrony || !shown.iter().any(|known| ids(moment).is_subset(known))
    };
    report.moments.iter().filter(is_new).map(|moment| moment_box(report, moment, l)).collect()
}

/// The name of an object; moments of activity have only a number.
pub(super) fn object_of(trace: Trace, object: &str) -> String {
    if trace == Trace::Synchrony { String::new() } else { plain_line(object) }
}

/// Date and time to the second.
pub(super) fn to_the_second(at: Timestamp, l: &Locale) -> String {
    format!("{}:{:02}", l.date_time(at), at.millis().div_euclid(1_000).rem_euclid(60))
}

fn moment_box(report: &GroupReport, moment: &Moment, l: &Locale) -> MomentBox {
    let accounts = l.count("unit-accounts", u64::from(moment.members));
    let says = if moment.seconds == 0 {
        l.text_with("group-moment-all-at-once", &[("accounts", accounts.into())])
    } else {
        let span = l.duration(i64::from(moment.seconds) * 1_000);
        l.text_with("group-moment-says", &[("accounts", accounts.into()), ("span", span.into())])
    };
    let days: Vec<&str> = moment.posts.iter().filter_map(|post| post.time.get(..10)).collect();
    let authors = moment.posts.iter().map(|post| post.account.as_str());
    let (expression, _) = told::by_accounts(authors);
    let after: Vec<u32> = moment.posts.iter().map(|post| post.after_s).collect();
    let first = moment.posts.first().map(|post| plain_line(&post.text)).unwrap_or_default();
    let is_same = !first.is_empty()
        && moment.posts.len() > 1
        && moment.posts.iter().all(|post| plain_line(&post.text) == first);
    MomentBox {
        trace: l.word("trace", moment.trace.name()),
        // What a text is called are the words of its first copy: these posts may be edited ones.
        object: if moment.trace == Trace::CoText {
            String::new()
        } else {
            object_of(moment.trace, &moment.object)
        },
        same_text: is_same.then_some(first),
        says,
        others: l.count("group-moment-others", u64::from(moment.others)),
        strip: strip(&after, moment.seconds),
        posts: moment
            .posts
            .iter()
            .enumerate()
            .map(|(place, post)| MomentPost {
                after: if place == 0 {
                    l.text("group-after-first")
                } else {
                    l.count("group-after", u64::from(post.after_s))
                },
                account: plain_line(&post.account),
                href: told::member_href(&report.id, &post.key),
                when: instant(&post.time).map_or_else(String::new, |at| to_the_second(at, l)),
                machine: post.time.clone(),
                text: plain_line(&post.text),
            })
            .collect(),
        href: told::posts_href(
            &expression,
            days.first().copied().unwrap_or_default(),
            days.last().copied().unwrap_or_default(),
        ),
    }
}

/// Observed against expected, of one trace.
pub struct TraceRow {
    /// The trace.
    pub name: String,
    /// Significant pairs.
    pub pairs: String,
    /// Where they met.
    pub together: String,
    /// As many were to be expected.
    pub expected: String,
    /// Both as bars.
    pub bars: Drawing,
    /// On data set apart: observed, expected, by chance.
    pub held: Option<(String, String, Drawing, String)>,
}

/// Observed against expected, by trace.
pub fn traces(report: &GroupReport, l: &Locale) -> Vec<TraceRow> {
    report.traces.iter().map(|view| trace_row(view, l)).collect()
}

#[allow(clippy::cast_precision_loss)] // Only for the eye; far below 2⁵³.
fn trace_row(view: &TraceView, l: &Locale) -> TraceRow {
    let number = |value: f64| l.decimal(value, if value < 10.0 { 1 } else { 0 });
    let together = view.together as f64;
    let bars = |observed: f64, expected: f64| observed_expected(observed, expected, observed.max(expected));
    let held = view.confirmed_observed.zip(view.confirmed_expected).zip(view.confirmed_p);
    TraceRow {
        name: l.word("trace-short", view.trace.name()),
        pairs: l.integer(view.pairs),
        together: l.integer(view.together),
        expected: number(view.expected),
        bars: bars(together, view.expected),
        held: held.map(|((observed, expected), p)| {
            (number(observed), number(expected), bars(observed, expected), told::chance(p, l))
        }),
    }
}

/// What the accounts share.
pub struct SignsBox {
    /// Nothing is known of them.
    pub unknown: bool,
    /// The signs, in sentences.
    pub signs: Vec<String>,
    /// Every account that had several handles, with them in the order of time.
    pub handles: Vec<(String, String, String)>,
}

/// The signs in the accounts themselves.
pub fn signs(report: &GroupReport, l: &Locale) -> SignsBox {
    let view = &report.signs;
    let accounts = |count: u32| l.count("unit-accounts", u64::from(count));
    let lined = |texts: &[String]| texts.iter().map(|text| plain_line(text)).collect::<Vec<_>>().join(" → ");
    // What luck explains as well is told, and told as such.
    let with_chance = |text: String, p: f64, counts: bool| {
        let key = if counts { "group-sign-chance" } else { "group-sign-by-chance" };
        format!("{text} {}", l.text_with(key, &[("chance", told::chance(p, l).into())]))
    };
    let mut signs = Vec::new();
    if let Some(burst) = &view.created {
        let text = l.text_with(
            "group-sign-created",
            &[
                ("members", accounts(burst.members).into()),
                ("span", l.text_with("fact-days", &[("count", burst.days.into())]).into()),
                ("date", l.date(charted::noon_of(burst.from_day, l)).into()),
                ("expected", l.decimal(burst.expected, 1).into()),
            ],
        );
        signs.push(with_chance(text, burst.p, burst.counts));
    }
    if let Some(back) = &view.returned {
        let date = l.date(charted::noon_of(back.from_day, l));
        let told = [("members", accounts(back.members).into()), ("date", date.into())];
        signs.push(with_chance(l.text_with("group-sign-returned", &told), back.p, back.counts));
    }
    for family in &view.look_alikes {
        let told = [
            ("members", accounts(family.members).into()),
            ("stem", plain_line(&family.stem).into()),
            ("expected", l.decimal(family.expected, 1).into()),
        ];
        signs.push(with_chance(l.text_with("group-sign-look-alikes", &told), family.p, true));
    }
    let called = |account: &String| {
        let member = report.members.iter().find(|member| member.account == *account);
        plain_line(member.map_or(account.as_str(), group::name_of))
    };
    for (account, handles) in &view.renamed {
        let told = [("name", called(account).into()), ("handles", lined(handles).into())];
        signs.push(l.text_with("group-sign-renamed", &told));
    }
    for (name, owners) in &view.passed {
        let owners: Vec<String> = owners.iter().map(called).collect();
        let told = [("name", plain_line(name).into()), ("handles", lined(&owners).into())];
        signs.push(l.text_with("group-sign-passed", &told));
    }
    let several = report.members.iter().filter(|member| member.handles.len() > 1);
    let handles = several.map(|member| {
        let href = told::member_href(&report.id, &member.account);
        (href, plain_line(group::name_of(member)), lined(&member.handles))
    });
    SignsBox { unknown: view.count.is_none() && signs.is_empty(), signs, handles: handles.collect() }
}

/// An object that several members acted on.
pub struct ObjectRow {
    /// The trace.
    pub trace: String,
    /// Its name.
    pub text: String,
    /// The address, when it is one of the web.
    pub link: Option<OutwardLink>,
    /// Members and others.
    pub counts: [String; 2],
}

/// What they share.
pub fn objects(report: &GroupReport, l: &Locale) -> Vec<ObjectRow> {
    let told = |view: &::app::coordination::ObjectView| ObjectRow {
        trace: l.word("trace-short", view.trace.name()),
        text: object_of(view.trace, &view.object),
        link: outward(&view.object),
        counts: [l.integer(u64::from(view.members)), l.integer(view.others)],
    };
    report.objects.iter().map(told).collect()
}

/// What became of a message.
pub struct MessageBox {
    /// The message.
    pub text: String,
    /// Its kind.
    pub trace: String,
    /// How far it came.
    pub circle: String,
    /// The kind of the badge.
    pub kind: &'static str,
    /// Interactions of the group and of others.
    pub counts: [String; 2],
    /// When it reached an audience.
    pub crossed: Option<String>,
    /// Accounts that are not counted as the audience, and why.
    pub left_out: Option<String>,
    /// Its way out; nothing is drawn of too few.
    pub charts: Vec<ChartFrame>,
    /// Who carried it: name, address, when, what came after.
    pub amplifiers: Vec<[String; 4]>,
}

/// Accounts outside that are not counted as the audience, and why; `None` when all are.
pub(in crate::pages) fn left_out(counts: &LeftOut, l: &Locale) -> Option<String> {
    let some = Doubt::ALL.into_iter().filter(|doubt| counts.count(*doubt) > 0);
    let parts: Vec<String> =
        some.map(|doubt| l.count(&format!("left-out-{}", doubt.name()), counts.count(doubt))).collect();
    let told =
        [("accounts", l.count("unit-accounts", counts.total()).into()), ("why", parts.join("; ").into())];
    (!parts.is_empty()).then(|| l.text_with("left-out-says", &told))
}

/// The messages and their way out.
pub fn messages(report: &GroupReport, l: &Locale) -> Vec<MessageBox> {
    report.messages.iter().enumerate().map(|(number, view)| message_box(number, view, l)).collect()
}

fn message_box(number: usize, view: &MessageView, l: &Locale) -> MessageBox {
    let when = |text: &str| instant(text).map_or_else(String::new, |at| l.date_time(at));
    let text = if view.text.is_empty() { &view.object } else { &view.text };
    let kind = match view.circle.as_ref() {
        "audience" => "danger",
        "mixed" => "warning",
        "own_circle" => "ok",
        _ => "plain",
    };
    let crossed = view.crossed_at.as_deref();
    MessageBox {
        text: plain_line(text),
        trace: l.word("trace-short", view.trace.name()),
        circle: l.word("circle", &view.circle),
        kind,
        counts: [l.integer(view.inside), l.integer(view.outside)],
        crossed: crossed.map(|at| l.text_with("group-message-crossed", &[("when", when(at).into())])),
        left_out: left_out(&view.left_out, l),
        charts: if view.circle == "too_few" { Vec::new() } else { charted::way_out(number, view, l).into() },
        amplifiers: view
            .amplifiers
            .iter()
            .map(|(name, at, after)| {
                [plain_line(name), told::account_href(name), when(at), l.integer(*after)]
            })
            .collect(),
    }
}

/// An earlier group that this one resembles.
pub struct EarlierBox {
    /// Its identifier.
    pub id: String,
    /// What is remembered of it.
    pub href: String,
    /// In which sense, and how much.
    pub says: String,
    /// What the team decided of it.
    pub decision: Option<Signed>,
}

/// Earlier groups that this one resembles.
pub fn earlier(group: &KnownGroup, l: &Locale) -> Vec<EarlierBox> {
    let told = |one: &::app::coordination::Resemblance| EarlierBox {
        id: one.id.clone(),
        href: told::group_href(&one.id),
        says: l.text_with(
            "group-earlier-says",
            &[
                ("likeness", l.word("likeness", one.likeness).into()),
                ("accounts", l.count("unit-accounts", one.shared_members).into()),
                ("score", l.decimal(one.score, 2).into()),
                ("when", l.date(one.seen_at).into()),
            ],
        ),
        decision: one.decision.as_ref().map(|view| told::signed(view, l)),
    };
    group.earlier.iter().map(told).collect()
}

/// What came since the run; `None` when nothing did.
pub fn since_run(group: &KnownGroup, l: &Locale) -> Option<String> {
    let live = &group.live;
    let anything = live.posts > 0 || live.outside > 0;
    anything.then(|| {
        let posts = l.count("unit-posts", live.posts);
        let outside = l.integer(live.outside);
        l.text_with("coordination-since-run", &[("posts", posts.into()), ("outside", outside.into())])
    })
}
