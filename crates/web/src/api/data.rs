//! The data as a whole: retention, erasure, rebuild, audit.

use super::view::Instant;
use super::{Answer, Asked, Listed, Sent, invalid, page_size};
use crate::front::{Call, Need, Route, work};
use app::listening::AuditEntry;
use axum::Json;
use axum::http::Method;
use axum::routing::{get, post, put};
use model::{AccountKey, Permission};
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/retention",
            need: Need::Token(Permission::Read),
            summary: "How many days posts are kept",
            handler: get(retention),
        },
        Route {
            method: Method::PUT,
            path: "/api/v1/retention",
            need: Need::Token(Permission::EditData),
            summary: "Change how many days posts are kept; `null` for ever",
            handler: put(update_retention),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/erasures",
            need: Need::Token(Permission::EditData),
            summary: "Remove everything received from one account, everywhere and for good",
            handler: post(erase),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/rebuild",
            need: Need::Token(Permission::EditData),
            summary: "Drop everything derived and compute it again; answers when done",
            handler: post(rebuild),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/audit",
            need: Need::Token(Permission::EditData),
            summary: "What people decided, newest first",
            handler: get(audit),
        },
    ]
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retention {
    /// `null` is for ever; leaving it out is a mistake and not «for ever».
    #[serde(deserialize_with = "Option::deserialize")]
    retention_days: Option<u32>,
}

async fn retention(call: Call) -> Answer<Json<Retention>> {
    let retention_days = work(move || call.workspace.retention_days(&call.actor)).await?;
    Ok(Json(Retention { retention_days }))
}

async fn update_retention(call: Call, Sent(new): Sent<Retention>) -> Answer<Json<Retention>> {
    let days = new.retention_days;
    work(move || call.workspace.update_retention(&call.actor, days)).await?;
    Ok(Json(new))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewErasure {
    /// `network:native_id`.
    account: String,
    /// Never take posts of the account again.
    #[serde(default)]
    bar: bool,
}

#[derive(Serialize)]
struct Erased {
    records_count: usize,
    rejects_count: usize,
    exports_count: usize,
}

async fn erase(call: Call, Sent(new): Sent<NewErasure>) -> Answer<Json<Erased>> {
    let key = AccountKey::parse(&new.account)
        .ok_or_else(|| invalid("account", "write network:native_id, as the `key` of an author"))?;
    let report = work(move || call.workspace.erase_account(&call.actor, &key, new.bar)).await?;
    Ok(Json(Erased {
        records_count: report.records,
        rejects_count: report.rejects,
        exports_count: report.exports,
    }))
}

#[derive(Serialize)]
struct Rebuilt {
    records_count: u64,
}

async fn rebuild(call: Call) -> Answer<Json<Rebuilt>> {
    let records_count = work(move || call.workspace.rebuild(&call.actor, &mut |_| {})).await?;
    Ok(Json(Rebuilt { records_count }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuditPage {
    limit: Option<usize>,
    after: Option<i64>,
}

#[derive(Serialize)]
struct AuditBody {
    id: i64,
    at: Instant,
    user: Option<i64>,
    what: String,
    details: serde_json::Value,
}

impl From<AuditEntry> for AuditBody {
    fn from(entry: AuditEntry) -> Self {
        Self { id: entry.id, at: Instant(entry.at), user: entry.by, what: entry.what, details: entry.details }
    }
}

async fn audit(call: Call, Asked(asked): Asked<AuditPage>) -> Answer<Json<Listed<AuditBody>>> {
    let limit = page_size(asked.limit)?;
    let entries = work(move || call.workspace.list_audit(&call.actor, asked.after, limit + 1)).await?;
    Ok(Listed::cut(entries.into_iter().map(AuditBody::from).collect(), limit, |entry| entry.id))
}
