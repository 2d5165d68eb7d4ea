//! Alerts: that a rule fired, with what it saw, and who took note of it.
//!
//! In: alerts with the keys of the posts behind them. Out: the same with the
//! ids under which those posts stand now. A rule fires once for each subject;
//! a post leaves its alerts when its record is deleted ([`forget_record`]).
//! Errors: [`StoreError::Invalid`] past a limit. Cost: one durable transaction;
//! reading is a look into the key index for each post.
//! Limits: [`ALERTS_AT_ONCE_MAX`], [`ALERT_RECORDS_MAX`], [`ALERTS_READ_MAX`].

use super::{Archive, audit};
use crate::database;
use crate::error::StoreError;
use model::{Alert, AlertEvidence, AlertPart, AlertSeen, RecordKey, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::HashSet;

/// Most alerts written in one transaction.
pub const ALERTS_AT_ONCE_MAX: usize = 1_000;
/// Most posts behind one alert.
pub const ALERT_RECORDS_MAX: usize = 64;
/// Most alerts read at once.
pub const ALERTS_READ_MAX: usize = 1_000;
/// Longest name of a person, bytes.
const NAME_BYTES_MAX: usize = 400;

/// An alert to be kept.
#[derive(Debug, Clone)]
pub struct NewAlert {
    /// When what it tells happened.
    pub at: Timestamp,
    /// The rule with what it saw.
    pub evidence: AlertEvidence,
    /// The posts behind it; those that are not there are left out.
    pub records: Vec<(AlertPart, RecordKey)>,
}

/// Which alerts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertsWanted {
    /// Only those of whom nobody took note, or only the others; `None` for both.
    pub open: Option<bool>,
    /// Only those with a lower number.
    pub before: Option<i64>,
    /// At most so many, and [`ALERTS_READ_MAX`].
    pub limit: usize,
}

impl Archive {
    /// Keeps alerts whose rule has not fired about their subject before;
    /// returns how many were new.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] past a limit.
    pub fn insert_alerts(&self, new: &[NewAlert], raised_at: Timestamp) -> Result<usize, StoreError> {
        check(new)?;
        self.database.write(|transaction| {
            let mut inserted = 0;
            for alert in new {
                inserted += usize::from(insert(transaction, alert, raised_at)?);
            }
            Ok(inserted)
        })
    }

    /// The subjects about which a rule has fired.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn alerted_subjects(&self, rule: &str) -> Result<HashSet<u64>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT subject FROM alert WHERE rule = ?1")?;
            let rows = statement.query_map([rule], |row| row.get::<_, i64>(0))?;
            rows.map(|subject| Ok(subject?.cast_unsigned())).collect()
        })
    }

    /// Alerts, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when one cannot be read back.
    pub fn list_alerts(&self, wanted: &AlertsWanted) -> Result<Vec<Alert>, StoreError> {
        let which = match wanted.open {
            Some(true) => "AND seen_at IS NULL",
            Some(false) => "AND seen_at IS NOT NULL",
            None => "",
        };
        let sql = format!("SELECT {COLUMNS} FROM alert WHERE id < ?1 {which} ORDER BY id DESC LIMIT ?2");
        let limit = database::limit(wanted.limit.min(ALERTS_READ_MAX));
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map((wanted.before.unwrap_or(i64::MAX), limit), Stored::read)?;
            rows.map(|row| row?.decode(connection)).collect()
        })
    }

    /// Alerts of whom nobody took note, count.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn count_open_alerts(&self) -> Result<u64, StoreError> {
        self.database.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT count(*) FROM alert WHERE seen_at IS NULL")?;
            Ok(statement.query_row([], |row| row.get::<_, u32>(0))?.into())
        })
    }

    /// Notes that a person took note of an alert; who did so first stays.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Invalid`] for a long or empty name.
    pub fn record_alert_seen(
        &self,
        id: i64,
        by: Option<i64>,
        signed: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        check_name(signed)?;
        self.database.write(|transaction| {
            let changed = transaction.execute(
                "UPDATE alert SET seen_at = ?2, seen_by = ?3, signed = ?4 WHERE id = ?1 AND seen_at IS NULL",
                (id, at.millis(), by, signed),
            )?;
            if changed > 0 {
                let details = serde_json::json!({ "alert": id });
                return audit::insert(transaction, by, "alert_seen", &details, at);
            }
            let mut known = transaction.prepare_cached("SELECT 1 FROM alert WHERE id = ?1")?;
            if known.exists([id])? { Ok(()) } else { Err(StoreError::missing("alert", id)) }
        })
    }

    /// Notes that a person took note of every open alert up to a number;
    /// returns how many.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a long or empty name.
    pub fn record_alerts_seen(
        &self,
        upto: i64,
        by: Option<i64>,
        signed: &str,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        check_name(signed)?;
        self.database.write(|transaction| {
            let changed = transaction.execute(
                "UPDATE alert SET seen_at = ?2, seen_by = ?3, signed = ?4 WHERE id <= ?1 AND seen_at IS NULL",
                (upto, at.millis(), by, signed),
            )?;
            if changed > 0 {
                let details = serde_json::json!({ "upto": upto, "alerts": changed });
                audit::insert(transaction, by, "alerts_seen", &details, at)?;
            }
            Ok(changed as u64)
        })
    }
}

