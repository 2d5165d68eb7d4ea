//! From what was observed to groups: pairs, graph, communities, confirmation.
//!
//! In: [`Observed`]. Out: [`Detection`]: groups with the pairs that tie them.
//! [`Basis::Timing`]: half of the objects of each trace suggest groups, the
//! other half confirms them, then the halves change places; a group is what
//! holds together over the pairs of all groups that the other half confirmed.
//! [`Basis::Choice`]: all objects suggest groups by who chose them; the times,
//! which had no part in that, confirm them or do not.
//! A member is who follows the others in time, on objects that did not suggest
//! the group; whom others only follow stands apart ([`Copied`]).
//! Errors: [`AppError`] of `progress`. Cost: that of
//! [`analysis::coordination::PairScan`] twice, and of the confirmations.
//! Limits: [`CONFIRMED_PER_TURN_MAX`] groups of a turn are tested.

mod company;
pub(crate) mod graph;
mod kin;
pub(crate) mod parts;

use crate::AppError;
use crate::coordination::detect::company::{attach_copied, strangers};
use crate::coordination::detect::graph::weights;
use crate::coordination::detect::parts::{Chosen, Part, Parts};
use crate::coordination::observed::Observed;
use analysis::coordination::{
    Confirmation, Graph, MEMBERS_MIN, Pair, RESOLUTIONS, TEAM_RESOLUTIONS, TraceEdge, centrality,
    communities, confirm, confirm_against,
};
use model::Trace;
use std::collections::{BTreeMap, HashMap};

/// Suggested groups that are tested at a turn; the rest stays unconfirmed.
pub const CONFIRMED_PER_TURN_MAX: usize = 2_000;
/// Highest p of a confirmation that counts.
pub const CONFIRMED_P_MAX: f64 = 0.01;
/// Permutations of a confirmation.
pub(crate) const PERMUTATIONS: u32 = 999;
/// The seed of everything that is drawn.
pub(crate) const SEED: u64 = 0x41_7461_6c61_7961;

/// What suggests a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// Accounts meet on the same objects in the same moments more often than
    /// the objects' own rhythm explains. Fans and customers do not.
    #[default]
    Timing,
    /// Accounts look alike, by name or day of creation, and meet more often than
    /// the objects' own rhythm explains. See [`analysis::coordination::kin`].
    Kin,
    /// Accounts choose the same objects, and meet there. Fans and customers do
    /// as well: for archives of accounts that are known to belong together.
    Choice,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DetectSettings {
    /// What suggests a group.
    pub basis: Basis,
    /// Traces to look at, of those that occur; empty: all.
    pub traces: Vec<Trace>,
    /// Length of a cell of time, s; `None`: that of the trace.
    pub window_s: Option<u32>,
    /// Objects on which a pair must have met.
    pub together_min: Option<u32>,
}

/// What one trace gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TraceReport {
    /// Length of a cell of time, s.
    pub window_s: u32,
    /// Actions looked at.
    pub actions: u64,
    /// Objects.
    pub objects: u64,
    /// Accounts.
    pub accounts: u64,
    /// Pairs that met often enough to be tested.
    pub pairs_tested: u64,
    /// Pairs too surprising for chance.
    pub pairs_significant: u64,
    /// Cells of one second with too many accounts, of which only some pairs were formed.
    pub capped_cells: u64,
    /// Accounts in these cells, summed.
    pub capped_actions: u64,
}

/// A significant pair of a trace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// The trace.
    pub trace: Trace,
    /// The pair; its accounts are numbers of [`Observed::accounts`].
    pub pair: Pair,
    /// The logarithm of the p that counted: that of the timing or of the choice.
    pub ln_p: f32,
    /// Whether it is surprising even when each account's own delay is given, as
    /// the pairs of people whom a notification calls are not.
    pub beyond_habit: bool,
}

/// A group that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What suggested it.
    pub basis: Basis,
    /// Accounts, the most central first.
    pub members: Vec<u32>,
    /// Significant pairs among them, over all traces.
    pub ties: Vec<Tie>,
    /// How stable it is over scales, 0–1.
    pub stability: f32,
    /// What the other half of the objects says, by trace; empty when no half
    /// that it was not found in could speak.
    pub confirmations: BTreeMap<Trace, Confirmation>,
    /// Accounts that its members copy: sources or victims, not accused.
    pub copied: Vec<Copied>,
}

