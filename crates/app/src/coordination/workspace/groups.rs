//! Groups of a workspace as pages and the API show them: what the last run
//! found, what the team decided, what they resemble and what came since.
//!
//! In: an actor. Out: [`CoordinationView`], [`KnownGroup`]. Errors:
//! [`AppError::Forbidden`]; [`AppError::NotFound`] for a group that the last
//! run did not find. Cost: the report is held in memory; earlier groups are
//! compared one by one. Limits: those of the run, see `run`.

use crate::coordination::detect::TraceReport;
use crate::coordination::report::views::GroupReport;
use crate::coordination::workspace::decisions::Memory;
use crate::coordination::workspace::kept::Kept;
use crate::listening::Workspace;
use crate::{Actor, AppError};
use model::{GroupDecision, Permission, Timestamp, Trace};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of coordination in a workspace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoordinationView {
    /// When the posts were looked at.
    pub run_at: Timestamp,
    /// The oldest instant that was looked at.
    pub since: Timestamp,
    /// Posts looked at.
    pub posts: u64,
    /// Accounts seen.
    pub accounts: u64,
    /// Posts of that time left out: without author or time, or past the limit of posts.
    pub left_out: u64,
    /// Of them, past the limit of posts: the oldest.
    pub over_limit: u64,
    /// Newest texts with which each was compared, and how many came when there
    /// were more before them.
    pub texts_compared: u64,
    /// See `texts_compared`.
    pub texts_beyond: u64,
    /// What each trace gave, and what was capped.
    pub traces: BTreeMap<Trace, TraceReport>,
    /// Groups that were not confirmed and are not shown, count.
    pub weak_signals: u64,
    /// Groups past the limit of groups kept, the weakest, count.
    pub groups_left_out: u64,
    /// Groups, the strongest word first, then the largest.
    pub groups: Vec<KnownGroup>,
    /// A new run is in progress.
    pub running: bool,
}

/// A group with what the team says and what came since.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownGroup {
    /// What the last run found.
    pub report: GroupReport,
    /// What the team decided of it. A dismissal or a watch said of an earlier
    /// form with mostly the same accounts counts as well; a confirmation is
    /// signed for certain accounts and never passes on.
    pub decision: Option<DecisionView>,
    /// Earlier groups that it resembles, the most alike first.
    pub earlier: Vec<Resemblance>,
    /// What arrived since the run.
    pub live: LiveCounts,
}

/// A decision of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    /// What was decided.
    pub decision: GroupDecision,
    /// Why, in the person's words.
    pub note: String,
    /// Name of the person, as signed.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The group of which it was said: another identifier than the group's own
    /// when it was said of an earlier form.
    pub group: String,
}

/// An earlier group that resembles the present one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resemblance {
    /// Its identifier.
    pub id: String,
    /// 0–1, for ordering; no probability.
    pub score: f64,
    /// In which sense: a word of [`analysis::coordination::remembered::Likeness`].
    pub likeness: &'static str,
    /// Accounts in both.
    pub shared_members: u64,
    /// When it was decided about or last seen.
    pub seen_at: Timestamp,
    /// What the team decided of it.
    pub decision: Option<DecisionView>,
}

/// What arrived since the run. Deletions since do not lower it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LiveCounts {
    /// Posts of members.
    pub posts: u64,
    /// Time of the newest of them.
    pub newest: Option<Timestamp>,
    /// Posts of others on its messages.
    pub outside: u64,
    /// Messages that reached an audience since, as they are named in the report.
    pub crossed: Vec<String>,
}

impl Workspace {
    /// What the last run found; `None` when there was none, or what it found
    /// was dropped by a rebuild.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn coordination(&self, actor: &Actor) -> Result<Option<CoordinationView>, AppError> {
        actor.require(Permission::Read)?;
        let Some(kept) = self.coordinated().kept() else { return Ok(None) };
        let memory = Memory::load(self)?;
        Ok(Some(CoordinationView {
            run_at: kept.run_at,
            since: kept.since,
            posts: kept.report.posts,
            accounts: kept.report.accounts,
            left_out: kept.report.left_out.saturating_add(kept.over_limit),
            over_limit: kept.over_limit,
            texts_compared: kept.report.texts_compared,
            texts_beyond: kept.report.texts_beyond,
            traces: kept.report.traces.clone(),
            weak_signals: kept.report.weak_signals,
            groups_left_out: kept.groups_left_out,
            groups: kept.report.groups.iter().map(|group| self.known(&kept, group, &memory)).collect(),
            running: self.coordinated().progress().is_some(),
        }))
    }

    /// One group of the last run.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn coordinated_group(&self, actor: &Actor, id: &str) -> Result<KnownGroup, AppError> {
        actor.require(Permission::Read)?;
        let (kept, at) = self.kept_group(id)?;
        let group = kept.report.groups.get(at).ok_or_else(|| no_group(id))?;
        let memory = Memory::load(self)?;
        Ok(self.known(&kept, group, &memory))
    }

    /// What is kept of the last run, and the place of a group in it.
    pub(crate) fn kept_group(&self, id: &str) -> Result<(Arc<Kept>, usize), AppError> {
        let kept = self.coordinated().kept().ok_or_else(|| no_group(id))?;
        let at = kept.report.groups.iter().position(|group| group.id == id).ok_or_else(|| no_group(id))?;
        Ok((kept, at))
    }

    fn known(&self, kept: &Kept, group: &GroupReport, memory: &Memory) -> KnownGroup {
        let earlier = memory.earlier(&group.id);
        KnownGroup {
            decision: memory.decision_of(&group.id),
            earlier,
            live: self.coordinated().live_counts(kept, &group.id),
            report: group.clone(),
        }
    }
}

/// The last run did not find it.
pub(crate) fn no_group(id: &str) -> AppError {
    AppError::NotFound { what: "group", name: id.chars().take(GROUP_ID_CHARS).collect() }
}

/// Characters of a group's identifier.
pub(crate) const GROUP_ID_CHARS: usize = 16;
