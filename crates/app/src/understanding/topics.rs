//! Topics: what people talk about now and did not before.
//!
//! In: an expression and a span. Out: topics named by their own words, with
//! their exact figures. The words are found in posts drawn by lot from the
//! span and from the four times longer time before it; what is told of a
//! topic (posts, tone, growth) is counted over all posts by the index, with
//! the same expression that the explorer takes.
//! Errors: [`AppError`].
//! Cost: about 40 µs per post read, on several threads; an answer is
//! remembered until the archive changes.
//! Limits: [`READ_MAX`] posts of each side are read; [`POSTS_MIN`] of each are
//! needed. A topic of fewer than about one post in a thousand may be missed.

use crate::listening::{PostView, Span, Workspace, parse_or_all};
use crate::{Actor, AppError};
use analysis::topics::{METHOD, METHOD_VERSION, Topic, TopicDocument, TopicOptions, emerging};
use model::query::{Expr, Field, parse};
use model::time::DAY_MS;
use model::{Permission, PostKind};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::index::{CompareRequest, DrawRequest, Labels, Order, SearchRequest, Series};

/// Most posts read of each side.
pub const READ_MAX: usize = 6_000;
/// Least posts of each side from which topics are sought.
pub const POSTS_MIN: u64 = 40;
/// Most topics told.
pub const TOPICS_MAX: usize = 15;
/// Most examples of a topic.
pub const TOPIC_EXAMPLES_MAX: usize = 2;
/// Length of the time before, in spans.
const BEFORE_SPANS: i64 = 4;
/// Most answers remembered.
const REMEMBERED_MAX: usize = 32;
/// Most threads that read posts.
const READ_THREADS_MAX: usize = 4;

/// A topic with its figures.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TopicView {
    /// Its words as people write them, the most telling first.
    pub words: Vec<String>,
    /// The expression that finds its posts, within whatever else was asked.
    pub expression: String,
    /// Posts in the span.
    pub posts: u64,
    /// Posts in the time before.
    pub posts_before: u64,
    /// Posts in the span by tone: unknown, negative, neutral, positive, mixed.
    pub tones: [u64; 5],
    /// Share of all posts asked about, 0…1.
    pub share_ratio: f64,
    /// Times its share before; `None` when it was not there.
    pub growth: Option<f64>,
    /// Distinct authors among the posts read.
    pub authors_read: u32,
    /// Log-odds against before, in standard deviations.
    pub score: f64,
    /// Typical posts.
    pub examples: Vec<PostView>,
}

/// Why there are no topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TooLittle {
    /// Fewer than [`POSTS_MIN`] posts in the span.
    Now,
    /// Fewer than [`POSTS_MIN`] posts before it: nothing to compare with.
    Before,
}

/// The topics of a span.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TopicsView {
    /// The span asked for, or the last fifth of the data.
    pub span: Span,
    /// The time that it is compared with.
    pub before: Span,
    /// Posts in the span, without reshares.
    pub total: u64,
    /// Of them, read.
    pub read: u64,
    /// Posts in the time before.
    pub total_before: u64,
    /// Of them, read.
    pub read_before: u64,
    /// Why nothing was sought; `None` when it was.
    pub too_little: Option<TooLittle>,
    /// The topics, the strongest first.
    pub topics: Vec<TopicView>,
    /// The method.
    pub method: &'static str,
    /// Its version.
    pub version: u32,
}

/// What an answer depends on besides the archive.
pub(super) type Asked = (String, Span);

/// Answers that were given for the present state of the archive.
#[derive(Debug)]
pub(crate) struct Remembered<T> {
    state: (u64, i64),
    answers: HashMap<Asked, Arc<T>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { state: (0, 0), answers: HashMap::new() }
    }
}

impl<T> Remembered<T> {
    /// The answer given before, if nothing changed since; answers about
    /// another state are forgotten.
    pub(super) fn find(&mut self, state: (u64, i64), asked: &Asked) -> Option<Arc<T>> {
        if self.state != state {
            self.answers.clear();
            self.state = state;
        }
        self.answers.get(asked).cloned()
    }

    pub(super) fn keep(&mut self, state: (u64, i64), asked: Asked, answer: &Arc<T>) {
        if self.state != state || self.answers.len() >= REMEMBERED_MAX {
            self.answers.clear();
        }
        self.state = state;
        self.answers.insert(asked, Arc::clone(answer));
    }
}

