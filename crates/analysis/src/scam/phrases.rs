//! The signs that stand in the words of a text.

use super::{SIGN_WEIGHT_MIN, SignKind};
use crate::phrases::{Hit, Phrases};
use model::Lang;
use model::text::Tokens;
use std::sync::LazyLock;

/// Words of a warning, a victim or a report.
pub(super) const TAG_AGAINST: u8 = 12;
/// Takes away the signs that it covers.
const TAG_HARMLESS: u8 = 13;

static SPANISH: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/scam_es.tsv")], tag_of));
static PORTUGUESE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/scam_pt.tsv")], tag_of));
static ENGLISH: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/scam_en.tsv")], tag_of));

/// The number of a tag of the lexicon: that of the sign, or one after.
pub(super) fn tag_of(name: &str) -> Option<u8> {
    match name {
        "against" => Some(TAG_AGAINST),
        "harmless" => Some(TAG_HARMLESS),
        _ => SignKind::ALL.into_iter().find(|kind| kind.name() == name).map(|kind| kind as u8),
    }
}

/// The phrases of a language; `None` for one that is not read.
pub(super) fn phrases_of(language: Option<Lang>) -> Option<&'static Phrases> {
    match language {
        Some(Lang::ES) => Some(&SPANISH),
        Some(Lang::PT) => Some(&PORTUGUESE),
        Some(Lang::EN) => Some(&ENGLISH),
        _ => None,
    }
}

/// The phrases of a text without those that are harmless, one for each place:
/// of several of one sign that overlap, the weightiest stays.
pub(super) fn find(phrases: &Phrases, text: &str, tokens: &Tokens) -> Vec<Hit> {
    let mut hits = phrases.find(text, tokens);
    if hits.is_empty() {
        return hits;
    }
    let overlaps =
        |one: &Hit, other: &Hit| one.words.start < other.words.end && other.words.start < one.words.end;
    let harmless: Vec<Hit> = hits.iter().filter(|hit| hit.tag == TAG_HARMLESS).cloned().collect();
    hits.retain(|hit| hit.tag != TAG_HARMLESS && !harmless.iter().any(|other| overlaps(hit, other)));
    hits.sort_by(|one, other| {
        other
            .weight
            .total_cmp(&one.weight)
            .then(one.words.start.cmp(&other.words.start))
            .then(one.tag.cmp(&other.tag))
    });
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        if !kept.iter().any(|other| other.tag == hit.tag && overlaps(&hit, other)) {
            kept.push(hit);
        }
    }
    // «No es estafa» and «recupero dinero de estafas» warn nobody.
    let signs: Vec<Hit> =
        kept.iter().filter(|hit| hit.tag != TAG_AGAINST && hit.weight >= SIGN_WEIGHT_MIN).cloned().collect();
    kept.retain(|hit| hit.tag != TAG_AGAINST || !signs.iter().any(|sign| covers(sign, hit)));
    kept
}

fn covers(one: &Hit, other: &Hit) -> bool {
    one.words.start <= other.words.start && other.words.end <= one.words.end
}
