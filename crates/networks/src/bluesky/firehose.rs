//! The AT Protocol firehose, `com.atproto.sync.subscribeRepos`.
//!
//! In: WebSocket frames of two DAG-CBOR objects, commits with a CAR of blocks.
//! Out: the same JSON as Jetstream, so that one mapping serves both; deletions.
//! Cursor: `seq`. Source: atproto.com/specs/event-stream, /specs/sync and
//! ipld.io/specs/transport/car/carv1. Limits: [`OPS_MAX`], [`MESSAGE_BYTES_MAX`].

use super::car;
use super::jetstream::{delete_account, delete_record};
use super::{POST_COLLECTION, REPOST_COLLECTION};
use crate::listening::{
    Client, Collector, FetchError, Frame, Link, Listener, MESSAGE_BYTES_MAX, Notice, SetupError, Socket,
    SocketListener, Wire, now,
};
use crate::map::too_large;
use ipld_core::cid::Cid;
use model::Timestamp;
use serde::Deserialize;
use serde_ipld_dagcbor::de::Deserializer;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Most operations read from one commit; the protocol allows 200.
pub const OPS_MAX: usize = 200;

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    endpoint: &str,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let mut address = client.socket_address(endpoint)?;
    if matches!(address.path(), "" | "/") {
        address.set_path("/xrpc/com.atproto.sync.subscribeRepos");
    }
    let cursor = cursor.and_then(|text| text.parse().ok()).filter(|seq| *seq >= 0);
    Ok(Box::new(SocketListener::new(client, Firehose { address, cursor })))
}

struct Firehose {
    address: Url,
    cursor: Option<i64>,
}

#[derive(Deserialize)]
struct Header {
    op: i64,
    t: Option<String>,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

#[derive(Deserialize)]
struct Info {
    name: String,
}

#[derive(Deserialize)]
struct Sequenced {
    seq: i64,
}

#[derive(Deserialize)]
struct AccountEvent {
    seq: i64,
    did: String,
    active: bool,
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    seq: i64,
    repo: String,
    rev: String,
    time: String,
    ops: Vec<Operation>,
    #[serde(borrow)]
    blocks: &'a [u8],
}

#[derive(Deserialize)]
struct Operation {
    action: String,
    path: String,
    cid: Option<Cid>,
}

/// What a frame could not be read as.
type Unreadable = String;

fn unreadable(error: impl std::fmt::Display) -> Unreadable {
    format!("no frame of the firehose: {error}")
}

impl Firehose {
    fn read_frame(&mut self, bytes: &[u8], into: &mut Collector) -> Result<Option<FetchError>, Unreadable> {
        let mut objects = Deserializer::from_slice(bytes);
        let header = Header::deserialize(&mut objects).map_err(unreadable)?;
        if header.op == -1 {
            let body = ErrorBody::deserialize(&mut objects).map_err(unreadable)?;
            return Ok(Some(self.read_error(&body.error, into)));
        }
        match header.t.as_deref() {
            Some("#commit") => {
                let commit = Commit::deserialize(&mut objects).map_err(unreadable)?;
                self.advance(commit.seq);
                read_commit(&commit, into);
            }
            Some("#account") => {
                let event = AccountEvent::deserialize(&mut objects).map_err(unreadable)?;
                self.advance(event.seq);
                delete_account(&event.did, event.active, event.status.as_deref(), into);
            }
            Some("#info") => {
                let info = Info::deserialize(&mut objects).map_err(unreadable)?;
                if info.name == "OutdatedCursor" {
                    into.notice(Notice::Gap("the source no longer keeps what came after our cursor".into()));
                }
            }
            // #identity, #sync and what the protocol may add: only their place counts.
            _ => {
                if let Ok(event) = Sequenced::deserialize(&mut objects) {
                    self.advance(event.seq);
                }
            }
        }
        Ok(None)
    }

    fn read_error(&mut self, error: &str, into: &mut Collector) -> FetchError {
        if error == "FutureCursor" {
            // The source was set up anew: its numbers start again.
            self.cursor = None;
            into.notice(Notice::Gap("the source does not know our cursor; listening from now on".into()));
        }
        let word: String = error.chars().filter(|c| c.is_alphanumeric()).take(40).collect();
        FetchError::Unreachable(format!("the source closed the stream: {word}"))
    }

    fn advance(&mut self, seq: i64) {
        self.cursor = Some(self.cursor.unwrap_or(0).max(seq));
    }
}

fn read_commit(commit: &Commit<'_>, into: &mut Collector) {
    let wanted = |path: &str| {
        path.split_once('/')
            .filter(|(collection, _)| *collection == POST_COLLECTION || *collection == REPOST_COLLECTION)
            .map(|(collection, rkey)| (collection.to_owned(), rkey.to_owned()))
    };
    let mut blocks = None;
    for operation in commit.ops.iter().take(OPS_MAX) {
        let Some((collection, rkey)) = wanted(&operation.path) else { continue };
        if operation.action == "delete" {
            delete_record(&commit.repo, &collection, &rkey, into);
            continue;
        }
        let found = match blocks.get_or_insert_with(|| car::read(commit.blocks)) {
            Ok(blocks) => operation.cid.and_then(|cid| Some((cid, *blocks.get(&cid)?))),
            Err(error) => return into.reject(format!("no CAR in a commit: {error}"), commit.blocks),
        };
        let Some((cid, block)) = found else {
            into.reject(format!("a commit without the block of {}", operation.path), commit.rev.as_bytes());
            continue;
        };
        match car::to_json(&cid, block) {
            Ok(record) => {
                let event = serde_json::json!({
                    "did": commit.repo,
                    "time_us": Timestamp::parse(&commit.time).map_or(0, |time| time.millis().saturating_mul(1_000)),
                    "kind": "commit",
                    "commit": {
                        "rev": commit.rev, "operation": operation.action, "collection": collection,
                        "rkey": rkey, "record": record, "cid": cid.to_string(),
                    },
                });
                let at = into.arrival(now());
                into.take(super::read_event(event.to_string().as_bytes(), at));
            }
            Err(error) => into.reject(format!("no record in a block: {error}"), block),
        }
    }
}

impl Wire for Firehose {
    fn connect<'a>(
        &'a mut self,
        client: &'a Client,
        _into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Link, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            let mut address = self.address.clone();
            if let Some(seq) = self.cursor {
                address.query_pairs_mut().append_pair("cursor", &seq.to_string());
            }
            Ok(Link::Socket(Box::new(Socket::connect(client, &address).await?)))
        })
    }

    fn read(&mut self, frame: Frame, into: &mut Collector) -> Result<(), FetchError> {
        match frame {
            Frame::Binary(bytes) => match self.read_frame(&bytes, into) {
                Ok(None) => {}
                Ok(Some(error)) => return Err(error),
                Err(reason) => into.reject(reason, &bytes),
            },
            Frame::Text(text) => into.reject("a text message, binary was expected", text.as_bytes()),
            Frame::Oversized(size) => {
                into.reject(too_large("a message", size, MESSAGE_BYTES_MAX), b"");
                into.notice(Notice::Gap("a message was too large to receive".into()));
            }
            Frame::Event { .. } | Frame::Alive => {}
        }
        Ok(())
    }

    fn cursor(&self) -> Option<String> {
        self.cursor.map(|seq| seq.to_string())
    }

    fn skip(&mut self) {
        self.cursor = self.cursor.map(|seq| seq.saturating_add(1));
    }
}
