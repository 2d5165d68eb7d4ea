//! Posts drawn by lot.

use super::super::{DRAW_MAX, DrawRequest, Drawn, Index, IndexError};
use super::world::{Dice, Truth, fill};
use model::query::Expr;
use std::collections::BTreeSet;

fn draw(index: &Index, truth: &Truth, limit: usize) -> Drawn {
    let request = DrawRequest { expr: &Expr::All, labels: &truth.labels, from: None, to: None, limit };
    index.draw(&request).unwrap()
}

#[test]
fn a_draw_is_the_same_every_time_and_a_smaller_one_is_part_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut truth = fill(&index, 80, &mut Dice(5));
    let all = draw(&index, &truth, 1_000);
    assert_eq!(all.ids, truth.items.keys().copied().collect::<Vec<_>>());
    assert_eq!(all.total, truth.items.len() as u64);
    let some = draw(&index, &truth, 20);
    assert_eq!((some.ids.len(), some.total), (20, all.total));
    assert_eq!(some, draw(&index, &truth, 20));
    let few: BTreeSet<i64> = draw(&index, &truth, 5).ids.into_iter().collect();
    let some: BTreeSet<i64> = some.ids.into_iter().collect();
    assert!(few.is_subset(&some) && few.len() == 5);
    // Neither the oldest nor the newest: a lot.
    assert!(some.iter().any(|id| *id < 27) && some.iter().any(|id| *id > 53), "{some:?}");
    let gone: Vec<i64> = some.iter().copied().take(3).collect();
    index.delete(&gone).unwrap();
    index.commit(80).unwrap();
    gone.iter().for_each(|id| drop(truth.items.remove(id)));
    let after: BTreeSet<i64> = draw(&index, &truth, 20).ids.into_iter().collect();
    assert!(some.iter().skip(3).all(|id| after.contains(id)), "the others keep their lots");
    assert!(draw(&index, &truth, 0).ids.is_empty());
}

#[test]
fn a_draw_keeps_to_its_span_and_its_limit() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let truth = fill(&index, 80, &mut Dice(6));
    let mut times: Vec<model::Timestamp> = truth.items.values().map(|item| item.facts.time).collect();
    times.sort_unstable();
    let (from, to) = (times[20], times[60]);
    let request =
        DrawRequest { expr: &Expr::All, labels: &truth.labels, from: Some(from), to: Some(to), limit: 1_000 };
    let within = |time: model::Timestamp| from <= time && time < to;
    let wanted: Vec<i64> =
        truth.items.iter().filter(|(_, item)| within(item.facts.time)).map(|(id, _)| *id).collect();
    assert_eq!(index.draw(&request).unwrap().ids, wanted);
    let refused = index.draw(&DrawRequest { limit: DRAW_MAX + 1, ..request });
    assert!(matches!(refused, Err(IndexError::TooMany { .. })));
}
