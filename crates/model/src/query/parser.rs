//! From signs to an expression, with errors that say what to do.

use super::ast::{Comparison, Expr, Field, Has, Leaf, Word};
use super::facts::{fold_handle, fold_hashtag};
use super::lexer::{Placed, Sign, lex};
use super::{NEAR_MAX, QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_NODES_MAX};
use crate::text::{Tokens, fold};
use crate::time::DAY_MS;
use crate::{Emotion, Intent, Lang, Network, Offence, PostKind, Timestamp, Tone};

/// Distance of a bare `NEAR`, words.
pub(super) const NEAR_DEFAULT: u32 = 10;

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryErrorKind {
    /// Nothing to look for.
    #[error("there is nothing to look for: write at least one word")]
    Empty,
    /// Longer than [`QUERY_CHARS_MAX`].
    #[error("the query has {0} characters, at most {QUERY_CHARS_MAX} are allowed: split it in two queries")]
    TooLong(usize),
    /// More than [`QUERY_NODES_MAX`] parts.
    #[error("the query has more than {QUERY_NODES_MAX} parts: split it in two queries")]
    TooManyParts,
    /// Deeper than [`QUERY_DEPTH_MAX`].
    #[error("parentheses are nested more than {QUERY_DEPTH_MAX} deep: simplify the query")]
    TooDeep,
    /// A quote is not closed.
    #[error("this quotation mark is never closed: add another \" after the phrase")]
    UnclosedQuote,
    /// A parenthesis is not closed.
    #[error("this parenthesis is never closed: add ) where the group ends")]
    UnclosedParenthesis,
    /// A closing parenthesis too many.
    #[error("this ) closes nothing: remove it or add ( before the group")]
    StrayParenthesis,
    /// An operator lacks a side.
    #[error("{0} needs something on both sides: add a word or remove the operator")]
    MissingOperand(String),
    /// NOT before nothing.
    #[error("NOT needs something after it: add a word or remove it")]
    NothingToNegate,
    /// `NEAR/x`.
    #[error("NEAR needs a whole number of words from 1 to {NEAR_MAX}, as in NEAR/5")]
    BadDistance,
    /// A side of NEAR is not words.
    #[error("NEAR joins words, phrases, prefixes or groups of them with OR; nothing else")]
    BadNearSide,
    /// Unknown field.
    #[error("there is no field «{0}:»; use one of {FIELDS}, or put the text between quotes")]
    UnknownField(String),
    /// A field without value.
    #[error("«{0}:» needs a value right after the colon")]
    MissingValue(String),
    /// A value that the field does not take.
    #[error("«{field}:» does not take «{value}»: {help}")]
    BadValue {
        /// The field.
        field: String,
        /// What was written.
        value: String,
        /// What it takes.
        help: String,
    },
    /// A word without letters, such as `!!!`.
    #[error("«{0}» holds no letter or digit to look for: remove it or write a word")]
    NoLetters(String),
    /// A lone `*` or a prefix shorter than two letters.
    #[error("a prefix needs at least two letters before *, as in agu*")]
    ShortPrefix,
    /// `*` somewhere else than at the end of a word.
    #[error("* can only stand at the end of a word, as in agu*")]
    InnerStar,
}

/// The names of all fields, for messages.
pub const FIELDS: &str = "network, lang, author, thread, to, hashtag, domain, country, followers, engagement, has, is, tone, intent, urgency, offence, emotion, cascade, link, label, source, since, until";

/// An error and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (character {})", .position + 1)]
pub struct QueryError {
    /// Character (not byte) of the expression, from 0.
    pub position: usize,
    /// What is wrong.
    pub kind: QueryErrorKind,
}

