//! The networks that posts come from.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! networks {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal, $title:literal;)*) => {
        /// A network. The number is stored and never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum Network { $($(#[$doc])* #[serde(rename = $name)] $variant = $code,)* }

        impl Network {
            /// Every network, in the order of the stored number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in queries, files and the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The network's own spelling of its name.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The stored number.
            pub const fn code(self) -> u8 { self as u8 }

            /// The network of a stored number.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

networks! {
    /// Bluesky and the rest of the AT Protocol network.
    Bluesky = 1, "bluesky", "Bluesky";
    /// Mastodon and servers that speak its API (the fediverse).
    Mastodon = 2, "mastodon", "Mastodon";
    /// X, formerly Twitter.
    X = 3, "x", "X";
    /// Reddit.
    Reddit = 4, "reddit", "Reddit";
    /// YouTube comments.
    Youtube = 5, "youtube", "YouTube";
    /// Telegram channels and groups.
    Telegram = 6, "telegram", "Telegram";
    /// RSS, Atom and JSON feeds: press and blogs.
    Rss = 7, "rss", "RSS";
    /// Nostr.
    Nostr = 8, "nostr", "Nostr";
    /// Matrix rooms.
    Matrix = 9, "matrix", "Matrix";
    /// Facebook pages.
    Facebook = 10, "facebook", "Facebook";
    /// Instagram.
    Instagram = 11, "instagram", "Instagram";
    /// Anything pushed to us by a signed webhook.
    Webhook = 12, "webhook", "Webhook";
    /// Rows of a table whose network is not named.
    File = 13, "file", "File";
}

/// A word that names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no network «{0}»")]
pub struct UnknownNetwork(pub String);

impl Network {
    /// Reads a network's name in any case; `twitter` is X, `fediverse` Mastodon.
    ///
    /// # Errors
    /// [`UnknownNetwork`] when the word names none.
    pub fn parse(text: &str) -> Result<Self, UnknownNetwork> {
        let word = text.trim().to_lowercase();
        match word.as_str() {
            "twitter" => return Ok(Self::X),
            "fediverse" | "activitypub" => return Ok(Self::Mastodon),
            "atproto" => return Ok(Self::Bluesky),
            "atom" | "feed" | "web" => return Ok(Self::Rss),
            _ => {}
        }
        Self::ALL
            .iter()
            .copied()
            .find(|network| network.name() == word)
            .ok_or_else(|| UnknownNetwork(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
