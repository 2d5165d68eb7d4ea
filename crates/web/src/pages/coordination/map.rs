//! The map: accounts as points, ties as lines, drawn by the browser where it
//! can. The table of groups is the page; the map illustrates it.
//!
//! In: positions of the work room. Out: the page, and its data as JSON.
//! Errors: [`Error`]. Limits: those of the work room.

use super::told::{self, Word, group_href};
use crate::errors::Error;
use crate::front::{Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::forms::shown;
use ::app::coordination::{GroupMap, GroupReport};
use askama::Template;
use axum::Json;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use model::Permission;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Address of the page.
const PATH: &str = "/coordination/map";
/// Colours of the series; beyond them the shape changes.
const COLOURS: usize = 6;
/// Shapes of points.
const SHAPES: usize = 4;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::Read);
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need,
            summary: "The map of the networks",
            handler: get(show),
        },
        Route {
            method: Method::GET,
            path: "/coordination/map/data",
            need,
            summary: "Points and lines of the map",
            handler: get(data),
        },
    ]
}

/// One group in the table.
struct Row {
    href: String,
    sign: Sign,
    word: Word,
    headline: String,
    accounts: String,
    does: String,
}

/// How the points of a group look.
#[derive(Clone, Copy)]
struct Sign {
    colour: usize,
    shape: usize,
}

impl Sign {
    const fn of(number: usize) -> Self {
        Self { colour: number % COLOURS + 1, shape: number / COLOURS % SHAPES }
    }
}

#[derive(Template)]
#[template(path = "coordination/map.html")]
struct Show<'a> {
    page: &'a Page,
    l: &'a Locale,
    list: &'static str,
    rows: Vec<Row>,
    left_out: Option<String>,
    may_take: bool,
}

fn row(number: usize, report: &GroupReport, l: &Locale) -> Row {
    let behaviours = report.behaviours.iter().map(|view| told::behaviour(view, l).does);
    let does: Vec<String> = behaviours.collect();
    Row {
        href: group_href(&report.id),
        sign: Sign::of(number),
        word: Word::of(report.strength, l),
        headline: told::headline(report, l),
        accounts: l.integer(report.members.len() as u64),
        does: if does.is_empty() { l.text("coordination-no-behaviour") } else { does.join(" · ") },
    }
}

async fn show(visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (view, map) =
        work(move || Ok((workspace.coordination(&actor)?, workspace.group_map(&actor)?))).await?;
    let l = &visit.l;
    let page = visit.page(l.text("map-title"), Some(Room::Coordination));
    let groups = view.iter().flat_map(|view| &view.groups).enumerate();
    let rows = groups.map(|(number, group)| row(number, &group.report, l)).collect();
    let left_out = (map.nodes_left_out > 0 || map.edges_left_out > 0).then(|| {
        let counts = [("accounts", map.nodes_left_out), ("ties", map.edges_left_out)];
        l.text_with("map-left-out", &counts.map(|(name, count)| (name, l.integer(count).into())))
    });
    let may_take = visit.actor.may(Permission::Export);
    shown(&Show { page: &page, l, list: super::PATH, rows, left_out, may_take })
}

/// What the script draws.
#[derive(Serialize)]
struct MapData {
    /// Address of each group's card, in the order of the table.
    groups: Vec<String>,
    /// x, y, size, place of its group, what it is called.
    nodes: Vec<(f32, f32, f32, usize, String)>,
    /// Two places among the nodes and the weight.
    edges: Vec<(u32, u32, f32)>,
}

fn map_data(map: GroupMap, ids: &[String]) -> MapData {
    let places: HashMap<&str, usize> =
        ids.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    let place = |group: &str| places.get(group).copied().unwrap_or(ids.len());
    let nodes = map.nodes.iter().map(|node| {
        let label = crate::components::plain_line(&node.label);
        (node.x, node.y, node.size, place(&node.group), label)
    });
    MapData {
        nodes: nodes.collect(),
        groups: ids.iter().map(|id| group_href(id)).collect(),
        edges: map.edges.into_iter().map(|(a, b, weight, _)| (a, b, weight)).collect(),
    }
}

async fn data(visit: Visit) -> Result<Json<MapData>, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (view, map) =
        work(move || Ok((workspace.coordination(&actor)?, workspace.group_map(&actor)?))).await?;
    let ids: Vec<String> =
        view.iter().flat_map(|view| &view.groups).map(|group| group.report.id.clone()).collect();
    Ok(Json(map_data(map, &ids)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::app::coordination::MapNode;

    #[test]
    fn groups_beyond_the_colours_change_their_shape() {
        let sign = |number| (Sign::of(number).colour, Sign::of(number).shape);
        assert_eq!([sign(0), sign(5), sign(6), sign(24)], [(1, 0), (6, 0), (1, 1), (1, 0)]);
    }

    #[test]
    fn points_know_the_place_of_their_group() {
        let node = |group: &str| MapNode {
            account: "x:1".to_owned(),
            label: "uno\u{202e}".to_owned(),
            group: group.to_owned(),
            x: 0.0,
            y: 0.0,
            size: 1.0,
        };
        let map = GroupMap {
            nodes: vec![node("h"), node("gone")],
            edges: vec![(0, 1, 1.0, Vec::new())],
            ..GroupMap::default()
        };
        let data = map_data(map, &["g".to_owned(), "h".to_owned()]);
        assert_eq!(data.nodes.iter().map(|node| node.3).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(data.nodes.first().unwrap().4, "uno");
    }
}
