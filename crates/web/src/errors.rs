//! Every way a request can fail, and the one place where it becomes an answer.
//!
//! In: an [`Error`] from a handler, or a bare status from the framework.
//! Out: a localised page for browsers, `{"code","message"}` for `/api`.
//! Limits: `message` is English and for machines' owners; it never holds what
//! a user typed, a secret, or the text of a post.

use crate::layout::Page;
use crate::locale::Locale;
use crate::security::access_log::RequestId;
use crate::security::cookies;
use crate::site::Site;
use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident, $message:literal;)*) => {
        /// What went wrong; the table of codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The word in the API; `error-<name>` and `error-<name>-help` are its texts.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
            /// The HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }
            /// The API's message when nothing more precise is known.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

codes! {
    /// What was sent cannot be read.
    BadRequest = "bad_request", BAD_REQUEST, "the request could not be read";
    /// What was sent can be read but not accepted.
    InvalidInput = "invalid_input", UNPROCESSABLE_ENTITY, "a value is not acceptable";
    /// Nobody is signed in.
    Unauthorized = "unauthorized", UNAUTHORIZED, "sign in or send a valid token";
    /// The role or token does not allow it.
    Forbidden = "forbidden", FORBIDDEN, "the role or token does not allow this";
    /// The form did not come from our page, or the session changed.
    Csrf = "csrf", FORBIDDEN, "the form token is missing or old";
    /// The `Host` header does not name us.
    Host = "host", MISDIRECTED_REQUEST, "this server does not answer to that name";
    /// Nothing at this address.
    NotFound = "not_found", NOT_FOUND, "there is nothing at this address";
    /// The address exists for other methods.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "the method is not allowed here";
    /// Somebody changed it in between.
    Conflict = "conflict", CONFLICT, "it was changed in between";
    /// The body is larger than the limit.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "the body is larger than the limit";
    /// The content type is not one we read.
    UnsupportedMedia = "unsupported_media", UNSUPPORTED_MEDIA_TYPE, "the content type is not accepted";
    /// Too many tries.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "too many attempts, wait and try again";
    /// Busy or stopping.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "busy, try again in a few seconds";
    /// Our own fault.
    Internal = "internal", INTERNAL_SERVER_ERROR, "an internal error, see the log";
}

/// A failed request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", code.name(), message.as_deref().unwrap_or(code.message()))]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// A more precise message for the API, English.
    pub message: Option<String>,
    /// When to try again, seconds.
    pub retry_after_s: Option<u64>,
    /// The field that was not accepted, as named in forms and the API.
    pub field: Option<&'static str>,
    /// The character (from 0) of a query expression that cannot be read.
    pub position: Option<usize>,
}

impl Error {
    /// An error of a code.
    pub const fn new(code: Code) -> Self {
        Self { code, message: None, retry_after_s: None, field: None, position: None }
    }

    /// The same with a precise message for the API.
    #[must_use]
    pub fn because(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// Too many tries; says when to come back.
    pub const fn rate_limited(wait_ms: u64) -> Self {
        let mut error = Self::new(Code::RateLimited);
        error.retry_after_s = Some(wait_ms.div_ceil(1_000));
        error
    }

    /// The body of the API's answer: `code` and `message`, and where it is
    /// known `field` or `position`.
    fn to_json(&self) -> serde_json::Value {
        let message = self.message.as_deref().unwrap_or(self.code.message());
        let mut body = serde_json::json!({ "code": self.code.name(), "message": message });
        if let Some(field) = self.field {
            body["field"] = field.into();
        }
        if let Some(position) = self.position {
            body["position"] = position.into();
        }
        body
    }

    /// Our own fault: the cause goes to the log, never to the reader.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(Code::Internal)
    }

    /// The error that a bare status of the framework stands for.
    fn of_status(status: StatusCode) -> Option<Self> {
        let code = Code::ALL.iter().copied().find(|code| code.status() == status && *code != Code::Csrf);
        match code {
            Some(code) => Some(Self::new(code)),
            None if status.is_client_error() => Some(Self::new(Code::BadRequest)),
            None if status.is_server_error() => Some(Self::new(Code::Internal)),
            None => None,
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Error {
    /// Only the status and the error itself; [`render`] writes the body.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    l: &'a Locale,
    code: String,
    help: String,
    request_id: Option<String>,
}

/// Turns errors of handlers and of the framework into pages or JSON. A
/// response that already has a content type of its own, such as a form shown
/// again with its errors, is left as it is.
pub async fn render(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let wants_json = request.uri().path().starts_with("/api/");
    let headers = request.headers();
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let locale = Locale::choose(
        cookies::find(headers, cookies::LANGUAGE, site.https),
        text(header::ACCEPT_LANGUAGE),
        site.numbers,
        site.zone.clone(),
    );
    let theme = cookies::find(headers, cookies::THEME, site.https).map(str::to_owned);
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let Some(error) = error_of(&response) else { return response };
    let mut out = if wants_json {
        Json(error.to_json()).into_response()
    } else {
        error_page(&error, &locale, theme.as_deref(), id.as_ref())
    };
    *out.status_mut() = error.code.status();
    if wants_json && error.code == Code::Unauthorized {
        // RFC 9110, 15.5.2: an answer 401 says how to identify oneself.
        out.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = error.retry_after_s {
        out.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(allow) = response.headers().get(header::ALLOW) {
        out.headers_mut().insert(header::ALLOW, allow.clone());
    }
    out
}

fn error_of(response: &Response) -> Option<Error> {
    if let Some(error) = response.extensions().get::<Error>() {
        return Some(error.clone());
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let plain = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    if plain { Error::of_status(response.status()) } else { None }
}

fn error_page(error: &Error, l: &Locale, theme: Option<&str>, id: Option<&RequestId>) -> Response {
    let name = error.code.name();
    let page = Page::bare(l.clone(), l.word("error", name), theme);
    let template = ErrorPage {
        page: &page,
        l,
        code: name.to_owned(),
        help: l.text(&format!("error-{name}-help")),
        request_id: id.map(|id| id.0.clone()),
    };
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "the error page failed");
            error.code.message().into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn every_code_has_its_texts_and_its_own_name() {
        for language in Language::ALL {
            let l = Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
            for code in Code::ALL {
                for key in [format!("error-{}", code.name()), format!("error-{}-help", code.name())] {
                    assert!(!l.text(&key).contains('⟦'), "{key}");
                }
            }
        }
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
