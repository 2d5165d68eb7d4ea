//! Mastodon statuses. Source: docs.joinmastodon.org/entities/Status.

use super::{Relation, Told};
use crate::world::Made;
use serde_json::{Value, json};

/// The server that the generated statuses claim to come from.
pub const SERVER: &str = "social.sim.example";

/// One status as the API gives it.
pub fn status(made: &Made) -> Value {
    told(&Told::from(made))
}

/// One status of anything told: replies name the answered account, a reshare
/// and a quote hold the other status.
pub fn told(told: &Told<'_>) -> Value {
    let author = &told.author;
    let id = id(told.ordinal);
    let mut status = json!({
        "id": id,
        "uri": format!("https://{SERVER}/users/{}/statuses/{id}", author.handle),
        "url": format!("https://{SERVER}/@{}/{id}", author.handle),
        "created_at": told.time.to_string(),
        "edited_at": null,
        "in_reply_to_id": null,
        "in_reply_to_account_id": null,
        "sensitive": false, "spoiler_text": "", "visibility": "public",
        "language": told.language,
        "content": content(told),
        "account": account(told),
        "media_attachments": media(told),
        "mentions": [], "tags": tags(told), "emojis": [], "reblog": null, "card": null, "poll": null,
        "favourites_count": told.counts[0],
        "replies_count": told.counts[1],
        "reblogs_count": told.counts[2],
    });
    match &told.relation {
        Relation::None => {}
        Relation::Reply(parent, to) => {
            status["in_reply_to_id"] = self::id(*parent).into();
            if let Some((ordinal, handle)) = to {
                let id = account_id(*ordinal);
                status["in_reply_to_account_id"] = id.clone().into();
                let url = format!("https://{SERVER}/@{handle}");
                status["mentions"] = json!([{"id": id, "username": handle, "acct": handle, "url": url}]);
            }
        }
        Relation::Reshare(original) => {
            status["uri"] = format!("https://{SERVER}/users/{}/statuses/{id}/activity", author.handle).into();
            status["content"] = "".into();
            status["reblog"] = self::told(original);
        }
        Relation::Quote(quoted) => {
            status["quote"] = json!({"state": "accepted", "quoted_status": self::told(quoted)});
        }
    }
    status
}

fn account(told: &Told<'_>) -> Value {
    let author = &told.author;
    let acct = if author.local { author.handle.to_owned() } else { format!("{}@{SERVER}", author.handle) };
    let avatar =
        if author.default_avatar { "original/missing".to_owned() } else { author.ordinal.to_string() };
    json!({
        "id": account_id(author.ordinal),
        "username": author.handle,
        "acct": acct,
        "display_name": author.name,
        "locked": false,
        "bot": author.automated,
        "created_at": author.created_at.to_string(),
        "note": format!("<p>{}</p>", escaped(author.bio)),
        "url": format!("https://{SERVER}/@{}", author.handle),
        "uri": format!("https://{SERVER}/users/{}", author.handle),
        "avatar": format!("https://{SERVER}/avatars/{avatar}.png"),
        "followers_count": author.followers,
        "following_count": author.following,
        "statuses_count": author.posts,
        "emojis": [], "fields": [],
    })
}

fn tags(told: &Told<'_>) -> Vec<Value> {
    let url = |tag: &str| format!("https://{SERVER}/tags/{tag}");
    told.hashtags.iter().map(|tag| json!({"name": tag, "url": url(tag)})).collect()
}

fn media(told: &Told<'_>) -> Vec<Value> {
    let url = |number: u64| format!("https://{SERVER}/media/{number}.jpg");
    told.picture
        .map(|number| json!({"id": "1", "type": "image", "url": url(number), "description": "Foto generada"}))
        .into_iter()
        .collect()
}

/// The text as HTML, with the link as an anchor.
fn content(told: &Told<'_>) -> String {
    let escaped = escaped(&told.text);
    let linked = match told.link {
        Some(link) => {
            escaped.replace(link, &format!("<a href=\"{link}\" rel=\"nofollow noopener\">{link}</a>"))
        }
        None => escaped,
    };
    format!("<p>{linked}</p>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn id(ordinal: u64) -> String {
    (110_000_000_000_000_000_u64 + ordinal).to_string()
}

fn account_id(ordinal: u64) -> String {
    (100_000 + ordinal).to_string()
}
