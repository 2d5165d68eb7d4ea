//! Polls: paging, cursors, limits, log-ins. Wire bytes after each network's public documentation.

use super::fake::{Fake, Reply};
use super::{client, gather, next, texts};
use crate::listening::{Deletion, FetchError, Listener, Notice, open};
use model::listening::{MastodonTimeline, SourceSetup};
use serde_json::{Value, json};
use std::time::Duration;

fn listener(setup: &SourceSetup, secret: Option<&str>, cursor: Option<&str>) -> Box<dyn Listener> {
    open(setup, secret, cursor, &client()).unwrap()
}

fn body(value: &Value) -> Reply {
    Reply::json(&value.to_string())
}

const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>La Prensa</title><link>https://prensa.example/</link>
<item><title>Panamá sin agua</title><link>https://prensa.example/a</link><guid>https://prensa.example/a</guid>
<pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate><description>Nota</description></item></channel></rss>"#;

#[tokio::test]
async fn a_wish_to_be_left_alone_is_obeyed() {
    let server = Fake::http(|_, before| match before {
        0 => Reply::Whole(429, "retry-after: 1\r\n", Vec::new()),
        _ => Reply::Whole(200, "", RSS.as_bytes().to_vec()),
    })
    .await;
    let mut feed = listener(&SourceSetup::Feed { url: server.url.clone() }, None, None);
    assert_eq!(next(&mut feed).await.unwrap_err(), FetchError::RateLimited { retry_after_ms: Some(1_000) });
    // Asked again at once, it waits by itself.
    assert_eq!(next(&mut feed).await.unwrap().records.len(), 1);
    let seen = server.seen();
    assert!(seen[1].at - seen[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_feed_is_asked_only_for_changes_until_it_is_gone() {
    let server = Fake::http(|seen, before| match before {
        0 => Reply::Whole(
            200,
            "etag: \"v1\"\r\nlast-modified: Sun, 01 Mar 2026 12:00:00 GMT\r\n",
            RSS.as_bytes().to_vec(),
        ),
        1 if seen.head.to_lowercase().contains("if-none-match: \"v1\"") => Reply::status(304),
        2 if seen.head.contains("Sun, 01 Mar 2026 12:00:00 GMT") => Reply::Whole(200, "", b"<rss".to_vec()),
        _ => Reply::status(410),
    })
    .await;
    let setup = SourceSetup::Feed { url: server.url.clone() };
    let mut feed = listener(&setup, None, None);
    let first = next(&mut feed).await.unwrap();
    assert!(texts(&first)[0].contains("Nota"), "{:?}", texts(&first));
    let unchanged = next(&mut feed).await.unwrap();
    assert!(unchanged.is_empty());
    assert_eq!(unchanged.cursor, first.cursor);
    // A restart keeps the validators.
    let mut feed = listener(&setup, None, first.cursor.as_deref());
    assert_eq!(next(&mut feed).await.unwrap().rejects.len(), 1, "half a feed is a reject");
    assert_eq!(next(&mut feed).await.unwrap_err(), FetchError::Gone);
}

fn status(id: u32) -> Value {
    json!({
        "id": id.to_string(), "uri": format!("https://social.example/s/{id}"), "content": format!("<p>{id}</p>"),
        "created_at": "2026-03-01T12:00:00.000Z",
        "account": { "id": "1", "acct": "ana", "username": "ana", "url": "https://social.example/@ana" },
    })
}

/// A timeline with statuses up to `newest`, newest first, at most 40 a page.
fn timeline(target: &str, newest: u32, knows_min_id: bool) -> Vec<Value> {
    let number = |name: &str| {
        let (_, rest) = target.split_once(&format!("{name}="))?;
        rest.split('&').next()?.parse::<u32>().ok()
    };
    let (mut low, mut high) = (1, newest);
    if let Some(max) = number("max_id") {
        high = max - 1;
    }
    if let Some(min) = number("min_id").filter(|_| knows_min_id) {
        low = min + 1;
        high = high.min(min + 40);
    }
    (low..=high).rev().take(40).map(status).collect()
}

async fn mastodon_catches_up(knows_min_id: bool) {
    let server = Fake::http(move |seen, _| {
        let page = timeline(&seen.target, 250, knows_min_id);
        let oldest = page.last().map(|status| status["id"].as_str().unwrap().to_owned()).unwrap_or_default();
        let line: &'static str =
            format!("link: </api/v1/timelines/public?limit=40&max_id={oldest}>; rel=\"next\"\r\n").leak();
        Reply::Whole(200, line, Value::Array(page).to_string().into_bytes())
    })
    .await;
    let setup = SourceSetup::MastodonPoll { server: server.url.clone(), timeline: MastodonTimeline::Public };
    let mut poll = listener(&setup, Some("t"), Some("100"));
    let all = gather(&mut poll, |batch| batch.records.len() >= 150).await;
    let mut numbers: Vec<u32> = texts(&all).iter().map(|text| text.parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers.retain(|number| *number > 100);
    assert_eq!(numbers, (101..=250).collect::<Vec<_>>(), "min_id known: {knows_min_id}");
    assert_eq!(all.cursor.as_deref(), Some("250"));
    assert!(server.seen()[0].head.contains("Bearer t"));
}

#[tokio::test]
async fn mastodon_polls_lose_nothing_with_or_without_min_id() {
    mastodon_catches_up(true).await;
    mastodon_catches_up(false).await;
}

#[tokio::test]
async fn mastodon_search_and_notifications() {
    let server = Fake::http(|seen, _| {
        if seen.target.starts_with("/api/v2/search") {
            return body(
                &json!({ "accounts": [], "statuses": [status(9), status(3), "garbage"], "hashtags": [] }),
            );
        }
        body(&json!([
            { "id": "5", "type": "mention", "created_at": "2026-03-01T12:00:00Z", "status": status(20) },
            { "id": "4", "type": "follow", "created_at": "2026-03-01T12:00:00Z" },
        ]))
    })
    .await;
    let setup = |timeline| SourceSetup::MastodonPoll { server: server.url.clone(), timeline };
    let mut search = listener(&setup(MastodonTimeline::Search("café".into())), Some("t"), None);
    let first = next(&mut search).await.unwrap();
    assert_eq!(texts(&first), ["9", "3"]);
    assert_eq!((first.rejects.len(), first.cursor.as_deref()), (1, Some(r#"["9","3"]"#)));
    assert!(next(&mut search).await.unwrap().is_empty());
    let mut inbox = listener(&setup(MastodonTimeline::Notifications), Some("t"), None);
    let first = next(&mut inbox).await.unwrap();
    assert_eq!((texts(&first), first.cursor.as_deref()), (vec!["20".to_owned()], Some("5")));
}

fn view(rkey: &str) -> Value {
    json!({
        "uri": format!("at://did:plc:a/app.bsky.feed.post/{rkey}"), "cid": "bafy", "indexedAt": "2026-03-01T12:00:00Z",
        "author": { "did": "did:plc:a", "handle": "ana.example" },
        "record": { "$type": "app.bsky.feed.post", "text": rkey, "createdAt": "2026-03-01T12:00:00Z" },
    })
}

#[tokio::test]
async fn bluesky_search_renews_its_session_and_walks_back_to_what_it_knows() {
    let server = Fake::http(|seen, _| match seen.target.as_str() {
        "/xrpc/com.atproto.server.createSession" => {
            assert!(seen.body.contains(r#""password":"app-pass""#));
            body(&json!({ "accessJwt": "old", "refreshJwt": "r1", "did": "did:plc:me", "handle": "me" }))
        }
        "/xrpc/com.atproto.server.refreshSession" => {
            assert!(seen.head.contains("Bearer r1") && seen.body.is_empty());
            body(&json!({ "accessJwt": "new", "refreshJwt": "r2", "did": "did:plc:me", "handle": "me" }))
        }
        _ if seen.head.contains("Bearer old") => {
            Reply::Whole(400, "", br#"{"error":"ExpiredToken"}"#.to_vec())
        }
        target if target.contains("cursor=2") => {
            body(&json!({ "posts": [view("b"), view("a")], "cursor": "4" }))
        }
        _ => body(&json!({ "posts": [view("d"), view("c")], "cursor": "2" })),
    })
    .await;
    let setup = SourceSetup::BlueskySearch {
        service: server.url.clone(),
        identifier: "@me.example".into(),
        search: "agua".into(),
    };
    let cursor = r#"["at://did:plc:a/app.bsky.feed.post/a"]"#;
    let mut search = listener(&setup, Some("app-pass"), Some(cursor));
    let batch = next(&mut search).await.unwrap();
    assert_eq!(texts(&batch), ["d", "c", "b", "a"]);
    assert!(batch.notices.is_empty());
    let seen: Vec<String> = serde_json::from_str(&batch.cursor.unwrap()).unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen[0].ends_with("/d"));
    let before = server.seen().len();
    assert!(next(&mut search).await.unwrap().records.is_empty());
    assert_eq!(server.seen().len(), before + 1, "one page was enough");
}

#[tokio::test]
async fn a_wrong_app_password_needs_a_person() {
    let server =
        Fake::http(|_, _| Reply::Whole(401, "", br#"{"error":"AuthenticationRequired"}"#.to_vec())).await;
    let setup = SourceSetup::BlueskyNotifications { service: server.url.clone(), identifier: "me".into() };
    let error = next(&mut listener(&setup, Some("wrong"), None)).await.unwrap_err();
    assert_eq!(error, FetchError::Unauthorized);
    assert!(error.needs_person());
}

fn message(id: &str, text: &str) -> Value {
    json!({
        "type": "m.room.message", "event_id": id, "sender": "@ana:example.org", "origin_server_ts": 1_772_366_400_000_i64,
        "content": { "msgtype": "m.text", "body": text },
    })
}

#[tokio::test]
async fn matrix_syncs_fills_gaps_and_redacts() {
    let server = Fake::http(|seen, _| {
        let room = |timeline: Value, next: &str| {
            body(&json!({ "next_batch": next, "rooms": { "join": { "!r:example.org": { "timeline": timeline } } } }))
        };
        match seen.target.as_str() {
            target if target.contains("/messages") => {
                assert!(target.starts_with("/_matrix/client/v3/rooms/!r:example.org/messages?dir=b&from=p1&to=s1"), "{target}");
                body(&json!({ "chunk": [message("$2", "dos")], "start": "p1" }))
            }
            target if target.contains("since=s2") => {
                let redaction = json!({ "type": "m.room.redaction", "event_id": "$9", "sender": "@b:x", "content": { "redacts": "$1" } });
                let secret = json!({ "type": "m.room.encrypted", "event_id": "$8", "content": {} });
                room(json!({ "events": [redaction, secret, 7] }), "s3")
            }
            target if target.contains("since=s3") => body(&json!({ "next_batch": "s3" })),
            target if target.contains("since=s1") => {
                room(json!({ "limited": true, "prev_batch": "p1", "events": [message("$3", "tres")] }), "s2")
            }
            _ => room(json!({ "limited": true, "prev_batch": "p0", "events": [message("$1", "uno")] }), "s1"),
        }
    })
    .await;
    let setup = SourceSetup::MatrixRooms { server: server.url.clone(), rooms: vec!["!r:example.org".into()] };
    let mut rooms = listener(&setup, Some("syt_token"), None);
    let all = gather(&mut rooms, |batch| !batch.deletions.is_empty()).await;
    assert_eq!(texts(&all), ["uno", "dos", "tres"]);
    assert!(matches!(&all.deletions[0], Deletion::Post(key) if key.native_id.as_str() == "$1"));
    assert_eq!((all.rejects.len(), all.cursor.as_deref()), (2, Some("s3")));
    assert!(server.seen()[0].head.contains("Bearer syt_token"));
}

#[tokio::test]
async fn telegram_acknowledges_only_what_came_before() {
    let update = |id: i64, text: &str| {
        json!({ "update_id": id, "channel_post": {
            "message_id": id, "date": 1_772_366_400, "text": text,
            "chat": { "id": -1_001_234_i64, "title": "Canal", "username": "canal", "type": "channel" },
        }})
    };
    let server = Fake::http(move |_, before| match before {
        0 => body(&json!({ "ok": true, "result": [update(10, "uno"), { "no": "id" }, update(11, "dos")] })),
        1 => {
            Reply::Whole(429, "", br#"{"ok":false,"error_code":429,"parameters":{"retry_after":1}}"#.to_vec())
        }
        _ => body(&json!({ "ok": true, "result": [] })),
    })
    .await;
    let setup = SourceSetup::TelegramBot { endpoint: server.url.clone() };
    let mut bot = listener(&setup, Some("1:a"), Some("5"));
    let batch = next(&mut bot).await.unwrap();
    assert_eq!(
        (texts(&batch), batch.cursor.as_deref()),
        (vec!["uno".to_owned(), "dos".to_owned()], Some("12"))
    );
    assert_eq!(batch.rejects.len(), 1);
    assert_eq!(next(&mut bot).await.unwrap_err(), FetchError::RateLimited { retry_after_ms: Some(1_000) });
    assert!(next(&mut bot).await.unwrap().is_empty());
    let targets = server.targets();
    assert!(targets[0].starts_with("/bot1:a/getUpdates?") && targets[0].ends_with("offset=5"), "{targets:?}");
    assert!(targets[2].ends_with("offset=12"));
}

#[tokio::test]
async fn x_pages_and_starts_anew_when_its_place_is_too_old() {
    let post = |id: &str| json!({ "id": id, "text": format!("post {id}"), "author_id": "1", "created_at": "2026-03-01T12:00:00.000Z" });
    let users = json!({ "users": [{ "id": "1", "name": "Ana", "username": "ana" }] });
    let server = Fake::http(move |seen, before| match before {
        0 => Reply::Whole(400, "", br#"{"errors":[{"message":"'since_id' must be a tweet id created after ..."}]}"#.to_vec()),
        1 => body(&json!({ "data": [post("30"), post("29")], "includes": users, "meta": { "newest_id": "30", "next_token": "n2", "result_count": 2 } })),
        2 => {
            assert!(seen.target.contains("next_token=n2"));
            body(&json!({ "data": [post("28")], "includes": users, "meta": { "newest_id": "28", "result_count": 1 } }))
        }
        3 => Reply::Whole(429, "x-rate-limit-reset: 1\r\n", Vec::new()),
        _ => body(&json!({ "meta": { "result_count": 0 } })),
    })
    .await;
    let setup = SourceSetup::XSearch { search: "agua lang:es".into(), endpoint: server.url.clone() };
    let mut search = listener(&setup, Some("bearer"), Some("12"));
    let all = gather(&mut search, |batch| batch.records.len() == 3).await;
    assert_eq!(texts(&all), ["post 30", "post 29", "post 28"]);
    assert!(matches!(all.notices.as_slice(), [Notice::Gap(_)]));
    assert_eq!(all.cursor.as_deref(), Some("30"));
    assert_eq!(next(&mut search).await.unwrap_err(), FetchError::RateLimited { retry_after_ms: Some(1_000) });
    assert_eq!(next(&mut search).await.unwrap().cursor.as_deref(), Some("30"));
    assert!(
        server.targets()[4].contains("since_id=30") && server.targets()[4].contains("query=agua+lang%3Aes")
    );
}

#[tokio::test]
async fn youtube_sends_its_key_in_a_header_and_understands_quota() {
    let thread = |id: &str| {
        json!({
            "kind": "youtube#commentThread", "id": id,
            "snippet": { "videoId": "v", "topLevelComment": { "kind": "youtube#comment", "id": id, "snippet": {
                "textDisplay": format!("comentario {id}"), "textOriginal": format!("comentario {id}"),
                "authorDisplayName": "Ana", "authorChannelId": { "value": "UCana" },
                "publishedAt": "2026-03-01T12:00:00Z", "updatedAt": "2026-03-01T12:00:00Z", "likeCount": 1, "videoId": "v" } } },
        })
    };
    let server = Fake::http(move |_, before| match before {
        0 => body(&json!({ "items": [thread("c3"), thread("c2")], "nextPageToken": "p" })),
        1 => body(&json!({ "items": [thread("c1")] })),
        _ => {
            Reply::Whole(403, "", br#"{"error":{"code":403,"errors":[{"reason":"quotaExceeded"}]}}"#.to_vec())
        }
    })
    .await;
    let setup = SourceSetup::YoutubeComments { subject: "dQw4w9WgXcQ".into(), endpoint: server.url.clone() };
    let mut comments = listener(&setup, Some("k3y"), None);
    let batch = next(&mut comments).await.unwrap();
    assert_eq!(texts(&batch), ["comentario c3", "comentario c2", "comentario c1"]);
    assert_eq!(batch.cursor.as_deref(), Some(r#"["c3","c2","c1"]"#));
    let error = next(&mut comments).await.unwrap_err();
    assert!(matches!(error, FetchError::RateLimited { retry_after_ms: Some(wait) } if wait >= 3_600_000));
    let seen = &server.seen()[0];
    assert!(seen.head.to_lowercase().contains("x-goog-api-key: k3y") && !seen.target.contains("k3y"));
    assert!(seen.target.contains("videoId=dQw4w9WgXcQ"));
}

#[tokio::test]
async fn reddit_renews_its_token_and_walks_back_to_what_it_knows() {
    let thing = |name: &str| {
        json!({ "kind": "t3", "data": {
        "name": format!("t3_{name}"), "id": name, "title": name, "selftext": "texto", "author": "ana", "author_fullname": "t2_a",
        "subreddit": "panama", "permalink": format!("/r/panama/comments/{name}/x/"), "created_utc": 1_772_366_400.0, "score": 1, "num_comments": 0 } })
    };
    let server = Fake::http(move |seen, before| match before {
        0 | 2 => {
            assert_eq!(seen.target, "/api/v1/access_token");
            assert!(seen.head.contains("Basic aWQ6c2VjcmV0") && seen.body == "grant_type=client_credentials");
            body(&json!({ "access_token": format!("tok{before}"), "token_type": "bearer", "expires_in": 3600 }))
        }
        1 => Reply::status(401),
        3 => {
            assert!(seen.head.contains("Bearer tok2"));
            body(&json!({ "kind": "Listing", "data": { "after": "t3_c", "children": [thing("d"), thing("c")] } }))
        }
        _ => body(&json!({ "kind": "Listing", "data": { "after": "t3_a", "children": [thing("b"), thing("a")] } })),
    })
    .await;
    let setup = SourceSetup::RedditListing {
        subreddit: "r/panama".into(),
        search: String::new(),
        endpoint: server.url.clone(),
    };
    let mut listing = listener(&setup, Some("id:secret"), Some(r#"["t3_deleted","t3_a"]"#));
    let batch = next(&mut listing).await.unwrap();
    assert_eq!(batch.records.len(), 4);
    assert!(batch.notices.is_empty());
    let targets = server.targets();
    assert!(targets[3].starts_with("/r/panama/new?limit=100"), "{targets:?}");
    assert!(targets[4].contains("after=t3_c"), "{targets:?}");
    assert!(server.seen()[3].head.contains(":atalaya:"));
}
