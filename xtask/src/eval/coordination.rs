//! `cargo xtask eval coordination`: which groups are found, and who is wrongly
//! accused, in generated worlds with planted groups and in real archives.
//!
//! In: worlds of `sim` with seeds that no limit was chosen on; real sets beside
//! the repository, which judge and never train. Out: tables on the terminal and
//! `docs/coordination.md`. Cost: about a minute a world in release.

mod archives;
mod teams;
mod worlds;

use crate::root;
use anyhow::Result;
use std::fs;

/// Evaluates and writes `docs/coordination.md`; seeds other than the reported
/// ones print only, and so do `teams` and `teams chosen`: the archive of known
/// teams, and the half of it on which the method was chosen.
///
/// # Errors
/// When a set that is there cannot be read.
pub fn run(arguments: &[String]) -> Result<()> {
    let seeds: Vec<u64> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if !seeds.is_empty() {
        print!("{}", worlds::tables(&seeds)?);
        return Ok(());
    }
    if arguments.iter().any(|argument| argument == "teams") {
        let chosen_only = arguments.iter().any(|argument| argument == "chosen");
        match teams::tables(&root(), chosen_only)? {
            Ok(text) => print!("{text}"),
            Err(skipped) => println!("SKIPPED (counted): {skipped}"),
        }
        return Ok(());
    }
    let mut report = String::from(HEAD);
    report.push_str(&worlds::tables(&worlds::REPORTED_SEEDS)?);
    report.push_str(&worlds::surface()?);
    let (archives, mut skipped) = archives::tables(&root())?;
    match teams::tables(&root(), false)? {
        Ok(teams) => report.push_str(&teams),
        Err(note) => skipped.push(note),
    }
    report.push_str(&archives);
    print!("{report}");
    for note in &skipped {
        println!("SKIPPED (counted): {note}");
    }
    if skipped.is_empty() {
        fs::write(root().join("docs/coordination.md"), report)?;
    } else {
        println!("docs/coordination.md is left as it is: not every set was there.");
    }
    Ok(())
}

const HEAD: &str = "# Coordination: what is found, and who is wrongly accused

Written by `cargo xtask eval coordination`.

";
