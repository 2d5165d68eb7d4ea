//! Topics, recurring questions and answers from outside.

use super::{checked, fill};
use crate::trial::{Trial, bearer, to};
use axum::http::{Method, StatusCode, header};
use model::Role;
use serde_json::json;

#[tokio::test]
async fn answers_are_written_found_beside_their_question_and_archived() {
    let trial = Trial::new();
    fill(&trial).await;
    let rows = json!([
        {"id": "ask-0000000001", "text": "¿A qué hora abren?", "author": "eva", "time": "2026-03-02T10:00:00Z"},
        {"id": "ask-0000000002", "text": "a q hora abren??", "author": "leo", "time": "2026-03-02T11:00:00Z"},
    ]);
    checked(&trial, Method::POST, "/records", "/records", Some(rows)).await;
    let new = json!({"question": "¿A qué hora abren?", "answer": "De 8 a 18.", "languages": ["es"]});
    let made = checked(&trial, Method::POST, "/answers", "/answers", Some(new.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let id = made.json()["id"].clone();
    assert_eq!(made.location(), format!("/api/v1/answers/{id}"));
    let again = checked(&trial, Method::POST, "/answers", "/answers", Some(new.clone())).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let path = "/question-groups?from=2026-03-01&to=2026-03-04";
    let groups = checked(&trial, Method::GET, "/question-groups", path, None).await.json();
    assert_eq!(groups["groups"][0]["posts_count"], 2, "{groups}");
    assert_eq!(groups["groups"][0]["answer"], id);
    let path = "/topics?from=2026-03-01&to=2026-03-04";
    let topics = checked(&trial, Method::GET, "/topics", path, None).await.json();
    assert_eq!((&topics["too_little"], &topics["posts_count"]), (&json!("now"), &json!(5)));

    let path = format!("/answers/{id}");
    let change =
        json!({"question": "¿Cuál es el horario?", "answer": "De 9 a 18.", "wordings": ["a qué hora abren"]});
    let changed = checked(&trial, Method::PUT, "/answers/{id}", &path, Some(change)).await.json();
    assert_eq!(
        (&changed["answer"], &changed["wordings"][0]),
        (&json!("De 9 a 18."), &json!("a qué hora abren"))
    );
    let list = checked(&trial, Method::GET, "/answers", "/answers", None).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let gone = checked(&trial, Method::DELETE, "/answers/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let there = checked(&trial, Method::GET, "/answers/{id}", &path, None).await.json();
    assert!(there["archived_at"].is_string());
    let gone = checked(&trial, Method::DELETE, "/answers/{id}", &path, None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);

    let empty = json!({"question": " ", "answer": "x"});
    let refused = checked(&trial, Method::POST, "/answers", "/answers", Some(empty)).await;
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("question"))
    );
    let request = bearer(to(Method::POST, "/api/v1/answers"), &trial.insider(Role::Agent).token);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    assert_eq!(trial.ask(request, new.to_string()).await.status, StatusCode::FORBIDDEN);
}
