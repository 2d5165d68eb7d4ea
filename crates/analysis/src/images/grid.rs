//! Luminance on a small grid: averaging, box filter, samples of 64×64.

/// Longest side of a grid, cells.
pub(super) const GRID_SIDE_MAX: usize = 512;
/// Side of a sample, cells.
pub(super) const SAMPLE_SIDE: usize = 64;
/// Cells of a sample.
pub(super) const SAMPLE_CELLS: usize = SAMPLE_SIDE * SAMPLE_SIDE;
/// Part of a side that is added on each side as in a mirror.
const RIM: f32 = 0.12;
/// Passes of the box filter, as the description has it.
const FILTER_PASSES: usize = 2;
/// Parts of the weights of [`luminance`].
const LUMINANCE_PARTS: u64 = 1_000;

/// 64×64 luminances, row by row, 0…255.
pub(super) type Sample = [f32; SAMPLE_CELLS];

/// Decoded pixels, row by row without gaps.
pub(super) struct Pixels<'a> {
    pub bytes: &'a [u8],
    pub width: u32,
    /// 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.
    pub channels: usize,
    /// Bytes per channel: 1, or 2 in the order of this machine.
    pub channel_bytes: usize,
}

/// A part of a picture in parts of its width and height; it may reach beyond,
/// where the picture is seen as in a mirror.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    /// All of it.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
}

/// Luminance, row by row, 0…255.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<f32>,
}

/// The high byte of a channel.
fn channel(pixel: &[u8], at: usize, channel_bytes: usize) -> u64 {
    let byte = match channel_bytes {
        1 => pixel.get(at).copied(),
        _ => pixel
            .get(2 * at..2 * at + 2)
            .and_then(|two| two.try_into().ok())
            .map(|two| u16::from_ne_bytes(two).to_be_bytes()[0]),
    };
    u64::from(byte.unwrap_or_default())
}

/// Luminance of a pixel on white, in parts of [`LUMINANCE_PARTS`] (ITU-R BT.601).
#[inline]
fn luminance(pixel: &[u8], channels: usize, channel_bytes: usize) -> u64 {
    // The two common forms first, without a look at sizes.
    if let (&[red, green, blue], 1) = (pixel, channel_bytes) {
        return 299 * u64::from(red) + 587 * u64::from(green) + 114 * u64::from(blue);
    }
    if let (&[grey], 1) = (pixel, channel_bytes) {
        return LUMINANCE_PARTS * u64::from(grey);
    }
    let at = |place: usize| channel(pixel, place, channel_bytes);
    let light = if channels >= 3 { 299 * at(0) + 587 * at(1) + 114 * at(2) } else { LUMINANCE_PARTS * at(0) };
    if channels % 2 == 1 {
        return light;
    }
    let alpha = at(channels - 1);
    (light * alpha + LUMINANCE_PARTS * 255 * (255 - alpha)) / 255
}

/// Where the cell `at` of `cells` begins among `pixels`.
fn bound(at: usize, pixels: usize, cells: usize) -> usize {
    at * pixels / cells
}

impl Grid {
    /// Averages pixels into at most 512×512 cells. One pass over the pixels.
    pub fn of(pixels: &Pixels<'_>, height: u32) -> Self {
        // Sides are at most SIDE_MAX, so they fit.
        let (width, height) = (pixels.width as usize, height as usize);
        let (columns, rows) = (width.min(GRID_SIDE_MAX), height.min(GRID_SIDE_MAX));
        let pixel_bytes = pixels.channels * pixels.channel_bytes;
        let bounds: Vec<usize> = (0..=columns).map(|at| bound(at, width, columns) * pixel_bytes).collect();
        let mut cells = Vec::with_capacity(columns * rows);
        let mut sums = vec![0_u64; columns];
        for row in 0..rows {
            let (from, to) = (bound(row, height, rows), bound(row + 1, height, rows));
            sums.fill(0);
            for line in pixels.bytes.chunks_exact(width * pixel_bytes).take(to).skip(from) {
                for (sum, span) in sums.iter_mut().zip(bounds.windows(2)) {
                    // A window has two places, and the last bound is the length of the line.
                    let part = line.get(span[0]..span[1]).unwrap_or_default();
                    *sum += part
                        .chunks_exact(pixel_bytes)
                        .map(|pixel| luminance(pixel, pixels.channels, pixels.channel_bytes))
                        .sum::<u64>();
                }
            }
            for (sum, span) in sums.iter().zip(bounds.windows(2)) {
                let count = ((span[1] - span[0]) / pixel_bytes * (to - from)).max(1) as u64;
                // At most 255 after the division, so nothing is lost that counts.
                cells.push((*sum as f64 / (count * LUMINANCE_PARTS) as f64) as f32);
            }
        }
        Self { columns, rows, cells }
    }

