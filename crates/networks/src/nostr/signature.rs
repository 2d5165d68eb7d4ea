//! Who really wrote a Nostr event.
//!
//! In: an event. Out: yes, or why not. Cost: one SHA-256 and one BIP-340
//! verification, about 0.1 ms. Source: NIP-01; BIP-340.

use k256::schnorr::{Signature, VerifyingKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The parts of an event that its identifier and signature cover.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Signed {
    pub(super) id: String,
    pub(super) pubkey: String,
    pub(super) created_at: i64,
    pub(super) kind: u64,
    pub(super) tags: Vec<Vec<String>>,
    content: String,
    sig: String,
}

/// Why an event is not by the account that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Forged {
    #[error("the identifier is not the hash of the event")]
    Id,
    #[error("the key or signature is not hexadecimal of the right length")]
    Form,
    #[error("the signature does not fit the key")]
    Signature,
}

impl model::Reason for Forged {
    fn cause(&self) -> Option<model::RejectCause> {
        Some(model::RejectCause::new("forged", Vec::new()))
    }
}

/// Checks identifier and signature.
pub(super) fn verify(event: &Signed) -> Result<(), Forged> {
    let covered = (0, &event.pubkey, event.created_at, event.kind, &event.tags, &event.content);
    let text = serde_json::to_string(&covered).map_err(|_| Forged::Form)?;
    let hash = Sha256::digest(text.as_bytes());
    if bytes_of::<32>(&event.id).ok_or(Forged::Form)? != *hash {
        return Err(Forged::Id);
    }
    let key = bytes_of::<32>(&event.pubkey).ok_or(Forged::Form)?;
    let signature = bytes_of::<64>(&event.sig).ok_or(Forged::Form)?;
    let key = VerifyingKey::from_slice(&key).map_err(|_| Forged::Form)?;
    let signature = Signature::from_slice(&signature).map_err(|_| Forged::Form)?;
    key.verify_raw(&hash, &signature).map_err(|_| Forged::Signature)
}

/// Bytes of lower-case hexadecimal, as NIP-01 wants it.
fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    if text.len() != 2 * N || text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use k256::schnorr::SigningKey;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A correctly signed event, as JSON.
    pub(crate) fn sign(secret: u8, kind: u64, created_at: i64, tags: &[&[&str]], content: &str) -> String {
        let key = SigningKey::from_slice(&[secret; 32]).unwrap();
        let pubkey = hex(&key.verifying_key().to_bytes());
        let hash =
            Sha256::digest(serde_json::to_string(&(0, &pubkey, created_at, kind, tags, content)).unwrap());
        let sig = key.sign_raw(&hash, &[0; 32]).unwrap();
        serde_json::json!({
            "id": hex(&hash), "pubkey": pubkey, "created_at": created_at, "kind": kind,
            "tags": tags, "content": content, "sig": hex(&sig.to_bytes()),
        })
        .to_string()
    }

    #[test]
    fn only_the_owner_of_the_key_can_write() {
        let text = sign(7, 1, 1_700_000_000, &[&["t", "acme"]], "Hola \"Ñandú\"\n\u{202e}oloh\u{7f}");
        let event: Signed = serde_json::from_str(&text).unwrap();
        assert_eq!(verify(&event), Ok(()));
        let changed = Signed { content: "otra cosa".into(), ..event.clone() };
        assert_eq!(verify(&changed), Err(Forged::Id));
        let other: Signed = serde_json::from_str(&sign(8, 1, 1, &[], "")).unwrap();
        assert_eq!(verify(&Signed { sig: other.sig, ..event.clone() }), Err(Forged::Signature));
        assert_eq!(verify(&Signed { sig: "zz".into(), ..event.clone() }), Err(Forged::Form));
        assert_eq!(verify(&Signed { id: event.id.to_uppercase(), ..event }), Err(Forged::Form));
    }
}
