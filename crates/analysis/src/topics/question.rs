//! Questions that ask the same, in whatever words.
//!
//! Every question becomes the things that it asks for, weighted by their
//! rarity; groups are joined by the mean cosine of their members. Precision
//! comes first: two groups for one matter are better than one for two.

use super::ask::{Asked, Thing, ThingKind, asked};
use super::emerging::falling;
use super::{QUESTIONS_MAX, TopicDocument, WORDINGS_MAX};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Least cosine of two questions that are compared further.
const PAIR_MIN: f64 = 0.6;
/// Least mean cosine of two groups that are joined.
const JOIN_MIN: f64 = 0.55;
/// Least mean cosine of a group and a question that has an answer.
const KNOWN_MIN: f64 = 0.55;
/// Most pairs of questions that are compared.
const PAIRS_MAX: usize = 500_000;
/// Weight of the kind of answer wanted, beside one of a rare word.
const CLASS_WEIGHT: f64 = 0.45;
/// Weight of the commonest word, beside one of a rare word.
const COMMON_WEIGHT: f64 = 0.5;

/// A question that has an answer, in one or several wordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownQuestion<'a> {
    /// The ways in which it is asked.
    pub wordings: &'a [&'a str],
}

/// Questions that ask the same.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionGroup {
    /// The most typical question, as it was written.
    pub text: String,
    /// Place of its text in the list.
    pub representative: usize,
    /// Places of all texts that ask it, the most typical first.
    pub documents: Vec<usize>,
    /// Distinct authors.
    pub authors: usize,
    /// Its wordings as phrases (folded words), the most frequent first; at
    /// most [`WORDINGS_MAX`]. Together they find the group.
    pub wordings: Vec<String>,
    /// Place of the known question that asks the same.
    pub known: Option<usize>,
    /// Mean cosine of the members and their centre, 0…1: 1 is one question.
    pub cohesion_01: f64,
}

/// A question as a point: weights by thing, of length one.
type Vector = Vec<(Thing, f64)>;

/// One way of asking, with the texts that use it.
struct Way {
    vector: Vector,
    /// Places of texts and the questions in them.
    texts: Vec<(usize, Asked)>,
}

/// The questions that at least two authors ask, the most asked first.
/// Cost: about 10 µs a text and at most some 100 ms for comparisons.
pub fn questions(documents: &[TopicDocument<'_>], known: &[KnownQuestion<'_>]) -> Vec<QuestionGroup> {
    let mut by_things: BTreeMap<Vec<Thing>, Vec<(usize, Asked)>> = BTreeMap::new();
    for (place, document) in documents.iter().take(QUESTIONS_MAX).enumerate() {
        for question in asked(document.text) {
            by_things.entry(question.things.clone()).or_default().push((place, question));
        }
    }
    let rarity = Rarity::of(&by_things);
    let ways: Vec<Way> =
        by_things.into_iter().map(|(things, texts)| Way { vector: rarity.vector(&things), texts }).collect();
    let groups = join(&ways, &pairs(&ways));
    let known: Vec<Vec<Vector>> = known.iter().map(|question| known_vectors(question, &rarity)).collect();
    let mut found: Vec<QuestionGroup> = groups
        .iter()
        .filter_map(|group| {
            let members: Vec<&Way> = group.iter().filter_map(|way| ways.get(*way)).collect();
            summary(&members, documents, &known)
        })
        .collect();
    found.sort_by_key(|group| (Reverse(group.authors), Reverse(group.documents.len()), group.representative));
    found
}

fn known_vectors(question: &KnownQuestion<'_>, rarity: &Rarity) -> Vec<Vector> {
    let wordings = question.wordings.iter().flat_map(|wording| asked(wording));
    wordings.map(|asked| rarity.vector(&asked.things)).collect()
}

/// How many questions name each thing.
struct Rarity {
    named: HashMap<Thing, usize>,
    questions: usize,
}

