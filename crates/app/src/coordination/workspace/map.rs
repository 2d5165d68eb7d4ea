//! The map of the groups: their accounts, where they stand, and their ties.
//!
//! In: the last run. Out: [`GroupMap`]. Errors: [`AppError`]. Cost: nothing is
//! computed: places are laid out at the end of a run, each account beginning
//! where it stood in the run before.
//! Limits: [`MAP_NODES_MAX`], [`MAP_EDGES_MAX`]; what is left out is counted.

use crate::coordination::report::views::{MemberView, Report};
use crate::coordination::workspace::kept::{GroupKept, Kept};
use crate::listening::Workspace;
use crate::{Actor, AppError};
use analysis::coordination::{Graph, layout};
use model::{Permission, Trace};
use serde::Serialize;
use std::collections::HashMap;

/// Most accounts of the map, those of the strongest groups.
pub const MAP_NODES_MAX: usize = 10_000;
/// Most ties of the map, the heaviest.
pub const MAP_EDGES_MAX: usize = 50_000;

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
        for (group, rest) in kept.report.groups.iter().zip(&kept.groups) {
            let first = map.nodes.len();
            if first + group.members.len() > MAP_NODES_MAX {
                map.nodes_left_out += group.members.len() as u64;
                continue;
            }
            map.nodes.extend(group.members.iter().zip(&rest.places).map(|(member, (x, y))| MapNode {
                account: member.account.clone(),
                label: label_of(member),
                group: group.id.clone(),
                x: *x,
                y: *y,
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
