//! What a workspace holds of coordination while it is open: the last run, the
//! counts since, and the run in progress.
//!
//! In: runs, posts on their way into the index, records that go. Out: what
//! pages ask for. Errors: [`AppError`] of the files.
//! Every lock is held for a moment; where one waits for another, the order is:
//! that of the index, the run, the counts, the rest.

use crate::AppError;
use crate::coordination::workspace::decisions::Memory;
use crate::coordination::workspace::groups::LiveCounts;
use crate::coordination::workspace::kept::{Change, KEPT_FILE, Kept};
use crate::coordination::workspace::live::{LIVE_FILE, Live, SAVE_MS, Sighted, UNSAVED_MAX, Watch};
use crate::coordination::workspace::reach::{Crossing, Reach};
use crate::coordination::workspace::run::DetectionProgress;
use crate::listening::Workspace;
use model::Timestamp;
use model::query::{Expr, Field};
use networks::Mapped;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use store::derived::DerivedFiles;
use store::index::Labels;
use store::spool::SpoolRoom;

/// Records counted again at once.
const CHUNK: usize = 2_000;

/// The run in progress.
#[derive(Default)]
struct Run {
    progress: Option<DetectionProgress>,
    failed: Option<String>,
    /// What happened to records meanwhile: it may have read them before.
    changes: Vec<Change>,
}

/// What is held.
pub(crate) struct Coordinated {
    files: DerivedFiles,
    run: Mutex<Run>,
    stop: AtomicBool,
    live: Mutex<Live>,
    kept: RwLock<Option<Arc<Kept>>>,
    watch: RwLock<Option<Arc<Watch>>>,
    memory: Mutex<Option<Arc<Memory>>>,
    /// The report in memory is not the one in the file.
    is_changed: AtomicBool,
}

impl Coordinated {
    /// Reads what an earlier start of the program left.
    pub(crate) fn open(folder: &Path) -> Result<Self, AppError> {
        let files = DerivedFiles::open(folder)?;
        let kept = files.load(KEPT_FILE.0, KEPT_FILE.1)?.and_then(|bytes| Kept::parse(&bytes));
        let live = match &kept {
            Some(kept) => {
                let stored = files.load(LIVE_FILE.0, LIVE_FILE.1)?;
                let stored = stored.and_then(|bytes| serde_json::from_slice::<Live>(&bytes).ok());
                stored.filter(|live| live.run_at == kept.run_at).unwrap_or_else(|| Live::of(kept))
            }
            None => Live::default(),
        };
        Ok(Self {
            files,
            run: Mutex::default(),
            stop: AtomicBool::new(false),
            live: Mutex::new(live),
            watch: RwLock::new(kept.as_ref().map(|kept| Arc::new(Watch::of(kept)))),
            kept: RwLock::new(kept.map(Arc::new)),
            memory: Mutex::default(),
            is_changed: AtomicBool::new(false),
        })
    }

