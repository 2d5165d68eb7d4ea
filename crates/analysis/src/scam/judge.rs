//! From signs to a verdict.

use super::{SIGN_WEIGHT_MIN, ScamVerdict, Sign, SignKind, Verdict};

/// Most that one sign weighs by several pieces of evidence.
const SIGN_WEIGHT_MAX: f32 = 1.4;
/// What counts of each piece of evidence after the strongest.
const FURTHER: f32 = 0.35;
/// Signs that make a probable scam.
const SIGNS_PROBABLE: usize = 3;
/// Weight, less what speaks against, that makes a probable scam.
const WEIGHT_PROBABLE: f32 = 1.2;
/// Weight, less what speaks against, that makes a suspicious message.
const WEIGHT_SUSPICIOUS: f32 = 0.75;
/// Most that words of warning and report take away.
const AGAINST_MAX: f32 = 2.5;

/// The weight of a sign: the strongest piece whole, each further one in part.
pub(super) fn joined(strongest: f32, further: f32) -> f32 {
    strongest.max((strongest + FURTHER * further).min(SIGN_WEIGHT_MAX))
}

/// Whether a sign is there with full weight.
fn has(signs: &[Sign], kind: SignKind) -> bool {
    signs.iter().any(|sign| sign.kind == kind && sign.weight >= SIGN_WEIGHT_MIN)
}

/// Fills in the weight and the verdict.
pub(super) fn judge(verdict: &mut ScamVerdict) {
    verdict.weight = verdict.signs.iter().map(|sign| sign.weight).sum();
    let against: f32 =
        verdict.against.iter().map(|evidence| evidence.reason.weight).sum::<f32>().min(AGAINST_MAX);
    let weight = verdict.weight - against;
    let counted = verdict.signs.iter().filter(|sign| sign.weight >= SIGN_WEIGHT_MIN).count();
    let asks = has(&verdict.signs, SignKind::AdvancePayment) || has(&verdict.signs, SignKind::PersonalData);
    let by_rule = counted >= SIGNS_PROBABLE || asks && has(&verdict.signs, SignKind::BorrowedBrand);
    verdict.verdict = if weight >= WEIGHT_PROBABLE || by_rule && weight >= WEIGHT_SUSPICIOUS {
        Verdict::Probable
    } else if weight >= WEIGHT_SUSPICIOUS {
        Verdict::Suspicious
    } else {
        Verdict::None
    };
}
