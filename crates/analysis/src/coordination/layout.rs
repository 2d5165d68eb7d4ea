//! Where the accounts of a map stand: tied ones near, others apart, and each
//! where it was last time as far as that goes.
//!
//! In: a graph, a key of each node and earlier positions. Out: positions, in a
//! unit of their own, around (0, 0). Errors: none.
//! Cost: rounds · n log n; 5,000 nodes from nothing in about two seconds, a
//! known map in a tenth of that.
//! Source: ForceAtlas2 (Jacomy and others 2014) with its adaptive speed, over a
//! Barnes–Hut tree; no randomness but the keys. Limits: [`LAYOUT_NODES_MAX`],
//! [`LAYOUT_TIES_MAX`]. A drawing, not a finding: distances prove nothing.

use super::dice::mix;
use super::graph::Graph;
use super::quadtree::{Body, Quadtree};

/// Nodes that are laid out, those with most neighbours; the others stand
/// beside their neighbours.
pub const LAYOUT_NODES_MAX: usize = 5_000;
/// Lines of a node that pull it, the heaviest ones (and those that are among
/// the heaviest of the other end).
pub const LAYOUT_TIES_MAX: usize = 32;
/// Rounds when nobody stood anywhere before.
const ROUNDS_COLD: usize = 250;
/// Rounds when some are new.
const ROUNDS_MIXED: usize = 80;
/// Rounds when all were there before.
const ROUNDS_WARM: usize = 20;
/// Strength with which two nodes push each other apart.
const PUSH: f64 = 10.0;
/// Strength with which everything is drawn to the middle.
const GRAVITY: f64 = 1.0;
/// Strength with which a node is held where it was, in gravities.
const HOLD: f64 = 4.0;
/// Room for a node at the start.
const ROOM: f64 = 10.0;
/// Nodes nearer than this push as if at this distance.
const NEAR: f64 = 0.1;
/// No coordinate is further from the middle.
pub const POSITION_MAX: f32 = 100_000.0;

/// The position of each node.
///
/// `seeds[node]` is a hash of the account's key, the same in every run, that
/// says where it begins; `warm[node]` its position in the map before, if it was
/// there. Both may be shorter than the graph. The same input gives the same
/// positions; a map with a few new accounts keeps the old ones in place.
pub fn layout(graph: &Graph, seeds: &[u64], warm: &[Option<(f32, f32)>]) -> Vec<(f32, f32)> {
    let chosen = choose_nodes(graph);
    let mut number = vec![None; graph.nodes() as usize];
    for (at, &node) in chosen.iter().enumerate() {
        if let Some(number) = number.get_mut(node as usize) {
            *number = Some(at);
        }
    }
    let ties = choose_ties(graph, &chosen, &number);
    let before: Vec<Option<(f64, f64)>> = chosen.iter().map(|&node| earlier(warm, node)).collect();
    let radius = ROOM * (chosen.len().next_power_of_two() as f64).sqrt();
    let start = start_positions(&chosen, seeds, &before, &ties, radius);
    let known = before.iter().flatten().count();
    let rounds = match known {
        0 => ROUNDS_COLD,
        _ if known == before.len() => ROUNDS_WARM,
        _ => ROUNDS_MIXED,
    };
    let placed = settle(start, &before, &ties, rounds);
    let place =
        |node: u32| number.get(node as usize).copied().flatten().and_then(|at| placed.get(at).copied());
    (0..graph.nodes())
        .map(|node| {
            let body = place(node).map(|body| (body.x, body.y));
            bounded(body.unwrap_or_else(|| beside(graph, node, seeds, warm, radius, place)))
        })
        .collect()
}

/// The nodes to lay out, rising.
fn choose_nodes(graph: &Graph) -> Vec<u32> {
    let mut nodes: Vec<u32> = (0..graph.nodes()).collect();
    if nodes.len() > LAYOUT_NODES_MAX {
        nodes.sort_by_key(|&node| (std::cmp::Reverse(graph.degree(node)), node));
        nodes.truncate(LAYOUT_NODES_MAX);
        nodes.sort_unstable();
    }
    nodes
}

