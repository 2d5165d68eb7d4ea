//! Bytes that a computation needs until it ends: in memory up to a limit, past
//! it in files without a name.
//!
//! In: bytes, appended. Out: the same bytes by place. A file has no name from
//! the moment it is made, so that nothing of it is left when the program ends,
//! however it ends; where a system cannot do that, what is left is removed when
//! the [`SpoolRoom`] is opened again.
//! Errors: the first failure is kept by the room and told by
//! [`SpoolRoom::check`], to be asked often: after it nothing that was read counts.
//! Cost: appending is a copy, and now and then a write of what a spool holds; a
//! read of what was written is one system call.
//! Limits: the limit is of what the room's spools hold together, with what is
//! told to be taken by others; who holds most writes first. Each spool keeps one
//! chunk in memory whatever the limit.

use crate::error::StoreError;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Bytes of a chunk, at most; a 1,024th of the limit where that is less.
pub const CHUNK_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a chunk, at least.
const CHUNK_BYTES_MIN: usize = 4 * 1024;
/// What is written at once when the limit is reached: one part of it in so many.
const WRITTEN_SHARE: u64 = 8;
/// The folder inside that of a workspace.
pub const SPOOL_FOLDER: &str = "spool";

/// What the spools of one computation share.
#[derive(Debug)]
pub struct SpoolRoom {
    /// Where files are made; `None` when everything stays in memory.
    folder: Option<PathBuf>,
    limit: u64,
    chunk: usize,
    /// What others hold of the limit.
    reserved: AtomicU64,
    /// What chunks hold, full or not.
    held: AtomicU64,
    spilled: AtomicU64,
    spools: Mutex<Vec<Weak<Mutex<Content>>>>,
    failure: Mutex<Option<StoreError>>,
}

impl SpoolRoom {
    /// A room that keeps everything in memory.
    pub fn memory() -> Arc<Self> {
        Arc::new(Self::new(None, u64::MAX))
    }

    /// A room whose spools hold `limit` bytes in memory, together, and the rest
    /// in files of `folder`, which is made if need be. What a sudden end left
    /// in `folder` is removed: nothing else may be in it.
    ///
    /// # Errors
    /// [`StoreError::Folder`].
    pub fn open(folder: &Path, limit: u64) -> Result<Arc<Self>, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::folder(folder))?;
        sweep(folder)?;
        Ok(Self::beside(folder, limit))
    }

    /// The same in a folder that others use too.
    pub fn beside(folder: &Path, limit: u64) -> Arc<Self> {
        Arc::new(Self::new(Some(folder.to_owned()), limit))
    }

    fn new(folder: Option<PathBuf>, limit: u64) -> Self {
        let chunk = usize::try_from(limit / 1024).unwrap_or(CHUNK_BYTES_MAX);
        Self {
            folder,
            limit,
            chunk: chunk.clamp(CHUNK_BYTES_MIN, CHUNK_BYTES_MAX),
            reserved: AtomicU64::new(0),
            held: AtomicU64::new(0),
            spilled: AtomicU64::new(0),
            spools: Mutex::new(Vec::new()),
            failure: Mutex::new(None),
        }
    }

    /// Bytes that its spools may hold in memory.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Tells how many bytes of the limit are taken by what is no spool; the
    /// spools have the rest, and an eighth at least. What they hold beyond that
    /// is written now.
    pub fn reserve(&self, bytes: u64) {
        self.reserved.store(bytes.min(self.limit / 8 * 7), Ordering::Relaxed);
        self.make_room();
    }

    /// Lets the spools that hold most write until there is room again.
    fn make_room(&self) {
        let limit = self.limit - self.reserved.load(Ordering::Relaxed).min(self.limit);
        let held = || self.held.load(Ordering::Relaxed);
        if self.folder.is_none() || held() <= limit {
            return;
        }
        let spools: Vec<_> = lock(&self.spools).iter().filter_map(Weak::upgrade).collect();
        let mut full: Vec<_> = spools
            .iter()
            .map(|content| (lock(content).chunks.len(), content))
            .filter(|(_, content)| lock(content).has_full_chunk(self.chunk))
            .collect();
        full.sort_by_key(|(chunks, _)| std::cmp::Reverse(*chunks));
        for (_, content) in full {
            lock(content).spill(self);
            if held() <= limit - limit / WRITTEN_SHARE {
                break;
            }
        }
    }

    /// Bytes that were written to files.
    pub fn spilled(&self) -> u64 {
        self.spilled.load(Ordering::Relaxed)
    }

    /// Whether everything that was written and read is as it should be.
    ///
    /// # Errors
    /// The first failure, once: [`StoreError::Full`], [`StoreError::Folder`].
    pub fn check(&self) -> Result<(), StoreError> {
        lock(&self.failure).take().map_or(Ok(()), Err)
    }

    fn fail(&self, error: std::io::Error) {
        let path = self.folder.clone().unwrap_or_default();
        let error = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full { path },
            _ => StoreError::folder(&path)(error),
        };
        lock(&self.failure).get_or_insert(error);
    }
}

