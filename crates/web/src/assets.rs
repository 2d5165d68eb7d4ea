//! Stylesheet, scripts and icon, served from the binary.
//!
//! In: a path under `/assets/`.
//! Out: bytes with their type, gzip where the browser takes it, cached for
//! ever because the name holds a hash of the content.
//! Errors: 404 for any other name.
//! Cost: hashes and gzip copies are made once, at first use.

use crate::front::{Need, Route};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::sync::LazyLock;

/// Where assets live.
pub const ASSETS_PATH: &str = "/assets/{name}";
/// Where load balancers ask whether the server answers.
pub const HEALTH_PATH: &str = "/health";

/// Hexadecimal digits of the content hash in a name.
const HASH_DIGITS: usize = 16;

struct Asset {
    stem: &'static str,
    extension: &'static str,
    mime: &'static str,
    /// Joined with a newline; a stylesheet is four layers, a script several modules.
    parts: &'static [&'static str],
}

const ASSETS: [Asset; 5] = [
    Asset {
        stem: "atalaya",
        extension: "css",
        mime: "text/css; charset=utf-8",
        parts: &[
            "@layer tokens, base, components, pages;",
            include_str!("../assets/css/tokens.css"),
            include_str!("../assets/css/base.css"),
            include_str!("../assets/css/components.css"),
            include_str!("../assets/css/charts.css"),
            include_str!("../assets/css/pages.css"),
            include_str!("../assets/css/pages/desk.css"),
            include_str!("../assets/css/pages/listening.css"),
            include_str!("../assets/css/pages/understanding.css"),
            include_str!("../assets/css/pages/coordination.css"),
            include_str!("../assets/css/pages/alerts.css"),
        ],
    },
    Asset {
        stem: "atalaya",
        extension: "js",
        mime: "text/javascript; charset=utf-8",
        parts: &[
            include_str!("../assets/js/live.js"),
            include_str!("../assets/js/arrivals.js"),
            include_str!("../assets/js/alerts.js"),
            include_str!("../assets/js/dialogs.js"),
            include_str!("../assets/js/charts.js"),
            include_str!("../assets/js/shortcuts.js"),
            include_str!("../assets/js/print.js"),
        ],
    },
    Asset {
        stem: "htmx",
        extension: "js",
        mime: "text/javascript; charset=utf-8",
        parts: &[include_str!("../assets/js/vendor/htmx.min.js")],
    },
    Asset {
        stem: "map",
        extension: "js",
        mime: "text/javascript; charset=utf-8",
        parts: &[include_str!("../assets/js/map.js"), include_str!("../assets/js/map_view.js")],
    },
    Asset {
        stem: "icon",
        extension: "svg",
        mime: "image/svg+xml",
        parts: &[include_str!("../assets/icon.svg")],
    },
];

struct Ready {
    file: &'static str,
    name: String,
    mime: &'static str,
    plain: Vec<u8>,
    gzip: Option<Vec<u8>>,
}

static READY: LazyLock<Vec<Ready>> = LazyLock::new(|| ASSETS.iter().map(prepare).collect());

fn prepare(asset: &Asset) -> Ready {
    let plain = asset.parts.join("\n").into_bytes();
    let mut hash = String::new();
    for byte in Sha256::digest(&plain).iter().take(HASH_DIGITS / 2) {
        hash.push_str(&format!("{byte:02x}"));
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing to a vector does not fail; without the copy the plain one serves.
    let gzip = encoder.write_all(&plain).and_then(|()| encoder.finish()).ok();
    Ready {
        file: match (asset.stem, asset.extension) {
            ("atalaya", "css") => "atalaya.css",
            ("atalaya", _) => "atalaya.js",
            ("htmx", _) => "htmx.js",
            ("map", _) => "map.js",
            _ => "icon.svg",
        },
        name: format!("{}.{hash}.{}", asset.stem, asset.extension),
        mime: asset.mime,
        plain,
        gzip,
    }
}

/// The address of an asset (`atalaya.css`, `atalaya.js`, `htmx.js`, `map.js`, `icon.svg`).
pub fn url(file: &str) -> String {
    match READY.iter().find(|ready| ready.file == file) {
        Some(ready) => format!("/assets/{}", ready.name),
        None => format!("/assets/{file}"),
    }
}

/// The routes of assets and of the sign of life.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: ASSETS_PATH,
            need: Need::Nothing,
            summary: "Stylesheet, scripts and icon",
            handler: get(serve),
        },
        Route {
            method: Method::GET,
            path: HEALTH_PATH,
            need: Need::Nothing,
            summary: "Says that the server answers",
            handler: get(|| async { "ok" }),
        },
    ]
}

