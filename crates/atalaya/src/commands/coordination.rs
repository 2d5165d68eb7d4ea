//! `atalaya coordination`: groups of accounts that act as one, in plain files
//! and in the archive of a workspace.

mod audited;
mod folder;
mod found;
mod reading;

use super::{Desk, operator};
use crate::output::{ProgressLine, print_json, print_line};
use anyhow::{Context, Result};
use app::coordination::{
    Basis, DetectSettings, Detection, DetectionRequest, FileAudit, GroupReport, KnownGroup, Observed, Report,
    detect, graph_of, write_gexf, write_graphml,
};
use audited::tell_audit;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use folder::Folder;
use found::{counted, tell_found, write_coortweet, write_found};
use model::Trace;
use reading::{Input, read};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// Posts an account needs in CooRTweet's rule when none is named.
const PARTICIPATION: u32 = 2;
/// The window of CooRTweet's rule when none is named, s.
const COORTWEET_WINDOW_S: u32 = 10;

/// What to do with the files.
#[derive(Debug, Subcommand)]
pub enum CoordinationCommand {
    /// Find groups in files and write them with their evidence to a folder.
    #[command(after_help = "Example: atalaya coordination detect posts.jsonl.gz --out found\n\
        A table of shares: atalaya coordination detect shares.csv --trace co_link --window 60s --out found")]
    Detect(DetectOptions),
    /// Write the graph of the groups in files for Gephi and others to standard output.
    #[command(after_help = "Example: atalaya coordination graph posts.jsonl --format gexf > groups.gexf")]
    Graph(GraphOptions),
    /// Which share of a campaign's engagement in files is organic, coordinated or inactive; with its intervals and limits, or as --json.
    #[command(
        after_help = "Example: atalaya coordination audit posts.jsonl --campaign link:example.org/nota"
    )]
    Audit(AuditOptions),
    /// Find groups in the archive of the workspace, as the button of the page does; the server must not be running.
    Search(SearchOptions),
}

/// Options of `coordination search`.
#[derive(Debug, Args)]
pub struct SearchOptions {
    /// Days that it looks back.
    #[arg(long, default_value_t = app::coordination::DAYS, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub days: u32,
}

/// What is looked at.
#[derive(Debug, Args)]
pub struct InputOptions {
    /// Anything that `atalaya import` reads, or a table of shares with object_id, account_id, content_id, timestamp_share; plain, gz or zst; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Kind of joint action to look at; repeat it for several; all that occur without it. It names the acts of a table of shares, which does not: co_reshare without it.
    #[arg(long = "trace", visible_alias = "behaviour", value_name = "TRACE", value_parser = traces())]
    pub traces: Vec<Trace>,
    /// Two acts within this are joint, such as 10s, 5m or 1h; each kind has its own without it.
    #[arg(long, value_parser = seconds)]
    pub window: Option<u32>,
    /// Objects on which two accounts must have met (with --rule coortweet: posts that an account needs).
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub min_participation: Option<u32>,
    /// Field and column of a table, such as author=user_screen_name, or object_id=url for a table of shares.
    #[arg(long, value_name = "FIELD=COLUMN")]
    pub map: Vec<String>,
    /// Network of rows that name none.
    #[arg(long)]
    pub network: Option<String>,
}

/// Options of `coordination detect`.
#[derive(Debug, Args)]
pub struct DetectOptions {
    /// What is looked at.
    #[command(flatten)]
    pub input: InputOptions,
    /// How pairs are chosen: when they met (timing), what they chose (choice), or as CooRTweet does.
    #[arg(long, value_enum, default_value_t = RuleName::Timing)]
    pub rule: RuleName,
    /// Folder for what is found: new or empty.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the files of an earlier run in the folder: those that its manifest lists, and nothing else.
    #[arg(long)]
    pub overwrite: bool,
}

/// What suggests a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BasisName {
    /// Meeting more often than the rhythm of the objects explains; confirmed on the other half of the objects.
    Timing,
    /// Choosing the same objects, and meeting there: for archives of accounts known to belong together; fans do the same.
    Choice,
}

