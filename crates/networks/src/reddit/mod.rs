//! Reddit: submissions (`t3`) and comments (`t1`).
//!
//! In: listings, answers of a comment page, single things, and bare objects of
//! archives. Out: posts identified by their full name (`t3_abc`), accounts by
//! their name, which Reddit never lets change.
//! Source: <https://www.reddit.com/dev/api/> ("things" and "listings").

pub(crate) mod listen;

use crate::dates::network_date;
use crate::gather::{add_link, add_media, address, handle, scan_text, set_text, short};
use crate::map::{OwnReason, page_text, parse_json, read_into, unreadable};
use crate::markup::decode_entities;
use crate::wire::{Count, Flag, Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, Known, MediaKind, Metrics, NativeId, Network, Post, PostKind, Reject};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Thing<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    selftext: Option<Text<'a>>,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<Text<'a>>,
    #[serde(borrow)]
    created_utc: Option<Text<'a>>,
    #[serde(borrow)]
    edited: Option<Text<'a>>,
    #[serde(borrow)]
    permalink: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    parent_id: Option<Text<'a>>,
    #[serde(borrow)]
    link_id: Option<Text<'a>>,
    #[serde(borrow)]
    crosspost_parent: Option<Text<'a>>,
    #[serde(borrow)]
    post_hint: Option<Text<'a>>,
    #[serde(default)]
    is_self: Flag,
    #[serde(default)]
    is_video: Flag,
    #[serde(default)]
    score: Count,
    #[serde(default)]
    num_comments: Count,
    #[serde(default)]
    score_hidden: Flag,
    #[serde(default)]
    hide_score: Flag,
}

#[derive(Deserialize)]
struct Listing<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    children: Vec<&'a RawValue>,
    // A listing, or an empty text when there are no answers.
    #[serde(borrow, default)]
    replies: Option<&'a RawValue>,
}

/// Maps one thing: `{"kind":"t1"|"t3","data":…}` or its bare data.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for things that are no posts.
pub fn map_thing(text: &str) -> Result<Mapped, MapError> {
    let thing: Thing = parse_json(Format::Reddit, text)?;
    let inner = match (&thing.kind, thing.data) {
        (Some(kind), Some(data)) if &**kind == "t1" || &**kind == "t3" => data.get(),
        (Some(kind), Some(_)) => return Err(MapError::Other(format!("thing of kind {}", &**kind))),
        _ => text,
    };
    let data: Data = parse_json(Format::Reddit, inner)?;
    let is_comment = data.body.is_some();
    let name = match (&data.name, &data.id) {
        (Some(name), _) => name.to_string(),
        (None, Some(id)) if id.starts_with("t1_") || id.starts_with("t3_") => id.to_string(),
        (None, Some(id)) => format!("{}_{}", if is_comment { "t1" } else { "t3" }, &**id),
        (None, None) => return Err(MapError::Lacks("name")),
    };
    let user = data.author.as_deref().ok_or(MapError::Lacks("author"))?;
    let mut author = Account::bare(Network::Reddit, NativeId::parse(user)?);
    author.handle = handle(user);
    author.url = address(&format!("https://www.reddit.com/user/{user}"));
    let mut post = Post::new(Network::Reddit, NativeId::parse(&name)?, author, String::new());
    let words = data.body.as_deref().or(data.selftext.as_deref());
    if words.is_none() && data.title.is_none() {
        return Err(MapError::Lacks("title or text"));
    }
    set_text(&mut post, &decode_entities(words.unwrap_or_default()));
    post.title = data.title.as_deref().and_then(|title| short(&decode_entities(title)));
    post.created_at = data.created_utc.as_deref().and_then(network_date);
    // `false`, or the moment of the last edit.
    post.edited_at = data.edited.as_deref().and_then(network_date);
    post.url = data.permalink.as_deref().and_then(|path| address(&format!("https://www.reddit.com{path}")));
    scan_text(&mut post);
    map_attached(&mut post, &data);
    map_relations(&mut post, &data);
    let hidden = data.score_hidden.is_set() || data.hide_score.is_set();
    post.metrics = Metrics {
        likes: if hidden { Known::Missing(model::Missing::Hidden) } else { data.score.known() },
        replies: data.num_comments.known(),
        ..Metrics::default()
    };
    Ok(Mapped::Post(Box::new(post)))
}

fn map_attached(post: &mut Post, data: &Data<'_>) {
    let Some(url) = data.url.as_deref().map(decode_entities).filter(|_| !data.is_self.is_set()) else {
        return;
    };
    let picture = data.post_hint.as_deref() == Some("image") || url.contains("//i.redd.it/");
    if data.is_video.is_set() {
        add_media(post, MediaKind::Video, Some(&url), None);
    } else if picture {
        add_media(post, MediaKind::Image, Some(&url), None);
    } else {
        add_link(post, &url);
    }
}

fn map_relations(post: &mut Post, data: &Data<'_>) {
    let id = |text: Option<&str>| text.and_then(|text| NativeId::parse(text).ok());
    post.reply_to = id(data.parent_id.as_deref());
    post.thread_root = id(data.link_id.as_deref());
    post.shared = id(data.crosspost_parent.as_deref());
    post.kind = match (&post.reply_to, &post.shared, post.text.is_empty()) {
        (Some(_), ..) => PostKind::Reply,
        (None, Some(_), true) => PostKind::Reshare,
        (None, Some(_), false) => PostKind::Quote,
        (None, None, _) => PostKind::Original,
    };
}

/// How deep things may lie in each other; Reddit itself shows ten levels of answers.
const NESTING_MAX: usize = 64;

/// Reads a listing with the answers nested in it, the answer of a comment
/// page (a list of listings), one thing or a bare object.
pub fn read_listing(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(reject) => return vec![Err(reject)],
    };
    let mut open: Vec<(&str, usize)> = vec![(text.trim(), 0)];
    while let Some((item, depth)) = open.pop() {
        if depth > NESTING_MAX {
            let reason = OwnReason("nested", Vec::new(), "answers are nested too deeply".to_owned());
            readings.push(Err(Reject::new(at.line, reason, item.as_bytes())));
            continue;
        }
        if item.starts_with('[') {
            match serde_json::from_str::<Vec<&RawValue>>(item) {
                Ok(items) => open.extend(items.into_iter().rev().map(|raw| (raw.get(), depth + 1))),
                Err(error) => readings.push(Err(reject(item, error, at))),
            }
            continue;
        }
        let thing: Thing = match serde_json::from_str(item) {
            Ok(thing) => thing,
            Err(error) => {
                readings.push(Err(reject(item, error, at)));
                continue;
            }
        };
        let listing = thing.data.and_then(|data| serde_json::from_str::<Listing>(data.get()).ok());
        if let Some(listing) = listing {
            // The children of a "more" are bare names, not things.
            if thing.kind.as_deref() == Some("Listing") {
                open.extend(listing.children.iter().rev().map(|raw| (raw.get(), depth + 1)));
            }
            let replies = listing.replies.map(RawValue::get).filter(|replies| replies.starts_with('{'));
            open.extend(replies.map(|replies| (replies, depth + 1)));
        }
        if thing.kind.as_deref() != Some("Listing") {
            read_into(&mut readings, Format::Reddit, Network::Reddit, item.as_bytes().to_vec(), at);
        }
    }
    readings
}

fn reject(item: &str, error: serde_json::Error, at: Arrival) -> Reject {
    Reject::new(at.line, unreadable(Format::Reddit, error), item.as_bytes())
}

#[cfg(test)]
mod tests;
