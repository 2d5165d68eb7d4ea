//! Request ids and the access log: method, path, status, time. Never a query
//! string, a cookie, a body or an address of a person.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// The response header that names the request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest path written to the log, characters.
const PATH_CHARS_MAX: usize = 200;

/// Names one request in log, header and error page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Gives the request an id and writes one line when it is answered. Paths of
/// pages are cut after their first part, because ids in them name people.
pub async fn record(mut request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let method = request.method().clone();
    let path = logged_path(request.uri().path());
    request.extensions_mut().insert(RequestId(id.clone()));
    let started = Instant::now();
    let mut response = next.run(request).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::info!(target: "access", %id, %method, %path, status, duration_ms);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The first part of a path: `/posts/bluesky:at…` becomes `/posts/…`
/// because native ids name people.
fn logged_path(path: &str) -> String {
    let mut parts = path.split('/').skip(1);
    let first = parts.next().unwrap_or("");
    let rest = parts.next().map_or("", |rest| if rest.is_empty() { "/" } else { "/…" });
    let whole = matches!(first, "api" | "assets" | "ui");
    let text = if whole { path.to_owned() } else { format!("/{first}{rest}") };
    let text = if first == "api" { text.split('/').take(4).collect::<Vec<_>>().join("/") } else { text };
    text.chars().filter(|c| !c.is_control()).take(PATH_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_names_pages_not_people() {
        assert_eq!(logged_path("/"), "/");
        assert_eq!(logged_path("/posts/bluesky:at:did:plc:ana"), "/posts/…");
        assert_eq!(logged_path("/accounts/x:ana/history"), "/accounts/…");
        assert_eq!(logged_path("/api/v1/accounts/x:ana"), "/api/v1/accounts");
        assert_eq!(logged_path("/assets/atalaya.0123.css"), "/assets/atalaya.0123.css");
    }
}
