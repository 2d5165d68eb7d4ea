//! Signed webhooks that others send to us.
//!
//! In: headers and the raw body of one request. Out: a [`Batch`] (no cursor).
//! Errors: [`WebhookError`]; nothing of a body is read before its signature is
//! right. Cost: one or two HMAC-SHA-256 over the body.
//! Source: Ghost's `webhooks` service (`X-Ghost-Signature`), Meta's "Webhooks,
//! validating payloads" and "verification requests", GitHub's form of
//! `X-Hub-Signature-256` for our own. Limits: [`WEBHOOK_BYTES_MAX`],
//! [`REPLAY_WINDOW_MS`].

use crate::listening::Batch;
use crate::{Arrival, Readings};
use hmac::{Hmac, KeyInit, Mac};
use model::Timestamp;
use model::listening::WebhookMaker;
use model::time::MINUTE_MS;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Largest body read, bytes.
pub const WEBHOOK_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A signed time further than this from ours, either way, ms, is a replay.
pub const REPLAY_WINDOW_MS: i64 = 5 * MINUTE_MS;

/// Why a webhook was not taken. None of them says what would have been right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No signing key is stored for the source.
    #[error("this webhook has no signing key")]
    SecretMissing,
    /// The header with the signature is not there.
    #[error("the header {0} is missing")]
    SignatureMissing(&'static str),
    /// The signature is not right for body and key.
    #[error("the signature is wrong")]
    SignatureWrong,
    /// The signed time is too far from ours.
    #[error("the signed time is too far from now")]
    Replayed,
    /// Larger than [`WEBHOOK_BYTES_MAX`].
    #[error("the body has {0} bytes, at most {WEBHOOK_BYTES_MAX} are read")]
    TooLarge(usize),
}

/// Checks the signature, then reads the body. A body that is signed and
/// cannot be read becomes a reject, not an error.
///
/// # Errors
/// [`WebhookError`]: answer with 401, and 413 for [`WebhookError::TooLarge`].
pub fn read(
    maker: WebhookMaker,
    secret: &str,
    headers: &[(String, String)],
    body: &[u8],
    fetched_at: Timestamp,
) -> Result<Batch, WebhookError> {
    if secret.is_empty() {
        return Err(WebhookError::SecretMissing);
    }
    if body.len() > WEBHOOK_BYTES_MAX {
        return Err(WebhookError::TooLarge(body.len()));
    }
    match maker {
        WebhookMaker::Ghost => check_ghost(secret, headers, body, fetched_at)?,
        WebhookMaker::Meta => check_plain("X-Hub-Signature-256", secret, headers, body)?,
        WebhookMaker::Generic => check_plain("X-Signature-256", secret, headers, body)?,
    }
    let at = Arrival { line: 1, fetched_at };
    let readings: Readings = match maker {
        WebhookMaker::Meta => crate::meta::read_webhook(body, at),
        WebhookMaker::Ghost | WebhookMaker::Generic => crate::webhook::read_body(maker, body, at),
    };
    let mut batch = Batch::default();
    for reading in readings {
        match reading {
            Ok(pair) => batch.records.push(pair),
            Err(reject) => batch.rejects.push(reject),
        }
    }
    Ok(batch)
}

/// The answer to Meta's GET that asks whether the address is ours: the
/// `hub.challenge`, if `hub.verify_token` is the secret.
pub fn challenge(secret: &str, query: &[(String, String)]) -> Option<String> {
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let asked = value("hub.mode") == Some("subscribe") && !secret.is_empty();
    let right: bool = value("hub.verify_token")?.as_bytes().ct_eq(secret.as_bytes()).into();
    let challenge = value("hub.challenge")?;
    let plain =
        challenge.len() <= 200 && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    (asked && right && plain).then(|| challenge.to_owned())
}

fn header<'a>(headers: &'a [(String, String)], name: &'static str) -> Result<&'a str, WebhookError> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .ok_or(WebhookError::SignatureMissing(name))
}

/// `sha256=<hexadecimal HMAC of the body>`.
fn check_plain(
    name: &'static str,
    secret: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<(), WebhookError> {
    let signature = header(headers, name)?.strip_prefix("sha256=").unwrap_or_default();
    verify(secret, &[body], signature)
}

/// `sha256=<hex>, t=<ms>`: in newer versions the HMAC covers the body followed by
/// the time's digits; in older ones, the body alone. The time counts only where it is signed.
fn check_ghost(
    secret: &str,
    headers: &[(String, String)],
    body: &[u8],
    now: Timestamp,
) -> Result<(), WebhookError> {
    let (mut signature, mut time) = ("", "");
    for part in header(headers, "X-Ghost-Signature")?.split(',') {
        match part.trim().split_once('=') {
            Some(("sha256", value)) => signature = value,
            Some(("t", value)) => time = value,
            _ => {}
        }
    }
    if verify(secret, &[body, time.as_bytes()], signature).is_ok() && !time.is_empty() {
        let sent: i64 = time.parse().map_err(|_| WebhookError::SignatureWrong)?;
        let apart = now.millis().saturating_sub(sent).saturating_abs();
        return if apart <= REPLAY_WINDOW_MS { Ok(()) } else { Err(WebhookError::Replayed) };
    }
    verify(secret, &[body], signature)
}

/// Compares in constant time.
fn verify(secret: &str, parts: &[&[u8]], signature: &str) -> Result<(), WebhookError> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| WebhookError::SecretMissing)?;
    parts.iter().for_each(|part| mac.update(part));
    let given = bytes_of(signature).ok_or(WebhookError::SignatureWrong)?;
    mac.verify_slice(&given).map_err(|_| WebhookError::SignatureWrong)
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests;
