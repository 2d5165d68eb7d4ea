//! X (Twitter) API v1.1: statuses of searches, timelines and archives.
//!
//! Source: <https://developer.x.com/en/docs/twitter-api/v1/data-dictionary>.
//! A record is one status verbatim; a retweeted or quoted status inside it is
//! a record of its own as well.

use super::{add_url_entity, post_url, v2::declared};
use crate::dates::network_date;
use crate::gather::{
    add_hashtag, add_media, add_tagged, address, country, handle, media_kind, set_text, short,
};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::markup::decode_entities;
use crate::wire::{Count, Flag, Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, MediaKind, Metrics, NativeId, Network, Post, PostKind, Reject};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow)]
    id_str: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    full_text: Option<Text<'a>>,
    #[serde(borrow)]
    extended_tweet: Option<Extended<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    lang: Option<Text<'a>>,
    #[serde(borrow)]
    user: User<'a>,
    #[serde(borrow)]
    in_reply_to_status_id_str: Option<Text<'a>>,
    #[serde(borrow)]
    in_reply_to_status_id: Option<Text<'a>>,
    #[serde(borrow)]
    quoted_status_id_str: Option<Text<'a>>,
    #[serde(borrow)]
    quoted_status_id: Option<Text<'a>>,
    #[serde(borrow)]
    retweeted_status: Option<Identity<'a>>,
    #[serde(borrow)]
    entities: Option<Entities<'a>>,
    #[serde(borrow)]
    extended_entities: Option<Entities<'a>>,
    #[serde(default)]
    favorite_count: Count,
    #[serde(default)]
    retweet_count: Count,
    #[serde(default)]
    reply_count: Count,
    #[serde(default)]
    quote_count: Count,
    #[serde(borrow)]
    place: Option<Place<'a>>,
}

#[derive(Deserialize)]
struct Extended<'a> {
    #[serde(borrow)]
    full_text: Option<Text<'a>>,
    #[serde(borrow)]
    entities: Option<Entities<'a>>,
    #[serde(borrow)]
    extended_entities: Option<Entities<'a>>,
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow)]
    id_str: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize, Default)]
struct Entities<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    urls: Vec<Url<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    hashtags: Vec<Hashtag<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    user_mentions: Vec<Mention<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    media: Vec<Media<'a>>,
}

#[derive(Deserialize)]
struct Url<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    expanded_url: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Hashtag<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Mention<'a> {
    #[serde(borrow)]
    screen_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Media<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    media_url_https: Option<Text<'a>>,
    #[serde(borrow)]
    media_url: Option<Text<'a>>,
    #[serde(borrow)]
    ext_alt_text: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    country_code: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow)]
    id_str: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    screen_name: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    profile_image_url_https: Option<Text<'a>>,
    #[serde(default)]
    verified: Flag,
    #[serde(default)]
    followers_count: Count,
    #[serde(default)]
    friends_count: Count,
    #[serde(default)]
    statuses_count: Count,
}

/// Maps one status of API v1.1.
///
/// # Errors
/// [`MapError`].
pub fn map_v1(text: &str) -> Result<Mapped, MapError> {
    let status: Status = parse_json(Format::XV1, text)?;
    let id = status.id_str.as_deref().or(status.id.as_deref()).ok_or(MapError::Lacks("id"))?;
    let mut post = Post::new(Network::X, NativeId::parse(id)?, map_user(&status.user)?, String::new());
    post.url = post_url(post.author.handle.as_deref(), id);
    post.created_at = status.created_at.as_deref().and_then(network_date);
    post.declared_language = status.lang.as_deref().and_then(declared);
    if let Some(original) = &status.retweeted_status {
        let shared = original.id_str.as_deref().or(original.id.as_deref());
        post.kind = PostKind::Reshare;
        post.shared = Some(NativeId::parse(shared.ok_or(MapError::Lacks("id of the retweeted"))?)?);
        return Ok(Mapped::Post(Box::new(post)));
    }
    let long = status.extended_tweet.as_ref();
    let written = long
        .and_then(|long| long.full_text.as_deref())
        .or(status.full_text.as_deref())
        .or(status.text.as_deref())
        .ok_or(MapError::Lacks("text"))?;
    set_text(&mut post, &decode_entities(written));
    let lists = long.and_then(|long| long.entities.as_ref()).or(status.entities.as_ref());
    let media =
        long.and_then(|long| long.extended_entities.as_ref()).or(status.extended_entities.as_ref()).or(lists);
    lists.into_iter().for_each(|lists| map_entities(&mut post, lists));
    media.into_iter().for_each(|lists| map_media(&mut post, &lists.media));
    map_relations(&mut post, &status);
    post.metrics = Metrics {
        likes: status.favorite_count.known(),
        replies: status.reply_count.known(),
        reshares: status.retweet_count.known(),
        quotes: status.quote_count.known(),
        ..Metrics::default()
    };
    post.country = status.place.as_ref().and_then(|place| place.country_code.as_deref()).and_then(country);
    Ok(Mapped::Post(Box::new(post)))
}

