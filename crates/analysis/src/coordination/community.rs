//! Groups of a graph, each at the scale at which it holds.
//!
//! In: a graph of significant pairs. Out: [`Community`]s without overlap.
//! Errors: none. Cost: [`leiden`] once for each resolution.
//! Source: resolution scan in place of one chosen scale, after Nizzoli and
//! others 2021. Limits: [`MEMBERS_MIN`]; a group less dense than the lowest
//! resolution comes out in pieces.

use super::graph::Graph;
use super::leiden::leiden;
use std::collections::BTreeMap;

/// Densities at which a graph is taken apart, rising: a group keeps together
/// while every part of it is tied to the rest by more than that share of pairs.
pub const RESOLUTIONS: [f32; 4] = [0.01, 0.03, 0.1, 0.3];
/// The same, from a looser scale on, where teams are all there is: most pairs of
/// a team that does little have too little in common to pass, and few ties hold
/// its parts together. In a crowd such ties bridge what is apart.
pub const TEAM_RESOLUTIONS: [f32; 5] = [0.003, 0.01, 0.03, 0.1, 0.3];
/// Fewer are no group.
pub const MEMBERS_MIN: usize = 3;
/// Who is tied to fewer members is none of them: what hangs on a group by one
/// line may be chance.
const MEMBER_TIES_MIN: usize = 2;
/// A candidate that has lost more than this share of itself to others is left out.
const KEPT_SHARE_MIN: f64 = 0.5;

/// Accounts that hold together.
#[derive(Debug, Clone, PartialEq)]
pub struct Community {
    /// Nodes, rising; [`MEMBERS_MIN`] at least, each tied to two others at least.
    pub members: Vec<u32>,
    /// The scale it was taken from, of those asked for; of several at which it
    /// is equally stable, the densest.
    pub resolution: f32,
    /// How much of it is found again at the neighbouring scales: mean of the
    /// best Jaccard overlap there, 0..1.
    pub stability: f32,
}

/// The communities at one resolution: members of each, and the community of
/// each node that is in one.
struct Scale {
    labels: Vec<Option<u32>>,
    members: Vec<Vec<u32>>,
}

/// The groups of a graph at some resolutions, rising; the largest first.
///
/// Resolutions are counted in mean weights of an edge, so that weights may have
/// any unit. Among overlapping candidates of different scales the one with the
/// most `stability · ln(1 + members)` is taken first: the logarithm keeps a
/// large group that loses a few members between scales from being shredded
/// into its triangles, which are stable at every scale.
pub fn communities(graph: &Graph, resolutions: &[f32], seed: u64) -> Vec<Community> {
    let mean = graph.mean_weight() as f32;
    let scales: Vec<Scale> = resolutions
        .iter()
        .map(|resolution| Scale::of(graph, &leiden(graph, resolution * mean, seed)))
        .collect();
    let mut candidates = Vec::new();
    for (at, (scale, &resolution)) in scales.iter().zip(resolutions).enumerate() {
        let before = at.checked_sub(1).and_then(|before| scales.get(before));
        let around: Vec<&Scale> = before.into_iter().chain(scales.get(at + 1)).collect();
        for members in scale.members.iter().filter(|members| !members.is_empty()) {
            let found: f64 = around.iter().map(|other| other.overlap(members)).sum();
            candidates.push((found / around.len().max(1) as f64, resolution, members));
        }
    }
    let rank =
        |&(stability, _, members): &(f64, f32, &Vec<u32>)| stability * (1.0 + members.len() as f64).ln();
    candidates.sort_by(|one, two| {
        let denser_first = two.1.total_cmp(&one.1);
        rank(two).total_cmp(&rank(one)).then(denser_first).then_with(|| one.2.cmp(two.2))
    });
    let mut taken = vec![false; graph.nodes() as usize];
    let mut communities = Vec::new();
    for (stability, resolution, candidate) in candidates {
        let free: Vec<u32> = candidate.iter().copied().filter(|&node| !is_marked(&taken, node)).collect();
        let members = largest_tied(graph, &well_tied(graph, free));
        let kept = members.len() as f64 / candidate.len() as f64;
        if members.len() < MEMBERS_MIN || kept < KEPT_SHARE_MIN {
            continue;
        }
        for &node in &members {
            if let Some(taken) = taken.get_mut(node as usize) {
                *taken = true;
            }
        }
        communities.push(Community { members, resolution, stability: stability as f32 });
    }
    communities.sort_by(|one, two| {
        two.members.len().cmp(&one.members.len()).then_with(|| one.members.cmp(&two.members))
    });
    communities
}

impl Scale {
    fn of(graph: &Graph, found: &[u32]) -> Self {
        let count = found.iter().max().map_or(0, |&most| most as usize + 1);
        let mut members = vec![Vec::new(); count];
        for (node, &label) in (0u32..).zip(found) {
            // Made to hold the largest label.
            members[label as usize].push(node);
        }
        let members: Vec<Vec<u32>> = members.into_iter().map(|members| well_tied(graph, members)).collect();
        let mut labels = vec![None; found.len()];
        for (label, members) in (0u32..).zip(&members) {
            for &node in members {
                labels[node as usize] = Some(label);
            }
        }
        Self { labels, members }
    }

    /// The best Jaccard overlap of some nodes with a community of this scale.
    fn overlap(&self, nodes: &[u32]) -> f64 {
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        for label in nodes.iter().filter_map(|&node| self.labels.get(node as usize).copied().flatten()) {
            *shared.entry(label).or_default() += 1;
        }
        let jaccard = |(&label, &shared): (&u32, &usize)| {
            let other = self.members.get(label as usize).map_or(0, Vec::len);
            shared as f64 / (nodes.len() + other - shared) as f64
        };
        shared.iter().map(jaccard).fold(0.0, f64::max)
    }
}

