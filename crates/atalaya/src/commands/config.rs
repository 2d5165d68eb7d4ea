//! Settings, completions and manual pages.

use super::Desk;
use crate::arguments::{Arguments, ConfigCommand};
use crate::output::{print_json, print_line};
use anyhow::Result;
use clap::CommandFactory;
use std::path::Path;

/// Shows or checks the settings.
pub fn config(desk: &Desk, command: &ConfigCommand) -> Result<u8> {
    let settings = &desk.settings;
    match command {
        ConfigCommand::Show => {
            let shown = serde_json::json!({
                "data": settings.folder,
                "allow_private": settings.allow_private,
                "contact": settings.contact,
                "bluesky_profiles": settings.bluesky_profiles,
                "tone_model": settings.tone_model,
                "coordination_memory": settings.coordination_memory,
                "threads": settings.threads,
            });
            if desk.json {
                print_json(&shown)?;
            } else {
                print_line(&format!("data           {}", settings.folder.display()))?;
                print_line(&format!("allow_private  {}", settings.allow_private.join(", ")))?;
                print_line(&format!("contact        {}", settings.contact))?;
                let profiles = settings.bluesky_profiles.as_deref().unwrap_or_default();
                print_line(&format!("bluesky_profiles  {profiles}"))?;
                let tone_model = settings.tone_model.as_ref().map(|folder| folder.display().to_string());
                print_line(&format!("tone_model     {}", tone_model.unwrap_or_default()))?;
                let memory = settings.coordination_memory >> 20;
                print_line(&format!("coordination_memory  {memory} MiB"))?;
                print_line(&format!("threads        {}", settings.threads))?;
            }
        }
        ConfigCommand::Check => {
            let app = desk.open()?;
            for workspace in app.open_all()? {
                workspace.check()?;
                print_line(&format!(
                    "{}: in order, {} posts searchable",
                    workspace.info().slug.as_str(),
                    workspace.posts()
                ))?;
            }
            if let Some(model) = app.tone_model()? {
                let (sample, answer) = model.try_out()?;
                let says = answer.probabilities.iter().map(|(label, p)| format!("{label} {p:.2}"));
                print_line(&format!(
                    "{} version {}: «{sample}» is {} ({})",
                    model.method(),
                    model.version(),
                    answer.tone.name(),
                    says.collect::<Vec<_>>().join(", ")
                ))?;
                if !model.has_tone() {
                    print_line(
                        "its labels say no tone; name them in atalaya.json, see docs/manual/modelo-propio.md",
                    )?;
                }
            }
            print_line("the data folder is in order")?;
        }
    }
    Ok(crate::EXIT_OK)
}

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<u8> {
    clap_complete::generate(shell, &mut Arguments::command(), "atalaya", &mut std::io::stdout());
    Ok(crate::EXIT_OK)
}

/// Writes a manual page for the program and each command.
pub fn manual(to: &Path) -> Result<u8> {
    std::fs::create_dir_all(to)?;
    clap_mangen::generate_to(Arguments::command(), to)?;
    print_line(&format!("manual pages written to {}", to.display()))?;
    Ok(crate::EXIT_OK)
}
