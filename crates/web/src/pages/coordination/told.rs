//! Findings in the reader's words: how sure, what a group does, each number
//! beside its limit.
//!
//! In: views of the work room. Out: texts for templates. A word never claims
//! more than the evidence: accounts act in a coordinated way, they are not
//! called fake. What is not known is said so.

use crate::components::{plain_line, plain_text};
use crate::front::url_escape;
use crate::locale::Locale;
use crate::pages::addresses::address;
use crate::pages::cards::author_href;
use ::app::coordination::{BehaviourView, DecisionView, GroupReport, NumberView, account_address};
use model::{GroupDecision, Strength};

/// Longest expression that a link holds, bytes; more accounts are left out of it.
pub const EXPRESSION_BYTES_MAX: usize = 3_000;
/// Below this a chance is not told more exactly.
const CHANCE_MIN: f64 = 1e-12;
/// From this on a chance is told as a percentage.
const CHANCE_AS_SHARE: f64 = 0.05;

/// A word of the ladder with the kind of its badge.
#[derive(Debug, Clone)]
pub struct Word {
    /// The word.
    pub text: String,
    /// The kind of the badge.
    pub kind: &'static str,
}

impl Word {
    /// The word of a strength.
    pub fn of(strength: Strength, l: &Locale) -> Self {
        let kind = match strength {
            Strength::VeryLikely => "danger",
            Strength::Likely => "warning",
            Strength::Possible | Strength::WeakSignal => "plain",
        };
        Self { text: l.word("strength", strength.name()), kind }
    }
}

/// The sentence at the head of a group.
pub fn headline(report: &GroupReport, l: &Locale) -> String {
    let accounts = l.count("unit-accounts", report.members.len() as u64);
    l.text_with(&format!("strength-says-{}", report.strength.name()), &[("accounts", accounts.into())])
}

/// A behaviour in words.
pub struct BehaviourBox {
    /// How sure.
    pub word: Word,
    /// What such accounts are called.
    pub name: String,
    /// What they do, and to whom.
    pub does: String,
    /// The numbers of its rule.
    pub numbers: Vec<NumberRow>,
}

/// A behaviour in words.
pub fn behaviour(view: &BehaviourView, l: &Locale) -> BehaviourBox {
    let name = view.behaviour.name();
    let toward: Vec<String> = view.toward.iter().map(|account| plain_line(account)).collect();
    let does = if toward.is_empty() {
        l.word("behaviour-alone", name)
    } else {
        l.text_with(&format!("behaviour-does-{name}"), &[("toward", toward.join(", ").into())])
    };
    BehaviourBox {
        word: Word::of(view.strength, l),
        name: l.word("behaviour", name),
        does,
        numbers: numbers(&view.numbers, l),
    }
}

/// A number of a rule beside what is asked of it.
pub struct NumberRow {
    /// What it is.
    pub fact: String,
    /// The number; `None` when it is not known.
    pub value: Option<String>,
    /// What is asked.
    pub limit: Option<String>,
    /// The end of the key `group-met-…`.
    pub met: &'static str,
}

/// Numbers of a rule.
pub fn numbers(views: &[NumberView], l: &Locale) -> Vec<NumberRow> {
    views.iter().map(|view| number(view, l)).collect()
}

fn number(view: &NumberView, l: &Locale) -> NumberRow {
    let form = Form::of(&view.fact);
    let asked = |key: &str, limit: f64| l.text_with(key, &[("limit", form.told(limit, l).into())]);
    let at_least = view.at_least.map(|limit| asked("group-at-least", limit));
    let limit = at_least.or_else(|| view.at_most.map(|limit| asked("group-at-most", limit)));
    let met = match (limit.is_some(), view.value.and(view.met)) {
        (false, _) => "shown",
        (true, Some(true)) => "met",
        (true, Some(false)) => "unmet",
        (true, None) => "unknown",
    };
    NumberRow {
        fact: l.word("fact", &view.fact),
        value: view.value.map(|value| form.told(value, l)),
        limit,
        met,
    }
}

/// How a fact is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Count,
    Share,
    Chance,
    LogChance,
    Times,
    Ratio,
    Days,
    Hours,
    YesNo,
}

