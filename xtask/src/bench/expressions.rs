//! Generated queries: what many clients together might watch for.
//!
//! In: posts and a number of queries. Out: expressions in the query language.
//! Words are those of the posts, drawn log-uniformly by their rank of
//! frequency; the most frequent are left out, as nobody watches for «de».
//! Ten shapes take turns:
//! `a` · `a b` (both) · `a b c` · `a OR b` · `(a OR b) c` · `"a b"` (a pair
//! that stands so in some post) · `a NEAR/5 b` · `pre* a` · `a -b` ·
//! `a` with a language or a network.
//! Two words of one query come from one post, so that it can match.
//! Deterministic.

use model::text::Tokens;
use sim::Random;
use std::collections::HashMap;

const SEED: u64 = 77;
/// Letters of a prefix.
const PREFIX_CHARS: usize = 4;

/// This many expressions over the words of these texts, less the `stop_words`
/// most frequent.
pub fn generate(texts: &[String], count: usize, stop_words: usize) -> Vec<String> {
    let posts: Vec<Vec<String>> = texts
        .iter()
        .map(|text| {
            let tokens = Tokens::of(text);
            tokens.iter().map(|(folded, _)| folded.to_owned()).filter(|word| plain(word)).collect()
        })
        .collect();
    let mut where_found: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, post) in posts.iter().enumerate() {
        for word in post {
            where_found.entry(word).or_default().push(place);
        }
    }
    let mut ranked: Vec<(&str, Vec<usize>)> = where_found.into_iter().collect();
    ranked.sort_unstable_by(|one, other| other.1.len().cmp(&one.1.len()).then(one.0.cmp(other.0)));
    let ranked = ranked.get(stop_words..).unwrap_or_default();
    let mut random = Random::new(SEED);
    (0..count)
        .map(|number| {
            let (word, places) = &ranked[random.zipf(ranked.len() as u64) as usize];
            let post = &posts[places[random.below(places.len() as u64) as usize]];
            let at = post.iter().position(|other| other == word).unwrap_or(0);
            expression(number, word, at, post, &mut random, ranked)
        })
        .collect()
}

/// Letters only: nothing that the query language reads as something else.
fn plain(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && !["and", "or", "not", "near"].contains(&word)
}

fn expression(
    number: usize,
    a: &str,
    at: usize,
    post: &[String],
    random: &mut Random,
    ranked: &[(&str, Vec<usize>)],
) -> String {
    let mut beside = || post[random.below(post.len() as u64) as usize].clone();
    let (b, c) = (beside(), beside());
    let elsewhere = ranked[random.zipf(ranked.len() as u64) as usize].0;
    match number % 10 {
        0 => a.to_owned(),
        1 => format!("{a} {b}"),
        2 => format!("{a} {b} {c}"),
        3 => format!("{a} OR {elsewhere}"),
        4 => format!("({a} OR {elsewhere}) {b}"),
        5 => match post.get(at + 1) {
            Some(next) => format!("\"{a} {next}\""),
            None => a.to_owned(),
        },
        6 => format!("{a} NEAR/5 {b}"),
        7 => {
            let prefix: String = b.chars().take(PREFIX_CHARS).collect();
            if prefix.chars().count() < PREFIX_CHARS { format!("{a} {b}") } else { format!("{prefix}* {a}") }
        }
        8 => format!("{a} -{elsewhere}"),
        _ if number % 20 == 9 => format!("{a} lang:es"),
        _ => format!("{a} network:mastodon"),
    }
}
