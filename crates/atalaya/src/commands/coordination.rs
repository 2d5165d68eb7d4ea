//! `atalaya coordination`: groups of accounts that act as one, in plain files.

use super::Desk;
use crate::output::{ProgressLine, print_json, print_line};
use anyhow::{Context, Result, bail};
use app::coordination::{
    Basis, CoorTweetFound, DetectSettings, Detection, FileAudit, MemberView, Observed, Report, RunSettings,
    detect, graph_of, observe_file, write_gexf, write_graphml, write_shares_of,
};
use app::listening::ImportOptions;
use clap::{Args, Subcommand, ValueEnum};
use model::{Network, Trace};
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Posts an account needs in CooRTweet's rule when none is named.
const PARTICIPATION: u32 = 2;
/// The window of CooRTweet's rule when none is named, s.
const COORTWEET_WINDOW_S: u32 = 10;

/// What to do with the files.
#[derive(Debug, Subcommand)]
pub enum CoordinationCommand {
    /// Find groups and write them with their evidence to a folder.
    Detect(DetectOptions),
    /// Write the graph of the groups for Gephi and others.
    Graph(GraphOptions),
    /// Which share of a campaign's engagement is organic, coordinated or inactive.
    Audit(AuditOptions),
}

/// What is looked at.
#[derive(Debug, Args)]
pub struct InputOptions {
    /// Anything that `atalaya import` reads, or a table with object_id, account_id, content_id, timestamp_share; plain, gz or zst; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Kind of joint action to look at; repeat it for several; all that occur without it.
    #[arg(long = "trace", alias = "behaviour", value_name = "TRACE", value_parser = trace)]
    pub traces: Vec<Trace>,
    /// Two acts within this are joint, such as 10s, 5m or 1h; each kind has its own without it.
    #[arg(long, value_parser = seconds)]
    pub window: Option<u32>,
    /// Objects on which two accounts must have met (with --rule coortweet: posts that an account needs).
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub min_participation: Option<u32>,
    /// Field and column of a table, such as author=user_screen_name.
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
    /// How pairs are chosen.
    #[arg(long, value_enum, default_value_t = RuleName::Timing)]
    pub rule: RuleName,
    /// Folder for what is found; made if need be.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
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
    /// Expression that finds the campaign's posts, such as '#PanamáSinAgua' or 'link:example.org/nota'.
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

fn trace(text: &str) -> Result<Trace, String> {
    let names: Vec<&str> = Trace::ALL.iter().map(|trace| trace.name()).collect();
    Trace::parse(text).ok_or_else(|| format!("use one of {}", names.join(", ")))
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
        CoordinationCommand::Detect(options) if options.rule == RuleName::Coortweet => {
            coortweet(nothing(), options)
        }
        CoordinationCommand::Detect(options) => {
            let basis = if options.rule == RuleName::Choice { Basis::Choice } else { Basis::Timing };
            let (observed, rejected) = read(nothing(), &options.input)?;
            let settings = settings_of(&options.input, basis);
            let detection = search(&observed, &settings)?;
            write_found(&observed, &detection, &settings, &options.out)?;
            exit(rejected)
        }
        CoordinationCommand::Graph(options) => {
            let (observed, rejected) = read(nothing(), &options.input)?;
            let detection = search(&observed, &settings_of(&options.input, Basis::Timing))?;
            let report = Report::of(&observed, &detection);
            let graph = graph_of(&observed, &detection, &report);
            let mut out = BufWriter::new(std::io::stdout().lock());
            match options.format {
                GraphFormat::Gexf => write_gexf(&graph, &mut out)?,
                GraphFormat::Graphml => write_graphml(&graph, &mut out)?,
            }
            out.flush()?;
            exit(rejected)
        }
        CoordinationCommand::Audit(options) => {
            let campaign =
                model::query::parse(&options.campaign).map_err(|error| anyhow::anyhow!("{error}"))?;
            let (observed, rejected) = read(nothing().auditing(campaign), &options.input)?;
            let detection = search(&observed, &settings_of(&options.input, Basis::Timing))?;
            print_json(&FileAudit::of(&observed, &Report::of(&observed, &detection)))?;
            exit(rejected)
        }
    }
}

fn exit(rejected: u64) -> Result<u8> {
    Ok(if rejected > 0 { crate::EXIT_SOME_REJECTED } else { crate::EXIT_OK })
}

/// Reads all files; the second value counts what could not be read.
fn read(mut observed: Observed, input: &InputOptions) -> Result<(Observed, u64)> {
    let mut options = ImportOptions::default();
    for pair in &input.map {
        let Some((field, column)) = pair.split_once('=') else {
            bail!("--map {pair}: write FIELD=COLUMN, such as author=user_screen_name");
        };
        options.columns.push((field.to_owned(), column.to_owned()));
    }
    options.network = input.network.as_deref().map(Network::parse).transpose()?;
    let bare = input.traces.first().copied().unwrap_or(Trace::CoReshare);
    let (mut taken, mut rejected) = (0, 0);
    let mut line = ProgressLine::new();
    for file in &input.files {
        let name = file.display().to_string();
        let bytes: Box<dyn Read + Send> = if file.as_os_str() == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(file).with_context(|| name.clone())?)
        };
        let seen = observe_file(&mut observed, &name, bytes, &options, bare, &mut |items| {
            line.show(taken + items, None);
            Ok(())
        });
        let seen = seen.inspect_err(|_| line.clear())?;
        taken += seen.taken;
        rejected += seen.rejected;
    }
    line.clear();
    observed.close();
    observed.check()?;
    let filed = match observed.spilled() >> 20 {
        0 => String::new(),
        mebibytes => format!(", {mebibytes} MiB in temporary files"),
    };
    eprintln!("{taken} read, {rejected} rejected, {} without author or time{filed}", observed.left_out);
    Ok((observed, rejected))
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

