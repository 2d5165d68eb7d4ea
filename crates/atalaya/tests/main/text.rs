//! The analyses in a pipe: JSON lines or CSV in, one verdict per record out.

use crate::installation::{Installation, PROGRAM, ended};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// Texts with language and tone that nobody doubts.
const TEXTS: &[(&str, &str, &str)] = &[
    ("El servicio fue pésimo y la comida horrible, no vuelvo nunca", "es", "negative"),
    ("Me encanta este lugar, la atención es excelente y muy recomendado", "es", "positive"),
    ("The service was terrible and the food was awful, I hate this place", "en", "negative"),
    ("I love this place, the coffee is excellent and the staff is wonderful", "en", "positive"),
    ("O atendimento foi péssimo e a comida estava horrível, não volto mais", "pt", "negative"),
];

fn records() -> (String, String) {
    let (mut json, mut csv) = (String::new(), String::from("id,other,text\n"));
    for (n, (text, ..)) in TEXTS.iter().enumerate() {
        json.push_str(&format!("{}\n", serde_json::json!({"id": format!("r{n}"), "text": text, "more": 1})));
        csv.push_str(&format!("r{n},x,\"{text}\"\n"));
    }
    (json, csv)
}

/// The labels of a run's output, whose lines are in order of the input.
fn labels(out: &str) -> Vec<String> {
    (0..)
        .zip(out.lines())
        .map(|(n, line)| {
            let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(verdict["id"], format!("r{n}"));
            assert!(verdict["reasons"].is_array() && verdict.get("score").is_some(), "{line}");
            verdict["label"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn language_and_sentiment_of_json_lines_and_csv() {
    let place = Installation::new();
    let (json, csv) = records();
    let (json, csv) = (place.file("a.jsonl", json), place.file("a.csv", csv));
    let languages: Vec<&str> = TEXTS.iter().map(|(_, language, _)| *language).collect();
    let tones: Vec<&str> = TEXTS.iter().map(|(.., tone)| *tone).collect();
    for file in [&json, &csv] {
        assert_eq!(labels(&place.run(&["text", "language", file]).expect(0).out), languages, "{file}");
        assert_eq!(labels(&place.run(&["text", "sentiment", file]).expect(0).out), tones, "{file}");
    }
    let from_pipe = place.run_with(&["text", "sentiment", "-"], &std::fs::read(&csv).unwrap()).expect(0);
    assert_eq!(labels(&from_pipe.out), tones);
    let as_csv = place.run(&["text", "sentiment", "--csv", &json]).expect(0).out;
    let mut reader = csv::Reader::from_reader(as_csv.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["id", "label", "score", "reasons"]);
    let found: Vec<String> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
    assert_eq!(found, tones);
}

#[test]
fn what_a_text_wants_and_whether_it_cheats() {
    let place = Installation::new();
    let texts = [
        "Llevo tres días sin internet y nadie de la compañía me contesta, pésimo servicio",
        "Ganaste un bono de $500, da tu clave en http://acme-bonos.xyz y reenvía a 10 contactos",
        "eres un gilipollas y un imbécil",
    ];
    let rows = (0..).zip(texts).map(|(n, text)| format!("r{n},\"{text}\"\n"));
    let file = place.file("a.csv", format!("id,text\n{}", rows.collect::<String>()));
    for (analysis, expected) in [
        ("intent", ["complaint", "scam", "insult"]),
        ("offence", ["none", "none", "person"]),
        ("emotion", ["anger", "others", "anger"]),
        ("scam", ["none", "probable", "none"]),
    ] {
        let out = place.run(&["text", analysis, &file]).expect(0).out;
        assert_eq!(labels(&out), expected, "{analysis}");
        assert!(!out.contains("-0.0"), "nothing weighs nothing: {out}");
    }
}

#[test]
fn an_analysis_needs_no_data_folder() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("a.jsonl");
    std::fs::write(&file, "{\"text\":\"Qué buen café\"}\n").unwrap();
    let data = folder.path().join("data");
    let output = Command::new(PROGRAM)
        .arg("--data")
        .arg(&data)
        .args(["text", "language"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(!data.exists(), "nothing was made");
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdict["id"], 1, "without an id the line is the name");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Installation::new();
    let line = format!("{}\n", serde_json::json!({"id": 1, "text": TEXTS[0].0}));
    let file = place.file("largo.jsonl", line.repeat(5_000));
    let mut child = place.command(&["text", "sentiment", &file]).spawn().unwrap();
    let mut first = String::new();
    // As head does: one line, then the pipe is closed.
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("negative"), "{first}");
    let ran = ended(child, &mut || {});
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn input_that_cannot_be_read_names_the_line() {
    let place = Installation::new();
    for (input, says) in [
        ("{\"text\":\"a\"}\n{\"text\":\n", "line 2"),
        ("id,words\n1,a\n", "text"),
        ("{\"id\":1}\n", "line 1"),
    ] {
        let ran = place.run_with(&["text", "language", "-"], input.as_bytes()).expect(1);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    let mut child = place.command(&["text", "language", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"{\"text\":\"\xff\xfe\"}\n").unwrap();
    let ran = ended(child, &mut || {}).expect(1);
    assert!(ran.err.contains("line 1"), "{}", ran.err);
}
