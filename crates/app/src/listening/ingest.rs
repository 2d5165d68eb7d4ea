//! From received items to durable, searchable posts.
//!
//! In: records with their mapping, in batches. Out: records in the archive,
//! documents in the index, [`Arrived`] posts for live views.
//! A batch is prepared without any lock (language, tone, matching,
//! compression: most of the work, on as many threads as there are) and then
//! applied under the workspace's lock: one transaction, then the index.
//! Cost: about 50 to 65 µs of processor per post: language a fifth, allocation a
//! sixth, index and SQLite a quarter together (docs/benchmarks.md).
//! Limits: [`COMMIT_POSTS_MAX`], [`COMMIT_LIVE_MS`], [`COMMIT_BULK_MS`].

use super::derive::Derived;
use super::workspace::Workspace;
use crate::AppError;
use crate::coordination::{Change, Sight, Sighted};
use analysis::copies::{Signature, signature};
use analysis::matching::Scratch;
use model::listening::Keep;
use model::time::SECOND_MS;
use model::{
    AccountKey, Format, NativeId, Network, PostKey, RawRecord, RecordKey, RecordKind, Reject, Timestamp,
};
use networks::Mapped;
use networks::listening::Deletion;
use std::collections::{BTreeSet, HashSet};
use store::archive::{ImportProgress, Origin, PackedRecord, Removal, Stored, WriteBatch, pack};
use store::index::IndexDocument;

/// Uncommitted posts after which the index commits, count.
pub(super) const COMMIT_POSTS_MAX: u64 = 400_000;
/// Age of an uncommitted live post after which the index commits, ms.
pub(super) const COMMIT_LIVE_MS: i64 = SECOND_MS;
/// Age of an uncommitted imported post after which the index commits, ms:
/// small commits make the index two and a half times dearer.
pub(super) const COMMIT_BULK_MS: i64 = 15 * SECOND_MS;
/// Authors without a name that are remembered at a time, count.
const NAMELESS_MAX: usize = 5_000;
/// Newest posts of one commit that live views are told about, count.
const ANNOUNCED_MAX: usize = 2_000;

/// What the index holds and does not hold yet.
#[derive(Default)]
pub(super) struct IndexState {
    /// Highest record id handed to the index.
    pub(super) highest: i64,
    /// Posts handed over since the last commit.
    pub(super) pending: u64,
    /// When the oldest pending change was handed over.
    pub(super) pending_since: Option<Timestamp>,
    /// Ids whose removal the index has not committed.
    gone: Vec<i64>,
    /// Arrivals to announce with the next commit.
    pub(super) arrived: Vec<Arrived>,
    /// Authors of kept posts of whom the network told only the identifier.
    nameless: BTreeSet<AccountKey>,
    /// Imports and rebuilds in progress: commits are rarer meanwhile.
    bulk: u32,
}

/// A post that has become searchable.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Its record id.
    pub id: i64,
    /// What was derived of it.
    pub derived: Derived,
    /// The queries that match it.
    pub queries: Vec<i64>,
    /// What its copies are found by.
    pub(super) signature: Option<Signature>,
    /// What known groups see of it.
    pub(super) sighted: Sight,
    /// It was not there before.
    pub(super) is_new: bool,
}

impl Arrived {
    /// It as known groups see it.
    fn as_sighted(&self) -> Sighted<'_> {
        Sighted {
            id: self.id,
            author: &self.derived.facts.author,
            sight: &self.sighted,
            cascade: self.derived.facts.cascade,
            time: self.derived.facts.time,
            quiet_days: self.sighted.quiet_days,
            is_new: self.is_new,
        }
    }
}

/// What became of the items of a batch, count each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct IngestCounts {
    /// Items received, rejects included.
    pub received: u64,
    /// Items that no query wanted, or older than the retention.
    pub unwanted: u64,
    /// New records.
    pub new: u64,
    /// Records that replaced an older state of the same item.
    pub changed: u64,
    /// Items that were there already.
    pub same: u64,
    /// Items older than what was there, or deleted before.
    pub stale: u64,
    /// Items that could not be read.
    pub rejected: u64,
    /// Posts removed because the source says so.
    pub removed: u64,
}

impl IngestCounts {
    /// Adds another count to this one.
    pub fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.unwanted += other.unwanted;
        self.new += other.new;
        self.changed += other.changed;
        self.same += other.same;
        self.stale += other.stale;
        self.rejected += other.rejected;
        self.removed += other.removed;
    }
}

