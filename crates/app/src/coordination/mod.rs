//! Groups of accounts that act as one: what posts show, the groups in it, and
//! the evidence for each.
//!
//! In: posts of a file or a workspace. Out: groups with what they do, how sure
//! that is, what else could explain it, and what anybody needs to repeat it.
//! Errors: [`crate::AppError`]. Limits: named in each module.

mod detect;
mod file;
mod observed;
mod report;
mod workspace;

pub use detect::graph::graph_of;
pub use detect::{
    Basis, CONFIRMED_P_MAX, Copied, DetectSettings, Detection, Found, Tie, TraceReport, detect,
};
pub use file::audit::FileAudit;
pub use file::coortweet::CoorTweetFound;
pub use file::evidence::{MEMBER_COLUMNS, member_cells, write_actions, write_edges, write_members};
pub use file::graphfile::{GraphEdge, GraphFile, GraphFileError, GraphNode, write_gexf, write_graphml};
pub use file::sharetable::{
    EDGE_COLUMNS, Rejected, RowReject, ShareTable, ShareTableError, read_shares, write_joint_edges,
    write_shares,
};
pub use file::{FileSeen, REJECTS_NAMED_MAX, SHARE_COLUMNS, observe_file, shares_of, write_shares_of};
pub use observed::Observed;
pub use observed::acts::{Act, TraceSeen};
pub use observed::names::Names;
pub use observed::objects::Objects;
pub use observed::posts::{Posts, Seen};
pub use report::settings::{RunSettings, TraceSettings};
pub use report::views::{
    BehaviourView, BurstView, CopiedView, ExplanationView, FamilyView, GroupReport, HeldBack, HeldBackView,
    MemberSign, MemberSigns, MemberView, MessageView, Moment, MomentPost, NumberView, ObjectView, Report,
    ReturnView, SignsView, StepView, TraceView,
};
pub use report::{METHOD, METHOD_VERSION};
pub use workspace::account::{
    AccountCard, AccountObject, EarlierGroup, NearView, NearestPost, OBJECTS_MAX, PARTNERS_MAX, PartnerView,
    PostBeside, account_address,
};
pub use workspace::acts::{ACTS_ALL_MAX, ACTS_MAX, TraceActs};
pub use workspace::against::AgainstView;
pub use workspace::campaign::{
    AUDIT_METHOD, AUDIT_METHOD_VERSION, CampaignAudit, CampaignClass, CampaignGroup, ENGAGERS_MAX, ShareView,
};
pub(crate) use workspace::decisions::Memory;
pub use workspace::decisions::{EARLIER_MAX, NOTE_CHARS_MAX, RESEMBLANCES_MAX};
pub use workspace::groups::{CoordinationView, DecisionView, KnownGroup, LiveCounts, Resemblance};
pub(crate) use workspace::held::Coordinated;
pub(crate) use workspace::kept::Change;
pub use workspace::kept::{GROUPS_MAX, TIES_MAX};
pub use workspace::live::MARKS_MAX;
pub(crate) use workspace::live::{Sight, Sighted, Watch};
pub use workspace::map::{GroupMap, MAP_EDGES_MAX, MAP_NODES_MAX, MapNode};
pub(crate) use workspace::reach::Crossing;
pub use workspace::run::{DAYS, DetectionProgress, DetectionRequest, DetectionState, POSTS_MAX};
pub use workspace::taken::{ActionView, ActionsManifest, GroupActions};
