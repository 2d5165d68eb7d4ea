//! Which slots must be filled for a query to have a chance.
//!
//! In: an expression. Out: a set of slots of which every matching post fills
//! at least one, the cheapest that the expression allows, or none when there
//! is no such set (`NOT agua`, `network:x`).
//! Source: the anchor choice of percolators (necessary terms of a boolean
//! expression, the rarest side of a conjunction); frequencies are a built-in
//! guess by word list and length, see [`share_of_word`].

use super::dictionary::{Builder, Slot};
use super::program::{slot_of_field, slot_of_leaf};
use model::query::{Expr, Field, Leaf, Word};

/// A slot that brings a query forward, unless its guard is empty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Anchor {
    pub(super) slot: Slot,
    /// Another slot that a match through this anchor must fill too.
    pub(super) guard: Option<Slot>,
}

/// A sufficient set of anchors.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchors {
    pub(super) list: Vec<Anchor>,
    /// Guess of the share of posts that fill one of them.
    share: f64,
}

impl Anchors {
    fn one(slot: Slot, share: f64) -> Self {
        Self { list: vec![Anchor { slot, guard: None }], share }
    }

    fn join(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.share += other.share;
        self
    }

    /// The slot that every match fills, when there is one alone.
    fn required(&self) -> Option<Slot> {
        match self.list.as_slice() {
            [anchor] => Some(anchor.slot),
            _ => None,
        }
    }
}

/// The anchors of an expression; `None` when a post may match without any.
pub(super) fn anchors_of(expr: &Expr, terms: &mut Builder) -> Option<Anchors> {
    choose(expr, false, terms)
}

/// True when filling one of the anchors is already a match.
pub(super) fn is_settled_by_anchors(expr: &Expr) -> bool {
    match expr {
        Expr::Leaf(Leaf::Word(_) | Leaf::Prefix(_)) => true,
        Expr::Field(Field::Hashtag(_) | Field::Author(_) | Field::To(_) | Field::Domain(_)) => true,
        Expr::Or(list) => list.iter().all(is_settled_by_anchors),
        _ => false,
    }
}

/// Anchors of the expression or of its negation.
fn choose(expr: &Expr, negated: bool, terms: &mut Builder) -> Option<Anchors> {
    match (expr, negated) {
        (Expr::Not(inner), _) => choose(inner, !negated, terms),
        // Never true: no post needs to be weighed.
        (Expr::All, true) => Some(Anchors::default()),
        (Expr::All, false) | (Expr::Leaf(_) | Expr::Near { .. } | Expr::Field(_), true) => None,
        (Expr::Leaf(leaf), false) => Some(of_leaf(leaf, terms)),
        (Expr::Near { left, right, .. }, false) => {
            let sides = [left, right].map(|side| Some(of_any_leaf(side, terms)));
            cheapest(sides.into_iter())
        }
        (Expr::Field(field), false) => {
            slot_of_field(field, terms).map(|slot| Anchors::one(slot, share_of_field(field)))
        }
        (Expr::And(list), false) | (Expr::Or(list), true) => {
            cheapest(list.iter().map(|item| choose(item, negated, terms)))
        }
        (Expr::Or(list), false) | (Expr::And(list), true) => list
            .iter()
            .map(|item| choose(item, negated, terms))
            .try_fold(Anchors::default(), |sum, item| Some(sum.join(item?))),
    }
}

/// The cheapest of several sets that are all necessary; a second one guards it.
fn cheapest(sets: impl Iterator<Item = Option<Anchors>>) -> Option<Anchors> {
    let mut sets: Vec<Anchors> = sets.flatten().collect();
    sets.sort_by(|one, other| one.share.total_cmp(&other.share));
    let mut sets = sets.into_iter();
    let mut best = sets.next()?;
    if let Some(guard) = sets.find_map(|set| set.required()) {
        for anchor in &mut best.list {
            if anchor.slot != guard {
                anchor.guard.get_or_insert(guard);
            }
        }
    }
    Some(best)
}

fn of_any_leaf(leaves: &[Leaf], terms: &mut Builder) -> Anchors {
    leaves.iter().map(|leaf| of_leaf(leaf, terms)).fold(Anchors::default(), Anchors::join)
}

fn of_leaf(leaf: &Leaf, terms: &mut Builder) -> Anchors {
    if let Leaf::Phrase(words) = leaf {
        let sets = words.iter().map(|word| Some(Anchors::one(terms.word(word), share_of_word(word))));
        // A phrase without words stands nowhere.
        return cheapest(sets).unwrap_or_default();
    }
    let share = match leaf {
        Leaf::Word(word) => share_of_word(word),
        Leaf::Prefix(prefix) => share_of_prefix(prefix),
        Leaf::Phrase(_) => 0.0,
    };
    slot_of_leaf(leaf, terms).map_or_else(Anchors::default, |slot| Anchors::one(slot, share))
}

/// Guess of the share of posts with a word: a list for the most frequent words
/// of Spanish, Portuguese and English, otherwise by length (long words are rarer).
fn share_of_word(word: &Word) -> f64 {
    let folded = word.folded.as_str();
    let share = if FREQUENT.binary_search(&folded).is_ok() {
        0.1
    } else {
        match folded.chars().count() {
            0..=2 => 0.02,
            3 => 0.006,
            4 => 0.003,
            5 => 0.002,
            6 => 0.001_4,
            7 => 0.001,
            8..=9 => 0.000_7,
            _ => 0.000_4,
        }
    };
    if word.exact.is_some() { share * 0.5 } else { share }
}

