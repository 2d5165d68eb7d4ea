//! When an alert is raised: a message of a group has just reached an audience.
//!
//! In: what crossed while posts arrive, and what a search finds to have crossed
//! since the one before. Out: alerts in the archive. The first search raises
//! none: what it finds is history, and stands on the cards. A group that the
//! team dismissed raises none. Two groups with the same message raise one, in
//! the name of the group whose circle it left first.
//! Errors: [`AppError`] of the store; what was not raised is tried again with
//! the next round or start. Cost: nothing while nothing crosses; else one
//! transaction.
//! Limits: [`RAISED_MAX`]. A message that is a text is known again by the
//! beginning of its first copy: when that one is deleted, the rest of it may
//! raise a second alert.

use crate::AppError;
use crate::coordination::{Crossing, Memory};
use crate::listening::Workspace;
use model::{AlertEvidence, AlertPart, BreakoutEvidence, Timestamp};
use store::archive::NewAlert;

/// Alerts raised at once, those that crossed last; the rest is named in the log.
pub const RAISED_MAX: usize = 500;
/// The rule, as [`AlertEvidence::rule`] names it.
const BREAKOUT: &str = "breakout";

impl Workspace {
    /// Raises what crossed while posts arrived.
    pub(crate) fn raise_alerts(&self) -> Result<(), AppError> {
        let Some((told, crossed)) = self.coordinated().untold() else { return Ok(()) };
        self.raise(crossed)?;
        self.coordinated().note_told(told);
        Ok(())
    }

    /// Raises what a search found to have crossed since the one before.
    pub(crate) fn raise_alerts_since(&self, before: Option<Timestamp>) -> Result<(), AppError> {
        if let Some((kept, since)) = self.coordinated().kept().zip(before) {
            self.raise(Crossing::since(&kept, since))?;
        }
        self.raise_alerts()
    }

    fn raise(&self, mut crossed: Vec<Crossing>) -> Result<(), AppError> {
        if crossed.is_empty() {
            return Ok(());
        }
        let raised = self.archive().alerted_subjects(BREAKOUT)?;
        let memory = Memory::load(self)?;
        crossed.retain(|one| !raised.contains(&one.message) && !memory.is_dismissed(&one.group));
        crossed.sort_by_key(|one| (one.reach.crossed_at, one.place));
        let left_out = crossed.len().saturating_sub(RAISED_MAX);
        if left_out > 0 {
            let slug = self.info().slug.as_str();
            tracing::warn!(workspace = slug, left_out, "too many messages crossed at once for an alert each");
        }
        let now = self.settings().now();
        let alerts: Vec<NewAlert> =
            crossed.into_iter().skip(left_out).map(|one| alert_of(one, now)).collect();
        if self.archive().insert_alerts(&alerts, now)? > 0 {
            self.count_alerts()?;
        }
        Ok(())
    }

    /// Counts the open alerts again and tells whoever shows them.
    pub(super) fn count_alerts(&self) -> Result<(), AppError> {
        self.alerts().set(self.archive().count_open_alerts()?);
        Ok(())
    }
}

fn alert_of(crossing: Crossing, now: Timestamp) -> NewAlert {
    let Crossing { group, trace, message, reach, .. } = crossing;
    let posts = reach.posts.iter().map(|key| (AlertPart::Message, *key));
    let carriers = reach.carriers.iter().map(|(_, key)| (AlertPart::Amplifier, *key));
    NewAlert {
        at: reach.crossed_at.unwrap_or(now),
        records: posts.chain(carriers).collect(),
        evidence: AlertEvidence::Breakout(BreakoutEvidence {
            group,
            trace,
            message,
            inside: reach.inside,
            outside: reach.outside,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_called_as_its_evidence_says() {
        let crossing = Crossing {
            group: "g".to_owned(),
            place: 0,
            trace: model::Trace::CoText,
            message: 1,
            reach: Default::default(),
        };
        assert_eq!(alert_of(crossing, Timestamp::from_millis(1)).evidence.rule(), BREAKOUT);
    }
}
