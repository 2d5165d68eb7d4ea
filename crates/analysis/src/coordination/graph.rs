//! Accounts as points and what they did together as weighted lines.
//!
//! In: pairs of numbers with a weight. Out: the graph, who is left when the
//! loosely tied are dropped, and who stands in the middle. Errors: none; lines
//! that say nothing (to oneself, to nobody, without a positive weight) are left
//! out. Cost: linear in nodes and edges, 16 B an edge.
//! Limits: `u32` nodes; an edge given twice counts with the sum of its weights.

/// An undirected weighted graph, each edge kept from both its ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Where the neighbours of a node begin; one entry more than nodes.
    pub(super) offsets: Vec<usize>,
    /// Neighbours, rising within a node when made of edges.
    pub(super) targets: Vec<u32>,
    /// Weight of the line to each neighbour, above 0.
    pub(super) weights: Vec<f32>,
}

// In this file a node number is below `nodes` and `offsets` has `nodes + 1`
// rising entries that end at the length of `targets` and `weights`: whoever
// builds a `Graph` sees to that, and indexing leans on it.

impl Graph {
    /// The graph of `nodes` nodes (numbers 0..`nodes`) with these edges.
    pub fn from_edges(nodes: u32, edges: &[(u32, u32, f32)]) -> Self {
        let says_something = |&&(a, b, weight): &&(u32, u32, f32)| {
            a != b && a < nodes && b < nodes && weight.is_finite() && weight > 0.0
        };
        let mut offsets = vec![0usize; nodes as usize + 1];
        for &(a, b, _) in edges.iter().filter(says_something) {
            offsets[a as usize + 1] += 1;
            offsets[b as usize + 1] += 1;
        }
        for node in 0..nodes as usize {
            offsets[node + 1] += offsets[node];
        }
        let ends = offsets.last().copied().unwrap_or(0);
        let mut graph = Self { offsets, targets: vec![0; ends], weights: vec![0.0; ends] };
        let mut free = graph.offsets.clone();
        for &(a, b, weight) in edges.iter().filter(says_something) {
            for (from, to) in [(a, b), (b, a)] {
                let place = &mut free[from as usize];
                graph.targets[*place] = to;
                graph.weights[*place] = weight;
                *place += 1;
            }
        }
        graph.turned().without_repeats()
    }

    /// The same graph with the neighbours of each node rising: turned over, a
    /// symmetric table is itself, and turning reads the sources in order.
    fn turned(self) -> Self {
        let mut free = self.offsets.clone();
        let mut turned = Self {
            targets: vec![0; self.targets.len()],
            weights: vec![0.0; self.weights.len()],
            offsets: self.offsets.clone(),
        };
        for node in 0..self.nodes() {
            for (other, weight) in self.neighbours(node) {
                let place = &mut free[other as usize];
                turned.targets[*place] = node;
                turned.weights[*place] = weight;
                *place += 1;
            }
        }
        turned
    }

    /// The same graph with edges given more than once joined into one.
    fn without_repeats(mut self) -> Self {
        let (mut written, mut begin) = (0, 0);
        for node in 0..self.nodes() as usize {
            let end = self.offsets[node + 1];
            let row = written;
            for read in begin..end {
                if written > row && self.targets[written - 1] == self.targets[read] {
                    self.weights[written - 1] += self.weights[read];
                } else {
                    self.targets[written] = self.targets[read];
                    self.weights[written] = self.weights[read];
                    written += 1;
                }
            }
            begin = end;
            self.offsets[node + 1] = written;
        }
        self.targets.truncate(written);
        self.weights.truncate(written);
        self
    }

    /// Number of nodes.
    pub fn nodes(&self) -> u32 {
        // Made from a `u32`, plus one.
        (self.offsets.len() - 1) as u32
    }

    /// Number of edges.
    pub fn edges(&self) -> usize {
        self.targets.len() / 2
    }

    /// Number of neighbours of a node; 0 for a number that is no node.
    pub fn degree(&self, node: u32) -> usize {
        self.row(node).len()
    }