impl From<BasisName> for Basis {
    fn from(name: BasisName) -> Self {
        match name {
            BasisName::Timing => Self::Timing,
            BasisName::Choice => Self::Choice,
        }
    }
}

/// How pairs are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleName {
    /// Meeting more often than the rhythm of the objects explains; confirmed on the other half of the objects.
    Timing,
    /// Choosing the same objects, and meeting there: for archives of accounts known to belong together; fans do the same.
    Choice,
    /// Exactly CooRTweet's pairs, edges and weights; no null model.
    Coortweet,
}

/// Options of `coordination graph`.
#[derive(Debug, Args)]
pub struct GraphOptions {
    /// What is looked at.
    #[command(flatten)]
    pub input: InputOptions,
    /// How pairs are chosen: when they met (timing) or what they chose (choice).
    #[arg(long, value_enum, default_value_t = BasisName::Timing)]
    pub rule: BasisName,
    /// Form of the graph.
    #[arg(long, value_enum)]
    pub format: GraphFormat,
}

/// Options of `coordination audit`.
#[derive(Debug, Args)]
pub struct AuditOptions {
    /// What is looked at.
    #[command(flatten)]
    pub input: InputOptions,
    /// How pairs are chosen: when they met (timing) or what they chose (choice).
    #[arg(long, value_enum, default_value_t = BasisName::Timing)]
    pub rule: BasisName,
    /// Expression that finds the campaign's posts, such as '#PanamáSinAgua' or 'link:example.org/nota' (with or without https:// and www).
    #[arg(long, value_name = "EXPRESSION")]
    pub campaign: String,
}

/// Form of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// GEXF 1.3.
    Gexf,
    /// GraphML.
    Graphml,
}

/// The traces by their words, each with what it is.
fn traces() -> impl TypedValueParser<Value = Trace> {
    let value = |trace: Trace| PossibleValue::new(trace.name()).help(means(trace));
    PossibleValuesParser::new(Trace::ALL.map(value))
        .try_map(|name| Trace::parse(&name).ok_or_else(|| format!("there is no trace «{name}»")))
}

const fn means(trace: Trace) -> &'static str {
    match trace {
        Trace::CoReshare => "The same post reshared",
        Trace::CoLink => "The same address linked",
        Trace::CoHashtag => "The same two or more hashtags in the same order",
        Trace::CoText => "The same text, exact or edited",
        Trace::CoMedia => "The same picture or video",
        Trace::CoReply => "Answers to, or mentions of, the same account",
        Trace::FastReshare => "The same post reshared within ten seconds of it",
        Trace::CoFollow => "The same account followed",
        Trace::Synchrony => "Active in the same moments, whatever is said",
    }
}

fn seconds(text: &str) -> Result<u32, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(|letter: char| letter.is_alphabetic()).len());
    let factor = match unit {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err("write seconds, or a number with s, m, h or d, such as 60s".to_owned()),
    };
    let number: u32 = number.parse().map_err(|_| "write a number of seconds, such as 60s".to_owned())?;
    number
        .checked_mul(factor)
        .filter(|all| *all > 0)
        .ok_or_else(|| "write a window of one second at least".to_owned())
}

/// A number of bytes: `536870912`, `512MiB`, `4GiB`; powers of two whatever the spelling.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err("write a size such as 512MiB or 4GiB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "write a size such as 512MiB or 4GiB".to_owned())?;
    let least = app::COORDINATION_MEMORY_MIN;
    number
        .checked_mul(1 << shift)
        .filter(|bytes| *bytes >= least)
        .ok_or_else(|| format!("write a size of {} MiB or more", least >> 20))
}

