//! Jetstream events and `app.bsky` post views.
//!
//! Source: github.com/bluesky-social/jetstream, docs.bsky.app (lexicons).

use crate::world::{Author, Made, Shape};
use serde_json::{Value, json};

/// The DID of an account; it looks like a `did:plc` and belongs to nobody.
pub fn did(author: &Author) -> String {
    format!("did:plc:sim{:0>21}", base32(author.ordinal))
}

/// The AT URI of a post.
pub fn uri(author: &Author, ordinal: u64) -> String {
    format!("at://{}/app.bsky.feed.post/{}", did(author), record_key(ordinal))
}

/// One Jetstream event that creates the post.
pub fn jetstream_event(made: &Made) -> Value {
    json!({
        "did": did(&made.author),
        "time_us": made.time.millis() * 1_000,
        "kind": "commit",
        "commit": {
            "rev": record_key(made.ordinal),
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": record_key(made.ordinal),
            "record": record(made),
            "cid": format!("bafyreisim{:0>49}", base32(made.ordinal)),
        },
    })
}

/// One Jetstream event that deletes the post.
pub fn jetstream_delete(made: &Made, time_us: i64) -> Value {
    json!({
        "did": did(&made.author), "time_us": time_us, "kind": "commit",
        "commit": {
            "rev": record_key(made.ordinal + 1), "operation": "delete",
            "collection": "app.bsky.feed.post", "rkey": record_key(made.ordinal),
        },
    })
}

/// A post view as search and feeds give it.
pub fn post_view(made: &Made) -> Value {
    json!({
        "uri": uri(&made.author, made.ordinal),
        "cid": format!("bafyreisim{:0>49}", base32(made.ordinal)),
        "author": {
            "did": did(&made.author),
            "handle": format!("{}.sim.example", made.author.handle),
            "displayName": made.author.name,
            "createdAt": made.author.created_at.to_string(),
        },
        "record": record(made),
        "likeCount": made.counts[0],
        "replyCount": made.counts[1],
        "repostCount": made.counts[2],
        "quoteCount": 0,
        "indexedAt": made.time.to_string(),
    })
}

/// A profile as `app.bsky.actor.getProfiles` gives it.
pub fn profile(author: &Author) -> Value {
    json!({
        "did": did(author),
        "handle": format!("{}.sim.example", author.handle),
        "displayName": author.name,
        "createdAt": author.created_at.to_string(),
        "followersCount": author.followers,
    })
}

fn record(made: &Made) -> Value {
    let mut record = json!({
        "$type": "app.bsky.feed.post",
        "createdAt": made.time.to_string(),
        "langs": [made.truth.language.as_str()],
        "text": made.text,
    });
    let facets = facets(made);
    if !facets.is_empty() {
        record["facets"] = Value::Array(facets);
    }
    if let Shape::Reply(parent) = made.shape {
        // The parent's author is not known here; its own account answers itself.
        let parent = json!({"uri": uri(&made.author, parent), "cid": "bafyreisim"});
        record["reply"] = json!({"root": parent, "parent": parent});
    }
    record
}

/// Byte ranges of hashtags and links.
fn facets(made: &Made) -> Vec<Value> {
    let place = |part: &str| {
        made.text.find(part).map(|start| json!({"byteStart": start, "byteEnd": start + part.len()}))
    };
    let tags = made.hashtags.iter().filter_map(|tag| {
        let index = place(&format!("#{tag}"))?;
        Some(json!({"index": index, "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}]}))
    });
    let links = made.link.iter().filter_map(|link| {
        Some(json!({"index": place(link)?, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": link}]}))
    });
    tags.chain(links).collect()
}

/// A record key of 13 sortable characters.
fn record_key(ordinal: u64) -> String {
    format!("{:2>13}", base32(ordinal))
}

/// Digits of the AT Protocol's sortable base 32.
fn base32(mut number: u64) -> String {
    const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        // `% 32` is below the length of the table.
        digits.push(DIGITS[(number % 32) as usize]);
        number /= 32;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().map(|byte| char::from(*byte)).collect()
}
