//! Wire types of Bluesky: Jetstream events, `app.bsky` records and views.
//!
//! Source: <https://github.com/bluesky-social/jetstream>, lexicons
//! `app.bsky.feed.post`, `app.bsky.feed.defs`, `app.bsky.embed.*`,
//! `app.bsky.richtext.facet`, `app.bsky.actor.defs`.

use crate::wire::{Count, Flag, Text, list};
use serde::Deserialize;
use serde_json::value::RawValue;

/// One Jetstream event.
#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(borrow)]
    pub did: Text<'a>,
    pub time_us: Option<i64>,
    #[serde(borrow)]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub commit: Option<Commit<'a>>,
}

/// The commit of an event.
#[derive(Deserialize)]
pub(crate) struct Commit<'a> {
    #[serde(borrow)]
    pub operation: Text<'a>,
    #[serde(borrow)]
    pub collection: Text<'a>,
    #[serde(borrow)]
    pub rkey: Text<'a>,
    // Read only when the collection is one of posts: likes are most of the stream.
    #[serde(borrow)]
    pub record: Option<&'a RawValue>,
}

/// A post or repost record.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record<'a> {
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
    #[serde(borrow)]
    pub created_at: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub langs: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub tags: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub facets: Vec<Facet<'a>>,
    #[serde(borrow)]
    pub reply: Option<Reply<'a>>,
    #[serde(borrow)]
    pub embed: Option<Embed<'a>>,
    // An address for reposts, a bare DID for follows.
    #[serde(borrow)]
    pub subject: Option<&'a RawValue>,
}

/// A marked stretch of the text.
#[derive(Deserialize)]
pub(crate) struct Facet<'a> {
    pub index: Option<Stretch>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub features: Vec<Feature<'a>>,
}

/// Byte range of a facet in the UTF-8 text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stretch {
    #[serde(default)]
    pub byte_start: Count,
    #[serde(default)]
    pub byte_end: Count,
}

/// What a facet marks: link, account or hashtag.
#[derive(Deserialize)]
pub(crate) struct Feature<'a> {
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub did: Option<Text<'a>>,
    #[serde(borrow)]
    pub tag: Option<Text<'a>>,
}

/// Parent and root of an answer.
#[derive(Deserialize)]
pub(crate) struct Reply<'a> {
    #[serde(borrow)]
    pub parent: Option<Reference<'a>>,
    #[serde(borrow)]
    pub root: Option<Reference<'a>>,
}

/// Address of another record, possibly nested (record with media).
#[derive(Deserialize)]
pub(crate) struct Reference<'a> {
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub record: Option<Inner<'a>>,
}

/// The innermost address of a nested reference; quoted views nest the whole
/// record here, which is left unread.
#[derive(Deserialize)]
pub(crate) struct Inner<'a> {
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
}

/// An embed of a record or of a view: their names do not clash.
#[derive(Deserialize, Default)]
pub(crate) struct Embed<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    pub images: Vec<Image<'a>>,
    #[serde(borrow)]
    pub video: Option<Blob<'a>>,
    #[serde(borrow)]
    pub playlist: Option<Text<'a>>,
    #[serde(borrow)]
    pub alt: Option<Text<'a>>,
    #[serde(borrow)]
    pub external: Option<External<'a>>,
    #[serde(borrow)]
    pub record: Option<Reference<'a>>,
    #[serde(borrow)]
    pub media: Option<Media<'a>>,
}

/// The media part of a quote with media.
#[derive(Deserialize, Default)]
pub(crate) struct Media<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    pub images: Vec<Image<'a>>,
    #[serde(borrow)]
    pub video: Option<Blob<'a>>,
    #[serde(borrow)]
    pub playlist: Option<Text<'a>>,
    #[serde(borrow)]
    pub alt: Option<Text<'a>>,
    #[serde(borrow)]
    pub external: Option<External<'a>>,
}

/// A picture of a record (blob) or of a view (addresses).
#[derive(Deserialize)]
pub(crate) struct Image<'a> {
    #[serde(borrow)]
    pub alt: Option<Text<'a>>,
    #[serde(borrow)]
    pub image: Option<Blob<'a>>,
    #[serde(borrow)]
    pub fullsize: Option<Text<'a>>,
}

/// A stored file.
#[derive(Deserialize)]
pub(crate) struct Blob<'a> {
    #[serde(borrow, rename = "ref")]
    pub link: Option<BlobLink<'a>>,
}

/// The content identifier of a stored file.
#[derive(Deserialize)]
pub(crate) struct BlobLink<'a> {
    #[serde(borrow, rename = "$link")]
    pub cid: Option<Text<'a>>,
}

/// A link card.
#[derive(Deserialize)]
pub(crate) struct External<'a> {
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
}

/// A post view, or a notification (which lacks the counts).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View<'a> {
    #[serde(borrow)]
    pub uri: Text<'a>,
    #[serde(borrow)]
    pub author: Profile<'a>,
    #[serde(borrow)]
    pub record: &'a RawValue,
    #[serde(borrow)]
    pub embed: Option<Embed<'a>>,
    #[serde(default)]
    pub reply_count: Count,
    #[serde(default)]
    pub repost_count: Count,
    #[serde(default)]
    pub like_count: Count,
    #[serde(default)]
    pub quote_count: Count,
}

/// A profile view, basic or detailed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile<'a> {
    #[serde(borrow)]
    pub did: Text<'a>,
    #[serde(borrow)]
    pub handle: Option<Text<'a>>,
    #[serde(borrow)]
    pub display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    #[serde(borrow)]
    pub avatar: Option<Text<'a>>,
    #[serde(borrow)]
    pub created_at: Option<Text<'a>>,
    #[serde(default)]
    pub followers_count: Count,
    #[serde(default)]
    pub follows_count: Count,
    #[serde(default)]
    pub posts_count: Count,
    #[serde(borrow)]
    pub verification: Option<Verification<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub labels: Vec<Label<'a>>,
}

/// Whether an account is verified.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verification<'a> {
    #[serde(borrow)]
    pub verified_status: Option<Text<'a>>,
}

/// A label that someone put on an account.
#[derive(Deserialize)]
pub(crate) struct Label<'a> {
    #[serde(borrow)]
    pub src: Option<Text<'a>>,
    #[serde(borrow)]
    pub val: Option<Text<'a>>,
    #[serde(default)]
    pub neg: Flag,
}

/// An answer of the API that holds views, in any of its shapes.
#[derive(Deserialize, Default)]
pub(crate) struct Page<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    pub posts: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub feed: Vec<FeedItem<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub notifications: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub thread: Option<Thread<'a>>,
    #[serde(borrow)]
    pub post: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub profiles: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
}

/// An item of a feed.
#[derive(Deserialize)]
pub(crate) struct FeedItem<'a> {
    #[serde(borrow)]
    pub post: Option<&'a RawValue>,
}

/// A node of a thread.
#[derive(Deserialize)]
pub(crate) struct Thread<'a> {
    #[serde(borrow)]
    pub post: Option<&'a RawValue>,
    #[serde(borrow)]
    pub parent: Option<Box<Thread<'a>>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub replies: Vec<Thread<'a>>,
}
