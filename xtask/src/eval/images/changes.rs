//! What people and networks do to a picture before they show it again.

use super::pictures::Chance;
use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// Quality of the JPEG that a change ends in, unless it says otherwise.
const QUALITY: u8 = 80;

/// One change.
pub struct Change {
    /// Its name in the report.
    pub name: &'static str,
    /// True for those whose recall is aimed at 0.95.
    pub aimed: bool,
    /// Quality of the JPEG.
    quality: u8,
    make: fn(&RgbImage, &mut Chance) -> RgbImage,
}

/// The twenty changes.
pub const CHANGES: [Change; 20] = [
    Change { name: "JPEG 85", aimed: true, quality: 85, make: |p, _| p.clone() },
    Change { name: "JPEG 50", aimed: true, quality: 50, make: |p, _| p.clone() },
    Change { name: "JPEG 20", aimed: true, quality: 20, make: |p, _| p.clone() },
    aimed("half size", |p, _| sized(p, 0.5, 0.5)),
    aimed("quarter size", |p, _| sized(p, 0.25, 0.25)),
    aimed("squeezed by a tenth", |p, _| sized(p, 0.9, 1.0)),
    aimed("watermark across", watermark),
    other("opaque logo in a corner", logo),
    aimed("crop 5 %, middle", |p, _| cropped(p, 0.05, 0.5, 0.5)),
    aimed("crop 5 %, a corner", |p, c| {
        let (x, y) = (c.below(2) as f32, c.below(2) as f32);
        cropped(p, 0.05, x, y)
    }),
    other("crop 10 %, middle", |p, _| cropped(p, 0.10, 0.5, 0.5)),
    other("crop 25 %, middle", |p, _| cropped(p, 0.25, 0.5, 0.5)),
    other("border", border),
    other("caption bar", caption),
    other("frame of a screenshot", screenshot),
    other("turned by 90°", |p, _| imageops::rotate90(p)),
    other("mirrored", |p, _| imageops::flip_horizontal(p)),
    other("brighter", |p, _| shaded(p, |value| value * 1.15 + 25.0)),
    other("blurred", |p, _| imageops::blur(p, 2.0)),
    other("noise", noise),
];

const fn aimed(name: &'static str, make: fn(&RgbImage, &mut Chance) -> RgbImage) -> Change {
    Change { name, aimed: true, quality: QUALITY, make }
}

const fn other(name: &'static str, make: fn(&RgbImage, &mut Chance) -> RgbImage) -> Change {
    Change { name, aimed: false, quality: QUALITY, make }
}

impl Change {
    /// The bytes of the changed picture; `seed` chooses places and colours.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn apply(&self, picture: &RgbImage, seed: u64) -> Result<Vec<u8>> {
        jpeg(&(self.make)(picture, &mut Chance::new(seed)), self.quality)
    }
}

/// A picture as JPEG.
///
/// # Errors
/// When it cannot be encoded.
pub fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture)?;
    Ok(bytes)
}

fn sized(picture: &RgbImage, across: f32, down: f32) -> RgbImage {
    let side = |length: u32, part: f32| ((length as f32 * part) as u32).max(1);
    imageops::resize(
        picture,
        side(picture.width(), across),
        side(picture.height(), down),
        FilterType::CatmullRom,
    )
}

/// Without `part` of each side; `x` and `y` say where it is taken, 0…1.
fn cropped(picture: &RgbImage, part: f32, x: f32, y: f32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let (lost_x, lost_y) = (width as f32 * part, height as f32 * part);
    let (left, top) = ((lost_x * x) as u32, (lost_y * y) as u32);
    imageops::crop_imm(picture, left, top, width - lost_x as u32, height - lost_y as u32).to_image()
}

fn shaded(picture: &RgbImage, change: impl Fn(f32) -> f32) -> RgbImage {
    let mut changed = picture.clone();
    for pixel in changed.pixels_mut() {
        pixel.0 = pixel.0.map(|value| change(f32::from(value)).clamp(0.0, 255.0) as u8);
    }
    changed
}

fn noise(picture: &RgbImage, chance: &mut Chance) -> RgbImage {
    let mut changed = picture.clone();
    for pixel in changed.pixels_mut() {
        // A sum of three is near enough to a normal one; deviation 14.
        let grain = (chance.part() + chance.part() + chance.part() - 1.5) * 28.0;
        pixel.0 = pixel.0.map(|value| (f32::from(value) + grain).clamp(0.0, 255.0) as u8);
    }
    changed
}

