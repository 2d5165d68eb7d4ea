//! analysis
mod hashing;
pub mod matching;
pub mod sentiment;
pub mod language;
