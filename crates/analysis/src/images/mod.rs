//! Recycled pictures: a 256-bit perceptual hash of a picture's bytes and an
//! index that finds the pictures that look the same.
//!
//! In: bytes of a JPEG, PNG, GIF or WebP. Out: [`Picture`] with its
//! [`Fingerprint`], the fingerprints under which a query looks for others
//! ([`Picture::query_variants`]), and [`Index`].
//! Errors: [`PictureError`]; damaged or hostile bytes never panic and never
//! take more than the limits below.
//! Cost: decoding and hashing 14 ms for a JPEG of one megapixel, the variants
//! of a query 3 ms more; a look-up among ten million hashes 2 ms
//! (docs/benchmarks.md).
//! Source: the public description of PDQ («The TMK+PDQF Video-Hashing
//! Algorithm and the PDQ Image-Hashing Algorithm», Facebook 2019): luminance,
//! two-pass box filter (Jarosz), 64×64 cells, 16×16 lowest frequencies of the
//! cosine transform without the constant, median. Written anew after it, with
//! one difference: a cell is the mean of its area and not one point of it, and
//! filters are symmetric. Finely patterned pictures keep their hash under
//! resizing and mirroring that way; bits may differ from PDQ's own, so hashes
//! are not for exchange with lists of PDQ hashes.
//! Limits: [`BYTES_MAX`], [`PIXELS_MAX`], [`SIDE_MAX`], [`MEMORY_BYTES_MAX`],
//! [`SCANS_MAX`], [`SCANNED_PIXELS_MAX`]. Only the first picture of an
//! animation is looked at. Heavy crops and overlays that cover much of a
//! picture are missed; pictures with hardly any detail have no hash worth
//! comparing ([`QUALITY_MIN`]). Same look is not same meaning: a retouched
//! detail leaves the hash as it was.

mod decode;
mod edges;
mod frequencies;
mod grid;
mod hash;
mod index;
#[cfg(test)]
mod tests;
mod variants;

pub use decode::PictureFormat;
pub use hash::PictureHash;
pub use index::{FOUND_MAX, Found, Index};
pub use variants::{Variant, VariantHash};

use grid::{Grid, Summed};

/// Name of the method, for the record beside every value.
pub const METHOD: &str = "picture-dct-256";
/// Version of the method; hashes of another version are computed again.
pub const METHOD_VERSION: u32 = 1;
/// Hashes that differ in at most this many of 256 bits are of the same picture.
pub const DISTANCE_MAX: u32 = 31;
/// Hashes that differ in more bits than [`DISTANCE_MAX`] and at most this many
/// are likely of the same picture: a person should look.
pub const LIKELY_DISTANCE_MAX: u32 = 44;
/// A picture of a lesser quality has too little detail to be compared, 0…100.
pub const QUALITY_MIN: u8 = 50;
/// Largest file that is decoded, bytes.
pub const BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most pixels of a picture, by its header; more are refused before decoding.
pub const PIXELS_MAX: u64 = 50_000_000;
/// Longest side of a picture, pixels.
pub const SIDE_MAX: u32 = 65_535;
/// Largest buffer of decoded pixels, bytes. A progressive JPEG needs about as
/// much again while it is decoded: 300 MB were measured for 49 megapixels.
pub const MEMORY_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Most scans of a JPEG; cameras and networks write ten at most.
pub const SCANS_MAX: usize = 100;
/// Most pixels that all scans of a JPEG pass over together.
pub const SCANNED_PIXELS_MAX: u64 = 1_000_000_000;

/// Why bytes gave no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// More than [`BYTES_MAX`].
    #[error("the file has {bytes} bytes; at most {BYTES_MAX} are read")]
    TooManyBytes {
        /// Its size.
        bytes: usize,
    },
    /// Not the first bytes of any picture that is read.
    #[error("this is not a JPEG, PNG, GIF or WebP picture{}", .kind.map_or_else(String::new, |kind| format!(" but {kind}")))]
    NotAPicture {
        /// What it is instead, when the first bytes tell.
        kind: Option<&'static str>,
    },
    /// More than [`PIXELS_MAX`], or a side over [`SIDE_MAX`].
    #[error("the picture says it has {width}×{height} pixels; at most {PIXELS_MAX} are read")]
    TooManyPixels {
        /// By its header, pixels.
        width: u32,
        /// By its header, pixels.
        height: u32,
    },
    /// A side of no pixels.
    #[error("the picture has no pixels ({width}×{height})")]
    NoPixels {
        /// By its header, pixels.
        width: u32,
        /// By its header, pixels.
        height: u32,
    },
    /// More memory or work than any honest picture needs.
    #[error("decoding the picture needs too much {0}")]
    TooCostly(&'static str),
    /// It begins as a picture and goes on as none.
    #[error("the picture is damaged or cut short: {0}")]
    Damaged(String),
}

/// A hash and how much detail it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// The 256 bits.
    pub hash: PictureHash,
    /// Detail of the picture, 0…100.
    pub quality: u8,
}

impl Fingerprint {
    /// True when there is too little detail to compare it with others.
    pub fn is_plain(&self) -> bool {
        self.quality < QUALITY_MIN
    }
}

/// A decoded picture, reduced to the luminance that is hashed.
#[derive(Debug, Clone)]
pub struct Picture {
    width: u32,
    height: u32,
    format: PictureFormat,
    /// Luminance of at most 512×512 cells.
    plain: Grid,
    /// Sums of the same after the box filter.
    smooth: Summed,
}

impl Picture {
    /// Decodes a picture; its first one when it is an animation. Transparency
    /// is seen on white; the turn noted in its Exif data is applied.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        let decoded = decode::decode(bytes)?;
        let smooth = decoded.grid.smoothed().summed();
        Ok(Self {
            width: decoded.width,
            height: decoded.height,
            format: decoded.format,
            plain: decoded.grid,
            smooth,
        })
    }

    /// As it is shown, pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// As it is shown, pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// By its first bytes.
    pub fn format(&self) -> PictureFormat {
        self.format
    }

    /// Its hash and quality. About 50 µs.
    pub fn fingerprint(&self) -> Fingerprint {
        let sample = self.smooth.sample(&grid::Rect::WHOLE);
        Fingerprint { hash: frequencies::Frequencies::of(&sample).hash(), quality: grid::quality(&sample) }
    }

    /// The fingerprints under which others may know this picture: as it is
    /// first; turned and mirrored; without border, caption or frame; its inner
    /// parts; and widened, as if it had been cropped. Those without enough
    /// detail are left out. About 50 hashes, 3 ms.
    pub fn query_variants(&self) -> Vec<VariantHash> {
        variants::of(&self.plain, &self.smooth)
    }
}
