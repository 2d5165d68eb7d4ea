//! Turns of phrase that betray an intent, an urgency or a fraud, as features.
//!
//! In: a text, its tokens, its language. Out: [`Cues`], the strongest phrase
//! and the sum per intent, and what the rules of urgency and the ten signs of
//! fraud find: the same rules that give their reasons on the page.
//! Cost: about 4 µs per post of twenty words.
//! Source: `lexicons/intent_*.tsv`, written for Atalaya; `crate::urgency` and
//! `crate::scam` for theirs.
//! Limits: a phrase says what posts with it often are; the learned weights
//! decide.

use crate::phrases::Phrases;
use crate::scam::{self, SignKind};
use crate::urgency::{self, Signals};
use model::Lang;
use model::text::Tokens;
use model::understanding::Intent;
use std::ops::Range;
use std::sync::LazyLock;

static SPANISH: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/intent_es.tsv")], tag_of));
static PORTUGUESE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/intent_pt.tsv")], tag_of));
static ENGLISH: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/intent_en.tsv")], tag_of));

fn phrases_of(language: Lang) -> Option<&'static Phrases> {
    match language {
        Lang::ES => Some(&SPANISH),
        Lang::PT => Some(&PORTUGUESE),
        Lang::EN => Some(&ENGLISH),
        _ => None,
    }
}

/// Where a phrase stands and how much it says.
pub(crate) type Place = (Range<usize>, f32);

/// Where the phrases of a text stand: of urgency, of fraud, and of each intent
/// with its number.
pub(crate) fn places(
    text: &str,
    tokens: &Tokens,
    language: Lang,
) -> (Vec<Place>, Vec<Place>, Vec<(u8, Place)>) {
    let fraud = scam::check(text, tokens, Some(language), &scam::ScamContext::default());
    let fraud = fraud.signs.into_iter().flat_map(|sign| sign.evidence);
    let fraud = fraud.filter_map(|one| Some((one.bytes?, one.reason.weight))).collect();
    let hits = phrases_of(language).map(|phrases| phrases.find(text, tokens)).unwrap_or_default();
    let intents = hits.into_iter().map(|hit| (hit.tag, (hit.bytes, hit.weight))).collect();
    (urgency::places(text, tokens, Some(language)), fraud, intents)
}

/// Number of intents.
pub(crate) const INTENTS: usize = Intent::ALL.len();

/// The number of a tag of the lexicon: that of the intent.
fn tag_of(name: &str) -> Option<u8> {
    Intent::ALL.into_iter().find(|intent| intent.name() == name).map(|intent| intent as u8)
}

/// What the phrases of a text say.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Cues {
    /// The strongest phrase per intent, 0…1.
    pub(crate) strongest: [f32; INTENTS],
    /// The sum per intent.
    pub(crate) sums: [f32; INTENTS],
    /// What the rules of urgency find.
    pub(crate) urgency: Signals,
    /// The weight of each sign of fraud.
    pub(crate) signs: [f32; SignKind::ALL.len()],
    /// What speaks against a fraud.
    pub(crate) against: f32,
}

impl Cues {
    /// Reads a text; nothing in other languages.
    pub(crate) fn of(text: &str, tokens: &Tokens, language: Lang) -> Self {
        let Some(phrases) = phrases_of(language) else { return Self::default() };
        let mut cues = Self { urgency: urgency::signals(text, tokens, Some(language)), ..Self::default() };
        (cues.signs, cues.against) = scam::signals(text, tokens, Some(language));
        for hit in phrases.find(text, tokens) {
            let at = usize::from(hit.tag);
            if let (Some(strongest), Some(sum)) = (cues.strongest.get_mut(at), cues.sums.get_mut(at)) {
                *strongest = strongest.max(hit.weight);
                *sum += hit.weight;
            }
        }
        cues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicons_are_sound() {
        let files = [
            include_str!("../../lexicons/intent_es.tsv"),
            include_str!("../../lexicons/intent_pt.tsv"),
            include_str!("../../lexicons/intent_en.tsv"),
        ];
        let unread: Vec<String> =
            files.iter().flat_map(|file| crate::phrases::unread_lines(file, tag_of)).collect();
        assert_eq!(unread, Vec::<String>::new());
        assert!(files.iter().all(|file| file.lines().count() > 60));
    }

    #[test]
    fn phrases_betray_intents() {
        for (text, intent) in [
            ("Estaría bueno que abrieran los domingos", Intent::Suggestion),
            ("¿alguien sabe a qué hora cierran?", Intent::Question),
            ("mi cuñada trabaja ahí y me dijo que cierran", Intent::Rumour),
            ("sabemos dónde vives", Intent::Threat),
            ("llevo tres horas esperando", Intent::Complaint),
        ] {
            let cues = Cues::of(text, &Tokens::of(text), Lang::ES);
            let most = cues.strongest.iter().copied().fold(0.0, f32::max);
            assert!(most > 0.0 && cues.strongest[intent as usize] >= most - 0.11, "{text}: {cues:?}");
        }
        assert_eq!(Cues::of("", &Tokens::of(""), Lang::ES).strongest, [0.0; INTENTS]);
        let french = Cues::of(
            "je sais où tu habites",
            &Tokens::of("je sais où tu habites"),
            Lang::parse("fr").unwrap(),
        );
        assert_eq!(french, Cues::default());
    }
}
