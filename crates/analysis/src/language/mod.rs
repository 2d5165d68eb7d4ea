//! Language of a short post, with the words that decided it.
//!
//! In: the text of a post, any length. Out: [`LanguageVerdict`] (fast) or
//! [`LanguageGuess`] (with [`Reason`]s): the language or an honest unknown,
//! the best guess either way, and a score from 0 to 1.
//! Errors: none; a text without letters has no guess.
//! Cost: about 2 to 5 µs for a post of 100 characters, less when its words were
//! read lately; the first call also reads the weights (about 1 ms). Memory: a
//! few KiB per call, 3 MiB per thread for words read lately.
//! Source: scripts decide where they can; the rest is multinomial logistic
//! regression over hashed letter n-grams (after Cavnar & Trenkle 1994) and
//! words, trained as `docs/models/language.md` tells.
//! Limits: the first [`letters::MAX_LETTERS`] letters and
//! [`letters::MAX_BYTES`] bytes; one language per post (a mixed post gets the
//! one that weighs most); languages outside [`languages`] are taken for a
//! neighbour; Latin-script Serbian and Bosnian are read as Croatian, Malay as
//! Indonesian, both Norwegian norms as `no`.

pub mod features;
pub mod letters;
mod recent;
pub mod weights;

#[cfg(test)]
mod tests;

use features::each_feature;
use letters::{ALL_SCRIPTS, Letters, Script, read_letters};
use model::language::Lang;
use recent::{RecentWords, Total};
use std::cell::RefCell;
use std::sync::OnceLock;
use weights::{LANES, Table, Weights};

/// Name of the method, stored with each verdict.
pub const METHOD: &str = "language-ngram-linear";
/// Version of the method; changes when a verdict may change.
pub const METHOD_VERSION: u32 = 1;
/// Fewer letters than this are not enough to name a language by its words.
pub const MIN_LETTERS: u32 = 12;
/// Fewer letters than this are not enough to name a language by its script.
pub const MIN_SCRIPT_LETTERS: u32 = 4;
/// Below this score the language stays unknown.
pub const MIN_SCORE: f32 = 0.5;
/// Reasons given at most.
pub const MAX_REASONS: usize = 8;

thread_local! {
    /// Words of the one shipped model; it changes the time of an answer, never the answer.
    static RECENT: RefCell<RecentWords> = const { RefCell::new(RecentWords::new()) };
}

static MODEL: &[u8] = include_bytes!("../../models/language.bin");

/// The language of a post, without reasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LanguageVerdict {
    /// The language; `None` when unknown (too few letters or too close a call).
    pub language: Option<Lang>,
    /// The likeliest language even when unknown; `None` only without letters.
    pub best: Option<Lang>,
    /// How likely `best` is, 0 to 1; 0 without letters.
    pub score_01: f32,
}

/// The language of a post and what decided it.
#[derive(Debug, Clone, PartialEq)]
pub struct LanguageGuess {
    /// The language; `None` when unknown (too few letters or too close a call).
    pub language: Option<Lang>,
    /// The likeliest language even when unknown; `None` only without letters.
    pub best: Option<Lang>,
    /// The second likeliest, where the script leaves a choice.
    pub runner_up: Option<Lang>,
    /// How likely `best` is, 0 to 1; 0 without letters.
    pub score_01: f32,
    /// What spoke for `best` most, strongest first, at most [`MAX_REASONS`].
    pub reasons: Vec<Reason>,
}

/// One thing that spoke for a language.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// A word of the post, folded; for a script its name.
    pub text: String,
    /// The letters of that word that weighed most, `_` for its edges; `None`
    /// for a script.
    pub ngram: Option<String>,
    /// How much it moved the log-odds of `best` against the runner-up, in
    /// nats; for a script its share of the letters.
    pub weight: f32,
}

/// Tells the language of a post.
///
/// Method: [`METHOD`]. Cost: about 5 µs for 100 characters.
pub fn detect(text: &str) -> LanguageVerdict {
    let reading = read(text);
    let (best, score_01) = match &reading.finding {
        Finding::Nothing => (None, 0.0),
        Finding::Script { lang, share_01 } => (*lang, *share_01),
        Finding::Words { scored, .. } => (scored.best_lang(), scored.score_01),
    };
    LanguageVerdict { language: reading.settle(best, score_01), best, score_01 }
}

