//! What a team listens to: queries, sources, streams.

use crate::{Network, Timestamp};
use serde::{Deserialize, Serialize};

/// Why a query exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// What is said of us.
    OwnBrand,
    /// What is said of a competitor.
    Competitor,
    /// What is said of the market.
    Market,
    /// Any other subject.
    Topic,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::OwnBrand, Self::Competitor, Self::Market, Self::Topic];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnBrand => "own_brand",
            Self::Competitor => "competitor",
            Self::Market => "market",
            Self::Topic => "topic",
        }
    }

    /// The purpose of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == text.trim())
    }
}

/// A saved query of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedQuery {
    /// Its number in the workspace.
    pub id: i64,
    /// Its name, unique among those not archived.
    pub name: String,
    /// Why it exists.
    pub purpose: Purpose,
    /// The expression as a person wrote it; it parses.
    pub expression: String,
    /// Rises by one with each change of the expression.
    pub version: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A saved live view: a query expression with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Its number in the workspace.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Query and filters as one expression.
    pub expression: String,
}

/// Which of a source's posts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Those that at least one query of the workspace matches.
    Matching,
    /// All of them: channels, own profiles, imported archives.
    All,
}

/// What a source reads. Secrets are never here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SourceSetup {
    /// Bluesky's Jetstream: every public post as JSON.
    BlueskyJetstream {
        /// WebSocket address, e.g. `wss://jetstream2.us-east.bsky.network/subscribe`.
        endpoint: String,
    },
    /// The AT Protocol firehose `com.atproto.sync.subscribeRepos`.
    BlueskyFirehose {
        /// WebSocket address of the relay or server, without path.
        endpoint: String,
    },
    /// AT Protocol search, polled.
    BlueskySearch {
        /// HTTPS address of the server that the account is on, or a public AppView.
        service: String,
        /// Handle or e-mail to log in with (secret: app password); empty for none.
        identifier: String,
        /// Words to search.
        search: String,
    },
    /// Notifications of our own AT Protocol account: mentions, replies, quotes.
    BlueskyNotifications {
        /// HTTPS address of the server that the account is on.
        service: String,
        /// Handle or e-mail to log in with (secret: app password).
        identifier: String,
    },
    /// Streaming of a Mastodon-compatible server.
    MastodonStream {
        /// Server address.
        server: String,
        /// Which timeline.
        timeline: MastodonTimeline,
    },
    /// Polling of a Mastodon-compatible server.
    MastodonPoll {
        /// Server address.
        server: String,
        /// Which timeline.
        timeline: MastodonTimeline,
    },
    /// A Nostr relay.
    NostrRelay {
        /// WebSocket address.
        relay: String,
        /// Only these hashtags; empty for all text notes.
        hashtags: Vec<String>,
    },
    /// Rooms of a Matrix account (secret: access token).
    MatrixRooms {
        /// Server address.
        server: String,
        /// Only these room ids; empty for all joined rooms.
        rooms: Vec<String>,
    },
    /// An RSS, Atom or JSON feed.
    Feed {
        /// Its address.
        url: String,
    },
    /// X recent search (secret: bearer token).
    XSearch {
        /// The query in X's own language.
        search: String,
        /// API address; the public one unless a test says otherwise.
        endpoint: String,
    },
    /// Comments on YouTube (secret: API key).
    YoutubeComments {
        /// Video or channel identifier.
        subject: String,
        /// API address.
        endpoint: String,
    },
    /// New posts or search on Reddit (secret: `client_id:client_secret`).
    RedditListing {
        /// Subreddit name without `r/`; empty for search over everything.
        subreddit: String,
        /// Words to search; empty for the newest posts.
        search: String,
        /// API address.
        endpoint: String,
    },
    /// Messages that reach our Telegram bot (secret: bot token).
    TelegramBot {
        /// API address.
        endpoint: String,
    },
    /// Signed webhooks that others send to us (secret: signing key).
    Webhook {
        /// Who sends.
        maker: WebhookMaker,
    },
}

/// A timeline of a Mastodon-compatible server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", content = "what", rename_all = "snake_case")]
pub enum MastodonTimeline {
    /// Everything public that the server knows.
    Public,
    /// Public posts of the server's own accounts.
    Local,
    /// Posts with one hashtag (without `#`).
    Hashtag(String),
    /// What search finds (needs a token on most servers).
    Search(String),
    /// Notifications of our account (secret: access token).
    Notifications,
}

/// Who signs an inbound webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookMaker {
    /// Our own generic shape: JSON post or list of posts, `X-Signature-256`.
    Generic,
    /// Ghost: `X-Ghost-Signature`.
    Ghost,
    /// Meta Graph: `X-Hub-Signature-256`.
    Meta,
}

impl SourceSetup {
    /// True when the other setup reads the same posts of the same place, so that
    /// a cursor of the one is good for the other: only the log-in of a search differs.
    pub fn reads_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::BlueskySearch { service, search, .. },
                Self::BlueskySearch { service: other_service, search: other_search, .. },
            ) => service == other_service && search == other_search,
            _ => self == other,
        }
    }

    /// The network that its posts belong to.
    pub const fn network(&self) -> Network {
        match self {
            Self::BlueskyJetstream { .. }
            | Self::BlueskyFirehose { .. }
            | Self::BlueskySearch { .. }
            | Self::BlueskyNotifications { .. } => Network::Bluesky,
            Self::MastodonStream { .. } | Self::MastodonPoll { .. } => Network::Mastodon,
            Self::NostrRelay { .. } => Network::Nostr,
            Self::MatrixRooms { .. } => Network::Matrix,
            Self::Feed { .. } => Network::Rss,
            Self::XSearch { .. } => Network::X,
            Self::YoutubeComments { .. } => Network::Youtube,
            Self::RedditListing { .. } => Network::Reddit,
            Self::TelegramBot { .. } => Network::Telegram,
            Self::Webhook { maker: WebhookMaker::Meta } => Network::Facebook,
            Self::Webhook { .. } => Network::Webhook,
        }
    }
}

/// A configured input of a workspace, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its number in the workspace.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it reads.
    pub setup: SourceSetup,
    /// Which posts are kept.
    pub keep: Keep,
    /// Switched off by a person.
    pub paused: bool,
    /// True when a secret is stored for it.
    pub has_secret: bool,
}

/// How a source fares.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceHealth {
    /// When it last answered well.
    pub last_ok: Option<Timestamp>,
    /// When it last failed.
    pub last_error_at: Option<Timestamp>,
    /// What went wrong last, without secrets.
    pub last_error: Option<String>,
    /// Not asked again before this instant (`Retry-After`, back-off).
    pub wait_until: Option<Timestamp>,
    /// Items received, count.
    pub received_count: u64,
    /// Items kept, count.
    pub kept_count: u64,
    /// Items rejected, count.
    pub rejected_count: u64,
}
