//! Orders, pages, overviews and comparisons against plain counting.

use super::super::*;
use super::world::{Dice, Item, Truth, add, fill, item};
use model::Timestamp;
use model::query::{Expr, Has, parse};
use model::time::HOUR_MS;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

fn world(seed: u64, posts: i64) -> (tempfile::TempDir, Index, Truth) {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let truth = fill(&index, posts, &mut Dice(seed));
    (dir, index, truth)
}

/// Values with counts, falling by count, then by value.
fn ranked<'a>(values: impl Iterator<Item = &'a String>, len: usize) -> Vec<Counted> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let mut list: Vec<Counted> =
        counts.into_iter().map(|(value, posts)| Counted { value: value.to_owned(), posts }).collect();
    list.sort_by(|a, b| b.posts.cmp(&a.posts).then_with(|| a.value.cmp(&b.value)));
    list.truncate(len);
    list
}

fn greatest(items: &[&Item], value: impl Fn(&Item) -> Option<u64>, len: usize) -> Vec<i64> {
    let mut list: Vec<(u64, Timestamp, i64)> =
        items.iter().filter_map(|item| Some((value(item)?, item.facts.time, item.id))).collect();
    list.sort_unstable_by(|a, b| b.cmp(a));
    list.into_iter().map(|(_, _, id)| id).take(len).collect()
}

fn ids(hits: &[Hit]) -> Vec<i64> {
    hits.iter().map(|hit| hit.id).collect()
}

#[test]
fn overviews_count_what_is_there() {
    for seed in 0..6 {
        let (_dir, index, truth) = world(seed, 150);
        for (query, from, to) in [
            ("*", None, None),
            ("agua OR tone:negative", Some(0), Some(30_000_000)),
            ("-label:urgente", None, Some(20_000_000)),
            ("nadadeeso", None, None),
            ("*", Some(60_000_000), None),
        ] {
            let expr = parse(query).unwrap();
            let (from, to) = (from.map(Timestamp::from_millis), to.map(Timestamp::from_millis));
            let request = OverviewRequest { expr: &expr, labels: &truth.labels, from, to, top_n: 4 };
            let overview = index.overview(&request).unwrap();
            assert_eq!(index.overview(&request).unwrap(), overview, "the remembered answer is the same");
            let items: Vec<&Item> = truth
                .matching(&expr)
                .into_iter()
                .filter(|item| from.is_none_or(|from| item.facts.time >= from))
                .filter(|item| to.is_none_or(|to| item.facts.time < to))
                .collect();
            check(&overview, &items);
        }
    }
}

fn check(overview: &Overview, items: &[&Item]) {
    let count = |holds: &dyn Fn(&Item) -> bool| items.iter().filter(|item| holds(item)).count() as u64;
    assert_eq!(overview.total, items.len() as u64);
    let times = || items.iter().map(|item| item.facts.time);
    assert_eq!(overview.span, times().min().zip(times().max()));
    for hour in &overview.hours {
        for tone in model::Tone::ALL {
            let end = hour.start.plus(HOUR_MS);
            let inside = |item: &Item| item.facts.time >= hour.start && item.facts.time < end;
            assert_eq!(hour.tones.of(tone), count(&|item| inside(item) && item.facts.tone == tone));
        }
    }
    assert_eq!(overview.hours.iter().map(|hour| hour.tones.total()).sum::<u64>(), overview.total);
    assert_eq!(overview.tones.total(), overview.total);
    for (network, tones) in &overview.network_tones {
        for tone in model::Tone::ALL {
            let expected = count(&|item| item.facts.network == *network && item.facts.tone == tone);
            assert_eq!(tones.of(tone), expected);
        }
    }
    assert_eq!(overview.networks.iter().map(|(_, posts)| posts).sum::<u64>(), overview.total);
    for (language, posts) in &overview.languages {
        assert_eq!(*posts, count(&|item| item.facts.language == *language));
    }
    assert_eq!(overview.languages.iter().map(|(_, posts)| posts).sum::<u64>(), overview.total);
    for (kind, posts) in &overview.kinds {
        assert_eq!(*posts, count(&|item| item.facts.kind == *kind));
    }
    for (source, posts) in &overview.sources {
        assert_eq!(*posts, count(&|item| item.facts.source == *source));
    }
    assert_eq!(overview.sources.iter().map(|(_, posts)| posts).sum::<u64>(), overview.total);
    assert_eq!(overview.time_implausible, count(&|item| !item.facts.time_plausible));
    assert_eq!(overview.country_missing, count(&|item| item.facts.country.is_none()));
    assert_eq!(overview.engagement_missing, count(&|item| item.facts.engagement.is_none()));
    let known = items.iter().filter_map(|item| item.facts.engagement);
    assert_eq!(overview.engagement_total, known.sum::<u64>());
    check_lists(overview, items);
}

