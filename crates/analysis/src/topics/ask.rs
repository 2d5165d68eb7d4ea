//! What a text asks: its questions, each as the few things that matter in it.

use super::concepts::{Class, concept_of};
use super::plain::{Plain, is_stop, read_plain};
use super::stems::stem;
use crate::hashing::hash_bytes;
use model::text::Tokens;
use std::ops::Range;

/// Most words read of one question.
const QUESTION_WORDS_MAX: usize = 60;
/// Most words of a wording that is searched for.
const WORDING_WORDS_MAX: usize = 12;
/// Most questions of one text.
const PER_TEXT_MAX: usize = 3;
/// A question with more different things in it than this is a story.
const THINGS_MAX: usize = 14;
/// Keep stems, concepts and classes apart.
const STEM_SEED: u64 = 11;
const CONCEPT_SEED: u64 = 12;
const CLASS_SEED: u64 = 13;

/// One thing that matters in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Thing {
    pub key: u64,
    pub kind: ThingKind,
}

/// How much a thing weighs before its rarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ThingKind {
    /// The kind of answer wanted.
    Class,
    /// Something often asked for, in any words.
    Concept,
    /// A word.
    Word,
}

/// One question of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Where it stands.
    pub place: Range<usize>,
    /// What matters in it, rising, each once.
    pub things: Vec<Thing>,
    /// Its first words, folded, as a phrase.
    pub wording: String,
}

/// The questions of a text that say what they ask for; at most three.
pub(super) fn asked(text: &str) -> Vec<Asked> {
    let sentences = sentences(text);
    let marked: Vec<&Range<usize>> =
        sentences.iter().filter(|(_, asks)| *asks).map(|(place, _)| place).collect();
    let whole = 0..text.len();
    // Many ask without a mark; then the text is the question.
    let places = if marked.is_empty() { vec![&whole] } else { marked };
    places.into_iter().filter_map(|place| read(text, place)).take(PER_TEXT_MAX).collect()
}

/// The sentences of a text and whether they end in a question mark.
fn sentences(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut address = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let rest = text.get(at..).unwrap_or_default();
        if !address
            && (rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www."))
        {
            address = true;
        }
        if c.is_whitespace() {
            address = false;
        }
        if address {
            continue;
        }
        let end = at + c.len_utf8();
        let ends_word = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
        match c {
            '¿' => {
                out.push((start..at, false));
                start = at;
            }
            '?' | '？' => {
                out.push((start..end, true));
                start = end;
            }
            '!' | '…' | '\n' | ';' => {
                out.push((start..end, false));
                start = end;
            }
            '.' if ends_word => {
                out.push((start..end, false));
                start = end;
            }
            _ => {}
        }
    }
    out.push((start..text.len(), false));
    out
}

/// The question at a place; `None` when it names nothing that could be asked for.
fn read(text: &str, place: &Range<usize>) -> Option<Asked> {
    let sentence = text.get(place.clone())?;
    let tokens = Tokens::of(sentence);
    let mut plain = Vec::new();
    read_plain(sentence, &tokens, QUESTION_WORDS_MAX, &mut plain);
    plain.retain(|word| !word.compound);
    let things = things(&plain, &tokens);
    let says = things.iter().any(|thing| thing.kind != ThingKind::Class);
    if !says || things.len() > THINGS_MAX {
        return None;
    }
    let (first, last) = (plain.first()?, plain.last()?);
    let start = place.start + first.start;
    let end = place.start + last.end;
    // From an opening mark to the closing one, if they are there.
    let opens = text.get(..start).is_some_and(|head| head.ends_with('¿'));
    let closes = text.get(end..).and_then(|tail| tail.chars().next()).filter(|c| matches!(c, '?' | '？'));
    let start = if opens { start - '¿'.len_utf8() } else { start };
    let end = end + closes.map_or(0, char::len_utf8);
    Some(Asked { place: start..end, things, wording: wording(&plain, &tokens) })
}

