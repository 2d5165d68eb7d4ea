//! Graphs for other programs: GEXF 1.3 and GraphML, as Gephi opens them.
//!
//! In: a [`GraphFile`]. Out: XML in UTF-8. Errors: [`GraphFileError`], before
//! anything is written unless writing itself fails.
//! Cost: one pass; the identifiers twice more in memory, to make them differ.
//! Source: GEXF 1.3 (gexf.net) with its `viz` part; GraphML (Brandes et al.
//! 2002) with the names that Gephi reads as label, size and position.
//! Limits: characters that XML 1.0 does not know become U+FFFD; a weight, size
//! or position that is no finite number, and in GEXF a negative size, is left out.

use model::Trace;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::Write;

/// Why a graph was not written.
#[derive(Debug, thiserror::Error)]
pub enum GraphFileError {
    /// Writing failed.
    #[error("the graph cannot be written: {0}")]
    Broken(#[from] std::io::Error),
    /// An edge ends nowhere.
    #[error("edge {edge} ends in node {node}, but there are {nodes} nodes")]
    NoSuchNode {
        /// Number of the edge, from 0.
        edge: usize,
        /// Number of the node it names.
        node: u32,
        /// Nodes there are.
        nodes: usize,
    },
}

/// An account in a graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphNode {
    /// Identifier. Those that are the same once written get a suffix.
    pub id: String,
    /// Name to show.
    pub label: String,
    /// Number of its group; `None` when it is in none.
    pub group: Option<u32>,
    /// Size to draw.
    pub size: f32,
    /// Position.
    pub x: f32,
    /// Position.
    pub y: f32,
}

/// A tie between two accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphEdge {
    /// Index of a node.
    pub a: u32,
    /// Index of another.
    pub b: u32,
    /// Strength, above zero.
    pub weight: f64,
    /// The joint actions behind it.
    pub traces: Vec<Trace>,
}

/// An undirected graph to write.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphFile {
    /// What it shows, for the head of the file.
    pub title: String,
    /// Accounts.
    pub nodes: Vec<GraphNode>,
    /// Ties.
    pub edges: Vec<GraphEdge>,
}

impl GraphFile {
    /// Every edge ends in nodes.
    fn check(&self) -> Result<(), GraphFileError> {
        for (number, edge) in self.edges.iter().enumerate() {
            let outside = |node: &u32| self.nodes.get(*node as usize).is_none();
            if let Some(node) = [edge.a, edge.b].into_iter().find(outside) {
                return Err(GraphFileError::NoSuchNode { edge: number, node, nodes: self.nodes.len() });
            }
        }
        Ok(())
    }

    /// The identifiers as they are written, all different: of those that are the
    /// same, as where they differ in characters that XML does not know, the
    /// second ends in `~2`, the third in `~3`.
    fn ids(&self) -> Vec<String> {
        let plain: Vec<String> = self.nodes.iter().map(|node| escaped(&node.id)).collect();
        let mut taken: HashSet<String> = plain.iter().cloned().collect();
        let mut uses: HashMap<&str, u32> = HashMap::with_capacity(plain.len());
        plain
            .iter()
            .map(|id| {
                let use_of = uses.entry(id.as_str()).or_insert(0);
                *use_of += 1;
                if *use_of == 1 {
                    return id.clone();
                }
                loop {
                    let other = format!("{id}~{use_of}");
                    if taken.insert(other.clone()) {
                        return other;
                    }
                    *use_of += 1;
                }
            })
            .collect()
    }
}

/// The identifier of a node; [`GraphFile::check`] has seen that it is there.
fn id_in(ids: &[String], node: u32) -> &str {
    ids.get(node as usize).map(String::as_str).unwrap_or_default()
}

