//! Parts of a graph that hold together better than a given density.
//!
//! In: a graph and a resolution. Out: a label for each node. Errors: none.
//! Cost: some tens of passes over the edges: 1 M edges with groups in them take
//! about half a second, 1 M edges of noise up to two.
//! Source: Traag, Waltman and van Eck 2019, *From Louvain to Leiden*, with the
//! constant Potts model (Traag, Van Dooren and Nesterov 2011) as its measure:
//! a community is worth its inner weight less `resolution` for each pair of
//! members, so there is no resolution limit.
//! Limits: [`ROUNDS_MAX`], [`FINISHES_MAX`]. Each community is connected
//! whatever happens; no node is better elsewhere or alone, unless the
//! finishing passes ran out; and where the last round changed nothing, no two
//! communities are better as one.

use super::dice::Dice;
use super::graph::Graph;
use std::collections::VecDeque;

/// Rounds of moving, refining and joining at most. Graphs with groups in them
/// settle in two or three; on noise further rounds move one node in a hundred.
const ROUNDS_MAX: usize = 4;
/// Finishing passes over single nodes at most.
const FINISHES_MAX: usize = 20;
/// Nodes visited in a row.
const RUN: u32 = 64;
/// How freely the refinement chooses among gains, in mean weights of an edge.
const FREEDOM: f64 = 0.01;
/// A gain must be more than this, in mean weights of an edge.
const GAIN_MIN: f64 = 1e-9;

// Labels and node numbers of a level are below its number of nodes, and every
// list here that is indexed by one has that length: indexing leans on it.

/// The measure that is maximised.
#[derive(Clone, Copy)]
struct Measure {
    /// Weight that each pair of members costs.
    resolution: f64,
    /// Gains up to this are none.
    gain_min: f64,
    /// Scale of the random choice among gains.
    freedom: f64,
}

/// A graph whose nodes stand for sets of nodes.
struct Level {
    graph: Graph,
    /// How many nodes of the first graph each stands for.
    sizes: Vec<f64>,
}

/// The community of each node, 0..number of communities in the order of their
/// first members.
///
/// `resolution` is in weight per pair of nodes: with edges of weight 1, two
/// sets stay apart unless a share of more than `resolution` of the pairs
/// between them is tied. `seed` decides among equals.
pub fn leiden(graph: &Graph, resolution: f32, seed: u64) -> Vec<u32> {
    let mean = graph.mean_weight();
    let measure = Measure {
        resolution: f64::from(resolution).max(0.0),
        gain_min: GAIN_MIN * mean,
        freedom: FREEDOM * mean,
    };
    let mut dice = Dice::new(seed);
    let mut labels: Vec<u32> = (0..graph.nodes()).collect();
    let mut scratch = Scratch::new(labels.len());
    for _ in 0..ROUNDS_MAX {
        if !improve(graph, measure, &mut labels, &mut dice, &mut scratch) {
            break;
        }
    }
    let ones = vec![1.0; labels.len()];
    for _ in 0..FINISHES_MAX {
        let moved = move_nodes(graph, &ones, measure, &mut labels, &mut dice, &mut scratch);
        let communities = number_anew(&mut labels);
        // Taking apart what is not tied gains the cost of the pairs between.
        let (parts, count) = graph.components_within(&labels);
        labels = parts;
        if !moved && communities == count as usize {
            break;
        }
    }
    labels
}

/// One round over all levels; whether anything moved.
fn improve(
    graph: &Graph,
    measure: Measure,
    labels: &mut [u32],
    dice: &mut Dice,
    scratch: &mut Scratch,
) -> bool {
    let mut joined: Option<Level> = None;
    let ones = vec![1.0; labels.len()];
    // The node of the present level that stands for each node, and the labels of the level.
    let mut stands_for: Vec<u32> = (0..graph.nodes()).collect();
    let mut level_labels = labels.to_vec();
    let mut moved = false;
    loop {
        let (present, sizes) = match &joined {
            Some(level) => (&level.graph, level.sizes.as_slice()),
            None => (graph, ones.as_slice()),
        };
        let level_moved = move_nodes(present, sizes, measure, &mut level_labels, dice, scratch);
        moved |= level_moved;
        let communities = number_anew(&mut level_labels);
        if communities == level_labels.len() {
            break;
        }
        // Where sets no longer move, only whole communities may yet join.
        let settled = joined.is_some() && !level_moved;
        let mut refined = match settled {
            true => level_labels.clone(),
            false => refine(present, sizes, measure, &level_labels, dice, scratch),
        };
        let parts = number_anew(&mut refined);
        if parts == level_labels.len() {
            break;
        }
        let next = join(present, sizes, &refined, parts, scratch);
        let mut next_labels = vec![0; parts];
        for (&part, &label) in refined.iter().zip(&level_labels) {
            next_labels[part as usize] = label;
        }
        for node in &mut stands_for {
            *node = refined[*node as usize];
        }
        level_labels = next_labels;
        joined = Some(next);
    }
    for (label, &node) in labels.iter_mut().zip(&stands_for) {
        *label = level_labels[node as usize];
    }
    moved
}