fn things(plain: &[Plain], tokens: &Tokens) -> Vec<Thing> {
    let (mut things, mut classes, mut implied) = (Vec::new(), Vec::new(), Vec::new());
    let folded: Vec<&str> =
        plain.iter().filter_map(|word| tokens.get(word.index)).map(|(folded, _)| folded).collect();
    for (index, &word) in folded.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| folded.get(before)).copied();
        if (before, word) == (Some("por"), "que") {
            classes.push(Class::Why);
            continue;
        }
        if let Some(class) = Class::of_word(word) {
            classes.push(class);
            continue;
        }
        let stem = stem(word);
        if let Some(concept) = concept_of(&stem) {
            implied.extend(concept.implies);
            let key = hash_bytes(CONCEPT_SEED, &concept.id.to_le_bytes());
            things.push(Thing { key, kind: ThingKind::Concept });
        } else if !is_stop(word) && !is_filler(word) && word.chars().any(char::is_alphanumeric) {
            things.push(Thing { key: hash_bytes(STEM_SEED, stem.as_bytes()), kind: ThingKind::Word });
        }
    }
    // «How much» beside «price» says nothing more.
    classes.retain(|class| !implied.contains(class));
    if things.iter().any(|thing| thing.kind == ThingKind::Concept) {
        classes.retain(|class| *class != Class::How);
    }
    things.extend(
        classes
            .into_iter()
            .map(|class| Thing { key: hash_bytes(CLASS_SEED, &[class as u8]), kind: ThingKind::Class }),
    );
    things.sort_unstable();
    things.dedup();
    things
}

/// Words of asking itself, and of being polite.
fn is_filler(folded: &str) -> bool {
    matches!(
        folded,
        "consulta"
            | "pregunta"
            | "duda"
            | "info"
            | "informacion"
            | "informarme"
            | "disculpa"
            | "disculpen"
            | "disculpe"
            | "hey"
            | "ola"
            | "ustedes"
            | "ud"
            | "quisiera"
            | "podrian"
            | "podrias"
            | "podria"
            | "pueden"
            | "ayuda"
            | "exactamente"
            | "manejan"
            | "ofrecen"
            | "cuentan"
            | "dispone"
            | "disponen"
            | "ay"
            | "tendran"
            | "tendra"
            | "necesito"
            | "urgente"
            | "porfa"
            | "porfavor"
            | "pls"
            | "plis"
            | "help"
            | "question"
            | "wondering"
            | "duvida"
            | "queria"
            | "gostaria"
            | "tienes"
            | "tenes"
            | "sabeis"
            | "alguno"
            | "alguna"
            | "does"
            | "offer"
            | "atencion"
            | "atendimento"
            | "currently"
            | "actualmente"
            | "hacia"
            | "cree"
            | "sirve"
            | "puedan"
            | "decirme"
            | "dicen"
    )
}

/// The question as a phrase of the query language, without its marks.
fn wording(plain: &[Plain], tokens: &Tokens) -> String {
    let (Some(first), Some(last)) = (plain.first(), plain.last()) else { return String::new() };
    // Names of accounts within the question are words of the text all the same.
    let words = tokens.iter().enumerate().filter(|(index, (_, token))| {
        let whole =
            token.hashtag && tokens.get(index + 1).is_some_and(|(_, next)| next.position == token.position);
        (first.index..=last.index).contains(index) && !whole
    });
    words.take(WORDING_WORDS_MAX).map(|(_, (folded, _))| folded).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, String)> {
        asked(text).into_iter().map(|asked| (&text[asked.place], asked.wording)).collect()
    }

    #[test]
    fn questions_are_cut_out_of_their_texts() {
        assert_eq!(
            shown("@acme Hola. ¿A qué hora abren? Es para mi mamá"),
            [("¿A qué hora abren?", "a que hora abren".to_owned())]
        );
        assert_eq!(
            shown("mira https://a.b/c?d=1 ¿tienen wifi? ¿y parqueo?"),
            [("¿tienen wifi?", "tienen wifi".to_owned()), ("¿y parqueo?", "y parqueo".to_owned())]
        );
        assert_eq!(
            shown("alguien sabe el precio"),
            [("alguien sabe el precio", "alguien sabe el precio".to_owned())]
        );
    }

    #[test]
    fn what_names_nothing_is_no_question() {
        for text in ["", "¿?", "¿qué?", "¿cómo están?", "😡😡", "@acme @otra ?", "https://a.b/?q"] {
            assert_eq!(shown(text), [], "{text}");
        }
        assert_eq!(asked(&"precio ".repeat(150_000)).len(), 1);
    }
}
