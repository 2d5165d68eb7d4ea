//! Looking for words in the bytes of a data folder: files as they are, records
//! unpacked, dictionaries of the index, compressed rows.

use crate::installation::{Installation, files_under};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// Bytes of a compressed row that are looked for: too many to be there by chance.
const WINDOW: usize = 20;

/// True when `part` stands somewhere in `whole`, ASCII letters of any case.
pub fn holds(whole: &[u8], part: &str) -> bool {
    let part = part.as_bytes();
    whole.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// The files of the data folder that hold one of these words as plain bytes.
pub fn files_with(place: &Installation, word: &str) -> Vec<PathBuf> {
    let holds_it = |path: &PathBuf| holds(&std::fs::read(path).unwrap(), word);
    files_under(&place.data()).into_iter().filter(holds_it).collect()
}

/// The terms of the index's dictionaries, those of deleted posts too, that hold the word.
pub fn terms_with(place: &Installation, word: &str) -> Vec<String> {
    let index = tantivy::Index::open_in_dir(place.workspace_folder().join("index")).unwrap();
    let fields: Vec<_> =
        index.schema().fields().filter(|(_, entry)| entry.is_indexed()).map(|(field, _)| field).collect();
    let reader = index.reader().unwrap();
    let mut found = Vec::new();
    for segment in reader.searcher().segment_readers() {
        for field in &fields {
            let inverted = segment.inverted_index(*field).unwrap();
            let mut terms = inverted.terms().stream().unwrap();
            while terms.advance() {
                if holds(terms.key(), word) {
                    found.push(String::from_utf8_lossy(terms.key()).into_owned());
                }
            }
        }
    }
    found
}

/// Compressed bodies of all rows, as they lie in the database.
pub fn rows(place: &Installation) -> Vec<(String, Vec<u8>)> {
    let path = place.workspace_folder().join("workspace.db");
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection.prepare("SELECT native_id, body FROM record").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A piece of each of these rows that the dictionary of the compressor cannot hold.
pub fn windows(rows: &[(String, Vec<u8>)]) -> Vec<Vec<u8>> {
    let middle = |body: &Vec<u8>| {
        let start = (body.len() / 2).min(body.len().saturating_sub(WINDOW));
        body[start..(start + WINDOW).min(body.len())].to_vec()
    };
    rows.iter().map(|(_, body)| middle(body)).collect()
}

/// How many of these pieces stand in some file of the data folder.
pub fn pieces_left(folder: &Path, pieces: &[Vec<u8>]) -> usize {
    let files: Vec<Vec<u8>> = files_under(folder).iter().map(|path| std::fs::read(path).unwrap()).collect();
    let is_left = |piece: &&Vec<u8>| {
        files.iter().any(|file| file.windows(piece.len()).any(|window| window == piece.as_slice()))
    };
    pieces.iter().filter(is_left).count()
}
