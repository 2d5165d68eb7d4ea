//! Questions to the index.

use super::IndexError;
use super::bits::Bits;
use super::cache::{Answer, CACHE_DOCS_MIN, Cache, Question};
use super::evaluate::{Prepared, range_docs};
use super::order::{Place, cursor_of, first_places, place_of};
use super::overview::{Part, VolumePartial, peaks, set_peaks, sum, sum_volume};
use super::pass::{Partial, Sums};
use super::request::{
    COMPARE_MAX, CompareRequest, Hit, Labels, Order, Overview, OverviewRequest, SAMPLE_POSTS,
    SEARCH_LIMIT_MAX, SearchCursor, SearchPage, SearchRequest, Series, TOP_N_MAX,
};
use super::schema::{Fields, from_column, term_of, to_column};
use super::segment::{SegmentView, View};
use model::Timestamp;
use model::query::{Expr, Field, Has};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Most threads that one question uses.
const QUESTION_THREADS_MAX: usize = 8;
/// Fewer posts than this are looked at by one thread.
const THREADED_POSTS_MIN: u64 = if cfg!(test) { 20 } else { 50_000 };
/// Posts that a scan takes from the index at a time.
const SCAN_BATCH: usize = if cfg!(test) { 7 } else { 100_000 };

/// The reading side of an index; clones share their caches. Each call sees one
/// committed state from beginning to end.
#[derive(Clone)]
pub struct IndexReader(Arc<Shared>);

struct Shared {
    engine: tantivy::IndexReader,
    fields: Fields,
    view: RwLock<Arc<View>>,
    /// Taken while a newer state is opened.
    reloading: Mutex<()>,
    cache: Cache,
    threads: usize,
}

/// Most ids of one [`IndexReader::ids_before`].
const IDS_MAX: usize = 100_000;

