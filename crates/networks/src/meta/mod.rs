//! Meta Graph webhooks: posts and comments of Facebook pages, comments of
//! Instagram accounts.
//!
//! In: the body of a webhook. Out: one record for each change,
//! `{"object":…,"entry_id":…,"time":…,"change":…}` with the change verbatim.
//! Reactions and removals are no posts.
//! Source: <https://developers.facebook.com/docs/graph-api/webhooks/reference/page/>
//! and `/instagram/`.

use crate::dates::network_date;
use crate::gather::{add_link, add_media, address, handle, scan_text, set_text, short};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::wire::{Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, MediaKind, NativeId, Network, Post, PostKind, Reject};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    object: Text<'a>,
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow)]
    change: Change<'a>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    field: Text<'a>,
    #[serde(borrow)]
    value: Value<'a>,
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    item: Option<Text<'a>>,
    #[serde(borrow)]
    verb: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    post_id: Option<Text<'a>>,
    #[serde(borrow)]
    comment_id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    from: Option<From<'a>>,
    #[serde(borrow)]
    created_time: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    #[serde(borrow)]
    photo: Option<Text<'a>>,
    #[serde(borrow)]
    video: Option<Text<'a>>,
    #[serde(borrow)]
    permalink_url: Option<Text<'a>>,
    #[serde(borrow)]
    media: Option<MediaOf<'a>>,
}

#[derive(Deserialize)]
struct From<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct MediaOf<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

/// Maps one change.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for reactions, removals and other fields.
pub fn map_change(text: &str) -> Result<Mapped, MapError> {
    let record: Record = parse_json(Format::MetaGraph, text)?;
    let (field, value) = (&*record.change.field, &record.change.value);
    let other =
        |what: &str| MapError::Other(format!("{} of {field}", what.chars().take(40).collect::<String>()));
    if value.verb.as_deref() == Some("remove") {
        return Err(other("removal"));
    }
    let network = if &*record.object == "instagram" { Network::Instagram } else { Network::Facebook };
    let id = match (network, field, value.item.as_deref()) {
        (Network::Instagram, "comments" | "live_comments", _) => value.id.as_deref(),
        (Network::Facebook, "feed" | "mention", Some("comment")) => value.comment_id.as_deref(),
        (
            Network::Facebook,
            "feed" | "mention",
            Some("post" | "status" | "photo" | "video" | "share" | "link"),
        ) => value.post_id.as_deref(),
        (_, _, item) => return Err(other(item.unwrap_or("change"))),
    };
    let mut post = Post::new(
        network,
        NativeId::parse(id.ok_or(MapError::Lacks("id"))?)?,
        map_author(network, value)?,
        String::new(),
    );
    set_text(&mut post, value.message.as_deref().or(value.text.as_deref()).unwrap_or_default());
    scan_text(&mut post);
    let time = value.created_time.as_deref().or(record.time.as_deref());
    post.created_at = time.and_then(network_date);
    if value.verb.as_deref() == Some("edited") {
        post.edited_at = record.time.as_deref().and_then(network_date);
    }
    post.url = value.permalink_url.as_deref().and_then(address);
    let media = [(value.photo.as_deref(), MediaKind::Image), (value.video.as_deref(), MediaKind::Video)];
    for (url, kind) in media.into_iter().filter(|(url, _)| url.is_some()) {
        add_media(&mut post, kind, url, None);
    }
    if let Some(link) = value.link.as_deref().filter(|_| post.media.is_empty()) {
        add_link(&mut post, link);
    }
    map_relations(&mut post, value);
    Ok(Mapped::Post(Box::new(post)))
}

fn map_author(network: Network, value: &Value<'_>) -> Result<Account, MapError> {
    let from = value.from.as_ref().ok_or(MapError::Lacks("from"))?;
    let id = from.id.as_deref().or(from.username.as_deref()).ok_or(MapError::Lacks("from.id"))?;
    let mut author = Account::bare(network, NativeId::parse(id)?);
    author.name = from.name.as_deref().and_then(short);
    author.handle = from.username.as_deref().and_then(handle);
    author.url = match network {
        Network::Instagram => {
            author.handle.as_ref().and_then(|h| address(&format!("https://www.instagram.com/{h}/")))
        }
        _ => address(&format!("https://www.facebook.com/{id}")),
    };
    Ok(author)
}

fn map_relations(post: &mut Post, value: &Value<'_>) {
    let id = |text: Option<&str>| text.and_then(|text| NativeId::parse(text).ok());
    let root = value.media.as_ref().and_then(|media| media.id.as_deref()).or(value.post_id.as_deref());
    let is_comment = value.item.as_deref() == Some("comment") || value.media.is_some();
    if is_comment {
        post.kind = PostKind::Reply;
        post.thread_root = id(root);
        post.reply_to = id(value.parent_id.as_deref().or(root));
    } else if value.item.as_deref() == Some("share") {
        post.shared = id(value.parent_id.as_deref());
        post.kind = if post.text.is_empty() { PostKind::Reshare } else { PostKind::Quote };
    }
    if post.kind == PostKind::Reshare && post.shared.is_none() {
        post.kind = PostKind::Original;
    }
}

#[derive(Deserialize)]
struct Delivery<'a> {
    #[serde(borrow)]
    object: Text<'a>,
    #[serde(borrow, default, deserialize_with = "list")]
    entry: Vec<Entry<'a>>,
    #[serde(borrow)]
    change: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    changes: Vec<&'a RawValue>,
}

/// Reads the body of a webhook, or one record of ours.
pub fn read_webhook(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(reject) => return vec![Err(reject)],
    };
    let delivery: Delivery = match serde_json::from_str(text) {
        Ok(delivery) => delivery,
        Err(error) => return vec![Err(Reject::new(at.line, unreadable(Format::MetaGraph, error), body))],
    };
    let network = if &*delivery.object == "instagram" { Network::Instagram } else { Network::Facebook };
    if delivery.change.is_some() {
        read_into(&mut readings, Format::MetaGraph, network, body.to_vec(), at);
    }
    let quoted = |text: &Option<Text<'_>>| serde_json::Value::from(text.as_deref().unwrap_or_default());
    for entry in &delivery.entry {
        for change in &entry.changes {
            let record = format!(
                "{{\"object\":{},\"entry_id\":{},\"time\":{},\"change\":{}}}",
                serde_json::Value::from(&*delivery.object),
                quoted(&entry.id),
                quoted(&entry.time),
                change.get()
            );
            read_into(&mut readings, Format::MetaGraph, network, record.into_bytes(), at);
        }
    }
    readings
}

#[cfg(test)]
mod tests;
