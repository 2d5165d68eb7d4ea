//! The evidence as files: what somebody else needs to repeat it.
//!
//! In: a group, or the whole map, and the name of a file. Out: JSON, CSV,
//! GEXF, GraphML, made when asked for. Errors: 404 for any other name.
//! Source: the four columns of CooRTweet; GEXF 1.3; GraphML.
//! Limits: as many moments and nodes as the report and the map hold. A cell
//! that a spreadsheet would run as a formula gets a leading `'`.

use crate::api::coordination::EvidenceBody;
use crate::errors::{Code, Error};
use crate::front::{Need, Route, Visit, work};
use ::app::coordination::{
    GraphEdge, GraphFile, GraphFileError, GraphNode, GroupMap, GroupReport, KnownGroup, SHARE_COLUMNS,
    write_gexf, write_graphml,
};
use axum::extract::Path;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::{Permission, Timestamp};
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::Export);
    vec![
        Route {
            method: Method::GET,
            path: "/coordination/groups/{id}/files/{file}",
            need,
            summary: "The evidence of a group as a file",
            handler: get(of_group),
        },
        Route {
            method: Method::GET,
            path: "/coordination/map/{file}",
            need,
            summary: "The map as a graph for other programs",
            handler: get(of_map),
        },
    ]
}

/// A table in CSV after RFC 4180.
struct Table(String);

impl Table {
    fn new(columns: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.row(columns.iter().map(|name| (*name).to_owned()));
        table
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
            let cell = if runs { format!("'{cell}") } else { cell };
            if cell.contains([',', '"', '\n', '\r']) {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(&cell);
            }
        }
        self.0.push_str("\r\n");
    }
}

fn members(report: &GroupReport) -> String {
    let mut table =
        Table::new(&["account", "handle", "name", "created_at", "followers", "posts", "pairs", "handles"]);
    for member in &report.members {
        table.row([
            member.account.clone(),
            member.handle.clone().unwrap_or_default(),
            member.name.clone().unwrap_or_default(),
            member.created_at.clone().unwrap_or_default(),
            member.followers.map(|count| count.to_string()).unwrap_or_default(),
            member.posts.to_string(),
            member.pairs.to_string(),
            member.handles.join(" "),
        ]);
    }
    table.0
}

/// The joint acts that the card shows, in CooRTweet's words.
fn shares(report: &GroupReport) -> String {
    let mut table = Table::new(&SHARE_COLUMNS);
    for moment in &report.moments {
        for post in &moment.posts {
            let seconds =
                Timestamp::parse(&post.time).map(|at| at.millis().div_euclid(1_000)).unwrap_or_default();
            let object = format!("{}:{}", moment.trace.name(), moment.object);
            table.row([object, post.account.clone(), post.id.clone(), seconds.to_string()]);
        }
    }
    table.0
}

/// The part of a map that belongs to one group.
fn only(map: GroupMap, group: &str) -> GroupMap {
    let mut places: HashMap<u32, u32> = HashMap::new();
    let mut nodes = Vec::new();
    for (number, node) in (0_u32..).zip(map.nodes) {
        if node.group == group {
            places.insert(number, u32::try_from(nodes.len()).unwrap_or(u32::MAX));
            nodes.push(node);
        }
    }
    let inner = |(a, b, weight)| Some((*places.get(&a)?, *places.get(&b)?, weight));
    let edges = map.edges.into_iter().filter_map(inner).collect();
    GroupMap { nodes, edges, nodes_left_out: map.nodes_left_out, edges_left_out: map.edges_left_out }
}

fn ties(map: &GroupMap) -> String {
    let mut table = Table::new(&["account_a", "account_b", "weight"]);
    let account =
        |number: u32| map.nodes.get(number as usize).map(|node| node.account.clone()).unwrap_or_default();
    for (a, b, weight) in &map.edges {
        table.row([account(*a), account(*b), weight.to_string()]);
    }
    table.0
}

