//! What else, and innocently, could explain a group: the six usual reasons.
//!
//! In: [`Surroundings`], counted by the caller. Out: one [`CounterEvidence`]
//! for each [`Explanation`], found or not, so that the reader sees which were
//! looked for, and the strongest word they leave ([`counter_cap`]).
//! Errors: none. Cost: none. Source: the controls that coordination studies
//! name (Giglietto et al. 2020; Vargas et al. 2020 on false positives).
//! Limits: an explanation that is not found is not thereby refuted. Words of a
//! raffle or a call can be worn as a disguise: they lower the word, and hide
//! nothing.

use super::measured::{Fact, Measured, Verdict};
use model::{Explanation, Strength};

/// Organic accounts per member on the same objects in the same moments, from
/// which the moment rather than the group explains them.
pub const ORGANIC_PER_MEMBER_MIN: f64 = 10.0;
/// Share of joint actions to few patrons among admirers.
pub const FANS_SHARE_MIN: f64 = 0.5;
/// Share of members with a life of their own.
pub const OWN_LIFE_SHARE_MIN: f64 = 0.5;
/// Share of members that declare what they are.
pub const DECLARED_SHARE_MIN: f64 = 0.9;
/// Share of links to the house's own domain.
pub const ONE_DOMAIN_SHARE_MIN: f64 = 0.8;
/// Share of messages with the words of a call or a raffle.
pub const WORDS_SHARE_MIN: f64 = 0.5;
/// Organic accounts per member that carry the same messages.
pub const ORGANIC_CARRIERS_MIN: f64 = 2.0;
/// Volume of a topic beside its usual one in the hours of news.
pub const TOPIC_VOLUME_RATIO_MIN: f64 = 5.0;
/// Share of joint actions in the hours of a broadcast.
pub const BROADCAST_SHARE_MIN: f64 = 0.6;

/// What surrounds the joint actions of a group; `None` where it is not known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surroundings {
    /// Members, count.
    pub members: u32,
    /// Share of the joint actions towards the two commonest patrons, 0…1.
    pub share_to_patrons: Option<f64>,
    /// Share of the members whose other posts are many and of many subjects, 0…1.
    pub own_life_share: Option<f64>,
    /// Members that the network or the team lists as outlets or automated, or
    /// that declare themselves so, count.
    pub declared: Option<u32>,
    /// Share of the links to the commonest domain, 0…1.
    pub one_domain_share: Option<f64>,
    /// Share of the joint messages with words of a call, petition or strike, 0…1.
    pub call_words_share: Option<f64>,
    /// Organic accounts that carry the same messages at any time, count.
    pub organic_carriers: Option<u32>,
    /// Share of the joint messages with words of a raffle, 0…1.
    pub raffle_words_share: Option<f64>,
    /// Organic accounts on the same objects in the same windows, count.
    pub organic_together: Option<u32>,
    /// Volume of the topic in those windows over its usual volume.
    pub topic_volume_ratio: Option<f64>,
    /// Share of the joint actions in the hours of one known or weekly broadcast, 0…1.
    pub broadcast_share: Option<f64>,
}

/// One explanation, examined.
#[derive(Debug, Clone, PartialEq)]
pub struct CounterEvidence {
    /// Which.
    pub explanation: Explanation,
    /// [`Verdict::Holds`] when it could explain the group.
    pub verdict: Verdict,
    /// Each number beside its limit.
    pub numbers: Vec<Measured>,
}

/// Examines every explanation, in the order of [`Explanation::ALL`].
pub fn explain(around: &Surroundings) -> Vec<CounterEvidence> {
    let per_member = |count: Option<u32>| {
        count.filter(|_| around.members > 0).map(|count| f64::from(count) / f64::from(around.members))
    };
    let together = Measured::at_least(
        Fact::OrganicPerMember,
        per_member(around.organic_together),
        ORGANIC_PER_MEMBER_MIN,
    );
    let carriers =
        Measured::at_least(Fact::OrganicCarriers, per_member(around.organic_carriers), ORGANIC_CARRIERS_MIN);
    let own_life = Measured::at_least(Fact::OwnLifeShare, around.own_life_share, OWN_LIFE_SHARE_MIN);
    Explanation::ALL
        .into_iter()
        .map(|explanation| {
            let numbers = match explanation {
                Explanation::Fans => {
                    vec![
                        Measured::at_least(Fact::ShareToPatrons, around.share_to_patrons, FANS_SHARE_MIN),
                        own_life,
                    ]
                }
                Explanation::Newsroom => vec![
                    Measured::at_least(Fact::DeclaredShare, per_member(around.declared), DECLARED_SHARE_MIN),
                    Measured::at_least(Fact::OneDomainShare, around.one_domain_share, ONE_DOMAIN_SHARE_MIN),
                ],
                Explanation::Activists => vec![
                    Measured::at_least(Fact::CallWordsShare, around.call_words_share, WORDS_SHARE_MIN),
                    carriers,
                ],
                Explanation::Raffle => vec![
                    Measured::at_least(Fact::RaffleWordsShare, around.raffle_words_share, WORDS_SHARE_MIN),
                    carriers,
                ],
                Explanation::NewsEvent => vec![
                    Measured::at_least(
                        Fact::TopicVolumeRatio,
                        around.topic_volume_ratio,
                        TOPIC_VOLUME_RATIO_MIN,
                    ),
                    together,
                ],
                Explanation::Television => vec![
                    Measured::at_least(Fact::BroadcastShare, around.broadcast_share, BROADCAST_SHARE_MIN),
                    together,
                ],
            };
            CounterEvidence { explanation, verdict: Verdict::of(&numbers), numbers }
        })
        .collect()
}