/// Removes what a sudden end left in a folder of spools; nothing when there is no folder.
///
/// # Errors
/// [`StoreError::Folder`].
pub fn sweep(folder: &Path) -> Result<(), StoreError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(StoreError::folder(folder))?,
    };
    for entry in entries {
        let path = entry.map_err(StoreError::folder(folder))?.path();
        fs::remove_file(&path).map_err(StoreError::folder(&path))?;
    }
    Ok(())
}

/// Bytes in the order in which they were appended.
#[derive(Debug)]
pub struct Spool {
    room: Arc<SpoolRoom>,
    /// Locked by its own spool, and by others when there is no room.
    content: Arc<Mutex<Content>>,
    length: u64,
}

/// What a spool consists of.
#[derive(Debug, Default)]
struct Content {
    /// Bytes in the file.
    filed: u64,
    file: Option<File>,
    /// What comes after them: all but the last chunk are full.
    chunks: Vec<Vec<u8>>,
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Spool {
    /// An empty one.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        let content = Arc::<Mutex<Content>>::default();
        let mut spools = lock(&room.spools);
        spools.retain(|spool| spool.strong_count() > 0);
        spools.push(Arc::downgrade(&content));
        drop(spools);
        Self { room: Arc::clone(room), content, length: 0 }
    }

    /// Bytes appended.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// True when nothing was appended.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends bytes and tells their place.
    pub fn push(&mut self, bytes: &[u8]) -> u64 {
        let place = self.length;
        self.length += bytes.len() as u64;
        let size = self.room.chunk;
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut content = lock(&self.content);
            let Some(last) = content.chunks.last_mut().filter(|chunk| chunk.len() < size) else {
                drop(content);
                self.room.held.fetch_add(size as u64, Ordering::Relaxed);
                self.room.make_room();
                lock(&self.content).chunks.push(Vec::with_capacity(size));
                continue;
            };
            let (now, later) = rest.split_at(rest.len().min(size - last.len()));
            last.extend_from_slice(now);
            rest = later;
        }
        place
    }

    /// Copies the bytes at a place; past the end they are zero, and false is told.
    pub fn read(&self, place: u64, into: &mut [u8]) -> bool {
        if place.saturating_add(into.len() as u64) > self.len() {
            into.fill(0);
            return false;
        }
        lock(&self.content).read(place, into, &self.room);
        true
    }
}

impl Content {
    fn has_full_chunk(&self, size: usize) -> bool {
        self.chunks.first().is_some_and(|chunk| chunk.len() >= size)
    }

    /// Copies the bytes at a place, which are there.
    fn read(&self, place: u64, into: &mut [u8], room: &SpoolRoom) {
        let in_file = self.filed.saturating_sub(place).min(into.len() as u64) as usize;
        let (filed, held) = into.split_at_mut(in_file);
        if !filed.is_empty() {
            // Without a file writing has failed, which the room knows.
            let read =
                self.file.as_ref().map_or(Ok(false), |file| read_at(file, filed, place).map(|()| true));
            match read {
                Ok(true) => {}
                Ok(false) => filed.fill(0),
                Err(error) => {
                    filed.fill(0);
                    room.fail(error);
                }
            }
        }
        let mut at = place.saturating_sub(self.filed) as usize;
        let mut rest = held;
        while !rest.is_empty() {
            let chunk = self.chunks.get(at / room.chunk).map(Vec::as_slice).unwrap_or_default();
            let here = chunk.get(at % room.chunk..).unwrap_or_default();
            let count = here.len().min(rest.len());
            if count == 0 {
                break;
            }
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(here.get(..count).unwrap_or_default());
            rest = later;
            at += count;
        }
    }

