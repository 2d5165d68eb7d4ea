//! Names as small numbers, given in the order in which they are first seen.

use std::collections::HashMap;
use std::sync::Arc;

/// Distinct names, at most; the rest is not numbered.
const NAMES_MAX: usize = u32::MAX as usize - 1;

/// Names and their numbers.
#[derive(Debug, Clone, Default)]
pub struct Names {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Names {
    /// The number of a name, a new one if it was never seen; `None` only beyond 4 billion names.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        if self.names.len() >= NAMES_MAX {
            return None;
        }
        let number = u32::try_from(self.names.len()).ok()?;
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        Some(number)
    }

    /// The number of a name that was seen.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The name of a number; empty for a number never given.
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", AsRef::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        // Never more than NAMES_MAX.
        self.names.len() as u32
    }
}
