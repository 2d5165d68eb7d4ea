//! Search, export, queries and sources at the command line.

use super::{Desk, operator, read_secret};
use crate::arguments::{
    ExportForm, ExportOptions, KeepWhich, QueryCommand, SearchOptions, SearchOrder, SourceCommand,
};
use crate::output::{ProgressLine, print_json, print_line};
use anyhow::{Context, Result};
use app::listening::{
    EXPLORE_PAGE_MAX, ExploreRequest, ExportFormat, Order, PostView, SearchCursor, SourceChange,
};
use model::listening::{Keep, Purpose, SourceSetup};

/// Characters of a post's text in a line of output.
const EXCERPT_CHARS: usize = 160;

/// Searches the archive.
pub fn search(desk: &Desk, options: &SearchOptions) -> Result<u8> {
    let (_app, workspace) = desk.open_workspace()?;
    let mut request = ExploreRequest {
        expression: options.expression.clone(),
        order: match options.order {
            SearchOrder::Newest => Order::Newest,
            SearchOrder::Oldest => Order::Oldest,
            SearchOrder::Engagement => Order::Engagement,
            SearchOrder::Followers => Order::Followers,
            SearchOrder::Negative => Order::MostNegative,
            SearchOrder::Positive => Order::MostPositive,
        },
        limit: options.limit.clamp(1, EXPLORE_PAGE_MAX),
        after: None,
    };
    let mut left = options.limit;
    let mut total = 0;
    loop {
        let page = workspace.explore(&operator(), &request)?;
        total = page.total.max(total);
        if options.count {
            break;
        }
        for view in page.posts.iter().take(left) {
            if desk.json { print_json(view)? } else { print_line(&line_of(view))? }
        }
        left = left.saturating_sub(page.posts.len());
        request.after = page.next.as_deref().and_then(SearchCursor::parse);
        if left == 0 || request.after.is_none() {
            break;
        }
    }
    match (desk.json, options.count) {
        (true, true) => print_json(&serde_json::json!({"total": total}))?,
        (false, true) => print_line(&total.to_string())?,
        (false, false) => eprintln!("{total} posts match"),
        (true, false) => {}
    }
    Ok(crate::EXIT_OK)
}

fn line_of(view: &PostView) -> String {
    let text: String = view.post.full_text().split_whitespace().collect::<Vec<_>>().join(" ");
    // Control characters of a post must not reach the terminal.
    let excerpt: String = text.chars().filter(|c| !c.is_control()).take(EXCERPT_CHARS).collect();
    let author: String = view.post.author.label().chars().filter(|c| !c.is_control()).take(40).collect();
    format!("{}  {}  {}  {}  {}", view.time, view.post.key.network, view.tone.name(), author, excerpt)
}

/// Exports posts.
pub fn export(desk: &Desk, options: &ExportOptions) -> Result<u8> {
    let (_app, workspace) = desk.open_workspace()?;
    let format = match options.format {
        ExportForm::Csv => ExportFormat::Csv,
        ExportForm::Parquet => ExportFormat::Parquet,
    };
    let mut line = ProgressLine::new();
    let report =
        workspace.export(&operator(), &options.expression, format, &mut |rows| line.show(rows, None));
    line.clear();
    let report = report?;
    let mut path = report.path.clone();
    if let Some(folder) = &options.to {
        std::fs::create_dir_all(folder)?;
        let name = path.file_name().context("the export has no name")?.to_owned();
        let manifest = format!("{}.manifest.json", path.display());
        let target = folder.join(name);
        std::fs::copy(&path, &target)?;
        std::fs::copy(manifest, format!("{}.manifest.json", target.display()))?;
        path = target;
    }
    if desk.json {
        print_json(&serde_json::json!({"file": path, "manifest": report.manifest}))?;
    } else {
        print_line(&format!("{} ({} posts)", path.display(), report.manifest.rows))?;
    }
    Ok(crate::EXIT_OK)
}