/// The map as other programs take it; groups become numbers from 1.
fn graph(map: GroupMap, title: String) -> GraphFile {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let node = |node: ::app::coordination::MapNode| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
        let group = Some(*numbers.entry(node.group).or_insert(next));
        GraphNode { id: node.account, label: node.label, group, size: node.size, x: node.x, y: node.y }
    };
    let nodes = map.nodes.into_iter().map(node).collect();
    let edge = |(a, b, weight)| GraphEdge { a, b, weight: f64::from(weight), traces: Vec::new() };
    GraphFile { title, nodes, edges: map.edges.into_iter().map(edge).collect() }
}

type Writer = fn(&GraphFile, &mut dyn Write) -> Result<(), GraphFileError>;

fn graph_file(map: GroupMap, title: String, file: &str) -> Result<Response, Error> {
    let (write, media_type): (Writer, _) = match file {
        "graph.gexf" => (write_gexf, "application/gexf+xml"),
        "graph.graphml" => (write_graphml, "application/graphml+xml"),
        _ => return Err(Error::new(Code::NotFound)),
    };
    let mut out = Vec::new();
    write(&graph(map, title), &mut out).map_err(|error| Error::internal(&error))?;
    attached(out, file, media_type)
}

/// The data of the card, with what made them; the same shape as the API's.
fn data(group: KnownGroup) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(&EvidenceBody::from(group)).map_err(|error| Error::internal(&error))
}

fn attached(body: Vec<u8>, name: &str, media_type: &'static str) -> Result<Response, Error> {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let value = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, value.map_err(|error| Error::internal(&error))?);
    Ok(response)
}

async fn of_group(visit: Visit, Path((id, file)): Path<(String, String)>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let of_map = matches!(file.as_str(), "ties.csv" | "graph.gexf" | "graph.graphml");
    let (group, map) = work(move || {
        let group = workspace.coordinated_group(&actor, &id)?;
        let map = if of_map { Some(workspace.group_map(&actor)?) } else { None };
        Ok((group, map))
    })
    .await?;
    let report = &group.report;
    // The identifier of a report is of our own making.
    let name = format!("{}-{file}", report.id);
    let csv = "text/csv; charset=utf-8";
    match (file.as_str(), map) {
        ("data.json", _) => attached(data(group)?, &name, "application/json"),
        ("members.csv", _) => attached(members(report).into_bytes(), &name, csv),
        ("shares.csv", _) => attached(shares(report).into_bytes(), &name, csv),
        ("ties.csv", Some(map)) => attached(ties(&only(map, &report.id)).into_bytes(), &name, csv),
        (_, Some(map)) => graph_file(only(map, &report.id), report.id.clone(), &file),
        _ => Err(Error::new(Code::NotFound)),
    }
}

async fn of_map(visit: Visit, Path(file): Path<String>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let map = work(move || workspace.group_map(&actor)).await?;
    graph_file(map, visit.workspace.info().name.clone(), &file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::app::coordination::MapNode;

    fn map() -> GroupMap {
        let node = |account: &str, group: &str| MapNode {
            account: account.to_owned(),
            label: account.to_owned(),
            group: group.to_owned(),
            x: 0.5,
            y: 0.5,
            size: 1.0,
        };
        GroupMap {
            nodes: vec![node("a", "g"), node("b", "h"), node("=c", "g")],
            edges: vec![(0, 2, 1.5), (0, 1, 1.0)],
            ..GroupMap::default()
        }
    }

    #[test]
    fn a_group_keeps_only_its_own_ties() {
        let part = only(map(), "g");
        assert_eq!(part.edges, [(0, 1, 1.5)]);
        assert_eq!(ties(&part), "account_a,account_b,weight\r\na,'=c,1.5\r\n", "and no formula");
        let graph = graph(map(), "t".to_owned());
        assert_eq!(
            graph.nodes.iter().map(|node| node.group).collect::<Vec<_>>(),
            [Some(1), Some(2), Some(1)]
        );
    }

    #[test]
    fn cells_are_quoted() {
        let mut table = Table::new(&["a", "b"]);
        table.row(["x \"y\", z".to_owned(), "-1.5".to_owned()]);
        assert_eq!(table.0, "a,b\r\n\"x \"\"y\"\", z\",-1.5\r\n");
    }
}
