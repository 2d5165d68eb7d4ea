//! Alerts: a rule fired, and the team has not taken note of it yet.
//!
//! In: what happens to groups. Out: [`AlertView`]s, newest first, and how many
//! are open. One rule: a message of a group that acts as one reached an
//! audience outside it (`raise`). An alert is raised once for a message, kept
//! until somebody takes note, and after that. Errors: [`crate::AppError`].
//! Limits: named in each module.

mod raise;
mod view;

pub use raise::RAISED_AT_ONCE;
pub use view::{ALERTS_LISTED_MAX, AlertGroup, AlertView, AlertsRequest};

use tokio::sync::watch;

/// How many alerts of a workspace are open, for everybody who shows it.
pub(crate) struct OpenAlerts(watch::Sender<u64>);

impl OpenAlerts {
    /// As counted at the start.
    pub(crate) fn new(count: u64) -> Self {
        Self(watch::channel(count).0)
    }

    fn set(&self, count: u64) {
        self.0.send_if_modified(|known| std::mem::replace(known, count) != count);
    }

    fn count(&self) -> u64 {
        *self.0.borrow()
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
