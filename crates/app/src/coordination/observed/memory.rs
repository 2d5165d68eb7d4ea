//! What a search may take in memory, and who has how much of it.
//!
//! In: the memory of the search and what was observed. Out: what is reserved for
//! whom; spools have what is left, an eighth at least, and the rest in files.
//! Errors: what cannot be put into files and does not fit.
//! Cost: in memory whatever the setting, an account 28 bytes, its name and 25 to
//! 45 bytes for finding it, an object 4 bytes; looking for groups adds
//! [`ACCOUNT_BYTES`] and 8 bytes. Together these may be one part of the memory
//! in [`FLOOR_SHARE`]. Texts are compared with as many of the newest as fit in
//! one part in [`TEXTS_SHARE`]; how many came later than that is counted.
//! Limits: not counted are what a group consists of (about 200 bytes for each of
//! its significant pairs, 12 for each act on its objects), the report, and what
//! program, models and allocator take: about 150 MiB.

use crate::AppError;
use crate::coordination::observed::Observed;
use crate::coordination::observed::acts::{PAIRS_SHARE, TraceSeen};

/// Newest texts that a text is compared with.
pub(super) const TEXTS_COMPARED: usize = 1_000_000;
/// Fewest texts that a text is compared with, however little memory there is.
const TEXTS_COMPARED_MIN: usize = 1 << 12;
/// What comparing texts takes of the memory of a search: one part in so many.
const TEXTS_SHARE: u64 = 2;
/// About what comparing texts takes for each of the newest ones, bytes.
const TEXT_BYTES: u64 = 260;
/// What ordering and looking up takes of the memory of a search: one part in so many.
const WORK_SHARE: u64 = 8;
/// What accounts and objects may take of the memory of a search, whatever is
/// looked for: one part in so many.
const FLOOR_SHARE: u64 = 2;
/// The least memory at which a search is refused because of that.
const REFUSED_MIN: u64 = 64 << 20;
/// What looking for groups takes for each account, bytes.
const ACCOUNT_BYTES: u64 = 64;
/// What it takes for each object of a trace, bytes; and its place.
const OBJECT_BYTES: u64 = 12;

impl Observed {
    /// Whether what was put into files is there and what cannot be put there
    /// fits: to be asked often, and before anything that was found is believed.
    ///
    /// # Errors
    /// [`store::StoreError::Full`], [`store::StoreError::Folder`];
    /// [`AppError::Invalid`] when there are too many accounts and objects for the memory.
    pub fn check(&self) -> Result<(), AppError> {
        let (limit, floor) = (self.room.limit(), self.floor());
        if floor > self.memory() / FLOOR_SHARE {
            return Err(self.too_much(floor));
        }
        let pairs = if self.is_closed { limit / PAIRS_SHARE } else { 0 };
        let tables: u64 = self.traces.values().map(TraceSeen::resident).sum();
        let texts = self.copies.memory_bytes() as u64;
        let others = [limit / WORK_SHARE, pairs, tables, texts]
            .iter()
            .fold(floor, |sum, one| sum.saturating_add(*one));
        self.room.reserve(others);
        Ok(self.room.check()?)
    }

    /// The memory that a search may take in all, bytes.
    pub(crate) fn memory(&self) -> u64 {
        self.room.limit().max(REFUSED_MIN)
    }

    /// Makes room for `bytes` of something else, which holds `done` of `all` rows.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when that does not fit.
    pub(crate) fn make_room(&self, bytes: u64, done: u64, all: u64) -> Result<(), AppError> {
        if bytes > self.memory() {
            let needed = (bytes as f64 * all as f64 / done.max(1) as f64) / f64::from(1 << 20);
            let reason = format!(
                "{all} shares take about {needed:.0} MiB, the setting gives {}; raise it, or look at fewer",
                self.room.limit() >> 20
            );
            return Err(AppError::Invalid { field: "coordination_memory", reason });
        }
        self.room.reserve(bytes);
        Ok(self.room.check()?)
    }

    /// What accounts and objects take whatever the limit, bytes.
    fn floor(&self) -> u64 {
        let accounts = u64::from(self.accounts.len()) * ACCOUNT_BYTES;
        let most = self.traces.values().map(|seen| seen.objects.len()).max().unwrap_or(0);
        let lists = self.accounts.resident() + self.people.resident() + self.posts.resident();
        lists + accounts + u64::from(most) * OBJECT_BYTES
    }

    fn too_much(&self, floor: u64) -> AppError {
        let mebibytes = (floor * FLOOR_SHARE).div_ceil(1 << 20);
        let reason = format!(
            "{} accounts in {} posts need {mebibytes} MiB so far, the setting gives {}; raise it, or look at a shorter period",
            self.accounts.len(),
            self.posts.len(),
            self.room.limit() >> 20,
        );
        AppError::Invalid { field: "coordination_memory", reason }
    }

    /// Newest texts with which each was compared, at most.
    pub fn texts_compared(&self) -> u64 {
        self.texts.min(texts_compared(self.room.limit()) as u64)
    }

    /// Texts that came when there were more than these before them.
    pub fn texts_beyond(&self) -> u64 {
        self.texts.saturating_sub(self.texts_compared())
    }
}

/// Newest texts that one is compared with in a search within so many bytes.
pub(super) fn texts_compared(memory: u64) -> usize {
    let fits = usize::try_from(memory / TEXTS_SHARE / TEXT_BYTES).unwrap_or(TEXTS_COMPARED);
    fits.clamp(TEXTS_COMPARED_MIN, TEXTS_COMPARED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordination::Observed;
    use model::Trace;

    fn rows(observed: &mut Observed, rows: std::ops::Range<u32>) {
        for row in rows {
            observed.add_row(Trace::CoLink, &format!("account {row}"), "o", &row.to_string(), 5);
        }
    }

    #[test]
    fn more_accounts_than_fit_are_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let mut observed = Observed::bounded(folder.path(), 0);
        rows(&mut observed, 0..100_000);
        observed.check().unwrap();
        rows(&mut observed, 100_000..600_000);
        let refused = observed.check().unwrap_err().to_string();
        assert!(refused.contains("coordination_memory") && refused.contains("shorter period"), "{refused}");
        assert!(refused.contains("600000 accounts"), "{refused}");
        let mut whole = Observed::default();
        rows(&mut whole, 0..10);
        whole.check().unwrap();
    }

    #[test]
    fn shares_that_do_not_fit_are_refused_with_what_they_need() {
        let folder = tempfile::tempdir().unwrap();
        let observed = Observed::bounded(folder.path(), 128 << 20);
        observed.make_room(100 << 20, 10, 20).unwrap();
        let refused = observed.make_room(129 << 20, 10, 20).unwrap_err().to_string();
        assert!(refused.contains("20 shares take about 258 MiB, the setting gives 128"), "{refused}");
    }

    #[test]
    fn fewer_texts_are_compared_in_less_memory() {
        let compared = [0, 128 << 20, 512 << 20, 1 << 30, u64::MAX].map(texts_compared);
        assert_eq!(compared, [4_096, 258_111, TEXTS_COMPARED, TEXTS_COMPARED, TEXTS_COMPARED]);
    }
}
