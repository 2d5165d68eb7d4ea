//! The API told to programs: OpenAPI 3.1, made of the table of routes.
//!
//! In: the routes with method, path, need and summary; [`OPERATIONS`], which
//! adds parameters and shapes; `schemas.json`, kept by hand. Out: the document.
//! Tests hold the three together and check answers against the shapes.
//! Source: OpenAPI Specification 3.1.1, JSON Schema 2020-12.

use crate::errors::Error;
use crate::front::{Need, Route};
use axum::Json;
use axum::http::Method;
use axum::routing::get;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/api/v1/openapi.json",
        need: Need::Nothing,
        summary: "This description of the API, OpenAPI 3.1",
        handler: get(answer),
    }]
}

/// Parameters and schemas, kept by hand.
const SCHEMAS: &str = include_str!("schemas.json");

/// Stands for a body that is a picture and no JSON.
const PICTURE: &str = "picture";

/// What an operation answers when all is well.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    /// One thing of a schema.
    One(&'static str),
    /// A page of things of a schema.
    List(&'static str),
    /// A new thing of a schema, with its address.
    New(&'static str),
    /// Nothing.
    Nothing,
    /// A file.
    File,
}

/// What the table of routes does not say of an operation.
pub(super) struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path behind `/api/v1`.
    pub path: &'static str,
    /// Its query parameters, by their names in `schemas.json`; a parameter that
    /// an operation takes in its own way is there as `name/operation`.
    pub query: &'static [&'static str],
    /// The schema of its body; [`PICTURE`] for the bytes of a picture.
    pub body: Option<&'static str>,
    /// Its answer.
    pub gives: Gives,
}

