//! Real archives: the accounts of the Internet Research Agency, whose teams are
//! known, and newsrooms, customers and an election, where nobody is to be shown.

use anyhow::{Context, Result};
use app::coordination::{Basis, DetectSettings, Observed, Report, detect, observe_file};
use app::listening::ImportOptions;
use model::{Strength, Trace};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

/// The archive of known teams, with its columns.
const TEAMS: &str = "ira_autumn_2016/ira_2016-10-01_2016-11-15.csv.zst";
const TEAM_COLUMNS: [(&str, &str); 3] =
    [("author", "author_id"), ("text", "content"), ("time", "publish_date")];
/// Sets without a known group: name and file.
const BACKGROUND: [(&str, &str); 5] = [
    ("25 newsrooms in Spanish, 2021–2022", "es_news_posts/train.json.gz"),
    ("posts to six airlines, 2015", "airline_complaints/tweets_dev.csv.zst"),
    ("election in Paraguay 2018, ANR", "paraguay_2018/tweets_from_anr.csv.zst"),
    ("election in Paraguay 2018, GANAR", "paraguay_2018/tweets_from_ganar.csv.zst"),
    ("election in Paraguay 2018, PDP", "paraguay_2018/tweets_from_pdp.csv.zst"),
];

/// The tables, and what was skipped.
///
/// # Errors
/// When a set that is there cannot be read.
pub fn tables(root: &Path) -> Result<(String, Vec<String>)> {
    let data = root.join("../shared/data");
    let mut skipped = Vec::new();
    let mut text = String::new();
    let teams = data.join(TEAMS);
    if teams.exists() {
        text.push_str(&known_teams(&teams)?);
    } else {
        skipped.push(format!("known teams: {TEAMS} is not there"));
    }
    text.push_str(
        "\n## Archives without a known group\n\nThe Paraguayan set mixes people and automated accounts without labels: \
         what is shown there is neither right nor wrong by this table.\n\n| set | posts | accounts | groups shown | \
         accounts in them |\n| --- | --- | --- | --- | --- |\n",
    );
    for (name, file) in BACKGROUND {
        let path = data.join(file);
        if !path.exists() {
            skipped.push(format!("{name}: {file} is not there"));
            continue;
        }
        let observed = read(&path, &[])?;
        let report = Report::of(&observed, &detect(&observed, &DetectSettings::default(), &mut |_| Ok(()))?);
        let accused: usize = report.groups.iter().map(|group| group.members.len()).sum();
        writeln!(
            text,
            "| {name} | {} | {} | {} | {accused} |",
            report.posts,
            report.accounts,
            report.groups.iter().filter(|group| group.strength > Strength::WeakSignal).count()
        )?;
    }
    Ok((text, skipped))
}

fn read(path: &Path, columns: &[(&str, &str)]) -> Result<Observed> {
    let mut observed = Observed::default();
    let name = path.display().to_string();
    let options = ImportOptions {
        columns: columns.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect(),
        ..ImportOptions::default()
    };
    let input = Box::new(File::open(path).with_context(|| name.clone())?);
    observe_file(&mut observed, &name, input, &options, Trace::CoReshare, &mut |_| Ok(()))?;
    observed.close();
    Ok(observed)
}

/// How well the known teams are recovered.
fn known_teams(path: &Path) -> Result<String> {
    let teams = categories(path)?;
    let observed = read(path, &TEAM_COLUMNS)?;
    let mut text = format!(
        "\n## Known teams\n\nAccounts of the Internet Research Agency, autumn 2016: {} accounts, {} posts, times to the \
         minute, no organic accounts. The null of times cannot speak where everybody is coordinated, so pairs are \
         chosen by what they choose in common (`--rule choice`). Teams are the hand-coded categories. Figures of \
         others: near-identical text and Leiden, windows of 1 to 24 h: purity .996–.997, AMI .81–.85, ARI .65–.79, \
         coverage .54–.64.\n\n| traces and window | groups | coverage | purity | AMI | ARI |\n| --- | --- | --- | --- | \
         --- | --- |\n",
        observed.accounts.len(),
        observed.posts.len()
    );
    let texts = vec![Trace::CoText, Trace::CoReshare];
    let all = vec![Trace::CoText, Trace::CoReshare, Trace::CoLink, Trace::CoHashtag];
    for (name, traces, window_s, basis) in [
        ("texts and reshares, 1 h", texts.clone(), 3_600, Basis::Choice),
        ("texts and reshares, 24 h", texts.clone(), 86_400, Basis::Choice),
        ("with links and hashtags, 24 h", all, 86_400, Basis::Choice),
        ("texts and reshares, 10 min, null of times", texts, 600, Basis::Timing),
    ] {
        let settings = DetectSettings { basis, traces, window_s: Some(window_s), together_min: Some(2) };
        let found = detect(&observed, &settings, &mut |_| Ok(()))?;
        let mut pairs: Vec<(usize, &str)> = Vec::new();
        for (group, found) in found.groups.iter().chain(&found.weak).enumerate() {
            for member in &found.members {
                let name = observed.accounts.name(*member);
                let name = name.strip_prefix("file:").unwrap_or(name);
                if let Some(team) = teams.get(&name.to_lowercase()) {
                    pairs.push((group, team));
                }
            }
        }
        let Agreement { groups, purity, ami, ari } = Agreement::of(&pairs);
        let coverage = pairs.len() as f64 / teams.len().max(1) as f64;
        writeln!(text, "| {name} | {groups} | {coverage:.2} | {purity:.3} | {ami:.3} | {ari:.3} |")?;
    }
    Ok(text)
}

