//! One client's archive, index and live matcher.

use super::export::clear_half_written;
use super::ingest::{Arrived, IndexState};
use super::running::{Running, clear_uploads};
use super::voices::Voices;
use crate::alerts::OpenAlerts;
use crate::coordination::Coordinated;
use crate::understanding::{KnownPictures, Taught, TopicAnswers};
use crate::{AppError, Settings};
use analysis::copies::Copies;
use analysis::matching::Matcher;
use model::listening::SavedQuery;
use model::query::{Expr, Field, parse};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use store::archive::Archive;
use store::index::{Index, Labels, OpenOutcome};
use store::instance::Workspace as WorkspaceInfo;

/// Batches of arrivals that a slow reader of the live stream may lag behind
/// before it loses the oldest.
const LIVE_BATCHES_MAX: usize = 256;

/// The queries of a workspace, compiled.
pub(crate) struct Compiled {
    /// All of them together, for what arrives.
    pub matcher: Matcher,
    /// Each with its expression, in the order of the list.
    pub queries: Vec<(SavedQuery, Expr)>,
    /// At least one asks for a cascade.
    pub has_cascades: bool,
}

/// One workspace, open.
pub struct Workspace {
    info: WorkspaceInfo,
    folder: PathBuf,
    settings: Settings,
    archive: Archive,
    index: Index,
    compiled: RwLock<Arc<Compiled>>,
    state: Mutex<IndexState>,
    live: tokio::sync::broadcast::Sender<Arc<Vec<Arrived>>>,
    running: Running,
    voices: Voices,
    copies: Mutex<Copies>,
    taught: RwLock<Arc<Taught>>,
    topic_answers: TopicAnswers,
    pictures: KnownPictures,
    coordinated: Coordinated,
    alerts: OpenAlerts,
}

impl Workspace {
    /// Opens the files of a workspace, and indexes what the index lacks: after
    /// a crash the last seconds, after a lost index everything.
    pub(crate) fn open(folder: &Path, info: WorkspaceInfo, settings: Settings) -> Result<Self, AppError> {
        let archive = Archive::open(folder, settings.now())?;
        archive.interrupt_running_imports(settings.now())?;
        clear_uploads(folder)?;
        clear_half_written(folder, &archive)?;
        let (index, outcome) = Index::open(&folder.join("index"))?;
        if let OpenOutcome::Rebuilt { reason } = &outcome {
            tracing::warn!(workspace = info.slug.as_str(), %reason, "the search index is made again from the archive");
        }
        let compiled = compile(archive.list_queries()?)?;
        let open_alerts = archive.count_open_alerts()?;
        let workspace = Self {
            info,
            folder: folder.to_owned(),
            settings,
            archive,
            index,
            compiled: RwLock::new(Arc::new(compiled)),
            state: Mutex::new(IndexState::default()),
            live: tokio::sync::broadcast::channel(LIVE_BATCHES_MAX).0,
            running: Running::default(),
            voices: Voices::default(),
            copies: Mutex::new(Copies::new(0)),
            taught: RwLock::default(),
            topic_answers: TopicAnswers::default(),
            pictures: KnownPictures::default(),
            coordinated: Coordinated::open(folder)?,
            alerts: OpenAlerts::new(open_alerts),
        };
        workspace.teach_anew()?;
        workspace.load_copies()?;
        workspace.resume_coordination()?;
        workspace.index_missing(&mut |_| {})?;
        workspace.raise_alerts_of_run()?;
        if workspace.archive.scrub_due()?.is_some() {
            workspace.scrub()?;
        }
        Ok(workspace)
    }

    /// Name, time zone and language.
    pub fn info(&self) -> &WorkspaceInfo {
        &self.info
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What arrives from now on, after it became searchable.
    pub fn subscribe(&self) -> tokio::sync::broadcast::Receiver<Arc<Vec<Arrived>>> {
        self.live.subscribe()
    }

    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Shares of voice that are remembered.
    pub(super) fn voices(&self) -> &Voices {
        &self.voices
    }

    /// Imports of uploads and rebuilds in progress.
    pub(super) fn running(&self) -> &Running {
        &self.running
    }

    pub(super) fn subscribers(&self) -> usize {
        self.live.receiver_count()
    }

    pub(super) fn announce(&self, arrived: Vec<Arrived>) {
        // Nobody listening is not an error.
        let _ = self.live.send(Arc::new(arrived));
    }

    /// The compiled queries of this moment.
    pub(crate) fn compiled(&self) -> Arc<Compiled> {
        Arc::clone(&self.compiled.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Compiles the queries again after one changed.
    pub(super) fn reload_queries(&self) -> Result<(), AppError> {
        let fresh = Arc::new(compile(self.archive.list_queries()?)?);
        *self.compiled.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The order in which records reach database and index: whoever holds it
    /// may write, so the index never claims a record id that it lacks.
    pub(super) fn state(&self) -> MutexGuard<'_, IndexState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hot posts among which copies of new ones are sought. Taken after
    /// [`Self::state`] where both are held.
    pub(crate) fn copies(&self) -> MutexGuard<'_, Copies> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the team taught, as of this moment.
    pub(crate) fn taught(&self) -> Arc<Taught> {
        Arc::clone(&self.taught.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hashes of the pictures of posts.
    pub(crate) fn pictures(&self) -> &KnownPictures {
        &self.pictures
    }

    /// Answers about topics and questions that were given for this state.
    pub(crate) fn topic_answers(&self) -> &TopicAnswers {
        &self.topic_answers
    }

    /// The groups of the last run and what came since.
    pub(crate) fn coordinated(&self) -> &Coordinated {
        &self.coordinated
    }

    /// How many alerts are open.
    pub(crate) fn alerts(&self) -> &OpenAlerts {
        &self.alerts
    }

    pub(crate) fn set_taught(&self, taught: Taught) {
        *self.taught.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(taught);
    }

    /// The record ids of the labels that an expression asks about.
    pub(crate) fn labels_for(&self, exprs: &[&Expr]) -> Result<Labels, AppError> {
        let mut labels: Labels = HashMap::new();
        for label in exprs.iter().flat_map(|expr| expr.labels()) {
            if !labels.contains_key(label) {
                labels.insert(label.to_owned(), self.archive.labelled_ids(label)?);
            }
        }
        Ok(labels)
    }
}

/// A stored expression was checked when it was saved; one that no longer
/// parses is our own invalid state and stops the program with its name.
fn compile(queries: Vec<SavedQuery>) -> Result<Compiled, AppError> {
    let mut parsed = Vec::with_capacity(queries.len());
    for query in queries {
        let expr = parse(&query.expression).map_err(|error| {
            AppError::invalid("query", format!("the saved query «{}» cannot be read: {error}", query.name))
        })?;
        parsed.push((query, expr));
    }
    let matcher = Matcher::new(parsed.iter().map(|(query, expr)| (query.id.unsigned_abs(), expr.clone())));
    let mut has_cascades = false;
    for (_, expr) in &parsed {
        expr.walk(&mut |part| has_cascades |= matches!(part, Expr::Field(Field::Cascade(_))));
    }
    Ok(Compiled { matcher, queries: parsed, has_cascades })
}
