//! Identifiers that networks give.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest native identifier we keep, bytes (Nostr, AT URIs and URLs fit).
pub const NATIVE_ID_BYTES_MAX: usize = 1_024;

/// An identifier that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing in it.
    #[error("the identifier is empty")]
    Empty,
    /// Longer than [`NATIVE_ID_BYTES_MAX`].
    #[error("the identifier has {0} bytes, at most {NATIVE_ID_BYTES_MAX} are allowed")]
    TooLong(usize),
    /// NUL, newline or another control character inside.
    #[error("the identifier holds a control character")]
    Control,
}

/// The identifier that a network gave to a post or an account, as received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NativeId(String);

impl NativeId {
    /// Takes an identifier after trimming surrounding white space.
    ///
    /// # Errors
    /// [`InvalidId`] when it is empty, too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(InvalidId::Empty);
        }
        if trimmed.len() > NATIVE_ID_BYTES_MAX {
            return Err(InvalidId::TooLong(trimmed.len()));
        }
        if trimmed.chars().any(char::is_control) {
            return Err(InvalidId::Control);
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The identifier as the network wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NativeId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<NativeId> for String {
    fn from(id: NativeId) -> Self {
        id.0
    }
}

impl fmt::Display for NativeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
