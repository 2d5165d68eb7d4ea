//! Tables: rows of CSV, TSV and JSON lines with our field names.
//!
//! In: a JSON object whose keys are names of [`FIELDS`] and whose values are
//! the texts of the row, verbatim. Out: a post. Rows that name no network
//! belong to the network of the import.
//! A row is identified by its id; a row of no network with a short id, and any
//! row without id, by a hash of its contents as well, because two files count
//! from one alike.
//! Errors: a date that is none or can be read in two ways; no text, title,
//! media or shared post.

mod fields;

pub use fields::{FIELDS, Field, find_field, fold_name, is_of_twitter, match_columns};

use crate::dates::{DateOrder, parse_date};
use crate::gather::{
    add_hashtag, add_link, add_media, add_tagged, address, country, handle, media_kind, scan_text, set_text,
    short,
};
use crate::map::parse_json;
use crate::wire::{Count, Flag, Text};
use crate::{Arrival, MapError, Mapped};
use model::{
    Account, Format, MediaKind, Metrics, NativeId, Network, Post, PostKind, RawRecord, Reject, Timestamp,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The author of a row that names none.
pub const UNKNOWN_AUTHOR: &str = "unknown";
/// An identifier with at least this many bytes is taken to be unique by itself.
const GLOBAL_ID_BYTES_MIN: usize = 12;

/// The hash of a row in hexadecimal, first 16 bytes.
pub(crate) fn hex_head(digest: &[u8]) -> String {
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A list: a JSON list of texts, or one text with separators.
#[derive(Deserialize)]
#[serde(untagged)]
enum Several<'a> {
    List(#[serde(borrow)] Vec<Text<'a>>),
    Joined(#[serde(borrow)] Text<'a>),
}

impl Several<'_> {
    /// Each part; texts are cut at white space, commas, semicolons and bars.
    fn parts(&self) -> Vec<&str> {
        match self {
            Self::List(items) => items.iter().map(|item| &**item).collect(),
            Self::Joined(text) => text
                .trim_matches(['[', ']', '{', '}'])
                .split([' ', ',', ';', '|', '\n', '\t'])
                .map(|part| part.trim_matches(['\'', '"']))
                .filter(|part| !part.is_empty())
                .collect(),
        }
    }
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    author_id: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<Text<'a>>,
    #[serde(borrow)]
    author_name: Option<Text<'a>>,
    #[serde(borrow)]
    author_bio: Option<Text<'a>>,
    #[serde(borrow)]
    author_url: Option<Text<'a>>,
    #[serde(borrow)]
    author_created: Option<Text<'a>>,
    #[serde(borrow)]
    time: Option<Text<'a>>,
    #[serde(borrow)]
    time_order: Option<Text<'a>>,
    #[serde(borrow)]
    edited: Option<Text<'a>>,
    #[serde(borrow)]
    language: Option<Text<'a>>,
    #[serde(borrow)]
    network: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    reply_to: Option<Text<'a>>,
    #[serde(borrow)]
    thread_root: Option<Text<'a>>,
    #[serde(borrow)]
    shared: Option<Text<'a>>,
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(default)]
    is_reply: Flag,
    #[serde(default)]
    is_reshare: Flag,
    #[serde(default)]
    is_quote: Flag,
    #[serde(borrow, default)]
    links: Option<Several<'a>>,
    #[serde(borrow, default)]
    hashtags: Option<Several<'a>>,
    #[serde(borrow, default)]
    tagged: Option<Several<'a>>,
    #[serde(borrow, default)]
    media: Option<Several<'a>>,
    #[serde(default)]
    likes: Count,
    #[serde(default)]
    replies: Count,
    #[serde(default)]
    reshares: Count,
    #[serde(default)]
    quotes: Count,
    #[serde(default)]
    views: Count,
    #[serde(default)]
    followers: Count,
    #[serde(default)]
    following: Count,
    #[serde(default)]
    author_posts: Count,
    #[serde(default)]
    verified: Flag,
    #[serde(default)]
    automated: Flag,
    #[serde(borrow)]
    country: Option<Text<'a>>,
}

/// Maps one row; `record` names the network of rows that name none.
///
/// # Errors
/// [`MapError`].
pub fn map_row(text: &str, record: &RawRecord) -> Result<Mapped, MapError> {
    let row: Row = parse_json(Format::Table, text)?;
    let named = row.network.as_deref().filter(|name| !name.trim().is_empty());
    // A record keeps the network it was made for; only rows of no network name theirs.
    let network = match (record.network, named) {
        (Network::File | Network::Webhook, Some(name)) => Network::parse(name).unwrap_or(record.network),
        (network, _) => network,
    };
    let id = row_id(&row, network, text)?;
    let mut post = Post::new(network, id, map_author(&row, network)?, String::new());
    set_text(&mut post, row.text.as_deref().unwrap_or_default());
    post.title = row.title.as_deref().and_then(short);
    post.url = row.url.as_deref().and_then(address);
    post.declared_language = row.language.as_deref().and_then(fields::language);
    post.country = row.country.as_deref().and_then(country);
    post.created_at = date(row.time.as_deref(), row.time_order.as_deref())?;
    post.edited_at = date(row.edited.as_deref(), row.time_order.as_deref())?;
    map_relations(&mut post, &row);
    scan_text(&mut post);
    map_lists(&mut post, &row);
    post.metrics = Metrics {
        likes: row.likes.known(),
        replies: row.replies.known(),
        reshares: row.reshares.known(),
        quotes: row.quotes.known(),
        views: row.views.known(),
    };
    let bare = post.text.is_empty() && post.title.is_none() && post.shared.is_none() && post.media.is_empty();
    if bare {
        return Err(MapError::Lacks("text, title, media or shared post"));
    }
    Ok(Mapped::Post(Box::new(post)))
}

/// Most labels of one row.
pub const LABELS_MAX: usize = 10;

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow, default)]
    label: Option<Several<'a>>,
}

