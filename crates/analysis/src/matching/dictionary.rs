//! Every word, prefix and fact that any query asks about, each with a slot.
//!
//! In: the tokens and facts of a post. Out: the slots that it fills.
//! Cost: one hash and one or two probes per token; prefixes cost one more
//! probe for each length in use among prefixes with the same first two bytes.
//! Limits: slots are `u32`; hashes are compared together with their bytes, so
//! that a collision never fills a wrong slot.

use crate::hashing::{hash_bytes, hash_step, head_of};
use model::query::Word;
use std::collections::BTreeMap;
use std::ops::Range;

/// The number of one thing that queries ask about.
pub(super) type Slot = u32;

/// What a term is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Kind {
    /// A token of the text.
    Word = 0,
    /// A hashtag among the facts.
    Hashtag = 1,
    /// Handle or key of the author.
    Author = 2,
    /// A tagged account.
    To = 3,
    /// A host or a domain above it.
    Domain = 4,
}

const KIND_COUNT: usize = 5;
/// Bytes of a prefix that are hashed; the rest is compared.
const PREFIX_KEY_BYTES: usize = 8;
/// Marks a free place of a [`Table`].
const FREE: u32 = u32::MAX;

/// Collects terms; a term asked for twice keeps its slot.
#[derive(Debug, Default)]
pub(super) struct Builder {
    slots: Slot,
    terms: BTreeMap<(Kind, String), Draft>,
    prefixes: BTreeMap<String, Slot>,
}

#[derive(Debug, Default)]
struct Draft {
    any_spelling: Option<Slot>,
    spellings: Vec<(String, Slot)>,
}

impl Builder {
    /// The slot of a word, or of one exact spelling of it.
    pub(super) fn word(&mut self, word: &Word) -> Slot {
        let next = self.slots;
        let draft = self.terms.entry((Kind::Word, word.folded.clone())).or_default();
        let slot = match &word.exact {
            None => *draft.any_spelling.get_or_insert(next),
            Some(exact) => match draft.spellings.iter().find(|(spelling, _)| spelling == exact) {
                Some((_, slot)) => *slot,
                None => {
                    draft.spellings.push((exact.clone(), next));
                    next
                }
            },
        };
        self.taken(slot)
    }

    /// The slot of a prefix (folded).
    pub(super) fn prefix(&mut self, prefix: &str) -> Slot {
        let next = self.slots;
        let slot = *self.prefixes.entry(prefix.to_owned()).or_insert(next);
        self.taken(slot)
    }

    /// The slot of a fact.
    pub(super) fn fact(&mut self, kind: Kind, value: &str) -> Slot {
        let next = self.slots;
        let draft = self.terms.entry((kind, value.to_owned())).or_default();
        let slot = *draft.any_spelling.get_or_insert(next);
        self.taken(slot)
    }

    fn taken(&mut self, slot: Slot) -> Slot {
        self.slots = self.slots.max(slot + 1);
        slot
    }

    /// Number of slots given.
    pub(super) fn slot_count(&self) -> u32 {
        self.slots
    }

    /// The finished dictionary.
    pub(super) fn build(self) -> Dictionary {
        let mut dictionary = Dictionary {
            arena: String::new(),
            terms: Vec::with_capacity(self.terms.len()),
            spellings: Vec::new(),
            table: Table::with_room(self.terms.len()),
            in_use: [false; KIND_COUNT],
            prefixes: Prefixes::new(&self.prefixes),
        };
        for ((kind, text), draft) in self.terms {
            let first = count(dictionary.spellings.len());
            for (spelling, slot) in draft.spellings {
                let bytes = append(&mut dictionary.arena, &spelling);
                dictionary.spellings.push((bytes, slot));
            }
            let spellings = first..count(dictionary.spellings.len());
            dictionary.table.insert(hash(kind, text.as_bytes()), count(dictionary.terms.len()));
            let text = append(&mut dictionary.arena, &text);
            dictionary.terms.push(Term { kind, text, any_spelling: draft.any_spelling, spellings });
            if let Some(flag) = dictionary.in_use.get_mut(kind as usize) {
                *flag = true;
            }
        }
        dictionary
    }
}

/// The finished terms. Built once, read by every post.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    arena: String,
    terms: Vec<Term>,
    spellings: Vec<(Range<u32>, Slot)>,
    table: Table,
    in_use: [bool; KIND_COUNT],
    prefixes: Prefixes,
}

#[derive(Debug, Clone)]
struct Term {
    kind: Kind,
    text: Range<u32>,
    any_spelling: Option<Slot>,
    spellings: Range<u32>,
}

impl Dictionary {
    /// Calls `fill` with every slot that a token fills; `source` is the token
    /// as it stands in the text.
    pub(super) fn visit_token(&self, folded: &str, source: Option<&str>, fill: &mut impl FnMut(Slot)) {
        if let Some(term) = self.find(Kind::Word, folded) {
            if let Some(slot) = term.any_spelling {
                fill(slot);
            }
            let range = term.spellings.start as usize..term.spellings.end as usize;
            for (spelling, slot) in self.spellings.get(range).unwrap_or_default() {
                if source == Some(slice(&self.arena, spelling)) {
                    fill(*slot);
                }
            }
        }
        self.prefixes.visit(folded, fill);
    }

