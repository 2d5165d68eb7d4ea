//! The evidence as files: what somebody else needs to repeat it.
//!
//! In: a group, an account of it, or the whole map, and the name of a file.
//! Out: JSON, CSV, GEXF, GraphML, made when asked for. Errors: 404 for any
//! other name. Source: the four columns of CooRTweet; GEXF 1.3; GraphML.
//! Limits: as many acts and nodes as are kept of the run; the manifest says
//! what was left out. A cell that a spreadsheet would run as a formula gets a
//! leading `'`.

use crate::api::coordination::{AccountBody, EvidenceBody};
use crate::errors::{Code, Error};
use crate::front::{Need, Route, Visit, work};
use ::app::coordination::{
    ActionView, ActionsManifest, GraphEdge, GraphFile, GraphFileError, GraphNode, GroupActions, GroupMap,
    GroupReport, KnownGroup, MEMBER_COLUMNS, SHARE_COLUMNS, member_cells, write_gexf, write_graphml,
};
use ::app::spreadsheet::csv_row;
use axum::extract::Path;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::{Permission, Trace};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
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
            path: "/coordination/groups/{id}/accounts/{account}/files/{file}",
            need,
            summary: "The evidence about an account as a file",
            handler: get(of_account),
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
        self.0.push_str(&csv_row(cells));
    }
}

fn members(report: &GroupReport) -> String {
    let mut table = Table::new(&MEMBER_COLUMNS);
    report.members.iter().for_each(|member| table.row(member_cells(member)));
    table.0
}

/// Every act that is kept, with what it was done on.
fn acts(actions: &GroupActions) -> String {
    let mut table = Table::new(&[
        "trace",
        "object_id",
        "object",
        "half",
        "account",
        "member",
        "post",
        "time_s",
        "target",
        "occasion",
    ]);
    for act in &actions.acts {
        table.row([
            act.trace.name().to_owned(),
            act.object.clone(),
            act.name.clone(),
            act.half.to_string(),
            act.who(),
            act.account.is_some().to_string(),
            act.post.clone().unwrap_or_default(),
            act.time_s.to_string(),
            act.target.clone().unwrap_or_default(),
            act.occasion.clone().unwrap_or_default(),
        ]);
    }
    table.0
}

