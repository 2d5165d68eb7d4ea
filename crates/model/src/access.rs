//! Who may do what.

use serde::{Deserialize, Serialize};

/// The rights of a user in a workspace, from most to least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the installation: people, sources, data, everything else.
    Administrator,
    /// Leads the team: queries, handbook, exports, erasure requests.
    Director,
    /// Allowed to speak for the brand; works like an agent besides.
    Spokesperson,
    /// Works through mentions: reads, labels, exports.
    Agent,
    /// Reads.
    Viewer,
}

/// One thing a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See posts, figures, queries, and the health of sources.
    Read,
    /// Put labels, save streams.
    Label,
    /// Take posts out as CSV or Parquet.
    Export,
    /// Write, change and archive queries; change the brand handbook.
    EditQueries,
    /// Add, change, pause sources; import files; see rejects.
    EditSources,
    /// Retention, erasure of an account, backup, rebuild.
    EditData,
    /// People, roles, tokens of others, workspaces.
    EditPeople,
}

impl Role {
    /// Every role, from most rights to least.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::Director, Self::Spokesperson, Self::Agent, Self::Viewer];

    /// The word used on the command line, in the API and in locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Director => "director",
            Self::Spokesperson => "spokesperson",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }

    /// The role of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(text.trim()))
    }

    /// True when the role grants the permission.
    pub const fn allows(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::Read => Self::Viewer,
            Permission::Label | Permission::Export => Self::Agent,
            Permission::EditQueries => Self::Director,
            Permission::EditSources | Permission::EditData => Self::Director,
            Permission::EditPeople => Self::Administrator,
        };
        self as u8 <= least as u8
    }
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Label,
        Self::Export,
        Self::EditQueries,
        Self::EditSources,
        Self::EditData,
        Self::EditPeople,
    ];

    /// The word used in the API (a token's scope) and in locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Label => "label",
            Self::Export => "export",
            Self::EditQueries => "edit_queries",
            Self::EditSources => "edit_sources",
            Self::EditData => "edit_data",
            Self::EditPeople => "edit_people",
        }
    }

    /// The permission of a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == text.trim())
    }
}
