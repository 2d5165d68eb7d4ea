//! The index and `model::query::matches` agree on every expression.

use super::super::{Index, Order, SearchRequest};
use super::world::{Dice, PIECES, Truth, add, fill, has_word, item};
use model::query::{Comparison, Expr, Field, Leaf, Word, parse};
use model::text::Tokens;
use model::{Emotion, Intent, Offence, Timestamp, Tone};
use proptest::prelude::*;

/// The words of a piece, plain or in their spelling.
fn words_of(piece: &str, exact: bool) -> Vec<Word> {
    let word = |(folded, token): (&str, &model::text::Token)| Word {
        folded: folded.to_owned(),
        exact: exact.then(|| piece[token.start as usize..token.end as usize].to_owned()),
    };
    Tokens::of(piece).iter().map(word).collect()
}

fn leaf(dice: &mut Dice) -> Leaf {
    let exact = dice.below(3) == 0;
    let mut words: Vec<Word> = Vec::new();
    let pieces = 1 + dice.below(3);
    while (words.len() as u64) < pieces {
        words.extend(words_of(dice.pick(PIECES), exact));
    }
    match (dice.below(4), words.len()) {
        (0, _) => {
            let folded = &words[0].folded;
            let keep = 1 + dice.below(folded.chars().count() as u64) as usize;
            Leaf::Prefix(folded.chars().take(keep).collect())
        }
        (_, 1) => Leaf::Word(words.swap_remove(0)),
        _ => Leaf::Phrase(words),
    }
}

fn sides(dice: &mut Dice) -> Vec<Leaf> {
    (0..1 + dice.below(2)).map(|_| leaf(dice)).collect()
}

/// A field as a person writes it.
fn field_text(dice: &mut Dice) -> String {
    let few = dice.below(50);
    match dice.below(25) {
        0 => format!("network:{}", dice.pick(&["x", "bluesky", "rss", "reddit"])),
        1 => format!("lang:{}", dice.pick(&["es", "en", "pt", "unknown"])),
        2 => format!("author:{}", dice.pick(&["ana", "beto", "x:1", "rss:3", "nadie"])),
        3 => format!("to:{}", dice.pick(&["ana", "acme", "nadie"])),
        4 => format!("hashtag:{}", dice.pick(&["agua", "PanamáSinAgua", "nada"])),
        5 => format!("domain:{}", dice.pick(&["prensa.com", "blog.prensa.com", "ensa.com", "otra.com"])),
        6 => format!("country:{}", dice.pick(&["PA", "MX", "CR"])),
        7 => format!("followers:>{few}"),
        8 => format!("followers:{few}"),
        9 => format!("engagement:<={few}"),
        10 => format!("engagement:{}..{}", few / 2, few),
        11 => format!("has:{}", has_word(dice)),
        12 => format!("is:{}", dice.pick(&["reply", "original", "quote"])),
        13 => format!("tone:{}", Tone::ALL[dice.below(5) as usize].name()),
        14 => format!("label:{}", dice.pick(&["urgente", "visto", "otra"])),
        15 => format!("source:{}", dice.pick(&["0", "1", "-1", "9"])),
        16 => format!("since:1970-01-01T{:02}:00:00Z", dice.below(20)),
        18 => format!("intent:{}", Intent::ALL[dice.below(10) as usize].name()),
        19 => format!("urgency:>={}", dice.below(101)),
        20 => format!("offence:{}", Offence::ALL[dice.below(5) as usize].name()),
        21 => format!("emotion:{}", Emotion::ALL[dice.below(8) as usize].name()),
        22 => format!("cascade:{}", dice.below(10)),
        23 => format!("link:{}", dice.pick(&["https://prensa.com/1", "https://otra.com/1"])),
        17 => format!("thread:\"{}\"", dice.pick(&["x:1", "rss:https://a.b/c", "x:2"])),
        _ => format!("until:1970-01-01T{:02}:30:00Z", dice.below(20)),
    }
}

fn expr(dice: &mut Dice, depth: u64) -> Expr {
    match dice.below(if depth == 0 { 6 } else { 10 }) {
        0 => Expr::All,
        1 | 2 => Expr::Leaf(leaf(dice)),
        3 => Expr::Near { left: sides(dice), right: sides(dice), distance: 1 + dice.below(4) as u32 },
        4 | 5 => parse(&field_text(dice)).unwrap(),
        6 | 7 => Expr::And((0..2 + dice.below(2)).map(|_| expr(dice, depth - 1)).collect()),
        8 => Expr::Or((0..2 + dice.below(2)).map(|_| expr(dice, depth - 1)).collect()),
        _ => Expr::Not(Box::new(expr(dice, depth - 1))),
    }
}

