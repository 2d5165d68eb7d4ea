//! Whether a message tries to cheat: ten signs, each with the words that betray it.
//!
//! In: a text, its tokens, its language and what is known around it
//! ([`ScamContext`]). Out: the signs found with their evidence, a weight and a
//! verdict. The verdict is a count, never a hidden model:
//! see [`ScamVerdict::verdict`].
//! Cost: about 3 µs per post of twenty words when nothing is suspicious.
//! Source: the ten signs of online fraud that consumer offices teach;
//! phrases written for Atalaya (`lexicons/scam_*.tsv`).
//! Limits: Spanish, English and Portuguese; a fraud told in plain words
//! without any of the signs passes.

mod around;
mod judge;
mod links;
mod phrases;
#[cfg(test)]
mod tests;

use model::Lang;
use model::sentiment::Reason;
use model::text::Tokens;
use std::ops::Range;

/// Name of the method, for the record beside every verdict.
pub const METHOD: &str = "ten-signs";
/// Version of the method; verdicts of another version are computed again.
pub const METHOD_VERSION: u32 = 1;
/// Most pieces of evidence of one sign, the strongest.
pub const EVIDENCE_MAX: usize = 6;
/// Longest quoted evidence, characters.
pub const EVIDENCE_CHARS_MAX: usize = 80;

/// One of the ten signs, or what supports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SignKind {
    /// 1: the same text or promise was seen before.
    Precedent = 0,
    /// 2: the author's profile is new, empty or thrown away.
    FalseProfile = 1,
    /// 3: contact only in private, from far away, never in person.
    Impersonal = 2,
    /// 4: a sale that is none: overpayment, simulated payment, hurry to collect.
    FakePurchase = 3,
    /// 5: money in advance.
    AdvancePayment = 4,
    /// 6: means of payment that cannot be returned or that the victim does not know.
    UnknownMeans = 5,
    /// 7: a famous name borrowed as guarantee.
    BorrowedBrand = 6,
    /// 8: urgency, scarcity, threat of loss.
    Urgency = 7,
    /// 9: guarantees and testimonies that guarantee nothing.
    FalseGuarantee = 8,
    /// 10: personal data, codes or passwords asked for.
    PersonalData = 9,
    /// Support: a promise too good (prize, easy money, love, miracle).
    Bait = 10,
    /// Support: an address that hides or imitates.
    Link = 11,
}

impl SignKind {
    /// The ten signs in their order, then the two that support them.
    pub const ALL: [Self; 12] = [
        Self::Precedent,
        Self::FalseProfile,
        Self::Impersonal,
        Self::FakePurchase,
        Self::AdvancePayment,
        Self::UnknownMeans,
        Self::BorrowedBrand,
        Self::Urgency,
        Self::FalseGuarantee,
        Self::PersonalData,
        Self::Bait,
        Self::Link,
    ];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Precedent => "precedent",
            Self::FalseProfile => "false_profile",
            Self::Impersonal => "impersonal",
            Self::FakePurchase => "fake_purchase",
            Self::AdvancePayment => "advance_payment",
            Self::UnknownMeans => "unknown_means",
            Self::BorrowedBrand => "borrowed_brand",
            Self::Urgency => "urgency",
            Self::FalseGuarantee => "false_guarantee",
            Self::PersonalData => "personal_data",
            Self::Bait => "bait",
            Self::Link => "link",
        }
    }

    /// The number of the sign in the list of ten, 1…10; `None` for support.
    pub const fn number(self) -> Option<u8> {
        match self {
            Self::Bait | Self::Link => None,
            sign => Some(sign as u8 + 1),
        }
    }
}

/// What is said of the author, if anything; missing is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuthorFacts<'a> {
    /// Handle without `@`.
    pub handle: Option<&'a str>,
    /// Self-description.
    pub bio: Option<&'a str>,
    /// Whole days since the account was made.
    pub age_days: Option<u32>,
    /// Posts ever written.
    pub posts: Option<u64>,
    /// Followers.
    pub followers: Option<u64>,
    /// True when there is a picture of its own.
    pub has_picture: Option<bool>,
    /// Verified by the network.
    pub verified: Option<bool>,
}

/// A link as it is shown and where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownLink<'a> {
    /// The text that a reader sees.
    pub shown: &'a str,
    /// The address behind it.
    pub address: &'a str,
}

/// What is known around a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScamContext<'a> {
    /// Our names and those we watch, beside the famous ones that ship.
    pub brands: &'a [String],
    /// Hosts that are truly those of [`Self::brands`], lower case.
    pub brand_hosts: &'a [String],
    /// How often the same text was seen before in messages known as scams;
    /// `None` when nobody looked.
    pub precedent: Option<u64>,
    /// The author, if known.
    pub author: Option<AuthorFacts<'a>>,
    /// Links beside the text; those written in the text are found by themselves.
    pub links: &'a [ShownLink<'a>],
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The words as they stand, or the fact in the form `fact: value`; and its weight 0…1.
    pub reason: Reason,
    /// Where the words stand in the text; `None` for a fact from around it.
    pub bytes: Option<Range<usize>>,
}

/// A sign that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// Which.
    pub kind: SignKind,
    /// 0…1: below [`SIGN_WEIGHT_MIN`] it supports and is not counted.
    pub weight: f32,
    /// What betrays it, strongest first.
    pub evidence: Vec<Evidence>,
}

