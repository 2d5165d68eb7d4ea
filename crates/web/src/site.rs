//! How this installation is reached: what every request needs to know, and
//! the layers that stand before every route.

use crate::errors::{Code, Error};
use crate::locale::Numbers;
use crate::security::hosts::AllowedHosts;
use crate::security::{FORM_BYTES_MAX, access_log, headers};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Facts about the installation, resolved once at the start.
#[derive(Debug, Clone)]
pub struct Site {
    /// Browsers reach us over TLS (through a proxy): secure cookies and HSTS.
    pub https: bool,
    /// Names under which we answer.
    pub hosts: AllowedHosts,
    /// Number signs for Spanish readers whose region is not known.
    pub numbers: Numbers,
    /// Time zone of pages that belong to no workspace.
    pub zone: jiff::tz::TimeZone,
}

/// Puts the layers around a router: request id and log, headers, error pages,
/// host check, body limit, in this order from the outside. A route that takes
/// uploads sets its own `DefaultBodyLimit`.
pub fn protect(router: Router, site: &Arc<Site>) -> Router {
    let https = site.https;
    router
        .fallback(|| async { Error::new(Code::NotFound) })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(site), check_host))
        .layer(from_fn_with_state(Arc::clone(site), crate::errors::render))
        .layer(from_fn(move |request: Request, next: Next| headers::apply(https, request, next)))
        .layer(from_fn(access_log::record))
}

async fn check_host(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let host = request
        .uri()
        .host()
        .or_else(|| request.headers().get(header::HOST).and_then(|value| value.to_str().ok()))
        .unwrap_or("");
    if site.hosts.accepts(host) { next.run(request).await } else { Error::new(Code::Host).into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    fn app() -> Router {
        let site = Site {
            https: false,
            hosts: AllowedHosts::new(&[], false),
            numbers: Numbers::CommaPoint,
            zone: jiff::tz::TimeZone::UTC,
        };
        let router = Router::new()
            .route("/fine", get(|| async { "fine" }))
            .route("/echo", post(|body: String| async move { body }))
            .route(
                "/api/v1/broken",
                get(|| async { Error::new(Code::Conflict).because("the query changed") }),
            )
            .route("/broken", get(|| async { Error::new(Code::Conflict).because("<script>") }));
        protect(router, &Arc::new(site))
    }

    async fn ask(
        request: axum::http::request::Builder,
        body: &'static str,
    ) -> (StatusCode, axum::http::HeaderMap, String) {
        let response = app().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    fn to(path: &str) -> axum::http::request::Builder {
        Request::builder().uri(path).header(header::HOST, "127.0.0.1:8080")
    }

    #[tokio::test]
    async fn every_answer_carries_the_security_headers() {
        for path in ["/fine", "/missing", "/broken", "/api/v1/broken"] {
            let (_, headers, _) = ask(to(path), "").await;
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"));
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert!(headers[header::VARY].to_str().unwrap().contains("HX-Request"), "{path}");
            assert!(headers.contains_key("x-request-id"));
        }
    }

    #[tokio::test]
    async fn a_rebound_name_is_refused() {
        let request = Request::builder().uri("/fine").header(header::HOST, "evil.example:8080");
        let (status, _, text) = ask(request, "").await;
        assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
        assert!(!text.contains("fine"));
    }

    #[tokio::test]
    async fn errors_speak_the_readers_language() {
        let (status, _, text) = ask(to("/missing"), "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(text.contains(r#"<html lang="es""#) && text.contains("No encontramos esta página"));
        let (_, _, text) = ask(to("/missing").header(header::ACCEPT_LANGUAGE, "en"), "").await;
        assert!(text.contains("We could not find this page"));
        let (status, _, text) = ask(to("/broken"), "").await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(!text.contains("<script>"), "{text}");
        let (status, headers, text) = ask(to("/api/v1/broken"), "").await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(text, r#"{"code":"conflict","message":"the query changed"}"#);
    }

    #[tokio::test]
    async fn answers_of_the_framework_become_pages_too() {
        let (status, _, text) = ask(to("/echo"), "").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(text.contains("no admite esa acción"), "{text}");
        let big: &'static str = Box::leak("x".repeat(FORM_BYTES_MAX + 1).into_boxed_str());
        let (status, _, text) = ask(to("/echo").method("POST"), big).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(text.contains("demasiado grande"), "{text}");
    }
}
