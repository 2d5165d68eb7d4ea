//! The query language: what a person writes, what it means, whether a post matches.
//!
//! In: an expression such as `(acme OR "café acme") NEAR/5 mal* -followers:<10`.
//! Out: an [`Expr`], or a [`QueryError`] that points at the character and says
//! what to do. [`matches`] is the meaning of the language, one post at a time;
//! the live matcher and the search index must agree with it.
//! Cost: parsing is linear in the expression; matching is linear in the tokens
//! of the post for each word of the query.
//! Limits: [`QUERY_CHARS_MAX`], [`QUERY_NODES_MAX`], [`QUERY_DEPTH_MAX`], [`NEAR_MAX`].

mod ast;
mod facts;
mod lexer;
mod meaning;
mod parser;

pub use ast::{Comparison, Expr, Field, Has, Leaf, Word};
pub use facts::{Facts, HasSet};
pub use meaning::{Document, highlights, matches};
pub use parser::{QueryError, QueryErrorKind, parse};

/// Longest expression, characters.
pub const QUERY_CHARS_MAX: usize = 8_192;
/// Most words, fields and operators in one expression.
pub const QUERY_NODES_MAX: usize = 2_000;
/// Deepest nesting of parentheses.
pub const QUERY_DEPTH_MAX: usize = 64;
/// Largest distance of `NEAR/n`, words.
pub const NEAR_MAX: u32 = 100;
