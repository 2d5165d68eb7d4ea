//! CooRTweet's rule on what was observed, for comparison with what others published.

use crate::AppError;
use crate::coordination::file::shares_of;
use crate::coordination::file::sharetable::{ShareTableError, write_joint_edges};
use crate::coordination::observed::Observed;
use crate::coordination::observed::names::Names;
use analysis::coordination::coortweet::{
    CoorTweetRule, JOINT_SHARE_BYTES, JOINT_SHARES_MAX, JointEdge, heavier_than, joint_edges,
    joint_shares_below,
};
use model::Trace;
use std::io::Write;

/// Quantile of weights above which CooRTweet calls an edge heavy by default.
const HEAVY_PERCENTILE: f64 = 0.5;

/// What the rule gives.
pub struct CoorTweetFound {
    /// Pairs of shares within the window.
    pub pairs: u64,
    /// Accounts with an edge.
    pub accounts: u64,
    /// The edges.
    pub edges: Vec<JointEdge>,
    names: Names,
}

impl CoorTweetFound {
    /// Applies the rule to the actions of one trace. `window_s` is inclusive;
    /// `participation_min` are posts that an account needs.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the shares, or the pairs within the window, are
    /// too many for the memory of the search: this rule has everything there.
    pub fn of(
        observed: &Observed,
        trace: Trace,
        window_s: u32,
        participation_min: u32,
    ) -> Result<Self, AppError> {
        let (table, taken) = shares_of(observed, trace)?;
        let pairs_max = observed.memory().saturating_sub(taken) / JOINT_SHARE_BYTES;
        let rule = CoorTweetRule { window_ms: u64::from(window_s) * 1_000, participation_min };
        let joint = joint_shares_below(&table.shares, rule, pairs_max.min(JOINT_SHARES_MAX))
            .map_err(|error| AppError::invalid("window", error.to_string()))?;
        let edges = joint_edges(&table.shares, &joint);
        let mut accounts: Vec<u32> = edges.iter().flat_map(|edge| [edge.a, edge.b]).collect();
        accounts.sort_unstable();
        accounts.dedup();
        Ok(Self { pairs: joint.len() as u64, accounts: accounts.len() as u64, edges, names: table.accounts })
    }

    /// Writes the edges in the columns of CooRTweet's network.
    ///
    /// # Errors
    /// [`ShareTableError`] when writing fails.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), ShareTableError> {
        write_joint_edges(&self.edges, &heavier_than(&self.edges, HEAVY_PERCENTILE), &self.names, out)
    }
}