/// Tells the language of a post and why.
///
/// Method: [`METHOD`]. Cost: about three times [`detect`].
pub fn explain(text: &str) -> LanguageGuess {
    let reading = read(text);
    let (best, runner_up, score_01, reasons) = match &reading.finding {
        Finding::Nothing => (None, None, 0.0, Vec::new()),
        Finding::Script { lang, share_01 } => {
            let text = format!("{:?}", reading.script);
            (*lang, None, *share_01, vec![Reason { text, ngram: None, weight: *share_01 }])
        }
        Finding::Words { table, scored } => (
            scored.best_lang(),
            Lang::from_bytes(scored.runner_up),
            scored.score_01,
            word_reasons(&reading, table, scored),
        ),
    };
    LanguageGuess { language: reading.settle(best, score_01), best, runner_up, score_01, reasons }
}

/// Every language that can be told, in no particular order.
pub fn languages() -> Vec<Lang> {
    let tables = ALL_SCRIPTS.iter().filter_map(|&script| weights().table(script));
    let learned = tables.flat_map(|table| table.codes().iter().copied());
    let by_script = ALL_SCRIPTS.iter().filter_map(|&script| code_of_script(script));
    learned.chain(by_script).filter_map(Lang::from_bytes).collect()
}

/// A post read: its letters, the script that leads and what came of it.
struct Reading {
    letters: Letters,
    script: Script,
    finding: Finding,
}

/// What decided.
enum Finding {
    /// No letters.
    Nothing,
    /// The script alone.
    Script { lang: Option<Lang>, share_01: f32 },
    /// The words.
    Words { table: &'static Table<'static>, scored: Scored },
}

/// The outcome of adding up the words.
struct Scored {
    best: [u8; 2],
    best_lane: usize,
    runner_up: [u8; 2],
    runner_up_lane: usize,
    score_01: f32,
    /// What one step of weight counts in nats, for this number of features.
    step_nats: f32,
}

impl Scored {
    fn best_lang(&self) -> Option<Lang> {
        Lang::from_bytes(self.best)
    }
}

impl Reading {
    /// The best guess if there is enough to stand by it.
    fn settle(&self, best: Option<Lang>, score_01: f32) -> Option<Lang> {
        let needed = match self.finding {
            Finding::Words { .. } => MIN_LETTERS,
            _ => MIN_SCRIPT_LETTERS,
        };
        best.filter(|_| score_01 >= MIN_SCORE && letters_of(&self.letters, self.script) >= needed)
    }
}

fn weights() -> &'static Weights<'static> {
    static WEIGHTS: OnceLock<Weights<'static>> = OnceLock::new();
    // A broken model tells nothing; a test proves that the shipped one is whole.
    WEIGHTS.get_or_init(|| Weights::parse(MODEL).unwrap_or_default())
}

fn read(text: &str) -> Reading {
    let mut letters = read_letters(text, false);
    let mut script = leading_script(&letters);
    if letters_of(&letters, script) < MIN_LETTERS && text.contains('#') {
        letters = read_letters(text, true);
        script = leading_script(&letters);
    }
    let seen = letters_of(&letters, script);
    let finding = if seen == 0 {
        Finding::Nothing
    } else if let Some(table) = weights().table(script) {
        score_words(&letters, script, table)
            .map_or(Finding::Nothing, |scored| Finding::Words { table, scored })
    } else {
        let all: u32 = ALL_SCRIPTS.iter().map(|&script| letters.count(script)).sum();
        // Letters are at most MAX_LETTERS: exact in f32.
        let share_01 = seen as f32 / all.max(1) as f32;
        Finding::Script { lang: code_of_script(script).and_then(Lang::from_bytes), share_01 }
    };
    Reading { letters, script, finding }
}

/// The letters that count for a script: Japanese mixes two.
fn letters_of(letters: &Letters, script: Script) -> u32 {
    match script {
        Script::Kana => letters.count(Script::Kana) + letters.count(Script::Han),
        other => letters.count(other),
    }
}

