//! Recycled pictures: where a picture of a post, or one that somebody brings,
//! was shown before.
//!
//! In: bytes of a picture, or a post. Out: the posts that show the same
//! picture, the earliest first named, with what was done to it.
//! Errors: [`AppError::Invalid`] for bytes that are no picture.
//! Cost: decoding, about 50 look-ups in the index and the reading of at most
//! [`APPEARANCES_READ_MAX`] posts. The first question after a start reads all
//! hashes into memory (104 bytes each).
//! Source: [`analysis::images`]. Pictures are fetched only when the workspace
//! says so: see `fetching.rs`. Only hashes are kept, never pictures.
//! Limits: a picture that was never fetched is unknown; pictures of too little
//! detail are never compared; a repost without words of its own is not looked at.

mod fetching;
mod files;

pub use fetching::{FetchRound, PictureCounts, ROUND_PICTURES, WAITING_MAX, run_pictures};
pub use files::{Judged, PictureFiles, PictureGroup, PictureMember, VARIANTS_FILES_MAX};

use crate::listening::{PostView, Workspace};
use crate::{Actor, AppError};
use analysis::images::{DISTANCE_MAX, Index, METHOD_VERSION, Picture, PictureHash, Variant};
use model::{MediaKind, Permission, Post, RecordKey, RecordKind, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::archive::StoredPicture;

/// Most appearances that are listed, nearest first.
pub const APPEARANCES_MAX: usize = 20;
/// Most posts read to find the earliest appearance.
pub const APPEARANCES_READ_MAX: usize = 1_000;
/// Hashes read at once when the index is filled.
const HASHES_READ: usize = 10_000;

/// The hashes of a workspace's pictures, read when they are first asked for.
#[derive(Default)]
pub(crate) struct KnownPictures(Mutex<Option<Index>>);

impl KnownPictures {
    fn lock(&self) -> MutexGuard<'_, Option<Index>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the hashes from memory; they are read again when asked for. After
    /// an erasure nothing of it is left here.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }
}

/// A post that shows a picture.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PictureAppearance {
    /// The post.
    pub post: PostView,
    /// Which of its pictures it is, from 0.
    pub position: usize,
    /// Different bits of 256.
    pub distance: u32,
    /// False: only likely the same picture; a person should look.
    pub sure: bool,
    /// What was done to the picture asked about, seen from this appearance; a
    /// word of [`transformation`].
    pub transformation: &'static str,
}

/// Where a picture that somebody brings was shown.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PictureCheck {
    /// Its size, pixels.
    pub width: u32,
    /// Its size, pixels.
    pub height: u32,
    /// `jpeg`, `png`, `gif` or `webp`.
    pub format: &'static str,
    /// Detail, 0…100.
    pub quality: u8,
    /// Too little detail to be compared: nothing is known, not «never seen».
    pub plain: bool,
    /// Hashes that it was compared with, count.
    pub known_pictures: usize,
    /// Posts that show it, count; those past [`APPEARANCES_READ_MAX`] are not counted.
    pub posts: usize,
    /// The earliest of them.
    pub first: Option<PictureAppearance>,
    /// The nearest, at most [`APPEARANCES_MAX`].
    pub appearances: Vec<PictureAppearance>,
}

/// What is known of one picture of a post.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PictureSeen {
    /// Which of the post's pictures it is, from 0.
    pub position: usize,
    /// `waiting`, `hashed`, `plain` or `failed`.
    pub state: &'static str,
    /// Other posts that show it and are earlier, count.
    pub earlier: usize,
    /// The earliest appearance, when it is earlier than this post.
    pub first: Option<PictureAppearance>,
    /// The nearest appearances in other posts, at most [`APPEARANCES_MAX`].
    pub appearances: Vec<PictureAppearance>,
}

/// A known picture that looks like the one asked about.
#[derive(Clone, Copy)]
struct Likeness {
    distance: u32,
    transformation: &'static str,
}

