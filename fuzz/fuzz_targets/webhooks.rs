//! Webhooks: unsigned bodies are refused unread, signed ones give a batch.
#![no_main]

use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use model::Timestamp;
use model::listening::WebhookMaker;
use networks::webhooks::read;
use sha2::Sha256;

const KEY: &str = "fuzz";

fn signature(parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("any key will do");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let Some((letter, body)) = bytes.split_first() else { return };
    let now = Timestamp::from_millis(1_772_409_600_000);
    let time = now.millis().to_string();
    let (maker, name, value) = match letter {
        b'a' => (WebhookMaker::Generic, "x-signature-256", format!("sha256={}", signature(&[body]))),
        b'b' => (
            WebhookMaker::Ghost,
            "x-ghost-signature",
            format!("sha256={}, t={time}", signature(&[body, time.as_bytes()])),
        ),
        _ => (WebhookMaker::Meta, "x-hub-signature-256", format!("sha256={}", signature(&[body]))),
    };
    assert!(read(maker, KEY, &[(name.to_owned(), format!("{value}0"))], body, now).is_err());
    if let Ok(batch) = read(maker, KEY, &[(name.to_owned(), value)], body, now) {
        for (record, mapped) in batch.records {
            assert_eq!(networks::map(&record), Ok(mapped));
        }
    }
});
