//! The installation's own data, `instance.db`: people, sessions, tokens,
//! workspaces, memberships, settings, and the audit of access.
//!
//! In: hashes (never a password or a token), names, roles. Out: the same; a
//! password hash only through [`Instance::load_password_hash`].
//! Errors: [`StoreError`].
//! Cost: one small transaction per change; lookups are by index.
//!
//! The parts: [`users`], [`sessions`], [`tokens`], [`workspaces`] (and memberships).

pub mod sessions;
pub mod tokens;
pub mod users;
pub mod workspaces;

#[cfg(test)]
mod tests;

pub use crate::archive::AuditEntry;
pub use sessions::{NewSession, Session};
pub use tokens::{ApiToken, NewToken};
pub use users::{NewUser, User};
pub use workspaces::{NewWorkspace, Slug, Workspace};

use crate::archive::audit;
use crate::database::Database;
use crate::error::StoreError;
use crate::migrations;
use model::{Lang, Role, Timestamp};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The file of the installation's data inside the data folder.
pub const INSTANCE_FILE: &str = "instance.db";
/// The folder inside the data folder that holds one folder per workspace.
pub const WORKSPACES_FOLDER: &str = "workspaces";
/// Longest name of a person, workspace or token, characters.
pub const NAME_CHARS_MAX: usize = 120;

/// The installation's database. Share it by `Arc`: every method takes `&self`.
pub struct Instance {
    folder: PathBuf,
    database: Database,
}

impl Instance {
    /// Opens the data folder; makes folder and database when there are none,
    /// and migrates an older database after copying it.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Foreign`], [`StoreError::ChangedMigration`]
    /// when this program must not touch the file; [`StoreError::Folder`].
    pub fn open(data_folder: &Path, at: Timestamp) -> Result<Self, StoreError> {
        let database = Database::open(&data_folder.join(INSTANCE_FILE), &migrations::INSTANCE, at)?;
        Ok(Self { folder: data_folder.to_owned(), database })
    }

    /// The data folder.
    pub fn data_folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of a workspace, whether it exists or not.
    pub fn workspace_folder(&self, slug: &Slug) -> PathBuf {
        self.folder.join(WORKSPACES_FOLDER).join(slug.as_str())
    }

    /// Makes the first administrator and the first workspace together, once.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is a user already; [`StoreError::Invalid`].
    pub fn set_up(
        &self,
        user: &NewUser<'_>,
        workspace: &NewWorkspace<'_>,
        at: Timestamp,
    ) -> Result<(User, Workspace), StoreError> {
        self.database.write(|transaction| {
            if users::count(transaction)? > 0 {
                return Err(StoreError::Taken { what: "set-up", value: "already done".to_owned() });
            }
            let user = users::insert(transaction, user, at)?;
            let workspace = workspaces::insert(transaction, workspace, at)?;
            workspaces::update_membership(transaction, user.id, workspace.id, Role::Administrator)?;
            Ok((user, workspace))
        })
    }

    /// True once there is a user.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_set_up(&self) -> Result<bool, StoreError> {
        Ok(self.count_users()? > 0)
    }

    /// Adds an entry to the audit of access: log-ins, people, roles, tokens.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn record_access(
        &self,
        by: Option<i64>,
        what: &str,
        details: &Value,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            transaction.execute(
                "INSERT INTO access (at, user, what, details) VALUES (?1, ?2, ?3, ?4)",
                (at.millis(), by, what, details.to_string()),
            )?;
            Ok(())
        })
    }

    /// Entries of the audit of access, newest first, those before the entry
    /// `before_id` if given, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an entry cannot be read back.
    pub fn list_access(&self, before_id: Option<i64>, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
        self.database.read(|connection| audit::list(connection, "access", before_id, limit))
    }

    /// The text of a setting of the installation.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn load_setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.database.read(|connection| audit::load_setting(connection, name))
    }

    /// Stores the text of a setting of the installation.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn update_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
            transaction.execute(sql, (name, value))?;
            Ok(())
        })
    }

    /// Writes a complete copy of this moment to a file. Time: linear.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Folder`].
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        self.database.copy_to(path)
    }

    /// Reads the whole database and compares its indexes. Time: linear.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first findings.
    pub fn check(&self) -> Result<(), StoreError> {
        self.database.check()
    }
}

/// A name that fits on one line of a page.
fn checked_name<'a>(what: &'static str, name: &'a str) -> Result<&'a str, StoreError> {
    let name = name.trim();
    let chars = name.chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        let reason = format!("{chars} characters; 1 to {NAME_CHARS_MAX} on one line are allowed");
        return Err(StoreError::invalid(what, reason));
    }
    Ok(name)
}

/// A language of the pages: Spanish or English.
fn checked_locale(locale: Lang) -> Result<&'static str, StoreError> {
    match locale {
        Lang::ES => Ok("es"),
        Lang::EN => Ok("en"),
        other => Err(StoreError::invalid("language", format!("the pages speak es and en, not {other}"))),
    }
}

/// A stored language of the pages.
fn stored_locale(what: &'static str, id: i64, text: &str) -> Result<Lang, StoreError> {
    Lang::parse(text).map_err(|error| StoreError::corrupt(what, id, error))
}
