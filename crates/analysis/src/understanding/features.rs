//! The features of a text: one pass for every head.
//!
//! In: the pieces of a text and what the lexicons say of it. Out: 32-bit keys,
//! each with where it comes from: words, pairs of neighbours, letter n-grams
//! of three to five within words, and signs (lexicon evidence, rude words,
//! marks, links, capitals) in steps.
//! Cost: about one multiplication per letter and length; no allocation beyond
//! a reused buffer.
//! Source: Wang and Manning 2012 (word and letter n-grams, binary, linear);
//! hashing after Weinberger et al. 2009. Signs stack the lexicon below the
//! learned weights.
//! Limits: [`FEATURES_MAX`] features of a text count.

use super::cues::Cues;
use super::heads::{LANES, TONES};
use super::letters::{each_own_key, hash_of_sign, key, whole_key};
use crate::hashing::hash_step;
use crate::scam::SignKind;
use crate::sentiment::Evidence;
use crate::urgency::Nearness;
use crate::wording::rude::{self, Rude};
use crate::wording::{Flags, Kind, Wording};
use model::understanding::Intent;
use model::{Tone, UrgencyReason};

/// Features of one text that count.
pub const FEATURES_MAX: usize = 12_000;
/// Words after which a rude word is still close.
const NEAR_WORDS: usize = 3;

const PAIR_SEED: u64 = 0x52;
const FIRST_SEED: u64 = 0x53;
const SIGN_SEED: u64 = 0x54;

/// Where a feature comes from; numbers are ordinals of pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// One piece.
    Piece(u32),
    /// A piece and the one after it.
    Pair(u32),
    /// What the tone lexicon says of the whole text.
    Lexicon,
    /// Rude words.
    Rude,
    /// Phrases of urgency.
    Urgency,
    /// Phrases of an intent, by its number.
    Phrase(u8),
    /// Signs of fraud.
    Fraud,
    /// Anything else, by its name.
    Sign(&'static str),
}

/// What kind of feature it is; the learner gives each kind a pace of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A word or the name of a sign.
    Word,
    /// Two neighbours.
    Pair,
    /// Letters within a word.
    Gram,
    /// Counts and rude words.
    Sign,
    /// Evidence of the tone lexicon.
    Lexicon,
}

/// Who takes the features of a text.
pub(crate) trait Taker {
    /// Takes one feature.
    fn take(&mut self, key: u32, origin: Origin, class: Class);

    /// Takes a word and all its letters at once, if they are at most `most`
    /// features; gives their number. `None`: they come one by one.
    fn word(&mut self, _form: &str, _hash: u64, _most: usize) -> Option<usize> {
        None
    }
}

impl<F: FnMut(u32, Origin, Class)> Taker for F {
    #[inline]
    fn take(&mut self, key: u32, origin: Origin, class: Class) {
        self(key, origin, class);
    }
}

/// Gives no more than [`FEATURES_MAX`] features.
struct Limited<'t, T> {
    taker: &'t mut T,
    left: usize,
}

impl<T: Taker> Limited<'_, T> {
    #[inline]
    fn take(&mut self, key: u32, origin: Origin, class: Class) {
        if self.left > 0 {
            self.left -= 1;
            self.taker.take(key, origin, class);
        }
    }

    #[inline]
    fn word(&mut self, form: &str, hash: u64, at: u32) {
        match self.taker.word(form, hash, self.left) {
            Some(features) => self.left -= features,
            None => each_own_key(form, hash, |key, class| self.take(key, Origin::Piece(at), class)),
        }
    }
}

/// The key of a sign and its step.
fn sign_key(name: &'static str, step: u32) -> u32 {
    key(hash_step(rude::word_hash(name) ^ SIGN_SEED, u64::from(step)))
}

/// Gives every feature to `taker`, in a fixed order.
pub(crate) fn each_feature(wording: &Wording, evidence: &Evidence, cues: &Cues, taker: &mut impl Taker) {
    let mut limited = Limited { taker, left: FEATURES_MAX };
    let mut counts = Counts::default();
    let mut before: Option<u64> = None;
    for (at, (form, piece)) in (0_u32..).zip(wording.iter()) {
        let hash = rude::word_hash(form);
        let is_word = piece.kind == Kind::Word;
        let hash = if is_word { hash } else { hash_of_sign(hash) };
        if is_word {
            limited.word(form, hash, at);
        } else {
            limited.take(whole_key(hash), Origin::Piece(at), Class::Word);
        }
        if let Some(before) = before {
            let pair = key(hash_step(before ^ PAIR_SEED, hash));
            limited.take(pair, Origin::Pair(at.saturating_sub(1)), Class::Pair);
        }
        if is_word && piece.flags.has(Flags::FIRST) {
            limited.take(key(hash_step(hash, FIRST_SEED)), Origin::Piece(at), Class::Word);
        }
        before = Some(hash);
        counts.add(form, hash, piece.kind, piece.flags, wording, at);
    }
    each_lexicon_sign(evidence, &mut |key, origin| limited.take(key, origin, Class::Lexicon));
    let mut take = |key: u32, origin: Origin| limited.take(key, origin, Class::Sign);
    counts.each_sign(wording, evidence, &mut take);
    each_cue(cues, &mut take);
}

