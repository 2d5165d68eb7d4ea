//! What the team taught: corrections of single posts, and the layer that
//! learns from them.
//!
//! In: what a person says that a post is. Out: the corrected post at once, a
//! layer above the shipped weights for every post read from then on, and a
//! report on the corrections that judge and never teach.
//! A correction changes the post it is about in any case, also in searches and
//! figures; posts read before keep what was computed until the next rebuild.
//! Errors: [`AppError::Invalid`] for an unknown question or answer.
//! Cost: one transaction, about 50 µs of learning and one commit of the index
//! (tens of ms). At the start about 100 µs per standing correction.
//! Limits: those of [`analysis::learning`].

use crate::listening::Workspace;
use crate::{Actor, AppError};
use analysis::learning::{Correction, Layer, Learned};
use analysis::understanding::heads::{Head, Value};
use analysis::understanding::understand;
use model::understanding::{Emotion, Intent, Offence};
use model::{Permission, Post, RecordKey, RecordKind, Timestamp, Tone, Understood};
use std::collections::{HashMap, HashSet};
use store::archive::{NewCorrection, StoredCorrection};

/// One post in this many judges the method: its corrections never teach.
const HELD_OUT_EVERY: u8 = 5;
/// Hundredths of urgency within which two statements agree.
const URGENCY_AGREES: u8 = 13;
/// Score that a tone decided by a person has, with its sign.
const DECIDED_SCORE: f32 = 0.8;

/// What the team taught, ready to be applied.
#[derive(Debug, Default)]
pub(crate) struct Taught {
    layer: Layer,
    /// What was decided of single posts, later ones last.
    decided: HashMap<RecordKey, Vec<Value>>,
}

impl Taught {
    /// The layer, if it moves anything.
    pub(crate) fn layer(&self) -> Option<&Layer> {
        (!self.layer.is_empty()).then_some(&self.layer)
    }

    /// True when people decided something about a post.
    pub(super) fn knows(&self, key: RecordKey) -> bool {
        self.decided.contains_key(&key)
    }

    /// The posts of which people said this last.
    pub(super) fn decided_as(&self, value: Value) -> Vec<RecordKey> {
        let says = |values: &Vec<Value>| {
            values.iter().rev().find(|said| same_question(**said, value)) == Some(&value)
        };
        self.decided.iter().filter(|(_, values)| says(values)).map(|(key, _)| *key).collect()
    }

    /// Replaces what the method said of a post by what people decided.
    pub(crate) fn settle(&self, post: &Post, understood: &mut Understood) {
        if self.decided.is_empty() {
            return;
        }
        let key = RecordKey::of(RecordKind::Post, post.key.network, &post.key.native_id);
        for value in self.decided.get(&key).into_iter().flatten() {
            set(*value, understood);
        }
    }

    fn decide(&mut self, key: RecordKey, value: Value) {
        self.decided.entry(key).or_default().push(value);
    }
}

/// True when both answer one question; each intent is one of its own.
fn same_question(one: Value, other: Value) -> bool {
    match (one, other) {
        (Value::Intent(one, _), Value::Intent(other, _)) => one == other,
        _ => one.head() == other.head(),
    }
}

fn set(value: Value, understood: &mut Understood) {
    match value {
        Value::Tone(tone) => {
            understood.tone = tone;
            understood.tone_score = match tone {
                Tone::Negative => Some(-DECIDED_SCORE),
                Tone::Positive => Some(DECIDED_SCORE),
                Tone::Neutral | Tone::Mixed => Some(0.0),
                Tone::Unknown => None,
            };
        }
        Value::Intent(intent, there) => understood.intents.set(intent, there),
        Value::Urgency(percent) => understood.urgency_percent = Some(percent),
        Value::Offence(offence) => understood.offence = offence,
        Value::Emotion(emotion) => understood.emotion = emotion,
    }
}

/// True when the method says what a person said.
fn agrees(value: Value, understood: &Understood) -> bool {
    match value {
        Value::Tone(tone) => understood.tone == tone,
        Value::Intent(intent, there) => understood.intents.contains(intent) == there,
        Value::Urgency(percent) => {
            understood.urgency_percent.is_some_and(|said| said.abs_diff(percent) < URGENCY_AGREES)
        }
        Value::Offence(offence) => understood.offence == offence,
        Value::Emotion(emotion) => understood.emotion == emotion,
    }
}

