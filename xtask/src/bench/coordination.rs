//! Pairs of accounts that act as one, in actions of one trace, beside the
//! Coordination Network Toolkit.
//!
//! The actions are generated here: popularity of objects and activity of
//! accounts by a power law, each object with a moment of appearance and a long
//! tail of later actions; and planted groups that act within seconds of each
//! other on common objects, at moments drawn as everybody's are, whose accounts
//! are busy elsewhere like all others. Generating does not count.
//! A planted account is found when it is in a significant pair and has three
//! partners among those who have three (3-core). The peer knows no chance: its
//! edges of three joint actions and more go through the same 3-core.
//! In one row fandoms stand beside: fans of one idol share most of its posts, in
//! everybody's rhythm but for some who always come within two minutes.
//! Processor seconds of the peer are those of its processes.
//! Source of the peer: `coordination-network-toolkit`, PyPI (Graham & QUT
//! Digital Observatory); its co-retweet network in 60 s, two processes.

use super::folder;
use super::machine::{Clock, Used, peak_mib, reset_peak};
use super::table::{Table, grouped};
use analysis::coordination::coortweet::{CoorTweetRule, joint_edges, joint_shares};
use analysis::coordination::{
    Action, Graph, Pair, PairScan, PairSettings, Rule, k_core, significant, significant_beyond_habit,
};
use anyhow::{Context, Result};
use app::coordination::read_shares;
use model::Trace;
use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Accounts and objects per action.
const ACTIONS_PER_ACCOUNT: u64 = 50;
const ACTIONS_PER_OBJECT: u64 = 20;
/// Planted groups and their accounts.
const GROUPS: u64 = 40;
const GROUP_ACCOUNTS: u32 = 25;
/// Objects of a planted group, and the share of them on which a member acts.
const GROUP_OBJECTS: u64 = 60;
const PARTICIPATION: f64 = 0.7;
/// A group acts within so many seconds.
const GROUP_SPREAD_S: f64 = 20.0;
/// Fandoms at most, one per so many accounts; their fans, of whom the first are eager.
const FANDOMS_MAX: u32 = 100;
const ACCOUNTS_PER_FANDOM: u32 = 1_000;
const FANS: u32 = 150;
const EAGER_FANS: u32 = 20;
/// Posts of an idol, the share of them that a fan shares, and the delay of the eager.
const IDOL_POSTS: u32 = 100;
const FAN_SHARE: f64 = 0.6;
const EAGER_S: f64 = 120.0;
/// Objects appear within so many seconds.
const SPAN_S: f64 = 30.0 * 86_400.0;
/// Half of an object's actions come within so many seconds.
const HALF_S: f64 = 900.0;
/// No action comes later.
const LATE_S_MAX: f64 = 14.0 * 86_400.0;
/// Partners that an account must have.
const CORE: u32 = 3;
/// One in so many actions for fandoms and each bad input.
const FEWER: u64 = 10;
/// Passes over the actions, a row each.
const PASSES: usize = 3;
/// Rows that the peer gets.
const PEER_ROWS: [u64; 2] = [500_000, 5_000_000];
/// After this long the peer is stopped and the row says so.
const PEER_WALL_MAX: Duration = Duration::from_secs(900);
/// What CooRTweet needed for its own data, s, as its authors' data set tells.
const COORTWEET_S: f64 = 76.0;
/// The window of that run, s, and how often ours is repeated to be measured.
const COORTWEET_WINDOW_S: u32 = 60;
const COORTWEET_TURNS: u32 = 100;
/// Version that is measured.
const PACKAGE: &str = "coordination-network-toolkit==1.5.2";
/// Reads the rows, or makes the network and writes its edges.
const SCRIPT: &str = r#"
import sys
from coordination_network_toolkit.preprocess import preprocess_csv_files
from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
from coordination_network_toolkit.database import initialise_db
if __name__ == "__main__":
    step, db, file = sys.argv[1:]
    if step == "load":
        preprocess_csv_files(db, [file])
    else:
        compute_co_retweet_parallel(db, 60, n_threads=2, min_edge_weight=3)
        with open(file, "w") as out:
            for one, other in initialise_db(db).execute(
                "select user_1, user_2 from co_retweet_network where user_1 <> user_2"):
                out.write(f"{one} {other}\n")