/// The script with most to say. One Chinese, Japanese or Korean character says
/// as much as two letters; a tenth of kana makes a text Japanese.
fn leading_script(letters: &Letters) -> Script {
    let kana = letters.count(Script::Kana);
    let mut lead = (Script::Latin, 0);
    for script in ALL_SCRIPTS {
        let said = match script {
            Script::Kana if kana * 10 >= letters.count(Script::Han) => 2 * letters_of(letters, script),
            Script::Kana => 0,
            Script::Han | Script::Hangul => 2 * letters.count(script),
            other => letters.count(other),
        };
        // Kana comes after Han, so a tie of kana and Han is Japanese.
        if said > lead.1 || (said == lead.1 && said > 0 && script == Script::Kana && kana > 0) {
            lead = (script, said);
        }
    }
    lead.0
}

/// The language of scripts that one language of ours uses.
fn code_of_script(script: Script) -> Option<[u8; 2]> {
    Some(match script {
        Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari => return None,
        Script::Han => *b"zh",
        Script::Kana => *b"ja",
        Script::Hangul => *b"ko",
        Script::Greek => *b"el",
        Script::Hebrew => *b"he",
        Script::Thai => *b"th",
        Script::Georgian => *b"ka",
        Script::Armenian => *b"hy",
        Script::Bengali => *b"bn",
        Script::Tamil => *b"ta",
    })
}

/// Adds up what the words say; `None` only for a table without two languages.
fn score_words(letters: &Letters, script: Script, table: &Table<'_>) -> Option<Scored> {
    let mut total = Total::default();
    RECENT.with_borrow_mut(|recent| {
        letters.padded_words(script).for_each(|word| recent.add(word, script, table, &mut total));
    });
    let Total { sums, features } = total;
    // The sum is divided by the root of the number of features, as in training.
    let step_nats = table.scale() / (features.max(1) as f32).sqrt();
    let lanes = table.codes().len();
    let mut logits = [f32::NEG_INFINITY; LANES];
    for ((logit, &sum), &bias) in logits.iter_mut().zip(&sums).zip(table.biases()).take(lanes) {
        // Sums stay below 2^20: exact in f32.
        *logit = sum as f32 * step_nats + bias;
    }
    let (best_lane, top) = highest(&logits, None)?;
    let (runner_up_lane, _) = highest(&logits, Some(best_lane))?;
    let parts: f32 = logits.iter().take(lanes).map(|&logit| (logit - top).exp()).sum();
    Some(Scored {
        best: *table.codes().get(best_lane)?,
        best_lane,
        runner_up: *table.codes().get(runner_up_lane)?,
        runner_up_lane,
        score_01: 1.0 / parts,
        step_nats,
    })
}

/// Place and value of the highest number, but for one place; the first of equals.
fn highest(values: &[f32; LANES], but: Option<usize>) -> Option<(usize, f32)> {
    let mut top: Option<(usize, f32)> = None;
    for (place, &value) in values.iter().enumerate() {
        if Some(place) != but && top.is_none_or(|(_, highest)| value > highest) {
            top = Some((place, value));
        }
    }
    top
}

/// What each word added to the log-odds of the best against the runner-up.
fn word_reasons(reading: &Reading, table: &Table<'_>, scored: &Scored) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for word in reading.letters.padded_words(reading.script) {
        let mut weight = 0.0;
        let mut strongest: (f32, &[u16]) = (0.0, &[]);
        each_feature(word, |feature| {
            let Some(row) = table.row(feature.key) else { return };
            let steps_of = |lane: usize| row.get(lane).map_or(0, |&step| i32::from(step.cast_signed()));
            // A difference of two bytes: exact in f32.
            let said =
                (steps_of(scored.best_lane) - steps_of(scored.runner_up_lane)) as f32 * scored.step_nats;
            weight += said;
            if said > strongest.0 {
                strongest = (said, feature.units);
            }
        });
        if weight <= 0.0 {
            continue;
        }
        let text = String::from_utf16_lossy(word).trim().to_owned();
        match reasons.iter_mut().find(|reason| reason.text == text) {
            Some(reason) => reason.weight += weight,
            None => {
                let ngram = Some(String::from_utf16_lossy(strongest.1).replace(' ', "_"));
                reasons.push(Reason { text, ngram, weight });
            }
        }
    }
    reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
    reasons.truncate(MAX_REASONS);
    reasons
}
