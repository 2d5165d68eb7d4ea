//! How far a message of a group has come, with the posts that tell it: what an
//! alert rests on when the message leaves its circle.
//!
//! In: interactions in the order in which they are counted. Out: [`Reach`].
//! Errors: none. Cost: constant. Posts are kept by the key of their record: an
//! edit or new figures leave it as it is.
//! Limits: [`POSTS_MAX`], [`CARRIERS_MAX`], [`LEFT_OUT_MAX`]. After the crossing nothing changes.

use crate::coordination::report::views::GroupReport;
use crate::coordination::workspace::kept::{GroupKept, Kept, Mark};
use crate::coordination::workspace::live::person_key;
use model::{Doubt, LeftOut, PostKind, RecordKey, Timestamp, Trace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Posts of members that are kept of a message, the first.
pub(crate) const POSTS_MAX: usize = 3;
/// First accounts outside that are kept of a message.
pub(crate) const CARRIERS_MAX: usize = 10;
/// Accounts that are told apart among those left out of the audience of a message; more are not counted.
pub const LEFT_OUT_MAX: usize = 10_000;

/// One interaction with a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    /// Its record; `None` when it was not asked for.
    pub key: Option<RecordKey>,
    /// `network:native id` of the account.
    pub account: &'a str,
    /// The account belongs to the group.
    pub is_member: bool,
    /// What speaks against counting it as the audience.
    pub doubt: Option<Doubt>,
    /// It carries the message on.
    pub carries: bool,
}

/// A message of a group that reached an audience.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Crossing {
    /// The group.
    pub group: String,
    /// Its place among the groups of the run, the strongest first.
    pub place: usize,
    /// Other groups with the same message, the strongest first.
    pub also: Vec<String>,
    /// What it did with the message.
    pub trace: Trace,
    /// Hash of trace and object.
    pub message: u64,
    /// How far it had come when it crossed.
    pub reach: Reach,
}

impl Crossing {
    /// Of the group and the key of a message; `None` when the run does not hold it any more.
    pub(crate) fn of(kept: &Kept, (group, message, reach): (String, u64, Reach)) -> Option<Self> {
        let place = kept.report.groups.iter().position(|known| known.id == group)?;
        let trace = kept.groups.get(place)?.marks.iter().find(|mark| mark.key == message)?.trace;
        let also = others_with(kept, message, place);
        Some(Self { group, place, also, trace, message, reach })
    }

    /// The messages of a run that crossed later than this.
    pub(crate) fn since(kept: &Kept, since: Timestamp) -> Vec<Self> {
        let groups = kept.report.groups.iter().zip(&kept.groups).enumerate();
        let of_group = |(place, (group, rest)): (usize, (&GroupReport, &GroupKept))| {
            let is_new = |mark: &&Mark| mark.reach.crossed_at.is_some_and(|at| at > since);
            let told = |mark: &Mark| Self {
                group: group.id.clone(),
                place,
                also: others_with(kept, mark.key, place),
                trace: mark.trace,
                message: mark.key,
                reach: mark.reach.clone(),
            };
            rest.marks.iter().filter(is_new).map(told).collect::<Vec<_>>()
        };
        groups.flat_map(of_group).collect()
    }
}

/// The groups that carry a message, but for the one at a place.
fn others_with(kept: &Kept, message: u64, but: usize) -> Vec<String> {
    let groups = kept.report.groups.iter().zip(&kept.groups).enumerate();
    let carry = groups
        .filter(|(place, (_, rest))| *place != but && rest.marks.iter().any(|mark| mark.key == message));
    carry.map(|(_, (group, _))| group.id.clone()).collect()
}

/// True when a post of this kind carries what it is about to others.
pub(crate) fn carries(kind: PostKind) -> bool {
    kind != PostKind::Reply
}

