//! Groups of accounts that act as one: what posts show, the groups in it, and
//! the evidence for each.
//!
//! In: posts of a file or a workspace. Out: groups with what they do, how sure
//! that is, what else could explain it, and what anybody needs to repeat it.
//! Errors: [`crate::AppError`]. Limits: named in each module.

mod book;
mod campaign;
mod coortweet;
mod decisions;
mod detect;
mod facts;
mod file;
mod fileaudit;
mod gather;
mod graph;
mod graphfile;
mod groups;
mod held;
mod kept;
mod live;
mod map;
mod names;
mod observed;
mod parts;
mod report;
mod run;
mod sharetable;
mod views;
#[cfg(test)]
mod workspace_tests;

pub use campaign::{
    AUDIT_METHOD, AUDIT_METHOD_VERSION, CampaignAudit, CampaignClass, CampaignGroup, ENGAGERS_MAX, ShareView,
};
pub use coortweet::CoorTweetFound;
pub use decisions::{EARLIER_MAX, NOTE_CHARS_MAX, RESEMBLANCES_MAX};
pub use detect::{Basis, CONFIRMED_P_MAX, DetectSettings, Detection, Found, Tie, TraceReport, detect};
pub use file::{FileSeen, SHARE_COLUMNS, observe_file, shares_of};
pub use fileaudit::FileAudit;
pub use graph::graph_of;
pub use graphfile::{GraphEdge, GraphFile, GraphFileError, GraphNode, write_gexf, write_graphml};
pub use groups::{CoordinationView, DecisionView, KnownGroup, LiveCounts, Resemblance};
pub(crate) use held::Coordinated;
pub(crate) use kept::Change;
pub use kept::{GROUPS_MAX, TIES_MAX};
pub use live::MARKS_MAX;
pub(crate) use live::{Sighted, Watch};
pub use map::{GroupMap, MAP_EDGES_MAX, MAP_NODES_MAX, MapNode};
pub use names::Names;
pub use observed::{AccountSeen, Observed, Seen, TraceSeen};
pub use report::{METHOD, METHOD_VERSION};
pub use run::{DAYS, DetectionProgress, DetectionRequest, DetectionState, POSTS_MAX};
pub use sharetable::{
    EDGE_COLUMNS, RowReject, ShareTable, ShareTableError, read_shares, write_joint_edges, write_shares,
};
pub use views::{
    BehaviourView, ExplanationView, GroupReport, MemberView, MessageView, Moment, MomentPost, NumberView, ObjectView,
    Report, SignsView, StepView, TraceView,
};
