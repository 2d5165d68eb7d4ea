//! The brand handbook: names, competitors, market words, tone, goals, hours.

use super::{page, tabs};
use crate::components::Tab;
use crate::errors::Error;
use crate::front::{Need, Route, Visit, work};
use crate::layout::Page;
use crate::locale::Locale;
use crate::pages::forms::{Faults, Fields, attempt, done_at, refused, shown};
use ::app::AppError;
use askama::Template;
use axum::Form;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::Permission;
use model::handbook::{Brand, BrandHandbook, HANDBOOK_ENTRY_CHARS_MAX, HANDBOOK_LIST_MAX};
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    let (read, edit) = (Need::May(Permission::Read), Need::May(Permission::EditQueries));
    vec![
        route(Method::GET, "/settings", read, "The brand handbook", get(show)),
        route(Method::POST, "/settings/handbook", edit, "Writes the brand handbook", post(save)),
    ]
}

#[derive(Template)]
#[template(path = "settings/handbook.html")]
struct Handbook {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    names: String,
    handles: String,
    competitors: String,
    market: String,
    tone: String,
    goals: String,
    hours: String,
    faults: Faults,
    may_edit: bool,
}

impl Handbook {
    fn of(visit: &Visit, handbook: &BrandHandbook, faults: Faults) -> Self {
        let competitors: Vec<String> = handbook.competitors.iter().map(competitor_line).collect();
        Self {
            page: page(visit, "handbook"),
            l: visit.l.clone(),
            tabs: tabs(visit, "handbook"),
            names: handbook.brand.names.join("\n"),
            handles: handbook
                .brand
                .handles
                .iter()
                .map(|handle| format!("@{handle}"))
                .collect::<Vec<_>>()
                .join("\n"),
            competitors: competitors.join("\n"),
            market: handbook.market_words.join("\n"),
            tone: handbook.tone.clone(),
            goals: handbook.goals.clone(),
            hours: handbook.support_hours.clone(),
            faults,
            may_edit: visit.actor.may(Permission::EditQueries),
        }
    }
}

/// One brand on a line: names, then handles with `@`. A comma inside a name
/// makes `;` the separator.
fn competitor_line(brand: &Brand) -> String {
    let mut parts: Vec<String> = brand.names.clone();
    parts.extend(brand.handles.iter().map(|handle| format!("@{handle}")));
    if brand.names.iter().any(|name| name.contains([',', ';'])) {
        return format!("{};", parts.join("; "));
    }
    parts.join(", ")
}

/// Reads [`competitor_line`] back.
fn competitor(line: &str) -> Brand {
    let separator = if line.contains(';') { ';' } else { ',' };
    let parts = line.split(separator).map(str::trim).filter(|part| !part.is_empty());
    let (handles, names): (Vec<&str>, Vec<&str>) = parts.partition(|part| part.starts_with('@'));
    Brand {
        names: names.into_iter().map(str::to_owned).collect(),
        handles: handles.into_iter().map(bare).collect(),
    }
}

fn bare(handle: &str) -> String {
    handle.trim().trim_start_matches('@').to_owned()
}

/// The entries of a text, one on each line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn read(fields: &Fields) -> BrandHandbook {
    BrandHandbook {
        brand: Brand {
            names: lines(fields.get("names")).map(str::to_owned).collect(),
            handles: lines(fields.get("handles")).map(bare).collect(),
        },
        competitors: lines(fields.get("competitors")).map(competitor).collect(),
        market_words: lines(fields.get("market")).map(str::to_owned).collect(),
        tone: fields.trimmed("tone").to_owned(),
        goals: fields.trimmed("goals").to_owned(),
        support_hours: fields.trimmed("hours").to_owned(),
    }
}

async fn show(visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let handbook = work(move || workspace.load_handbook(&actor)).await?;
    shown(&Handbook::of(&visit, &handbook, Faults::default()))
}

async fn save(visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let handbook = read(&fields);
    let (workspace, actor, written) = (Arc::clone(&visit.workspace), visit.actor.clone(), handbook.clone());
    match attempt(move || workspace.update_handbook(&actor, &written)).await? {
        Ok(()) => Ok(done_at("/settings", "handbook-saved")),
        Err(AppError::Invalid { field, .. }) => {
            let faults = faults_of(field, &handbook, &visit.l);
            refused(&Handbook::of(&visit, &handbook, faults))
        }
        Err(error) => Err(error.into()),
    }
}

/// The fault beside the list that is too long or holds too long an entry.
fn faults_of(field: &str, handbook: &BrandHandbook, l: &Locale) -> Faults {
    if field == "brand" {
        return Faults::one("names", l.text("settings-error-brand"));
    }
    let limit = |key: &str, max: usize| l.count(key, u64::try_from(max).unwrap_or(u64::MAX));
    let competing: Vec<String> = handbook
        .competitors
        .iter()
        .flat_map(|brand| brand.names.iter().chain(&brand.handles))
        .cloned()
        .collect();
    let lists = [
        ("names", &handbook.brand.names, handbook.brand.names.len()),
        ("handles", &handbook.brand.handles, handbook.brand.handles.len()),
        ("competitors", &competing, handbook.competitors.len()),
        ("market", &handbook.market_words, handbook.market_words.len()),
    ];
    let mut faults = Faults::default();
    for (name, entries, count) in lists {
        if count > HANDBOOK_LIST_MAX {
            faults.add(name, limit("settings-error-many", HANDBOOK_LIST_MAX));
        } else if entries.iter().any(|entry| entry.chars().count() > HANDBOOK_ENTRY_CHARS_MAX) {
            faults.add(name, limit("settings-error-long", HANDBOOK_ENTRY_CHARS_MAX));
        }
    }
    if faults.is_empty() {
        faults.add("names", limit("settings-error-many", HANDBOOK_LIST_MAX));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_competitor_survives_the_form() {
        for (names, handles) in [
            (vec!["Beta"], vec!["beta_pa"]),
            (vec!["Beta, S.A."], vec![]),
            (vec!["Gama", "Gama Café"], vec!["g", "h"]),
        ] {
            let brand = Brand {
                names: names.into_iter().map(str::to_owned).collect(),
                handles: handles.into_iter().map(str::to_owned).collect(),
            };
            assert_eq!(competitor(&competitor_line(&brand)), brand);
        }
    }
}
