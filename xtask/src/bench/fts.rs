//! The peer of import and search: one SQLite file with FTS5.
//!
//! Source: <https://sqlite.org/fts5.html>; external content, Unicode folding
//! with diacritics removed, the same journal and durability as the archive.

use super::folder;
use anyhow::{Context, Result};
use rusqlite::{Connection, params};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Posts of one transaction, as in an import.
const TRANSACTION_POSTS: usize = 16_000;

/// Where the database with this many posts is.
pub fn database(posts: u64) -> PathBuf {
    folder().join(format!("fts-{posts}.db"))
}

/// Opens a database of [`build`].
///
/// # Errors
/// When SQLite refuses.
pub fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         PRAGMA mmap_size = 1073741824;",
    )?;
    Ok(connection)
}

/// Reads the plain columns into a new database: the number of posts.
///
/// # Errors
/// When SQLite or the file fail.
pub fn build(path: &Path, plain: &Path) -> Result<u64> {
    for end in ["", "-wal", "-shm"] {
        let old = PathBuf::from(format!("{}{end}", path.display()));
        if old.exists() {
            fs::remove_file(old)?;
        }
    }
    let mut connection = open(path)?;
    connection.execute_batch(
        "CREATE TABLE post (id INTEGER PRIMARY KEY, time INTEGER, network INTEGER, author TEXT,
           lang TEXT, tone TEXT, engagement INTEGER, domain TEXT, hashtag TEXT, text TEXT);
         CREATE INDEX post_time ON post (time);
         CREATE VIRTUAL TABLE words USING fts5 (text, content = 'post', content_rowid = 'id',
           tokenize = 'unicode61 remove_diacritics 2', prefix = '4');",
    )?;
    let mut lines = BufReader::with_capacity(1 << 20, File::open(plain)?).lines();
    let mut posts = 0;
    loop {
        let transaction = connection.transaction()?;
        let mut written = 0;
        {
            let mut row = transaction.prepare_cached(
                "INSERT INTO post VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ''), nullif(?9, ''), ?10)",
            )?;
            let mut words = transaction.prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?;
            for line in lines.by_ref().take(TRANSACTION_POSTS) {
                let line = line?;
                let mut fields = line.split('\t');
                let mut next = || fields.next().context("a line has too few columns");
                let id: i64 = next()?.parse()?;
                let (time, network): (i64, i64) = (next()?.parse()?, next()?.parse()?);
                let (author, lang, tone) = (next()?, next()?, next()?);
                let engagement: i64 = next()?.parse()?;
                let (domain, hashtag, text) = (next()?, next()?, next()?);
                row.execute(params![
                    id, time, network, author, lang, tone, engagement, domain, hashtag, text
                ])?;
                words.execute(params![id, text])?;
                written += 1;
            }
        }
        transaction.commit()?;
        posts += written;
        if written == 0 {
            return Ok(posts);
        }
    }
}
