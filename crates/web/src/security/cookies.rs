//! Cookies: reading one by name, building with safe attributes.
//!
//! Source: RFC 6265bis. Behind https the name carries `__Host-`: the browser
//! then refuses it without `Secure`, with a domain, or for another path.

use axum::http::{HeaderMap, HeaderValue, header};

/// Longest cookie value that is read, bytes.
pub const COOKIE_VALUE_BYTES_MAX: usize = 512;

/// The session; its value is the secret itself.
pub const SESSION: &str = "atalaya-session";
/// A visitor who has not signed in; only ties forms to a browser.
pub const VISIT: &str = "atalaya-visit";
/// `auto`, `light` or `dark`.
pub const THEME: &str = "atalaya-theme";
/// `es` or `en`.
pub const LANGUAGE: &str = "atalaya-language";

/// Name with the prefix that the setting asks for.
fn full_name(name: &str, https: bool) -> String {
    if https { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie; `None` when absent, empty or too long. With `https`
/// only the `__Host-` cookie counts, which a neighbouring site cannot plant.
pub fn find<'a>(headers: &'a HeaderMap, name: &str, https: bool) -> Option<&'a str> {
    let name = full_name(name, https);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty() && value.len() <= COOKIE_VALUE_BYTES_MAX)
}

/// A `Set-Cookie` value: `HttpOnly`, `SameSite=Lax`, whole site. `max_age_s` of
/// `None` lasts until the browser closes, 0 removes the cookie. `None` when the
/// value holds a character that a cookie cannot.
pub fn build(name: &str, value: &str, max_age_s: Option<u64>, https: bool) -> Option<HeaderValue> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte);
    if value.len() > COOKIE_VALUE_BYTES_MAX || !value.bytes().all(allowed) {
        return None;
    }
    let age = max_age_s.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", full_name(name, https));
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_cookies_are_found_again() {
        let set = build(SESSION, "abc-_1", Some(60), true).unwrap();
        let text = set.to_str().unwrap();
        assert_eq!(text, "__Host-atalaya-session=abc-_1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; __Host-atalaya-session=abc-_1"));
        assert_eq!(find(&headers, SESSION, true), Some("abc-_1"));
        assert_eq!(find(&headers, SESSION, false), None);
    }

    #[test]
    fn a_planted_cookie_without_prefix_does_not_count_behind_https() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("atalaya-session=planted"));
        assert_eq!(find(&headers, SESSION, true), None);
    }

    #[test]
    fn a_value_cannot_add_attributes() {
        assert_eq!(build(THEME, "dark; Domain=evil.example", None, false), None);
        assert_eq!(build(THEME, "a\r\nSet-Cookie: x=1", None, false), None);
    }
}
