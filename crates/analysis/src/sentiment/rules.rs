//! From words to two sums, one for and one against.
//!
//! In: a text with its tokens and a lexicon. Out: [`Evidence`].
//! Source: the shifters of Polanyi and Zaenen (2006) and Taboada et al. (2011,
//! SO-CAL): negation, intensifiers, contrast, questions; capitals, elongation
//! and emoji after VADER (Hutto and Gilbert 2014). The factors are set by
//! hand, not fitted.
//! Cost: one pass over the tokens and what stands between them.

use super::lexicon::{Effect, Lexicon};
use model::text::{TOKEN_BYTES_MAX, Token, Tokens};
use std::ops::Range;

/// Words that a negation reaches unless punctuation stops it.
const NEGATION_WORDS: u8 = 3;
/// What is left of praise that is negated, turned around: `no es bueno`.
const NEGATED_PRAISE: f32 = -0.8;
/// What is left of blame that is negated, turned around: `no es malo`.
const NEGATED_BLAME: f32 = -0.4;
/// Weight of a negation with nothing to turn: denial is more often against
/// than for (Potts 2011, "On the negativity of negation").
const BARE_NEGATION: f32 = 0.1;
/// Most bare negations that count.
const BARE_NEGATIONS_MAX: u8 = 3;
/// Words that an intensifier reaches.
const BOOST_WORDS: u8 = 2;
const BOOST: f32 = 1.4;
const DAMP: f32 = 0.6;
/// After `pero`.
const CONTRAST: f32 = 2.0;
/// A word in capitals within a text that is not, or with a letter drawn out.
const EMPHASIS: f32 = 1.3;
/// A sentence that ends in a question mark.
const QUESTION: f32 = 0.6;
/// Of `:)` and its like.
const EMOTICON: f32 = 0.5;
/// Shortest word whose capitals mean something, characters.
const CAPITALS_CHARS_MIN: usize = 3;

/// What a text holds for and against.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evidence {
    /// Sum of what is in favour.
    pub(crate) positive: f32,
    /// Sum of what is against, as a positive number.
    pub(crate) negative: f32,
    /// What bare negations add to what is against.
    pub(crate) denial: f32,
    /// Words and signs that weighed.
    pub(crate) hits: u32,
    /// Words read (not emoji, not names of accounts).
    pub(crate) words: u32,
    /// Of these, words of the lexicon.
    pub(crate) known: u32,
    /// `jaja`, `kkk`, `lol`.
    pub(crate) laughs: u32,
    /// Exclamation marks.
    pub(crate) exclamations: u32,
    /// Signs that words do not mean what they say.
    pub(crate) ironies: u32,
}

/// Weighs a text; `note` hears of each piece: its bytes and its weight.
pub(super) fn weigh(
    text: &str,
    tokens: &Tokens,
    lexicon: &Lexicon,
    note: &mut impl FnMut(Range<usize>, f32),
) -> Evidence {
    let mut reading = Reading { text, contrast: 1.0, ..Reading::default() };
    let mut index = 0;
    let mut before = 0;
    while let Some((folded, token)) = tokens.get(index) {
        let has_parts =
            token.hashtag && tokens.get(index + 1).is_some_and(|(_, next)| next.position == token.position);
        if has_parts {
            index += 1;
            continue;
        }
        let start = token.start as usize;
        reading.read_between(before, start, note);
        before = token.end as usize;
        if reading.in_handle {
            index += 1;
            continue;
        }
        let (effect, used) = match lexicon.longest(text, tokens, index) {
            Some((effect, used)) => (Some(effect), used),
            None => (None, 1),
        };
        if used > 1 {
            before = tokens.get(index + used - 1).map_or(before, |(_, last)| last.end as usize);
        }
        reading.read_word(folded, token, start..before, effect, lexicon, note);
        index += used;
    }
    reading.read_between(before, text.len(), note);
    reading.close_sentence(false);
    reading.evidence
}

#[derive(Debug, Default)]
struct Reading<'t> {
    text: &'t str,
    evidence: Evidence,
    /// Sums of the sentence at hand.
    positive: f32,
    negative: f32,
    sentence_words: u32,
    /// Words that the last negation still reaches, and where it began.
    negation: u8,
    negation_start: usize,
    bare_negations: u8,
    boost: f32,
    boost_words: u8,
    contrast: f32,
    /// `aunque` opened the sentence: the next clause is the one that counts.
    contrast_after_clause: bool,
    in_handle: bool,
    emoji_run: u32,
    has_lower: Option<bool>,
}

