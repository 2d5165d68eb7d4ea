//! Authors of matching posts agree with the posts, one by one.

use super::super::{AuthorActivity, AuthorsRequest, Index};
use super::world::{Dice, Item, Truth, fill};
use model::Timestamp;
use model::query::{Expr, parse};
use std::collections::HashMap;

fn wanted<'a>(items: impl Iterator<Item = &'a Item>) -> HashMap<String, AuthorActivity> {
    let mut authors: HashMap<String, Vec<(Timestamp, i64)>> = HashMap::new();
    for item in items {
        authors.entry(item.facts.author.clone()).or_default().push((item.facts.time, item.id));
    }
    let told = |posts: Vec<(Timestamp, i64)>| {
        let (newest, newest_id) = *posts.iter().max().unwrap();
        AuthorActivity { posts: posts.len() as u64, newest, newest_id }
    };
    authors.into_iter().map(|(author, posts)| (author, told(posts))).collect()
}

fn ask(index: &Index, truth: &Truth, expr: &Expr, span: [Option<i64>; 2]) -> HashMap<String, AuthorActivity> {
    let [from, to] = span.map(|at| at.map(Timestamp::from_millis));
    index.authors(&AuthorsRequest { expr, labels: &truth.labels, from, to }).unwrap()
}

#[test]
fn authors_are_told_over_segments_spans_and_deletions() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut truth = fill(&index, 120, &mut Dice(6));
    let is_in = |item: &&Item, span: [Option<i64>; 2]| {
        let at = item.facts.time.millis();
        span[0].is_none_or(|from| at >= from) && span[1].is_none_or(|to| at < to)
    };
    let mut several = 0;
    for expression in ["agua", "tone:negative", "agua OR luz", "label:visto", "-agua"] {
        let expr = parse(expression).unwrap();
        for span in [[None, None], [Some(9_000_000), None], [Some(0), Some(30_000_000)]] {
            let matching = truth.matching(&expr);
            let wanted = wanted(matching.into_iter().filter(|item| is_in(item, span)));
            several += wanted.values().filter(|activity| activity.posts > 1).count();
            assert_eq!(ask(&index, &truth, &expr, span), wanted, "{expression} {span:?}");
        }
    }
    assert!(several > 10, "{several}");
    let gone: Vec<i64> = truth.items.keys().copied().filter(|id| id % 2 == 0).collect();
    index.delete(&gone).unwrap();
    index.commit(120).unwrap();
    gone.iter().for_each(|id| drop(truth.items.remove(id)));
    assert_eq!(ask(&index, &truth, &Expr::All, [None, None]), wanted(truth.items.values()));
}
