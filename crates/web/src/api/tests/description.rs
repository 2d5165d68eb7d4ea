//! That the description of the API tells the truth: it agrees with the table
//! of routes, with itself, with the sources that can be set up and with the manual.

use crate::api::openapi::{Gives, OPERATIONS, document, full};
use crate::api::routes;
use crate::errors::Code;
use crate::front::Need;
use model::listening::SourceSetup;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a value does not share with a schema: enough of JSON Schema 2020-12
/// for ours (type, enum, const, oneOf, $ref, properties, required, items).
pub(super) fn faults(value: &Value, schema: &Value, all: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target =
            all.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} is not there"));
        return faults(value, target, all, at, found);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = |choice: &&Value| {
            let mut inner = Vec::new();
            faults(value, choice, all, at, &mut inner);
            inner.is_empty()
        };
        let fitting = choices.iter().filter(fits).count();
        if fitting != 1 {
            found.push(format!("{at}: {value} fits {fitting} of the choices"));
        }
        return;
    }
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = |kind: &str| kind == actual || (kind == "number" && actual == "integer");
    let allowed = match &schema["type"] {
        Value::String(kind) => fits(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(fits),
        _ => true,
    };
    if !allowed {
        found.push(format!("{at}: {value} is {actual}, not {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        found.push(format!("{at}: {value} is not {}", schema["const"]));
    }
    if schema["format"] == "date-time"
        && value.as_str().is_some_and(|text| !text.ends_with('Z') || model::Timestamp::parse(text).is_err())
    {
        found.push(format!("{at}: {value} is not RFC 3339 in UTC"));
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(items) = schema.get("items") {
            faults(item, items, all, &format!("{at}[{n}]"), found);
        }
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, inner) in object {
        let known = schema["properties"].get(name);
        match known.or(schema.get("additionalProperties").filter(|more| more.is_object())) {
            Some(schema) => faults(inner, schema, all, &format!("{at}.{name}"), found),
            None if schema["additionalProperties"] == false => {
                found.push(format!("{at}: {name} is not described"));
            }
            None => {}
        }
    }
}

#[test]
fn the_description_and_the_table_of_routes_agree() {
    let table = routes();
    let description = document(&table).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
        }
    }
    let of_table: BTreeSet<String> = table
        .iter()
        .map(|route| format!("{} {}", route.method.as_str().to_lowercase(), route.path.replace("{*", "{")))
        .collect();
    assert_eq!(described, of_table);
    let named: BTreeSet<String> =
        OPERATIONS.iter().map(|operation| format!("{} {}", operation.method, full(operation))).collect();
    assert_eq!(named.len(), OPERATIONS.len(), "an operation is there twice");
    let wanted: BTreeSet<String> =
        table.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(named, wanted);
    let text = serde_json::to_string(&description).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), description);
}

#[test]
fn every_operation_is_whole() {
    let table = routes();
    let description = document(&table).unwrap();
    let mut ids = BTreeSet::new();
    for route in &table {
        let path = route.path.replace("{*", "{");
        let operation = &description["paths"][&path][route.method.as_str().to_lowercase()];
        let name = format!("{} {path}", route.method);
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} twice");
        let security = operation.get("security").map(|security| security[0]["token"][0].clone());
        match route.need {
            Need::Token(permission) => assert_eq!(security, Some(permission.name().into()), "{name}"),
            _ => assert_eq!(security, None, "{name}"),
        }
        let parameters = operation["parameters"].as_array().unwrap();
        for parameter in parameters {
            assert!(parameter["schema"].is_object(), "{name}: {parameter}");
            if parameter["in"] == "path" {
                let braces = format!("{{{}}}", parameter["name"].as_str().unwrap());
                assert!(path.contains(&braces) && parameter["required"] == true, "{name}: {parameter}");
            }
        }
        let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
        assert_eq!(path.matches('{').count(), in_path, "{name}");
        assert!(operation["responses"]["default"].is_object(), "{name}");
    }
}

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_used() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, inner)| match (key.as_str(), inner) {
                ("$ref", Value::String(name)) => {
                    found.insert(name.trim_start_matches("#/components/schemas/").to_owned());
                }
                _ => references(inner, found),
            }),
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
    let description = document(&routes()).unwrap();
    let mut used = BTreeSet::new();
    references(&description, &mut used);
    let there: BTreeSet<String> =
        description["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(used, there);
}

#[test]
fn every_kind_of_source_is_described() {
    let description = document(&routes()).unwrap();
    let schema = &description["components"]["schemas"]["SourceSetup"];
    for choice in schema["oneOf"].as_array().unwrap() {
        let mut setup = json!({});
        for (name, inner) in choice["properties"].as_object().unwrap() {
            setup[name] = match name.as_str() {
                "kind" => inner["const"].clone(),
                "timeline" => json!({"of": "hashtag", "what": "acme"}),
                "hashtags" | "rooms" => json!(["acme"]),
                "maker" => json!("ghost"),
                _ => json!("https://example.org"),
            };
        }
        let read: SourceSetup =
            serde_json::from_value(setup.clone()).unwrap_or_else(|e| panic!("{setup}: {e}"));
        let written = serde_json::to_value(&read).unwrap();
        assert_eq!(written, setup);
        let mut found = Vec::new();
        faults(&written, schema, &description, "setup", &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
    // A kind that is not described would be told apart here.
    let mut found = Vec::new();
    faults(&json!({"kind": "carrier-pigeon"}), schema, &description, "setup", &mut found);
    assert!(!found.is_empty());
}

#[test]
fn lists_that_are_cut_take_a_cursor() {
    let description = document(&routes()).unwrap();
    for operation in OPERATIONS {
        let takes = |name| operation.query.contains(&name);
        if takes("after") {
            assert!(takes("limit"), "{}", operation.path);
            assert!(
                matches!(operation.gives, Gives::List(_) | Gives::One("FoundPosts")),
                "{}",
                operation.path
            );
        }
    }
    assert_eq!(description["openapi"], "3.1.1");
}

#[test]
fn the_manual_names_every_route_with_what_it_needs() {
    let manual = include_str!("../../../../../docs/manual/api.md");
    for route in routes() {
        let needs = match route.need {
            Need::Token(permission) => format!("`{}`", permission.name()),
            _ => "nothing".to_owned(),
        };
        let line = format!("| `{} {}` | {needs} |", route.method, route.path.replace("{*", "{"));
        assert!(manual.contains(&line), "{line}");
    }
    let rows = manual.lines().filter(|line| line.contains(" /api/v1/") && line.starts_with("| `")).count();
    assert_eq!(rows, routes().len(), "the manual names a route that is not there");
    for code in Code::ALL.iter().filter(|code| **code != Code::Csrf) {
        let line = format!("| `{}` | {} |", code.name(), code.status().as_u16());
        assert!(manual.contains(&line), "{line}");
    }
}
