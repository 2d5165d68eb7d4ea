//! Streams: reconnecting, silence, garbage, deletions.

use super::fake::{Fake, Reply};
use super::{client, gather, next, texts};
use crate::listening::socket::Pulse;
use crate::listening::{
    Client, Collector, Deletion, FetchError, Frame, Link, Listener, MESSAGE_BYTES_MAX, Notice, Socket,
    SocketListener, Wire, open,
};
use ipld_core::cid::Cid;
use ipld_core::cid::multihash::Multihash;
use ipld_core::ipld::Ipld;
use model::listening::{MastodonTimeline, SourceSetup};
use model::{NativeId, Network, PostKey};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use tokio_tungstenite::tungstenite::protocol::Message;
use url::Url;

const DID: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

fn at_post(rkey: &str) -> PostKey {
    let id = format!("at://{DID}/app.bsky.feed.post/{rkey}");
    PostKey { network: Network::Bluesky, native_id: NativeId::parse(&id).unwrap() }
}

fn create(time_us: i64, rkey: &str, text: &str) -> Message {
    let event = serde_json::json!({
        "did": DID, "time_us": time_us, "kind": "commit",
        "commit": {
            "rev": "3l", "operation": "create", "collection": "app.bsky.feed.post", "rkey": rkey, "cid": "bafy",
            "record": { "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-03-01T12:00:00Z" },
        },
    });
    Message::text(event.to_string())
}

fn remove(time_us: i64, rkey: &str) -> Message {
    let event = serde_json::json!({
        "did": DID, "time_us": time_us, "kind": "commit",
        "commit": { "rev": "3l", "operation": "delete", "collection": "app.bsky.feed.post", "rkey": rkey },
    });
    Message::text(event.to_string())
}

fn account(time_us: i64, status: &str) -> Message {
    let event = serde_json::json!({
        "did": DID, "time_us": time_us, "kind": "account",
        "account": { "active": false, "did": DID, "seq": 1, "status": status, "time": "2026-03-01T12:00:00Z" },
    });
    Message::text(event.to_string())
}

async fn jetstream(
    script: impl Fn(usize) -> (Vec<Message>, bool) + Send + Sync + 'static,
) -> (Fake, Box<dyn Listener>) {
    let server = Fake::socket(script).await;
    let setup = SourceSetup::BlueskyJetstream { endpoint: format!("{}/subscribe", server.url) };
    let listener = open(&setup, None, None, &client()).unwrap();
    (server, listener)
}

#[tokio::test]
async fn a_broken_stream_resumes_and_neither_loses_nor_doubles() {
    let start = 1_772_366_400_000_000;
    let (server, mut listener) = jetstream(move |connection| match connection {
        0 => (vec![create(start, "a", "uno"), create(start + 1, "b", "dos")], false),
        _ => (
            vec![create(start + 1, "b", "dos"), create(start + 2, "c", "tres"), remove(start + 3, "a")],
            true,
        ),
    })
    .await;
    let all = gather(&mut listener, |batch| !batch.deletions.is_empty()).await;
    assert_eq!(texts(&all), ["uno", "dos", "tres"]);
    assert_eq!(all.deletions, [Deletion::Post(at_post("a"))]);
    assert_eq!(all.cursor.as_deref(), Some("1772366400000003"));
    let targets = server.targets();
    assert!(!targets[0].contains("cursor="), "{targets:?}");
    let resumed = format!("cursor={}", start + 1 - 5_000_000);
    assert!(targets[1].contains(&resumed), "{targets:?}");
    assert!(
        targets[0].contains("wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.feed.repost")
    );
}

#[tokio::test]
async fn only_accounts_that_are_gone_are_deleted() {
    let (_server, mut listener) = jetstream(|_| {
        (vec![account(1, "deactivated"), account(2, "suspended"), account(3, "takendown")], true)
    })
    .await;
    let all = gather(&mut listener, |batch| !batch.deletions.is_empty()).await;
    assert_eq!(all.deletions.len(), 1);
    assert!(matches!(&all.deletions[0], Deletion::Account(key) if key.native_id.as_str() == DID));
    assert_eq!(all.cursor.as_deref(), Some("3"));
}

