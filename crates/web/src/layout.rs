//! The frame of every page.

use crate::assets;
use crate::locale::{Language, Locale};
use model::Permission;

/// How pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the reader's system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in the cookie, the form and `data-theme`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; anything unknown is automatic.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == text).unwrap_or_default()
    }
}

/// A section of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Is everything well?
    Home,
    /// Search over history.
    Explorer,
    /// Saved live views.
    Streams,
    /// What is said again and again.
    Cascades,
    /// What the team listens for.
    Queries,
    /// Groups of accounts that act as one.
    Coordination,
    /// What a rule noticed.
    Alerts,
    /// Is this message a scam?
    ScamCheck,
    /// Was this picture used before?
    Pictures,
    /// What people talk about now, and what they ask.
    Topics,
    /// The team's answers to what is often asked.
    Answers,
    /// What the team teaches the methods.
    Learning,
    /// Where posts come from.
    Sources,
    /// Files.
    Import,
    /// What could not be read.
    Rejects,
    /// People, handbook, data.
    Settings,
}

impl Room {
    /// Every section in the order of the navigation.
    pub const ALL: [Self; 16] = [
        Self::Home,
        Self::Explorer,
        Self::Streams,
        Self::Cascades,
        Self::Queries,
        Self::Topics,
        Self::Answers,
        Self::Learning,
        Self::Coordination,
        Self::Alerts,
        Self::ScamCheck,
        Self::Pictures,
        Self::Sources,
        Self::Import,
        Self::Rejects,
        Self::Settings,
    ];

    /// The word in locale keys (`nav-<name>`) and icons.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Explorer => "explorer",
            Self::Streams => "streams",
            Self::Cascades => "cascades",
            Self::Coordination => "coordination",
            Self::Alerts => "alerts",
            Self::ScamCheck => "scam_check",
            Self::Pictures => "pictures",
            Self::Queries => "queries",
            Self::Topics => "topics",
            Self::Answers => "answers",
            Self::Learning => "learning",
            Self::Sources => "sources",
            Self::Import => "import",
            Self::Rejects => "rejects",
            Self::Settings => "settings",
        }
    }

    /// Its address.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Explorer => "/explorer",
            Self::Streams => "/streams",
            Self::Cascades => "/cascades",
            Self::Coordination => "/coordination",
            Self::Alerts => "/alerts",
            Self::ScamCheck => "/scam-check",
            Self::Pictures => "/pictures",
            Self::Queries => "/queries",
            Self::Topics => "/topics",
            Self::Answers => "/answers",
            Self::Learning => "/learning",
            Self::Sources => "/sources",
            Self::Import => "/import",
            Self::Rejects => "/rejects",
            Self::Settings => "/settings",
        }
    }

    /// The locale key of the heading before it, where a group begins.
    pub const fn group(self) -> Option<&'static str> {
        match self {
            Self::Explorer => Some("nav-group-listening"),
            Self::Coordination => Some("nav-group-coordination"),
            Self::ScamCheck => Some("nav-group-protection"),
            Self::Sources => Some("nav-group-data"),
            _ => None,
        }
    }

    /// What a reader must be allowed to see it.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Import | Self::Rejects => Permission::EditSources,
            _ => Permission::Read,
        }
    }
}

/// Who reads, as far as the frame shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Name to show.
    pub name: String,
    /// Role in this workspace.
    pub role: model::Role,
    /// Name of the workspace.
    pub workspace: String,
    /// Their other workspaces: short name and name.
    pub elsewhere: Vec<(String, String)>,
}

impl Reader {
    /// The first letters of the name, for the round sign.
    pub fn initials(&self) -> String {
        crate::components::initials(&self.name)
    }
}

/// The kind of a message at the top of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// For your information.
    Info,
    /// It worked.
    Ok,
    /// Look at this.
    Warning,
    /// It did not work.
    Danger,
}

impl Notice {
    /// The word in classes and in `alert-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// A message about what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Its kind.
    pub notice: Notice,
    /// Its text in the reader's language.
    pub text: String,
}

/// What the frame around a page needs.
#[derive(Debug, Clone)]
pub struct Page {
    /// Language, numbers, time zone.
    pub l: Locale,
    /// Light, dark or as the system says.
    pub theme: Theme,
    /// Title of the page.
    pub title: String,
    /// Path and query of this page, where the preference forms return to.
    pub path: String,
    /// The section it belongs to.
    pub room: Option<Room>,
    /// Token for forms.
    pub csrf: String,
    /// Who reads; without, there is no navigation.
    pub reader: Option<Reader>,
    /// Words in the search field at the top.
    pub search: String,
    /// Messages about what was just done.
    pub flashes: Vec<Flash>,
    /// The sentence of the bar of open alerts, empty while there is none;
    /// `None` for readers who take no note of them.
    pub alerts: Option<String>,
    /// Version of the program.
    pub version: &'static str,
}

impl Page {
    /// A page without reader and navigation: sign-in, set-up, errors.
    pub fn bare(l: Locale, title: String, theme: Option<&str>) -> Self {
        Self {
            l,
            theme: theme.map(Theme::parse).unwrap_or_default(),
            title,
            path: "/".to_owned(),
            room: None,
            csrf: String::new(),
            reader: None,
            search: String::new(),
            flashes: Vec::new(),
            alerts: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// The sections that this reader may see.
    pub fn rooms(&self) -> Vec<Room> {
        let allowed = |room: &Room| self.reader.as_ref().is_some_and(|r| r.role.allows(room.permission()));
        Room::ALL.into_iter().filter(allowed).collect()
    }

    /// True for the section of this page.
    pub fn is_here(&self, room: &Room) -> bool {
        self.room == Some(*room)
    }

    /// The address of an asset.
    pub fn asset(&self, file: &str) -> String {
        assets::url(file)
    }

    /// The languages of the switch.
    pub fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    /// The themes of the switch.
    pub fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }
}
