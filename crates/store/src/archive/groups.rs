//! What the team decided about groups of accounts, with what a group is
//! recognised by when it comes back under other names.
//!
//! In: a decision, who signed it, and the group's print. Out: the newest
//! decision of each group. Nothing is overwritten. Accounts are kept as
//! hashes; an erasure removes an account from every print
//! ([`Archive::delete_by_author`]), a deletion at the source its handle.
//! Errors: [`StoreError::Invalid`] past a limit.
//! Cost: one durable transaction with its entry in the audit.
//! Limits: [`GROUP_MEMBERS_MAX`], [`GROUP_OBJECTS_MAX`], [`GROUP_NOTE_BYTES_MAX`],
//! [`GROUP_DECISIONS_READ_MAX`].

use super::pack::author_key;
use super::{Archive, audit, erase};
use crate::database;
use crate::error::StoreError;
use model::{AccountKey, GroupDecision, RecordKey, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// Most members of a print.
pub const GROUP_MEMBERS_MAX: usize = 20_000;
/// Most objects of a print.
pub const GROUP_OBJECTS_MAX: usize = 2_000;
/// Longest note, bytes.
pub const GROUP_NOTE_BYTES_MAX: usize = 8_000;
/// Longest identifier or name of a person, bytes.
const WORD_BYTES_MAX: usize = 400;
/// Groups whose newest decision is read at once, those decided last.
pub const GROUP_DECISIONS_READ_MAX: usize = 1_000;

/// A decision to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewGroupDecision<'a> {
    /// Identifier of the group.
    pub group: &'a str,
    /// What was decided.
    pub decision: GroupDecision,
    /// Why.
    pub note: &'a str,
    /// Who; `None` is the command line.
    pub by: Option<i64>,
    /// The name with which it is signed.
    pub signed: &'a str,
    /// When.
    pub at: Timestamp,
    /// Accounts of the group with their newest handle.
    pub members: &'a [(AccountKey, Option<String>)],
    /// Its patrons and targets.
    pub aims: &'a [AccountKey],
    /// Hashes of what it shared, each with the accounts that ever did.
    pub objects: &'a [(u64, u32)],
}

/// A decision with the print of its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGroupDecision {
    /// Its number; rises with time.
    pub id: i64,
    /// Identifier of the group.
    pub group: String,
    /// What was decided.
    pub decision: GroupDecision,
    /// Why.
    pub note: String,
    /// Who.
    pub by: Option<i64>,
    /// The name with which it was signed.
    pub signed: String,
    /// When.
    pub at: Timestamp,
    /// Its accounts, see [`account_number`].
    pub members: Vec<u64>,
    /// Handles of its accounts that are still known.
    pub handles: Vec<String>,
    /// Its patrons and targets.
    pub aims: Vec<u64>,
    /// What it shared.
    pub objects: Vec<(u64, u32)>,
}

/// The number under which an account stands in a print: the beginning of its hash.
pub fn account_number(account: &AccountKey) -> u64 {
    number_of(author_key(account).0)
}

fn number_of(key: [u8; 16]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = key;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

impl Archive {
    /// Keeps a decision; its number. The audit tells the group and the
    /// decision, never the note. The newest decision of the group is not kept
    /// again when it is the same in the same words by the same person: then its
    /// number is given.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] past a limit.
    pub fn insert_group_decision(&self, new: &NewGroupDecision<'_>) -> Result<i64, StoreError> {
        check(new)?;
        self.database.write(|transaction| {
            if let Some(id) = same_as_newest(transaction, new)? {
                return Ok(id);
            }
            transaction.execute(
                "INSERT INTO group_decision (group_id, decision, note, at, user, signed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (new.group, new.decision.name(), new.note, new.at.millis(), new.by, new.signed),
            )?;
            let id = transaction.last_insert_rowid();
            let mut member = transaction.prepare_cached(
                "INSERT OR IGNORE INTO group_decision_member (decision, account, handle) VALUES (?1, ?2, ?3)",
            )?;
            for (account, handle) in new.members {
                member.execute((id, author_key(account).0.as_slice(), handle))?;
            }
            let mut aim = transaction
                .prepare_cached("INSERT OR IGNORE INTO group_decision_aim (decision, account) VALUES (?1, ?2)")?;
            for account in new.aims {
                aim.execute((id, author_key(account).0.as_slice()))?;
            }
            let mut object = transaction.prepare_cached(
                "INSERT OR IGNORE INTO group_decision_object (decision, object, accounts) VALUES (?1, ?2, ?3)",
            )?;
            for (key, accounts) in new.objects {
                object.execute((id, key.cast_signed(), accounts))?;
            }
            let details = serde_json::json!({ "group": new.group, "decision": new.decision.name() });
            audit::insert(transaction, new.by, "group_decision", &details, new.at)?;
            Ok(id)
        })
    }

    /// The newest decision of each group, the newest first, at most
    /// [`GROUP_DECISIONS_READ_MAX`].
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when one cannot be read back.
    pub fn group_decisions(&self) -> Result<Vec<StoredGroupDecision>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, group_id, decision, note, user, signed, at FROM group_decision
                 WHERE id IN (SELECT max(id) FROM group_decision GROUP BY group_id)
                 ORDER BY id DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([database::limit(GROUP_DECISIONS_READ_MAX)], read)?;
            rows.map(|row| with_print(connection, row?)).collect()
        })
    }

    /// Every decision about a group, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when one cannot be read back.
    pub fn decisions_of_group(&self, group: &str) -> Result<Vec<StoredGroupDecision>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, group_id, decision, note, user, signed, at FROM group_decision
                 WHERE group_id = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let rows = statement.query_map((group, database::limit(GROUP_DECISIONS_READ_MAX)), read)?;
            rows.map(|row| with_print(connection, row?)).collect()
        })
    }
}

