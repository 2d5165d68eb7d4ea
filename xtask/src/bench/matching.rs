//! Ten thousand queries against a stream on one core, beside Aho-Corasick.
//!
//! The queries are those of [`expressions`](super::expressions). The peer finds
//! the anchors of all queries with one Aho-Corasick automaton over the folded
//! words (the anchor of a query is its rarest word that a match must hold, one
//! of each alternative of an `OR`), and then asks [`model::query::matches`] of
//! the queries whose anchor occurred. Both must find the same matches.
//! Not counted for either: mapping, language and tone.

use super::expressions;
use super::machine::{Clock, Used};
use super::posts;
use super::table::{Table, grouped};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use analysis::matching::{Matcher, Scratch};
use anyhow::{Context, Result, ensure};
use model::query::{Document, Expr, Facts, Leaf, matches, parse};
use model::text::Tokens;
use model::{Timestamp, Understood};
use networks::Mapped;
use std::collections::HashMap;

/// Queries that are watched together.
const QUERIES: usize = 10_000;
/// Kinds of queries: how many of the most frequent words they leave out. The
/// first is hard, as the sentences of `sim` hold few words; in the second most
/// posts match few queries, as brands and topics do.
const KINDS: &[(&str, usize)] = &[("frequent words", 30), ("rarer words", 500)];
/// Posts of the stream.
const POSTS: usize = 100_000;
/// Rounds of ours; the stream is short for it.
const ROUNDS: usize = 3;

/// A post before its words are read.
pub struct Sample {
    /// Full text.
    pub text: String,
    facts: Facts,
}

/// Posts of the generated stream, mapped by the same code as in an import.
pub fn samples(count: usize) -> Result<Vec<Sample>> {
    posts::stream(count as u64)
        .take(count)
        .map(|made| {
            let status = serde_json::to_vec(&sim::wire::mastodon::status(&made))?;
            let (decoder, items) = networks::import::open(
                "stream",
                Box::new(std::io::Cursor::new(status)),
                &networks::import::ImportOptions::default(),
            )?;
            let mut found = None;
            for item in items {
                let item = item.map_err(|reject| anyhow::anyhow!("{reject:?}"))?;
                for decoded in decoder.decode(&item, Timestamp::from_millis(made.time.millis())) {
                    found = Some(decoded.map_err(|reject| anyhow::anyhow!("{reject:?}"))?);
                }
            }
            let (raw, _) = found.context("a generated post was not read")?;
            let Mapped::Post(post) = networks::map(&raw)? else { anyhow::bail!("not a post") };
            let understood = Understood { language: Some(made.truth.language), ..Understood::default() };
            let facts = Facts::of(&post, raw.fetched_at, 1, &understood);
            Ok(Sample { text: post.full_text().into_owned(), facts })
        })
        .collect()
}

/// Measures ours and the peer, with and without reading the words.
///
/// # Errors
/// When the two find different numbers of matches.
pub fn measure() -> Result<Table> {
    let samples = samples(POSTS)?;
    let texts: Vec<String> = samples.iter().map(|sample| sample.text.clone()).collect();
    let tokens: Vec<Tokens> = texts.iter().map(|text| Tokens::of(text)).collect();
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    for (kind, stop_words) in KINDS {
        let exprs: Vec<Expr> = expressions::generate(&texts, QUERIES, *stop_words)
            .iter()
            .map(|text| parse(text))
            .collect::<Result<_, _>>()?;
        let matcher = Matcher::new(exprs.iter().cloned().enumerate().map(|(id, expr)| (id as u64, expr)));
        let (found, alone) = run_ours(&matcher, &samples, Some(&tokens))?;
        let (_, with_reading) = run_ours(&matcher, &samples, None)?;
        let peer = Peer::new(&exprs, &tokens)?;
        let (found_by_peer, candidates, peer_alone) = peer.run(&exprs, &samples, Some(&tokens))?;
        let (_, _, peer_with_reading) = peer.run(&exprs, &samples, None)?;
        ensure!(found == found_by_peer, "ours found {found} matches, the peer {found_by_peer}");
        let rate = |used: Used, posts: usize| grouped(posts as f64 / used.cpu_s);
        for (name, one, other, posts) in [
            ("Atalaya, token-hash percolator", alone, with_reading, POSTS * ROUNDS),
            ("Aho-Corasick of the anchors + evaluation", peer_alone, peer_with_reading, POSTS),
        ] {
            let rates = [rate(one, posts), rate(other, posts)];
            rows.push([(*kind).to_owned(), name.to_owned()].into_iter().chain(rates).collect());
        }
        notes.push(format!(
            "Queries of {kind}, the {stop_words} most frequent left out: each post matches {:.1} of them \
             on average; the peer evaluates {:.1} candidates a post. Weighed for every post: {}.",
            found as f64 / POSTS as f64,
            candidates as f64 / POSTS as f64,
            matcher.always_count(),
        ));
    }
    Ok(Table {
        name: "matching".to_owned(),
        title: format!("matching: {} queries against a stream, one thread", grouped(QUERIES as f64)),
        columns: vec!["queries of", "method", "posts per CPU second, words given", "with reading the words"],
        rows,
        notes,
    })
}

