//! X API v2.
//!
//! Source: <https://docs.x.com/x-api/fundamentals/data-dictionary>. A record
//! is `{"data":…,"includes":{"users":…,"media":…,"places":…,"tweets":…}}` with
//! each part verbatim and only what the post refers to.

use super::{add_url_entity, post_url};
use crate::dates::network_date;
use crate::gather::{add_hashtag, add_media, add_tagged, address, handle, media_kind, set_text, short};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::markup::decode_entities;
use crate::wire::{Count, Flag, Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, Lang, MediaKind, Metrics, NativeId, Network, Post, PostKind, Reject};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Tweet<'a>,
    #[serde(borrow, default)]
    includes: Option<Includes<'a>>,
}

#[derive(Deserialize, Default)]
struct Includes<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    users: Vec<User<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    media: Vec<Media<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    places: Vec<Place<'a>>,
}

#[derive(Deserialize)]
struct Tweet<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    note_tweet: Option<Note<'a>>,
    #[serde(borrow)]
    author_id: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    lang: Option<Text<'a>>,
    #[serde(borrow)]
    conversation_id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    referenced_tweets: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    entities: Option<Entities<'a>>,
    #[serde(borrow, default)]
    attachments: Option<Attachments<'a>>,
    #[serde(default)]
    public_metrics: Option<TweetMetrics>,
    #[serde(borrow, default)]
    geo: Option<Geo<'a>>,
    // Flattened archives put the author beside the post.
    #[serde(borrow, default)]
    author: Option<User<'a>>,
}

#[derive(Deserialize)]
struct Note<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow, default)]
    entities: Option<Entities<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    id: Text<'a>,
}

#[derive(Deserialize, Default)]
struct Entities<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    urls: Vec<Url<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    hashtags: Vec<Hashtag<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    mentions: Vec<MentionEntity<'a>>,
}

#[derive(Deserialize)]
struct Url<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    expanded_url: Option<Text<'a>>,
    #[serde(borrow)]
    unwound_url: Option<Text<'a>>,
    #[serde(borrow)]
    media_key: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Hashtag<'a> {
    #[serde(borrow)]
    tag: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct MentionEntity<'a> {
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Deserialize, Default)]
struct Attachments<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    media_keys: Vec<Text<'a>>,
}

#[derive(Deserialize, Default, Clone, Copy)]
struct TweetMetrics {
    #[serde(default)]
    retweet_count: Count,
    #[serde(default)]
    reply_count: Count,
    #[serde(default)]
    like_count: Count,
    #[serde(default)]
    quote_count: Count,
    #[serde(default)]
    impression_count: Count,
}

#[derive(Deserialize)]
struct Geo<'a> {
    #[serde(borrow)]
    place_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    country_code: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    profile_image_url: Option<Text<'a>>,
    #[serde(default)]
    verified: Flag,
    #[serde(default)]
    public_metrics: Option<UserMetrics>,
}

#[derive(Deserialize, Default, Clone, Copy)]
struct UserMetrics {
    #[serde(default)]
    followers_count: Count,
    #[serde(default)]
    following_count: Count,
    #[serde(default)]
    tweet_count: Count,
}

#[derive(Deserialize)]
struct Media<'a> {
    #[serde(borrow)]
    media_key: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    preview_image_url: Option<Text<'a>>,
    #[serde(borrow)]
    alt_text: Option<Text<'a>>,
}

