//! Whether a post matches: the meaning of the language, one post at a time.

use super::ast::{Comparison, Expr, Field, Leaf, Word};
use super::facts::Facts;
use crate::text::{Token, Tokens};
use std::ops::Range;

/// Everything that a query can ask about one post.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Its full text.
    pub text: &'a str,
    /// The tokens of that text.
    pub tokens: &'a Tokens,
    /// Its facts.
    pub facts: &'a Facts,
    /// Labels that people put on it, folded.
    pub labels: &'a [String],
}

/// True when the expression matches the post. An unknown value never matches
/// a comparison (missing is not zero).
pub fn matches(expr: &Expr, document: &Document<'_>) -> bool {
    match expr {
        Expr::All => true,
        Expr::Leaf(leaf) => any_place(leaf, document),
        Expr::Near { left, right, distance } => {
            near_places(left, right, *distance, document).next().is_some()
        }
        Expr::Field(field) => field_matches(field, document),
        Expr::And(list) => list.iter().all(|item| matches(item, document)),
        Expr::Or(list) => list.iter().any(|item| matches(item, document)),
        Expr::Not(inner) => !matches(inner, document),
    }
}

/// Byte ranges of the text that made the expression match, in order, without
/// overlap; what stands under `NOT` is left out.
pub fn highlights(expr: &Expr, document: &Document<'_>) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    collect(expr, document, &mut ranges);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn collect(expr: &Expr, document: &Document<'_>, out: &mut Vec<Range<usize>>) {
    match expr {
        Expr::Leaf(leaf) => out.extend(places(leaf, document).map(|place| place.bytes)),
        Expr::Near { left, right, distance } => {
            for (one, other) in near_places(left, right, *distance, document) {
                out.push(one.bytes);
                out.push(other.bytes);
            }
        }
        Expr::Field(Field::Hashtag(tag)) => out.extend(
            document
                .tokens
                .iter()
                .filter(|(folded, token)| token.hashtag && folded == tag)
                .map(|(_, token)| bytes_of(token)),
        ),
        Expr::And(list) | Expr::Or(list) => list.iter().for_each(|item| collect(item, document, out)),
        Expr::All | Expr::Field(_) | Expr::Not(_) => {}
    }
}

/// Where a leaf stands: positions first and last, and bytes.
#[derive(Debug, Clone)]
struct Place {
    first: u32,
    last: u32,
    bytes: Range<usize>,
}

fn bytes_of(token: &Token) -> Range<usize> {
    token.start as usize..token.end as usize
}

fn any_place(leaf: &Leaf, document: &Document<'_>) -> bool {
    places(leaf, document).next().is_some()
}

/// Every place of a leaf, in the order of the text.
fn places<'a>(leaf: &'a Leaf, document: &'a Document<'_>) -> Box<dyn Iterator<Item = Place> + 'a> {
    let at = |token: &Token| Place { first: token.position, last: token.position, bytes: bytes_of(token) };
    let tokens = document.tokens;
    match leaf {
        Leaf::Word(word) => Box::new(
            tokens
                .iter()
                .filter(|(folded, token)| is_word(word, folded, token, document))
                .map(move |(_, token)| at(token)),
        ),
        Leaf::Prefix(prefix) => Box::new(
            tokens
                .iter()
                .filter(move |(folded, _)| folded.starts_with(prefix.as_str()))
                .map(move |(_, token)| at(token)),
        ),
        Leaf::Phrase(words) => {
            Box::new((0..tokens.len()).filter_map(move |index| phrase_at(words, index, document)))
        }
    }
}

fn is_word(word: &Word, folded: &str, token: &Token, document: &Document<'_>) -> bool {
    folded == word.folded
        && word.exact.as_ref().is_none_or(|exact| document.text.get(bytes_of(token)) == Some(exact.as_str()))
}

/// The phrase whose first word is the token with this ordinal, if it is there.
fn phrase_at(words: &[Word], index: usize, document: &Document<'_>) -> Option<Place> {
    let (first_word, rest) = words.split_first()?;
    let (folded, first) = document.tokens.get(index)?;
    if !is_word(first_word, folded, first, document) {
        return None;
    }
    let mut last = *first;
    let mut cursor = index + 1;
    for word in rest {
        let wanted = last.position + 1;
        loop {
            let (folded, token) = document.tokens.get(cursor)?;
            if token.position > wanted {
                return None;
            }
            cursor += 1;
            if token.position == wanted && is_word(word, folded, token, document) {
                last = *token;
                break;
            }
        }
    }
    let bytes = first.start as usize..(last.end as usize).max(first.end as usize);
    Some(Place { first: first.position, last: last.position, bytes })
}

/// Pairs of places at most `distance` apart: between the last word of the
/// one and the first of the other, in either order, never overlapping.
fn near_places<'a>(
    left: &'a [Leaf],
    right: &'a [Leaf],
    distance: u32,
    document: &'a Document<'a>,
) -> impl Iterator<Item = (Place, Place)> + 'a {
    let rights: Vec<Place> = right.iter().flat_map(|leaf| places(leaf, document)).collect();
    left.iter().flat_map(move |leaf| places(leaf, document)).flat_map(move |one| {
        let pairs: Vec<(Place, Place)> = rights
            .iter()
            .filter(|other| gap(&one, other).is_some_and(|gap| gap <= distance))
            .map(|other| (one.clone(), other.clone()))
            .collect();
        pairs
    })
}

