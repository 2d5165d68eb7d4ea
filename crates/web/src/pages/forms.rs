//! What every page with a form needs: its fields as sent, what is wrong with
//! them, and the answers around them.

use crate::errors::Error;
use crate::front::work;
use ::app::AppError;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::str::FromStr;

/// The fields of a form or an address, in the order sent; a name may be there
/// several times (check boxes).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields that were read in another way.
    pub const fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a name; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The first value without white space around it.
    pub fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// True when the name was sent with any value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value as a number; `None` when it is none.
    pub fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.trimmed(name).parse().ok()
    }

    /// The fields as pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// What is wrong with the fields of a form, in the reader's language.
#[derive(Debug, Clone, Default)]
pub struct Faults(Vec<(String, String)>);

impl Faults {
    /// One fault.
    pub fn one(field: &str, text: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, text);
        faults
    }

    /// Adds a fault of a field.
    pub fn add(&mut self, field: &str, text: impl Into<String>) {
        self.0.push((field.to_owned(), text.into()));
    }

    /// The first fault of a field; empty when it has none.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(key, _)| key == field).map_or("", |(_, text)| text.as_str())
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The answer that shows a page.
///
/// # Errors
/// [`Error`] when the template cannot be rendered.
pub fn shown(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}

/// The answer that shows a form again with what is wrong: status 422.
///
/// # Errors
/// [`Error`] when the template cannot be rendered.
pub fn refused(template: &impl Template) -> Result<Response, Error> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
}

/// After a change: to a page of ours, whose frame says what was done with the
/// text of the key `done-<done>`.
pub fn done_at(path: &str, done: &str) -> Response {
    let sign = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{sign}done={done}")).into_response()
}

/// Runs work that may block and gives its own error back, for forms that say
/// what is wrong beside their fields.
///
/// # Errors
/// [`Error`] when the work could not be run at all.
pub async fn attempt<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<Result<T, AppError>, Error> {
    work(move || Ok(task())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_sent_twice() {
        let uri = "http://h/?scope=read&scope=export&name=+a+".parse().unwrap();
        let axum::extract::Query(fields) = axum::extract::Query::<Fields>::try_from_uri(&uri).unwrap();
        assert_eq!(fields.all("scope").collect::<Vec<_>>(), ["read", "export"]);
        assert_eq!((fields.trimmed("name"), fields.get("none"), fields.has("none")), ("a", "", false));
        assert_eq!(fields.number::<u32>("name"), None);
    }
}
