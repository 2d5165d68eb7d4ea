//! The face: pages, charts, sessions and the JSON API; the only HTML.
//!
//! A page is three files of the same name: `src/pages/<name>.rs`,
//! `templates/<name>/`, `locales/*/<name>.ftl`. Handlers are thin: parse, call
//! the work room, fill a struct, render.

pub mod api;
pub mod assets;
pub mod charts;
pub mod components;
pub mod download;
pub mod errors;
pub mod front;
pub mod layout;
pub mod locale;
pub mod pages;
pub mod routes;
pub mod security;
pub mod server;
pub mod site;
#[cfg(test)]
pub(crate) mod trial;
