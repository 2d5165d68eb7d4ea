//! Cascades of copies from outside.

use super::checked;
use crate::trial::Trial;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const CHAIN: &str = "Urgente: mañana cortan el agua en toda la ciudad durante tres días, llenen sus tanques hoy \
                     y reenvíen este mensaje a todos sus contactos antes de medianoche";

/// The same text twice on one network, changed on another, and one of its own.
async fn repeated() -> Trial {
    let trial = Trial::new();
    let row = |id: &str, network: &str, hour: u32, text: &str| {
        let time = format!("2026-03-01T{hour}:00:00Z");
        json!({"id": id, "network": network, "author": id, "author_id": id, "time": time, "text": text})
    };
    let changed = CHAIN.replace("tres días", "cinco días");
    let rows = json!([
        row("copy-000000000001", "mastodon", 10, CHAIN),
        row("copy-000000000002", "mastodon", 11, CHAIN),
        row("copy-000000000003", "x", 13, &changed),
        row("copy-000000000004", "x", 14, "El café Acme abre de ocho a seis de lunes a sábado"),
    ]);
    let pushed = checked(&trial, Method::POST, "/records", "/records", Some(rows)).await;
    assert_eq!(pushed.json()["new_count"], 4, "{pushed:?}");
    trial
}

#[tokio::test]
async fn what_is_repeated_is_listed_with_where_it_began() {
    let trial = repeated().await;
    let list = async |path: &str| checked(&trial, Method::GET, "/cascades", path, None).await.json();
    let all = list("/cascades").await;
    assert_eq!((all["items"].as_array().unwrap().len(), &all["next"]), (1, &Value::Null), "{all}");
    let cascade = &all["items"][0];
    assert_eq!((&cascade["posts_count"], &cascade["total_count"]), (&json!(3), &json!(3)));
    assert_eq!(
        (&cascade["first"]["native_id"], &cascade["last"]),
        (&json!("copy-000000000001"), &json!("2026-03-01T13:00:00Z"))
    );
    let part = list("/cascades?q=network:mastodon&limit=5").await;
    assert_eq!((&part["items"][0]["posts_count"], &part["items"][0]["total_count"]), (&json!(2), &json!(3)));
    let later = list("/cascades?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z").await;
    assert_eq!(later["items"], json!([]));
    for wrong in ["limit=0", "limit=51", "from=2026-03-02T00:00:00Z", "q=fecha:3", "other=1"] {
        let path = format!("/cascades?{wrong}");
        let reply = checked(&trial, Method::GET, "/cascades", &path, None).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {reply:?}");
    }
}

#[tokio::test]
async fn one_cascade_tells_how_it_changed_and_how_fast_it_grew() {
    let trial = repeated().await;
    let list = checked(&trial, Method::GET, "/cascades", "/cascades", None).await.json();
    let path = format!("/cascades/{}", list["items"][0]["cascade"]);
    let page = checked(&trial, Method::GET, "/cascades/{id}", &path, None).await.json();
    assert_eq!((&page["overview"]["posts_count"], &page["exact_copies_count"]), (&json!(3), &json!(1)));
    let members: Vec<&Value> =
        page["members"].as_array().unwrap().iter().map(|post| &post["native_id"]).collect();
    assert_eq!(members, ["copy-000000000001", "copy-000000000002", "copy-000000000003"]);
    let firsts: Vec<&Value> =
        page["firsts"].as_array().unwrap().iter().map(|first| &first["network"]).collect();
    assert_eq!(firsts, ["mastodon", "x"]);
    let mutations = page["mutations"].as_array().unwrap();
    assert_eq!((mutations.len(), &mutations[0]["child"]), (1, &page["members"][2]["id"]));
    let changed: Vec<&Value> = mutations[0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["what"] != "same")
        .collect();
    assert_eq!(
        changed,
        [&json!({"what": "removed", "text": "tres"}), &json!({"what": "added", "text": "cinco"})]
    );
    assert_eq!(page["speed"]["first_hour_count"], 1, "{}", page["speed"]);
    assert_eq!(page["speed"]["half_ms"], 3_600_000);
    let stranger = checked(&trial, Method::GET, "/cascades/{id}", "/cascades/987654", None).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}