/// One record ready to be written.
pub(super) struct Prepared {
    packed: PackedRecord,
    /// `None` for accounts, which are not searched.
    post: Option<PreparedPost>,
}

/// What was computed of a post.
struct PreparedPost {
    derived: Derived,
    queries: Vec<i64>,
    signature: Option<Signature>,
    sighted: Sight,
}

/// Everything of one batch, ready to be applied.
pub(super) struct PreparedBatch {
    pub items: Vec<Prepared>,
    pub rejects: Vec<Reject>,
    pub deletions: Vec<Deletion>,
    pub cursor: Option<String>,
    pub progress: Option<ImportProgress>,
    pub received: u64,
    pub unwanted: u64,
}

impl PreparedBatch {
    /// Puts the batch that follows behind this one.
    pub fn append(&mut self, more: Self) {
        self.items.extend(more.items);
        self.rejects.extend(more.rejects);
        self.deletions.extend(more.deletions);
        self.cursor = more.cursor.or(self.cursor.take());
        self.progress = more.progress.or(self.progress);
        self.received += more.received;
        self.unwanted += more.unwanted;
    }
}

/// The number by which posts of an origin are found with `source:`: that of
/// the source, or minus that of the import.
pub(super) fn source_number(origin: Origin) -> i64 {
    match origin {
        Origin::Source(id) => id,
        Origin::Import(id) => -id,
    }
}

impl Workspace {
    /// Derives, matches and compresses one batch. No lock is held.
    pub(super) fn prepare(
        &self,
        items: Vec<(RawRecord, Mapped)>,
        origin: Origin,
        keep: Keep,
    ) -> Result<PreparedBatch, AppError> {
        let compiled = self.compiled();
        let taught = self.taught();
        let watch = self.coordinated().watch();
        let mut scratch = Scratch::default();
        // What retention would remove at its next round is not taken at all.
        let oldest = self.oldest_kept()?;
        let received = items.len() as u64;
        let mut prepared = Vec::with_capacity(items.len());
        for (raw, mapped) in items {
            match mapped {
                Mapped::Account(account) => {
                    prepared.push(Prepared { packed: pack(&raw, Some(&account.key))?, post: None });
                }
                Mapped::Post(post) => {
                    let derived = Derived::of(&post, raw.fetched_at, source_number(origin), &taught);
                    if oldest.is_some_and(|oldest| derived.facts.time < oldest) {
                        continue;
                    }
                    let found = compiled.matcher.matches(&derived.document(&[]), &mut scratch);
                    if keep == Keep::Matching && found.is_empty() {
                        continue;
                    }
                    // Query ids come from the database and are positive i64.
                    let queries = found.iter().filter_map(|id| i64::try_from(*id).ok()).collect();
                    let mut packed = pack(&raw, Some(&post.author.key))?;
                    // Files never delete, so only live statuses need their other name.
                    if raw.format == Format::MastodonStatus
                        && matches!(origin, Origin::Source(_))
                        && let Some(name) = networks::mastodon::local_name(&raw.body)
                    {
                        packed = packed.with_alias(&name);
                    }
                    let signature = signature(&derived.text);
                    let sighted = watch.as_ref().map(|watch| watch.sight(&post)).unwrap_or_default();
                    let post = PreparedPost { derived, queries, signature, sighted };
                    prepared.push(Prepared { packed, post: Some(post) });
                }
            }
        }
        let unwanted = received - prepared.len() as u64;
        Ok(PreparedBatch {
            items: prepared,
            rejects: Vec::new(),
            deletions: Vec::new(),
            cursor: None,
            progress: None,
            received,
            unwanted,
        })
    }

