//! What people talk about now and did not before, and what they keep asking.
//!
//! In: texts with their authors, of a recent time and of the time before it.
//! Out: [`Topic`]s named by their own words ([`emerging`]); [`QuestionGroup`]s
//! of questions that ask the same ([`questions`]).
//! Errors: none; too little text gives no topic and no group.
//! Cost: linear in the words read, plus a bounded comparison of the words and
//! questions that stood out: about 10 µs a post. Pure; the order of the texts
//! only breaks ties.
//! Source: log-odds with an informative Dirichlet prior (Monroe, Colaresi &
//! Quinn 2008, «Fightin' Words») decides which words are new; normalised
//! pointwise mutual information (Bouma 2009) with average linkage joins them.
//! Limits: [`DOCUMENTS_MAX`], [`TOKENS_READ_MAX`], [`CANDIDATES_MAX`],
//! [`QUESTIONS_MAX`]. A topic is what several people write in several texts:
//! one voice, however loud, and one message, however often copied, is none.

mod ask;
mod concepts;
mod emerging;
mod gather;
mod plain;
mod question;
mod score;
mod stems;
mod terms;
#[cfg(test)]
mod tests;

pub use emerging::{Topic, TopicOptions, TopicTerm, emerging};
pub use question::{KnownQuestion, QuestionGroup, questions};

/// Name of the method that finds topics.
pub const METHOD: &str = "topics";
/// Its version; scores of another version are not comparable.
pub const METHOD_VERSION: u32 = 1;
/// Name of the method that groups questions.
pub const QUESTIONS_METHOD: &str = "questions";
/// Its version.
pub const QUESTIONS_METHOD_VERSION: u32 = 1;
/// Most texts read of each side; what follows is left out.
pub const DOCUMENTS_MAX: usize = 50_000;
/// Most words read of one text.
pub const TOKENS_READ_MAX: usize = 300;
/// Most words and expressions that are compared with each other.
pub const CANDIDATES_MAX: usize = 200;
/// Most words that name one topic.
pub const TOPIC_TERMS_MAX: usize = 6;
/// Most examples of a topic.
pub const EXAMPLES_MAX: usize = 3;
/// Most questions compared; what follows is left out.
pub const QUESTIONS_MAX: usize = 5_000;
/// Most wordings that a group of questions tells.
pub const WORDINGS_MAX: usize = 12;

/// A text with its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicDocument<'a> {
    /// The author, such as `network:native id`; equal texts are one author.
    pub author: &'a str,
    /// The text as it was written.
    pub text: &'a str,
}
