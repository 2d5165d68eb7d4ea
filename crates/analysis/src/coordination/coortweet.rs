//! The rule of CooRTweet, exactly: for comparison with what others published.
//!
//! In: [`Share`]s and a [`CoorTweetRule`]. Out: the joint shares, and the edges
//! they make, as `detect_groups` and `generate_coordinated_network` give them.
//! Errors: [`CoorTweetError`] when the joint shares are too many to list.
//! Cost: O(n log n + pairs within the window); 16 B per share and 8 B per pair,
//! for the edges [`JOINT_SHARE_BYTES`] in all.
//! Source: Righetti and Balluff, CooRTweet 2 (R package). Its filter counts
//! *rows* whose content is in some pair, whether or not that row is in one, and
//! looks contents up by their identifier, whoever wrote them: kept here too.
//! Limits: the rule has no null model: busy accounts meet by chance, and it says
//! so of nobody. A judgement belongs to [`super::PairScan`].

/// Most joint shares that are listed.
pub const JOINT_SHARES_MAX: u64 = 50_000_000;
/// What a joint share takes until it is part of an edge, and an edge of its own, bytes.
pub const JOINT_SHARE_BYTES: u64 = 80;

/// One account shared one object in one content.
///
/// Accounts are numbered from 0 without large gaps. Objects and contents are
/// numbered together, so that equal numbers are equal identifiers: a content
/// may itself be an object (a post that others reshare).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share {
    /// Number of what was shared.
    pub object: u32,
    /// Number of who shared it.
    pub account: u32,
    /// Number of the post in which it was shared.
    pub content: u32,
    /// When, milliseconds since an instant that is the same for all.
    pub time_ms: i64,
}

/// The parameters of CooRTweet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoorTweetRule {
    /// Longest time between two shares of one object, milliseconds, inclusive.
    pub window_ms: u64,
    /// Rows that an account needs, before and after pairing.
    pub participation_min: u32,
}

impl Default for CoorTweetRule {
    /// The defaults of CooRTweet: ten seconds, two rows.
    fn default() -> Self {
        Self { window_ms: 10_000, participation_min: 2 }
    }
}

/// Why a rule gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoorTweetError {
    /// Too many pairs of shares lie within the window.
    #[error(
        "more than {limit} pairs of shares lie within {window_ms} ms of each other; choose a shorter window, or give more memory up to 4 GiB"
    )]
    TooMany {
        /// What was allowed.
        limit: u64,
        /// The window that was asked for.
        window_ms: u64,
    },
}

/// Two shares of one object within the window: indices into the shares given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JointShare {
    /// The earlier one; of two at the same instant the one that stood first.
    pub older: u32,
    /// The later one.
    pub newer: u32,
}

/// Two accounts with their joint shares. `a < b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointEdge {
    /// One account.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Joint shares.
    pub weight: u32,
    /// Mean time between the two sides, milliseconds.
    pub delta_ms_mean: f64,
    /// Different contents on the earlier side (`n_content_id`).
    pub contents_older: u32,
    /// Different contents on the later side (`n_content_id_y`).
    pub contents_newer: u32,
}

impl JointEdge {
    /// How even both sides are, 0…1 (`edge_symmetry_score`).
    pub fn symmetry(&self) -> f64 {
        let (less, more) =
            (self.contents_older.min(self.contents_newer), self.contents_older.max(self.contents_newer));
        if more == 0 { 0.0 } else { f64::from(less) / f64::from(more) }
    }
}

/// The joint shares of all accounts, by object and time.
///
/// # Errors
/// [`CoorTweetError::TooMany`] beyond [`JOINT_SHARES_MAX`] pairs within the window.
pub fn joint_shares(shares: &[Share], rule: CoorTweetRule) -> Result<Vec<JointShare>, CoorTweetError> {
    joint_shares_below(shares, rule, JOINT_SHARES_MAX)
}

