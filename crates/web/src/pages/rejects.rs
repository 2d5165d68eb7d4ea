//! `/rejects`: what arrived and could not be read, with line and reason.

use super::forms::{Fields, shown};
use crate::components::{Choice, Pagination, plain_line};
use crate::errors::Error;
use crate::front::{Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::{Origin, StoredReject};
use askama::Template;
use axum::body::Body;
use axum::extract::Query;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::{Permission, Reject};
use std::collections::HashMap;
use std::sync::Arc;

/// Rejects on one page.
const PAGE: usize = 50;
/// Most rejects in one download.
const DOWNLOAD_MAX: usize = 10_000;
/// Most imports offered in the filter.
const IMPORTS_OFFERED: usize = 100;

/// The routes of the page.
pub fn routes() -> Vec<Route> {
    let need = Need::May(Permission::EditSources);
    let route = |path, summary, handler| Route { method: Method::GET, path, need, summary, handler };
    vec![
        route("/rejects", "Rejected items, newest first", get(list)),
        route("/rejects.jsonl", "Rejected items as JSON lines", get(download)),
    ]
}

struct Row {
    when: String,
    origin: String,
    line: String,
    reason: String,
    /// True when the reason is in the reader's language; else it is in English.
    localised: bool,
    /// What the reader of the format said, in English.
    detail: Option<String>,
    excerpt: String,
}

#[derive(Template)]
#[template(path = "rejects/list.html")]
struct List {
    page: Page,
    l: Locale,
    rows: Vec<Row>,
    origins: Vec<Choice>,
    pages: Pagination,
    download: String,
}

/// `source:3` or `import:5`.
fn origin_of(text: &str) -> Option<Origin> {
    let (kind, id) = text.split_once(':')?;
    let id = id.parse().ok()?;
    match kind {
        "source" => Some(Origin::Source(id)),
        "import" => Some(Origin::Import(id)),
        _ => None,
    }
}

fn origin_text(origin: Origin) -> String {
    match origin {
        Origin::Source(id) => format!("source:{id}"),
        Origin::Import(id) => format!("import:{id}"),
    }
}

async fn list(visit: Visit, Query(query): Query<Fields>) -> Result<Response, Error> {
    let origin = origin_of(query.get("origin"));
    let before: Option<i64> = query.number("before");
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (mut rejects, sources, imports) = work(move || {
        let rejects = workspace.list_rejects(&actor, origin, before, PAGE + 1)?;
        Ok((rejects, workspace.list_sources(&actor)?, workspace.list_imports(&actor, IMPORTS_OFFERED)?))
    })
    .await?;
    let more = rejects.len() > PAGE;
    rejects.truncate(PAGE);
    let l = visit.l.clone();
    let mut names: HashMap<Origin, String> = HashMap::new();
    for view in &sources {
        names.insert(Origin::Source(view.source.id), view.source.name.clone());
    }
    for run in &imports {
        names.insert(Origin::Import(run.id), l.named("rejects-import", &run.name));
    }
    let filter = origin.map_or_else(String::new, |origin| format!("origin={}", origin_text(origin)));
    let with = |extra: &str| {
        let parts: Vec<&str> = [filter.as_str(), extra].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { "/rejects".to_owned() } else { format!("/rejects?{}", parts.join("&")) }
    };
    let pages = Pagination {
        // There is one way back: to the newest.
        previous: before.map(|_| with("")),
        next: rejects.last().filter(|_| more).map(|last| with(&format!("before={}", last.id))),
        summary: l.count("rejects-shown", u64::try_from(rejects.len()).unwrap_or(u64::MAX)),
    };
    shown(&List {
        page: visit.page(l.text("rejects-title"), Some(Room::Rejects)),
        rows: rejects.into_iter().map(|reject| row(reject, &names, &l)).collect(),
        origins: origins(origin, &names, &l),
        pages,
        download: format!("/rejects.jsonl?{filter}"),
        l,
    })
}

fn row(stored: StoredReject, names: &HashMap<Origin, String>, l: &Locale) -> Row {
    let unknown = || l.named("rejects-removed", &origin_text(stored.origin));
    let visible = |text: &str| -> String {
        text.chars().map(|c| if c.is_control() && c != '\n' { '␀' } else { c }).collect()
    };
    let localised = reason_of(&stored.reject, l);
    Row {
        detail: localised.as_ref().and_then(|_| detail_of(&stored.reject)),
        localised: localised.is_some(),
        when: l.date_time(stored.at),
        origin: names.get(&stored.origin).cloned().unwrap_or_else(unknown),
        line: l.integer(stored.reject.line),
        reason: localised.unwrap_or_else(|| visible(&stored.reject.reason)),
        excerpt: visible(&stored.reject.excerpt),
    }
}

/// The reason in the reader's language; `None` when it has no code that we know.
fn reason_of(reject: &Reject, l: &Locale) -> Option<String> {
    let cause = reject.cause.as_ref()?;
    let plain =
        cause.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let key = format!("reject-{}", cause.code);
    l.find(&key).filter(|_| plain)?;
    let argument = |at: usize| -> String {
        let text = cause.arguments.get(at).map(|text| plain_line(text)).unwrap_or_default();
        match (cause.code.as_str(), at, text.parse::<u64>()) {
            ("unreadable", 0, _) => l.find(&format!("import-format-{text}")).unwrap_or(text),
            (_, _, Ok(number)) => l.integer(number),
            _ => text,
        }
    };
    Some(l.text_with(&key, &[("a", argument(0).into()), ("b", argument(1).into())]))
}

/// The words of a reader of foreign formats, which are English.
fn detail_of(reject: &Reject) -> Option<String> {
    let cause = reject.cause.as_ref()?;
    let at = match cause.code.as_str() {
        "unreadable" => 1,
        "not-an-object" | "file-breaks-off" | "not-a-feed" => 0,
        _ => return None,
    };
    cause.arguments.get(at).map(|text| plain_line(text)).filter(|text| !text.is_empty())
}

fn origins(chosen: Option<Origin>, names: &HashMap<Origin, String>, l: &Locale) -> Vec<Choice> {
    let mut known: Vec<Origin> = names.keys().copied().collect();
    known.extend(chosen.filter(|origin| !names.contains_key(origin)));
    known.sort_unstable();
    let of = |origin: Origin| Choice {
        value: origin_text(origin),
        label: names
            .get(&origin)
            .cloned()
            .unwrap_or_else(|| l.named("rejects-removed", &origin_text(origin))),
        chosen: chosen == Some(origin),
    };
    let all = Choice { value: String::new(), label: l.text("rejects-all"), chosen: chosen.is_none() };
    std::iter::once(all).chain(known.into_iter().map(of)).collect()
}

async fn download(visit: Visit, Query(query): Query<Fields>) -> Result<Response, Error> {
    let origin = origin_of(query.get("origin"));
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let lines = work(move || {
        let mut lines = String::new();
        for stored in workspace.list_rejects(&actor, origin, None, DOWNLOAD_MAX)? {
            let line = serde_json::json!({
                "id": stored.id,
                "at": stored.at.to_string(),
                "origin": origin_text(stored.origin),
                "line": stored.reject.line,
                "reason": stored.reject.reason,
                "cause": stored.reject.cause,
                "excerpt": stored.reject.excerpt,
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        Ok(lines)
    })
    .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejects.jsonl\""),
    ];
    Ok((headers, Body::from(lines)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};
    use model::RejectCause;

    fn l(language: Language) -> Locale {
        Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC)
    }

    fn reject(code: &str, arguments: &[&str]) -> Reject {
        let arguments = arguments.iter().map(|text| (*text).to_owned()).collect();
        Reject { cause: Some(RejectCause::new(code, arguments)), ..Reject::new(1, "in English", b"") }
    }

    #[test]
    fn every_code_is_said_in_both_languages() {
        let codes = [
            "not-utf8",
            "unreadable",
            "date-unknown",
            "date-ambiguous",
            "lacks",
            "lacks-content",
            "id-empty",
            "id-too-long",
            "id-control",
            "too-large",
            "other-kind",
            "open-quote",
            "json-breaks-off",
            "not-json",
            "json-broken",
            "file-breaks-off",
            "fields",
            "not-an-object",
            "not-a-feed",
            "nested",
            "encrypted",
            "forged",
        ];
        for language in Language::ALL {
            let mut seen = std::collections::HashSet::new();
            for code in codes {
                let text = reason_of(&reject(code, &["11", "22"]), &l(language)).unwrap();
                assert!(
                    !text.contains('{') && !text.contains('⟦') && seen.insert(text.clone()),
                    "{code}: {text}"
                );
            }
        }
    }

    #[test]
    fn numbers_and_names_are_in_the_local_form_and_unknown_codes_are_not_guessed() {
        let l = l(Language::Es);
        let text = reason_of(&reject("too-large", &["40000000", "33554432"]), &l).unwrap();
        assert!(text.contains("40,000,000") && text.contains("33,554,432"), "{text}");
        let odd = reject("unreadable", &["mastodon", "EOF at line 1"]);
        assert!(reason_of(&odd, &l).unwrap().contains("Mastodon, estados"));
        assert_eq!(detail_of(&odd).as_deref(), Some("EOF at line 1"));
        for code in ["of-tomorrow", "Removed", "s-title\u{202e}", ""] {
            assert_eq!(reason_of(&reject(code, &[]), &l), None, "{code}");
        }
        assert_eq!(reason_of(&Reject::new(1, "in English", b""), &l), None);
    }
}