/// What was done to a picture so that it looks as it does, when this variant
/// of it looks like the one it was made of.
pub const fn transformation(variant: Variant) -> &'static str {
    match variant {
        Variant::Same => "same",
        Variant::Mirrored => "mirrored",
        Variant::UpsideDown => "upside_down",
        // Turning it further by a quarter gave the original back.
        Variant::Rotated90 => "rotated_270",
        Variant::Rotated180 => "rotated_180",
        Variant::Rotated270 => "rotated_90",
        Variant::Transposed => "transposed",
        Variant::Transversed => "transversed",
        Variant::FrameRemoved => "framed",
        Variant::Cropped => "extended",
        Variant::Widened => "cropped",
    }
}

/// The same seen from the other picture.
const fn reversed(variant: Variant) -> &'static str {
    match variant {
        Variant::Rotated90 => "rotated_90",
        Variant::Rotated270 => "rotated_270",
        Variant::FrameRemoved => "unframed",
        Variant::Cropped => "cropped",
        Variant::Widened => "extended",
        other => transformation(other),
    }
}

fn variant_named(name: &str) -> Variant {
    Variant::ALL.into_iter().find(|variant| variant.name() == name).unwrap_or(Variant::Same)
}

/// Addresses of the pictures of a post, in their order. A repost has none of its own.
fn addresses_of(post: &Post) -> Vec<&str> {
    if post.kind == model::PostKind::Reshare {
        return Vec::new();
    }
    let pictures = post.media.iter().filter(|media| media.kind == MediaKind::Image);
    pictures.filter_map(|media| media.url.as_deref()).filter(|url| !url.trim().is_empty()).collect()
}

fn key_of(post: &Post) -> RecordKey {
    RecordKey::of(RecordKind::Post, post.key.network, &post.key.native_id)
}

/// Keeps the nearer likeness of each picture.
fn keep_nearest(found: &mut HashMap<i64, Likeness>, picture: i64, likeness: Likeness) {
    let slot = found.entry(picture).or_insert(likeness);
    if likeness.distance < slot.distance {
        *slot = likeness;
    }
}

impl Workspace {
    /// Runs with the index of hashes, which is filled first when it is not there.
    fn with_pictures<T>(&self, work: impl FnOnce(&mut Index) -> T) -> Result<T, AppError> {
        let mut held = self.pictures().lock();
        if held.is_none() {
            let mut all = Vec::new();
            loop {
                let after = all.last().map_or(0, |(id, _): &(i64, PictureHash)| *id);
                let page = self.archive().picture_hashes_after(after, METHOD_VERSION, HASHES_READ)?;
                if page.is_empty() {
                    break;
                }
                all.extend(page.into_iter().map(|(id, bytes)| (id, PictureHash::from_bytes(bytes))));
            }
            let mut index = Index::default();
            index.extend(all.into_iter().map(|(id, hash)| (id.unsigned_abs(), hash)));
            *held = Some(index);
        }
        Ok(work(held.get_or_insert_default()))
    }

    /// The known pictures that a picture's variants look like.
    fn likenesses(&self, picture: &Picture) -> Result<HashMap<i64, Likeness>, AppError> {
        let variants = picture.query_variants();
        self.with_pictures(|index| {
            let mut found = HashMap::new();
            for query in &variants {
                for hit in index.find(&query.hash) {
                    let Ok(id) = i64::try_from(hit.key) else { continue };
                    let transformation = transformation(query.variant);
                    keep_nearest(&mut found, id, Likeness { distance: hit.distance, transformation });
                }
            }
            found
        })
    }

    /// Where a picture that somebody brings was shown. It is not kept.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] when it is no picture that can be read.
    pub fn check_picture(&self, actor: &Actor, bytes: &[u8]) -> Result<PictureCheck, AppError> {
        actor.require(Permission::Read)?;
        let picture =
            Picture::decode(bytes).map_err(|error| AppError::invalid("picture", error.to_string()))?;
        let fingerprint = picture.fingerprint();
        let found = self.likenesses(&picture)?;
        let mut appearances = self.appearances(&found, None)?;
        let first = appearances.iter().min_by_key(|seen| (seen.post.time, seen.post.id)).cloned();
        let posts = appearances.len();
        appearances.truncate(APPEARANCES_MAX);
        Ok(PictureCheck {
            width: picture.width(),
            height: picture.height(),
            format: picture.format().name(),
            quality: fingerprint.quality,
            plain: fingerprint.is_plain(),
            known_pictures: self.with_pictures(|index| index.len())?,
            posts,
            first,
            appearances,
        })
    }

