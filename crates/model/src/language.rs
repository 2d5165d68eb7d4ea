//! Languages of posts.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A language: two lower-case letters of ISO 639-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang([u8; 2]);

/// A text that is not a language code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not a two-letter language code such as es, pt or en")]
pub struct InvalidLang(pub String);

impl Lang {
    /// Spanish.
    pub const ES: Self = Self(*b"es");
    /// English.
    pub const EN: Self = Self(*b"en");
    /// Portuguese.
    pub const PT: Self = Self(*b"pt");

    /// Reads `es`, `ES`, `es-PA` or `pt_BR`: what follows the first two letters
    /// is dropped when a `-` or `_` separates it.
    ///
    /// # Errors
    /// [`InvalidLang`] otherwise (also for three-letter codes).
    pub fn parse(text: &str) -> Result<Self, InvalidLang> {
        let invalid = || InvalidLang(text.chars().take(40).collect());
        let code = text.trim().split(['-', '_']).next().unwrap_or_default();
        let bytes: [u8; 2] = code.as_bytes().try_into().map_err(|_| invalid())?;
        let lower = bytes.map(|b| b.to_ascii_lowercase());
        if lower.iter().all(u8::is_ascii_lowercase) { Ok(Self(lower)) } else { Err(invalid()) }
    }

    /// From two lower-case ASCII letters; `None` for anything else.
    pub const fn from_bytes(code: [u8; 2]) -> Option<Self> {
        let [a, b] = code;
        if a.is_ascii_lowercase() && b.is_ascii_lowercase() { Some(Self(code)) } else { None }
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        // Built only from ASCII letters, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// The two letters as a number, for columns: 256·first + second.
    pub const fn code(self) -> u16 {
        u16::from_be_bytes(self.0)
    }

    /// The language of a stored number; `None` for 0 and anything not a code.
    pub const fn from_code(code: u16) -> Option<Self> {
        Self::from_bytes(code.to_be_bytes())
    }
}

impl TryFrom<String> for Lang {
    type Error = InvalidLang;
    fn try_from(text: String) -> Result<Self, InvalidLang> {
        Self::parse(&text)
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> Self {
        lang.as_str().to_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
