//! What stands between the network and the pages: headers, hosts, forgery,
//! cookies, rates, request ids.
//!
//! Each file holds one measure as plain functions and an axum middleware; the
//! router chooses the order: request id and log outermost, then headers, host
//! check, error pages, body limit, forgery check.
//! Limits: what each measure does not cover stands in its file.

pub mod access_log;
pub mod cookies;
pub mod csrf;
pub mod headers;
pub mod hosts;
pub mod rates;

/// Largest body of an ordinary form or API call, bytes.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
/// Largest picture that somebody brings to be compared, bytes.
pub const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest file uploaded through a page, bytes; larger ones go through the command line.
pub const UPLOAD_BYTES_MAX: usize = 500_000_000;