/// The commonest category of each account.
fn categories(path: &Path) -> Result<HashMap<String, String>> {
    let plain = networks::import::unpacked(Box::new(File::open(path)?))?;
    let mut counts: HashMap<String, BTreeMap<String, u32>> = HashMap::new();
    let mut options = networks::import::ImportOptions::default();
    // The category is read in the place of the name, which nothing else uses.
    let columns = [("author", "author_id"), ("text", "content"), ("author_name", "account_category")];
    options.columns =
        columns.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
    let (decoder, items) = networks::import::open("teams", plain, &options)?;
    for item in items.flatten() {
        for (_, post) in decoder.decode(&item, model::Timestamp::from_millis(0)).into_iter().flatten() {
            let category = post.author.name.clone().unwrap_or_default();
            let account = post.author.key.native_id.as_str().to_lowercase();
            *counts.entry(account).or_default().entry(category).or_default() += 1;
        }
    }
    let commonest = |counts: BTreeMap<String, u32>| {
        counts.into_iter().max_by_key(|(_, posts)| *posts).map(|(name, _)| name)
    };
    Ok(counts.into_iter().filter_map(|(account, counts)| Some((account, commonest(counts)?))).collect())
}

/// How far two partitions agree.
struct Agreement {
    groups: usize,
    purity: f64,
    ami: f64,
    ari: f64,
}

impl Agreement {
    /// Adjusted mutual information (Vinh et al. 2010, mean of the entropies)
    /// and adjusted Rand index (Hubert & Arabie 1985).
    fn of(pairs: &[(usize, &str)]) -> Self {
        let n = pairs.len() as f64;
        let mut rows: BTreeMap<usize, f64> = BTreeMap::new();
        let mut columns: BTreeMap<&str, f64> = BTreeMap::new();
        let mut cells: BTreeMap<(usize, &str), f64> = BTreeMap::new();
        for (group, team) in pairs {
            *rows.entry(*group).or_default() += 1.0;
            *columns.entry(team).or_default() += 1.0;
            *cells.entry((*group, team)).or_default() += 1.0;
        }
        let mut purest: BTreeMap<usize, f64> = BTreeMap::new();
        for ((group, _), count) in &cells {
            let most = purest.entry(*group).or_default();
            *most = most.max(*count);
        }
        let entropy =
            |counts: &mut dyn Iterator<Item = f64>| -> f64 { counts.map(|c| -c / n * (c / n).ln()).sum() };
        let (of_rows, of_columns) =
            (entropy(&mut rows.values().copied()), entropy(&mut columns.values().copied()));
        let information: f64 = cells
            .iter()
            .map(|((group, team), count)| {
                let (row, column) =
                    (rows.get(group).copied().unwrap_or(1.0), columns.get(team).copied().unwrap_or(1.0));
                count / n * (count * n / (row * column)).ln()
            })
            .sum();
        let logs: Vec<f64> = (0..=pairs.len())
            .scan(0.0, |sum, number| {
                *sum += if number > 0 { (number as f64).ln() } else { 0.0 };
                Some(*sum)
            })
            .collect();
        let ln_factorial = |number: f64| logs.get(number as usize).copied().unwrap_or(0.0);
        let mut expected = 0.0;
        for row in rows.values() {
            for column in columns.values() {
                let mut count = (row + column - n).max(1.0);
                while count <= row.min(*column) {
                    let ln_p = ln_factorial(*row)
                        + ln_factorial(*column)
                        + ln_factorial(n - row)
                        + ln_factorial(n - column)
                        - ln_factorial(n)
                        - ln_factorial(count)
                        - ln_factorial(row - count)
                        - ln_factorial(column - count)
                        - ln_factorial(n - row - column + count);
                    expected += count / n * (n * count / (row * column)).ln() * ln_p.exp();
                    count += 1.0;
                }
            }
        }
        let pairs_of = |count: &f64| count * (count - 1.0) / 2.0;
        let together: f64 = cells.values().map(pairs_of).sum();
        let (in_rows, in_columns): (f64, f64) =
            (rows.values().map(pairs_of).sum(), columns.values().map(pairs_of).sum());
        let by_chance = in_rows * in_columns / pairs_of(&n).max(1.0);
        Self {
            groups: rows.len(),
            purity: purest.values().sum::<f64>() / n.max(1.0),
            ami: (information - expected) / ((of_rows + of_columns) / 2.0 - expected),
            ari: (together - by_chance) / ((in_rows + in_columns) / 2.0 - by_chance),
        }
    }
}