    /// The last run.
    pub(crate) fn kept(&self) -> Option<Arc<Kept>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What new posts are compared with; `None` without a run.
    pub(crate) fn watch(&self) -> Option<Arc<Watch>> {
        self.watch.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counts of a group since the run.
    pub(crate) fn live_counts(&self, kept: &Kept, id: &str) -> LiveCounts {
        self.live().counts(kept, id)
    }

    /// The messages that crossed since the run, if one of them was not told as
    /// an alert yet; before them the run and their number, for [`Self::note_told`].
    pub(crate) fn untold(&self) -> Option<((Timestamp, usize), Vec<Crossing>)> {
        let (run_at, crossed) = {
            let live = self.live();
            if live.crossed().count() <= live.told {
                return None;
            }
            let own = |(group, key, reach): (&str, u64, &Reach)| (group.to_owned(), key, reach.clone());
            (live.run_at, live.crossed().map(own).collect::<Vec<_>>())
        };
        let kept = self.kept().filter(|kept| kept.run_at == run_at)?;
        let told = (run_at, crossed.len());
        Some((told, crossed.into_iter().filter_map(|one| Crossing::of(&kept, one)).collect()))
    }

    /// Notes that so many messages were told, unless another run took the place of theirs.
    pub(crate) fn note_told(&self, (run_at, count): (Timestamp, usize)) {
        let mut live = self.live();
        if live.run_at == run_at {
            live.told = count;
        }
    }

    /// True when somebody wants to know what happens to records: there is a
    /// run, or one is in progress.
    pub(crate) fn is_watching(&self) -> bool {
        self.watch().is_some() || self.progress().is_some()
    }

    fn count(&self, watch: &Watch, dismissed: &HashSet<String>, posts: &[Sighted<'_>]) {
        let mut live = self.live();
        posts.iter().for_each(|post| live.count(watch, dismissed, post));
    }

    /// Takes changes of records over, in memory; [`Self::save`] writes them.
    pub(crate) fn note(&self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let mut run = self.run();
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.as_ref().filter(|kept| changes.iter().any(|change| kept.rests_on(change))) {
            let mut changed = Kept::clone(known);
            changed.apply(&changes);
            let watch = Arc::new(Watch::of(&changed));
            *self.watch.write().unwrap_or_else(PoisonError::into_inner) = Some(watch);
            *kept = Some(Arc::new(changed));
            self.is_changed.store(true, Ordering::Relaxed);
            self.forget_memory();
        }
        if run.progress.is_some() {
            run.changes.extend(changes);
        }
    }

    /// Writes what changed; the counts at most once a minute, unless `all`.
    pub(crate) fn save(&self, now: Timestamp, all: bool) -> Result<(), AppError> {
        if self.is_changed.swap(false, Ordering::Relaxed)
            && let Some(kept) = self.kept()
            && let Err(error) = self.write_kept(&kept)
        {
            self.is_changed.store(true, Ordering::Relaxed);
            return Err(error);
        }
        let mut live = self.live();
        // A clock that jumped back must not put it off for ever.
        let is_due = all || !(0..SAVE_MS).contains(&(now.millis() - live.saved_at.millis()));
        let is_worth = live.is_changed || live.upto.saturating_sub(live.saved_upto) > UNSAVED_MAX;
        if is_worth && is_due {
            let bytes = serde_json::to_vec(&*live).map_err(unwritable)?;
            self.files.write(LIVE_FILE.0, LIVE_FILE.1, &bytes)?;
            live.saved_at = now;
            live.saved_upto = live.upto;
            live.is_changed = false;
        }
        Ok(())
    }

    fn write_kept(&self, kept: &Kept) -> Result<(), AppError> {
        let bytes = serde_json::to_vec(kept).map_err(unwritable)?;
        Ok(self.files.write(KEPT_FILE.0, KEPT_FILE.1, &bytes)?)
    }

    /// Drops the run and its counts, on the disk as well.
    pub(crate) fn drop_all(&self) -> Result<(), AppError> {
        let mut live = self.live();
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
        *self.watch.write().unwrap_or_else(PoisonError::into_inner) = None;
        *live = Live::default();
        self.is_changed.store(false, Ordering::Relaxed);
        self.forget_memory();
        self.files.remove(KEPT_FILE.0)?;
        Ok(self.files.remove(LIVE_FILE.0)?)
    }

    /// What was compared; `None` when it has to be compared again.
    pub(crate) fn memory(&self) -> Option<Arc<Memory>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_memory(&self, memory: &Arc<Memory>) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(memory));
    }

    /// Compares again when next asked: decisions or groups changed.
    pub(crate) fn forget_memory(&self) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Where a run puts what does not fit into `memory` bytes.
    pub(crate) fn spools(&self, memory: u64) -> Result<Arc<SpoolRoom>, AppError> {
        Ok(self.files.spools(memory)?)
    }

    /// Begins a run; false while one is in progress.
    pub(crate) fn begin(&self) -> bool {
        let mut run = self.run();
        if run.progress.is_some() {
            return false;
        }
        self.stop.store(false, Ordering::Relaxed);
        *run = Run { progress: Some(DetectionProgress::default()), ..Run::default() };
        true
    }