/// Matches of one round, and what [`ROUNDS`] rounds used.
fn run_ours(matcher: &Matcher, samples: &[Sample], tokens: Option<&[Tokens]>) -> Result<(usize, Used)> {
    let mut scratch = Scratch::default();
    let mut read = Tokens::default();
    let clock = Clock::start()?;
    let mut found = 0;
    for _ in 0..ROUNDS {
        for (place, sample) in samples.iter().enumerate() {
            let tokens = match tokens {
                Some(tokens) => &tokens[place],
                None => {
                    read.read(&sample.text);
                    &read
                }
            };
            let document = Document { text: &sample.text, tokens, facts: &sample.facts, labels: &[] };
            found += matcher.matches(&document, &mut scratch).len();
        }
    }
    Ok((found / ROUNDS, clock.used()?))
}

/// Aho-Corasick over the anchors of all queries.
struct Peer {
    automaton: AhoCorasick,
    /// For each pattern: the queries that it brings forward.
    queries: Vec<Vec<usize>>,
    /// Queries without an anchor.
    always: Vec<usize>,
}

impl Peer {
    fn new(exprs: &[Expr], tokens: &[Tokens]) -> Result<Self> {
        let mut frequency: HashMap<&str, u64> = HashMap::new();
        for post in tokens {
            for (word, _) in post.iter() {
                *frequency.entry(word).or_default() += 1;
            }
        }
        let mut patterns: HashMap<String, Vec<usize>> = HashMap::new();
        let mut always = Vec::new();
        for (query, expr) in exprs.iter().enumerate() {
            match anchors_of(expr, &frequency) {
                Some((anchors, _)) => {
                    for anchor in anchors {
                        patterns.entry(anchor).or_default().push(query);
                    }
                }
                None => always.push(query),
            }
        }
        let (patterns, queries): (Vec<String>, Vec<Vec<usize>>) = patterns.into_iter().unzip();
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(&patterns)?;
        Ok(Self { automaton, queries, always })
    }

    /// Matches, candidates and what it used.
    fn run(
        &self,
        exprs: &[Expr],
        samples: &[Sample],
        tokens: Option<&[Tokens]>,
    ) -> Result<(usize, usize, Used)> {
        let mut read = Tokens::default();
        let (mut found, mut candidates) = (0, 0);
        let (mut words, mut list) = (String::new(), Vec::new());
        let clock = Clock::start()?;
        for (place, sample) in samples.iter().enumerate() {
            let tokens = match tokens {
                Some(tokens) => &tokens[place],
                None => {
                    read.read(&sample.text);
                    &read
                }
            };
            words.clear();
            words.push(' ');
            for (word, _) in tokens.iter() {
                words.push_str(word);
                words.push(' ');
            }
            list.clear();
            list.extend_from_slice(&self.always);
            for hit in self.automaton.find_overlapping_iter(&words) {
                list.extend_from_slice(&self.queries[hit.pattern().as_usize()]);
            }
            list.sort_unstable();
            list.dedup();
            candidates += list.len();
            let document = Document { text: &sample.text, tokens, facts: &sample.facts, labels: &[] };
            found += list.iter().filter(|query| matches(&exprs[**query], &document)).count();
        }
        Ok((found, candidates, clock.used()?))
    }
}

/// Patterns of which a match holds at least one, with their frequency; `None`
/// when a post may match without any word.
fn anchors_of(expr: &Expr, frequency: &HashMap<&str, u64>) -> Option<(Vec<String>, u64)> {
    match expr {
        Expr::Leaf(leaf) => Some(anchor_of(leaf, frequency)),
        Expr::Near { left, right, .. } => {
            let side = |leaves: &[Leaf]| together(leaves.iter().map(|leaf| Some(anchor_of(leaf, frequency))));
            [side(left), side(right)].into_iter().flatten().min_by_key(|(_, often)| *often)
        }
        Expr::And(list) => {
            list.iter().filter_map(|item| anchors_of(item, frequency)).min_by_key(|(_, often)| *often)
        }
        Expr::Or(list) => together(list.iter().map(|item| anchors_of(item, frequency))),
        Expr::All | Expr::Field(_) | Expr::Not(_) => None,
    }
}

fn together(anchors: impl Iterator<Item = Option<(Vec<String>, u64)>>) -> Option<(Vec<String>, u64)> {
    let mut all = (Vec::new(), 0);
    for anchor in anchors {
        let (patterns, often) = anchor?;
        all.0.extend(patterns);
        all.1 += often;
    }
    Some(all)
}

fn anchor_of(leaf: &Leaf, frequency: &HashMap<&str, u64>) -> (Vec<String>, u64) {
    let of_word = |word: &str| (vec![format!(" {word} ")], frequency.get(word).copied().unwrap_or(0));
    match leaf {
        Leaf::Word(word) => of_word(&word.folded),
        Leaf::Phrase(words) => {
            let rarest = words.iter().map(|word| of_word(&word.folded)).min_by_key(|(_, often)| *often);
            // A phrase has at least two words.
            rarest.unwrap_or_default()
        }
        Leaf::Prefix(prefix) => {
            let often = frequency.iter().filter(|(word, _)| word.starts_with(prefix)).map(|(_, n)| n).sum();
            (vec![format!(" {prefix}")], often)
        }
    }
}