/// Reads an expression. `AND` binds tighter than `OR`; words side by side are
/// joined by `AND`; `NEAR/n` binds tightest; operators are upper case.
///
/// # Errors
/// [`QueryError`] with the character and what to do.
pub fn parse(text: &str) -> Result<Expr, QueryError> {
    let chars = text.chars().count();
    if chars > QUERY_CHARS_MAX {
        return Err(QueryError { position: QUERY_CHARS_MAX, kind: QueryErrorKind::TooLong(chars) });
    }
    let signs = lex(text);
    let mut parser = Parser { signs: &signs, next: 0, nodes: 0, depth: 0, end: text.len() };
    let result = parser.whole();
    result.map_err(|Fault { at, kind }| QueryError {
        position: text.get(..at).unwrap_or(text).chars().count(),
        kind,
    })
}

/// An error with its byte.
struct Fault {
    at: usize,
    kind: QueryErrorKind,
}

type Parsed<T> = Result<T, Fault>;

struct Parser<'s, 't> {
    signs: &'s [Placed<'t>],
    next: usize,
    nodes: usize,
    depth: usize,
    end: usize,
}

fn fault<T>(at: usize, kind: QueryErrorKind) -> Parsed<T> {
    Err(Fault { at, kind })
}

impl<'s, 't> Parser<'s, 't> {
    fn peek(&self) -> Option<&'s Placed<'t>> {
        self.signs.get(self.next)
    }

    fn at(&self) -> usize {
        self.peek().map_or(self.end, |placed| placed.at)
    }

    fn count(&mut self, at: usize) -> Parsed<()> {
        self.nodes += 1;
        if self.nodes > QUERY_NODES_MAX { fault(at, QueryErrorKind::TooManyParts) } else { Ok(()) }
    }

    fn whole(&mut self) -> Parsed<Expr> {
        if self.signs.is_empty() {
            return fault(0, QueryErrorKind::Empty);
        }
        if let [Placed { sign: Sign::Bare("*"), .. }] = self.signs {
            return Ok(Expr::All);
        }
        let expr = self.either()?;
        match self.peek() {
            None => Ok(expr),
            Some(placed) => fault(placed.at, QueryErrorKind::StrayParenthesis),
        }
    }

    fn either(&mut self) -> Parsed<Expr> {
        let mut list = vec![self.both()?];
        while let Some(Placed { at, sign: Sign::Or }) = self.peek() {
            self.next += 1;
            self.expect_operand(*at, "OR")?;
            list.push(self.both()?);
        }
        Ok(joined(list, Expr::Or))
    }

    fn both(&mut self) -> Parsed<Expr> {
        let mut list = vec![self.negated()?];
        loop {
            match self.peek().map(|placed| (placed.at, &placed.sign)) {
                Some((at, Sign::And)) => {
                    self.next += 1;
                    self.expect_operand(at, "AND")?;
                }
                None | Some((_, Sign::Or | Sign::Close)) => break,
                Some(_) => {}
            }
            list.push(self.negated()?);
        }
        Ok(joined(list, Expr::And))
    }

    /// The operator at `at` must be followed by the start of an operand.
    fn expect_operand(&self, at: usize, operator: &str) -> Parsed<()> {
        match self.peek().map(|placed| &placed.sign) {
            None | Some(Sign::And | Sign::Or | Sign::Near(_) | Sign::Close) => {
                fault(at, QueryErrorKind::MissingOperand(operator.to_owned()))
            }
            Some(_) => Ok(()),
        }
    }

    fn negated(&mut self) -> Parsed<Expr> {
        let Some(Placed { at, sign: Sign::Not }) = self.peek() else {
            return self.near();
        };
        self.next += 1;
        self.count(*at)?;
        match self.peek().map(|placed| &placed.sign) {
            None | Some(Sign::And | Sign::Or | Sign::Near(_) | Sign::Close) => {
                fault(*at, QueryErrorKind::NothingToNegate)
            }
            Some(_) => {
                self.descend(*at)?;
                let inner = self.negated()?;
                self.depth -= 1;
                Ok(Expr::Not(Box::new(inner)))
            }
        }
    }

