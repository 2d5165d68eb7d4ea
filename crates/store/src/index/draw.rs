//! Posts drawn by lot, for methods that read texts and cannot read all.

use super::evaluate::Prepared;
use super::reader::{Span, within_limit};
use super::request::Labels;
use super::schema::from_column;
use super::{IndexError, IndexReader};
use model::Timestamp;
use model::query::Expr;
use std::collections::BinaryHeap;

/// Most posts of one draw.
pub const DRAW_MAX: usize = 20_000;

/// A draw among the posts that match.
#[derive(Debug, Clone, Copy)]
pub struct DrawRequest<'a> {
    /// What must match.
    pub expr: &'a Expr,
    /// Record ids of the labels that the expression asks about.
    pub labels: &'a Labels,
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
    /// Most posts, at most [`DRAW_MAX`].
    pub limit: usize,
}

/// Posts that were drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Their record ids, rising.
    pub ids: Vec<i64>,
    /// Posts that match; exact.
    pub total: u64,
}

impl IndexReader {
    /// Draws posts that match, all with the same chance. The lot of a post is
    /// its record id: the same posts give the same draw, and a post that joins
    /// changes it by one at most. Cost: one column of the matching posts, about
    /// 10 ns each.
    ///
    /// # Errors
    /// [`IndexError::TooMany`] above [`DRAW_MAX`]; [`IndexError`] when reading fails.
    pub fn draw(&self, request: &DrawRequest<'_>) -> Result<Drawn, IndexError> {
        within_limit("posts", request.limit, DRAW_MAX)?;
        let prepared = Prepared::new(request.expr, request.labels);
        let span = Span::new(request.from, request.to);
        let parts = self.of_segments(&self.view(), |segment| {
            let docs = self.docs_in(&prepared, span.clamped(segment), segment)?;
            let mut lowest: BinaryHeap<(u64, u64)> = BinaryHeap::new();
            for doc in docs.iter() {
                let id = segment.id.values.get_val(doc);
                let lot = lot_of(id);
                if lowest.len() < request.limit {
                    lowest.push((lot, id));
                } else if let Some(mut highest) = lowest.peek_mut()
                    && lot < highest.0
                {
                    *highest = (lot, id);
                }
            }
            Ok((docs.count(), lowest.into_vec()))
        })?;
        let total = parts.iter().map(|(count, _)| count).sum();
        let mut lots: Vec<(u64, u64)> = parts.into_iter().flat_map(|(_, lots)| lots).collect();
        lots.sort_unstable();
        lots.truncate(request.limit);
        let mut ids: Vec<i64> = lots.into_iter().map(|(_, id)| from_column(id)).collect();
        ids.sort_unstable();
        Ok(Drawn { ids, total })
    }
}

/// The finalizer of SplitMix64 (Steele, Lea & Flood 2014): a bijection without
/// visible order, so that ids in a row get lots far apart.
const fn lot_of(id: u64) -> u64 {
    let mut z = id.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
