//! What a text says and wants: intents, urgency, offence, emotion.
//!
//! The words here are those of files, the API, the query language and locale
//! keys. A value that a method did not give is `None` or `Unknown`, never zero.

use crate::{Lang, Tone};
use serde::{Deserialize, Serialize};

/// What the writer of a text wants; a text may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Intent {
    /// Something went wrong and somebody is responsible for it.
    Complaint = 0,
    /// Wants to know something that somebody could answer.
    Question = 1,
    /// Asks somebody to do something.
    Request = 2,
    /// Praises, thanks or recommends.
    Praise = 3,
    /// Proposes an improvement.
    Suggestion = 4,
    /// Announces harm to somebody.
    Threat = 5,
    /// Insults or harasses somebody.
    Insult = 6,
    /// Passes on an unverified claim as a fact.
    Rumour = 7,
    /// Tries to cheat.
    Scam = 8,
    /// Unasked advertising.
    Spam = 9,
}

impl Intent {
    /// Every intent, in the order of the stored bit.
    pub const ALL: [Self; 10] = [
        Self::Complaint,
        Self::Question,
        Self::Request,
        Self::Praise,
        Self::Suggestion,
        Self::Threat,
        Self::Insult,
        Self::Rumour,
        Self::Scam,
        Self::Spam,
    ];

    /// The word used in `intent:`, files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Question => "question",
            Self::Request => "request",
            Self::Praise => "praise",
            Self::Suggestion => "suggestion",
            Self::Threat => "threat",
            Self::Insult => "insult",
            Self::Rumour => "rumour",
            Self::Scam => "scam",
            Self::Spam => "spam",
        }
    }

    /// The intent of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intent| intent.name() == text.trim())
    }
}

/// A set of [`Intent`], one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(into = "Vec<Intent>", from = "Vec<Intent>")]
pub struct IntentSet(u16);

impl IntentSet {
    /// The set of stored bits; bits of no intent are dropped.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & ((1 << Intent::ALL.len()) - 1))
    }

    /// One bit per intent.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// True when `intent` is in it.
    pub const fn contains(self, intent: Intent) -> bool {
        self.0 & (1 << intent as u8) != 0
    }

    /// True when nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds or removes `intent`.
    pub const fn set(&mut self, intent: Intent, on: bool) {
        if on {
            self.0 |= 1 << intent as u8;
        } else {
            self.0 &= !(1 << intent as u8);
        }
    }

    /// The intents in it.
    pub fn iter(self) -> impl Iterator<Item = Intent> {
        Intent::ALL.into_iter().filter(move |intent| self.contains(*intent))
    }
}

impl FromIterator<Intent> for IntentSet {
    fn from_iter<I: IntoIterator<Item = Intent>>(intents: I) -> Self {
        let mut set = Self::default();
        intents.into_iter().for_each(|intent| set.set(intent, true));
        set
    }
}

impl From<IntentSet> for Vec<Intent> {
    fn from(set: IntentSet) -> Self {
        set.iter().collect()
    }
}

impl From<Vec<Intent>> for IntentSet {
    fn from(list: Vec<Intent>) -> Self {
        list.into_iter().collect()
    }
}

/// Why a text is urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UrgencyReason {
    /// Life, fire, violence, accident.
    Danger,
    /// A date or hour that is near.
    Deadline,
    /// Something that many need does not work.
    Outage,
    /// Lawsuit, authority, data protection.
    Legal,
    /// Journalists or media.
    Press,
    /// Illness, medicine, hospital.
    Health,
    /// Children concerned.
    Children,
}

impl UrgencyReason {
    /// Every reason.
    pub const ALL: [Self; 7] =
        [Self::Danger, Self::Deadline, Self::Outage, Self::Legal, Self::Press, Self::Health, Self::Children];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::Deadline => "deadline",
            Self::Outage => "outage",
            Self::Legal => "legal",
            Self::Press => "press",
            Self::Health => "health",
            Self::Children => "children",
        }
    }
}

/// Whether a text offends, and whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Offence {
    /// The method abstains.
    #[default]
    Unknown = 0,
    /// Nothing offensive.
    None = 1,
    /// Rude words that offend nobody.
    Swearing = 2,
    /// Offends a person.
    Person = 3,
    /// Offends a group of people.
    Group = 4,
}

impl Offence {
    /// Every value in the order of the stored number.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::None, Self::Swearing, Self::Person, Self::Group];

    /// The word used in `offence:`, files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Swearing => "swearing",
            Self::Person => "person",
            Self::Group => "group",
        }
    }

    /// The value of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|offence| offence.name() == text.trim())
    }

    /// The value of a stored number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// The main emotion of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Emotion {
    /// The method abstains.
    #[default]
    Unknown = 0,
    /// None, or one that is not listed.
    Others = 1,
    /// Anger.
    Anger = 2,
    /// Disgust.
    Disgust = 3,
    /// Fear.
    Fear = 4,
    /// Joy.
    Joy = 5,
    /// Sadness.
    Sadness = 6,
    /// Surprise.
    Surprise = 7,
}

impl Emotion {
    /// Every value in the order of the stored number.
    pub const ALL: [Self; 8] = [
        Self::Unknown,
        Self::Others,
        Self::Anger,
        Self::Disgust,
        Self::Fear,
        Self::Joy,
        Self::Sadness,
        Self::Surprise,
    ];

    /// The word used in `emotion:`, files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Others => "others",
            Self::Anger => "anger",
            Self::Disgust => "disgust",
            Self::Fear => "fear",
            Self::Joy => "joy",
            Self::Sadness => "sadness",
            Self::Surprise => "surprise",
        }
    }

    /// The value of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|emotion| emotion.name() == text.trim())
    }

    /// The value of a stored number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// Everything that is computed of a text alone, without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Understood {
    /// Language; `None` is unknown.
    pub language: Option<Lang>,
    /// Tone of the whole text.
    pub tone: Tone,
    /// Tone score −1…1; `None` when the method abstains.
    pub tone_score: Option<f32>,
    /// What the writer wants; empty is none of them or unknown language.
    pub intents: IntentSet,
    /// How fast somebody should look, in hundredths 0…100; `None` when the method abstains.
    pub urgency_percent: Option<u8>,
    /// Whether it offends.
    pub offence: Offence,
    /// Its main emotion.
    pub emotion: Emotion,
}
