//! The world on loopback: a Jetstream server and a Mastodon-compatible one.
//!
//! `GET /subscribe?cursor=TIME_US` (WebSocket) replays what came after the
//! cursor and goes on live, as Jetstream does. `GET /api/v1/streaming/public`
//! (server-sent events) and `GET /api/v1/timelines/public?min_id=…` speak
//! Mastodon. `GET /xrpc/app.bsky.actor.getProfiles?actors=DID…` names who posted. The simulator appends; whoever reads slowly reads the same list.

use crate::wire::{bluesky, mastodon};
use crate::world::Made;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{Stream, stream};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;

/// Most statuses of one page of a timeline, as Mastodon has it.
const PAGE_MAX: usize = 40;

/// What happened in the served world.
#[derive(Debug, Clone)]
enum Happening {
    Post(Box<Made>),
    Deletion(Box<Made>, i64),
}

/// A served world; clones share it.
#[derive(Clone)]
pub struct Stage {
    happened: Arc<RwLock<Vec<Happening>>>,
    count: watch::Sender<usize>,
}

impl Default for Stage {
    fn default() -> Self {
        Self { happened: Arc::default(), count: watch::channel(0).0 }
    }
}

impl Stage {
    /// Lets a post happen.
    pub fn post(&self, made: Made) {
        self.append(Happening::Post(Box::new(made)));
    }

    /// Lets the author delete a post.
    pub fn delete(&self, made: Made, time_us: i64) {
        self.append(Happening::Deletion(Box::new(made), time_us));
    }

    fn append(&self, happening: Happening) {
        let mut list = self.happened.write().unwrap_or_else(PoisonError::into_inner);
        list.push(happening);
        let count = list.len();
        drop(list);
        self.count.send_replace(count);
    }

    fn get(&self, index: usize) -> Option<Happening> {
        self.happened.read().unwrap_or_else(PoisonError::into_inner).get(index).cloned()
    }

    /// The routes of the two servers.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/subscribe", get(subscribe))
            .route("/xrpc/app.bsky.actor.getProfiles", get(profiles))
            .route("/api/v1/streaming/public", get(stream_public))
            .route("/api/v1/timelines/public", get(timeline_public))
            .with_state(self.clone())
    }

    /// Serves on a free port of loopback until the future is dropped.
    ///
    /// # Errors
    /// What the system says when no port can be had.
    pub async fn listen(
        &self,
    ) -> std::io::Result<(SocketAddr, impl Future<Output = std::io::Result<()>> + use<>)> {
        let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let routes = self.routes();
        Ok((address, async move { axum::serve(listener, routes).await }))
    }
}

#[derive(Deserialize)]
struct Cursor {
    cursor: Option<i64>,
}

async fn subscribe(
    State(stage): State<Stage>,
    Query(query): Query<Cursor>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| send_events(stage, query.cursor, socket))
}

async fn profiles(
    State(stage): State<Stage>,
    Query(query): Query<Vec<(String, String)>>,
) -> axum::Json<serde_json::Value> {
    let wanted: BTreeSet<&str> =
        query.iter().filter(|(name, _)| name == "actors").map(|(_, did)| did.as_str()).collect();
    let list = stage.happened.read().unwrap_or_else(PoisonError::into_inner);
    let mut found = BTreeMap::new();
    for happening in list.iter() {
        let (Happening::Post(made) | Happening::Deletion(made, _)) = happening;
        let did = bluesky::did(&made.author);
        if wanted.contains(did.as_str()) && !found.contains_key(&did) {
            found.insert(did, bluesky::profile(&made.author));
        }
    }
    axum::Json(serde_json::json!({"profiles": found.into_values().collect::<Vec<_>>()}))
}

async fn send_events(stage: Stage, cursor: Option<i64>, mut socket: WebSocket) {
    let mut count = stage.count.subscribe();
    let mut index = if cursor.is_some() { 0 } else { *count.borrow_and_update() };
    loop {
        while let Some(happening) = stage.get(index) {
            index += 1;
            let event = match &happening {
                Happening::Post(made) => bluesky::jetstream_event(made),
                Happening::Deletion(made, time_us) => bluesky::jetstream_delete(made, *time_us),
            };
            let time_us = event["time_us"].as_i64().unwrap_or_default();
            if cursor.is_some_and(|cursor| time_us <= cursor) {
                continue;
            }
            if socket.send(Message::Text(event.to_string().into())).await.is_err() {
                return;
            }
        }
        tokio::select! {
            changed = count.changed() => if changed.is_err() { return },
            message = socket.recv() => if !matches!(message, Some(Ok(_))) { return },
        }
    }
}

async fn stream_public(State(stage): State<Stage>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let count = stage.count.subscribe();
    let start = *count.borrow();
    Sse::new(stream::unfold((stage, count, start), |(stage, mut count, index)| async move {
        loop {
            if let Some(happening) = stage.get(index) {
                let event = match happening {
                    Happening::Post(made) => {
                        Event::default().event("update").data(mastodon::status(&made).to_string())
                    }
                    Happening::Deletion(made, _) => Event::default()
                        .event("delete")
                        .data(mastodon::status(&made)["id"].as_str().unwrap_or_default()),
                };
                return Some((Ok(event), (stage, count, index + 1)));
            }
            if count.changed().await.is_err() {
                return None;
            }
        }
    }))
}

async fn timeline_public(
    State(stage): State<Stage>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let bound = |name: &str| query.get(name).and_then(|id| id.parse::<u64>().ok());
    let (min, max) = (bound("min_id").or(bound("since_id")), bound("max_id"));
    let list = stage.happened.read().unwrap_or_else(PoisonError::into_inner);
    let mut statuses: Vec<serde_json::Value> =
        list.iter()
            .filter_map(|happening| {
                if let Happening::Post(made) = happening { Some(mastodon::status(made)) } else { None }
            })
            .filter(|status| {
                let id: u64 = status["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
                min.is_none_or(|min| id > min) && max.is_none_or(|max| id < max)
            })
            .collect();
    drop(list);
    if bound("min_id").is_some() {
        statuses.truncate(PAGE_MAX);
    } else {
        let surplus = statuses.len().saturating_sub(PAGE_MAX);
        statuses.drain(..surplus);
    }
    statuses.reverse();
    axum::Json(statuses).into_response()
}