    /// Notes how far the run is.
    pub(crate) fn advance(&self, progress: DetectionProgress) -> Result<(), AppError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(AppError::Interrupted);
        }
        self.run().progress = Some(progress);
        Ok(())
    }

    /// Ends a run, with what it failed of.
    pub(crate) fn end(&self, error: Option<AppError>) {
        *self.run() = Run { failed: error.map(|error| error.to_string()), ..Run::default() };
    }

    /// Asks the run in progress to stop.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// How far the run in progress is.
    pub(crate) fn progress(&self) -> Option<DetectionProgress> {
        self.run().progress
    }

    /// Why the last run came to nothing.
    pub(crate) fn failure(&self) -> Option<String> {
        self.run().failed.clone()
    }

    /// Puts a new run in place of the last one; nobody writes posts meanwhile.
    fn install(&self, mut kept: Kept, mut live: Live) -> Result<(), AppError> {
        let mut run = self.run();
        kept.apply(&std::mem::take(&mut run.changes));
        self.write_kept(&kept)?;
        live.is_changed = true;
        let mut held = self.live();
        *held = live;
        *self.watch.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(Watch::of(&kept)));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(kept));
        self.is_changed.store(false, Ordering::Relaxed);
        self.forget_memory();
        Ok(())
    }
}

fn unwritable(error: serde_json::Error) -> AppError {
    AppError::invalid("coordination", error.to_string())
}

impl Workspace {
    /// Puts a new run in place, with what arrived since its posts were chosen;
    /// `dismissed` are those of its groups that the team said are innocent.
    pub(crate) fn install_coordination(
        &self,
        kept: Kept,
        dismissed: &HashSet<String>,
    ) -> Result<(), AppError> {
        let watch = Watch::of(&kept);
        let mut live = Live::of(&kept);
        // Most of it while posts go on arriving, the rest while they wait.
        self.count_again(&watch, dismissed, &mut live)?;
        self.with_all_indexed(|| {
            self.count_again(&watch, dismissed, &mut live)?;
            self.coordinated().install(kept, live)
        })
    }

    /// Counts posts on their way into the index, by rising record id.
    pub(crate) fn count_coordination(&self, mut posts: Vec<Sighted<'_>>) -> Result<(), AppError> {
        let Some(watch) = self.coordinated().watch() else { return Ok(()) };
        let memory = Memory::load(self)?;
        for post in &mut posts {
            self.look_for_life(&watch, post)?;
        }
        self.coordinated().count(&watch, memory.dismissed(), &posts);
        Ok(())
    }

    /// An account of which we hold another post is not inactive, whatever its network counts.
    fn look_for_life(&self, watch: &Watch, post: &mut Sighted<'_>) -> Result<(), AppError> {
        if post.quiet_days.is_none() || !post.is_new || !watch.concerns(post) {
            return Ok(());
        }
        let expr = Expr::Field(Field::Author(post.author.to_owned()));
        let (id, mut lives) = (post.id, false);
        self.index().scan(&expr, &Labels::new(), |hit| {
            lives |= hit.id != id;
            if lives { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        post.quiet_days = post.quiet_days.filter(|_| !lives);
        Ok(())
    }

    /// Counts what arrived since the counts were written; what the index lacks
    /// is counted when it is indexed.
    pub(crate) fn resume_coordination(&self) -> Result<(), AppError> {
        let Some(watch) = self.coordinated().watch() else { return Ok(()) };
        let memory = Memory::load(self)?;
        self.count_again(&watch, memory.dismissed(), &mut self.coordinated().live())
    }

    fn count_again(
        &self,
        watch: &Watch,
        dismissed: &HashSet<String>,
        live: &mut Live,
    ) -> Result<(), AppError> {
        let end = self.index().committed_upto();
        let mut after = live.upto;
        while after < end {
            let records = self.archive().records_after(after, CHUNK)?;
            let Some(last) = records.last() else { break };
            after = last.id;
            let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
            let cascades = self.index().cascades_of(&ids)?;
            for record in records.iter().filter(|record| record.id <= end) {
                let Ok(Mapped::Post(post)) = networks::map(&record.raw) else { continue };
                let sight = watch.sight(&post);
                let mut sighted = Sighted {
                    id: record.id,
                    author: &post.author.key.to_text(),
                    sight: &sight,
                    cascade: cascades.get(&record.id).copied(),
                    time: post.time(record.raw.fetched_at).0,
                    quiet_days: sight.quiet_days,
                    is_new: true,
                };
                self.look_for_life(watch, &mut sighted)?;
                live.count(watch, dismissed, &sighted);
            }
        }
        Ok(())
    }
}
