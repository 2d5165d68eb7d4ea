//! analysis
mod hashing;
pub mod copies;
pub mod images;
pub mod language;
pub mod learning;
pub mod matching;
pub mod sentiment;
pub mod understanding;
pub mod wording;
pub mod urgency;
pub mod target;
pub mod topics;
pub mod scam;
mod phrases;
pub mod plugged;