    /// Neighbours of a node and the weight of the line to each.
    pub fn neighbours(&self, node: u32) -> impl Iterator<Item = (u32, f32)> + '_ {
        let row = self.row(node);
        self.targets[row.clone()].iter().copied().zip(self.weights[row].iter().copied())
    }

    /// Where the neighbours of a node are.
    fn row(&self, node: u32) -> std::ops::Range<usize> {
        match (self.offsets.get(node as usize), self.offsets.get(node as usize + 1)) {
            (Some(&begin), Some(&end)) => begin..end,
            _ => 0..0,
        }
    }

    /// Mean weight of an edge; 1 where there is none.
    pub(super) fn mean_weight(&self) -> f64 {
        if self.weights.is_empty() {
            return 1.0;
        }
        self.weights.iter().map(|&weight| f64::from(weight)).sum::<f64>() / self.weights.len() as f64
    }

    /// The number of the connected part that each node is in, from 0, and how
    /// many there are.
    pub fn components(&self) -> (Vec<u32>, u32) {
        self.components_within(&vec![0; self.nodes() as usize])
    }

    /// As [`Graph::components`], with only the lines between nodes of one label.
    pub(super) fn components_within(&self, labels: &[u32]) -> (Vec<u32>, u32) {
        const NONE: u32 = u32::MAX;
        let mut component = vec![NONE; self.nodes() as usize];
        let mut count = 0;
        let mut open = Vec::new();
        for start in 0..self.nodes() {
            if component[start as usize] != NONE {
                continue;
            }
            component[start as usize] = count;
            open.push(start);
            while let Some(node) = open.pop() {
                for (other, _) in self.neighbours(node) {
                    let inside = labels.get(other as usize) == labels.get(node as usize);
                    if inside && component[other as usize] == NONE {
                        component[other as usize] = count;
                        open.push(other);
                    }
                }
            }
            count += 1;
        }
        (component, count)
    }
}

/// Which nodes are left when those with fewer than `k` neighbours are dropped,
/// again and again until nobody is (Seidman 1983). Linear.
pub fn k_core(graph: &Graph, k: u32) -> Vec<bool> {
    let k = k as usize;
    let mut left: Vec<usize> = (0..graph.nodes()).map(|node| graph.degree(node)).collect();
    let mut stays = vec![true; left.len()];
    let mut open: Vec<u32> = (0..graph.nodes()).filter(|&node| graph.degree(node) < k).collect();
    for &node in &open {
        stays[node as usize] = false;
    }
    while let Some(node) = open.pop() {
        for (other, _) in graph.neighbours(node) {
            let other_left = &mut left[other as usize];
            *other_left -= 1;
            if stays[other as usize] && *other_left < k {
                stays[other as usize] = false;
                open.push(other);
            }
        }
    }
    stays
}

/// Passes of [`centrality`] at most.
const CENTRALITY_PASSES_MAX: usize = 100;
/// [`centrality`] stops when no value moves by more.
const CENTRALITY_TOLERANCE: f64 = 1e-6;

