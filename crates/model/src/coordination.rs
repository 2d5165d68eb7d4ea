//! What accounts do together: traces of joint action, what a group does, how
//! sure a statement is, and what else could explain it.
//!
//! The words here are those of files, the API, the command line and locale keys.

use serde::{Deserialize, Serialize};

/// A kind of joint action: the same object, by several accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Trace {
    /// The same post reshared.
    CoReshare = 0,
    /// The same address linked.
    CoLink = 1,
    /// The same hashtags in the same order (two or more).
    CoHashtag = 2,
    /// The same text, exact or edited.
    CoText = 3,
    /// The same picture or video.
    CoMedia = 4,
    /// Replies to, or mentions of, the same account.
    CoReply = 5,
    /// The same post reshared within the same ten seconds, where its author is known.
    FastReshare = 6,
    /// The same account followed, where such data exist.
    CoFollow = 7,
    /// Active in the same moments, whatever is said.
    Synchrony = 8,
}

impl Trace {
    /// Every trace, in the order of the stored number.
    pub const ALL: [Self; 9] = [
        Self::CoReshare,
        Self::CoLink,
        Self::CoHashtag,
        Self::CoText,
        Self::CoMedia,
        Self::CoReply,
        Self::FastReshare,
        Self::CoFollow,
        Self::Synchrony,
    ];

    /// The word used in files, the API, the command line and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CoReshare => "co_reshare",
            Self::CoLink => "co_link",
            Self::CoHashtag => "co_hashtag",
            Self::CoText => "co_text",
            Self::CoMedia => "co_media",
            Self::CoReply => "co_reply",
            Self::FastReshare => "fast_reshare",
            Self::CoFollow => "co_follow",
            Self::Synchrony => "synchrony",
        }
    }

    /// The trace of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trace| trace.name() == text.trim())
    }
}

/// What a group does, as its evidence shows; a group may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Behaviour {
    /// Follows and reads the people around a target, and says nothing.
    Watcher = 0,
    /// Insults or threatens few chosen targets.
    Harasser = 1,
    /// Inflates the figures of few patrons.
    Booster = 2,
    /// Carries the same messages, whoever they are from.
    Spreader = 3,
}

impl Behaviour {
    /// Every behaviour, in the order of the stored number.
    pub const ALL: [Self; 4] = [Self::Watcher, Self::Harasser, Self::Booster, Self::Spreader];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Watcher => "watcher",
            Self::Harasser => "harasser",
            Self::Booster => "booster",
            Self::Spreader => "spreader",
        }
    }
}

/// How strongly the evidence speaks; words, until a number is calibrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Strength {
    /// Not confirmed on data that did not suggest it; kept, never shown as a group.
    WeakSignal = 0,
    /// One trace, confirmed.
    Possible = 1,
    /// Two traces, or a confirmation of p ≤ 1e-4.
    Likely = 2,
    /// Two traces, a confirmation of p ≤ 1e-6 and a sign in the accounts themselves.
    VeryLikely = 3,
}

impl Strength {
    /// Every step, rising.
    pub const ALL: [Self; 4] = [Self::WeakSignal, Self::Possible, Self::Likely, Self::VeryLikely];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WeakSignal => "weak_signal",
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::VeryLikely => "very_likely",
        }
    }
}

/// What speaks against counting an account outside a group as a person of its
/// own, whom a message of the group reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Doubt {
    /// Member of another group that is at least possible.
    Coordinated = 0,
    /// The group copies it: where the message comes from, not whom it reached.
    Copied = 1,
    /// No sign of life but this.
    Inactive = 2,
}

impl Doubt {
    /// Every doubt, the gravest first.
    pub const ALL: [Self; 3] = [Self::Coordinated, Self::Copied, Self::Inactive];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coordinated => "coordinated",
            Self::Copied => "copied",
            Self::Inactive => "inactive",
        }
    }
}

/// Accounts outside that are not counted as people, count each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// By [`Doubt::Coordinated`].
    pub coordinated: u64,
    /// By [`Doubt::Copied`].
    pub copied: u64,
    /// By [`Doubt::Inactive`].
    pub inactive: u64,
}

impl LeftOut {
    /// Counts doubts.
    pub fn of(doubts: impl Iterator<Item = Doubt>) -> Self {
        let mut left_out = Self::default();
        for doubt in doubts {
            match doubt {
                Doubt::Coordinated => left_out.coordinated += 1,
                Doubt::Copied => left_out.copied += 1,
                Doubt::Inactive => left_out.inactive += 1,
            }
        }
        left_out
    }

    /// How many of one doubt.
    pub const fn count(&self, doubt: Doubt) -> u64 {
        match doubt {
            Doubt::Coordinated => self.coordinated,
            Doubt::Copied => self.copied,
            Doubt::Inactive => self.inactive,
        }
    }

    /// How many in all.
    pub const fn total(&self) -> u64 {
        self.coordinated + self.copied + self.inactive
    }
}

/// What else, and innocently, could explain a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Explanation {
    /// Admirers of the same person, team or band.
    Fans = 0,
    /// Outlets or desks of one house, or declared automation.
    Newsroom = 1,
    /// A strike, petition or protest with a shared call or template.
    Activists = 2,
    /// «Share to win».
    Raffle = 3,
    /// Everybody reacts to the same news in the same minutes.
    NewsEvent = 4,
    /// Everybody watches the same broadcast.
    Television = 5,
}

impl Explanation {
    /// Every explanation, in the order of the stored number.
    pub const ALL: [Self; 6] =
        [Self::Fans, Self::Newsroom, Self::Activists, Self::Raffle, Self::NewsEvent, Self::Television];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fans => "fans",
            Self::Newsroom => "newsroom",
            Self::Activists => "activists",
            Self::Raffle => "raffle",
            Self::NewsEvent => "news_event",
            Self::Television => "television",
        }
    }
}

/// What the team decided about a group; signed and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum GroupDecision {
    /// The team takes it for coordinated, and signs that.
    Confirmed = 0,
    /// There is an innocent explanation.
    Dismissed = 1,
    /// To be looked at again.
    Watch = 2,
}

impl GroupDecision {
    /// Every decision, in the order of the stored number.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Dismissed, Self::Watch];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Watch => "watch",
        }
    }

    /// The decision of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.name() == text.trim())
    }
}
