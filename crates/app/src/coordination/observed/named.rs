//! What posts name that may come later: native ids, handles.
//!
//! In: posts with the names in them, in turn. Out: the same in the same order.
//! Errors: those of the spool's room. Cost: 28 bytes a name, and itself, in the spool.
//! Limits: the first 4 billion names.

use crate::coordination::observed::log::{Log, Place, Record, Texts};
use crate::coordination::observed::names::{Print, Sighted};
use std::sync::Arc;
use store::spool::SpoolRoom;

/// What a post names that may come later.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// The post, and what the name is found by.
    of: Sighted,
    /// A native id, or a handle in lower case.
    name: Place,
}

impl Record for Open {
    type Bytes = [u8; 28];
    fn to_bytes(&self) -> Self::Bytes {
        let mut bytes = [0; 28];
        let (of, name) = bytes.split_at_mut(16);
        of.copy_from_slice(&self.of.to_bytes());
        name.copy_from_slice(&self.name.to_bytes());
        bytes
    }
    fn of(bytes: &[u8]) -> Self {
        Self { of: Sighted::of(bytes), name: Place::of(bytes.get(16..).unwrap_or_default()) }
    }
}

/// What posts name, until it is known whom or what they mean.
#[derive(Debug)]
pub(super) struct Named {
    texts: Texts,
    log: Log<Open>,
}

impl Named {
    /// Nothing yet.
    pub(super) fn new(room: &Arc<SpoolRoom>) -> Self {
        Self { texts: Texts::new(room), log: Log::new(room) }
    }

    /// A post names something.
    pub(super) fn push(&mut self, post: u32, name: &str) {
        let place = self.texts.push(name);
        self.log.push(&Open { of: Sighted { print: Print::of(name), number: post }, name: place });
    }

    /// What the names are found by, in turn.
    pub(super) fn prints(&self) -> impl Iterator<Item = Print> + '_ {
        self.log.iter().map(|open| open.of.print)
    }

    /// Number, post and name of each, in turn: posts rise.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32, String)> + '_ {
        (0_u32..u32::MAX)
            .zip(self.log.iter())
            .map(|(at, open)| (at, open.of.number, self.texts.get(open.name)))
    }
}
