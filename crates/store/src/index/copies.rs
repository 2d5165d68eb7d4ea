//! Cascades of copies as the index knows them: which post began them, how
//! many belong to them, and the signatures by which further copies are found.

use super::evaluate::Prepared;
use super::ids::IdSet;
use super::reader::{Span, within_limit};
use super::request::{CascadeCount, CascadesRequest, TOP_N_MAX};
use super::schema::from_column;
use super::segment::SegmentView;
use super::{IndexError, IndexReader};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::TantivyDocument;
use tantivy::schema::Value;

/// Blocks of stored signatures that are kept unpacked: they are read in order.
const STORE_CACHE_BLOCKS: usize = 1;

/// What the index remembers of a post for finding its copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSignature {
    /// Record id of the post.
    pub id: i64,
    /// Record id of the post that began its cascade.
    pub cascade: i64,
    /// The signature as it was given.
    pub signature: Vec<u8>,
}

impl IndexReader {
    /// The cascades with the most members among the posts that match, those
    /// with a single one left out; falling by members, equal ones by rising
    /// record id. Cost: two columns of the matching posts.
    ///
    /// # Errors
    /// [`IndexError::TooMany`] above [`TOP_N_MAX`]; [`IndexError`] when reading fails.
    pub fn cascades(&self, request: &CascadesRequest<'_>) -> Result<Vec<CascadeCount>, IndexError> {
        within_limit("cascades", request.top_n, TOP_N_MAX)?;
        let prepared = Prepared::new(request.expr, request.labels);
        let span = Span::new(request.from, request.to);
        let view = self.view();
        let parts = self.of_segments(&view, |segment| {
            let docs = self.docs_in(&prepared, span.clamped(segment), segment)?;
            let mut members: HashMap<u64, u64> = HashMap::new();
            let mut roots = Vec::new();
            for doc in docs.iter() {
                let Some(cascade) = segment.cascade.first(doc) else { continue };
                if segment.id.values.get_val(doc) == cascade {
                    roots.push(cascade);
                } else {
                    *members.entry(cascade).or_default() += 1;
                }
            }
            Ok((members, roots))
        })?;
        let mut members: HashMap<u64, u64> = HashMap::new();
        for (part, _) in &parts {
            part.iter().for_each(|(cascade, posts)| *members.entry(*cascade).or_default() += posts);
        }
        // A post that began a cascade counts only where it has company.
        for root in parts.iter().flat_map(|(_, roots)| roots) {
            members.entry(*root).and_modify(|posts| *posts += 1);
        }
        let mut list: Vec<CascadeCount> = members
            .into_iter()
            .filter(|(_, posts)| *posts > 1)
            .map(|(cascade, posts)| CascadeCount { cascade: from_column(cascade), posts })
            .collect();
        list.sort_unstable_by_key(|entry| (Reverse(entry.posts), entry.cascade));
        list.truncate(request.top_n);
        Ok(list)
    }

    /// The cascades of posts by record id; posts without one are left out.
    /// Cost: a scan of the id column of the segments that may hold them.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails.
    pub fn cascades_of(&self, ids: &[i64]) -> Result<HashMap<i64, i64>, IndexError> {
        let wanted = IdSet::new(ids);
        let parts = self.of_segments(&self.view(), |segment| {
            let mut docs = wanted.docs(&segment.id, segment.max_doc);
            segment.keep_alive(&mut docs);
            let cascade = |doc| segment.cascade.first(doc).map(from_column);
            let id = |doc| from_column(segment.id.values.get_val(doc));
            Ok(docs.iter().filter_map(|doc| Some((id(doc), cascade(doc)?))).collect::<Vec<_>>())
        })?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// Visits the signatures of the posts with the highest record ids, at most
    /// about `count` of them, in no certain order. Cost: one read of the stored
    /// signatures of the newest segments, about 1 µs each.
    ///
    /// # Errors
    /// [`IndexError`] when reading fails.
    pub fn newest_signatures(
        &self,
        count: usize,
        mut visit: impl FnMut(StoredSignature),
    ) -> Result<(), IndexError> {
        let view = self.view();
        let from = self.id_above(&view.segments, count);
        for segment in &view.segments {
            if segment.max_doc == 0 || from_column(segment.id.max_value()) < from {
                continue;
            }
            self.visit_signatures(segment, from, &mut visit)?;
        }
        Ok(())
    }

    /// An id above which there are at most about `count` posts.
    fn id_above(&self, segments: &[Arc<SegmentView>], count: usize) -> i64 {
        let highest = self.highest_id();
        if self.posts() <= count as u64 {
            return i64::MIN;
        }
        let holds = |from: i64| -> u64 {
            let in_segment = |segment: &Arc<SegmentView>| {
                (0..segment.max_doc)
                    .filter(|doc| from_column(segment.id.values.get_val(*doc)) >= from)
                    .count() as u64
            };
            segments
                .iter()
                .filter(|segment| segment.max_doc > 0 && from_column(segment.id.max_value()) >= from)
                .map(in_segment)
                .sum()
        };
        // Ids are a sequence with gaps: widen the span until it holds enough.
        let mut span = count as i64;
        while span < highest && holds(highest - span) < count as u64 {
            span = span.saturating_mul(2);
        }
        highest.saturating_sub(span)
    }

    fn visit_signatures(
        &self,
        segment: &SegmentView,
        from: i64,
        visit: &mut impl FnMut(StoredSignature),
    ) -> Result<(), IndexError> {
        let searcher = self.searcher();
        let Some(reader) =
            searcher.segment_readers().iter().find(|reader| reader.segment_id() == segment.key.id)
        else {
            // Merged away since; the newer state is read at the next opening.
            return Ok(());
        };
        let store = reader.get_store_reader(STORE_CACHE_BLOCKS)?;
        let field = self.signature_field();
        for doc in 0..segment.max_doc {
            let id = from_column(segment.id.values.get_val(doc));
            if id < from || segment.alive.as_ref().is_some_and(|alive| !alive.contains(doc)) {
                continue;
            }
            let document: TantivyDocument = store.get(doc)?;
            let signature = document.get_first(field).and_then(|value| value.as_bytes());
            if let (Some(signature), Some(cascade)) = (signature, segment.cascade.first(doc)) {
                visit(StoredSignature { id, cascade: from_column(cascade), signature: signature.to_vec() });
            }
        }
        Ok(())
    }
}
