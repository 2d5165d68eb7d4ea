//! What a search for groups was set to: what a third party needs to repeat it.
//!
//! In: a report and what was asked for. Out: [`RunSettings`], which serialises.

use crate::coordination::detect::parts::CORE;
use crate::coordination::detect::{CONFIRMED_P_MAX, DetectSettings, PERMUTATIONS, SEED};
use crate::coordination::report::basis_name;
use crate::coordination::report::views::Report;
use crate::coordination::report::{METHOD, METHOD_VERSION};
use analysis::coordination::PairSettings;
use model::Trace;
use serde::Serialize;
use std::collections::BTreeMap;

/// How the objects are parted; the same in every version of the method.
const HALVES: &str = "by a hash of the object's name; the column half of actions.csv tells it, and the names in shares files keep it";

/// What makes acts of one trace joint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TraceSettings {
    /// Length of a cell of time, s.
    pub window_s: u32,
    /// Objects on which a pair must have met.
    pub together_min: u32,
}

/// The settings of a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunSettings {
    /// Name of the method.
    pub method: &'static str,
    /// Its version.
    pub method_version: u32,
    /// What suggests groups first: `timing` or `choice`.
    pub basis: &'static str,
    /// By trace.
    pub traces: BTreeMap<Trace, TraceSettings>,
    /// Significant partners that an account must have to be in a group that its timing suggests.
    pub partners_min: u32,
    /// Permutations of a confirmation.
    pub permutations: u32,
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// Highest p of a confirmation that counts.
    pub confirmed_p_max: f64,
    /// Which objects suggest groups and which confirm them, in turns.
    pub halves: &'static str,
    /// Posts looked at.
    pub posts: u64,
    /// Accounts seen.
    pub accounts: u64,
}

impl RunSettings {
    /// Those of a report that was asked for with `settings`.
    pub fn of(report: &Report, settings: &DetectSettings) -> Self {
        let traces = report.traces.iter().map(|(trace, told)| {
            let usual = PairSettings::of(*trace).together_min;
            let together_min = settings.together_min.unwrap_or(usual).max(1);
            (*trace, TraceSettings { window_s: told.window_s, together_min })
        });
        Self {
            method: METHOD,
            method_version: METHOD_VERSION,
            basis: basis_name(settings.basis),
            traces: traces.collect(),
            partners_min: CORE,
            permutations: PERMUTATIONS,
            seed: SEED,
            confirmed_p_max: CONFIRMED_P_MAX,
            halves: HALVES,
            posts: report.posts,
            accounts: report.accounts,
        }
    }
}