impl Rarity {
    fn of(by_things: &BTreeMap<Vec<Thing>, Vec<(usize, Asked)>>) -> Self {
        let mut named: HashMap<Thing, usize> = HashMap::new();
        for thing in by_things.keys().flatten() {
            *named.entry(*thing).or_default() += 1;
        }
        Self { named, questions: by_things.len() }
    }

    /// Between [`COMMON_WEIGHT`] and 1 by inverse frequency: what everybody
    /// asks for is still what they ask for.
    fn weight(&self, thing: Thing) -> f64 {
        if thing.kind == ThingKind::Class {
            return CLASS_WEIGHT;
        }
        // Counts stay below QUESTIONS_MAX.
        let all = self.questions as f64 + 10.0;
        let named = self.named.get(&thing).copied().unwrap_or(0) as f64;
        let rarity = (all / (named + 0.5)).ln() / (all / 0.5).ln();
        COMMON_WEIGHT + (1.0 - COMMON_WEIGHT) * rarity.clamp(0.0, 1.0)
    }

    fn vector(&self, things: &[Thing]) -> Vector {
        let mut vector: Vector = things.iter().map(|thing| (*thing, self.weight(*thing))).collect();
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        vector.iter_mut().for_each(|(_, weight)| *weight /= length.max(f64::MIN_POSITIVE));
        vector
    }
}

/// The product of two points whose things rise.
fn dot(a: &[(Thing, f64)], b: &[(Thing, f64)]) -> f64 {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut sum = 0.0;
    while let (Some((left, x)), Some((right, y))) = (a.peek(), b.peek()) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => drop(a.next()),
            std::cmp::Ordering::Greater => drop(b.next()),
            std::cmp::Ordering::Equal => {
                sum += x * y;
                a.next();
                b.next();
            }
        }
    }
    sum
}

