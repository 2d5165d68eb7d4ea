use super::*;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use proptest::prelude::*;
use std::io::Cursor;
use std::time::{Duration, Instant};

/// Longest that any hostile file may take here, where nothing is optimised and
/// other tests run beside it; a few seconds in a release.
const PATIENCE: Duration = Duration::from_secs(120);

/// Patches of random shade that run into each other: another `seed`, another picture.
fn patches(seed: u64, width: u32, height: u32) -> RgbImage {
    const SIDE: usize = 28;
    let mut next = random(seed);
    let shades: Vec<u8> = (0..SIDE * SIDE / 32 + 1).flat_map(|_| next().to_bytes()).collect();
    let shade =
        |x: usize, y: usize| f32::from(shades[(y.min(SIDE - 1) * SIDE + x.min(SIDE - 1)) % shades.len()]);
    RgbImage::from_fn(width, height, |x, y| {
        let place = |at: u32, side: u32| at as f32 / side as f32 * (SIDE - 1) as f32;
        let (x, y) = (place(x, width), place(y, height));
        let (left, top) = (x as usize, y as usize);
        let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
        let above = mix(shade(left, top), shade(left + 1, top), x.fract());
        let below = mix(shade(left, top + 1), shade(left + 1, top + 1), x.fract());
        let value = mix(above, below, y.fract()) as u8;
        image::Rgb([value, value, value / 2 + 60])
    })
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(picture.clone()).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    Picture::decode(bytes).unwrap().fingerprint()
}

#[test]
fn a_picture_keeps_its_hash_in_every_format_and_size() {
    for seed in 1..6 {
        let picture = patches(seed, 320, 240);
        let known = fingerprint(&encoded(&picture, ImageFormat::Png));
        assert!(!known.is_plain(), "{known:?}");
        let half = imageops::resize(&picture, 160, 120, imageops::FilterType::Triangle);
        for (what, bytes) in [
            ("webp", encoded(&picture, ImageFormat::WebP)),
            ("gif", encoded(&picture, ImageFormat::Gif)),
            ("jpeg 90", jpeg(&picture, 90)),
            ("jpeg 25", jpeg(&picture, 25)),
            ("half", jpeg(&half, 80)),
        ] {
            let distance = fingerprint(&bytes).hash.distance(&known.hash);
            assert!(distance <= DISTANCE_MAX / 2, "{what} of {seed}: {distance}");
        }
        let other = fingerprint(&jpeg(&patches(seed + 100, 320, 240), 90));
        assert!(other.hash.distance(&known.hash) > LIKELY_DISTANCE_MAX, "{seed}");
    }
}

#[test]
fn a_query_finds_the_original_of_what_was_changed() {
    let picture = patches(3, 400, 300);
    let known = fingerprint(&jpeg(&picture, 90)).hash;
    let mut framed = RgbImage::from_pixel(460, 420, image::Rgb([255; 3]));
    imageops::replace(&mut framed, &picture, 30, 90);
    let cropped = imageops::crop_imm(&picture, 10, 7, 380, 285).to_image();
    for (wanted, changed) in [
        (Variant::Same, picture.clone()),
        (Variant::Mirrored, imageops::flip_horizontal(&picture)),
        (Variant::UpsideDown, imageops::flip_vertical(&picture)),
        (Variant::Rotated90, imageops::rotate270(&picture)),
        (Variant::Rotated180, imageops::rotate180(&picture)),
        (Variant::Rotated270, imageops::rotate90(&picture)),
        (Variant::FrameRemoved, framed),
        (Variant::Widened, cropped),
    ] {
        let variants = Picture::decode(&jpeg(&changed, 85)).unwrap().query_variants();
        let nearest = variants.iter().min_by_key(|query| query.hash.distance(&known)).unwrap();
        assert_eq!(nearest.variant, wanted);
        // What was cut away can only be guessed.
        let limit = if wanted == Variant::Widened { LIKELY_DISTANCE_MAX } else { DISTANCE_MAX };
        let distance = nearest.hash.distance(&known);
        assert!(distance <= limit, "{wanted:?}: {distance}");
    }
}

