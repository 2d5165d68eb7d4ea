//! Marked points at which a debug build dies on purpose.
//!
//! In: `name:n`. Out: the process ends at the n-th passing of the point, as
//! by `kill -9`: nothing is flushed, no destructor runs. Tests compare what is
//! in the data folder afterwards with the truth. Release builds hold none of it;
//! `docs/gotchas.md` lists the points.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A point and how often it is passed until the end; clones count together.
#[derive(Debug, Clone)]
pub struct CrashPoint {
    name: String,
    left: Arc<AtomicU64>,
}

impl CrashPoint {
    /// Reads `name:n` with `n` from 1; `None` when it is not that.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, count) = text.split_once(':')?;
        let count: u64 = count.parse().ok().filter(|count| *count > 0)?;
        Some(Self { name: name.to_owned(), left: Arc::new(AtomicU64::new(count)) })
    }

    /// Ends the process when this is the point and the count is used up.
    pub(crate) fn pass(&self, name: &str) {
        if self.name == name && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_has_a_name_and_a_count() {
        for odd in ["", "commit", "commit:", "commit:0", "commit:-1", "commit:x"] {
            assert!(CrashPoint::parse(odd).is_none(), "{odd}");
        }
        let point = CrashPoint::parse("commit:2").unwrap();
        point.pass("another");
        point.clone().pass("commit");
        assert_eq!(point.left.load(Ordering::SeqCst), 1, "clones count together");
    }
}
