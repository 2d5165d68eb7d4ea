//! From bytes to luminance, within limits that are checked before decoding.

use super::grid::{Grid, Pixels};
use super::{BYTES_MAX, MEMORY_BYTES_MAX, PIXELS_MAX, PictureError, SCANNED_PIXELS_MAX, SCANS_MAX, SIDE_MAX};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, Limits};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest reason quoted from a decoder, characters.
const REASON_CHARS_MAX: usize = 120;

/// The kinds of picture that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

impl PictureFormat {
    /// The kind by the first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }
}

/// What else a file that was taken for a picture tends to be.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let head: &[u8] = bytes.get(..16.min(bytes.len())).unwrap_or_default();
    if head.starts_with(b"BM") {
        return Some("a BMP picture");
    }
    if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
        return Some("a TIFF picture");
    }
    if head.get(4..8) == Some(b"ftyp") {
        return match head.get(8..12) {
            Some(b"avif" | b"avis") => Some("an AVIF picture"),
            Some(b"heic" | b"heix" | b"mif1" | b"msf1") => Some("a HEIC picture"),
            _ => Some("a video"),
        };
    }
    if head.starts_with(b"%PDF") {
        return Some("a PDF document");
    }
    if head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
        return Some("a video");
    }
    let start: String = bytes.iter().take(64).map(|byte| char::from(*byte).to_ascii_lowercase()).collect();
    let start = start.trim_start();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Some("a web page");
    }
    if start.starts_with("<svg") || start.starts_with("<?xml") {
        return Some("an SVG or XML file");
    }
    None
}

/// A picture reduced to luminance.
pub(super) struct Decoded {
    pub width: u32,
    pub height: u32,
    pub format: PictureFormat,
    pub grid: Grid,
}

/// Decodes bytes of any kind that is read.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() > BYTES_MAX {
        return Err(PictureError::TooManyBytes { bytes: bytes.len() });
    }
    let format =
        PictureFormat::of(bytes).ok_or_else(|| PictureError::NotAPicture { kind: other_kind(bytes) })?;
    // The decoders are not ours and read hostile bytes: a panic in one of them
    // must cost this picture only. Nothing outlives the closure.
    catch_unwind(AssertUnwindSafe(|| decode_as(bytes, format)))
        .unwrap_or_else(|_| Err(PictureError::Damaged("the decoder gave up".to_owned())))
}

fn decode_as(bytes: &[u8], format: PictureFormat) -> Result<Decoded, PictureError> {
    let reader = Cursor::new(bytes);
    match format {
        PictureFormat::Jpeg => {
            let decoder = JpegDecoder::new(reader).map_err(damaged)?;
            check_scans(bytes, decoder.dimensions())?;
            read(decoder, format)
        }
        PictureFormat::Png => {
            check_png_header(bytes)?;
            read(PngDecoder::with_limits(reader, limits()).map_err(damaged)?, format)
        }
        PictureFormat::Gif => read(GifDecoder::new(reader).map_err(damaged)?, format),
        PictureFormat::Webp => read(WebPDecoder::new(reader).map_err(damaged)?, format),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_BYTES_MAX);
    limits
}

fn check_size((width, height): (u32, u32)) -> Result<(), PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::NoPixels { width, height });
    }
    if width > SIDE_MAX || height > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureError::TooManyPixels { width, height });
    }
    Ok(())
}

/// The size in the first chunk, so that its own words are used for it instead
/// of the decoder's.
fn check_png_header(bytes: &[u8]) -> Result<(), PictureError> {
    let number =
        |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
    match (bytes.get(12..16), number(16), number(20)) {
        (Some(b"IHDR"), Some(width), Some(height)) => check_size((width, height)),
        _ => Err(PictureError::Damaged("it ends inside its header".to_owned())),
    }
}

/// A few bytes can ask a decoder to pass over all pixels once more.
fn check_scans(bytes: &[u8], size: (u32, u32)) -> Result<(), PictureError> {
    check_size(size)?;
    let scans = bytes.windows(2).filter(|pair| *pair == [0xff, 0xda]).count();
    let pixels = u64::from(size.0) * u64::from(size.1);
    let passed = pixels.saturating_mul(u64::try_from(scans).unwrap_or(u64::MAX));
    if scans > SCANS_MAX || passed > SCANNED_PIXELS_MAX {
        return Err(PictureError::TooCostly("time (too many scans)"));
    }
    Ok(())
}

fn read(mut decoder: impl ImageDecoder, format: PictureFormat) -> Result<Decoded, PictureError> {
    let (width, height) = decoder.dimensions();
    check_size((width, height))?;
    decoder.set_limits(limits()).map_err(damaged)?;
    let channels = match decoder.color_type() {
        ColorType::L8 => Channels { count: 1, bytes: 1 },
        ColorType::La8 => Channels { count: 2, bytes: 1 },
        ColorType::Rgb8 => Channels { count: 3, bytes: 1 },
        ColorType::Rgba8 => Channels { count: 4, bytes: 1 },
        ColorType::L16 => Channels { count: 1, bytes: 2 },
        ColorType::La16 => Channels { count: 2, bytes: 2 },
        ColorType::Rgb16 => Channels { count: 3, bytes: 2 },
        ColorType::Rgba16 => Channels { count: 4, bytes: 2 },
        _ => return Err(PictureError::Damaged("its colours are of no known form".to_owned())),
    };
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let size = decoder.total_bytes();
    let room = usize::try_from(size).ok().filter(|_| size <= MEMORY_BYTES_MAX);
    let mut pixels = vec![0_u8; room.ok_or(PictureError::TooCostly("memory"))?];
    decoder.read_image(&mut pixels).map_err(damaged)?;
    let pixels = Pixels { bytes: &pixels, width, channels: channels.count, channel_bytes: channels.bytes };
    let grid = Grid::of(&pixels, height);
    drop_pixels(width, height, format, grid, orientation)
}

struct Channels {
    count: usize,
    bytes: usize,
}

/// The reduced picture the way up that its Exif data says.
fn drop_pixels(
    width: u32,
    height: u32,
    format: PictureFormat,
    grid: Grid,
    orientation: Orientation,
) -> Result<Decoded, PictureError> {
    let (grid, turned) = match orientation {
        Orientation::NoTransforms => (grid, false),
        Orientation::FlipHorizontal => (grid.mirrored(), false),
        Orientation::Rotate180 => (grid.mirrored().upside_down(), false),
        Orientation::FlipVertical => (grid.upside_down(), false),
        Orientation::Rotate90 => (grid.transposed().mirrored(), true),
        Orientation::Rotate270 => (grid.transposed().upside_down(), true),
        Orientation::Rotate90FlipH => (grid.transposed(), true),
        Orientation::Rotate270FlipH => (grid.transposed().mirrored().upside_down(), true),
    };
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Ok(Decoded { width, height, format, grid })
}

/// The decoder's complaint in one line.
fn damaged(error: ImageError) -> PictureError {
    if let ImageError::Limits(_) = error {
        return PictureError::TooCostly("memory");
    }
    let text: String = error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    PictureError::Damaged(text.trim().chars().take(REASON_CHARS_MAX).collect())
}
