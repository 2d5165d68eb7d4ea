//! Near-copies: which posts say the same in almost the same words.
//!
//! In: texts with ids. Out: a [`Signature`] per text, the cascade that a post
//! joins ([`Copies`]), groups of a file ([`Groups`]), shared passages
//! ([`Fragments`]), the tree of changes of a cascade ([`mutation_tree`],
//! [`difference`]).
//! Errors: none; a text without letters has no signature.
//! Cost: see each type; signature and placement together are a few µs a post.
//! Source: Broder 1997 (resemblance of texts by MinHash), Li & König 2010
//! (few bits of each value), Schleimer, Wilkerson & Aiken 2003 (winnowing).
//! Limits: texts under [`CHARS_MIN`] characters, once normalised, are compared
//! with one another as a whole; signatures estimate with a standard error of
//! about 0.06. Weights by rarity were tried and left out: they halve the
//! candidates but double the false pairs, as hashtags of a topic are rare too.

mod difference;
mod fragments;
mod groups;
mod hot;
mod letters;
mod signature;
mod slots;
mod table;
#[cfg(test)]
mod tests;
mod tree;

pub use difference::{Change, DIFFERENCE_WORDS_MAX, Piece, difference};
pub use fragments::{
    FRAGMENT_LETTERS_MAX, Fragment, Fragments, KNOWN_PER_MARK_MAX, PASSAGE_LETTERS_MIN, Passage,
    shared_passages,
};
pub use groups::{Group, Groups, Membership, groups};
pub use hot::{Copies, CopiesCounts, Placement};
pub use letters::normalised;
pub use signature::{CHARS_MIN, SIGNATURE_BYTES_MAX, Signature, signature, similarity};
pub use tree::{EDGE_SIMILARITY_MIN, Edge, Member, TREE_TEXTS_MAX, mutation_tree};

/// Name of the method.
pub const METHOD: &str = "copies";
/// Version of the method; signatures of another version are not comparable.
pub const METHOD_VERSION: u32 = 1;
/// A post joins the cascade of its nearest hot post from this similarity on.
pub const JOIN_SIMILARITY_MIN: f32 = 0.41;
/// A post of a cascade is at least this similar to the cascade's first post.
pub const FIRST_SIMILARITY_MIN: f32 = 0.3;
