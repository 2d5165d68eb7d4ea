//! A Nostr relay.
//!
//! In: WebSocket, `REQ` for text notes, articles, reposts and deletions. Out: events
//! whose hash and signature are right; deletions that count only for the
//! asker's own notes. Cursor: the moment up to which the relay was heard, Unix
//! seconds of our clock. Source: NIP-01, NIP-09, NIP-18. Limits:
//! [`STORED_ITEMS`] per request, [`BACK_ROUNDS_MAX`] requests back,
//! [`RESUME_OVERLAP_S`] for authors' clocks.

use super::signature::{Signed, verify};
use crate::listening::{
    Client, Collector, Deletion, FetchError, Frame, Link, Listener, MESSAGE_BYTES_MAX, Notice, SetupError,
    Socket, SocketListener, Wire, now,
};
use crate::map::too_large;
use model::{AccountKey, NativeId, Network, PostKey};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Stored events asked for at a time; most relays give no more.
pub const STORED_ITEMS: usize = 500;
/// A page of at least this many may have been cut by the relay: ask further back.
const FULL_PAGE_ITEMS: usize = 50;
/// Most requests back in time after a time away.
pub const BACK_ROUNDS_MAX: usize = 20;
/// Notes bear their author's clock, so resuming asks for this much again, s.
pub const RESUME_OVERLAP_S: i64 = 15 * 60;
/// Most hashtags in one request.
const HASHTAGS_MAX: usize = 100;
/// Text note.
const NOTE: u64 = 1;
/// Request of an author to delete own notes.
const DELETION: u64 = 5;
/// Reposts of a note and of anything else.
const REPOSTS: [u64; 2] = [6, 16];
/// Long article; a later one of the same name replaces it.
const ARTICLE: u64 = 30_023;

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    relay: &str,
    hashtags: &[String],
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let relay = client.socket_address(relay)?;
    let clean = |tag: &String| tag.trim().trim_start_matches('#').to_lowercase();
    let hashtags: Vec<String> = hashtags.iter().map(clean).filter(|tag| !tag.is_empty()).collect();
    if hashtags.len() > HASHTAGS_MAX {
        return Err(SetupError::InvalidField { field: "hashtags", problem: "has more than 100 hashtags" });
    }
    let heard = cursor.and_then(|text| text.parse().ok());
    let relay = Relay { relay, hashtags, heard, backfill: None, say: None };
    Ok(Box::new(SocketListener::new(client, relay)))
}

struct Relay {
    relay: Url,
    hashtags: Vec<String>,
    heard: Option<i64>,
    backfill: Option<Backfill>,
    say: Option<String>,
}

/// Reading what the relay stored while we were away.
#[derive(Default)]
struct Backfill {
    since: Option<i64>,
    round: usize,
    items: usize,
    news: usize,
    oldest: Option<i64>,
    ids: HashSet<String>,
}

impl Relay {
    /// The request for events from `since`, and up to `until` for a look back.
    fn request(&self, name: &str, since: Option<i64>, until: Option<i64>) -> String {
        let mut filters = if self.hashtags.is_empty() {
            vec![json!({ "kinds": [NOTE, REPOSTS[0], REPOSTS[1], ARTICLE, DELETION] })]
        } else {
            let posts = json!({ "kinds": [NOTE, REPOSTS[0], REPOSTS[1], ARTICLE], "#t": self.hashtags });
            vec![posts, json!({ "kinds": [DELETION] })]
        };
        for filter in &mut filters {
            filter["limit"] = json!(STORED_ITEMS);
            if let Some(since) = since {
                filter["since"] = json!(since);
            }
            if let Some(until) = until {
                filter["until"] = json!(until);
            }
        }
        let mut request = vec![json!("REQ"), json!(name)];
        request.append(&mut filters);
        Value::Array(request).to_string()
    }

    fn read_message(&mut self, text: &str, into: &mut Collector) -> Result<(), FetchError> {
        let Ok(parts) = serde_json::from_str::<Vec<&RawValue>>(text) else {
            into.reject("no message of a relay", text.as_bytes());
            return Ok(());
        };
        let word = |index: usize| {
            parts
                .get(index)
                .and_then(|part| serde_json::from_str::<String>(part.get()).ok())
                .unwrap_or_default()
        };
        match word(0).as_str() {
            "EVENT" => match parts.get(2) {
                Some(event) => self.read_event(event.get(), into),
                None => into.reject("an EVENT without event", text.as_bytes()),
            },
            "EOSE" => self.end_page(into),
            "CLOSED" => return Err(closed(&word(2))),
            // NOTICE, AUTH, OK and what relays may add.
            _ => {}
        }
        Ok(())
    }