    /// Writes a prepared batch: one transaction with its cursor, then the index.
    pub(super) fn apply(&self, batch: PreparedBatch, origin: Origin) -> Result<IngestCounts, AppError> {
        let now = self.settings().now();
        let mut state = self.state();
        let removals = self.removals(&batch.deletions)?;
        let write = WriteBatch {
            origin,
            at: now,
            incoming: batch.items.iter().map(|item| &item.packed).collect(),
            removals: removals
                .iter()
                .map(|removal| match removal {
                    OwnedRemoval::Post(key) => Removal::Post(key),
                    OwnedRemoval::Alias(name) => Removal::Alias(name),
                    OwnedRemoval::Account(key) => Removal::Account(key),
                })
                .collect(),
            rejects: &batch.rejects,
            received_count: batch.received + batch.rejects.len() as u64,
            cursor: batch.cursor.as_deref(),
            progress: batch.progress,
        };
        self.settings().mark("before_record");
        let outcome = self.archive().record_batch(&write)?;
        self.settings().mark("after_record");
        drop(write);
        let mut counts = IngestCounts {
            received: batch.received + batch.rejects.len() as u64,
            unwanted: batch.unwanted,
            rejected: batch.rejects.len() as u64,
            removed: outcome.gone.len() as u64,
            ..IngestCounts::default()
        };
        let mut gone = outcome.gone;
        let is_watching = self.coordinated().is_watching();
        let mut changes = Vec::new();
        let mut arrived = Vec::with_capacity(batch.items.len());
        for (item, stored) in batch.items.into_iter().zip(&outcome.stored) {
            let (id, is_new) = match *stored {
                Stored::New(id) => {
                    counts.new += 1;
                    (id, true)
                }
                Stored::Changed { old, new } => {
                    counts.changed += 1;
                    gone.push(old);
                    if let Some(post) = item.post.as_ref().filter(|_| is_watching) {
                        changes.push(Change::replaced(old, new, &post.derived.text));
                    }
                    (new, false)
                }
                Stored::Same(_) => {
                    counts.same += 1;
                    continue;
                }
                Stored::Stale(_) | Stored::Buried => {
                    counts.stale += 1;
                    continue;
                }
            };
            state.highest = state.highest.max(id);
            if let Some(PreparedPost { derived, queries, signature, sighted }) = item.post {
                if derived.facts.handle.is_none() && state.nameless.len() < NAMELESS_MAX {
                    state.nameless.extend(AccountKey::parse(&derived.facts.author));
                }
                arrived.push(Arrived { id, derived, queries, signature, sighted, is_new });
            }
        }
        self.coordinated().note(changes);
        self.add_to_index(&mut state, arrived, gone, now)?;
        self.commit_if_due(&mut state, now)?;
        Ok(counts)
    }

    /// Hands posts to the index.
    pub(super) fn index_posts(&self, posts: &[Arrived]) -> Result<(), AppError> {
        let signatures: Vec<Option<Vec<u8>>> =
            posts.iter().map(|post| post.signature.as_ref().map(Signature::bytes)).collect();
        let documents: Vec<IndexDocument<'_>> = posts
            .iter()
            .zip(&signatures)
            .map(|(post, signature)| IndexDocument {
                id: post.id,
                text: &post.derived.text,
                tokens: &post.derived.tokens,
                facts: &post.derived.facts,
                signature: signature.as_deref(),
            })
            .collect();
        Ok(self.index().add(&documents)?)
    }

    /// Hands posts and removals to the index, not yet visible.
    pub(super) fn add_to_index(
        &self,
        state: &mut IndexState,
        mut arrived: Vec<Arrived>,
        gone: Vec<i64>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        // A record may arrive and be replaced or removed within one batch.
        let left: HashSet<i64> = gone.iter().copied().collect();
        arrived.retain(|post| !left.contains(&post.id));
        self.place(&mut arrived, &left);
        if self.coordinated().is_watching() {
            self.coordinated().note(gone.iter().copied().map(Change::Gone).collect());
            self.count_coordination(arrived.iter().map(Arrived::as_sighted).collect())?;
        }
        if !gone.is_empty() {
            self.index().delete(&gone)?;
        }
        self.index_posts(&arrived)?;
        if !arrived.is_empty() {
            self.settings().mark("after_index_add");
        }
        if !arrived.is_empty() || !gone.is_empty() {
            state.pending += arrived.len() as u64 + gone.len() as u64;
            state.pending_since.get_or_insert(now);
        }
        state.gone.extend(gone);
        if self.subscribers() > 0 {
            let surplus = (state.arrived.len() + arrived.len()).saturating_sub(ANNOUNCED_MAX);
            let from_old = surplus.min(state.arrived.len());
            state.arrived.drain(..from_old);
            arrived.drain(..(surplus - from_old).min(arrived.len()));
            state.arrived.append(&mut arrived);
        }
        Ok(())
    }