/// Runs a command.
pub fn coordination(desk: &Desk, command: &CoordinationCommand) -> Result<u8> {
    let nothing = || Observed::bounded(&std::env::temp_dir(), desk.settings.coordination_memory);
    match command {
        CoordinationCommand::Detect(options) => detect_groups(desk, nothing(), options),
        CoordinationCommand::Graph(options) => {
            let input = read(nothing(), &options.input)?;
            let detection = search(&input.observed, &settings_of(&options.input, options.rule.into()))?;
            let report = Report::of(&input.observed, &detection);
            input.observed.check()?;
            let graph = graph_of(&input.observed, &detection, &report);
            let mut out = BufWriter::new(std::io::stdout().lock());
            match options.format {
                GraphFormat::Gexf => write_gexf(&graph, &mut out)?,
                GraphFormat::Graphml => write_graphml(&graph, &mut out)?,
            }
            out.flush()?;
            Ok(input.exit())
        }
        CoordinationCommand::Audit(options) => {
            let campaign =
                model::query::parse(&options.campaign).map_err(|error| anyhow::anyhow!("{error}"))?;
            let input = read(nothing().auditing(campaign), &options.input)?;
            let detection = search(&input.observed, &settings_of(&options.input, options.rule.into()))?;
            let report = Report::of(&input.observed, &detection);
            input.observed.check()?;
            tell_audit(&FileAudit::of(&input.observed, &report), &options.campaign, &input, desk.json)?;
            Ok(input.exit())
        }
        CoordinationCommand::Search(options) => search_archive(desk, options),
    }
}

fn detect_groups(desk: &Desk, nothing: Observed, options: &DetectOptions) -> Result<u8> {
    let folder = Folder::check(&options.out, options.overwrite)?;
    let input: Input = read(nothing, &options.input)?;
    let basis = match options.rule {
        RuleName::Timing => Basis::Timing,
        RuleName::Choice => Basis::Choice,
        RuleName::Coortweet => {
            write_coortweet(&input, &options.input, &folder, desk.json)?;
            return Ok(input.exit());
        }
    };
    let settings = settings_of(&options.input, basis);
    let detection = search(&input.observed, &settings)?;
    let report = Report::of(&input.observed, &detection);
    input.observed.check()?;
    write_found(&input, &detection, &report, &settings, &folder)?;
    tell_found(&report, &folder, desk.json)?;
    Ok(input.exit())
}

/// Looks for groups in the archive and tells what was found, the strongest first.
fn search_archive(desk: &Desk, options: &SearchOptions) -> Result<u8> {
    let (_app, workspace) = desk.open_workspace()?;
    let request = DetectionRequest { days: options.days, ..DetectionRequest::default() };
    workspace.detect_coordination_now(&operator(), &request)?;
    let view = workspace.coordination(&operator())?.context("a rebuild dropped what was found")?;
    for KnownGroup { report, .. } in &view.groups {
        let behaviours: Vec<&str> = report.behaviours.iter().map(|one| one.behaviour.name()).collect();
        if desk.json {
            print_json(report)?;
        } else {
            let (word, accounts) = (report.strength.name(), report.members.len());
            let (does, held) = (behaviours.join(","), held_back(report));
            let accounts = counted(accounts as u64, "account", "accounts");
            print_line(&format!("{}  {word}{held}  {accounts}  {does}", report.id))?;
        }
    }
    if !desk.json {
        eprintln!(
            "{} of {}, {}",
            counted(view.posts, "post", "posts"),
            counted(view.accounts, "account", "accounts"),
            counted(view.weak_signals, "weak signal", "weak signals")
        );
    }
    Ok(crate::EXIT_OK)
}

/// What holds the word of a group down, behind the word.
fn held_back(report: &GroupReport) -> String {
    let Some(held) = &report.held_back else { return String::new() };
    let by: Vec<&str> = held.by.iter().map(|one| one.name()).collect();
    format!(" (held back by {}; otherwise {})", by.join(" and "), held.otherwise.name())
}

fn settings_of(input: &InputOptions, basis: Basis) -> DetectSettings {
    DetectSettings {
        basis,
        traces: input.traces.clone(),
        window_s: input.window,
        together_min: input.min_participation,
    }
}

fn search(observed: &Observed, settings: &DetectSettings) -> Result<Detection> {
    let mut line = ProgressLine::new();
    let found = detect(observed, settings, &mut |share| {
        line.show(observed.posts.len() as u64, Some(f64::from(share)));
        observed.check()
    });
    line.clear();
    let found = found?;
    observed.check()?;
    Ok(found)
}
