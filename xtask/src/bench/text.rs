//! Language and tone on one thread, beside whatlang and a plain word list.

use super::machine::{Clock, Used};
use super::posts;
use super::table::{Table, grouped};
use crate::eval::WordList;
use anyhow::Result;
use model::Lang;
use model::text::Tokens;
use std::hint::black_box;

/// Posts of a round.
const POSTS: usize = 100_000;

/// Measures what is derived of each text.
///
/// # Errors
/// Without `/proc`.
pub fn measure() -> Result<Table> {
    let texts: Vec<String> = posts::stream(POSTS as u64).take(POSTS).map(|made| made.text).collect();
    let tokens: Vec<Tokens> = texts.iter().map(|text| Tokens::of(text)).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let list = WordList::read("es")?;
    let timed = |work: &mut dyn FnMut(usize)| -> Result<Used> {
        (0..1_000).for_each(&mut *work);
        let clock = Clock::start()?;
        (0..POSTS).for_each(work);
        clock.used()
    };
    let mut read = Tokens::default();
    let spanish = Some(Lang::ES);
    let measured = [
        ("folding and reading the words", timed(&mut |at| read.read(black_box(&texts[at])))?),
        (
            "language, Atalaya",
            timed(&mut |at| {
                black_box(analysis::language::detect(&texts[at]));
            })?,
        ),
        (
            "language, whatlang (peer)",
            timed(&mut |at| {
                black_box(whatlang::detect_lang(&texts[at]));
            })?,
        ),
        (
            "tone, Atalaya (words given)",
            timed(&mut |at| {
                black_box(analysis::sentiment::score(&texts[at], &tokens[at], spanish));
            })?,
        ),
        (
            "everything a text says and wants, words given",
            timed(&mut |at| {
                black_box(analysis::understanding::understand(&texts[at], &tokens[at], None));
            })?,
        ),
        (
            "whole text stage: words, language, everything it says, signature of copies",
            timed(&mut |at| {
                read.read(black_box(&texts[at]));
                black_box(analysis::understanding::understand(&texts[at], &read, None));
                black_box(analysis::copies::signature(&texts[at]));
            })?,
        ),
        (
            "signature of copies",
            timed(&mut |at| {
                black_box(analysis::copies::signature(&texts[at]));
            })?,
        ),
        (
            "scam signs, words given",
            timed(&mut |at| {
                let context = analysis::scam::ScamContext::default();
                black_box(analysis::scam::check(&texts[at], &tokens[at], spanish, &context));
            })?,
        ),
        (
            "tone, plain word list (peer, words given)",
            timed(&mut |at| {
                black_box(list.sum(&tokens[at]));
            })?,
        ),
    ];
    let rows = measured
        .iter()
        .map(|(name, used)| {
            vec![
                (*name).to_owned(),
                grouped(POSTS as f64 / used.cpu_s),
                format!("{:.2}", used.cpu_s * 1e6 / POSTS as f64),
            ]
        })
        .collect();
    Ok(Table {
        name: "text".to_owned(),
        title: format!("text: posts of {:.0} bytes, one thread", bytes as f64 / POSTS as f64),
        columns: vec!["step", "posts per CPU second", "µs per post"],
        rows,
        notes: Vec::new(),
    })
}
