//! Accounts as posts described them: what is asked for often in memory, the
//! whole description in a spool.
//!
//! In: descriptions with the second of the post beside which they stood. Out:
//! the newest one and every handle. Errors: those of the spool's room.
//! Cost: about 250 bytes an account with its name and handle; a description
//! that changed is written, and read when it is asked for.
//! Limits: [`HANDLES_KEPT`].

use crate::coordination::observed::log::{Place, Texts};
use crate::coordination::observed::names::{Names, Numbers};
use model::{Account, Timestamp};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Handles kept of one account.
pub const HANDLES_KEPT: usize = 20;

/// An account as posts described it.
#[derive(Debug, Default)]
struct Person {
    /// Where its newest description is, and a hash of it.
    newest: Option<(Place, u64)>,
    /// When that was, s.
    described_at: u32,
    /// Its newest handle, by number.
    handle: Option<u32>,
    created_at: Option<Timestamp>,
    /// Handles with the second in which each was first seen, in the order of arrival.
    handles: Vec<(u32, u32)>,
}

/// Accounts by number.
#[derive(Debug)]
pub struct People {
    people: Vec<Person>,
    handles: Names,
    texts: Texts,
}

impl People {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        Self { people: Vec::new(), handles: Names::default(), texts: Texts::new(room) }
    }

    /// About what is in memory whatever the room's limit, bytes.
    pub fn resident(&self) -> u64 {
        // A handle of its own for nearly everybody.
        self.people.capacity() as u64 * (size_of::<Person>() as u64 + 16) + self.handles.resident()
    }

    /// Takes the description beside a post.
    pub fn describe(&mut self, number: u32, account: &Account, time: u32) {
        if self.people.len() <= number as usize {
            self.people.resize_with(number as usize + 1, Person::default);
        }
        let Some(person) = self.people.get_mut(number as usize) else { return };
        let handle = account.handle.as_deref().and_then(|handle| self.handles.number(handle));
        if let Some(handle) = handle {
            let is_known = person.handles.iter().any(|(known, _)| *known == handle);
            if !is_known && person.handles.len() < HANDLES_KEPT {
                person.handles.reserve_exact(1);
                person.handles.push((handle, time));
            }
        }
        if person.newest.is_none() || time >= person.described_at {
            person.described_at = time;
            set_newest(person, &mut self.texts, account, handle);
        }
    }

    /// Puts a fuller description in place of the newest one.
    pub fn complete(&mut self, number: u32, account: &Account) {
        let Some(person) = self.people.get_mut(number as usize) else { return };
        let handle = account.handle.as_deref().and_then(|handle| self.handles.number(handle));
        person.handles.extend(handle.map(|handle| (handle, 0)));
        set_newest(person, &mut self.texts, account, handle);
    }

    fn person(&self, number: u32) -> Option<&Person> {
        self.people.get(number as usize)
    }

    /// Whether a post described it.
    pub fn is_described(&self, number: u32) -> bool {
        self.person(number).is_some_and(|person| person.newest.is_some())
    }

    /// The newest description.
    pub fn account(&self, number: u32) -> Option<Account> {
        let (place, _) = self.person(number)?.newest?;
        serde_json::from_str(&self.texts.get(place)).ok()
    }

    /// The newest handle.
    pub fn handle(&self, number: u32) -> Option<&str> {
        Some(self.handles.name(self.person(number)?.handle?))
    }

    /// When it was made.
    pub fn created_at(&self, number: u32) -> Option<Timestamp> {
        self.person(number)?.created_at
    }

    /// Handles with the second in which each was first seen, in the order of arrival.
    pub fn handles(&self, number: u32) -> impl Iterator<Item = (&str, u32)> {
        let seen = self.person(number).into_iter().flat_map(|person| &person.handles);
        seen.map(|(handle, time)| (self.handles.name(*handle), *time))
    }

    /// Whose each handle is, in lower case: the account of the highest number that had it.
    pub fn owners(&self) -> Numbers {
        let mut owners = Numbers::default();
        for (number, person) in (0_u32..).zip(&self.people) {
            for (handle, _) in &person.handles {
                owners.give(&self.handles.name(*handle).to_lowercase(), number);
            }
        }
        owners
    }
}

fn set_newest(person: &mut Person, texts: &mut Texts, account: &Account, handle: Option<u32>) {
    person.handle = handle;
    person.created_at = account.created_at;
    let Ok(told) = serde_json::to_string(account) else { return };
    let mut hasher = DefaultHasher::new();
    told.hash(&mut hasher);
    let hash = hasher.finish();
    if person.newest.is_none_or(|(_, known)| known != hash) {
        person.newest = Some((texts.push(&told), hash));
    }
}
