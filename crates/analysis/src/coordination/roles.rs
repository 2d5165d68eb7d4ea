//! What a group does: rules over counts, each printed with its numbers and limits.
//!
//! In: [`GroupFacts`], counted by the caller. Out: for each [`Behaviour`] an
//! [`Examined`]: whether the rule holds, the strongest word that the evidence
//! bears, towards whom, and each number beside its limit.
//! Errors: none; what is not known leaves a rule undecided, never fulfilled.
//! Cost: sorting the targets and patrons. Source: Hine et al. 2017 and Pote et
//! al. 2025 for attacks by reply; Giglietto et al. 2020 and Pacheco et al. 2021
//! for inflation and spreading. The limits are conventions, not estimates.
//! Limits: the rules say what accounts do, not why, nor whether they are honest.

use super::measured::{Fact, Interval, Measured, Verdict, share_of};
use model::{Behaviour, Strength};

/// Members that must take part in what a group is said to do.
pub const MEMBERS_MIN: f64 = 3.0;
/// A chance at most this, as logarithm (10⁻³), for timing to count.
pub const LN_P_MAX: f64 = -6.907_755;
/// Counts below this bear no more than «possible».
pub const SMALL_COUNT: u32 = 30;
/// Most targets of a harassing group.
pub const TARGETS_MAX: usize = 3;
/// Share of replies to the targets.
pub const SHARE_TO_TARGETS_MIN: f64 = 0.7;
/// Replies of a group before they are judged.
pub const REPLIES_MIN: f64 = 10.0;
/// Insults and threats before their rate is judged.
pub const INSULTS_MIN: f64 = 5.0;
/// Insult rate as a multiple of the topic's.
pub const INSULT_RATIO_MIN: f64 = 3.0;
/// No topic counts as politer than this.
pub const BASE_RATE_MIN: f64 = 0.001;
/// Answers of targets per reply; with more it is a quarrel of two sides.
pub const ANSWERS_PER_REPLY_MAX: f64 = 0.5;
/// Most patrons of an inflating group.
pub const PATRONS_MAX: usize = 2;
/// Share of reshares to the patrons.
pub const SHARE_TO_PATRONS_MIN: f64 = 0.6;
/// Reshares of a group before they are judged.
pub const RESHARES_MIN: f64 = 20.0;
/// Amplification counted once per group, over accounts.
pub const COLLAPSED_AUDIENCE_MAX: f64 = 0.2;
/// Messages that a spreading group carries.
pub const MESSAGES_MIN: f64 = 3.0;
/// Share of the posts that carry them.
pub const SHARE_CARRYING_MIN: f64 = 0.5;
/// Sources of the messages of a spreading group.
pub const SOURCES_MIN: f64 = 2.0;
/// Follows of a group before they are judged.
pub const FOLLOWS_MIN: f64 = 30.0;
/// Concentration of follows.
pub const FOLLOW_GINI_MIN: f64 = 0.8;
/// Own posts of a silent account for each that it follows, median of the group.
/// Not how many it ever wrote: a bought account has its first owner's.
pub const OWN_POSTS_PER_FOLLOW_MAX: f64 = 0.25;
/// Share of pairs of members that follow each other.
pub const MUTUAL_LINKS_MAX: f64 = 0.05;
/// Chance of joint creation or return, as logarithm (10⁻²).
pub const ARRIVAL_LN_P_MAX: f64 = -4.605_17;

/// What the members did towards one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Toward {
    /// The account.
    pub account: u32,
    /// Replies and mentions, or reshares and reactions.
    pub actions: u32,
    /// Members that did them.
    pub members: u32,
    /// Replies judged for insults and threats; only of replies.
    pub judged: u32,
    /// Of these, insults and threats.
    pub insults: u32,
    /// Answers of the account to members; only of replies.
    pub answers: Option<u32>,
}

/// Replies and mentions of a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReplyFacts {
    /// By target outside the group.
    pub targets: Vec<Toward>,
    /// Replies and mentions to anybody outside the group, count.
    pub replies: u32,
    /// Insult and threat rate of the topic, 0…1.
    pub base_rate: Option<f64>,
    /// Logarithm of the chance of their timing (windows of ten minutes).
    pub ln_p: Option<f64>,
}

/// Reshares and reactions of a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReshareFacts {
    /// By the author of what was reshared.
    pub patrons: Vec<Toward>,
    /// All of them, count.
    pub reshares: u32,
    /// Logarithm of the chance of their timing against the others who reshared the same posts.
    pub ln_p: Option<f64>,
    /// Amplification of the patrons with the group counted once, over their
    /// distinct amplifiers, 0…1.
    pub collapsed_audience: Option<f64>,
}

/// Links, texts, media and hashtags of a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MessageFacts {
    /// Different ones that at least three members carried, count.
    pub carried: u32,
    /// Members that carried one of them.
    pub members: u32,
    /// Posts of the group, count.
    pub posts: u32,
    /// Posts that carry one of them, count.
    pub carrying: u32,
    /// Different authors or domains they come from, count.
    pub sources: Option<u32>,
    /// Logarithm of the chance that they were carried together.
    pub ln_p: Option<f64>,
}

