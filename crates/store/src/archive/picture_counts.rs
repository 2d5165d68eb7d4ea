//! How many pictures there are, by what became of them.

use super::Archive;
use super::pictures::{PictureCounts, PictureState};
use crate::database;
use crate::error::StoreError;

impl Archive {
    /// Pictures still to be fetched. Time: linear in those.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn count_waiting_pictures(&self) -> Result<u64, StoreError> {
        self.database.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT count(*) FROM picture WHERE state = 'waiting'")?;
            database::count("picture", statement.query_row([], |row| row.get(0))?)
        })
    }

    /// Pictures by state. Time: linear in them.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn count_pictures(&self) -> Result<PictureCounts, StoreError> {
        self.database.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT state, count(*) FROM picture GROUP BY state")?;
            let mut rows = statement.query([])?;
            let mut counts = PictureCounts::default();
            while let Some(row) = rows.next()? {
                let state: String = row.get(0)?;
                let count = database::count("picture", row.get(1)?)?;
                match PictureState::read(&state) {
                    Some(PictureState::Waiting) => counts.waiting = count,
                    Some(PictureState::Hashed) => counts.hashed = count,
                    Some(PictureState::Plain) => counts.plain = count,
                    Some(PictureState::Failed) => counts.failed = count,
                    None => return Err(StoreError::corrupt("picture", state, "there is no such state")),
                }
            }
            Ok(counts)
        })
    }
}
