//! Everything that is tested, with what it needs installed first.

use crate::{root, tidy};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Debian packages that the browser journeys need.
const PAGE_PACKAGES: &[&str] = &["chromium", "fonts-dejavu-core"];

/// What a test prints that cannot run here; the runner counts these lines.
const SKIP_MARK: &str = "SKIPPED (counted)";

/// What a run of tests counted.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    broken: Vec<&'static str>,
}

/// `cargo xtask test`: all that CI runs.
pub fn all() -> Result<()> {
    let mut tally = Tally::default();
    if let Err(error) = tidy::check() {
        eprintln!("{error}");
        tally.broken.push("tidy");
    }
    run_rust(&mut tally)?;
    run_pages(&mut tally)?;
    close(&tally)
}

/// `cargo xtask test-rust`.
pub fn rust() -> Result<()> {
    let mut tally = Tally::default();
    run_rust(&mut tally)?;
    close(&tally)
}

/// `cargo xtask test-pages`.
pub fn pages() -> Result<()> {
    let mut tally = Tally::default();
    run_pages(&mut tally)?;
    close(&tally)
}

/// `cargo xtask test-servers`: installs and starts servers which we did not
/// write and runs the connector tests against them.
pub fn servers() -> Result<()> {
    let script = root().join("testbench/bench.sh");
    let names = ["snac", "mastodon_mock", "nostr", "wordpress", "synapse", "bluesky", "jetstream"];
    let mut tally = Tally::default();
    for name in names {
        if !Command::new("bash").arg(&script).args(["up", name]).status()?.success() {
            eprintln!("{name} did not start");
            tally.broken.push(name);
        }
    }
    let outcome = counted(
        Command::new("cargo").args([
            "test",
            "-p",
            "atalaya-networks",
            "--test",
            "servers",
            "--",
            "--show-output",
            "--test-threads=1",
        ]),
        &mut tally,
    );
    for name in names {
        Command::new("bash").arg(&script).args(["down", name]).status()?;
    }
    if !outcome? {
        tally.broken.push("servers");
    }
    close(&tally)
}

fn run_rust(tally: &mut Tally) -> Result<()> {
    let ok = counted(
        Command::new("cargo").args(["test", "--workspace", "--no-fail-fast", "--", "--show-output"]),
        tally,
    )?;
    if !ok {
        tally.broken.push("cargo test");
    }
    Ok(())
}

fn run_pages(tally: &mut Tally) -> Result<()> {
    install_for_pages()?;
    if !Command::new("cargo").args(["build", "-p", "atalaya"]).current_dir(root()).status()?.success() {
        tally.broken.push("build");
        return Ok(());
    }
    let e2e = root().join("e2e");
    let ok = counted(
        Command::new("node").args(["--test", "--test-concurrency=1", "--test-reporter=tap"]).current_dir(e2e),
        tally,
    )?;
    if !ok {
        tally.broken.push("pages");
    }
    Ok(())
}

/// Installs Chromium, Node and the packages of `e2e` where they are missing.
fn install_for_pages() -> Result<()> {
    let mut missing: Vec<&str> = Vec::new();
    if !Path::new("/usr/bin/chromium").exists() {
        missing.extend(PAGE_PACKAGES);
    }
    if !found("node") {
        missing.push("nodejs");
    }
    if !found("npm") {
        missing.push("npm");
    }
    if !missing.is_empty() {
        println!("installing {}", missing.join(" "));
        apt(&["update", "-q"])?;
        let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
        arguments.extend(&missing);
        apt(&arguments)?;
    }
    let e2e = root().join("e2e");
    let fresh = e2e.join("node_modules/.package-lock.json");
    if !fresh.exists() {
        let status =
            Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&e2e).status()?;
        if !status.success() {
            bail!("npm ci failed in e2e");
        }
    }
    Ok(())
}

fn found(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn apt(arguments: &[&str]) -> Result<()> {
    let root_user = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"));
    let mut command = if root_user {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("apt-get");
        sudo
    };
    command.args(["-o", "DPkg::Lock::Timeout=600"]).args(arguments);
    let status = command.env("DEBIAN_FRONTEND", "noninteractive").status().context("apt-get is needed")?;
    if !status.success() {
        bail!("apt-get {} failed", arguments.join(" "));
    }
    Ok(())
}

/// Runs a command, passes its output on and counts results in it.
fn counted(command: &mut Command, tally: &mut Tally) -> Result<bool> {
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    let output = child.stdout.take().context("no output to read")?;
    let errors = child.stderr.take().context("no errors to read")?;
    // Tests that skip say so on standard error, past the capture of cargo.
    let skips = std::thread::spawn(move || {
        let mut skipped = 0;
        for line in BufReader::new(errors).lines().map_while(|line| line.ok()) {
            eprintln!("{line}");
            skipped += u64::from(line.contains(SKIP_MARK));
        }
        skipped
    });
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        tally.read(&line);
    }
    tally.skipped += skips.join().unwrap_or(0);
    Ok(child.wait()?.success())
}

impl Tally {
    /// Reads one line of cargo's or node's report.
    fn read(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            self.passed += number_before(rest, " passed");
            self.failed += number_before(rest, " failed");
        } else if let Some(count) = line.strip_prefix("# pass ") {
            self.passed += count.trim().parse().unwrap_or(0);
        } else if let Some(count) = line.strip_prefix("# fail ") {
            self.failed += count.trim().parse().unwrap_or(0);
        } else if let Some(count) = line.strip_prefix("# skipped ") {
            self.skipped += count.trim().parse().unwrap_or(0);
        } else if line.contains(SKIP_MARK) {
            self.skipped += 1;
        }
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|head| head.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn close(tally: &Tally) -> Result<()> {
    println!("\n{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    if tally.failed > 0 || !tally.broken.is_empty() {
        bail!("failed: {}", tally.broken.join(", "));
    }
    if tally.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}