    /// Cells in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A cell; 0 outside.
    pub fn at(&self, column: usize, row: usize) -> f32 {
        self.cells.get(row * self.columns + column).copied().unwrap_or_default()
    }

    /// Left and right changed.
    pub fn mirrored(&self) -> Self {
        let cells = self.cells.chunks(self.columns).flat_map(|line| line.iter().rev().copied()).collect();
        Self { cells, ..*self }
    }

    /// Top and bottom changed.
    pub fn upside_down(&self) -> Self {
        let cells = self.cells.chunks(self.columns).rev().flatten().copied().collect();
        Self { cells, ..*self }
    }

    /// Rows and columns changed.
    pub fn transposed(&self) -> Self {
        let cells = (0..self.columns)
            .flat_map(|column| (0..self.rows).map(move |row| self.at(column, row)))
            .collect();
        Self { columns: self.rows, rows: self.columns, cells }
    }

    /// After the box filter: two passes along rows and columns, each as wide as
    /// half a cell of the sample.
    pub fn smoothed(&self) -> Self {
        // Odd, so that a picture and its mirror image are filtered alike.
        let window = |side: usize| side.div_ceil(2 * SAMPLE_SIDE) | 1;
        let mut grid = self.clone();
        for _ in 0..FILTER_PASSES {
            grid = grid.averaged_along_rows(window(self.columns)).transposed();
            grid = grid.averaged_along_rows(window(self.rows)).transposed();
        }
        grid
    }

    /// Each cell as the mean of `window` cells of its row around it, fewer at the ends.
    fn averaged_along_rows(&self, window: usize) -> Self {
        let (before, after) = (window / 2, window / 2);
        let mut cells = Vec::with_capacity(self.cells.len());
        for line in self.cells.chunks(self.columns) {
            let mut sum: f32 = line.iter().take(after).sum();
            let mut count = after.min(line.len());
            for at in 0..line.len() {
                if let Some(entering) = line.get(at + after) {
                    sum += entering;
                    count += 1;
                }
                if let Some(leaving) = at.checked_sub(before + 1).and_then(|at| line.get(at)) {
                    sum -= leaving;
                    count -= 1;
                }
                cells.push(sum / count.max(1) as f32);
            }
        }
        Self { cells, ..*self }
    }

    /// Sums over all rectangles of the grid and of its mirrored surroundings.
    pub fn summed(&self) -> Summed {
        Summed::of(self)
    }
}

/// Sums of a grid over every rectangle that begins in its corner; the grid is
/// continued as in a mirror on all sides.
#[derive(Debug, Clone)]
pub(super) struct Summed {
    columns: usize,
    rows: usize,
    /// Cells of the surroundings at the left and above.
    rim: (usize, usize),
    /// Sums in a line: one more than cells.
    line: usize,
    sums: Vec<f64>,
}