/// An account that members act right after: anybody can do that to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The account.
    pub account: u32,
    /// Members that do.
    pub members: u32,
    /// Times that it was there before one of them, over traces.
    pub first: u32,
    /// Times that it came after.
    pub after: u32,
}

impl Found {
    /// The lowest p of its confirmations, with as many tries counted.
    pub fn p(&self) -> f64 {
        let lowest = self.confirmations.values().map(|confirmation| confirmation.p).fold(1.0, f64::min);
        (lowest * self.confirmations.len().max(1) as f64).min(1.0)
    }

    /// Share of its ties that each account's own delay does not explain, 0–1,
    /// without those of a trace that is about short delays.
    pub fn beyond_habit_share(&self) -> f64 {
        let (mut asked, mut beyond) = (0_u64, 0_u64);
        for tie in self.ties.iter().filter(|tie| tie.trace != Trace::FastReshare) {
            asked += 1;
            beyond += u64::from(tie.beyond_habit);
        }
        beyond as f64 / asked.max(1) as f64
    }

    /// Traces that confirm it.
    pub fn traces_confirmed(&self) -> Vec<Trace> {
        let tries = self.confirmations.len().max(1) as f64;
        let passing = self.confirmations.iter().filter(|(_, found)| found.p * tries <= CONFIRMED_P_MAX);
        passing.map(|(trace, _)| *trace).collect()
    }
}

impl Tie {
    /// Whether one of its accounts is among these (rising).
    fn touches(&self, accounts: &[u32]) -> bool {
        [self.pair.a, self.pair.b].iter().any(|one| accounts.binary_search(one).is_ok())
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detection {
    /// Groups that the other half of the data confirmed, the largest first.
    pub groups: Vec<Found>,
    /// Groups that it did not: weak signals, never to be shown as groups.
    pub weak: Vec<Found>,
    /// By trace.
    pub traces: BTreeMap<Trace, TraceReport>,
}

/// Looks for groups. `progress` hears a share of the work done, 0–1.
///
/// # Errors
/// Whatever `progress` gives: to stop.
pub fn detect(
    observed: &Observed,
    settings: &DetectSettings,
    progress: &mut dyn FnMut(f32) -> Result<(), AppError>,
) -> Result<Detection, AppError> {
    let wanted = |trace: &Trace| settings.traces.is_empty() || settings.traces.contains(trace);
    let seen: Vec<(Trace, Parts<'_>)> = observed
        .traces
        .iter()
        .filter(|(trace, _)| wanted(trace))
        .map(|(trace, seen)| (*trace, Parts::of(*trace, seen, settings)))
        .collect();
    let accounts = observed.accounts.len();
    let mut detection = Detection::default();
    let mut search = Search {
        asked: settings.basis,
        seen: &seen,
        accounts,
        detection: &mut detection,
        progress,
        done: 0.0,
        led: Vec::new(),
    };
    match settings.basis {
        Basis::Timing => {
            search.by_timing()?;
            search.by_kin(observed)?;
            search.by_choice(&SLOW_TRACES)?;
        }
        Basis::Kin => search.by_kin(observed)?,
        Basis::Choice => search.by_choice(&Trace::ALL)?,
    }
    let led = search.led;
    attach_copied(&mut detection.groups, &led);
    detection
        .groups
        .sort_by(|one, two| two.members.len().cmp(&one.members.len()).then(one.members.cmp(&two.members)));
    progress(1.0)?;
    Ok(detection)
}

/// Traces in which the same object, chosen again and again, says more than the
/// moment: a group may be alone with its own links, texts, pictures and victims,
/// and is then its own rhythm.
const SLOW_TRACES: [Trace; 6] =
    [Trace::CoLink, Trace::CoText, Trace::CoMedia, Trace::CoHashtag, Trace::CoReply, Trace::CoFollow];

/// A search that is going on.
struct Search<'a> {
    asked: Basis,
    seen: &'a [(Trace, Parts<'a>)],
    accounts: u32,
    detection: &'a mut Detection,
    progress: &'a mut dyn FnMut(f32) -> Result<(), AppError>,
    /// Passes over a trace, of at most three.
    done: f32,
    /// Pairs with accounts that are no members.
    led: Vec<Tie>,
}