/// Least weight of a sign that counts as one.
pub const SIGN_WEIGHT_MIN: f32 = 0.5;

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Verdict {
    /// No or too few signs.
    #[default]
    None,
    /// Signs that ask for caution.
    Suspicious,
    /// Reads as a scam.
    Probable,
}

impl Verdict {
    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Suspicious => "suspicious",
            Self::Probable => "probable",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScamVerdict {
    /// The signs found, in the order of the list.
    pub signs: Vec<Sign>,
    /// Sum of the weights of the signs.
    pub weight: f32,
    /// Words of a warning, a victim or a report, which speak against.
    pub against: Vec<Evidence>,
    /// The outcome.
    pub verdict: Verdict,
    /// True when the language is one whose phrases are known; else only links,
    /// author and precedent were looked at.
    pub is_read: bool,
}

impl ScamVerdict {
    /// The weight of each sign, in the order of [`SignKind::ALL`]: features for a model.
    pub fn features(&self) -> [f32; 12] {
        let mut features = [0.0; 12];
        for sign in &self.signs {
            // `SignKind` has as many values as the array places.
            features[sign.kind as usize] = sign.weight;
        }
        features
    }
}

/// Checks a message. `tokens` must be those of `text`.
pub fn check(text: &str, tokens: &Tokens, language: Option<Lang>, context: &ScamContext<'_>) -> ScamVerdict {
    let mut found: [Vec<Evidence>; SignKind::ALL.len()] = Default::default();
    let mut verdict = ScamVerdict::default();
    if let Some(phrases) = phrases::phrases_of(language) {
        verdict.is_read = true;
        for hit in phrases::find(phrases, text, tokens) {
            let evidence = evidence_at(text, hit.bytes, hit.weight);
            match found.get_mut(usize::from(hit.tag)) {
                Some(list) => list.push(evidence),
                None => verdict.against.push(evidence),
            }
        }
    }
    let (links, names) = links::find(text, context);
    let mut add = |kind: SignKind, evidence: Vec<Evidence>| {
        if let Some(list) = found.get_mut(kind as usize) {
            list.extend(evidence);
        }
    };
    add(SignKind::Link, links);
    add(SignKind::BorrowedBrand, names);
    add(SignKind::BorrowedBrand, around::brands(text, tokens, context));
    add(SignKind::Precedent, around::precedent(context));
    add(SignKind::FalseProfile, around::profile(context));
    verdict.signs =
        SignKind::ALL.into_iter().zip(found).filter_map(|(kind, evidence)| sign_of(kind, evidence)).collect();
    judge::judge(&mut verdict);
    verdict
}

/// The weight of each sign that stands in the words and links of a text, in the
/// order of [`SignKind::ALL`], and what speaks against it: [`check`] without
/// context and evidence, as features for a model.
///
/// Cost: about 1 µs per post of twenty words when nothing is suspicious.
pub(crate) fn signals(text: &str, tokens: &Tokens, language: Option<Lang>) -> ([f32; 12], f32) {
    let mut strongest = [0.0_f32; SignKind::ALL.len()];
    let mut sums = [0.0_f32; SignKind::ALL.len()];
    let mut against = 0.0;
    let mut add = |at: usize, weight: f32| {
        if let (Some(strongest), Some(sum)) = (strongest.get_mut(at), sums.get_mut(at)) {
            *strongest = strongest.max(weight);
            *sum += weight;
        } else {
            against += weight;
        }
    };
    if let Some(phrases) = phrases::phrases_of(language) {
        for hit in phrases::find(phrases, text, tokens) {
            add(usize::from(hit.tag), hit.weight);
        }
    }
    if may_hold_address(text) {
        let (links, names) = links::find(text, &ScamContext::default());
        links.iter().for_each(|one| add(SignKind::Link as usize, one.reason.weight));
        names.iter().for_each(|one| add(SignKind::BorrowedBrand as usize, one.reason.weight));
    }
    for (strongest, sum) in strongest.iter_mut().zip(sums) {
        *strongest = judge::joined(*strongest, sum - *strongest);
    }
    (strongest, against)
}

/// False for most texts without an address, where a dot ends a sentence.
fn may_hold_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).any(|pair| matches!(pair, [b'.', next] if !next.is_ascii_whitespace() && *next != b'.'))
}

/// One sign of its evidence: the strongest piece whole, each further one in part.
fn sign_of(kind: SignKind, mut evidence: Vec<Evidence>) -> Option<Sign> {
    evidence.sort_by(|one, other| other.reason.weight.total_cmp(&one.reason.weight));
    let strongest = evidence.first()?.reason.weight;
    let further: f32 = evidence.iter().skip(1).map(|piece| piece.reason.weight).sum();
    let weight = judge::joined(strongest, further);
    evidence.truncate(EVIDENCE_MAX);
    (weight > 0.0).then_some(Sign { kind, weight, evidence })
}

/// Evidence that stands in the text.
fn evidence_at(text: &str, bytes: Range<usize>, weight: f32) -> Evidence {
    let words = text.get(bytes.clone()).unwrap_or_default();
    let text = words.chars().take(EVIDENCE_CHARS_MAX).collect();
    Evidence { reason: Reason { text, weight }, bytes: Some(bytes) }
}

/// Evidence from around the text.
fn evidence_of(fact: &str, weight: f32) -> Evidence {
    Evidence { reason: Reason { text: fact.chars().take(EVIDENCE_CHARS_MAX).collect(), weight }, bytes: None }
}