#[tokio::test]
async fn garbage_and_tricks_are_rejects_or_inert_and_the_stream_goes_on() {
    let nasty = "a\0b \u{202e}oloh <script>alert(1)</script> ';--";
    let (_server, mut listener) = jetstream(move |_| {
        let messages = vec![
            Message::binary(vec![0xff, 0, 1]),
            Message::text("{"),
            Message::text("[]"),
            Message::text(r#"{"did":"did:plc:x","time_us":"soon","kind":"commit"}"#),
            Message::text(r#"{"did":"x","time_us":9000000000000000000,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"z"}}"#),
            create(1, "ok", nasty),
        ];
        (messages, true)
    })
    .await;
    let all = gather(&mut listener, |batch| !batch.records.is_empty()).await;
    assert!(all.rejects.len() >= 4, "{:#?}", all.rejects);
    let text = &texts(&all)[0];
    assert!(!text.contains('\0') && text.contains("<script>"), "{text:?}");
    assert_eq!(all.cursor.as_deref(), Some("1"), "a date from the future moves nothing");
}

#[tokio::test]
async fn a_message_beyond_the_limit_is_a_reject_and_not_met_again() {
    let (server, mut listener) = jetstream(|connection| match connection {
        0 => (vec![create(1_000_000, "a", "uno"), Message::text("x".repeat(MESSAGE_BYTES_MAX + 1))], true),
        _ => (vec![create(3_000_000, "b", "dos")], true),
    })
    .await;
    let all = gather(&mut listener, |batch| batch.records.len() == 2).await;
    assert_eq!(all.rejects.len(), 1);
    assert!(matches!(all.notices.as_slice(), [Notice::Gap(_)]));
    assert!(server.targets()[1].contains("cursor=2000000"), "{:?}", server.targets());
}

/// A wire that keeps what it reads as rejects.
struct Plain(Url);

impl Wire for Plain {
    fn connect<'a>(
        &'a mut self,
        client: &'a Client,
        _into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Link, FetchError>> + Send + 'a>> {
        Box::pin(async move { Ok(Link::Socket(Box::new(Socket::connect(client, &self.0).await?))) })
    }
    fn read(&mut self, frame: Frame, into: &mut Collector) -> Result<(), FetchError> {
        if let Frame::Text(text) = frame {
            into.reject(&text, b"");
        }
        Ok(())
    }
    fn cursor(&self) -> Option<String> {
        None
    }
    fn skip(&mut self) {}
}

#[tokio::test]
async fn a_quiet_stream_beats_and_a_dead_one_is_noticed() {
    let pulse = Pulse { heartbeat_ms: 50, ping_ms: 100, silence_ms_max: 300 };
    // This server answers pings, as it reads.
    let quiet = Fake::socket(|_| (Vec::new(), true)).await;
    let wire = Plain(Url::parse(&quiet.url).unwrap());
    let mut listener: Box<dyn Listener> = Box::new(SocketListener::new(client(), wire).with_pulse(pulse));
    for _ in 0..10 {
        assert!(next(&mut listener).await.unwrap().is_empty());
    }
    assert_eq!(quiet.seen().len(), 1, "one connection, kept");
    // This one shakes hands and then says nothing, not even to a ping.
    let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("ws://{}", tcp.local_addr().unwrap())).unwrap();
    let dead = tokio::spawn(async move {
        let (stream, _) = tcp.accept().await.unwrap();
        let socket = tokio_tungstenite::accept_async(stream).await;
        std::future::pending::<()>().await;
        drop(socket);
    });
    let mut listener: Box<dyn Listener> =
        Box::new(SocketListener::new(client(), Plain(url)).with_pulse(pulse));
    let error = loop {
        if let Err(error) = next(&mut listener).await {
            break error;
        }
    };
    assert_eq!(error, FetchError::Silent { silent_ms: 300 });
    dead.abort();
}

#[tokio::test]
async fn dropping_the_future_loses_nothing() {
    let (_server, mut listener) = jetstream(|_| {
        ((0..50).map(|n| create(n + 1, &format!("r{n}"), &format!("texto {n}"))).collect(), true)
    })
    .await;
    let mut all = Vec::new();
    let patience = tokio::time::Instant::now() + super::PATIENCE;
    while all.len() < 50 {
        assert!(tokio::time::Instant::now() < patience, "a hurried caller starves with {}", all.len());
        let slice = std::time::Duration::from_millis(5);
        if let Ok(outcome) = tokio::time::timeout(slice, listener.next()).await {
            all.extend(texts(&outcome.unwrap()));
        }
    }
    assert_eq!(all, (0..50).map(|n| format!("texto {n}")).collect::<Vec<_>>());
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

fn map(entries: Vec<(&str, Ipld)>) -> Ipld {
    Ipld::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>())
}

fn text(value: &str) -> Ipld {
    Ipld::String(value.to_owned())
}