fn check_lists(overview: &Overview, items: &[&Item]) {
    let is_question = |item: &Item| item.facts.has.contains(Has::Question);
    let questions: Vec<&Item> = items.iter().copied().filter(|item| is_question(item)).collect();
    let engagement = |item: &Item| item.facts.engagement;
    assert_eq!(overview.questions_total, questions.len() as u64);
    assert_eq!(ids(&overview.questions_newest), greatest(&questions, |_| Some(0), 4));
    assert_eq!(ids(&overview.questions_engagement), greatest(&questions, engagement, 4));
    assert_eq!(ids(&overview.top_posts), greatest(items, engagement, 4));
    for (top, wanted) in [
        (&overview.hashtags, ranked(items.iter().flat_map(|item| &item.facts.hashtags), 4)),
        (&overview.domains, ranked(items.iter().flat_map(|item| &item.facts.domains), 4)),
        (&overview.links, ranked(items.iter().flat_map(|item| &item.facts.links), 4)),
        (&overview.tagged, ranked(items.iter().flat_map(|item| &item.facts.tagged), 4)),
        (&overview.countries, ranked(items.iter().filter_map(|item| item.facts.country.as_ref()), 4)),
    ] {
        assert!(top.exact);
        assert_eq!(top.entries, wanted);
    }
    let authors = ranked(items.iter().map(|item| &item.facts.author), 4);
    let counted = |author: &TopAuthor| Counted { value: author.key.clone(), posts: author.posts };
    let found: Vec<Counted> = overview.authors.entries.iter().map(counted).collect();
    assert!(!overview.authors.exact || found == authors, "{found:?} {authors:?}");
    for author in &overview.authors.entries {
        let own = items.iter().filter(|item| item.facts.author == author.key);
        assert_eq!(author.followers_max, own.filter_map(|item| item.facts.followers).max());
    }
}

#[test]
fn a_long_flat_tail_is_said_to_be_inexact_and_a_clear_head_exact() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut dice = Dice(1);
    for part in 0..2 {
        let items: Vec<Item> = (1..=300)
            .map(|number| {
                let mut item = item(part * 300 + number, &mut dice);
                item.facts.author =
                    if number % 3 == 0 { "x:loud".into() } else { format!("x:{part}-{number}") };
                item
            })
            .collect();
        add(&index, &items);
        index.commit(part * 300 + 300).unwrap();
    }
    let labels = Labels::new();
    let overview = |top_n| {
        index
            .overview(&OverviewRequest { expr: &Expr::All, labels: &labels, from: None, to: None, top_n })
            .unwrap()
            .authors
    };
    let (head, tail) = (overview(1), overview(3));
    assert!(head.exact && !tail.exact);
    assert_eq!((head.entries[0].key.as_str(), head.entries[0].posts), ("x:loud", 200));
    assert_eq!(tail.entries[0], head.entries[0]);
}

