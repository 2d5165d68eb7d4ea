//! Where a border, a caption bar or the frame of a screenshot may end.
//!
//! Two signs: lines of one flat shade at the rim, and steps of brightness that
//! run straight across most of the picture.

use super::grid::{Grid, Rect};

/// Brightness within which a rim counts as flat.
const FLAT_RANGE: f32 = 14.0;
/// Brightness from which two neighbours are a step.
const STEP: f32 = 10.0;
/// Part of a line that must be a step beyond what its surroundings have.
const PROMINENCE_MIN: f32 = 0.22;
/// Parts of the picture at each side in which its end is looked for.
const ZONE: f32 = 0.45;
/// Narrowest rim that is worth cutting, part of the side.
const RIM_MIN: f32 = 0.012;
/// Smallest part of a side that must be left.
const LEFT_MIN: f32 = 0.3;
/// Steps looked at per side.
const STEPS_PER_SIDE: usize = 2;
/// Most parts returned.
const PARTS_MAX: usize = 12;

/// Ends along one direction: from the near and from the far side, as parts of it.
struct Ends {
    near: Vec<f32>,
    far: Vec<f32>,
    flat: (f32, f32),
}

/// The parts of a picture that may be the picture proper, likeliest first.
pub(super) fn parts(grid: &Grid) -> Vec<Rect> {
    let (down, along) = (ends(grid), ends(&grid.transposed()));
    let near = |ends: &Ends, at: usize| ends.near.get(at).copied().unwrap_or(0.0);
    let far = |ends: &Ends, at: usize| ends.far.get(at).copied().unwrap_or(1.0);
    let (top, bottom) = (|at| near(&down, at), |at| far(&down, at));
    let (left, right) = (near(&along, 0), far(&along, 0));
    let mut parts: Vec<Rect> = Vec::new();
    let mut add = |left: f32, top: f32, right: f32, bottom: f32| {
        let part = Rect { left, top, width: right - left, height: bottom - top };
        let same = |a: f32, b: f32| (a - b).abs() < RIM_MIN / 2.0;
        let alike = |other: &Rect| {
            same(other.left, part.left)
                && same(other.top, part.top)
                && same(other.width, part.width)
                && same(other.height, part.height)
        };
        let whole = alike(&Rect::WHOLE);
        let enough = part.width >= LEFT_MIN && part.height >= LEFT_MIN;
        if enough && !whole && !parts.iter().any(alike) && parts.len() < PARTS_MAX {
            parts.push(part);
        }
    };
    add(along.flat.0, down.flat.0, along.flat.1, down.flat.1);
    add(0.0, down.flat.0, 1.0, down.flat.1);
    add(left, top(0), right, bottom(0));
    add(0.0, top(0), 1.0, bottom(0));
    add(0.0, top(0), 1.0, 1.0);
    add(0.0, 0.0, 1.0, bottom(0));
    add(left, 0.0, right, 1.0);
    add(along.flat.0, top(0), along.flat.1, bottom(0));
    add(0.0, top(1), 1.0, bottom(0));
    add(0.0, top(0), 1.0, bottom(1));
    add(left, top(1), right, bottom(1));
    add(0.0, top(1), 1.0, bottom(1));
    parts
}

/// Ends of the picture proper among the rows of a grid.
fn ends(grid: &Grid) -> Ends {
    let rows = grid.rows();
    let side = rows as f32;
    let share = |row: usize| row as f32 / side;
    let steps = prominent_steps(grid);
    let mut ranked: Vec<usize> =
        (0..rows).filter(|row| steps.get(*row).is_some_and(|p| *p >= PROMINENCE_MIN)).collect();
    let prominence = |row: &usize| steps.get(*row).copied().unwrap_or_default();
    ranked.sort_by(|a, b| prominence(b).total_cmp(&prominence(a)).then(a.cmp(b)));
    let pick = |wanted: &dyn Fn(f32) -> bool| {
        let mut picked: Vec<f32> = Vec::new();
        for row in ranked.iter().map(|row| share(*row)).filter(|row| wanted(*row)) {
            if picked.len() < STEPS_PER_SIDE && picked.iter().all(|other| (other - row).abs() > 2.0 * RIM_MIN)
            {
                picked.push(row);
            }
        }
        picked
    };
    Ends {
        near: pick(&|row| (RIM_MIN..ZONE).contains(&row)),
        far: pick(&|row| row > 1.0 - ZONE && row <= 1.0 - RIM_MIN),
        flat: (share(flat_rows(grid, &mut (0..rows))), 1.0 - share(flat_rows(grid, &mut (0..rows).rev()))),
    }
}

/// How many rows from a side on have the shade of the first one, throughout.
fn flat_rows(grid: &Grid, rows: &mut dyn Iterator<Item = usize>) -> usize {
    let mut shade = None;
    rows.take_while(|row| {
        let line = || (0..grid.columns()).map(|column| grid.at(column, *row));
        let (low, high) =
            line().fold((f32::MAX, f32::MIN), |(low, high), cell| (low.min(cell), high.max(cell)));
        let middle = (low + high) / 2.0;
        let first = *shade.get_or_insert(middle);
        high - low <= FLAT_RANGE && (middle - first).abs() <= FLAT_RANGE
    })
    .count()
}

/// For each row the part of it that steps from the row before to the row
/// behind, less what the rows around it have.
fn prominent_steps(grid: &Grid) -> Vec<f32> {
    /// Rows around, from and to, that are compared with.
    const AROUND: (usize, usize) = (3, 12);
    let rows = grid.rows();
    let stepping: Vec<f32> = (0..rows)
        .map(|row| {
            let (before, behind) = (row.saturating_sub(1), (row + 1).min(rows.saturating_sub(1)));
            let count = (0..grid.columns())
                .filter(|column| (grid.at(*column, before) - grid.at(*column, behind)).abs() > STEP)
                .count();
            count as f32 / grid.columns().max(1) as f32
        })
        .collect();
    (0..rows)
        .map(|row| {
            let around = (AROUND.0..=AROUND.1)
                .flat_map(|far| [row.checked_sub(far), Some(row + far)])
                .filter_map(|place| stepping.get(place?));
            let (count, sum) = around.fold((0_usize, 0.0), |(count, sum), part| (count + 1, sum + part));
            stepping.get(row).copied().unwrap_or_default() - sum / count.max(1) as f32
        })
        .collect()
}
