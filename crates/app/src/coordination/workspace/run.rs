//! Looking for groups in the archive of a workspace, in the background.
//!
//! In: the posts of the last [`DAYS`] days. Out: a report that is kept until
//! the next run or a rebuild, see `kept`; [`DetectionState`] meanwhile.
//! Errors: [`AppError`]; what fails in the background stands in the state.
//! Cost: reading, about 20 µs a post; then that of
//! [`detect`](crate::coordination::detect::detect). Memory: about
//! [`Settings::coordination_memory`](crate::Settings), see
//! [`Observed`]; the rest is in files without a name in the workspace's folder.
//! Limits: [`POSTS_MAX`]; older posts are left out and counted. One run at a
//! time. Likes and follows are in no archive.

use crate::coordination::detect::{DetectSettings, detect};
use crate::coordination::observed::Observed;
use crate::coordination::report::views::Report;
use crate::coordination::workspace::decisions::dismissed_of;
use crate::coordination::workspace::gather::gather;
use crate::coordination::workspace::held::Coordinated;
use crate::coordination::workspace::kept::Kept;
use crate::listening::Workspace;
use crate::{Actor, AppError};
use model::query::{Expr, Field};
use model::time::DAY_MS;
use model::{AccountKey, Permission, RecordKey, RecordKind};
use networks::Mapped;
use serde::Serialize;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::index::Labels;

/// Days that a run looks back.
pub const DAYS: u32 = 90;
/// Most posts that a run looks at, the newest.
pub const POSTS_MAX: u64 = 5_000_000;
/// Records read at once.
const CHUNK: usize = 2_000;
/// Share of the work that is reading.
const READING_SHARE: f32 = 0.4;

/// What a run looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionRequest {
    /// Days back.
    pub days: u32,
    /// Most posts, at most [`POSTS_MAX`].
    pub posts_max: u64,
    /// How groups are looked for.
    pub settings: DetectSettings,
}

impl Default for DetectionRequest {
    fn default() -> Self {
        Self { days: DAYS, posts_max: POSTS_MAX, settings: DetectSettings::default() }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct DetectionProgress {
    /// Posts read.
    pub read: u64,
    /// Posts to read.
    pub total: u64,
    /// Share of all the work that is done, 0–1.
    pub share: f32,
}

/// Whether groups are being looked for, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DetectionState {
    /// How far the run in progress is.
    pub running: Option<DetectionProgress>,
    /// Why the last run of this start of the program came to nothing, in English.
    pub failed: Option<String>,
}

/// Ends a run that panics, so that another can begin.
struct Ending<'a>(&'a Coordinated);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end(Some(AppError::Interrupted));
        }
    }
}

