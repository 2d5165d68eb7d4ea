//! One workspace's received and decided data: `workspace.db`.
//!
//! In: packed records, rejects, cursors, what people decide. Out: the same, as stored.
//! Errors: [`StoreError`].
//! Cost: a batch is one durable transaction, whatever its size; give many
//! records at a time. Reads do not wait for writes.
//! Limits: [`crate::archive::records::PAGE_MAX`] rows per page of a list.
//!
//! The parts: [`records`] (as received), [`pack`] (their compression),
//! [`erase`] (deletion, scrubbing, backup), [`sources`], [`imports`] (and
//! rejects), [`queries`] (and streams), [`labels`], [`corrections`], [`answers`], [`groups`], [`alerts`], [`pictures`], [`audit`] (and handbook,
//! settings, exports).

pub mod alerts;
pub mod answers;
pub mod audit;
pub mod corrections;
pub mod erase;
pub mod groups;
pub mod imports;
pub mod labels;
pub mod pack;
mod picture_counts;
pub mod pictures;
pub mod queries;
pub mod records;
pub mod sources;
mod writer;

#[cfg(test)]
mod tests;

pub use alerts::{AlertsWanted, NewAlert};
pub use answers::{FrequentAnswer, NewAnswer};
pub use audit::{AuditEntry, ExportFile, Settings};
pub use corrections::{NewCorrection, StoredCorrection};
pub use erase::DeletionReason;
pub use groups::{NewGroupDecision, StoredGroupDecision, account_number};
pub use imports::{ImportCounts, ImportProgress, ImportRun, ImportState, NewImport, StoredReject};
pub use labels::{IncomingLabel, Label, LabelCount, LabelsPut};
pub use pack::{PackedRecord, pack};
pub use pictures::{
    AddressHash, DuePicture, PictureCounts, PictureMatch, PictureOutcome, PictureState, PostPictures,
    StoredPicture,
};
pub use queries::{NewQuery, QueryVersion};
pub use records::{BatchOutcome, Origin, Removal, Stored, StoredRecord, WriteBatch};
pub use sources::{NewSource, Window};

use crate::database::Database;
use crate::error::StoreError;
use crate::migrations;
use model::Timestamp;
use std::path::{Path, PathBuf};

/// The file of a workspace's data inside its folder.
pub const ARCHIVE_FILE: &str = "workspace.db";

/// One workspace's database. Share it by `Arc`: every method takes `&self`.
pub struct Archive {
    folder: PathBuf,
    database: Database,
}

impl Archive {
    /// Opens the workspace in `folder`; makes folder and database when there
    /// are none, and migrates an older database after copying it.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Foreign`], [`StoreError::ChangedMigration`]
    /// when this program must not touch the file; [`StoreError::Folder`].
    pub fn open(folder: &Path, at: Timestamp) -> Result<Self, StoreError> {
        let database = Database::open(&folder.join(ARCHIVE_FILE), &migrations::ARCHIVE, at)?;
        Ok(Self { folder: folder.to_owned(), database })
    }

    /// The workspace's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