fn is_marked(marks: &[bool], node: u32) -> bool {
    marks.get(node as usize).copied().unwrap_or(false)
}

/// Those of some nodes (rising) that are tied to [`MEMBER_TIES_MIN`] others of
/// those left; nobody where fewer than [`MEMBERS_MIN`] are.
fn well_tied(graph: &Graph, mut nodes: Vec<u32>) -> Vec<u32> {
    loop {
        if nodes.len() < MEMBERS_MIN {
            return Vec::new();
        }
        let ties = |&node: &u32| {
            let inside = |(other, _): &(u32, f32)| nodes.binary_search(other).is_ok();
            graph.neighbours(node).filter(inside).take(MEMBER_TIES_MIN).count()
        };
        let left: Vec<u32> = nodes.iter().copied().filter(|node| ties(node) >= MEMBER_TIES_MIN).collect();
        if left.len() == nodes.len() {
            return nodes;
        }
        nodes = left;
    }
}

/// The largest part of some nodes (rising) that is connected within them.
fn largest_tied(graph: &Graph, nodes: &[u32]) -> Vec<u32> {
    let mut seen = vec![false; nodes.len()];
    let place = |node: u32| nodes.binary_search(&node).ok();
    let mut largest = Vec::new();
    for start in 0..nodes.len() {
        if seen.get(start).copied().unwrap_or(true) {
            continue;
        }
        let (mut part, mut open) = (Vec::new(), vec![start]);
        seen[start] = true;
        while let Some(at) = open.pop() {
            // Places come from a search in `nodes`, which `seen` is as long as.
            part.push(nodes[at]);
            for at in graph.neighbours(nodes[at]).filter_map(|(other, _)| place(other)) {
                if !std::mem::replace(&mut seen[at], true) {
                    open.push(at);
                }
            }
        }
        if part.len() > largest.len() {
            largest = part;
        }
    }
    largest.sort_unstable();
    largest
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    /// Adds a group: nodes from `first`, tied with probability `inside`.
    fn plant(edges: &mut Vec<(u32, u32, f32)>, first: u32, size: u32, inside: f64, dice: &mut Dice) {
        for a in first..first + size {
            edges.extend((a + 1..first + size).filter(|_| dice.unit() < inside).map(|b| (a, b, 1.0)));
        }
    }

    #[test]
    fn dense_and_loose_groups_are_found_in_one_graph() {
        let mut dice = Dice::new(5);
        let mut edges = Vec::new();
        plant(&mut edges, 0, 25, 0.9, &mut dice);
        plant(&mut edges, 25, 60, 0.15, &mut dice);
        plant(&mut edges, 85, 10, 1.0, &mut dice);
        // Nodes 95..1,000 belong to nobody, and ties are scattered over all.
        edges.extend((0..400).map(|_| (dice.below(1_000), dice.below(1_000), 1.0)));
        let found = communities(&Graph::from_edges(1_000, &edges), &RESOLUTIONS, 1);
        for (first, size) in [(0u32, 25usize), (25, 60), (85, 10)] {
            let planted: Vec<u32> = (first..).take(size).collect();
            let best = found
                .iter()
                .map(|group| {
                    let shared = group.members.iter().filter(|node| planted.contains(node)).count();
                    shared as f64 / (group.members.len() + size - shared) as f64
                })
                .fold(0.0, f64::max);
            assert!(best >= 0.9, "the group at {first} is found with overlap {best}");
        }
        let mut all: Vec<u32> = found.iter().flat_map(|group| group.members.clone()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "groups do not overlap");
    }

    #[test]
    fn two_groups_with_a_few_bridges_stay_two() {
        let mut dice = Dice::new(6);
        let mut edges = Vec::new();
        plant(&mut edges, 0, 25, 0.8, &mut dice);
        plant(&mut edges, 25, 25, 0.8, &mut dice);
        edges.extend((0..10).map(|tie| (tie, 25 + tie, 1.0)));
        let found = communities(&Graph::from_edges(50, &edges), &RESOLUTIONS, 1);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].members, (0..25).collect::<Vec<u32>>());
        assert!(found[0].stability > 0.6, "{found:?}");
        let teams = communities(&Graph::from_edges(50, &edges), &TEAM_RESOLUTIONS, 1);
        assert_eq!(teams.len(), 1, "the parts of a team are one: {teams:?}");
    }

    #[test]
    fn the_unit_of_the_weights_does_not_matter() {
        let mut dice = Dice::new(7);
        let mut edges = Vec::new();
        for group in 0..5 {
            plant(&mut edges, group * 20, 20, 0.5, &mut dice);
        }
        let scaled: Vec<_> = edges.iter().map(|&(a, b, weight)| (a, b, weight * 64.0)).collect();
        assert_eq!(
            communities(&Graph::from_edges(100, &edges), &RESOLUTIONS, 1),
            communities(&Graph::from_edges(100, &scaled), &RESOLUTIONS, 1)
        );
    }

    #[test]
    fn who_hangs_on_by_one_line_is_no_member() {
        let mut edges = vec![(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (0, 3, 1.0), (1, 3, 1.0), (2, 3, 1.0)];
        edges.extend([(3, 4, 1.0), (4, 5, 1.0), (5, 6, 1.0)]);
        let found = communities(&Graph::from_edges(7, &edges), &RESOLUTIONS, 1);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].members, [0, 1, 2, 3]);
    }

    #[test]
    fn pairs_and_nobody_are_no_group() {
        assert!(communities(&Graph::from_edges(4, &[(0, 1, 1.0), (2, 3, 1.0)]), &RESOLUTIONS, 1).is_empty());
        assert!(communities(&Graph::from_edges(0, &[]), &RESOLUTIONS, 1).is_empty());
    }
}
