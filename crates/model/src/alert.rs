//! An alert: a rule fired, at a time, with its evidence.
//!
//! The words here are those of files, the API, the command line and locale
//! keys. An alert holds numbers and identifiers of our own; what was received
//! stands behind its records and leaves with them.

use crate::{LeftOut, Timestamp, Trace};
use serde::{Deserialize, Serialize};

/// What a rule saw when it fired; each rule has its own evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum AlertEvidence {
    /// A message of a group that acts as one reached an audience outside it.
    Breakout(BreakoutEvidence),
}

impl AlertEvidence {
    /// The word of the rule.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Breakout(_) => "breakout",
        }
    }

    /// What the rule fired about; it fires once for each subject.
    pub const fn subject(&self) -> u64 {
        match self {
            Self::Breakout(evidence) => evidence.message,
        }
    }
}

/// A message that left its circle, as of that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakoutEvidence {
    /// Identifier of the group whose circle it left first.
    pub group: String,
    /// Those of other groups with the same message, the strongest first.
    #[serde(default)]
    pub also: Vec<String>,
    /// What the group did with it.
    pub trace: Trace,
    /// Hash of trace and object.
    pub message: u64,
    /// Interactions of the group, count.
    pub inside: u64,
    /// Of others, whoever they are, count.
    pub outside: u64,
    /// Accounts among these others that are not counted as the audience.
    #[serde(default)]
    pub left_out: LeftOut,
}

impl BreakoutEvidence {
    /// Every group that carried it, that of [`Self::group`] first.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.group).chain(&self.also).map(String::as_str)
    }
}

impl BreakoutEvidence {
    /// Share of its interactions that came from outside, 0–1; `None` without any.
    pub fn outside_share(&self) -> Option<f64> {
        let all = self.inside.saturating_add(self.outside);
        // Counts of posts: far below 2⁵³.
        (all > 0).then(|| self.outside as f64 / all as f64)
    }
}

/// What a record is to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum AlertPart {
    /// A post that is the message itself.
    Message = 0,
    /// A post of one of the first who carried it on.
    Amplifier = 1,
}

impl AlertPart {
    /// Every part, in the order of the stored number.
    pub const ALL: [Self; 2] = [Self::Message, Self::Amplifier];

    /// The part of a stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|part| *part as u8 == number)
    }
}

/// A person has taken note of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSeen {
    /// Who; `None` is the command line.
    pub by: Option<i64>,
    /// The name as it was then.
    pub signed: String,
    /// When.
    pub at: Timestamp,
}

/// A rule fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its number; rises with the moment at which it was raised.
    pub id: i64,
    /// When what it tells happened.
    pub at: Timestamp,
    /// When the program noticed.
    pub raised_at: Timestamp,
    /// The rule with what it saw.
    pub evidence: AlertEvidence,
    /// Record ids of the posts behind it that are still there, in their order.
    pub records: Vec<(AlertPart, i64)>,
    /// Who took it; `None` while it is open.
    pub seen: Option<AlertSeen>,
}

impl Alert {
    /// The records of one part.
    pub fn records_of(&self, part: AlertPart) -> impl Iterator<Item = i64> + '_ {
        self.records.iter().filter(move |(of, _)| *of == part).map(|(_, id)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_share() {
        let evidence = |inside, outside| BreakoutEvidence {
            group: String::new(),
            also: Vec::new(),
            trace: Trace::CoLink,
            message: 7,
            inside,
            outside,
            left_out: LeftOut::default(),
        };
        assert_eq!(evidence(6, 18).outside_share(), Some(0.75));
        assert_eq!(evidence(0, 0).outside_share(), None);
        assert_eq!(AlertEvidence::Breakout(evidence(1, 1)).subject(), 7);
        assert!(AlertPart::ALL.into_iter().all(|part| AlertPart::from_number(part as u8) == Some(part)));
    }
}
