//! What Atalaya keeps: people and workspaces ([`Instance`]), what one workspace
//! received and decided ([`Archive`]), and the search index derived from it
//! ([`index`]). The only SQL of the program is here.
//!
//! In: values of `model`. Out: the same. The store has no clock: every call that
//! writes is told the time.
//! Errors: [`StoreError`]; an error of a write means that nothing of it was stored.
//! Cost: each write is one durable transaction (one `fsync`); reads run beside it.
//! Limits: named in each module; one process at a time owns a data folder.

pub mod archive;
mod database;
pub mod derived;
mod error;
pub mod index;
pub mod instance;
mod migrations;
pub mod spool;

pub use archive::Archive;
pub use error::StoreError;
pub use instance::Instance;