"#;

/// Measures ours on so many actions, and both on what the peer gets.
///
/// # Errors
/// When a file cannot be written or the peer is there and fails.
pub fn measure(actions: u64) -> Result<Table> {
    let mut rows = Vec::new();
    rows.extend(ours(&mut World::new(actions), "ours, whole")?);
    rows.extend(ours(&mut World::with_fans(actions / FEWER), "ours, beside fandoms")?.split_off(PASSES));
    let mut bad = World::lonely(actions / FEWER);
    rows.extend(ours(&mut bad, "bad input: accounts with one action")?.into_iter().nth(PASSES));
    bad = World::viral(actions / FEWER);
    rows.extend(ours(&mut bad, "bad input: all on one object in a minute")?.into_iter().nth(PASSES));
    drop(bad);
    let python = install();
    rows.extend(published(python.as_deref())?);
    for size in PEER_ROWS.into_iter().filter(|size| *size <= actions) {
        let mut world = World::new(size);
        rows.extend(ours(&mut world, "ours, whole")?.split_off(PASSES));
        match &python {
            Some(python) => rows.extend(peer(python, &world)?),
            None => rows.push(row(
                "toolkit: SKIPPED (counted), PyPI or Python is not there",
                size,
                None,
                None,
                None,
            )),
        }
    }
    Ok(Table {
        name: format!("coordination-{actions}"),
        title: format!("coordination: {} actions", grouped(actions as f64)),
        columns: vec!["what", "actions", "CPU s", "wall s", "peak MiB", "pairs", "precision", "recall"],
        rows,
        notes: vec![format!(
            "One thread. Planted: groups of {GROUP_ACCOUNTS} accounts, {GROUP_OBJECTS} objects each, taking part in \
             {PARTICIPATION} of them. «Beyond habit»: the delay of each account is taken as given. Fandoms: {FANS} \
             fans who share {FAN_SHARE} of {IDOL_POSTS} posts, {EAGER_FANS} of them always within {EAGER_S} s. \
             Precision and recall of accounts after rule and {CORE}-core. Peak memory is that of the process, the \
             actions (12 B each) included; the toolkit's is not measured."
        )],
    })
}

