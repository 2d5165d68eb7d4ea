//! The shapes in which groups are told; what they hold is told in `report`.

use crate::coordination::detect::TraceReport;
use model::{Behaviour, Explanation, Strength, Trace};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What was found, told whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of the method.
    pub method: Cow<'static, str>,
    /// Version of the method; changes when an answer may change.
    pub method_version: u32,
    /// Posts looked at.
    pub posts: u64,
    /// Accounts seen.
    pub accounts: u64,
    /// Posts left out: no author or no time.
    pub left_out: u64,
    /// What each trace gave, and what was capped.
    pub traces: BTreeMap<Trace, TraceReport>,
    /// Groups, the strongest word first, then the largest.
    pub groups: Vec<GroupReport>,
    /// Groups that the data which did not suggest them did not confirm, count:
    /// not shown as groups.
    pub weak_signals: u64,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupReport {
    /// A name that the same members always get.
    pub id: String,
    /// How strongly the evidence speaks.
    pub strength: Strength,
    /// Probability of such joint timing by chance on data that did not suggest the group, all tries counted.
    pub p: f64,
    /// Share of the pairs of members that are tied, 0–1.
    pub density: f32,
    /// How much of the group is found again at other scales, 0–1.
    pub stability: f32,
    /// By trace: what ties it and what confirms it.
    pub traces: Vec<TraceView>,
    /// Accounts, the most central first.
    pub members: Vec<MemberView>,
    /// What it does; only what its rule bears out.
    pub behaviours: Vec<BehaviourView>,
    /// Behaviours that were examined and not borne out, with what was missing.
    pub not_shown: Vec<BehaviourView>,
    /// What else could explain it, found or not.
    pub explanations: Vec<ExplanationView>,
    /// What would change the word: the steps that are not reached.
    pub steps: Vec<StepView>,
    /// What the accounts themselves share.
    pub signs: SignsView,
    /// Joint moments, the most members within the least time first.
    pub moments: Vec<Moment>,
    /// Objects that several members acted on, most members first.
    pub objects: Vec<ObjectView>,
    /// Such objects that are not listed.
    pub objects_left_out: u64,
    /// Posts of members by hour of the day, UTC.
    pub hours: [u32; 24],
    /// Posts of members by day since 1970.
    pub days: Vec<(i32, u32)>,
    /// What became of its messages.
    pub messages: Vec<MessageView>,
}

/// What one trace says of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceView {
    /// The trace.
    pub trace: Trace,
    /// Significant pairs.
    pub pairs: u64,
    /// Objects on which these pairs met, summed.
    pub together: u64,
    /// As many were to be expected.
    pub expected: f64,
    /// The confirmation: pairs within one cell of time on objects that did not suggest the group.
    pub confirmed_observed: Option<f64>,
    /// As many were to be expected.
    pub confirmed_expected: Option<f64>,
    /// Probability of as many by chance.
    pub confirmed_p: Option<f64>,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberView {
    /// `network:native_id`, or the file's identifier.
    pub account: String,
    /// Newest handle.
    pub handle: Option<String>,
    /// Newest name.
    pub name: Option<String>,
    /// When the account was made.
    pub created_at: Option<String>,
    /// Followers, if known.
    pub followers: Option<u64>,
    /// Its posts among those looked at.
    pub posts: u64,
    /// Significant pairs it has in the group.
    pub pairs: u64,
    /// Every handle seen, in the order of time.
    pub handles: Vec<String>,
}

/// A behaviour, examined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BehaviourView {
    /// Which.
    pub behaviour: Behaviour,
    /// How strongly; never above what the group and the explanations leave.
    pub strength: Strength,
    /// Patrons or targets.
    pub toward: Vec<String>,
    /// Each number beside its limit.
    pub numbers: Vec<NumberView>,
}

/// An innocent explanation, examined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExplanationView {
    /// Which.
    pub explanation: Explanation,
    /// `holds`, `fails` or `not_known`.
    pub verdict: Cow<'static, str>,
    /// Each number beside its limit.
    pub numbers: Vec<NumberView>,
}

/// A step of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// The word it leads to.
    pub strength: Strength,
    /// What it asks.
    pub numbers: Vec<NumberView>,
}

/// A number of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberView {
    /// What it is.
    pub fact: Cow<'static, str>,
    /// The number; `None` when it is not known.
    pub value: Option<f64>,
    /// Asked: this or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Asked: this or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Whether it is as asked; `None` when it is not known or nothing is asked.
    pub met: Option<bool>,
}

/// What the accounts of a group share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct SignsView {
    /// Signs that count; `None` when nothing is known of the accounts.
    pub count: Option<u32>,
    /// First day (since 1970), days, members and expected members of a burst of creations.
    pub created: Option<(i32, i32, u32, f64)>,
    /// First day (since 1970) and members of a joint return from silence.
    pub returned: Option<(i32, u32)>,
    /// Look-alike handles: stem and members.
    pub look_alikes: Vec<(String, u32)>,
    /// Accounts that changed their handle often, with the handles.
    pub renamed: Vec<(String, Vec<String>)>,
    /// Handles that passed between accounts.
    pub passed: Vec<(String, Vec<String>)>,
}

/// Members on one object within one window of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The trace.
    pub trace: Trace,
    /// The object.
    pub object: String,
    /// Members in it.
    pub members: u32,
    /// Seconds between the first and the last.
    pub seconds: u32,
    /// Others on the object in the same window.
    pub others: u32,
    /// The posts, in order of time.
    pub posts: Vec<MomentPost>,
}

/// A post of a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MomentPost {
    /// `network:native_id`.
    pub id: String,
    /// Its author.
    pub account: String,
    /// When.
    pub time: String,
    /// Seconds after the first post of the moment.
    pub after_s: u32,
    /// The beginning of its text.
    pub text: String,
}

/// An object that several members acted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectView {
    /// The trace.
    pub trace: Trace,
    /// The object.
    pub object: String,
    /// Members that acted on it.
    pub members: u32,
    /// Others that did.
    pub others: u64,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    /// The trace.
    pub trace: Trace,
    /// The object.
    pub object: String,
    /// The beginning of its first text.
    pub text: String,
    /// How far it has come: a word of [`analysis::coordination::breakout::Circle`].
    pub circle: Cow<'static, str>,
    /// Interactions of members.
    pub inside: u64,
    /// Of others.
    pub outside: u64,
    /// When it reached an audience.
    pub crossed_at: Option<String>,
    /// Over time: beginning, members, others in that stretch, share from outside so far with its 95 % interval.
    pub curve: Vec<(String, u32, u32, [f64; 3])>,
    /// The first outside accounts that carried it, with the time and what came after them.
    pub amplifiers: Vec<(String, String, u64)>,
}
