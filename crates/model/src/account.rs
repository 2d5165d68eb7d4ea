//! Authors.

use crate::{Known, NativeId, Network, Timestamp};
use serde::{Deserialize, Serialize};

/// One account on one network: what identifies it for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    /// The network.
    pub network: Network,
    /// The network's own identifier; survives a change of handle.
    pub native_id: NativeId,
}

impl AccountKey {
    /// `network:native_id`, the form in the index, in links and in files.
    pub fn to_text(&self) -> String {
        format!("{}:{}", self.network.name(), self.native_id)
    }

    /// Reads [`Self::to_text`] back; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (network, id) = text.split_once(':')?;
        Some(Self { network: Network::parse(network).ok()?, native_id: NativeId::parse(id).ok()? })
    }
}

/// An author identity as a network described it at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who.
    pub key: AccountKey,
    /// Handle without a leading `@`, as written by the network.
    pub handle: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Self-description, plain text.
    pub bio: Option<String>,
    /// Followers, count.
    pub followers: Known<u64>,
    /// Accounts followed, count.
    pub following: Known<u64>,
    /// Posts ever written, count.
    pub posts: Known<u64>,
    /// When the account was made.
    pub created_at: Option<Timestamp>,
    /// Avatar address; never fetched by a reader's browser.
    pub avatar_url: Option<String>,
    /// The account's page.
    pub url: Option<String>,
    /// Verified by the network.
    pub verified: Option<bool>,
    /// Declared automated by its owner.
    pub automated: Option<bool>,
}

impl Account {
    /// An account of which only the identifier is known.
    pub fn bare(network: Network, native_id: NativeId) -> Self {
        Self {
            key: AccountKey { network, native_id },
            handle: None,
            name: None,
            bio: None,
            followers: Known::default(),
            following: Known::default(),
            posts: Known::default(),
            created_at: None,
            avatar_url: None,
            url: None,
            verified: None,
            automated: None,
        }
    }

    /// The name to show: display name, handle, or the identifier.
    pub fn label(&self) -> &str {
        [&self.name, &self.handle]
            .into_iter()
            .filter_map(|text| text.as_deref())
            .find(|text| !text.trim().is_empty())
            .unwrap_or(self.key.native_id.as_str())
    }
}
