//! The shapes in which groups are told; what they hold is told in `report`.

use crate::coordination::detect::TraceReport;
use model::{Behaviour, Explanation, LeftOut, Strength, Timestamp, Trace};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An instant as text, RFC 3339 in UTC.
pub(crate) fn as_text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

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
    /// Newest texts with which each was compared; 0 when it is not known.
    #[serde(default)]
    pub texts_compared: u64,
    /// Texts that came when there were more before them: copies of older ones
    /// were not looked for.
    #[serde(default)]
    pub texts_beyond: u64,
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
    /// What suggested it: `timing`, `kin` or `choice`, as in [`crate::coordination::Basis`].
    pub basis: Cow<'static, str>,
    /// Probability of such joint timing by chance on data that did not suggest the group, all tries counted.
    pub p: f64,
    /// Share of the pairs of members that are tied, 0–1.
    pub density: f32,
    /// How much of the group is found again at other scales, 0–1; of one that
    /// its accounts suggested, in both halves of what they did.
    pub stability: f32,
    /// By trace: what ties it and what confirms it.
    pub traces: Vec<TraceView>,
    /// Accounts, the most central first.
    pub members: Vec<MemberView>,
    /// Accounts that its members copy: sources or victims, not members and not accused.
    #[serde(default)]
    pub copied: Vec<CopiedView>,
    /// What it does; only what its rule bears out.
    pub behaviours: Vec<BehaviourView>,
    /// Behaviours that were examined and not borne out, with what was missing.
    pub not_shown: Vec<BehaviourView>,
    /// What else could explain it, found or not.
    pub explanations: Vec<ExplanationView>,
    /// What holds the word down whatever else is found; `None` when nothing does.
    #[serde(default)]
    pub held_back: Option<HeldBackView>,
    /// What would change the word: the steps that are not reached and not held back.
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
    /// Posts of members by day since 1970, UTC.
    pub days: Vec<(i32, u32)>,
    /// Posts of members by hour since 1970, those without any left out.
    #[serde(default)]
    pub hourly: Vec<(u32, u32)>,
    /// What became of its messages.
    pub messages: Vec<MessageView>,
}

/// What one trace says of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceView {
    /// The trace.
    pub trace: Trace,
    /// Pairs of members that it ties.
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
    /// Other members that it is tied to.
    pub pairs: u64,
    /// Every handle seen, in the order of time.
    pub handles: Vec<String>,
    /// Its posts by hour of the day, UTC.
    pub hours: [u32; 24],
    /// Its posts on objects on which another member acted too.
    pub joint_posts: u64,
    /// It says that it is automated, an outlet or a desk; `None` when nothing is known of it.
    pub declared: Option<bool>,
    /// Signs in the account itself.
    pub signs: MemberSigns,
}

/// Signs in one account: they describe it, and never make a group or raise its word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct MemberSigns {
    /// Those found.
    pub found: Vec<MemberSign>,
    /// Those of which nothing is known: words of [`analysis::coordination::accounts::AccountSign`].
    pub not_known: Vec<Cow<'static, str>>,
    /// Sum of the log-odds, cut at ±[`analysis::coordination::accounts::TOTAL_LOG_ODDS_MAX`].
    pub total: f64,
    /// Signs of the group that it takes part in: `created`, `returned`, `look_alikes`, `renamed`, `passed`.
    pub takes_part: Vec<Cow<'static, str>>,
}

/// A sign found in one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberSign {
    /// A word of [`analysis::coordination::accounts::AccountSign`].
    pub sign: Cow<'static, str>,
    /// What it adds to the logarithm of the odds; below zero it speaks for the account.
    pub log_odds: f64,
    /// Each number beside its limit.
    pub numbers: Vec<NumberView>,
}

/// An account that members act right after, as anybody can do to anybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopiedView {
    /// `network:native_id`, or the file's identifier.
    pub account: String,
    /// Newest handle.
    pub handle: Option<String>,
    /// Members that do.
    pub members: u32,
    /// Times that it was there before one of them.
    pub first: u32,
    /// Times that it came after.
    pub after: u32,
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

/// What holds the word of a group down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldBackView {
    /// The strongest word that it leaves.
    pub at_most: Strength,
    /// What does; all of it would have to go.
    pub by: Vec<HeldBack>,
    /// The word of the evidence without it.
    pub otherwise: Strength,
    /// What is measured of it, each number beside the limit that would lift it.
    pub numbers: Vec<NumberView>,
}

/// What can hold the word of a group down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBack {
    /// Each account's own habit explains the meetings.
    Habit,
    /// Something else than the timing suggested the group.
    Basis,
    /// An innocent explanation was found.
    Explanation,
}

impl HeldBack {
    /// Everything that can.
    pub const ALL: [Self; 3] = [Self::Habit, Self::Basis, Self::Explanation];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Habit => "habit",
            Self::Basis => "basis",
            Self::Explanation => "explanation",
        }
    }
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
    /// Created within few days.
    pub created: Option<BurstView>,
    /// Back from a long silence together.
    pub returned: Option<ReturnView>,
    /// Look-alike handles.
    pub look_alikes: Vec<FamilyView>,
    /// Accounts that changed their handle often, with the handles.
    pub renamed: Vec<(String, Vec<String>)>,
    /// Handles that passed between accounts.
    pub passed: Vec<(String, Vec<String>)>,
}

/// Members whose accounts were created within few days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BurstView {
    /// First day, since 1970.
    pub from_day: i32,
    /// Days.
    pub days: i32,
    /// Members created in them.
    pub members: u32,
    /// As many would be expected of the crowd around them.
    pub expected: f64,
    /// Chance of as many, in the best of all stretches.
    pub p: f64,
    /// It counts as a sign of the group.
    pub counts: bool,
}

/// Members that came back from a long silence together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnView {
    /// First day, since 1970.
    pub from_day: i32,
    /// Members.
    pub members: u32,
    /// Chance of as many if each member's silences came in another order.
    pub p: f64,
    /// It counts as a sign of the group.
    pub counts: bool,
}

/// Members with look-alike handles; only families that count are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FamilyView {
    /// What the handles share.
    pub stem: String,
    /// Members.
    pub members: u32,
    /// As many would be expected of the crowd around them.
    pub expected: f64,
    /// Chance of as many, over all families looked at.
    pub p: f64,
}

/// Members on one object within one window of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The trace.
    pub trace: Trace,
    /// The object; of copies the words of the first member.
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
    /// What its author is called.
    pub account: String,
    /// `network:native_id` of its author.
    pub key: String,
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
    /// The object; of copies the words of the first member.
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
    /// The beginning of the first text of a member.
    pub text: String,
    /// How far it has come: a word of [`analysis::coordination::breakout::Circle`].
    pub circle: Cow<'static, str>,
    /// Interactions of members.
    pub inside: u64,
    /// Of others, whoever they are.
    pub outside: u64,
    /// Accounts among these others that are not counted as the audience.
    #[serde(default)]
    pub left_out: LeftOut,
    /// When it reached an audience.
    pub crossed_at: Option<String>,
    /// Over time: beginning, members, others in that stretch, share from outside so far with its 95 % interval.
    pub curve: Vec<(String, u32, u32, [f64; 3])>,
    /// The first outside accounts that carried it, with the time and what came after them.
    pub amplifiers: Vec<(String, String, u64)>,
}