impl Search<'_> {
    /// Half of the objects of each trace suggest groups, the other half
    /// confirms them, then they change places.
    fn by_timing(&mut self) -> Result<(), AppError> {
        let mut confirmed = Vec::new();
        for (suggests, confirms) in [(Part::First, Part::Second), (Part::Second, Part::First)] {
            let ties = self.ties(suggests, Basis::Timing, &Trace::ALL, &[])?;
            confirmed.extend(self.confirmed(&ties, Basis::Timing, confirms));
        }
        self.detection.groups = joined(self.accounts, confirmed);
        Ok(())
    }

    /// Everything that was chosen suggests groups among the accounts that are in
    /// none; the times, which had no part in that, confirm them.
    fn by_choice(&mut self, traces: &[Trace]) -> Result<(), AppError> {
        let ties = self.ties(Part::All, Basis::Choice, traces, &self.taken())?;
        let confirmed = self.confirmed(&ties, Basis::Choice, Part::All);
        self.detection.groups.extend(confirmed);
        Ok(())
    }

    /// The members of the groups so far, rising.
    fn taken(&self) -> Vec<u32> {
        let groups = self.detection.groups.iter();
        let mut taken: Vec<u32> = groups.flat_map(|group| group.members.iter().copied()).collect();
        taken.sort_unstable();
        taken
    }

    /// The significant pairs of some traces, without those of accounts that are `taken` (rising).
    fn ties(
        &mut self,
        part: Part,
        basis: Basis,
        traces: &[Trace],
        taken: &[u32],
    ) -> Result<Vec<Tie>, AppError> {
        let mut ties = Vec::new();
        let mut copied: Vec<u32> = Vec::new();
        for (trace, parts) in self.seen {
            (self.progress)((self.done / (3 * self.seen.len()) as f32).min(1.0))?;
            self.done += 1.0;
            if !traces.contains(trace) {
                continue;
            }
            let Chosen { ties: found, led, copied: of_trace, report } =
                parts.ties(part, basis, self.accounts);
            copied.extend(of_trace);
            self.led.extend(led);
            let free =
                |tie: &Tie| [tie.pair.a, tie.pair.b].iter().all(|one| taken.binary_search(one).is_err());
            ties.extend(found.into_iter().filter(free));
            add_report(self.detection.traces.entry(*trace).or_default(), report, part);
        }
        // Whom others copy in one trace they seem to meet in the others too.
        copied.sort_unstable();
        let (kept, led): (Vec<Tie>, Vec<Tie>) = ties.into_iter().partition(|tie| !tie.touches(&copied));
        self.led.extend(led);
        Ok(kept)
    }

    /// The groups of some ties that a part confirms; the others are weak signals.
    fn confirmed(&mut self, ties: &[Tie], basis: Basis, part: Part) -> Vec<Found> {
        let mut confirmed = Vec::new();
        let groups = grouped(self.accounts, ties, self.asked);
        let tested = groups.iter().take(CONFIRMED_PER_TURN_MAX);
        let mut suspected: Vec<u32> = tested.flat_map(|group| group.members.iter().copied()).collect();
        suspected.sort_unstable();
        if !suspected.is_empty() {
            self.seen.iter().for_each(|(_, parts)| parts.suspect(&suspected));
        }
        for (place, mut group) in groups.into_iter().enumerate() {
            group.basis = basis;
            if place < CONFIRMED_PER_TURN_MAX {
                group.confirmations = confirmations(&group.members, self.seen, part, basis);
            }
            if !group.traces_confirmed().is_empty() {
                // Who asks for choices says that the accounts belong together, whatever the times.
                let strangers = match self.asked {
                    Basis::Timing | Basis::Kin => strangers(&group, self.seen, part),
                    Basis::Choice => Vec::new(),
                };
                let (ties, led): (Vec<Tie>, Vec<Tie>) =
                    std::mem::take(&mut group.ties).into_iter().partition(|tie| !tie.touches(&strangers));
                group.ties = ties;
                group.members.retain(|member| strangers.binary_search(member).is_err());
                self.led.extend(led);
                if group.members.len() >= MEMBERS_MIN {
                    confirmed.push(group);
                    continue;
                }
            }
            self.detection.weak.push(group);
        }
        confirmed
    }
}