fn create(folder: &Path, name: &str) -> Result<BufWriter<File>> {
    let path = folder.join(name);
    Ok(BufWriter::new(File::create(&path).with_context(|| path.display().to_string())?))
}

/// `groups.json`, `manifest.json`, `members.csv`, `edges.csv`, `shares-….csv`, `graph.gexf`, `graph.graphml`.
fn write_found(
    observed: &Observed,
    detection: &Detection,
    settings: &DetectSettings,
    folder: &Path,
) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let report = Report::of(observed, detection);
    observed.check()?;
    let mut out = create(folder, "groups.json")?;
    serde_json::to_writer_pretty(&mut out, &report)?;
    out.flush()?;
    let mut out = create(folder, "manifest.json")?;
    serde_json::to_writer_pretty(&mut out, &RunSettings::of(&report, settings))?;
    out.flush()?;
    write_members(&report, &mut create(folder, "members.csv")?)?;
    write_edges(observed, detection, &mut create(folder, "edges.csv")?)?;
    for trace in report.traces.keys() {
        let mut out = create(folder, &format!("shares-{}.csv", trace.name()))?;
        write_shares_of(observed, *trace, &mut out)?;
        out.flush()?;
    }
    let graph = graph_of(observed, detection, &report);
    let mut out = create(folder, "graph.gexf")?;
    write_gexf(&graph, &mut out)?;
    out.flush()?;
    let mut out = create(folder, "graph.graphml")?;
    write_graphml(&graph, &mut out)?;
    out.flush()?;
    for group in &report.groups {
        let does: Vec<&str> = group.behaviours.iter().map(|found| found.behaviour.name()).collect();
        print_line(&format!(
            "{} {}: {} accounts, {}, p {:.1e}",
            group.id,
            group.strength.name(),
            group.members.len(),
            if does.is_empty() { "coordinated".to_owned() } else { does.join(", ") },
            group.p,
        ))?;
    }
    print_line(&format!(
        "{} groups, {} weak signals not shown; all of it is in {}",
        report.groups.len(),
        report.weak_signals,
        folder.display()
    ))
}

fn write_members(report: &Report, out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "group,strength,account,handle,name,created_at,followers,posts,pairs,joint_posts,declared,signs,signs_log_odds,group_signs"
    )?;
    for group in &report.groups {
        for member in &group.members {
            let cells = [
                group.id.clone(),
                group.strength.name().to_owned(),
                quoted(&member.account),
                quoted(member.handle.as_deref().unwrap_or_default()),
                quoted(member.name.as_deref().unwrap_or_default()),
                member.created_at.clone().unwrap_or_default(),
                member.followers.map(|count| count.to_string()).unwrap_or_default(),
                member.posts.to_string(),
                member.pairs.to_string(),
                member.joint_posts.to_string(),
                member.declared.map(|declared| declared.to_string()).unwrap_or_default(),
                quoted(&signs(member).join(" ")),
                member.signs.total.to_string(),
                quoted(&member.signs.takes_part.join(" ")),
            ];
            writeln!(out, "{}", cells.join(","))?;
        }
    }
    Ok(out.flush()?)
}

/// The words of the signs found in an account.
fn signs(member: &MemberView) -> Vec<&str> {
    member.signs.found.iter().map(|found| found.sign.as_ref()).collect()
}

fn write_edges(observed: &Observed, detection: &Detection, out: &mut impl Write) -> Result<()> {
    writeln!(out, "account_a,account_b,trace,together,expected,joint_objects,ln_p")?;
    for tie in detection.groups.iter().flat_map(|group| &group.ties) {
        let pair = tie.pair;
        writeln!(
            out,
            "{},{},{},{},{:.3},{},{:.2}",
            quoted(observed.accounts.name(pair.a)),
            quoted(observed.accounts.name(pair.b)),
            tie.trace.name(),
            pair.together,
            pair.expected,
            pair.joint,
            tie.ln_p
        )?;
    }
    Ok(out.flush()?)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Exactly CooRTweet's pairs, edges and weights.
fn coortweet(nothing: Observed, options: &DetectOptions) -> Result<u8> {
    let (observed, rejected) = read(nothing, &options.input)?;
    let window_s = options.input.window.unwrap_or(COORTWEET_WINDOW_S);
    let participation_min = options.input.min_participation.unwrap_or(PARTICIPATION);
    fs::create_dir_all(&options.out).with_context(|| options.out.display().to_string())?;
    for trace in observed
        .traces
        .keys()
        .filter(|trace| options.input.traces.is_empty() || options.input.traces.contains(trace))
    {
        let found = CoorTweetFound::of(&observed, *trace, window_s, participation_min)?;
        let mut out = create(&options.out, &format!("coortweet-{}.csv", trace.name()))?;
        found.write(&mut out)?;
        out.flush()?;
        print_line(&format!(
            "{}: {} pairs of shares, {} accounts, {} edges",
            trace.name(),
            found.pairs,
            found.accounts,
            found.edges.len()
        ))?;
    }
    exit(rejected)
}
