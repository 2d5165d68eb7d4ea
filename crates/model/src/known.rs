//! A value that a network gave, or the reason why it is not there.

use serde::{Deserialize, Serialize};

/// Why a value is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The network or file never carries this value.
    NotProvided,
    /// The network carries it, but hid it for this item.
    Hidden,
    /// It was there, and could not be a true value (negative, out of range).
    Implausible,
}

/// A value with the reason of its absence: missing is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// The network gave this value.
    Value(T),
    /// There is no value, for this reason.
    Missing(Missing),
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self::Missing(Missing::NotProvided)
    }
}

impl<T> From<Option<T>> for Known<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Self::default, Self::Value)
    }
}

impl<T: Copy> Known<T> {
    /// The value, if there is one.
    pub fn get(&self) -> Option<T> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Missing(_) => None,
        }
    }
}

impl Known<u64> {
    /// A count as networks write it: a negative number is implausible.
    pub fn from_count(value: Option<i64>) -> Self {
        match value {
            None => Self::default(),
            Some(count) => u64::try_from(count).map_or(Self::Missing(Missing::Implausible), Self::Value),
        }
    }
}