/// Sums by label that are emptied after each use.
struct Scratch {
    weight: Vec<f64>,
    touched: Vec<u32>,
}

impl Scratch {
    fn new(nodes: usize) -> Self {
        Self { weight: vec![0.0; nodes], touched: Vec::new() }
    }

    /// Adds a weight, above 0, to a label.
    #[inline]
    fn add(&mut self, label: u32, weight: f32) {
        let sum = &mut self.weight[label as usize];
        if *sum == 0.0 {
            self.touched.push(label);
        }
        *sum += f64::from(weight);
    }

    fn clear(&mut self) {
        for label in self.touched.drain(..) {
            self.weight[label as usize] = 0.0;
        }
    }
}

/// Moves nodes, one by one, to where the measure gains most, until none gains.
fn move_nodes(
    graph: &Graph,
    sizes: &[f64],
    measure: Measure,
    labels: &mut [u32],
    dice: &mut Dice,
    scratch: &mut Scratch,
) -> bool {
    let mut members = vec![0f64; labels.len()];
    for (&label, size) in labels.iter().zip(sizes) {
        members[label as usize] += size;
    }
    let mut empty: Vec<u32> =
        (0..graph.nodes()).rev().filter(|&label| members[label as usize] == 0.0).collect();
    let order = order_of_visits(graph.nodes(), dice);
    let mut queue = VecDeque::from(order);
    let mut queued = vec![true; labels.len()];
    let mut moved = false;
    while let Some(node) = queue.pop_front() {
        let at = node as usize;
        queued[at] = false;
        let (home, size) = (labels[at], sizes[at]);
        for (other, weight) in graph.neighbours(node) {
            scratch.add(labels[other as usize], weight);
        }
        let cost = measure.resolution * size;
        let mut best = home;
        let mut best_gain = scratch.weight[home as usize] - cost * (members[home as usize] - size);
        for &label in scratch.touched.iter().filter(|&&label| label != home) {
            let gain = scratch.weight[label as usize] - cost * members[label as usize];
            if gain > best_gain + measure.gain_min {
                (best, best_gain) = (label, gain);
            }
        }
        scratch.clear();
        // Alone, a node gains and costs nothing.
        if best_gain < -measure.gain_min
            && let Some(label) = empty.pop()
        {
            best = label;
        }
        if best == home {
            continue;
        }
        moved = true;
        // Sizes are whole numbers, exact in an `f64`.
        members[home as usize] -= size;
        if members[home as usize] == 0.0 {
            empty.push(home);
        }
        members[best as usize] += size;
        labels[at] = best;
        for (other, _) in graph.neighbours(node) {
            if labels[other as usize] != best && !queued[other as usize] {
                queued[other as usize] = true;
                queue.push_back(other);
            }
        }
    }
    moved
}

/// Parts within the communities, each well tied to the rest of its community
/// and grown by steps that lose nothing.
fn refine(
    graph: &Graph,
    sizes: &[f64],
    measure: Measure,
    labels: &[u32],
    dice: &mut Dice,
    scratch: &mut Scratch,
) -> Vec<u32> {
    let mut members = vec![0f64; labels.len()];
    for (&label, size) in labels.iter().zip(sizes) {
        members[label as usize] += size;
    }
    let mut parts: Vec<u32> = (0..graph.nodes()).collect();
    let mut part_sizes = sizes.to_vec();
    let mut alone = vec![true; labels.len()];
    // Weight from each part to the rest of its community.
    let mut outward = vec![0f64; labels.len()];
    for node in 0..graph.nodes() {
        outward[node as usize] = graph
            .neighbours(node)
            .filter(|&(other, _)| labels[other as usize] == labels[node as usize])
            .map(|(_, weight)| f64::from(weight))
            .sum();
    }
    let order = order_of_visits(graph.nodes(), dice);
    let mut choices: Vec<(u32, f64)> = Vec::new();
    for node in order {
        let at = node as usize;
        let (size, community) = (sizes[at], members[labels[at] as usize]);
        let well_tied = |part: u32, part_sizes: &[f64], outward: &[f64]| {
            let size = part_sizes[part as usize];
            outward[part as usize] + measure.gain_min >= measure.resolution * size * (community - size)
        };
        if !alone[at] || size == community || !well_tied(node, &part_sizes, &outward) {
            continue;
        }
        for (other, weight) in graph.neighbours(node) {
            if labels[other as usize] == labels[at] {
                scratch.add(parts[other as usize], weight);
            }
        }
        choices.clear();
        // To stay alone gains nothing.
        choices.push((node, 0.0));
        for &part in &scratch.touched {
            let gain = scratch.weight[part as usize] - measure.resolution * size * part_sizes[part as usize];
            if gain >= 0.0 && well_tied(part, &part_sizes, &outward) {
                choices.push((part, gain));
            }
        }
        let part = choose(&choices, measure.freedom, dice).unwrap_or(node);
        if part != node {
            let tie = scratch.weight[part as usize];
            parts[at] = part;
            part_sizes[part as usize] += size;
            outward[part as usize] += outward[at] - 2.0 * tie;
            alone[at] = false;
            alone[part as usize] = false;
        }
        scratch.clear();
    }
    parts
}