/// The shares that CooRTweet comes with: its own rule by us, beside its
/// published time and the toolkit on the same rows.
fn published(python: Option<&Path>) -> Result<Vec<Vec<String>>> {
    let path = crate::root().join("../shared/data/coordination/russian_coord_tweets.csv.zst");
    if !path.exists() {
        return Ok(vec![row("CooRTweet's data: SKIPPED (counted), it is not there", 0, None, None, None)]);
    }
    let table = read_shares(Box::new(std::fs::File::open(&path)?))?;
    let count = table.shares.len() as u64;
    let rule = CoorTweetRule { window_ms: u64::from(COORTWEET_WINDOW_S) * 1_000, participation_min: 2 };
    let clock = Clock::start()?;
    let mut edges = 0;
    for _ in 0..COORTWEET_TURNS {
        edges = joint_edges(&table.shares, &joint_shares(&table.shares, rule)?).len();
    }
    let used = clock.used()?;
    let per_turn = used.wall_s / f64::from(COORTWEET_TURNS);
    let faster = COORTWEET_S / per_turn;
    let what =
        format!("CooRTweet's rule on its data, ours, {COORTWEET_TURNS} turns: {faster:.0} times its speed");
    let ours = row(&what, count, Some(used), Some(edges), None);
    let theirs =
        row(&format!("CooRTweet on its data, as published: {COORTWEET_S} s"), count, None, None, None);
    let first = table.shares.iter().map(|share| share.time_ms).min().unwrap_or(0);
    let actions = table.shares.iter().map(|share| Action {
        object: share.object,
        time: u32::try_from((share.time_ms - first) / 1_000).unwrap_or(u32::MAX),
        account: share.account,
    });
    let mut world = World {
        actions: actions.collect(),
        accounts: table.accounts.len(),
        objects: table.identifiers.len(),
        planted: 0,
        births: Vec::new(),
    };
    let mut rows = vec![ours, theirs];
    rows.extend(self::ours(&mut world, "CooRTweet's data, ours, whole")?.split_off(PASSES));
    if let Some(python) = python {
        rows.extend(peer(python, &world)?);
    }
    Ok(rows)
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// 0 to below 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// What is generated, and who is planted: the last accounts.
struct World {
    actions: Vec<Action>,
    accounts: u32,
    objects: u32,
    planted: u32,
    births: Vec<u32>,
}

impl World {
    fn new(actions: u64) -> Self {
        let accounts = (actions / ACTIONS_PER_ACCOUNT) as u32;
        let objects = (actions / ACTIONS_PER_OBJECT) as u32;
        // In a small world fewer groups, so that they stay rare.
        let groups = (GROUPS * actions / 100_000_000).clamp(4, GROUPS);
        let planted = groups as u32 * GROUP_ACCOUNTS;
        let mut dice = Dice(7);
        let births: Vec<u32> = (0..objects).map(|_| (dice.share() * SPAN_S) as u32).collect();
        let mut made = Vec::with_capacity(actions as usize);
        for group in 0..groups {
            let first = accounts - planted + group as u32 * GROUP_ACCOUNTS;
            for _ in 0..GROUP_OBJECTS {
                let object = popular(&mut dice, objects);
                let start = births[object as usize] + later(&mut dice);
                for account in first..first + GROUP_ACCOUNTS {
                    if dice.share() < PARTICIPATION {
                        let time = start + (dice.share() * GROUP_SPREAD_S) as u32;
                        made.push(Action { object, time, account });
                    }
                }
            }
        }
        while made.len() < actions as usize {
            let object = popular(&mut dice, objects);
            let time = births[object as usize] + later(&mut dice);
            made.push(Action { object, time, account: active(&mut dice, accounts) });
        }
        Self { actions: made, accounts, objects, planted, births }
    }

    fn is_planted(&self, account: u32) -> bool {
        account >= self.accounts - self.planted
    }

    /// As before, and fandoms.
    fn with_fans(actions: u64) -> Self {
        let mut world = Self::new(actions);
        let mut dice = Dice(9);
        for fandom in 0..(world.accounts / ACCOUNTS_PER_FANDOM).min(FANDOMS_MAX) {
            for _ in 0..IDOL_POSTS {
                let object = popular(&mut dice, world.objects);
                let birth = world.births[object as usize];
                for fan in (0..FANS).filter(|_| dice.share() < FAN_SHARE).collect::<Vec<_>>() {
                    let eager = (dice.share() * EAGER_S) as u32;
                    let delay = if fan < EAGER_FANS { eager } else { later(&mut dice) };
                    world.actions.push(Action { object, time: birth + delay, account: fandom * FANS + fan });
                }
            }
        }
        world
    }

    /// Accounts with one action each, in the rhythm of the others.
    fn lonely(accounts: u64) -> Self {
        let mut world = Self::new(accounts);
        for (account, action) in (0..).zip(&mut world.actions) {
            action.account = account;
        }
        Self { accounts: accounts as u32, planted: 0, ..world }
    }

    /// Everybody on one object in the same minute.
    fn viral(accounts: u64) -> Self {
        let mut dice = Dice(8);
        let time = |dice: &mut Dice| (dice.share() * 60.0) as u32;
        let actions =
            (0..accounts as u32).map(|account| Action { object: 0, time: time(&mut dice), account });
        Self {
            actions: actions.collect(),
            accounts: accounts as u32,
            objects: 1,
            planted: 0,
            births: Vec::new(),
        }
    }

    /// Precision and recall of the accounts found, where some are planted.
    fn judge(&self, found: &BTreeSet<u32>) -> Option<(f64, f64)> {
        if self.planted == 0 {
            return None;
        }
        let right = found.iter().filter(|account| self.is_planted(**account)).count() as f64;
        Some((right / found.len().max(1) as f64, right / f64::from(self.planted)))
    }
}

/// An object; the n-th is drawn in proportion to n^-0.6.
fn popular(dice: &mut Dice, objects: u32) -> u32 {
    let share = dice.share();
    (share * share * share.sqrt() * f64::from(objects)) as u32
}

/// An account; the n-th is drawn in proportion to n^-0.5.
fn active(dice: &mut Dice, accounts: u32) -> u32 {
    let share = dice.share();
    (share * share * f64::from(accounts)) as u32
}

/// Seconds from the appearance of an object to an action.
fn later(dice: &mut Dice) -> u32 {
    (HALF_S * (1.0 / (1.0 - dice.share()) - 1.0)).min(LATE_S_MAX) as u32
}

/// Our passes and their sum.
fn ours(world: &mut World, name: &str) -> Result<Vec<Vec<String>>> {
    let count = world.actions.len() as u64;
    reset_peak()?;
    let (whole, mut rows) = (Clock::start()?, Vec::new());
    let mut scan = PairScan::new(PairSettings::of(Trace::CoReshare), count, world.accounts, world.objects);
    for (pass, step) in ["pass 1, sort and count", "pass 2, gather", "pass 3, join"].into_iter().enumerate() {
        let clock = Clock::start()?;
        match pass {
            0 => scan.count(&mut world.actions),
            1 => scan.gather(&world.actions),
            _ => scan.join(&world.actions),
        }
        rows.push(row(step, count, Some(clock.used()?), None, None));
    }
    let pairs = scan.finish();
    let used = whole.used()?;
    let peak = format!("{:.0}", peak_mib()?);
    println!("{} pairs met three times; {:?}", grouped(pairs.pairs.len() as f64), pairs.capped);
    let rule = Rule::of(PairSettings::of(Trace::CoReshare).window_s);
    let beyond = format!("{name}, beyond habit");
    for (name, chosen) in
        [(name, significant(&pairs, rule)), (&beyond, significant_beyond_habit(&pairs, rule))]
    {
        let found =
            chosen.iter().filter_map(|place| pairs.pairs.get(*place)).map(|pair: &Pair| (pair.a, pair.b));
        let found = core(world, found);
        let mut sum = row(name, count, Some(used), Some(chosen.len()), world.judge(&found));
        sum[4].clone_from(&peak);
        println!("{}", sum.join(" | "));
        rows.push(sum);
    }
    Ok(rows)
}

fn row(
    what: &str,
    actions: u64,
    used: Option<Used>,
    pairs: Option<usize>,
    judged: Option<(f64, f64)>,
) -> Vec<String> {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    vec![
        what.to_owned(),
        grouped(actions as f64),
        or_dash(used.map(|used| format!("{:.1}", used.cpu_s))),
        or_dash(used.map(|used| format!("{:.1}", used.wall_s))),
        or_dash(None),
        or_dash(pairs.map(|pairs| grouped(pairs as f64))),
        or_dash(judged.map(|judged| format!("{:.3}", judged.0))),
        or_dash(judged.map(|judged| format!("{:.3}", judged.1))),
    ]
}

/// Accounts with three partners among themselves.
fn core(world: &World, pairs: impl Iterator<Item = (u32, u32)>) -> BTreeSet<u32> {
    let edges: Vec<(u32, u32, f32)> = pairs.map(|(one, other)| (one, other, 1.0)).collect();
    let kept = k_core(&Graph::from_edges(world.accounts, &edges), CORE);
    (0..).zip(kept).filter_map(|(account, is_kept)| is_kept.then_some(account)).collect()
}

/// The Python with the toolkit, or nothing where it cannot be had.
fn install() -> Option<std::path::PathBuf> {
    let environment = folder().join("venv-toolkit");
    let python = environment.join("bin").join("python");
    let done = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let made = python.exists()
        || done(Command::new("python3").args(["-m", "venv"]).arg(&environment))
            && done(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]));
    if !made {
        // Half an environment would look like a whole one the next time.
        let _ = std::fs::remove_dir_all(&environment);
    }
    made.then_some(python)
}

