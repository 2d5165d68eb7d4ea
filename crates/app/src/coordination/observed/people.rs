//! Accounts as posts described them, the descriptions in a spool.
//!
//! In: descriptions with the second of the post beside which they stood. Out:
//! the newest one and every handle. Errors: those of the spool's room.
//! Cost: 24 bytes an account in memory; a description or a handle that changed
//! is written, and read when it is asked for.
//! Limits: [`HANDLES_KEPT`]; a change is missed when hashes of 64 bits, of a
//! handle 32, are the same.

use crate::coordination::observed::directory::Directory;
use crate::coordination::observed::log::{Log, Place, Record, Texts, bytes_of, number};
use model::{Account, Timestamp};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Handles kept of one account.
pub const HANDLES_KEPT: usize = 20;

/// An account as posts described it.
#[derive(Debug, Clone, Copy, Default)]
struct Person {
    /// A hash of its newest description.
    told: u64,
    /// The place of that among the descriptions, plus one.
    newest: u32,
    /// When that was, s.
    described_at: u32,
    /// The place of the handle that was first seen last, plus one.
    last_handle: u32,
    /// A hash of the handle that was seen last.
    handle: u32,
}

/// A description.
#[derive(Debug, Clone, Copy)]
struct Described {
    /// As it was told.
    whole: Place,
    /// Its handle; of no length without one.
    handle: Place,
    /// ms since 1970; [`i64::MIN`] when it is not known.
    created_ms: i64,
}

impl Record for Described {
    type Bytes = [u8; 32];
    fn to_bytes(&self) -> Self::Bytes {
        let mut bytes = [0; 32];
        let (whole, rest) = bytes.split_at_mut(12);
        let (handle, created) = rest.split_at_mut(12);
        whole.copy_from_slice(&self.whole.to_bytes());
        handle.copy_from_slice(&self.handle.to_bytes());
        created.copy_from_slice(&self.created_ms.to_le_bytes());
        bytes
    }
    fn of(bytes: &[u8]) -> Self {
        let part = |from: usize| bytes.get(from..).unwrap_or_default();
        let created = part(24).first_chunk().copied().unwrap_or_default();
        Self {
            whole: Place::of(part(0)),
            handle: Place::of(part(12)),
            created_ms: i64::from_le_bytes(created),
        }
    }
}

impl Described {
    fn created_at(&self) -> Option<Timestamp> {
        (self.created_ms != i64::MIN).then(|| Timestamp::from_millis(self.created_ms))
    }
}

/// What an account was in its newest description.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Newest {
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Its handle.
    pub handle: Option<String>,
}

/// A handle of an account.
#[derive(Debug, Clone, Copy)]
struct Handle {
    name: Place,
    /// The second in which it was first seen.
    time: u32,
    /// The place of the one before it, plus one.
    before: u32,
}

impl Record for Handle {
    type Bytes = [u8; 20];
    fn to_bytes(&self) -> Self::Bytes {
        let mut bytes = [0; 20];
        let (name, rest) = bytes.split_at_mut(12);
        name.copy_from_slice(&self.name.to_bytes());
        rest.copy_from_slice(&bytes_of::<2, 8>([self.time, self.before]));
        bytes
    }
    fn of(bytes: &[u8]) -> Self {
        Self { name: Place::of(bytes), time: number(bytes, 3), before: number(bytes, 4) }
    }
}

/// Accounts by number.
#[derive(Debug)]
pub struct People {
    people: Vec<Person>,
    descriptions: Log<Described>,
    handles: Log<Handle>,
    texts: Texts,
}

