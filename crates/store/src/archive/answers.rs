//! Frequent answers: what the team says to what it is often asked.
//!
//! In: a question, its answer, languages and other wordings. Out: the same, as stored.
//! Errors: [`StoreError::Taken`] for a question that has an answer,
//! [`StoreError::Missing`], [`StoreError::Invalid`] for an empty question.
//! Cost: one small transaction each, with its entry in the audit.
//! Limits: those of the caller; an answer is archived, never deleted.

use super::{Archive, audit};
use crate::error::StoreError;
use model::text::fold;
use model::{Lang, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// An answer of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrequentAnswer {
    /// Its number.
    pub id: i64,
    /// The question as it is asked most.
    pub question: String,
    /// What is answered.
    pub answer: String,
    /// Languages of the answer.
    pub languages: Vec<Lang>,
    /// Other ways in which the question is asked.
    pub wordings: Vec<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// By whom; `None` is the command line.
    pub created_by: Option<i64>,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Option<i64>,
    /// When it was taken out of use.
    pub archived_at: Option<Timestamp>,
}

/// What a person writes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewAnswer<'a> {
    /// The question, on one line.
    pub question: &'a str,
    /// What is answered.
    pub answer: &'a str,
    /// Languages of the answer.
    pub languages: &'a [Lang],
    /// Other ways in which the question is asked, each on one line.
    pub wordings: &'a [String],
}

impl NewAnswer<'_> {
    /// The question as compared with others: folded, without its marks.
    fn folded(&self) -> Result<String, StoreError> {
        let folded = fold(self.question);
        let words: Vec<&str> =
            folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Err(StoreError::invalid("question", "it holds no letter or digit"));
        }
        Ok(words.join(" "))
    }

    fn codes(&self) -> String {
        self.languages.iter().map(Lang::as_str).collect::<Vec<_>>().join("\n")
    }
}

const COLUMNS: &str = "id, question, answer, languages, wordings, created_at, created_by, changed_at, \
     changed_by, archived_at";

/// A row with its languages as text.
fn read(row: &Row<'_>) -> rusqlite::Result<(FrequentAnswer, String)> {
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    let answer = FrequentAnswer {
        id: row.get(0)?,
        question: row.get(1)?,
        answer: row.get(2)?,
        languages: Vec::new(),
        wordings: lines(row.get(4)?),
        created_at: Timestamp::from_millis(row.get(5)?),
        created_by: row.get(6)?,
        changed_at: Timestamp::from_millis(row.get(7)?),
        changed_by: row.get(8)?,
        archived_at: row.get::<_, Option<i64>>(9)?.map(Timestamp::from_millis),
    };
    Ok((answer, row.get(3)?))
}

fn decode((answer, codes): (FrequentAnswer, String)) -> Result<FrequentAnswer, StoreError> {
    let languages = codes
        .lines()
        .map(|code| Lang::parse(code).map_err(|error| StoreError::corrupt("answer", answer.id, error)))
        .collect::<Result<_, _>>()?;
    Ok(FrequentAnswer { languages, ..answer })
}

fn load(connection: &Connection, id: i64) -> Result<FrequentAnswer, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM answer WHERE id = ?1");
    let row = connection.prepare_cached(&sql)?.query_row([id], read).optional()?;
    decode(row.ok_or_else(|| StoreError::missing("answer", id))?)
}

/// The audit tells which answer, never its text.
fn note(
    connection: &Connection,
    what: &str,
    id: i64,
    by: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    audit::insert(connection, by, what, &serde_json::json!({ "answer": id }), at)
}

