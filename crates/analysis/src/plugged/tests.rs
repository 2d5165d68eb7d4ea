//! Agreement with the reference engine and tokenizer, and broken files.

use super::tokenizer::Tokenizer;
use super::*;
use std::path::PathBuf;

/// What a text must become; made by `tests/plugged/make.py`.
struct Case {
    text: String,
    ids: Vec<u32>,
    probabilities: Vec<f32>,
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/plugged").join(name)
}

fn read(name: &str, file: &str) -> Vec<u8> {
    std::fs::read(folder(name).join(file)).unwrap()
}

fn cases(name: &str) -> Vec<Case> {
    let list: serde_json::Value = serde_json::from_slice(&read(name, "expected.json")).unwrap();
    list.as_array()
        .unwrap()
        .iter()
        .map(|case| Case {
            text: case["text"].as_str().unwrap().to_owned(),
            ids: case["ids"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| u32::try_from(id.as_u64().unwrap()).unwrap())
                .collect(),
            probabilities: case["probabilities"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|p| p.as_f64().unwrap() as f32)
                .collect(),
        })
        .collect()
}

fn parts(name: &str) -> PluggedParts {
    PluggedParts {
        model: read(name, "model.onnx"),
        tokenizer: read(name, "tokenizer.json"),
        config: read(name, "config.json"),
        mapping: std::fs::read(folder(name).join("atalaya.json")).ok(),
        threads: 1,
    }
}

#[test]
fn tokenizers_agree_with_the_reference() {
    for (name, length) in [("mean", 24), ("attention", 24), ("bytes", 64)] {
        let tokenizer = Tokenizer::parse(&read(name, "tokenizer.json")).unwrap();
        for case in cases(name) {
            assert_eq!(tokenizer.encode(&case.text, length), case.ids, "{name}: {:?}", case.text);
        }
    }
}

#[test]
fn models_agree_with_the_reference_one_by_one_and_together() {
    for (name, tolerance) in [("mean", 1e-4), ("attention", 1e-4), ("quantised", 1e-2)] {
        let plugged = Plugged::load(parts(name)).unwrap();
        let cases = cases(name);
        let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
        let together = plugged.classify(&texts).unwrap();
        assert_eq!(together.len(), cases.len());
        let mut worst = 0.0_f32;
        for (case, answer) in cases.iter().zip(&together) {
            let alone = plugged.classify(&[&case.text]).unwrap().remove(0);
            assert_eq!(alone.len(), case.probabilities.len());
            for (place, expected) in case.probabilities.iter().enumerate() {
                // A quantised model is scaled by its batch: only a text alone is comparable.
                let given: &[f32] = if name == "quantised" { &alone } else { answer };
                worst = worst.max((given[place] - expected).abs()).max((alone[place] - expected).abs());
            }
        }
        assert!(worst <= tolerance, "{name}: differs by {worst}");
    }
}

#[test]
fn labels_and_tones_are_those_of_the_files() {
    let plain = Plugged::load(parts("mean")).unwrap();
    assert_eq!(plain.labels(), ["NEG", "NEU", "POS"]);
    assert_eq!(plain.tone_of(&[0.8, 0.1, 0.1]).0, Tone::Negative);
    let mapped = Plugged::load(parts("attention")).unwrap();
    assert!(mapped.has_tone());
    let (tone, score) = mapped.tone_of(&[0.1, 0.7, 0.2]);
    assert_eq!(tone, Tone::Positive);
    assert!((score.unwrap() - 0.6).abs() < 1e-6);
    assert_eq!(mapped.tone_of(&[0.4, 0.4, 0.2]), (Tone::Unknown, None));
    let own_labels = Plugged::load(PluggedParts { mapping: None, ..parts("attention") }).unwrap();
    assert!(!own_labels.has_tone(), "names that are not understood say no tone");
}