/// One of the choices, each as likely as the exponential of its gain.
fn choose(choices: &[(u32, f64)], freedom: f64, dice: &mut Dice) -> Option<u32> {
    let best = choices.iter().map(|choice| choice.1).fold(f64::MIN, f64::max);
    let chance = |gain: f64| ((gain - best) / freedom).exp();
    let mut left = dice.unit() * choices.iter().map(|choice| chance(choice.1)).sum::<f64>();
    for &(part, gain) in choices {
        left -= chance(gain);
        if left < 0.0 {
            return Some(part);
        }
    }
    // Reached only by rounding.
    choices.last().map(|choice| choice.0)
}

/// The graph whose nodes are the parts. Weight within a part is left out: it
/// moves along with the part and decides nothing.
fn join(graph: &Graph, sizes: &[f64], parts: &[u32], count: usize, scratch: &mut Scratch) -> Level {
    let mut begins = vec![0usize; count + 1];
    for &part in parts {
        begins[part as usize + 1] += 1;
    }
    for part in 0..count {
        begins[part + 1] += begins[part];
    }
    let mut free = begins.clone();
    let mut by_part = vec![0u32; parts.len()];
    let mut part_sizes = vec![0f64; count];
    for (node, (&part, size)) in (0u32..).zip(parts.iter().zip(sizes)) {
        let place = &mut free[part as usize];
        by_part[*place] = node;
        *place += 1;
        part_sizes[part as usize] += size;
    }
    let mut joined =
        Graph { offsets: Vec::with_capacity(count + 1), targets: Vec::new(), weights: Vec::new() };
    joined.offsets.push(0);
    for (part, range) in (0u32..).zip(begins.windows(2)) {
        for &node in &by_part[range[0]..range[1]] {
            for (other, weight) in graph.neighbours(node) {
                if parts[other as usize] != part {
                    scratch.add(parts[other as usize], weight);
                }
            }
        }
        for &other in &scratch.touched {
            joined.targets.push(other);
            // Sums of `f32`; what rounding takes is below the least gain that counts.
            joined.weights.push(scratch.weight[other as usize] as f32);
        }
        scratch.clear();
        joined.offsets.push(joined.targets.len());
    }
    Level { graph: joined, sizes: part_sizes }
}

/// All nodes in a random order of runs of [`RUN`]: neighbours in memory are
/// read together, which saves a third of the time and changes the measure by
/// less than one in a thousand.
fn order_of_visits(nodes: u32, dice: &mut Dice) -> Vec<u32> {
    let mut runs: Vec<u32> = (0..nodes.div_ceil(RUN)).collect();
    dice.shuffle(&mut runs);
    runs.into_iter().flat_map(|run| run * RUN..nodes.min((run + 1).saturating_mul(RUN))).collect()
}