impl Summed {
    fn of(grid: &Grid) -> Self {
        // A mirror shows no more than there is.
        let rim_of = |side: usize| ((side as f32 * RIM).ceil() as usize).min(side);
        let rim = (rim_of(grid.columns), rim_of(grid.rows));
        let (wide, tall) = (grid.columns + 2 * rim.0, grid.rows + 2 * rim.1);
        let line = wide + 1;
        let mut sums = vec![0.0; line * (tall + 1)];
        for row in 0..tall {
            let from = mirrored_place(row, rim.1, grid.rows);
            let mut sum = 0.0;
            for column in 0..wide {
                sum += f64::from(grid.at(mirrored_place(column, rim.0, grid.columns), from));
                // Both places lie inside: there is one more row and column of sums than of cells.
                sums[(row + 1) * line + column + 1] = sums[row * line + column + 1] + sum;
            }
        }
        Self { columns: grid.columns, rows: grid.rows, rim, line, sums }
    }

    /// The sum left of and above a place between cells.
    fn upto(&self, (column, column_part): (usize, f64), (row, row_part): (usize, f64)) -> f64 {
        let at =
            |column: usize, row: usize| self.sums.get(row * self.line + column).copied().unwrap_or_default();
        let along = |row: usize| at(column, row) * (1.0 - column_part) + at(column + 1, row) * column_part;
        along(row) * (1.0 - row_part) + along(row + 1) * row_part
    }

    /// 64×64 means of a part.
    pub fn sample(&self, part: &Rect) -> Sample {
        // Between which cells each of the 65 bounds lies, and how far from the first.
        let bounds = |from: f32, length: f32, side: usize, rim: usize| -> [(usize, f64); SAMPLE_SIDE + 1] {
            std::array::from_fn(|at| {
                let share = f64::from(from) + f64::from(length) * at as f64 / SAMPLE_SIDE as f64;
                let place = (share * side as f64 + rim as f64).clamp(0.0, (side + 2 * rim) as f64);
                // Sides are at most 512 and the rims less, so that it fits.
                let cell = (place as usize).min((side + 2 * rim).saturating_sub(1));
                (cell, place - cell as f64)
            })
        };
        let columns = bounds(part.left, part.width, self.columns, self.rim.0);
        let rows = bounds(part.top, part.height, self.rows, self.rim.1);
        let cell_width = f64::from(part.width) * self.columns as f64 / SAMPLE_SIDE as f64;
        let cell_height = f64::from(part.height) * self.rows as f64 / SAMPLE_SIDE as f64;
        let mut sample = [0.0; SAMPLE_CELLS];
        let mut above: [f64; SAMPLE_SIDE + 1] = columns.map(|column| self.upto(column, rows[0]));
        for (line, row) in sample.chunks_exact_mut(SAMPLE_SIDE).zip(&rows[1..]) {
            let below = columns.map(|column| self.upto(column, *row));
            for (at, cell) in line.iter_mut().enumerate() {
                // `at` is below 64, and there are 65 sums.
                let sum = below[at + 1] - below[at] - above[at + 1] + above[at];
                *cell = (sum / (cell_width * cell_height)) as f32;
            }
            above = below;
        }
        sample
    }
}

/// The cell that a place with `rim` cells before the first one shows.
fn mirrored_place(place: usize, rim: usize, side: usize) -> usize {
    let from_first = place.checked_sub(rim);
    let seen = match from_first {
        None => rim - 1 - place,
        Some(at) if at >= side => (2 * side).saturating_sub(at + 1),
        Some(at) => at,
    };
    seen.min(side.saturating_sub(1))
}

/// How much detail a sample has: its steps between neighbours in hundredths of
/// the full range, whole hundredths only, 0…100.
pub(super) fn quality(sample: &Sample) -> u8 {
    const STEPS_PER_POINT: u32 = 90;
    let step = |a: f32, b: f32| ((a - b) * 100.0 / 255.0).abs() as u32;
    let along: u32 = sample
        .chunks_exact(SAMPLE_SIDE)
        .flat_map(|line| line.windows(2).map(|pair| step(pair[0], pair[1])))
        .sum();
    let down: u32 = sample.iter().zip(sample.iter().skip(SAMPLE_SIDE)).map(|(a, b)| step(*a, *b)).sum();
    u8::try_from(((along + down) / STEPS_PER_POINT).min(100)).unwrap_or(100)
}
