//! What speaks against the part of an account in its group, found or not.
//!
//! In: what is known of the account and its acts. Out: [`AgainstView`]s, each
//! number beside its limit. Errors: none; what is not known is said so.
//! Limits: reasons to read its posts again; none of them is a proof either.

use crate::coordination::detect::parts::CORE;
use crate::coordination::report::facts::{OWN_POSTS_MIN, OWN_SHARE_MIN};
use crate::coordination::report::views::{MemberView, NumberView};
use crate::coordination::workspace::account::NearView;
use analysis::coordination::accounts::OLD_DAYS_MIN;
use model::Timestamp;
use serde::Serialize;

/// Share of the pairs that the accounts' own delays explain, or of joint posts
/// with nobody near, from which it speaks against the account's part.
const AGAINST_SHARE: f64 = 0.5;

/// What would speak against the part of an account in its group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgainstView {
    /// `own_life`, `declared`, `habit`, `apart`, `few_partners`, `old`.
    pub reason: &'static str,
    /// `holds`, `fails` or `not_known`.
    pub verdict: &'static str,
    /// Each number beside its limit.
    pub numbers: Vec<NumberView>,
}

/// A number that is asked to be this or more, or this or less.
fn number(fact: &'static str, value: Option<f64>, at_least: Option<f64>, at_most: Option<f64>) -> NumberView {
    let met = value.map(|value| {
        at_least.is_none_or(|limit| value >= limit) && at_most.is_none_or(|limit| value <= limit)
    });
    NumberView { fact: fact.into(), value, at_least, at_most, met }
}

/// Looks for every reason, in a fixed order.
pub(crate) fn against(
    member: &MemberView,
    near: &NearView,
    partners: u64,
    habit_share: Option<f64>,
    run_at: Timestamp,
) -> Vec<AgainstView> {
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let own = member.posts.saturating_sub(member.joint_posts);
    let made = member.created_at.as_deref().and_then(|text| Timestamp::parse(text).ok());
    let age = made.map(|at| (run_at.millis() - at.millis()).div_euclid(86_400_000) as f64);
    let declared = member.declared.map(|declared| if declared { 1.0 } else { 0.0 });
    let reasons = [
        (
            "own_life",
            vec![
                number("own_posts", Some(own as f64), Some(OWN_POSTS_MIN as f64), None),
                number("own_posts_share", share(own, member.posts), Some(OWN_SHARE_MIN), None),
            ],
        ),
        ("declared", vec![number("account_declared", declared, Some(1.0), None)]),
        ("habit", vec![number("habit_share", habit_share, Some(AGAINST_SHARE), None)]),
        (
            "apart",
            vec![number(
                "apart_share",
                share(near.posts - near.within, near.posts),
                Some(AGAINST_SHARE),
                None,
            )],
        ),
        ("few_partners", vec![number("partners", Some(partners as f64), None, Some(f64::from(CORE)))]),
        ("old", vec![number("age_days", age, Some(OLD_DAYS_MIN), None)]),
    ];
    reasons
        .into_iter()
        .map(|(reason, numbers)| {
            let verdict = if numbers.iter().any(|number| number.met == Some(false)) {
                "fails"
            } else if numbers.iter().any(|number| number.met.is_none()) {
                "not_known"
            } else {
                "holds"
            };
            AgainstView { reason, verdict, numbers }
        })
        .collect()
}
