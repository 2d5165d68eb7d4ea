//! The brand handbook: what the first visit asks and everything later uses.

use serde::{Deserialize, Serialize};

/// Most names, handles or words in one list of the handbook.
pub const HANDBOOK_LIST_MAX: usize = 100;
/// Longest text of one entry, characters.
pub const HANDBOOK_ENTRY_CHARS_MAX: usize = 200;

/// One brand, own or competing: how people call it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Brand {
    /// Names and spellings, the first is the main one.
    pub names: Vec<String>,
    /// Handles without `@`.
    pub handles: Vec<String>,
}

/// What the team wrote about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BrandHandbook {
    /// Our brand.
    pub brand: Brand,
    /// Those we are compared with.
    pub competitors: Vec<Brand>,
    /// Words of the market: products, problems, places.
    pub market_words: Vec<String>,
    /// How we speak, free text.
    pub tone: String,
    /// What the team wants to reach, free text.
    pub goals: String,
    /// When people answer, free text such as `lun-vie 8:00-18:00`.
    pub support_hours: String,
}