/// The labels that a row of a table gives its post, each once, at most
/// [`LABELS_MAX`]: a JSON list, or a text cut at semicolons, bars and lines.
/// Empty for records of other formats. Cost: one search of the body where there
/// is no such column.
pub fn labels_of(record: &RawRecord) -> Vec<String> {
    let key = b"\"label\":";
    if record.format != Format::Table || !record.body.windows(key.len()).any(|part| part == key) {
        return Vec::new();
    }
    let row: Labelled = match serde_json::from_slice(&record.body) {
        Ok(row) => row,
        // Rows without a readable label are posts all the same.
        Err(_) => return Vec::new(),
    };
    let parts: Vec<&str> = match &row.label {
        None => Vec::new(),
        Some(Several::List(items)) => items.iter().map(|item| &**item).collect(),
        Some(Several::Joined(text)) => text.split([';', '|', '\n']).collect(),
    };
    let mut labels: Vec<String> = Vec::new();
    for label in parts.into_iter().filter_map(|part| given(Some(part))) {
        if labels.len() < LABELS_MAX && !labels.iter().any(|known| known == label) {
            labels.push(label.to_owned());
        }
    }
    labels
}

/// A text that says something: programs write `nan`, `None` and `null` for nothing.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !matches!(*text, "" | "nan" | "NaN" | "None" | "null" | "NULL" | "NA"))
}

fn date(text: Option<&str>, order: Option<&str>) -> Result<Option<Timestamp>, MapError> {
    let Some(text) = given(text) else { return Ok(None) };
    parse_date(text, order.and_then(DateOrder::parse)).map(Some).map_err(MapError::Date)
}

fn row_id(row: &Row<'_>, network: Network, text: &str) -> Result<NativeId, MapError> {
    let id = given(row.id.as_deref());
    let local = matches!(network, Network::File | Network::Webhook);
    match id {
        Some(id) if !local || id.len() >= GLOBAL_ID_BYTES_MIN => Ok(NativeId::parse(id)?),
        // A webhook's sender numbers its own posts, and may edit them.
        Some(id) if network == Network::Webhook => Ok(NativeId::parse(id)?),
        _ => {
            let hash = hex_head(&Sha256::digest(text.as_bytes()));
            let name = id.map_or_else(|| hash.clone(), |id| format!("{id}~{hash}"));
            Ok(NativeId::parse(&name)?)
        }
    }
}

