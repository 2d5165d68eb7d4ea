//! Small worlds of posts, and what is true in them.

use super::super::{Index, IndexDocument, Labels};
use model::query::{Document, Expr, Facts, Has, HasSet, matches};
use model::text::Tokens;
use model::{Emotion, IntentSet, Lang, Network, Offence, PostKind, Timestamp, Tone};
use std::collections::BTreeMap;

/// Pieces of texts: spellings that fold alike, hashtags of one and several
/// parts, an address, emoji, words that begin alike.
pub const PIECES: &[&str] = &[
    "agua",
    "Agua",
    "AGUA",
    "Así",
    "así",
    "asi",
    "la",
    "La",
    "empresa",
    "Empresas",
    "luz",
    "#PanamáSinAgua",
    "#agua",
    "#Agua",
    "#SinLuz",
    "panama",
    "Panamá",
    "sin",
    "Sin",
    "y",
    "😡",
    "año",
    "ano",
    "AÑO",
    "https://x.com/agua",
    "agua,",
    "#Sin_Agua",
    "#luz_",
    "#A1",
    "respon",
    "responde",
    "¿qué?",
    "日本",
];

/// A post of a small world.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: i64,
    pub text: String,
    pub tokens: Tokens,
    pub facts: Facts,
}

/// Numbers that look random; the same for the same seed.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len() as u64) as usize]
    }

    fn some(&mut self, list: &[&str]) -> Vec<String> {
        let mut all: Vec<String> =
            list.iter().filter(|_| self.below(3) == 0).map(|s| (*s).to_owned()).collect();
        all.sort_unstable();
        all
    }
}

/// A post under this id, out of the dice.
pub fn item(id: i64, dice: &mut Dice) -> Item {
    let words = dice.below(12);
    let text = (0..words).map(|_| dice.pick(PIECES)).collect::<Vec<&str>>().join(" ");
    let followers = (dice.below(3) > 0).then(|| dice.below(50));
    let engagement = (dice.below(3) > 0).then(|| dice.below(50));
    let network = [Network::X, Network::Bluesky, Network::Rss][dice.below(3) as usize];
    let facts = Facts {
        thread: (dice.below(3) == 0).then(|| dice.pick(&["x:1", "rss:https://a.b/c"]).to_owned()),
        network,
        time: Timestamp::from_millis(dice.below(40) as i64 * 1_700_000 - 5_000_000),
        time_plausible: dice.below(4) > 0,
        language: [Some(Lang::ES), Some(Lang::EN), None][dice.below(3) as usize],
        tone: Tone::ALL[dice.below(5) as usize],
        tone_score: (dice.below(3) > 0).then(|| dice.below(20) as f32 / 10.0 - 1.0),
        intents: IntentSet::from_bits(dice.below(1024) as u16),
        urgency_percent: (dice.below(3) > 0).then(|| dice.below(101) as u8),
        offence: Offence::ALL[dice.below(5) as usize],
        emotion: Emotion::ALL[dice.below(8) as usize],
        cascade: (dice.below(4) > 0).then(|| id.min(dice.below(9) as i64 + 1)),
        kind: PostKind::ALL[dice.below(4) as usize],
        author: format!("{}:{}", network.name(), dice.below(6)),
        handle: (dice.below(3) > 0).then(|| dice.pick(&["ana", "beto", "x:1"]).to_owned()),
        hashtags: dice.some(&["agua", "panamasinagua", "luz"]),
        tagged: dice.some(&["ana", "acme"]),
        domains: dice.some(&["prensa.com", "blog.prensa.com", "ensa.com"]),
        links: dice.some(&["https://prensa.com/1", "https://prensa.com/2"]),
        country: (dice.below(2) > 0).then(|| dice.pick(&["PA", "MX"]).to_owned()),
        followers,
        engagement,
        has: HasSet(dice.below(256) as u8),
        source: dice.below(3) as i64 - 1,
    };
    Item { id, tokens: Tokens::of(&text), text, facts }
}

/// Adds posts to the index.
pub fn add(index: &Index, items: &[Item]) {
    let documents: Vec<IndexDocument<'_>> = items
        .iter()
        .map(|item| IndexDocument {
            id: item.id,
            text: &item.text,
            tokens: &item.tokens,
            facts: &item.facts,
            signature: item.facts.cascade.is_some().then_some(item.text.as_bytes()),
        })
        .collect();
    index.add(&documents).unwrap();
}

/// What the index must hold.
#[derive(Debug, Default)]
pub struct Truth {
    pub items: BTreeMap<i64, Item>,
    pub labels: Labels,
}

impl Truth {
    /// The posts that match.
    pub fn matching(&self, expr: &Expr) -> Vec<&Item> {
        self.items.values().filter(|item| self.matches(expr, item)).collect()
    }

    fn matches(&self, expr: &Expr, item: &Item) -> bool {
        let has = |ids: &Vec<i64>| ids.contains(&item.id);
        let labels: Vec<String> =
            self.labels.iter().filter(|(_, ids)| has(ids)).map(|(label, _)| label.clone()).collect();
        let document =
            Document { text: &item.text, tokens: &item.tokens, facts: &item.facts, labels: &labels };
        matches(expr, &document)
    }
}

/// A world in several segments, with posts replaced and deleted.
pub fn fill(index: &Index, posts: i64, dice: &mut Dice) -> Truth {
    let mut truth = Truth::default();
    let mut next = 1;
    while next <= posts {
        let until = (next + 1 + dice.below(posts as u64 / 2 + 1) as i64).min(posts + 1);
        let mut items: Vec<Item> = (next..until).map(|id| item(id, dice)).collect();
        if next > 1 && dice.below(2) == 0 {
            items.push(item(1 + dice.below(next as u64 - 1) as i64, dice));
        }
        add(index, &items);
        truth.items.extend(items.into_iter().map(|item| (item.id, item)));
        if dice.below(2) == 0 {
            let gone: Vec<i64> = (1..until).filter(|_| dice.below(6) == 0).collect();
            index.delete(&gone).unwrap();
            gone.iter().for_each(|id| drop(truth.items.remove(id)));
        }
        index.commit(until - 1).unwrap();
        next = until;
    }
    for label in ["urgente", "visto"] {
        let ids = (0..=posts + 3).filter(|_| dice.below(3) == 0).collect();
        truth.labels.insert(label.to_owned(), ids);
    }
    truth
}

/// A `has:` word.
pub fn has_word(dice: &mut Dice) -> &'static str {
    Has::ALL[dice.below(8) as usize].1
}