/// Fills a box; `opacity` 0…1.
fn fill(picture: &mut RgbImage, place: [f32; 4], colour: [u8; 3], opacity: f32) {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let [left, top, wide, tall] = place;
    let (from_x, to_x) = ((left * width) as u32, ((left + wide) * width) as u32);
    let (from_y, to_y) = ((top * height) as u32, ((top + tall) * height) as u32);
    for y in from_y..to_y.min(picture.height()) {
        for x in from_x..to_x.min(picture.width()) {
            let pixel = picture.get_pixel_mut(x, y);
            pixel.0 = std::array::from_fn(|at| {
                (f32::from(pixel.0[at]) * (1.0 - opacity) + f32::from(colour[at]) * opacity) as u8
            });
        }
    }
}

/// Words of a line as little boxes.
fn words(picture: &mut RgbImage, place: [f32; 4], colour: [u8; 3], opacity: f32, chance: &mut Chance) {
    let [left, top, wide, tall] = place;
    let mut at = left;
    while at < left + wide {
        let letter = chance.between(0.4, 0.8) * tall * picture.height() as f32 / picture.width() as f32;
        if chance.below(6) > 0 {
            fill(picture, [at, top, letter.min(left + wide - at), tall], colour, opacity);
        }
        at += letter * 1.35;
    }
}

fn watermark(picture: &RgbImage, chance: &mut Chance) -> RgbImage {
    let mut changed = picture.clone();
    words(&mut changed, [0.1, 0.45, 0.8, 0.09], [255; 3], 0.35, chance);
    changed
}

fn logo(picture: &RgbImage, chance: &mut Chance) -> RgbImage {
    let mut changed = picture.clone();
    let (left, top) = (0.02 + 0.8 * chance.below(2) as f32, 0.03 + 0.84 * chance.below(2) as f32);
    fill(&mut changed, [left, top, 0.15, 0.1], [200, 20, 30], 1.0);
    words(&mut changed, [left + 0.015, top + 0.03, 0.12, 0.04], [255; 3], 1.0, chance);
    changed
}

/// A larger canvas with the picture on it.
fn framed(picture: &RgbImage, [left, top, right, bottom]: [f32; 4], colour: [u8; 3]) -> RgbImage {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let wide = (width * (1.0 + left + right)) as u32;
    let tall = (height * (1.0 + top + bottom)) as u32;
    let mut canvas = RgbImage::from_pixel(wide, tall, Rgb(colour));
    imageops::replace(&mut canvas, picture, (width * left) as i64, (height * top) as i64);
    canvas
}

fn border(picture: &RgbImage, chance: &mut Chance) -> RgbImage {
    let wide = chance.between(0.03, 0.12);
    let colour = match chance.below(3) {
        0 => [255; 3],
        1 => [0; 3],
        _ => [chance.below(256) as u8, chance.below(256) as u8, chance.below(256) as u8],
    };
    framed(picture, [wide; 4], colour)
}

fn caption(picture: &RgbImage, chance: &mut Chance) -> RgbImage {
    let (bar, below) = (chance.between(0.12, 0.3), chance.below(2) == 1);
    let sides = if below { [0.0, 0.0, 0.0, bar] } else { [0.0, bar, 0.0, 0.0] };
    let (paper, ink) = if chance.below(3) == 0 { ([0; 3], [255; 3]) } else { ([255; 3], [10; 3]) };
    let mut changed = framed(picture, sides, paper);
    let part = bar / (1.0 + bar);
    let top = if below { 1.0 - part } else { 0.0 };
    for line in 0..2 {
        let place = [0.06, top + part * (0.18 + 0.4 * line as f32), 0.86, part * 0.25];
        words(&mut changed, place, ink, 1.0, chance);
    }
    changed
}

/// As a telephone shows it: a bar above, a name, the picture, buttons, words.
fn screenshot(picture: &RgbImage, chance: &mut Chance) -> RgbImage {
    let (above, below) = (chance.between(0.15, 0.3), chance.between(0.2, 0.5));
    let night = chance.below(3) == 0;
    let (paper, ink) = if night { ([20; 3], [220; 3]) } else { ([255; 3], [40; 3]) };
    let mut changed = framed(picture, [0.0, above, 0.0, below], paper);
    let whole = 1.0 + above + below;
    let (above, end) = (above / whole, (1.0 + above) / whole);
    words(&mut changed, [0.03, above * 0.15, 0.9, above * 0.12], ink, 1.0, chance);
    fill(&mut changed, [0.04, above * 0.45, 0.08, above * 0.4], [90, 120, 200], 1.0);
    words(&mut changed, [0.16, above * 0.5, 0.4, above * 0.2], ink, 1.0, chance);
    for line in 0..3 {
        let top = end + (1.0 - end) * (0.15 + 0.27 * line as f32);
        words(&mut changed, [0.04, top, 0.9 - 0.2 * line as f32, (1.0 - end) * 0.12], ink, 1.0, chance);
    }
    changed
}
