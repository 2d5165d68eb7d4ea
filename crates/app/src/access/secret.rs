//! Passwords and random secrets.

use crate::AppError;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Shortest password, characters (NIST SP 800-63B asks for at least 8; 15 without a second factor is its advice).
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, bytes: bounds the work of a log-in.
pub const PASSWORD_BYTES_MAX: usize = 512;
/// Random bytes of a session or API token.
const SECRET_BYTES: usize = 32;

/// The Argon2id text of a new password.
pub(super) fn hash_password(password: &str) -> Result<String, AppError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(AppError::invalid(
            "password",
            format!("use at least {PASSWORD_CHARS_MIN} characters; a sentence is good"),
        ));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(AppError::invalid("password", format!("use at most {PASSWORD_BYTES_MAX} bytes")));
    }
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| AppError::invalid("password", error.to_string()))
}

/// True when the password is the one of this Argon2id text.
pub(super) fn is_password(password: &str, hash: &str) -> bool {
    password.len() <= PASSWORD_BYTES_MAX
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash that no password has: verified when the e-mail is unknown, so that
/// both cases take the same time.
pub(super) fn decoy_hash() -> &'static str {
    static DECOY: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| hash_password(&random_secret()).unwrap_or_default());
    &DECOY
}

/// 256 random bits as text for a cookie or an API token.
pub(super) fn random_secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; SECRET_BYTES]>())
}

/// What is stored of a secret.
pub(super) fn hash_secret(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_opens() {
        let hash = hash_password("una frase bien larga").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(is_password("una frase bien larga", &hash));
        assert!(!is_password("una frase bien corta", &hash));
        assert!(!is_password("", decoy_hash()));
        assert!(hash_password("corta").is_err());
        assert_ne!(random_secret(), random_secret());
    }
}
