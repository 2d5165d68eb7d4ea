//! The live matcher: which of many saved queries a post matches.
//!
//! In: a [`Document`]. Out: the ids of the queries that match, ascending;
//! exactly those of [`model::query::matches`].
//! Cost: about one hash per token, then only the queries whose rarest
//! necessary word, prefix or fact is present are weighed, without reading the
//! text again. Queries without such a word (`NOT agua`, `network:x`) are
//! weighed for every post. Building takes about 7 µs per query.
//! Source: token-hash percolator: necessary terms in a hash table, each
//! candidate then run as a flat program over the terms present.
//! Limits: as many queries as `u32` counts; memory is about 300 bytes per query
//! of five terms, see [`Matcher::size_bytes`].

mod anchors;
mod dictionary;
mod program;
mod scratch;
#[cfg(test)]
mod tests;

use anchors::{Anchor, anchors_of, is_settled_by_anchors};
use dictionary::{Builder, Dictionary, Kind, Slot, count};
use model::query::{Document, Expr};
use program::Programs;
pub use scratch::Scratch;
use std::ops::Range;

/// Many queries, ready to be matched together. To change one, build it anew.
#[derive(Debug, Clone)]
pub struct Matcher {
    dictionary: Dictionary,
    programs: Programs,
    queries: Vec<Query>,
    /// For each slot: what it brings forward.
    slots: Vec<SlotUse>,
    postings: Vec<Posting>,
    /// Queries that no slot brings forward.
    always: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Query {
    id: u64,
    program: Range<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct SlotUse {
    first_posting: u32,
    posting_count: u32,
    /// True when a phrase or `NEAR` asks where the slot stands.
    placed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Posting {
    query: u32,
    guard: Option<Slot>,
    /// True when the filled slot alone makes the query match.
    settled: bool,
}

impl Matcher {
    /// Prepares queries: pairs of an id and an expression. An id given twice
    /// matches when either expression does.
    pub fn new(queries: impl IntoIterator<Item = (u64, Expr)>) -> Self {
        let mut given: Vec<(u64, Expr)> = queries.into_iter().collect();
        given.sort_by_key(|(id, _)| *id);
        let mut terms = Builder::default();
        let mut programs = Programs::default();
        let mut placed = Vec::new();
        let mut always = Vec::new();
        let mut pairs: Vec<(Slot, Posting)> = Vec::new();
        let mut ready = Vec::with_capacity(given.len());
        for ((id, expr), query) in given.iter().zip(0u32..) {
            match anchors_of(expr, &mut terms) {
                None => always.push(query),
                Some(anchors) => {
                    let settled = is_settled_by_anchors(expr);
                    let posting =
                        |anchor: &Anchor| (anchor.slot, Posting { query, guard: anchor.guard, settled });
                    pairs.extend(anchors.list.iter().map(posting));
                }
            }
            let program = programs.append(expr, &mut terms, &mut placed);
            ready.push(Query { id: *id, program });
        }
        let mut slots = vec![SlotUse::default(); terms.slot_count() as usize];
        for slot in placed {
            if let Some(use_) = slots.get_mut(slot as usize) {
                use_.placed = true;
            }
        }
        let postings = lay_out(pairs, &mut slots);
        Self { dictionary: terms.build(), programs, queries: ready, slots, postings, always }
    }

    /// Number of queries.
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// True without queries.
    pub fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// Number of queries that have to be weighed for every post because no
    /// word or fact is necessary for them: few of them are cheap, thousands are not.
    pub fn always_count(&self) -> usize {
        self.always.len()
    }

    /// Memory held, bytes (an estimate that leaves out the text inside fields
    /// which are compared one by one, such as labels).
    pub fn size_bytes(&self) -> usize {
        self.dictionary.size_bytes()
            + self.programs.size_bytes()
            + self.queries.capacity() * size_of::<Query>()
            + self.slots.capacity() * size_of::<SlotUse>()
            + self.postings.capacity() * size_of::<Posting>()
            + self.always.capacity() * size_of::<u32>()
    }

    /// The ids of the queries that the post matches, ascending, each once.
    pub fn matches<'s>(&self, document: &Document<'_>, scratch: &'s mut Scratch) -> &'s [u64] {
        scratch.begin(self.slots.len(), self.queries.len());
        self.read_text(document, scratch);
        self.read_facts(document, scratch);
        self.weigh_candidates(document, scratch);
        let Scratch { found, ids, .. } = scratch;
        found.sort_unstable();
        ids.extend(found.iter().filter_map(|query| self.queries.get(*query as usize)).map(|query| query.id));
        ids.dedup();
        ids
    }

    fn read_text(&self, document: &Document<'_>, scratch: &mut Scratch) {
        let Scratch { slots, anchors, .. } = scratch;
        for (folded, token) in document.tokens.iter() {
            let source = document.text.get(token.start as usize..token.end as usize);
            self.dictionary.visit_token(folded, source, &mut |slot| {
                let first_time = slots.fill(slot);
                let Some(use_) = self.slots.get(slot as usize) else { return };
                if first_time && use_.posting_count > 0 {
                    anchors.push(slot);
                }
                if use_.placed {
                    slots.place(slot, token.position);
                }
            });
        }
    }

    fn read_facts(&self, document: &Document<'_>, scratch: &mut Scratch) {
        let Scratch { slots, anchors, .. } = scratch;
        let facts = document.facts;
        let dictionary = &self.dictionary;
        let mut fill = |slot: Slot| {
            if slots.fill(slot) && self.slots.get(slot as usize).is_some_and(|use_| use_.posting_count > 0) {
                anchors.push(slot);
            }
        };
        if dictionary.asks_about(Kind::Hashtag) {
            facts.hashtags.iter().for_each(|tag| dictionary.visit_fact(Kind::Hashtag, tag, &mut fill));
        }
        if dictionary.asks_about(Kind::To) {
            facts.tagged.iter().for_each(|handle| dictionary.visit_fact(Kind::To, handle, &mut fill));
        }
        if dictionary.asks_about(Kind::Author) {
            dictionary.visit_fact(Kind::Author, &facts.author, &mut fill);
            facts.handle.iter().for_each(|handle| dictionary.visit_fact(Kind::Author, handle, &mut fill));
        }
        if dictionary.asks_about(Kind::Domain) {
            for host in &facts.domains {
                dictionary.visit_fact(Kind::Domain, host, &mut fill);
                for (dot, _) in host.match_indices('.') {
                    let above = host.get(dot + 1..).unwrap_or_default();
                    dictionary.visit_fact(Kind::Domain, above, &mut fill);
                }
            }
        }
    }

    fn weigh_candidates(&self, document: &Document<'_>, scratch: &mut Scratch) {
        let Scratch { slots, places, anchors, weighed, found, .. } = scratch;
        let round = slots.round;
        let mut weigh = |query: u32, settled: bool| {
            let Some(last) = weighed.get_mut(query as usize).filter(|last| **last != round) else { return };
            *last = round;
            let holds = settled
                || self
                    .queries
                    .get(query as usize)
                    .is_some_and(|query| self.programs.run(&query.program, document, slots, places));
            if holds {
                found.push(query);
            }
        };
        for slot in anchors.iter() {
            let Some(use_) = self.slots.get(*slot as usize) else { continue };
            let range = use_.first_posting as usize..(use_.first_posting + use_.posting_count) as usize;
            for posting in self.postings.get(range).unwrap_or_default() {
                if posting.guard.is_none_or(|guard| slots.is_filled(guard)) {
                    weigh(posting.query, posting.settled);
                }
            }
        }
        for query in &self.always {
            weigh(*query, false);
        }
    }
}

/// Postings in the order of their slots; writes where each slot's stand.
fn lay_out(mut pairs: Vec<(Slot, Posting)>, slots: &mut [SlotUse]) -> Vec<Posting> {
    pairs.sort_by_key(|(slot, posting)| (*slot, posting.query));
    let mut postings: Vec<Posting> = Vec::with_capacity(pairs.len());
    for (slot, posting) in pairs {
        let Some(use_) = slots.get_mut(slot as usize) else { continue };
        if use_.posting_count == 0 {
            use_.first_posting = count(postings.len());
        }
        use_.posting_count += 1;
        postings.push(posting);
    }
    postings
}
