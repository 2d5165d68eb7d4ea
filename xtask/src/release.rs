//! The caretaker once more, in release and with the benchmarks or the evaluations compiled in.
//!
//! In: the arguments of the task. Out: its own exit. Cost: the first time, a
//! release build of every room.

use crate::root;
use anyhow::{Result, bail};
use std::process::Command;

/// Runs the same task in a program that has `feature`.
///
/// # Errors
/// When the build or the task fails.
pub fn run_again(arguments: &[String], feature: &str) -> Result<()> {
    let status = Command::new("cargo")
        .args(["run", "--release", "--quiet", "--package", "xtask", "--features", feature, "--"])
        .args(arguments)
        .current_dir(root())
        .status()?;
    if !status.success() {
        bail!("the task ended with {status}");
    }
    Ok(())
}
