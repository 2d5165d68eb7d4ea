//! Pictures of posts, fetched for their hash and thrown away.
//!
//! In: the address that a network gave for a picture. Out: its bytes, at most
//! [`PICTURE_BYTES_MAX`], of a kind that [`TYPES`] names.
//! Errors: [`MediaError`], which says whether to try again.
//! Cost: one request; the answer's head is read before its body.
//! Source: RFC 9110; the guard is that of [`crate::listening::Client`]: only
//! public addresses, each redirect checked anew, no cookies, no referrer.
//! Limits: [`PICTURE_BYTES_MAX`], [`PICTURE_MS_MAX`], and those of the client.
//! Whoever serves the picture learns our address and the time: fetch only what
//! people have asked for.

#[cfg(test)]
mod tests;

use crate::listening::{Client, FetchError, Request, SetupError};
use std::time::Duration;

/// Largest picture that is fetched, bytes.
pub const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longest wait for a whole picture, ms.
pub const PICTURE_MS_MAX: u64 = 20_000;
/// Kinds that are asked for and taken; `application/octet-stream` is what some
/// stores say of everything, and its first bytes decide later.
pub const TYPES: [&str; 5] =
    ["image/jpeg", "image/png", "image/gif", "image/webp", "application/octet-stream"];

/// A picture as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedPicture {
    /// Its bytes, not looked at.
    pub bytes: Vec<u8>,
}

/// Why a picture was not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// The address cannot be asked.
    #[error(transparent)]
    Address(#[from] SetupError),
    /// The server did not give it.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What it gave is no picture of a kind that is read.
    #[error("the server sent «{0}» instead of a picture")]
    NotAPicture(String),
}

impl MediaError {
    /// True when it may succeed later: the server was busy or out of reach.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Fetch(error) => match error {
                FetchError::RateLimited { .. } | FetchError::Unreachable(_) | FetchError::Silent { .. } => {
                    true
                }
                FetchError::Refused { status, .. } => *status >= 500,
                _ => false,
            },
            Self::Address(_) | Self::NotAPicture(_) => false,
        }
    }

    /// How long the server wants to be left alone, ms, if it said.
    pub const fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Fetch(FetchError::RateLimited { retry_after_ms }) => *retry_after_ms,
            _ => None,
        }
    }
}

/// Fetches one picture.
///
/// # Errors
/// [`MediaError`].
pub async fn fetch(client: &Client, address: &str) -> Result<FetchedPicture, MediaError> {
    let url = client.http_address(address)?;
    let request = Request::get(url).header("accept", "image/jpeg, image/png, image/webp, image/gif");
    let limit = Duration::from_millis(PICTURE_MS_MAX);
    let silent = MediaError::Fetch(FetchError::Silent { silent_ms: PICTURE_MS_MAX });
    tokio::time::timeout(limit, receive(client, &request)).await.unwrap_or(Err(silent))
}

async fn receive(client: &Client, request: &Request) -> Result<FetchedPicture, MediaError> {
    let (mut response, url) = client.send(request).await?;
    let status = response.status().as_u16();
    if !response.status().is_success() {
        return Err(refused(status, &response).into());
    }
    let header =
        response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !TYPES.contains(&kind.as_str()) {
        return Err(MediaError::NotAPicture(kind.chars().filter(|c| !c.is_control()).take(60).collect()));
    }
    let too_large = FetchError::TooLarge { bytes_max: PICTURE_BYTES_MAX };
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > PICTURE_BYTES_MAX) {
        return Err(too_large.into());
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default());
    // Chunks come decompressed, so the limit holds for bombs too.
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&url, error))? {
        if bytes.len().saturating_add(chunk.len()) > PICTURE_BYTES_MAX {
            return Err(too_large.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(FetchedPicture { bytes })
}

fn refused(status: u16, response: &reqwest::Response) -> FetchError {
    let retry_after_ms = || {
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        crate::listening::retry_after_ms(header, crate::listening::now())
    };
    match status {
        410 => FetchError::Gone,
        429 => FetchError::RateLimited { retry_after_ms: retry_after_ms() },
        503 if response.headers().contains_key("retry-after") => {
            FetchError::RateLimited { retry_after_ms: retry_after_ms() }
        }
        // Whatever a picture's server says in words is of no use to anybody.
        _ => FetchError::Refused { status, reason: String::new() },
    }
}

/// A connection that broke while the picture came.
fn broken(url: &url::Url, error: reqwest::Error) -> FetchError {
    let host = url.host_str().unwrap_or("no host");
    FetchError::Unreachable(format!("{host}: {}", error.without_url()))
}
