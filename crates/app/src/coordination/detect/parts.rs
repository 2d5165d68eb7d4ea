//! The actions of one trace, in the parts that suggest groups and confirm them.
//!
//! In: a [`TraceSeen`]. Out: the pairs that are too surprising for chance, and
//! everybody's actions on the objects of a group. Errors: those of its room.
//! Cost: that of [`PairScan`], over stretches of objects as they fit in memory;
//! 8 bytes for each object of an account that is suspected.

use crate::coordination::detect::{Basis, DetectSettings, Tie, TraceReport};
use crate::coordination::observed::acts::{Act, TraceSeen};
use analysis::coordination::{
    Action, ChoiceNull, Delays, DelaysOf, Graph, Pair, PairScan, PairSettings, Pairs, Rule, copied, k_core,
    significant, significant_beyond_habit, significant_choices,
};
use model::Trace;
use std::cell::RefCell;
use std::collections::HashMap;

/// Pairs that each member of a group must have at least.
pub(crate) const CORE: u32 = 3;
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
pub struct Parts<'a> {
    trace: Trace,
    /// What makes two actions joint.
    pub settings: PairSettings,
    seen: &'a TraceSeen,
    /// Account and object of everything that suspected accounts did, rising.
    suspected: RefCell<Vec<(u32, u32)>>,
}

/// What a part of a trace gave.
pub struct Chosen {
    /// The pairs.
    pub ties: Vec<Tie>,
    /// As surprising, but with one of `copied`.
    pub led: Vec<Tie>,
    /// Accounts that others only act right after, rising.
    pub copied: Vec<u32>,
    /// What was counted.
    pub report: TraceReport,
}

/// Everybody's actions on some objects.
pub struct OnObjects {
    actions: Vec<Action>,
    ends: Vec<usize>,
}

impl OnObjects {
    fn add(&mut self, acts: &[Act]) {
        self.actions.extend(acts.iter().map(|act| act.action));
        self.ends.push(self.actions.len());
    }

    /// A slice for each object.
    pub fn slices(&self) -> Vec<&[Action]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let slice = |(start, end): (usize, &usize)| self.actions.get(start..*end).unwrap_or_default();
        starts.zip(&self.ends).map(slice).collect()
    }
}

impl<'a> Parts<'a> {
    /// Those of the actions of a trace.
    pub fn of(trace: Trace, seen: &'a TraceSeen, settings: &DetectSettings) -> Self {
        let mut pairs = PairSettings::of(trace);
        pairs.window_s = settings.window_s.unwrap_or(pairs.window_s).max(1);
        pairs.together_min = settings.together_min.unwrap_or(pairs.together_min).max(1);
        // Who asks for choices says that the accounts belong together: no crowd is there.
        pairs.choice_null = match settings.basis {
            Basis::Timing | Basis::Kin => ChoiceNull::Crowd,
            Basis::Choice => ChoiceNull::Teams,
        };
        Self { trace, settings: pairs, seen, suspected: RefCell::default() }
    }

    fn is_in(&self, part: Part, object: u32) -> bool {
        match part {
            Part::All => true,
            Part::First => !self.seen.objects.is_held_out(object),
            Part::Second => self.seen.objects.is_held_out(object),
        }
    }

    /// Visits the actions of a part, whole objects at a time, in order.
    fn each_block(&self, part: Part, visit: &mut dyn FnMut(&mut [Action])) {
        let mut actions = Vec::new();
        self.seen.each_block(&mut |block| {
            let of_part = block.iter().filter(|act| self.is_in(part, act.action.object));
            actions.clear();
            actions.extend(of_part.map(|act| act.action));
            visit(&mut actions);
        });
    }