/// The toolkit on the same actions, as reposts.
fn peer(python: &Path, world: &World) -> Result<Vec<Vec<String>>> {
    let count = world.actions.len() as u64;
    let [script, rows, database, edges] =
        ["toolkit.py", "toolkit.csv", "toolkit.db", "toolkit.edges"].map(|name| folder().join(name));
    std::fs::write(&script, SCRIPT)?;
    for old in ["toolkit.db", "toolkit.db-wal", "toolkit.db-shm", "toolkit.edges"] {
        let _ = std::fs::remove_file(folder().join(old));
    }
    write_rows(world, &rows)?;
    let mut out = Vec::new();
    for (step, name, file) in [("load", "toolkit, load", &rows), ("pairs", "toolkit, pairs", &edges)] {
        let before = children_cpu_s()?;
        let started = Instant::now();
        let child = Command::new(python)
            .args([script.as_os_str(), step.as_ref(), database.as_os_str(), file.as_os_str()])
            .stdout(Stdio::null())
            .spawn()?;
        if !finishes(child)? {
            out.push(row(
                &format!("{name}: stopped after {} s", PEER_WALL_MAX.as_secs()),
                count,
                None,
                None,
                None,
            ));
            return Ok(out);
        }
        let used = Used { wall_s: started.elapsed().as_secs_f64(), cpu_s: children_cpu_s()? - before };
        let (mut pairs, mut judged) = (None, None);
        if step == "pairs" {
            let found = read_edges(&edges)?;
            pairs = Some(found.len());
            judged = world.judge(&core(world, found.into_iter()));
        }
        out.push(row(name, count, Some(used), pairs, judged));
    }
    Ok(out)
}

