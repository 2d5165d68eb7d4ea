//! The API from outside: what it answers, compared with what its description promises.

mod alerts;
mod cascades;
mod checks;
mod coordination;
mod description;
mod topics;

use super::openapi::document;
use super::{PAGE_MAX, routes, sources};
use crate::trial::{Reply, Trial, bearer, to};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use description::faults;
use model::Role;
use serde_json::{Value, json};

/// Asks, and compares the answer with what the description promises.
async fn checked(trial: &Trial, method: Method, template: &str, path: &str, body: Option<Value>) -> Reply {
    let description = document(&routes()).unwrap();
    let operation = &description["paths"][format!("/api/v1{template}")][method.as_str().to_lowercase()];
    assert!(operation.is_object(), "{method} {template} is not described");
    if let (Some(body), Some(schema)) =
        (&body, operation.pointer("/requestBody/content/application~1json/schema"))
    {
        let mut found = Vec::new();
        faults(body, schema, &description, "body", &mut found);
        assert!(found.is_empty(), "{method} {template}: {found:#?}");
    }
    let reply = trial.call(method.clone(), &format!("/api/v1{path}"), body).await;
    let status = reply.status.as_str().to_owned();
    let promised = operation["responses"].get(&status).unwrap_or(&operation["responses"]["default"]);
    if reply.status.is_success() {
        assert!(operation["responses"].get(&status).is_some(), "{method} {template}: {reply:?}");
    }
    if let Some(schema) = promised.pointer("/content/application~1json/schema") {
        let mut found = Vec::new();
        faults(&reply.json(), schema, &description, "answer", &mut found);
        assert!(found.is_empty(), "{method} {path}: {found:#?}");
    } else if status == "204" {
        assert_eq!(reply.text, "");
    }
    reply
}

/// Three posts by two authors.
async fn fill(trial: &Trial) -> Reply {
    let rows = json!([
        {"id": "post-0000000001", "network": "mastodon", "text": "El café Acme es excelente, me encanta",
         "author": "ana", "author_id": "100", "time": "2026-03-01T12:00:00Z", "likes": 3, "language": "es"},
        {"id": "post-0000000002", "network": "mastodon", "text": "¿Acme abre mañana?", "author": "ana",
         "author_id": "100", "time": "2026-03-02T12:00:00Z", "likes": 0},
        {"id": "post-0000000003", "network": "mastodon", "text": "Terrible servicio en Acme, una estafa",
         "author": "beto", "author_id": "200", "time": "2026-03-03T12:00:00Z", "likes": -4,
         "reply_to": "post-0000000002"},
    ]);
    checked(trial, Method::POST, "/records", "/records", Some(rows)).await
}

