//! Jetstream: every public post of the AT Protocol network as JSON.
//!
//! In: WebSocket `/subscribe`. Out: posts and reposts, deletions of both and of
//! accounts. Cursor: `time_us` of the last event. Source: the Jetstream README
//! (bluesky-social/jetstream, wire format 1). Limits: [`RESUME_OVERLAP_US`].

use super::{POST_COLLECTION, REPOST_COLLECTION};
use crate::listening::{
    Client, Collector, Deletion, FetchError, Frame, Link, Listener, MESSAGE_BYTES_MAX, Notice, SetupError,
    Socket, SocketListener, Wire, now,
};
use crate::map::too_large;
use model::time::FUTURE_TOLERANCE_MS;
use model::{AccountKey, NativeId, Network, PostKey};
use serde::Deserialize;
use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Resuming asks for this much again, µs: instances of Jetstream do not agree
/// to the microsecond, and what comes twice is recognised.
pub const RESUME_OVERLAP_US: i64 = 5_000_000;

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    endpoint: &str,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let endpoint = client.socket_address(endpoint)?;
    let cursor = cursor.and_then(|text| text.parse().ok()).filter(|micros| *micros > 0);
    Ok(Box::new(SocketListener::new(client, Jetstream { endpoint, cursor })))
}

struct Jetstream {
    endpoint: Url,
    cursor: Option<i64>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    did: Cow<'a, str>,
    time_us: i64,
    #[serde(borrow)]
    commit: Option<Commit<'a>>,
    #[serde(borrow)]
    account: Option<AccountEvent<'a>>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    collection: Cow<'a, str>,
    #[serde(borrow)]
    rkey: Cow<'a, str>,
}

#[derive(Deserialize)]
struct AccountEvent<'a> {
    active: bool,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
}

impl Jetstream {
    fn address(&self) -> Url {
        let mut url = self.endpoint.clone();
        let mut query = url.query_pairs_mut();
        query.append_pair("wantedCollections", POST_COLLECTION);
        query.append_pair("wantedCollections", REPOST_COLLECTION);
        query.append_pair("maxMessageSizeBytes", &MESSAGE_BYTES_MAX.to_string());
        if let Some(cursor) = self.cursor {
            query.append_pair("cursor", &cursor.saturating_sub(RESUME_OVERLAP_US).max(0).to_string());
        }
        drop(query);
        url
    }

    fn read_text(&mut self, text: &str, into: &mut Collector) {
        let event: Event<'_> = match serde_json::from_str(text) {
            Ok(event) => event,
            Err(error) => return into.reject(format!("no Jetstream event: {error}"), text.as_bytes()),
        };
        self.advance(event.time_us);
        if let Some(account) = &event.account {
            delete_account(&event.did, account.active, account.status.as_deref(), into);
        }
        let Some(commit) = &event.commit else { return };
        if commit.operation == "delete" {
            delete_record(&event.did, &commit.collection, &commit.rkey, into);
        } else {
            let at = into.arrival(now());
            into.take(super::read_event(text.as_bytes(), at));
        }
    }

    /// A date from the future would make us miss everything until then.
    fn advance(&mut self, time_us: i64) {
        let latest = now().plus(FUTURE_TOLERANCE_MS).millis().saturating_mul(1_000);
        if time_us > 0 && time_us <= latest {
            self.cursor = Some(self.cursor.unwrap_or(0).max(time_us));
        }
    }
}

/// Takes a deleted record of a kind that we keep.
pub(super) fn delete_record(did: &str, collection: &str, rkey: &str, into: &mut Collector) {
    if collection != POST_COLLECTION && collection != REPOST_COLLECTION {
        return;
    }
    if let Ok(native_id) = NativeId::parse(&format!("at://{did}/{collection}/{rkey}")) {
        into.delete_post(PostKey { network: Network::Bluesky, native_id });
    }
}

/// Takes an account that is gone; one that is only switched off may come back.
pub(super) fn delete_account(did: &str, active: bool, status: Option<&str>, into: &mut Collector) {
    if active || !matches!(status, Some("deleted" | "takendown")) {
        return;
    }
    if let Ok(native_id) = NativeId::parse(did) {
        into.delete(Deletion::Account(AccountKey { network: Network::Bluesky, native_id }));
    }
}

impl Wire for Jetstream {
    fn connect<'a>(
        &'a mut self,
        client: &'a Client,
        _into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Link, FetchError>> + Send + 'a>> {
        Box::pin(async move { Ok(Link::Socket(Box::new(Socket::connect(client, &self.address()).await?))) })
    }

    fn read(&mut self, frame: Frame, into: &mut Collector) -> Result<(), FetchError> {
        match frame {
            Frame::Text(text) => self.read_text(&text, into),
            Frame::Binary(bytes) => into.reject("a binary message, text was expected", &bytes),
            Frame::Oversized(size) => {
                into.reject(too_large("a message", size, MESSAGE_BYTES_MAX), b"");
                into.notice(Notice::Gap("a message was too large to receive".into()));
            }
            Frame::Event { .. } | Frame::Alive => {}
        }
        Ok(())
    }

    fn cursor(&self) -> Option<String> {
        self.cursor.map(|micros| micros.to_string())
    }

    fn skip(&mut self) {
        // Past the overlap, and a second past the message.
        self.cursor = self.cursor.map(|micros| micros + RESUME_OVERLAP_US + 1_000_000);
    }
}
