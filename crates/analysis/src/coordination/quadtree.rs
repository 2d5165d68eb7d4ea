//! Points of a plane, summed up so that far ones act as one.
//!
//! In: positions and masses. Out: the push on a point from all others.
//! Errors: none. Cost: n log n to build; some log n cells for each point.
//! Source: Barnes and Hut 1986. Limits: [`DEPTH_MAX`] for points that coincide.

/// A cell with more points is divided.
const LEAF_POINTS: usize = 6;
/// A cell this deep is not divided.
const DEPTH_MAX: u32 = 32;
/// A cell acts as one point when its width is less than this share of its
/// distance; below 1 / √2, so that no point is pushed by itself.
const OPENING: f64 = 0.7;

/// A square of the plane.
struct Cell {
    x: f64,
    y: f64,
    mass: f64,
    width: f64,
    /// The cell to go on with when this one acts as one point.
    skip: usize,
    /// Its points, where it is not divided; else nothing.
    points: std::ops::Range<usize>,
}

/// A point with its mass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Body {
    pub x: f64,
    pub y: f64,
    pub mass: f64,
}

/// Points by nearness, and the squares around them in the order of a descent.
pub(super) struct Quadtree {
    bodies: Vec<Body>,
    cells: Vec<Cell>,
}

impl Quadtree {
    /// Sums up finite positions.
    pub(super) fn of(mut bodies: Vec<Body>) -> Self {
        let range = |of: fn(&Body) -> f64| {
            bodies.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)))
        };
        let ((left, right), (low, high)) = (range(|body| body.x), range(|body| body.y));
        let width = (right - left).max(high - low).max(f64::MIN_POSITIVE);
        let mut cells = Vec::with_capacity(bodies.len());
        divide(&mut bodies, 0, (left, low, width), 0, &mut cells);
        Self { bodies, cells }
    }

    /// The push on a point from all others: mass over distance, away from each.
    /// Points nearer than `near` push as if at that distance.
    pub(super) fn push(&self, x: f64, y: f64, near: f64) -> (f64, f64) {
        let (mut push_x, mut push_y) = (0.0, 0.0);
        let mut add = |at_x: f64, at_y: f64, mass: f64| {
            let (dx, dy) = (x - at_x, y - at_y);
            let share = mass / (dx * dx + dy * dy).max(near * near);
            push_x += dx * share;
            push_y += dy * share;
        };
        let mut at = 0;
        while let Some(cell) = self.cells.get(at) {
            let (dx, dy) = (x - cell.x, y - cell.y);
            if cell.width * cell.width < OPENING * OPENING * (dx * dx + dy * dy) {
                add(cell.x, cell.y, cell.mass);
                at = cell.skip;
            } else {
                for body in self.bodies.get(cell.points.clone()).unwrap_or_default() {
                    add(body.x, body.y, body.mass);
                }
                at += 1;
            }
        }
        (push_x, push_y)
    }
}

/// Writes the cell of some bodies, the first of which is number `first`, and
/// those within it.
fn divide(bodies: &mut [Body], first: usize, square: (f64, f64, f64), depth: u32, cells: &mut Vec<Cell>) {
    if bodies.is_empty() {
        return;
    }
    let (left, low, width) = square;
    let mass: f64 = bodies.iter().map(|body| body.mass).sum();
    let x = bodies.iter().map(|body| body.x * body.mass).sum::<f64>() / mass;
    let y = bodies.iter().map(|body| body.y * body.mass).sum::<f64>() / mass;
    let is_leaf = bodies.len() <= LEAF_POINTS || depth >= DEPTH_MAX;
    let points = if is_leaf { first..first + bodies.len() } else { 0..0 };
    let number = cells.len();
    cells.push(Cell { x, y, mass, width, skip: 0, points });
    if !is_leaf {
        let half = width / 2.0;
        let (middle_x, middle_y) = (left + half, low + half);
        let right_from = part(bodies, |body| body.x < middle_x);
        let (lefts, rights) = bodies.split_at_mut(right_from);
        for (side, first, left) in [(lefts, first, left), (rights, first + right_from, middle_x)] {
            let upper_from = part(side, |body| body.y < middle_y);
            let (lowers, uppers) = side.split_at_mut(upper_from);
            divide(lowers, first, (left, low, half), depth + 1, cells);
            divide(uppers, first + upper_from, (left, middle_y, half), depth + 1, cells);
        }
    }
    let skip = cells.len();
    if let Some(cell) = cells.get_mut(number) {
        cell.skip = skip;
    }
}

/// Puts those that are `ahead` first; how many they are.
fn part(bodies: &mut [Body], ahead: impl Fn(&Body) -> bool) -> usize {
    let mut count = 0;
    for at in 0..bodies.len() {
        // Within the slice: `count` is at most `at`.
        if ahead(&bodies[at]) {
            bodies.swap(at, count);
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    #[test]
    fn the_push_is_near_that_of_every_point_by_itself() {
        let mut dice = Dice::new(2);
        let bodies: Vec<Body> = (0..2_000)
            .map(|_| Body {
                x: dice.unit() * 100.0,
                y: dice.unit().powi(3) * 100.0,
                mass: 1.0 + f64::from(dice.below(9)),
            })
            .collect();
        let tree = Quadtree::of(bodies.clone());
        let (mut wrong, mut all) = (0.0, 0.0);
        for at in bodies.iter().step_by(37) {
            let (x, y) = tree.push(at.x, at.y, 0.01);
            let exact = bodies.iter().fold((0.0, 0.0), |(x, y), body| {
                let (dx, dy) = (at.x - body.x, at.y - body.y);
                let share = body.mass / (dx * dx + dy * dy).max(1e-4);
                (x + dx * share, y + dy * share)
            });
            wrong += (x - exact.0).hypot(y - exact.1);
            all += exact.0.hypot(exact.1);
        }
        assert!(wrong / all < 0.05, "{}", wrong / all);
    }

    #[test]
    fn points_that_coincide_end() {
        let tree = Quadtree::of(vec![Body { x: 1.0, y: 1.0, mass: 1.0 }; 1_000]);
        assert_eq!(tree.push(1.0, 1.0, 0.01), (0.0, 0.0));
        let (x, _) = tree.push(3.0, 1.0, 0.01);
        assert!((x - 500.0).abs() < 1e-6, "{x}");
        assert_eq!(Quadtree::of(Vec::new()).push(0.0, 0.0, 0.01), (0.0, 0.0));
    }
}
