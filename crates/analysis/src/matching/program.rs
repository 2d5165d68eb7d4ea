//! Expressions as flat programs over slots.
//!
//! In: an [`Expr`]. Out: instructions with jumps; running them touches no text.
//! Cost: one instruction per word; places are compared only where a phrase or
//! `NEAR` asks and all its words are present.

use super::dictionary::{Builder, Kind, Slot, count};
use super::scratch::Slots;
use model::query::{Document, Expr, Field, Leaf, matches};
use std::ops::Range;

/// One instruction; each works on one truth value.
#[derive(Debug, Clone, Copy)]
enum Op {
    /// True.
    True,
    /// Whether a slot is filled.
    Filled(Slot),
    /// Whether a phrase stands somewhere.
    Phrase(u32),
    /// Whether two sides stand near each other.
    Near(u32),
    /// Whether a field that has no slot holds.
    Field(u32),
    /// The opposite.
    Not,
    /// To this instruction when false.
    UnlessJump(u32),
    /// To this instruction when true.
    IfJump(u32),
}

/// One alternative of a side of `NEAR`.
#[derive(Debug, Clone, Copy)]
enum Spot {
    Word(Slot),
    Phrase(u32),
}

#[derive(Debug, Clone)]
struct Near {
    left: Box<[Spot]>,
    right: Box<[Spot]>,
    distance: u32,
}

/// All programs of a matcher.
#[derive(Debug, Clone, Default)]
pub(super) struct Programs {
    ops: Vec<Op>,
    phrases: Vec<Box<[Slot]>>,
    nears: Vec<Near>,
    fields: Vec<Expr>,
}

/// Memory used while comparing places; kept between posts.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    starts: Vec<u32>,
    left: Vec<(u32, u32)>,
    right: Vec<(u32, u32)>,
}

impl Programs {
    /// Appends the program of an expression and says where it stands. Slots
    /// whose places matter are added to `placed`.
    pub(super) fn append(&mut self, expr: &Expr, terms: &mut Builder, placed: &mut Vec<Slot>) -> Range<u32> {
        let start = count(self.ops.len());
        self.compile(expr, terms, placed);
        start..count(self.ops.len())
    }

    fn compile(&mut self, expr: &Expr, terms: &mut Builder, placed: &mut Vec<Slot>) {
        let op = match expr {
            Expr::All => Op::True,
            Expr::Leaf(Leaf::Phrase(_)) => Op::Phrase(self.phrase_of(expr, terms, placed)),
            Expr::Leaf(leaf) => Op::Filled(slot_of_leaf(leaf, terms).unwrap_or_default()),
            Expr::Near { left, right, distance } => {
                let left = self.spots(left, terms, placed);
                let right = self.spots(right, terms, placed);
                self.nears.push(Near { left, right, distance: *distance });
                Op::Near(count(self.nears.len() - 1))
            }
            Expr::Field(field) => match slot_of_field(field, terms) {
                Some(slot) => Op::Filled(slot),
                None => {
                    self.fields.push(expr.clone());
                    Op::Field(count(self.fields.len() - 1))
                }
            },
            Expr::Not(inner) => {
                self.compile(inner, terms, placed);
                Op::Not
            }
            Expr::And(list) => return self.joined(list, true, terms, placed),
            Expr::Or(list) => return self.joined(list, false, terms, placed),
        };
        self.ops.push(op);
    }

    /// A list whose first `false` (for AND) or `true` (for OR) decides; the
    /// cheap members come first.
    fn joined(&mut self, list: &[Expr], all: bool, terms: &mut Builder, placed: &mut Vec<Slot>) {
        let mut ordered: Vec<&Expr> = list.iter().collect();
        ordered.sort_by_key(|expr| cost_rank(expr));
        let mut jumps = Vec::with_capacity(ordered.len());
        for (index, expr) in ordered.iter().enumerate() {
            self.compile(expr, terms, placed);
            if index + 1 < ordered.len() {
                jumps.push(self.ops.len());
                self.ops.push(Op::True);
            }
        }
        if ordered.is_empty() {
            self.ops.push(Op::True);
            if !all {
                self.ops.push(Op::Not);
            }
        }
        let end = count(self.ops.len());
        for jump in jumps {
            if let Some(op) = self.ops.get_mut(jump) {
                *op = if all { Op::UnlessJump(end) } else { Op::IfJump(end) };
            }
        }
    }

    fn phrase_of(&mut self, expr: &Expr, terms: &mut Builder, placed: &mut Vec<Slot>) -> u32 {
        let words = if let Expr::Leaf(Leaf::Phrase(words)) = expr { words.as_slice() } else { &[] };
        let slots: Box<[Slot]> = words.iter().map(|word| terms.word(word)).collect();
        placed.extend(slots.iter());
        self.phrases.push(slots);
        count(self.phrases.len() - 1)
    }

    fn spots(&mut self, leaves: &[Leaf], terms: &mut Builder, placed: &mut Vec<Slot>) -> Box<[Spot]> {
        leaves
            .iter()
            .map(|leaf| match slot_of_leaf(leaf, terms) {
                Some(slot) => {
                    placed.push(slot);
                    Spot::Word(slot)
                }
                None => Spot::Phrase(self.phrase_of(&Expr::Leaf(leaf.clone()), terms, placed)),
            })
            .collect()
    }