/// Two numbers of chosen nodes and how strongly they pull each other.
type Tie = (usize, usize, f64);

/// The lines that pull, in mean weights, each once.
fn choose_ties(graph: &Graph, chosen: &[u32], number: &[Option<usize>]) -> Vec<Tie> {
    let mean = graph.mean_weight();
    let mut ties = Vec::new();
    for (at, &node) in chosen.iter().enumerate() {
        let mut own: Vec<Tie> = graph
            .neighbours(node)
            .filter_map(|(other, weight)| {
                let other = number.get(other as usize).copied().flatten()?;
                Some((at.min(other), at.max(other), f64::from(weight) / mean))
            })
            .collect();
        own.sort_by(|one, two| two.2.total_cmp(&one.2).then((one.0, one.1).cmp(&(two.0, two.1))));
        ties.extend(own.into_iter().take(LAYOUT_TIES_MAX));
    }
    ties.sort_by_key(|tie| (tie.0, tie.1));
    ties.dedup_by_key(|tie| (tie.0, tie.1));
    ties
}

/// An earlier position that can be used.
fn earlier(warm: &[Option<(f32, f32)>], node: u32) -> Option<(f64, f64)> {
    let (x, y) = warm.get(node as usize).copied().flatten()?;
    let usable = |at: f32| at.is_finite() && at.abs() <= POSITION_MAX;
    (usable(x) && usable(y)).then(|| (f64::from(x), f64::from(y)))
}

/// The point of a disc that a key stands for.
fn key_position(node: u32, seeds: &[u64], radius: f64) -> (f64, f64) {
    let key = seeds.get(node as usize).copied().unwrap_or_else(|| u64::from(node));
    let share = |number: u64| (number >> 40) as f64 / (1u64 << 24) as f64;
    let angle = share(mix(key)) * std::f64::consts::TAU;
    // The number of the node parts those with the same key.
    let apart = share(mix(u64::from(node) ^ 0x6c61_796f_7574)) * NEAR;
    let distance = share(mix(mix(key))).sqrt() * radius + apart;
    (distance * angle.cos(), distance * angle.sin())
}

/// Where each chosen node begins: where it was, or amid those tied to it that
/// were there, or where its key says.
fn start_positions(
    chosen: &[u32],
    seeds: &[u64],
    before: &[Option<(f64, f64)>],
    ties: &[Tie],
    radius: f64,
) -> Vec<Body> {
    let mut amid = vec![(0.0, 0.0, 0.0); chosen.len()];
    let mut mass = vec![1.0; chosen.len()];
    // Ties hold numbers of chosen nodes, which all these lists are as long as.
    for &(one, two, weight) in ties {
        for (at, other) in [(one, two), (two, one)] {
            mass[at] += 1.0;
            if let Some((x, y)) = before[other] {
                amid[at].0 += x * weight;
                amid[at].1 += y * weight;
                amid[at].2 += weight;
            }
        }
    }
    let start = |(at, &node): (usize, &u32)| {
        let (sum_x, sum_y, weight): (f64, f64, f64) = amid[at];
        // Two on one spot would never part.
        let apart = key_position(node, &[], NEAR);
        let (x, y) = match before[at] {
            Some((x, y)) => (x + apart.0, y + apart.1),
            None if weight > 0.0 => {
                let near = key_position(node, seeds, ROOM);
                (sum_x / weight + near.0, sum_y / weight + near.1)
            }
            None => key_position(node, seeds, radius),
        };
        Body { x, y, mass: mass[at] }
    };
    chosen.iter().enumerate().map(start).collect()
}

