//! Mastodon statuses. Source: docs.joinmastodon.org/entities/Status.

use crate::world::{Made, Shape};
use serde_json::{Value, json};

/// The server that the generated statuses claim to come from.
pub const SERVER: &str = "social.sim.example";

/// One status as the API gives it.
pub fn status(made: &Made) -> Value {
    let author = &made.author;
    let account = json!({
        "id": (100_000 + author.ordinal).to_string(),
        "username": author.handle,
        "acct": format!("{}@{SERVER}", author.handle),
        "display_name": author.name,
        "locked": false,
        "bot": false,
        "created_at": author.created_at.to_string(),
        "note": "<p>Cuenta de un mundo generado</p>",
        "url": format!("https://{SERVER}/@{}", author.handle),
        "uri": format!("https://{SERVER}/users/{}", author.handle),
        "avatar": format!("https://{SERVER}/avatars/{}.png", author.ordinal),
        "followers_count": author.followers,
        "following_count": author.followers / 2,
        "statuses_count": 100,
        "emojis": [], "fields": [],
    });
    let tags: Vec<Value> = made
        .hashtags
        .iter()
        .map(|tag| json!({"name": tag, "url": format!("https://{SERVER}/tags/{tag}")}))
        .collect();
    let media: Vec<Value> = made
        .picture
        .then(|| json!({"id": "1", "type": "image", "url": format!("https://{SERVER}/media/{}.jpg", made.ordinal), "description": "Foto generada"}))
        .into_iter()
        .collect();
    let (id, parent) =
        (id(made.ordinal), if let Shape::Reply(parent) = made.shape { Some(self::id(parent)) } else { None });
    json!({
        "id": id,
        "uri": format!("https://{SERVER}/users/{}/statuses/{id}", author.handle),
        "url": format!("https://{SERVER}/@{}/{id}", author.handle),
        "created_at": made.time.to_string(),
        "edited_at": null,
        "in_reply_to_id": parent,
        "in_reply_to_account_id": null,
        "sensitive": false, "spoiler_text": "", "visibility": "public",
        "language": made.truth.language.as_str(),
        "content": content(made),
        "account": account,
        "media_attachments": media,
        "mentions": [], "tags": tags, "emojis": [], "reblog": null, "card": null, "poll": null,
        "favourites_count": made.counts[0],
        "replies_count": made.counts[1],
        "reblogs_count": made.counts[2],
    })
}

/// The text as HTML, with the link as an anchor.
fn content(made: &Made) -> String {
    let escaped = made.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let linked = match &made.link {
        Some(link) => escaped
            .replace(link.as_str(), &format!("<a href=\"{link}\" rel=\"nofollow noopener\">{link}</a>")),
        None => escaped,
    };
    format!("<p>{linked}</p>")
}

fn id(ordinal: u64) -> String {
    (110_000_000_000_000_000_u64 + ordinal).to_string()
}
