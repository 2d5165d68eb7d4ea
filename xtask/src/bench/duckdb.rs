//! DuckDB as a peer: the package of PyPI in a virtual environment of its own.
//!
//! Nothing of it is linked; a script asks and prints seconds. Where Python or
//! the package cannot be had, the peer is left out loudly.

use super::folder;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// Version that is measured.
const PACKAGE: &str = "duckdb>=1.1";
/// Reads the columns once into a database in memory, then asks.
const SCRIPT: &str = r#"
import json, sys, time, duckdb
plain, questions = sys.argv[1], json.load(open(sys.argv[2]))
db = duckdb.connect()
db.execute("SET threads = 2")
db.execute("""CREATE TABLE post AS SELECT * FROM read_csv(?, delim='\t', header=false, quote='', escape='',
  columns={'id':'BIGINT','time':'BIGINT','network':'INTEGER','author':'VARCHAR','lang':'VARCHAR',
  'tone':'VARCHAR','engagement':'BIGINT','domain':'VARCHAR','hashtag':'VARCHAR','text':'VARCHAR'})""", [plain])
def ask(sql):
    start = time.perf_counter()
    for one in sql: db.execute(one).fetchall()
    return time.perf_counter() - start
out = {}
for name, sql in questions:
    warm = [ask(sql) for _ in range(2)]
    out[name] = [ask(sql) for _ in range(200 if warm[1] < 0.05 else 20)]
json.dump(out, sys.stdout)
"#;

/// Seconds of every repetition by question; empty when DuckDB is not there.
///
/// # Errors
/// When DuckDB is there and refuses a statement.
pub fn ask(plain: &Path, questions: &[(String, Vec<String>)]) -> Result<Vec<(String, Vec<f64>)>> {
    let environment = folder().join("venv");
    let python = environment.join("bin").join("python");
    if !python.exists() && !install(&environment, &python) {
        println!("SKIPPED (counted): DuckDB cannot be installed here");
        return Ok(Vec::new());
    }
    let (script, list) = (folder().join("ask.py"), folder().join("questions.json"));
    std::fs::write(&script, SCRIPT)?;
    std::fs::write(&list, serde_json::to_vec(questions)?)?;
    let output = Command::new(&python).args([&script, &plain.to_owned(), &list]).output()?;
    anyhow::ensure!(output.status.success(), "DuckDB: {}", String::from_utf8_lossy(&output.stderr));
    let answers: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&output.stdout)?;
    questions
        .iter()
        .map(|(name, _)| {
            let seconds = answers.get(name).and_then(|list| list.as_array()).context("no answer")?;
            Ok((name.clone(), seconds.iter().filter_map(serde_json::Value::as_f64).collect()))
        })
        .collect()
}

fn install(environment: &Path, python: &Path) -> bool {
    let done = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let made = done(Command::new("python3").args(["-m", "venv"]).arg(environment))
        && done(Command::new(python).args(["-m", "pip", "install", "--quiet", PACKAGE]));
    if !made {
        // Half an environment would look like a whole one the next time.
        let _ = std::fs::remove_dir_all(environment);
    }
    made
}
