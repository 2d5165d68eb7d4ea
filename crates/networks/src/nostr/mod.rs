//! Nostr: text notes, reposts, long articles and profiles.
//!
//! In: one event. Out: posts identified by event id (an article by its
//! address, so that an edit replaces it), accounts by public key.
//! Signatures are checked where events are received, not here.
//! Source: NIP-01, NIP-10 (threads), NIP-18 (reposts, quotes), NIP-23
//! (articles), NIP-92 (media), NIP-24 (bot): <https://github.com/nostr-protocol/nips>.

pub(crate) mod listen;
mod signature;

#[cfg(test)]
pub(crate) use signature::tests::sign as signed_event;

use crate::dates::network_date;
use crate::gather::{add_hashtag, add_media, add_tagged, address, media_kind, scan_text, set_text, short};
use crate::map::{parse_json, read_into};
use crate::wire::{Flag, Text};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, MediaKind, NativeId, Network, Post, PostKind, Timestamp};
use serde::Deserialize;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    pubkey: Text<'a>,
    created_at: i64,
    kind: u32,
    #[serde(borrow, default)]
    tags: Vec<Vec<Text<'a>>>,
    #[serde(borrow)]
    content: Text<'a>,
}

#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    display_name: Option<Text<'a>>,
    #[serde(borrow)]
    about: Option<Text<'a>>,
    #[serde(borrow)]
    picture: Option<Text<'a>>,
    #[serde(borrow)]
    website: Option<Text<'a>>,
    #[serde(default)]
    bot: Flag,
}

/// Maps one event of kind 0, 1, 6, 16 or 30023.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for other kinds.
pub fn map_event(text: &str) -> Result<Mapped, MapError> {
    let event: Event = parse_json(Format::Nostr, text)?;
    let author = Account::bare(Network::Nostr, NativeId::parse(&event.pubkey)?);
    match event.kind {
        0 => return map_profile(author, &event),
        1 | 6 | 16 | 30_023 => {}
        kind => return Err(MapError::Other(format!("Nostr event of kind {kind}"))),
    }
    let id = match (event.kind, value(&event, "d")) {
        (30_023, Some(name)) => format!("30023:{}:{name}", &*event.pubkey),
        _ => event.id.to_string(),
    };
    let mut post = Post::new(Network::Nostr, NativeId::parse(&id)?, author, String::new());
    post.created_at = Some(Timestamp::from_seconds(event.created_at));
    if matches!(event.kind, 6 | 16) {
        let shared = value(&event, "e").ok_or(MapError::Lacks("e tag"))?;
        (post.kind, post.shared) = (PostKind::Reshare, Some(NativeId::parse(shared)?));
        return Ok(Mapped::Post(Box::new(post)));
    }
    set_text(&mut post, &event.content);
    scan_text(&mut post);
    if event.kind == 30_023 {
        post.title = value(&event, "title").and_then(short);
        let published = value(&event, "published_at").and_then(network_date);
        post.edited_at = published.and(post.created_at);
        post.created_at = published.or(post.created_at);
    }
    map_tags(&mut post, &event);
    map_thread(&mut post, &event);
    Ok(Mapped::Post(Box::new(post)))
}

/// The first value of a tag.
fn value<'e>(event: &'e Event<'_>, name: &str) -> Option<&'e str> {
    event.tags.iter().find(|tag| tag.first().is_some_and(|key| &**key == name))?.get(1).map(|text| &**text)
}

fn map_profile(mut account: Account, event: &Event<'_>) -> Result<Mapped, MapError> {
    let profile: Profile = parse_json(Format::Nostr, &event.content)?;
    account.handle = profile.name.as_deref().and_then(short);
    account.name = profile.display_name.as_deref().and_then(short).or_else(|| account.handle.clone());
    account.bio = profile.about.as_deref().and_then(short);
    account.avatar_url = profile.picture.as_deref().and_then(address);
    account.url = profile.website.as_deref().and_then(address);
    account.automated = profile.bot.0;
    Ok(Mapped::Account(Box::new(account)))
}

fn map_tags(post: &mut Post, event: &Event<'_>) {
    for tag in &event.tags {
        let (Some(key), Some(first)) = (tag.first(), tag.get(1)) else { continue };
        match &**key {
            "t" => add_hashtag_once(post, first),
            "p" => add_tagged(post, first),
            "q" => post.shared = NativeId::parse(first).ok(),
            "imeta" => {
                let part = |name: &str| {
                    tag.iter().find_map(|text| text.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
                };
                let kind = part("m").as_deref().and_then(media_kind).unwrap_or(MediaKind::Image);
                let url = part("url");
                post.links.retain(|link| Some(link) != url.as_ref());
                add_media(post, kind, url.as_deref(), part("alt").as_deref());
            }
            _ => {}
        }
    }
    if post.shared.is_some() {
        post.kind = PostKind::Quote;
    }
}

/// `t` tags are in lower case; the text has the tag as written.
fn add_hashtag_once(post: &mut Post, tag: &str) {
    let folded = tag.to_lowercase();
    if !post.hashtags.iter().any(|written| written.to_lowercase() == folded) {
        add_hashtag(post, tag);
    }
}

/// Root and parent by their marks, or by position as older clients wrote them.
fn map_thread(post: &mut Post, event: &Event<'_>) {
    let is_e = |tag: &&Vec<Text<'_>>| tag.first().is_some_and(|key| &**key == "e");
    let marked = |mark: &str| {
        event
            .tags
            .iter()
            .filter(is_e)
            .find(|tag| tag.get(3).is_some_and(|m| &**m == mark))
            .and_then(|tag| tag.get(1))
    };
    let plain: Vec<&Text<'_>> = event
        .tags
        .iter()
        .filter(is_e)
        .filter(|tag| tag.get(3).is_none_or(|mark| mark.is_empty()))
        .filter_map(|tag| tag.get(1))
        .collect();
    let (root, parent) = match (marked("root"), marked("reply")) {
        (None, None) => (plain.first().copied(), plain.last().copied()),
        (root, parent) => (root, parent.or(root)),
    };
    let id = |text: Option<&Text<'_>>| text.and_then(|text| NativeId::parse(text).ok());
    post.thread_root = id(root);
    post.reply_to = id(parent);
    if post.reply_to.is_some() {
        post.kind = PostKind::Reply;
    }
}

/// Reads one event; nothing when it is neither note nor profile.
pub fn read_event(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    read_into(&mut readings, Format::Nostr, Network::Nostr, body.to_vec(), at);
    readings
}

#[cfg(test)]
mod tests;
