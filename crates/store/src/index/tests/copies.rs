//! Cascades and signatures agree with what was put in.

use super::super::{CascadeCount, CascadesRequest, Index};
use super::world::{Dice, Truth, fill};
use model::query::Expr;
use std::collections::BTreeMap;

/// Cascades with several members among all posts, as the truth has them.
fn wanted(truth: &Truth) -> Vec<CascadeCount> {
    let mut members: BTreeMap<i64, u64> = BTreeMap::new();
    for item in truth.items.values() {
        if let Some(cascade) = item.facts.cascade {
            *members.entry(cascade).or_default() += 1;
        }
    }
    // A cascade of which only the first post is there is none.
    let mut list: Vec<CascadeCount> = members
        .into_iter()
        .filter(|(_, posts)| *posts > 1)
        .map(|(cascade, posts)| CascadeCount { cascade, posts })
        .collect();
    list.sort_by_key(|entry| (std::cmp::Reverse(entry.posts), entry.cascade));
    list
}

fn request(top_n: usize, labels: &super::super::Labels) -> CascadesRequest<'_> {
    CascadesRequest { expr: &Expr::All, labels, from: None, to: None, top_n }
}

#[test]
fn cascades_are_counted_over_segments_and_deletions() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut dice = Dice(4);
    let mut truth = fill(&index, 80, &mut dice);
    let found = index.cascades(&request(100, &truth.labels)).unwrap();
    assert_eq!(found, wanted(&truth));
    assert!(found.len() > 3, "{found:?}");
    let gone: Vec<i64> = truth.items.keys().copied().filter(|id| id % 3 == 0).collect();
    index.delete(&gone).unwrap();
    index.commit(80).unwrap();
    gone.iter().for_each(|id| drop(truth.items.remove(id)));
    assert_eq!(index.cascades(&request(100, &truth.labels)).unwrap(), wanted(&truth));
    assert_eq!(index.cascades(&request(2, &truth.labels)).unwrap(), wanted(&truth)[..2]);
}

#[test]
fn signatures_come_back_as_they_were_given() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let truth = fill(&index, 60, &mut Dice(9));
    let read = |count| {
        let mut found = BTreeMap::new();
        index
            .newest_signatures(count, |stored| {
                found.insert(stored.id, (stored.cascade, stored.signature));
            })
            .unwrap();
        found
    };
    let signed = truth.items.iter().filter_map(|(id, item)| {
        item.facts.cascade.map(|cascade| (*id, (cascade, item.text.as_bytes().to_vec())))
    });
    let all: BTreeMap<_, _> = signed.collect();
    assert_eq!(read(1_000), all);
    let newest = read(10);
    assert!(!newest.is_empty() && newest.len() < all.len(), "{}", newest.len());
    assert!(newest.iter().all(|(id, value)| all.get(id) == Some(value)));
    assert_eq!(newest.keys().last(), all.keys().last());
}
