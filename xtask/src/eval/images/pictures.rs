//! 500 generated pictures: landscapes, textures, shapes, pages and faces.
//!
//! They are made by programs of a few lines from fixed seeds, so they are free
//! and the same everywhere; they are not photographs, and no figure measured
//! on them says how photographs fare.

use image::{Rgb, RgbImage};

/// Pictures of each of the five kinds.
pub const PER_KIND: u64 = 100;

/// Numbers without pattern (SplitMix64, Steele et al. 2014), the same everywhere.
pub struct Chance(u64);

impl Chance {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number in 0…1.
    pub fn part(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// A number between two.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.part()
    }

    /// A whole number below a limit.
    pub fn below(&mut self, limit: u32) -> u32 {
        (self.part() * limit as f32) as u32
    }

    fn colour(&mut self) -> [f32; 3] {
        [self.between(0.0, 255.0), self.between(0.0, 255.0), self.between(0.0, 255.0)]
    }
}

/// Smooth noise: random values on a lattice, in several octaves.
struct Noise {
    seed: u64,
    octaves: u32,
}

impl Noise {
    fn lattice(&self, octave: u32, x: i64, y: i64) -> f32 {
        let place =
            (x as u64).wrapping_mul(0x1f1f_1f1f_1f1f_1f1f) ^ (y as u64).wrapping_mul(0x6c8e_9cf5_7093_2bd5);
        Chance::new(self.seed ^ place ^ u64::from(octave) << 56).part()
    }

    /// The value at a place, about 0…1.
    fn at(&self, x: f32, y: f32) -> f32 {
        let (mut sum, mut weight, mut total, mut scale) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..self.octaves {
            let (px, py) = (x * scale, y * scale);
            let (ix, iy) = (px.floor(), py.floor());
            let ease = |t: f32| t * t * (3.0 - 2.0 * t);
            let (fx, fy) = (ease(px - ix), ease(py - iy));
            let (ix, iy) = (ix as i64, iy as i64);
            let top = mix(self.lattice(octave, ix, iy), self.lattice(octave, ix + 1, iy), fx);
            let bottom = mix(self.lattice(octave, ix, iy + 1), self.lattice(octave, ix + 1, iy + 1), fx);
            sum += weight * mix(top, bottom, fy);
            total += weight;
            weight *= 0.55;
            scale *= 2.1;
        }
        sum / total
    }
}

fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

fn blend(a: [f32; 3], b: [f32; 3], t: f32) -> [f32; 3] {
    std::array::from_fn(|at| mix(a[at], b[at], t))
}

fn paint(width: u32, height: u32, mut colour: impl FnMut(f32, f32) -> [f32; 3]) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let found = colour(x as f32 / width as f32, y as f32 / height as f32);
        Rgb(found.map(|value| value.clamp(0.0, 255.0) as u8))
    })
}

/// The picture of a number: kind by the remainder of five.
pub fn picture(number: u64) -> RgbImage {
    let mut chance = Chance::new(0xa7a1 + number);
    let (width, height) = match chance.below(4) {
        0 => (480, 360),
        1 => (360, 480),
        2 => (560, 315),
        _ => (400, 400),
    };
    match number % 5 {
        0 => landscape(width, height, &mut chance),
        1 => texture(width, height, &mut chance),
        2 => shapes(width, height, &mut chance),
        3 => page(width, height, &mut chance),
        _ => face(width, height, &mut chance),
    }
}