/// A frame of the firehose with one operation on a post.
fn commit(seq: i128, action: &str, rkey: &str, words: &str, forged: bool) -> Message {
    let link = Cid::new_v1(0x55, Multihash::wrap(0x12, &[7; 32]).unwrap());
    let record = map(vec![
        ("$type", text("app.bsky.feed.post")),
        ("text", text(words)),
        ("createdAt", text("2026-03-01T12:00:00Z")),
        ("blob", map(vec![("ref", Ipld::Link(link)), ("raw", Ipld::Bytes(vec![1, 2, 3]))])),
    ]);
    let block = serde_ipld_dagcbor::to_vec(&record).unwrap();
    let mut digest = Sha256::digest(&block).to_vec();
    if forged {
        digest[0] ^= 1;
    }
    let cid = Cid::new_v1(0x71, Multihash::wrap(0x12, &digest).unwrap());
    let header =
        serde_ipld_dagcbor::to_vec(&map(vec![("version", Ipld::Integer(1)), ("roots", Ipld::List(vec![]))]));
    let mut car = varint(header.as_ref().unwrap().len());
    car.extend(header.unwrap());
    let section = [cid.to_bytes(), block].concat();
    car.extend(varint(section.len()));
    car.extend(section);
    let cid = if action == "delete" { Ipld::Null } else { Ipld::Link(cid) };
    let path = format!("app.bsky.feed.post/{rkey}");
    let body = map(vec![
        ("seq", Ipld::Integer(seq)),
        ("repo", text(DID)),
        ("rev", text("3l")),
        ("since", Ipld::Null),
        ("time", text("2026-03-01T12:00:00.123Z")),
        ("ops", Ipld::List(vec![map(vec![("action", text(action)), ("path", text(&path)), ("cid", cid)])])),
        ("blocks", Ipld::Bytes(car)),
        ("blobs", Ipld::List(vec![Ipld::Link(link)])),
        ("commit", Ipld::Link(link)),
        ("tooBig", Ipld::Bool(false)),
    ]);
    frame(map(vec![("op", Ipld::Integer(1)), ("t", text("#commit"))]), body)
}

fn frame(header: Ipld, body: Ipld) -> Message {
    let parts = [header, body].map(|part| serde_ipld_dagcbor::to_vec(&part).unwrap());
    Message::binary(parts.concat())
}

fn info(name: &str) -> Message {
    let header = map(vec![("op", Ipld::Integer(1)), ("t", text("#info"))]);
    frame(header, map(vec![("name", text(name))]))
}

#[tokio::test]
async fn the_firehose_is_read_by_blocks_and_resumes_by_seq() {
    let server = Fake::socket(|connection| match connection {
        0 => (
            vec![
                info("OutdatedCursor"),
                commit(7, "create", "a", "uno", false),
                commit(8, "create", "x", "falso", true),
                Message::binary(vec![0xff; 30]),
                commit(9, "update", "a", "uno, cambiado", false),
            ],
            false,
        ),
        1 => {
            let header = map(vec![("op", Ipld::Integer(-1))]);
            (vec![frame(header, map(vec![("error", text("FutureCursor"))]))], false)
        }
        _ => (vec![commit(3, "delete", "a", "", false)], true),
    })
    .await;
    let setup = SourceSetup::BlueskyFirehose { endpoint: server.url.clone() };
    let mut listener = open(&setup, None, Some("6"), &client()).unwrap();
    let all = gather(&mut listener, |batch| !batch.deletions.is_empty()).await;
    assert_eq!(texts(&all), ["uno", "uno, cambiado"]);
    assert_eq!(all.deletions, [Deletion::Post(at_post("a"))]);
    assert_eq!(all.rejects.len(), 2, "{:#?}", all.rejects);
    assert_eq!(all.notices.len(), 2, "outdated cursor and future cursor: {:?}", all.notices);
    assert_eq!(all.cursor.as_deref(), Some("3"));
    let targets = server.targets();
    assert_eq!(targets[0], "/xrpc/com.atproto.sync.subscribeRepos?cursor=6");
    assert_eq!(targets[1], "/xrpc/com.atproto.sync.subscribeRepos?cursor=9");
    assert_eq!(targets[2], "/xrpc/com.atproto.sync.subscribeRepos");
    let body: serde_json::Value = serde_json::from_slice(&all.records[0].0.body).unwrap();
    assert_eq!(body["time_us"], 1_772_366_400_123_000_i64);
    assert_eq!(body["commit"]["record"]["blob"]["raw"]["$bytes"], "AQID");
    assert!(body["commit"]["record"]["blob"]["ref"]["$link"].as_str().unwrap().starts_with("bafkrei"));
}

fn status(id: &str, words: &str) -> String {
    serde_json::json!({
        "id": id, "uri": format!("https://social.example/users/ana/statuses/{id}"), "content": format!("<p>{words}</p>"),
        "created_at": "2026-03-01T12:00:00.000Z", "visibility": "public",
        "account": { "id": "1", "acct": "ana", "username": "ana", "url": "https://social.example/@ana" },
    })
    .to_string()
}