#[test]
fn the_turn_in_the_exif_data_is_applied() {
    let picture = patches(8, 300, 200);
    let upright = Picture::decode(&jpeg(&picture, 92)).unwrap();
    // A camera held on its side: stored turned left, with «turn right» noted.
    let stored = jpeg(&imageops::rotate270(&picture), 92);
    let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut bytes = stored.get(..2).unwrap().to_vec();
    bytes.extend_from_slice(exif);
    bytes.extend_from_slice(stored.get(2..).unwrap());
    let turned = Picture::decode(&bytes).unwrap();
    assert_eq!((turned.width(), turned.height()), (300, 200));
    assert!(turned.fingerprint().hash.distance(&upright.fingerprint().hash) <= 12);
}

#[test]
fn a_picture_without_detail_says_so() {
    let white = RgbImage::from_pixel(200, 200, image::Rgb([255; 3]));
    let picture = Picture::decode(&encoded(&white, ImageFormat::Png)).unwrap();
    assert!(picture.fingerprint().is_plain());
    assert!(picture.query_variants().is_empty());
    let dot = RgbImage::from_pixel(1, 1, image::Rgb([7, 8, 9]));
    assert!(fingerprint(&encoded(&dot, ImageFormat::Png)).is_plain());
}

#[test]
fn what_is_no_picture_is_named() {
    let kind = |bytes: &[u8]| match Picture::decode(bytes) {
        Err(PictureError::NotAPicture { kind }) => kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(Picture::decode(b"").err(), Some(PictureError::Empty));
    assert_eq!(kind(b"This text is named holiday.jpg"), None);
    assert_eq!(kind(b"\x00"), None);
    assert_eq!(kind(b" <!DOCTYPE html><html>"), Some("a web page"));
    assert_eq!(kind(b"<svg xmlns='x'/>"), Some("an SVG or XML file"));
    assert_eq!(kind(b"\0\0\0\x1cftypavif\0\0\0\0"), Some("an AVIF picture"));
    assert_eq!(kind(b"\0\0\0\x18ftypheic\0\0\0\0"), Some("a HEIC picture"));
    assert_eq!(kind(b"\0\0\0\x18ftypmp42\0\0\0\0"), Some("a video"));
    let many = vec![0xff; BYTES_MAX + 1];
    assert_eq!(Picture::decode(&many).err(), Some(PictureError::TooManyBytes { bytes: BYTES_MAX + 1 }));
}

#[test]
fn every_truncation_ends_in_a_result() {
    let picture = patches(5, 64, 48);
    for format in [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Jpeg] {
        let whole = encoded(&picture, format);
        let mut errors = 0;
        for length in (0..whole.len()).step_by(whole.len().div_ceil(60)) {
            errors += usize::from(Picture::decode(whole.get(..length).unwrap()).is_err());
        }
        assert!(errors > 5, "{format:?}: {errors}");
    }
    let png = encoded(&picture, ImageFormat::Png);
    assert!(matches!(Picture::decode(png.get(..png.len() / 2).unwrap()), Err(PictureError::Damaged(_))));
}

/// A PNG of a header with this size, depth and colour type, and then nothing.
fn png_header(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut body = b"IHDR".to_vec();
    body.extend(width.to_be_bytes());
    body.extend(height.to_be_bytes());
    body.extend([depth, colour, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&body);
    bytes.extend(crc(&body).to_be_bytes());
    bytes
}

/// The checksum of a chunk (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend(data);
    let mut bytes = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(&body);
    bytes.extend(crc(&body).to_be_bytes());
    bytes
}

fn gif(width: u16, height: u16, frames: usize) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    for _ in 0..frames {
        // One pixel at the corner: clear, colour 1, end.
        bytes.extend([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 0x01, 0]);
    }
    bytes.push(0x3b);
    bytes
}