impl Form {
    fn of(fact: &str) -> Self {
        match fact {
            "confirmation_p" => Self::Chance,
            "insult_ratio" | "topic_volume_ratio" | "same_second_ratio" => Self::Times,
            "insult_rate_low" | "mutual_links" | "collapsed_audience" | "same_members" | "same_objects"
            | "same_names" | "same_aims" => Self::Share,
            "answers_per_reply"
            | "organic_per_member"
            | "organic_carriers"
            | "follow_gini"
            | "handle_surprise"
            | "following_per_follower"
            | "posts_per_day"
            | "interval_entropy" => Self::Ratio,
            "age_days" | "days_spanned" => Self::Days,
            "quiet_hours" => Self::Hours,
            "default_avatar" | "account_declared" => Self::YesNo,
            _ if fact.ends_with("_ln_p") => Self::LogChance,
            _ if fact.ends_with("_share") || fact.starts_with("share_") => Self::Share,
            _ => Self::Count,
        }
    }

    fn told(self, value: f64, l: &Locale) -> String {
        let whole = |value: f64| l.decimal(value, usize::from(value.fract() != 0.0));
        match self {
            Self::Count => whole(value),
            Self::Share => l.percent(value, 0),
            Self::Chance => chance(value, l),
            Self::LogChance => chance(value.exp(), l),
            Self::Times => l.text_with("fact-times", &[("value", l.decimal(value, 1).into())]),
            Self::Ratio => l.decimal(value, if value.fract() == 0.0 { 0 } else { 2 }),
            Self::Days => l.text_with("fact-days", &[("count", value.round().into())]),
            Self::Hours => l.text_with("fact-hours", &[("value", whole(value).into())]),
            Self::YesNo => l.text(if value > 0.0 { "fact-yes" } else { "fact-no" }),
        }
    }
}

/// One in so many, to two digits.
fn one_in(p: f64, l: &Locale) -> String {
    let inverse = 1.0 / p.max(CHANCE_MIN);
    let unit = 10_f64.powf((inverse.log10().floor() - 1.0).max(0.0));
    l.decimal((inverse / unit).round() * unit, 0)
}

/// A chance: `1 entre 2,000`, or a percentage where that says more.
pub fn chance(p: f64, l: &Locale) -> String {
    if p >= CHANCE_AS_SHARE {
        return l.percent(p.min(1.0), 0);
    }
    let key = if p < CHANCE_MIN { "fact-chance-below" } else { "fact-chance" };
    l.text_with(key, &[("count", one_in(p, l).into())])
}

/// The sentence of a group's own chance.
pub fn chance_sentence(p: f64, l: &Locale) -> String {
    let told = if p >= CHANCE_AS_SHARE {
        l.text_with("group-p-often", &[("share", l.percent(p.min(1.0), 0).into())])
    } else {
        let key = if p < CHANCE_MIN { "group-p-rarest" } else { "group-p-rare" };
        l.text_with(key, &[("count", one_in(p, l).into())])
    };
    l.text_with("group-p", &[("chance", told.into())])
}

/// What holds the word of a group down, in words.
pub struct HeldBox {
    /// The word that it leaves, and the one that there would be without it.
    pub says: String,
    /// What does, and what would lift it.
    pub by: Vec<String>,
    /// What is measured of it.
    pub numbers: Vec<NumberRow>,
}

/// What holds the word of a group down; `None` when nothing does.
pub fn held(report: &GroupReport, l: &Locale) -> Option<HeldBox> {
    let view = report.held_back.as_ref()?;
    let word = |strength: Strength| l.word("strength", strength.name());
    let key = if view.otherwise > view.at_most { "group-held-says" } else { "group-held-says-same" };
    let words = [("word", word(view.at_most).into()), ("otherwise", word(view.otherwise).into())];
    let found = report.explanations.iter().filter(|one| one.verdict == "holds");
    let found: Vec<String> = found.map(|one| l.word("explanation", one.explanation.name())).collect();
    let names = [("explanations", found.join("; ").into())];
    Some(HeldBox {
        says: l.text_with(key, &words),
        by: view.by.iter().map(|one| l.text_with(&format!("held-back-{}", one.name()), &names)).collect(),
        numbers: numbers(&view.numbers, l),
    })
}

