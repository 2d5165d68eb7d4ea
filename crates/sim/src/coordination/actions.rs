//! Who did what with which object, bare: the true actions of a world, and an
//! endless-looking stream of actions for measurements of speed.

use super::{CoordinationWorld, Event, EventKind};
use crate::random::Random;
use model::Trace;
use model::time::SECOND_MS;
use std::collections::HashMap;
use std::hash::Hash;

/// Longest time after a post at which a reshare of it counts as fast, ms.
const FAST_MS: i64 = 60 * SECOND_MS;

/// One account did something with one object at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BareAction {
    /// What kind of joint action it may be part of.
    pub trace: Trace,
    /// The account.
    pub account: u32,
    /// The object; numbers are dense within a trace.
    pub object: u32,
    /// Seconds from the first instant of the stream.
    pub time_s: u32,
}

/// Gives dense numbers to keys, in the order of their first appearance.
struct Dense<K>(HashMap<K, u32>);

impl<K: Hash + Eq> Dense<K> {
    fn number(&mut self, key: K) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(key).or_insert(next)
    }
}

impl CoordinationWorld {
    /// The actions of one trace by the world's own keys, in the order of time;
    /// time 0 is the first event. Texts count as the same when they are equal
    /// letter by letter; [`Trace::Synchrony`] has no objects and gives none.
    /// Cost: one pass, about 0.1 µs per event.
    pub fn actions(&self, trace: Trace) -> Vec<BareAction> {
        let first = self.events.first().map_or(0, |event| event.time.seconds());
        let mut numbers: Dense<u32> = Dense(HashMap::new());
        let mut texts: Dense<&str> = Dense(HashMap::new());
        let mut sequences: Dense<&[u32]> = Dense(HashMap::new());
        let mut out = Vec::new();
        for event in &self.events {
            let object = match trace {
                Trace::CoText => own_words(event).map(|text| texts.number(text)),
                Trace::CoHashtag => {
                    (event.hashtags.len() > 1).then(|| sequences.number(event.hashtags.as_slice()))
                }
                _ => self.object(event, trace).map(|key| numbers.number(key)),
            };
            let time_s = u32::try_from(event.time.seconds() - first).unwrap_or(u32::MAX);
            out.extend(object.map(|object| BareAction { trace, account: event.account, object, time_s }));
        }
        out
    }

    fn object(&self, event: &Event, trace: Trace) -> Option<u32> {
        match (trace, event.kind) {
            (Trace::CoReshare, EventKind::Reshare) => event.about,
            (Trace::CoLink, _) => event.link,
            (Trace::CoMedia, _) => event.media,
            (Trace::CoReply, EventKind::Reply) | (Trace::CoFollow, EventKind::Follow) => event.toward,
            (Trace::FastReshare, EventKind::Reshare) => {
                let shared = self.events.get(event.about? as usize)?;
                let fast = event.time.millis() - shared.time.millis() <= FAST_MS;
                event.toward.filter(|_| fast)
            }
            _ => None,
        }
    }
}

fn own_words(event: &Event) -> Option<&str> {
    Some(event.text.as_str()).filter(|text| !text.is_empty())
}

/// How the bare stream is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BareSettings {
    /// Seed of everything.
    pub seed: u64,
    /// The trace that every action bears.
    pub trace: Trace,
    /// Actions in all.
    pub actions: u64,
    /// Accounts; the first `groups × members` of them are planted.
    pub accounts: u32,
    /// Length, s.
    pub seconds: u32,
    /// Planted groups.
    pub groups: u32,
    /// Accounts of a group.
    pub members: u32,
    /// Objects on which a group acts together.
    pub operations: u32,
    /// Probability that a member takes part in one.
    pub participation: f64,
    /// Time within which it does, s.
    pub spread_s: u32,
}

impl BareSettings {
    /// Forty groups of 25 among two million accounts over 30 days.
    pub fn new(seed: u64, actions: u64) -> Self {
        Self {
            seed,
            trace: Trace::CoReshare,
            actions,
            accounts: 2_000_000,
            seconds: 30 * 86_400,
            groups: 40,
            members: 25,
            operations: 60,
            participation: 0.7,
            spread_s: 30,
        }
    }
}

/// Actions, object after object (not in the order of time): object sizes and
/// accounts are heavy-tailed, an object's actions fall off from its beginning.
/// Cost: about 30 ns per action in release, constant memory.
#[derive(Debug, Clone)]
pub struct BareActions {
    settings: BareSettings,
    random: Random,
    given: u64,
    object: u32,
    /// Actions left on the present object, its beginning and its mean delay, s.
    left: u64,
    begin_s: u32,
    delay_s: f64,
    /// Planted: the group of this object, the next member, the operation's beginning.
    planted: Option<(u32, u32, u32)>,
}

impl BareActions {
    /// The stream of these settings.
    pub fn new(settings: BareSettings) -> Self {
        Self {
            settings,
            random: Random::new(settings.seed),
            given: 0,
            object: 0,
            left: 0,
            begin_s: 0,
            delay_s: 1.0,
            planted: None,
        }
    }

    /// The planted group of an account.
    pub fn group_of(&self, account: u32) -> Option<u32> {
        let group = account / self.settings.members.max(1);
        (group < self.settings.groups && self.settings.members > 0).then_some(group)
    }

    fn next_object(&mut self) {
        if self.given > 0 {
            self.object += 1;
        }
        self.left = (self.random.pareto(1.05) * 4.0).min(200_000.0) as u64;
        self.begin_s = self.random.below(u64::from(self.settings.seconds)) as u32;
        self.delay_s = 300.0 * self.random.pareto(0.8).min(400.0);
        let group = self.object.checked_div(self.settings.operations.max(1)).unwrap_or(0);
        let start = self.after(self.begin_s);
        self.planted = (group < self.settings.groups).then_some((group, 0, start));
    }

    fn after(&mut self, from_s: u32) -> u32 {
        let delay = self.random.exponential(self.delay_s) as u32;
        from_s.saturating_add(delay).min(self.settings.seconds.saturating_sub(1))
    }

    /// The next member that takes part in the operation on this object.
    fn next_member(&mut self) -> Option<(u32, u32)> {
        let (group, mut place, start) = self.planted?;
        let mut found = None;
        while place < self.settings.members && found.is_none() {
            if self.random.chance(self.settings.participation) {
                let time = start + self.random.below(u64::from(self.settings.spread_s) + 1) as u32;
                found = Some((group * self.settings.members + place, time));
            }
            place += 1;
        }
        self.planted = found.is_some().then_some((group, place, start));
        found
    }
}

impl Iterator for BareActions {
    type Item = BareAction;

    fn next(&mut self) -> Option<BareAction> {
        if self.given == self.settings.actions {
            return None;
        }
        if self.left == 0 && self.planted.is_none() {
            self.next_object();
        }
        let (account, time_s) = match self.next_member() {
            Some(found) => found,
            None => {
                self.left = self.left.saturating_sub(1);
                let planted = u64::from(self.settings.groups * self.settings.members);
                let others = u64::from(self.settings.accounts).saturating_sub(planted).max(1);
                let time = self.after(self.begin_s);
                // The square makes few accounts frequent: the share of the first 1 % is 10 %.
                let rank = (self.random.unit().powi(2) * others as f64) as u64;
                ((planted + rank) as u32, time)
            }
        };
        self.given += 1;
        Some(BareAction { trace: self.settings.trace, account, object: self.object, time_s })
    }
}