#[test]
fn sizes_are_checked_before_anything_is_decoded() {
    let too_many = |bytes: &[u8], width, height| {
        assert_eq!(Picture::decode(bytes).err(), Some(PictureError::TooManyPixels { width, height }));
    };
    too_many(&png_header(10_000, 10_000, 8, 2), 10_000, 10_000);
    too_many(&png_header(u32::MAX, u32::MAX, 16, 6), u32::MAX, u32::MAX);
    too_many(&png_header(70_000, 10, 8, 2), 70_000, 10);
    too_many(&gif(65_535, 65_535, 1), 65_535, 65_535);
    let huge_jpeg = {
        let mut bytes = jpeg(&patches(1, 16, 16), 80);
        let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bytes.splice(frame + 5..frame + 9, [0xea, 0x60, 0xea, 0x60]);
        bytes
    };
    too_many(&huge_jpeg, 60_000, 60_000);
    // VP8L, 16,383 by 16,383.
    let webp = b"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f\xfe\xbf\xff\x0f\0";
    too_many(webp, 16_383, 16_383);
    assert_eq!(
        Picture::decode(&png_header(0, 5, 8, 2)).err(),
        Some(PictureError::NoPixels { width: 0, height: 5 })
    );
    assert_eq!(Picture::decode(&gif(0, 0, 1)).err(), Some(PictureError::NoPixels { width: 0, height: 0 }));
    // Few enough pixels, but sixteen bits of four channels each.
    let mut deep = png_header(7_000, 7_000, 16, 6);
    deep.extend(chunk(b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]));
    assert_eq!(Picture::decode(&deep).err(), Some(PictureError::TooCostly("memory")));
}

#[test]
fn bombs_cost_no_more_than_the_limits() {
    let started = Instant::now();
    // 49 million pixels in some kilobytes.
    let mut flat = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut flat);
    let pixels = vec![0; 49_000_000];
    image::ImageEncoder::write_image(encoder, &pixels, 7_000, 7_000, image::ExtendedColorType::L8).unwrap();
    assert!(flat.len() < 1_000_000, "{}", flat.len());
    assert!(fingerprint(&flat).is_plain());
    // A screen of 49 million pixels with a frame of one.
    assert!(fingerprint(&gif(7_000, 7_000, 1)).is_plain());
    // Ten thousand frames: only the first is looked at.
    let animated = Picture::decode(&gif(64, 64, 10_000)).unwrap();
    assert_eq!((animated.width(), animated.format()), (64, PictureFormat::Gif));
    // A thousand scans.
    let mut scans = jpeg(&patches(1, 64, 64), 80);
    scans.extend([0xff, 0xda].repeat(1_000));
    assert_eq!(Picture::decode(&scans).err(), Some(PictureError::TooCostly("time (too many scans)")));
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn a_still_picture_of_a_webp_animation_or_nothing() {
    // VP8X that announces an animation of 10,000 frames and holds broken ones.
    let mut body = b"WEBPVP8X\x0a\0\0\0\x02\0\0\0\x3f\0\0\x3f\0\0ANIM\x06\0\0\0\0\0\0\0\0\0".to_vec();
    for _ in 0..10_000 {
        body.extend(b"ANMF\x10\0\0\0\0\0\0\0\0\0\x3f\0\0\x3f\0\0\0\0\0\0");
    }
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    bytes.extend(body);
    let started = Instant::now();
    assert!(Picture::decode(&bytes).is_err());
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn a_hash_is_written_and_read_back() {
    let hash = fingerprint(&jpeg(&patches(2, 100, 100), 90)).hash;
    assert_eq!(PictureHash::from_bytes(hash.to_bytes()), hash);
    assert_eq!(PictureHash::parse(&hash.to_string()), Some(hash));
    assert_eq!(hash.to_string().len(), 64);
    for wrong in ["", "zz", &"g".repeat(64), &"á".repeat(32), &"+".repeat(64)] {
        assert_eq!(PictureHash::parse(wrong), None);
    }
    assert_eq!(
        hash.slots().iter().map(|slot| slot.count_ones()).sum::<u32>(),
        128,
        "half are above the median"
    );
}

/// Random hashes of a seed.
fn random(seed: u64) -> impl FnMut() -> PictureHash {
    let mut state = seed;
    move || {
        PictureHash::from_words(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb)
        }))
    }
}