    /// Commits when enough is waiting, or it has waited long enough.
    fn commit_if_due(&self, state: &mut IndexState, now: Timestamp) -> Result<(), AppError> {
        let Some(since) = state.pending_since else {
            return Ok(());
        };
        let patience = if state.bulk > 0 { COMMIT_BULK_MS } else { COMMIT_LIVE_MS };
        // A clock that jumped back must not put a commit off for ever.
        let waited = now.millis() - since.millis();
        if state.pending < COMMIT_POSTS_MAX && (0..patience).contains(&waited) {
            return Ok(());
        }
        self.commit_now(state)
    }

    /// Makes everything handed over durable and visible.
    pub(super) fn commit_now(&self, state: &mut IndexState) -> Result<(), AppError> {
        let upto = state.highest.max(self.index().committed_upto());
        self.settings().mark("before_commit");
        self.index().commit(upto)?;
        self.settings().mark("after_commit");
        // Before the archive forgets what went: a sudden end is made good then.
        self.coordinated().save(self.settings().now(), false)?;
        self.archive().forget_gone(&state.gone)?;
        self.settings().mark("after_forget");
        state.gone.clear();
        state.pending = 0;
        state.pending_since = None;
        self.voices().forget();
        let arrived = std::mem::take(&mut state.arrived);
        if !arrived.is_empty() {
            self.announce(arrived);
        }
        Ok(())
    }

    /// Called a few times a second by the running server: live posts become visible.
    ///
    /// # Errors
    /// [`AppError::Index`].
    pub fn tick(&self) -> Result<(), AppError> {
        let now = self.settings().now();
        self.commit_if_due(&mut self.state(), now)?;
        // Not while nobody else may write.
        if let Err(error) = self.raise_alerts() {
            tracing::error!(workspace = self.info().slug.as_str(), %error, "alerts wait for the next round");
        }
        Ok(())
    }

    /// Makes everything that was received visible now.
    ///
    /// # Errors
    /// [`AppError::Index`].
    pub fn flush(&self) -> Result<(), AppError> {
        let mut state = self.state();
        if state.pending_since.is_some() {
            self.commit_now(&mut state)?;
        }
        drop(state);
        self.coordinated().save(self.settings().now(), true)?;
        self.raise_alerts()
    }

    /// Marks the begin (true) or end (false) of an import or rebuild.
    pub(super) fn set_bulk(&self, on: bool) {
        let mut state = self.state();
        state.bulk = if on { state.bulk + 1 } else { state.bulk.saturating_sub(1) };
    }

    /// The deletions of a source as removals. One that anybody may ask for
    /// counts only when the asker wrote the post.
    fn removals(&self, deletions: &[Deletion]) -> Result<Vec<OwnedRemoval>, AppError> {
        let mut removals = Vec::with_capacity(deletions.len());
        for deletion in deletions {
            match deletion {
                Deletion::Post(key) => removals.push(OwnedRemoval::Post(key.clone())),
                Deletion::Account(key) => removals.push(OwnedRemoval::Account(key.clone())),
                Deletion::Local { network, server, local_id } => {
                    if let Ok(native_id) = NativeId::parse(&format!("{server}#{local_id}")) {
                        removals.push(OwnedRemoval::Alias(PostKey { network: *network, native_id }));
                    }
                }
                Deletion::PostBy { post, author } => {
                    if self.author_of(post)?.as_ref() == Some(author) {
                        removals.push(OwnedRemoval::Post(post.clone()));
                    }
                }
            }
        }
        Ok(removals)
    }

    /// Takes up to `limit` authors of a network of whom we hold no account record.
    pub(super) fn take_nameless(&self, network: Network, limit: usize) -> Result<Vec<AccountKey>, AppError> {
        let mut taken = Vec::new();
        let mut state = self.state();
        while taken.len() < limit {
            let Some(key) = state.nameless.iter().find(|key| key.network == network).cloned() else { break };
            state.nameless.remove(&key);
            let record = RecordKey::of(RecordKind::Account, key.network, &key.native_id);
            if self.archive().find_record_id(record)?.is_none() {
                taken.push(key);
            }
        }
        Ok(taken)
    }

    fn author_of(&self, post: &PostKey) -> Result<Option<AccountKey>, AppError> {
        let key = RecordKey::of(RecordKind::Post, post.network, &post.native_id);
        let Some(record) = self.archive().find_record(key)? else {
            return Ok(None);
        };
        Ok(match networks::map(&record.raw) {
            Ok(Mapped::Post(post)) => Some(post.author.key),
            _ => None,
        })
    }
}

enum OwnedRemoval {
    Post(PostKey),
    Alias(PostKey),
    Account(AccountKey),
}
