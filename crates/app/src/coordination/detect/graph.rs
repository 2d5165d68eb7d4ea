//! The groups that are shown as one graph, with places for its nodes.

use crate::coordination::detect::Detection;
use crate::coordination::file::graphfile::{GraphEdge, GraphFile, GraphNode};
use crate::coordination::observed::Observed;
use crate::coordination::report::views::Report;
use crate::coordination::report::{id_of, label};
use analysis::coordination::{Graph, TraceEdge, fuse, layout};
use model::Trace;
use std::collections::BTreeMap;

/// Weight of a pair that one trace speaks for by its own rule.
pub(crate) const SINGLE_WEIGHT: f32 = 0.25;

/// One weight for each pair of some edges: that of all its traces together.
pub(crate) fn weights(edges: &[TraceEdge]) -> BTreeMap<(u32, u32), f32> {
    let mut weights: BTreeMap<(u32, u32), f32> =
        edges.iter().map(|edge| ((edge.a.min(edge.b), edge.a.max(edge.b)), SINGLE_WEIGHT)).collect();
    weights.extend(fuse(edges).iter().map(|edge| ((edge.a, edge.b), edge.weight().max(SINGLE_WEIGHT))));
    weights
}

/// The graph of the groups of a report. Cost: that of the layout.
pub fn graph_of(observed: &Observed, detection: &Detection, report: &Report) -> GraphFile {
    let mut nodes = Vec::new();
    let mut number: BTreeMap<u32, u32> = BTreeMap::new();
    let mut edges: Vec<TraceEdge> = Vec::new();
    let mut traces: BTreeMap<(u32, u32), Vec<Trace>> = BTreeMap::new();
    for found in &detection.groups {
        let mut members = found.members.clone();
        members.sort_unstable();
        let id = id_of(observed, &members);
        let Some(group) = report.groups.iter().position(|group| group.id == id) else { continue };
        for member in members {
            let followers = observed.described(member).and_then(|account| account.followers.get());
            number.insert(member, nodes.len() as u32);
            nodes.push(GraphNode {
                id: observed.accounts.name(member).to_owned(),
                label: label(observed, member),
                group: u32::try_from(group).ok(),
                size: followers.map_or(1.0, |followers| (followers as f32 + 1.0).ln().max(1.0)),
                x: 0.0,
                y: 0.0,
            });
        }
        for tie in &found.ties {
            let (Some(a), Some(b)) = (number.get(&tie.pair.a), number.get(&tie.pair.b)) else { continue };
            let (a, b) = (*a.min(b), *a.max(b));
            edges.push(TraceEdge { a, b, trace: tie.trace, ln_p: tie.ln_p });
            traces.entry((a, b)).or_default().push(tie.trace);
        }
    }
    let weighted: Vec<(u32, u32, f32)> =
        weights(&edges).into_iter().map(|((a, b), weight)| (a, b, weight)).collect();
    let graph = Graph::from_edges(nodes.len() as u32, &weighted);
    let seeds: Vec<u64> =
        nodes.iter().map(|node| crate::coordination::detect::parts::key_of(&node.id)).collect();
    for (node, (x, y)) in nodes.iter_mut().zip(layout(&graph, &seeds, &[])) {
        (node.x, node.y) = (x, y);
    }
    let edges = weighted
        .into_iter()
        .map(|(a, b, weight)| {
            let mut traces = traces.remove(&(a, b)).unwrap_or_default();
            traces.sort_unstable();
            traces.dedup();
            GraphEdge { a, b, weight: f64::from(weight), traces }
        })
        .collect();
    GraphFile { title: "Atalaya: coordinated groups".to_owned(), nodes, edges }
}