/// Whom a silent group follows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WatchFacts {
    /// Follows by community of the followed accounts; communities without one too.
    pub follows_by_community: Vec<u32>,
    /// The account around which the most followed community lies.
    pub target: Option<u32>,
    /// Members whose follows are known.
    pub members: u32,
    /// Median of the members' own posts ever, by whoever had the account.
    pub own_posts_median: Option<f64>,
    /// Median of the members' own posts for each account that they followed, of
    /// what was looked at.
    pub own_posts_per_follow: Option<f64>,
    /// Share of the pairs of members that follow each other, 0…1.
    pub mutual_links: Option<f64>,
    /// Logarithm of the chance of their joint creation or return.
    pub arrival_ln_p: Option<f64>,
    /// A person confirmed another group, with which this one shares names or infrastructure.
    pub kin_confirmed: bool,
}

/// What the caller counted of one group; `None` where there are no such data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupFacts {
    /// Replies and mentions.
    pub replies: Option<ReplyFacts>,
    /// Reshares and reactions.
    pub reshares: Option<ReshareFacts>,
    /// Links, texts, media and hashtags.
    pub messages: Option<MessageFacts>,
    /// Follows.
    pub watching: Option<WatchFacts>,
}

/// One behaviour, examined.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// Which.
    pub behaviour: Behaviour,
    /// Whether the rule holds; only then it may be said.
    pub verdict: Verdict,
    /// The strongest word this evidence bears, however sure the group is.
    pub cap: Strength,
    /// Targets or patrons, most actions first; empty where there are none.
    pub toward: Vec<u32>,
    /// Each number of the rule beside its limit.
    pub numbers: Vec<Measured>,
}

