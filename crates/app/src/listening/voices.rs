//! Share of voice: mentions of every query in a span, and each brand's part.
//!
//! In: a span. Out: one entry per query. The last answers are remembered for as
//! long as posts, queries and what the team taught stay as they are. Errors:
//! [`AppError`]. Cost: a count of each query when it is not remembered (about
//! 2 ms each at five million posts). Limits: [`ANSWERS_KEPT`]; queries that ask
//! for labels are counted each time, because labels change without a commit.

use super::overview::{ShareOfVoiceEntry, Span};
use super::workspace::{Compiled, Workspace};
use crate::AppError;
use crate::understanding::Taught;
use model::listening::Purpose;
use model::query::Expr;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use store::index::CompareRequest;

/// Answers that are remembered, the last ones asked for.
const ANSWERS_KEPT: usize = 8;

/// What an answer depends on. Weak references keep their addresses from being
/// given to others, and nothing else.
#[derive(Clone)]
struct Asked {
    span: Span,
    posts: u64,
    upto: i64,
    queries: Weak<Compiled>,
    taught: Weak<Taught>,
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        (self.span, self.posts, self.upto) == (other.span, other.posts, other.upto)
            && self.queries.ptr_eq(&other.queries)
            && self.taught.ptr_eq(&other.taught)
    }
}

/// The answers that are remembered.
#[derive(Default)]
pub(super) struct Voices(Mutex<VecDeque<(Asked, Vec<ShareOfVoiceEntry>)>>);

impl Voices {
    fn answers(&self) -> MutexGuard<'_, VecDeque<(Asked, Vec<ShareOfVoiceEntry>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets every answer.
    pub(super) fn forget(&self) {
        self.answers().clear();
    }
}

impl Workspace {
    /// Mentions of every query in a span, and each brand's share.
    pub(super) fn share_of_voice(&self, span: Span) -> Result<Vec<ShareOfVoiceEntry>, AppError> {
        let compiled = self.compiled();
        let asked = self.asked(span, &compiled);
        if let Some((_, entries)) = self.voices().answers().iter().find(|(known, _)| *known == asked) {
            return Ok(entries.clone());
        }
        let entries = self.count_voices(span, &compiled)?;
        let chosen = compiled.queries.get(..store::index::COMPARE_MAX).unwrap_or(&compiled.queries);
        let has_labels = chosen.iter().any(|(_, expr)| !expr.labels().is_empty());
        // A commit in between may be in the counts or not.
        if !has_labels && self.asked(span, &self.compiled()) == asked {
            let mut answers = self.voices().answers();
            answers.truncate(ANSWERS_KEPT - 1);
            answers.push_front((asked, entries.clone()));
        }
        Ok(entries)
    }

    fn asked(&self, span: Span, compiled: &Arc<Compiled>) -> Asked {
        Asked {
            span,
            posts: self.index().posts(),
            upto: self.index().committed_upto(),
            queries: Arc::downgrade(compiled),
            taught: Arc::downgrade(&self.taught()),
        }
    }

    fn count_voices(&self, span: Span, compiled: &Compiled) -> Result<Vec<ShareOfVoiceEntry>, AppError> {
        let chosen = compiled.queries.get(..store::index::COMPARE_MAX).unwrap_or(&compiled.queries);
        let mut entries = Vec::with_capacity(chosen.len());
        let exprs: Vec<Expr> = chosen.iter().map(|(_, expr)| expr.clone()).collect();
        let refs: Vec<&Expr> = exprs.iter().collect();
        let series = self.index().compare(&CompareRequest {
            exprs: &exprs,
            labels: &self.labels_for(&refs)?,
            from: Some(span.from),
            to: Some(span.to),
        })?;
        let is_brand = |purpose| matches!(purpose, Purpose::OwnBrand | Purpose::Competitor);
        let of_brands: u64 =
            chosen.iter().zip(&series).filter(|((q, _), _)| is_brand(q.purpose)).map(|(_, s)| s.total).sum();
        for ((query, _), series) in chosen.iter().zip(&series) {
            // Counts stay far below 2^52, so the division is exact enough.
            let share_ratio =
                (is_brand(query.purpose) && of_brands > 0).then(|| series.total as f64 / of_brands as f64);
            entries.push(ShareOfVoiceEntry {
                id: query.id,
                name: query.name.clone(),
                purpose: query.purpose,
                mentions: series.total,
                tones: series.tones.0,
                share_ratio,
            });
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listening::{ImportOptions, ImportSource};
    use crate::trial::first_day;
    use crate::{Actor, App};
    use model::time::DAY_MS;
    use std::io::Cursor;
    use std::sync::atomic::AtomicBool;

    fn workspace() -> (tempfile::TempDir, Arc<App>, Arc<Workspace>) {
        first_day("Bayano", &["Istmo"])
    }

    fn import(workspace: &Workspace, texts: &[&str]) {
        let now = workspace.settings().now();
        let mut csv = "author,text,time\n".to_owned();
        for text in texts {
            csv.push_str(&format!("ana,\"{text}\",{}\n", now.plus(-1_000)));
        }
        let input = Box::new(Cursor::new(csv.into_bytes()));
        let source = ImportSource { name: "a.csv".to_owned(), size_bytes: None, input };
        let stop = AtomicBool::new(false);
        workspace.import(&Actor::operator(), source, &ImportOptions::default(), &stop, &mut |_| {}).unwrap();
    }

    #[test]
    fn an_answer_is_remembered_until_a_post_or_a_query_changes_it() {
        let (_folder, _app, workspace) = workspace();
        let now = workspace.settings().now();
        let span = Span { from: now.plus(-DAY_MS), to: now.plus(DAY_MS) };
        let mentions = || -> Vec<(String, u64)> {
            let entries = workspace.share_of_voice(span).unwrap();
            entries.into_iter().map(|entry| (entry.name, entry.mentions)).collect()
        };
        let named = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
        };
        import(&workspace, &["Bayano sin agua", "Istmo abre hoy"]);
        assert_eq!(mentions(), named(&[("Bayano", 1), ("Istmo", 1)]));
        assert_eq!(mentions(), named(&[("Bayano", 1), ("Istmo", 1)]));
        assert_eq!(workspace.voices().answers().len(), 1, "the second answer is the first");
        import(&workspace, &["Bayano otra vez"]);
        assert_eq!(mentions(), named(&[("Bayano", 2), ("Istmo", 1)]));
        let actor = Actor::operator();
        let query = workspace.insert_query(&actor, "Agua", Purpose::Topic, "agua").unwrap();
        assert_eq!(mentions(), named(&[("Bayano", 2), ("Istmo", 1), ("Agua", 1)]));
        workspace.update_query(&actor, query.id, "Agua", Purpose::Topic, "hoy").unwrap();
        assert_eq!(mentions(), named(&[("Bayano", 2), ("Istmo", 1), ("Agua", 1)]));
        workspace.update_query(&actor, query.id, "Agua", Purpose::Topic, "bayano").unwrap();
        assert_eq!(mentions(), named(&[("Bayano", 2), ("Istmo", 1), ("Agua", 2)]));
        for day in 1..20 {
            workspace.share_of_voice(Span { from: now.plus(-day * DAY_MS), ..span }).unwrap();
        }
        assert_eq!(workspace.voices().answers().len(), ANSWERS_KEPT);
        workspace.update_query(&actor, query.id, "Agua", Purpose::Topic, "label:urgente").unwrap();
        workspace.voices().forget();
        assert_eq!(mentions().last().unwrap().1, 0);
        assert!(workspace.voices().answers().is_empty(), "labels change without a commit");
    }
}
