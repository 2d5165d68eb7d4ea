//! What the commands print.

use anyhow::Result;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Shortest time between two states of a progress line.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);

/// Prints a value as one line of JSON.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Prints a line of text.
pub fn print_line(line: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

/// One line on standard error that tells how far a long task is; nothing
/// when standard error is not a terminal.
pub struct ProgressLine {
    started: Instant,
    shown: Option<Instant>,
    visible: bool,
}

impl ProgressLine {
    /// Starts the clock.
    pub fn new() -> Self {
        Self { started: Instant::now(), shown: None, visible: std::io::stderr().is_terminal() }
    }

    /// Shows `count` things done at `share` (0…1, if the whole is known) of the way.
    pub fn show(&mut self, count: u64, share: Option<f64>) {
        let now = Instant::now();
        if !self.visible || self.shown.is_some_and(|shown| now - shown < PROGRESS_EVERY) {
            return;
        }
        self.shown = Some(now);
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let rate = count as f64 / seconds;
        let mut line = format!("\r{count} ({rate:.0}/s)");
        if let Some(share) = share.filter(|share| *share > 0.0) {
            let left = seconds / share - seconds;
            line.push_str(&format!(", {:.0} %, {left:.0} s left", 100.0 * share.min(1.0)));
        }
        eprint!("{line}\x1b[K");
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.visible {
            eprint!("\r\x1b[K");
        }
    }
}