/// Moves the bodies until they have settled or the rounds are over.
fn settle(mut bodies: Vec<Body>, before: &[Option<(f64, f64)>], ties: &[Tie], rounds: usize) -> Vec<Body> {
    let mut forces_before = vec![(0.0, 0.0); bodies.len()];
    let mut speed = 1.0;
    for _ in 0..rounds {
        let forces = forces(&bodies, before, ties);
        // A body that swings to and fro is slowed, one that travels is not.
        let change = |(now, then): (&(f64, f64), &(f64, f64))| {
            let swing = (now.0 - then.0).hypot(now.1 - then.1);
            let travel = (now.0 + then.0).hypot(now.1 + then.1) / 2.0;
            (swing, travel)
        };
        let (mut swings, mut travels) = (0.0, 0.0);
        for (body, pair) in bodies.iter().zip(forces.iter().zip(&forces_before)) {
            let (swing, travel) = change(pair);
            swings += body.mass * swing;
            travels += body.mass * travel;
        }
        if swings > 0.0 {
            speed = (travels / swings).min(speed * 1.5).max(1e-3);
        }
        for (body, pair) in bodies.iter_mut().zip(forces.iter().zip(&forces_before)) {
            let (swing, _) = change(pair);
            let force = pair.0;
            let own = speed / (1.0 + speed * (body.mass * swing).sqrt());
            // Never further than the room of some nodes in one step.
            let length = force.0.hypot(force.1) * own;
            let step = if length > ROOM { own * ROOM / length } else { own };
            body.x += force.0 * step;
            body.y += force.1 * step;
        }
        forces_before = forces;
    }
    bodies
}

/// What pushes and pulls each body.
fn forces(bodies: &[Body], before: &[Option<(f64, f64)>], ties: &[Tie]) -> Vec<(f64, f64)> {
    let tree = Quadtree::of(bodies.to_vec());
    let mut forces: Vec<(f64, f64)> = bodies
        .iter()
        .zip(before)
        .map(|(body, before)| {
            let push = tree.push(body.x, body.y, NEAR);
            let (mut x, mut y) = (PUSH * body.mass * push.0, PUSH * body.mass * push.1);
            let far = body.x.hypot(body.y).max(NEAR);
            x -= GRAVITY * body.mass * body.x / far;
            y -= GRAVITY * body.mass * body.y / far;
            if let Some((at_x, at_y)) = before {
                x += HOLD * GRAVITY * body.mass * (at_x - body.x);
                y += HOLD * GRAVITY * body.mass * (at_y - body.y);
            }
            (x, y)
        })
        .collect();
    for &(one, two, weight) in ties {
        // Ties hold numbers of bodies.
        let (x, y) = (weight * (bodies[two].x - bodies[one].x), weight * (bodies[two].y - bodies[one].y));
        forces[one].0 += x;
        forces[one].1 += y;
        forces[two].0 -= x;
        forces[two].1 -= y;
    }
    forces
}

/// The place of a node that is not laid out: amid its neighbours, or where it
/// was, or where its key says.
fn beside(
    graph: &Graph,
    node: u32,
    seeds: &[u64],
    warm: &[Option<(f32, f32)>],
    radius: f64,
    place: impl Fn(u32) -> Option<Body>,
) -> (f64, f64) {
    let (mut x, mut y, mut count) = (0.0, 0.0, 0.0);
    for body in graph.neighbours(node).filter_map(|(other, _)| place(other)) {
        x += body.x;
        y += body.y;
        count += 1.0;
    }
    if count == 0.0 {
        return earlier(warm, node).unwrap_or_else(|| key_position(node, seeds, radius));
    }
    let near = key_position(node, seeds, ROOM);
    (x / count + near.0, y / count + near.1)
}