/// The same with so many pairs at most within the window.
///
/// # Errors
/// [`CoorTweetError::TooMany`] beyond `limit`.
pub fn joint_shares_below(
    shares: &[Share],
    rule: CoorTweetRule,
    limit: u64,
) -> Result<Vec<JointShare>, CoorTweetError> {
    let rows = count_by(shares.iter().map(|share| share.account));
    let is_busy = |share: &Share| at(&rows, share.account) >= rule.participation_min;
    let mut order: Vec<(u32, i64, u32)> = (0u32..)
        .zip(shares)
        .filter(|(_, share)| is_busy(share))
        .map(|(row, share)| (share.object, share.time_ms, row))
        .collect();
    order.sort_unstable();

    let mut near = Vec::new();
    let mut examined = 0u64;
    for (place, &(object, time, row)) in order.iter().enumerate() {
        let Some(one) = shares.get(row as usize) else { continue };
        for &(other_object, other_time, other_row) in order.iter().skip(place + 1) {
            if other_object != object || time.abs_diff(other_time) > rule.window_ms {
                break;
            }
            examined += 1;
            if examined > limit {
                return Err(CoorTweetError::TooMany { limit, window_ms: rule.window_ms });
            }
            if shares.get(other_row as usize).is_some_and(|other| is_pair(one, other)) {
                near.push(JointShare { older: row, newer: other_row });
            }
        }
    }
    keep_participating(shares, &order, &mut near, rule.participation_min);
    Ok(near)
}

/// Two accounts, two contents, and none of them the object itself.
fn is_pair(one: &Share, other: &Share) -> bool {
    one.account != other.account
        && one.content != other.content
        && one.content != one.object
        && other.content != one.object
}

/// Keeps the pairs of which one content is of an account with enough rows whose
/// contents are in pairs.
fn keep_participating(
    shares: &[Share],
    order: &[(u32, i64, u32)],
    near: &mut Vec<JointShare>,
    participation_min: u32,
) {
    let contents = shares.iter().map(|share| share.content as usize + 1).max().unwrap_or(0);
    let content_of = |row: u32| shares.get(row as usize).map_or(0, |share| share.content as usize);
    let mut paired = vec![false; contents];
    for joint in near.iter() {
        for row in [joint.older, joint.newer] {
            if let Some(seen) = paired.get_mut(content_of(row)) {
                *seen = true;
            }
        }
    }
    let in_pairs = |share: &&Share| paired.get(share.content as usize).copied().unwrap_or(false);
    let rows = || order.iter().filter_map(|&(_, _, row)| shares.get(row as usize)).filter(in_pairs);
    let participation = count_by(rows().map(|share| share.account));
    let mut kept = vec![false; contents];
    for share in rows().filter(|share| at(&participation, share.account) >= participation_min) {
        if let Some(keep) = kept.get_mut(share.content as usize) {
            *keep = true;
        }
    }
    let is_kept = |row: u32| kept.get(content_of(row)).copied().unwrap_or(false);
    near.retain(|joint| is_kept(joint.older) || is_kept(joint.newer));
}

fn count_by(numbers: impl Iterator<Item = u32> + Clone) -> Vec<u32> {
    let mut counts = vec![0; numbers.clone().max().map_or(0, |highest| highest as usize + 1)];
    for number in numbers {
        if let Some(count) = counts.get_mut(number as usize) {
            *count += 1;
        }
    }
    counts
}

fn at(counts: &[u32], number: u32) -> u32 {
    counts.get(number as usize).copied().unwrap_or(0)
}

