//! Who wrote the posts that match, how many, and when last.

use super::evaluate::Prepared;
use super::reader::Span;
use super::schema::from_column;
use super::{IndexError, IndexReader, Labels};
use model::Timestamp;
use model::query::Expr;
use std::collections::HashMap;

/// What to ask of the authors of posts.
#[derive(Debug, Clone, Copy)]
pub struct AuthorsRequest<'a> {
    /// The posts.
    pub expr: &'a Expr,
    /// Record ids of the labels that it asks about.
    pub labels: &'a Labels,
    /// Not earlier.
    pub from: Option<Timestamp>,
    /// Earlier.
    pub to: Option<Timestamp>,
}

/// One author among the posts that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorActivity {
    /// Posts.
    pub posts: u64,
    /// Time of the newest.
    pub newest: Timestamp,
    /// Record id of the newest; of several at one time the highest.
    pub newest_id: i64,
}

impl IndexReader {
    /// Every author (`network:native id`) of the posts that match.
    /// Cost: three columns of the matching posts, and memory of one entry per author.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails.
    pub fn authors(
        &self,
        request: &AuthorsRequest<'_>,
    ) -> Result<HashMap<String, AuthorActivity>, IndexError> {
        let prepared = Prepared::new(request.expr, request.labels);
        let span = Span::new(request.from, request.to);
        let parts = self.of_segments(&self.view(), |segment| {
            let docs = self.docs_in(&prepared, span.clamped(segment), segment)?;
            let mut by_ordinal: HashMap<u64, (u64, u64, u64)> = HashMap::new();
            for doc in docs.iter() {
                let Some(author) = segment.author.ordinals().first(doc) else { continue };
                let at = (segment.time.values.get_val(doc), segment.id.values.get_val(doc));
                let (posts, time, id) = by_ordinal.entry(author).or_insert((0, at.0, at.1));
                *posts += 1;
                (*time, *id) = at.max((*time, *id));
            }
            let mut authors = Vec::with_capacity(by_ordinal.len());
            for (ordinal, (posts, time, id)) in by_ordinal {
                let newest = Timestamp::from_millis(from_column(time));
                let activity = AuthorActivity { posts, newest, newest_id: from_column(id) };
                authors.push((segment.author.text_of(ordinal)?, activity));
            }
            Ok(authors)
        })?;
        let mut all: HashMap<String, AuthorActivity> = HashMap::new();
        for (author, activity) in parts.into_iter().flatten() {
            let known = all.entry(author).or_insert(AuthorActivity { posts: 0, ..activity });
            known.posts += activity.posts;
            (known.newest, known.newest_id) =
                (activity.newest, activity.newest_id).max((known.newest, known.newest_id));
        }
        Ok(all)
    }
}