/// Answers about topics and questions, remembered.
#[derive(Debug, Default)]
pub(crate) struct TopicAnswers {
    topics: Mutex<Remembered<TopicsView>>,
    questions: Mutex<Remembered<super::questions::QuestionsView>>,
}

impl TopicAnswers {
    fn topics(&self) -> MutexGuard<'_, Remembered<TopicsView>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is told of questions names the team's answers, which have changed.
    pub(super) fn forget_questions(&self) {
        *self.questions() = Remembered::default();
    }

    pub(super) fn questions(&self) -> MutexGuard<'_, Remembered<super::questions::QuestionsView>> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text that was read.
pub(super) struct ReadText {
    pub id: i64,
    pub author: String,
    pub text: String,
}

/// Texts drawn by lot, and how many there were.
pub(super) struct Texts {
    pub list: Vec<ReadText>,
    pub total: u64,
}

impl Texts {
    pub(super) fn documents(&self) -> Vec<TopicDocument<'_>> {
        self.list.iter().map(|text| TopicDocument { author: &text.author, text: &text.text }).collect()
    }

    pub(super) fn read(&self) -> u64 {
        self.list.len() as u64
    }
}

impl Workspace {
    /// What people talk about in a span and did not before it; in the last
    /// fifth of the data when the span is `None`. Reshares are left out.
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::Forbidden`].
    pub fn topics(
        &self,
        actor: &Actor,
        expression: &str,
        span: Option<Span>,
    ) -> Result<Arc<TopicsView>, AppError> {
        actor.require(Permission::Read)?;
        let asked_expr = parse_or_all(expression)?;
        let labels = self.labels_for(&[&asked_expr])?;
        let span = self.span_or_last_fifth(span)?;
        let asked = (expression.to_owned(), span);
        // Labels change without the archive: such answers are not remembered.
        let state = self.committed_state();
        let remembers = labels.is_empty();
        if remembers && let Some(answer) = self.topic_answers().topics().find(state, &asked) {
            return Ok(answer);
        }
        let answer = Arc::new(self.find_topics(&asked_expr, &labels, span)?);
        if remembers {
            self.topic_answers().topics().keep(state, asked, &answer);
        }
        Ok(answer)
    }

    /// What changes whenever posts come, go or are written anew.
    pub(super) fn committed_state(&self) -> (u64, i64) {
        (self.index().posts(), self.archive().highest_record_id().unwrap_or(0))
    }

    fn find_topics(&self, expr: &Expr, labels: &Labels, span: Span) -> Result<TopicsView, AppError> {
        let length = span.to.millis().saturating_sub(span.from.millis());
        let before = Span { from: span.from.plus(-BEFORE_SPANS * length), to: span.from };
        let own = expr.clone().and(Expr::Not(Box::new(Expr::Field(Field::Is(PostKind::Reshare)))));
        let now = self.read_texts(&own, labels, span, READ_MAX)?;
        let then = self.read_texts(&own, labels, before, READ_MAX)?;
        let too_little = match (now.total, then.total) {
            (now, _) if now < POSTS_MIN => Some(TooLittle::Now),
            (_, then) if then < POSTS_MIN => Some(TooLittle::Before),
            _ => None,
        };
        let mut view = TopicsView {
            span,
            before,
            total: now.total,
            read: now.read(),
            total_before: then.total,
            read_before: then.read(),
            too_little,
            topics: Vec::new(),
            method: METHOD,
            version: METHOD_VERSION,
        };
        if too_little.is_none() {
            let options = TopicOptions { topics_max: TOPICS_MAX, ..TopicOptions::default() };
            let found = emerging(&now.documents(), &then.documents(), &options);
            view.topics = self.count_topics(&found, &own, labels, &view, &now, options.growth_min)?;
        }
        Ok(view)
    }

    /// The topics with their exact figures; those that all posts together do
    /// not bear out are left out.
    fn count_topics(
        &self,
        found: &[Topic],
        own: &Expr,
        labels: &Labels,
        of: &TopicsView,
        read: &Texts,
        growth_min: f64,
    ) -> Result<Vec<TopicView>, AppError> {
        let exprs = found
            .iter()
            .map(|topic| Ok(own.clone().and(parse(&topic.expression)?)))
            .collect::<Result<Vec<Expr>, AppError>>()?;
        let now = self.series(&exprs, labels, of.span)?;
        let then = self.series(&exprs, labels, of.before)?;
        let mut views = Vec::with_capacity(found.len());
        for ((topic, now), then) in found.iter().zip(&now).zip(&then) {
            // Counts stay far below 2^52.
            let share = |count: u64, of: u64| count as f64 / of.max(1) as f64;
            let (share_now, share_then) = (share(now.total, of.total), share(then.total, of.total_before));
            let growth = (then.total > 0).then(|| share_now / share_then);
            if growth.is_some_and(|growth| growth < growth_min) {
                continue;
            }
            let examples: Vec<i64> = topic
                .examples
                .iter()
                .filter_map(|place| read.list.get(*place).map(|text| text.id))
                .take(TOPIC_EXAMPLES_MAX)
                .collect();
            views.push(TopicView {
                words: topic.terms.iter().map(|term| term.text.clone()).collect(),
                expression: format!("({}) -is:reshare", topic.expression),
                posts: now.total,
                posts_before: then.total,
                tones: now.tones.0,
                share_ratio: share_now,
                growth,
                authors_read: topic.authors,
                score: topic.score,
                examples: self.views(&examples, Some(&parse(&topic.expression)?))?,
            });
        }
        Ok(views)
    }

    /// Volume and tone of expressions in a span; empty for none.
    pub(super) fn series(
        &self,
        exprs: &[Expr],
        labels: &Labels,
        span: Span,
    ) -> Result<Vec<Series>, AppError> {
        if exprs.is_empty() {
            return Ok(Vec::new());
        }
        let request = CompareRequest { exprs, labels, from: Some(span.from), to: Some(span.to) };
        Ok(self.index().compare(&request)?)
    }

    /// Posts that match, drawn by lot, with author and full text.
    pub(super) fn read_texts(
        &self,
        expr: &Expr,
        labels: &Labels,
        span: Span,
        limit: usize,
    ) -> Result<Texts, AppError> {
        let drawn = self.index().draw(&DrawRequest {
            expr,
            labels,
            from: Some(span.from),
            to: Some(span.to),
            limit,
        })?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(READ_THREADS_MAX);
        let share = drawn.ids.len().div_ceil(threads).max(1);
        let parts = std::thread::scope(|scope| {
            let readers: Vec<_> =
                drawn.ids.chunks(share).map(|ids| scope.spawn(move || self.texts_of(ids))).collect();
            let joined = readers.into_iter().map(|reader| match reader.join() {
                Ok(part) => part,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.collect::<Result<Vec<_>, _>>()
        })?;
        Ok(Texts { list: parts.into_iter().flatten().collect(), total: drawn.total })
    }

    fn texts_of(&self, ids: &[i64]) -> Result<Vec<ReadText>, AppError> {
        let text = |(id, post): (i64, model::Post)| ReadText {
            id,
            author: post.author.key.to_text(),
            text: post.full_text().into_owned(),
        };
        Ok(self.posts_of(ids)?.into_iter().map(text).collect())
    }

    /// The span asked for, or the last fifth of the time of the data, so that
    /// the four parts before it are there to compare with.
    pub(super) fn span_or_last_fifth(&self, span: Option<Span>) -> Result<Span, AppError> {
        if let Some(span) = span {
            return Ok(span);
        }
        let end = |order| -> Result<Option<model::Timestamp>, AppError> {
            let labels = Labels::new();
            let request = SearchRequest { expr: &Expr::All, labels: &labels, order, limit: 1, after: None };
            Ok(self.index().search(&request)?.hits.first().map(|hit| hit.time))
        };
        Ok(match (end(Order::Oldest)?, end(Order::Newest)?) {
            (Some(first), Some(last)) => {
                let fifth = (last.millis().saturating_sub(first.millis()) / (BEFORE_SPANS + 1)).max(1);
                Span { from: last.plus(1 - fifth), to: last.plus(1) }
            }
            _ => {
                let now = self.settings().now();
                Span { from: now.plus(-7 * DAY_MS), to: now }
            }
        })
    }
}