    /// Calls `fill` with the slot of a fact, if any query asks about it.
    pub(super) fn visit_fact(&self, kind: Kind, value: &str, fill: &mut impl FnMut(Slot)) {
        if let Some(slot) = self.find(kind, value).and_then(|term| term.any_spelling) {
            fill(slot);
        }
    }

    /// True when any query asks about facts of this kind.
    pub(super) fn asks_about(&self, kind: Kind) -> bool {
        self.in_use.get(kind as usize).copied().unwrap_or(false)
    }

    fn find(&self, kind: Kind, text: &str) -> Option<&Term> {
        let index = self.table.find(hash(kind, text.as_bytes()), |index| {
            self.terms
                .get(index as usize)
                .is_some_and(|term| term.kind == kind && slice(&self.arena, &term.text) == text)
        })?;
        self.terms.get(index as usize)
    }

    /// Memory held, bytes.
    pub(super) fn size_bytes(&self) -> usize {
        self.arena.capacity()
            + self.terms.capacity() * size_of::<Term>()
            + self.spellings.capacity() * size_of::<(Range<u32>, Slot)>()
            + self.table.size_bytes()
            + self.prefixes.size_bytes()
    }
}

/// Prefixes by their first bytes.
#[derive(Debug, Clone)]
struct Prefixes {
    arena: String,
    /// In the order of their text, so that those with one key stand together.
    list: Vec<(Range<u32>, Slot)>,
    /// Key → first of its run in `list`.
    table: Table,
    /// Key of each run with its end in `list`, at the index of its first.
    runs: Vec<(u64, u32)>,
    /// For the first two bytes of a token: bit `n − 1` is set when there is a
    /// prefix whose key has `n` bytes.
    lengths: Vec<u8>,
    /// Slot of the empty prefix, which every token fills.
    empty: Option<Slot>,
}

impl Prefixes {
    fn new(prefixes: &BTreeMap<String, Slot>) -> Self {
        let mut made = Self {
            arena: String::new(),
            list: Vec::with_capacity(prefixes.len()),
            table: Table::with_room(prefixes.len()),
            runs: Vec::with_capacity(prefixes.len()),
            lengths: Vec::new(),
            empty: None,
        };
        // A key of eight bytes may stand for itself and for longer prefixes:
        // their order by text keeps all of them in one run.
        let mut run: Option<(u64, usize, u32)> = None;
        for (text, slot) in prefixes {
            if text.is_empty() {
                made.empty = Some(*slot);
                continue;
            }
            let bytes = text.as_bytes();
            let len = bytes.len().min(PREFIX_KEY_BYTES);
            let key = masked(head_of(bytes), len);
            let index = count(made.list.len());
            let range = append(&mut made.arena, text);
            made.list.push((range, *slot));
            match run {
                Some((run_key, run_len, first)) if run_key == key && run_len == len => {
                    made.runs.push((key, 0));
                    if let Some(entry) = made.runs.get_mut(first as usize) {
                        entry.1 = index + 1;
                    }
                }
                _ => {
                    made.runs.push((key, index + 1));
                    made.table.insert(mixed(key, len), index);
                    run = Some((key, len, index));
                }
            }
            made.note_length(bytes, len);
        }
        made
    }

    fn note_length(&mut self, bytes: &[u8], len: usize) {
        if self.lengths.is_empty() {
            self.lengths = vec![0; 1 << 16];
        }
        let bit = 1u8 << (len - 1);
        let first = pair_of(bytes) & 0xff;
        // A prefix of one byte is followed by any byte.
        let seconds =
            if bytes.len() == 1 { 0..256 } else { (pair_of(bytes) >> 8)..(pair_of(bytes) >> 8) + 1 };
        for second in seconds {
            if let Some(lengths) = self.lengths.get_mut(first | second << 8) {
                *lengths |= bit;
            }
        }
    }

    fn visit(&self, folded: &str, fill: &mut impl FnMut(Slot)) {
        if let Some(slot) = self.empty {
            fill(slot);
        }
        let bytes = folded.as_bytes();
        let Some(&lengths) = self.lengths.get(pair_of(bytes)) else { return };
        let mut left = lengths;
        let head = head_of(bytes);
        while left != 0 {
            let len = left.trailing_zeros() as usize + 1;
            left &= left - 1;
            if len > bytes.len() {
                return;
            }
            let key = masked(head, len);
            let is_run = |index: u32| {
                let same_key = self.runs.get(index as usize).is_some_and(|(run, _)| *run == key);
                // Keys of different lengths differ unless a text holds NUL: compare.
                same_key && self.key_len(index) == len
            };
            let Some(first) = self.table.find(mixed(key, len), is_run) else { continue };
            let end = self.runs.get(first as usize).map_or(first, |(_, end)| *end);
            for (prefix, slot) in self.list.get(first as usize..end as usize).unwrap_or_default() {
                if folded.starts_with(slice(&self.arena, prefix)) {
                    fill(*slot);
                }
            }
        }
    }