/// Serves [`ASSETS_PATH`]: open to everybody, holds nothing of anybody.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(ready) = READY.iter().find(|ready| ready.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let takes_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|coding| coding.trim().starts_with("gzip")));
    let (body, coding) = match &ready.gzip {
        Some(gzip) if takes_gzip => (gzip.clone(), Some("gzip")),
        _ => (ready.plain.clone(), None),
    };
    let mut response = body.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(ready.mime));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Script on ordinary pages, gzip, bytes.
    const SCRIPT_GZIP_BYTES_MAX: usize = 25_000;
    /// Script on the page of the map, gzip, bytes.
    const MAP_SCRIPT_GZIP_BYTES_MAX: usize = 95_000;

    #[test]
    fn script_stays_within_its_budget() {
        let size = |ready: &Ready| ready.gzip.as_ref().unwrap().len();
        let scripts = || READY.iter().filter(|ready| ready.file.ends_with(".js"));
        let everywhere: usize = scripts().filter(|ready| ready.file != "map.js").map(size).sum();
        assert!(everywhere <= SCRIPT_GZIP_BYTES_MAX, "{everywhere} bytes");
        let map: usize = scripts().map(size).sum();
        assert!(map <= MAP_SCRIPT_GZIP_BYTES_MAX && map > everywhere, "{map} bytes");
    }

    #[tokio::test]
    async fn names_hold_the_hash_and_unknown_names_are_refused() {
        let address = url("atalaya.css");
        let name = address.strip_prefix("/assets/").unwrap().to_owned();
        assert_eq!(name.len(), "atalaya..css".len() + HASH_DIGITS);
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("br, gzip;q=0.8"));
        let response = serve(Path(name), headers).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let missing = serve(Path("../../etc/passwd".to_owned()), HeaderMap::new()).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    }

    fn token(name: &str) -> [String; 2] {
        let css = include_str!("../assets/css/tokens.css");
        let start = css.find(&format!("--{name}: light-dark(")).unwrap_or_else(|| panic!("no token {name}"));
        let inside = css[start..].split('(').nth(1).unwrap().split(')').next().unwrap();
        let mut both = inside.split(',').map(|colour| colour.trim().to_owned());
        [both.next().unwrap(), both.next().unwrap()]
    }

    /// Relative luminance after WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn colours_keep_their_contrast_in_both_themes() {
        let text = [
            ("ink", "paper surface sunken accent-soft primary-soft danger-soft warning-soft ok-soft mark"),
            ("ink-2", "paper surface sunken"),
            ("ink-3", "paper surface sunken"),
            ("primary", "paper surface sunken primary-soft"),
            ("on-primary", "primary primary-strong"),
            ("on-danger", "danger"),
            ("danger", "paper surface danger-soft"),
            ("warning", "paper surface warning-soft"),
            ("ok", "paper surface ok-soft"),
            ("tower-ink", "tower tower-raised"),
            ("tower-ink-2", "tower"),
        ];
        let graphics = [
            ("line-strong", "paper surface"),
            ("focus", "paper surface"),
            ("lamp", "tower"),
            ("tone-negative", "surface"),
            ("tone-neutral", "surface"),
            ("tone-positive", "surface"),
            ("tone-mixed", "surface"),
            ("tone-unknown", "surface"),
            ("series-1", "surface"),
            ("series-2", "surface"),
            ("series-3", "surface"),
            ("series-4", "surface"),
            ("series-5", "surface"),
            ("series-6", "surface"),
        ];
        let mut weak = Vec::new();
        for (least, pairs) in [(4.5, &text[..]), (3.0, &graphics[..])] {
            for (front, grounds) in pairs {
                for ground in grounds.split(' ') {
                    for (theme, name) in ["light", "dark"].iter().enumerate() {
                        let ratio = contrast(&token(front)[theme], &token(ground)[theme]);
                        if ratio < least {
                            weak.push(format!("{front} on {ground}, {name}: {ratio:.2} < {least}"));
                        }
                    }
                }
            }
        }
        assert!(weak.is_empty(), "{weak:#?}");
    }
}
