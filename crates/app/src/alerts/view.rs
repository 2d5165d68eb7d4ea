//! Alerts as pages, the API and the command line show them, and taking note of one.
//!
//! In: an actor. Out: [`AlertView`]s with the posts behind them as they are
//! now; what was deleted is not there. Errors: [`AppError::Forbidden`],
//! [`AppError::NotFound`]. Cost: a look-up and a reading for each post behind.
//! Limits: [`ALERTS_LISTED_MAX`].

use crate::listening::{PostView, Workspace};
use crate::{Actor, AppError};
use model::{Alert, AlertEvidence, AlertPart, AlertSeen, BreakoutEvidence, Permission, Timestamp};
use store::archive::AlertsWanted;
use tokio::sync::watch;

/// Most alerts of one list.
pub const ALERTS_LISTED_MAX: usize = 201;

/// Which alerts are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertsRequest {
    /// Only open ones, or only those that somebody took note of; `None` for both.
    pub open: Option<bool>,
    /// Only those with a lower number.
    pub before: Option<i64>,
    /// How many, at most [`ALERTS_LISTED_MAX`].
    pub limit: usize,
}

/// A group that carried the message of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertGroup {
    /// Its identifier.
    pub id: String,
    /// Its accounts as the last search found it, count; `None` when it did not
    /// find this very group: then there is no card of it.
    pub accounts: Option<u64>,
}

/// An alert with the posts behind it.
#[derive(Debug, Clone)]
pub struct AlertView {
    /// Its number.
    pub id: i64,
    /// The word of the rule.
    pub rule: &'static str,
    /// When what it tells happened.
    pub at: Timestamp,
    /// When the program noticed.
    pub raised_at: Timestamp,
    /// The numbers of that moment.
    pub evidence: BreakoutEvidence,
    /// Every group that carried the message, first the one whose circle it left first.
    pub groups: Vec<AlertGroup>,
    /// Posts that are the message, the first of the group; empty when none is left.
    pub posts: Vec<PostView>,
    /// Posts of the first accounts outside that carried it on.
    pub amplifiers: Vec<PostView>,
    /// Who took note of it; `None` while it is open.
    pub seen: Option<AlertSeen>,
}

impl Workspace {
    /// Alerts, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_alerts(&self, actor: &Actor, request: &AlertsRequest) -> Result<Vec<AlertView>, AppError> {
        actor.require(Permission::Read)?;
        let AlertsRequest { open, before, limit } = *request;
        let wanted = AlertsWanted { open, before, limit: limit.min(ALERTS_LISTED_MAX) };
        self.archive().list_alerts(&wanted)?.into_iter().map(|alert| self.alert_view(alert)).collect()
    }

    /// How many alerts are open.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn open_alerts(&self, actor: &Actor) -> Result<u64, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.alerts().count())
    }

    /// How many alerts are open, told again with every change.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn watch_alerts(&self, actor: &Actor) -> Result<watch::Receiver<u64>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.alerts().subscribe())
    }

    /// Takes note of an alert, in the name of the actor; who did so first stays.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`] when there is no such alert.
    pub fn see_alert(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        self.archive().record_alert_seen(id, actor.user, &actor.name, self.settings().now())?;
        self.count_alerts()
    }

    /// Takes note of every open alert up to a number, in the name of the actor;
    /// returns how many.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn see_alerts(&self, actor: &Actor, upto: i64) -> Result<u64, AppError> {
        actor.require(Permission::Label)?;
        let now = self.settings().now();
        let seen = self.archive().record_alerts_seen(upto, actor.user, &actor.name, now)?;
        self.count_alerts()?;
        Ok(seen)
    }

    fn alert_group(&self, id: &str) -> AlertGroup {
        let found = self.kept_group(id).ok();
        let accounts = found.and_then(|(kept, at)| Some(kept.report.groups.get(at)?.members.len() as u64));
        AlertGroup { id: id.to_owned(), accounts }
    }

    fn alert_view(&self, alert: Alert) -> Result<AlertView, AppError> {
        let posts_of = |part| self.views(&alert.records_of(part).collect::<Vec<_>>(), None);
        let (posts, amplifiers) = (posts_of(AlertPart::Message)?, posts_of(AlertPart::Amplifier)?);
        let rule = alert.evidence.rule();
        let AlertEvidence::Breakout(evidence) = alert.evidence;
        Ok(AlertView {
            id: alert.id,
            rule,
            at: alert.at,
            raised_at: alert.raised_at,
            groups: evidence.groups().map(|id| self.alert_group(id)).collect(),
            evidence,
            posts,
            amplifiers,
            seen: alert.seen,
        })
    }
}