/// Pairs that are alike enough, the most alike first. Pairs meet at the
/// rarest thing that they share; the commonest things are left when there are
/// too many pairs.
fn pairs(ways: &[Way]) -> Vec<(usize, usize)> {
    let mut holders: BTreeMap<Thing, Vec<usize>> = BTreeMap::new();
    for (at, way) in ways.iter().enumerate() {
        for (thing, _) in way.vector.iter().filter(|(thing, _)| thing.kind != ThingKind::Class) {
            holders.entry(*thing).or_default().push(at);
        }
    }
    let mut lists: Vec<&Vec<usize>> = holders.values().collect();
    lists.sort_by_key(|list| list.len());
    let (mut seen, mut compared) = (BTreeSet::new(), 0_usize);
    let mut found = Vec::new();
    for list in lists {
        compared += list.len() * list.len() / 2;
        if compared > PAIRS_MAX {
            break;
        }
        for (index, &first) in list.iter().enumerate() {
            for &second in list.iter().skip(index + 1) {
                let (Some(a), Some(b)) = (ways.get(first), ways.get(second)) else { continue };
                let cosine = dot(&a.vector, &b.vector);
                if cosine >= PAIR_MIN && seen.insert((first, second)) {
                    found.push((cosine, first, second));
                }
            }
        }
    }
    found.sort_by(|a, b| falling(a.0, b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    found.into_iter().map(|(_, first, second)| (first, second)).collect()
}

/// Joins groups along the pairs while their members are alike on average.
fn join(ways: &[Way], pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut group_of: Vec<usize> = (0..ways.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..ways.len()).map(|way| vec![way]).collect();
    let mut sums: Vec<Vector> = ways.iter().map(|way| way.vector.clone()).collect();
    for &(first, second) in pairs {
        let (Some(&keep), Some(&moved)) = (group_of.get(first), group_of.get(second)) else { continue };
        let (Some(of_keep), Some(of_moved)) = (members.get(keep), members.get(moved)) else { continue };
        let (Some(a), Some(b)) = (sums.get(keep), sums.get(moved)) else { continue };
        // The product of the sums is the sum of the products of all pairs.
        let mean = dot(a, b) / (of_keep.len() * of_moved.len()).max(1) as f64;
        if keep == moved || mean < JOIN_MIN {
            continue;
        }
        let sum = added(a, b);
        let moving = members.get_mut(moved).map(std::mem::take).unwrap_or_default();
        for way in &moving {
            if let Some(group) = group_of.get_mut(*way) {
                *group = keep;
            }
        }
        if let (Some(of_keep), Some(of_sum)) = (members.get_mut(keep), sums.get_mut(keep)) {
            of_keep.extend(moving);
            *of_sum = sum;
        }
    }
    members.retain(|group| !group.is_empty());
    members
}

fn added(a: &Vector, b: &Vector) -> Vector {
    let mut sum: BTreeMap<Thing, f64> = BTreeMap::new();
    for (thing, weight) in a.iter().chain(b) {
        *sum.entry(*thing).or_default() += weight;
    }
    sum.into_iter().collect()
}

/// A group as told; `None` when fewer than two authors ask.
fn summary(
    members: &[&Way],
    documents: &[TopicDocument<'_>],
    known: &[Vec<Vector>],
) -> Option<QuestionGroup> {
    let author = |place: usize| documents.get(place).map(|document| document.author);
    let authors: BTreeSet<&str> =
        members.iter().flat_map(|way| &way.texts).filter_map(|(place, _)| author(*place)).collect();
    if authors.len() < 2 {
        return None;
    }
    // The centre weighs a way by how often it is asked.
    let mut centre: Vector = Vec::new();
    for way in members {
        let times = way.texts.len() as f64;
        let scaled: Vector = way.vector.iter().map(|(thing, weight)| (*thing, weight * times)).collect();
        centre = added(&centre, &scaled);
    }
    let length = centre.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    centre.iter_mut().for_each(|(_, weight)| *weight /= length);
    let mut ranked: Vec<(f64, usize, usize, &Asked)> = members
        .iter()
        .flat_map(|way| way.texts.iter().map(|(place, asked)| (dot(&way.vector, &centre), asked, *place)))
        .map(|(likeness, asked, place)| (likeness, asked.wording.len(), place, asked))
        .collect();
    // Of equally typical ones the shorter, then the earlier in the list.
    ranked.sort_by(|a, b| falling(a.0, b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (_, _, representative, best) = *ranked.first()?;
    let text = documents.get(representative)?.text.get(best.place.clone())?.to_owned();
    let cohesion_01 = ranked.iter().map(|(likeness, ..)| likeness).sum::<f64>() / ranked.len() as f64;
    let mut placed = BTreeSet::new();
    let places: Vec<usize> =
        ranked.iter().map(|(_, _, place, _)| *place).filter(|place| placed.insert(*place)).collect();
    Some(QuestionGroup {
        text,
        representative,
        documents: places,
        authors: authors.len(),
        wordings: wordings(&ranked),
        known: nearest_known(&centre, known),
        cohesion_01: cohesion_01.min(1.0),
    })
}

fn wordings(ranked: &[(f64, usize, usize, &Asked)]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (.., asked) in ranked {
        *counts.entry(&asked.wording).or_default() += 1;
    }
    let mut list: Vec<(&str, usize)> =
        counts.into_iter().filter(|(wording, _)| !wording.is_empty()).collect();
    list.sort_by_key(|(wording, count)| (Reverse(*count), *wording));
    list.truncate(WORDINGS_MAX);
    list.into_iter().map(|(wording, _)| wording.to_owned()).collect()
}

/// The known question that is most like a group, if any is.
fn nearest_known(centre: &Vector, known: &[Vec<Vector>]) -> Option<usize> {
    let likeness =
        |wordings: &Vec<Vector>| wordings.iter().map(|vector| dot(vector, centre)).fold(0.0, f64::max);
    let mut best: Option<(f64, usize)> = None;
    for (at, wordings) in known.iter().enumerate() {
        let found = likeness(wordings);
        if found >= KNOWN_MIN && best.is_none_or(|(most, _)| found > most) {
            best = Some((found, at));
        }
    }
    best.map(|(_, at)| at)
}
