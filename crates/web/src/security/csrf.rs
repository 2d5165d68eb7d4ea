//! Forms and API calls that change something must come from our own pages.
//!
//! Two independent checks: the browser's own word (`Sec-Fetch-Site`, else
//! `Origin` against `Host`), and a token in the form that is derived from the
//! secret of the session or visit cookie. A page elsewhere knows neither.
//! Source: OWASP Cross-Site Request Forgery Prevention; Fetch Metadata.
//! Limits: calls with a bearer token carry no cookie and need neither check.

use axum::http::{HeaderMap, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Name of the hidden field.
pub const FIELD: &str = "csrf";
/// Name of the header that htmx requests may carry instead.
pub const HEADER: &str = "x-csrf-token";
/// Random bytes in the cookie of a visitor who has not signed in.
const VISIT_BYTES: usize = 24;

/// The token of a session or visit secret; the secret cannot be computed from it.
pub fn token(secret: &str) -> String {
    // A key of any length is accepted, so the fallback never happens; an empty
    // token matches nothing.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(b"atalaya form 1");
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        },
    )
}

/// True when `given` is the token of `secret`; takes the same time for any guess.
pub fn matches(secret: &str, given: &str) -> bool {
    let expected = token(secret);
    !secret.is_empty() && !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
}

/// A fresh secret for the visit cookie.
pub fn new_visit() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; VISIT_BYTES]>())
}

/// True when the browser says that the request comes from our own pages, or
/// when it is one that changes nothing. Requests that carry neither
/// `Sec-Fetch-Site` nor `Origin` are not from a page; the token decides.
pub fn is_own_page(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (headers.contains_key(header::ORIGIN), text(header::ORIGIN), text(header::HOST)) {
        (false, _, _) => true,
        (true, Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_token_fits_its_secret_only() {
        let (mine, other) = (new_visit(), new_visit());
        assert_ne!(mine, other);
        assert!(matches(&mine, &token(&mine)));
        assert!(!matches(&mine, &token(&other)));
        assert!(!matches(&mine, ""));
        assert!(!matches("", &token("")));
    }

    #[test]
    fn the_browsers_word_counts() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_own_page(&Method::POST, &headers)
        };
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(!check(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!check(&[("origin", "http://127.0.0.1:9"), ("host", "127.0.0.1:8080")]));
        assert!(!check(&[("origin", "null"), ("host", "a")]));
        assert!(check(&[]));
    }
}
