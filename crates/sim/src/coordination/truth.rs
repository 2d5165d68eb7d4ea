//! What is true of an account, an event, a group and a scene of the world.

use super::settings::{ControlPlan, GroupPlan};

/// Why an event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Somebody did it of their own accord; a patron's and a target's own posts too.
    Ordinary,
    /// A post from before the world's first instant.
    Past,
    /// An act of a group's operation.
    Group {
        /// Number of the group.
        group: u32,
        /// Number of the operation within the group.
        operation: u32,
    },
    /// A member of this group behaves like anybody.
    Camouflage {
        /// Number of the group.
        group: u32,
    },
    /// Part of an innocent scene.
    Control {
        /// Number of the scene.
        control: u32,
    },
}

/// What an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Belongs {
    /// An ordinary account, with the scenes that it takes part in, rising.
    Organic {
        /// Numbers of the scenes.
        controls: Vec<u32>,
    },
    /// An outlet or service desk of a scene: openly one house, no group.
    House {
        /// Number of the scene.
        control: u32,
    },
    /// A member of a planted group.
    Member {
        /// Number of the group.
        group: u32,
    },
}

/// A planted group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its number: its place in the list.
    pub number: u32,
    /// As asked for.
    pub plan: GroupPlan,
    /// Its accounts, rising.
    pub members: Vec<u32>,
    /// Whom it inflates (boosters), else empty.
    pub patrons: Vec<u32>,
    /// Whom it insults or watches, else empty.
    pub targets: Vec<u32>,
    /// Whom it frames, else empty.
    pub framed: Vec<u32>,
}

/// A scene that was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// Its number: its place in the list.
    pub number: u32,
    /// As asked for.
    pub plan: ControlPlan,
    /// Accounts that take part in it, rising, each once.
    pub accounts: Vec<u32>,
    /// The account that it turns around (artist, organiser, outlet), if any.
    pub around: Option<u32>,
}
