//! X API v2 posts. Source: docs.x.com, fields of Post and User.

use crate::world::{Made, Shape};
use serde_json::{Value, json};

/// One post with its author, as one line of a v2 archive: `{"data":…,"includes":…}`.
pub fn v2(made: &Made) -> Value {
    let author_id = (9_000_000 + made.author.ordinal).to_string();
    let mut data = json!({
        "id": id(made.ordinal),
        "text": made.text,
        "author_id": author_id,
        "created_at": made.time.to_string(),
        "lang": made.truth.language.as_str(),
        "conversation_id": id(made.ordinal),
        "public_metrics": {
            "like_count": made.counts[0], "reply_count": made.counts[1],
            "retweet_count": made.counts[2], "quote_count": 0,
        },
    });
    let mut entities = serde_json::Map::new();
    if !made.hashtags.is_empty() {
        let tags: Vec<Value> =
            made.hashtags.iter().map(|tag| json!({"start": 0, "end": 0, "tag": tag})).collect();
        entities.insert("hashtags".to_owned(), tags.into());
    }
    if let Some(link) = &made.link {
        entities
            .insert("urls".to_owned(), json!([{"url": link, "expanded_url": link, "start": 0, "end": 0}]));
    }
    if !entities.is_empty() {
        data["entities"] = Value::Object(entities);
    }
    if let Shape::Reply(parent) = made.shape {
        data["referenced_tweets"] = json!([{"type": "replied_to", "id": id(parent)}]);
        data["conversation_id"] = id(parent).into();
    }
    json!({"data": data, "includes": {"users": [{
        "id": author_id,
        "username": made.author.handle,
        "name": made.author.name,
        "created_at": made.author.created_at.to_string(),
        "verified": false,
        "public_metrics": {
            "followers_count": made.author.followers, "following_count": made.author.followers / 2,
            "tweet_count": 100, "listed_count": 0,
        },
    }]}})
}

fn id(ordinal: u64) -> String {
    (1_700_000_000_000_000_000_u64 + ordinal).to_string()
}
