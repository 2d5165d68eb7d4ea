//! One file per page; each lists its routes with the permission that they need.

pub mod kit;

use crate::front::Route;

/// The routes of every page.
pub fn routes() -> Vec<Route> {
    Vec::new()
}