/// Sky, sun, ridges one behind the other, houses, grain.
fn landscape(width: u32, height: u32, chance: &mut Chance) -> RgbImage {
    let (sky, haze, earth) = (chance.colour(), chance.colour(), chance.colour());
    let clouds = Noise { seed: chance.next(), octaves: 4 };
    let ground = Noise { seed: chance.next(), octaves: 5 };
    let (sun_x, sun_y, sun) = (chance.part(), chance.between(0.05, 0.4), chance.between(0.03, 0.12));
    let ridges: Vec<(Noise, f32, f32)> = (0..3 + chance.below(3))
        .map(|at| {
            let noise = Noise { seed: chance.next(), octaves: 3 };
            (noise, 0.35 + 0.13 * at as f32 + chance.between(-0.06, 0.06), chance.between(1.5, 5.0))
        })
        .collect();
    let houses: Vec<[f32; 5]> = (0..chance.below(9))
        .map(|_| {
            let (left, wide) = (chance.part(), chance.between(0.03, 0.12));
            [left, chance.between(0.45, 0.8), wide, chance.between(0.08, 0.35), chance.between(0.0, 255.0)]
        })
        .collect();
    paint(width, height, |x, y| {
        let cloud = (clouds.at(x * 5.0, y * 8.0) - 0.45).max(0.0) * 2.0;
        let mut colour = blend(blend(sky, haze, y), [250.0; 3], cloud);
        let far = ((x - sun_x).powi(2) + (y - sun_y).powi(2)).sqrt();
        colour = blend(colour, [255.0, 250.0, 220.0], (1.0 - far / (2.5 * sun)).clamp(0.0, 1.0));
        for (at, (noise, base, roughness)) in ridges.iter().enumerate() {
            if y > base + 0.25 * (noise.at(x * roughness * 2.0, 0.5) - 0.5) {
                let near = (at + 1) as f32 / ridges.len() as f32;
                let rough = ground.at(x * 30.0 * near, y * 30.0 * near) - 0.5;
                colour = blend(haze, earth, near).map(|value| value * (0.8 + 0.7 * rough));
            }
        }
        for [left, top, wide, tall, shade] in &houses {
            if x > *left && x < left + wide && y > *top && y < top + tall {
                let window = ((x - left) / wide * 5.0).fract() > 0.5 && ((y - top) / 0.05).fract() > 0.5;
                colour = [if window { 255.0 - shade } else { *shade }; 3];
            }
        }
        colour
    })
}

/// Noise in two colours, sometimes as veins or stripes.
fn texture(width: u32, height: u32, chance: &mut Chance) -> RgbImage {
    let (dark, light) = (chance.colour().map(|v| v * 0.5), chance.colour().map(|v| 128.0 + v * 0.5));
    let noise = Noise { seed: chance.next(), octaves: 3 + chance.below(3) };
    let bend = Noise { seed: chance.next(), octaves: 2 };
    let (scale, kind, waves) = (chance.between(3.0, 9.0), chance.below(3), chance.between(3.0, 12.0));
    let (along, across) = (chance.between(0.6, 1.6), chance.between(0.6, 1.6));
    paint(width, height, |x, y| {
        let value = noise.at(x * scale * along, y * scale * across);
        let value = match kind {
            0 => (value - 0.5) * 2.2 + 0.5,
            1 => 1.0 - (value - 0.5).abs() * 5.0,
            _ => {
                ((x * along + y * across + 1.2 * bend.at(x * 3.0, y * 3.0)) * waves).sin() * 0.5 + value - 0.2
            }
        };
        blend(dark, light, value.clamp(0.0, 1.0))
    })
}

/// Discs, boxes and bands on a gradient.
fn shapes(width: u32, height: u32, chance: &mut Chance) -> RgbImage {
    let (from, to) = (chance.colour(), chance.colour());
    let turn = chance.between(0.0, std::f32::consts::TAU);
    let marks: Vec<([f32; 6], [f32; 3])> = (0..6 + chance.below(14))
        .map(|_| {
            let kind = chance.below(3) as f32;
            let place =
                [chance.part(), chance.part(), chance.between(0.03, 0.25), chance.between(0.03, 0.25)];
            let lean = chance.between(-1.0, 1.0);
            ([kind, place[0], place[1], place[2], place[3], lean], chance.colour())
        })
        .collect();
    paint(width, height, |x, y| {
        let mut colour = blend(from, to, (x * turn.cos() + y * turn.sin()) * 0.5 + 0.5);
        for ([kind, left, top, wide, tall, lean], ink) in &marks {
            let (dx, dy) = (x - left, y - top);
            let inside = match *kind as u32 {
                0 => (dx / wide).powi(2) + (dy / tall).powi(2) < 1.0,
                1 => dx.abs() < *wide && dy.abs() < *tall,
                _ => (dx + lean * dy).abs() < wide * 0.25,
            };
            if inside {
                colour = *ink;
            }
        }
        colour
    })
}

