//! Log-ins that last.
//!
//! In and out: the SHA-256 of a session token, never the token itself.
//! Errors: [`StoreError`]. Cost: one lookup by key per request.

use super::Instance;
use super::users::{self, User};
use crate::error::StoreError;
use model::Timestamp;
use rusqlite::OptionalExtension;

/// A session to be opened.
#[derive(Clone, Copy)]
pub struct NewSession<'a> {
    /// SHA-256 of the token in the cookie.
    pub token_hash: &'a [u8; 32],
    /// Whose.
    pub user: i64,
    /// What forms of this session carry.
    pub csrf: &'a str,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// An open session.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// What forms of this session carry.
    pub csrf: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, as noted by [`Instance::touch_session`].
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Instance {
    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError`] of the database; also when there is no such user.
    pub fn insert_session(&self, session: &NewSession<'_>, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            transaction.execute(
                "INSERT INTO session (token_hash, user, csrf, created_at, last_seen_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
                (
                    session.token_hash.as_slice(),
                    session.user,
                    session.csrf,
                    at.millis(),
                    session.expires_at.millis(),
                ),
            )?;
            Ok(())
        })
    }

    /// The session of a token; `None` when there is none, it has ended, or its
    /// user is disabled.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn find_session(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<Session>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT session.csrf, session.created_at, session.last_seen_at, session.expires_at, {}
                 FROM session JOIN user ON user.id = session.user
                 WHERE session.token_hash = ?1 AND session.expires_at > ?2 AND NOT user.disabled",
                users::COLUMNS
            ))?;
            let found = statement
                .query_row((token_hash.as_slice(), at.millis()), |row| {
                    let times: [i64; 3] = [row.get(1)?, row.get(2)?, row.get(3)?];
                    Ok((row.get::<_, String>(0)?, times.map(Timestamp::from_millis), users::read(row, 4)?))
                })
                .optional()?;
            let Some((csrf, [created_at, last_seen_at, expires_at], user)) = found else { return Ok(None) };
            Ok(Some(Session { user: users::decode(user)?, csrf, created_at, last_seen_at, expires_at }))
        })
    }

    /// Notes that a session was used. Call it now and then, not at each request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn touch_session(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE session SET last_seen_at = max(last_seen_at, ?2) WHERE token_hash = ?1";
            transaction.execute(sql, (token_hash.as_slice(), at.millis()))?;
            Ok(())
        })
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            transaction.execute("DELETE FROM session WHERE token_hash = ?1", [token_hash.as_slice()])?;
            Ok(())
        })
    }

    /// Ends all sessions of a user. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_sessions_of(&self, user: i64) -> Result<usize, StoreError> {
        self.database
            .write(|transaction| Ok(transaction.execute("DELETE FROM session WHERE user = ?1", [user])?))
    }

    /// Deletes the sessions that have ended. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_expired_sessions(&self, at: Timestamp) -> Result<usize, StoreError> {
        self.database.write(|transaction| {
            Ok(transaction.execute("DELETE FROM session WHERE expires_at <= ?1", [at.millis()])?)
        })
    }
}
