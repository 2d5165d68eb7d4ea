//! Long tasks that pages start and watch: imports of uploaded files, rebuilds.
//!
//! In: files that lie in the workspace's `uploads` folder. Out: import runs in
//! the archive; who waits; how far a rebuild is. Uploads are imported one after
//! the other on a thread of their own and removed at the end, whatever it was.
//! Errors: [`AppError`]. Limits: [`UPLOADS_WAITING_MAX`]. A program that dies
//! leaves uploads behind; [`clear_uploads`] removes them at the next start.

use super::RebuildProgress;
use super::import::ImportSource;
use super::tasks::Tasks;
use super::workspace::Workspace;
use crate::{Actor, AppError};
use model::Permission;
use networks::import::ImportOptions;
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most uploaded files that wait in one workspace.
pub const UPLOADS_WAITING_MAX: usize = 50;

/// An uploaded file that waits to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name that it had where it came from.
    pub name: String,
    /// Where it lies, as [`Workspace::upload_path`] gave it.
    pub path: PathBuf,
}

/// Failures of imports that are remembered, the newest.
pub const FAILURES_KEPT: usize = 50;

/// An upload whose import failed, since the program started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFailure {
    /// Its import; `None` when it never began.
    pub import: Option<i64>,
    /// The name of the file.
    pub name: String,
    /// Why, in English.
    pub reason: String,
}

/// What runs now.
#[derive(Default)]
pub(super) struct Running {
    /// Held while one upload is imported.
    turn: Mutex<()>,
    /// Exports and erasures.
    tasks: Tasks,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<String>,
    stops: HashMap<i64, Arc<AtomicBool>>,
    rebuild: Option<RebuildProgress>,
    failures: VecDeque<ImportFailure>,
    closing: bool,
}

impl Running {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workspace {
    /// Exports and erasures in progress.
    pub(super) fn tasks(&self) -> &Tasks {
        &self.running().tasks
    }

    /// A fresh path for an upload, in a folder that exists.
    ///
    /// # Errors
    /// [`AppError::File`], [`AppError::Invalid`] past [`UPLOADS_WAITING_MAX`].
    pub fn upload_path(&self, actor: &Actor) -> Result<PathBuf, AppError> {
        actor.require(Permission::EditSources)?;
        if self.running().state().waiting.len() >= UPLOADS_WAITING_MAX {
            return Err(AppError::invalid("files", "too many files wait: let them finish first"));
        }
        let folder = uploads_folder(self.folder());
        fs::create_dir_all(&folder).map_err(|error| AppError::file(&folder, error))?;
        Ok(folder.join(format!("{:032x}", rand::random::<u128>())))
    }

    /// Opens an upload as an import would, so that its person is told at once
    /// when nothing of it can be read. Cost: the start of the file.
    ///
    /// # Errors
    /// [`AppError::Import`], [`AppError::File`].
    pub fn check_upload(
        &self,
        actor: &Actor,
        upload: &Upload,
        options: &ImportOptions,
    ) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        let file = File::open(&upload.path).map_err(|error| AppError::file(&upload.path, error))?;
        drop(networks::import::open(&upload.name, Box::new(file), options)?);
        Ok(())
    }