const fn reads(path: &'static str, query: &'static [&'static str], gives: Gives) -> Operation {
    Operation { method: Method::GET, path, query, body: None, gives }
}

const fn takes(method: Method, path: &'static str, body: &'static str, gives: Gives) -> Operation {
    Operation { method, path, query: &[], body: Some(body), gives }
}

const fn removes(path: &'static str) -> Operation {
    Operation { method: Method::DELETE, path, query: &[], body: None, gives: Gives::Nothing }
}

/// Every operation.
pub(super) const OPERATIONS: &[Operation] = &[
    reads("/health", &[], Gives::One("Health")),
    reads("/openapi.json", &[], Gives::One("OpenApi")),
    reads("/me", &[], Gives::One("Me")),
    reads("/people", &[], Gives::List("Person")),
    takes(Method::POST, "/people", "NewPerson", Gives::New("Person")),
    takes(Method::PATCH, "/people/{id}", "RoleChange", Gives::One("Person")),
    removes("/people/{id}"),
    reads("/tokens", &[], Gives::List("Token")),
    takes(Method::POST, "/tokens", "NewToken", Gives::New("MadeToken")),
    removes("/tokens/{id}"),
    reads("/posts", &["q", "order", "limit", "after"], Gives::One("FoundPosts")),
    reads("/posts/{id}", &[], Gives::One("PostPage")),
    takes(Method::POST, "/posts/labels", "Labelling", Gives::One("Changed")),
    takes(Method::DELETE, "/posts/labels", "Labelling", Gives::One("Changed")),
    reads("/labels", &[], Gives::List("LabelCount")),
    reads("/corrections", &["limit", "after"], Gives::List("Correction")),
    takes(Method::POST, "/corrections", "NewCorrection", Gives::New("Correction")),
    removes("/corrections/{id}"),
    reads("/learning", &[], Gives::One("Learning")),
    reads("/worth-labelling", &["q"], Gives::List("Proposal")),
    reads("/overview", &["q", "from", "to"], Gives::One("Overview")),
    reads("/authors/{*key}", &["from", "to"], Gives::One("AuthorPage")),
    reads("/queries", &[], Gives::List("QueryWithMentions")),
    takes(Method::POST, "/queries", "NewQuery", Gives::New("Query")),
    takes(Method::POST, "/queries/preview", "QueryDraft", Gives::One("Preview")),
    reads("/queries/{id}", &[], Gives::One("Query")),
    takes(Method::PUT, "/queries/{id}", "NewQuery", Gives::One("Query")),
    removes("/queries/{id}"),
    reads("/queries/{id}/history", &[], Gives::List("QueryVersion")),
    reads("/topics", &["q", "from", "to"], Gives::One("Topics")),
    reads("/question-groups", &["q", "from", "to"], Gives::One("QuestionGroups")),
    reads("/answers", &[], Gives::List("FrequentAnswer")),
    takes(Method::POST, "/answers", "NewAnswer", Gives::New("FrequentAnswer")),
    reads("/answers/{id}", &[], Gives::One("FrequentAnswer")),
    takes(Method::PUT, "/answers/{id}", "NewAnswer", Gives::One("FrequentAnswer")),
    removes("/answers/{id}"),
    reads("/cascades", &["q", "from", "to", "limit/cascades"], Gives::List("Cascade")),
    reads("/cascades/{id}", &[], Gives::One("CascadePage")),
    reads("/coordination", &[], Gives::One("Coordination")),
    Operation {
        method: Method::POST,
        path: "/coordination/run",
        query: &[],
        body: None,
        gives: Gives::One("DetectionState"),
    },
    reads("/coordination/groups/{group}", &[], Gives::One("GroupEvidence")),
    reads("/coordination/groups/{group}/accounts/{account}", &[], Gives::One("AccountEvidence")),
    reads("/coordination/groups/{group}/actions", &[], Gives::One("GroupActions")),
    takes(Method::POST, "/coordination/groups/{group}/decision", "NewGroupDecision", Gives::Nothing),
    reads("/coordination/audit", &["q"], Gives::One("CampaignAudit")),
    reads("/coordination/map", &[], Gives::One("GroupMap")),
    reads("/alerts", &["open", "limit", "after"], Gives::List("Alert")),
    Operation {
        method: Method::POST,
        path: "/alerts/{id}/seen",
        query: &[],
        body: None,
        gives: Gives::Nothing,
    },
    takes(Method::POST, "/alerts/seen", "AlertsUpto", Gives::One("SeenCount")),
    takes(Method::POST, "/scam-check", "Message", Gives::One("ScamCheck")),
    takes(Method::POST, "/pictures/check", PICTURE, Gives::One("PictureCheck")),
    reads("/streams", &[], Gives::List("Stream")),
    takes(Method::POST, "/streams", "NewStream", Gives::New("Stream")),
    removes("/streams/{id}"),
    reads("/handbook", &[], Gives::One("Handbook")),
    takes(Method::PUT, "/handbook", "Handbook", Gives::One("Handbook")),
    reads("/sources", &[], Gives::List("Source")),
    takes(Method::POST, "/sources", "NewSource", Gives::New("Source")),
    reads("/sources/{id}", &[], Gives::One("Source")),
    takes(Method::PATCH, "/sources/{id}", "SourceChange", Gives::One("Source")),
    removes("/sources/{id}"),
    takes(Method::POST, "/records", "Records", Gives::One("Pushed")),
    reads("/imports", &["limit"], Gives::List("Import")),
    reads("/rejects", &["source", "import", "limit", "after"], Gives::List("Reject")),
    reads("/exports", &[], Gives::List("Export")),
    takes(Method::POST, "/exports", "NewExport", Gives::New("Export")),
    reads("/exports/{id}", &[], Gives::One("Export")),
    reads("/exports/{id}/file", &[], Gives::File),
    reads("/exports/{id}/manifest", &[], Gives::One("Manifest")),
    reads("/retention", &[], Gives::One("Retention")),
    takes(Method::PUT, "/retention", "Retention", Gives::One("Retention")),
    takes(Method::POST, "/erasures", "NewErasure", Gives::One("Erased")),
    Operation {
        method: Method::POST,
        path: "/rebuild",
        query: &[],
        body: None,
        gives: Gives::One("Rebuilt"),
    },
    reads("/audit", &["limit", "after"], Gives::List("AuditEntry")),
];

/// Made once: the table of routes does not change while the program runs.
static DOCUMENT: LazyLock<Result<Value, String>> =
    LazyLock::new(|| document(&super::routes()).map_err(|error| error.to_string()));

async fn answer() -> Result<Json<Value>, Error> {
    DOCUMENT.as_ref().map(|document| Json(document.clone())).map_err(|error| Error::internal(error))
}

/// The document of a table of routes.
///
/// # Errors
/// When `schemas.json` is not JSON.
pub(super) fn document(routes: &[Route]) -> Result<Value, serde_json::Error> {
    let known: Value = serde_json::from_str(SCHEMAS)?;
    let mut paths = Map::new();
    for route in routes {
        let operation = OPERATIONS
            .iter()
            .find(|operation| operation.method == route.method && full(operation) == route.path);
        let item = paths.entry(template(route.path)).or_insert_with(|| json!({}));
        item[route.method.as_str().to_lowercase()] = describe(route, operation, &known);
    }
    let schemas = known.get("schemas").cloned().unwrap_or_default();
    Ok(json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Atalaya",
            "version": "1",
            "summary": "What is said, by whom, in which tone and where",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token of the workspace; each operation names the permission that it needs",
            }},
            "schemas": schemas,
        },
    }))
}