/// The same acts in CooRTweet's words, of all traces or of one.
fn shares(actions: &GroupActions, only: Option<Trace>) -> String {
    let mut table = Table::new(&SHARE_COLUMNS);
    let wanted = |act: &&ActionView| only.is_none_or(|trace| trace == act.trace);
    for (number, act) in actions.acts.iter().filter(wanted).enumerate() {
        // A post of somebody else has no name here: each is one of its own.
        let content = act.post.clone().unwrap_or_else(|| format!("other-post-{number}"));
        table.row([act.object.clone(), act.who(), content, act.time_s.to_string()]);
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
    let inner = |(a, b, weight, traces)| Some((*places.get(&a)?, *places.get(&b)?, weight, traces));
    let edges = map.edges.into_iter().filter_map(inner).collect();
    GroupMap { nodes, edges, nodes_left_out: map.nodes_left_out, edges_left_out: map.edges_left_out }
}

fn ties(map: &GroupMap) -> String {
    let mut table = Table::new(&["account_a", "account_b", "weight", "traces"]);
    let account =
        |number: u32| map.nodes.get(number as usize).map(|node| node.account.clone()).unwrap_or_default();
    for (a, b, weight, traces) in &map.edges {
        let traces: Vec<&str> = traces.iter().map(|trace| trace.name()).collect();
        table.row([account(*a), account(*b), weight.to_string(), traces.join(" ")]);
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
    let edge = |(a, b, weight, traces)| GraphEdge { a, b, weight: f64::from(weight), traces };
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

/// The data of a card, with what made them.
#[derive(Serialize)]
struct DataBody {
    #[serde(flatten)]
    evidence: EvidenceBody,
    /// What the other files hold, and what was left out.
    manifest: ActionsManifest,
}

fn json(body: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(body).map_err(|error| Error::internal(&error))
}

fn attached(body: Vec<u8>, name: &str, media_type: &'static str) -> Result<Response, Error> {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let value = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, value.map_err(|error| Error::internal(&error))?);
    Ok(response)
}

/// What a file of a group is made of.
enum Made {
    Group(Box<KnownGroup>, Box<ActionsManifest>),
    Acts(GroupActions),
    Map(GroupMap),
}

async fn of_group(visit: Visit, Path((id, file)): Path<(String, String)>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let wanted = file.clone();
    let (id, made) = work(move || {
        let group = workspace.coordinated_group(&actor, &id)?;
        // The identifier of a report is of our own making.
        let id = group.report.id.clone();
        let made = match wanted.as_str() {
            "ties.csv" | "graph.gexf" | "graph.graphml" => Made::Map(workspace.group_map(&actor)?),
            "data.json" | "members.csv" | "manifest.json" => {
                Made::Group(Box::new(group), Box::new(workspace.group_manifest(&actor, &id)?))
            }
            _ => Made::Acts(workspace.group_actions(&actor, &id)?),
        };
        Ok((id, made))
    })
    .await?;
    let name = format!("{id}-{file}");
    let csv = |text: String| attached(text.into_bytes(), &name, "text/csv; charset=utf-8");
    match (file.as_str(), made) {
        ("members.csv", Made::Group(group, _)) => csv(members(&group.report)),
        ("manifest.json", Made::Group(_, manifest)) => attached(json(&manifest)?, &name, "application/json"),
        (_, Made::Group(group, manifest)) => {
            let body = DataBody { evidence: (*group).into(), manifest: *manifest };
            attached(json(&body)?, &name, "application/json")
        }
        ("actions.csv", Made::Acts(actions)) => csv(acts(&actions)),
        ("shares.csv", Made::Acts(actions)) => csv(shares(&actions, None)),
        (_, Made::Acts(actions)) => {
            let trace =
                file.strip_prefix("shares-").and_then(|rest| Trace::parse(rest.strip_suffix(".csv")?));
            let trace = trace.ok_or_else(|| Error::new(Code::NotFound))?;
            csv(shares(&actions, Some(trace)))
        }
        ("ties.csv", Made::Map(map)) => csv(ties(&only(map, &id))),
        (_, Made::Map(map)) => graph_file(only(map, &id), id.clone(), &file),
    }
}

async fn of_account(
    visit: Visit,
    Path((id, account, file)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (card, mut actions) = work(move || {
        let card = workspace.coordinated_account(&actor, &id, &account)?;
        let actions = workspace.group_actions(&actor, &card.group)?;
        Ok((card, actions))
    })
    .await?;
    let name =
        format!("{}-{}-{file}", card.group, ::app::coordination::account_address(&card.member.account));
    match file.as_str() {
        "data.json" => attached(json(&AccountBody::from(card))?, &name, "application/json"),
        "actions.csv" => {
            // Its objects with everybody's acts on them: alone it shows nothing.
            let own: HashSet<String> = actions
                .acts
                .iter()
                .filter(|act| act.account.as_ref() == Some(&card.member.account))
                .map(|act| act.object.clone())
                .collect();
            actions.acts.retain(|act| own.contains(&act.object));
            attached(acts(&actions).into_bytes(), &name, "text/csv; charset=utf-8")
        }
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
            edges: vec![(0, 2, 1.5, vec![Trace::CoLink, Trace::CoText]), (0, 1, 1.0, Vec::new())],
            ..GroupMap::default()
        }
    }

    #[test]
    fn a_group_keeps_only_its_own_ties() {
        let part = only(map(), "g");
        assert_eq!(part.edges, [(0, 1, 1.5, vec![Trace::CoLink, Trace::CoText])]);
        let told = "account_a,account_b,weight,traces\r\na,'=c,1.5,co_link co_text\r\n";
        assert_eq!(ties(&part), told, "and no formula");
        let graph = graph(map(), "t".to_owned());
        assert_eq!(
            graph.nodes.iter().map(|node| node.group).collect::<Vec<_>>(),
            [Some(1), Some(2), Some(1)]
        );
        assert_eq!(graph.edges.first().unwrap().traces, [Trace::CoLink, Trace::CoText]);
    }
}