fn map_user(user: &User<'_>) -> Result<Account, MapError> {
    let id = user.id_str.as_deref().or(user.id.as_deref()).or(user.screen_name.as_deref());
    let mut account = Account::bare(Network::X, NativeId::parse(id.ok_or(MapError::Lacks("user id"))?)?);
    account.handle = user.screen_name.as_deref().and_then(handle);
    account.name = user.name.as_deref().and_then(short);
    account.bio = user.description.as_deref().and_then(short);
    account.created_at = user.created_at.as_deref().and_then(network_date);
    account.avatar_url = user.profile_image_url_https.as_deref().and_then(address);
    account.url = account.handle.as_ref().and_then(|h| address(&format!("https://x.com/{h}")));
    account.verified = user.verified.0;
    account.followers = user.followers_count.known();
    account.following = user.friends_count.known();
    account.posts = user.statuses_count.known();
    Ok(account)
}

fn map_entities(post: &mut Post, entities: &Entities<'_>) {
    for url in &entities.urls {
        add_url_entity(post, url.expanded_url.as_deref().or(url.url.as_deref()));
    }
    for tag in entities.hashtags.iter().filter_map(|hashtag| hashtag.text.as_deref()) {
        add_hashtag(post, tag);
    }
    for name in entities.user_mentions.iter().filter_map(|mention| mention.screen_name.as_deref()) {
        add_tagged(post, name);
    }
}

fn map_media(post: &mut Post, files: &[Media<'_>]) {
    for file in files {
        let kind = file.kind.as_deref().and_then(media_kind).unwrap_or(MediaKind::Image);
        let url = file.media_url_https.as_deref().or(file.media_url.as_deref());
        add_media(post, kind, url, file.ext_alt_text.as_deref());
    }
}

fn map_relations(post: &mut Post, status: &Status<'_>) {
    let id = |text: &Option<Text<'_>>, number: &Option<Text<'_>>| {
        let given = text.as_deref().or(number.as_deref())?;
        NativeId::parse(given).ok()
    };
    post.reply_to = id(&status.in_reply_to_status_id_str, &status.in_reply_to_status_id);
    post.shared = id(&status.quoted_status_id_str, &status.quoted_status_id);
    post.kind = match (&post.reply_to, &post.shared) {
        (Some(_), _) => PostKind::Reply,
        (None, Some(_)) => PostKind::Quote,
        (None, None) => PostKind::Original,
    };
}

/// What a file or answer can hold: a search, a wrapped status, a status.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    statuses: Vec<&'a RawValue>,
    #[serde(borrow)]
    user: Option<&'a RawValue>,
    #[serde(borrow)]
    tweet: Option<&'a RawValue>,
    #[serde(borrow)]
    retweeted_status: Option<&'a RawValue>,
    #[serde(borrow)]
    quoted_status: Option<&'a RawValue>,
    // Streams also carry notices (delete, limit …) of no interest here.
    #[serde(borrow)]
    delete: Option<&'a RawValue>,
    #[serde(borrow)]
    limit: Option<&'a RawValue>,
    #[serde(borrow)]
    search_metadata: Option<&'a RawValue>,
}

/// Reads a status, an array of statuses, a search answer or a status wrapped
/// in `{"tweet":…}`.
pub fn read_v1(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(reject) => return vec![Err(reject)],
    };
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(items) => items.iter().for_each(|item| read_one(&mut readings, item.get(), at, 0)),
            Err(error) => readings.push(Err(Reject::new(at.line, unreadable(Format::XV1, error), body))),
        }
    } else {
        read_one(&mut readings, text, at, 0);
    }
    readings
}

/// How deep statuses may lie in each other: wrapper, search, retweet, quote.
const NESTING_MAX: usize = 4;

fn read_one(readings: &mut Readings, text: &str, at: Arrival, depth: usize) {
    let page: Page = match serde_json::from_str(text) {
        Ok(page) => page,
        Err(error) => {
            readings.push(Err(Reject::new(at.line, unreadable(Format::XV1, error), text.as_bytes())));
            return;
        }
    };
    if depth > NESTING_MAX || page.delete.is_some() || page.limit.is_some() {
        return;
    }
    for inner in page.statuses.iter().copied().chain(page.tweet) {
        read_one(readings, inner.get(), at, depth + 1);
    }
    if page.user.is_none()
        && (page.search_metadata.is_some() || page.tweet.is_some() || !page.statuses.is_empty())
    {
        return;
    }
    for inner in page.retweeted_status.into_iter().chain(page.quoted_status) {
        read_one(readings, inner.get(), at, depth + 1);
    }
    read_into(readings, Format::XV1, Network::X, text.trim().as_bytes().to_vec(), at);
}
