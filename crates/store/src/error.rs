//! What can go wrong with what we keep.

use std::path::{Path, PathBuf};

/// An error of the store. Outside data never causes [`StoreError::Corrupt`],
/// [`StoreError::Damaged`] or [`StoreError::ChangedMigration`]: these are our own
/// invalid state, and the program stops on them.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk, or a size limit was reached. Nothing of the call was stored.
    #[error("no room left to write {path}: nothing of this batch was stored; free space and repeat it")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// Another program, or a long read, holds the database.
    #[error("{path} is in use by another program or a long read: close it and repeat")]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// A row that we wrote cannot be read back.
    #[error(
        "the stored {what} {id} cannot be read ({reason}): stop, keep a copy of the data folder, \
         and restore the last backup"
    )]
    Corrupt {
        /// What kind of row.
        what: &'static str,
        /// Which one.
        id: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// The database file itself is damaged.
    #[error(
        "{path} is damaged ({findings}): stop, keep a copy of the data folder, and restore the last backup"
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite found, first findings only.
        findings: String,
    },
    /// A newer program wrote this database.
    #[error(
        "{path} was written by a newer Atalaya (format {found}, this program knows up to {known}): \
         install that version, or restore a backup made before the upgrade"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// A migration applied to this database is not the one in this program.
    #[error(
        "migration {number} of {path} is not the one this program holds: the program was built from \
         changed sources; install a released version"
    )]
    ChangedMigration {
        /// The database.
        path: PathBuf,
        /// The number of the migration, from 1.
        number: i64,
    },
    /// A database of another program or of another kind.
    #[error("{path} is not an Atalaya {expected} database: choose another data folder")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Which kind was expected.
        expected: &'static str,
    },
    /// A folder or file could not be made, renamed or removed.
    #[error("{path}: {source}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There is no such thing.
    #[error("there is no {what} {id}")]
    Missing {
        /// What was asked for.
        what: &'static str,
        /// Its name or number.
        id: String,
    },
    /// The name or address is in use.
    #[error("the {what} «{value}» is taken: choose another")]
    Taken {
        /// What must be unique.
        what: &'static str,
        /// The value that is in use.
        value: String,
    },
    /// A value that may not be stored.
    #[error("the {what} cannot be stored: {reason}")]
    Invalid {
        /// What was given.
        what: &'static str,
        /// Why it may not be stored, and what is allowed.
        reason: String,
    },
    /// Anything else that SQLite reports.
    #[error("database: {0}")]
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        match &error {
            FromSqlConversionFailure(column, ..)
            | IntegralValueOutOfRange(column, _)
            | InvalidColumnType(column, ..)
            | Utf8Error(column, _) => {
                Self::Corrupt { what: "row", id: format!("(column {column})"), reason: error.to_string() }
            }
            _ => Self::Database(error),
        }
    }
}

impl StoreError {
    /// A missing thing.
    pub(crate) fn missing(what: &'static str, id: impl ToString) -> Self {
        Self::Missing { what, id: id.to_string() }
    }

    /// A row that cannot be read back.
    pub(crate) fn corrupt(what: &'static str, id: impl ToString, reason: impl ToString) -> Self {
        Self::Corrupt { what, id: id.to_string(), reason: reason.to_string() }
    }

    /// A value that may not be stored.
    pub(crate) fn invalid(what: &'static str, reason: impl ToString) -> Self {
        Self::Invalid { what, reason: reason.to_string() }
    }

    /// An operating-system error about a path.
    pub(crate) fn folder(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Folder { path: path.to_owned(), source }
    }

    /// Turns a broken uniqueness rule into [`StoreError::Taken`]; leaves the rest.
    pub(crate) fn taken(what: &'static str, value: &str) -> impl FnOnce(rusqlite::Error) -> Self {
        let value = value.to_owned();
        move |error| match error.sqlite_error() {
            Some(failure) if failure.code == rusqlite::ErrorCode::ConstraintViolation => {
                Self::Taken { what, value }
            }
            _ => error.into(),
        }
    }

    /// Says which database, for the errors that depend on it.
    pub(crate) fn at(self, path: &Path) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase};
        let Self::Database(error) = self else { return self };
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(DiskFull) => Self::Full { path },
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy { path },
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged { path, findings: error.to_string() },
            _ => Self::Database(error),
        }
    }
}
