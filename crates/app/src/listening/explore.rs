//! Searching the archive and labelling what was found.

use super::derive::Derived;
use super::ingest::source_number;
use super::workspace::Workspace;
use crate::understanding::Taught;
use crate::{Actor, AppError};
use model::query::{Expr, highlights, parse};
use model::{
    Account, Emotion, IntentSet, Lang, Offence, Permission, Post, RecordKey, RecordKind, Timestamp, Tone,
};
use networks::Mapped;
use std::ops::Range;
use store::archive::{Label, Origin, StoredRecord};
use store::index::{Order, SearchCursor, SearchRequest};

/// Most posts of one page of the explorer.
pub const EXPLORE_PAGE_MAX: usize = 200;
/// Most posts labelled at once.
pub const LABEL_POSTS_MAX: usize = 10_000;
/// Longest label, characters.
pub const LABEL_CHARS_MAX: usize = 60;

/// A search of the archive.
#[derive(Debug, Clone, Default)]
pub struct ExploreRequest {
    /// The expression; empty for everything.
    pub expression: String,
    /// Order of the posts.
    pub order: Order,
    /// Posts of the page, at most [`EXPLORE_PAGE_MAX`].
    pub limit: usize,
    /// Only what follows this place.
    pub after: Option<SearchCursor>,
}

/// A page of posts.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Explored {
    /// The posts.
    pub posts: Vec<PostView>,
    /// Where the next page begins, as text for an address.
    pub next: Option<String>,
    /// All posts that match; exact.
    pub total: u64,
}

/// Count and examples of an expression that is being written.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Preview {
    /// Posts that match in the whole archive.
    pub total: u64,
    /// The newest of them.
    pub examples: Vec<PostView>,
}

/// A piece of text, marked when it made the expression match.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// True when it matched.
    pub marked: bool,
}

/// A post as pages and the API show it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PostView {
    /// Record id: its address in this workspace until it is edited.
    pub id: i64,
    /// The post as mapped from what was received.
    pub post: Post,
    /// When it was received.
    pub fetched_at: Timestamp,
    /// Source (positive) or import (negative) that brought it.
    pub source: i64,
    /// Where it stands in time.
    pub time: Timestamp,
    /// False when the network's date was missing or implausible.
    pub time_plausible: bool,
    /// Detected language.
    pub language: Option<Lang>,
    /// Detected tone.
    pub tone: Tone,
    /// Tone score −1…1.
    pub tone_score: Option<f32>,
    /// What its writer wants.
    pub intents: IntentSet,
    /// How fast somebody should look, in hundredths.
    pub urgency_percent: Option<u8>,
    /// Whether it offends.
    pub offence: Offence,
    /// Its main emotion.
    pub emotion: Emotion,
    /// The post that began the cascade of copies that it belongs to, when that is another.
    pub copy_of: Option<i64>,
    /// Labels that people put on it.
    pub labels: Vec<String>,
    /// The headline in pieces.
    pub title: Vec<Segment>,
    /// The text in pieces.
    pub text: Vec<Segment>,
}