/// A question and an answer in the words of files, pages and the API:
/// `intent` takes `complaint` or `-complaint`, `urgency` hundredths.
pub fn parse_correction(head: &str, value: &str) -> Result<Value, AppError> {
    let value = value.trim();
    let one_of = |words: &[&str]| AppError::invalid("value", format!("write one of {}", words.join(", ")));
    match Head::parse(head) {
        Some(Head::Tone) => {
            Tone::parse(value).map(Value::Tone).ok_or_else(|| one_of(&Tone::ALL.map(Tone::name)))
        }
        Some(Head::Intent) => {
            let (word, there) = value.strip_prefix('-').map_or((value, true), |word| (word, false));
            Intent::parse(word)
                .map(|intent| Value::Intent(intent, there))
                .ok_or_else(|| one_of(&Intent::ALL.map(Intent::name)))
        }
        Some(Head::Urgency) => value
            .parse()
            .ok()
            .filter(|percent: &u8| *percent <= 100)
            .map(Value::Urgency)
            .ok_or_else(|| AppError::invalid("value", "write hundredths from 0 to 100")),
        Some(Head::Offence) => {
            Offence::parse(value).map(Value::Offence).ok_or_else(|| one_of(&Offence::ALL.map(Offence::name)))
        }
        Some(Head::Emotion) => {
            Emotion::parse(value).map(Value::Emotion).ok_or_else(|| one_of(&Emotion::ALL.map(Emotion::name)))
        }
        None => {
            Err(AppError::invalid("head", format!("write one of {}", Head::ALL.map(Head::name).join(", "))))
        }
    }
}

/// The words of [`parse_correction`].
fn words_of(value: Value) -> (&'static str, String) {
    let word = match value {
        Value::Tone(tone) => tone.name().to_owned(),
        Value::Intent(intent, true) => intent.name().to_owned(),
        Value::Intent(intent, false) => format!("-{}", intent.name()),
        Value::Urgency(percent) => percent.to_string(),
        Value::Offence(offence) => offence.name().to_owned(),
        Value::Emotion(emotion) => emotion.name().to_owned(),
    };
    (value.head().name(), word)
}

/// A correction as pages and the API show it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CorrectionView {
    /// Its number.
    pub id: i64,
    /// The post as it is now.
    pub post: Option<i64>,
    /// The question.
    pub head: String,
    /// The answer.
    pub value: String,
    /// When.
    pub at: Timestamp,
    /// Who; `None` is the command line.
    pub by: Option<i64>,
    /// It judges the method and never teaches it.
    pub held_out: bool,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

impl From<StoredCorrection> for CorrectionView {
    fn from(stored: StoredCorrection) -> Self {
        Self {
            id: stored.id,
            post: stored.record,
            head: stored.head,
            value: stored.value,
            at: stored.at,
            by: stored.by,
            held_out: stored.held_out,
            undone_at: stored.undone.map(|(at, _)| at),
        }
    }
}

/// How the method fares on the corrections that never taught it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HeadReport {
    /// The question.
    pub head: &'static str,
    /// Corrections that judge it, count.
    pub judged: u64,
    /// Of them, what the shipped method says too.
    pub right_before: u64,
    /// Of them, what the method with the team's layer says too.
    pub right_after: u64,
}

/// What the team taught and what came of it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LearningReport {
    /// Corrections that stand, count.
    pub standing: u64,
    /// Of them, those that teach.
    pub teaching: u64,
    /// Weight that counts per person; a person's share is capped.
    pub weights: Vec<(Option<i64>, f32)>,
    /// Texts about which people contradict each other, count.
    pub conflicts: u64,
    /// One line per question with corrections that judge it.
    pub heads: Vec<HeadReport>,
}

/// A stored correction with its text.
struct Told {
    stored: StoredCorrection,
    value: Value,
    text: String,
}

impl Told {
    fn correction(&self) -> Option<Correction> {
        let verdict = analysis::language::detect(&self.text);
        Some(Correction {
            language: verdict.language.or(verdict.best)?,
            text: self.text.clone(),
            value: self.value,
            // The command line is nobody: number 0.
            person: self.stored.by.map_or(0, i64::unsigned_abs),
            weight: 1.0,
        })
    }
}

impl Workspace {
    /// Says that a post is something else than the method says.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`].
    pub fn correct(&self, actor: &Actor, post: i64, head: &str, value: &str) -> Result<i64, AppError> {
        actor.require(Permission::Label)?;
        let value = parse_correction(head, value)?;
        let missing = || AppError::NotFound { what: "post", name: post.to_string() };
        let record = self.archive().load_records(&[post])?.into_iter().next().ok_or_else(missing)?;
        let (head, word) = words_of(value);
        let new = NewCorrection {
            record: post,
            head,
            value: &word,
            held_out: is_held_out(record.raw.key()),
            by: actor.user,
            at: self.settings().now(),
        };
        let id = self.archive().insert_correction(&new)?.ok_or_else(missing)?;
        let stored = StoredCorrection {
            id,
            record: Some(post),
            key: record.raw.key(),
            head: head.to_owned(),
            value: word.clone(),
            at: new.at,
            by: new.by,
            held_out: new.held_out,
            undone: None,
        };
        self.teach(stored, value)?;
        self.reindex(&[post])?;
        Ok(id)
    }

