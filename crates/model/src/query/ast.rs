//! The shape of a parsed expression.

use crate::{Emotion, Intent, Lang, Network, Offence, PostKind, Timestamp, Tone};

/// One word to look for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// Folded form, as [`crate::text::Tokens`] gives it.
    pub folded: String,
    /// The spelling that the source must have, for `"=Así"`.
    pub exact: Option<String>,
}

/// Something that stands at places of the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// One word.
    Word(Word),
    /// Words at consecutive positions; at least two.
    Phrase(Vec<Word>),
    /// Any word that begins so (folded).
    Prefix(String),
}

/// A comparison with a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Comparison {
    /// Least value that matches.
    pub min: u64,
    /// Greatest value that matches.
    pub max: u64,
}

/// What `has:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Has {
    /// At least one link.
    Link = 0,
    /// At least one picture.
    Image = 1,
    /// At least one video.
    Video = 2,
    /// Any picture, video or sound.
    Media = 3,
    /// At least one hashtag.
    Hashtag = 4,
    /// At least one tagged account.
    Tag = 5,
    /// A question mark.
    Question = 6,
    /// A country.
    Country = 7,
}

impl Has {
    /// Every one with its word.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Link, "link"),
        (Self::Image, "image"),
        (Self::Video, "video"),
        (Self::Media, "media"),
        (Self::Hashtag, "hashtag"),
        (Self::Tag, "tag"),
        (Self::Question, "question"),
        (Self::Country, "country"),
    ];
}

/// A condition on the facts of a post, not on its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// `network:bluesky`
    Network(Network),
    /// `lang:es`; `lang:unknown` is `None`.
    Lang(Option<Lang>),
    /// `author:handle` (folded, without `@`) or `author:"network:native id"`.
    Author(String),
    /// `thread:"network:native id"`: answers in the thread of this first post.
    Thread(String),
    /// `hashtag:SinAgua` or `#SinAgua` (folded, without `#`).
    Hashtag(String),
    /// `to:handle` or `@handle` (folded, without `@`): a tagged account.
    To(String),
    /// `domain:prensa.com`: that host or any below it.
    Domain(String),
    /// `country:PA`
    Country(String),
    /// `followers:>1000`, `followers:10..99`; unknown never matches.
    Followers(Comparison),
    /// `engagement:>10`; unknown never matches.
    Engagement(Comparison),
    /// `has:link`
    Has(Has),
    /// `is:reply`
    Is(PostKind),
    /// `tone:negative`
    Tone(Tone),
    /// `intent:complaint`
    Intent(Intent),
    /// `urgency:>50`, in hundredths; unknown never matches.
    Urgency(Comparison),
    /// `offence:person`
    Offence(Offence),
    /// `emotion:anger`
    Emotion(Emotion),
    /// `cascade:123`: the post that begins a cascade of copies, and its members.
    Cascade(i64),
    /// `link:https://example.org/page`: this very address.
    Link(String),
    /// `label:urgente` (folded)
    Label(String),
    /// `source:3`: the number of the source that received it.
    Source(i64),
    /// `since:2026-03-01`: not earlier.
    Since(Timestamp),
    /// `until:2026-03-02`: earlier than (a bare date means its end).
    Until(Timestamp),
}

/// A parsed expression. `And` and `Or` have at least two members.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expr {
    /// Every post.
    All,
    /// Something in the text.
    Leaf(Leaf),
    /// Two sides at most `distance` words apart, in either order. Adjacent
    /// words are 1 apart. A side is one or more alternatives.
    Near {
        /// Alternatives of the one side.
        left: Vec<Leaf>,
        /// Alternatives of the other side.
        right: Vec<Leaf>,
        /// Greatest distance between the end of one and the start of the other, words.
        distance: u32,
    },
    /// A fact.
    Field(Field),
    /// All of them.
    And(Vec<Expr>),
    /// At least one of them.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
}

impl Expr {
    /// `self AND other`, without needless nesting.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, other) => other,
            (this, Self::All) => this,
            (Self::And(mut list), Self::And(more)) => {
                list.extend(more);
                Self::And(list)
            }
            (Self::And(mut list), other) => {
                list.push(other);
                Self::And(list)
            }
            (this, other) => Self::And(vec![this, other]),
        }
    }

    /// Calls `visit` for this expression and everything inside it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::And(list) | Self::Or(list) => list.iter().for_each(|e| e.walk(visit)),
            Self::Not(inner) => inner.walk(visit),
            Self::All | Self::Leaf(_) | Self::Near { .. } | Self::Field(_) => {}
        }
    }

    /// The labels that it asks about, folded, each once.
    pub fn labels(&self) -> Vec<&str> {
        let mut labels = Vec::new();
        self.walk(&mut |expr| {
            if let Self::Field(Field::Label(label)) = expr {
                labels.push(label.as_str());
            }
        });
        labels.sort_unstable();
        labels.dedup();
        labels
    }
}