/// What phrases say of intents, urgency and fraud, in steps.
fn each_cue(cues: &Cues, take: &mut impl FnMut(u32, Origin)) {
    let mut steps = |name: &'static str, origin: Origin, value: f32, limits: &[f32]| {
        for (step, limit) in (0_u32..).zip(limits) {
            if value >= *limit {
                take(sign_key(name, step), origin);
            }
        }
    };
    for (intent, (strongest, sum)) in Intent::ALL.into_iter().zip(cues.strongest.iter().zip(cues.sums)) {
        let [phrase, more] = PHRASES.get(intent as usize).copied().unwrap_or_default();
        steps(phrase, Origin::Phrase(intent as u8), *strongest, &[0.3, 0.6, 0.8]);
        steps(more, Origin::Phrase(intent as u8), sum, &[1.1, 1.8, 2.6]);
    }
    for reason in UrgencyReason::ALL {
        let name = URGENT.get(reason as usize).copied().unwrap_or_default();
        steps(name, Origin::Urgency, f32::from(u8::from(cues.urgency.has(reason))), &[1.0]);
    }
    let near = match cues.urgency.nearness {
        Nearness::None => 0.0,
        Nearness::Days => 1.0,
        Nearness::Day => 2.0,
        Nearness::Hours => 3.0,
        Nearness::Now => 4.0,
    };
    steps("time at hand", Origin::Sign("time at hand"), near, &[1.0, 2.0, 3.0, 4.0]);
    steps("pressure", Origin::Sign("pressure"), f32::from(cues.urgency.pressure), &[1.0, 2.0]);
    steps(
        "urgent",
        Origin::Urgency,
        f32::from(cues.urgency.percent.unwrap_or(0)),
        &[25.0, 50.0, 75.0, 100.0],
    );
    for (kind, weight) in SignKind::ALL.into_iter().zip(cues.signs) {
        let name = SIGNS.get(kind as usize).copied().unwrap_or_default();
        steps(name, Origin::Fraud, weight, &[0.3, 0.5, 0.9]);
    }
    let net = cues.signs.iter().sum::<f32>() - cues.against;
    steps("signs of fraud", Origin::Fraud, net, &[0.4, 0.75, 1.2, 2.0]);
    steps("warning of fraud", Origin::Sign("warning of fraud"), cues.against, &[0.5, 1.5]);
}

/// Names of the signs of phrases and of several phrases, in the order of the intents.
const PHRASES: [[&str; 2]; 10] = [
    ["phrase of complaint", "phrases of complaint"],
    ["phrase of question", "phrases of question"],
    ["phrase of request", "phrases of request"],
    ["phrase of praise", "phrases of praise"],
    ["phrase of suggestion", "phrases of suggestion"],
    ["phrase of threat", "phrases of threat"],
    ["phrase of insult", "phrases of insult"],
    ["phrase of rumour", "phrases of rumour"],
    ["phrase of scam", "phrases of scam"],
    ["phrase of spam", "phrases of spam"],
];
/// Names of the signs of urgency, in the order of its reasons.
const URGENT: [&str; 7] = [
    "urgent: danger",
    "urgent: deadline",
    "urgent: outage",
    "urgent: legal",
    "urgent: press",
    "urgent: health",
    "urgent: children",
];
/// Names of the signs of fraud, in their order.
const SIGNS: [&str; 12] = [
    "fraud: precedent",
    "fraud: false profile",
    "fraud: impersonal",
    "fraud: fake purchase",
    "fraud: advance payment",
    "fraud: unknown means",
    "fraud: borrowed name",
    "fraud: urgency",
    "fraud: false guarantee",
    "fraud: personal data",
    "fraud: bait",
    "fraud: link",
];

/// What the score of the lexicon counts for the positive tone and against the
/// negative, nats.
const SCORE_NATS: f32 = 3.0;
/// What a score of zero counts for the neutral tone, nats.
const BALANCE_NATS: f32 = 1.5;

/// What the tone lexicon and its rules say before anything learned: they were
/// written for posts of every kind, the learned weights know fewer kinds.
pub(crate) fn prior(evidence: &Evidence) -> [f32; LANES] {
    let mut logits = [0.0; LANES];
    let score = evidence.balance();
    for (lane, tone) in logits.iter_mut().zip(TONES) {
        *lane = match tone {
            Tone::Negative => -SCORE_NATS * score,
            Tone::Positive => SCORE_NATS * score,
            Tone::Neutral => BALANCE_NATS * (1.0 - score.abs()),
            Tone::Mixed | Tone::Unknown => 0.0,
        };
    }
    logits
}

