//! Exports and erasures that pages start and watch.
//!
//! In: what is to be done. Out: [`Task`]s with their progress and what came of
//! them, the newest first. Each runs on a thread of its own; one at a time, so
//! that no export is written while an erasure removes exports. A page may be
//! closed meanwhile. Errors: [`AppError`]; what fails later stands in its task.
//! Limits: [`TASKS_UNFINISHED_MAX`], [`TASKS_KEPT`]. Tasks are forgotten when the
//! program ends: a half-written export is removed at the next start, and an
//! erasure that was cut short is completed by repeating it.

use super::data::ErasureReport;
use super::explore::parse_or_all;
use super::export::ExportFormat;
use super::workspace::Workspace;
use crate::{Actor, AppError};
use model::{AccountKey, Permission, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most tasks of one workspace that wait or run.
pub const TASKS_UNFINISHED_MAX: usize = 10;
/// Finished tasks that are remembered, the newest.
pub const TASKS_KEPT: usize = 10;

/// What a task does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskWork {
    /// Takes posts out.
    Export {
        /// The expression that chooses them; empty for all.
        expression: String,
        /// The form.
        format: ExportFormat,
    },
    /// Removes an account. Which one is not kept: a name here would undo it.
    Erasure,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// Others come first.
    Waiting,
    /// It runs.
    Running {
        /// Posts written, or records read.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// The export is in the list of exports.
    Exported {
        /// Its number there.
        export: i64,
        /// Posts in it.
        rows: u64,
    },
    /// The account is gone.
    Erased(ErasureReport),
    /// Why nothing came of it, in English.
    Failed(String),
}

impl TaskState {
    /// True as long as something is still to come.
    pub const fn is_unfinished(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running { .. })
    }
}

/// Something that runs in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number since the program started.
    pub id: u64,
    /// What it does.
    pub work: TaskWork,
    /// Who began it.
    pub by: Option<i64>,
    /// When.
    pub begun_at: Timestamp,
    /// Where it stands.
    pub state: TaskState,
}

/// The tasks of one workspace.
#[derive(Default)]
pub(super) struct Tasks {
    /// Held by whoever exports or erases.
    alone: Mutex<()>,
    list: Mutex<(u64, Vec<Task>)>,
}

impl Tasks {
    /// Waits until nobody else exports or erases.
    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn list(&self) -> MutexGuard<'_, (u64, Vec<Task>)> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, work: TaskWork, by: Option<i64>, begun_at: Timestamp) -> Result<u64, AppError> {
        let mut list = self.list();
        let (last, tasks) = &mut *list;
        if tasks.iter().filter(|task| task.state.is_unfinished()).count() >= TASKS_UNFINISHED_MAX {
            return Err(AppError::invalid("task", "too much is waiting: let it finish first"));
        }
        *last += 1;
        tasks.push(Task { id: *last, work, by, begun_at, state: TaskState::Waiting });
        Ok(*last)
    }

    fn update(&self, id: u64, state: TaskState) {
        let mut list = self.list();
        if let Some(task) = list.1.iter_mut().find(|task| task.id == id) {
            task.state = state;
        }
        while list.1.iter().filter(|task| !task.state.is_unfinished()).count() > TASKS_KEPT {
            let Some(oldest) = list.1.iter().position(|task| !task.state.is_unfinished()) else { break };
            list.1.remove(oldest);
        }
    }

    fn remove(&self, id: u64) {
        self.list().1.retain(|task| task.id != id);
    }
}

impl Workspace {
    /// Begins an export in the background; the number of its task.
    ///
    /// # Errors
    /// [`AppError::Query`] when the expression cannot be read, [`AppError::Invalid`]
    /// past [`TASKS_UNFINISHED_MAX`].
    pub fn begin_export(
        self: &Arc<Self>,
        actor: Actor,
        expression: &str,
        format: ExportFormat,
    ) -> Result<u64, AppError> {
        actor.require(Permission::Export)?;
        parse_or_all(expression)?;
        let expression = expression.to_owned();
        let work = TaskWork::Export { expression: expression.clone(), format };
        self.begin(actor.user, work, move |workspace, id| {
            let tasks = workspace.tasks();
            let expr = parse_or_all(&expression)?;
            let total = workspace.index().count(&expr, &workspace.labels_for(&[&expr])?)?;
            let report = workspace.export(&actor, &expression, format, &mut |done| {
                tasks.update(id, TaskState::Running { done, total: total.max(done) });
            })?;
            Ok(TaskState::Exported { export: report.id, rows: report.manifest.rows })
        })
    }