/// A decision with its signature.
pub struct Signed {
    /// What was decided, in a word.
    pub short: String,
    /// The whole: what, by whom, when.
    pub text: String,
    /// Why.
    pub note: String,
    /// The kind of the badge.
    pub kind: &'static str,
}

/// A decision in words.
pub fn signed(view: &DecisionView, l: &Locale) -> Signed {
    let name = view.decision.name();
    let kind = match view.decision {
        GroupDecision::Confirmed => "danger",
        GroupDecision::Dismissed => "ok",
        GroupDecision::Watch => "warning",
    };
    let text = l.text_with(
        "decision-signed",
        &[
            ("decision", l.word("decision", name).into()),
            ("by", plain_line(&view.by).into()),
            ("when", l.date_time(view.at).into()),
        ],
    );
    Signed { short: l.word("decision-short", name), text, note: plain_text(&view.note), kind }
}

/// The page of an account named `network:native_id` or `@handle`; a handle
/// alone leads to the explorer.
pub fn account_href(account: &str) -> String {
    match account.strip_prefix('@') {
        Some(_) => posts_href(&by_accounts([account]).0, "", ""),
        None => author_href(account),
    }
}

/// The expression of the posts of some accounts, and how many of them fit in.
pub fn by_accounts<'a>(accounts: impl IntoIterator<Item = &'a str>) -> (String, usize) {
    let mut expression = String::new();
    let mut fitting = 0;
    for account in accounts {
        let name = account.strip_prefix('@').unwrap_or(account);
        // A quote would end the name; no network has one in a name.
        let part = format!("author:\"{}\"", name.replace(['"', '\\'], ""));
        if expression.len() + part.len() > EXPRESSION_BYTES_MAX {
            break;
        }
        if fitting > 0 {
            expression.push_str(" OR ");
        }
        expression.push_str(&part);
        fitting += 1;
    }
    (expression, fitting)
}

/// The explorer with an expression, between two days of UTC where given.
pub fn posts_href(expression: &str, since: &str, until: &str) -> String {
    let day = |name: &str, day: &str| if day.is_empty() { String::new() } else { format!(" {name}:{day}") };
    let bounded = format!("({expression}){}{}", day("since", since), day("until", until));
    address("/explorer", &[("q", &bounded), ("period", "all")])
}

/// The page of a group.
pub fn group_href(id: &str) -> String {
    format!("{}/groups/{}", super::PATH, url_escape(id))
}