/// Queries.
pub fn query(desk: &Desk, command: &QueryCommand) -> Result<u8> {
    if let QueryCommand::Check { expression } = command {
        model::query::parse(expression)?;
        print_line("the query can be read")?;
        return Ok(crate::EXIT_OK);
    }
    let (_app, workspace) = desk.open_workspace()?;
    let actor = operator();
    match command {
        QueryCommand::List => {
            for view in workspace.list_queries(&actor)? {
                if desk.json {
                    print_json(&view)?;
                } else {
                    let query = &view.query;
                    print_line(&format!(
                        "{}  {}  {}  {}  {}",
                        query.id,
                        query.purpose.name(),
                        query.name,
                        view.mentions,
                        query.expression
                    ))?;
                }
            }
        }
        QueryCommand::Add { name, expression, purpose } => {
            let purpose =
                Purpose::parse(purpose).context("the purpose is own_brand, competitor, market or topic")?;
            let saved = workspace.insert_query(&actor, name, purpose, expression)?;
            if desk.json { print_json(&saved)? } else { print_line(&format!("query {} saved", saved.id))? }
        }
        QueryCommand::Set { id, expression } => {
            let old = workspace.load_query(&actor, *id)?;
            let saved = workspace.update_query(&actor, *id, &old.name, old.purpose, expression)?;
            if desk.json {
                print_json(&saved)?
            } else {
                print_line(&format!("query {id} is now version {}", saved.version))?
            }
        }
        QueryCommand::Archive { id } => {
            workspace.archive_query(&actor, *id)?;
            print_line(&format!("query {id} archived"))?;
        }
        QueryCommand::Check { .. } => {}
    }
    Ok(crate::EXIT_OK)
}

/// Sources.
pub fn source(desk: &Desk, command: &SourceCommand) -> Result<u8> {
    let (app, workspace) = desk.open_workspace()?;
    let actor = operator();
    match command {
        SourceCommand::List => {
            for view in workspace.list_sources(&actor)? {
                if desk.json {
                    print_json(&view)?;
                    continue;
                }
                let state = match (&view.health.last_error, view.source.paused) {
                    (_, true) => "paused".to_owned(),
                    (Some(error), _) if view.health.last_error_at >= view.health.last_ok => error.clone(),
                    _ => "ok".to_owned(),
                };
                let network = view.source.setup.network();
                print_line(&format!(
                    "{}  {network}  {}  {} kept  {state}",
                    view.source.id, view.source.name, view.health.kept_count
                ))?;
            }
        }
        SourceCommand::Add { name, setup, keep_all, secret } => {
            let setup: SourceSetup = serde_json::from_str(setup).context("the setup is not one we know")?;
            let secret = if *secret { Some(read_secret("secret")?) } else { None };
            let keep = if *keep_all { Keep::All } else { Keep::Matching };
            let id = workspace.insert_source(&app, &actor, name, &setup, keep, secret.as_deref())?;
            print_line(&format!("source {id} added"))?;
        }
        SourceCommand::Set { id, name, setup, keep, secret } => {
            let setup: Option<SourceSetup> = setup
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .context("the setup is not one we know")?;
            let secret = if *secret { Some(read_secret("secret")?) } else { None };
            let change = SourceChange {
                name: name.as_deref(),
                setup: setup.as_ref(),
                keep: keep.map(|keep| match keep {
                    KeepWhich::Matching => Keep::Matching,
                    KeepWhich::All => Keep::All,
                }),
                secret: secret.as_deref(),
            };
            workspace.update_source(&app, &actor, *id, &change)?;
            print_line(&format!("source {id} changed"))?;
        }
        SourceCommand::Pause { id } => workspace.pause_source(&actor, *id, true)?,
        SourceCommand::Resume { id } => workspace.pause_source(&actor, *id, false)?,
        SourceCommand::Remove { id } => workspace.remove_source(&actor, *id)?,
    }
    Ok(crate::EXIT_OK)
}