/// Waits; false when it took too long and was stopped.
fn finishes(mut child: Child) -> Result<bool> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            anyhow::ensure!(status.success(), "the toolkit failed: {status}");
            return Ok(true);
        }
        if started.elapsed() > PEER_WALL_MAX {
            // Asked to end, it ends its own processes.
            let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            std::thread::sleep(Duration::from_secs(2));
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The columns that the toolkit reads.
fn write_rows(world: &World, path: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls")?;
    for (place, Action { object, time, account }) in world.actions.iter().enumerate() {
        writeln!(out, "{place},{account},,o{object},,,{time},")?;
    }
    Ok(out.flush()?)
}

fn read_edges(path: &Path) -> Result<BTreeSet<(u32, u32)>> {
    let mut edges = BTreeSet::new();
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let line = line?;
        let (one, other) = line.split_once(' ').context("an edge has two accounts")?;
        let (one, other): (u32, u32) = (one.parse()?, other.parse()?);
        edges.insert((one.min(other), one.max(other)));
    }
    Ok(edges)
}

/// Processor seconds of ended children and theirs.
fn children_cpu_s() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit(')').next().context("/proc/self/stat has no name")?;
    // cutime and cstime are fields 16 and 17, in ticks of 10 ms.
    let ticks = after.split_whitespace().skip(13).take(2);
    Ok(ticks.map(|field| field.parse::<f64>().unwrap_or(0.0)).sum::<f64>() / 100.0)
}
