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
/// Own posts of a silent account, median of the group.
pub const OWN_POSTS_MAX: f64 = 2.0;
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
    /// Median of the members' own posts ever.
    pub own_posts_median: Option<f64>,
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
        Measured::at_most(Fact::OwnPostsMedian, facts.own_posts_median, OWN_POSTS_MAX),
        Measured::at_most(Fact::MutualLinks, facts.mutual_links, MUTUAL_LINKS_MAX),
        Measured::at_most(Fact::ArrivalLnP, facts.arrival_ln_p, ARRIVAL_LN_P_MAX),
    ];
    finish(Behaviour::Watcher, cap, follows, facts.target.into_iter().collect(), numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut ReplyFacts);

    fn toward(account: u32, actions: u32) -> Toward {
        Toward { account, actions, members: 8, judged: 0, insults: 0, answers: Some(0) }
    }

    fn attack() -> ReplyFacts {
        let target =
            Toward { account: 7, actions: 90, members: 12, judged: 80, insults: 40, answers: Some(2) };
        let by_the_way =
            Toward { account: 8, actions: 10, members: 2, judged: 10, insults: 0, answers: None };
        ReplyFacts {
            targets: vec![by_the_way, target],
            replies: 100,
            base_rate: Some(0.05),
            ln_p: Some(-20.0),
        }
    }

    fn inflation() -> ReshareFacts {
        ReshareFacts {
            patrons: vec![toward(3, 30), toward(4, 50), toward(5, 20)],
            reshares: 100,
            ln_p: Some(-30.0),
            collapsed_audience: Some(0.05),
        }
    }

    fn campaign() -> MessageFacts {
        MessageFacts {
            carried: 9,
            members: 10,
            posts: 100,
            carrying: 80,
            sources: Some(4),
            ln_p: Some(-15.0),
        }
    }

    fn watch() -> WatchFacts {
        let mut follows_by_community = vec![0; 30];
        follows_by_community[3] = 400;
        WatchFacts {
            follows_by_community,
            target: Some(9),
            members: 12,
            own_posts_median: Some(0.0),
            mutual_links: Some(0.0),
            arrival_ln_p: Some(-12.0),
            kin_confirmed: false,
        }
    }

    #[test]
    fn a_group_may_do_several_things() {
        let facts = GroupFacts {
            replies: Some(attack()),
            reshares: Some(inflation()),
            messages: Some(campaign()),
            watching: Some(watch()),
        };
        let found = behaviours(&facts);
        let said: Vec<_> = found.iter().map(|one| (one.behaviour, one.toward.clone())).collect();
        let expected = [
            (Behaviour::Watcher, vec![9]),
            (Behaviour::Harasser, vec![7]),
            (Behaviour::Booster, vec![4, 3]),
            (Behaviour::Spreader, vec![]),
        ];
        assert_eq!(said, expected);
        assert!(examine(&GroupFacts::default()).is_empty());
    }

    /// Each of these changes takes one number across its limit, and the word away.
    #[test]
    fn each_number_of_an_attack_is_needed() {
        let changes: [(Fact, Change); 7] = [
            (Fact::MembersTakingPart, |facts| facts.targets[1].members = 2),
            (Fact::Replies, |facts| {
                facts.targets.remove(0);
                facts.targets.push(Toward { actions: 9, ..facts.targets[0] });
                facts.targets.remove(0);
                facts.replies = 9;
            }),
            (Fact::ShareToTargets, |facts| facts.replies = 200),
            (Fact::Insults, |facts| facts.targets[1].insults = 4),
            (Fact::InsultRatio, |facts| facts.base_rate = Some(0.2)),
            (Fact::ReplyTimingLnP, |facts| facts.ln_p = Some(-3.0)),
            (Fact::AnswersPerReply, |facts| facts.targets[1].answers = Some(60)),
        ];
        for (fact, change) in changes {
            let mut facts = attack();
            change(&mut facts);
            let examined = harasser(&facts);
            assert_eq!(examined.verdict, Verdict::Fails, "{fact:?}");
            let failed = examined.numbers.iter().filter(|number| number.is_met() == Some(false));
            assert!(failed.map(|number| number.fact).any(|found| found == fact), "{fact:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let changes: [Change; 4] = [
            |facts| facts.base_rate = None,
            |facts| facts.ln_p = None,
            |facts| facts.targets[1].answers = None,
            |facts| (facts.targets[1].judged, facts.targets[1].insults) = (0, 0),
        ];
        for change in changes {
            let mut facts = attack();
            change(&mut facts);
            assert_eq!(harasser(&facts).verdict, Verdict::NotKnown);
            assert!(behaviours(&GroupFacts { replies: Some(facts), ..GroupFacts::default() }).is_empty());
        }
    }

    #[test]
    fn a_polite_topic_does_not_make_three_insults_an_attack() {
        let mut facts = attack();
        (facts.base_rate, facts.targets[1].insults) = (Some(0.0), 0);
        assert_eq!(harasser(&facts).verdict, Verdict::Fails);
    }

    #[test]
    fn small_counts_bear_a_small_word() {
        let mut facts = attack();
        (facts.targets[1].judged, facts.targets[1].insults) = (12, 8);
        let examined = harasser(&facts);
        assert_eq!((examined.verdict, examined.cap), (Verdict::Holds, Strength::Possible));
        assert_eq!(harasser(&attack()).cap, Strength::VeryLikely);
    }

    #[test]
    fn the_inflation_of_a_patron() {
        assert_eq!(booster(&inflation()).cap, Strength::VeryLikely);
        let unknown = ReshareFacts { collapsed_audience: None, ..inflation() };
        assert_eq!((booster(&unknown).verdict, booster(&unknown).cap), (Verdict::Holds, Strength::Likely));
        let many: Vec<_> = (0..10).map(|account| toward(account, 10)).collect();
        assert_eq!(booster(&ReshareFacts { patrons: many, ..inflation() }).verdict, Verdict::Fails);
        // Admirers share what they like when they like.
        assert_eq!(booster(&ReshareFacts { ln_p: Some(-1.0), ..inflation() }).verdict, Verdict::Fails);
    }

    #[test]
    fn the_spreading_of_messages() {
        assert_eq!(spreader(&campaign()).cap, Strength::VeryLikely);
        assert_eq!(spreader(&MessageFacts { sources: Some(1), ..campaign() }).cap, Strength::Likely);
        let untold = spreader(&MessageFacts { sources: None, ..campaign() });
        assert_eq!((untold.verdict, untold.cap), (Verdict::Holds, Strength::Likely));
        assert_eq!(
            spreader(&MessageFacts { posts: 0, carrying: 0, ..campaign() }).verdict,
            Verdict::NotKnown
        );
    }

    #[test]
    fn a_watcher_is_possible_and_no_more() {
        assert_eq!((watcher(&watch()).verdict, watcher(&watch()).cap), (Verdict::Holds, Strength::Possible));
        assert_eq!(watcher(&WatchFacts { kin_confirmed: true, ..watch() }).cap, Strength::Likely);
        // Silent readers who came each at their own time are readers.
        assert_eq!(watcher(&WatchFacts { arrival_ln_p: Some(-1.0), ..watch() }).verdict, Verdict::Fails);
        assert_eq!(
            watcher(&WatchFacts { follows_by_community: vec![40; 10], ..watch() }).verdict,
            Verdict::Fails
        );
    }

    #[test]
    fn concentration() {
        assert_eq!(gini(&[0, 0]), None);
        assert_eq!(gini(&[5, 5, 5, 5]), Some(0.0));
        assert!((gini(&[0, 0, 0, 8]).unwrap() - 0.75).abs() < 1e-12);
    }
}