/// The card of a member of a group: an address that any account fits in.
pub fn member_href(group: &str, account: &str) -> String {
    format!("{}/accounts/{}", group_href(group), account_address(account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};
    use ::app::coordination::HeldBack;
    use model::{Behaviour, Explanation, Trace};

    const FACTS: &str = include_str!("../../../../analysis/src/coordination/measured.rs");
    const SIGNS: &str = include_str!("../../../../analysis/src/coordination/accounts.rs");
    /// Numbers that only cards have.
    const ACCOUNT_FACTS: [&str; 7] = [
        "own_posts",
        "own_posts_share",
        "account_declared",
        "habit_share",
        "apart_share",
        "partners",
        "beyond_habit_share",
    ];

    fn both() -> [Locale; 2] {
        Language::ALL.map(|language| Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC))
    }

    #[test]
    fn every_word_of_coordination_has_a_text() {
        for l in both() {
            let mut words: Vec<String> = Vec::new();
            for strength in Strength::ALL {
                words.extend(["strength", "strength-says"].map(|prefix| l.word(prefix, strength.name())));
            }
            for behaviour in Behaviour::ALL {
                let prefixes = ["behaviour", "behaviour-does", "behaviour-alone"];
                words.extend(prefixes.map(|prefix| l.word(prefix, behaviour.name())));
            }
            for trace in Trace::ALL {
                words.extend(["trace", "trace-short"].map(|prefix| l.word(prefix, trace.name())));
            }
            words.extend(Explanation::ALL.map(|explanation| l.word("explanation", explanation.name())));
            for decision in GroupDecision::ALL {
                words.extend(["decision", "decision-short"].map(|prefix| l.word(prefix, decision.name())));
            }
            words.extend(HeldBack::ALL.map(|one| l.word("held-back", one.name())));
            words.extend(["holds", "fails", "not_known"].map(|verdict| l.word("verdict", verdict)));
            words.extend(
                ["too_few", "own_circle", "mixed", "audience"].map(|circle| l.word("circle", circle)),
            );
            let parts = ["created", "returned", "look_alikes", "renamed", "passed"];
            words.extend(parts.map(|part| l.word("account-part", part)));
            let against = ["own_life", "declared", "habit", "apart", "few_partners", "old"];
            words.extend(against.map(|reason| l.word("account-against", reason)));
            let named =
                |line: &str| Some(line.trim().strip_suffix("\",")?.split_once(" => \"")?.1.to_owned());
            let signs: Vec<String> = SIGNS.lines().filter_map(named).collect();
            assert_eq!(signs.len(), 11, "{signs:?}");
            words.extend(signs.iter().map(|sign| l.word("account-sign", sign)));
            let classes = ["organic", "coordinated", "inactive", "unknown"];
            words.extend(classes.map(|class| l.word("engager", class)));
            words.extend(classes.map(|class| l.word("engager-means", class)));
            assert!(words.iter().all(|word| !word.contains('⟦')), "{words:?}");
        }
    }

    #[test]
    fn every_fact_has_a_text_and_a_form() {
        let names: Vec<&str> = FACTS
            .lines()
            .filter_map(|line| line.trim().strip_suffix("\";")?.split_once(" = \"").map(|(_, name)| name))
            .collect();
        assert!(names.len() > 40, "{names:?}");
        let names: Vec<&str> = names.into_iter().chain(ACCOUNT_FACTS).collect();
        for l in both() {
            for name in &names {
                let text = l.word("fact", name);
                assert!(!text.contains('⟦'), "{text}");
                assert!(!Form::of(name).told(0.5, &l).is_empty());
            }
        }
        let [es, _] = both();
        assert_eq!(Form::of("message_ln_p").told(-6.907_755, &es), "1 entre 1,000");
        assert_eq!(Form::of("share_to_targets").told(0.7, &es), "70\u{a0}%");
        assert_eq!(Form::of("replies").told(12.0, &es), "12");
    }

    #[test]
    fn a_number_stands_beside_its_limit_and_missing_is_not_zero() {
        let [es, _] = both();
        let view =
            |value, at_least, met| NumberView { fact: "insults".into(), value, at_least, at_most: None, met };
        let row = number(&view(Some(7.0), Some(5.0), Some(true)), &es);
        assert_eq!(
            (row.value.as_deref(), row.limit.as_deref(), row.met),
            (Some("7"), Some("5 o más"), "met")
        );
        let row = number(&view(None, Some(5.0), None), &es);
        assert_eq!((row.value, row.met), (None, "unknown"));
        assert_eq!(number(&view(Some(7.0), None, Some(true)), &es).met, "shown");
    }

    #[test]
    fn chances_are_told_in_words_that_do_not_overstate() {
        let [es, _] = both();
        assert_eq!(chance(0.000_512, &es), "1 entre 2,000");
        assert_eq!(chance(0.2, &es), "20\u{a0}%");
        assert_eq!(chance(1e-30, &es), "menos de 1 entre 1,000,000,000,000");
        assert!(chance_sentence(0.01, &es).contains("una vez entre 100,"));
    }

    #[test]
    fn links_hold_hostile_names_and_stay_short() {
        assert_eq!(by_accounts(["@ana", "x:1\" OR *"]).0, "author:\"ana\" OR author:\"x:1 OR *\"");
        let many: Vec<String> = (0..1_000).map(|n| format!("mastodon:{n}")).collect();
        let (expression, fitting) = by_accounts(many.iter().map(String::as_str));
        assert!(fitting > 50 && fitting < 1_000 && expression.len() < EXPRESSION_BYTES_MAX + 4 * fitting);
        assert_eq!(
            posts_href("author:\"ana\"", "2026-03-01", ""),
            "/explorer?q=%28author%3A%22ana%22%29%20since%3A2026-03-01&period=all"
        );
    }
}