/// Words from the end of one place to the start of the other; `None` when they overlap.
fn gap(one: &Place, other: &Place) -> Option<u32> {
    if one.last < other.first {
        Some(other.first - one.last)
    } else if other.last < one.first {
        Some(one.first - other.last)
    } else {
        None
    }
}

fn field_matches(field: &Field, document: &Document<'_>) -> bool {
    let facts = document.facts;
    match field {
        Field::Network(network) => facts.network == *network,
        Field::Lang(lang) => facts.language == *lang,
        Field::Author(author) => facts.handle.as_ref() == Some(author) || facts.author == *author,
        Field::Thread(root) => facts.thread.as_ref() == Some(root),
        Field::Hashtag(tag) => facts.hashtags.contains(tag),
        Field::To(handle) => facts.tagged.contains(handle),
        Field::Domain(domain) => facts.domains.iter().any(|host| is_under(host, domain)),
        Field::Country(country) => facts.country.as_ref() == Some(country),
        Field::Followers(range) => within(facts.followers, *range),
        Field::Engagement(range) => within(facts.engagement, *range),
        Field::Has(has) => facts.has.contains(*has),
        Field::Is(kind) => facts.kind == *kind,
        Field::Tone(tone) => facts.tone == *tone,
        Field::Intent(intent) => facts.intents.contains(*intent),
        Field::Urgency(range) => within(facts.urgency_percent.map(u64::from), *range),
        Field::Offence(offence) => facts.offence == *offence,
        Field::Emotion(emotion) => facts.emotion == *emotion,
        Field::Cascade(root) => facts.cascade == Some(*root),
        Field::Link(link) => facts.links.contains(link),
        Field::Label(label) => document.labels.contains(label),
        Field::Source(source) => facts.source == *source,
        Field::Since(start) => facts.time >= *start,
        Field::Until(end) => facts.time < *end,
    }
}

fn within(value: Option<u64>, range: Comparison) -> bool {
    value.is_some_and(|value| (range.min..=range.max).contains(&value))
}

/// True for the host itself and any host below it.
fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::{
        Account, Emotion, Intent, Lang, NativeId, Network, Offence, Post, Timestamp, Tone, Understood,
    };

    fn facts(text: &str) -> (String, Tokens, Facts) {
        let author = Account {
            handle: Some("Ana.Ríos".into()),
            ..Account::bare(Network::X, NativeId::parse("7").unwrap())
        };
        let mut post = Post::new(Network::X, NativeId::parse("1").unwrap(), author, text.to_owned());
        post.hashtags = vec!["PanamáSinAgua".into()];
        post.links = vec!["https://blog.prensa.com/x".into()];
        let understood = Understood {
            language: Some(Lang::ES),
            tone: Tone::Negative,
            tone_score: Some(-0.5),
            intents: [Intent::Complaint, Intent::Request].into_iter().collect(),
            urgency_percent: Some(60),
            offence: Offence::None,
            emotion: Emotion::Anger,
        };
        let mut facts = Facts::of(&post, Timestamp::from_millis(0), 3, &understood);
        facts.cascade = Some(9);
        (text.to_owned(), Tokens::of(text), facts)
    }

    #[track_caller]
    fn check(query: &str, text: &str, expect: bool) {
        let (text, tokens, facts) = facts(text);
        let labels = ["urgente".to_owned()];
        let document = Document { text: &text, tokens: &tokens, facts: &facts, labels: &labels };
        assert_eq!(matches(&parse(query).unwrap(), &document), expect, "{query} in {text}");
    }

    #[test]
    fn words_phrases_distance_and_spelling() {
        let text = "Así estamos en #PanamáSinAgua: la empresa no responde. El año pasado también falló";
        check("asi", text, true);
        check("\"=Así\"", text, true);
        check("\"=así\"", text, false);
        check("ano", text, false);
        check("año", text, true);
        check("\"panama sin agua\"", text, true);
        check("panamasinagua", text, true);
        check("#panamasinagua", text, true);
        check("\"agua la empresa\"", text, true);
        check("\"sin empresa\"", text, false);
        check("respon*", text, true);
        check("empresa NEAR/2 responde", text, true);
        check("responde NEAR/2 empresa", text, true);
        check("empresa NEAR/1 responde", text, false);
        check("(luz OR agua) NEAR/2 \"la empresa\"", text, true);
        check("agua -responde", text, false);
        check("agua NOT luz", text, true);
    }

    #[test]
    fn fields_and_missing_values() {
        let text = "hola";
        check("author:ana.rios", text, true);
        check("author:x:7", text, true);
        check("domain:prensa.com", text, true);
        check("domain:ensa.com", text, false);
        check("followers:<5", text, false);
        check("NOT followers:>5", text, true);
        check("lang:es tone:negative source:3 has:link label:urgente", text, true);
        check("label:otra", text, false);
        check("is:reply", text, false);
    }

    #[test]
    fn highlights_say_what_matched() {
        let (text, tokens, facts) = facts("El agua, sin agua y SIN luz");
        let document = Document { text: &text, tokens: &tokens, facts: &facts, labels: &[] };
        let expr = parse("\"sin agua\" OR luz -gas").unwrap();
        let marked: Vec<&str> = highlights(&expr, &document).into_iter().map(|r| &text[r]).collect();
        assert_eq!(marked, ["sin agua", "luz"]);
    }
}
