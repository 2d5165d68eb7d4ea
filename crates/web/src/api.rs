//! The JSON API for machines, version 1.

use crate::front::Route;

/// Its routes.
pub fn routes() -> Vec<Route> {
    Vec::new()
}
