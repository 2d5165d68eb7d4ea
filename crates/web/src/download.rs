//! A file of ours as an answer, read piece by piece.
//!
//! In: a path. Out: an attachment with its length. Errors: [`Error`] when it
//! is not there. Cost: memory of one piece, [`PIECE_BYTES`].

use crate::errors::{Code, Error};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::path::Path;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// Bytes read at once.
pub const PIECE_BYTES: usize = 64 * 1024;

/// The file at `path`, to be saved under its own name.
///
/// # Errors
/// [`Code::NotFound`] when it is gone, [`Code::Internal`] when it cannot be read.
pub async fn file(path: &Path, media_type: &'static str) -> Result<Response, Error> {
    let file = match File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::new(Code::NotFound)),
        Err(error) => return Err(Error::internal(&error)),
    };
    let length = file.metadata().await.map_err(|error| Error::internal(&error))?.len();
    let pieces = futures_util::stream::try_unfold(file, |mut file| async move {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let read = file.read_buf(&mut piece).await?;
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_DISPOSITION, attachment(path)?);
    Ok(response)
}

/// Names of our own files are plain; anything else in one is left out.
fn attachment(path: &Path) -> Result<HeaderValue, Error> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\""))
        .map_err(|error| Error::internal(&error))
}