/// The communities of some ties, with the ties inside each; where choices are
/// asked for, whole teams.
fn grouped(accounts: u32, ties: &[Tie], asked: Basis) -> Vec<Found> {
    let resolutions = match asked {
        Basis::Timing | Basis::Kin => RESOLUTIONS.as_slice(),
        Basis::Choice => &TEAM_RESOLUTIONS,
    };
    let traces: Vec<TraceEdge> = ties
        .iter()
        .map(|tie| TraceEdge { a: tie.pair.a, b: tie.pair.b, trace: tie.trace, ln_p: tie.ln_p })
        .collect();
    let edges: Vec<(u32, u32, f32)> =
        weights(&traces).into_iter().map(|((a, b), weight)| (a, b, weight)).collect();
    let graph = Graph::from_edges(accounts, &edges);
    let central = centrality(&graph);
    let mut label: HashMap<u32, usize> = HashMap::new();
    let mut found: Vec<Found> = communities(&graph, resolutions, SEED)
        .into_iter()
        .enumerate()
        .map(|(group, community)| {
            label.extend(community.members.iter().map(|member| (*member, group)));
            let mut members = community.members;
            let rank = |member: &u32| central.get(*member as usize).copied().unwrap_or(0.0);
            members.sort_by(|one, two| rank(two).total_cmp(&rank(one)).then(one.cmp(two)));
            Found {
                basis: Basis::Timing,
                members,
                ties: Vec::new(),
                stability: community.stability,
                confirmations: BTreeMap::new(),
                copied: Vec::new(),
            }
        })
        .collect();
    for tie in ties {
        let (one, two) = (label.get(&tie.pair.a), label.get(&tie.pair.b));
        if let (Some(group), true) = (one, one == two)
            && let Some(found) = found.get_mut(*group)
        {
            found.ties.push(*tie);
        }
    }
    found
}

/// What the times of a part say of a group, by trace. A group that its choices
/// suggest may be alone with its objects: the delays of others elsewhere stand in.
fn confirmations(
    members: &[u32],
    seen: &[(Trace, Parts<'_>)],
    part: Part,
    basis: Basis,
) -> BTreeMap<Trace, Confirmation> {
    seen.iter()
        .filter_map(|(trace, parts)| {
            let acted = parts.objects_of(part, members);
            let objects = acted.slices();
            if objects.is_empty() {
                return None;
            }
            let window_s = parts.settings.window_s;
            let mut found = confirm(members, &objects, window_s, PERMUTATIONS, SEED);
            if basis != Basis::Timing && found.known_p().is_none() {
                let delays = parts.delays(members);
                found = confirm_against(members, &objects, &delays, window_s, PERMUTATIONS, SEED);
            }
            found.known_p().map(|_| (*trace, found))
        })
        .collect()
}

/// The groups over the ties of all confirmed ones. Each has, by trace, the
/// best confirmation of the groups that went into it, with p doubled for the
/// two halves.
fn joined(accounts: u32, confirmed: Vec<Found>) -> Vec<Found> {
    let mut ties: Vec<Tie> = confirmed.iter().flat_map(|found| found.ties.iter().copied()).collect();
    ties.sort_by_key(|tie| (tie.trace, tie.pair.a, tie.pair.b));
    let mut groups = grouped(accounts, &ties, Basis::Timing);
    for group in &mut groups {
        let mut members = group.members.clone();
        members.sort_unstable();
        let inside = |found: &&Found| {
            let shared = found.members.iter().filter(|member| members.binary_search(member).is_ok()).count();
            shared * 2 >= found.members.len()
        };
        for source in confirmed.iter().filter(inside) {
            for (trace, confirmation) in &source.confirmations {
                let doubled = Confirmation { p: (confirmation.p * 2.0).min(1.0), ..*confirmation };
                let best = group.confirmations.entry(*trace).or_insert(doubled);
                if doubled.p < best.p {
                    *best = doubled;
                }
            }
        }
    }
    groups.retain(|group| !group.confirmations.is_empty());
    groups
}

/// Adds what a pass over a part gave; a pass over everything counts its pairs only.
fn add_report(report: &mut TraceReport, half: TraceReport, part: Part) {
    report.window_s = half.window_s;
    if part != Part::All || report.actions == 0 {
        report.actions += half.actions;
        report.objects += half.objects;
    }
    report.accounts = report.accounts.max(half.accounts);
    report.pairs_tested += half.pairs_tested;
    report.pairs_significant += half.pairs_significant;
    report.capped_cells += half.capped_cells;
    report.capped_actions += half.capped_actions;
}

#[cfg(test)]
mod tests;