    /// Writes what is held to the file; it stays in memory when that fails.
    fn spill(&mut self, room: &SpoolRoom) {
        let Some(folder) = &room.folder else { return };
        let mut write = || -> std::io::Result<File> {
            let mut file = match self.file.take() {
                Some(file) => file,
                None => tempfile::tempfile_in(folder)?,
            };
            seek_to(&mut file, self.filed)?;
            for chunk in &self.chunks {
                file.write_all(chunk)?;
            }
            Ok(file)
        };
        match write() {
            Ok(file) => {
                self.file = Some(file);
                let written: u64 = self.chunks.iter().map(|chunk| chunk.len() as u64).sum();
                self.filed += written;
                room.spilled.fetch_add(written, Ordering::Relaxed);
                self.let_go(room);
            }
            Err(error) => room.fail(error),
        }
    }

    fn let_go(&mut self, room: &SpoolRoom) {
        room.held.fetch_sub((self.chunks.len() * room.chunk) as u64, Ordering::Relaxed);
        self.chunks = Vec::new();
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        lock(&self.content).let_go(&self.room);
    }
}

fn seek_to(file: &mut File, place: u64) -> std::io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(place)).map(|_| ())
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], place: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, place)
}

#[cfg(not(unix))]
fn read_at(file: &File, into: &mut [u8], place: u64) -> std::io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    // A second handle has its own place only where the system gives it one: two
    // readers must not share a spool there.
    let mut file = file;
    file.seek(SeekFrom::Start(place))?;
    file.read_exact(into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|at| (at * 31 % 251) as u8).collect()
    }

    #[test]
    fn what_was_appended_is_read_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let whole = bytes(100_000);
        for limit in [u64::MAX, 1_000_000, 50_000, 0] {
            let room = SpoolRoom::open(folder.path(), limit).unwrap();
            let mut spool = Spool::new(&room);
            for (at, part) in whole.chunks(777).enumerate() {
                assert_eq!(spool.push(part), at as u64 * 777);
            }
            assert_eq!(spool.len(), 100_000);
            assert_eq!(room.spilled() > 0, limit < 100_000, "{limit}");
            for (from, count) in [(0, 100_000), (0, 0), (1, 9_999), (49_000, 3_000), (99_990, 10)] {
                let mut read = vec![1; count];
                assert!(spool.read(from as u64, &mut read), "{limit} {from} {count}");
                assert_eq!(read, whole[from..from + count], "{limit} {from} {count}");
            }
            assert!(!spool.read(99_991, &mut [0; 10]));
            room.check().unwrap();
        }
    }

    #[test]
    fn little_stays_in_memory_and_nothing_has_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let room = SpoolRoom::open(folder.path(), 64 * 1024).unwrap();
        let mut spools = [Spool::new(&room), Spool::new(&room)];
        for part in bytes(1_000_000).chunks(100) {
            spools.iter_mut().for_each(|spool| {
                spool.push(part);
            });
        }
        assert!(room.held.load(Ordering::Relaxed) <= 64 * 1024 + 2 * CHUNK_BYTES_MIN as u64);
        assert!(room.spilled() > 1_900_000);
        // What others take is given up at once, but for a chunk of each.
        room.reserve(60 * 1024);
        assert!(room.held.load(Ordering::Relaxed) <= 2 * CHUNK_BYTES_MIN as u64);
        if cfg!(unix) {
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
        drop(spools);
        assert_eq!(room.held.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_a_sudden_end_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".tmpAb12"), b"received").unwrap();
        SpoolRoom::open(folder.path(), 1).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        sweep(&folder.path().join("nowhere")).unwrap();
    }

    #[test]
    fn a_disk_that_fails_is_told_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("gone");
        let room = SpoolRoom::open(&place, 0).unwrap();
        fs::remove_dir(&place).unwrap();
        let mut spool = Spool::new(&room);
        let whole = bytes(20_000);
        spool.push(&whole);
        assert!(matches!(room.check(), Err(StoreError::Folder { .. })));
        let mut read = vec![0; 20_000];
        assert!(spool.read(0, &mut read) && read == whole);
    }
}