    /// The pairs of a part that are too surprising for chance.
    pub fn ties(&self, part: Part, basis: Basis, accounts: u32) -> Chosen {
        let objects = self.seen.objects.len();
        let of_part = (0..objects).filter(|object| self.is_in(part, *object));
        let expected = of_part.map(|object| u64::from(self.seen.count_on(object))).sum();
        let mut scan =
            PairScan::within(self.settings, expected, accounts, objects, self.seen.memory_for_pairs());
        self.each_block(part, &mut |actions| scan.count(actions));
        loop {
            self.each_block(part, &mut |actions| scan.gather(actions));
            self.each_block(part, &mut |actions| scan.join(actions));
            if !scan.end_round() {
                break;
            }
        }
        let pairs = scan.finish();
        let (chosen, led, copied) = chosen(&pairs, basis, self.settings.window_s, accounts);
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
            pairs_tested: pairs.pairs.len() as u64 + pairs.hopeless,
            pairs_significant: chosen.len() as u64,
            capped_cells: pairs.capped.cells,
            capped_actions: pairs.capped.actions,
        };
        let tie = |(pair, ln_p)| Tie { trace: self.trace, pair, ln_p, beyond_habit: is_beyond(&pair) };
        let (ties, led) = (chosen.into_iter().map(tie).collect(), led.into_iter().map(tie).collect());
        Chosen { ties, led, copied, report }
    }

    /// The pairs of some (the lower account first) that met more often than
    /// chance, at this p, over all objects.
    pub fn ties_of(&self, pairs: &[(u32, u32)], accounts: u32, p_max: f64) -> Vec<Tie> {
        let mut scan = PairScan::of_pairs(self.settings, accounts, self.seen.objects.len(), pairs);
        self.each_block(Part::All, &mut |actions| scan.count(actions));
        self.each_block(Part::All, &mut |actions| scan.gather(actions));
        self.each_block(Part::All, &mut |actions| scan.join(actions));
        let is_tied = |pair: &Pair| f64::from(pair.ln_p) <= p_max.ln();
        let is_beyond = |pair: &Pair| f64::from(pair.alike_ln_p) <= p_max.ln();
        let tie =
            |pair: Pair| Tie { trace: self.trace, pair, ln_p: pair.ln_p, beyond_habit: is_beyond(&pair) };
        scan.finish().pairs.into_iter().filter(is_tied).map(tie).collect()
    }

    /// Notes what some accounts (rising) did, so that [`Self::objects_of`] finds it.
    pub fn suspect(&self, accounts: &[u32]) {
        let mut did: Vec<(u32, u32)> = Vec::new();
        for Act { action, .. } in self.seen.iter() {
            // Actions come by object: one twice in a row is common.
            let one = (action.account, action.object);
            if accounts.binary_search(&action.account).is_ok() && did.last() != Some(&one) {
                did.push(one);
            }
        }
        did.sort_unstable();
        did.dedup();
        self.suspected.replace(did);
    }

    /// The actions of each object of a part on which two members or more acted,
    /// of those that [`Self::suspect`] was told of.
    pub fn objects_of(&self, part: Part, members: &[u32]) -> OnObjects {
        let suspected = self.suspected.borrow();
        let mut acted: HashMap<u32, u32> = HashMap::new();
        for member in members {
            let start = suspected.partition_point(|(account, _)| account < member);
            let own = suspected.get(start..).unwrap_or_default().iter();
            for (_, object) in own.take_while(|(account, _)| account == member) {
                *acted.entry(*object).or_default() += 1;
            }
        }
        let is_joint = |(object, members): &(u32, u32)| *members > 1 && self.is_in(part, *object);
        let mut objects: Vec<u32> = acted.into_iter().filter(is_joint).map(|(object, _)| object).collect();
        objects.sort_unstable();
        let mut found = OnObjects { actions: Vec::new(), ends: Vec::new() };
        objects.iter().for_each(|object| found.add(&self.seen.of_object(*object)));
        found
    }

    /// How long after the first act on an object people other than `members` come.
    pub fn delays(&self, members: &[u32]) -> Delays {
        let mut delays = DelaysOf::without(members);
        self.each_block(Part::All, &mut |actions| {
            let by_object = actions.chunk_by(|one, other| one.object == other.object);
            by_object.filter(|acts| acts.len() > 1).for_each(|acts| delays.add(acts));
        });
        delays.finish()
    }
}

/// Pairs with the logarithm of their p.
type Weighed = Vec<(Pair, f32)>;

/// The pairs of a trace that count: surprising, in a core where every account
/// has several such pairs, and not speaking only of somebody who was copied;
/// then the pairs with those who were, and who was.
fn chosen(pairs: &Pairs, basis: Basis, window_s: u32, accounts: u32) -> (Weighed, Weighed, Vec<u32>) {
    let places = match basis {
        Basis::Timing | Basis::Kin => significant(pairs, Rule::of(window_s)),
        Basis::Choice => significant_choices(pairs, Rule::Fdr { q: CHOICE_FDR }),
    };
    let copied = match basis {
        Basis::Timing | Basis::Kin => copied(&pairs.pairs, &places),
        Basis::Choice => Vec::new(),
    };
    let weighed = |pair: &Pair| (*pair, if basis == Basis::Choice { pair.choice_ln_p } else { pair.ln_p });
    let mut all: Weighed = places.iter().filter_map(|place| pairs.pairs.get(*place)).map(weighed).collect();
    if basis != Basis::Choice {
        // Who is copied holds the others together as well as anybody.
        let edges: Vec<(u32, u32, f32)> = all.iter().map(|(pair, _)| (pair.a, pair.b, 1.0)).collect();
        let core = k_core(&Graph::from_edges(accounts, &edges), CORE);
        let in_core = |account: u32| core.get(account as usize).copied().unwrap_or(false);
        all.retain(|(pair, _)| in_core(pair.a) && in_core(pair.b));
    }
    let is_free =
        |(pair, _): &(Pair, f32)| [pair.a, pair.b].iter().all(|one| copied.binary_search(one).is_err());
    let (kept, led) = all.into_iter().partition(is_free);
    (kept, led, copied)
}

/// A hash of a name, the same in every run and version (FNV-1a).
pub(crate) fn key_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
