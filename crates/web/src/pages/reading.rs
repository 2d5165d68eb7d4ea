//! What a post says and wants, as pages show it: the answer in words, how
//! sure, what weighed, who decided otherwise, and the answers to choose from.
//!
//! In: a [`Reading`] and the corrections that stand. Out: [`AnswerBox`], drawn
//! by `components/reading.html`. A person's decision stands above the method,
//! which is still shown. Limits: [`WEIGHTS_MAX`].

use crate::charts::Drawing;
use crate::charts::weight::weight_bar;
use crate::components::{Choice, plain_line};
use crate::locale::Locale;
use ::app::listening::PostView;
use ::app::understanding::{Answer, CorrectionView, Reading};
use model::sentiment::Reason;
use model::{Emotion, Intent, Offence, Timestamp, Tone};
use std::collections::HashMap;

/// Most reasons shown of an answer.
pub const WEIGHTS_MAX: usize = 12;
/// Urgencies that a person chooses from, hundredths: the scale of the judging set.
const URGENCIES: [u8; 5] = [0, 25, 50, 75, 100];

/// Names of people by their number.
pub type Names = HashMap<i64, String>;

/// One thing that weighed.
pub struct Weight {
    /// Words of the text, or what a rule says.
    pub text: String,
    /// True for words of the text.
    pub quoted: bool,
    /// With its sign, local form.
    pub weight: String,
    /// `for` or `against`.
    pub direction: &'static str,
    /// The same as a picture.
    pub bar: Drawing,
}

/// What a person decided instead of the method.
pub struct Decision {
    /// Number of the correction.
    pub id: i64,
    /// «Decidido por Ana, hace 5 min».
    pub text: String,
}

/// One question with its answer.
pub struct AnswerBox {
    /// `tone`, `intent`, `urgency`, `offence`, `emotion`.
    pub head: &'static str,
    /// For anchors: the head, and the intent behind it.
    pub id: String,
    /// The question in words.
    pub name: String,
    /// The answer that holds; `None` where nobody knows.
    pub value: Option<String>,
    /// For its colour.
    pub tone: Option<Tone>,
    /// What the method says, with words and number of its probability.
    pub method_says: String,
    /// Who decided, if somebody did.
    pub decision: Option<Decision>,
    /// What weighed in the method.
    pub weights: Vec<Weight>,
    /// Answers to choose from; each corrects at once.
    pub choices: Vec<Choice>,
}

/// Everything a page shows of a reading.
pub struct ReadingView {
    /// Tone.
    pub tone: AnswerBox,
    /// Intents that hold or were decided.
    pub intents: Vec<AnswerBox>,
    /// The other intents.
    pub others: Vec<AnswerBox>,
    /// Urgency.
    pub urgency: AnswerBox,
    /// Why: reason and words as they stand.
    pub urgency_reasons: Vec<(String, String)>,
    /// Offence.
    pub offence: AnswerBox,
    /// Emotion.
    pub emotion: AnswerBox,
    /// Tone toward brands named in the text.
    pub targets: Vec<TargetBox>,
    /// True when no model reads the language.
    pub unread: bool,
    /// Name and version of the methods.
    pub methods: Vec<String>,
}

/// The tone toward a brand.
pub struct TargetBox {
    /// Its name.
    pub name: String,
    /// True for our own.
    pub own: bool,
    /// The tone.
    pub tone: Tone,
    /// −1…1 in local form.
    pub score: Option<String>,
    /// What weighed.
    pub weights: Vec<Weight>,
}

impl TargetBox {
    /// Whose brand it is, as a locale key.
    pub fn role(&self) -> &'static str {
        if self.own { "target-own" } else { "target-competitor" }
    }
}

/// Everything that turns a reading into words.
pub struct Wording<'a> {
    /// Of the reader.
    pub l: &'a Locale,
    /// People of the workspace.
    pub names: &'a Names,
    /// Now.
    pub now: Timestamp,
}

