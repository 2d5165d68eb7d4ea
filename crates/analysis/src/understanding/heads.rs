//! What the lanes of a row stand for.
//!
//! In: a lane. Out: its head and value. A head is a choice among several
//! values (they share one probability), or one yes or no per lane.
//! Limits: [`LANES`] lanes.

use model::Tone;
use model::understanding::{Emotion, Intent, Offence};
use std::ops::Range;

/// Lanes of a row of weights.
pub const LANES: usize = 32;

/// One question that is answered of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Head {
    /// Tone: negative, neutral, positive, mixed.
    Tone,
    /// One yes or no per intent.
    Intent,
    /// Urgency above 0, ¼, ½ and ¾: one yes or no each.
    Urgency,
    /// Offence: none, swearing, person, group.
    Offence,
    /// Emotion: seven values.
    Emotion,
}

impl Head {
    /// Every head in the order of its lanes.
    pub const ALL: [Self; 5] = [Self::Tone, Self::Intent, Self::Urgency, Self::Offence, Self::Emotion];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tone => "tone",
            Self::Intent => "intent",
            Self::Urgency => "urgency",
            Self::Offence => "offence",
            Self::Emotion => "emotion",
        }
    }

    /// The head of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|head| head.name() == text.trim())
    }

    /// Its lanes.
    pub const fn lanes(self) -> Range<usize> {
        match self {
            Self::Tone => 0..4,
            Self::Intent => 4..14,
            Self::Urgency => 14..18,
            Self::Offence => 18..22,
            Self::Emotion => 22..29,
        }
    }

    /// True when exactly one of its values holds.
    pub const fn is_choice(self) -> bool {
        matches!(self, Self::Tone | Self::Offence | Self::Emotion)
    }
}

/// Tones in the order of their lanes.
pub const TONES: [Tone; 4] = [Tone::Negative, Tone::Neutral, Tone::Positive, Tone::Mixed];
/// Offences in the order of their lanes.
pub const OFFENCES: [Offence; 4] = [Offence::None, Offence::Swearing, Offence::Person, Offence::Group];
/// Emotions in the order of their lanes.
pub const EMOTIONS: [Emotion; 7] = [
    Emotion::Others,
    Emotion::Anger,
    Emotion::Disgust,
    Emotion::Fear,
    Emotion::Joy,
    Emotion::Sadness,
    Emotion::Surprise,
];
/// Urgencies that a text must exceed, in the order of their lanes, hundredths.
pub const URGENCY_LIMITS: [u8; 4] = [0, 25, 50, 75];

/// A value of one head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value {
    /// A tone.
    Tone(Tone),
    /// An intent is there, or is not.
    Intent(Intent, bool),
    /// Urgency in hundredths.
    Urgency(u8),
    /// An offence.
    Offence(Offence),
    /// An emotion.
    Emotion(Emotion),
}

impl Value {
    /// The head that it answers.
    pub const fn head(self) -> Head {
        match self {
            Self::Tone(_) => Head::Tone,
            Self::Intent(..) => Head::Intent,
            Self::Urgency(_) => Head::Urgency,
            Self::Offence(_) => Head::Offence,
            Self::Emotion(_) => Head::Emotion,
        }
    }

    /// Calls `each` with every lane that it speaks about and whether it holds.
    /// «Unknown» speaks about none.
    pub fn each_lane(self, mut each: impl FnMut(usize, bool)) {
        let mut choose = |head: Head, chosen: Option<usize>| {
            if let Some(chosen) = chosen {
                head.lanes().enumerate().for_each(|(at, lane)| each(lane, at == chosen));
            }
        };
        match self {
            Self::Tone(tone) => choose(Head::Tone, TONES.iter().position(|one| *one == tone)),
            Self::Offence(offence) => {
                choose(Head::Offence, OFFENCES.iter().position(|one| *one == offence));
            }
            Self::Emotion(emotion) => {
                choose(Head::Emotion, EMOTIONS.iter().position(|one| *one == emotion));
            }
            Self::Intent(intent, there) => each(Head::Intent.lanes().start + intent as usize, there),
            Self::Urgency(percent) => {
                for (lane, limit) in Head::Urgency.lanes().zip(URGENCY_LIMITS) {
                    each(lane, percent > limit);
                }
            }
        }
    }
}
