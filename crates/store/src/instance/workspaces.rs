//! Workspaces and who works in them.
//!
//! In: names, time zones, roles. Out: the same.
//! Errors: [`StoreError::Taken`] for a slug in use, [`StoreError::Missing`], [`StoreError::Invalid`].
//! Limits: [`SLUG_BYTES_MAX`].

use super::users::{self, User};
use super::{Instance, checked_locale, checked_name, stored_locale};
use crate::error::StoreError;
use model::{Lang, Role, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use std::fmt;

/// Longest slug, bytes.
pub const SLUG_BYTES_MAX: usize = 40;

/// A workspace's short name in addresses, which is also its folder's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Takes small letters, digits and inner hyphens.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for anything else, so that no path can hide in it.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let edged = text.starts_with('-') || text.ends_with('-');
        if text.is_empty() || text.len() > SLUG_BYTES_MAX || !plain || edged {
            let reason = format!("use 1 to {SLUG_BYTES_MAX} small letters a-z, digits and inner hyphens");
            return Err(StoreError::invalid("short name of the workspace", reason));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A workspace to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewWorkspace<'a> {
    /// Its short name.
    pub slug: &'a Slug,
    /// Its name for people.
    pub name: &'a str,
    /// IANA name, e.g. `America/Panama`.
    pub time_zone: &'a str,
    /// Language of its pages and reports, es or en.
    pub locale: Lang,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its number.
    pub id: i64,
    /// Its short name and folder.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Language of its pages and reports.
    pub locale: Lang,
    /// When it was made.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "workspace.id, workspace.slug, workspace.name, workspace.time_zone,
    workspace.locale, workspace.created_at";

/// A row before it is understood: slug and locale are text.
type WorkspaceRow = (i64, String, String, String, String, i64);

fn read(row: &Row<'_>) -> rusqlite::Result<WorkspaceRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn decode((id, slug, name, time_zone, locale, created): WorkspaceRow) -> Result<Workspace, StoreError> {
    Ok(Workspace {
        id,
        slug: Slug::parse(&slug).map_err(|error| StoreError::corrupt("workspace", id, error))?,
        name,
        time_zone,
        locale: stored_locale("workspace", id, &locale)?,
        created_at: Timestamp::from_millis(created),
    })
}

fn checked_zone(name: &str) -> Result<&str, StoreError> {
    match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(name),
        Err(_) => Err(StoreError::invalid(
            "time zone",
            format!("there is no zone «{name}»: write it like America/Panama"),
        )),
    }
}

fn load(connection: &Connection, id: i64) -> Result<Workspace, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM workspace WHERE id = ?1");
    let row = connection.prepare_cached(&sql)?.query_row([id], read).optional()?;
    decode(row.ok_or_else(|| StoreError::missing("workspace", id))?)
}

pub(super) fn insert(
    connection: &Connection,
    workspace: &NewWorkspace<'_>,
    at: Timestamp,
) -> Result<Workspace, StoreError> {
    let name = checked_name("name of the workspace", workspace.name)?;
    let zone = checked_zone(workspace.time_zone)?;
    let locale = checked_locale(workspace.locale)?;
    let slug = workspace.slug.as_str();
    connection
        .execute(
            "INSERT INTO workspace (slug, name, time_zone, locale, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (slug, name, zone, locale, at.millis()),
        )
        .map_err(StoreError::taken("short name of the workspace", slug))?;
    load(connection, connection.last_insert_rowid())
}

pub(super) fn update_membership(
    connection: &Connection,
    user: i64,
    workspace: i64,
    role: Role,
) -> Result<(), StoreError> {
    let updated = connection.execute(
        "INSERT INTO membership (user, workspace, role) VALUES (?1, ?2, ?3)
         ON CONFLICT (user, workspace) DO UPDATE SET role = excluded.role",
        (user, workspace, role.name()),
    );
    match updated {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
            Err(StoreError::missing("user or workspace", format!("{user}, {workspace}")))
        }
        other => Ok(other.map(drop)?),
    }
}