#[tokio::test]
async fn what_is_open_to_everybody() {
    let trial = Trial::new();
    for path in ["/api/v1/health", "/api/v1/openapi.json"] {
        let reply = trial.ask(to(Method::GET, path), Body::empty()).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    }
    let reply = checked(&trial, Method::GET, "/me", "/me", None).await.json();
    assert_eq!((&reply["role"], &reply["workspace"]["slug"]), (&json!("administrator"), &json!("cafe-acme")));
    let reply = trial.call(Method::GET, "/api/v1/nowhere", None).await;
    assert_eq!((reply.status, &reply.json()["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    let reply = trial.call(Method::DELETE, "/api/v1/me", None).await;
    assert_eq!(
        (reply.status, &reply.json()["code"]),
        (StatusCode::METHOD_NOT_ALLOWED, &json!("method_not_allowed"))
    );
}

#[tokio::test]
async fn pushed_records_are_searched_and_missing_is_not_zero() {
    let trial = Trial::new();
    let pushed = fill(&trial).await.json();
    assert_eq!((&pushed["new_count"], &pushed["rejected_count"]), (&json!(3), &json!(0)));
    assert_eq!(fill(&trial).await.json()["same_count"], 3, "pushing twice changes nothing");

    let found = checked(&trial, Method::GET, "/posts", "/posts?q=acme&limit=2", None).await.json();
    assert_eq!(found["total_count"], 3);
    let third = &found["items"][0];
    assert_eq!(third["author"]["handle"], "beto");
    assert_eq!(third["metrics"]["likes"], Value::Null);
    assert_eq!(third["metrics"]["missing"]["likes"], "implausible");
    assert_eq!(third["metrics"]["missing"]["views"], "not_provided");
    assert_eq!(found["items"][1]["metrics"]["likes"], 0, "a zero that was given stays zero");
    let mark = &third["text_highlights"][0];
    let (start, end) = (mark["start"].as_u64().unwrap(), mark["end"].as_u64().unwrap());
    let marked: String = third["text"].as_str().unwrap().chars().collect::<Vec<char>>()
        [usize::try_from(start).unwrap()..usize::try_from(end).unwrap()]
        .iter()
        .collect();
    assert_eq!(marked, "Acme");

    let next = found["next"].as_str().unwrap();
    let path = format!("/posts?q=acme&limit=2&after={next}");
    let rest = checked(&trial, Method::GET, "/posts", &path, None).await.json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));

    let path = format!("/posts/{}", third["id"]);
    let page = checked(&trial, Method::GET, "/posts/{id}", &path, None).await.json();
    assert_eq!(page["ancestors"][0]["native_id"], "post-0000000002");
    assert_eq!(page["queries"][0]["name"], "Acme");
    let tone = page["reading"]["answers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|answer| answer["head"] == "tone")
        .unwrap();
    assert_eq!(tone["value"], page["post"]["tone"], "{page}");
    assert_eq!((&page["corrections"], &page["seen_before"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_a_reject_and_stops_nothing() {
    let trial = Trial::new();
    let rows = json!([{"id": "row-000000000001", "text": "bien"}, {"id": "row-000000000002"}]);
    let pushed = checked(&trial, Method::POST, "/records", "/records", Some(rows)).await.json();
    assert_eq!((&pushed["new_count"], &pushed["rejected_count"]), (&json!(1), &json!(1)), "{pushed}");
    let path = format!("/rejects?import={}", pushed["import"]);
    let rejects = checked(&trial, Method::GET, "/rejects", &path, None).await.json();
    assert_eq!(rejects["items"].as_array().unwrap().len(), 1);
    assert_eq!(rejects["items"][0]["import"], pushed["import"]);
    let imports = checked(&trial, Method::GET, "/imports", "/imports?limit=1", None).await.json();
    assert_eq!(imports["items"][0]["state"], "done");
    for (rows, status) in [
        (json!([]), StatusCode::UNPROCESSABLE_ENTITY),
        (json!(["text"]), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"text": "one"}), StatusCode::BAD_REQUEST),
    ] {
        let reply = trial.call(Method::POST, "/api/v1/records", Some(rows.clone())).await;
        assert_eq!(reply.status, status, "{rows}: {reply:?}");
    }
    let token = &trial.insider(Role::Administrator).token;
    let push = |size: usize| {
        let text = "x".repeat(size);
        (bearer(to(Method::POST, "/api/v1/records"), token), format!("[{{\"text\":\"{text}\"}}]"))
    };
    let (request, body) = push(sources::PUSHED_BYTES_MAX);
    let reply = trial.ask(request, body).await;
    assert_eq!((reply.status, &reply.json()["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large")));
    let (request, body) = push(crate::security::FORM_BYTES_MAX * 2);
    assert_eq!(trial.ask(request, body).await.status, StatusCode::OK, "more than a form may hold");
}

#[tokio::test]
async fn queries_are_kept_with_their_history_and_their_errors_have_a_place() {
    let trial = Trial::new();
    fill(&trial).await;
    let new = json!({"name": "Servicio", "purpose": "topic", "expression": "servicio OR café"});
    let made = checked(&trial, Method::POST, "/queries", "/queries", Some(new.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let id = made.json()["id"].clone();
    assert_eq!(made.location(), format!("/api/v1/queries/{id}"));
    let again = checked(&trial, Method::POST, "/queries", "/queries", Some(new)).await;
    assert_eq!((again.status, &again.json()["code"]), (StatusCode::CONFLICT, &json!("conflict")));

    let change = json!({"name": "Servicio", "purpose": "topic", "expression": "servicio"});
    let path = format!("/queries/{id}");
    let changed = checked(&trial, Method::PUT, "/queries/{id}", &path, Some(change)).await.json();
    assert_eq!(changed["version"], 2);
    let list = checked(&trial, Method::GET, "/queries", "/queries", None).await.json();
    let saved = list["items"].as_array().unwrap().iter().find(|query| query["id"] == id).unwrap();
    assert_eq!(saved["mentions_count"], 1, "it applies to history");
    let history = format!("{path}/history");
    let history = checked(&trial, Method::GET, "/queries/{id}/history", &history, None).await.json();
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    let gone = checked(&trial, Method::DELETE, "/queries/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let gone = checked(&trial, Method::GET, "/queries/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);

    let draft = json!({"expression": "café"});
    let preview = checked(&trial, Method::POST, "/queries/preview", "/queries/preview", Some(draft)).await;
    assert_eq!(preview.json()["total_count"], 1);
    let draft = json!({"expression": "ñandú AND (agua"});
    for (method, path, body) in [
        (Method::POST, "/queries/preview", Some(draft)),
        (Method::GET, "/posts?q=%C3%B1and%C3%BA%20AND%20(agua", None),
        (Method::GET, "/overview?q=%C3%B1and%C3%BA%20AND%20(agua", None),
    ] {
        let template = path.split('?').next().unwrap();
        let wrong = checked(&trial, method, template, path, body).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let wrong = wrong.json();
        assert_eq!((&wrong["code"], &wrong["position"]), (&json!("invalid_input"), &json!(10)), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let trial = Trial::new();
    for (path, field) in [
        ("/posts?limit=0", "limit"),
        (&format!("/audit?limit={}", PAGE_MAX + 1), "limit"),
        ("/posts?after=x", "after"),
        ("/overview?from=ayer&to=hoy", "from"),
        ("/overview?from=2026-03-02&to=2026-03-01", "to"),
        ("/overview?from=2026-03-02", "to"),
        ("/rejects?source=1&import=1", "import"),
    ] {
        let template = path.split('?').next().unwrap();
        let reply = checked(&trial, Method::GET, template, path, None).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(reply.json()["field"], field, "{path}");
    }
    for path in ["/posts?order=loudest", "/posts?query=acme", "/imports?limit=ten"] {
        let template = path.split('?').next().unwrap();
        let reply = checked(&trial, Method::GET, template, path, None).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    for path in [
        "/posts/1",
        "/posts/first",
        "/queries/9",
        "/sources/9",
        "/exports/9",
        "/authors/mastodon:9",
        "/authors/x",
    ] {
        let reply = trial.call(Method::GET, &format!("/api/v1{path}"), None).await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found")),
            "{path}"
        );
    }
    let token = &trial.insider(Role::Administrator).token;
    let post = || bearer(to(Method::POST, "/api/v1/streams"), token);
    let with = |kind: &'static str| post().header(header::CONTENT_TYPE, kind);
    let json_type = "application/json";
    for (request, body, status, code) in [
        (with(json_type), "{", StatusCode::BAD_REQUEST, "bad_request"),
        (with(json_type), "{}", StatusCode::UNPROCESSABLE_ENTITY, "invalid_input"),
        (with("text/plain"), "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media"),
        (post(), "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media"),
    ] {
        let reply = trial.ask(request, body).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{body}");
    }
    let big = format!(r#"{{"name":"{}","expression":"a"}}"#, "x".repeat(crate::security::FORM_BYTES_MAX));
    let reply = trial.ask(with(json_type), big).await;
    assert_eq!(reply.json()["code"], "too_large");
}

#[tokio::test]
async fn figures_labels_and_authors() {
    let trial = Trial::new();
    fill(&trial).await;
    let overview = checked(&trial, Method::GET, "/overview", "/overview?q=acme", None).await.json();
    assert_eq!(overview["posts_count"], 3);
    let path = "/overview?from=2026-03-02&to=2026-03-03";
    let narrow = checked(&trial, Method::GET, "/overview", path, None).await.json();
    assert_eq!((&narrow["posts_count"], &narrow["from"]), (&json!(1), &json!("2026-03-02T00:00:00Z")));
    let author = checked(&trial, Method::GET, "/authors/{key}", "/authors/mastodon:100", None).await.json();
    assert_eq!((&author["account"]["handle"], &author["posts_total_count"]), (&json!("ana"), &json!(2)));

    let found = trial.call(Method::GET, "/api/v1/posts?q=terrible", None).await.json();
    let id = found["items"][0]["id"].clone();
    let labelling = || Some(json!({"ids": [id, 987_654], "label": "Urgente"}));
    let path = "/posts/labels";
    for changed in [1, 0] {
        let reply = checked(&trial, Method::POST, path, path, labelling()).await.json();
        assert_eq!(reply["changed_count"], changed, "what has it, and what is not there, does not change");
    }
    let labels = checked(&trial, Method::GET, "/labels", "/labels", None).await.json();
    assert_eq!(labels["items"], json!([{"label": "Urgente", "posts_count": 1}]));
    let found = checked(&trial, Method::GET, "/posts", "/posts?q=label:urgente", None).await.json();
    assert_eq!(found["items"][0]["labels"], json!(["Urgente"]));
    let reply = checked(&trial, Method::DELETE, path, path, labelling()).await.json();
    assert_eq!(reply["changed_count"], 1);
    let empty = checked(&trial, Method::POST, path, path, Some(json!({"ids": [], "label": " "}))).await;
    assert_eq!((empty.status, &empty.json()["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("label")));
}

#[tokio::test]
async fn streams_and_the_handbook() {
    let trial = Trial::new();
    let new = json!({"name": "Quejas", "expression": "tone:negative"});
    let made = checked(&trial, Method::POST, "/streams", "/streams", Some(new)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let list = checked(&trial, Method::GET, "/streams", "/streams", None).await.json();
    assert_eq!(list["items"][0], made.json());
    let path = made.location().trim_start_matches("/api/v1").to_owned();
    let gone = checked(&trial, Method::DELETE, "/streams/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let gone = checked(&trial, Method::DELETE, "/streams/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);

    let mut book = checked(&trial, Method::GET, "/handbook", "/handbook", None).await.json();
    assert_eq!(book["brand"]["names"], json!(["Acme"]));
    book["goals"] = json!("Responder en una hora");
    let saved = checked(&trial, Method::PUT, "/handbook", "/handbook", Some(book.clone())).await;
    assert_eq!(saved.json(), book);
}

#[tokio::test]
async fn a_source_never_gives_its_secret_back() {
    let trial = Trial::new();
    let new = json!({
        "name": "Ghost", "setup": {"kind": "webhook", "maker": "ghost"}, "keep": "all", "secret": "s3cr3t-key",
    });
    let made = checked(&trial, Method::POST, "/sources", "/sources", Some(new)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!((&made.json()["has_secret"], made.text.contains("s3cr3t")), (&json!(true), false));
    let path = made.location().trim_start_matches("/api/v1").to_owned();
    let change = json!({"paused": true, "secret": "s3cr3t-other"});
    let changed = checked(&trial, Method::PATCH, "/sources/{id}", &path, Some(change)).await;
    assert_eq!((&changed.json()["paused"], changed.text.contains("s3cr3t")), (&json!(true), false));
    let list = checked(&trial, Method::GET, "/sources", "/sources", None).await;
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 1);
    assert!(!list.text.contains("s3cr3t"));
    let audit = checked(&trial, Method::GET, "/audit", "/audit", None).await;
    assert!(audit.text.contains("source_secret_changed") && !audit.text.contains("s3cr3t"));
    let wrong =
        json!({"name": "Feed", "setup": {"kind": "feed", "url": "file:///etc/passwd"}, "keep": "all"});
    let refused = checked(&trial, Method::POST, "/sources", "/sources", Some(wrong)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = checked(&trial, Method::DELETE, "/sources/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let gone = checked(&trial, Method::GET, "/sources/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_export_is_a_file_with_its_manifest_and_goes_with_an_erasure() {
    let trial = Trial::new();
    fill(&trial).await;
    for (format, start) in [("csv", "record_id,network,"), ("parquet", "PAR1")] {
        let new = json!({"q": "acme", "format": format});
        let made = checked(&trial, Method::POST, "/exports", "/exports", Some(new)).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let made = made.json();
        let file = trial.call(Method::GET, made["file"].as_str().unwrap(), None).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.text.starts_with(start), "{format}");
        let name = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert_eq!(name, format!("attachment; filename={}", made["file_name"]));
        let path = format!("/exports/{}", made["id"]);
        assert_eq!(checked(&trial, Method::GET, "/exports/{id}", &path, None).await.json(), made);
        let path = format!("{path}/manifest");
        let manifest = checked(&trial, Method::GET, "/exports/{id}/manifest", &path, None).await.json();
        assert_eq!(manifest["rows"], 3);
    }
    let list = checked(&trial, Method::GET, "/exports", "/exports", None).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);

    let erasure = json!({"account": "mastodon:200", "bar": true});
    let erased = checked(&trial, Method::POST, "/erasures", "/erasures", Some(erasure)).await.json();
    assert_eq!(erased, json!({"records_count": 1, "rejects_count": 0, "exports_count": 2}));
    let found = trial.call(Method::GET, "/api/v1/posts?q=terrible", None).await.json();
    assert_eq!(found["total_count"], 0);
    let list = checked(&trial, Method::GET, "/exports", "/exports", None).await.json();
    assert_eq!(list["items"], json!([]));
    let nobody = json!({"account": "200"});
    let refused = checked(&trial, Method::POST, "/erasures", "/erasures", Some(nobody)).await;
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("account"))
    );
}

#[tokio::test]
async fn retention_rebuild_and_audit() {
    let trial = Trial::new();
    fill(&trial).await;
    let kept = checked(&trial, Method::GET, "/retention", "/retention", None).await.json();
    assert_eq!(kept, json!({"retention_days": null}));
    for days in [json!(3650), Value::Null] {
        let new = json!({"retention_days": days});
        checked(&trial, Method::PUT, "/retention", "/retention", Some(new.clone())).await;
        assert_eq!(checked(&trial, Method::GET, "/retention", "/retention", None).await.json(), new);
    }
    for wrong in [json!({}), json!({"retention_days": 0}), json!({"retention_days": -1})] {
        let reply = trial.call(Method::PUT, "/api/v1/retention", Some(wrong.clone())).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let rebuilt = checked(&trial, Method::POST, "/rebuild", "/rebuild", None).await.json();
    assert_eq!(rebuilt["records_count"], 3);
    assert_eq!(trial.call(Method::GET, "/api/v1/posts", None).await.json()["total_count"], 3);

    let mut seen = Vec::new();
    let mut path = "/audit?limit=2".to_owned();
    loop {
        let page = checked(&trial, Method::GET, "/audit", &path, None).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|entry| entry["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/audit?limit=2&after={next}");
    }
    assert!(seen.len() >= 4 && seen.windows(2).all(|pair| pair[0] > pair[1]), "{seen:?}");
}

#[tokio::test]
async fn people_and_tokens() {
    let trial = Trial::new();
    let new = json!({"email": "nueva@example.org", "password": "otra frase bastante larga", "locale": "en", "role": "agent"});
    let made = checked(&trial, Method::POST, "/people", "/people", Some(new)).await;
    assert_eq!((made.status, made.text.contains("frase")), (StatusCode::CREATED, false));
    let path = made.location().trim_start_matches("/api/v1").to_owned();
    let changed =
        checked(&trial, Method::PATCH, "/people/{id}", &path, Some(json!({"role": "viewer"}))).await;
    assert_eq!(changed.json()["role"], "viewer");
    let people = checked(&trial, Method::GET, "/people", "/people", None).await.json();
    assert_eq!(people["items"].as_array().unwrap().len(), 7);
    let stranger =
        checked(&trial, Method::PATCH, "/people/{id}", "/people/999", Some(json!({"role": "viewer"}))).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let gone = checked(&trial, Method::DELETE, "/people/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);

    let new = json!({"name": "panel", "scopes": ["read"], "expires_at": "2999-01-01T00:00:00Z"});
    let made = checked(&trial, Method::POST, "/tokens", "/tokens", Some(new)).await.json();
    let secret = made["secret"].as_str().unwrap();
    let me = || trial.ask(bearer(to(Method::GET, "/api/v1/me"), secret), Body::empty());
    assert_eq!(me().await.json()["permissions"], json!(["read"]));
    let list = checked(&trial, Method::GET, "/tokens", "/tokens", None).await;
    assert!(!list.text.contains(secret));
    let list = list.json();
    let token = list["items"].as_array().unwrap().iter().find(|token| token["name"] == "panel").unwrap();
    let path = format!("/tokens/{}", token["id"]);
    checked(&trial, Method::DELETE, "/tokens/{id}", &path, None).await;
    assert_eq!(me().await.status, StatusCode::UNAUTHORIZED);
    for wrong in [
        json!({"name": "", "scopes": ["read"]}),
        json!({"name": "panel", "scopes": []}),
        json!({"name": "panel", "scopes": ["fly"]}),
    ] {
        let reply = trial.call(Method::POST, "/api/v1/tokens", Some(wrong.clone())).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

#[tokio::test]
async fn a_correction_holds_at_once_and_is_undone() {
    let trial = Trial::new();
    fill(&trial).await;
    let found = checked(&trial, Method::GET, "/posts", "/posts?q=terrible", None).await.json();
    let id = found["items"][0]["id"].clone();
    let new = json!({"post": id, "head": "tone", "value": "positive"});
    let made = checked(&trial, Method::POST, "/corrections", "/corrections", Some(new)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let correction = made.json();
    let intent = json!({"post": id, "head": "intent", "value": "suggestion"});
    checked(&trial, Method::POST, "/corrections", "/corrections", Some(intent)).await;
    let count = async |q: &str| {
        checked(&trial, Method::GET, "/posts", &format!("/posts?q={q}"), None).await.json()["total_count"]
            .clone()
    };
    assert_eq!(count("terrible%20tone:positive%20intent:suggestion").await, 1, "searches know it");
    let page = checked(&trial, Method::GET, "/posts/{id}", &format!("/posts/{id}"), None).await.json();
    assert_eq!(page["post"]["tone"], "positive");
    assert_eq!(page["corrections"].as_array().unwrap().len(), 2);
    let report = checked(&trial, Method::GET, "/learning", "/learning", None).await.json();
    assert_eq!(report["standing_count"], 2);

    let path = format!("/corrections/{}", correction["id"]);
    let undone = checked(&trial, Method::DELETE, "/corrections/{id}", &path, None).await;
    assert_eq!(undone.status, StatusCode::NO_CONTENT);
    let again = checked(&trial, Method::DELETE, "/corrections/{id}", &path, None).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(count("terrible%20tone:positive").await, 0);
    let list = checked(&trial, Method::GET, "/corrections", "/corrections?limit=1", None).await.json();
    assert_eq!(list["items"][0]["value"], "suggestion");
    let path = format!("/corrections?limit=1&after={}", list["next"].as_str().unwrap());
    let rest = checked(&trial, Method::GET, "/corrections", &path, None).await.json();
    assert!(rest["items"][0]["undone_at"].is_string() && rest["next"].is_null(), "{rest}");

    for (head, value) in [("tone", "angry"), ("mood", "sad"), ("urgency", "101")] {
        let new = json!({"post": id, "head": head, "value": value});
        let reply = trial.call(Method::POST, "/api/v1/corrections", Some(new)).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{head} {value}");
    }
    let nowhere = json!({"post": 987_654, "head": "tone", "value": "positive"});
    let reply = checked(&trial, Method::POST, "/corrections", "/corrections", Some(nowhere)).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_mentions_most_worth_a_label_leave_out_what_was_answered() {
    let trial = Trial::new();
    fill(&trial).await;
    let path = "/worth-labelling?q=acme";
    let list = checked(&trial, Method::GET, "/worth-labelling", path, None).await.json();
    let items = list["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().any(|item| item["why"] == "random"), "{list}");
    let id = items[0]["post"]["id"].clone();
    let new = json!({"post": id, "head": "offence", "value": "none"});
    checked(&trial, Method::POST, "/corrections", "/corrections", Some(new)).await;
    let rest = checked(&trial, Method::GET, "/worth-labelling", path, None).await.json();
    assert!(rest["items"].as_array().unwrap().iter().all(|item| item["post"]["id"] != id), "{rest}");
}
