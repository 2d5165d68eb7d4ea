//! The copies within a list of texts: a file, an export, the posts of a search.
//!
//! In: texts in any order, best by time, each with a name of the caller's.
//! Out: for each text the group it joins, and the groups of two and more.
//! Errors: none. Cost: as [`Copies`]; memory of the newest texts up to the
//! limit, and of the groups.
//! Limits: a copy is found while a text like it is among the newest ones.

use super::{Copies, CopiesCounts, Signature, signature};
use model::Timestamp;
use std::collections::{HashMap, VecDeque};

/// Texts that are the same but for small changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<K> {
    /// The first member that was read.
    pub first: K,
    /// Its ordinal in the list, from 0.
    pub ordinal: u64,
    /// Members, the first included.
    pub size: u64,
    /// Members whose normalised text is that of the first, itself included.
    pub exact: u64,
    /// The earliest time of a member, if any has one.
    pub earliest: Option<Timestamp>,
    /// The latest time of a member, if any has one.
    pub latest: Option<Timestamp>,
    /// Estimated similarity of each member that joined to its nearest one: the lowest.
    pub similarity_min: f32,
    exact_hash: u64,
}

impl<K> Group<K> {
    /// Members whose text differs from that of the first.
    pub const fn edited(&self) -> u64 {
        self.size - self.exact
    }

    /// Milliseconds between the earliest and the latest member.
    pub fn span_ms(&self) -> Option<i64> {
        Some(self.latest?.millis() - self.earliest?.millis())
    }
}

/// What became of one text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Membership {
    /// Ordinal of the text that began the group; its own when it is alone so far.
    pub group: u64,
    /// Ordinal of the most similar earlier text, and the similarity.
    pub nearest: Option<(u64, f32)>,
}

/// A text that may yet begin a group.
struct Waiting<K> {
    key: K,
    time: Option<Timestamp>,
    exact: u64,
}

/// Finds the groups of a list, text by text.
pub struct Groups<K> {
    copies: Copies,
    limit: usize,
    /// The newest texts; the first of them is `passed`.
    waiting: VecDeque<Option<Waiting<K>>>,
    passed: u64,
    groups: HashMap<u64, Group<K>>,
}

impl<K> Groups<K> {
    /// Compares each text with the newest ones, up to `limit_texts` (1 at least).
    pub fn new(limit_texts: usize) -> Self {
        let limit = limit_texts.max(1);
        Self {
            copies: Copies::new(limit),
            limit,
            waiting: VecDeque::new(),
            passed: 0,
            groups: HashMap::new(),
        }
    }

    /// Texts added so far.
    pub fn len(&self) -> u64 {
        self.passed + self.waiting.len() as u64
    }

    /// True when nothing was added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the index saw.
    pub const fn counts(&self) -> CopiesCounts {
        self.copies.counts()
    }

    /// Adds the next text. One without letters belongs to no group.
    pub fn add(&mut self, key: K, text: &str, time: Option<Timestamp>) -> Membership {
        let ordinal = self.len();
        let alone = Membership { group: ordinal, nearest: None };
        let Some(signature) = signature(text) else {
            // It takes a place among the newest, so that index and waiting texts keep step.
            self.copies.place(id_of(ordinal), &Signature::alone(ordinal));
            self.wait(None);
            return alone;
        };
        let exact = signature.exact();
        let placement = self.copies.place(id_of(ordinal), &signature);
        let (group, nearest) = (ordinal_of(placement.cascade), placement.nearest);
        let membership = Membership { group, nearest: nearest.map(|(id, value)| (ordinal_of(id), value)) };
        let arriving = Waiting { key, time, exact };
        if group == ordinal {
            self.wait(Some(arriving));
            return membership;
        }
        self.join(group, &arriving, nearest.map_or(1.0, |(_, value)| value));
        // Its key is not needed: a member never begins a group.
        self.wait(None);
        membership
    }

    fn wait(&mut self, text: Option<Waiting<K>>) {
        self.waiting.push_back(text);
        if self.waiting.len() > self.limit {
            self.waiting.pop_front();
            self.passed += 1;
        }
    }

    fn join(&mut self, group: u64, member: &Waiting<K>, similarity: f32) {
        if !self.groups.contains_key(&group) {
            let place = group.checked_sub(self.passed).and_then(|at| usize::try_from(at).ok());
            let first = place.and_then(|at| self.waiting.get_mut(at)).and_then(Option::take);
            // A cascade has a second member while its first is hot, so it is waiting.
            let Some(first) = first else { return };
            let (time, exact_hash) = (first.time, first.exact);
            self.groups.insert(
                group,
                Group {
                    first: first.key,
                    ordinal: group,
                    size: 1,
                    exact: 1,
                    earliest: time,
                    latest: time,
                    similarity_min: 1.0,
                    exact_hash,
                },
            );
        }
        if let Some(group) = self.groups.get_mut(&group) {
            group.size += 1;
            group.exact += u64::from(group.exact_hash == member.exact);
            group.earliest = [group.earliest, member.time].into_iter().flatten().min();
            group.latest = group.latest.max(member.time);
            group.similarity_min = group.similarity_min.min(similarity);
        }
    }

    /// The groups of two and more, the largest first; equal ones as they began.
    pub fn finish(self) -> Vec<Group<K>> {
        let mut list: Vec<Group<K>> = self.groups.into_values().collect();
        list.sort_unstable_by_key(|group| (std::cmp::Reverse(group.size), group.ordinal));
        list
    }
}

/// The groups of two and more of a list, each text compared with the newest
/// ones before it, up to `limit_texts`.
pub fn groups<K, T: AsRef<str>>(
    records: impl IntoIterator<Item = (K, T, Option<Timestamp>)>,
    limit_texts: usize,
) -> Vec<Group<K>> {
    let mut groups = Groups::new(limit_texts);
    for (key, text, time) in records {
        groups.add(key, text.as_ref(), time);
    }
    groups.finish()
}

/// Ordinals are ids of the index.
fn id_of(ordinal: u64) -> i64 {
    i64::try_from(ordinal).unwrap_or(i64::MAX)
}

fn ordinal_of(id: i64) -> u64 {
    u64::try_from(id).unwrap_or(0)
}