/// The number of the newest decision of a group, when the new one says the same.
fn same_as_newest(transaction: &Connection, new: &NewGroupDecision<'_>) -> Result<Option<i64>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT id FROM (SELECT * FROM group_decision WHERE group_id = ?1 ORDER BY id DESC LIMIT 1)
         WHERE decision = ?2 AND note = ?3 AND user IS ?4 AND signed = ?5",
    )?;
    let asked = (new.group, new.decision.name(), new.note, new.by, new.signed);
    Ok(statement.query_row(asked, |row| row.get(0)).optional()?)
}

fn check(new: &NewGroupDecision<'_>) -> Result<(), StoreError> {
    let too_many = |what, count: usize, max: usize| {
        if count > max { Err(StoreError::invalid(what, format!("{count}; at most {max}"))) } else { Ok(()) }
    };
    for (what, word) in [("group", new.group), ("signature", new.signed)] {
        if word.is_empty() {
            return Err(StoreError::invalid(what, "it is empty"));
        }
        too_many(what, word.len(), WORD_BYTES_MAX)?;
    }
    too_many("note", new.note.len(), GROUP_NOTE_BYTES_MAX)?;
    too_many("members", new.members.len(), GROUP_MEMBERS_MAX)?;
    too_many("aims", new.aims.len(), GROUP_MEMBERS_MAX)?;
    too_many("objects", new.objects.len(), GROUP_OBJECTS_MAX)
}

/// A row with its decision as a word.
fn read(row: &Row<'_>) -> rusqlite::Result<(StoredGroupDecision, String)> {
    let stored = StoredGroupDecision {
        id: row.get(0)?,
        group: row.get(1)?,
        decision: GroupDecision::Watch,
        note: row.get(3)?,
        by: row.get(4)?,
        signed: row.get(5)?,
        at: Timestamp::from_millis(row.get(6)?),
        members: Vec::new(),
        handles: Vec::new(),
        aims: Vec::new(),
        objects: Vec::new(),
    };
    Ok((stored, row.get(2)?))
}

fn with_print(
    connection: &Connection,
    (mut stored, word): (StoredGroupDecision, String),
) -> Result<StoredGroupDecision, StoreError> {
    stored.decision = GroupDecision::parse(&word)
        .ok_or_else(|| StoreError::corrupt("group decision", stored.id, format!("there is no «{word}»")))?;
    let sql = "SELECT account, handle FROM group_decision_member WHERE decision = ?1 ORDER BY account";
    let mut members = connection.prepare_cached(sql)?;
    let rows = members
        .query_map([stored.id], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Option<String>>(1)?)))?;
    for row in rows {
        let (account, handle) = row?;
        stored.members.push(number_of(account));
        stored.handles.extend(handle);
    }
    let sql = "SELECT account FROM group_decision_aim WHERE decision = ?1 ORDER BY account";
    let mut aims = connection.prepare_cached(sql)?;
    for row in aims.query_map([stored.id], |row| row.get::<_, [u8; 16]>(0))? {
        stored.aims.push(number_of(row?));
    }
    let sql = "SELECT object, accounts FROM group_decision_object WHERE decision = ?1 ORDER BY object";
    let mut objects = connection.prepare_cached(sql)?;
    for row in objects.query_map([stored.id], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))? {
        let (object, accounts) = row?;
        stored.objects.push((object.cast_unsigned(), accounts));
    }
    Ok(stored)
}

/// Takes an erased account out of every print.
pub(super) fn forget_account(connection: &Connection, account: RecordKey) -> Result<(), StoreError> {
    for table in ["group_decision_member", "group_decision_aim"] {
        let sql = format!("DELETE FROM {table} WHERE account = ?1");
        connection.prepare_cached(&sql)?.execute([account.0.as_slice()])?;
    }
    Ok(())
}

/// Takes the handle of an account that its network deleted out of every
/// print; the hash stays, or a group would be unknown as soon as it is suspended.
pub(super) fn forget_handle(
    connection: &Connection,
    account: RecordKey,
    at: Timestamp,
) -> Result<(), StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE group_decision_member SET handle = NULL WHERE account = ?1 AND handle IS NOT NULL",
        )?
        .execute([account.0.as_slice()])?;
    if changed > 0 { erase::note_scrub_due(connection, at) } else { Ok(()) }
}
