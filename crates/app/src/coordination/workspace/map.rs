//! The map of the groups: their accounts, where they stand, and their ties.
//!
//! In: the last run. Out: [`GroupMap`]. Errors: [`AppError`]. Cost: nothing is
//! computed: places are laid out at the end of a run, each account beginning
//! where it stood in the run before.
//! Groups are drawn larger than they are laid out, all by one factor, as far as
//! they do not reach each other: else each would be a blot.
//! Limits: [`MAP_NODES_MAX`], [`MAP_EDGES_MAX`]; what is left out is counted.

use crate::coordination::report::views::{MemberView, Report};
use crate::coordination::workspace::kept::{GroupKept, Kept};
use crate::listening::Workspace;
use crate::{Actor, AppError};
use analysis::coordination::{Graph, POSITION_MAX, layout};
use model::{Permission, Trace};
use serde::Serialize;
use std::collections::HashMap;

/// Most accounts of the map, those of the strongest groups.
pub const MAP_NODES_MAX: usize = 10_000;
/// Most ties of the map, the heaviest.
pub const MAP_EDGES_MAX: usize = 50_000;

/// Most by which groups are drawn larger than they are laid out.
const SPREAD_MAX: f32 = 12.0;
/// Share of the way between the middles of two groups that each may reach.
const SPREAD_SHARE: f32 = 0.42;

/// The map.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GroupMap {
    /// Accounts.
    pub nodes: Vec<MapNode>,
    /// Ties: two indices of nodes, a weight, and the traces that it rests on.
    pub edges: Vec<(u32, u32, f32, Vec<Trace>)>,
    /// Accounts that are not on it.
    pub nodes_left_out: u64,
    /// Ties among its accounts that are not on it.
    pub edges_left_out: u64,
}

/// An account on the map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapNode {
    /// `network:native_id`.
    pub account: String,
    /// `@handle`, or the account.
    pub label: String,
    /// Identifier of its group.
    pub group: String,
    /// Position, at most [`analysis::coordination::POSITION_MAX`] from the middle.
    pub x: f32,
    /// Position.
    pub y: f32,
    /// Size to draw: 1 and up, with the ties of the account.
    pub size: f32,
}

impl Workspace {
    /// The map of the last run; empty when there was none.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn group_map(&self, actor: &Actor) -> Result<GroupMap, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.coordinated().kept().map(|kept| GroupMap::of(&kept)).unwrap_or_default())
    }
}

impl GroupMap {
    pub(crate) fn of(kept: &Kept) -> Self {
        let mut map = Self::default();
        let spread = Spread::of(kept.groups.iter().map(|rest| rest.places.as_slice()));
        let mut middles = spread.middles.iter();
        for (group, rest) in kept.report.groups.iter().zip(&kept.groups) {
            let first = map.nodes.len();
            let middle = middles.next().copied().unwrap_or_default();
            if first + group.members.len() > MAP_NODES_MAX {
                map.nodes_left_out += group.members.len() as u64;
                continue;
            }
            let places = rest.places.iter().map(|place| spread.away(middle, *place));
            map.nodes.extend(group.members.iter().zip(places).map(|(member, (x, y))| MapNode {
                account: member.account.clone(),
                label: label_of(member),
                group: group.id.clone(),
                x,
                y,
                // Small counts: exact.
                size: 1.0 + (member.pairs as f32).sqrt(),
            }));
            let first = first as u32; // At most MAP_NODES_MAX.
            let mut traces = traces_of(rest);
            let edge = |(a, b, weight): &(u32, u32, f32)| {
                (first + a, first + b, *weight, traces.remove(&(*a, *b)).unwrap_or_default())
            };
            map.edges.extend(rest.ties.iter().map(edge));
        }
        map.edges.sort_by(|one, two| two.2.total_cmp(&one.2).then((one.0, one.1).cmp(&(two.0, two.1))));
        map.edges_left_out = map.edges.len().saturating_sub(MAP_EDGES_MAX) as u64;
        map.edges.truncate(MAP_EDGES_MAX);
        map
    }
}

/// How much larger groups are drawn than they are laid out.
struct Spread {
    factor: f32,
    /// The middle of each group.
    middles: Vec<(f32, f32)>,
}

