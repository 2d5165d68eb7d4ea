//! Rooms of a Matrix account.
//!
//! In: long-polled `/sync`, and `/messages` where a gap is named. Out: room
//! messages with their edits; redactions as deletions. Cursor: `next_batch`.
//! Source: Matrix client-server API v1.11, sections 6.4, 8.4.3 and 10.
//! Limits: [`TIMELINE_ITEMS`] per room and sync, [`SWEEP_PAGES_MAX`] pages per
//! gap; encrypted rooms cannot be read and are rejects.

use crate::listening::{
    Client, Collector, FetchError, HEARTBEAT_MS, Listener, Notice, Pace, Poll, PollListener, Request, Rhythm,
    SWEEP_PAGES_MAX, SetupError, now,
};
use crate::map::OwnReason;
use model::{NativeId, Network, PostKey};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Events asked for per room and sync.
const TIMELINE_ITEMS: u32 = 100;
/// How long the server may hold a sync open, ms: within the heartbeat.
const SYNC_MS: u64 = HEARTBEAT_MS - 3_000;
/// Wait between syncs that bring nothing, ms; the server's own wait comes on top.
const POLL_MS: (u64, u64) = (500, 2_000);

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    server: &str,
    rooms: &[String],
    token: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let server = client.http_address(server)?;
    let token = token.ok_or(SetupError::SecretMissing("an access token"))?.to_owned();
    let rooms: Vec<String> =
        rooms.iter().map(|room| room.trim().to_owned()).filter(|r| !r.is_empty()).collect();
    if rooms.iter().any(|room| !room.starts_with('!')) {
        return Err(SetupError::InvalidField {
            field: "rooms",
            problem: "holds something else than room ids (!…)",
        });
    }
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let poll = Rooms { server, rooms, token, since: cursor.map(str::to_owned) };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Rooms {
    server: Url,
    rooms: Vec<String>,
    token: String,
    since: Option<String>,
}

#[derive(Deserialize)]
struct Sync<'a> {
    next_batch: String,
    #[serde(borrow, default)]
    rooms: SyncRooms<'a>,
}

#[derive(Deserialize, Default)]
struct SyncRooms<'a> {
    #[serde(borrow, default)]
    join: BTreeMap<String, JoinedRoom<'a>>,
}

#[derive(Deserialize)]
struct JoinedRoom<'a> {
    #[serde(borrow, default)]
    timeline: Timeline<'a>,
}

#[derive(Deserialize, Default)]
struct Timeline<'a> {
    #[serde(borrow, default)]
    events: Vec<&'a RawValue>,
    #[serde(default)]
    limited: bool,
    prev_batch: Option<String>,
}

#[derive(Deserialize)]
struct Messages<'a> {
    #[serde(borrow, default)]
    chunk: Vec<&'a RawValue>,
    end: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    redacts: Option<String>,
    #[serde(default)]
    content: HeadContent,
}

#[derive(Deserialize, Default)]
struct HeadContent {
    redacts: Option<String>,
}

impl Rooms {
    fn address(&self, path: &[&str]) -> Url {
        let mut url = self.server.clone();
        url.set_query(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["_matrix", "client", "v3"]).extend(path);
        }
        url
    }

    fn filter(&self) -> serde_json::Value {
        let kinds = ["m.room.message", "m.room.redaction", "m.room.encrypted"];
        let mut room = json!({
            "timeline": { "limit": TIMELINE_ITEMS, "types": kinds },
            "state": { "types": [] }, "ephemeral": { "types": [] }, "account_data": { "types": [] },
        });
        if !self.rooms.is_empty() {
            room["rooms"] = json!(self.rooms);
        }
        json!({ "room": room, "presence": { "types": [] }, "account_data": { "types": [] } })
    }

    async fn sync(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let (filter, wait) = (self.filter().to_string(), SYNC_MS.to_string());
        let mut request = Request::get(self.address(&["sync"])).query([("filter", filter.as_str())]);
        if let Some(since) = &self.since {
            request = request.query([("since", since.as_str()), ("timeout", wait.as_str())]);
        }
        let answer = client.fetch(request.bearer(&self.token)).await?.accept()?;
        let sync: Sync<'_> = answer.json()?;
        let before = into.len();
        for (room, joined) in &sync.rooms.join {
            let timeline = &joined.timeline;
            if let (true, Some(from), Some(since)) = (timeline.limited, &timeline.prev_batch, &self.since) {
                self.fill_gap(client, room, from, since, into).await?;
            }
            timeline.events.iter().for_each(|event| self.take_event(room, event.get(), into));
        }
        self.since = Some(sync.next_batch);
        Ok(if into.len() > before { Pace::Again } else { Pace::Usual(false) })
    }

    /// Reads a room back from `from` until the token of the sync before.
    async fn fill_gap(
        &self,
        client: &Client,
        room: &str,
        from: &str,
        to: &str,
        into: &mut Collector,
    ) -> Result<(), FetchError> {
        let mut from = from.to_owned();
        for _ in 0..SWEEP_PAGES_MAX {
            let limit = TIMELINE_ITEMS.to_string();
            let pairs = [("dir", "b"), ("from", from.as_str()), ("to", to), ("limit", limit.as_str())];
            let request = Request::get(self.address(&["rooms", room, "messages"])).query(pairs);
            let answer = client.fetch(request.bearer(&self.token)).await?.accept()?;
            let page: Messages<'_> = answer.json()?;
            page.chunk.iter().for_each(|event| self.take_event(room, event.get(), into));
            match page.end.filter(|end| !page.chunk.is_empty() && *end != from) {
                Some(end) => from = end,
                None => return Ok(()),
            }
        }
        into.notice(Notice::Gap("more messages came than one sweep takes".into()));
        Ok(())
    }

    fn take_event(&self, room: &str, text: &str, into: &mut Collector) {
        let head: Head = match serde_json::from_str(text) {
            Ok(head) => head,
            Err(error) => return into.reject(format!("no room event: {error}"), text.as_bytes()),
        };
        match head.kind.as_str() {
            "m.room.message" => {
                let (server, at) = (self.server.origin().ascii_serialization(), into.arrival(now()));
                into.take(super::read_event(&server, room, text.as_bytes(), at));
            }
            "m.room.redaction" => {
                // Room version 11 moved the field into the content.
                let redacted = head.redacts.or(head.content.redacts);
                if let Some(native_id) = redacted.and_then(|id| NativeId::parse(&id).ok()) {
                    into.delete_post(PostKey { network: Network::Matrix, native_id });
                }
            }
            "m.room.encrypted" => {
                let reason =
                    OwnReason("encrypted", Vec::new(), "an encrypted message cannot be read".to_owned());
                into.reject(reason, text.as_bytes())
            }
            _ => {}
        }
    }
}

impl Poll for Rooms {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(self.sync(client, into))
    }

    fn cursor(&self) -> Option<String> {
        self.since.clone()
    }
}
