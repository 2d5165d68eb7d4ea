//! Archives without a known group: newsrooms, customers and an election, where
//! nobody is to be shown.

use anyhow::{Context, Result};
use app::coordination::{DetectSettings, Observed, Report, detect, observe_file};
use app::listening::ImportOptions;
use model::{Strength, Trace};
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

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
    let mut text = String::from(
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
        let observed = read(&path)?;
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

fn read(path: &Path) -> Result<Observed> {
    let mut observed = Observed::default();
    let name = path.display().to_string();
    let options = ImportOptions::default();
    let input = Box::new(File::open(path).with_context(|| name.clone())?);
    observe_file(&mut observed, &name, input, &options, Trace::CoReshare, &mut |_| Ok(()))?;
    observed.close();
    Ok(observed)
}