    fn descend(&mut self, at: usize) -> Parsed<()> {
        self.depth += 1;
        if self.depth > QUERY_DEPTH_MAX { fault(at, QueryErrorKind::TooDeep) } else { Ok(()) }
    }

    fn near(&mut self) -> Parsed<Expr> {
        let left_at = self.at();
        let left = self.primary()?;
        let Some(Placed { at, sign: Sign::Near(distance) }) = self.peek() else {
            return Ok(left);
        };
        self.next += 1;
        self.count(*at)?;
        let distance = distance.filter(|n| (1..=NEAR_MAX).contains(n));
        let Some(distance) = distance else {
            return fault(*at, QueryErrorKind::BadDistance);
        };
        self.expect_operand(*at, "NEAR")?;
        let right_at = self.at();
        let right = self.primary()?;
        if let Some(Placed { at, sign: Sign::Near(_) }) = self.peek() {
            return fault(*at, QueryErrorKind::BadNearSide);
        }
        Ok(Expr::Near { left: near_side(left, left_at)?, right: near_side(right, right_at)?, distance })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let Some(Placed { at, sign }) = self.peek() else {
            return fault(self.end, QueryErrorKind::Empty);
        };
        let at = *at;
        self.next += 1;
        self.count(at)?;
        match sign {
            Sign::Open => self.group(at),
            Sign::Close => fault(at, QueryErrorKind::StrayParenthesis),
            Sign::And => fault(at, QueryErrorKind::MissingOperand("AND".to_owned())),
            Sign::Or => fault(at, QueryErrorKind::MissingOperand("OR".to_owned())),
            Sign::Near(_) => fault(at, QueryErrorKind::MissingOperand("NEAR".to_owned())),
            Sign::Not => fault(at, QueryErrorKind::NothingToNegate),
            Sign::Quoted(_, false) => fault(at, QueryErrorKind::UnclosedQuote),
            Sign::Quoted(text, true) => quoted(text, at),
            Sign::FieldName(name) => self.field(name, at),
            Sign::Bare(word) => bare(word, at),
        }
    }

    fn group(&mut self, at: usize) -> Parsed<Expr> {
        self.descend(at)?;
        if let None | Some(Placed { sign: Sign::Close, .. }) = self.peek() {
            let kind = if self.peek().is_some() {
                QueryErrorKind::Empty
            } else {
                QueryErrorKind::UnclosedParenthesis
            };
            return fault(at, kind);
        }
        let inner = self.either()?;
        self.depth -= 1;
        match self.peek() {
            Some(Placed { sign: Sign::Close, .. }) => {
                self.next += 1;
                Ok(inner)
            }
            _ => fault(at, QueryErrorKind::UnclosedParenthesis),
        }
    }

    fn field(&mut self, name: &str, at: usize) -> Parsed<Expr> {
        if !FIELDS.split(", ").any(|known| known == name) {
            return fault(at, QueryErrorKind::UnknownField(name.to_owned()));
        }
        let value_at = at + name.len() + 1;
        let value = match self.peek() {
            Some(Placed { at, sign: Sign::Bare(value) }) if *at == value_at => (*value).to_owned(),
            Some(Placed { at, sign: Sign::Quoted(value, true) }) if *at == value_at => (*value).to_owned(),
            Some(Placed { at, sign: Sign::Quoted(_, false) }) if *at == value_at => {
                return fault(*at, QueryErrorKind::UnclosedQuote);
            }
            _ => return fault(at, QueryErrorKind::MissingValue(name.to_owned())),
        };
        self.next += 1;
        if value.trim().is_empty() {
            return fault(at, QueryErrorKind::MissingValue(name.to_owned()));
        }
        match field_of(name, &value) {
            Ok(field) => Ok(Expr::Field(field)),
            Err(help) => fault(value_at, QueryErrorKind::BadValue { field: name.to_owned(), value, help }),
        }
    }
}

