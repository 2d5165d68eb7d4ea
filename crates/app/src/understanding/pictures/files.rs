//! Groups of the same picture among plain files, without a workspace.
//!
//! In: names, times and bytes of pictures; frames of videos are pictures of
//! one file. Out: [`PictureGroup`]s, each with its earliest member.
//! Errors: [`PictureError`] per file; the others go on.
//! Cost: decoding, then about 50 look-ups per picture; 2 KB of memory each.
//! Limits: [`VARIANTS_FILES_MAX`].

use super::{reversed, transformation};
use analysis::images::{
    DISTANCE_MAX, Index, LIKELY_DISTANCE_MAX, Picture, PictureError, PictureHash, Variant, VariantHash,
};
use model::Timestamp;
use std::collections::BTreeMap;

/// Up to so many pictures a changed one is also recognised when it is the
/// earlier of the two; past it only the later one may be the changed one.
pub const VARIANTS_FILES_MAX: usize = 20_000;
/// Variants of a picture that the index of variants tells apart.
const VARIANTS_MAX: usize = 256;

/// One picture among the files.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PictureMember {
    /// Its file.
    pub file: String,
    /// Second of the frame, for a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<u32>,
    /// Time of the file in UTC, if known.
    pub time: Option<String>,
    /// Different bits between it and the member that it was recognised by; 0 for the first.
    pub distance: u32,
    /// False: only likely the same picture.
    pub sure: bool,
    /// What was done to it, seen from the first; a word of [`transformation`].
    pub transformation: &'static str,
}

/// Files that show the same picture.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PictureGroup {
    /// The earliest file.
    pub first: String,
    /// Members, the first included.
    pub size: usize,
    /// All of them, earliest first.
    pub members: Vec<PictureMember>,
}

/// What became of a picture that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It takes part.
    Compared,
    /// It has too little detail to be compared.
    Plain,
    /// A frame like the one before it.
    Repeated,
}

/// The pictures of some files.
#[derive(Default)]
pub struct PictureFiles {
    pictures: Vec<Entry>,
}

struct Entry {
    time: Option<Timestamp>,
    member: PictureMember,
    hash: PictureHash,
    variants: Vec<VariantHash>,
}

/// How a picture was recognised.
#[derive(Clone, Copy)]
struct Hit {
    distance: u32,
    place: usize,
    transformation: &'static str,
}

impl PictureFiles {
    /// Adds a picture or a frame of a video; frames come in their order.
    ///
    /// # Errors
    /// [`PictureError`] when it cannot be read.
    pub fn add(
        &mut self,
        file: &str,
        second: Option<u32>,
        time: Option<Timestamp>,
        bytes: &[u8],
    ) -> Result<Judged, PictureError> {
        let picture = Picture::decode(bytes)?;
        let variants = picture.query_variants();
        if variants.is_empty() {
            return Ok(Judged::Plain);
        }
        let hash = picture.fingerprint().hash;
        let last = self.pictures.last().filter(|last| second.is_some() && last.member.file == file);
        if last.is_some_and(|last| last.hash.distance(&hash) <= DISTANCE_MAX) {
            return Ok(Judged::Repeated);
        }
        let member = PictureMember {
            file: file.to_owned(),
            second,
            time: time.map(|time| time.to_string()),
            distance: 0,
            sure: true,
            transformation: transformation(Variant::Same),
        };
        self.pictures.push(Entry { time, member, hash, variants });
        Ok(Judged::Compared)
    }

    /// Pictures that take part.
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    /// True when none takes part.
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// The groups of two or more, in order of their first members. Files
    /// without a time come last, in the order in which they were added.
    pub fn into_groups(mut self) -> Vec<PictureGroup> {
        self.pictures.sort_by_key(|entry| (entry.time.is_none(), entry.time));
        let with_variants = self.pictures.len() <= VARIANTS_FILES_MAX;
        let (mut known, mut known_variants) = (Index::default(), Index::default());
        let mut group_of: Vec<usize> = Vec::with_capacity(self.pictures.len());
        let mut groups: BTreeMap<usize, Vec<PictureMember>> = BTreeMap::new();
        for (place, entry) in self.pictures.iter().enumerate() {
            let mut member = entry.member.clone();
            let hit = self.nearest_earlier(entry, &known, &known_variants);
            // A place is pushed for every picture, so that the one hit is there.
            let group = hit.and_then(|hit| group_of.get(hit.place).copied()).unwrap_or(place);
            if let Some(hit) = hit {
                (member.distance, member.sure) = (hit.distance, hit.distance <= DISTANCE_MAX);
                member.transformation = hit.transformation;
            }
            group_of.push(group);
            groups.entry(group).or_default().push(member);
            known.insert(place as u64, entry.hash);
            if with_variants {
                for (at, query) in entry.variants.iter().enumerate().take(VARIANTS_MAX) {
                    known_variants.insert((place * VARIANTS_MAX + at) as u64, query.hash);
                }
            }
        }
        groups
            .into_values()
            .filter(|members| {
                members.iter().any(|member| Some(&member.file) != members.first().map(|first| &first.file))
            })
            .filter_map(|members| {
                Some(PictureGroup { first: members.first()?.file.clone(), size: members.len(), members })
            })
            .collect()
    }

    /// The earlier picture of another file that this one looks most like; of
    /// equally near ones the earliest.
    fn nearest_earlier(&self, entry: &Entry, known: &Index, known_variants: &Index) -> Option<Hit> {
        let mut best: Option<Hit> = None;
        let mut offer = |distance: u32, place: usize, transformation: &'static str| {
            let other_file =
                self.pictures.get(place).is_some_and(|other| other.member.file != entry.member.file);
            let nearer = best.is_none_or(|best| (distance, place) < (best.distance, best.place));
            if other_file && nearer && distance <= LIKELY_DISTANCE_MAX {
                best = Some(Hit { distance, place, transformation });
            }
        };
        let place_of = |key: u64| usize::try_from(key).unwrap_or(usize::MAX);
        for query in &entry.variants {
            for hit in known.find(&query.hash) {
                offer(hit.distance, place_of(hit.key), transformation(query.variant));
            }
        }
        for hit in known_variants.find(&entry.hash) {
            let (place, at) = (place_of(hit.key) / VARIANTS_MAX, place_of(hit.key) % VARIANTS_MAX);
            let variant = self.pictures.get(place).and_then(|other| other.variants.get(at));
            if let Some(query) = variant.filter(|query| query.variant != Variant::Same) {
                offer(hit.distance, place, reversed(query.variant));
            }
        }
        best
    }
}