/// Text as it stands between tags and in quotes of XML 1.0.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // As such they would come back as spaces.
            '\t' | '\n' | '\r' => {
                // Writing to a text does not fail.
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

fn traces_text(traces: &[Trace]) -> String {
    traces.iter().map(|trace| trace.name()).collect::<Vec<_>>().join(" ")
}

/// Writes a graph as GEXF 1.3.
///
/// # Errors
/// [`GraphFileError`] when the graph is not one, before anything is written, or
/// when writing fails.
pub fn write_gexf(graph: &GraphFile, out: &mut dyn Write) -> Result<(), GraphFileError> {
    graph.check()?;
    let ids = graph.ids();
    let title = escaped(&graph.title);
    write!(
        out,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
<meta><creator>Atalaya</creator><description>{title}</description></meta>
<graph mode="static" defaultedgetype="undirected" idtype="string">
<attributes class="node" mode="static">
<attribute id="group" title="group" type="integer"/>
</attributes>
<attributes class="edge" mode="static">
<attribute id="traces" title="traces" type="string"/>
</attributes>
<nodes count="{}">
"#,
        graph.nodes.len()
    )?;
    for (node, id) in graph.nodes.iter().zip(&ids) {
        write!(out, r#"<node id="{id}" label="{}">"#, escaped(&node.label))?;
        if let Some(group) = node.group {
            write!(out, r#"<attvalues><attvalue for="group" value="{group}"/></attvalues>"#)?;
        }
        if node.size.is_finite() && node.size >= 0.0 {
            write!(out, r#"<viz:size value="{}"/>"#, node.size)?;
        }
        if node.x.is_finite() && node.y.is_finite() {
            write!(out, r#"<viz:position x="{}" y="{}" z="0"/>"#, node.x, node.y)?;
        }
        out.write_all(b"</node>\n")?;
    }
    write!(out, "</nodes>\n<edges count=\"{}\">\n", graph.edges.len())?;
    for (number, edge) in graph.edges.iter().enumerate() {
        let (source, target) = (id_in(&ids, edge.a), id_in(&ids, edge.b));
        write!(out, r#"<edge id="{number}" source="{source}" target="{target}""#)?;
        if edge.weight.is_finite() {
            write!(out, r#" weight="{}""#, edge.weight)?;
        }
        let traces = traces_text(&edge.traces);
        writeln!(out, r#"><attvalues><attvalue for="traces" value="{traces}"/></attvalues></edge>"#)?;
    }
    out.write_all(b"</edges>\n</graph>\n</gexf>\n")?;
    Ok(())
}

/// Writes a graph as GraphML.
///
/// # Errors
/// [`GraphFileError`] when the graph is not one, before anything is written, or
/// when writing fails.
pub fn write_graphml(graph: &GraphFile, out: &mut dyn Write) -> Result<(), GraphFileError> {
    graph.check()?;
    let ids = graph.ids();
    write!(
        out,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<desc>{}</desc>
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="group" for="node" attr.name="group" attr.type="int"/>
<key id="size" for="node" attr.name="size" attr.type="float"/>
<key id="x" for="node" attr.name="x" attr.type="float"/>
<key id="y" for="node" attr.name="y" attr.type="float"/>
<key id="weight" for="edge" attr.name="weight" attr.type="double"/>
<key id="traces" for="edge" attr.name="traces" attr.type="string"/>
<graph id="G" edgedefault="undirected">
"#,
        escaped(&graph.title)
    )?;
    for (node, id) in graph.nodes.iter().zip(&ids) {
        write!(out, r#"<node id="{id}"><data key="label">{}</data>"#, escaped(&node.label))?;
        if let Some(group) = node.group {
            write!(out, r#"<data key="group">{group}</data>"#)?;
        }
        for (key, value) in [("size", node.size), ("x", node.x), ("y", node.y)] {
            if value.is_finite() {
                write!(out, r#"<data key="{key}">{value}</data>"#)?;
            }
        }
        out.write_all(b"</node>\n")?;
    }
    for (number, edge) in graph.edges.iter().enumerate() {
        let (source, target) = (id_in(&ids, edge.a), id_in(&ids, edge.b));
        write!(out, r#"<edge id="e{number}" source="{source}" target="{target}">"#)?;
        if edge.weight.is_finite() {
            write!(out, r#"<data key="weight">{}</data>"#, edge.weight)?;
        }
        writeln!(out, r#"<data key="traces">{}</data></edge>"#, traces_text(&edge.traces))?;
    }
    out.write_all(b"</graph>\n</graphml>\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, label: &str, group: Option<u32>) -> GraphNode {
        GraphNode { id: id.to_owned(), label: label.to_owned(), group, size: 2.5, x: -1.0, y: 0.125 }
    }

    fn graph() -> GraphFile {
        GraphFile {
            title: "Ana & \"los <otros>\"".to_owned(),
            nodes: vec![node("x:1", "Ana & 'Co' <b>\u{0}\n]]>", Some(3)), node("x:2", "ñandú 🦜", None)],
            edges: vec![GraphEdge { a: 0, b: 1, weight: 7.5, traces: vec![Trace::CoLink, Trace::CoText] }],
        }
    }

    fn text(
        write: fn(&GraphFile, &mut dyn Write) -> Result<(), GraphFileError>,
        graph: &GraphFile,
    ) -> String {
        let mut out = Vec::new();
        write(graph, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The two writers, and what the first node and the edge must look like in each.
    #[test]
    fn nodes_edges_and_their_escapes() {
        let label = "Ana &amp; &apos;Co&apos; &lt;b&gt;\u{fffd}&#10;]]&gt;";
        let gexf = text(write_gexf, &graph());
        for expected in [
            "version=\"1.3\"",
            "<description>Ana &amp; &quot;los &lt;otros&gt;&quot;</description>",
            &format!(
                "<node id=\"x:1\" label=\"{label}\"><attvalues><attvalue for=\"group\" value=\"3\"/></attvalues>\
                      <viz:size value=\"2.5\"/><viz:position x=\"-1\" y=\"0.125\" z=\"0\"/></node>"
            ),
            "<node id=\"x:2\" label=\"ñandú 🦜\"><viz:size",
            "<edge id=\"0\" source=\"x:1\" target=\"x:2\" weight=\"7.5\"><attvalues>\
             <attvalue for=\"traces\" value=\"co_link co_text\"/></attvalues></edge>",
        ] {
            assert!(gexf.contains(expected), "{expected} is not in {gexf}");
        }
        let graphml = text(write_graphml, &graph());
        for expected in [
            &format!(
                "<node id=\"x:1\"><data key=\"label\">{label}</data><data key=\"group\">3</data>\
                      <data key=\"size\">2.5</data><data key=\"x\">-1</data><data key=\"y\">0.125</data></node>"
            ),
            "<edge id=\"e0\" source=\"x:1\" target=\"x:2\"><data key=\"weight\">7.5</data>\
             <data key=\"traces\">co_link co_text</data></edge>",
        ] {
            assert!(graphml.contains(expected), "{expected} is not in {graphml}");
        }
    }

    /// Names and depth of tags: each is closed, and in the right order.
    #[test]
    fn tags_are_balanced_and_nothing_leaks_into_markup() {
        let mut hostile = graph();
        hostile.nodes[0].label = "\"/><script>&\u{1b}\u{ffff}<!-- ]]> <?x?>".to_owned();
        hostile.nodes[0].id = "a\"b<c>&\t".to_owned();
        for text in [text(write_gexf, &hostile), text(write_graphml, &hostile)] {
            let mut open = Vec::new();
            for tag in text.split('<').skip(1) {
                let (tag, after) = tag.split_once('>').unwrap();
                assert!(!after.contains('>'), "{after}");
                assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
                let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
                if tag.starts_with('/') {
                    assert_eq!(open.pop(), Some(name));
                } else if !tag.ends_with('/') && !tag.starts_with('?') {
                    open.push(name);
                }
            }
            assert!(open.is_empty(), "{open:?}");
            assert!(!text.contains("script>") && !text.contains('\u{1b}'));
        }
    }

    #[test]
    fn numbers_that_are_none_are_left_out() {
        let mut graph = graph();
        (graph.nodes[0].size, graph.nodes[0].x) = (f32::NAN, f32::INFINITY);
        graph.nodes[1].y = f32::NEG_INFINITY;
        graph.edges[0].weight = f64::NAN;
        for text in [text(write_gexf, &graph), text(write_graphml, &graph)] {
            assert!(!text.contains("NaN") && !text.contains("inf\""), "{text}");
        }
    }

    #[test]
    fn what_is_no_graph_is_refused_before_it_is_written() {
        let mut nowhere = graph();
        nowhere.edges[0].b = 2;
        for write in [write_gexf, write_graphml] {
            let mut out = Vec::new();
            let refused = write(&nowhere, &mut out).unwrap_err().to_string();
            assert_eq!(refused, "edge 0 ends in node 2, but there are 2 nodes");
            assert!(out.is_empty());
            assert!(write(&GraphFile::default(), &mut out).is_ok());
        }
    }

    #[test]
    fn identifiers_differ_whatever_they_are() {
        let ids = ["a\u{1}", "a\u{2}", "a\u{fffd}", "a\u{fffd}~2", "b", "b"];
        let graph = GraphFile {
            nodes: ids.iter().map(|id| node(id, "x", None)).collect(),
            edges: vec![GraphEdge { a: 1, b: 2, weight: 1.0, traces: Vec::new() }],
            ..GraphFile::default()
        };
        let written = graph.ids();
        assert_eq!(written[..2], ["a\u{fffd}", "a\u{fffd}~3"]);
        assert_eq!(written[3..], ["a\u{fffd}~2", "b", "b~2"]);
        assert_eq!(written.iter().collect::<HashSet<_>>().len(), ids.len());
        for text in [text(write_gexf, &graph), text(write_graphml, &graph)] {
            let edge = format!("source=\"{}\" target=\"{}\"", written[1], written[2]);
            assert!(text.contains(&edge) && text.trim_end().ends_with('>'), "{text}");
            assert!(written.iter().all(|id| text.contains(&format!("<node id=\"{id}\""))));
        }
    }
}
