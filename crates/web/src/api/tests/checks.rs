//! Checks of a message and of a picture from outside.

use super::{checked, faults};
use crate::api::openapi::document;
use crate::api::routes;
use crate::security::PICTURE_BYTES_MAX;
use crate::trial::{Reply, Trial, bearer, png, to};
use axum::http::{Method, StatusCode};
use model::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn a_message_is_checked_for_the_signs_of_a_scam() {
    let trial = Trial::new();
    let check = async |text: &str| {
        checked(&trial, Method::POST, "/scam-check", "/scam-check", Some(json!({"text": text}))).await
    };
    let text = "URGENTE: su cuenta bancaria será bloqueada hoy. Verifique su clave y el código que le llegó \
                por SMS en http://banco-seguro.xyz/verificar o perderá su dinero.";
    let found = check(text).await.json();
    assert_ne!(found["verdict"], "none", "{found}");
    let signs = found["signs"].as_array().unwrap();
    assert!(
        signs.iter().any(|sign| sign["number"].is_u64() && sign["evidence"][0]["text"].is_string()),
        "{found}"
    );
    assert!(found["method"]["version"].is_u64() && found["is_read"] == true && found["seen"].is_null());
    let honest = check("Mañana abrimos de ocho a seis, los esperamos con café recién hecho.").await.json();
    assert_eq!((&honest["verdict"], &honest["signs"]), (&json!("none"), &json!([])));
    for wrong in
        [json!({"text": " "}), json!({"text": "x".repeat(20_001)}), json!({}), json!({"text": "a", "b": 1})]
    {
        let reply = trial.call(Method::POST, "/api/v1/scam-check", Some(wrong)).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
    }
}

#[tokio::test]
async fn a_message_of_the_archive_is_recognised() {
    let trial = Trial::new();
    let text = "Felicidades, ganaste un premio de Acme: envía tu número de tarjeta y la clave a este contacto hoy mismo \
                para cobrarlo antes de que se acabe el plazo de la promoción";
    let rows =
        json!([{"id": "scam-000000000001", "text": text, "author": "eva", "time": "2026-03-02T10:00:00Z"}]);
    checked(&trial, Method::POST, "/records", "/records", Some(rows)).await;
    let post = checked(&trial, Method::GET, "/posts", "/posts", None).await.json();
    let body = Some(json!({"text": text}));
    let found = checked(&trial, Method::POST, "/scam-check", "/scam-check", body).await.json();
    assert_eq!(found["seen"], post["items"][0]["id"], "{found}");
}

/// The answer to a picture, compared with what the description promises.
async fn sent(trial: &Trial, bytes: Vec<u8>) -> Reply {
    let request = bearer(to(Method::POST, "/api/v1/pictures/check"), &trial.insider(Role::Viewer).token);
    let reply = trial.ask(request, bytes).await;
    let schema = if reply.status.is_success() { "PictureCheck" } else { "Error" };
    promised(schema, &reply.json());
    reply
}

fn promised(schema: &str, value: &Value) {
    let description = document(&routes()).unwrap();
    let mut found = Vec::new();
    faults(value, &description["components"]["schemas"][schema], &description, "answer", &mut found);
    assert!(found.is_empty(), "{schema}: {found:#?}");
}

#[tokio::test]
async fn a_picture_is_looked_up_and_what_is_none_is_refused() {
    let trial = Trial::new();
    let unseen = sent(&trial, png(Some(7), 200)).await.json();
    assert_eq!(
        (&unseen["width_px"], &unseen["format"], &unseen["plain"]),
        (&json!(200), &json!("png"), &json!(false))
    );
    assert_eq!((&unseen["posts_count"], &unseen["first"]), (&json!(0), &Value::Null));
    assert_eq!(sent(&trial, png(None, 64)).await.json()["plain"], true);
    for wrong in [b"plain words".to_vec(), Vec::new(), png(Some(7), 200)[..90].to_vec()] {
        let refused = sent(&trial, wrong).await;
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("picture"))
        );
    }
    let large = sent(&trial, vec![0; PICTURE_BYTES_MAX + 1]).await;
    assert_eq!((large.status, &large.json()["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large")));
    let description = document(&routes()).unwrap();
    let body = &description["paths"]["/api/v1/pictures/check"]["post"]["requestBody"]["content"];
    assert!(body["image/*"].is_object() && body.get("application/json").is_none(), "{body}");
}
