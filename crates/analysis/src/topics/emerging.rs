//! Topics: words that stand out now, joined when they stand together.

use super::gather::gather;
use super::score::{Totals, growth};
use super::terms::{Kind, Term, TermReader};
use super::{CANDIDATES_MAX, DOCUMENTS_MAX, EXAMPLES_MAX, TOPIC_TERMS_MAX, TopicDocument};
use crate::copies::{Copies, Signature, signature};
use crate::hashing::hash_bytes;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Words from which on a copied text counts once, whoever sends it: shorter
/// ones («se fue la luz») are written by many people on their own.
const COPY_WORDS_MIN: usize = 12;
/// Likeness from which on two long texts are one message.
const COPY_SIMILARITY_MIN: f32 = 0.6;
/// A longer expression stands for a shorter one that it holds when it makes
/// out this share of its uses.
const STANDS_FOR_SHARE: f64 = 0.7;
/// Most candidates that one text brings together with each other.
const CANDIDATES_PER_TEXT_MAX: usize = 30;
/// Most spellings of one candidate that are told apart.
const SPELLINGS_MAX: usize = 32;

/// What makes a topic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicOptions {
    /// Least distinct authors of each word.
    pub authors_min: u32,
    /// Least times as frequent as before.
    pub growth_min: f64,
    /// Least log-odds in standard deviations; 3 is about one in a thousand.
    pub score_min: f64,
    /// Most topics.
    pub topics_max: usize,
}

impl Default for TopicOptions {
    fn default() -> Self {
        Self { authors_min: 5, growth_min: 2.0, score_min: 3.0, topics_max: 20 }
    }
}

/// A word, expression or hashtag of a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicTerm {
    /// Its most frequent spelling; hashtags with `#`.
    pub text: String,
    /// What finds it in the query language.
    pub condition: String,
    /// Log-odds against before, in standard deviations.
    pub score: f64,
    /// Distinct authors now.
    pub authors: u32,
    /// Distinct authors before.
    pub authors_before: u32,
}

/// Something that people talk about now and did not before.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Its words, the most telling first; at most [`TOPIC_TERMS_MAX`].
    pub terms: Vec<TopicTerm>,
    /// The expression of the query language that finds its texts.
    pub expression: String,
    /// Log-odds against before, in standard deviations.
    pub score: f64,
    /// Distinct authors now.
    pub authors: u32,
    /// Distinct texts now: copies count once.
    pub texts: usize,
    /// Its share of the distinct texts now, 0…1.
    pub share_01: f64,
    /// Times as many authors as before, by share; `None` when there were none.
    pub growth: Option<f64>,
    /// Places of typical texts in the recent list, of different authors.
    pub examples: Vec<usize>,
}

/// A term that stands out.
struct Candidate {
    key: u64,
    kind: Kind,
    words: Vec<String>,
    score: f64,
    recent: u32,
    before: u32,
    /// Places in the list of kept recent texts, rising.
    texts: Vec<usize>,
    spellings: BTreeMap<String, u32>,
}

