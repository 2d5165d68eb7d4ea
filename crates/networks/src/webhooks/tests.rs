use super::*;

const KEY: &str = "clave de firma";

fn sign(parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn headers(name: &str, value: String) -> Vec<(String, String)> {
    vec![("Content-Type".into(), "application/json".into()), (name.to_lowercase(), value)]
}

fn now() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").unwrap()
}

const ROWS: &[u8] = br#"[{"id":"1","text":"Hola","author":"ana","created_at":"2026-03-01T11:00:00Z"},{"id":"2","text":"Adios","author":"ana"}]"#;

#[test]
fn our_own_shape_is_taken_only_with_the_right_signature() {
    let right = headers("X-Signature-256", format!("sha256={}", sign(&[ROWS])));
    let batch = read(WebhookMaker::Generic, KEY, &right, ROWS, now()).unwrap();
    assert_eq!((batch.records.len(), batch.rejects.len()), (2, 0), "{:?}", batch.rejects);
    let refused = |headers: &[(String, String)], body: &[u8], key: &str| {
        read(WebhookMaker::Generic, key, headers, body, now()).unwrap_err()
    };
    assert_eq!(refused(&right, b"[]", KEY), WebhookError::SignatureWrong);
    assert_eq!(refused(&right, ROWS, "otra"), WebhookError::SignatureWrong);
    assert_eq!(refused(&right, ROWS, ""), WebhookError::SecretMissing);
    assert_eq!(refused(&[], ROWS, KEY), WebhookError::SignatureMissing("X-Signature-256"));
    for odd in [
        sign(&[ROWS]),
        "sha256=".into(),
        format!("sha256={}", "z".repeat(64)),
        format!("sha256={}0", sign(&[ROWS])),
    ] {
        assert_eq!(refused(&headers("X-Signature-256", odd), ROWS, KEY), WebhookError::SignatureWrong);
    }
    let large = vec![b' '; WEBHOOK_BYTES_MAX + 1];
    assert_eq!(refused(&right, &large, KEY), WebhookError::TooLarge(WEBHOOK_BYTES_MAX + 1));
}

#[test]
fn a_signed_body_that_cannot_be_read_is_a_reject() {
    let body: &[u8] = b"{\"text\": \"\xff\0";
    let right = headers("X-Signature-256", format!("sha256={}", sign(&[body])));
    let batch = read(WebhookMaker::Generic, KEY, &right, body, now()).unwrap();
    assert_eq!((batch.records.len(), batch.rejects.len()), (0, 1));
}

#[test]
fn ghost_signs_in_two_ways_and_old_news_is_a_replay() {
    let body = br#"{"post":{"current":{"id":"63f","uuid":"u","title":"Hola","html":"<p>Mundo</p>","plaintext":"Mundo","url":"https://blog.example/hola/","published_at":"2026-03-01T11:59:00.000Z","status":"published"},"previous":{}}}"#;
    let check = |signature: String, time: i64| {
        let header = headers("X-Ghost-Signature", format!("sha256={signature}, t={time}"));
        read(WebhookMaker::Ghost, KEY, &header, body, now())
    };
    let sent = now().millis() - 1_000;
    let signed = |time: i64| sign(&[body, time.to_string().as_bytes()]);
    let batch = check(signed(sent), sent).unwrap();
    assert_eq!((batch.records.len(), batch.rejects.len()), (1, 0), "{:?}", batch.rejects);
    assert_eq!(check(sign(&[body]), sent).unwrap().records.len(), 1, "older versions sign the body alone");
    assert_eq!(check(signed(sent), sent + 1).unwrap_err(), WebhookError::SignatureWrong);
    let stale = now().millis() - REPLAY_WINDOW_MS - 1;
    assert_eq!(check(signed(stale), stale).unwrap_err(), WebhookError::Replayed);
    assert_eq!(check(signed(i64::MAX), i64::MAX).unwrap_err(), WebhookError::Replayed);
    assert_eq!(check(signed(i64::MIN), i64::MIN).unwrap_err(), WebhookError::Replayed);
}

#[test]
fn meta_is_checked_and_its_challenge_answered() {
    let body = br#"{"object":"page","entry":[]}"#;
    let right = headers("X-Hub-Signature-256", format!("sha256={}", sign(&[body])));
    assert!(read(WebhookMaker::Meta, KEY, &right, body, now()).is_ok());
    assert!(read(WebhookMaker::Meta, KEY, &right, b"{}", now()).is_err());
    let query = |mode: &str, token: &str, challenge: &str| {
        let pairs = [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", challenge)];
        super::challenge(KEY, &pairs.map(|(key, value)| (key.to_owned(), value.to_owned())))
    };
    assert_eq!(query("subscribe", KEY, "1158201444").as_deref(), Some("1158201444"));
    assert_eq!(query("subscribe", "otra", "1158201444"), None);
    assert_eq!(query("unsubscribe", KEY, "1158201444"), None);
    assert_eq!(query("subscribe", KEY, "<script>"), None);
}