/// An expression as a person writes it; now and then not a right one.
fn written(dice: &mut Dice, depth: u64) -> String {
    match dice.below(if depth == 0 { 6 } else { 11 }) {
        0 => dice.pick(PIECES).to_owned(),
        1 => format!("\"{} {}\"", dice.pick(PIECES), dice.pick(PIECES)),
        2 => format!("\"={}\"", dice.pick(PIECES)),
        3 => format!("{}*", dice.pick(&["ag", "res", "pan", "sin", "em"])),
        4 | 5 => field_text(dice),
        6 => format!("{} NEAR/{} {}", dice.pick(PIECES), 1 + dice.below(4), dice.pick(PIECES)),
        7 => format!("({} OR {})", written(dice, depth - 1), written(dice, depth - 1)),
        8 => format!("-{}", written(dice, 0)),
        9 => format!("NOT ({})", written(dice, depth - 1)),
        _ => format!("{} {}", written(dice, depth - 1), written(dice, depth - 1)),
    }
}

/// Every hit of every page is what the truth says, in the order asked for.
fn check(index: &Index, truth: &Truth, expr: &Expr, order: Order) -> Result<(), TestCaseError> {
    let mut wanted: Vec<(Timestamp, i64)> =
        truth.matching(expr).iter().map(|item| (item.facts.time, item.id)).collect();
    wanted.sort_unstable();
    if order == Order::Newest {
        wanted.reverse();
    }
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let request = SearchRequest { expr, labels: &truth.labels, order, limit: 9, after };
        let page = index.search(&request).unwrap();
        prop_assert_eq!(page.total as usize, wanted.len(), "total of {:?}", expr);
        found.extend(page.hits.iter().map(|hit| (hit.time, hit.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    prop_assert_eq!(found, wanted, "hits of {:?}", expr);
    prop_assert_eq!(index.count(expr, &truth.labels).unwrap() as usize, truth.matching(expr).len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_expressions_over_random_worlds(seed in any::<u64>(), posts in 1_i64..90) {
        let mut dice = Dice(seed);
        let dir = tempfile::tempdir().unwrap();
        let (index, _) = Index::open(dir.path()).unwrap();
        let truth = fill(&index, posts, &mut dice);
        prop_assert_eq!(index.posts() as usize, truth.items.len());
        let mut parsed = 0;
        for round in 0..120 {
            let expr = if round % 2 == 0 {
                expr(&mut dice, 3)
            } else {
                let Ok(expr) = parse(&written(&mut dice, 3)) else { continue };
                parsed += 1;
                expr
            };
            check(&index, &truth, &expr, if round % 3 == 0 { Order::Oldest } else { Order::Newest })?;
        }
        prop_assert!(parsed > 20, "only {} written expressions could be read", parsed);
    }
}

/// Posting lists longer than a block, so that seeking crosses blocks.
#[test]
fn long_posting_lists() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut dice = Dice(7);
    let items: Vec<_> = (1..=3_000).map(|id| item(id, &mut dice)).collect();
    add(&index, &items);
    index.commit(3_000).unwrap();
    let truth = Truth { items: items.into_iter().map(|item| (item.id, item)).collect(), ..Truth::default() };
    for _ in 0..150 {
        let expr = expr(&mut dice, 2);
        let wanted: Vec<i64> = truth.matching(&expr).iter().map(|item| item.id).collect();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let request = SearchRequest {
                expr: &expr,
                labels: &truth.labels,
                order: Order::Newest,
                limit: 1_000,
                after,
            };
            let page = index.search(&request).unwrap();
            found.extend(page.hits.iter().map(|hit| hit.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, wanted, "{expr:?}");
    }
}

/// Words longer than any term, and values longer than any term, still compare whole.
#[test]
fn very_long_words_and_values() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut dice = Dice(3);
    let (long, longer) = ("A".repeat(90_000), "A".repeat(90_001));
    let mut truth = Truth::default();
    for (id, text) in [(1, &long), (2, &longer)] {
        let mut item = item(id, &mut dice);
        item.text = text.clone();
        item.tokens = Tokens::of(text);
        item.facts.hashtags = vec![text.to_lowercase()];
        item.facts.handle = Some(text.to_lowercase());
        item.facts.links = vec![text.clone()];
        truth.items.insert(id, item);
    }
    add(&index, &truth.items.values().cloned().collect::<Vec<_>>());
    index.commit(2).unwrap();
    let exact = Word { folded: "a".repeat(64), exact: Some(long.clone()) };
    let exprs = [
        (Expr::Leaf(Leaf::Word(exact)), 1),
        (Expr::Leaf(Leaf::Word(Word { folded: "a".repeat(64), exact: None })), 2),
        (Expr::Field(Field::Hashtag(long.to_lowercase())), 1),
        (Expr::Field(Field::Author(longer.to_lowercase())), 1),
        (Expr::Field(Field::Followers(Comparison { min: 0, max: u64::MAX })), 0),
    ];
    for (expr, least) in exprs {
        let wanted = truth.matching(&expr).len();
        assert!(wanted >= least);
        assert_eq!(index.count(&expr, &truth.labels).unwrap() as usize, wanted, "{least}");
    }
}
