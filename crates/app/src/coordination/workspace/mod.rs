//! Coordination in a workspace: runs in the background, what is kept of the
//! last one, what arrives after it, and what the team decided.
//!
//! In: an actor and the archive. Out: what pages, API and command line show.
//! Errors: [`crate::AppError`]. Limits: named in each module.

pub(crate) mod account;
pub(crate) mod acts;
pub(crate) mod against;
pub(crate) mod campaign;
pub(crate) mod decisions;
pub(crate) mod gather;
pub(crate) mod groups;
pub(crate) mod held;
pub(crate) mod kept;
pub(crate) mod live;
pub(crate) mod map;
pub(crate) mod reach;
pub(crate) mod run;
pub(crate) mod taken;
#[cfg(test)]
mod tests;
