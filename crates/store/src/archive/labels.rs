//! Labels that people put on posts.
//!
//! In: record ids and a text. Out: record ids of a label, labels of records.
//! Errors: [`StoreError::Invalid`] for an empty or long text.
//! Cost: one transaction for any number of records, about 15 µs each.
//! Limits: [`LABEL_CHARS_MAX`] characters. Two texts that fold alike are one
//! label; the folded form is that of `label:` in a query.

use super::Archive;
use crate::database;
use crate::error::StoreError;
use model::text::fold;
use model::{RecordKey, Timestamp};
use std::collections::HashMap;

/// Longest label, characters.
pub const LABEL_CHARS_MAX: usize = 60;

/// A label on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// As the person wrote it.
    pub text: String,
    /// Its folded form, unique.
    pub folded: String,
    /// Who put it; `None` is the command line.
    pub by: Option<i64>,
    /// When.
    pub at: Timestamp,
}

/// A label of the workspace and how often it was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelCount {
    /// One of the spellings in use.
    pub text: String,
    /// Its folded form.
    pub folded: String,
    /// Records with it, count.
    pub count: u64,
}

/// The trimmed text and its folded form.
fn checked(text: &str) -> Result<(&str, String), StoreError> {
    let text = text.trim();
    let folded = fold(text).trim().to_owned();
    if folded.is_empty() {
        return Err(StoreError::invalid("label", "it holds no letter or digit"));
    }
    let chars = text.chars().count();
    if chars > LABEL_CHARS_MAX || text.chars().any(char::is_control) {
        let reason = format!("{chars} characters; at most {LABEL_CHARS_MAX} on one line are allowed");
        return Err(StoreError::invalid("label", reason));
    }
    Ok((text, folded))
}

/// A label for a record that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingLabel {
    /// The record.
    pub key: RecordKey,
    /// The hash of its bytes.
    pub body_hash: [u8; 16],
    /// The label.
    pub text: String,
}

/// What became of incoming labels, counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LabelsPut {
    /// Put.
    pub put: usize,
    /// Left out: too long, empty, or not for a label.
    pub refused: usize,
}

impl Archive {
    /// Puts labels that a file brings on records that are about to be written:
    /// before them, so that a program that dies in between loses none. A record
    /// that is there with the same bytes keeps the labels that people left it
    /// with; one that was deleted gets none. Call
    /// [`Archive::remove_labels_without_record`] after the records are written.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn label_incoming(
        &self,
        labels: &[IncomingLabel],
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<LabelsPut, StoreError> {
        if labels.is_empty() {
            return Ok(LabelsPut::default());
        }
        self.database.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR IGNORE INTO label (folded, key, text, at, user)
                 SELECT ?1, ?2, ?3, ?4, ?5
                 WHERE NOT EXISTS (SELECT 1 FROM record WHERE key = ?2 AND body_hash = ?6)
                   AND NOT EXISTS (SELECT 1 FROM tombstone WHERE key = ?2)",
            )?;
            let mut outcome = LabelsPut::default();
            for label in labels {
                // A quotation mark cannot be asked for in a query.
                let Some((text, folded)) = checked(&label.text).ok().filter(|(text, _)| !text.contains('"'))
                else {
                    outcome.refused += 1;
                    continue;
                };
                let (key, hash) = (label.key.0.as_slice(), label.body_hash.as_slice());
                outcome.put += statement.execute((&folded, key, text, at.millis(), by, hash))?;
            }
            Ok(outcome)
        })
    }

    /// Removes those of the labels whose record was not written. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_labels_without_record(&self, labels: &[IncomingLabel]) -> Result<usize, StoreError> {
        if labels.is_empty() {
            return Ok(0);
        }
        self.database.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "DELETE FROM label WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM record WHERE key = ?1)",
            )?;
            let mut removed = 0;
            for label in labels {
                removed += statement.execute([label.key.0.as_slice()])?;
            }
            Ok(removed)
        })
    }

    /// Puts a label on records; those that have it, and ids that are gone, stay
    /// as they are. Returns on how many it was put.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an empty or long text.
    pub fn add_label(
        &self,
        ids: &[i64],
        text: &str,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<usize, StoreError> {
        let (text, folded) = checked(text)?;
        self.database.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR IGNORE INTO label (folded, key, text, at, user)
                 SELECT ?2, key, ?3, ?4, ?5 FROM record WHERE id = ?1",
            )?;
            let mut put = 0;
            for id in ids {
                put += statement.execute((id, &folded, text, at.millis(), by))?;
            }
            Ok(put)
        })
    }

    /// Takes a label off records. Returns off how many.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an empty or long text.
    pub fn remove_label(&self, ids: &[i64], text: &str) -> Result<usize, StoreError> {
        let (_, folded) = checked(text)?;
        self.database.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "DELETE FROM label WHERE folded = ?2 AND key = (SELECT key FROM record WHERE id = ?1)",
            )?;
            let mut taken = 0;
            for id in ids {
                taken += statement.execute((id, &folded))?;
            }
            Ok(taken)
        })
    }

    /// The ids of the records with a label, lowest first; `folded` as a parsed
    /// query gives it. Time: linear in their number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn labelled_ids(&self, folded: &str) -> Result<Vec<i64>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT record.id FROM label JOIN record ON record.key = label.key
                 WHERE label.folded = ?1 ORDER BY record.id",
            )?;
            let ids = statement.query_map([folded.trim()], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// The labels of records; those without any are not in the map.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn labels_of(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Label>>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT text, folded, user, at FROM label
                 WHERE key = (SELECT key FROM record WHERE id = ?1) ORDER BY folded",
            )?;
            let mut found = HashMap::new();
            for id in ids {
                let rows = statement.query_map([id], |row| {
                    Ok(Label {
                        text: row.get(0)?,
                        folded: row.get(1)?,
                        by: row.get(2)?,
                        at: Timestamp::from_millis(row.get(3)?),
                    })
                })?;
                let labels: Vec<Label> = rows.collect::<Result<_, _>>()?;
                if !labels.is_empty() {
                    found.insert(*id, labels);
                }
            }
            Ok(found)
        })
    }

    /// The labels in use, in the order of their folded form.
    /// Time: linear in the number of labels put.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_labels(&self) -> Result<Vec<LabelCount>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT max(text), folded, count(*) FROM label GROUP BY folded ORDER BY folded",
            )?;
            let mut rows = statement.query([])?;
            let mut labels = Vec::new();
            while let Some(row) = rows.next()? {
                let count = database::count("label", row.get(2)?)?;
                labels.push(LabelCount { text: row.get(0)?, folded: row.get(1)?, count });
            }
            Ok(labels)
        })
    }
}