impl Wording<'_> {
    /// The reading of a post with what people decided.
    pub fn reading(&self, view: &PostView, reading: &Reading, corrections: &[CorrectionView]) -> ReadingView {
        let l = self.l;
        let answers = &reading.answers.value;
        let of = |head: &str| answers.iter().find(|answer| answer.head == head);
        let decided = |head: &str| corrections.iter().rev().find(|correction| correction.head == head);
        let single = |head: &'static str, value: Option<String>, tone: Option<Tone>| AnswerBox {
            head,
            id: head.to_owned(),
            name: l.word("head", head),
            value,
            tone,
            method_says: self.method_says(of(head), head),
            decision: decided(head).map(|correction| self.decision(correction)),
            weights: weights(of(head).map_or(&[], |answer| answer.reasons.as_slice()), l),
            choices: choices(head, None, l),
        };
        let known_tone = Some(view.tone).filter(|tone| *tone != Tone::Unknown);
        let offence = Some(view.offence).filter(|offence| *offence != Offence::Unknown);
        let emotion = Some(view.emotion).filter(|emotion| *emotion != Emotion::Unknown);
        let mut boxes = Vec::new();
        for intent in Intent::ALL {
            let correction = corrections
                .iter()
                .rev()
                .find(|one| one.head == "intent" && one.value.trim_start_matches('-') == intent.name());
            let answer = answers.iter().find(|one| one.head == "intent" && one.value == intent.name());
            let holds = view.intents.contains(intent);
            let shown = holds || correction.is_some();
            let box_of = AnswerBox {
                head: "intent",
                id: format!("intent-{}", intent.name()),
                name: l.word("intent", intent.name()),
                value: Some(l.text(if holds { "answer-yes" } else { "answer-no" })),
                tone: None,
                method_says: self.method_says(answer, "intent"),
                decision: correction.map(|correction| self.decision(correction)),
                weights: weights(answer.map_or(&[], |answer| answer.reasons.as_slice()), l),
                choices: choices("intent", Some(intent), l)
                    .into_iter()
                    .filter(|choice| choice.value.starts_with('-') == holds)
                    .collect(),
            };
            boxes.push((answer.map_or(0.0, |answer| answer.probability), shown, box_of));
        }
        boxes.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
        let (shown, others): (Vec<_>, Vec<_>) = boxes.into_iter().partition(|(_, shown, _)| *shown);
        ReadingView {
            tone: single("tone", known_tone.map(|tone| l.word("tone", tone.name())), known_tone),
            intents: shown.into_iter().map(|(_, _, one)| one).collect(),
            others: others.into_iter().map(|(_, _, one)| one).collect(),
            urgency: single("urgency", view.urgency_percent.map(|percent| urgency_words(percent, l)), None),
            urgency_reasons: reading
                .urgency_reasons
                .value
                .iter()
                .map(|note| (l.word("urgency-reason", note.reason), plain_line(&note.words.text)))
                .collect(),
            offence: single("offence", offence.map(|offence| l.word("offence", offence.name())), None),
            emotion: single("emotion", emotion.map(|emotion| l.word("emotion", emotion.name())), None),
            targets: self.targets(reading),
            unread: answers.is_empty(),
            methods: [
                (reading.answers.method, reading.answers.version),
                (reading.urgency_reasons.method, reading.urgency_reasons.version),
                (reading.targets.method, reading.targets.version),
            ]
            .map(|(name, version)| method(name, version, l))
            .to_vec(),
        }
    }

    fn targets(&self, reading: &Reading) -> Vec<TargetBox> {
        let target = |target: &::app::understanding::TargetReading| TargetBox {
            name: plain_line(&target.target),
            own: target.own,
            tone: target.sentiment.tone,
            score: target.sentiment.score.map(|score| signed(score, self.l)),
            weights: weights(&target.sentiment.reasons, self.l),
        };
        reading.targets.value.iter().map(target).collect()
    }

    /// «Negativo: muy probable (92 %)», or that the method abstains and what it leans to.
    fn method_says(&self, answer: Option<&Answer>, head: &str) -> String {
        let l = self.l;
        let Some(answer) = answer else { return l.text("method-unread") };
        let probability = f64::from(answer.probability);
        if head == "urgency" {
            return match answer.given {
                true => l.named("method-says", &urgency_words(percent_of(answer.probability), l)),
                false => l.text("method-abstains"),
            };
        }
        let value = l.word(if head == "intent" { "intent" } else { head }, answer.value);
        let arguments = [
            ("value", value.into()),
            ("likelihood", l.word("likelihood", likelihood(answer.probability)).into()),
            ("percent", l.percent(probability, 0).into()),
        ];
        let key = match (answer.given, head) {
            (true, "intent") if answer.probability < 0.5 => "method-leans-yes",
            (_, "intent") => "method-says-intent",
            (true, _) => "method-says-likely",
            (false, _) => "method-leans",
        };
        l.text_with(key, &arguments)
    }

    fn decision(&self, correction: &CorrectionView) -> Decision {
        let who = who(correction.by, self.names, self.l);
        let when = self.l.ago(correction.at, self.now);
        let text = self.l.text_with("decided-by", &[("name", who.into()), ("when", when.into())]);
        Decision { id: correction.id, text }
    }
}