impl Reading<'_> {
    fn read_word(
        &mut self,
        folded: &str,
        token: &Token,
        bytes: Range<usize>,
        effect: Option<Effect>,
        lexicon: &Lexicon,
        note: &mut impl FnMut(Range<usize>, f32),
    ) {
        if let Some(Effect::Emoji(value)) = effect {
            self.emoji_run += 1;
            let run = f32::from(u16::try_from(self.emoji_run).unwrap_or(u16::MAX));
            return self.add(value / run, bytes, note);
        }
        if effect == Some(Effect::Irony) {
            self.evidence.ironies += 1;
            return;
        }
        self.emoji_run = 0;
        if !folded.starts_with(char::is_alphabetic) {
            return;
        }
        self.evidence.words += 1;
        self.sentence_words += 1;
        if is_laughter(folded) {
            self.evidence.known += 1;
            self.evidence.laughs += 1;
            return;
        }
        let mut emphasis = 1.0;
        let effect = effect.or_else(|| {
            let found = shorter(folded, lexicon);
            if found.is_some() {
                emphasis = EMPHASIS;
            }
            found
        });
        if effect.is_some() {
            self.evidence.known += 1;
        }
        match effect {
            Some(Effect::Polar(value)) => {
                if self.is_capitals(token) {
                    emphasis = EMPHASIS;
                }
                self.weigh_word(value * emphasis, bytes, note);
            }
            Some(Effect::Negates) => {
                self.end_negation();
                self.negation = NEGATION_WORDS + 1;
                self.negation_start = bytes.start;
                self.bare_negations = self.bare_negations.saturating_add(1);
            }
            Some(Effect::Boosts) => self.set_boost(BOOST),
            Some(Effect::Damps) => self.set_boost(DAMP),
            Some(Effect::But) => self.turn(),
            Some(Effect::Though) if self.sentence_words == 1 => self.contrast_after_clause = true,
            Some(Effect::Though) => self.turn(),
            _ => {}
        }
        // Intensifiers between a negation and its word take none of its reach.
        if !matches!(effect, Some(Effect::Boosts | Effect::Damps)) {
            self.negation = self.negation.saturating_sub(1);
        }
        self.boost_words = self.boost_words.saturating_sub(1);
    }

    fn weigh_word(&mut self, value: f32, bytes: Range<usize>, note: &mut impl FnMut(Range<usize>, f32)) {
        let mut value = value;
        let mut bytes = bytes;
        if self.boost_words > 0 {
            value *= self.boost;
            self.boost_words = 0;
        }
        if self.negation > 0 {
            value *= if value > 0.0 { NEGATED_PRAISE } else { NEGATED_BLAME };
            bytes.start = self.negation_start;
            self.bare_negations = self.bare_negations.saturating_sub(1);
            self.negation = 0;
        }
        self.add(value * self.contrast, bytes, note);
    }

    fn add(&mut self, value: f32, bytes: Range<usize>, note: &mut impl FnMut(Range<usize>, f32)) {
        if value == 0.0 {
            return;
        }
        self.evidence.hits += 1;
        if value > 0.0 {
            self.positive += value;
        } else {
            self.negative -= value;
        }
        note(bytes, value);
    }

    /// Lasts for the intensifier itself and the words after it.
    fn set_boost(&mut self, factor: f32) {
        self.boost = factor;
        self.boost_words = BOOST_WORDS + 1;
    }

    fn turn(&mut self) {
        self.contrast = CONTRAST;
        self.end_negation();
    }

    fn end_negation(&mut self) {
        self.negation = 0;
    }

    /// Reads what stands between two words: marks, emoticons, the sign of a handle.
    fn read_between(&mut self, start: usize, end: usize, note: &mut impl FnMut(Range<usize>, f32)) {
        let between = self.text.get(start..end).unwrap_or_default();
        if between == " " {
            self.in_handle = false;
            return;
        }
        let continues_handle = self.in_handle && between.chars().all(|c| matches!(c, '_' | '.' | '-'));
        let between = match between.find("http").or_else(|| between.find("www.")) {
            // An address gives no tokens; nothing in it is punctuation.
            Some(address) => between.get(..address).unwrap_or_default(),
            None => between,
        };
        let mut clause_ends = false;
        let mut sentence_ends = false;
        let mut asks = false;
        for c in between.chars() {
            match c {
                ',' | ';' | ':' | '(' | ')' | '—' | '–' | '"' | '«' | '»' => clause_ends = true,
                '.' | '…' | '\n' => sentence_ends = true,
                '!' | '¡' => {
                    self.evidence.exclamations =
                        self.evidence.exclamations.saturating_add(u32::from(c == '!'));
                    sentence_ends = true;
                }
                '?' => {
                    asks = true;
                    sentence_ends = true;
                }
                '¿' => sentence_ends = true,
                _ => {}
            }
        }
        if let Some((at, len, value)) = emoticon(between) {
            self.add(value, start + at..start + at + len, note);
        }
        if clause_ends || sentence_ends {
            self.end_negation();
            self.boost_words = 0;
            if self.contrast_after_clause {
                self.contrast_after_clause = false;
                self.contrast = CONTRAST;
            }
        }
        if sentence_ends {
            self.close_sentence(asks);
        }
        self.in_handle = between.ends_with(['@', '＠']) || continues_handle;
    }

    fn close_sentence(&mut self, asks: bool) {
        let factor = if asks { QUESTION } else { 1.0 };
        self.evidence.positive += self.positive * factor;
        self.evidence.negative += self.negative * factor;
        let bare = self.bare_negations.min(BARE_NEGATIONS_MAX);
        self.evidence.denial += f32::from(bare) * BARE_NEGATION * factor;
        self.bare_negations = 0;
        self.positive = 0.0;
        self.negative = 0.0;
        self.sentence_words = 0;
        self.contrast = 1.0;
        self.contrast_after_clause = false;
        self.emoji_run = 0;
    }

    /// True for a word in capitals in a text that has small letters too.
    fn is_capitals(&mut self, token: &Token) -> bool {
        let word = self.text.get(token.start as usize..token.end as usize).unwrap_or_default();
        let shouted = word.starts_with(char::is_uppercase)
            && word.chars().take(TOKEN_BYTES_MAX).all(|c| !c.is_lowercase())
            && word.chars().nth(CAPITALS_CHARS_MIN - 1).is_some();
        let text = self.text;
        shouted && *self.has_lower.get_or_insert_with(|| text.bytes().any(|b| b.is_ascii_lowercase()))
    }
}

