//! People who log in.
//!
//! In: e-mail, name, an Argon2 hash made elsewhere. Out: [`User`]s without it.
//! Errors: [`StoreError::Taken`] for an e-mail in use, [`StoreError::Missing`].
//! Limits: [`EMAIL_BYTES_MAX`]; two addresses that differ in case only are one.

use super::{Instance, checked_locale, checked_name, stored_locale};
use crate::database;
use crate::error::StoreError;
use model::{Lang, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// Longest e-mail address, bytes (RFC 5321).
pub const EMAIL_BYTES_MAX: usize = 254;

/// A user to be added.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// E-mail address, with which one logs in.
    pub email: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Argon2 hash in PHC form (`$argon2id$…`).
    pub password_hash: &'a str,
    /// Language of the pages, es or en.
    pub locale: Lang,
}

/// A person who logs in. The password hash is never here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number.
    pub id: i64,
    /// E-mail address as written.
    pub email: String,
    /// Name for people.
    pub name: String,
    /// Language of the pages.
    pub locale: Lang,
    /// May not log in.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The columns of a user, to be read by [`read`]; the table is called `user`.
pub(super) const COLUMNS: &str =
    "user.id, user.email, user.name, user.locale, user.disabled, user.created_at";

/// A user and its locale as text, from the columns that begin at `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<(User, String)> {
    let user = User {
        id: row.get(first)?,
        email: row.get(first + 1)?,
        name: row.get(first + 2)?,
        locale: Lang::ES,
        disabled: row.get(first + 4)?,
        created_at: Timestamp::from_millis(row.get(first + 5)?),
    };
    Ok((user, row.get(first + 3)?))
}

pub(super) fn decode((user, locale): (User, String)) -> Result<User, StoreError> {
    Ok(User { locale: stored_locale("user", user.id, &locale)?, ..user })
}

fn checked_email(email: &str) -> Result<(&str, String), StoreError> {
    let email = email.trim();
    let plausible = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !plausible
        || email.len() > EMAIL_BYTES_MAX
        || email.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        return Err(StoreError::invalid("e-mail address", "write it like ana@example.org"));
    }
    Ok((email, email.to_lowercase()))
}

fn checked_hash(hash: &str) -> Result<&str, StoreError> {
    if hash.starts_with("$argon2") {
        return Ok(hash);
    }
    Err(StoreError::invalid("password", "it must be an Argon2 hash in PHC form"))
}

/// Users there are.
pub(super) fn count(connection: &Connection) -> Result<u64, StoreError> {
    database::count("user", connection.query_row("SELECT count(*) FROM user", [], |row| row.get(0))?)
}

fn load(connection: &Connection, id: i64) -> Result<User, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM user WHERE id = ?1");
    let row = connection.prepare_cached(&sql)?.query_row([id], |row| read(row, 0)).optional()?;
    decode(row.ok_or_else(|| StoreError::missing("user", id))?)
}

pub(super) fn insert(connection: &Connection, user: &NewUser<'_>, at: Timestamp) -> Result<User, StoreError> {
    let (email, folded) = checked_email(user.email)?;
    let name = checked_name("name", user.name)?;
    let hash = checked_hash(user.password_hash)?;
    let locale = checked_locale(user.locale)?;
    connection
        .execute(
            "INSERT INTO user (email, email_folded, name, password_hash, locale, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (email, folded, name, hash, locale, at.millis()),
        )
        .map_err(StoreError::taken("e-mail address", email))?;
    load(connection, connection.last_insert_rowid())
}

/// Fails with [`StoreError::Missing`] when no row was changed.
fn one(changed: usize, id: i64) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::missing("user", id)) } else { Ok(()) }
}

impl Instance {
    /// Adds a user without any membership.
    ///
    /// # Errors
    /// [`StoreError::Taken`] for an e-mail in use, [`StoreError::Invalid`].
    pub fn insert_user(&self, user: &NewUser<'_>, at: Timestamp) -> Result<User, StoreError> {
        self.database.write(|transaction| insert(transaction, user, at))
    }

    /// One user.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_user(&self, id: i64) -> Result<User, StoreError> {
        self.database.read(|connection| load(connection, id))
    }

    /// The user of an e-mail address in any case.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn find_user(&self, email: &str) -> Result<Option<User>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM user WHERE email_folded = ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let folded = email.trim().to_lowercase();
            statement.query_row([folded], |row| read(row, 0)).optional()?.map(decode).transpose()
        })
    }

    /// All users, by number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_users(&self) -> Result<Vec<User>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM user ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([], |row| read(row, 0))?.map(|row| decode(row?)).collect()
        })
    }

    /// Users there are, disabled ones included.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn count_users(&self) -> Result<u64, StoreError> {
        self.database.read(count)
    }

    /// The Argon2 hash to compare a password with.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_password_hash(&self, user: i64) -> Result<String, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT password_hash FROM user WHERE id = ?1")?;
            let hash = statement.query_row([user], |row| row.get(0)).optional()?;
            hash.ok_or_else(|| StoreError::missing("user", user))
        })
    }

    /// Stores a new password hash and ends the user's sessions.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Invalid`].
    pub fn update_password_hash(&self, user: i64, hash: &str) -> Result<(), StoreError> {
        let hash = checked_hash(hash)?;
        self.database.write(|transaction| {
            let sql = "UPDATE user SET password_hash = ?2 WHERE id = ?1";
            one(transaction.execute(sql, (user, hash))?, user)?;
            transaction.execute("DELETE FROM session WHERE user = ?1", [user])?;
            Ok(())
        })
    }

    /// Changes a user's name and language.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Invalid`].
    pub fn update_user(&self, id: i64, name: &str, locale: Lang) -> Result<(), StoreError> {
        let (name, locale) = (checked_name("name", name)?, checked_locale(locale)?);
        self.database.write(|transaction| {
            let sql = "UPDATE user SET name = ?2, locale = ?3 WHERE id = ?1";
            one(transaction.execute(sql, (id, name, locale))?, id)
        })
    }

    /// Locks a user out or lets it in again; locking out ends its sessions.
    /// Its tokens are refused as long as it is disabled.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn update_user_disabled(&self, id: i64, disabled: bool) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE user SET disabled = ?2 WHERE id = ?1";
            one(transaction.execute(sql, (id, disabled))?, id)?;
            if disabled {
                transaction.execute("DELETE FROM session WHERE user = ?1", [id])?;
            }
            Ok(())
        })
    }
}
