//! Addresses of this site: with parameters, to go back to, with a message.
//!
//! In: texts from anywhere. Out: paths of ours, percent-encoded. Errors: none;
//! what could lead elsewhere becomes the start page.

use crate::front::url_escape;

/// A path with its query string; pairs with an empty value are left out.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    let mut sign = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(sign);
        out.push_str(name);
        out.push('=');
        out.push_str(&url_escape(value));
        sign = '&';
    }
    out
}

/// A path of this site to go back to; anything that could lead elsewhere is
/// replaced by the start page.
pub fn own_path(text: &str) -> &str {
    let second = text.chars().nth(1);
    let plain = text.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain { text } else { "/" }
}

/// The same path with the message `done`, without an earlier one.
pub fn with_done(path: &str, done: &str) -> String {
    let path = own_path(path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("done=")).collect();
    let mut out = format!("{path}?");
    for pair in kept {
        out.push_str(pair);
        out.push('&');
    }
    out.push_str("done=");
    out.push_str(done);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_lead_back() {
        for good in ["/", "/explorer?q=a%20b&lang=es", "/posts/3"] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\r\nSet-Cookie: x",
            "/a b",
            "/\t/evil",
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
        assert_eq!(with_done("/explorer?q=a&done=old", "new"), "/explorer?q=a&done=new");
        assert_eq!(with_done("//evil.example", "new"), "/?done=new");
    }

    #[test]
    fn addresses_hold_any_text() {
        assert_eq!(
            address("/explorer", &[("q", "a & b=c #d"), ("lang", "")]),
            "/explorer?q=a%20%26%20b%3Dc%20%23d"
        );
    }
}