#[test]
fn orders_put_missing_values_last_and_pages_are_stable_under_inserts() {
    let (_dir, index, truth) = world(9, 120);
    let value = |order: Order, item: &Item| -> Option<i64> {
        match order {
            Order::Engagement => item.facts.engagement.map(|v| -(v as i64)),
            Order::Followers => item.facts.followers.map(|v| -(v as i64)),
            Order::MostNegative => item.facts.tone_score.map(|v| (v * 1_000.0).round() as i64),
            Order::MostPositive => item.facts.tone_score.map(|v| -(v * 1_000.0).round() as i64),
            Order::Newest | Order::Oldest => None,
        }
    };
    let mut next_id = 1_000;
    for order in [Order::Engagement, Order::Followers, Order::MostNegative, Order::MostPositive] {
        let key = |item: &&Item| {
            let value = value(order, item);
            (value.is_none(), value, -item.facts.time.millis(), -item.id)
        };
        let mut wanted: Vec<&Item> = truth.items.values().collect();
        wanted.sort_by_key(key);
        let wanted: Vec<i64> = wanted.into_iter().map(|item| item.id).collect();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let request = SearchRequest { expr: &Expr::All, labels: &truth.labels, order, limit: 8, after };
            let page = index.search(&request).unwrap();
            found.extend(ids(&page.hits).into_iter().filter(|id| *id < 1_000));
            if let Some(next) = page.next {
                assert_eq!(SearchCursor::parse(&next.to_text()), Some(next));
            }
            after = page.next;
            if after.is_none() {
                break;
            }
            next_id += 1;
            add(&index, &[item(next_id, &mut Dice(next_id as u64))]);
            index.commit(next_id).unwrap();
        }
        assert_eq!(found, wanted, "{order:?}");
    }
}

#[test]
fn scans_retention_comparison_and_limits() {
    let (_dir, index, truth) = world(4, 100);
    let expr = parse("agua OR luz").unwrap();
    let mut wanted: Vec<(Timestamp, i64)> =
        truth.matching(&expr).iter().map(|item| (item.facts.time, item.id)).collect();
    wanted.sort_unstable();
    let mut found = Vec::new();
    let visited = index
        .scan(&expr, &truth.labels, |hit| {
            found.push((hit.time, hit.id));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((visited as usize, &found), (wanted.len(), &wanted));
    assert_eq!(index.scan(&expr, &truth.labels, |_| ControlFlow::Break(())).unwrap(), 1);

    let cut = Timestamp::from_millis(9_000_000);
    let mut old: Vec<(Timestamp, i64)> =
        truth.items.values().map(|item| (item.facts.time, item.id)).filter(|(time, _)| *time < cut).collect();
    old.sort_unstable();
    let old: Vec<i64> = old.into_iter().map(|(_, id)| id).collect();
    assert_eq!(index.ids_before(cut, 1_000).unwrap(), old);
    assert_eq!(index.ids_before(cut, 2).unwrap(), &old[..2]);

    let exprs = [expr.clone(), parse("tone:negative").unwrap(), parse("label:visto").unwrap()];
    let (from, to) = (Some(Timestamp::from_millis(0)), Some(Timestamp::from_millis(30_000_000)));
    let request = CompareRequest { exprs: &exprs, labels: &truth.labels, from, to };
    for (series, expr) in index.compare(&request).unwrap().into_iter().zip(&exprs) {
        let overview =
            index.overview(&OverviewRequest { expr, labels: &truth.labels, from, to, top_n: 1 }).unwrap();
        assert_eq!(
            (series.total, series.tones, series.hours),
            (overview.total, overview.tones, overview.hours)
        );
    }

    let labels = Labels::new();
    let search =
        SearchRequest { expr: &expr, labels: &labels, order: Order::Newest, limit: 1_001, after: None };
    assert!(matches!(index.search(&search), Err(IndexError::TooMany { .. })));
    assert_eq!(index.sample(&expr, &labels).unwrap().hits.len(), SAMPLE_POSTS.min(wanted.len()));
    assert_eq!(SearchCursor::parse("1.2.3.4"), None);
    assert_eq!(SearchCursor::parse("nada"), None);
}

#[test]
fn writing_and_reading_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let reader = index.reader();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut dice = Dice(2);
            for batch in 0..15 {
                let items: Vec<Item> = (1..=20).map(|n| item(batch * 20 + n, &mut dice)).collect();
                add(&index, &items);
                index.commit(batch * 20 + 20).unwrap();
            }
        });
        let mut last = 0;
        while !writer.is_finished() {
            let count = reader.count(&Expr::All, &Labels::new()).unwrap();
            assert!(count >= last && count % 20 == 0, "{count} after {last}");
            last = count;
        }
        writer.join().unwrap();
    });
    assert_eq!(reader.count(&Expr::All, &Labels::new()).unwrap(), 300);
}
