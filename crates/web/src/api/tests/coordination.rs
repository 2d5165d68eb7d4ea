//! Coordinated networks from outside.

use super::checked;
use crate::trial::Trial;
use crate::trial::farm::FARM;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn groups_are_told_with_their_evidence_and_decided_about() {
    let trial = Trial::new();
    let none = checked(&trial, Method::GET, "/coordination", "/coordination", None).await.json();
    assert_eq!((&none["found"], &none["state"]["running"]), (&Value::Null, &Value::Null));
    let audit = checked(&trial, Method::GET, "/coordination/audit", "/coordination/audit?q=agua", None).await;
    assert_eq!(
        audit.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "without a search everybody would seem organic"
    );
    trial.plant();
    let id = trial.look();
    let told = checked(&trial, Method::GET, "/coordination", "/coordination", None).await.json();
    let group = &told["found"]["groups"][0];
    assert_eq!((&group["id"], &group["members_count"]), (&json!(id), &json!(FARM)), "{told}");
    assert_eq!(group["decision"], Value::Null);

    let template = "/coordination/groups/{group}";
    let path = format!("/coordination/groups/{id}");
    let card = checked(&trial, Method::GET, template, &path, None).await.json();
    assert_eq!(card["report"]["members"].as_array().unwrap().len(), FARM);
    let member = card["report"]["members"][0]["account"].as_str().unwrap();
    for account in [member.to_owned(), app::coordination::account_address(member)] {
        let of_account = format!("{template}/accounts/{{account}}");
        let one = checked(&trial, Method::GET, &of_account, &format!("{path}/accounts/{account}"), None)
            .await
            .json();
        assert_eq!(one["card"]["member"]["account"], json!(member), "{one}");
    }
    let taken =
        checked(&trial, Method::GET, &format!("{template}/actions"), &format!("{path}/actions"), None)
            .await
            .json();
    assert_eq!(taken["acts"].as_array().unwrap().len(), taken["manifest"]["acts"].as_u64().unwrap() as usize);
    let decide = format!("{template}/decision");
    let body = json!({"decision": "watch", "note": "otra semana"});
    let done = checked(&trial, Method::POST, &decide, &format!("{path}/decision"), Some(body)).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    let card = checked(&trial, Method::GET, template, &path, None).await.json();
    assert_eq!(
        (&card["decision"]["decision"], &card["decision"]["note"]),
        (&json!("watch"), &json!("otra semana"))
    );
    let wrongs = [
        json!({"decision": "guilty", "note": "sí"}),
        json!({"decision": "watch"}),
        json!({"decision": "watch", "note": " \n"}),
        json!({"decision": "watch", "note": "x".repeat(2_001)}),
    ];
    for wrong in wrongs {
        let reply = trial.call(Method::POST, &format!("/api/v1{path}/decision"), Some(wrong)).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
    }
    let stranger = checked(&trial, Method::GET, template, "/coordination/groups/none", None).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);

    let path = "/coordination/audit?q=domain:prensa.example";
    let audit = checked(&trial, Method::GET, "/coordination/audit", path, None).await.json();
    assert_eq!(audit["classes"].as_array().unwrap().len(), 4, "{audit}");
    let coordinated =
        audit["classes"].as_array().unwrap().iter().find(|one| one["class"] == "coordinated").unwrap();
    assert_eq!(coordinated["accounts"], json!(FARM), "{audit}");
    let map = checked(&trial, Method::GET, "/coordination/map", "/coordination/map", None).await.json();
    assert!(map["nodes"].as_array().unwrap().len() >= FARM, "{map}");
    let state = checked(&trial, Method::POST, "/coordination/run", "/coordination/run", None).await;
    assert_eq!(state.status, StatusCode::OK);
}

#[tokio::test]
async fn what_no_endpoint_of_groups_and_alerts_knows_is_refused() {
    let trial = Trial::new();
    let none = [
        (Method::GET, "/coordination"),
        (Method::POST, "/coordination/run"),
        (Method::GET, "/coordination/map"),
        (Method::GET, "/coordination/groups/00ff"),
        (Method::GET, "/coordination/groups/00ff/actions"),
        (Method::GET, "/coordination/groups/00ff/accounts/x"),
        (Method::POST, "/coordination/groups/00ff/decision"),
        (Method::POST, "/alerts/1/seen"),
        (Method::POST, "/alerts/seen"),
    ];
    for (method, path) in none {
        let body = (method == Method::POST).then(|| json!({"decision": "watch", "note": "sí"}));
        let reply = trial.call(method, &format!("/api/v1{path}?limit=1&foo=1"), body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {reply:?}");
        assert!(reply.json()["message"].as_str().unwrap().contains("limit"), "{path}: {reply:?}");
    }
    for (path, known) in [
        ("/coordination/audit?q=agua&x=1", vec!["`q`"]),
        ("/alerts?x=1", vec!["`open`", "`limit`", "`after`"]),
    ] {
        let reply = trial.call(Method::GET, &format!("/api/v1{path}"), None).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {reply:?}");
        let json = reply.json();
        let message = json["message"].as_str().unwrap();
        assert!(known.iter().all(|name| message.contains(name)), "{message}");
    }
    trial.plant();
    trial.look();
    for empty in ["", "?q=", "?q=%20%20"] {
        let reply = trial.call(Method::GET, &format!("/api/v1/coordination/audit{empty}"), None).await;
        assert_eq!(
            (reply.status, &reply.json()["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("q")),
            "{empty}"
        );
    }
}
