//! Fetching the pictures of new posts for their hashes.
//!
//! Off unless the workspace turns it on: whoever serves a picture, the network
//! or any server that an author chose, learns our address and that somebody
//! here received the post. When it is on, pictures of posts received from then
//! on are fetched, one request per address, by the guarded client, and thrown
//! away once their hash is known.
//!
//! In: posts as they arrive. Out: hashes in the archive and in memory.
//! Errors: a picture that cannot be fetched is tried again a few times and then
//! noted as failed; only our own failures are [`AppError`].
//! Cost: one request, decoding (14 ms for a megapixel) and one transaction per picture.
//! Limits: [`ROUND_PICTURES`] per round and workspace, [`WAITING_MAX`],
//! [`FETCHED_AT_ONCE`]; one picture is decoded at a time.

use super::{addresses_of, key_of};
use crate::listening::Workspace;
use crate::{Actor, App, AppError};
use analysis::images::{METHOD_VERSION, Picture, PictureHash, Variant};
use model::time::MINUTE_MS;
use model::{Permission, Timestamp};
use networks::Mapped;
use networks::media::{FetchedPicture, MediaError};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use store::archive::{AddressHash, DuePicture, PictureMatch, PictureOutcome, PostPictures};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Most pictures fetched in one round of a workspace.
pub const ROUND_PICTURES: usize = 20;
/// Pictures that wait at most; posts are read on for pictures when there are fewer.
pub const WAITING_MAX: u64 = 100_000;
/// Pictures that are fetched at the same time.
const FETCHED_AT_ONCE: usize = 4;
/// Records read for pictures in one round.
const RECORDS_READ: usize = 2_000;
/// Wait between two rounds, ms.
const ROUND_MS: u64 = 3_000;
/// Wait before a picture is tried again, unless its server names another, ms.
const RETRY_MS: i64 = 15 * MINUTE_MS;

/// What a round did, count each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct FetchRound {
    /// Records read for pictures.
    pub records: usize,
    /// Pictures that were fetched and read.
    pub read: usize,
    /// Pictures that were not; some will be tried again.
    pub failed: usize,
}

/// Pictures of a workspace by state, count each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct PictureCounts {
    /// Still to be fetched.
    pub waiting: u64,
    /// With a hash.
    pub hashed: u64,
    /// With too little detail to be compared.
    pub plain: u64,
    /// That could not be fetched or read.
    pub failed: u64,
}

/// A picture with the address to fetch it from.
struct Wanted {
    due: DuePicture,
    url: String,
}

fn address_hash(url: &str) -> AddressHash {
    let digest = Sha256::digest(url.as_bytes());
    AddressHash(digest.first_chunk().copied().unwrap_or_default())
}

/// Fetches pictures of all workspaces, round by round, until `shutdown` says so.
pub async fn run_pictures(app: Arc<App>, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        let round = async {
            for workspace in app.open_workspaces() {
                if let Err(error) = workspace.fetch_pictures_due(&app, ROUND_PICTURES).await {
                    tracing::error!(workspace = workspace.info().slug.as_str(), %error, "pictures were not fetched");
                }
            }
            tokio::time::sleep(Duration::from_millis(ROUND_MS)).await;
        };
        // A fetch that is dropped half-way left nothing behind and is due again.
        tokio::select! {
            _ = shutdown.changed() => {}
            () = round => {}
        }
    }
}

