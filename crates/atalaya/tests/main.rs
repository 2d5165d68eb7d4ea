//! The real program, from the outside: one file per capability.
//!
//! Most tests run the built binary on a data folder of their own; those that
//! need a clock, a live view or the index look into it through `app`.

// Everything here is a test or serves one: a panic is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "main/installation.rs"]
mod installation;
#[path = "main/posts.rs"]
mod posts;
#[path = "main/traces.rs"]
mod traces;
#[path = "main/wire.rs"]
mod wire;

#[path = "main/alerts.rs"]
mod alerts;
#[path = "main/bad_days.rs"]
mod bad_days;
#[path = "main/bad_files.rs"]
mod bad_files;
#[path = "main/command_line.rs"]
mod command_line;
#[path = "main/coordination.rs"]
mod coordination;
#[path = "main/coordination_files.rs"]
mod coordination_files;
#[path = "main/copies.rs"]
mod copies;
#[path = "main/crashes.rs"]
mod crashes;
#[path = "main/custody.rs"]
mod custody;
#[path = "main/erasure.rs"]
mod erasure;
#[path = "main/images.rs"]
mod images;
#[path = "main/listening.rs"]
mod listening;
#[path = "main/searches.rs"]
mod searches;
#[path = "main/text.rs"]
mod text;
#[path = "main/understanding.rs"]
mod understanding;
