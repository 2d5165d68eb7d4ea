//! From phrases to a degree of urgency.
//!
//! A phrase gives a reason with a weight 0…1. What is harmless, in jest or
//! denied takes away the phrases that it covers or reaches. The strongest
//! reason counts whole; a near time and a writer who presses raise it; the
//! result is rounded to quarters.

use super::{Nearness, Signals};
use crate::phrases::{Hit, Phrases};
use model::UrgencyReason;
use model::text::Tokens;

const TAG_NOW: u8 = 7;
const TAG_HOURS: u8 = 8;
const TAG_DAY: u8 = 9;
const TAG_DAYS: u8 = 10;
const TAG_PRESS: u8 = 11;
const TAG_HARMLESS: u8 = 12;
const TAG_CALM: u8 = 13;

/// The number of a tag of the lexicon.
pub(super) fn tag_of(name: &str) -> Option<u8> {
    const TAGS: [&str; 14] = [
        "danger", "deadline", "outage", "legal", "press", "health", "children", "now", "hours", "day",
        "days", "pressure", "harmless", "calm",
    ];
    TAGS.iter().position(|tag| *tag == name).and_then(|at| u8::try_from(at).ok())
}

/// The reason that a tag stands for.
pub(super) fn reason_of(tag: u8) -> Option<UrgencyReason> {
    UrgencyReason::ALL.get(usize::from(tag)).copied()
}

/// What stands in a text, after what is harmless was taken away.
#[derive(Debug, Default)]
pub(super) struct Weighed {
    pub(super) hits: Vec<Hit>,
    pub(super) nearness: Nearness,
    pub(super) pressure: f32,
    /// How much of a report or a joke the whole is, 0…1.
    pub(super) calm: f32,
    /// True when somebody is called: pressed, addressed, or a time is at hand.
    pub(super) is_called: bool,
}

/// Finds the phrases of a text and drops those that are harmless here.
pub(super) fn weigh(text: &str, tokens: &Tokens, phrases: &Phrases) -> Weighed {
    let all = phrases.find(text, tokens);
    if all.is_empty() {
        return Weighed::default();
    }
    let mut weighed = Weighed::default();
    for hit in &all {
        match hit.tag {
            TAG_NOW => weighed.nearness = weighed.nearness.max(Nearness::Now),
            TAG_HOURS => weighed.nearness = weighed.nearness.max(Nearness::Hours),
            TAG_DAY => weighed.nearness = weighed.nearness.max(Nearness::Day),
            TAG_DAYS => weighed.nearness = weighed.nearness.max(Nearness::Days),
            TAG_PRESS => weighed.pressure += hit.weight,
            TAG_CALM => weighed.calm = weighed.calm.max(hit.weight),
            _ => {}
        }
    }
    let is_harmless = |hit: &Hit| {
        all.iter().any(|other| {
            other.tag == TAG_HARMLESS
                && other.words.start < hit.words.end
                && hit.words.start < other.words.end
        })
    };
    weighed.is_called = weighed.pressure >= CALL_PRESSURE_MIN
        || weighed.nearness >= Nearness::Hours
        || text.contains("!!")
        || text.contains('@');
    weighed.hits =
        all.iter().filter(|hit| reason_of(hit.tag).is_some() && !is_harmless(hit)).cloned().collect();
    weighed
}

impl Weighed {
    /// The numbers without the words.
    pub(super) fn signals(&self) -> Signals {
        let counts = |hit: &&Hit| hit.weight >= REASON_WEIGHT_MIN || self.is_raised(hit);
        let reasons = self.hits.iter().filter(counts).fold(0, |bits, hit| bits | 1 << hit.tag);
        // 0…3, so exact.
        let pressure = self.pressure.clamp(0.0, 3.0) as u8;
        Signals { reasons, nearness: self.nearness, pressure, percent: Some(self.percent()) }
    }

    /// True for children who are named beside a danger, an illness or a call.
    fn is_raised(&self, hit: &Hit) -> bool {
        let is_grave = |other: &Hit| {
            matches!(reason_of(other.tag), Some(UrgencyReason::Danger | UrgencyReason::Health))
                && other.weight >= GRAVE_WEIGHT_MIN
        };
        reason_of(hit.tag) == Some(UrgencyReason::Children)
            && hit.weight >= CHILDREN_WEIGHT_MIN
            && (self.pressure >= 1.0 || self.hits.iter().any(is_grave))
    }

    fn percent(&self) -> u8 {
        let strongest = self.hits.iter().map(|hit| self.weight_of(hit)).fold(0.0, f32::max);
        if strongest == 0.0 {
            return if self.pressure >= 1.0 { 25 } else { 0 };
        }
        let time = match self.nearness {
            Nearness::None | Nearness::Days => 0.0,
            Nearness::Day => 0.05,
            Nearness::Hours | Nearness::Now => 0.1,
        };
        let children = if self.hits.iter().any(|hit| self.is_raised(hit)) { CHILDREN } else { 0.0 };
        let sum = (strongest + time + children + PRESSURE * self.pressure.min(2.0)) * (1.0 - self.calm);
        // Quarters between 0 and 4, so exact.
        let quarters = (sum * 4.0).round().clamp(0.0, 4.0) as u8;
        quarters * 25
    }

    /// The weight of a phrase here: a danger that nobody calls out for is news
    /// or a memory more often than not.
    fn weight_of(&self, hit: &Hit) -> f32 {
        let told = matches!(reason_of(hit.tag), Some(UrgencyReason::Danger | UrgencyReason::Health))
            && !self.is_called
            && hit.weight < CERTAIN_WEIGHT_MIN;
        if told { hit.weight * TOLD } else { hit.weight }
    }
}

/// Weaker phrases raise the degree and are no reason by themselves.
const REASON_WEIGHT_MIN: f32 = 0.45;
/// Danger or illness that makes children beside it a reason.
const GRAVE_WEIGHT_MIN: f32 = 0.5;
/// Least weight of children who are named.
const CHILDREN_WEIGHT_MIN: f32 = 0.3;
/// What children beside a danger add.
const CHILDREN: f32 = 0.15;
/// What each unit of pressure adds, up to two.
const PRESSURE: f32 = 0.1;
/// A danger of this weight needs no call.
const CERTAIN_WEIGHT_MIN: f32 = 0.75;
/// What is left of a danger without a call.
const TOLD: f32 = 0.6;
/// Pressure that is a call.
const CALL_PRESSURE_MIN: f32 = 0.3;
