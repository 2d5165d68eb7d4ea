//! Saved queries, streams and the handbook.

use super::explore::Preview;
use super::workspace::Workspace;
use crate::AppError;
use crate::access::Actor;
use model::Permission;
use model::handbook::BrandHandbook;
use model::listening::{Purpose, SavedQuery, Stream};
use model::query::parse;
use store::archive::NewQuery;

/// Longest name of a query or stream, characters.
pub const NAME_CHARS_MAX: usize = 80;
/// Most queries of one workspace.
pub const QUERIES_MAX: usize = 10_000;
/// Most streams of one workspace.
pub const STREAMS_MAX: usize = 200;

/// A saved query with its mentions.
#[derive(Debug, Clone, serde::Serialize)]
pub struct QueryView {
    /// The query.
    pub query: SavedQuery,
    /// Mentions in the whole archive, count.
    pub mentions: u64,
}

impl Workspace {
    /// The queries with the number of their mentions, in the order of their making.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_queries(&self, actor: &Actor) -> Result<Vec<QueryView>, AppError> {
        actor.require(Permission::Read)?;
        let compiled = self.compiled();
        let mut views = Vec::with_capacity(compiled.queries.len());
        for (query, expr) in &compiled.queries {
            let mentions = self.index().count(expr, &self.labels_for(&[expr])?)?;
            views.push(QueryView { query: query.clone(), mentions });
        }
        Ok(views)
    }

    /// The queries without counting their mentions, in the order of their making.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn saved_queries(&self, actor: &Actor) -> Result<Vec<SavedQuery>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.compiled().queries.iter().map(|(query, _)| query.clone()).collect())
    }

    /// One query.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn load_query(&self, actor: &Actor, id: i64) -> Result<SavedQuery, AppError> {
        actor.require(Permission::Read)?;
        let compiled = self.compiled();
        let found = compiled.queries.iter().find(|(query, _)| query.id == id);
        found.map(|(query, _)| query.clone()).ok_or_else(|| missing("query", id))
    }

    /// What was changed in a query and by whom, newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_query_history(
        &self,
        actor: &Actor,
        id: i64,
    ) -> Result<Vec<store::archive::QueryVersion>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_query_history(id)?)
    }

    /// Saves a new query; it applies to history at once.
    ///
    /// # Errors
    /// [`AppError::Query`] when the expression cannot be read.
    pub fn insert_query(
        &self,
        actor: &Actor,
        name: &str,
        purpose: Purpose,
        expression: &str,
    ) -> Result<SavedQuery, AppError> {
        actor.require(Permission::EditQueries)?;
        if self.compiled().queries.len() >= QUERIES_MAX {
            return Err(AppError::invalid(
                "name",
                format!("a workspace may hold {QUERIES_MAX} queries: archive one first"),
            ));
        }
        let new = checked(name, purpose, expression)?;
        let query = self.archive().insert_query(&new, actor.user, self.settings().now())?;
        self.reload_queries()?;
        Ok(query)
    }

    /// Changes a query.
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::Store`] when there is none.
    pub fn update_query(
        &self,
        actor: &Actor,
        id: i64,
        name: &str,
        purpose: Purpose,
        expression: &str,
    ) -> Result<SavedQuery, AppError> {
        actor.require(Permission::EditQueries)?;
        let new = checked(name, purpose, expression)?;
        let query = self.archive().update_query(id, &new, actor.user, self.settings().now())?;
        self.reload_queries()?;
        Ok(query)
    }

    /// Archives a query: it is no longer matched; its history stays.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none.
    pub fn archive_query(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::EditQueries)?;
        self.archive().archive_query(id, self.settings().now())?;
        let details = serde_json::json!({"query": id});
        self.archive().record_audit(actor.user, "query_archived", &details, self.settings().now())?;
        self.reload_queries()
    }

    /// Count and ten examples over history, while one writes an expression.
    ///
    /// # Errors
    /// [`AppError::Query`] with the character and what to do.
    pub fn preview(&self, actor: &Actor, expression: &str) -> Result<Preview, AppError> {
        actor.require(Permission::Read)?;
        let expr = parse(expression)?;
        let page = self.index().sample(&expr, &self.labels_for(&[&expr])?)?;
        let ids: Vec<i64> = page.hits.iter().map(|hit| hit.id).collect();
        Ok(Preview { total: page.total, examples: self.views(&ids, Some(&expr))? })
    }

    /// The saved streams.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_streams(&self, actor: &Actor) -> Result<Vec<Stream>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_streams()?)
    }

    /// Saves a stream.
    ///
    /// # Errors
    /// [`AppError::Query`].
    pub fn insert_stream(&self, actor: &Actor, name: &str, expression: &str) -> Result<Stream, AppError> {
        actor.require(Permission::Label)?;
        if self.archive().list_streams()?.len() >= STREAMS_MAX {
            return Err(AppError::invalid(
                "name",
                format!("a workspace may hold {STREAMS_MAX} streams: remove one first"),
            ));
        }
        let new = checked(name, Purpose::Topic, expression)?;
        Ok(self.archive().insert_stream(new.name, new.expression, actor.user, self.settings().now())?)
    }

    /// Removes a stream.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none.
    pub fn remove_stream(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        Ok(self.archive().remove_stream(id)?)
    }

    /// The brand handbook.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn load_handbook(&self, actor: &Actor) -> Result<BrandHandbook, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().load_handbook()?.0)
    }

    /// Writes the brand handbook; saved queries stay as they are.
    ///
    /// # Errors
    /// [`AppError::Invalid`].
    pub fn update_handbook(&self, actor: &Actor, handbook: &BrandHandbook) -> Result<(), AppError> {
        actor.require(Permission::EditQueries)?;
        crate::access::check_handbook(handbook)?;
        self.archive().update_handbook(handbook, actor.user, self.settings().now())?;
        Ok(())
    }
}

/// A name and an expression that can be saved.
fn checked<'a>(name: &'a str, purpose: Purpose, expression: &'a str) -> Result<NewQuery<'a>, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(AppError::invalid("name", format!("write a name of 1 to {NAME_CHARS_MAX} characters")));
    }
    parse(expression)?;
    Ok(NewQuery { name, purpose, expression: expression.trim() })
}

pub(super) fn missing(what: &'static str, id: impl ToString) -> AppError {
    AppError::NotFound { what, name: id.to_string() }
}