    /// Imports uploads one after the other in the background.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::File`] when no thread can be started.
    pub fn begin_uploads(
        self: &Arc<Self>,
        actor: Actor,
        uploads: Vec<Upload>,
        options: ImportOptions,
    ) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        self.running().state().waiting.extend(uploads.iter().map(|upload| upload.name.clone()));
        let workspace = Arc::clone(self);
        let folder = uploads_folder(self.folder());
        std::thread::Builder::new()
            .name("uploads".to_owned())
            .spawn(move || {
                for upload in uploads {
                    workspace.import_upload(&actor, &upload, &options);
                }
            })
            .map(drop)
            .map_err(|error| AppError::file(&folder, error))
    }

    fn import_upload(&self, actor: &Actor, upload: &Upload, options: &ImportOptions) {
        let _turn = self.running().turn.lock().unwrap_or_else(PoisonError::into_inner);
        let stop = Arc::new(AtomicBool::new(false));
        let mut id = None;
        let outcome =
            File::open(&upload.path).map_err(|error| AppError::file(&upload.path, error)).and_then(|file| {
                let size_bytes = file.metadata().ok().map(|found| found.len());
                let source = ImportSource { name: upload.name.clone(), size_bytes, input: Box::new(file) };
                self.import(actor, source, options, &stop, &mut |progress| {
                    if id.is_none() {
                        id = Some(progress.id);
                        self.note_start(&upload.name, progress.id, &stop);
                    }
                })
            });
        {
            let mut state = self.running().state();
            if let Some(id) = id {
                state.stops.remove(&id);
            } else {
                forget(&mut state.waiting, &upload.name);
            }
        }
        if let Err(error) = outcome
            && !matches!(error, AppError::Interrupted)
        {
            tracing::error!(workspace = self.info().slug.as_str(), %error, "an uploaded file was not imported");
            let failure = ImportFailure { import: id, name: upload.name.clone(), reason: error.to_string() };
            let mut state = self.running().state();
            state.failures.truncate(FAILURES_KEPT - 1);
            state.failures.push_front(failure);
        }
        if let Err(error) = fs::remove_file(&upload.path) {
            tracing::error!(workspace = self.info().slug.as_str(), %error, "an upload could not be removed");
        }
    }

    fn note_start(&self, name: &str, id: i64, stop: &Arc<AtomicBool>) {
        let mut state = self.running().state();
        forget(&mut state.waiting, name);
        if state.closing {
            stop.store(true, Ordering::Relaxed);
        }
        state.stops.insert(id, Arc::clone(stop));
    }

    /// Interrupts a running import of an upload after its current batch.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it does not run (any more).
    pub fn stop_import(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        let state = self.running().state();
        let stop = state.stops.get(&id).ok_or_else(|| super::queries::missing("running import", id))?;
        stop.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Interrupts every import of an upload, now and to come; for the end of the program.
    pub fn stop_imports(&self) {
        let mut state = self.running().state();
        state.closing = true;
        for stop in state.stops.values() {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// Names of the uploads whose import has not begun.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_waiting_uploads(&self, actor: &Actor) -> Result<Vec<String>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.running().state().waiting.clone())
    }

    /// Uploads whose import failed since the program started, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_import_failures(&self, actor: &Actor) -> Result<Vec<ImportFailure>, AppError> {
        actor.require(Permission::EditSources)?;
        Ok(self.running().state().failures.iter().cloned().collect())
    }

    /// Rebuilds in the background; does nothing when a rebuild runs already.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::File`] when no thread can be started.
    pub fn begin_rebuild(self: &Arc<Self>, actor: Actor) -> Result<(), AppError> {
        actor.require(Permission::EditData)?;
        let total = self.archive().count_records()?;
        {
            let mut state = self.running().state();
            if state.rebuild.is_some() {
                return Ok(());
            }
            state.rebuild = Some(RebuildProgress { done: 0, total });
        }
        let workspace = Arc::clone(self);
        let spawned = std::thread::Builder::new().name("rebuild".to_owned()).spawn(move || {
            let outcome = workspace.rebuild(&actor, &mut |progress| {
                workspace.running().state().rebuild = Some(progress);
            });
            workspace.running().state().rebuild = None;
            if let Err(error) = outcome {
                tracing::error!(workspace = workspace.info().slug.as_str(), %error, "the rebuild failed");
            }
        });
        spawned.map(drop).map_err(|error| {
            self.running().state().rebuild = None;
            AppError::file(self.folder(), error)
        })
    }

    /// How far the rebuild is; `None` when none runs.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn rebuild_progress(&self, actor: &Actor) -> Result<Option<RebuildProgress>, AppError> {
        actor.require(Permission::EditData)?;
        Ok(self.running().state().rebuild)
    }
}

fn uploads_folder(folder: &Path) -> PathBuf {
    folder.join("uploads")
}

/// Removes one of the names.
fn forget(waiting: &mut Vec<String>, name: &str) {
    if let Some(at) = waiting.iter().position(|known| known == name) {
        waiting.remove(at);
    }
}

/// Removes what an earlier run of the program left in the uploads folder.
pub(super) fn clear_uploads(folder: &Path) -> Result<(), AppError> {
    let uploads = uploads_folder(folder);
    match fs::remove_dir_all(&uploads) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(AppError::file(&uploads, error)),
        _ => Ok(()),
    }
}