    fn key_len(&self, index: u32) -> usize {
        self.list.get(index as usize).map_or(0, |(text, _)| text.len().min(PREFIX_KEY_BYTES))
    }

    fn size_bytes(&self) -> usize {
        self.arena.capacity()
            + self.list.capacity() * size_of::<(Range<u32>, Slot)>()
            + self.runs.capacity() * size_of::<(u64, u32)>()
            + self.lengths.capacity()
            + self.table.size_bytes()
    }
}

/// Open addressing with linear probing, at most half full. The high bits of a
/// hash give the place, the low ones stand beside the value.
#[derive(Debug, Clone)]
struct Table {
    places: Vec<(u32, u32)>,
}

/// The low bits of a hash.
fn tag(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or(0)
}

impl Table {
    fn with_room(len: usize) -> Self {
        Self { places: vec![(0, FREE); (len * 2).next_power_of_two().max(2)] }
    }

    fn place(&self, hash: u64) -> usize {
        // The high bits are the well mixed ones; the result is below the length.
        let bits = self.places.len().trailing_zeros();
        usize::try_from(hash >> (64 - bits.max(1))).unwrap_or(0)
    }

    fn insert(&mut self, hash: u64, value: u32) {
        let mask = self.places.len() - 1;
        let mut at = self.place(hash);
        while let Some(place) = self.places.get_mut(at) {
            if place.1 == FREE {
                *place = (tag(hash), value);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.places.len() - 1;
        let tag = tag(hash);
        let mut at = self.place(hash);
        loop {
            let &(found, value) = self.places.get(at)?;
            if value == FREE {
                return None;
            }
            if found == tag && is(value) {
                return Some(value);
            }
            at = (at + 1) & mask;
        }
    }

    fn size_bytes(&self) -> usize {
        self.places.capacity() * size_of::<(u32, u32)>()
    }
}

fn hash(kind: Kind, bytes: &[u8]) -> u64 {
    hash_bytes(kind as u64, bytes)
}

fn mixed(key: u64, len: usize) -> u64 {
    hash_step(len as u64, key)
}

/// The lowest `len` bytes (1 to 8) of a head.
fn masked(head: u64, len: usize) -> u64 {
    head & (u64::MAX >> (64 - 8 * len.clamp(1, PREFIX_KEY_BYTES)))
}

/// The first two bytes as an index; zero where there are fewer.
fn pair_of(bytes: &[u8]) -> usize {
    let byte = |index: usize| usize::from(bytes.get(index).copied().unwrap_or(0));
    byte(0) | byte(1) << 8
}

fn append(arena: &mut String, text: &str) -> Range<u32> {
    let start = count(arena.len());
    arena.push_str(text);
    start..count(arena.len())
}

fn slice<'a>(arena: &'a str, range: &Range<u32>) -> &'a str {
    arena.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// Sizes of what queries hold fit 32 bits: 4 GiB of query text is refused by memory first.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(dictionary: &Dictionary, token: &str, source: &str) -> Vec<Slot> {
        let mut slots = Vec::new();
        dictionary.visit_token(token, Some(source), &mut |slot| slots.push(slot));
        slots.sort_unstable();
        slots
    }

    #[test]
    fn finds_words_spellings_and_prefixes_of_any_length() {
        let mut builder = Builder::default();
        let word =
            |folded: &str, exact: Option<&str>| Word { folded: folded.into(), exact: exact.map(Into::into) };
        let any = builder.word(&word("asi", None));
        let exact = builder.word(&word("asi", Some("Así")));
        assert_eq!(builder.word(&word("asi", None)), any);
        let one = builder.prefix("p");
        let two = builder.prefix("pa");
        let eight = builder.prefix("panamana");
        let long = builder.prefix("panamanadas");
        let enye = builder.prefix("ña");
        let fact = builder.fact(Kind::Hashtag, "asi");
        let dictionary = builder.build();
        assert_eq!(filled(&dictionary, "asi", "Así"), [any, exact]);
        assert_eq!(filled(&dictionary, "asi", "asi"), [any]);
        assert_eq!(filled(&dictionary, "p", "p"), [one]);
        assert_eq!(filled(&dictionary, "panamana", "x"), [one, two, eight]);
        assert_eq!(filled(&dictionary, "panamanadas", "x"), [one, two, eight, long]);
        assert_eq!(filled(&dictionary, "ñame", "x"), [enye]);
        assert_eq!(filled(&dictionary, "luz", "x"), [0_u32; 0]);
        let mut facts = Vec::new();
        dictionary.visit_fact(Kind::Hashtag, "asi", &mut |slot| facts.push(slot));
        dictionary.visit_fact(Kind::To, "asi", &mut |slot| facts.push(slot));
        assert_eq!(facts, [fact]);
    }

    #[test]
    fn an_empty_prefix_is_filled_by_every_token() {
        let mut builder = Builder::default();
        let slot = builder.prefix("");
        assert_eq!(filled(&builder.build(), "x", "x"), [slot]);
    }
}