#[test]
fn common_names_of_tones_are_understood() {
    let tones = |names: &[&str]| {
        let named: serde_json::Map<String, serde_json::Value> =
            names.iter().enumerate().map(|(id, name)| (id.to_string(), (*name).into())).collect();
        let config = serde_json::json!({ "id2label": named }).to_string();
        let mut labels = Labels::parse(config.as_bytes(), None).unwrap();
        labels.settle(names.len()).unwrap();
        labels
    };
    let stars = tones(&["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]);
    let (tone, score) = stars.tone_of(&[0.0, 0.0, 0.1, 0.4, 0.5]);
    assert_eq!(tone, Tone::Positive);
    assert!((score.unwrap() - 0.7).abs() < 1e-6);
    assert_eq!(tones(&["LABEL_0", "LABEL_1", "LABEL_2"]).tone_of(&[0.9, 0.1, 0.0]).0, Tone::Negative);
    assert_eq!(tones(&["Negativo", "Neutro", "Positivo"]).tone_of(&[0.0, 0.9, 0.1]).0, Tone::Neutral);
    assert!(!tones(&["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"]).has_tone());
    assert!(!tones(&["1", "2", "3"]).has_tone(), "bare numbers may count anything");
    assert!(!tones(&["joy", "anger", "neutral"]).has_tone());
}

#[test]
fn errors_name_the_file_and_what_to_do() {
    let broken = |change: fn(&mut PluggedParts)| {
        let mut parts = parts("attention");
        change(&mut parts);
        Plugged::load(parts).unwrap_err().to_string()
    };
    assert!(broken(|parts| parts.model.clear()).contains("model.onnx"));
    assert!(broken(|parts| parts.tokenizer = b"{".to_vec()).contains("tokenizer.json"));
    assert!(broken(|parts| parts.config = b"[1]".to_vec()).contains("atalaya.json"), "no label has the name");
    let four = br#"{"id2label":{"0":"a","1":"b","2":"c","3":"d"}}"#;
    let error = Plugged::load(PluggedParts { config: four.to_vec(), mapping: None, ..parts("attention") });
    assert_eq!(error.unwrap_err(), PluggedError::Labels { named: 4, answered: 3 });
    assert!(
        broken(|parts| parts.mapping = Some(br#"{"tone":{"nada":"negative"}}"#.to_vec())).contains("nada")
    );
    assert!(broken(|parts| parts.mapping = Some(br#"{"tone":{"queja":"malo"}}"#.to_vec())).contains("queja"));
    assert!(broken(|parts| parts.tokenizer = br#"{"model":{"type":"Char"}}"#.to_vec()).contains("Char"));
}

#[test]
fn long_and_odd_texts_take_bounded_work() {
    let plugged = Plugged::load(parts("attention")).unwrap();
    let odd = [
        "a".repeat(1_000_000),
        "😀".repeat(50_000),
        "\u{0}\u{fffd}\u{200d}".to_owned(),
        "é\u{301}\u{301}".repeat(9_000),
    ];
    let texts: Vec<&str> = odd.iter().map(String::as_str).collect();
    for answer in plugged.classify(&texts).unwrap() {
        assert!((answer.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
    assert_eq!(plugged.classify(&[]).unwrap(), Vec::<Vec<f32>>::new());
    let many = vec!["a"; TEXTS_MAX + 1];
    assert!(matches!(plugged.classify(&many), Err(PluggedError::TooMany { .. })));
}

#[test]
fn a_cut_file_is_an_error() {
    for name in ["mean", "attention", "quantised"] {
        let whole = parts(name);
        for eighth in 0..64 {
            let cut = whole.model.len() * eighth / 64;
            let model = whole.model[..cut].to_vec();
            assert!(Plugged::load(PluggedParts { model, ..parts(name) }).is_err(), "{name}: {cut} bytes");
        }
        for eighth in 0..16 {
            let tokenizer = whole.tokenizer[..whole.tokenizer.len() * eighth / 16].to_vec();
            assert!(Plugged::load(PluggedParts { tokenizer, ..parts(name) }).is_err());
            let config = whole.config[..whole.config.len() * eighth / 16].to_vec();
            assert!(Plugged::load(PluggedParts { config, ..parts(name) }).is_err());
        }
    }
}

#[test]
fn a_damaged_file_never_ends_the_program() {
    // A small generator of our own: the same damage in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (mut refused, mut answered) = (0, 0);
    for name in ["mean", "attention", "quantised"] {
        for round in 0..120 {
            let mut parts = parts(name);
            let file = if round % 4 == 3 { &mut parts.tokenizer } else { &mut parts.model };
            // Half of the damage goes to the structure, which stands at the start.
            let within = if round % 2 == 0 { file.len() } else { file.len().min(3_000) };
            for _ in 0..=next(3) {
                let place = next(within);
                file[place] ^= 1 << next(8);
            }
            match Plugged::load(parts) {
                Ok(plugged) => {
                    answered += 1;
                    if let Ok(answers) = plugged.classify(&["¿Qué tal?", "otra"]) {
                        assert!(answers.iter().flatten().all(|p| (0.0..=1.0).contains(p)));
                    }
                }
                Err(error) => {
                    refused += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
    assert!(refused > 0 && answered > 0, "{refused} refused, {answered} answered");
}

#[test]
fn sizes_that_no_classifier_needs_are_refused() {
    // One node whose shape would be 2^60 elements: field 7 (graph) { field 1 (node) {
    // field 4 operator, field 5 attribute { field 5 tensor { dims 1: 2; type 2: 7; raw 9 } } } }.
    let message = |field: u8, body: &[u8]| {
        let mut bytes = vec![field << 3 | 2, u8::try_from(body.len()).unwrap()];
        bytes.extend_from_slice(body);
        bytes
    };
    let raw: Vec<u8> = [1_u64 << 30, 1 << 30].iter().flat_map(|size| size.to_le_bytes()).collect();
    let tensor = [vec![1 << 3, 2, 2 << 3, 7], message(9, &raw)].concat();
    let node = [message(4, b"ConstantOfShape"), message(5, &message(5, &tensor))].concat();
    let model = message(7, &message(1, &node));
    assert!(guard::check(&model).unwrap_err().to_string().contains("size"));
    let looping = [message(4, b"Loop"), message(5, &message(6, b""))].concat();
    assert!(guard::check(&message(7, &message(1, &looping))).unwrap_err().to_string().contains("Loop"));
}
