//! Posts: search, one with everything about it, labels.

use super::view::{PostBody, PostPageBody, posts};
use super::{Answer, Asked, Listed, Named, Sent, invalid, page_size};
use crate::front::{Call, Need, Route, work};
use app::listening::{ExploreRequest, LabelCount, Order, SearchCursor};
use axum::Json;
use axum::http::Method;
use axum::routing::{delete, get, post};
use model::Permission;
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/posts",
            need: Need::Token(Permission::Read),
            summary: "Search posts with an expression, page by page",
            handler: get(search),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/posts/{id}",
            need: Need::Token(Permission::Read),
            summary: "One post with its thread and everything derived of it",
            handler: get(load),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/posts/labels",
            need: Need::Token(Permission::Label),
            summary: "Put a label on posts",
            handler: post(add_label),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/posts/labels",
            need: Need::Token(Permission::Label),
            summary: "Take a label off posts",
            handler: delete(remove_label),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/labels",
            need: Need::Token(Permission::Read),
            summary: "The labels in use with their number of posts",
            handler: get(labels),
        },
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    order: OrderWord,
    limit: Option<usize>,
    after: Option<String>,
}

#[derive(Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderWord {
    #[default]
    Newest,
    Oldest,
    Engagement,
    Followers,
    MostNegative,
    MostPositive,
}

impl From<OrderWord> for Order {
    fn from(word: OrderWord) -> Self {
        match word {
            OrderWord::Newest => Self::Newest,
            OrderWord::Oldest => Self::Oldest,
            OrderWord::Engagement => Self::Engagement,
            OrderWord::Followers => Self::Followers,
            OrderWord::MostNegative => Self::MostNegative,
            OrderWord::MostPositive => Self::MostPositive,
        }
    }
}

#[derive(Serialize)]
struct Found {
    items: Vec<PostBody>,
    next: Option<String>,
    total_count: u64,
}

async fn search(call: Call, Asked(asked): Asked<Search>) -> Answer<Json<Found>> {
    let after = match asked.after.as_deref() {
        None | Some("") => None,
        Some(text) => {
            Some(SearchCursor::parse(text).ok_or_else(|| invalid("after", "give the `next` of a page"))?)
        }
    };
    let request = ExploreRequest {
        expression: asked.q,
        order: asked.order.into(),
        limit: page_size(asked.limit)?,
        after,
    };
    let found = work(move || call.workspace.explore(&call.actor, &request)).await?;
    Ok(Json(Found { items: posts(found.posts), next: found.next, total_count: found.total }))
}

async fn load(call: Call, Named(id): Named<i64>) -> Answer<Json<PostPageBody>> {
    let page = work(move || call.workspace.load_post(&call.actor, id)).await?;
    Ok(Json(page.into()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelling {
    ids: Vec<i64>,
    label: String,
}

#[derive(Serialize)]
struct Changed {
    changed_count: usize,
}

async fn add_label(call: Call, Sent(sent): Sent<Labelling>) -> Answer<Json<Changed>> {
    let changed_count = work(move || call.workspace.add_label(&call.actor, &sent.ids, &sent.label)).await?;
    Ok(Json(Changed { changed_count }))
}

async fn remove_label(call: Call, Sent(sent): Sent<Labelling>) -> Answer<Json<Changed>> {
    let changed_count =
        work(move || call.workspace.remove_label(&call.actor, &sent.ids, &sent.label)).await?;
    Ok(Json(Changed { changed_count }))
}

#[derive(Serialize)]
struct LabelBody {
    label: String,
    posts_count: u64,
}

async fn labels(call: Call) -> Answer<Json<Listed<LabelBody>>> {
    let labels = work(move || call.workspace.list_labels(&call.actor)).await?;
    let body = |label: LabelCount| LabelBody { label: label.text, posts_count: label.count };
    Ok(Listed::whole(labels.into_iter().map(body).collect()))
}
