//! What the program is started with.

use model::Timestamp;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// Memory of a search for coordinated groups unless told otherwise, bytes.
pub const COORDINATION_MEMORY: u64 = 1024 * 1024 * 1024;
/// Least memory that can be asked for, bytes.
pub const COORDINATION_MEMORY_MIN: u64 = 1024 * 1024;

/// Resolved settings; `atalaya config show` prints them.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder.
    pub folder: PathBuf,
    /// Private addresses that sources may be on, for servers of one's own.
    pub allow_private: Vec<String>,
    /// How networks can reach the operator (in the user agent); may be empty.
    pub contact: String,
    /// Address of the AppView that names Bluesky accounts which a stream knows
    /// by identifier only; `None` leaves them nameless.
    pub bluesky_profiles: Option<String>,
    /// Shortest wait between two polls of a source, ms, in place of each
    /// network's own; only for servers of one's own.
    pub poll_ms_min: Option<u64>,
    /// Folder of a tone model of one's own (`model.onnx`, `tokenizer.json`,
    /// `config.json`); `None` when there is none.
    pub tone_model: Option<PathBuf>,
    /// Memory that a search for coordinated groups keeps to, bytes; what does not
    /// fit is put into temporary files.
    pub coordination_memory: u64,
    /// Worker threads of an import.
    pub threads: usize,
    /// The clock; tests turn it.
    pub clock: fn() -> Timestamp,
    /// Where to die, for tests of sudden ends; see [`crate::CrashPoint`].
    #[cfg(debug_assertions)]
    pub crash_at: Option<crate::CrashPoint>,
}

impl Settings {
    /// The defaults for a data folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            allow_private: Vec::new(),
            contact: String::new(),
            bluesky_profiles: Some("https://public.api.bsky.app".to_owned()),
            poll_ms_min: None,
            tone_model: None,
            coordination_memory: COORDINATION_MEMORY,
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get),
            clock: system_time,
            #[cfg(debug_assertions)]
            crash_at: None,
        }
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// A point at which a debug build can be made to die. Free in a release build.
    #[inline]
    pub(crate) fn mark(&self, point: &str) {
        #[cfg(debug_assertions)]
        if let Some(crash) = &self.crash_at {
            crash.pass(point);
        }
        #[cfg(not(debug_assertions))]
        let _ = point;
    }
}

/// The clock of the machine.
fn system_time() -> Timestamp {
    let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    };
    Timestamp::from_millis(millis)
}
