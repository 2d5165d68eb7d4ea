//! The fuzzing corpora of everything that others write, as plain tests.

use atalaya_networks::import::{ImportOptions, open};
use atalaya_networks::{Mapped, map, webhooks};
use hmac::{Hmac, KeyInit, Mac};
use model::listening::WebhookMaker;
use model::{Format, NativeId, Network, RawRecord, RecordKind, Timestamp};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::io::Cursor;

const NOW: Timestamp = Timestamp::from_millis(1_772_409_600_000);
const KEY: &str = "fuzz";

/// The inputs of a target, with their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = format!("{}/../../fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
    let mut inputs: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn records_map_or_are_refused() {
    let mut mapped = BTreeSet::new();
    for (name, bytes) in corpus("map") {
        let Some((letter, body)) = bytes.split_first() else { continue };
        let format = Format::from_code(letter - b'a' + 1).unwrap();
        for kind in [RecordKind::Post, RecordKind::Account] {
            let native_id = NativeId::parse("x").unwrap();
            let record = RawRecord {
                kind,
                network: Network::File,
                native_id,
                format,
                fetched_at: NOW,
                body: body.to_vec(),
            };
            let first = map(&record);
            assert_eq!(first, map(&record), "{name}");
            if first.is_ok() {
                mapped.insert(format);
            }
        }
    }
    assert!(mapped.len() >= 6, "seeds reach the middle of the mappings: {mapped:?}");
}

#[test]
fn files_open_or_are_refused() {
    let (mut posts, mut rejects, mut refused) = (0, 0, 0);
    for (name, bytes) in corpus("import") {
        let Ok((decoder, items)) = open("input", Box::new(Cursor::new(bytes)), &ImportOptions::default())
        else {
            refused += 1;
            continue;
        };
        for item in items.take(2_000) {
            let Ok(item) = item else {
                rejects += 1;
                continue;
            };
            for reading in decoder.decode(&item, NOW) {
                match reading {
                    Ok((record, post)) => {
                        posts += 1;
                        assert_eq!(map(&record), Ok(Mapped::Post(Box::new(post))), "{name}");
                    }
                    Err(_) => rejects += 1,
                }
            }
        }
    }
    assert!(
        posts >= 15 && rejects >= 3 && refused >= 3,
        "{posts} posts, {rejects} rejects, {refused} refused"
    );
}

fn signature(parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn signed_bodies_are_read_and_others_are_not() {
    let mut records = 0;
    let time = NOW.millis().to_string();
    for (file, bytes) in corpus("webhooks") {
        let Some((letter, body)) = bytes.split_first() else { continue };
        let plain = format!("sha256={}", signature(&[body]));
        let (maker, name, value) = match letter {
            b'a' => (WebhookMaker::Generic, "x-signature-256", plain),
            b'b' => {
                let signed = signature(&[body, time.as_bytes()]);
                (WebhookMaker::Ghost, "x-ghost-signature", format!("sha256={signed}, t={time}"))
            }
            _ => (WebhookMaker::Meta, "x-hub-signature-256", plain),
        };
        let wrong = [(name.to_owned(), value.replace("sha256=", "sha256=0"))];
        assert!(webhooks::read(maker, KEY, &wrong, body, NOW).is_err(), "{file}");
        let batch = webhooks::read(maker, KEY, &[(name.to_owned(), value)], body, NOW).unwrap();
        for (record, mapped) in batch.records {
            records += 1;
            assert_eq!(map(&record), Ok(mapped), "{file}");
        }
    }
    assert!(records >= 4, "{records}");
}
