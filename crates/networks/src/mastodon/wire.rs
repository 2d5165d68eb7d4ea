//! Wire types of the Mastodon client API.
//!
//! Source: <https://docs.joinmastodon.org/entities/Status/>, `Account`,
//! `MediaAttachment`, `PreviewCard`, `Notification`, `Search`. Servers that
//! speak the API (snac, Pleroma, GoToSocial …) leave fields out.

use crate::wire::{Count, Flag, Text, list};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A record of ours: the status verbatim with the server that showed it.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow)]
    pub server: Option<Text<'a>>,
    #[serde(borrow)]
    pub status: Status<'a>,
}

/// A status.
#[derive(Deserialize)]
pub(crate) struct Status<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub edited_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub account: Account<'a>,
    #[serde(borrow)]
    pub content: Option<Text<'a>>,
    #[serde(borrow)]
    pub spoiler_text: Option<Text<'a>>,
    #[serde(borrow)]
    pub language: Option<Text<'a>>,
    #[serde(borrow)]
    pub in_reply_to_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub in_reply_to_account_id: Option<Text<'a>>,
    #[serde(default)]
    pub replies_count: Count,
    #[serde(default)]
    pub reblogs_count: Count,
    #[serde(default)]
    pub favourites_count: Count,
    #[serde(default)]
    pub quotes_count: Count,
    #[serde(borrow, default, deserialize_with = "list")]
    pub media_attachments: Vec<Attachment<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub mentions: Vec<Mention<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub tags: Vec<Tag<'a>>,
    #[serde(borrow)]
    pub card: Option<Card<'a>>,
    #[serde(borrow)]
    pub reblog: Option<Shared<'a>>,
    #[serde(borrow)]
    pub quote: Option<Quote<'a>>,
    #[serde(borrow)]
    pub poll: Option<Poll<'a>>,
}

/// An account.
#[derive(Deserialize)]
pub(crate) struct Account<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub acct: Text<'a>,
    #[serde(borrow)]
    pub display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub note: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub avatar: Option<Text<'a>>,
    #[serde(borrow)]
    pub created_at: Option<Text<'a>>,
    #[serde(default)]
    pub bot: Flag,
    #[serde(default)]
    pub followers_count: Count,
    #[serde(default)]
    pub following_count: Count,
    #[serde(default)]
    pub statuses_count: Count,
}

/// An attached file.
#[derive(Deserialize)]
pub(crate) struct Attachment<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub remote_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
}

/// An account named in the text.
#[derive(Deserialize)]
pub(crate) struct Mention<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub acct: Option<Text<'a>>,
}

/// A hashtag.
#[derive(Deserialize)]
pub(crate) struct Tag<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// A link preview.
#[derive(Deserialize)]
pub(crate) struct Card<'a> {
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
}

/// The identity of a reblogged or quoted status.
#[derive(Deserialize)]
pub(crate) struct Shared<'a> {
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
}

/// A quote: `quoted_status` since Mastodon 4.4, the status itself in forks.
#[derive(Deserialize)]
pub(crate) struct Quote<'a> {
    #[serde(borrow)]
    pub quoted_status: Option<Shared<'a>>,
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
}

/// A poll, of which the options are text.
#[derive(Deserialize)]
pub(crate) struct Poll<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    pub options: Vec<PollOption<'a>>,
}

/// One answer of a poll.
#[derive(Deserialize)]
pub(crate) struct PollOption<'a> {
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
}

/// What an answer or a file can hold: statuses, a search, notifications, one of ours.
#[derive(Deserialize, Default)]
pub(crate) struct Page<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    pub statuses: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub ancestors: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "list")]
    pub descendants: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub status: Option<&'a RawValue>,
    #[serde(borrow)]
    pub server: Option<Text<'a>>,
    #[serde(borrow)]
    pub account: Option<&'a RawValue>,
    #[serde(borrow)]
    pub content: Option<&'a RawValue>,
    #[serde(borrow)]
    pub reblog: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub quote: Option<RawQuote<'a>>,
}

/// The quoted status inside a quote, verbatim.
#[derive(Deserialize)]
pub(crate) struct RawQuote<'a> {
    #[serde(borrow)]
    pub quoted_status: Option<&'a RawValue>,
}
