//! The search and dashboard index of one workspace: posts by their words and facts.
//!
//! In: [`IndexDocument`]s (text, tokens and facts of a post under its record
//! id). Out: ids of matching posts in an order, counts and [`Overview`]s; an
//! expression means exactly what [`model::query::matches`] says.
//! Everything here is derived: [`Index::open`] empties a folder that it cannot
//! trust and says so, and the caller indexes the records again.
//! Errors: [`IndexError`].
//! Cost: see [`Index::add`], [`IndexReader::search`], [`IndexReader::overview`].
//! Source: built on tantivy (inverted lists and columns); the evaluation of
//! expressions is our own, set at a time per segment.
//! Limits: [`SEARCH_LIMIT_MAX`], [`TOP_N_MAX`], [`COMPARE_MAX`],
//! [`WRITER_HEAP_BYTES`], [`CACHE_BYTES_MAX`].

mod authors;
mod bits;
mod cache;
mod copies;
mod counts;
mod cursor;
mod draw;
mod evaluate;
mod ids;
mod masks;
mod open;
mod order;
mod overview;
mod pass;
mod places;
mod reader;
mod request;
mod rows;
mod schema;
mod segment;
mod volume;
mod wants;
mod writer;

#[cfg(test)]
mod tests;

pub use authors::{AuthorActivity, AuthorsRequest};
pub use cache::CACHE_BYTES_MAX;
pub use copies::StoredSignature;
pub use draw::{DRAW_MAX, DrawRequest, Drawn};
pub use reader::IndexReader;
pub use request::{
    COMPARE_MAX, CascadeCount, CascadesRequest, CompareRequest, Counted, Hit, HourVolume, Labels, Order,
    Overview, OverviewRequest, SAMPLE_POSTS, SEARCH_LIMIT_MAX, SearchCursor, SearchPage, SearchRequest,
    Series, TOP_N_MAX, ToneCounts, Top, TopAuthor, TopAuthors,
};
pub use writer::{Index, IndexDocument, OpenOutcome, SIGNATURE_BYTES_MAX, WRITER_HEAP_BYTES, WRITER_THREADS};

/// What can go wrong with the index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process writes this index.
    #[error("another process is writing this index")]
    Locked,
    /// There is no index in the folder, or none was completed.
    #[error("there is no index in this folder")]
    NotThere,
    /// More was asked for than is allowed.
    #[error("{asked} {what} were asked for, at most {max} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many were asked for.
        asked: usize,
        /// How many are allowed.
        max: usize,
    },
    /// The files cannot be trusted; open the index for writing to rebuild it.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// The folder cannot be read or written.
    #[error("the folder of the index cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// The engine failed.
    #[error("the index engine failed: {0}")]
    Engine(String),
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        use tantivy::TantivyError as Cause;
        use tantivy::directory::error::{LockError, OpenReadError};
        match error {
            Cause::LockFailure(LockError::LockBusy, _) => Self::Locked,
            Cause::IoError(error) => Self::Io(std::io::Error::new(error.kind(), error)),
            Cause::DataCorruption(_)
            | Cause::IncompatibleIndex(_)
            | Cause::OpenReadError(
                OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_),
            ) => Self::Damaged(error.to_string()),
            _ => Self::Engine(error.to_string()),
        }
    }
}
