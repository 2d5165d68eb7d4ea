//! Clocks and memory of this process.
//!
//! Source: proc(5): `/proc/self/stat` in ticks of 10 ms, `VmHWM` in
//! `/proc/self/status`, `/proc/self/clear_refs`.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Ticks of the processor clock in `/proc`; Linux shows 100 on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running measurement.
pub struct Clock {
    wall: Instant,
    cpu_s: f64,
}

/// What was used since a [`Clock`] started.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// Seconds on the wall.
    pub wall_s: f64,
    /// Processor seconds of all threads, user and system.
    pub cpu_s: f64,
}

impl Clock {
    /// Starts now.
    ///
    /// # Errors
    /// Without `/proc`.
    pub fn start() -> Result<Self> {
        Ok(Self { wall: Instant::now(), cpu_s: cpu_seconds()? })
    }

    /// What was used since.
    ///
    /// # Errors
    /// Without `/proc`.
    pub fn used(&self) -> Result<Used> {
        Ok(Used { wall_s: self.wall.elapsed().as_secs_f64(), cpu_s: cpu_seconds()? - self.cpu_s })
    }
}

fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold spaces; utime and stime are fields 14 and 15.
    let after = stat.rsplit(')').next().context("/proc/self/stat has no name")?;
    let ticks: u64 =
        after.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap_or(0)).sum();
    Ok(ticks as f64 / TICKS_PER_SECOND)
}

/// Forgets the peak of resident memory so far.
///
/// # Errors
/// Without `/proc`.
pub fn reset_peak() -> Result<()> {
    fs::write("/proc/self/clear_refs", "5").context("/proc/self/clear_refs")
}

/// The peak of resident memory, MiB; mapped files count.
///
/// # Errors
/// Without `/proc`.
pub fn peak_mib() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
    let kib: f64 = line.split_whitespace().nth(1).context("VmHWM is empty")?.parse()?;
    Ok(kib / 1024.0)
}

/// Bytes of all files below a path, or of a file and those whose names begin
/// with its name (SQLite's log).
///
/// # Errors
/// When a folder cannot be read.
pub fn bytes_below(path: &Path) -> Result<u64> {
    if path.is_dir() {
        let mut bytes = 0;
        for entry in fs::read_dir(path)? {
            bytes += bytes_below(&entry?.path())?;
        }
        return Ok(bytes);
    }
    Ok(fs::metadata(path)?.len())
}