impl Workspace {
    /// One page of posts that match an expression.
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::Forbidden`].
    pub fn explore(&self, actor: &Actor, request: &ExploreRequest) -> Result<Explored, AppError> {
        actor.require(Permission::Read)?;
        let expr = parse_or_all(&request.expression)?;
        let page = self.index().search(&SearchRequest {
            expr: &expr,
            labels: &self.labels_for(&[&expr])?,
            order: request.order,
            limit: request.limit.clamp(1, EXPLORE_PAGE_MAX),
            after: request.after,
        })?;
        let ids: Vec<i64> = page.hits.iter().map(|hit| hit.id).collect();
        Ok(Explored {
            posts: self.views(&ids, Some(&expr))?,
            next: page.next.map(SearchCursor::to_text),
            total: page.total,
        })
    }

    /// Puts a label on posts; the number that did not have it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty or long label or too many posts.
    pub fn add_label(&self, actor: &Actor, ids: &[i64], label: &str) -> Result<usize, AppError> {
        let label = checked_label(actor, ids, label)?;
        Ok(self.archive().add_label(ids, label, actor.user, self.settings().now())?)
    }

    /// Takes a label off posts; the number that had it.
    ///
    /// # Errors
    /// [`AppError::Invalid`].
    pub fn remove_label(&self, actor: &Actor, ids: &[i64], label: &str) -> Result<usize, AppError> {
        let label = checked_label(actor, ids, label)?;
        Ok(self.archive().remove_label(ids, label)?)
    }

    /// The labels in use with their number of posts.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_labels(&self, actor: &Actor) -> Result<Vec<store::archive::LabelCount>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_labels()?)
    }

    /// Views of records in the order asked; those that are gone are left out.
    pub(crate) fn views(&self, ids: &[i64], expr: Option<&Expr>) -> Result<Vec<PostView>, AppError> {
        let records = self.archive().load_records(ids)?;
        let labels = self.archive().labels_of(ids)?;
        let cascades = self.index().cascades_of(ids)?;
        let taught = self.taught();
        let mut views = Vec::with_capacity(records.len());
        for record in &records {
            let of_record = labels.get(&record.id).map(Vec::as_slice).unwrap_or_default();
            let cascade = cascades.get(&record.id).copied();
            if let Some(view) = self.view(record, of_record, expr, &taught, cascade)? {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// What is derived of a post that is shown, as queries are asked of it.
    ///
    /// # Errors
    /// [`AppError::Index`] when its cascade cannot be read.
    pub fn derive(&self, view: &PostView) -> Result<Derived, AppError> {
        let mut derived = Derived::of(&view.post, view.fetched_at, view.source, &self.taught());
        derived.facts.cascade = self.index().cascades_of(&[view.id])?.remove(&view.id);
        Ok(derived)
    }

    /// The posts of records, in the order asked; accounts, what is gone and
    /// what no longer maps are left out.
    pub(crate) fn posts_of(&self, ids: &[i64]) -> Result<Vec<(i64, Post)>, AppError> {
        let records = self.archive().load_records(ids)?;
        let post = |record: &StoredRecord| match networks::map(&record.raw) {
            Ok(Mapped::Post(post)) => Some((record.id, *post)),
            _ => None,
        };
        Ok(records.iter().filter_map(post).collect())
    }

    /// The view of one record; `None` for accounts and what no longer maps.
    fn view(
        &self,
        record: &StoredRecord,
        labels: &[Label],
        expr: Option<&Expr>,
        taught: &Taught,
        cascade: Option<i64>,
    ) -> Result<Option<PostView>, AppError> {
        let Ok(Mapped::Post(mut post)) = networks::map(&record.raw) else {
            return Ok(None);
        };
        if post.author.handle.is_none() {
            self.complete_author(&mut post.author)?;
        }
        let source = source_number(record.origin);
        let derived = Derived::of(&post, record.raw.fetched_at, source, taught);
        let folded: Vec<String> = labels.iter().map(|label| label.folded.clone()).collect();
        let marks = expr.map_or_else(Vec::new, |expr| highlights(expr, &derived.document(&folded)));
        // The full text is headline, two newlines, text; see Post::full_text.
        let body_start = derived.text.len() - post.text.len();
        let title_end = post.title.as_ref().filter(|title| !title.is_empty()).map_or(0, String::len);
        Ok(Some(PostView {
            id: record.id,
            fetched_at: record.raw.fetched_at,
            source,
            time: derived.facts.time,
            time_plausible: derived.facts.time_plausible,
            language: derived.facts.language,
            tone: derived.facts.tone,
            tone_score: derived.facts.tone_score,
            intents: derived.facts.intents,
            urgency_percent: derived.facts.urgency_percent,
            offence: derived.facts.offence,
            emotion: derived.facts.emotion,
            copy_of: cascade.filter(|cascade| *cascade != record.id),
            labels: labels.iter().map(|label| label.text.clone()).collect(),
            title: segments(&derived.text, 0..title_end, &marks),
            text: segments(&derived.text, body_start..derived.text.len(), &marks),
            post: *post,
        }))
    }

    /// Networks whose posts carry only an identifier tell the rest apart
    /// from the post: take it from the account record if we have one.
    fn complete_author(&self, author: &mut Account) -> Result<(), AppError> {
        let key = RecordKey::of(RecordKind::Account, author.key.network, &author.key.native_id);
        if let Some(record) = self.archive().find_record(key)?
            && let Ok(Mapped::Account(account)) = networks::map(&record.raw)
        {
            *author = *account;
        }
        Ok(())
    }

    /// The source or import of a number, for `source:` and links.
    pub fn origin_of(number: i64) -> Origin {
        if number < 0 { Origin::Import(-number) } else { Origin::Source(number) }
    }
}

/// An expression, or everything when there is none.
pub(crate) fn parse_or_all(expression: &str) -> Result<Expr, AppError> {
    if expression.trim().is_empty() { Ok(Expr::All) } else { Ok(parse(expression)?) }
}

/// A span of the text cut at the marks.
fn segments(text: &str, span: Range<usize>, marks: &[Range<usize>]) -> Vec<Segment> {
    let mut out = Vec::new();
    let mut push = |range: Range<usize>, marked| {
        if let Some(piece) = text.get(range)
            && !piece.is_empty()
        {
            out.push(Segment { text: piece.to_owned(), marked });
        }
    };
    let mut at = span.start;
    for mark in marks {
        let (start, end) = (mark.start.max(at), mark.end.min(span.end));
        if start < end && start < span.end {
            push(at..start, false);
            push(start..end, true);
            at = end;
        }
    }
    push(at..span.end, false);
    out
}

fn checked_label<'a>(actor: &Actor, ids: &[i64], label: &'a str) -> Result<&'a str, AppError> {
    actor.require(Permission::Label)?;
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LABEL_CHARS_MAX || label.contains('"') {
        return Err(AppError::invalid(
            "label",
            format!("write 1 to {LABEL_CHARS_MAX} characters without quotation marks"),
        ));
    }
    if ids.len() > LABEL_POSTS_MAX {
        return Err(AppError::invalid("ids", format!("at most {LABEL_POSTS_MAX} posts at once")));
    }
    Ok(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cut_at_the_marks_of_their_span() {
        let text = "Título\n\nel agua";
        let marks = [0..7, 12..16];
        let shown = |span| -> Vec<(String, bool)> {
            segments(text, span, &marks).into_iter().map(|s| (s.text, s.marked)).collect()
        };
        assert_eq!(shown(0..7), [("Título".to_owned(), true)]);
        assert_eq!(shown(9..16), [("el ".to_owned(), false), ("agua".to_owned(), true)]);
    }
}