fn map_author(row: &Row<'_>, network: Network) -> Result<Account, MapError> {
    let handle_text = given(row.author.as_deref());
    let name = given(row.author_name.as_deref());
    let id = given(row.author_id.as_deref()).or(handle_text.map(|h| h.trim_start_matches('@'))).or(name);
    let mut author = Account::bare(network, NativeId::parse(id.unwrap_or(UNKNOWN_AUTHOR))?);
    author.handle = handle_text.and_then(handle);
    author.name = name.and_then(short);
    author.bio = given(row.author_bio.as_deref()).and_then(short);
    author.url = row.author_url.as_deref().and_then(address);
    author.created_at = date(row.author_created.as_deref(), row.time_order.as_deref()).ok().flatten();
    author.followers = row.followers.known();
    author.following = row.following.known();
    author.posts = row.author_posts.known();
    author.verified = row.verified.0;
    author.automated = row.automated.0;
    Ok(author)
}

fn map_relations(post: &mut Post, row: &Row<'_>) {
    let id = |text: &Option<Text<'_>>| given(text.as_deref()).and_then(|text| NativeId::parse(text).ok());
    post.reply_to = id(&row.reply_to);
    post.shared = id(&row.shared);
    post.thread_root = id(&row.thread_root).filter(|root| *root != post.key.native_id);
    let named = row.kind.as_deref().map(fold_name);
    post.kind = match named.as_deref() {
        Some("reply" | "comment" | "respuesta" | "comentario" | "repliedto") => PostKind::Reply,
        Some("reshare" | "retweet" | "retweeted" | "repost" | "rt" | "r" | "share" | "difusion") => {
            PostKind::Reshare
        }
        Some("quote" | "quoted" | "quotetweet" | "q" | "cita" | "qt") => PostKind::Quote,
        _ if row.is_reshare.is_set() => PostKind::Reshare,
        _ if row.is_quote.is_set() => PostKind::Quote,
        _ if row.is_reply.is_set() || post.reply_to.is_some() => PostKind::Reply,
        _ if post.shared.is_some() && post.text.is_empty() => PostKind::Reshare,
        _ if post.shared.is_some() => PostKind::Quote,
        _ => PostKind::Original,
    };
}

fn map_lists(post: &mut Post, row: &Row<'_>) {
    let parts = |several: &Option<Several<'_>>| -> Vec<String> {
        several
            .iter()
            .flat_map(Several::parts)
            .filter_map(|part| given(Some(part)))
            .map(str::to_owned)
            .collect()
    };
    parts(&row.links).iter().for_each(|link| add_link(post, link));
    parts(&row.hashtags).iter().for_each(|tag| add_hashtag(post, tag));
    parts(&row.tagged).iter().for_each(|account| add_tagged(post, account));
    for url in parts(&row.media).iter().filter(|url| address(url).is_some()) {
        let ending = url.rsplit('.').next().unwrap_or_default();
        let kind = match ending.to_ascii_lowercase().as_str() {
            "mp4" | "webm" | "mov" | "m3u8" => MediaKind::Video,
            "mp3" | "ogg" | "wav" | "m4a" => MediaKind::Audio,
            other => media_kind(other).unwrap_or(MediaKind::Image),
        };
        add_media(post, kind, Some(url), None);
    }
}

/// A record of one row, with its identity; `format` is `Table` or `Webhook`.
///
/// # Errors
/// A [`Reject`] with the reason of [`map_row`].
pub fn read_row(
    body: Vec<u8>,
    format: Format,
    network: Network,
    at: Arrival,
) -> Result<(RawRecord, Mapped), Reject> {
    crate::map::read_record(format, network, body, at)
}

#[cfg(test)]
mod tests;
