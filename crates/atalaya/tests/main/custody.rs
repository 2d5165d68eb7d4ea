//! The data as a whole: rebuilt, backed up, restored, exported.

use crate::installation::{Installation, import, size};
use crate::posts::{jetstream, made, saying, statuses};
use app::Actor;
use app::listening::Span;
use model::time::DAY_MS;
use parquet::file::reader::{FileReader, SerializedFileReader};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::Path;

/// An installation with posts of two networks and a label.
fn filled(seed: u64) -> Installation {
    let place = Installation::new();
    let (_app, workspace) = place.open();
    let mut posts = made(seed, 400);
    posts.push(saying(&posts[0], 9_001, 9, "=1+1 acme"));
    posts.push(saying(&posts[0], 9_002, 9, "acme, \"comillas\"\ny otra línea; +54"));
    import(&workspace, "a.jsonl", jetstream(&posts[..200]));
    import(&workspace, "b.jsonl", statuses(&posts[200..]));
    place
}

/// Everything that a person could compare: searches in several orders, queries, the overview.
fn answers(place: &Installation) -> Vec<String> {
    let mut all: Vec<String> = [
        vec!["search", "", "--limit", "500", "--json"],
        vec!["search", "acme OR kotowa*", "--order", "engagement", "--json"],
        vec!["search", "lang:es tone:negative", "--order", "oldest", "--json"],
        vec!["query", "list", "--json"],
    ]
    .iter()
    .map(|command| place.run(command).expect(0).out)
    .collect();
    let (_app, workspace) = place.open();
    let start = crate::posts::start();
    let span = Span { from: start.plus(-DAY_MS), to: start.plus(DAY_MS) };
    let overview = workspace.overview(&Actor::operator(), "", Some(span)).unwrap();
    assert_eq!(overview.total, 402);
    all.push(serde_json::to_string(&overview).unwrap());
    all
}

#[test]
fn a_rebuild_gives_the_same_answers() {
    let place = filled(61);
    let before = answers(&place);
    let said = place.run(&["rebuild"]).expect(0).out;
    assert!(said.starts_with("402 "), "{said}");
    let after = answers(&place);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
}

#[test]
fn a_backup_restored_elsewhere_gives_the_same_answers() {
    let place = filled(62);
    let before = answers(&place);
    let backup = place.beside("copia");
    let backup = backup.to_str().unwrap();
    place.run(&["backup", backup]).expect(0);
    assert!(place.run(&["backup", backup]).expect(1).err.contains("there already"));
    assert!(place.run(&["restore", backup]).expect(1).err.contains("not empty"));
    fs::rename(place.data(), place.beside("antes")).unwrap();
    assert!(
        place
            .run(&["restore", place.beside("antes/nada").to_str().unwrap()])
            .expect(1)
            .err
            .contains("no backup")
    );
    place.run(&["restore", backup]).expect(0);
    assert_eq!(answers(&place), before);
    assert!(place.run(&["user", "list"]).expect(0).out.contains("ana@example.org"));
}

/// The manifest beside an export, whose checksum must be right.
fn manifest(path: &Path) -> serde_json::Value {
    let text = fs::read_to_string(format!("{}.manifest.json", path.display())).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let digest: String =
        Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(manifest["sha256"], digest.as_str());
    manifest
}

#[test]
fn exports_hold_what_the_search_finds() {
    let place = filled(63);
    let folder = place.beside("fuera");
    for expression in ["", "acme", "lang:pt", "acme NOT (acme OR café) "] {
        let total = place.count(expression);
        for format in ["csv", "parquet"] {
            let command =
                ["export", expression, "--format", format, "--to", folder.to_str().unwrap(), "--json"];
            let said = place.run(&command).expect(0).json();
            let path = Path::new(said["file"].as_str().unwrap()).to_owned();
            assert!(path.starts_with(&folder) && size(&path) > 0);
            let manifest = manifest(&path);
            assert_eq!(manifest["rows"], total, "{expression}");
            assert_eq!(manifest["expression"], expression);
            let columns = manifest["columns"].as_array().unwrap().len();
            if format == "parquet" {
                let bytes = fs::read(&path).unwrap();
                assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
                let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
                let file = reader.metadata().file_metadata();
                assert_eq!(u64::try_from(file.num_rows()).unwrap(), total);
                assert_eq!(file.schema_descr().num_columns(), columns);
                assert_eq!(reader.get_row_iter(None).unwrap().map(Result::unwrap).count() as u64, total);
            } else {
                let mut reader = csv::Reader::from_path(&path).unwrap();
                assert_eq!(reader.headers().unwrap().len(), columns);
                assert_eq!(reader.records().map(Result::unwrap).count() as u64, total);
            }
        }
    }
}

#[test]
fn no_cell_of_an_export_is_a_formula() {
    let place = filled(64);
    let said = place.run(&["export", "--json"]).expect(0).json();
    let mut reader = csv::Reader::from_path(said["file"].as_str().unwrap()).unwrap();
    let texts = ["author_id", "author", "author_name", "title", "text", "url", "hashtags", "links", "labels"];
    let headers = reader.headers().unwrap().clone();
    let places: Vec<usize> =
        texts.iter().map(|name| headers.iter().position(|header| header == *name).unwrap()).collect();
    let mut defused = 0;
    for row in reader.records().map(Result::unwrap) {
        for place in &places {
            let cell = &row[*place];
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            defused += usize::from(cell.starts_with("'="));
        }
    }
    assert_eq!(defused, 1);
    assert_eq!(said["manifest"]["formulas_defused"], true);
}