impl Spread {
    fn of<'a>(groups: impl Iterator<Item = &'a [(f32, f32)]>) -> Self {
        let away = |one: (f32, f32), other: (f32, f32)| (one.0 - other.0).hypot(one.1 - other.1);
        let known: Vec<((f32, f32), f32)> = groups
            .map(|places| {
                let count = places.len().max(1) as f32; // Members: exact.
                let sum = places.iter().fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
                let middle = (sum.0 / count, sum.1 / count);
                (middle, places.iter().map(|place| away(middle, *place)).fold(0.0, f32::max))
            })
            .collect();
        let mut factor = SPREAD_MAX;
        for (number, (middle, reach)) in known.iter().enumerate() {
            for (other, other_reach) in known.iter().skip(number + 1) {
                let widest = reach.max(*other_reach).max(f32::MIN_POSITIVE);
                factor = factor.min(SPREAD_SHARE * away(*middle, *other) / widest);
            }
        }
        // A single group fills the map as it is.
        let factor = if known.len() > 1 { factor.max(1.0) } else { 1.0 };
        Self { factor, middles: known.into_iter().map(|(middle, _)| middle).collect() }
    }

    /// Where an account of the group with this middle is drawn.
    fn away(&self, middle: (f32, f32), place: (f32, f32)) -> (f32, f32) {
        let along = |middle: f32, place: f32| {
            (middle + self.factor * (place - middle)).clamp(-POSITION_MAX, POSITION_MAX)
        };
        (along(middle.0, place.0), along(middle.1, place.1))
    }
}

/// The traces of each tie, each once.
fn traces_of(rest: &GroupKept) -> HashMap<(u32, u32), Vec<Trace>> {
    let mut traces: HashMap<(u32, u32), Vec<Trace>> = HashMap::new();
    for tie in &rest.grounds {
        traces.entry((tie.a, tie.b)).or_default().push(tie.trace);
    }
    traces.values_mut().for_each(|traces| {
        traces.sort_unstable();
        traces.dedup();
    });
    traces
}

fn label_of(member: &MemberView) -> String {
    member.handle.as_ref().map_or_else(|| member.account.clone(), |handle| format!("@{handle}"))
}

/// Lays out the groups of a report; each account begins where it stood `before`.
pub(crate) fn place(report: &Report, groups: &mut [GroupKept], before: Option<&Kept>) {
    let mut stood: HashMap<&str, (f32, f32)> = HashMap::new();
    for (group, rest) in before.into_iter().flat_map(|kept| kept.report.groups.iter().zip(&kept.groups)) {
        stood.extend(
            group.members.iter().map(|member| member.account.as_str()).zip(rest.places.iter().copied()),
        );
    }
    let (mut seeds, mut warm, mut edges) = (Vec::new(), Vec::new(), Vec::new());
    for (group, rest) in report.groups.iter().zip(groups.iter()) {
        let first = seeds.len() as u32; // Members are far fewer.
        edges.extend(rest.ties.iter().map(|(a, b, weight)| (first + a, first + b, *weight)));
        for member in &group.members {
            seeds.push(crate::coordination::detect::parts::key_of(&member.account));
            warm.push(stood.get(member.account.as_str()).copied());
        }
    }
    let graph = Graph::from_edges(seeds.len() as u32, &edges);
    let mut places = layout(&graph, &seeds, &warm).into_iter();
    for (group, rest) in report.groups.iter().zip(groups) {
        rest.places = places.by_ref().take(group.members.len()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_drawn_larger_and_do_not_reach_each_other() {
        let ring = |x: f32, reach: f32| {
            [(x - reach, 0.0), (x + reach, 0.0), (x, reach), (x, -reach)].map(|(x, y)| (x, y + 3.0))
        };
        let groups = [ring(-50.0, 1.0), ring(50.0, 2.0), ring(0.0, 0.5)];
        let spread = Spread::of(groups.iter().map(<[_; 4]>::as_slice));
        assert_eq!(spread.middles, [(-50.0, 3.0), (50.0, 3.0), (0.0, 3.0)]);
        // The widest reaches 2 of the 50 to its neighbour.
        assert!((spread.factor - SPREAD_SHARE * 25.0).abs() < 1e-4, "{}", spread.factor);
        let drawn = spread.away((50.0, 3.0), (48.0, 3.0));
        assert!(drawn.0 > 25.0 && drawn.0 < 48.0, "{drawn:?}");
        let near = [ring(0.0, 1.0), ring(0.5, 1.0)];
        assert_eq!(Spread::of(near.iter().map(<[_; 4]>::as_slice)).factor, 1.0, "never smaller");
        assert_eq!(Spread::of(std::iter::once(ring(7.0, 1.0).as_slice())).factor, 1.0);
        assert_eq!(Spread::of(std::iter::empty()).factor, 1.0);
    }
}