/// The path as the table of routes has it.
pub(super) fn full(operation: &Operation) -> String {
    format!("/api/v1{}", operation.path)
}

/// The path as OpenAPI writes it: `{*key}` is `{key}` there.
fn template(path: &str) -> String {
    path.replace("{*", "{")
}

/// The names in braces.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_start_matches('*'))
}

/// `get_queries_id_history` of `GET /api/v1/queries/{id}/history`.
fn operation_id(route: &Route) -> String {
    let path = route.path.trim_start_matches("/api/v1/");
    let words: Vec<&str> =
        path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    format!("{}_{}", route.method.as_str().to_lowercase(), words.join("_"))
}

fn describe(route: &Route, operation: Option<&Operation>, known: &Value) -> Value {
    let parameter = |name: &str, place: &str| {
        let schema = known["parameters"][name].clone();
        let name = name.split('/').next().unwrap_or(name);
        json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
    };
    let mut parameters: Vec<Value> = names_in(route.path).map(|name| parameter(name, "path")).collect();
    parameters.extend(operation.into_iter().flat_map(|o| o.query).map(|name| parameter(name, "query")));
    let tag = route.path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
    let mut out = json!({
        "operationId": operation_id(route),
        "summary": route.summary,
        "tags": [tag],
        "parameters": parameters,
        "responses": responses(operation.map_or(Gives::Nothing, |operation| operation.gives)),
    });
    if let Need::Token(permission) = route.need {
        out["security"] = json!([{ "token": [permission.name()] }]);
        out["description"] = format!("Needs the permission `{}`.", permission.name()).into();
    }
    if let Some(body) = operation.and_then(|operation| operation.body) {
        let content = match body {
            PICTURE => json!({ "image/*": {}, "application/octet-stream": {} }),
            _ => json!({ "application/json": { "schema": reference(body) } }),
        };
        out["requestBody"] = json!({ "required": true, "content": content });
    }
    out
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn responses(gives: Gives) -> Value {
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let (status, good) = match gives {
        Gives::One(schema) => {
            ("200", json!({ "description": "Done", "content": json_of(reference(schema)) }))
        }
        Gives::List(schema) => {
            let page = json!({
                "type": "object",
                "properties": {
                    "items": { "type": "array", "items": reference(schema) },
                    "next": { "type": ["string", "null"], "description": "What `after` takes for the next page" },
                },
                "required": ["items", "next"],
            });
            ("200", json!({ "description": "A page", "content": json_of(page) }))
        }
        Gives::New(schema) => {
            let location =
                json!({ "Location": { "schema": { "type": "string" }, "description": "Its address" } });
            let content = json_of(reference(schema));
            ("201", json!({ "description": "Made", "headers": location, "content": content }))
        }
        Gives::Nothing => ("204", json!({ "description": "Done" })),
        Gives::File => {
            let content = json!({ "text/csv": {}, "application/vnd.apache.parquet": {} });
            ("200", json!({ "description": "The file", "content": content }))
        }
    };
    let bad = json!({ "description": "Not done", "content": json_of(reference("Error")) });
    json!({ status: good, "default": bad })
}