    fn read_event(&mut self, text: &str, into: &mut Collector) {
        let event: Signed = match serde_json::from_str(text) {
            Ok(event) => event,
            Err(error) => return into.reject(format!("no event: {error}"), text.as_bytes()),
        };
        if let Err(reason) = verify(&event) {
            return into.reject(reason, text.as_bytes());
        }
        if let Some(backfill) = &mut self.backfill {
            backfill.items += 1;
            backfill.news += usize::from(backfill.ids.insert(event.id.clone()));
            backfill.oldest = Some(backfill.oldest.unwrap_or(i64::MAX).min(event.created_at));
        }
        match event.kind {
            NOTE | 6 | 16 | ARTICLE => {
                let at = into.arrival(now());
                into.take(super::read_event(text.as_bytes(), at));
            }
            DELETION => delete(&event, into),
            _ => {}
        }
    }

    /// The relay has sent what it stored: look further back, or be up to date.
    fn end_page(&mut self, into: &mut Collector) {
        let Some(mut backfill) = self.backfill.take() else { return };
        let more = backfill.since.is_some() && backfill.items >= FULL_PAGE_ITEMS && backfill.news > 0;
        if more && backfill.round < BACK_ROUNDS_MAX {
            backfill.round += 1;
            (backfill.items, backfill.news) = (0, 0);
            self.say = Some(self.request("back", backfill.since, backfill.oldest));
            self.backfill = Some(backfill);
            return;
        }
        if more {
            into.notice(Notice::Gap("more notes came while we were away than are read again".into()));
        }
        self.heard = Some(now().seconds());
    }
}

/// NIP-09: `e` tags name notes, `a` tags articles; only their author may delete them.
fn delete(event: &Signed, into: &mut Collector) {
    let Ok(author) = NativeId::parse(&event.pubkey) else { return };
    let named = event.tags.iter().filter(|tag| tag.first().is_some_and(|name| name == "e" || name == "a"));
    for id in named.filter_map(|tag| tag.get(1)).filter_map(|id| NativeId::parse(id).ok()) {
        into.delete(Deletion::PostBy {
            post: PostKey { network: Network::Nostr, native_id: id },
            author: AccountKey { network: Network::Nostr, native_id: author.clone() },
        });
    }
}

/// The machine-readable word before the colon of `CLOSED` (NIP-01).
fn closed(message: &str) -> FetchError {
    match message.split(':').next().unwrap_or_default().trim() {
        "auth-required" | "restricted" => FetchError::Unauthorized,
        "rate-limited" => FetchError::RateLimited { retry_after_ms: None },
        _ => FetchError::Refused {
            status: 400,
            reason: message.chars().filter(|c| !c.is_control()).take(200).collect(),
        },
    }
}

impl Wire for Relay {
    fn connect<'a>(
        &'a mut self,
        client: &'a Client,
        _into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Link, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            let since = self.heard.map(|heard| heard.saturating_sub(RESUME_OVERLAP_S).max(0));
            let mut socket = Socket::connect(client, &self.relay).await?;
            socket.send(self.request("live", since, None)).await?;
            self.backfill = Some(Backfill { since, ..Backfill::default() });
            self.say = None;
            Ok(Link::Socket(Box::new(socket)))
        })
    }

    fn read(&mut self, frame: Frame, into: &mut Collector) -> Result<(), FetchError> {
        match frame {
            Frame::Text(text) => self.read_message(&text, into)?,
            Frame::Binary(bytes) => into.reject("a binary message, text was expected", &bytes),
            Frame::Oversized(size) => {
                into.reject(too_large("a message", size, MESSAGE_BYTES_MAX), b"");
                into.notice(Notice::Gap("a message was too large to receive".into()));
            }
            Frame::Event { .. } | Frame::Alive => {}
        }
        if self.backfill.is_none() {
            self.heard = Some(now().seconds());
        }
        Ok(())
    }

    fn say(&mut self) -> Option<String> {
        self.say.take()
    }

    fn cursor(&self) -> Option<String> {
        self.heard.map(|seconds| seconds.to_string())
    }

    fn skip(&mut self) {
        // The overlap would bring the same message again.
        self.heard = Some(now().seconds().saturating_add(RESUME_OVERLAP_S));
    }
}