/// A position within the limit, whatever was computed.
fn bounded((x, y): (f64, f64)) -> (f32, f32) {
    let bound = |at: f64| if at.is_finite() { (at as f32).clamp(-POSITION_MAX, POSITION_MAX) } else { 0.0 };
    (bound(x), bound(y))
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    /// Groups of 20 tied with probability 0.5, and their keys.
    fn groups(count: u32, extra: u32) -> (Graph, Vec<u64>) {
        let mut dice = Dice::new(1);
        let mut edges = Vec::new();
        for group in 0..count {
            for a in group * 20..group * 20 + 20 {
                edges.extend((a + 1..group * 20 + 20).filter(|_| dice.unit() < 0.5).map(|b| (a, b, 1.0)));
            }
        }
        for newcomer in count * 20..count * 20 + extra {
            edges.extend((0..5).map(|tie| (newcomer, tie, 1.0)));
        }
        let nodes = count * 20 + extra;
        (Graph::from_edges(nodes, &edges), (0..u64::from(nodes)).map(mix).collect())
    }

    fn distance(one: (f32, f32), two: (f32, f32)) -> f64 {
        f64::from((one.0 - two.0).hypot(one.1 - two.1))
    }

    /// Mean distance of the pairs that `which` picks.
    fn mean_distance(at: &[(f32, f32)], which: impl Fn(usize, usize) -> bool) -> f64 {
        let pairs = (0..at.len()).flat_map(|one| (0..one).map(move |two| (one, two)));
        let far: Vec<f64> =
            pairs.filter(|pair| which(pair.0, pair.1)).map(|(a, b)| distance(at[a], at[b])).collect();
        far.iter().sum::<f64>() / far.len() as f64
    }

    #[test]
    fn groups_stand_together_and_apart_from_others() {
        let (graph, seeds) = groups(6, 0);
        let at = layout(&graph, &seeds, &[]);
        let inside = mean_distance(&at, |a, b| a / 20 == b / 20);
        let between = mean_distance(&at, |a, b| a / 20 != b / 20);
        assert!(between > 2.0 * inside, "{inside} inside, {between} between");
        assert_eq!(layout(&graph, &seeds, &[]), at);
    }

    #[test]
    fn a_known_map_keeps_its_places_when_some_join() {
        let (graph, seeds) = groups(6, 0);
        let at = layout(&graph, &seeds, &[]);
        let warm: Vec<_> = at.iter().copied().map(Some).collect();
        let (grown, seeds) = groups(6, 4);
        let then = layout(&grown, &seeds, &warm);
        let moved =
            at.iter().zip(&then).map(|(one, two)| distance(*one, *two)).sum::<f64>() / at.len() as f64;
        let spread = mean_distance(&at, |_, _| true);
        assert!(moved < 0.05 * spread, "moved {moved} of {spread}");
        // Who joins stands with those he is tied to.
        let joined = mean_distance(&then, |a, b| a >= 120 && b < 5);
        assert!(joined < 0.5 * spread, "{joined} of {spread}");
    }

    #[test]
    fn whatever_comes_in_is_finite_and_bounded() {
        let (graph, _) = groups(3, 0);
        let odd = [
            Some((f32::NAN, 0.0)),
            Some((f32::INFINITY, 1.0)),
            Some((1e30, 0.0)),
            Some((POSITION_MAX, -POSITION_MAX)),
            None,
        ];
        for warm in [&odd[..], &[Some((0.0, 0.0)); 60]] {
            let at = layout(&graph, &[7; 60], warm);
            assert_eq!(at.len(), 60);
            assert!(at.iter().all(|at| at.0.abs() <= POSITION_MAX && at.1.abs() <= POSITION_MAX), "{at:?}");
            assert!(mean_distance(&at, |_, _| true) > 0.1, "all on one spot");
        }
        assert!(layout(&Graph::from_edges(0, &[]), &[], &[]).is_empty());
        assert_eq!(layout(&Graph::from_edges(1, &[]), &[], &[]).len(), 1);
    }

    #[test]
    fn beyond_the_limit_nodes_stand_beside_their_neighbours() {
        // A chain as long as the limit, known from before, and one more who is tied to its middle.
        let nodes = LAYOUT_NODES_MAX as u32;
        let mut edges: Vec<_> = (0..nodes).map(|node| (node, (node + 1) % nodes, 1.0)).collect();
        edges.push((nodes / 2, nodes, 1.0));
        let warm: Vec<_> = (0..nodes).map(|node| Some((node as f32, 0.0))).collect();
        let at = layout(&Graph::from_edges(nodes + 2, &edges), &[], &warm);
        assert_eq!(at.len(), nodes as usize + 2);
        let off = distance(at[nodes as usize], at[nodes as usize / 2]);
        assert!(off <= 2.0 * ROOM, "{off}");
        assert!(at[nodes as usize + 1].0.is_finite());
    }
}