    /// Begins to remove everything of an account in the background; the number
    /// of its task. See [`Self::erase_account`].
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`] past [`TASKS_UNFINISHED_MAX`].
    pub fn begin_erasure(
        self: &Arc<Self>,
        actor: Actor,
        key: AccountKey,
        bar: bool,
    ) -> Result<u64, AppError> {
        actor.require(Permission::EditData)?;
        self.begin(actor.user, TaskWork::Erasure, move |workspace, id| {
            let tasks = workspace.tasks();
            let total = workspace.archive().count_records()?;
            let report = workspace.erase_with(&actor, &key, bar, &mut |done| {
                tasks.update(id, TaskState::Running { done: done.min(total), total });
            })?;
            Ok(TaskState::Erased(report))
        })
    }

    fn begin(
        self: &Arc<Self>,
        by: Option<i64>,
        work: TaskWork,
        run: impl FnOnce(&Self, u64) -> Result<TaskState, AppError> + Send + 'static,
    ) -> Result<u64, AppError> {
        let id = self.tasks().insert(work, by, self.settings().now())?;
        let workspace = Arc::clone(self);
        let spawned = std::thread::Builder::new().name("task".to_owned()).spawn(move || {
            let state = run(&workspace, id).unwrap_or_else(|error| {
                tracing::error!(workspace = workspace.info().slug.as_str(), %error, "a task failed");
                TaskState::Failed(error.to_string())
            });
            workspace.tasks().update(id, state);
        });
        match spawned {
            Ok(_) => Ok(id),
            Err(error) => {
                self.tasks().remove(id);
                Err(AppError::file(self.folder(), error))
            }
        }
    }

    /// The exports of this run of the program that wait, run or ended, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_export_tasks(&self, actor: &Actor) -> Result<Vec<Task>, AppError> {
        actor.require(Permission::Export)?;
        Ok(self.tasks_that(|work| matches!(work, TaskWork::Export { .. })))
    }

    /// The erasures of this run of the program that wait, run or ended, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_erasure_tasks(&self, actor: &Actor) -> Result<Vec<Task>, AppError> {
        actor.require(Permission::EditData)?;
        Ok(self.tasks_that(|work| *work == TaskWork::Erasure))
    }

    fn tasks_that(&self, wanted: fn(&TaskWork) -> bool) -> Vec<Task> {
        self.tasks().list().1.iter().rev().filter(|task| wanted(&task.work)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_millis(1);

    #[test]
    fn the_newest_finished_tasks_are_kept_and_the_unfinished_are_bounded() {
        let tasks = Tasks::default();
        let mut ids = Vec::new();
        for _ in 0..TASKS_UNFINISHED_MAX {
            ids.push(tasks.insert(TaskWork::Erasure, None, AT).unwrap());
        }
        assert!(tasks.insert(TaskWork::Erasure, None, AT).is_err());
        for id in &ids {
            tasks.update(*id, TaskState::Failed("no".to_owned()));
        }
        for _ in 0..3 {
            let id = tasks.insert(TaskWork::Erasure, None, AT).unwrap();
            tasks.update(id, TaskState::Exported { export: 1, rows: 0 });
            ids.push(id);
        }
        let kept: Vec<u64> = tasks.list().1.iter().map(|task| task.id).collect();
        assert_eq!(kept, ids[3..], "the oldest went");
        tasks.update(1, TaskState::Waiting);
        assert_eq!(tasks.list().1.len(), TASKS_KEPT, "what is forgotten stays so");
    }
}
