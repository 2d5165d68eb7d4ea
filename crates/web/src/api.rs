//! The JSON API for programs, version 1, under `/api/v1`.
//!
//! In: JSON and query parameters, a token in `Authorization: Bearer`. Out:
//! JSON in views of our own (never the inner structures), times in RFC 3339.
//! Errors: one shape, `{"code","message"}`, with `field` or `position` where
//! known. A list is a page: `items` and `next`, which `after` takes.
//! Limits: [`PAGE_DEFAULT`], [`PAGE_MAX`], those of the work room, the body
//! ([`crate::security::FORM_BYTES_MAX`]) and the rate
//! ([`crate::front::API_BURST`]).
//!
//! One file per capability word, each with its routes and handlers side by
//! side; `view.rs` holds the shapes, `openapi.rs` tells programs about all.

mod alerts;
mod cascades;
mod checks;
pub(crate) mod coordination;
mod data;
mod exports;
mod openapi;
mod overview;
mod people;
mod posts;
mod queries;
mod sources;
#[cfg(test)]
mod tests;
mod topics;
mod understanding;
mod view;

use crate::errors::{Code, Error};
use crate::front::Route;
use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Entries of a page when `limit` is not given.
pub const PAGE_DEFAULT: usize = 50;
/// Most entries of a page.
pub const PAGE_MAX: usize = 200;

/// Its routes.
pub fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    routes.extend(people::routes());
    routes.extend(posts::routes());
    routes.extend(overview::routes());
    routes.extend(queries::routes());
    routes.extend(topics::routes());
    routes.extend(cascades::routes());
    routes.extend(coordination::routes());
    routes.extend(alerts::routes());
    routes.extend(checks::routes());
    routes.extend(sources::routes());
    routes.extend(exports::routes());
    routes.extend(data::routes());
    routes.extend(understanding::routes());
    routes.extend(openapi::routes());
    routes
}

/// The answer of a handler.
type Answer<T> = Result<T, Error>;

/// A body of JSON, refused with what is wrong in it.
struct Sent<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refusal(rejection)),
        }
    }
}

fn refusal(rejection: JsonRejection) -> Error {
    let code = match &rejection {
        JsonRejection::JsonDataError(_) => Code::InvalidInput,
        JsonRejection::MissingJsonContentType(_) => Code::UnsupportedMedia,
        JsonRejection::BytesRejection(BytesRejection::FailedToBufferBody(_))
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            return Error::new(Code::TooLarge);
        }
        _ => Code::BadRequest,
    };
    Error::new(code).because(rejection.body_text())
}

/// The parameters behind `?`, refused with what is wrong in them.
struct Asked<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(Error::new(Code::InvalidInput).because(rejection.body_text())),
        }
    }
}

/// No parameter at all: any is refused.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoParameters {}

/// The part of the path in braces; one that cannot be read names nothing.
struct Named<T>(T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(_) => Err(Error::new(Code::NotFound)),
        }
    }
}

/// One page of a list.
#[derive(Serialize)]
struct Listed<T> {
    /// The entries.
    items: Vec<T>,
    /// What `after` takes for the next page; `null` at the end.
    next: Option<String>,
}

impl<T> Listed<T> {
    /// A list that is never cut.
    fn whole(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }

    /// A page of a list ordered by falling id, of which one entry more than
    /// `limit` was asked for to learn whether there is a next page.
    fn cut(mut items: Vec<T>, limit: usize, id: impl Fn(&T) -> i64) -> Json<Self> {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| id(last).to_string());
        Json(Self { items, next })
    }
}

/// The size of a page that was asked for.
fn page_size(limit: Option<usize>) -> Answer<usize> {
    match limit.unwrap_or(PAGE_DEFAULT) {
        limit @ 1..=PAGE_MAX => Ok(limit),
        _ => Err(invalid("limit", format!("write a number from 1 to {PAGE_MAX}"))),
    }
}

/// A value that is not acceptable.
fn invalid(field: &'static str, reason: impl std::fmt::Display) -> Error {
    Error { field: Some(field), ..Error::new(Code::InvalidInput).because(format!("{field}: {reason}")) }
}

/// An instant as programs write it.
fn instant(field: &'static str, text: &str) -> Answer<Timestamp> {
    Timestamp::parse(text).map_err(|error| invalid(field, error))
}

/// A new thing and where it is.
fn created(location: String, body: impl Serialize) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, location)], Json(body)).into_response()
}
