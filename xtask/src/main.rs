//! The caretaker: `cargo xtask TASK`.

#[cfg(feature = "bench")]
mod bench;
mod dictionary;
#[cfg(feature = "eval")]
mod eval;
#[cfg(not(feature = "bench"))]
mod release;
mod test;
mod tidy;
mod train;

use anyhow::{Result, bail};
use std::path::PathBuf;

/// That of the program, so that benchmarks measure what ships.
#[cfg(feature = "bench")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: cargo xtask TASK

  test          install what the tests need, then run them all
  test-rust     only the Rust tests
  test-pages    only the browser journeys
  test-servers  connectors against real servers (installs and starts them)
  train language ROOT OUT
                train the language model from unpacked packages (docs/models/language.md)
  train text [DATA]
                train the text models from crates/analysis/corpus and the sets in
                DATA, ../shared/data without it (docs/models/understanding.md)
  dictionary    make the compression dictionary from generated text
  bench [NAME…] [--posts N]
                measure speed and size beside peers (docs/benchmarks.md); builds in
                release. NAME: import, matching, queries, live, text, copies, images; all
                without one
  eval          measure what texts say on labelled posts (docs/evaluation.md)
  eval coordination [SEED…] [teams [chosen]]
                measure the search for groups (docs/coordination.md); with seeds or
                teams, that part only, on the terminal
  tidy          check rooms, edges, file lengths and forbidden words
";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("test") => test::all(),
        Some("test-rust") => test::rust(),
        Some("test-pages") => test::pages(),
        Some("test-servers") => test::servers(),
        #[cfg(feature = "bench")]
        Some("bench") => bench::run(arguments.get(1..).unwrap_or_default()),
        #[cfg(feature = "bench")]
        Some("eval") if arguments.get(1).is_some_and(|what| what == "coordination") => {
            eval::coordination::run(arguments.get(2..).unwrap_or_default())
        }
        #[cfg(not(feature = "bench"))]
        Some("eval") if arguments.get(1).is_some_and(|what| what == "coordination") => {
            release::run_again(&arguments, "bench")
        }
        #[cfg(feature = "eval")]
        Some("eval") => eval::run(),
        #[cfg(not(feature = "eval"))]
        Some("eval") => release::run_again(&arguments, "eval"),
        #[cfg(not(feature = "bench"))]
        Some("bench") => release::run_again(&arguments, "bench"),
        Some("tidy") => tidy::check(),
        Some("dictionary") => dictionary::train_dictionary(&root()).map(drop),
        Some("train") => match arguments.get(1..) {
            Some([what, from, to]) if what == "language" => {
                train::train_language(std::path::Path::new(from), std::path::Path::new(to)).map(drop)
            }
            Some([what, from @ ..]) if what == "text" => {
                let crates = root().join("crates/analysis");
                let data = from.first().map_or_else(|| root().join("../shared/data"), PathBuf::from);
                train::text::train_text(&crates.join("corpus"), &data, &crates.join("models"))
            }
            _ => bail!("write: cargo xtask train language ROOT OUT, or cargo xtask train text [DATA]"),
        },
        _ => {
            eprint!("{USAGE}");
            bail!("no such task");
        }
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path
}