/// What the tone lexicon and its rules say, in steps.
fn each_lexicon_sign(evidence: &Evidence, take: &mut impl FnMut(u32, Origin)) {
    let mut steps = |name: &'static str, value: f32, limits: &[f32]| {
        for (step, limit) in (0_u32..).zip(limits) {
            if value >= *limit {
                take(sign_key(name, step), Origin::Lexicon);
            }
        }
    };
    let score = evidence.balance();
    steps("score for", score, &[0.1, 0.25, 0.4, 0.55, 0.7, 0.85]);
    steps("score against", -score, &[0.1, 0.25, 0.4, 0.55, 0.7, 0.85]);
    steps("for", evidence.positive, &[0.1, 0.4, 0.8, 1.4]);
    steps("against", evidence.negative, &[0.1, 0.4, 0.8, 1.4]);
    steps("denial", evidence.denial, &[0.05, 0.15]);
    if evidence.hits == 0 {
        take(sign_key("no tone word", 0), Origin::Lexicon);
    }
    if evidence.positive >= 0.4 && evidence.negative >= 0.4 {
        take(sign_key("both sides", 0), Origin::Lexicon);
    }
    if evidence.ironies > 0 {
        take(sign_key("irony", 0), Origin::Sign("irony"));
        if evidence.positive > evidence.negative {
            take(sign_key("irony", 1), Origin::Sign("irony"));
        }
    }
}

/// What is counted along the way.
#[derive(Debug, Default)]
struct Counts {
    words: u32,
    swears: u32,
    milds: u32,
    doubtful: u32,
    doubtful_beside_you: bool,
    insults: u32,
    slurs: u32,
    groups: u32,
    harms: u32,
    rude_at: Option<u32>,
    rude_beside_you: bool,
    rude_beside_group: bool,
    you_at: Option<u32>,
    group_at: Option<u32>,
    capitals: u32,
    drawn_out: u32,
    quoted: u32,
    users: u32,
    first_is_user: bool,
    links: u32,
    numbers: u32,
    long_numbers: u32,
    hashtags: u32,
    emoji: u32,
    questions: u32,
    opening_questions: bool,
    exclamations: u32,
    dots: u32,
    laughs: u32,
    disguised: u32,
}

/// True for words that address somebody, in three languages.
fn addresses(form: &str) -> bool {
    matches!(
        form,
        "tu" | "te"
            | "ti"
            | "vos"
            | "usted"
            | "ustedes"
            | "eres"
            | "sos"
            | "sois"
            | "os"
            | "vosotros"
            | "contigo"
            | "tus"
            | "tienes"
            | "tenes"
            | "estas"
            | "callate"
            | "vete"
            | "andate"
            | "voce"
            | "voces"
            | "seu"
            | "teu"
            | "tua"
            | "vai"
            | "you"
            | "your"
            | "youre"
            | "yourself"
            | "es"
            | "vaya"
            | "menudo"
            | "menuda"
            | "so"
    )
}

impl Counts {
    fn add(&mut self, form: &str, hash: u64, kind: Kind, flags: Flags, wording: &Wording, at: u32) {
        self.quoted += u32::from(flags.has(Flags::QUOTED));
        match kind {
            Kind::Word => self.add_word(form, hash, flags, wording, at),
            Kind::User => {
                self.users += 1;
                self.first_is_user |= at == 0;
            }
            Kind::Link => self.links += 1,
            Kind::Number if form == "longnumber" => self.long_numbers += 1,
            Kind::Number => self.numbers += 1,
            Kind::Emoji => self.emoji += 1,
            Kind::Laughter => self.laughs += 1,
            Kind::Mark => match form {
                "?" => self.questions += 1,
                "¿" => self.opening_questions = true,
                "!" => self.exclamations += 1,
                _ => self.dots += 1,
            },
        }
    }

