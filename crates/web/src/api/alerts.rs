//! Alerts: what a rule noticed, and taking note of it.

use super::view::{Instant, PostBody};
use super::{Answer, Asked, Listed, Named, NoParameters, Sent, page_size};
use crate::front::{Call, Need, Route, work};
use app::alerts::{AlertView, AlertsRequest};
use axum::Json;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use model::{AlertSeen, LeftOut, Permission, Trace};
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/alerts",
            need: Need::Token(Permission::Read),
            summary: "Alerts with their evidence, the newest first",
            handler: get(list),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/alerts/{id}/seen",
            need: Need::Token(Permission::Label),
            summary: "Takes note of an alert; who did so first stays",
            handler: post(see),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/alerts/seen",
            need: Need::Token(Permission::Label),
            summary: "Takes note of every open alert up to one",
            handler: post(see_all),
        },
    ]
}

/// Who took note of it.
#[derive(Serialize)]
struct SeenBody {
    by: String,
    user: Option<i64>,
    at: Instant,
}

impl From<AlertSeen> for SeenBody {
    fn from(seen: AlertSeen) -> Self {
        Self { by: seen.signed, user: seen.by, at: Instant(seen.at) }
    }
}

/// An alert.
#[derive(Serialize)]
struct AlertBody {
    id: i64,
    rule: &'static str,
    at: Instant,
    raised_at: Instant,
    group: String,
    /// The last search found this very group.
    group_is_known: bool,
    /// Other groups with the same message.
    also_groups: Vec<String>,
    trace: Trace,
    inside_count: u64,
    outside_count: u64,
    outside_share_ratio: Option<f64>,
    /// Accounts outside that are not counted as the audience.
    left_out: LeftOut,
    posts: Vec<PostBody>,
    amplifiers: Vec<PostBody>,
    seen: Option<SeenBody>,
}

impl From<AlertView> for AlertBody {
    fn from(alert: AlertView) -> Self {
        let evidence = alert.evidence;
        Self {
            id: alert.id,
            rule: alert.rule,
            at: Instant(alert.at),
            raised_at: Instant(alert.raised_at),
            outside_share_ratio: evidence.outside_share(),
            group_is_known: alert.groups.first().is_some_and(|group| group.accounts.is_some()),
            group: evidence.group,
            also_groups: evidence.also,
            left_out: evidence.left_out,
            trace: evidence.trace,
            inside_count: evidence.inside,
            outside_count: evidence.outside,
            posts: alert.posts.into_iter().map(PostBody::from).collect(),
            amplifiers: alert.amplifiers.into_iter().map(PostBody::from).collect(),
            seen: alert.seen.map(SeenBody::from),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertsQuery {
    open: Option<bool>,
    limit: Option<usize>,
    after: Option<i64>,
}

async fn list(call: Call, Asked(asked): Asked<AlertsQuery>) -> Answer<Json<Listed<AlertBody>>> {
    let limit = page_size(asked.limit)?;
    let request = AlertsRequest { open: asked.open, before: asked.after, limit: limit + 1 };
    let alerts = work(move || call.workspace.list_alerts(&call.actor, &request)).await?;
    Ok(Listed::cut(alerts.into_iter().map(AlertBody::from).collect(), limit, |alert| alert.id))
}

async fn see(call: Call, Named(id): Named<i64>, _: Asked<NoParameters>) -> Answer<StatusCode> {
    work(move || call.workspace.see_alert(&call.actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest alert that is taken note of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertsUpto {
    upto: i64,
}

/// How many were open.
#[derive(Serialize)]
struct SeenCount {
    seen_count: u64,
}

async fn see_all(
    call: Call,
    _: Asked<NoParameters>,
    Sent(asked): Sent<AlertsUpto>,
) -> Answer<Json<SeenCount>> {
    let seen_count = work(move || call.workspace.see_alerts(&call.actor, asked.upto)).await?;
    Ok(Json(SeenCount { seen_count }))
}
