//! One file per group of commands.

pub mod access;
pub mod alerts;
pub mod config;
pub mod coordination;
pub mod copies;
pub mod data;
pub mod demo;
pub mod images;
pub mod import;
pub mod listening;
pub mod serve;
pub mod text;

use crate::arguments::Arguments;
use anyhow::{Context, Result, bail};
use app::listening::Workspace;
use app::{Actor, App, Settings};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longest secret read from standard input, bytes.
const SECRET_BYTES_MAX: u64 = 16 * 1024;

/// What every command needs: settings, the operator, the way to print.
pub struct Desk {
    /// Resolved settings.
    pub settings: Settings,
    /// Print JSON.
    pub json: bool,
    /// True when the data folder was named and is not the default.
    pub data_given: bool,
    /// The workspace asked for.
    pub workspace: Option<String>,
}

impl Desk {
    /// Resolves the settings of the arguments.
    pub fn new(arguments: &Arguments) -> Self {
        let folder = arguments.data.clone().unwrap_or_else(default_folder);
        let mut settings = Settings::new(folder);
        settings.allow_private = arguments.allow_private.clone();
        settings.contact = arguments.contact.clone();
        settings.bluesky_profiles =
            Some(arguments.bluesky_profiles.clone()).filter(|address| !address.trim().is_empty());
        settings.tone_model = arguments.tone_model.clone();
        settings.coordination_memory = arguments.coordination_memory;
        #[cfg(debug_assertions)]
        {
            // Hidden on purpose: only tests of sudden ends set it.
            settings.crash_at =
                std::env::var("ATALAYA_CRASH_AT").ok().and_then(|at| app::CrashPoint::parse(&at));
        }
        Self {
            settings,
            json: arguments.json,
            data_given: arguments.data.is_some(),
            workspace: arguments.workspace.clone(),
        }
    }

    /// Opens the data folder.
    pub fn open(&self) -> Result<Arc<App>> {
        App::open(self.settings.clone())
            .with_context(|| format!("the data folder {}", self.settings.folder.display()))
    }

    /// Opens the data folder and the workspace asked for, or the only one.
    pub fn open_workspace(&self) -> Result<(Arc<App>, Arc<Workspace>)> {
        let app = self.open()?;
        let workspace = match &self.workspace {
            Some(slug) => app.workspace(slug)?,
            None => {
                let all = app.list_workspaces(&operator())?;
                match all.as_slice() {
                    [one] => app.workspace(one.slug.as_str())?,
                    [] => bail!(
                        "there is no workspace yet: start `atalaya serve` and make one on the first visit, \
                         or use `atalaya workspace add`"
                    ),
                    _ => {
                        let names: Vec<&str> = all.iter().map(|w| w.slug.as_str()).collect();
                        bail!("choose a workspace with --workspace: {}", names.join(", "))
                    }
                }
            }
        };
        Ok((app, workspace))
    }
}

/// Who works at the command line.
pub fn operator() -> Actor {
    Actor::operator()
}

/// `$XDG_DATA_HOME/atalaya` or `~/.local/share/atalaya`.
fn default_folder() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .unwrap_or_else(|| PathBuf::from("."))
        .join("atalaya")
}

/// A password, token or key from standard input, without the line's end.
fn read_secret(what: &str) -> Result<String> {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        eprintln!("{what} (it will be visible; end with Enter):");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let mut text = String::new();
    std::io::stdin().take(SECRET_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
