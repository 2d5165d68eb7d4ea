//! Opening the folder of an index, or emptying it when it cannot be trusted.

use super::schema::{Fields, LAYOUT_VERSION, PackedTokenizer, TOKENIZER, layout};
use super::{IndexError, IndexReader};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::{IndexSettings, TantivyError};

/// File that holds the version of the layout.
const VERSION_FILE: &str = "layout-version";

/// A folder opened as an index.
pub(super) struct Opened {
    pub index: tantivy::Index,
    pub fields: Fields,
    pub reader: IndexReader,
    /// Highest record id that the last commit holds.
    pub upto: i64,
}

/// Opens what is in the folder.
///
/// # Errors
/// [`IndexError::NotThere`] for an empty folder or another layout, [`IndexError::Damaged`]
/// when anything in it cannot be read.
pub(super) fn open_existing(dir: &Path) -> Result<Opened, IndexError> {
    check_version(dir)?;
    // The engine checks every file's footer when it opens it; what it does with
    // a broken file is its own matter, up to a panic, and must not end us.
    let opened = catch_unwind(AssertUnwindSafe(|| open_engine(dir)));
    opened.unwrap_or_else(|_| Err(IndexError::Damaged("the engine gave up on its files".to_owned())))
}

fn check_version(dir: &Path) -> Result<(), IndexError> {
    let version = match fs::read_to_string(dir.join(VERSION_FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(IndexError::NotThere),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => String::new(),
        Err(error) => return Err(error.into()),
    };
    if version.trim() == LAYOUT_VERSION.to_string() {
        return Ok(());
    }
    let found: String = version.trim().chars().take(20).collect();
    Err(IndexError::Damaged(format!("layout version «{found}», needed is {LAYOUT_VERSION}")))
}

fn open_engine(dir: &Path) -> Result<Opened, IndexError> {
    let index = tantivy::Index::open_in_dir(dir)?;
    let (schema, fields) = layout();
    if index.schema() != schema {
        return Err(IndexError::Damaged("the fields are not the ones of this version".to_owned()));
    }
    register(&index);
    let payload = index.load_metas()?.payload;
    let upto = match payload {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| IndexError::Damaged("the last commit does not say what it holds".into()))?,
    };
    let reader = IndexReader::of(&index, fields)?;
    Ok(Opened { index, fields, reader, upto })
}

fn register(index: &tantivy::Index) {
    index.tokenizers().register(TOKENIZER, PackedTokenizer::default());
}

/// Opens a folder for reading only.
pub(super) fn open_reader(dir: &Path) -> Result<IndexReader, IndexError> {
    open_existing(dir).map(|opened| opened.reader)
}

/// True when nothing is in the folder.
pub(super) fn is_empty(dir: &Path) -> Result<bool, IndexError> {
    Ok(fs::read_dir(dir)?.next().is_none())
}

/// Makes sure that no other process writes here; released when dropped.
///
/// # Errors
/// [`IndexError::Locked`] when another does.
pub(super) fn lock(dir: &Path) -> Result<DirectoryLock, IndexError> {
    let directory = MmapDirectory::open(dir).map_err(TantivyError::from)?;
    match directory.acquire_lock(&INDEX_WRITER_LOCK) {
        Ok(lock) => Ok(lock),
        Err(LockError::LockBusy) => Err(IndexError::Locked),
        Err(LockError::IoError(error)) => Err(IndexError::Io(std::io::Error::other(error))),
    }
}

/// Empties the folder and makes a new index in it. The lock file stays, so
/// that a second process cannot slip in.
pub(super) fn create(dir: &Path) -> Result<Opened, IndexError> {
    let guard = lock(dir)?;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.path() == dir.join(&INDEX_WRITER_LOCK.filepath) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    let (schema, _) = layout();
    let settings = IndexSettings {
        // Nothing is stored: no thread and no compression for it.
        docstore_compression: tantivy::store::Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    let directory = MmapDirectory::open(dir).map_err(TantivyError::from)?;
    tantivy::Index::create(directory, schema, settings)?;
    // Written last: a folder without it was not made to the end.
    fs::write(dir.join(VERSION_FILE), format!("{LAYOUT_VERSION}\n"))?;
    drop(guard);
    open_engine(dir)
}