/// How much in the middle each node stands, 0..1: whom to read first, never a
/// verdict and never a filter.
///
/// Eigenvector centrality by power iteration, of each connected part by itself
/// (over the whole, everything outside the heaviest part would be 0): the
/// first of a part has the part's eigenvalue over the greatest one. A node
/// alone has 0. Source: Bonacich 1972; as a ranking of coordinated accounts,
/// Luceri and others 2024. Cost: 100 passes over the edges at most.
pub fn centrality(graph: &Graph) -> Vec<f32> {
    let (component, count) = graph.components();
    let mut value: Vec<f64> =
        (0..graph.nodes()).map(|node| if graph.degree(node) > 0 { 1.0 } else { 0.0 }).collect();
    let mut next = value.clone();
    // Largest value of a pass in each part: with the largest value of the pass
    // before at 1, its eigenvalue, once it no longer moves.
    let mut largest = vec![0f64; count as usize];
    // Added to the diagonal, or the two sides of a star would swap for ever.
    let shift = graph.mean_weight();
    for _ in 0..CENTRALITY_PASSES_MAX {
        largest.fill(0.0);
        for node in 0..graph.nodes() {
            let at = node as usize;
            let around: f64 =
                graph.neighbours(node).map(|(other, weight)| f64::from(weight) * value[other as usize]).sum();
            next[at] = around + shift * value[at];
            let part = &mut largest[component[at] as usize];
            *part = part.max(next[at]);
        }
        let mut moved = 0f64;
        for (at, next) in next.iter_mut().enumerate() {
            let part = largest[component[at] as usize];
            *next = if part > 0.0 { *next / part } else { 0.0 };
            moved = moved.max((*next - value[at]).abs());
        }
        std::mem::swap(&mut value, &mut next);
        if moved <= CENTRALITY_TOLERANCE {
            break;
        }
    }
    let greatest = largest.iter().copied().fold(0.0, f64::max) - shift;
    let of_part = |part: u32| match greatest > 0.0 {
        true => ((largest[part as usize] - shift) / greatest).max(0.0),
        false => 0.0,
    };
    value.iter().zip(&component).map(|(value, &part)| (value * of_part(part)) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(nodes: u32, edges: &[(u32, u32)]) -> Graph {
        let edges: Vec<_> = edges.iter().map(|&(a, b)| (a, b, 1.0)).collect();
        Graph::from_edges(nodes, &edges)
    }

    #[test]
    fn both_ends_know_an_edge_and_repeats_are_summed() {
        let graph = Graph::from_edges(4, &[(2, 0, 1.0), (0, 1, 0.5), (0, 2, 2.0), (2, 0, 0.25)]);
        assert_eq!(graph.neighbours(0).collect::<Vec<_>>(), [(1, 0.5), (2, 3.25)]);
        assert_eq!(graph.neighbours(2).collect::<Vec<_>>(), [(0, 3.25)]);
        assert_eq!((graph.nodes(), graph.edges(), graph.degree(3), graph.degree(99)), (4, 2, 0, 0));
    }

    #[test]
    fn lines_that_say_nothing_are_left_out() {
        let bad =
            [(0, 0, 1.0), (0, 9, 1.0), (0, 1, f32::NAN), (0, 1, -1.0), (0, 1, 0.0), (0, 1, f32::INFINITY)];
        assert_eq!(Graph::from_edges(2, &bad).edges(), 0);
        assert_eq!(Graph::from_edges(0, &[]).nodes(), 0);
    }

    #[test]
    fn the_core_is_what_peeling_leaves() {
        // Four who all know each other, a triangle hanging on them, and a tail.
        let graph = plain(
            9,
            &[(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (3, 4), (4, 5), (5, 6), (4, 6), (6, 7)],
        );
        let core = |k| (0..9u32).filter(|&node| k_core(&graph, k)[node as usize]).collect::<Vec<_>>();
        assert_eq!(core(0).len(), 9);
        assert_eq!(core(1), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(core(2), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(core(3), [0, 1, 2, 3]);
        assert!(core(4).is_empty());
    }

    #[test]
    fn the_middle_of_a_star_comes_first() {
        let graph = plain(6, &[(0, 1), (0, 2), (0, 3), (0, 4)]);
        let central = centrality(&graph);
        assert!((central[0] - 1.0).abs() < 1e-3, "{central:?}");
        // The eigenvector of a star with n leaves has 1 / √n on them.
        assert!(central[1..5].iter().all(|value| (value - 0.5).abs() < 1e-3), "{central:?}");
        assert_eq!(central[5], 0.0);
    }

    #[test]
    fn a_smaller_part_is_ranked_too() {
        // A clique of five (eigenvalue 4) and one of three (eigenvalue 2).
        let mut edges = Vec::new();
        for a in 0..5 {
            edges.extend((a + 1..5).map(|b| (a, b)));
        }
        edges.extend([(5, 6), (5, 7), (6, 7)]);
        let central = centrality(&plain(8, &edges));
        assert!(central[..5].iter().all(|value| (value - 1.0).abs() < 1e-3), "{central:?}");
        assert!(central[5..].iter().all(|value| (value - 0.5).abs() < 1e-3), "{central:?}");
    }

    #[test]
    fn parts_are_counted() {
        let (component, count) = plain(5, &[(0, 4), (1, 2)]).components();
        assert_eq!((component, count), (vec![0, 1, 1, 2, 0], 3));
    }
}