    /// Takes a correction back; the layer is built again without it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn undo_correction(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        let undone = self
            .archive()
            .undo_correction(id, actor.user, self.settings().now())?
            .ok_or_else(|| AppError::NotFound { what: "correction", name: id.to_string() })?;
        self.teach_anew()?;
        self.reindex(&undone.record.into_iter().collect::<Vec<_>>())
    }

    /// Corrections, newest first, undone ones included.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_corrections(
        &self,
        actor: &Actor,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<CorrectionView>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_corrections(before, limit)?.into_iter().map(CorrectionView::from).collect())
    }

    /// What the team taught, and how the method fares before and after on the
    /// corrections that never taught it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn learning_report(&self, actor: &Actor) -> Result<LearningReport, AppError> {
        actor.require(Permission::Read)?;
        let told = self.told()?;
        let taught = self.taught();
        let mut heads = Vec::new();
        for head in Head::ALL {
            let mut report = HeadReport { head: head.name(), judged: 0, right_before: 0, right_after: 0 };
            for told in told.iter().filter(|told| told.stored.held_out && told.value.head() == head) {
                let tokens = model::text::Tokens::of(&told.text);
                report.judged += 1;
                report.right_before += u64::from(agrees(told.value, &understand(&told.text, &tokens, None)));
                let after = understand(&told.text, &tokens, taught.layer());
                report.right_after += u64::from(agrees(told.value, &after));
            }
            if report.judged > 0 {
                heads.push(report);
            }
        }
        Ok(LearningReport {
            standing: told.len() as u64,
            teaching: told.iter().filter(|told| !told.stored.held_out).count() as u64,
            weights: taught
                .layer
                .weights()
                .map(|(person, weight)| (i64::try_from(person).ok().filter(|id| *id > 0), weight))
                .collect(),
            conflicts: taught.layer.conflicts() as u64,
            heads,
        })
    }

    /// Learns one more correction.
    fn teach(&self, stored: StoredCorrection, value: Value) -> Result<(), AppError> {
        let before = self.taught();
        let mut taught = Taught { layer: before.layer.clone(), decided: before.decided.clone() };
        taught.decide(stored.key, value);
        if !stored.held_out {
            let text = self.text_of(stored.record)?;
            let told = text.map(|text| Told { stored, value, text });
            match told.as_ref().and_then(Told::correction).map(|correction| taught.layer.learn(&correction)) {
                Some(Learned::BuildAgain) => return self.teach_anew(),
                Some(Learned::Added) | None => {}
            }
        }
        self.set_taught(taught);
        Ok(())
    }

    /// Builds everything taught again from the corrections that stand.
    pub(crate) fn teach_anew(&self) -> Result<(), AppError> {
        let mut taught = Taught::default();
        let mut corrections = Vec::new();
        for told in self.told()? {
            taught.decide(told.stored.key, told.value);
            if !told.stored.held_out {
                corrections.extend(told.correction());
            }
        }
        taught.layer = Layer::of(&corrections);
        self.set_taught(taught);
        Ok(())
    }

    /// The standing corrections whose post is still there, with its text.
    fn told(&self) -> Result<Vec<Told>, AppError> {
        let standing = self.archive().standing_corrections()?;
        let ids: HashSet<i64> = standing.iter().filter_map(|stored| stored.record).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let texts: HashMap<i64, String> =
            self.posts_of(&ids)?.into_iter().map(|(id, post)| (id, post.full_text().into_owned())).collect();
        Ok(standing
            .into_iter()
            .filter_map(|stored| {
                let text = texts.get(&stored.record?)?.clone();
                // Words were checked when they were stored.
                let value = parse_correction(&stored.head, &stored.value).ok()?;
                Some(Told { stored, value, text })
            })
            .collect())
    }

    fn text_of(&self, record: Option<i64>) -> Result<Option<String>, AppError> {
        let ids: Vec<i64> = record.into_iter().collect();
        Ok(self.posts_of(&ids)?.into_iter().next().map(|(_, post)| post.full_text().into_owned()))
    }
}

/// True for the posts whose corrections judge.
fn is_held_out(key: RecordKey) -> bool {
    key.0.last().is_some_and(|byte| byte % HELD_OUT_EVERY == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_read_as_it_is_written() {
        for (head, words) in [
            ("tone", Tone::ALL.map(Tone::name).to_vec()),
            ("intent", vec!["complaint", "-complaint", "scam"]),
            ("urgency", vec!["0", "100"]),
            ("offence", vec!["none", "group"]),
            ("emotion", vec!["anger"]),
        ] {
            for word in words {
                let value = parse_correction(head, word).unwrap();
                assert_eq!(words_of(value), (head, word.to_owned()));
            }
        }
        for (head, word) in [("tone", "angry"), ("mood", "x"), ("urgency", "101"), ("intent", "--scam")] {
            assert!(parse_correction(head, word).is_err(), "{head} {word}");
        }
    }

    #[test]
    fn what_people_decide_replaces_what_the_method_says() {
        let mut understood = Understood { tone: Tone::Positive, ..Understood::default() };
        for value in [Value::Tone(Tone::Negative), Value::Intent(Intent::Complaint, true), Value::Urgency(75)]
        {
            assert!(!agrees(value, &understood));
            set(value, &mut understood);
            assert!(agrees(value, &understood));
        }
        assert_eq!(understood.tone_score, Some(-DECIDED_SCORE));
    }
}
