//! Two accounts and their joint action, and what a scan for such pairs gives.
//!
//! In: what was counted. Out: who was first, and whether it matters. Errors: none.

use super::significance::HOPELESS_LN_P;

/// Matches in the order that speaks against a leader, at most, as one in so many.
const LEAD_EXCEPTIONS: u32 = 10;

/// Two accounts and their joint action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The lower account.
    pub a: u32,
    /// The higher account.
    pub b: u32,
    /// Objects on which both acted in one cell of time (X).
    pub together: u32,
    /// Objects on which both acted (J).
    pub joint: u32,
    /// Objects on which they would have met by chance.
    pub expected: f32,
    /// Logarithm of a bound on the probability to meet so often by chance.
    pub ln_p: f32,
    /// Of `together`, those where `a` was there at least a second before `b`.
    pub a_first: u32,
    /// Of `together`, those where `b` was there at least a second before `a`.
    pub b_first: u32,
    /// Of `joint`, those on which both acted equally soon after the first action.
    pub alike: u32,
    /// Of `alike`, those on which they would have met by chance.
    pub alike_expected: f32,
    /// Logarithm of a bound on the probability to meet so often by chance, the
    /// delay of each given: small only where habit does not explain it.
    pub alike_ln_p: f32,
    /// Objects that both would have chosen by chance.
    pub choice_expected: f32,
    /// Logarithm of a bound on the probability to choose so many in common.
    pub choice_ln_p: f32,
}

/// What limits left out; to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capped {
    /// Cells of one second with more accounts than allowed: each of these is
    /// paired with a fixed number of others only.
    pub cells: u64,
    /// Accounts in these cells, summed.
    pub actions: u64,
    /// Objects with such a cell.
    pub objects: u64,
    /// How often the number of candidate pairs was halved to fit.
    pub halvings: u32,
    /// Actions left out, as their account or object is not below the announced number.
    pub unknown: u64,
}

/// The pairs that met often enough, rising by account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// Rising by `a`, then `b`.
    pub pairs: Vec<Pair>,
    /// Pairs that are not listed, as they pass no rule ([`super::PairScan::within`]).
    pub hopeless: u64,
    /// What was left out.
    pub capped: Capped,
    /// Accounts that acted.
    pub accounts: u64,
    /// Objects acted on.
    pub objects: u64,
    /// Actions seen.
    pub actions: u64,
    /// Pairs that could have met often enough, at most: the number of tests.
    pub testable: u64,
}

impl Pair {
    /// Whether none of its p is low enough for any rule of a search.
    pub(super) fn is_hopeless(&self) -> bool {
        f64::from(self.ln_p.min(self.alike_ln_p).min(self.choice_ln_p)) > HOPELESS_LN_P
    }

    /// The account that nearly always acted first where both met; the other one
    /// alone may have made them meet, by copying. With three matches one pair in
    /// four looks so by chance, with ten one in fifty. Who can foresee another's
    /// action, or forge the time of his own, can be first as well.
    pub fn leader(&self) -> Option<u32> {
        let allowed = self.together / LEAD_EXCEPTIONS;
        let leads = |first: u32| first > 0 && first + allowed >= self.together;
        match (leads(self.a_first), leads(self.b_first)) {
            (true, false) => Some(self.a),
            (false, true) => Some(self.b),
            _ => None,
        }
    }

    /// Whether the pair speaks against one of its accounts: not against one
    /// that the other may only have copied.
    pub fn implicates(&self, account: u32) -> bool {
        (account == self.a || account == self.b) && self.leader() != Some(account)
    }
}