    fn add_word(&mut self, form: &str, hash: u64, flags: Flags, wording: &Wording, at: u32) {
        self.words += 1;
        self.capitals += u32::from(flags.has(Flags::CAPITALS));
        self.drawn_out += u32::from(flags.has(Flags::DRAWN_OUT));
        self.hashtags += u32::from(flags.has(Flags::HASHTAG));
        self.disguised += u32::from(flags.has(Flags::DISGUISED));
        if addresses(form) {
            self.you_at = Some(at);
            self.rude_beside_you |= self.rude_at.is_some_and(|rude| is_near(rude, at));
        }
        match longest_rude(hash, wording, at) {
            None => {}
            Some((Rude::Group, _)) => {
                self.groups += 1;
                self.group_at = Some(at);
                self.rude_beside_group |= self.rude_at.is_some_and(|rude| is_near(rude, at));
            }
            // «cerdo», «zorra»: a beast unless it is said to somebody.
            Some((_, true)) => {
                self.doubtful += 1;
                self.doubtful_beside_you |= self.you_at.is_some_and(|you| is_near(you, at));
            }
            Some((rude, false)) => {
                match rude {
                    Rude::Swear => self.swears += 1,
                    Rude::Mild => self.milds += 1,
                    Rude::Insult => self.insults += 1,
                    Rude::Slur => self.slurs += 1,
                    Rude::Harm | Rude::Group => self.harms += 1,
                }
                self.rude_at = Some(at);
                self.rude_beside_you |= self.you_at.is_some_and(|you| is_near(you, at));
                self.rude_beside_group |= self.group_at.is_some_and(|group| is_near(group, at));
            }
        }
    }

    fn each_sign(&self, wording: &Wording, evidence: &Evidence, take: &mut impl FnMut(u32, Origin)) {
        let mut steps = |name: &'static str, count: u32, limits: &[u32], rude: bool| {
            for (step, limit) in (0_u32..).zip(limits) {
                if count >= *limit {
                    take(sign_key(name, step), if rude { Origin::Rude } else { Origin::Sign(name) });
                }
            }
        };
        steps("swearing", self.swears, &[1, 2], true);
        steps("mild insults", self.milds, &[1, 2], true);
        steps("doubtful insults", self.doubtful, &[1, 2], true);
        steps("doubtful to you", u32::from(self.doubtful_beside_you), &[1], true);
        steps("insults", self.insults, &[1, 2, 3], true);
        steps("slurs", self.slurs, &[1, 2], true);
        steps("threats of harm", self.harms, &[1], true);
        steps("groups", self.groups, &[1, 2], true);
        steps("rude words", self.swears + self.insults + self.slurs + self.harms, &[1, 2, 3], true);
        steps("rude to you", u32::from(self.rude_beside_you), &[1], true);
        steps("rude to a group", u32::from(self.rude_beside_group), &[1], true);
        let praised = self.rude_at.is_some() && evidence.positive > evidence.negative;
        steps("rude but pleased", u32::from(praised), &[1], true);
        steps("hidden letters", self.disguised, &[1], true);
        steps("length", self.words, &[4, 8, 14, 22, 35], false);
        steps("capitals", self.capitals, &[1, 3, 6], false);
        steps("drawn-out letters", self.drawn_out, &[1, 2], false);
        steps("quotation", self.quoted, &[1, 4], false);
        steps("mentions", self.users, &[1, 2, 4], false);
        steps("starts with a mention", u32::from(self.first_is_user), &[1], false);
        steps("links", self.links, &[1, 2], false);
        steps("numbers", self.numbers, &[1, 2, 4], false);
        steps("long numbers", self.long_numbers, &[1, 2], false);
        steps("hashtags", self.hashtags, &[1, 3, 6], false);
        steps("emoji", self.emoji, &[1, 2, 4], false);
        steps("question marks", self.questions, &[1, 2], false);
        steps("opening question mark", u32::from(self.opening_questions), &[1], false);
        steps("exclamation marks", self.exclamations, &[1, 2], false);
        steps("dots", self.dots, &[1, 2], false);
        steps("laughter", self.laughs, &[1], false);
        let last = wording.len().checked_sub(1).and_then(|last| wording.get(last));
        let ends_asking = last.is_some_and(|(form, piece)| piece.kind == Kind::Mark && form == "?");
        steps("ends with a question mark", u32::from(ends_asking), &[1], false);
        let angry = self.questions > 0 && self.exclamations > 0;
        steps("question and exclamation", u32::from(angry), &[1], false);
        let asks_nicely = self.questions > 0 && evidence.negative <= 0.0;
        steps("question without blame", u32::from(asks_nicely), &[1], false);
    }
}

fn is_near(one: u32, other: u32) -> bool {
    one.abs_diff(other) as usize <= NEAR_WORDS
}

/// The longest rude phrase that begins at a piece.
fn longest_rude(hash: u64, wording: &Wording, at: u32) -> Option<rude::Found> {
    let mut best = rude::look_up(hash)?;
    let mut phrase = hash;
    for more in 1..rude::PHRASE_WORDS_MAX {
        let Some((form, piece)) = wording.get(at as usize + more) else { break };
        if piece.kind != Kind::Word {
            break;
        }
        phrase = rude::join_hash(phrase, rude::word_hash(form));
        match rude::look_up(phrase) {
            None => break,
            Some(found) => best = found.or(best),
        }
    }
    best
}
