//! What one can do with Atalaya: use cases, permissions, the ingest pipeline,
//! schedules and audit.
//!
//! In: requests of the web face and the command line, batches of networks and
//! files. Out: views for pages and machines. Errors: [`AppError`].
//! No HTML, HTTP, SQL or wire format appears here.

pub mod access;
pub mod alerts;
mod backup;
pub mod coordination;
#[cfg(debug_assertions)]
mod crash;
mod error;
pub mod listening;
mod plugged;
mod settings;
pub mod spreadsheet;
#[cfg(test)]
mod trial;
pub mod understanding;

pub use access::Actor;
#[cfg(debug_assertions)]
pub use crash::CrashPoint;
pub use error::{AppError, Cause};
pub use plugged::{ToneJudgement, ToneModel};
pub use settings::{COORDINATION_MEMORY, COORDINATION_MEMORY_MIN, Settings};

use listening::Workspace;
use model::Timestamp;
use networks::listening::AllowRule;
use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::instance::{Instance, Slug};

/// The running program: one data folder with its people and workspaces.
pub struct App {
    settings: Settings,
    instance: Instance,
    /// Held as long as the program runs: one process owns a data folder.
    _lock: File,
    client: networks::listening::Client,
    workspaces: Mutex<HashMap<String, Arc<Workspace>>>,
    tone_model: Mutex<Option<Arc<ToneModel>>>,
}

impl App {
    /// Opens a data folder, and makes it when it is not there.
    ///
    /// # Errors
    /// [`AppError`] when the folder cannot be used or was written by a newer program.
    pub fn open(settings: Settings) -> Result<Arc<Self>, AppError> {
        let lock = lock_folder(&settings.folder)?;
        let instance = Instance::open(&settings.folder, settings.now())?;
        let client = networks::listening::Client::new(networks::listening::ClientSettings {
            allow_private: settings
                .allow_private
                .iter()
                .map(|rule| AllowRule::parse(rule))
                .collect::<Result<_, _>>()
                .map_err(|error| AppError::invalid("allow_private", error.to_string()))?,
            contact: settings.contact.clone(),
            poll_ms_min: settings.poll_ms_min,
        })?;
        Ok(Arc::new(Self {
            settings,
            instance,
            _lock: lock,
            client,
            workspaces: Mutex::default(),
            tone_model: Mutex::default(),
        }))
    }

    /// What the program was started with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.settings.now()
    }

    /// The operator's own tone model, read when first asked for; `None` when
    /// the settings name none. Far too slow for the stream: for single posts and files.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when its folder cannot be used; the next call tries again.
    pub fn tone_model(&self) -> Result<Option<Arc<ToneModel>>, AppError> {
        let Some(folder) = &self.settings.tone_model else { return Ok(None) };
        // Held while reading: two models in memory would be one too many.
        let mut model = self.tone_model.lock().unwrap_or_else(PoisonError::into_inner);
        if model.is_none() {
            *model = Some(Arc::new(ToneModel::open(folder, self.settings.threads)?));
        }
        Ok(model.clone())
    }

    /// People, sessions and workspaces.
    pub(crate) fn instance(&self) -> &Instance {
        &self.instance
    }

    /// The only client for outgoing connections.
    pub(crate) fn client(&self) -> &networks::listening::Client {
        &self.client
    }

    /// A workspace by its slug, opened once. Opening indexes what the index lacks.
    ///
    /// # Errors
    /// [`AppError`] when there is none or its files cannot be used.
    pub fn workspace(&self, slug: &str) -> Result<Arc<Workspace>, AppError> {
        let slug = Slug::parse(slug)?;
        // Held while opening: a workspace must never be opened twice.
        let mut open = self.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(workspace) = open.get(slug.as_str()) {
            return Ok(Arc::clone(workspace));
        }
        let info = self
            .instance
            .find_workspace(&slug)?
            .ok_or_else(|| AppError::NotFound { what: "workspace", name: slug.as_str().to_owned() })?;
        let folder = self.instance.workspace_folder(&slug);
        let workspace = Arc::new(Workspace::open(&folder, info, self.settings.clone())?);
        open.insert(slug.as_str().to_owned(), Arc::clone(&workspace));
        Ok(workspace)
    }

    /// Every workspace that is open now.
    pub fn open_workspaces(&self) -> Vec<Arc<Workspace>> {
        self.workspaces.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Opens every workspace of the data folder.
    ///
    /// # Errors
    /// The first error of a workspace that cannot be opened.
    pub fn open_all(&self) -> Result<Vec<Arc<Workspace>>, AppError> {
        self.instance.list_workspaces()?.iter().map(|info| self.workspace(info.slug.as_str())).collect()
    }
}

/// Takes the lock of a data folder, and makes the folder when it is not there.
fn lock_folder(folder: &Path) -> Result<File, AppError> {
    let path = folder.join("lock");
    std::fs::create_dir_all(folder).map_err(|error| AppError::file(folder, error))?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| AppError::file(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AppError::InUse { folder: folder.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(AppError::file(&path, error)),
    }
}
