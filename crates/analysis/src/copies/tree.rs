//! How the text of a cascade changed from post to post.

use super::letters::{normalised, visit_letters};
use super::signature::CHARS_MIN;
use model::Timestamp;
use std::collections::HashMap;

/// A post hangs on an earlier one from this similarity on.
pub const EDGE_SIMILARITY_MIN: f32 = 0.4;
/// Most different texts of a cascade that are compared; later ones stay without parent.
pub const TREE_TEXTS_MAX: usize = 1_000;
/// Most letters of a text that count here.
const TREE_LETTERS_MAX: usize = 4_000;

/// One post of a cascade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its id.
    pub id: i64,
    /// When it was published.
    pub time: Timestamp,
    /// Its text.
    pub text: &'a str,
}

/// That a post most likely came of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The later post.
    pub child: i64,
    /// The earlier post whose text is the most similar.
    pub parent: i64,
    /// Resemblance of the two texts, [`EDGE_SIMILARITY_MIN`]…1.
    pub similarity: f32,
}

/// Pieces of four letters, sorted, each once.
pub(super) fn pieces_of(text: &str) -> Vec<u64> {
    let (mut window, mut letters, mut pieces) = (0_u64, 0_usize, Vec::new());
    visit_letters(text, &mut |_, letter| {
        window = window << 16 | u64::from(u32::from(letter)) & 0xffff;
        letters += 1;
        if (4..=TREE_LETTERS_MAX).contains(&letters) {
            pieces.push(window);
        }
    });
    if letters < CHARS_MIN {
        return Vec::new();
    }
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// Share of pieces that two sorted lists have in common.
pub(super) fn resemblance(a: &[u64], b: &[u64]) -> f32 {
    let (mut left, mut right, mut common) = (a.iter().peekable(), b.iter().peekable(), 0_usize);
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    let all = a.len() + b.len() - common;
    // Counts of letters of a post: far below the precision of f32.
    if all == 0 { 0.0 } else { common as f32 / all as f32 }
}

/// One text of the cascade: the first post that had it, and its pieces.
struct Text {
    first: i64,
    pieces: Vec<u64>,
}

/// Hangs each post on the most similar earlier one, the earliest among equals;
/// posts with nothing similar before them get no edge. In any order; edges
/// come by time of the child.
/// Cost: one comparison (about 0.3 µs) per pair of different texts, at most
/// [`TREE_TEXTS_MAX`] texts.
pub fn mutation_tree(members: &[Member<'_>]) -> Vec<Edge> {
    let mut order: Vec<&Member<'_>> = members.iter().collect();
    order.sort_by_key(|member| (member.time, member.id));
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut texts: Vec<Text> = Vec::new();
    let mut edges = Vec::new();
    for member in order {
        let plain = normalised(member.text);
        if let Some(text) = known.get(&plain).and_then(|at| texts.get(*at)) {
            edges.push(Edge { child: member.id, parent: text.first, similarity: 1.0 });
            continue;
        }
        if texts.len() >= TREE_TEXTS_MAX {
            continue;
        }
        let pieces = pieces_of(member.text);
        let mut nearest: Option<(f32, i64)> = None;
        for text in &texts {
            let similarity = resemblance(&pieces, &text.pieces);
            if similarity >= EDGE_SIMILARITY_MIN && nearest.is_none_or(|(best, _)| similarity > best) {
                nearest = Some((similarity, text.first));
            }
        }
        if let Some((similarity, parent)) = nearest {
            edges.push(Edge { child: member.id, parent, similarity });
        }
        known.insert(plain, texts.len());
        texts.push(Text { first: member.id, pieces });
    }
    edges
}