impl Workspace {
    /// True when pictures of posts are fetched.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn fetches_pictures(&self, actor: &Actor) -> Result<bool, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().fetches_pictures()?)
    }

    /// Begins to fetch the pictures of posts that arrive from now on, or ends
    /// it; hashes that are known stay.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn update_fetches_pictures(&self, actor: &Actor, fetch: bool) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        if self.archive().fetches_pictures()? == fetch {
            return Ok(());
        }
        self.archive().update_fetches_pictures(fetch)?;
        let details = serde_json::json!({"fetch": fetch});
        Ok(self.archive().record_audit(
            actor.user,
            "fetch_pictures_changed",
            &details,
            self.settings().now(),
        )?)
    }

    /// Pictures by state.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn picture_counts(&self, actor: &Actor) -> Result<PictureCounts, AppError> {
        actor.require(Permission::Read)?;
        let counts = self.archive().count_pictures()?;
        Ok(PictureCounts {
            waiting: counts.waiting,
            hashed: counts.hashed,
            plain: counts.plain,
            failed: counts.failed,
        })
    }

    /// Notes the pictures of new posts and fetches at most `limit` of those due.
    /// Does nothing when the workspace fetches none.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn fetch_pictures_due(
        self: &Arc<Self>,
        app: &App,
        limit: usize,
    ) -> Result<FetchRound, AppError> {
        let workspace = Arc::clone(self);
        let (records, mut wanted) = on_a_thread(move || {
            let records = workspace.note_new_pictures()?;
            Ok((records, workspace.wanted_pictures(limit)?))
        })
        .await?;
        let mut round = FetchRound { records, ..FetchRound::default() };
        while !wanted.is_empty() {
            let rest = wanted.split_off(wanted.len().min(FETCHED_AT_ONCE));
            let mut fetches = JoinSet::new();
            for (place, Wanted { due, url }) in std::mem::replace(&mut wanted, rest).into_iter().enumerate() {
                let client = app.client().clone();
                fetches
                    .spawn(async move { (place, due.address, networks::media::fetch(&client, &url).await) });
            }
            let mut fetched = fetches.join_all().await;
            fetched.sort_by_key(|(place, ..)| *place);
            let workspace = Arc::clone(self);
            let read = on_a_thread(move || {
                // How many were not read, and how many were.
                let mut read = [0_usize; 2];
                for (_, address, fetched) in fetched {
                    read[usize::from(workspace.keep_picture(address, fetched)?)] += 1;
                }
                Ok(read)
            })
            .await?;
            round.failed += read[0];
            round.read += read[1];
        }
        Ok(round)
    }

    /// Notes the pictures of posts that came since the last time; the records read.
    fn note_new_pictures(&self) -> Result<usize, AppError> {
        let Some(upto) = self.archive().pictures_noted_upto()? else { return Ok(0) };
        if self.archive().count_waiting_pictures()? >= WAITING_MAX {
            return Ok(0);
        }
        let records = self.archive().records_after(upto, RECORDS_READ)?;
        let Some(last) = records.last() else { return Ok(0) };
        let posts: Vec<PostPictures> = records
            .iter()
            .filter_map(|record| match networks::map(&record.raw) {
                Ok(Mapped::Post(post)) => Some(PostPictures {
                    key: key_of(&post),
                    addresses: addresses_of(&post).into_iter().map(address_hash).collect(),
                }),
                _ => None,
            })
            .collect();
        let now = self.settings().now();
        // Held while writing, so that no picture is read into the index twice.
        let mut held = self.pictures().lock();
        let known = self.archive().note_pictures(&posts, last.id, now)?;
        if let Some(index) = held.as_mut() {
            for picture in self.archive().load_pictures(&known)? {
                if let Some((bytes, _)) = picture.hash {
                    index.insert(picture.id.unsigned_abs(), PictureHash::from_bytes(bytes));
                }
            }
        }
        Ok(records.len())
    }

    /// What is due, with addresses; those whose post shows another picture by
    /// now are noted anew when its edit is read.
    fn wanted_pictures(&self, limit: usize) -> Result<Vec<Wanted>, AppError> {
        if !self.archive().fetches_pictures()? {
            return Ok(Vec::new());
        }
        let mut wanted = Vec::new();
        for due in self.archive().due_pictures(self.settings().now(), limit)? {
            let Some(record) = self.archive().load_records(&[due.record])?.into_iter().next() else {
                continue;
            };
            let Ok(Mapped::Post(post)) = networks::map(&record.raw) else { continue };
            let address = addresses_of(&post).get(due.position).map(|url| (*url).to_owned());
            if let Some(url) = address.filter(|url| address_hash(url) == due.address) {
                wanted.push(Wanted { due, url });
            }
        }
        // The earlier ones first: what was changed looks for what it was made of.
        wanted.sort_by_key(|wanted| (wanted.due.record, wanted.due.position));
        Ok(wanted)
    }

    /// Keeps the hash of a fetched picture and what it looks like; true when it was read.
    fn keep_picture(
        &self,
        address: AddressHash,
        fetched: Result<FetchedPicture, MediaError>,
    ) -> Result<bool, AppError> {
        let now = self.settings().now();
        let picture = match fetched {
            Ok(fetched) => Picture::decode(&fetched.bytes).map_err(|error| error.to_string()),
            Err(error) if error.may_pass() => {
                let due_at = retry_at(now, &error);
                self.archive().record_picture(address, &PictureOutcome::Retry { due_at }, now)?;
                return Ok(false);
            }
            Err(error) => Err(error.to_string()),
        };
        let picture = match picture {
            Ok(picture) => picture,
            Err(reason) => {
                tracing::debug!(workspace = self.info().slug.as_str(), reason, "a picture was not read");
                self.archive().record_picture(address, &PictureOutcome::Failed, now)?;
                return Ok(false);
            }
        };
        let fingerprint = picture.fingerprint();
        let outcome = PictureOutcome::Read {
            hash: fingerprint.hash.to_bytes(),
            quality: fingerprint.quality,
            plain: fingerprint.is_plain(),
            version: METHOD_VERSION,
        };
        let changed = self.changed_matches(&picture)?;
        let mut held = self.pictures().lock();
        let ids = self.archive().record_picture(address, &outcome, now)?;
        if let Some(index) = held.as_mut() {
            for id in &ids {
                index.insert(id.unsigned_abs(), fingerprint.hash);
            }
        }
        drop(held);
        for id in ids {
            self.archive().record_picture_matches(id, &changed)?;
        }
        Ok(true)
    }

    /// Known pictures that a picture looks like only after a change, nearest first.
    fn changed_matches(&self, picture: &Picture) -> Result<Vec<PictureMatch>, AppError> {
        let variants = picture.query_variants();
        let mut matches = self.with_pictures(|index| {
            let mut matches: Vec<PictureMatch> = Vec::new();
            let mut as_it_is = std::collections::HashSet::new();
            for query in &variants {
                for hit in index.find(&query.hash) {
                    let Ok(other) = i64::try_from(hit.key) else { continue };
                    if query.variant == Variant::Same {
                        as_it_is.insert(other);
                    } else if !as_it_is.contains(&other) {
                        let variant = query.variant.name().to_owned();
                        matches.push(PictureMatch {
                            other,
                            distance: hit.distance,
                            variant,
                            reversed: false,
                        });
                    }
                }
            }
            matches
        })?;
        matches.sort_by_key(|found| (found.other, found.distance));
        matches.dedup_by_key(|found| found.other);
        matches.sort_by_key(|found| (found.distance, found.other));
        Ok(matches)
    }
}

fn retry_at(now: Timestamp, error: &MediaError) -> Timestamp {
    let asked = error.retry_after_ms().and_then(|ms| i64::try_from(ms).ok());
    now.plus(asked.unwrap_or(RETRY_MS).max(RETRY_MS))
}

/// Runs work that reads the disk or computes away from the network's threads.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        // It ended with the program, or broke and said so itself.
        Err(_) => Err(AppError::Interrupted),
    }
}
