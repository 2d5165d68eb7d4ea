//! Cascades of copies: what is said again and again, and one of them whole.

use super::overview::{OverviewBody, span_of};
use super::view::{Instant, PostBody, posts};
use super::{Answer, Asked, Listed, Named, invalid};
use crate::front::{Call, Need, Route, work};
use app::understanding::{CASCADES_MAX, CascadePage, CascadeView, Change, Speed};
use axum::Json;
use axum::http::Method;
use axum::routing::get;
use model::{Network, Permission};
use serde::{Deserialize, Serialize};

/// Cascades of a list when `limit` is not given.
const CASCADES_DEFAULT: usize = 20;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let need = Need::Token(Permission::Read);
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/cascades",
            need,
            summary: "What is said again and again: the cascades with the most posts of an expression",
            handler: get(list),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/cascades/{id}",
            need,
            summary: "One cascade: figures, earliest posts, first appearances, how the text changed, how fast it grew",
            handler: get(load),
        },
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CascadesQuery {
    #[serde(default)]
    q: String,
    from: Option<String>,
    to: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct CascadeBody {
    cascade: i64,
    posts_count: u64,
    total_count: u64,
    first: PostBody,
    last: Instant,
}

impl From<CascadeView> for CascadeBody {
    fn from(view: CascadeView) -> Self {
        Self {
            cascade: view.cascade,
            posts_count: view.posts,
            total_count: view.total,
            first: view.first.into(),
            last: Instant(view.last),
        }
    }
}

async fn list(call: Call, Asked(asked): Asked<CascadesQuery>) -> Answer<Json<Listed<CascadeBody>>> {
    let span = span_of(asked.from.as_deref(), asked.to.as_deref())?;
    let limit = match asked.limit.unwrap_or(CASCADES_DEFAULT) {
        limit @ 1..=CASCADES_MAX => limit,
        _ => return Err(invalid("limit", format!("write a number from 1 to {CASCADES_MAX}"))),
    };
    let found = work(move || call.workspace.cascades(&call.actor, &asked.q, span, limit)).await?;
    Ok(Listed::whole(found.into_iter().map(Into::into).collect()))
}

#[derive(Serialize)]
struct FirstBody {
    network: Network,
    post: PostBody,
}

#[derive(Serialize)]
struct MutationBody {
    /// The later post.
    child: i64,
    /// The most similar earlier one.
    parent: i64,
    similarity_01: f32,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct SpeedBody {
    first_hour_count: u64,
    peak_hour_count: u64,
    peak_at: Instant,
    half_ms: i64,
}

impl From<Speed> for SpeedBody {
    fn from(speed: Speed) -> Self {
        Self {
            first_hour_count: speed.first_hour,
            peak_hour_count: speed.peak_hour,
            peak_at: Instant(speed.peak_at),
            half_ms: speed.half_ms,
        }
    }
}

#[derive(Serialize)]
struct CascadePageBody {
    cascade: i64,
    overview: OverviewBody,
    members: Vec<PostBody>,
    firsts: Vec<FirstBody>,
    mutations: Vec<MutationBody>,
    exact_copies_count: u64,
    /// `null` with fewer than two posts.
    speed: Option<SpeedBody>,
}

impl From<CascadePage> for CascadePageBody {
    fn from(page: CascadePage) -> Self {
        let firsts = page.firsts.into_iter();
        let mutations = page.mutations.into_iter();
        Self {
            cascade: page.cascade,
            overview: page.overview.into(),
            members: posts(page.members),
            firsts: firsts
                .map(|first| FirstBody { network: first.network, post: first.post.into() })
                .collect(),
            mutations: mutations
                .map(|mutation| MutationBody {
                    child: mutation.child,
                    parent: mutation.parent,
                    similarity_01: mutation.similarity,
                    changes: mutation.changes,
                })
                .collect(),
            exact_copies_count: page.exact_copies,
            speed: page.speed.map(Into::into),
        }
    }
}

async fn load(call: Call, Named(id): Named<i64>) -> Answer<Json<CascadePageBody>> {
    Ok(Json(work(move || call.workspace.load_cascade(&call.actor, id)).await?.into()))
}
