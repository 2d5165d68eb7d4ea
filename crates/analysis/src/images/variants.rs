//! The hashes under which a query looks for pictures that were changed.

use super::edges;
use super::frequencies::Frequencies;
use super::grid::{Grid, Rect, Summed, quality};
use super::{PictureHash, QUALITY_MIN};

/// What was done to the query so that it looks like a known picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// Nothing: compressed, resized, marked or not changed at all.
    Same,
    /// Left and right changed.
    Mirrored,
    /// Top and bottom changed.
    UpsideDown,
    /// Turned by 90° clockwise.
    Rotated90,
    /// Turned by 180°.
    Rotated180,
    /// Turned by 270° clockwise.
    Rotated270,
    /// Rows and columns changed.
    Transposed,
    /// Rows and columns changed, then turned by 180°.
    Transversed,
    /// A border, caption or frame was cut off.
    FrameRemoved,
    /// Its rim was cut off: the known picture is a part of it.
    Cropped,
    /// It was widened: it is a part of the known picture.
    Widened,
}

impl Variant {
    /// Every variant.
    pub const ALL: [Self; 11] = [
        Self::Same,
        Self::Mirrored,
        Self::UpsideDown,
        Self::Rotated90,
        Self::Rotated180,
        Self::Rotated270,
        Self::Transposed,
        Self::Transversed,
        Self::FrameRemoved,
        Self::Cropped,
        Self::Widened,
    ];

    /// The word in files and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Mirrored => "mirrored",
            Self::UpsideDown => "upside_down",
            Self::Rotated90 => "rotated_90",
            Self::Rotated180 => "rotated_180",
            Self::Rotated270 => "rotated_270",
            Self::Transposed => "transposed",
            Self::Transversed => "transversed",
            Self::FrameRemoved => "frame_removed",
            Self::Cropped => "cropped",
            Self::Widened => "widened",
        }
    }
}

/// A hash to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VariantHash {
    /// What was done to the query.
    pub variant: Variant,
    /// Its hash then.
    pub hash: PictureHash,
}

/// Sides of the inner and outer parts that are looked for, and in how many
/// places of each direction a part of that side is laid (1: in the middle).
const PARTS: &[(Variant, f32, u8)] = &[
    (Variant::Widened, 1.0 / 0.95, 3),
    (Variant::Widened, 1.0 / 0.9, 3),
    (Variant::Widened, 1.0 / 0.85, 1),
    (Variant::Cropped, 0.95, 3),
    (Variant::Cropped, 0.9, 3),
    (Variant::Cropped, 0.85, 1),
    (Variant::Cropped, 0.8, 1),
    (Variant::Cropped, 0.75, 1),
];

/// All hashes of a query, as it is first.
pub(super) fn of(plain: &Grid, smooth: &Summed) -> Vec<VariantHash> {
    let mut found = Vec::new();
    add_turns(smooth, &mut found);
    let mut add = |variant: Variant, part: &Rect| {
        let sample = smooth.sample(part);
        if quality(&sample) >= QUALITY_MIN {
            found.push(VariantHash { variant, hash: Frequencies::of(&sample).hash() });
        }
    };
    for part in edges::parts(plain) {
        add(Variant::FrameRemoved, &part);
    }
    for (variant, side, places) in PARTS {
        let slack = 1.0 - side;
        let steps = places.saturating_sub(1).max(1);
        let offset =
            |at: u8| if *places == 1 { slack / 2.0 } else { slack * f32::from(at) / f32::from(steps) };
        for (down, along) in (0..*places).flat_map(|down| (0..*places).map(move |along| (down, along))) {
            let part = Rect { left: offset(along), top: offset(down), width: *side, height: *side };
            add(*variant, &part);
        }
    }
    found
}

/// The eight turns and mirrorings, all from one transform.
fn add_turns(smooth: &Summed, found: &mut Vec<VariantHash>) {
    let sample = smooth.sample(&Rect::WHOLE);
    if quality(&sample) < QUALITY_MIN {
        return;
    }
    let as_it_is = Frequencies::of(&sample);
    let transposed = as_it_is.transposed();
    let turns = [
        (Variant::Same, as_it_is),
        (Variant::Mirrored, as_it_is.mirrored()),
        (Variant::UpsideDown, as_it_is.upside_down()),
        (Variant::Rotated90, transposed.mirrored()),
        (Variant::Rotated180, as_it_is.mirrored().upside_down()),
        (Variant::Rotated270, transposed.upside_down()),
        (Variant::Transposed, transposed),
        (Variant::Transversed, transposed.mirrored().upside_down()),
    ];
    found.extend(turns.map(|(variant, frequencies)| VariantHash { variant, hash: frequencies.hash() }));
}