/// A prefix stands for many words: the shorter, the more.
fn share_of_prefix(prefix: &str) -> f64 {
    match prefix.chars().count() {
        0 => 1.0,
        1 => 0.5,
        2 => 0.2,
        3 => 0.05,
        4 => 0.015,
        5 => 0.006,
        6 => 0.003,
        _ => 0.001_5,
    }
}

fn share_of_field(field: &Field) -> f64 {
    match field {
        Field::Author(_) => 0.000_1,
        Field::Hashtag(_) => 0.000_3,
        Field::To(_) => 0.000_5,
        _ => 0.001,
    }
}

/// Frequent words of the three languages, folded, in the order of their bytes.
const FREQUENT: &[&str] = &[
    "a", "about", "after", "ahora", "al", "algo", "all", "also", "an", "and", "antes", "ao", "aos", "aqui",
    "are", "as", "asi", "at", "ate", "aunque", "año", "años", "back", "be", "been", "bem", "bien", "buenos",
    "but", "by", "cada", "can", "casa", "com", "como", "con", "could", "cuando", "da", "das", "day", "de",
    "del", "depois", "desde", "despues", "dia", "dias", "dijo", "do", "donde", "dos", "durante", "e", "each",
    "el", "ela", "ele", "eles", "ella", "ellos", "em", "en", "entre", "era", "eres", "es", "esa", "ese",
    "eso", "essa", "esse", "esta", "estado", "estan", "estar", "estas", "este", "estos", "estoy", "eu",
    "foi", "for", "from", "fue", "gente", "get", "go", "gobierno", "good", "gracias", "gran", "ha", "habia",
    "hace", "hacer", "had", "han", "has", "hasta", "have", "hay", "he", "her", "him", "his", "hoje", "how",
    "hoy", "i", "if", "in", "into", "ir", "is", "isso", "it", "its", "ja", "just", "know", "la", "las", "le",
    "les", "like", "lo", "look", "los", "mais", "make", "mal", "many", "mas", "me", "mejor", "menos",
    "mesmo", "meu", "mi", "minha", "mismo", "more", "mucho", "muito", "mundo", "muy", "my", "na", "nada",
    "nao", "nas", "nem", "new", "ni", "no", "nos", "not", "now", "num", "numa", "nunca", "o", "of", "on",
    "one", "only", "or", "os", "other", "otra", "otro", "otros", "ou", "our", "out", "over", "pais", "para",
    "parte", "pela", "pelo", "people", "pero", "personas", "poco", "por", "porque", "pra", "puede", "q",
    "quando", "que", "quem", "quien", "quiere", "said", "se", "see", "segun", "sem", "ser", "seu", "seus",
    "she", "si", "sido", "siempre", "sin", "so", "sobre", "solo", "some", "son", "soy", "su", "sua", "suas",
    "sus", "ta", "tambem", "tambien", "tan", "tanto", "te", "tem", "tengo", "ter", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "think", "this", "ti", "tiempo", "tiene", "time",
    "to", "todas", "todo", "todos", "tres", "tu", "tudo", "um", "uma", "un", "una", "uno", "up", "use",
    "usted", "ustedes", "va", "vai", "vamos", "vc", "ver", "vez", "vida", "voce", "vos", "want", "was",
    "way", "we", "were", "what", "when", "which", "who", "will", "with", "would", "y", "ya", "yo", "you",
    "your",
];

#[cfg(test)]
mod tests {
    use super::*;
    use model::query::parse;

    #[test]
    fn frequent_words_are_in_order() {
        assert!(FREQUENT.is_sorted());
    }

    #[track_caller]
    fn check(query: &str, expect: Option<&[&str]>) {
        let mut terms = Builder::default();
        let anchors = anchors_of(&parse(query).unwrap(), &mut terms);
        let expect = expect.map(|texts| {
            let mut slots: Vec<Slot> = texts
                .iter()
                .map(|text| match parse(text).unwrap() {
                    Expr::Leaf(leaf) => slot_of_leaf(&leaf, &mut terms).unwrap(),
                    Expr::Field(field) => slot_of_field(&field, &mut terms).unwrap(),
                    other => panic!("{other:?}"),
                })
                .collect();
            slots.sort_unstable();
            slots
        });
        let got = anchors.map(|anchors| {
            let mut slots: Vec<Slot> = anchors.list.iter().map(|anchor| anchor.slot).collect();
            slots.sort_unstable();
            slots
        });
        assert_eq!(got, expect, "{query}");
    }

    #[test]
    fn the_rarest_necessary_words_are_chosen() {
        check("agua", Some(&["agua"]));
        check("de que electricidad", Some(&["electricidad"]));
        check("agua OR luz", Some(&["agua", "luz"]));
        check("(agua OR luz) electricidad", Some(&["electricidad"]));
        check("\"de la empresa\"", Some(&["empresa"]));
        check("(agua OR luz) NEAR/3 electricidad", Some(&["electricidad"]));
        check("agu* -luz", Some(&["agu*"]));
        check("de author:ana", Some(&["author:ana"]));
        check("agua OR lang:es", None);
        check("NOT agua", None);
        check("NOT (NOT agua OR lang:es)", Some(&["agua"]));
        check("NOT NOT #agua", Some(&["#agua"]));
        check("lang:es network:x", None);
        check("*", None);
    }
}
