//! X API v2 posts. Source: docs.x.com, fields of Post and User.

use super::mastodon::SERVER;
use super::{Relation, Told};
use crate::world::Made;
use serde_json::{Map, Value, json};

/// Most characters of the original that a retweet repeats.
const RETWEET_CHARS_MAX: usize = 120;

/// One post with its author, as one line of a v2 archive: `{"data":…,"includes":…}`.
pub fn v2(made: &Made) -> Value {
    // Pictures of the plain world are not written for X.
    told(&Told { picture: None, ..Told::from(made) })
}

/// One line of anything told. A reshare and a quote name the other post,
/// which is a line of its own.
pub fn told(told: &Told<'_>) -> Value {
    let author = &told.author;
    let mut data = json!({
        "id": id(told.ordinal),
        "text": told.text,
        "author_id": user_id(author.ordinal),
        "created_at": told.time.to_string(),
        "lang": told.language,
        "conversation_id": id(told.ordinal),
        "public_metrics": {
            "like_count": told.counts[0], "reply_count": told.counts[1],
            "retweet_count": told.counts[2], "quote_count": 0,
        },
    });
    let mut includes = json!({"users": [user(told)]});
    let mut entities = entities(told);
    match &told.relation {
        Relation::None => {}
        Relation::Reply(parent, to) => {
            data["referenced_tweets"] = json!([{"type": "replied_to", "id": id(*parent)}]);
            data["conversation_id"] = id(*parent).into();
            if let Some((ordinal, handle)) = to {
                data["in_reply_to_user_id"] = user_id(*ordinal).into();
                let mention = json!([{"start": 0, "end": 0, "username": handle, "id": user_id(*ordinal)}]);
                entities.insert("mentions".to_owned(), mention);
            }
        }
        Relation::Reshare(original) => {
            data["referenced_tweets"] = json!([{"type": "retweeted", "id": id(original.ordinal)}]);
            let repeated: String = original.text.chars().take(RETWEET_CHARS_MAX).collect();
            data["text"] = format!("RT @{}: {repeated}", original.author.handle).into();
        }
        Relation::Quote(quoted) => {
            data["referenced_tweets"] = json!([{"type": "quoted", "id": id(quoted.ordinal)}]);
        }
    }
    if !entities.is_empty() {
        data["entities"] = Value::Object(entities);
    }
    if let Some(picture) = told.picture {
        let key = format!("3_{picture}");
        data["attachments"] = json!({"media_keys": [key]});
        let url = format!("https://{SERVER}/media/{picture}.jpg");
        includes["media"] = json!([{"media_key": key, "type": "photo", "url": url}]);
    }
    json!({"data": data, "includes": includes})
}

fn entities(told: &Told<'_>) -> Map<String, Value> {
    let mut entities = Map::new();
    if !told.hashtags.is_empty() {
        let tags: Vec<Value> =
            told.hashtags.iter().map(|tag| json!({"start": 0, "end": 0, "tag": tag})).collect();
        entities.insert("hashtags".to_owned(), tags.into());
    }
    if let Some(link) = told.link {
        entities
            .insert("urls".to_owned(), json!([{"url": link, "expanded_url": link, "start": 0, "end": 0}]));
    }
    entities
}

fn user(told: &Told<'_>) -> Value {
    let author = &told.author;
    let mut user = json!({
        "id": user_id(author.ordinal),
        "username": author.handle,
        "name": author.name,
        "created_at": author.created_at.to_string(),
        "verified": author.verified,
        "public_metrics": {
            "followers_count": author.followers, "following_count": author.following,
            "tweet_count": author.posts, "listed_count": 0,
        },
    });
    if author.local {
        user["description"] = author.bio.into();
        user["profile_image_url"] = avatar(author.ordinal, author.default_avatar).into();
    }
    user
}

/// The address of an avatar; all default ones are the same.
pub(crate) fn avatar(ordinal: u64, default: bool) -> String {
    match default {
        true => format!("https://{SERVER}/avatars/default_profile_normal.png"),
        false => format!("https://{SERVER}/avatars/{ordinal}.png"),
    }
}

/// The number of a post, as X writes it.
pub(crate) fn id(ordinal: u64) -> String {
    (1_700_000_000_000_000_000_u64 + ordinal).to_string()
}

/// The number of an account, as X writes it.
pub(crate) fn user_id(ordinal: u64) -> String {
    (9_000_000 + ordinal).to_string()
}
