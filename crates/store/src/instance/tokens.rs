//! API tokens with scopes.
//!
//! In and out: the SHA-256 of a token, never the token itself.
//! Errors: [`StoreError`]. Cost: one lookup by key per request.

use super::{Instance, checked_name};
use crate::error::StoreError;
use model::{Permission, Timestamp};
use rusqlite::{OptionalExtension, Row};

/// A token to be added.
#[derive(Clone, Copy)]
pub struct NewToken<'a> {
    /// SHA-256 of the token.
    pub token_hash: &'a [u8; 32],
    /// Its name, for people.
    pub name: &'a str,
    /// Who made it; it can do no more than that user.
    pub user: i64,
    /// The workspace that it opens.
    pub workspace: i64,
    /// What it may do.
    pub scopes: &'a [Permission],
    /// When it ends; `None` never.
    pub expires_at: Option<Timestamp>,
}

/// A token without its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub user: i64,
    /// The workspace that it opens.
    pub workspace: i64,
    /// What it may do, in the order of [`Permission::ALL`].
    pub scopes: Vec<Permission>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None` never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, as noted by [`Instance::touch_token`].
    pub last_used_at: Option<Timestamp>,
}

const COLUMNS: &str = "token.id, token.name, token.user, token.workspace, token.scopes,
    token.created_at, token.expires_at, token.last_used_at";

/// A token and its scopes as text.
fn read(row: &Row<'_>) -> rusqlite::Result<(ApiToken, String)> {
    let token = ApiToken {
        id: row.get(0)?,
        name: row.get(1)?,
        user: row.get(2)?,
        workspace: row.get(3)?,
        scopes: Vec::new(),
        created_at: Timestamp::from_millis(row.get(5)?),
        expires_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_millis),
        last_used_at: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_millis),
    };
    Ok((token, row.get(4)?))
}

fn decode((token, text): (ApiToken, String)) -> Result<ApiToken, StoreError> {
    let scopes = text
        .split_whitespace()
        .map(|word| {
            Permission::parse(word)
                .ok_or_else(|| StoreError::corrupt("token", token.id, format!("there is no scope «{word}»")))
        })
        .collect::<Result<_, _>>()?;
    Ok(ApiToken { scopes, ..token })
}

impl Instance {
    /// Adds a token and returns its number.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] without a name or without a scope.
    pub fn insert_token(&self, token: &NewToken<'_>, at: Timestamp) -> Result<i64, StoreError> {
        let name = checked_name("name of the token", token.name)?;
        let scopes: Vec<&str> = Permission::ALL
            .into_iter()
            .filter(|permission| token.scopes.contains(permission))
            .map(Permission::name)
            .collect();
        if scopes.is_empty() {
            return Err(StoreError::invalid("token", "it may do nothing: give it a scope"));
        }
        self.database.write(|transaction| {
            transaction.execute(
                "INSERT INTO token (token_hash, name, user, workspace, scopes, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    token.token_hash.as_slice(),
                    name,
                    token.user,
                    token.workspace,
                    scopes.join(" "),
                    at.millis(),
                    token.expires_at.map(Timestamp::millis),
                ),
            )?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// The token of a hash; `None` when there is none, it has ended, or its
    /// user is disabled.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the row cannot be read back.
    pub fn find_token(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<ApiToken>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM token JOIN user ON user.id = token.user
                 WHERE token.token_hash = ?1 AND NOT user.disabled
                   AND (token.expires_at IS NULL OR token.expires_at > ?2)"
            ))?;
            let found = statement.query_row((token_hash.as_slice(), at.millis()), read).optional()?;
            found.map(decode).transpose()
        })
    }

    /// Notes that a token was used. Call it now and then, not at each request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn touch_token(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            transaction.execute("UPDATE token SET last_used_at = ?2 WHERE id = ?1", (id, at.millis()))?;
            Ok(())
        })
    }

    /// The tokens of a workspace, by number.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_tokens(&self, workspace: i64) -> Result<Vec<ApiToken>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM token WHERE workspace = ?1 ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([workspace], read)?.map(|row| decode(row?)).collect()
        })
    }

    /// Deletes a token.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn remove_token(&self, id: i64) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            match transaction.execute("DELETE FROM token WHERE id = ?1", [id])? {
                0 => Err(StoreError::missing("token", id)),
                _ => Ok(()),
            }
        })
    }
}
