//! The table of all routes: pages, API, assets.

use crate::front::Route;

/// Every route of the program.
pub fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    routes.extend(crate::assets::routes());
    routes.extend(crate::pages::routes());
    routes.extend(crate::api::routes());
    routes
}