/// The name of who corrected.
pub fn who(by: Option<i64>, names: &Names, l: &Locale) -> String {
    match by {
        None => l.text("by-command-line"),
        Some(id) => names.get(&id).map_or_else(|| l.text("by-nobody"), |name| plain_line(name)),
    }
}

/// A correction in words: «Queja: sí».
pub fn correction_words(head: &str, value: &str, l: &Locale) -> String {
    let says = |name: String, value: String| {
        l.text_with("correction-words", &[("name", name.into()), ("value", value.into())])
    };
    match head {
        "intent" => {
            let (word, key) =
                value.strip_prefix('-').map_or((value, "answer-yes"), |word| (word, "answer-no"));
            says(l.word("intent", word), l.text(key).to_lowercase())
        }
        "urgency" => says(l.word("head", head), urgency_words(value.parse().unwrap_or(0), l).to_lowercase()),
        _ => says(l.word("head", head), l.word(head, value).to_lowercase()),
    }
}

/// The answers that a person may choose, each in a word.
pub fn choices(head: &str, intent: Option<Intent>, l: &Locale) -> Vec<Choice> {
    let one = |value: &str, label: String| Choice { value: value.to_owned(), label, chosen: false };
    let unknown = |label: &str| one("unknown", l.text(label));
    match (head, intent) {
        ("tone", _) => [Tone::Negative, Tone::Mixed, Tone::Neutral, Tone::Positive]
            .into_iter()
            .map(|tone| one(tone.name(), l.word("tone", tone.name())))
            .chain([unknown("answer-cannot-tell")])
            .collect(),
        ("urgency", _) => URGENCIES
            .into_iter()
            .map(|percent| one(&percent.to_string(), l.word("urgency-level", urgency_level(percent))))
            .collect(),
        ("offence", _) => Offence::ALL
            .into_iter()
            .filter(|offence| *offence != Offence::Unknown)
            .map(|offence| one(offence.name(), l.word("offence", offence.name())))
            .chain([unknown("answer-cannot-tell")])
            .collect(),
        ("emotion", _) => Emotion::ALL
            .into_iter()
            .filter(|emotion| *emotion != Emotion::Unknown)
            .map(|emotion| one(emotion.name(), l.word("emotion", emotion.name())))
            .chain([unknown("answer-cannot-tell")])
            .collect(),
        ("intent", Some(intent)) => vec![
            one(intent.name(), l.word("intent-is", intent.name())),
            one(&format!("-{}", intent.name()), l.word("intent-is-not", intent.name())),
        ],
        _ => Vec::new(),
    }
}

/// «Urgente, 62 de 100».
pub fn urgency_words(percent: u8, l: &Locale) -> String {
    let level = l.word("urgency-level", urgency_level(percent));
    l.text_with("urgency-words", &[("level", level.into()), ("percent", u64::from(percent).into())])
}

/// The level of an urgency, as `urgency-level-<word>` says it.
pub const fn urgency_level(percent: u8) -> &'static str {
    match percent {
        0..=12 => "none",
        13..=49 => "low",
        50..=74 => "high",
        75..=94 => "very",
        _ => "now",
    }
}