/// A page or a screenshot of text: lines of dark words, headings, boxes.
fn page(width: u32, height: u32, chance: &mut Chance) -> RgbImage {
    let night = chance.below(4) == 0;
    let (paper, ink) = if night { ([24.0; 3], [225.0; 3]) } else { ([248.0; 3], [30.0; 3]) };
    let box_place =
        [chance.part() * 0.6, chance.between(0.1, 0.7), chance.between(0.2, 0.6), chance.between(0.1, 0.3)];
    let (shade, inner) = (chance.colour(), Noise { seed: chance.next(), octaves: 4 });
    let line_height = chance.between(0.025, 0.06);
    let lines: Vec<(f32, f32, f32, u64)> = (0..(1.0 / line_height) as u32)
        .map(|_| {
            let blank = chance.below(6) == 0;
            let (indent, end) = (chance.between(0.04, 0.12), chance.between(0.35, 0.97));
            let tall = if chance.below(7) == 0 { 0.75 } else { 0.5 };
            (indent, if blank { 0.0 } else { end }, tall, chance.next())
        })
        .collect();
    paint(width, height, |x, y| {
        let [left, top, wide, tall] = box_place;
        if x > left && x < left + wide && y > top && y < top + tall {
            return shade.map(|value| value * (0.4 + 1.1 * inner.at(x * 14.0, y * 14.0)));
        }
        let line = (y / line_height) as usize;
        let Some((indent, end, letter, seed)) = lines.get(line) else { return paper };
        let (inside_x, inside_y) = (x > *indent && x < *end, (y / line_height).fract() < *letter);
        let word = Chance::new(seed ^ (x * 34.0) as u64).below(5) > 0;
        let stroke = Chance::new(seed ^ 77 ^ (x * 130.0) as u64).below(3) > 0;
        if inside_x && inside_y && word && stroke { ink } else { paper }
    })
}

/// A head and shoulders before soft spots of light, with grain.
fn face(width: u32, height: u32, chance: &mut Chance) -> RgbImage {
    let back = Noise { seed: chance.next(), octaves: 3 };
    let grain = Noise { seed: chance.next(), octaves: 4 };
    let (wall, glow, cloth) = (chance.colour(), chance.colour(), chance.colour());
    let skin = blend([90.0, 60.0, 45.0], [245.0, 215.0, 190.0], chance.part());
    let hair = chance.colour().map(|value| value * 0.5);
    let (x0, y0, size) = (chance.between(0.3, 0.7), chance.between(0.32, 0.5), chance.between(0.12, 0.24));
    let (fringe, eye, smile) =
        (chance.between(0.2, 0.8), chance.between(0.25, 0.45), chance.between(0.3, 0.7));
    let light = chance.between(-1.0, 1.0);
    paint(width, height, |x, y| {
        let (dx, dy) = ((x - x0) / size, (y - y0) / (size * 1.3));
        let mut colour = blend(wall, glow, (back.at(x * 3.5, y * 3.5) - 0.2) * 1.5);
        if y > y0 + size * 1.2 && ((x - x0) / (size * 2.4)).powi(2) + ((y - 1.05) / 0.5).powi(2) < 1.0 {
            colour = cloth.map(|value| value * (0.6 + 0.8 * grain.at(x * 25.0, y * 25.0)));
        }
        let head = dx.powi(2) + dy.powi(2);
        if head < 1.35 && dy < fringe {
            colour = hair;
        }
        if head < 1.0 && dy > -fringe {
            colour =
                skin.map(|value| value * (0.85 + 0.3 * light * dx + 0.15 * grain.at(x * 40.0, y * 40.0)));
            let eyes = (dx.abs() - eye).powi(2) + (dy + 0.1).powi(2) < 0.012;
            let mouth = dx.abs() < 0.35 && (dy - smile * 0.6 - 0.1).abs() < 0.05;
            if eyes || mouth {
                colour = [60.0, 25.0, 30.0];
            }
        }
        colour
    })
}