/// Maps one record of X API v2.
///
/// # Errors
/// [`MapError`].
pub fn map_v2(text: &str) -> Result<Mapped, MapError> {
    let envelope: Envelope = parse_json(Format::XV2, text)?;
    let tweet = envelope.data;
    let includes = envelope.includes.unwrap_or_default();
    let author_id =
        tweet.author_id.as_deref().or_else(|| tweet.author.as_ref().and_then(|user| user.id.as_deref()));
    let author_id = author_id.ok_or(MapError::Lacks("author_id"))?;
    let beside = tweet.author.as_ref();
    let user = includes.users.iter().find(|user| user.id.as_deref() == Some(author_id)).or(beside);
    let author = map_user(author_id, user)?;
    let mut post = Post::new(Network::X, NativeId::parse(&tweet.id)?, author, String::new());
    post.url = post_url(post.author.handle.as_deref(), &tweet.id);
    post.created_at = tweet.created_at.as_deref().and_then(network_date);
    post.declared_language = tweet.lang.as_deref().and_then(declared);
    post.thread_root = tweet
        .conversation_id
        .as_deref()
        .filter(|root| *root != &*tweet.id)
        .and_then(|root| NativeId::parse(root).ok());
    map_references(&mut post, &tweet.referenced_tweets);
    map_metrics(&mut post, tweet.public_metrics);
    if post.kind == PostKind::Reshare {
        // The text of a retweet is a cut copy of the original, which is a record of its own.
        return Ok(Mapped::Post(Box::new(post)));
    }
    let note = tweet.note_tweet.as_ref();
    let written = note.and_then(|note| note.text.as_deref()).or(tweet.text.as_deref());
    set_text(&mut post, &decode_entities(written.ok_or(MapError::Lacks("text"))?));
    for entities in tweet.entities.iter().chain(note.and_then(|note| note.entities.as_ref())) {
        map_entities(&mut post, entities);
    }
    for key in tweet.attachments.iter().flat_map(|attachments| &attachments.media_keys) {
        let media = includes.media.iter().find(|media| media.media_key.as_deref() == Some(&**key));
        let kind = media.and_then(|m| m.kind.as_deref()).and_then(media_kind).unwrap_or(MediaKind::Image);
        let url = media.and_then(|m| m.url.as_deref().or(m.preview_image_url.as_deref()));
        add_media(&mut post, kind, url, media.and_then(|m| m.alt_text.as_deref()));
    }
    let place = tweet.geo.as_ref().and_then(|geo| geo.place_id.as_deref());
    let place = includes.places.iter().find(|p| place.is_some() && p.id.as_deref() == place);
    post.country = place.and_then(|p| p.country_code.as_deref()).and_then(crate::gather::country);
    Ok(Mapped::Post(Box::new(post)))
}

/// The declared language; `und`, `qme` and the like are none.
pub(super) fn declared(code: &str) -> Option<Lang> {
    // Twitter kept the withdrawn code of Hebrew and Indonesian.
    match code {
        "iw" => Lang::parse("he").ok(),
        "in" => Lang::parse("id").ok(),
        _ => Lang::parse(code).ok(),
    }
}

fn map_user(id: &str, user: Option<&User<'_>>) -> Result<Account, MapError> {
    let mut account = Account::bare(Network::X, NativeId::parse(id)?);
    let Some(user) = user else { return Ok(account) };
    account.handle = user.username.as_deref().and_then(handle);
    account.name = user.name.as_deref().and_then(short);
    account.bio = user.description.as_deref().and_then(short);
    account.created_at = user.created_at.as_deref().and_then(network_date);
    account.avatar_url = user.profile_image_url.as_deref().and_then(address);
    account.url = account.handle.as_ref().and_then(|h| address(&format!("https://x.com/{h}")));
    account.verified = user.verified.0;
    let metrics = user.public_metrics.unwrap_or_default();
    account.followers = metrics.followers_count.known();
    account.following = metrics.following_count.known();
    account.posts = metrics.tweet_count.known();
    Ok(account)
}

fn map_references(post: &mut Post, references: &[Reference<'_>]) {
    for reference in references {
        let id = NativeId::parse(&reference.id).ok();
        match &*reference.kind {
            "retweeted" => (post.kind, post.shared) = (PostKind::Reshare, id),
            "replied_to" => {
                post.reply_to = id;
                if post.kind != PostKind::Reshare {
                    post.kind = PostKind::Reply;
                }
            }
            "quoted" => {
                post.shared = id;
                if post.kind == PostKind::Original {
                    post.kind = PostKind::Quote;
                }
            }
            _ => {}
        }
    }
}

fn map_metrics(post: &mut Post, metrics: Option<TweetMetrics>) {
    let metrics = metrics.unwrap_or_default();
    post.metrics = Metrics {
        likes: metrics.like_count.known(),
        replies: metrics.reply_count.known(),
        reshares: metrics.retweet_count.known(),
        quotes: metrics.quote_count.known(),
        views: metrics.impression_count.known(),
    };
    if post.kind == PostKind::Reshare {
        // X repeats the original's retweet count here; it is not the reshare's own.
        post.metrics = Metrics::default();
    }
}

fn map_entities(post: &mut Post, entities: &Entities<'_>) {
    for url in entities.urls.iter().filter(|url| url.media_key.is_none()) {
        let full = url.unwound_url.as_deref().or(url.expanded_url.as_deref()).or(url.url.as_deref());
        add_url_entity(post, full);
    }
    for tag in entities.hashtags.iter().filter_map(|hashtag| hashtag.tag.as_deref()) {
        add_hashtag(post, tag);
    }
    for name in entities.mentions.iter().filter_map(|mention| mention.username.as_deref()) {
        add_tagged(post, name);
    }
}

/// A page or record with its parts verbatim.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    includes: Option<RawIncludes<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    meta: Option<&'a RawValue>,
    #[serde(borrow, default)]
    errors: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct RawIncludes<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    users: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    media: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    places: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    tweets: Vec<&'a RawValue>,
}