/// The edges of joint shares, by their accounts.
///
/// `joint` comes from [`joint_shares`] of the same `shares`.
pub fn joint_edges(shares: &[Share], joint: &[JointShare]) -> Vec<JointEdge> {
    let mut sides: Vec<(u32, u32, u32, u32, u64)> = joint
        .iter()
        .filter_map(|joint| Some((shares.get(joint.older as usize)?, shares.get(joint.newer as usize)?)))
        .map(|(older, newer)| {
            let (a, b) = (older.account.min(newer.account), older.account.max(newer.account));
            (a, b, older.content, newer.content, older.time_ms.abs_diff(newer.time_ms))
        })
        .collect();
    sides.sort_unstable();
    let mut newer_contents = Vec::new();
    let mut edges = Vec::new();
    for run in sides.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some(&(a, b, ..)) = run.first() else { continue };
        newer_contents.clear();
        newer_contents.extend(run.iter().map(|side| side.3));
        newer_contents.sort_unstable();
        newer_contents.dedup();
        let delta_ms: f64 = run.iter().map(|side| side.4 as f64).sum();
        edges.push(JointEdge {
            a,
            b,
            weight: count(run.len()),
            delta_ms_mean: delta_ms / run.len() as f64,
            contents_older: count(run.chunk_by(|one, other| one.2 == other.2).count()),
            contents_newer: count(newer_contents.len()),
        });
    }
    edges
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// Which edges are heavier than the quantile `percentile` (0…1) of all weights
/// (`weight_threshold`; the default of CooRTweet is 0.5).
///
/// The quantile is interpolated as R does it by default (Hyndman and Fan, type 7).
pub fn heavier_than(edges: &[JointEdge], percentile: f64) -> Vec<bool> {
    let mut weights: Vec<u32> = edges.iter().map(|edge| edge.weight).collect();
    weights.sort_unstable();
    let Some(last) = weights.len().checked_sub(1) else { return Vec::new() };
    let place = percentile.clamp(0.0, 1.0) * last as f64;
    // Not negative and not above `last`, by the clamp.
    let below = place.floor() as usize;
    let weight_at = |place: usize| f64::from(weights.get(place.min(last)).copied().unwrap_or(0));
    let quantile = weight_at(below) + (place - below as f64) * (weight_at(below + 1) - weight_at(below));
    edges.iter().map(|edge| f64::from(edge.weight) > quantile).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Objects from 0, contents from 100, both in one numbering.
    fn share(object: u32, account: u32, content: u32, second: i64) -> Share {
        Share { object, account, content, time_ms: second * 1_000 }
    }

    #[track_caller]
    fn check(shares: &[Share], rule: CoorTweetRule, expected: &[(u32, u32, u32)]) {
        let joint = joint_shares(shares, rule).unwrap();
        let edges = joint_edges(shares, &joint);
        let found: Vec<_> = edges.iter().map(|edge| (edge.a, edge.b, edge.weight)).collect();
        assert_eq!(found, expected);
    }

    const RULE: CoorTweetRule = CoorTweetRule { window_ms: 10_000, participation_min: 2 };
    const ONCE: CoorTweetRule = CoorTweetRule { window_ms: 10_000, participation_min: 1 };

    #[test]
    fn two_accounts_twice_within_the_window() {
        let shares = [share(1, 0, 100, 0), share(1, 1, 101, 10), share(2, 1, 102, 50), share(2, 0, 103, 55)];
        check(&shares, RULE, &[(0, 1, 2)]);
        let joint = joint_shares(&shares, RULE).unwrap();
        let edges = joint_edges(&shares, &joint);
        assert_eq!(edges[0].delta_ms_mean, 7_500.0);
        assert_eq!((edges[0].contents_older, edges[0].contents_newer), (2, 2));
        assert_eq!(edges[0].symmetry(), 1.0);
    }

    #[test]
    fn the_window_includes_its_end_and_nothing_more() {
        check(&[share(1, 0, 100, 0), share(1, 1, 101, 10)], ONCE, &[(0, 1, 1)]);
        check(&[share(1, 0, 100, 0), share(1, 1, 101, 11)], ONCE, &[]);
    }

    #[test]
    fn own_posts_own_pairs_and_equal_contents_are_no_pairs() {
        check(&[share(1, 0, 1, 0), share(1, 1, 101, 0)], ONCE, &[]);
        check(&[share(1, 0, 100, 0), share(1, 0, 101, 0)], ONCE, &[]);
        check(&[share(1, 0, 100, 0), share(1, 1, 100, 0)], ONCE, &[]);
    }

    #[test]
    fn rows_count_whether_or_not_they_are_in_a_pair() {
        // Account 1 has one pair, and the content in it stands in two rows.
        let shares = [share(1, 0, 100, 0), share(2, 0, 103, 900), share(1, 1, 101, 1), share(3, 1, 101, 1)];
        check(&shares, RULE, &[(0, 1, 1)]);
        // Two rows of two contents, one of them in a pair, are not enough.
        let shares = [share(1, 0, 100, 0), share(2, 0, 103, 900), share(1, 1, 101, 1), share(3, 1, 104, 1)];
        check(&shares, RULE, &[]);
    }

    #[test]
    fn a_crowd_beyond_the_limit_is_refused_at_once() {
        let shares: Vec<_> = (0..30).map(|account| share(1, account, 100 + account, 0)).collect();
        let refused = joint_shares_below(&shares, ONCE, 400);
        assert_eq!(refused, Err(CoorTweetError::TooMany { limit: 400, window_ms: 10_000 }));
        assert_eq!(joint_shares_below(&shares, ONCE, 435).unwrap().len(), 435);
    }

    #[test]
    fn extreme_times_and_nothing_at_all() {
        let far = [
            Share { object: 1, account: 0, content: 5, time_ms: i64::MIN },
            Share { object: 1, account: 1, content: 6, time_ms: i64::MAX },
        ];
        check(&far, ONCE, &[]);
        check(&[], RULE, &[]);
        assert!(heavier_than(&[], 0.5).is_empty());
    }

    #[test]
    fn heavier_than_the_median() {
        let edge = |weight| JointEdge {
            a: 0,
            b: 1,
            weight,
            delta_ms_mean: 0.0,
            contents_older: 1,
            contents_newer: 1,
        };
        let edges = [edge(1), edge(2), edge(4), edge(9)];
        assert_eq!(heavier_than(&edges, 0.5), [false, false, true, true]);
        assert_eq!(heavier_than(&edges, 1.0), [false; 4]);
    }

    /// The rule, written as it is told, without a window that slides.
    fn told(shares: &[Share], rule: CoorTweetRule) -> Vec<(u32, u32, u32)> {
        let rows_of = |account| shares.iter().filter(|share| share.account == account).count();
        let least = rule.participation_min as usize;
        let busy: Vec<&Share> = shares.iter().filter(|share| rows_of(share.account) >= least).collect();
        let mut near = Vec::new();
        for (place, one) in busy.iter().enumerate() {
            for other in &busy[place + 1..] {
                let close = one.time_ms.abs_diff(other.time_ms) <= rule.window_ms;
                if one.object == other.object && close && is_pair(one, other) {
                    near.push((*one, *other));
                }
            }
        }
        let is_paired =
            |content| near.iter().any(|(one, other)| one.content == content || other.content == content);
        let paired =
            |account| busy.iter().filter(|row| row.account == account && is_paired(row.content)).count();
        let is_kept = |content| {
            is_paired(content)
                && busy.iter().any(|row| row.content == content && paired(row.account) >= least)
        };
        let mut edges = std::collections::BTreeMap::new();
        for (one, other) in near.iter().filter(|(one, other)| is_kept(one.content) || is_kept(other.content))
        {
            let key = (one.account.min(other.account), one.account.max(other.account));
            *edges.entry(key).or_insert(0) += 1;
        }
        edges.into_iter().map(|((a, b), weight)| (a, b, weight)).collect()
    }

    proptest! {
        #[test]
        fn the_sliding_window_does_what_the_rule_tells(
            rows in proptest::collection::vec((0u32..4, 0u32..5, 0u32..25, 0i64..40), 0..40),
            window in 0u64..15,
            participation_min in 0u32..4,
        ) {
            let shares: Vec<_> = rows.iter().map(|&(o, a, c, t)| share(o, a, c, t)).collect();
            let rule = CoorTweetRule { window_ms: window * 1_000, participation_min };
            check(&shares, rule, &told(&shares, rule));
        }
    }
}