    /// Whether the program that stands at `range` says that the post matches.
    pub(super) fn run(
        &self,
        range: &Range<u32>,
        document: &Document<'_>,
        slots: &Slots,
        places: &mut Places,
    ) -> bool {
        let mut holds = true;
        let mut at = range.start;
        while at < range.end
            && let Some(op) = self.ops.get(at as usize)
        {
            at += 1;
            match *op {
                Op::True => holds = true,
                Op::Filled(slot) => holds = slots.is_filled(slot),
                Op::Not => holds = !holds,
                Op::UnlessJump(end) if !holds => at = end,
                Op::IfJump(end) if holds => at = end,
                Op::UnlessJump(_) | Op::IfJump(_) => {}
                Op::Phrase(phrase) => {
                    self.find_phrase(phrase, slots, &mut places.starts);
                    holds = !places.starts.is_empty();
                }
                Op::Near(near) => {
                    holds = self.nears.get(near as usize).is_some_and(|n| self.is_near(n, slots, places))
                }
                Op::Field(field) => {
                    holds = self.fields.get(field as usize).is_some_and(|field| matches(field, document));
                }
            }
        }
        holds
    }

    /// Positions at which a phrase begins, ascending.
    fn find_phrase(&self, phrase: u32, slots: &Slots, starts: &mut Vec<u32>) {
        starts.clear();
        let words = self.phrases.get(phrase as usize).map(AsRef::as_ref).unwrap_or_default();
        let Some((first, rest)) = words.split_first() else { return };
        if !words.iter().all(|word| slots.is_filled(*word)) {
            return;
        }
        starts.extend(slots.positions(*first));
        for (word, distance) in rest.iter().zip(1u32..) {
            let mut there = slots.positions(*word).peekable();
            starts.retain(|start| {
                let wanted = start + distance;
                while there.next_if(|position| *position < wanted).is_some() {}
                there.peek() == Some(&wanted)
            });
        }
    }

    fn is_near(&self, near: &Near, slots: &Slots, places: &mut Places) -> bool {
        let Places { starts, left, right } = places;
        self.collect(&near.left, slots, starts, left);
        if left.is_empty() {
            return false;
        }
        self.collect(&near.right, slots, starts, right);
        // Within the distance after the left place …
        right.sort_unstable();
        let follows = |&(_, last): &(u32, u32)| {
            let next = right.partition_point(|(first, _)| *first <= last);
            right.get(next).is_some_and(|(first, _)| first - last <= near.distance)
        };
        if left.iter().any(follows) {
            return true;
        }
        // … or before it.
        right.sort_unstable_by_key(|(_, last)| *last);
        left.iter().any(|&(first, _)| {
            let next = right.partition_point(|(_, last)| *last < first);
            let before = next.checked_sub(1).and_then(|index| right.get(index));
            before.is_some_and(|(_, last)| first - last <= near.distance)
        })
    }

    /// First and last position of every place of the alternatives.
    fn collect(&self, spots: &[Spot], slots: &Slots, starts: &mut Vec<u32>, out: &mut Vec<(u32, u32)>) {
        out.clear();
        for spot in spots {
            match *spot {
                Spot::Word(slot) => out.extend(slots.positions(slot).map(|position| (position, position))),
                Spot::Phrase(phrase) => {
                    self.find_phrase(phrase, slots, starts);
                    let len = self.phrases.get(phrase as usize).map_or(0, |words| words.len());
                    let more = count(len.saturating_sub(1));
                    out.extend(starts.iter().map(|start| (*start, start + more)));
                }
            }
        }
    }

    /// Memory held, bytes, without what fields hold.
    pub(super) fn size_bytes(&self) -> usize {
        let slots: usize = self.phrases.iter().map(|words| words.len()).sum();
        let spots: usize = self.nears.iter().map(|near| near.left.len() + near.right.len()).sum();
        self.ops.capacity() * size_of::<Op>()
            + self.phrases.capacity() * size_of::<Box<[Slot]>>()
            + slots * size_of::<Slot>()
            + self.nears.capacity() * size_of::<Near>()
            + spots * size_of::<Spot>()
            + self.fields.capacity() * size_of::<Expr>()
    }
}

/// The slot of a leaf of one word.
pub(super) fn slot_of_leaf(leaf: &Leaf, terms: &mut Builder) -> Option<Slot> {
    match leaf {
        Leaf::Word(word) => Some(terms.word(word)),
        Leaf::Prefix(prefix) => Some(terms.prefix(prefix)),
        Leaf::Phrase(_) => None,
    }
}

/// The slot of a field that is looked up; the others are compared one by one.
pub(super) fn slot_of_field(field: &Field, terms: &mut Builder) -> Option<Slot> {
    match field {
        Field::Hashtag(tag) => Some(terms.fact(Kind::Hashtag, tag)),
        Field::Author(author) => Some(terms.fact(Kind::Author, author)),
        Field::To(handle) => Some(terms.fact(Kind::To, handle)),
        Field::Domain(domain) => Some(terms.fact(Kind::Domain, domain)),
        _ => None,
    }
}

fn cost_rank(expr: &Expr) -> u8 {
    match expr {
        Expr::All | Expr::Leaf(Leaf::Word(_) | Leaf::Prefix(_)) => 0,
        Expr::Field(Field::Label(_)) => 2,
        Expr::Field(_) => 1,
        Expr::Not(inner) => cost_rank(inner),
        Expr::And(_) | Expr::Or(_) => 3,
        Expr::Leaf(Leaf::Phrase(_)) => 4,
        Expr::Near { .. } => 5,
    }
}