impl Workspace {
    /// Begins to look for groups in the background; nothing new happens while
    /// a run is in progress.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::File`] when no thread can be started.
    pub fn detect_coordination(self: &Arc<Self>, actor: &Actor) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        if !self.coordinated().begin() {
            return Ok(());
        }
        let (workspace, actor) = (Arc::clone(self), actor.clone());
        let spawned = std::thread::Builder::new().name("coordination".to_owned()).spawn(move || {
            let _ending = Ending(workspace.coordinated());
            let outcome = workspace.run(&actor, &DetectionRequest::default());
            if let Err(error) = &outcome
                && !matches!(error, AppError::Interrupted)
            {
                tracing::error!(workspace = workspace.info().slug.as_str(), %error, "looking for groups failed");
            }
            workspace.coordinated().end(outcome.err());
        });
        spawned.map(drop).map_err(|error| {
            self.coordinated().end(None);
            AppError::file(self.folder(), error)
        })
    }

    /// Looks for groups and waits for the end: for the command line.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`] while another run is in
    /// progress, [`AppError::Interrupted`] when it was stopped.
    pub fn detect_coordination_now(&self, actor: &Actor, request: &DetectionRequest) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        if !self.coordinated().begin() {
            return Err(AppError::invalid("run", "groups are being looked for already: let it finish first"));
        }
        let _ending = Ending(self.coordinated());
        let outcome = self.run(actor, request);
        self.coordinated().end(None);
        outcome
    }

    /// Stops the run in progress; what was found before stays.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn stop_detection(&self, actor: &Actor) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        self.coordinated().stop();
        Ok(())
    }

    /// How far the run in progress is, and how the last one ended.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn detection_state(&self, actor: &Actor) -> Result<DetectionState, AppError> {
        actor.require(Permission::Read)?;
        Ok(DetectionState { running: self.coordinated().progress(), failed: self.coordinated().failure() })
    }

    fn run(&self, actor: &Actor, request: &DetectionRequest) -> Result<(), AppError> {
        let now = self.settings().now();
        let since = now.plus(-i64::from(request.days) * DAY_MS);
        // Nobody writes meanwhile: what comes later is counted as what came since.
        let (upto, (ids, over_limit)) = self.with_all_indexed(|| {
            let expr = Expr::Field(Field::Since(since));
            Ok((self.index().committed_upto(), self.choose(&expr, request.posts_max.min(POSTS_MAX))?))
        })?;
        let (mut observed, records) = self.observe(&ids)?;
        observed.close();
        observed.check()?;
        self.settings().mark("search_observed");
        let total = ids.len() as u64;
        let coordinated = self.coordinated();
        let detection = detect(&observed, &request.settings, &mut |done| {
            let share = READING_SHARE + done * (1.0 - READING_SHARE);
            observed.check()?;
            coordinated.advance(DetectionProgress { read: total, total, share })
        })?;
        let mut report = Report::of(&observed, &detection);
        let groups_left_out =
            report.groups.len().saturating_sub(crate::coordination::workspace::kept::GROUPS_MAX) as u64;
        report.groups.truncate(crate::coordination::workspace::kept::GROUPS_MAX);
        self.settings().mark("search_detected");
        let before = coordinated.kept();
        let dismissed = dismissed_of(&report.groups, &self.archive().group_decisions()?);
        let cascades_of = |ids: &[i64]| Ok(self.index().cascades_of(ids)?);
        let mut groups = gather(&observed, &detection, &report, &dismissed, &records, cascades_of)?;
        crate::coordination::workspace::map::place(&report, &mut groups, before.as_deref());
        let mut kept = Kept {
            run_at: now,
            since,
            before: before.as_ref().map(|before| before.run_at),
            over_limit,
            groups_left_out,
            upto,
            groups,
            sources: std::collections::BTreeMap::new(),
            past: before
                .as_deref()
                .map(crate::coordination::workspace::decisions::past_of)
                .unwrap_or_default(),
            records: std::collections::HashSet::new(),
            report,
        };
        kept.sources = crate::coordination::workspace::gather::sources(&observed, &records, &kept.strings());
        // What could not be read back must not be kept as if it had not been there.
        observed.check()?;
        drop(observed);
        let found = kept.report.groups.len();
        let details = serde_json::json!({
            "posts": total, "left_out": over_limit, "days": request.days, "groups": found,
        });
        // First, so that no result is there without a trace of who asked for it.
        self.archive().record_audit(actor.user, "coordination_run", &details, self.settings().now())?;
        self.settings().mark("search_audited");
        self.install_coordination(kept, &dismissed)?;
        self.settings().mark("search_installed");
        self.raise_alerts_of_run()
    }

    /// The newest posts that match, at most `limit`, by rising record id; and
    /// how many there are besides.
    fn choose(&self, expr: &Expr, limit: u64) -> Result<(Vec<i64>, u64), AppError> {
        let labels = Labels::new();
        let over_limit = self.index().count(expr, &labels)?.saturating_sub(limit);
        let (mut ids, mut passed) = (Vec::new(), 0);
        // Oldest first: those past the limit come first.
        self.index().scan(expr, &labels, |hit| {
            passed += 1;
            if passed > over_limit {
                ids.push(hit.id);
            }
            ControlFlow::Continue(())
        })?;
        ids.sort_unstable();
        Ok((ids, over_limit))
    }

    /// What posts show, with the record of each that was taken.
    fn observe(&self, ids: &[i64]) -> Result<(Observed, Vec<i64>), AppError> {
        let mut observed = Observed::within(self.coordinated().spools(self.settings().coordination_memory)?);
        let mut records = Vec::with_capacity(ids.len());
        let total = ids.len() as u64;
        for chunk in ids.chunks(CHUNK) {
            let read = records.len() as u64 + observed.left_out;
            let share = READING_SHARE * read as f32 / total.max(1) as f32;
            self.coordinated().advance(DetectionProgress { read, total, share })?;
            observed.check()?;
            for (id, post) in self.posts_of(chunk)? {
                let before = observed.posts.len();
                observed.add_post(&post);
                if observed.posts.len() > before {
                    records.push(id);
                }
            }
        }
        self.complete_accounts(&mut observed)?;
        Ok((observed, records))
    }

    /// Networks whose posts carry only an identifier tell the rest of an
    /// account apart from its posts.
    fn complete_accounts(&self, observed: &mut Observed) -> Result<(), AppError> {
        let nameless: Vec<u32> = observed.nameless().collect();
        for number in nameless {
            let Some(key) = AccountKey::parse(observed.accounts.name(number)) else { continue };
            if let Some(account) = self.account_record(&key)? {
                observed.complete(number, &account);
            }
        }
        Ok(())
    }

    fn account_record(&self, key: &AccountKey) -> Result<Option<model::Account>, AppError> {
        let key = RecordKey::of(RecordKind::Account, key.network, &key.native_id);
        let Some(record) = self.archive().find_record(key)? else { return Ok(None) };
        Ok(match networks::map(&record.raw) {
            Ok(Mapped::Account(account)) => Some(*account),
            _ => None,
        })
    }
}