/// What an include is found by.
#[derive(Deserialize)]
struct Keyed<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    media_key: Option<Text<'a>>,
}

/// Includes by identifier, verbatim.
#[derive(Default)]
struct Shelf<'a> {
    users: HashMap<String, &'a str>,
    media: HashMap<String, &'a str>,
    places: HashMap<String, &'a str>,
    tweets: HashMap<String, &'a str>,
}

impl<'a> Shelf<'a> {
    fn new(includes: &RawIncludes<'a>) -> Self {
        let by_key = |items: &[&'a RawValue], media: bool| {
            let keyed = items.iter().filter_map(|raw| {
                let keys: Keyed = serde_json::from_str(raw.get()).ok()?;
                let key = if media { keys.media_key } else { keys.id };
                Some((key?.0.into_owned(), raw.get()))
            });
            keyed.collect::<HashMap<_, _>>()
        };
        Self {
            users: by_key(&includes.users, false),
            media: by_key(&includes.media, true),
            places: by_key(&includes.places, false),
            tweets: by_key(&includes.tweets, false),
        }
    }
}

/// Reads a page (`data` is a list), an answer with one post, a record of ours
/// or a bare post. The included originals of retweets, quotes and replies
/// become records of their own.
pub fn read_v2(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let reject = |error| vec![Err(Reject::new(at.line, unreadable(Format::XV2, error), body))];
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(error) => return vec![Err(error)],
    };
    let page: Page = match serde_json::from_str(text) {
        Ok(page) => page,
        Err(error) => return reject(error),
    };
    let shelf = Shelf::new(page.includes.as_ref().unwrap_or(&RawIncludes::default()));
    let mut tweets: Vec<&str> = Vec::new();
    match page.data.map(RawValue::get) {
        Some(list) if list.starts_with('[') => match serde_json::from_str::<Vec<&RawValue>>(list) {
            Ok(items) => tweets.extend(items.iter().map(|raw| raw.get())),
            Err(error) => return reject(error),
        },
        Some(one) if one.starts_with('{') => tweets.push(one),
        _ if page.id.is_some() => tweets.push(text.trim()),
        // The last page of a search has no `data`, only `meta`.
        _ if page.meta.is_some() || page.errors.is_some() => {}
        _ => return vec![Err(Reject::new(at.line, MapError::Lacks("data"), body))],
    }
    let own: std::collections::HashSet<&str> = tweets.iter().copied().collect();
    let mut included: Vec<&str> = shelf.tweets.values().copied().filter(|raw| !own.contains(raw)).collect();
    included.sort_unstable();
    for tweet in tweets.iter().copied().chain(included) {
        match envelope(tweet, &shelf) {
            Ok(body) => read_into(&mut readings, Format::XV2, Network::X, body, at),
            Err(error) => {
                readings.push(Err(Reject::new(at.line, unreadable(Format::XV2, error), tweet.as_bytes())));
            }
        }
    }
    readings
}

/// The bytes of a record: a post with the includes that it refers to.
fn envelope(tweet: &str, shelf: &Shelf<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let parsed: Tweet = serde_json::from_str(tweet)?;
    let keep = |shelf: &HashMap<String, &str>, keys: &mut dyn Iterator<Item = &str>| {
        let mut seen = Vec::new();
        for key in keys {
            if let Some(raw) = shelf.get(key).copied()
                && !seen.contains(&raw)
            {
                seen.push(raw);
            }
        }
        seen.join(",")
    };
    let users = keep(&shelf.users, &mut parsed.author_id.as_deref().into_iter());
    let media_keys = parsed.attachments.iter().flat_map(|a| &a.media_keys).map(|key| &**key);
    let media = keep(&shelf.media, &mut media_keys.into_iter());
    let place = parsed.geo.as_ref().and_then(|geo| geo.place_id.as_deref());
    let places = keep(&shelf.places, &mut place.into_iter());
    let mut parts = Vec::new();
    for (name, part) in [("users", users), ("media", media), ("places", places)] {
        if !part.is_empty() {
            parts.push(format!("\"{name}\":[{part}]"));
        }
    }
    Ok(format!("{{\"data\":{tweet},\"includes\":{{{}}}}}", parts.join(",")).into_bytes())
}