#[tokio::test]
async fn mastodon_streams_and_fills_the_gap_after_a_break() {
    let server = Fake::http(|seen, _| {
        let event = |name: &str, data: &str| format!(":thump\nevent: {name}\ndata: {data}\n\n");
        if seen.target.starts_with("/api/v1/streaming/public") {
            return Reply::Events {
                text: event("update", &status("102", "dos"))
                    + &event("update", "{not json")
                    + &event("status.update", &status("102", "dos, cambiado"))
                    + &event("delete", "102")
                    + &event("delete", "55"),
                stays_open: false,
            };
        }
        if seen.target.starts_with("/api/v1/timelines/public") {
            return match seen.target.split_once("min_id=").map(|(_, id)| id) {
                None => Reply::json(&format!("[{}]", status("101", "uno"))),
                Some("102") => Reply::json(&format!("[{}]", status("103", "mientras tanto"))),
                Some(_) => Reply::json("[]"),
            };
        }
        Reply::status(404)
    })
    .await;
    let setup =
        SourceSetup::MastodonStream { server: server.url.clone(), timeline: MastodonTimeline::Public };
    let mut listener = open(&setup, Some("token"), None, &client()).unwrap();
    let all = gather(&mut listener, |batch| batch.records.len() >= 4).await;
    assert_eq!(texts(&all)[..4], ["uno", "dos", "dos, cambiado", "mientras tanto"]);
    assert_eq!(all.rejects.len(), 1);
    assert!(all.deletions.contains(&Deletion::Post(PostKey {
        network: Network::Mastodon,
        native_id: NativeId::parse("https://social.example/users/ana/statuses/102").unwrap(),
    })));
    assert!(
        all.deletions.iter().any(|gone| matches!(gone, Deletion::Local { local_id, .. } if local_id == "55"))
    );
    assert_eq!(all.cursor.as_deref(), Some("103"));
}

#[tokio::test]
async fn a_server_without_streaming_is_polled() {
    let server = Fake::http(|seen, _| match seen.target.as_str() {
        target if target.starts_with("/api/v1/timelines/tag/caf%C3%A9") => {
            if target.contains("min_id") {
                Reply::json("[]")
            } else {
                Reply::json(&format!("[{}]", status("7", "uno")))
            }
        }
        _ => Reply::status(404),
    })
    .await;
    let timeline = MastodonTimeline::Hashtag("#café".into());
    let setup = SourceSetup::MastodonStream { server: server.url.clone(), timeline };
    let mut listener = open(&setup, None, None, &client()).unwrap();
    let all = gather(&mut listener, |batch| !batch.records.is_empty()).await;
    assert_eq!(texts(&all), ["uno"]);
    assert!(matches!(all.notices.as_slice(), [Notice::Degraded(_)]));
}

#[tokio::test]
async fn nostr_keeps_only_what_its_author_signed() {
    use crate::nostr::signed_event;
    let time = super::super::now().seconds() - 60;
    let good = signed_event(7, 1, time, &[&["t", "acme"]], "firmado #acme");
    let forged = good.replace("firmado", "falsificado");
    let id = serde_json::from_str::<serde_json::Value>(&good).unwrap()["id"].as_str().unwrap().to_owned();
    let wipe = signed_event(8, 5, time + 1, &[&["e", &id]], "");
    let server = Fake::socket(move |_| {
        let event = |text: &str| Message::text(format!(r#"["EVENT","live",{text}]"#));
        let messages = vec![
            event(&forged),
            event(&good),
            Message::text(r#"["EOSE","live"]"#),
            Message::text(r#"["NOTICE","hola"]"#),
            Message::text("EVENT"),
            event(&good),
            event(&wipe),
        ];
        (messages, true)
    })
    .await;
    let setup = SourceSetup::NostrRelay { relay: server.url.clone(), hashtags: vec!["#Acme".into()] };
    let mut listener = open(&setup, None, Some("1700000000"), &client()).unwrap();
    let all = gather(&mut listener, |batch| !batch.deletions.is_empty()).await;
    assert_eq!(texts(&all), ["firmado #acme"]);
    assert_eq!(all.rejects.len(), 2, "{:#?}", all.rejects);
    let [Deletion::PostBy { post, author }] = all.deletions.as_slice() else { panic!("{:?}", all.deletions) };
    assert_eq!(post.native_id.as_str(), id);
    assert_ne!(author.native_id, all.records[0].1.clone().author_id(), "the asker is somebody else");
    let heard: i64 = all.cursor.unwrap().parse().unwrap();
    assert!(heard >= time + 60, "the cursor is our clock");
    let said = server.seen().into_iter().find(|seen| seen.target == "said").unwrap().body;
    assert!(said.contains(r##""#t":["acme"]"##) && said.contains(r#""since":1699999100"#), "{said}");
}

impl crate::Mapped {
    fn author_id(self) -> NativeId {
        match self {
            Self::Post(post) => post.author.key.native_id,
            Self::Account(account) => account.key.native_id,
        }
    }
}