/// Topics of `recent` that were not topics `before`, the strongest first.
/// Cost: about 10 µs a text and at most some 50 ms for what stood out.
pub fn emerging(
    recent: &[TopicDocument<'_>],
    before: &[TopicDocument<'_>],
    options: &TopicOptions,
) -> Vec<Topic> {
    let recent = Side::of(recent);
    let before = Side::of(before);
    let totals = Totals { recent: recent.words as f64, before: before.words as f64 };
    let chosen = choose(&recent, &before, totals, options);
    let candidates = without_parts(read_candidates(&recent, &chosen));
    let groups = gather(&memberships(&candidates, recent.texts.len()), candidates.len(), recent.texts.len());
    let mut topics: Vec<Topic> = groups
        .iter()
        .filter_map(|group| topic(group, &candidates, &recent, &before, totals, options))
        .collect();
    topics.sort_by(|a, b| falling(a.score, b.score).then_with(|| a.expression.cmp(&b.expression)));
    topics.truncate(options.topics_max);
    topics
}

/// Greater first; scores are finite.
pub(super) fn falling(a: f64, b: f64) -> Ordering {
    b.partial_cmp(&a).unwrap_or(Ordering::Equal)
}

/// The texts of one side with the counts of their terms.
struct Side<'a> {
    /// Texts that are not copies, with their place in the list as given, by author.
    texts: Vec<(usize, TopicDocument<'a>)>,
    /// Distinct authors by term, by rising term.
    counts: Vec<(u64, u32)>,
    /// Words by author, each once.
    words: u64,
}

impl<'a> Side<'a> {
    fn of(documents: &[TopicDocument<'a>]) -> Self {
        let mut reader = TermReader::default();
        let mut originals = Originals::default();
        let mut texts = Vec::new();
        let mut order: Vec<(usize, &TopicDocument<'a>)> =
            documents.iter().take(DOCUMENTS_MAX).enumerate().collect();
        // Which of several copies is kept must not hang on the order given.
        order.sort_by_key(|(place, document)| (document.text, document.author, *place));
        for (place, document) in order {
            reader.tokens.read(document.text);
            if originals.is_new(place, document, &reader) {
                texts.push((place, *document));
            }
        }
        texts.sort_by_key(|(place, document)| (document.author, document.text, *place));
        let (mut keys, mut own, mut words) = (Vec::new(), Vec::new(), 0);
        for of_author in texts.chunk_by(|a, b| a.1.author == b.1.author) {
            own.clear();
            for (_, document) in of_author {
                own.extend(reader.read(document.text).iter().map(|term| (term.key, term.kind == Kind::Word)));
            }
            own.sort_unstable();
            own.dedup();
            words += own.iter().filter(|(_, is_word)| *is_word).count() as u64;
            keys.extend(own.iter().map(|(key, _)| *key));
        }
        keys.sort_unstable();
        let counts = keys
            .chunk_by(|a, b| a == b)
            .filter_map(|same| Some((*same.first()?, u32::try_from(same.len()).unwrap_or(u32::MAX))))
            .collect();
        Self { texts, counts, words }
    }

    fn count(&self, key: u64) -> u32 {
        let found = self.counts.binary_search_by_key(&key, |(key, _)| *key).ok();
        found.and_then(|at| self.counts.get(at)).map_or(0, |(_, count)| *count)
    }

    /// Distinct authors who use any of the terms.
    fn authors_of(&self, keys: &HashSet<u64>) -> u32 {
        let mut reader = TermReader::default();
        let uses =
            |reader: &mut TermReader, text| reader.read(text).iter().any(|term| keys.contains(&term.key));
        let count = self
            .texts
            .chunk_by(|a, b| a.1.author == b.1.author)
            .filter(|texts| texts.iter().any(|(_, document)| uses(&mut reader, document.text)))
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// Tells messages from their copies.
struct Originals {
    copies: Copies,
    short: HashSet<(u64, u64)>,
}

impl Default for Originals {
    fn default() -> Self {
        Self { copies: Copies::new(DOCUMENTS_MAX), short: HashSet::new() }
    }
}

impl Originals {
    /// False for the copy of a text that was read before: of any author when
    /// it is long, of the same author when it is short.
    fn is_new(&mut self, place: usize, document: &TopicDocument<'_>, reader: &TermReader) -> bool {
        let tokens = &reader.tokens;
        if tokens.is_empty() {
            return false;
        }
        if tokens.len() >= COPY_WORDS_MIN
            && let Some(signature) = signature(document.text)
        {
            return self.is_new_message(place, &signature);
        }
        let text = tokens.iter().fold(0, |sum, (folded, _)| hash_bytes(sum, folded.as_bytes()));
        self.short.insert((hash_bytes(0, document.author.as_bytes()), text))
    }

    fn is_new_message(&mut self, place: usize, signature: &Signature) -> bool {
        let id = i64::try_from(place).unwrap_or(i64::MAX);
        let nearest = self.copies.place(id, signature).nearest;
        nearest.is_none_or(|(_, similarity)| similarity < COPY_SIMILARITY_MIN)
    }
}

/// What stands out, as key, score and counts; the strongest first.
fn choose(
    recent: &Side<'_>,
    before: &Side<'_>,
    totals: Totals,
    options: &TopicOptions,
) -> Vec<(u64, f64, u32, u32)> {
    let mut chosen = Vec::new();
    for &(key, now) in recent.counts.iter().filter(|(_, now)| *now >= options.authors_min) {
        let then = before.count(key);
        let score = totals.z(now, then);
        let grew = growth(now, recent.texts.len(), then, before.texts.len());
        if score >= options.score_min && grew.is_none_or(|growth| growth >= options.growth_min) {
            chosen.push((key, score, now, then));
        }
    }
    chosen.sort_by(|a, b| falling(a.1, b.1).then(a.0.cmp(&b.0)));
    chosen.truncate(CANDIDATES_MAX);
    chosen
}

/// The chosen terms with their words, spellings and texts.
fn read_candidates(recent: &Side<'_>, chosen: &[(u64, f64, u32, u32)]) -> Vec<Candidate> {
    let places: HashMap<u64, usize> = chosen.iter().enumerate().map(|(at, (key, ..))| (*key, at)).collect();
    let mut found: Vec<Option<Candidate>> = chosen.iter().map(|_| None).collect();
    let mut reader = TermReader::default();
    for (at, (_, document)) in recent.texts.iter().enumerate() {
        reader.read(document.text);
        for term in &reader.terms {
            let Some((place, &(key, score, now, then))) =
                places.get(&term.key).and_then(|place| Some((place, chosen.get(*place)?)))
            else {
                continue;
            };
            let Some(slot) = found.get_mut(*place) else { continue };
            let candidate = slot.get_or_insert_with(|| Candidate {
                key,
                kind: term.kind,
                words: reader.folded(term),
                score,
                recent: now,
                before: then,
                texts: Vec::new(),
                spellings: BTreeMap::new(),
            });
            candidate.note(at, spelled(&reader, document.text, term));
        }
    }
    found.into_iter().flatten().collect()
}

fn spelled(reader: &TermReader, text: &str, term: &Term) -> String {
    let spelling = reader.spelling(text, term);
    match term.kind {
        Kind::Hashtag => format!("#{spelling}"),
        Kind::Word | Kind::Phrase => spelling.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

impl Candidate {
    fn note(&mut self, text: usize, spelling: String) {
        if self.texts.last() != Some(&text) {
            self.texts.push(text);
        }
        if self.spellings.len() < SPELLINGS_MAX || self.spellings.contains_key(&spelling) {
            *self.spellings.entry(spelling).or_default() += 1;
        }
    }

    fn text(&self) -> String {
        let best = self.spellings.iter().max_by_key(|(text, count)| (**count, Reverse(*text)));
        best.map_or_else(|| self.words.join(" "), |(text, _)| text.clone())
    }

    /// The words hold no quotation mark: tokens are letters and digits.
    fn condition(&self) -> String {
        match self.kind {
            Kind::Hashtag => format!("#{}", self.words.concat()),
            Kind::Word | Kind::Phrase => format!("\"{}\"", self.words.join(" ")),
        }
    }

    /// True when the words of `other` stand in a row within the words of this one.
    fn holds(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            // A hashtag is read as one word: compare its letters.
            (Kind::Hashtag, Kind::Word | Kind::Phrase) => self.words.concat() == other.words.concat(),
            (Kind::Phrase, Kind::Word | Kind::Phrase) => {
                other.words.len() < self.words.len()
                    && self.words.windows(other.words.len()).any(|part| part == other.words)
            }
            _ => false,
        }
    }
}

/// Of an expression and its parts, the one that says it best.
fn without_parts(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut dropped: BTreeSet<usize> = BTreeSet::new();
    // Longest first: an expression that falls to its part frees the others.
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&at| candidates.get(at).map_or((0, at), |c| (usize::MAX - c.words.len(), at)));
    for &long in &order {
        for &short in &order {
            let (Some(whole), Some(part)) = (candidates.get(long), candidates.get(short)) else { continue };
            if long == short || dropped.contains(&long) || dropped.contains(&short) || !whole.holds(part) {
                continue;
            }
            if f64::from(whole.recent) >= STANDS_FOR_SHARE * f64::from(part.recent) {
                dropped.insert(short);
            } else if whole.score < part.score {
                dropped.insert(long);
            }
        }
    }
    candidates.into_iter().enumerate().filter(|(at, _)| !dropped.contains(at)).map(|(_, c)| c).collect()
}

/// The candidates of each text.
fn memberships(candidates: &[Candidate], texts: usize) -> Vec<Vec<usize>> {
    let mut of_text: Vec<Vec<usize>> = vec![Vec::new(); texts];
    for (at, candidate) in candidates.iter().enumerate() {
        for text in &candidate.texts {
            if let Some(list) = of_text.get_mut(*text)
                && list.len() < CANDIDATES_PER_TEXT_MAX
            {
                list.push(at);
            }
        }
    }
    of_text
}

/// The topic of a group of candidates; `None` when together they do not stand out.
fn topic(
    group: &[usize],
    candidates: &[Candidate],
    recent: &Side<'_>,
    before: &Side<'_>,
    totals: Totals,
    options: &TopicOptions,
) -> Option<Topic> {
    let mut members: Vec<&Candidate> = group.iter().filter_map(|at| candidates.get(*at)).collect();
    members.sort_by(|a, b| falling(a.score, b.score).then_with(|| a.words.cmp(&b.words)));
    members.truncate(TOPIC_TERMS_MAX);
    let keys: HashSet<u64> = members.iter().map(|member| member.key).collect();
    // How many of its words each text uses: many make it typical.
    let mut uses: BTreeMap<usize, usize> = BTreeMap::new();
    for text in members.iter().flat_map(|member| &member.texts) {
        *uses.entry(*text).or_default() += 1;
    }
    let author = |text: &usize| recent.texts.get(*text).map(|(_, document)| document.author);
    let authors = uses.keys().filter_map(author).collect::<HashSet<_>>().len();
    let authors = u32::try_from(authors).unwrap_or(u32::MAX);
    let authors_before = before.authors_of(&keys);
    let score = totals.z(authors, authors_before);
    let growth = growth(authors, recent.texts.len(), authors_before, before.texts.len());
    if score < options.score_min || growth.is_some_and(|growth| growth < options.growth_min) {
        return None;
    }
    let conditions: Vec<String> = members.iter().map(|member| member.condition()).collect();
    Some(Topic {
        expression: conditions.join(" OR "),
        terms: members
            .iter()
            .zip(conditions)
            .map(|(member, condition)| TopicTerm {
                text: member.text(),
                condition,
                score: member.score,
                authors: member.recent,
                authors_before: member.before,
            })
            .collect(),
        score,
        authors,
        texts: uses.len(),
        share_01: uses.len() as f64 / recent.texts.len().max(1) as f64,
        growth,
        examples: examples(&uses, recent),
    })
}

/// The texts that use most words of a topic, of different authors.
fn examples(uses: &BTreeMap<usize, usize>, recent: &Side<'_>) -> Vec<usize> {
    let mut ranked: Vec<(usize, usize, &str)> = uses
        .iter()
        .filter_map(|(text, count)| recent.texts.get(*text).map(|(place, d)| (*count, *place, d.author)))
        .collect();
    ranked.sort_by_key(|(count, place, _)| (Reverse(*count), *place));
    let mut authors = BTreeSet::new();
    ranked.retain(|(.., author)| authors.insert(*author));
    ranked.into_iter().take(EXAMPLES_MAX).map(|(_, place, _)| place).collect()
}
