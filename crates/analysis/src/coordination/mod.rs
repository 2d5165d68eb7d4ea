//! Groups of accounts that act as one: from actions to statements with evidence.
//!
//! In: [`Action`]s of one [`model::Trace`] at a time, accounts and objects as
//! small numbers that the caller gave. Out: significant pairs, groups and what
//! they do, each with what was observed and what chance would have given.
//! Errors: none; what was capped is counted. Deterministic.
//! Limits: named in each module.

pub mod accounts;
mod action;
pub mod arrivals;
pub mod audit;
pub mod breakout;
pub mod calls;
mod candidates;
mod cells;
mod choice;
mod community;
mod confirm;
pub mod coortweet;
mod dice;
pub mod explain;
mod following;
mod fuse;
mod graph;
mod handles;
mod join;
pub mod kin;
pub mod ladder;
mod layout;
mod leiden;
pub mod measured;
pub mod names;
mod pace;
mod pair;
mod pairs;
mod quadtree;
pub mod remembered;
pub mod roles;
mod significance;
mod sketch;
mod tails;
mod timing;

pub use action::Action;
pub use choice::ChoiceNull;
pub use community::{Community, MEMBERS_MIN, RESOLUTIONS, TEAM_RESOLUTIONS, communities};
pub use confirm::{Confirmation, DRAWS_MAX, Delays, DelaysOf, confirm, confirm_against, held_out};
pub use following::{COMPANY_MAX, Following, following};
pub use fuse::{FusedEdge, LN_P_ONE_TRACE, LN_P_TWO_TRACES, TraceEdge, correlation, fuse};
pub use graph::{Graph, centrality, k_core};
pub use layout::{LAYOUT_NODES_MAX, LAYOUT_TIES_MAX, POSITION_MAX, layout};
pub use leiden::leiden;
pub use pair::{Capped, Pair, Pairs};
pub use pairs::{PairScan, PairSettings};
pub use significance::{Rule, copied, passing, significant, significant_beyond_habit, significant_choices};
pub use timing::ln_tail;