fn stored_role(user: i64, text: &str) -> Result<Role, StoreError> {
    Role::parse(text)
        .ok_or_else(|| StoreError::corrupt("membership of user", user, format!("there is no role «{text}»")))
}

impl Instance {
    /// Adds a workspace. Its folder is made when its archive is opened.
    ///
    /// # Errors
    /// [`StoreError::Taken`] for a slug in use, [`StoreError::Invalid`].
    pub fn insert_workspace(
        &self,
        workspace: &NewWorkspace<'_>,
        at: Timestamp,
    ) -> Result<Workspace, StoreError> {
        self.database.write(|transaction| insert(transaction, workspace, at))
    }

    /// All workspaces, by number.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_workspaces(&self) -> Result<Vec<Workspace>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM workspace ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([], read)?.map(|row| decode(row?)).collect()
        })
    }

    /// The workspace of a slug.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn find_workspace(&self, slug: &Slug) -> Result<Option<Workspace>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM workspace WHERE slug = ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_row([slug.as_str()], read).optional()?.map(decode).transpose()
        })
    }

    /// Changes a workspace; its slug stays.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Invalid`].
    pub fn update_workspace(
        &self,
        id: i64,
        name: &str,
        time_zone: &str,
        locale: Lang,
    ) -> Result<(), StoreError> {
        let name = checked_name("name of the workspace", name)?;
        let (zone, locale) = (checked_zone(time_zone)?, checked_locale(locale)?);
        self.database.write(|transaction| {
            let sql = "UPDATE workspace SET name = ?2, time_zone = ?3, locale = ?4 WHERE id = ?1";
            match transaction.execute(sql, (id, name, zone, locale))? {
                0 => Err(StoreError::missing("workspace", id)),
                _ => Ok(()),
            }
        })
    }

    /// Gives a user a role in a workspace, in place of the one it may have.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such user or workspace.
    pub fn update_membership(&self, user: i64, workspace: i64, role: Role) -> Result<(), StoreError> {
        self.database.write(|transaction| update_membership(transaction, user, workspace, role))
    }

    /// Takes a user out of a workspace, with the tokens it made there.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it was not in it.
    pub fn remove_membership(&self, user: i64, workspace: i64) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "DELETE FROM membership WHERE user = ?1 AND workspace = ?2";
            if transaction.execute(sql, (user, workspace))? == 0 {
                return Err(StoreError::missing("membership of user", user));
            }
            transaction.execute("DELETE FROM token WHERE user = ?1 AND workspace = ?2", (user, workspace))?;
            Ok(())
        })
    }

    /// A user's role in a workspace; `None` when it is not in it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the role cannot be read back.
    pub fn find_role(&self, user: i64, workspace: i64) -> Result<Option<Role>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT role FROM membership WHERE user = ?1 AND workspace = ?2")?;
            let role: Option<String> = statement.query_row((user, workspace), |row| row.get(0)).optional()?;
            role.map(|text| stored_role(user, &text)).transpose()
        })
    }

    /// The workspaces of a user with its roles, by number.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_memberships(&self, user: i64) -> Result<Vec<(Workspace, Role)>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, membership.role FROM membership
                 JOIN workspace ON workspace.id = membership.workspace
                 WHERE membership.user = ?1 ORDER BY workspace.id"
            ))?;
            let mut rows = statement.query([user])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let role: String = row.get(6)?;
                found.push((decode(read(row)?)?, stored_role(user, &role)?));
            }
            Ok(found)
        })
    }

    /// The users of a workspace with their roles, by number.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_members(&self, workspace: i64) -> Result<Vec<(User, Role)>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {}, membership.role FROM membership JOIN user ON user.id = membership.user
                 WHERE membership.workspace = ?1 ORDER BY user.id",
                users::COLUMNS
            ))?;
            let mut rows = statement.query([workspace])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let user = users::decode(users::read(row, 0)?)?;
                let role: String = row.get(6)?;
                let role = stored_role(user.id, &role)?;
                found.push((user, role));
            }
            Ok(found)
        })
    }
}
