//! Groups of accounts that act as one: from actions to statements with evidence.
//!
//! In: [`Action`]s of one [`model::Trace`] at a time, accounts and objects as
//! small numbers that the caller gave. Out: significant pairs, groups and what
//! they do, each with what was observed and what chance would have given.
//! Errors: none; what was capped is counted. Deterministic.
//! Limits: named in each module.

pub mod accounts;
pub mod arrivals;
pub mod audit;
pub mod breakout;
pub mod calls;
pub mod coortweet;
pub mod explain;
mod handles;
pub mod ladder;
pub mod measured;
pub mod names;
pub mod remembered;
pub mod roles;
mod community;
mod confirm;
mod dice;
mod fuse;
mod graph;
mod layout;
mod leiden;
mod quadtree;
mod tails;
mod action;
mod candidates;
mod cells;
mod choice;
mod join;
mod pace;
mod pairs;
mod significance;
mod sketch;
mod timing;

pub use action::Action;
pub use pairs::{Capped, Pair, PairScan, PairSettings, Pairs};
pub use significance::{Rule, copied, passing, significant, significant_beyond_habit, significant_choices};
pub use timing::ln_tail;
pub use community::{Community, MEMBERS_MIN, RESOLUTIONS, communities};
pub use confirm::{Confirmation, DRAWS_MAX, Delays, confirm, confirm_against, held_out};
pub use fuse::{FusedEdge, LN_P_ONE_TRACE, LN_P_TWO_TRACES, TraceEdge, correlation, fuse};
pub use graph::{Graph, centrality, k_core};
pub use layout::{LAYOUT_NODES_MAX, LAYOUT_TIES_MAX, POSITION_MAX, layout};
pub use leiden::leiden;