fn joined(mut list: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if list.len() == 1 { list.swap_remove(0) } else { join(list) }
}

/// The alternatives that a side of NEAR may have.
fn near_side(expr: Expr, at: usize) -> Parsed<Vec<Leaf>> {
    match expr {
        Expr::Leaf(leaf) => Ok(vec![leaf]),
        Expr::Or(list) => {
            let mut leaves = Vec::with_capacity(list.len());
            for item in list {
                leaves.extend(near_side(item, at)?);
            }
            Ok(leaves)
        }
        _ => fault(at, QueryErrorKind::BadNearSide),
    }
}

/// A phrase between quotes; `=` as its first character asks for the exact spelling.
fn quoted(text: &str, at: usize) -> Parsed<Expr> {
    let (text, exact) = match text.strip_prefix('=') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    words_to_leaf(text, exact, at).map(Expr::Leaf)
}

/// A word without quotes: a prefix, a hashtag, a tagged account or plain words.
fn bare(word: &str, at: usize) -> Parsed<Expr> {
    if let Some(stem) = word.strip_suffix('*') {
        return prefix(stem, at).map(Expr::Leaf);
    }
    if word.contains('*') {
        return fault(at, QueryErrorKind::InnerStar);
    }
    if let Some(tag) = word.strip_prefix(['#', '＃']) {
        let folded = fold_hashtag(tag);
        return if folded.is_empty() {
            fault(at, QueryErrorKind::NoLetters(word.to_owned()))
        } else {
            Ok(Expr::Field(Field::Hashtag(folded)))
        };
    }
    if let Some(handle) = word.strip_prefix('@') {
        let folded = fold_handle(handle);
        return if folded.is_empty() {
            fault(at, QueryErrorKind::NoLetters(word.to_owned()))
        } else {
            Ok(Expr::Field(Field::To(folded)))
        };
    }
    words_to_leaf(word, false, at).map(Expr::Leaf)
}

fn prefix(stem: &str, at: usize) -> Parsed<Leaf> {
    if stem.contains('*') {
        return fault(at, QueryErrorKind::InnerStar);
    }
    let tokens = Tokens::of(stem);
    match (tokens.len(), tokens.get(0)) {
        (1, Some((folded, _))) if folded.chars().count() >= 2 => Ok(Leaf::Prefix(folded.to_owned())),
        _ => fault(at, QueryErrorKind::ShortPrefix),
    }
}

fn words_to_leaf(text: &str, exact: bool, at: usize) -> Parsed<Leaf> {
    let tokens = Tokens::of(text);
    let mut words: Vec<Word> = tokens
        .iter()
        .map(|(folded, token)| Word {
            folded: folded.to_owned(),
            exact: exact
                .then(|| text.get(token.start as usize..token.end as usize).unwrap_or_default().to_owned()),
        })
        .collect();
    match words.len() {
        0 => fault(at, QueryErrorKind::NoLetters(text.chars().take(40).collect())),
        1 => Ok(Leaf::Word(words.swap_remove(0))),
        _ => Ok(Leaf::Phrase(words)),
    }
}

