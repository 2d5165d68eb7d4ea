//! What a benchmark measured: rows of text, for people and programs.

use anyhow::Result;
use std::path::Path;

/// The result of one benchmark.
pub struct Table {
    /// Its name, also that of the JSON file.
    pub name: String,
    /// What was measured, in one line.
    pub title: String,
    /// Heads of the columns.
    pub columns: Vec<&'static str>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

impl Table {
    /// Prints the table as Markdown and writes `NAME.json` beside it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn publish(&self, folder: &Path) -> Result<()> {
        println!("\n### {}\n", self.title);
        println!("| {} |", self.columns.join(" | "));
        println!("|{}", " --- |".repeat(self.columns.len()));
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
        for note in &self.notes {
            println!("\n{note}");
        }
        let json = serde_json::json!({
            "name": self.name, "title": self.title, "columns": self.columns,
            "rows": self.rows, "notes": self.notes,
        });
        std::fs::write(folder.join(format!("{}.json", self.name)), serde_json::to_vec_pretty(&json)?)?;
        Ok(())
    }
}

/// A rate or count with thin groups of three digits.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The value below which this share of sorted values lies (nearest rank).
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
}
