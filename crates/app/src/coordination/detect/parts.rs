//! The actions of one trace, in the parts that suggest groups and confirm them.
//!
//! In: a [`TraceSeen`]. Out: the pairs that are too surprising for chance, and
//! everybody's actions on the objects of a group. Errors: none.
//! Cost: that of [`PairScan`]; a copy of the trace's actions.

use crate::coordination::detect::{Basis, DetectSettings, Tie, TraceReport};
use crate::coordination::observed::TraceSeen;
use analysis::coordination::{
    Action, Delays, Graph, Pair, PairScan, PairSettings, Pairs, Rule, copied, held_out, k_core, significant,
    significant_beyond_habit, significant_choices,
};
use model::Trace;

/// Pairs that each member of a group must have at least.
const CORE: u32 = 3;
/// Share of false pairs accepted where the choice of objects suggests.
const CHOICE_FDR: f64 = 0.01;

/// Which objects of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    All,
    /// One half, by a hash of the object's name.
    First,
    /// The other half.
    Second,
}

/// The actions of a trace, by object, in two parts.
pub struct Parts {
    trace: Trace,
    /// What makes two actions joint.
    pub settings: PairSettings,
    actions: Vec<Action>,
    /// By object: whether it belongs to the second part.
    second: Vec<bool>,
}

impl Parts {
    /// Orders the actions of a trace.
    pub fn of(trace: Trace, seen: &TraceSeen, settings: &DetectSettings) -> Self {
        let mut pairs = PairSettings::of(trace);
        pairs.window_s = settings.window_s.unwrap_or(pairs.window_s).max(1);
        pairs.together_min = settings.together_min.unwrap_or(pairs.together_min).max(1);
        let second =
            (0..seen.objects.len()).map(|object| held_out(key_of(seen.objects.name(object)))).collect();
        let mut actions = seen.actions.clone();
        actions.sort_unstable();
        Self { trace, settings: pairs, actions, second }
    }

    fn is_in(&self, part: Part, object: u32) -> bool {
        let second = || self.second.get(object as usize).copied().unwrap_or(false);
        match part {
            Part::All => true,
            Part::First => !second(),
            Part::Second => second(),
        }
    }

    /// The pairs of a part that are too surprising for chance, and the accounts
    /// (rising) that others only act right after.
    pub fn ties(&self, part: Part, basis: Basis, accounts: u32) -> (Vec<Tie>, Vec<u32>, TraceReport) {
        let mut actions: Vec<Action> =
            self.actions.iter().copied().filter(|action| self.is_in(part, action.object)).collect();
        let mut scan = PairScan::new(self.settings, actions.len() as u64, accounts, self.second.len() as u32);
        scan.count(&mut actions);
        scan.gather(&actions);
        scan.join(&actions);
        let pairs = scan.finish();
        let (chosen, copied) = chosen(&pairs, basis, self.settings.window_s, accounts);
        let beyond = significant_beyond_habit(&pairs, Rule::of(self.settings.window_s));
        let is_beyond = |pair: &Pair| {
            let place = pairs.pairs.binary_search_by_key(&(pair.a, pair.b), |pair| (pair.a, pair.b));
            place.is_ok_and(|place| beyond.binary_search(&place).is_ok())
        };
        let report = TraceReport {
            window_s: self.settings.window_s,
            actions: pairs.actions,
            objects: pairs.objects,
            accounts: pairs.accounts,
            pairs_tested: pairs.pairs.len() as u64,
            pairs_significant: chosen.len() as u64,
            capped_cells: pairs.capped.cells,
            capped_actions: pairs.capped.actions,
        };
        let ties = chosen.into_iter().map(|(pair, ln_p)| Tie {
            trace: self.trace,
            pair,
            ln_p,
            beyond_habit: is_beyond(&pair),
        });
        (ties.collect(), copied, report)
    }

    /// The actions of each object of a part on which two members or more acted.
    pub fn objects_of(&self, part: Part, is_member: &[bool]) -> Vec<&[Action]> {
        let by_object = self.actions.chunk_by(|one, other| one.object == other.object);
        let of_members = |actions: &&[Action]| {
            let mut members = actions
                .iter()
                .map(|action| action.account)
                .filter(|account| is_member.get(*account as usize).copied().unwrap_or(false));
            let first = members.next();
            actions.first().is_some_and(|action| self.is_in(part, action.object))
                && first.is_some_and(|first| members.any(|other| other != first))
        };
        by_object.filter(of_members).collect()
    }

    /// How long after the first act on an object people other than `members` come.
    pub fn delays(&self, members: &[u32]) -> Delays {
        let by_object: Vec<&[Action]> = self
            .actions
            .chunk_by(|one, other| one.object == other.object)
            .filter(|acts| acts.len() > 1)
            .collect();
        Delays::of(&by_object, members)
    }
}

/// The pairs of a trace that count, with the logarithm of their p: surprising,
/// in a core where every account has several such pairs, and not speaking only
/// of somebody who was copied; and who was.
fn chosen(pairs: &Pairs, basis: Basis, window_s: u32, accounts: u32) -> (Vec<(Pair, f32)>, Vec<u32>) {
    let places = match basis {
        Basis::Timing => significant(pairs, Rule::of(window_s)),
        Basis::Choice => significant_choices(pairs, Rule::Fdr { q: CHOICE_FDR }),
    };
    let copied = match basis {
        Basis::Timing => copied(&pairs.pairs, &places, CORE),
        Basis::Choice => Vec::new(),
    };
    let kept: Vec<(Pair, f32)> = places
        .iter()
        .filter_map(|place| pairs.pairs.get(*place))
        .filter(|pair| [pair.a, pair.b].iter().all(|account| copied.binary_search(account).is_err()))
        .map(|pair| (*pair, if basis == Basis::Timing { pair.ln_p } else { pair.choice_ln_p }))
        .collect();
    if basis == Basis::Choice {
        return (kept, copied);
    }
    let edges: Vec<(u32, u32, f32)> = kept.iter().map(|(pair, _)| (pair.a, pair.b, 1.0)).collect();
    let core = k_core(&Graph::from_edges(accounts, &edges), CORE);
    let in_core = |account: u32| core.get(account as usize).copied().unwrap_or(false);
    let kept = kept.into_iter().filter(|(pair, _)| in_core(pair.a) && in_core(pair.b)).collect();
    (kept, copied)
}

/// A hash of a name, the same in every run and version (FNV-1a).
pub(crate) fn key_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
