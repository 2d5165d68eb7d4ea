//! Alerts from outside.

use super::checked;
use crate::trial::Trial;
use crate::trial::farm::FARM;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn an_alert_is_told_with_its_evidence_and_taken() {
    let trial = Trial::new();
    let list = async |path: &str| checked(&trial, Method::GET, "/alerts", path, None).await.json();
    assert_eq!(list("/alerts").await["items"], json!([]));
    trial.plant();
    let group = trial.look();
    assert_eq!(list("/alerts").await["items"], json!([]), "the first search finds history");
    trial.echo();
    let told = list("/alerts?open=true").await;
    let alert = &told["items"][0];
    assert_eq!((told["items"].as_array().unwrap().len(), &told["next"]), (1, &Value::Null), "{told}");
    assert_eq!((&alert["rule"], &alert["group"]), (&json!("breakout"), &json!(group)), "{alert}");
    assert_eq!((&alert["group_is_known"], &alert["seen"]), (&json!(true), &Value::Null));
    let (inside, outside) =
        (alert["inside_count"].as_u64().unwrap(), alert["outside_count"].as_u64().unwrap());
    assert!(inside == FARM as u64 && outside >= 20, "{alert}");
    let share = alert["outside_share_ratio"].as_f64().unwrap();
    assert!((share - outside as f64 / (inside + outside) as f64).abs() < 1e-9);
    let author = |post: &Value| post["author"]["key"].as_str().unwrap().to_owned();
    assert!(author(&alert["posts"][0]).contains("zqxgranja"), "{alert}");
    let amplifiers: Vec<String> = alert["amplifiers"].as_array().unwrap().iter().map(author).collect();
    assert!(!amplifiers.is_empty() && amplifiers.iter().all(|name| !name.contains("zqxgranja")), "{alert}");

    assert_eq!(
        (&alert["also_groups"], &alert["left_out"]["coordinated"]),
        (&json!([]), &json!(0)),
        "{alert}"
    );
    let upto = json!({"upto": 0});
    let none = checked(&trial, Method::POST, "/alerts/seen", "/alerts/seen", Some(upto)).await.json();
    assert_eq!(none["seen_count"], json!(0), "none up to there");

    let (template, path) = ("/alerts/{id}/seen", format!("/alerts/{}/seen", alert["id"]));
    for _ in 0..2 {
        let done = checked(&trial, Method::POST, template, &path, None).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
    }
    let missing = checked(&trial, Method::POST, template, "/alerts/99/seen", None).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(list("/alerts?open=true").await["items"], json!([]));
    let seen = list("/alerts?open=false&limit=1").await;
    assert_eq!(seen["items"][0]["seen"]["by"], json!("administrator"), "{seen}");
    for wrong in ["/alerts?open=maybe", "/alerts?limit=0", "/alerts?shut=1"] {
        let reply = trial.call(Method::GET, &format!("/api/v1{wrong}"), None).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {reply:?}");
    }
}