/// How far a message has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reach {
    /// Interactions of members.
    pub inside: u64,
    /// Of others.
    pub outside: u64,
    /// Posts of members, the first.
    pub posts: Vec<RecordKey>,
    /// Posts of the first accounts outside that carried it on, with the account, hashed.
    pub carriers: Vec<(u32, RecordKey)>,
    /// Accounts outside, hashed, that are not counted as the audience.
    #[serde(default)]
    left_out: BTreeMap<u32, Doubt>,
    /// When it reached an audience.
    pub crossed_at: Option<Timestamp>,
}

impl Reach {
    /// Counts an interaction.
    pub(crate) fn add(&mut self, act: &Act<'_>) {
        if self.crossed_at.is_some() {
            return;
        }
        if act.is_member {
            self.inside += 1;
            self.posts.extend(act.key.filter(|_| self.posts.len() < POSTS_MAX));
            return;
        }
        self.outside += 1;
        let person = person_key(act.account);
        if let Some(doubt) = act.doubt {
            if self.left_out.len() < LEFT_OUT_MAX || self.left_out.contains_key(&person) {
                self.left_out.insert(person, doubt);
            }
            return;
        }
        // What spoke against it may have gone: a group that was dismissed meanwhile.
        self.left_out.remove(&person);
        let is_first = self.carriers.iter().all(|(known, _)| *known != person);
        if act.carries && is_first && self.carriers.len() < CARRIERS_MAX {
            self.carriers.extend(act.key.map(|key| (person, key)));
        }
    }

    /// Accounts outside that are not counted as the audience.
    pub(crate) fn left_out(&self) -> LeftOut {
        LeftOut::of(self.left_out.values().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_posts_are_kept_each_account_once_and_nothing_after_the_crossing() {
        let mut reach = Reach::default();
        let key = |number: usize| Some(RecordKey([u8::try_from(number).unwrap(); 16]));
        let act = |key, account, is_member, carries| Act { key, account, is_member, doubt: None, carries };
        for number in 0..2 * POSTS_MAX {
            reach.add(&act(key(number), "x:granja", true, true));
        }
        assert_eq!((reach.inside, reach.posts.len()), (2 * POSTS_MAX as u64, POSTS_MAX));
        let names: Vec<String> = (0..2 * CARRIERS_MAX).map(|number| format!("x:vecina{number}")).collect();
        reach.add(&act(key(90), &names[0], false, false));
        assert!(reach.carriers.is_empty(), "an answer carries nothing");
        for (number, name) in names.iter().enumerate() {
            reach.add(&act(key(100 + number), name, false, true));
            reach.add(&act(key(150), name, false, true));
        }
        assert_eq!(reach.outside, 4 * CARRIERS_MAX as u64 + 1);
        let first: Vec<u8> = reach.carriers.iter().map(|(_, key)| key.0[0]).collect();
        assert_eq!(first, (100..100 + CARRIERS_MAX as u8).collect::<Vec<_>>());
        reach.crossed_at = Some(Timestamp::from_millis(1));
        let before = reach.clone();
        reach.add(&act(key(1), "x:tarde", false, true));
        assert_eq!(reach, before);
    }

    #[test]
    fn whom_something_speaks_against_acts_but_is_no_audience() {
        let mut reach = Reach::default();
        let key = Some(RecordKey([7; 16]));
        let act = |account, doubt| Act { key, account, is_member: false, doubt, carries: true };
        for _ in 0..3 {
            reach.add(&act("x:granja", Some(Doubt::Coordinated)));
            reach.add(&act("x:cascaron", Some(Doubt::Inactive)));
        }
        assert_eq!((reach.outside, reach.carriers.len()), (6, 0));
        assert_eq!(reach.left_out(), LeftOut { coordinated: 1, copied: 0, inactive: 1 });
        reach.add(&act("x:granja", None));
        assert_eq!((reach.outside, reach.carriers.len(), reach.left_out().total()), (7, 1, 1));
    }
}
