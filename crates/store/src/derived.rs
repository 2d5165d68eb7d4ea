//! Files of what was computed of a workspace and can be computed again:
//! beside the index, and no more than it a place for what cannot be lost.
//!
//! In: bytes under a name with the version of their shape. Out: the same
//! bytes, or nothing when there are none, they are of another version, or
//! damaged; such a file is removed. A write appears whole or not at all.
//! Errors: [`StoreError::Folder`], [`StoreError::Full`]. Cost: one `fsync` of
//! the file and one of the folder for each write.
//! Limits: [`DERIVED_BYTES_MAX`].

use crate::error::StoreError;
use crate::spool::{self, SPOOL_FOLDER, SpoolRoom};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder inside that of a workspace.
pub const DERIVED_FOLDER: &str = "derived";
/// Largest content of a file.
pub const DERIVED_BYTES_MAX: usize = 512 * 1024 * 1024;
/// The first word of every file.
const MARK: &str = "atalaya-derived";

/// The derived files of one workspace.
#[derive(Debug)]
pub struct DerivedFiles {
    folder: PathBuf,
}

impl DerivedFiles {
    /// Those of the workspace in `folder`; what was half written is removed, and
    /// what a computation left that ended suddenly.
    ///
    /// # Errors
    /// [`StoreError::Folder`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        spool::sweep(&folder.join(SPOOL_FOLDER))?;
        let folder = folder.join(DERIVED_FOLDER);
        fs::create_dir_all(&folder).map_err(StoreError::folder(&folder))?;
        for entry in fs::read_dir(&folder).map_err(StoreError::folder(&folder))? {
            let path = entry.map_err(StoreError::folder(&folder))?.path();
            if path.extension().is_some_and(|ending| ending == "partial") {
                fs::remove_file(&path).map_err(StoreError::folder(&path))?;
            }
        }
        Ok(Self { folder })
    }

    /// A room for what a computation does not hold in `limit` bytes of memory.
    ///
    /// # Errors
    /// [`StoreError::Folder`].
    pub fn spools(&self, limit: u64) -> Result<Arc<SpoolRoom>, StoreError> {
        SpoolRoom::open(&self.folder.with_file_name(SPOOL_FOLDER), limit)
    }

    /// The content of a file; `None` when it is not there or cannot be used.
    ///
    /// # Errors
    /// [`StoreError::Folder`] when the folder cannot be read.
    pub fn load(&self, name: &'static str, version: u32) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::folder(&path)(error)),
        };
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let (head, body) = bytes.split_at(end);
        let body = body.get(1..).unwrap_or_default();
        if head == header(version, body).as_bytes() {
            return Ok(Some(body.to_vec()));
        }
        tracing::warn!(path = %path.display(), "a derived file is damaged or of another version: it is removed");
        self.remove(name)?;
        Ok(None)
    }

    /// Writes a file in place of the one before.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] past [`DERIVED_BYTES_MAX`], [`StoreError::Full`], [`StoreError::Folder`].
    pub fn write(&self, name: &'static str, version: u32, content: &[u8]) -> Result<(), StoreError> {
        if content.len() > DERIVED_BYTES_MAX {
            return Err(StoreError::invalid(
                "derived file",
                format!("{} bytes; at most {DERIVED_BYTES_MAX}", content.len()),
            ));
        }
        let path = self.path(name);
        let partial = path.with_extension("partial");
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&partial)?;
            #[cfg(unix)]
            file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
            file.write_all(header(version, content).as_bytes())?;
            file.write_all(b"\n")?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&partial, &path)?;
            File::open(&self.folder)?.sync_all()
        };
        write().map_err(|error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full { path: path.clone() },
            _ => StoreError::folder(&path)(error),
        })
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// [`StoreError::Folder`].
    pub fn remove(&self, name: &'static str) -> Result<(), StoreError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::folder(&path)(error)),
            _ => Ok(()),
        }
    }

    fn path(&self, name: &'static str) -> PathBuf {
        self.folder.join(name).with_extension("json")
    }
}

fn header(version: u32, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{MARK} {version} {hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> (tempfile::TempDir, DerivedFiles) {
        let folder = tempfile::tempdir().unwrap();
        let files = DerivedFiles::open(folder.path()).unwrap();
        (folder, files)
    }

    #[test]
    fn what_is_written_is_read_until_it_is_replaced_or_removed() {
        let (folder, files) = place();
        assert_eq!(files.load("report", 1).unwrap(), None);
        for content in [&b"{}"[..], b"", b"a\nb\n"] {
            files.write("report", 1, content).unwrap();
            assert_eq!(files.load("report", 1).unwrap().as_deref(), Some(content));
        }
        assert_eq!(DerivedFiles::open(folder.path()).unwrap().load("report", 1).unwrap().unwrap(), b"a\nb\n");
        files.remove("report").unwrap();
        files.remove("report").unwrap();
        assert_eq!(files.load("report", 1).unwrap(), None);
    }

    #[test]
    fn another_version_or_damage_is_nothing_and_removed() {
        let (folder, files) = place();
        let path = folder.path().join(DERIVED_FOLDER).join("report.json");
        files.write("report", 1, b"body").unwrap();
        assert_eq!(files.load("report", 2).unwrap(), None);
        assert!(!path.exists());
        files.write("report", 2, b"body").unwrap();
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(files.load("report", 2).unwrap(), None, "cut at {cut}");
        }
    }

    #[test]
    fn what_a_computation_left_is_removed() {
        let (folder, files) = place();
        let room = files.spools(0).unwrap();
        assert_eq!(room.limit(), 0);
        let left = folder.path().join(SPOOL_FOLDER).join(".tmpa1");
        fs::write(&left, b"received").unwrap();
        DerivedFiles::open(folder.path()).unwrap();
        assert!(!left.exists());
    }

    #[test]
    fn a_half_written_file_is_removed_and_the_one_before_stays() {
        let (folder, files) = place();
        files.write("report", 1, b"before").unwrap();
        let partial = folder.path().join(DERIVED_FOLDER).join("report.partial");
        fs::write(&partial, b"atalaya-derived 1 ").unwrap();
        let again = DerivedFiles::open(folder.path()).unwrap();
        assert!(!partial.exists());
        assert_eq!(again.load("report", 1).unwrap().unwrap(), b"before");
    }
}