/// Examines every behaviour of which there are data, in the order of [`Behaviour::ALL`].
pub fn examine(facts: &GroupFacts) -> Vec<Examined> {
    [
        facts.watching.as_ref().map(watcher),
        facts.replies.as_ref().map(harasser),
        facts.reshares.as_ref().map(booster),
        facts.messages.as_ref().map(spreader),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The behaviours that may be said of a group.
pub fn behaviours(facts: &GroupFacts) -> Vec<Examined> {
    examine(facts).into_iter().filter(|examined| examined.verdict == Verdict::Holds).collect()
}

/// Concentration of counts, 0 (even) … below 1; `None` when all are zero.
pub fn gini(counts: &[u32]) -> Option<f64> {
    let mut counts = counts.to_vec();
    counts.sort_unstable();
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let n = counts.len() as f64;
    let ranked: f64 = (1u32..).zip(&counts).map(|(rank, &count)| f64::from(rank) * f64::from(count)).sum();
    (total > 0.0).then(|| (2.0 * ranked / total - n - 1.0) / n)
}

/// The fewest accounts, at most `most`, that reach `share` of all actions; else the first `most`.
fn chosen(toward: &[Toward], all: u32, most: usize, share: f64) -> Vec<Toward> {
    let mut ordered = toward.to_vec();
    ordered.sort_unstable_by_key(|one| (std::cmp::Reverse(one.actions), one.account));
    ordered.truncate(most);
    let mut sum = 0.0;
    let enough = ordered.iter().position(|one| {
        sum += f64::from(one.actions);
        sum >= share * f64::from(all)
    });
    ordered.truncate(enough.map_or(most, |last| last + 1));
    ordered.retain(|one| one.actions > 0);
    ordered
}

fn sum_of(toward: &[Toward], count: fn(&Toward) -> u32) -> u32 {
    toward.iter().map(count).fold(0, u32::saturating_add)
}

/// Members towards the account that most of them act on; a lower bound of all.
fn members_of(toward: &[Toward]) -> Measured {
    let members = toward.iter().map(|one| one.members).max().unwrap_or(0);
    Measured::at_least(Fact::MembersTakingPart, Some(f64::from(members)), MEMBERS_MIN)
}

fn finish(
    behaviour: Behaviour,
    cap: Strength,
    count: u32,
    toward: Vec<u32>,
    numbers: Vec<Measured>,
) -> Examined {
    let cap = if count < SMALL_COUNT { cap.min(Strength::Possible) } else { cap };
    Examined { behaviour, verdict: Verdict::of(&numbers), cap, toward, numbers }
}

fn accounts_of(toward: &[Toward]) -> Vec<u32> {
    toward.iter().map(|one| one.account).collect()
}

fn harasser(facts: &ReplyFacts) -> Examined {
    let targets = chosen(&facts.targets, facts.replies, TARGETS_MAX, SHARE_TO_TARGETS_MIN);
    let replies = sum_of(&targets, |one| one.actions);
    let (judged, insults) = (sum_of(&targets, |one| one.judged), sum_of(&targets, |one| one.insults));
    let interval = Interval::wilson(f64::from(insults), f64::from(judged));
    let base = facts.base_rate.map(|rate| rate.max(BASE_RATE_MIN));
    let answers: Option<u32> = targets.iter().map(|one| one.answers).sum();
    let numbers = vec![
        members_of(&targets),
        Measured::at_least(Fact::Replies, Some(f64::from(replies)), REPLIES_MIN),
        Measured::at_least(Fact::ShareToTargets, share_of(replies, facts.replies), SHARE_TO_TARGETS_MIN),
        Measured::at_least(Fact::Insults, (judged > 0).then_some(f64::from(insults)), INSULTS_MIN),
        Measured::at_least(
            Fact::InsultRatio,
            interval.zip(base).map(|(interval, base)| interval.share / base),
            INSULT_RATIO_MIN,
        ),
        // Without a base rate the limit is unreachable, and the number not known.
        Measured::at_least(
            Fact::InsultRateLow,
            interval.zip(base).map(|(interval, _)| interval.low),
            base.unwrap_or(1.0),
        ),
        Measured::at_most(Fact::ReplyTimingLnP, facts.ln_p, LN_P_MAX),
        Measured::at_most(
            Fact::AnswersPerReply,
            answers.and_then(|answers| share_of(answers, replies)),
            ANSWERS_PER_REPLY_MAX,
        ),
    ];
    finish(Behaviour::Harasser, Strength::VeryLikely, judged, accounts_of(&targets), numbers)
}

fn booster(facts: &ReshareFacts) -> Examined {
    let patrons = chosen(&facts.patrons, facts.reshares, PATRONS_MAX, SHARE_TO_PATRONS_MIN);
    let reshares = sum_of(&patrons, |one| one.actions);
    // A number that supports, and that few can count: it lifts the cap, no more.
    let collapsed =
        Measured::at_most(Fact::CollapsedAudience, facts.collapsed_audience, COLLAPSED_AUDIENCE_MAX);
    let cap = if collapsed.is_met() == Some(true) { Strength::VeryLikely } else { Strength::Likely };
    let numbers = vec![
        members_of(&patrons),
        Measured::at_least(Fact::Reshares, Some(f64::from(reshares)), RESHARES_MIN),
        Measured::at_least(Fact::ShareToPatrons, share_of(reshares, facts.reshares), SHARE_TO_PATRONS_MIN),
        Measured::at_most(Fact::ReshareTimingLnP, facts.ln_p, LN_P_MAX),
        Measured::shown(Fact::CollapsedAudience, facts.collapsed_audience),
    ];
    finish(Behaviour::Booster, cap, reshares, accounts_of(&patrons), numbers)
}

fn spreader(facts: &MessageFacts) -> Examined {
    let mut numbers = vec![
        Measured::at_least(Fact::MembersTakingPart, Some(f64::from(facts.members)), MEMBERS_MIN),
        Measured::at_least(Fact::MessagesCarried, Some(f64::from(facts.carried)), MESSAGES_MIN),
        Measured::shown(Fact::Posts, Some(f64::from(facts.posts))),
        Measured::at_least(Fact::ShareCarrying, share_of(facts.carrying, facts.posts), SHARE_CARRYING_MIN),
        Measured::at_most(Fact::MessageLnP, facts.ln_p, LN_P_MAX),
    ];
    // Texts have no source that is told, and one source alone may be a house
    // that promotes itself: then the cap is lower.
    let sources = facts.sources.map(f64::from);
    numbers.push(Measured::shown(Fact::Sources, sources));
    let cap = match sources {
        Some(sources) if sources >= SOURCES_MIN => Strength::VeryLikely,
        _ => Strength::Likely,
    };
    finish(Behaviour::Spreader, cap, facts.carrying, Vec::new(), numbers)
}

/// The weakest of the four: who says nothing is guilty of nothing.
fn watcher(facts: &WatchFacts) -> Examined {
    let follows = facts.follows_by_community.iter().copied().fold(0, u32::saturating_add);
    let cap = if facts.kin_confirmed { Strength::Likely } else { Strength::Possible };
    let numbers = vec![
        Measured::at_least(Fact::MembersTakingPart, Some(f64::from(facts.members)), MEMBERS_MIN),
        Measured::at_least(Fact::Follows, Some(f64::from(follows)), FOLLOWS_MIN),
        Measured::at_least(Fact::FollowGini, gini(&facts.follows_by_community), FOLLOW_GINI_MIN),
        Measured::at_most(Fact::OwnPostsPerFollow, facts.own_posts_per_follow, OWN_POSTS_PER_FOLLOW_MAX),
        Measured::shown(Fact::OwnPostsMedian, facts.own_posts_median),
        Measured::at_most(Fact::MutualLinks, facts.mutual_links, MUTUAL_LINKS_MAX),
        Measured::at_most(Fact::ArrivalLnP, facts.arrival_ln_p, ARRIVAL_LN_P_MAX),
    ];
    finish(Behaviour::Watcher, cap, follows, facts.target.into_iter().collect(), numbers)
}

#[cfg(test)]
#[path = "roles_tests.rs"]
mod tests;
