//! Backup, restore, rebuild and erasure.

use super::{Desk, operator};
use crate::arguments::EraseOptions;
use crate::output::{ProgressLine, print_json, print_line};
use anyhow::{Context, Result, bail};
use std::io::IsTerminal;
use std::path::Path;

/// Copies all databases to a new folder.
pub fn backup(desk: &Desk, to: &Path) -> Result<u8> {
    if to.exists() {
        bail!("{} is there already: name a new folder", to.display());
    }
    let app = desk.open()?;
    app.backup_to(&operator(), to)?;
    print_line(&format!("backup written to {}", to.display()))?;
    Ok(crate::EXIT_OK)
}

/// Makes the data folder from a backup.
pub fn restore(desk: &Desk, from: &Path) -> Result<u8> {
    let folder = &desk.settings.folder;
    let taken = folder.exists() && std::fs::read_dir(folder)?.next().is_some();
    if taken {
        bail!(
            "the data folder {} is not empty: name a new one with --data, or move this one away",
            folder.display()
        );
    }
    if !from.join("instance.db").is_file() {
        bail!("{} holds no backup (there is no instance.db in it)", from.display());
    }
    copy_folder(from, folder)?;
    let app = desk.open().context("the restored folder cannot be opened")?;
    for workspace in app.open_all()? {
        workspace.check()?;
        print_line(&format!("{}: {} posts searchable", workspace.info().slug.as_str(), workspace.posts()))?;
    }
    Ok(crate::EXIT_OK)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

/// Drops everything derived and computes it again.
pub fn rebuild(desk: &Desk) -> Result<u8> {
    let (_app, workspace) = desk.open_workspace()?;
    let mut line = ProgressLine::new();
    let done = workspace.rebuild(&operator(), &mut |progress| {
        let share = (progress.total > 0).then(|| progress.done as f64 / progress.total as f64);
        line.show(progress.done, share);
    });
    line.clear();
    print_line(&format!("{} records indexed again", done?))?;
    Ok(crate::EXIT_OK)
}

/// Removes everything received from one account.
pub fn erase(desk: &Desk, options: &EraseOptions) -> Result<u8> {
    let key = model::AccountKey::parse(&options.account)
        .context("write the account as network:identifier, as its page shows it")?;
    if !options.yes {
        if !std::io::stdin().is_terminal() {
            bail!("this cannot be undone: add --yes");
        }
        eprintln!("Everything received from {} will be removed for ever. Type yes:", options.account);
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if answer.trim() != "yes" {
            bail!("nothing was removed");
        }
    }
    let (_app, workspace) = desk.open_workspace()?;
    let report = workspace.erase_account(&operator(), &key, options.bar)?;
    if desk.json {
        print_json(&report)?;
    } else {
        print_line(&format!(
            "{} records, {} rejects and {} exports removed",
            report.records, report.rejects, report.exports
        ))?;
    }
    Ok(crate::EXIT_OK)
}
