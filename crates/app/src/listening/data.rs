//! What happens to the data as a whole: retention, erasure, backup, rebuild.

use super::ingest::COMMIT_POSTS_MAX;
use super::workspace::Workspace;
use crate::{Actor, AppError};
use model::time::DAY_MS;
use model::{AccountKey, Permission, PostKind, Timestamp};
use networks::Mapped;
use std::fs;
use std::path::{Path, PathBuf};
use store::archive::{AuditEntry, DeletionReason, Settings as ArchiveSettings};

/// Shortest retention, days.
pub const RETENTION_DAYS_MIN: u32 = 1;
/// Age at which text that sources or retention deleted has to leave the files, ms.
pub const SCRUB_AFTER_MS: i64 = DAY_MS;
/// Posts removed by retention in one transaction.
const RETENTION_CHUNK: usize = 10_000;

/// What an erasure removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ErasureReport {
    /// Records of the account, count.
    pub records: usize,
    /// Kept rejects that named it, count.
    pub rejects: usize,
    /// Exports removed because they may hold its posts, count.
    pub exports: usize,
}

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct RebuildProgress {
    /// Records indexed again so far.
    pub done: u64,
    /// Records in the archive.
    pub total: u64,
}

impl Workspace {
    /// How many days posts are kept; `None` for ever.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn retention_days(&self, actor: &Actor) -> Result<Option<u32>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().load_settings()?.retention_days)
    }

    /// Changes how long posts are kept; older ones go at the next daily round.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn update_retention(&self, actor: &Actor, days: Option<u32>) -> Result<(), AppError> {
        actor.require(Permission::EditData)?;
        if days.is_some_and(|days| days < RETENTION_DAYS_MIN) {
            return Err(AppError::invalid(
                "retention_days",
                "keep posts at least one day, or leave it empty to keep them for ever",
            ));
        }
        self.archive().update_settings(&ArchiveSettings { retention_days: days })?;
        let details = serde_json::json!({"days": days});
        Ok(self.archive().record_audit(actor.user, "retention_changed", &details, self.settings().now())?)
    }

    /// The oldest instant that retention keeps; `None` when it keeps all.
    pub(super) fn oldest_kept(&self) -> Result<Option<Timestamp>, AppError> {
        let days = self.archive().load_settings()?.retention_days;
        Ok(days.map(|days| self.settings().now().plus(-i64::from(days) * DAY_MS)))
    }

    /// Removes posts past the retention; the number removed.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Index`].
    pub fn apply_retention(&self) -> Result<usize, AppError> {
        let now = self.settings().now();
        let Some(before) = self.oldest_kept()? else {
            return Ok(0);
        };
        let mut removed = 0;
        loop {
            let ids = self.index().ids_before(before, RETENTION_CHUNK)?;
            if ids.is_empty() {
                break;
            }
            removed += self.archive().delete_records(&ids, DeletionReason::Retention, None, now)?;
            self.unindex(ids)?;
        }
        if removed > 0 {
            self.pictures().forget();
            self.archive().shrink()?;
        }
        self.remove_expired_exports()?;
        Ok(removed)
    }

    /// Removes everything that was received from one account, also where others
    /// reshared or quoted it, from database, index, rejects and exports, so that no byte of it stays in the folder.
    /// With `bar`, posts of the account are never taken again.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn erase_account(
        &self,
        actor: &Actor,
        key: &AccountKey,
        bar: bool,
    ) -> Result<ErasureReport, AppError> {
        self.erase_with(actor, key, bar, &mut |_| {})
    }

    /// [`Self::erase_account`] with the records read so far.
    pub(super) fn erase_with(
        &self,
        actor: &Actor,
        key: &AccountKey,
        bar: bool,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ErasureReport, AppError> {
        actor.require(Permission::EditData)?;
        let _alone = self.tasks().alone();
        progress(0);
        let now = self.settings().now();
        let account = self.account_of(&key.to_text())?;
        // The account's own posts go last: the handle is known as long as they
        // are there, so an erasure that was cut short is completed by repeating it.
        let mut rejects = self.archive().delete_rejects_containing(key.native_id.as_str(), now)?;
        if let Some(handle) = account.and_then(|account| account.handle).filter(|handle| handle.len() >= 3) {
            rejects += self.archive().delete_rejects_containing(&handle, now)?;
        }
        self.settings().mark("erase_rejects_gone");
        let exports = self.remove_exports()?;
        self.settings().mark("erase_exports_gone");
        let mut ids = self.records_embedding(key, progress)?;
        self.archive().delete_records(&ids, DeletionReason::Erasure, actor.user, now)?;
        self.settings().mark("erase_embedded_gone");
        ids.extend(self.archive().delete_by_author(key, bar, actor.user, now)?);
        self.coordinated().forget_memory();
        self.pictures().forget();
        let records = ids.len();
        self.settings().mark("erase_records_gone");
        // A search for groups that began before has read them: it ends, and its
        // temporary files go with it.
        self.coordinated().stop();
        self.unindex(ids)?;
        self.settings().mark("erase_unindexed");
        self.scrub()?;
        let report = ErasureReport { records, rejects, exports };
        // The entry says what was done, not about whom: a name here would undo it.
        let details = serde_json::to_value(report).unwrap_or_default();
        self.archive().record_audit(actor.user, "erasure", &details, now)?;
        Ok(report)
    }

    /// Reshares and quotes by others whose bytes carry a post of this account.
    /// Time: one pass over the archive, about 5 µs per record.
    fn records_embedding(
        &self,
        key: &AccountKey,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<i64>, AppError> {
        /// Records read at once.
        const CHUNK: usize = 4_000;
        let name = format!("\"{}\"", key.native_id);
        let (mut after, mut read, mut found) = (0, 0, Vec::new());
        loop {
            let records = self.archive().records_after(after, CHUNK)?;
            let Some(last) = records.last() else { return Ok(found) };
            after = last.id;
            read += records.len() as u64;
            progress(read);
            for record in records.iter().filter(|record| record.raw.network == key.network) {
                let named = String::from_utf8_lossy(&record.raw.body).contains(&name);
                if named
                    && let Ok(Mapped::Post(post)) = networks::map(&record.raw)
                    && matches!(post.kind, PostKind::Reshare | PostKind::Quote)
                {
                    found.push(record.id);
                }
            }
        }
    }

    /// Makes deleted text leave the files of index and database.
    /// Time: linear in both.
    ///
    /// # Errors
    /// [`AppError::Index`], [`AppError::Store`].
    pub(super) fn scrub(&self) -> Result<(), AppError> {
        self.index().purge()?;
        self.settings().mark("scrub_index_purged");
        self.archive().scrub()?;
        Ok(())
    }

    /// Scrubs when text was deleted at its source or by retention
    /// [`SCRUB_AFTER_MS`] ago or earlier; true when it did.
    ///
    /// # Errors
    /// [`AppError::Index`], [`AppError::Store`].
    pub fn scrub_if_due(&self) -> Result<bool, AppError> {
        let now = self.settings().now().millis();
        // A clock that jumped back must not put it off for ever.
        let due = self
            .archive()
            .scrub_due()?
            .is_some_and(|since| !(0..SCRUB_AFTER_MS).contains(&(now - since.millis())));
        if due {
            self.scrub()?;
        }
        Ok(due)
    }

    /// Drops everything derived and computes it again from what was received.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Index`].
    pub fn rebuild(&self, actor: &Actor, progress: &mut dyn FnMut(RebuildProgress)) -> Result<u64, AppError> {
        actor.require(Permission::EditData)?;
        let total = self.archive().count_records()?;
        let done = self.index_anew(&mut |done| progress(RebuildProgress { done, total }));
        // The same posts may be judged otherwise now.
        self.voices().forget();
        let details = serde_json::json!({"records": total});
        self.archive().record_audit(actor.user, "rebuild", &details, self.settings().now())?;
        done
    }

    /// Copies the database, consistent at one moment, to a file. The index is
    /// derived and not copied.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn backup_to(&self, actor: &Actor, path: &Path) -> Result<(), AppError> {
        actor.require(Permission::EditData)?;
        Ok(self.archive().backup_to(path)?)
    }

    /// Asks the database to check itself.
    ///
    /// # Errors
    /// [`AppError::Store`] with what it found.
    pub fn check(&self) -> Result<(), AppError> {
        Ok(self.archive().check()?)
    }

    /// What people decided, newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_audit(
        &self,
        actor: &Actor,
        before_id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, AppError> {
        actor.require(Permission::EditData)?;
        Ok(self.archive().list_audit(before_id, limit)?)
    }

    /// Posts that are searchable now, count.
    pub fn posts(&self) -> u64 {
        self.index().posts()
    }

    /// The folder of exports still held.
    pub(super) fn exports_folder(&self) -> PathBuf {
        self.folder().join("exports")
    }

    fn remove_exports(&self) -> Result<usize, AppError> {
        let exports = self.archive().list_exports()?;
        for export in &exports {
            self.remove_export_files(&export.file_name)?;
            self.archive().remove_export(export.id)?;
        }
        Ok(exports.len())
    }

    fn remove_expired_exports(&self) -> Result<(), AppError> {
        let now = self.settings().now();
        for export in self.archive().list_exports()?.into_iter().filter(|export| export.expires_at <= now) {
            self.remove_export_files(&export.file_name)?;
            self.archive().remove_export(export.id)?;
        }
        Ok(())
    }

    fn remove_export_files(&self, file_name: &str) -> Result<(), AppError> {
        for name in [file_name.to_owned(), format!("{file_name}.manifest.json")] {
            let path = self.exports_folder().join(name);
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(AppError::file(&path, error)),
            }
        }
        Ok(())
    }
}

// A retention chunk must fit one commit of the index.
const _: () = assert!(RETENTION_CHUNK as u64 <= COMMIT_POSTS_MAX);
