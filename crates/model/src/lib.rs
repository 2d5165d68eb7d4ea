//! The nouns of Atalaya and their units, the folding of text and the query
//! language. No input or output happens here.
//!
//! Every other room uses these types; they are built only by `parse` or by
//! constructors that check, so that a wrong value cannot be carried around.

pub mod access;
pub mod account;
pub mod alert;
pub mod coordination;
pub mod handbook;
pub mod ids;
pub mod known;
pub mod language;
pub mod listening;
pub mod network;
pub mod post;
pub mod query;
pub mod record;
pub mod sentiment;
pub mod text;
pub mod time;
pub mod understanding;

pub use access::{Permission, Role};
pub use account::{Account, AccountKey};
pub use alert::{Alert, AlertEvidence, AlertPart, AlertSeen, BreakoutEvidence};
pub use coordination::{Behaviour, Doubt, Explanation, GroupDecision, LeftOut, Strength, Trace};
pub use ids::{InvalidId, NativeId};
pub use known::{Known, Missing};
pub use language::Lang;
pub use network::Network;
pub use post::{Media, MediaKind, Metrics, Post, PostKey, PostKind};
pub use record::{Format, RawRecord, Reason, RecordKey, RecordKind, Reject, RejectCause};
pub use sentiment::{Sentiment, Tone};
pub use time::Timestamp;
pub use understanding::{Emotion, Intent, IntentSet, Offence, Understood, UrgencyReason};