impl People {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        let (descriptions, handles) = (Log::new(room), Log::new(room));
        Self { people: Vec::new(), descriptions, handles, texts: Texts::new(room) }
    }

    /// About what is in memory whatever the room's limit, bytes.
    pub fn resident(&self) -> u64 {
        self.people.len() as u64 * size_of::<Person>() as u64
    }

    /// Takes the description beside a post.
    pub fn describe(&mut self, number: u32, account: &Account, time: u32) {
        if self.people.len() <= number as usize {
            self.people.resize(number as usize + 1, Person::default());
        }
        let Some(mut person) = self.person(number) else { return };
        if let Some(handle) = account.handle.as_deref() {
            self.add_handle(&mut person, handle, time);
        }
        if person.newest == 0 || time >= person.described_at {
            person.described_at = time;
            self.set_newest(&mut person, account);
        }
        self.put(number, person);
    }

    /// Puts a fuller description in place of the newest one.
    pub fn complete(&mut self, number: u32, account: &Account) {
        let Some(mut person) = self.person(number) else { return };
        if let Some(handle) = account.handle.as_deref() {
            self.add_handle(&mut person, handle, 0);
        }
        self.set_newest(&mut person, account);
        self.put(number, person);
    }

    fn person(&self, number: u32) -> Option<Person> {
        self.people.get(number as usize).copied()
    }

    fn put(&mut self, number: u32, person: Person) {
        if let Some(place) = self.people.get_mut(number as usize) {
            *place = person;
        }
    }

    /// Notes a handle when it is seen for the first time.
    fn add_handle(&mut self, person: &mut Person, handle: &str, time: u32) {
        // One half of the hash is enough to tell the two newest apart.
        let hash = hash_of(handle) as u32;
        if person.last_handle > 0 && person.handle == hash {
            return;
        }
        person.handle = hash;
        let known = self.handles_of(person);
        let is_known = known.iter().any(|known| self.texts.get(known.name) == handle);
        let place = u32::try_from(self.handles.len() + 1);
        if let (false, true, Ok(place)) = (is_known, known.len() < HANDLES_KEPT, place) {
            let name = self.texts.push(handle);
            self.handles.push(&Handle { name, time, before: person.last_handle });
            person.last_handle = place;
        }
    }

    fn set_newest(&mut self, person: &mut Person, account: &Account) {
        let Ok(told) = serde_json::to_string(account) else { return };
        let hash = hash_of(&told);
        if person.newest > 0 && person.told == hash {
            return;
        }
        let Ok(place) = u32::try_from(self.descriptions.len() + 1) else { return };
        let whole = self.texts.push(&told);
        let handle = account.handle.as_deref().map_or_else(Place::default, |handle| self.texts.push(handle));
        let created_ms = account.created_at.map_or(i64::MIN, Timestamp::millis);
        self.descriptions.push(&Described { whole, handle, created_ms });
        (person.newest, person.told) = (place, hash);
    }

    /// The handles of an account, the one that was first seen last before the others.
    fn handles_of(&self, person: &Person) -> Vec<Handle> {
        let handle = |place: u32| self.handles.get(u64::from(place.checked_sub(1)?));
        std::iter::successors(handle(person.last_handle), |last| handle(last.before)).collect()
    }

    fn described(&self, number: u32) -> Option<Described> {
        let place = self.person(number)?.newest.checked_sub(1)?;
        self.descriptions.get(u64::from(place))
    }

    /// Whether a post described it.
    pub fn is_described(&self, number: u32) -> bool {
        self.person(number).is_some_and(|person| person.newest > 0)
    }

    /// The newest description.
    pub fn account(&self, number: u32) -> Option<Account> {
        serde_json::from_str(&self.texts.get(self.described(number)?.whole)).ok()
    }

    /// The handle of the newest description.
    pub fn handle(&self, number: u32) -> Option<String> {
        self.handle_in(&self.described(number)?)
    }

    /// When it was made.
    pub fn created_at(&self, number: u32) -> Option<Timestamp> {
        self.described(number)?.created_at()
    }

    /// Both, with one look; nothing where no post described it.
    pub fn newest(&self, number: u32) -> Newest {
        self.described(number).map_or_else(Newest::default, |described| Newest {
            created_at: described.created_at(),
            handle: self.handle_in(&described),
        })
    }

    fn handle_in(&self, described: &Described) -> Option<String> {
        (described.handle.length > 0).then(|| self.texts.get(described.handle))
    }

    /// Handles with the second in which each was first seen, in the order of arrival.
    pub fn handles(&self, number: u32) -> impl Iterator<Item = (String, u32)> + '_ {
        let person = self.person(number).unwrap_or_default();
        let seen = self.handles_of(&person);
        seen.into_iter().rev().map(|handle| (self.texts.get(handle.name), handle.time))
    }

    /// Whose each handle is, in lower case: the account of the highest number that had it.
    pub(super) fn owners(&self, room: &Arc<SpoolRoom>) -> Directory {
        let mut owners = Directory::new(room);
        for (number, person) in (0_u32..).zip(&self.people) {
            for handle in self.handles_of(person) {
                owners.give(&self.texts.get(handle.name).to_lowercase(), [number, 0]);
            }
        }
        owners
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{NativeId, Network};

    #[test]
    fn the_newest_description_and_every_handle_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let account = |handle: &str, name: &str| {
            let mut account = Account::bare(Network::X, NativeId::parse("7").unwrap());
            account.handle = Some(handle.to_owned());
            account.name = Some(name.to_owned());
            account
        };
        for limit in [u64::MAX, 0] {
            let room = SpoolRoom::open(folder.path(), limit).unwrap();
            let mut people = People::new(&room);
            for (handle, time) in [("uno", 5), ("dos", 9), ("uno", 7), ("dos", 9), ("uno", 12)] {
                people.describe(1, &account(handle, "Nombre"), time);
            }
            people.describe(1, &account("tres", "antes"), 3);
            let handles: Vec<(String, u32)> = people.handles(1).collect();
            assert_eq!(handles, [("uno", 5), ("dos", 9), ("tres", 3)].map(|(one, at)| (one.to_owned(), at)));
            assert_eq!(people.handle(1).as_deref(), Some("uno"));
            assert_eq!(people.account(1).unwrap().name.as_deref(), Some("Nombre"));
            assert!(people.is_described(1) && !people.is_described(0) && people.handle(0).is_none());
            assert_eq!(people.descriptions.len(), 3, "the same again is not written");
            for turn in 0..50 {
                people.describe(2, &account(&format!("h{turn}"), ""), turn);
            }
            assert_eq!(people.handles(2).count(), HANDLES_KEPT);
            people.complete(0, &account("cero", "Completa"));
            assert_eq!(people.handle(0).as_deref(), Some("cero"));
            room.check().unwrap();
        }
    }
}