/// The strongest word that the counter-evidence leaves: with one explanation
/// «possible»; with two, or for a declared newsroom, which is listed as what it
/// declares, no word.
pub fn counter_cap(found: &[CounterEvidence]) -> Strength {
    let holds = |one: &&CounterEvidence| one.verdict == Verdict::Holds;
    let is_newsroom = found.iter().filter(holds).any(|one| one.explanation == Explanation::Newsroom);
    match found.iter().filter(holds).count() {
        0 => Strength::VeryLikely,
        1 if !is_newsroom => Strength::Possible,
        _ => Strength::WeakSignal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group in the open, of which everything is known and nothing explains it.
    fn bare() -> Surroundings {
        Surroundings {
            members: 20,
            share_to_patrons: Some(0.9),
            own_life_share: Some(0.1),
            declared: Some(0),
            one_domain_share: Some(0.2),
            call_words_share: Some(0.0),
            organic_carriers: Some(5),
            raffle_words_share: Some(0.0),
            organic_together: Some(12),
            topic_volume_ratio: Some(1.1),
            broadcast_share: Some(0.1),
        }
    }

    #[track_caller]
    fn check(around: &Surroundings, expected: &[Explanation], cap: Strength) {
        let examined = explain(around);
        assert_eq!(examined.len(), Explanation::ALL.len());
        let found: Vec<_> =
            examined.iter().filter(|one| one.verdict == Verdict::Holds).map(|one| one.explanation).collect();
        assert_eq!(found, expected);
        assert_eq!(counter_cap(&examined), cap);
    }

    #[test]
    fn each_control_is_seen() {
        check(&bare(), &[], Strength::VeryLikely);
        let fans = Surroundings { own_life_share: Some(0.8), ..bare() };
        check(&fans, &[Explanation::Fans], Strength::Possible);
        let newsroom = Surroundings { declared: Some(20), one_domain_share: Some(0.95), ..bare() };
        check(&newsroom, &[Explanation::Newsroom], Strength::WeakSignal);
        let strike = Surroundings { call_words_share: Some(0.9), organic_carriers: Some(400), ..bare() };
        check(&strike, &[Explanation::Activists], Strength::Possible);
        let raffle = Surroundings { raffle_words_share: Some(0.7), organic_carriers: Some(100), ..bare() };
        check(&raffle, &[Explanation::Raffle], Strength::Possible);
        let news = Surroundings { organic_together: Some(900), topic_volume_ratio: Some(20.0), ..bare() };
        check(&news, &[Explanation::NewsEvent], Strength::Possible);
        let match_day = Surroundings { organic_together: Some(900), broadcast_share: Some(0.8), ..bare() };
        check(&match_day, &[Explanation::Television], Strength::Possible);
    }

    #[test]
    fn two_explanations_leave_no_word() {
        let both = Surroundings {
            organic_together: Some(900),
            topic_volume_ratio: Some(20.0),
            broadcast_share: Some(0.8),
            ..bare()
        };
        check(&both, &[Explanation::NewsEvent, Explanation::Television], Strength::WeakSignal);
    }

    #[test]
    fn a_disguise_alone_explains_nothing() {
        // Raffle words, but nobody from outside takes part in the raffle.
        check(&Surroundings { raffle_words_share: Some(1.0), ..bare() }, &[], Strength::VeryLikely);
        // One who declares himself does not whitelist the others.
        check(
            &Surroundings { declared: Some(10), one_domain_share: Some(1.0), ..bare() },
            &[],
            Strength::VeryLikely,
        );
    }

    #[test]
    fn what_is_not_known_neither_explains_nor_refutes() {
        let examined = explain(&Surroundings::default());
        assert!(examined.iter().all(|one| one.verdict == Verdict::NotKnown));
        assert_eq!(counter_cap(&examined), Strength::VeryLikely);
    }
}
