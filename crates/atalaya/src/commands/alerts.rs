//! `atalaya alerts`: what a rule noticed, with its evidence.

use super::{Desk, operator};
use crate::output::{print_json, print_line};
use anyhow::Result;
use app::alerts::{ALERTS_LISTED_MAX, AlertView, AlertsRequest};
use clap::Args;

/// Characters of a message in a line of output.
const EXCERPT_CHARS: usize = 100;

/// Which alerts are listed.
#[derive(Debug, Args)]
pub struct AlertsOptions {
    /// Only those of which nobody has taken note.
    #[arg(long)]
    pub open: bool,
    /// How many, at most 200.
    #[arg(long, default_value_t = 50, value_name = "COUNT")]
    pub limit: usize,
}

/// Lists alerts, the newest first.
pub fn alerts(desk: &Desk, options: &AlertsOptions) -> Result<u8> {
    let (_app, workspace) = desk.open_workspace()?;
    let request = AlertsRequest {
        open: options.open.then_some(true),
        before: None,
        limit: options.limit.min(ALERTS_LISTED_MAX - 1),
    };
    for alert in workspace.list_alerts(&operator(), &request)? {
        if desk.json { print_json(&json_of(&alert))? } else { print_line(&line_of(&alert))? }
    }
    if !desk.json {
        eprintln!("{} open", workspace.open_alerts(&operator())?);
    }
    Ok(crate::EXIT_OK)
}

fn line_of(alert: &AlertView) -> String {
    let share =
        alert.evidence.outside_share().map_or("-".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    let text = alert.posts.first().map(|post| post.post.full_text().into_owned()).unwrap_or_default();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Control characters of a post must not reach the terminal.
    let excerpt: String = words.chars().filter(|c| !c.is_control()).take(EXCERPT_CHARS).collect();
    let state = if alert.seen.is_some() { "seen" } else { "open" };
    let groups: Vec<&str> = alert.evidence.groups().collect();
    let (group, trace) = (groups.join(","), alert.evidence.trace.name());
    format!(
        "{}  {}  {state}  {}  {group}  {trace}  {share} outside  {excerpt}",
        alert.id, alert.at, alert.rule
    )
}

fn json_of(alert: &AlertView) -> serde_json::Value {
    let keys = |posts: &[app::listening::PostView]| {
        posts.iter().map(|post| post.post.key.to_text()).collect::<Vec<_>>()
    };
    serde_json::json!({
        "id": alert.id,
        "rule": alert.rule,
        "at": alert.at.to_string(),
        "raised_at": alert.raised_at.to_string(),
        "group": alert.evidence.group,
        "also_groups": alert.evidence.also,
        "trace": alert.evidence.trace,
        "inside_count": alert.evidence.inside,
        "outside_count": alert.evidence.outside,
        "outside_share_ratio": alert.evidence.outside_share(),
        "left_out": alert.evidence.left_out,
        "posts": keys(&alert.posts),
        "amplifiers": keys(&alert.amplifiers),
        "seen": alert.seen.as_ref().map(|seen| serde_json::json!({"by": seen.signed, "at": seen.at.to_string()})),
    })
}
