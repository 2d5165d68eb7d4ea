//! When an alert is raised: a message of a group has just reached an audience.
//!
//! In: what crossed while posts arrive, and what a search finds to have crossed
//! since the one before. Out: alerts in the archive. The first search raises
//! none: what it finds is history, and stands on the cards. A group that the
//! team dismissed raises none. Two groups with the same message raise one, that
//! names both, the one whose circle it left first before the other.
//! Errors: [`AppError`] of the store; what was not raised is tried again with
//! the next round or start. Cost: nothing while nothing crosses; else one
//! transaction for each [`RAISED_AT_ONCE`].
//! Limits: as many as messages are followed, each once. A message that is a text is known again by the
//! beginning of its first copy: when that one is deleted, the rest of it may
//! raise a second alert.

use crate::AppError;
use crate::coordination::{Crossing, Memory};
use crate::listening::Workspace;
use model::{AlertEvidence, AlertPart, BreakoutEvidence, Timestamp};
use store::archive::NewAlert;

/// Alerts raised in one transaction.
pub const RAISED_AT_ONCE: usize = 500;
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

    /// Raises what the last search found to have crossed since the one before,
    /// and what crossed since. What was raised is not raised again.
    pub(crate) fn raise_alerts_of_run(&self) -> Result<(), AppError> {
        if let Some(kept) = self.coordinated().kept()
            && let Some(since) = kept.before
        {
            self.raise(Crossing::since(&kept, since))?;
        }
        self.raise_alerts()
    }

    pub(crate) fn raise(&self, mut crossed: Vec<Crossing>) -> Result<(), AppError> {
        if crossed.is_empty() {
            return Ok(());
        }
        let raised = self.archive().alerted_subjects(BREAKOUT)?;
        let memory = Memory::load(self)?;
        crossed.retain(|one| !raised.contains(&one.message) && !memory.is_dismissed(&one.group));
        crossed.iter_mut().for_each(|one| one.also.retain(|id| !memory.is_dismissed(id)));
        crossed.sort_by_key(|one| (one.reach.crossed_at, one.place));
        let now = self.settings().now();
        let alerts: Vec<NewAlert> = crossed.into_iter().map(|one| alert_of(one, now)).collect();
        let mut raised = 0;
        for chunk in alerts.chunks(RAISED_AT_ONCE) {
            raised += self.archive().insert_alerts(chunk, now)?;
        }
        if raised > 0 {
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
    let Crossing { group, also, trace, message, reach, .. } = crossing;
    let posts = reach.posts.iter().map(|key| (AlertPart::Message, *key));
    let carriers = reach.carriers.iter().map(|(_, key)| (AlertPart::Amplifier, *key));
    NewAlert {
        at: reach.crossed_at.unwrap_or(now),
        records: posts.chain(carriers).collect(),
        evidence: AlertEvidence::Breakout(BreakoutEvidence {
            group,
            also,
            trace,
            message,
            inside: reach.inside,
            outside: reach.outside,
            left_out: reach.left_out(),
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
            also: Vec::new(),
            trace: model::Trace::CoText,
            message: 1,
            reach: Default::default(),
        };
        assert_eq!(alert_of(crossing, Timestamp::from_millis(1)).evidence.rule(), BREAKOUT);
    }
}