impl IndexReader {
    /// Opens an index for reading beside the process that writes it.
    ///
    /// # Errors
    /// [`IndexError::NotThere`] when nothing was indexed yet or the layout is another one;
    /// [`IndexError::Damaged`] when files are broken.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        super::open::open_reader(dir)
    }

    pub(super) fn of(index: &tantivy::Index, fields: Fields) -> Result<Self, IndexError> {
        let engine = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
        let view = View::open(&engine.searcher(), &fields, None)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(QUESTION_THREADS_MAX);
        Ok(Self(Arc::new(Shared {
            engine,
            fields,
            view: RwLock::new(Arc::new(view)),
            reloading: Mutex::default(),
            cache: Cache::default(),
            threads,
        })))
    }

    /// Sees what was committed since, by this process or another.
    ///
    /// # Errors
    /// [`IndexError`] when files cannot be read; the state before stays in use.
    pub fn reload(&self) -> Result<(), IndexError> {
        let _turn = self.0.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.engine.reload()?;
        let view = Arc::new(View::open(&self.0.engine.searcher(), &self.0.fields, Some(&self.view()))?);
        self.0.cache.retain(view.segments.iter().map(|segment| segment.key));
        *self.0.view.write().unwrap_or_else(PoisonError::into_inner) = view;
        Ok(())
    }

    pub(super) fn view(&self) -> Arc<View> {
        Arc::clone(&self.0.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The engine's own view of the newest state.
    pub(super) fn searcher(&self) -> tantivy::Searcher {
        self.0.engine.searcher()
    }

    /// The field that holds signatures.
    pub(super) fn signature_field(&self) -> tantivy::schema::Field {
        self.0.fields.signature
    }

    /// Posts in the index.
    pub fn posts(&self) -> u64 {
        self.view().segments.iter().map(|segment| segment.alive_count()).sum()
    }

    /// The greatest record id in the index, deleted ones included; 0 when empty.
    pub(super) fn highest_id(&self) -> i64 {
        let ids = |segment: &Arc<SegmentView>| from_column(segment.id.max_value());
        self.view().segments.iter().filter(|segment| segment.max_doc > 0).map(ids).max().unwrap_or(0)
    }

    /// True when any segment holds this term of a text.
    #[cfg(test)]
    pub(super) fn knows_term(&self, term: &str) -> bool {
        let knows = |segment: &Arc<SegmentView>| segment.text_terms.terms().get(term).unwrap().is_some();
        self.view().segments.iter().any(knows)
    }

    /// A page of the posts that match, and how many there are in all. Cost: the
    /// posting lists of the expression; matching posts that cannot be on the page
    /// are counted, not read.
    ///
    /// # Errors
    /// [`IndexError::TooMany`] above [`SEARCH_LIMIT_MAX`]; [`IndexError`] when reading fails.
    pub fn search(&self, request: &SearchRequest<'_>) -> Result<SearchPage, IndexError> {
        within_limit("hits", request.limit, SEARCH_LIMIT_MAX)?;
        let prepared = Prepared::new(request.expr, request.labels);
        self.page(&self.view(), &prepared, request.order, request.limit, request.after)
    }

    fn page(
        &self,
        view: &View,
        prepared: &Prepared,
        order: Order,
        limit: usize,
        after: Option<SearchCursor>,
    ) -> Result<SearchPage, IndexError> {
        let after = after.map(|cursor| place_of(order, &cursor));
        let parts = self.of_segments(view, |segment| {
            let docs = prepared.docs(segment, &self.0.cache)?;
            // One more than asked for tells whether anything follows.
            Ok((docs.count(), first_places(segment, &docs, order, limit.saturating_add(1), after)))
        })?;
        let total = parts.iter().map(|(count, _)| count).sum();
        let mut places: Vec<Place> = parts.into_iter().flat_map(|(_, places)| places).collect();
        places.sort_unstable();
        let more = places.len() > limit;
        places.truncate(limit);
        let cursors: Vec<SearchCursor> = places.into_iter().map(|place| cursor_of(order, place)).collect();
        Ok(SearchPage {
            next: cursors.last().copied().filter(|_| more),
            hits: cursors.into_iter().map(|cursor| Hit { id: cursor.id, time: cursor.time }).collect(),
            total,
        })
    }

    /// How many posts match; exact.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails.
    pub fn count(&self, expr: &Expr, labels: &Labels) -> Result<u64, IndexError> {
        let prepared = Prepared::new(expr, labels);
        let counts =
            self.of_segments(&self.view(), |segment| Ok(prepared.docs(segment, &self.0.cache)?.count()))?;
        Ok(counts.into_iter().sum())
    }

    /// How many posts match and the [`SAMPLE_POSTS`] newest of them, for the
    /// page where a query is written.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails.
    pub fn sample(&self, expr: &Expr, labels: &Labels) -> Result<SearchPage, IndexError> {
        self.search(&SearchRequest { expr, labels, order: Order::Newest, limit: SAMPLE_POSTS, after: None })
    }

    /// Visits every post that matches, oldest first, in one committed state;
    /// says how many were visited. Memory is bounded; cost: one pass over the
    /// matching posts for each 100,000 visited.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails; posts before that were visited.
    pub fn scan(
        &self,
        expr: &Expr,
        labels: &Labels,
        mut visit: impl FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<u64, IndexError> {
        let prepared = Prepared::new(expr, labels);
        let view = self.view();
        let mut visited = 0;
        let mut after = None;
        loop {
            let page = self.page(&view, &prepared, Order::Oldest, SCAN_BATCH, after)?;
            for hit in &page.hits {
                visited += 1;
                if visit(*hit).is_break() {
                    return Ok(visited);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(visited);
            }
        }
    }

    /// Record ids of at most `limit` posts older than `time`, oldest first: for retention.
    ///
    /// # Errors
    /// [`IndexError::TooMany`] above 100,000; [`IndexError`] when reading fails.
    pub fn ids_before(&self, time: Timestamp, limit: usize) -> Result<Vec<i64>, IndexError> {
        within_limit("ids", limit, IDS_MAX)?;
        let expr = Expr::Field(model::query::Field::Until(time));
        let prepared = Prepared::new(&expr, &Labels::new());
        let page = self.page(&self.view(), &prepared, Order::Oldest, limit, None)?;
        Ok(page.hits.into_iter().map(|hit| hit.id).collect())
    }

    /// Record ids of all posts of an author (`network:native id`), rising.
    /// Cost: a scan of the author column.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails.
    pub fn ids_of_author(&self, key: &str) -> Result<Vec<i64>, IndexError> {
        let parts = self.of_segments(&self.view(), |segment| {
            let Some(ordinal) = segment.author.ordinal_of(&term_of(key))? else { return Ok(Vec::new()) };
            let authors = segment.author.ordinals();
            let mut docs = range_docs(authors, ordinal, ordinal, None, segment.max_doc);
            segment.keep_alive(&mut docs);
            Ok(docs.iter().map(|doc| from_column(segment.id.values.get_val(doc))).collect())
        })?;
        let mut ids = parts.concat();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Everything about the posts that match, in numbers. Cost: about 30 ns per
    /// matching post and core the first time; answers without labels are
    /// remembered per segment.
    ///
    /// # Errors
    /// [`IndexError::TooMany`] above [`TOP_N_MAX`]; [`IndexError`] when reading fails.
    pub fn overview(&self, request: &OverviewRequest<'_>) -> Result<Overview, IndexError> {
        within_limit("entries", request.top_n, TOP_N_MAX)?;
        let prepared = Prepared::new(request.expr, request.labels);
        let span = Span::new(request.from, request.to);
        let view = self.view();
        let parts = self.of_segments(&view, |segment| {
            Part::new(segment, self.partial(&prepared, span, segment, request.top_n)?, request.top_n)
        })?;
        let mut overview = sum(&parts, request.top_n)?;
        let authors = &mut overview.authors.entries;
        let peaks = self.of_each(&parts, |part| peaks(part, authors))?;
        set_peaks(authors, &peaks);
        Ok(overview)
    }

    fn partial(
        &self,
        prepared: &Prepared,
        span: Span,
        segment: &SegmentView,
        len: usize,
    ) -> Result<Arc<Partial>, IndexError> {
        let span = span.clamped(segment);
        let question = Question::Overview { from: span.from, to: span.to, len };
        let worth = segment.max_doc >= CACHE_DOCS_MIN;
        let lasting = prepared.is_lasting() && worth;
        if lasting
            && let Some(Answer::Overview(partial)) =
                self.0.cache.find(&prepared.hashed, segment.key, question)
        {
            return Ok(partial);
        }
        let docs = self.docs_in(prepared, span, segment)?;
        let alive = segment.alive_count();
        let sums = if worth && docs.count() < alive && docs.count() > alive / 2 {
            let all = Prepared::new(&Expr::All, &Labels::new());
            let whole = self.partial(&all, Span::new(None, None), segment, len)?;
            let mut rest = Bits::all(segment.max_doc);
            segment.keep_alive(&mut rest);
            rest.and_not(&docs);
            whole.sums.minus(&Sums::of(segment, &rest))
        } else {
            Sums::of(segment, &docs)
        };
        let mut questions = Prepared::new(&Expr::Field(Field::Has(Has::Question)), &Labels::new())
            .docs(segment, &self.0.cache)?;
        questions.and(&docs);
        let partial = Arc::new(Partial::of(segment, docs, &questions, sums, len));
        if lasting {
            let answer = Answer::Overview(Arc::clone(&partial));
            self.0.cache.insert(&prepared.hashed, segment.key, question, answer);
        }
        Ok(partial)
    }

    pub(super) fn docs_in(
        &self,
        prepared: &Prepared,
        span: Span,
        segment: &SegmentView,
    ) -> Result<Bits, IndexError> {
        let Some(last) = span.to.map_or(Some(u64::MAX), |to| to.checked_sub(1)) else {
            return Ok(Bits::none(segment.max_doc));
        };
        let mut docs = prepared.docs(segment, &self.0.cache)?;
        if span.from > 0 || last < u64::MAX {
            let in_span = segment.time.range_docs(span.from, last, Some(&docs));
            docs.and(&in_span);
        }
        Ok(docs)
    }

    /// Volume per hour and tone of several expressions over the same span, in their order.
    ///
    /// # Errors
    /// [`IndexError::TooMany`] above [`COMPARE_MAX`]; [`IndexError`] when reading fails.
    pub fn compare(&self, request: &CompareRequest<'_>) -> Result<Vec<Series>, IndexError> {
        within_limit("expressions", request.exprs.len(), COMPARE_MAX)?;
        let span = Span::new(request.from, request.to);
        let view = self.view();
        let series = |expr: &Expr| {
            let prepared = Prepared::new(expr, request.labels);
            let parts = self.of_segments(&view, |segment| {
                let docs = self.docs_in(&prepared, span.clamped(segment), segment)?;
                Ok(VolumePartial::of(segment, &docs))
            })?;
            Ok(sum_volume(parts.into_iter()))
        };
        request.exprs.iter().map(series).collect()
    }

    /// Asks every segment, on several threads when there is much to read; the
    /// answers are in the order of the segments.
    pub(super) fn of_segments<'v, T: Send>(
        &self,
        view: &'v View,
        ask: impl Fn(&'v SegmentView) -> Result<T, IndexError> + Sync,
    ) -> Result<Vec<T>, IndexError> {
        self.of_each(&view.segments, |segment| ask(segment))
    }

    /// Asks each of something that stands for a segment, as [`Self::of_segments`].
    fn of_each<'v, S: Sync, T: Send>(
        &self,
        segments: &'v [S],
        ask: impl Fn(&'v S) -> Result<T, IndexError> + Sync,
    ) -> Result<Vec<T>, IndexError> {
        let threads = self.0.threads.min(segments.len());
        if threads < 2 || self.posts() < THREADED_POSTS_MIN {
            return segments.iter().map(ask).collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut answers = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(segment) = segments.get(index) else { return answers };
                answers.push((index, ask(segment)));
            }
        };
        let mut answers = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut answers = work();
            for other in others {
                match other.join() {
                    Ok(more) => answers.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            answers
        });
        answers.sort_unstable_by_key(|(index, _)| *index);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

pub(super) fn within_limit(what: &'static str, asked: usize, max: usize) -> Result<(), IndexError> {
    if asked > max { Err(IndexError::TooMany { what, asked, max }) } else { Ok(()) }
}

/// A span of time as column values: `from` included, `to` not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    from: u64,
    to: Option<u64>,
}

impl Span {
    pub(super) fn new(from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        let value = |time: Timestamp| to_column(time.millis());
        Self { from: from.map_or(0, value), to: to.map(value) }
    }

    /// Without bounds that the segment does not reach: so a remembered answer
    /// still serves when the span moves on.
    pub(super) fn clamped(self, segment: &SegmentView) -> Self {
        Self {
            from: if self.from <= segment.time.min_value() { 0 } else { self.from },
            to: self.to.filter(|to| *to <= segment.time.max_value()),
        }
    }
}
