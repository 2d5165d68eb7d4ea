//! One file per page; each lists its routes with the permission that they need.

pub mod addresses;
pub mod author;
pub mod cards;
pub mod confirm;
pub mod explorer;
pub mod exports;
pub mod filters;
pub mod forms;
pub mod hooks;
pub mod import;
pub mod live;
pub mod login;
pub mod overview;
pub mod post;
pub mod preferences;
pub mod queries;
pub mod query_problem;
pub mod rejects;
pub mod settings;
pub mod sources;
pub mod streams;
pub mod welcome;
pub mod kit;

use crate::front::Route;

/// The routes of every page.
pub fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    routes.extend(welcome::routes());
    routes.extend(login::routes());
    routes.extend(preferences::routes());
    routes.extend(overview::routes());
    routes.extend(explorer::routes());
    routes.extend(exports::routes());
    routes.extend(streams::routes());
    routes.extend(post::routes());
    routes.extend(author::routes());
    routes.extend(live::routes());
    routes.extend(queries::routes());
    routes.extend(sources::routes());
    routes.extend(hooks::routes());
    routes.extend(import::routes());
    routes.extend(rejects::routes());
    routes.extend(settings::routes());
    routes.extend(kit::routes());
    routes
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod desk_tests;