/// A hash with `bits` others turned.
fn turned(hash: PictureHash, bits: usize, from: usize) -> PictureHash {
    let mut bytes = hash.to_bytes();
    for bit in (0..bits).map(|at| (from + at * 37) % 256) {
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    PictureHash::from_bytes(bytes)
}

#[test]
fn the_index_finds_what_a_linear_search_finds() {
    let mut next = random(11);
    let mut entries: Vec<(u64, PictureHash)> = (0..9_000).map(|key| (key, next())).collect();
    for (at, distance) in (0_u64..200).zip((0..=31).cycle()) {
        let (_, hash) = entries[at as usize * 40];
        entries.push((10_000 + at, turned(hash, distance, at as usize)));
    }
    let mut index = Index::default();
    index.extend(entries.iter().take(5_000).copied());
    for (key, hash) in entries.iter().skip(5_000) {
        assert!(index.insert(*key, *hash));
    }
    for (key, hash) in entries.iter().step_by(7) {
        assert!(index.remove(*key, hash));
        assert!(!index.remove(*key, hash), "it is gone");
    }
    let left: Vec<_> =
        entries.iter().enumerate().filter(|(at, _)| at % 7 != 0).map(|(_, entry)| *entry).collect();
    assert_eq!(index.len(), left.len());
    for (_, hash) in entries.iter().skip(8_900) {
        let mut linear: Vec<Found> = left
            .iter()
            .map(|(key, known)| Found { key: *key, distance: known.distance(hash) })
            .filter(Found::is_sure)
            .collect();
        linear.sort_by_key(|found| (found.distance, found.key));
        let found: Vec<Found> = index.find(hash).into_iter().filter(Found::is_sure).collect();
        assert_eq!(found, linear);
        assert_eq!(index.earliest(hash), linear.iter().min_by_key(|found| found.key).copied());
    }
}

#[test]
fn removed_entries_give_their_memory_back() {
    let mut next = random(5);
    let entries: Vec<(u64, PictureHash)> = (0..12_000).map(|key| (key, next())).collect();
    let mut index = Index::default();
    index.extend(entries.iter().copied());
    let full = index.memory_bytes();
    for (key, hash) in entries.iter().take(11_000) {
        index.remove(*key, hash);
    }
    assert_eq!(index.len(), 1_000);
    assert!(index.memory_bytes() < full);
    assert_eq!(index.nearest(&entries[11_500].1), Some(Found { key: 11_500, distance: 0 }));
    assert_eq!(index.nearest(&entries[100].1), None);
    assert!(!index.insert(u64::MAX, entries[0].1), "no key");
}

proptest! {
    #[test]
    fn any_bytes_behind_any_signature_end_in_a_result(
        kind in 0_usize..4,
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let heads: [&[u8]; 4] = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBP"];
        let mut file = heads[kind].to_vec();
        file.extend(bytes);
        let _ = Picture::decode(&file);
    }

    #[test]
    fn distance_is_symmetric_and_counts_turned_bits(seed in any::<u64>(), bits in 0_usize..200, from in 0_usize..256) {
        let hash = random(seed)();
        let other = turned(hash, bits, from);
        prop_assert_eq!(hash.distance(&other), other.distance(&hash));
        prop_assert_eq!(hash.distance(&other), bits as u32);
    }
}
