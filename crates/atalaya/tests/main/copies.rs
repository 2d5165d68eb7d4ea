//! Copies in a plain file: groups with their first member, in a pipe.

use crate::installation::{Installation, PROGRAM};
use std::io::Write;
use std::process::Command;

const NEWS: &str =
    "El alcalde anunció que mañana no habrá agua en todo el distrito de San Miguelito por reparaciones";
const EDITED: &str = "URGENTE: el alcalde anunció que mañana no habrá agua en el distrito de San Miguelito por reparaciones 😡";
const OTHER: &str =
    "La selección ganó tres a cero en un partido que nadie esperaba y la gente salió a celebrar";

fn records() -> Vec<(&'static str, String, &'static str)> {
    let chain = format!(
        "Reenviado muchas veces, me lo contó mi cuñado que trabaja allí dentro, no lo digas a nadie y cuídate mucho de lo que viene: {}, y dice que van a cerrar los comercios del centro toda la semana que viene hasta nuevo aviso de la autoridad competente",
        OTHER
    );
    vec![
        ("a", NEWS.to_owned(), "2026-03-01T10:00:00Z"),
        ("b", OTHER.to_owned(), "2026-03-01T10:05:00Z"),
        ("c", EDITED.to_owned(), "2026-03-01T11:00:00Z"),
        ("d", format!("RT @ana: {NEWS} https://t.co/x"), ""),
        ("e", "😡😡".to_owned(), "2026-03-02T10:00:00Z"),
        ("f", chain, "2026-03-03T10:00:00Z"),
    ]
}

fn json_lines() -> String {
    let line = |(id, text, time): (&str, String, &str)| {
        format!("{}\n", serde_json::json!({"id": id, "text": text, "time": time, "more": 1}))
    };
    records().into_iter().map(line).collect()
}

fn groups(out: &str) -> Vec<serde_json::Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn groups_of_json_lines_csv_and_packed_files() {
    let place = Installation::new();
    let mut csv = String::from("time,text,id\n");
    for (id, text, time) in records() {
        csv.push_str(&format!("{time},\"{}\",{id}\n", text.replace('"', "\"\"")));
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(json_lines().as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let files = [
        place.file("a.jsonl", json_lines()),
        place.file("a.csv", csv),
        place.file("a.jsonl.gz", packed),
        place.file("a.jsonl.zst", zstd::encode_all(json_lines().as_bytes(), 1).unwrap()),
    ];
    for file in &files {
        let ran = place.run(&["copies", "--members", file]).expect(0);
        let found = groups(&ran.out);
        assert_eq!(found.len(), 1, "{file}: {}", ran.out);
        assert_eq!(
            (
                &found[0]["first"],
                &found[0]["size"],
                &found[0]["exact"],
                &found[0]["edited"],
                &found[0]["kind"]
            ),
            (&"a".into(), &3.into(), &2.into(), &1.into(), &"edited".into()),
        );
        assert_eq!(
            (&found[0]["span_s"], &found[0]["members"]),
            (&3_600.into(), &serde_json::json!(["a", "c", "d"]))
        );
        assert_eq!(found[0]["text"], NEWS);
        assert!(ran.err.contains("6 records, 3 in 1 groups"), "{}", ran.err);
    }
    let from_pipe = place.run_with(&["copies", "-"], json_lines().as_bytes()).expect(0);
    assert_eq!(groups(&from_pipe.out)[0]["size"], 3);
    assert!(groups(&from_pipe.out)[0].get("members").is_none());
    let as_csv = place.run(&["copies", "--csv", &files[0]]).expect(0).out;
    let mut reader = csv::Reader::from_reader(as_csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    assert_eq!((rows.len(), &rows[0][0], &rows[0][1], &rows[0][2]), (1, "a", "3", "edited"));
}

#[test]
fn a_text_inside_a_longer_one_is_listed() {
    let place = Installation::new();
    let file = place.file("a.jsonl", json_lines());
    let found = groups(&place.run(&["copies", "--fragments", &file]).expect(0).out);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["id"], &found[0]["of"]), (&"f".into(), &"b".into()));
    assert!(found[0]["share_of_earlier"].as_f64().unwrap() > 0.9, "{found:?}");
}

#[test]
fn no_data_folder_is_made_and_an_empty_file_has_no_groups() {
    let folder = tempfile::TempDir::new().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("a.jsonl"));
    std::fs::write(&file, "").unwrap();
    let output = Command::new(PROGRAM).arg("--data").arg(&data).arg("copies").arg(&file).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn input_that_cannot_be_read_says_where_and_what() {
    let place = Installation::new();
    for (input, says) in [
        ("{\"text\":\"a\"}\n{\"text\":\n", "line 2"),
        ("{\"id\":1}\n", "line 1"),
        ("id,words\n1,a\n", "column «text»"),
        ("[{\"text\":\"a\"}]", "one JSON object a line"),
        ("{\"text\":\"a\",\"time\":\"ayer\"}\n", "line 1: the time \"ayer\""),
        ("text,time\na,ayer\n", "line 2: the time"),
    ] {
        let ran = place.run_with(&["copies", "-"], input.as_bytes()).expect(1);
        assert!(ran.err.contains(says), "{input}: {}", ran.err);
    }
    let ran = place.run(&["copies", "no/such/file.jsonl"]).expect(1);
    assert!(ran.err.contains("no/such/file.jsonl"), "{}", ran.err);
}