/// What a word does when letters that stand three times or more in a row are
/// written twice or once: `buenoooo`, `geniaaal`.
fn shorter(folded: &str, lexicon: &Lexicon) -> Option<Effect> {
    let bytes = folded.as_bytes();
    if !bytes.windows(3).any(|three| matches!(three, [a, b, c] if a == b && b == c)) {
        return None;
    }
    [1, 2].into_iter().find_map(|most| {
        let mut squeezed = [0u8; TOKEN_BYTES_MAX];
        let mut len = 0;
        let mut run = 0;
        let mut before = None;
        for &byte in bytes {
            run = if before == Some(byte) { run + 1 } else { 1 };
            before = Some(byte);
            if run <= most {
                *squeezed.get_mut(len)? = byte;
                len += 1;
            }
        }
        std::str::from_utf8(squeezed.get(..len)?).ok().and_then(|word| lexicon.effect_of(word))
    })
}

/// `jajaja`, `hahaha`, `kkkk`, `rsrs`, `lol` and the like.
fn is_laughter(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    let made_of = |letters: &[u8]| bytes.iter().all(|byte| letters.contains(byte));
    match bytes {
        b"lol" | b"lmao" | b"xd" | b"xdd" | b"rofl" => true,
        [b'k', b'k', b'k', ..] => made_of(b"k"),
        [b'j', _, b'j', ..] | [b'a', b'j', b'a', b'j', ..] => made_of(b"jaeiou"),
        [b'h', _, b'h', ..] | [b'a', b'h', b'a', b'h', ..] => made_of(b"haeiou"),
        [b'r', b's', b'r', ..] => made_of(b"rs"),
        _ => false,
    }
}

/// The first `:)`, `:(` or the like: byte, length and weight.
fn emoticon(between: &str) -> Option<(usize, usize, f32)> {
    let at = between.find([':', ';', '=', '<'])?;
    let rest = between.get(at..)?;
    const FORMS: [(&str, f32); 14] = [
        (":-)", EMOTICON),
        (":))", EMOTICON),
        (":)", EMOTICON),
        ("=)", EMOTICON),
        (";)", EMOTICON),
        (";-)", EMOTICON),
        (":')", EMOTICON),
        (":-(", -EMOTICON),
        (":((", -EMOTICON),
        (":(", -EMOTICON),
        ("=(", -EMOTICON),
        (":'(", -EMOTICON),
        (":-/", -EMOTICON),
        (":/", -EMOTICON),
    ];
    FORMS.iter().find(|(form, _)| rest.starts_with(form)).map(|(form, value)| (at, form.len(), *value))
}