fn check_name(signed: &str) -> Result<(), StoreError> {
    if signed.is_empty() || signed.len() > NAME_BYTES_MAX {
        return Err(StoreError::invalid("signature", format!("1 to {NAME_BYTES_MAX} bytes")));
    }
    Ok(())
}

fn check(new: &[NewAlert]) -> Result<(), StoreError> {
    let most = new.iter().map(|alert| alert.records.len()).max().unwrap_or(0);
    for (what, count, max) in
        [("alerts", new.len(), ALERTS_AT_ONCE_MAX), ("posts of an alert", most, ALERT_RECORDS_MAX)]
    {
        if count > max {
            return Err(StoreError::invalid(what, format!("{count}; at most {max}")));
        }
    }
    Ok(())
}

/// True when the rule had not fired about the subject before.
fn insert(connection: &Connection, alert: &NewAlert, raised_at: Timestamp) -> Result<bool, StoreError> {
    let evidence = serde_json::to_string(&alert.evidence)
        .map_err(|error| StoreError::invalid("evidence", error.to_string()))?;
    let id: Option<i64> = connection
        .prepare_cached(
            "INSERT INTO alert (rule, subject, at, raised_at, evidence) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (rule, subject) DO NOTHING RETURNING id",
        )?
        .query_row(
            (
                alert.evidence.rule(),
                alert.evidence.subject().cast_signed(),
                alert.at.millis(),
                raised_at.millis(),
                evidence,
            ),
            |row| row.get(0),
        )
        .optional()?;
    let Some(id) = id else { return Ok(false) };
    // What was deleted before the alert was raised must not stand behind it.
    let mut behind = connection.prepare_cached(
        "INSERT INTO alert_record (alert, part, place, key) SELECT ?1, ?2, ?3, key FROM record WHERE key = ?4",
    )?;
    for (place, (part, key)) in (0_i64..).zip(&alert.records) {
        behind.execute((id, *part as u8, place, key.0.as_slice()))?;
    }
    Ok(true)
}

const COLUMNS: &str = "id, at, raised_at, evidence, seen_at, seen_by, signed";

/// A row as it stands.
struct Stored {
    id: i64,
    at: i64,
    raised_at: i64,
    evidence: String,
    seen: Option<AlertSeen>,
}

impl Stored {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let seen_at: Option<i64> = row.get(4)?;
        let by: Option<i64> = row.get(5)?;
        let signed: Option<String> = row.get(6)?;
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            raised_at: row.get(2)?,
            evidence: row.get(3)?,
            // Both or neither: the table checks it.
            seen: seen_at.zip(signed).map(|(at, signed)| AlertSeen {
                by,
                signed,
                at: Timestamp::from_millis(at),
            }),
        })
    }

    fn decode(self, connection: &Connection) -> Result<Alert, StoreError> {
        let evidence = serde_json::from_str(&self.evidence)
            .map_err(|error| StoreError::corrupt("alert", self.id, error))?;
        let mut statement = connection.prepare_cached(
            "SELECT part, record.id FROM alert_record JOIN record USING (key)
             WHERE alert = ?1 ORDER BY part, place",
        )?;
        let rows = statement.query_map([self.id], |row| Ok((row.get::<_, u8>(0)?, row.get::<_, i64>(1)?)))?;
        let mut records = Vec::new();
        for row in rows {
            let (part, id) = row?;
            let part = AlertPart::from_number(part)
                .ok_or_else(|| StoreError::corrupt("alert", self.id, format!("there is no part {part}")))?;
            records.push((part, id));
        }
        Ok(Alert {
            id: self.id,
            at: Timestamp::from_millis(self.at),
            raised_at: Timestamp::from_millis(self.raised_at),
            evidence,
            records,
            seen: self.seen,
        })
    }
}

/// Takes a deleted post out of every alert.
pub(super) fn forget_record(connection: &Connection, key: &[u8; 16]) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM alert_record WHERE key = ?1")?.execute([key.as_slice()])?;
    Ok(())
}
