//! Posts by intent, offence, emotion and urgency.

use super::request::Overview;
use super::schema::{PackedFacts, URGENCIES};
use model::{Emotion, Intent, Offence};
use std::cmp::Reverse;

/// Number of values of a packed offence or emotion.
const VALUES: usize = 8;

/// Posts by what they want and how they sound, by the numbers of [`PackedFacts`].
#[derive(Debug, Clone)]
pub(super) struct Wants {
    intents: [u32; Intent::ALL.len()],
    offences: [u32; VALUES],
    emotions: [u32; VALUES],
    urgencies: [u32; URGENCIES],
}

impl Default for Wants {
    fn default() -> Self {
        Self {
            intents: Default::default(),
            offences: Default::default(),
            emotions: Default::default(),
            urgencies: [0; URGENCIES],
        }
    }
}

impl Wants {
    /// Counts one post.
    pub(super) fn add(&mut self, facts: PackedFacts) {
        // The indices are masked to the lengths of the tables.
        self.offences[facts.offence_index()] += 1;
        self.emotions[facts.emotion_index()] += 1;
        self.urgencies[facts.urgency_index()] += 1;
        let mut intents = facts.intents();
        while intents != 0 {
            self.intents[intents.trailing_zeros() as usize] += 1;
            intents &= intents - 1;
        }
    }

    /// Adds the posts of another segment.
    pub(super) fn merge(&mut self, other: &Self) {
        self.each(other, |sum, posts| *sum += posts);
    }

    /// These less some of the same.
    pub(super) fn minus(&self, part: &Self) -> Self {
        let mut rest = self.clone();
        rest.each(part, |sum, posts| *sum -= posts);
        rest
    }

    fn each(&mut self, other: &Self, change: impl Fn(&mut u32, u32)) {
        let sums = self.intents.iter_mut().chain(&mut self.offences).chain(&mut self.emotions);
        let posts = other.intents.iter().chain(&other.offences).chain(&other.emotions);
        sums.chain(&mut self.urgencies)
            .zip(posts.chain(&other.urgencies))
            .for_each(|(sum, posts)| change(sum, *posts));
    }

    /// Writes what occurs into an overview.
    pub(super) fn tell(&self, overview: &mut Overview) {
        overview.intents = named(&Intent::ALL, &self.intents);
        overview.offences = named(&Offence::ALL, &self.offences);
        overview.emotions = named(&Emotion::ALL, &self.emotions);
        overview.urgencies = (0_u8..)
            .zip(self.urgencies)
            .filter(|(_, posts)| *posts > 0)
            .map(|(index, posts)| (index.checked_sub(1), u64::from(posts)))
            .collect();
    }
}

/// What occurs, falling by count.
fn named<T: Copy>(values: &[T], posts: &[u32]) -> Vec<(T, u64)> {
    let mut list: Vec<(T, u64)> = values
        .iter()
        .zip(posts)
        .filter(|(_, posts)| **posts > 0)
        .map(|(value, posts)| (*value, u64::from(*posts)))
        .collect();
    list.sort_by_key(|(_, posts)| Reverse(*posts));
    list
}