/// How sure a probability is, as `likelihood-<word>` says it.
pub const fn likelihood(probability: f32) -> &'static str {
    match probability {
        0.95.. => "sure",
        0.8.. => "very",
        0.6.. => "likely",
        0.4.. => "even",
        0.2.. => "unlikely",
        _ => "hardly",
    }
}

fn percent_of(probability: f32) -> u8 {
    // A probability is 0…1, so this fits.
    (probability.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// Name and version of a method.
pub fn method(name: &str, version: u32, l: &Locale) -> String {
    l.text_with("post-page-method", &[("name", name.into()), ("version", version.to_string().into())])
}

/// What weighed, strongest first.
pub fn weights(reasons: &[Reason], l: &Locale) -> Vec<Weight> {
    let max = reasons.iter().map(|reason| reason.weight.abs()).fold(0.0, f32::max);
    let weight = |reason: &Reason| {
        let (text, quoted) = weighed_text(&reason.text, l);
        Weight {
            text,
            quoted,
            weight: signed(reason.weight, l),
            direction: if reason.weight < 0.0 { "against" } else { "for" },
            bar: weight_bar(reason.weight, max),
        }
    };
    reasons.iter().take(WEIGHTS_MAX).map(weight).collect()
}

/// Words of the text as they stand, and true; what a rule says in the reader's
/// language, and false. A rule without a text of ours is shown by its name.
fn weighed_text(text: &str, l: &Locale) -> (String, bool) {
    let Some(rule) = text.strip_prefix("rule: ") else { return (plain_line(text), true) };
    let slug: String = rule.chars().map(|c| if c.is_ascii_alphabetic() { c } else { '-' }).collect();
    (l.find(&format!("weighed-{slug}")).unwrap_or_else(|| plain_line(rule)), false)
}

/// `+0.52`, `−0.30`.
fn signed(weight: f32, l: &Locale) -> String {
    let text = l.decimal(f64::from(weight), 2);
    if weight > 0.0 { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    fn es() -> Locale {
        Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC)
    }

    #[test]
    fn every_answer_to_choose_is_one_that_can_be_stored() {
        let l = es();
        let mut seen = 0;
        let intents = Intent::ALL.into_iter().map(|intent| ("intent", Some(intent)));
        for (head, intent) in
            ["tone", "urgency", "offence", "emotion"].into_iter().map(|head| (head, None)).chain(intents)
        {
            for choice in choices(head, intent, &l) {
                assert!(
                    ::app::understanding::parse_correction(head, &choice.value).is_ok(),
                    "{head} {}",
                    choice.value
                );
                assert!(!choice.label.contains('⟦'), "{}", choice.label);
                assert!(!correction_words(head, &choice.value, &l).contains('⟦'));
                seen += 1;
            }
        }
        assert_eq!(seen, 5 + 5 + 5 + 8 + 20);
    }

    #[test]
    fn reasons_are_words_of_the_text_or_rules_in_the_readers_language() {
        let l = es();
        assert_eq!(weighed_text("pésimo servicio", &l), ("pésimo servicio".to_owned(), true));
        assert_eq!(weighed_text("rule: capitals", &l), ("letras mayúsculas".to_owned(), false));
        assert_eq!(weighed_text("rule: new thing", &l), ("new thing".to_owned(), false));
        assert_eq!(signed(0.5, &l), "+0.50");
        assert_eq!(signed(-0.5, &l), "\u{2212}0.50");
    }

    #[test]
    fn words_of_urgency_and_likelihood_follow_their_limits() {
        let l = es();
        for percent in 0..=100 {
            assert!(!urgency_words(percent, &l).contains('⟦'));
        }
        assert_eq!((urgency_level(49), urgency_level(50), urgency_level(75)), ("low", "high", "very"));
        assert_eq!(likelihood(0.95), "sure");
        assert_eq!(likelihood(0.1), "hardly");
        assert_eq!(percent_of(0.626), 63);
    }
}
