//! X, formerly Twitter: API v2 and the older v1.1.
//!
//! In: pages, JSON lines and archives of either API. Out: posts identified by
//! the number of the status, accounts by the number of the user. A retweet is
//! a reshare without text of its own.

pub(crate) mod listen;
mod v1;
mod v2;

pub use v1::{map_v1, read_v1};
pub use v2::{map_v2, read_v2};

use crate::gather::{add_link, address};
use model::Post;

/// The page of a status.
fn post_url(handle: Option<&str>, id: &str) -> Option<String> {
    address(&format!("https://x.com/{}/status/{id}", handle.unwrap_or("i/web")))
}

/// Adds a link of the entities, except the links that X itself makes to
/// attached media and to a quoted post of the same text.
fn add_url_entity(post: &mut Post, link: Option<&str>) {
    let Some(link) = link else { return };
    let own_media = (link.contains("twitter.com/") || link.contains("x.com/"))
        && (link.contains("/photo/") || link.contains("/video/"));
    if !own_media {
        add_link(post, link);
    }
}

#[cfg(test)]
mod tests;
