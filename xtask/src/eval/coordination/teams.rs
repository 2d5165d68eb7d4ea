//! The accounts of the Internet Research Agency, whose teams are known: how well
//! they are recovered.
//!
//! In: the archive, whole or one half of its accounts. Out: tables. What is
//! chosen in the method is chosen on the half of [`CHOSEN_ON`]; the other half
//! and the whole are there to be reported.

use anyhow::Result;
use app::coordination::{Basis, DetectSettings, Observed, detect};
use model::{Timestamp, Trace};
use networks::import::{ImportOptions, open, unpacked};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

/// The archive of known teams.
const TEAMS: &str = "ira_autumn_2016/ira_2016-10-01_2016-11-15.csv.zst";
/// Its columns; the category stands in the place of the name, which nothing else uses.
const COLUMNS: [(&str, &str); 4] = [
    ("author", "author_id"),
    ("text", "content"),
    ("time", "publish_date"),
    ("author_name", "account_category"),
];
/// The half of the accounts on which the method was chosen.
pub const CHOSEN_ON: Accounts = Accounts::Half(false);

/// Which accounts of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// All of them.
    All,
    /// One half, by a hash of the identifier.
    Half(bool),
}

impl Accounts {
    fn holds(self, account: &str) -> bool {
        let hash = account.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        match self {
            Self::All => true,
            Self::Half(half) => (hash >> 40 & 1 == 1) == half,
        }
    }
}

/// The archive as observed, and the commonest category of each account.
struct Teams {
    observed: Observed,
    categories: HashMap<String, String>,
}

impl Teams {
    fn read(path: &Path, accounts: Accounts) -> Result<Self> {
        let mut observed = Observed::default();
        let mut counts: HashMap<String, BTreeMap<String, u32>> = HashMap::new();
        let options = ImportOptions {
            columns: COLUMNS.map(|(field, column)| (field.to_owned(), column.to_owned())).into(),
            ..ImportOptions::default()
        };
        let (decoder, items) = open("teams", unpacked(Box::new(File::open(path)?))?, &options)?;
        for item in items.flatten() {
            for (_, mut post) in decoder.decode(&item, Timestamp::from_millis(0)).into_iter().flatten() {
                let account = post.author.key.native_id.as_str().to_lowercase();
                if accounts.holds(&account) {
                    let category = post.author.name.take().unwrap_or_default();
                    *counts.entry(account).or_default().entry(category).or_default() += 1;
                    observed.add_post(&post);
                }
            }
        }
        observed.close();
        let commonest = |counts: BTreeMap<String, u32>| {
            counts.into_iter().max_by_key(|(_, posts)| *posts).map(|(name, _)| name)
        };
        let categories =
            counts.into_iter().filter_map(|(account, counts)| Some((account, commonest(counts)?))).collect();
        Ok(Self { observed, categories })
    }

    /// Each account of a group that is suggested, with the group's place and its
    /// category; then how many of these groups the times confirm, and their accounts.
    fn found(&self, settings: &DetectSettings) -> Result<(Vec<(usize, &str)>, usize, usize)> {
        let found = detect(&self.observed, settings, &mut |_| Ok(()))?;
        let confirmed = found.groups.iter().map(|group| group.members.len()).sum();
        let mut pairs = Vec::new();
        for (group, found) in found.groups.iter().chain(&found.weak).enumerate() {
            for member in &found.members {
                let name = self.observed.accounts.name(*member);
                let name = name.strip_prefix("file:").unwrap_or(name);
                if let Some(team) = self.categories.get(&name.to_lowercase()) {
                    pairs.push((group, team.as_str()));
                }
            }
        }
        Ok((pairs, found.groups.len(), confirmed))
    }
}

/// The table, or what was skipped when the archive is not there; of the half on
/// which the method was chosen only, where so asked.
///
/// # Errors
/// When it cannot be read.
pub fn tables(root: &Path, chosen_only: bool) -> Result<Result<String, String>> {
    let path = root.join("../shared/data").join(TEAMS);
    if !path.exists() {
        return Ok(Err(format!("known teams: {TEAMS} is not there")));
    }
    if chosen_only {
        return Ok(Ok(rows(&Teams::read(&path, CHOSEN_ON)?, "half chosen on")?));
    }
    let whole = Teams::read(&path, Accounts::All)?;
    let mut text = format!(
        "\n## Known teams\n\nAccounts of the Internet Research Agency, autumn 2016: {} accounts, {} posts, times to the \
         minute, no organic accounts. The null of times cannot speak where everybody is coordinated, so pairs are \
         chosen by what they choose in common, once at least (`--rule choice --min-participation 1`). Teams are the \
         hand-coded categories. Figures of others: near-identical text and Leiden, windows of 1 to 24 h: purity \
         .996–.997, AMI .81–.85, ARI .65–.79, coverage .54–.64. The method was chosen on one half of the accounts, by \
         a hash of their identifiers; a half has a quarter of the pairs. A category is coarser than a team: parts of it \
         that hardly share an object stay apart, as the accounts that write in Russian do, and the more of them are \
         covered, the lower AMI and ARI. The figures are of all groups that choices suggest; the times, rounded to the \
         minute here, confirm few of them, and the program shows those only: the last two columns.\n\n| accounts | \
         traces and window | groups | coverage | purity | AMI | ARI | shown | coverage of those |\n| --- | --- | --- | \
         --- | --- | --- | --- | --- | --- |\n",
        whole.observed.accounts.len(),
        whole.observed.posts.len()
    );
    text.push_str(&rows(&whole, "all")?);
    text.push_str(&rows(&Teams::read(&path, CHOSEN_ON)?, "half chosen on")?);
    text.push_str(&rows(&Teams::read(&path, Accounts::Half(true))?, "other half")?);
    Ok(Ok(text))
}

fn rows(teams: &Teams, accounts: &str) -> Result<String> {
    let mut text = String::new();
    let texts = vec![Trace::CoText, Trace::CoReshare];
    let all = vec![Trace::CoText, Trace::CoReshare, Trace::CoLink, Trace::CoHashtag];
    for (name, traces, window_s, basis, together_min) in [
        ("texts and reshares, 1 h", texts.clone(), 3_600, Basis::Choice, 1),
        ("texts and reshares, 24 h", texts.clone(), 86_400, Basis::Choice, 1),
        ("with links and hashtags, 24 h", all, 86_400, Basis::Choice, 1),
        ("texts and reshares, 10 min, null of times", texts, 600, Basis::Timing, 2),
    ] {
        let (window_s, together_min) = (Some(window_s), Some(together_min));
        let settings = DetectSettings { basis, traces, window_s, together_min };
        let (pairs, confirmed, in_confirmed) = teams.found(&settings)?;
        let share = |accounts: usize| accounts as f64 / teams.categories.len().max(1) as f64;
        let (coverage, shown) = (share(pairs.len()), share(in_confirmed));
        if pairs.is_empty() {
            writeln!(text, "| {accounts} | {name} | 0 | 0.00 | – | – | – | 0 | 0.00 |")?;
            continue;
        }
        let Agreement { groups, purity, ami, ari } = Agreement::of(&pairs);
        let [ami, ari] = [ami, ari].map(|figure| match figure.is_finite() {
            true => format!("{figure:.3}"),
            // One group of one team leaves nothing to agree on.
            false => "–".to_owned(),
        });
        writeln!(
            text,
            "| {accounts} | {name} | {groups} | {coverage:.2} | {purity:.3} | {ami} | {ari} | {confirmed} | {shown:.2} |"
        )?;
    }
    Ok(text)
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