/// Gives labels the numbers from 0 in the order of first appearance; how many there are.
fn number_anew(labels: &mut [u32]) -> usize {
    const NONE: u32 = u32::MAX;
    let mut numbers = vec![NONE; labels.len()];
    let mut count = 0;
    for label in labels {
        let number = &mut numbers[*label as usize];
        if *number == NONE {
            *number = count;
            count += 1;
        }
        *label = *number;
    }
    count as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of `size`, tied inside with probability `inside`, and `noise`
    /// edges between any two nodes of all.
    fn planted(groups: u32, size: u32, inside: f64, noise: u32, seed: u64) -> Graph {
        let mut dice = Dice::new(seed);
        let nodes = groups * size;
        let mut edges = Vec::new();
        for group in 0..groups {
            for a in 0..size {
                for b in a + 1..size {
                    if dice.unit() < inside {
                        edges.push((group * size + a, group * size + b, 1.0));
                    }
                }
            }
        }
        edges.extend((0..noise).map(|_| (dice.below(nodes), dice.below(nodes), 1.0)));
        Graph::from_edges(nodes, &edges)
    }

    /// What the method promises of its result.
    fn check_promises(graph: &Graph, labels: &[u32], resolution: f64) {
        let (_, parts) = graph.components_within(labels);
        let count = labels.iter().max().map_or(0, |&most| most + 1);
        assert_eq!(parts, count, "a community is not connected");
        let mut members = vec![0f64; count as usize];
        labels.iter().for_each(|&label| members[label as usize] += 1.0);
        let mut between = std::collections::BTreeMap::new();
        for node in 0..graph.nodes() {
            let home = labels[node as usize];
            let mut weight = std::collections::BTreeMap::new();
            for (other, tie) in graph.neighbours(node) {
                *weight.entry(labels[other as usize]).or_insert(0.0) += f64::from(tie);
                *between.entry((home, labels[other as usize])).or_insert(0.0) += f64::from(tie);
            }
            let stay = weight.get(&home).unwrap_or(&0.0) - resolution * (members[home as usize] - 1.0);
            assert!(stay >= -1e-6, "a node would be better alone");
            for (&label, &weight) in weight.iter().filter(|&(&label, _)| label != home) {
                assert!(weight - resolution * members[label as usize] <= stay + 1e-6, "better elsewhere");
            }
        }
        for ((a, b), weight) in between {
            let cost = resolution * members[a as usize] * members[b as usize];
            assert!(a == b || weight <= cost + 1e-3, "two communities are better as one");
        }
    }

    #[test]
    fn planted_groups_are_found() {
        let graph = planted(40, 25, 0.4, 1_500, 3);
        let labels = leiden(&graph, 0.1, 1);
        for group in labels.chunks(25) {
            assert!(group.iter().all(|label| label == &group[0]), "{group:?}");
        }
        assert_eq!(labels.iter().max(), Some(&39));
        check_promises(&graph, &labels, 0.1);
    }

    #[test]
    fn the_promises_hold_on_noise_and_at_every_scale() {
        for (seed, resolution) in [(1, 0.003), (2, 0.02), (3, 0.1), (4, 0.5), (5, 0.02), (6, 0.9)] {
            let graph = planted(12, 30, 0.15, 900, seed);
            check_promises(&graph, &leiden(&graph, resolution as f32, seed), f64::from(resolution as f32));
        }
    }

    #[test]
    fn a_ring_of_cliques_is_not_merged() {
        // Thirty cliques of five in a ring, one line between neighbours: modularity
        // merges them two by two, the constant Potts model does not.
        let mut edges = Vec::new();
        for clique in 0..30u32 {
            for a in 0..5 {
                edges.extend((a + 1..5).map(|b| (clique * 5 + a, clique * 5 + b, 1.0)));
            }
            edges.push((clique * 5, (clique * 5 + 6) % 150, 1.0));
        }
        let labels = leiden(&Graph::from_edges(150, &edges), 0.1, 9);
        assert_eq!(labels, (0..150).map(|node| node / 5).collect::<Vec<u32>>());
    }

    #[test]
    fn a_community_held_by_a_bridge_that_leaves_is_taken_apart() {
        // Two triangles without a tie, labelled as one: the result never says so.
        let edges = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 1.0), (3, 5, 1.0)];
        let labels = leiden(&Graph::from_edges(6, &edges), 0.0, 1);
        assert_eq!(labels, [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn the_same_seed_gives_the_same_labels() {
        let graph = planted(20, 20, 0.2, 2_000, 8);
        assert_eq!(leiden(&graph, 0.05, 4), leiden(&graph, 0.05, 4));
    }

    #[test]
    fn little_or_nothing_is_no_trouble() {
        assert!(leiden(&Graph::from_edges(0, &[]), 0.1, 1).is_empty());
        assert_eq!(leiden(&Graph::from_edges(3, &[]), 0.1, 1), [0, 1, 2]);
        let star: Vec<_> = (1..2_000).map(|leaf| (0, leaf, 1.0)).collect();
        let labels = leiden(&Graph::from_edges(2_000, &star), 0.5, 1);
        check_promises(&Graph::from_edges(2_000, &star), &labels, 0.5);
    }
}
