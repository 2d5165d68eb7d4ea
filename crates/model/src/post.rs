//! Posts as networks sent them, mapped to one shape.

use crate::{Account, Known, Lang, NativeId, Network, Timestamp};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Most text of one post that is read, bytes; the rest is cut at a character
/// and [`Post::truncated`] says so. The record keeps everything.
pub const POST_TEXT_BYTES_MAX: usize = 256 * 1024;
/// Most links, hashtags, tagged accounts or media taken from one post.
pub const POST_LIST_MAX: usize = 256;

/// What a post is in relation to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum PostKind {
    /// Stands on its own.
    Original = 0,
    /// Answers another.
    Reply = 1,
    /// Repeats another without words of its own.
    Reshare = 2,
    /// Repeats another with words of its own.
    Quote = 3,
}

impl PostKind {
    /// Every kind in the order of the stored number.
    pub const ALL: [Self; 4] = [Self::Original, Self::Reply, Self::Reshare, Self::Quote];

    /// The word used in `is:`, files and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Reply => "reply",
            Self::Reshare => "reshare",
            Self::Quote => "quote",
        }
    }

    /// The kind of a stored number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// What a piece of media is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A still picture.
    Image,
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
}

/// A picture, video or sound attached to a post; never fetched by a reader's browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// Where the network keeps it, if it said.
    pub url: Option<String>,
    /// Its description for people who do not see it.
    pub alt: Option<String>,
}

/// Engagement as the network counted it, listed by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Metrics {
    /// Likes, favourites, upvotes, reactions.
    pub likes: Known<u64>,
    /// Replies and comments.
    pub replies: Known<u64>,
    /// Reshares without words.
    pub reshares: Known<u64>,
    /// Reshares with words.
    pub quotes: Known<u64>,
    /// Times shown.
    pub views: Known<u64>,
}

impl Metrics {
    /// Sum of the known kinds except views; `None` when none is known.
    pub fn engagement(&self) -> Option<u64> {
        [self.likes, self.replies, self.reshares, self.quotes]
            .iter()
            .filter_map(Known::get)
            .reduce(u64::saturating_add)
    }
}

/// What identifies a post for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostKey {
    /// The network.
    pub network: Network,
    /// The network's own identifier (AT URI, status id with its server, URL …).
    pub native_id: NativeId,
}

impl PostKey {
    /// `network:native_id`.
    pub fn to_text(&self) -> String {
        format!("{}:{}", self.network.name(), self.native_id)
    }

    /// Reads [`Self::to_text`] back; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (network, id) = text.split_once(':')?;
        Some(Self { network: Network::parse(network).ok()?, native_id: NativeId::parse(id).ok()? })
    }
}

/// One item observed on a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What identifies it.
    pub key: PostKey,
    /// Its author as described beside the post.
    pub author: Account,
    /// What it is.
    pub kind: PostKind,
    /// Headline, where the network has one (press, Reddit, YouTube).
    pub title: Option<String>,
    /// Plain text: markup removed, entities decoded, no NUL.
    pub text: String,
    /// True when the text was longer than [`POST_TEXT_BYTES_MAX`].
    pub truncated: bool,
    /// Language that the author or the network declared (often wrong).
    pub declared_language: Option<Lang>,
    /// Date given by the network; may be forged.
    pub created_at: Option<Timestamp>,
    /// When it was last edited, if the network says.
    pub edited_at: Option<Timestamp>,
    /// Its page.
    pub url: Option<String>,
    /// The post that it answers.
    pub reply_to: Option<NativeId>,
    /// The first post of its thread.
    pub thread_root: Option<NativeId>,
    /// The post that it reshares or quotes.
    pub shared: Option<NativeId>,
    /// Addresses in it, expanded where the network says how.
    pub links: Vec<String>,
    /// Hashtags without `#`, as written.
    pub hashtags: Vec<String>,
    /// Handles (without `@`) or identifiers of accounts that it names.
    pub tagged_accounts: Vec<String>,
    /// Attached media.
    pub media: Vec<Media>,
    /// Engagement at the time it was received.
    pub metrics: Metrics,
    /// Country of the post or its author, ISO 3166-1 alpha-2 upper case, if the network says.
    pub country: Option<String>,
}

impl Post {
    /// A post with nothing but its identity, author and text.
    pub fn new(network: Network, native_id: NativeId, author: Account, text: String) -> Self {
        Self {
            key: PostKey { network, native_id },
            author,
            kind: PostKind::Original,
            title: None,
            text,
            truncated: false,
            declared_language: None,
            created_at: None,
            edited_at: None,
            url: None,
            reply_to: None,
            thread_root: None,
            shared: None,
            links: Vec::new(),
            hashtags: Vec::new(),
            tagged_accounts: Vec::new(),
            media: Vec::new(),
            metrics: Metrics::default(),
            country: None,
        }
    }

    /// Headline, blank line and text: what is searched, matched and judged.
    pub fn full_text(&self) -> Cow<'_, str> {
        match &self.title {
            Some(title) if !title.is_empty() => Cow::Owned(format!("{title}\n\n{}", self.text)),
            _ => Cow::Borrowed(&self.text),
        }
    }

    /// The instant to place it at: the network's date if it is plausible,
    /// else the moment it was received. The flag is true in the first case.
    pub fn time(&self, fetched_at: Timestamp) -> (Timestamp, bool) {
        match self.created_at {
            Some(created) if created.is_plausible(fetched_at) => (created, true),
            _ => (fetched_at, false),
        }
    }

    /// Registrable-looking hosts of the links, lower case, without `www.`, each once.
    pub fn domains(&self) -> Vec<String> {
        let mut hosts: Vec<String> = self.links.iter().filter_map(|link| host_of(link)).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }
}

/// The host of an address, lower case, without `www.`, user or port.
pub fn host_of(link: &str) -> Option<String> {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && host.len() <= 253).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_plain() {
        assert_eq!(host_of("https://www.Prensa.com/a?b#c").as_deref(), Some("prensa.com"));
        assert_eq!(host_of("http://user:pw@sub.example.org:8080/x").as_deref(), Some("sub.example.org"));
        assert_eq!(host_of("mailto"), None);
    }

    #[test]
    fn missing_engagement_is_not_zero() {
        assert_eq!(Metrics::default().engagement(), None);
        let some = Metrics { likes: Known::Value(2), ..Metrics::default() };
        assert_eq!(some.engagement(), Some(2));
    }
}
