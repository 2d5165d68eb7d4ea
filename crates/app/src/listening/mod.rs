//! Listening: what arrives, what is kept, what is asked of it.
//!
//! In: batches of sources and files; expressions. Out: durable records, views
//! of posts, overviews, exports. Errors: [`crate::AppError`].
//! Limits: named in each module.

mod data;
mod derive;
mod explore;
mod export;
mod import;
mod ingest;
mod overview;
mod post;
mod queries;
mod reindex;
mod running;
mod sources;
mod supervise;
mod tasks;
mod textfile;
mod voices;
mod workspace;

pub use data::{ErasureReport, RebuildProgress};
pub use derive::{Derived, Judgement, LanguageStatement, explain_language};
pub(crate) use explore::parse_or_all;
pub use explore::{EXPLORE_PAGE_MAX, ExploreRequest, Explored, PostView, Preview, Segment};
pub use export::{ExportFormat, ExportReport, Manifest};
pub use import::{ImportProgressView, ImportSource};
pub use ingest::{Arrived, IngestCounts};
pub use overview::{AuthorView, OverviewView, ShareOfVoiceEntry, Span, VolumePoint};
pub use post::{AuthorPage, PostPage};
pub use queries::{NAME_CHARS_MAX, QueryView};
pub use running::{ImportFailure, Upload};
pub use sources::{SourceChange, SourceView};
pub use supervise::run_sources;
pub use tasks::{Task, TaskState, TaskWork};
pub use textfile::{TextAnalysis, TextRecord, TextVerdict, read_text_records};
pub use workspace::Workspace;

pub use networks::import::{ImportError, ImportOptions};
pub use networks::listening::{FetchError, SetupError};
pub use store::archive::{
    AuditEntry, ExportFile, ImportRun, ImportState, Label, LabelCount, Origin, QueryVersion, StoredReject,
    Window,
};
pub use store::index::{HourVolume, Order, SearchCursor, ToneCounts};
