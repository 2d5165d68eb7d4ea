//! Matrix: messages of rooms.
//!
//! In: `{"server":…,"room_id":…,"event":…}`. Out: posts identified by event
//! id, accounts by Matrix id. An edit (`m.replace`) is the edited message
//! itself, so that it replaces it; its date is that of the edit.
//! Encrypted messages, reactions, state and redacted events are no posts.
//! Source: <https://spec.matrix.org/latest/client-server-api/#instant-messaging>.

pub(crate) mod listen;

use crate::gather::{add_link, add_media, add_tagged, address, handle, scan_text, set_text};
use crate::map::{page_text, parse_json, read_into};
use crate::markup::plain_text;
use crate::wire::{Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, MediaKind, NativeId, Network, Post, PostKind, Timestamp};
use serde::Deserialize;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    room_id: Option<Text<'a>>,
    #[serde(borrow)]
    event: Event<'a>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    event_id: Option<Text<'a>>,
    #[serde(borrow)]
    sender: Option<Text<'a>>,
    origin_server_ts: Option<i64>,
    #[serde(borrow, default)]
    content: Content<'a>,
}

#[derive(Deserialize, Default)]
struct Content<'a> {
    #[serde(borrow)]
    msgtype: Option<Text<'a>>,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    #[serde(borrow)]
    formatted_body: Option<Text<'a>>,
    #[serde(borrow, rename = "m.relates_to")]
    relates_to: Option<Relation<'a>>,
    #[serde(borrow, rename = "m.new_content")]
    new_content: Option<Box<Content<'a>>>,
    #[serde(borrow, rename = "m.mentions")]
    mentions: Option<Mentions<'a>>,
}

#[derive(Deserialize)]
struct Relation<'a> {
    #[serde(borrow)]
    rel_type: Option<Text<'a>>,
    #[serde(borrow)]
    event_id: Option<Text<'a>>,
    #[serde(borrow, rename = "m.in_reply_to")]
    in_reply_to: Option<Target<'a>>,
}

#[derive(Deserialize)]
struct Target<'a> {
    #[serde(borrow)]
    event_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Mentions<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    user_ids: Vec<Text<'a>>,
}

/// Maps one room message.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for events that are no messages.
pub fn map_event(text: &str) -> Result<Mapped, MapError> {
    let envelope: Envelope = parse_json(Format::Matrix, text)?;
    let event = envelope.event;
    if &*event.kind != "m.room.message" && &*event.kind != "m.sticker" {
        return Err(MapError::Other(event.kind.chars().take(60).collect()));
    }
    let relation = event.content.relates_to.as_ref();
    let rel_type = relation.and_then(|relation| relation.rel_type.as_deref());
    let related = relation.and_then(|relation| relation.event_id.as_deref());
    let edits = related.filter(|_| rel_type == Some("m.replace"));
    let content = event.content.new_content.as_deref().filter(|_| edits.is_some()).unwrap_or(&event.content);
    let Some(body) = content.body.as_deref() else {
        return Err(MapError::Other("redacted message".to_owned()));
    };
    let id = edits.or(event.event_id.as_deref()).ok_or(MapError::Lacks("event_id"))?;
    let sender = event.sender.as_deref().ok_or(MapError::Lacks("sender"))?;
    let mut author = Account::bare(Network::Matrix, NativeId::parse(sender)?);
    author.handle = handle(sender);
    author.url = address(&format!("https://matrix.to/#/{sender}"));
    let mut post = Post::new(Network::Matrix, NativeId::parse(id)?, author, String::new());
    post.created_at = event.origin_server_ts.map(Timestamp::from_millis);
    post.edited_at = post.created_at.filter(|_| edits.is_some());
    let room = envelope.room_id.as_deref().unwrap_or_default();
    post.url = address(&format!("https://matrix.to/#/{room}/{id}")).filter(|_| !room.is_empty());
    let answered =
        relation.and_then(|r| r.in_reply_to.as_ref()).and_then(|target| target.event_id.as_deref());
    map_content(&mut post, content, body, answered.is_some());
    if let Some(answered) = answered {
        (post.kind, post.reply_to) = (PostKind::Reply, NativeId::parse(answered).ok());
    }
    if rel_type == Some("m.thread") {
        post.thread_root = related.and_then(|id| NativeId::parse(id).ok());
        post.kind = PostKind::Reply;
        post.reply_to = post.reply_to.take().or_else(|| post.thread_root.clone());
    }
    for user in content.mentions.iter().flat_map(|mentions| &mentions.user_ids) {
        add_tagged(&mut post, user);
    }
    Ok(Mapped::Post(Box::new(post)))
}

fn map_content(post: &mut Post, content: &Content<'_>, body: &str, is_answer: bool) {
    let kind = match content.msgtype.as_deref() {
        Some("m.image") | None => Some(MediaKind::Image),
        Some("m.video") => Some(MediaKind::Video),
        Some("m.audio") => Some(MediaKind::Audio),
        _ => None,
    };
    if let Some(kind) = kind {
        // Files live at `mxc:` addresses, which are not of the web.
        add_media(post, kind, None, Some(body));
        if content.filename.as_deref().is_none_or(|name| name == body) {
            return;
        }
    }
    set_text(post, if is_answer { without_fallback(body) } else { body });
    scan_text(post);
    // A Matrix id in the text is not the handle that a plain scan finds.
    post.tagged_accounts.clear();
    let html = content.formatted_body.as_deref().map(plain_text).unwrap_or_default();
    for anchor in html.anchors.iter().filter(|anchor| !anchor.href.starts_with("https://matrix.to/")) {
        add_link(post, &anchor.href);
    }
}

/// The words of an answer without the quoted lines that older clients put
/// before them.
fn without_fallback(body: &str) -> &str {
    if !body.starts_with("> <") && !body.starts_with("> * <") {
        return body;
    }
    let mut rest = body;
    while rest.starts_with("> ") || rest.starts_with(">\n") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.trim_start_matches('\n')
}

/// Reads one room event of `server` (`https://host`); nothing when it is no message.
pub fn read_event(server: &str, room_id: &str, event: &[u8], at: Arrival) -> Readings {
    let text = match page_text(event, at) {
        Ok(text) => text.trim(),
        Err(reject) => return vec![Err(reject)],
    };
    let (server, room) = (serde_json::Value::from(server), serde_json::Value::from(room_id));
    let body = format!("{{\"server\":{server},\"room_id\":{room},\"event\":{text}}}");
    let mut readings = Readings::new();
    read_into(&mut readings, Format::Matrix, Network::Matrix, body.into_bytes(), at);
    readings
}

/// Reads one record of ours: an event with its server and room.
pub(crate) fn read_envelope(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    read_into(&mut readings, Format::Matrix, Network::Matrix, body.to_vec(), at);
    readings
}

#[cfg(test)]
mod tests;