    /// Where the pictures of a post were shown by other posts. Empty when none
    /// of its pictures was noted.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn pictures_of(&self, actor: &Actor, record: i64) -> Result<Vec<PictureSeen>, AppError> {
        actor.require(Permission::Read)?;
        let pictures = self.archive().pictures_of_record(record)?;
        let Some(time) = self.views(&[record], None)?.first().map(|view| view.time) else {
            return Ok(Vec::new());
        };
        pictures.iter().map(|picture| self.seen(picture, time)).collect()
    }

    fn seen(&self, picture: &StoredPicture, time: Timestamp) -> Result<PictureSeen, AppError> {
        let mut found = HashMap::new();
        if let Some((bytes, _)) =
            picture.hash.filter(|_| picture.state == store::archive::PictureState::Hashed)
        {
            let hash = PictureHash::from_bytes(bytes);
            for hit in self.with_pictures(|index| index.find(&hash))? {
                let Ok(id) = i64::try_from(hit.key) else { continue };
                let transformation = transformation(Variant::Same);
                keep_nearest(&mut found, id, Likeness { distance: hit.distance, transformation });
            }
        }
        for kept in self.archive().picture_matches(picture.id)? {
            let variant = variant_named(&kept.variant);
            let transformation = if kept.reversed { reversed(variant) } else { transformation(variant) };
            keep_nearest(&mut found, kept.other, Likeness { distance: kept.distance, transformation });
        }
        let mut appearances = self.appearances(&found, Some(picture.record))?;
        let earlier = || appearances.iter().filter(|seen| seen.post.time < time);
        let (count, first) =
            (earlier().count(), earlier().min_by_key(|seen| (seen.post.time, seen.post.id)).cloned());
        appearances.truncate(APPEARANCES_MAX);
        Ok(PictureSeen {
            position: picture.position,
            state: picture.state.name(),
            earlier: count,
            first,
            appearances,
        })
    }

    /// The posts of pictures, one appearance each, nearest first and then
    /// earliest; without the post `except`.
    fn appearances(
        &self,
        found: &HashMap<i64, Likeness>,
        except: Option<i64>,
    ) -> Result<Vec<PictureAppearance>, AppError> {
        let mut ids: Vec<i64> = found.keys().copied().collect();
        // Those noted first are read first: among them is the earliest.
        ids.sort_unstable();
        ids.truncate(APPEARANCES_READ_MAX);
        let mut by_post: HashMap<i64, (usize, Likeness)> = HashMap::new();
        for picture in self.archive().load_pictures(&ids)? {
            let Some(likeness) = found.get(&picture.id).filter(|_| Some(picture.record) != except) else {
                continue;
            };
            let slot = by_post.entry(picture.record).or_insert((picture.position, *likeness));
            if likeness.distance < slot.1.distance {
                *slot = (picture.position, *likeness);
            }
        }
        let mut records: Vec<i64> = by_post.keys().copied().collect();
        records.sort_unstable();
        let mut appearances: Vec<PictureAppearance> = self
            .views(&records, None)?
            .into_iter()
            .filter_map(|post| {
                let (position, likeness) = *by_post.get(&post.id)?;
                Some(PictureAppearance {
                    post,
                    position,
                    distance: likeness.distance,
                    sure: likeness.distance <= DISTANCE_MAX,
                    transformation: likeness.transformation,
                })
            })
            .collect();
        appearances.sort_by_key(|seen| (seen.distance, seen.post.time, seen.post.id));
        Ok(appearances)
    }
}
