//! One file per page; each lists its routes with the permission that they need.

pub mod addresses;
pub mod alerts;
pub mod answers;
pub mod author;
pub mod cards;
pub mod cascades;
pub mod confirm;
pub mod coordination;
pub mod explorer;
pub mod exports;
pub mod filters;
pub mod forms;
pub mod hooks;
pub mod import;
pub mod kit;
pub mod learning;
pub mod live;
pub mod login;
pub mod overview;
pub mod pictures;
pub mod post;
pub mod preferences;
pub mod queries;
pub mod query_problem;
pub mod reading;
pub mod rejects;
pub mod scam_check;
pub mod scam_signs;
pub mod settings;
pub mod sources;
pub mod streams;
pub mod topics;
pub mod welcome;

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
    routes.extend(cascades::routes());
    routes.extend(coordination::routes());
    routes.extend(alerts::routes());
    routes.extend(scam_check::routes());
    routes.extend(pictures::routes());
    routes.extend(live::routes());
    routes.extend(learning::routes());
    routes.extend(queries::routes());
    routes.extend(topics::routes());
    routes.extend(answers::routes());
    routes.extend(sources::routes());
    routes.extend(hooks::routes());
    routes.extend(import::routes());
    routes.extend(rejects::routes());
    routes.extend(settings::routes());
    routes.extend(kit::routes());
    routes
}

#[cfg(test)]
mod alerts_tests;
#[cfg(test)]
mod coordination_tests;
#[cfg(test)]
mod desk_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod topics_tests;
#[cfg(test)]
mod understanding_tests;
