//! The first posts in an order, without reading those that cannot be among them.
//!
//! Each 1,024 documents of a column know their least and greatest value
//! ([`Zones`]): once the list is full, most of them are passed over unread.

use super::bits::{BLOCK_DOCS, Bits};
use super::request::{Order, SearchCursor};
use super::schema::{from_column, to_column};
use super::segment::SegmentView;
use model::Timestamp;
use std::collections::BinaryHeap;
use tantivy::columnar::Column;

/// Where a post stands in an order: unknown value last, then value, time, id;
/// the smallest comes first.
pub(super) type Place = (bool, u64, u64, u64);

/// A place without its id.
type Head = (bool, u64, u64);

/// What the values of [`BLOCK_DOCS`] documents are.
#[derive(Debug, Clone, Copy)]
struct Zone {
    /// Least and greatest value; `None` when no document has one.
    span: Option<(u64, u64)>,
    /// True when a document has no value.
    missing: bool,
}

/// The spans of a column. Memory: 32 bytes for 1,024 documents.
#[derive(Debug)]
pub(super) struct Zones(Vec<Zone>);

impl Zones {
    /// Reads a column once.
    pub(super) fn of(column: &Column<u64>, max_doc: u32) -> Self {
        let mut values = [None; BLOCK_DOCS];
        let mut docs = Vec::with_capacity(BLOCK_DOCS);
        let blocks = (0..max_doc).step_by(BLOCK_DOCS).map(|start| {
            docs.clear();
            docs.extend(start..max_doc.min(start + BLOCK_DOCS as u32));
            // At most BLOCK_DOCS documents.
            let values = &mut values[..docs.len()];
            values.fill(None);
            column.first_vals(&docs, values);
            let known = || values.iter().flatten().copied();
            Zone { span: known().min().zip(known().max()), missing: values.contains(&None) }
        });
        Self(blocks.collect())
    }

    /// Least and greatest value in a block; `None` when no document has one.
    pub(super) fn span(&self, block: usize) -> Option<(u64, u64)> {
        self.zone(block).span
    }

    /// True when every document of a block has a value.
    pub(super) fn is_full(&self, block: usize) -> bool {
        !self.zone(block).missing
    }

    fn zone(&self, block: usize) -> Zone {
        // A block that is not known may hold anything.
        self.0.get(block).copied().unwrap_or(Zone { span: Some((0, u64::MAX)), missing: true })
    }
}

/// The value that orders, as it is sorted: smallest first.
fn sorted_value(order: Order, value: Option<u64>) -> (bool, u64) {
    match (order, value) {
        (Order::Newest | Order::Oldest, _) => (false, 0),
        (_, None) => (true, 0),
        (Order::MostNegative, Some(value)) => (false, value),
        (Order::Engagement | Order::Followers | Order::MostPositive, Some(value)) => (false, !value),
    }
}

/// Time or id as it is sorted.
fn sorted_number(order: Order, number: u64) -> u64 {
    if order == Order::Oldest { number } else { !number }
}

/// Where a cursor stands.
pub(super) fn place_of(order: Order, cursor: &SearchCursor) -> Place {
    let (unknown, value) = sorted_value(order, cursor.known.then_some(cursor.value));
    let number = |value| sorted_number(order, to_column(value));
    (unknown, value, number(cursor.time.millis()), number(cursor.id))
}

/// [`place_of`] undone.
pub(super) fn cursor_of(order: Order, (unknown, value, time, id): Place) -> SearchCursor {
    let by_time = matches!(order, Order::Newest | Order::Oldest);
    let known = !by_time && !unknown;
    let value = match order {
        _ if !known => 0,
        Order::MostNegative => value,
        _ => !value,
    };
    let number = |value| from_column(sorted_number(order, value));
    SearchCursor { value, known, time: Timestamp::from_millis(number(time)), id: number(id) }
}

/// The first and last head that documents of these zones can have.
fn bounds(order: Order, values: Option<Zone>, times: Zone) -> (Head, Head) {
    let (low, high) = times.span.unwrap_or((0, u64::MAX));
    let (one, other) = (sorted_number(order, low), sorted_number(order, high));
    let (early, late) = (one.min(other), one.max(other));
    let Some(values) = values else { return ((false, 0, early), (false, 0, late)) };
    let known = values.span.map(|(low, high)| {
        let (one, other) = (sorted_value(order, Some(low)), sorted_value(order, Some(high)));
        (one.min(other), one.max(other))
    });
    let unknown = sorted_value(order, None);
    let (first, last) = match known {
        Some((first, last)) => (first, if values.missing { unknown } else { last }),
        None => (unknown, unknown),
    };
    ((first.0, first.1, early), (last.0, last.1, late))
}

/// The first `limit` of the documents that come after `after`, unsorted. Cost:
/// about 10 ns per document read; of many matching posts few are.
pub(super) fn first_places(
    segment: &SegmentView,
    docs: &Bits,
    order: Order,
    limit: usize,
    after: Option<Place>,
) -> Vec<Place> {
    if limit == 0 {
        return Vec::new();
    }
    let column = match order {
        Order::Newest | Order::Oldest => None,
        Order::Engagement => Some(&segment.engagement),
        Order::Followers => Some(&segment.followers),
        Order::MostNegative | Order::MostPositive => Some(&segment.tone_score),
    };
    let time_zones = segment.time.zones();
    let mut nearest = Nearest { heap: BinaryHeap::new(), limit };
    let mut times = [0; BLOCK_DOCS];
    let mut values = [None; BLOCK_DOCS];
    let mut block = Vec::with_capacity(BLOCK_DOCS);
    let mut heads: Vec<(Head, usize)> = (0..docs.blocks())
        .map(|number| {
            (number, bounds(order, column.map(|column| column.zones().zone(number)), time_zones.zone(number)))
        })
        .filter(|(_, (_, last))| {
            after.is_none_or(|(unknown, value, time, _)| *last >= (unknown, value, time))
        })
        .map(|(number, (first, _))| (first, number))
        .collect();
    // The blocks that can hold the first places come first.
    heads.sort_unstable();
    for (first, number) in heads {
        if !nearest.may_take(first) {
            break;
        }
        docs.read_block(number, &mut block);
        // A block has at most BLOCK_DOCS documents.
        let len = block.len().min(BLOCK_DOCS);
        segment.time.values.get_vals(&block, &mut times[..len]);
        if let Some(column) = column {
            values[..len].fill(None);
            column.first_vals(&block, &mut values[..len]);
        }
        for ((doc, time), value) in block.iter().zip(&times).zip(&values) {
            let (unknown, value) = sorted_value(order, *value);
            let head = (unknown, value, sorted_number(order, *time));
            if !nearest.may_take(head) {
                continue;
            }
            let place = (head.0, head.1, head.2, sorted_number(order, segment.id.values.get_val(*doc)));
            if after.is_none_or(|after| place > after) {
                nearest.offer(place);
            }
        }
    }
    nearest.heap.into_vec()
}

/// The first few places seen so far.
struct Nearest {
    heap: BinaryHeap<Place>,
    limit: usize,
}

impl Nearest {
    /// False when nothing with this head, or a later one, is among the first.
    fn may_take(&self, head: Head) -> bool {
        self.heap.len() < self.limit
            || self.heap.peek().is_some_and(|worst| head <= (worst.0, worst.1, worst.2))
    }

    fn offer(&mut self, place: Place) {
        if self.heap.len() < self.limit {
            self.heap.push(place);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && place < *worst
        {
            *worst = place;
        }
    }
}
