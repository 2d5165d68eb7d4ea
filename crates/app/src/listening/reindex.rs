//! Posts that are computed once more: what the index lacks, everything after a
//! wipe, and single posts that people decided about. And where a post that is
//! about to be indexed finds its cascade.
//!
//! In: record ids or nothing. Out: documents in the index. Errors: [`AppError`].
//! Cost: as an arrival without matching and compression, on all threads.

use super::derive::Derived;
use super::ingest::{Arrived, COMMIT_POSTS_MAX, IndexState, source_number};
use super::workspace::Workspace;
use crate::AppError;
use crate::coordination::Watch;
use crate::understanding::Taught;
use analysis::copies::signature;
use analysis::matching::Scratch;
use networks::Mapped;
use std::collections::HashSet;

impl Workspace {
    /// Finds the cascade of each new post; what leaves is no longer compared.
    /// Saved queries that ask for a cascade are asked again: when the post was
    /// matched it was not yet known.
    pub(super) fn place(&self, arrived: &mut [Arrived], left: &HashSet<i64>) {
        arrived.sort_unstable_by_key(|post| post.id);
        {
            let mut copies = self.copies();
            if !left.is_empty() {
                copies.remove_all(left);
            }
            for post in arrived.iter_mut() {
                let placed = post.signature.as_ref().map(|signature| copies.place(post.id, signature));
                post.derived.facts.cascade = placed.map(|placement| placement.cascade);
            }
        }
        let compiled = self.compiled();
        if compiled.has_cascades {
            let mut scratch = Scratch::default();
            for post in arrived.iter_mut().filter(|post| post.derived.facts.cascade.is_some()) {
                let found = compiled.matcher.matches(&post.derived.document(&[]), &mut scratch);
                post.queries = found.iter().filter_map(|id| i64::try_from(*id).ok()).collect();
            }
        }
    }

    /// Computes posts again that people decided about; they are found as such at once.
    pub(crate) fn reindex(&self, ids: &[i64]) -> Result<(), AppError> {
        let mut state = self.state();
        // What waits to be committed has no cascade that could be asked for.
        if state.pending_since.is_some() {
            self.commit_now(&mut state)?;
        }
        let cascades = self.index().cascades_of(ids)?;
        let mut posts = derive_all(&self.archive().load_records(ids)?, &self.taught(), None, 1);
        posts.iter_mut().for_each(|post| post.derived.facts.cascade = cascades.get(&post.id).copied());
        self.index_posts(&posts)?;
        self.commit_now(&mut state)
    }

    /// Does something while everything received is indexed and nobody writes.
    pub(crate) fn with_all_indexed<T>(
        &self,
        act: impl FnOnce() -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let mut state = self.state();
        if state.pending_since.is_some() {
            self.commit_now(&mut state)?;
        }
        act()
    }

    /// Removes records from the index that the archive has removed already.
    pub(super) fn unindex(&self, ids: Vec<i64>) -> Result<(), AppError> {
        let now = self.settings().now();
        let mut state = self.state();
        self.add_to_index(&mut state, Vec::new(), ids, now)?;
        self.commit_now(&mut state)
    }

    /// Indexes records that the archive has and the index lacks.
    pub(super) fn index_missing(&self, progress: &mut dyn FnMut(u64)) -> Result<u64, AppError> {
        self.fill_index(&mut self.state(), progress)
    }

    /// Empties the index and fills it again; nobody writes in between.
    pub(super) fn index_anew(&self, progress: &mut dyn FnMut(u64)) -> Result<u64, AppError> {
        let mut state = self.state();
        self.index().wipe()?;
        self.forget_copies();
        self.coordinated().drop_all()?;
        self.settings().mark("after_wipe");
        self.fill_index(&mut state, progress)
    }

    fn fill_index(&self, state: &mut IndexState, progress: &mut dyn FnMut(u64)) -> Result<u64, AppError> {
        /// Records read at once.
        const CHUNK: usize = 4_000;
        let now = self.settings().now();
        let gone = self.archive().gone(usize::MAX)?;
        let mut after = self.index().committed_upto();
        let mut indexed = 0;
        self.add_to_index(state, Vec::new(), gone, now)?;
        loop {
            let records = self.archive().records_after(after, CHUNK)?;
            let Some(last) = records.last() else { break };
            after = last.id;
            let count = records.len() as u64;
            let watch = self.coordinated().watch();
            let arrived = derive_all(&records, &self.taught(), watch.as_deref(), self.settings().threads);
            state.highest = state.highest.max(after);
            self.add_to_index(state, arrived, Vec::new(), now)?;
            indexed += count;
            self.settings().mark("between_indexed_chunks");
            if state.pending >= COMMIT_POSTS_MAX {
                self.commit_now(state)?;
            }
            progress(indexed);
        }
        if state.pending_since.is_some() || state.highest > self.index().committed_upto() {
            state.arrived.clear();
            self.commit_now(state)?;
        }
        Ok(indexed)
    }
}

/// Maps and derives stored records on several threads; those that no longer
/// map (a mapper became stricter) are left out with a log line.
fn derive_all(
    records: &[store::archive::StoredRecord],
    taught: &Taught,
    watch: Option<&Watch>,
    threads: usize,
) -> Vec<Arrived> {
    let share = records.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = records
            .chunks(share)
            .map(|chunk| {
                let derive = |record| derive_one(record, taught, watch);
                scope.spawn(move || chunk.iter().filter_map(derive).collect::<Vec<_>>())
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

fn derive_one(
    record: &store::archive::StoredRecord,
    taught: &Taught,
    watch: Option<&Watch>,
) -> Option<Arrived> {
    match networks::map(&record.raw) {
        Ok(Mapped::Post(post)) => {
            let derived = Derived::of(&post, record.raw.fetched_at, source_number(record.origin), taught);
            let signature = signature(&derived.text);
            let sighted = watch.map(|watch| watch.sight(&post)).unwrap_or_default();
            Some(Arrived { id: record.id, derived, queries: Vec::new(), signature, sighted, is_new: true })
        }
        Ok(Mapped::Account(_)) => None,
        Err(error) => {
            tracing::warn!(record = record.id, %error, "a stored record cannot be mapped");
            None
        }
    }
}
