//! What a newest-first listing showed last, as the cursor of sources that give none.
//!
//! In: identifiers, newest first. Out: a JSON list. Limits: [`SEEN_IDS_MAX`].

use std::collections::VecDeque;

/// How many identifiers are remembered: enough that a few deleted ones do not hide the place.
const SEEN_IDS_MAX: usize = 200;

/// The identifiers seen last, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SeenIds(VecDeque<String>);

impl SeenIds {
    /// Reads a stored cursor; one that cannot be read counts as none.
    pub(crate) fn parse(cursor: Option<&str>) -> Self {
        let mut ids: VecDeque<String> =
            cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        ids.truncate(SEEN_IDS_MAX);
        Self(ids)
    }

    /// The cursor to store; `None` before anything was seen.
    pub(crate) fn cursor(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| serde_json::Value::from_iter(self.0.iter().cloned()).to_string())
    }

    /// True before the first sweep.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when the identifier was seen before.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|seen| seen == id)
    }

    /// Adds what a whole sweep found, newest first; true when something was new.
    pub(crate) fn add(&mut self, found: Vec<String>) -> bool {
        let fresh: Vec<String> = found.into_iter().filter(|id| !self.has(id)).collect();
        let news = !fresh.is_empty();
        fresh.into_iter().rev().for_each(|id| self.0.push_front(id));
        self.0.truncate(SEEN_IDS_MAX);
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_the_newest_and_survives_storage() {
        let mut seen = SeenIds::parse(Some("garbage"));
        assert!(seen.is_empty() && seen.cursor().is_none());
        assert!(seen.add(vec!["b".into(), "a".into()]));
        assert!(seen.add(vec!["c".into(), "b".into()]));
        assert!(!seen.add(vec!["c".into()]));
        assert_eq!(seen.cursor().as_deref(), Some(r#"["c","b","a"]"#));
        assert_eq!(SeenIds::parse(seen.cursor().as_deref()), seen);
        seen.add((0..1_000).map(|n| n.to_string()).collect());
        assert_eq!(seen.0.len(), SEEN_IDS_MAX);
        assert!(seen.has("0") && !seen.has("c"));
    }
}
