//! What people decided, newest first.

use super::{page, tabs};
use crate::components::{Pagination, Tab};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::Page;
use crate::locale::Locale;
use crate::pages::forms::{Fields, shown};
use ::app::listening::AuditEntry;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use model::Permission;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Entries on one page.
const PAGE: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/settings/audit",
        need: Need::May(Permission::EditData),
        summary: "What people decided, newest first",
        handler: get(list),
    }]
}

struct Row {
    when: String,
    by: String,
    what: String,
    details: String,
}

#[derive(Template)]
#[template(path = "settings/audit.html")]
struct Audit {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pages: Pagination,
}

async fn list(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(query): Query<Fields>,
) -> Result<Response, Error> {
    let before: Option<i64> = query.number("before");
    let (app, workspace, actor) = (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
    let (mut entries, names) = work(move || {
        let names = app.list_names(&actor, workspace.info().id)?;
        Ok((workspace.list_audit(&actor, before, PAGE + 1)?, names))
    })
    .await?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let l = visit.l.clone();
    let pages = Pagination {
        previous: before.map(|_| "/settings/audit".to_owned()),
        next: entries.last().filter(|_| more).map(|last| format!("/settings/audit?before={}", last.id)),
        summary: l.count("settings-audit-shown", u64::try_from(entries.len()).unwrap_or(u64::MAX)),
    };
    shown(&Audit {
        page: page(&visit, "audit"),
        tabs: tabs(&visit, "audit"),
        rows: entries.iter().map(|entry| row(entry, &names, &l)).collect(),
        pages,
        l,
    })
}

fn row(entry: &AuditEntry, names: &HashMap<i64, String>, l: &Locale) -> Row {
    let key = format!("audit-{}", entry.what.replace(['.', '_'], "-"));
    Row {
        when: l.date_time(entry.at),
        by: match entry.by {
            None => l.text("by-program"),
            Some(id) => names.get(&id).cloned().unwrap_or_else(|| l.text("by-former")),
        },
        what: l.find(&key).unwrap_or_else(|| entry.what.clone()),
        details: details(&entry.details, l),
    }
}

/// The particulars on one line, with names of fields in the reader's language.
fn details(value: &Value, l: &Locale) -> String {
    let Value::Object(fields) = value else { return String::new() };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => l.text("audit-none"),
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), |count| l.integer(count)),
        Value::Bool(true) => l.text("audit-yes"),
        Value::Bool(false) => l.text("audit-no"),
        other => other.to_string(),
    };
    let parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let label =
                l.find(&format!("audit-field-{}", name.replace('_', "-"))).unwrap_or_else(|| name.clone());
            format!("{label}: {}", text(value))
        })
        .collect();
    parts.join(" · ")
}