/// The field of a name and value, or what the field takes.
fn field_of(name: &str, value: &str) -> Result<Field, String> {
    let value = value.trim();
    match name {
        "network" => Network::parse(value).map(Field::Network).map_err(|_| {
            let names: Vec<&str> = Network::ALL.iter().map(|network| network.name()).collect();
            format!("write one of {}", names.join(", "))
        }),
        "lang" if value == "unknown" => Ok(Field::Lang(None)),
        "lang" => Lang::parse(value)
            .map(|lang| Field::Lang(Some(lang)))
            .map_err(|_| "write a two-letter code such as es, pt or en, or unknown".to_owned()),
        "author" => Ok(Field::Author(author_value(value))),
        "thread" => Ok(Field::Thread(value.to_owned())),
        "to" => Ok(Field::To(fold_handle(value))),
        "hashtag" => Ok(Field::Hashtag(fold_hashtag(value))),
        "domain" => crate::post::host_of(value)
            .map(Field::Domain)
            .ok_or_else(|| "write a host name such as prensa.com".to_owned()),
        "country" if value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Ok(Field::Country(value.to_uppercase()))
        }
        "country" => Err("write a two-letter code such as PA, MX or ES".to_owned()),
        "followers" => comparison(value).map(Field::Followers),
        "engagement" => comparison(value).map(Field::Engagement),
        "has" => {
            Has::ALL.into_iter().find(|(_, word)| *word == value).map(|(has, _)| Field::Has(has)).ok_or_else(
                || {
                    let words = Has::ALL.map(|(_, word)| word);
                    format!("write one of {}", words.join(", "))
                },
            )
        }
        "is" => PostKind::ALL
            .into_iter()
            .find(|kind| kind.name() == value)
            .map(Field::Is)
            .ok_or_else(|| "write one of original, reply, reshare, quote".to_owned()),
        "tone" => Tone::parse(value)
            .map(Field::Tone)
            .ok_or_else(|| "write one of negative, neutral, positive, mixed, unknown".to_owned()),
        "intent" => {
            Intent::parse(value).map(Field::Intent).ok_or_else(|| one_of(Intent::ALL.map(Intent::name)))
        }
        "urgency" => comparison(value).map(Field::Urgency),
        "offence" => {
            Offence::parse(value).map(Field::Offence).ok_or_else(|| one_of(Offence::ALL.map(Offence::name)))
        }
        "emotion" => {
            Emotion::parse(value).map(Field::Emotion).ok_or_else(|| one_of(Emotion::ALL.map(Emotion::name)))
        }
        "cascade" => {
            value.parse().map(Field::Cascade).map_err(|_| "write the number of a cascade".to_owned())
        }
        "link" => Ok(Field::Link(value.to_owned())),
        "label" => Ok(Field::Label(fold(value))),
        "source" => value.parse().map(Field::Source).map_err(|_| "write the number of a source".to_owned()),
        "since" => Timestamp::parse(value).map(Field::Since).map_err(|e| e.to_string()),
        "until" => until(value),
        _ => Err(String::new()),
    }
}

fn one_of<const N: usize>(words: [&str; N]) -> String {
    format!("write one of {}", words.join(", "))
}

/// A key is kept as it is, a handle is folded.
fn author_value(value: &str) -> String {
    match crate::AccountKey::parse(value) {
        Some(key) => key.to_text(),
        None => fold_handle(value),
    }
}

fn until(value: &str) -> Result<Field, String> {
    let instant = Timestamp::parse(value).map_err(|e| e.to_string())?;
    let bare_date = !value.contains([':', 'T']);
    Ok(Field::Until(if bare_date { instant.plus(DAY_MS) } else { instant }))
}

fn comparison(value: &str) -> Result<Comparison, String> {
    let help = || "write a number, >100, >=100, <100, <=100 or 100..999".to_owned();
    let number = |text: &str| text.parse::<u64>().map_err(|_| help());
    let (min, max) = if let Some(rest) = value.strip_prefix(">=") {
        (number(rest)?, u64::MAX)
    } else if let Some(rest) = value.strip_prefix("<=") {
        (0, number(rest)?)
    } else if let Some(rest) = value.strip_prefix('>') {
        (number(rest)?.checked_add(1).ok_or_else(help)?, u64::MAX)
    } else if let Some(rest) = value.strip_prefix('<') {
        (0, number(rest)?.checked_sub(1).ok_or_else(help)?)
    } else if let Some((low, high)) = value.split_once("..") {
        (number(low)?, number(high)?)
    } else {
        let exact = number(value)?;
        (exact, exact)
    };
    if min > max { Err(help()) } else { Ok(Comparison { min, max }) }
}

#[cfg(test)]
mod tests;