impl Archive {
    /// The answers in use, in the order in which they were written.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_answers(&self) -> Result<Vec<FrequentAnswer>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM answer WHERE archived_at IS NULL ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([], read)?.map(|row| decode(row?)).collect()
        })
    }

    /// One answer, also an archived one.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_answer(&self, id: i64) -> Result<FrequentAnswer, StoreError> {
        self.database.read(|connection| load(connection, id))
    }

    /// Writes an answer.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the question has one in use.
    pub fn insert_answer(
        &self,
        new: &NewAnswer<'_>,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<FrequentAnswer, StoreError> {
        let folded = new.folded()?;
        self.database.write(|transaction| {
            transaction
                .execute(
                    "INSERT INTO answer (question, folded, answer, languages, wordings,
                                         created_at, created_by, changed_at, changed_by)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?7)",
                    (
                        new.question,
                        &folded,
                        new.answer,
                        new.codes(),
                        new.wordings.join("\n"),
                        at.millis(),
                        by,
                    ),
                )
                .map_err(StoreError::taken("question", new.question))?;
            let id = transaction.last_insert_rowid();
            note(transaction, "answer_added", id, by, at)?;
            load(transaction, id)
        })
    }

    /// Changes an answer in use.
    ///
    /// # Errors
    /// [`StoreError::Taken`], [`StoreError::Missing`] (also when it is archived).
    pub fn update_answer(
        &self,
        id: i64,
        new: &NewAnswer<'_>,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<FrequentAnswer, StoreError> {
        let folded = new.folded()?;
        self.database.write(|transaction| {
            let changed = transaction
                .execute(
                    "UPDATE answer SET question = ?2, folded = ?3, answer = ?4, languages = ?5,
                                       wordings = ?6, changed_at = ?7, changed_by = ?8
                     WHERE id = ?1 AND archived_at IS NULL",
                    (
                        id,
                        new.question,
                        &folded,
                        new.answer,
                        new.codes(),
                        new.wordings.join("\n"),
                        at.millis(),
                        by,
                    ),
                )
                .map_err(StoreError::taken("question", new.question))?;
            if changed == 0 {
                return Err(StoreError::missing("answer", id));
            }
            note(transaction, "answer_changed", id, by, at)?;
            load(transaction, id)
        })
    }

    /// Takes an answer out of use; its question may get another.
    ///
    /// # Errors
    /// [`StoreError::Missing`] (also when it was archived before).
    pub fn archive_answer(&self, id: i64, by: Option<i64>, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE answer SET archived_at = ?2 WHERE id = ?1 AND archived_at IS NULL";
            match transaction.execute(sql, (id, at.millis()))? {
                0 => Err(StoreError::missing("answer", id)),
                _ => note(transaction, "answer_archived", id, by, at),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_770_000_000);

    fn archive() -> (tempfile::TempDir, Archive) {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(folder.path(), NOW).unwrap();
        (folder, archive)
    }

    fn hours<'a>(wordings: &'a [String], languages: &'a [Lang]) -> NewAnswer<'a> {
        NewAnswer { question: "¿A qué hora abren?", answer: "De 8:00 a 18:00.", languages, wordings }
    }

    #[test]
    fn an_answer_is_written_changed_archived_and_audited() {
        let (_folder, archive) = archive();
        let (wordings, languages) =
            (["horario".to_owned(), "¿hasta qué hora?".to_owned()], [Lang::parse("es").unwrap()]);
        let new = hours(&wordings, &languages);
        let first = archive.insert_answer(&new, Some(7), NOW).unwrap();
        assert_eq!((first.wordings.as_slice(), first.languages.as_slice()), (&wordings[..], &languages[..]));
        assert_eq!((first.created_by, first.changed_by, first.archived_at), (Some(7), Some(7), None));
        let twin = NewAnswer { question: "a que HORA abren", ..new };
        assert!(matches!(archive.insert_answer(&twin, None, NOW), Err(StoreError::Taken { .. })));
        assert!(matches!(
            archive.insert_answer(&NewAnswer { question: " ¿? ", ..new }, None, NOW),
            Err(StoreError::Invalid { .. })
        ));
        let later = NOW.plus(5_000);
        let changed = archive
            .update_answer(first.id, &NewAnswer { answer: "De 7 a 19.", languages: &[], ..new }, None, later)
            .unwrap();
        assert_eq!(
            (changed.answer.as_str(), changed.created_by, changed.changed_by),
            ("De 7 a 19.", Some(7), None)
        );
        assert_eq!(changed.changed_at, later);
        archive.archive_answer(first.id, Some(7), later).unwrap();
        assert_eq!(archive.list_answers().unwrap(), []);
        assert_eq!(archive.load_answer(first.id).unwrap().archived_at, Some(later));
        assert!(matches!(
            archive.update_answer(first.id, &new, None, later),
            Err(StoreError::Missing { .. })
        ));
        assert!(matches!(archive.archive_answer(first.id, None, later), Err(StoreError::Missing { .. })));
        assert!(
            archive.insert_answer(&new, None, later).unwrap().id > first.id,
            "the question is free again"
        );
        let audit = archive.list_audit(None, 10).unwrap();
        let told: Vec<&str> = audit.iter().rev().map(|entry| entry.what.as_str()).collect();
        assert_eq!(told, ["answer_added", "answer_changed", "answer_archived", "answer_added"]);
        assert!(audit.iter().all(|entry| !entry.details.to_string().contains("abren")));
    }
}
