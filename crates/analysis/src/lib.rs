//! What posts mean: pure functions from texts, pictures and facts to statements
//! with method, version and evidence. No input, output, clock or randomness.

pub mod coordination;
pub mod copies;
mod hashing;
pub mod images;
pub mod language;
pub mod learning;
pub mod matching;
mod phrases;
pub mod plugged;
mod recent;
mod rows;
pub mod scam;
pub mod sentiment;
pub mod target;
pub mod topics;
pub mod understanding;
pub mod urgency;
pub mod wording;
