//! What posts say and want, corrections and the page «Enseñar» through the
//! whole server, as a browser without script sees them.

use crate::trial::{Person, Trial};
use axum::http::{Method, StatusCode};
use model::Role;
use serde_json::json;

const CHAIN: &str = "URGENTE: Acme regala bonos de 500 dólares, reenvía a diez contactos y da tu clave en http://acme-bonos.xyz/premio";

/// A complaint, a chain message twice, one in a language that no model reads.
async fn filled() -> Trial {
    let trial = Trial::new();
    let rows = json!([
        {"id": "u-1", "network": "mastodon", "author": "ana", "author_id": "1", "time": "2026-03-01T12:00:00Z",
         "text": "Acme es una vergüenza, llevo tres horas esperando y nadie responde"},
        {"id": "u-2", "network": "mastodon", "author": "beto", "author_id": "2", "time": "2026-03-01T13:00:00Z", "text": CHAIN},
        {"id": "u-3", "network": "mastodon", "author": "caro", "author_id": "3", "time": "2026-03-01T14:00:00Z", "text": CHAIN},
        {"id": "u-4", "network": "mastodon", "author": "dina", "author_id": "4", "time": "2026-03-01T15:00:00Z",
         "text": "Το καφέ είναι πολύ καλό και το προσωπικό ευγενικό"},
    ]);
    let reply = trial.call(Method::POST, "/api/v1/records", Some(rows)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    trial
}

/// The number of the only post that an expression finds, newest first.
async fn find(trial: &Trial, q: &str) -> i64 {
    let found = trial
        .call(Method::GET, &format!("/api/v1/posts?q={}", crate::front::url_escape(q)), None)
        .await
        .json();
    found["items"][0]["id"].as_i64().unwrap_or_else(|| panic!("{q}: {found}"))
}

#[tokio::test]
async fn a_post_is_corrected_from_its_page_and_the_correction_is_undone() {
    let trial = filled().await;
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    let id = find(&trial, "vergüenza").await;
    let path = format!("/posts/{id}");
    let page = agent.get(&path).await;
    assert!(
        page.contains("Qué dice y qué quiere") && page.contains("¿No es así?") && page.contains("Qué pesó")
    );
    let seen = viewer.get(&path).await;
    assert!(
        seen.contains("Qué dice y qué quiere") && !seen.contains("¿No es así?"),
        "only who may label corrects"
    );

    let corrections = format!("{path}/corrections");
    let answer =
        agent.post(&corrections, &[("head", "tone"), ("value", "positive"), ("place", "answer-tone")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.location(), format!("{path}?done=corrected#answer-tone"));
    let page = viewer.get(&path).await;
    assert!(page.contains("Decidido por agent"), "{page}");
    let filtered = viewer.get("/explorer?q=vergüenza&tone=positive").await;
    assert!(filtered.contains(&path), "the explorer knows it at once");
    let list = agent.get("/learning").await;
    let undo = list.split("action=\"/corrections/").nth(1).unwrap().split('"').next().unwrap();
    let evil = [("next", "//evil.example"), ("place", "x\"><script>")];
    let answer = agent.post(&format!("/corrections/{undo}"), &evil).await;
    assert_eq!(answer.location(), "/?done=correction-undone", "never to another site");
    assert!(!viewer.get(&path).await.contains("Decidido por"));
    assert!(viewer.get("/learning").await.contains("deshecha"));
    assert_eq!(
        agent.post(&corrections, &[("head", "tone"), ("value", "<b>")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        viewer.post(&corrections, &[("head", "tone"), ("value", "mixed")]).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_copy_warns_of_its_first_appearance_and_a_scam_of_its_signs() {
    let trial = filled().await;
    let viewer = Person::of(&trial, Role::Viewer);
    let page = viewer.get(&format!("/posts/{}", find(&trial, "author:caro").await)).await;
    let first = find(&trial, "author:beto").await;
    assert!(page.contains("Visto antes") && page.contains(&format!("/posts/{first}")), "{page}");
    assert!(page.contains("1 copia en el archivo, una anterior a esta."), "{page}");
    assert!(page.contains("/cascades/") && page.contains("/scam-check?post="));
    assert!(page.contains("Señales de estafa") && page.contains("de 10</span>"), "{page}");
    let page = viewer.get(&format!("/posts/{first}")).await;
    assert!(!page.contains("Visto antes") && page.contains("Otras publicaciones la repiten"));
    assert!(viewer.get("/explorer?q=author:caro").await.contains(">Se repite</a>"));
}

#[tokio::test]
async fn what_no_model_reads_is_said_and_not_guessed() {
    let trial = filled().await;
    let agent = Person::of(&trial, Role::Agent);
    let page = agent.get(&format!("/posts/{}", find(&trial, "author:dina").await)).await;
    assert!(
        page.contains("No tenemos un método que lea este idioma") && page.contains("No se sabe"),
        "{page}"
    );
}

#[tokio::test]
async fn the_page_where_the_team_teaches_says_what_it_does_not_know() {
    let trial = filled().await;
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    let page = agent.get("/learning").await;
    assert!(page.contains("Las que más enseñan") && page.contains("Elegida al azar"), "{page}");
    assert!(
        page.contains("Todavía no hay correcciones que juzguen") && page.contains("Nadie contradice a nadie")
    );
    assert!(!viewer.get("/learning").await.contains("Las que más enseñan"));
    let question = page.split("action=\"/posts/").nth(1).unwrap();
    let id = question.split('/').next().unwrap();
    let head = question.split("name=\"head\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let value = question.split("name=\"value\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = agent
        .post(&format!("/posts/{id}/corrections"), &[("head", head), ("value", value), ("next", "/learning")])
        .await;
    assert_eq!(answer.location(), "/learning?done=corrected");
    let page = agent.get("/learning?done=corrected").await;
    assert!(!page.contains(&format!("id=\"q-{id}\"")) && page.contains("1 corrección vigente"), "{page}");
}

#[tokio::test]
async fn the_overview_counts_what_people_want_and_leads_to_it() {
    let trial = filled().await;
    let viewer = Person::of(&trial, Role::Viewer);
    let page = viewer.get("/?of=all&period=all").await;
    assert!(page.contains("Qué quieren") && page.contains("Emociones") && page.contains("Ofensas"));
    assert!(
        page.contains("urgency=50") && page.contains("urgency=75") && page.contains("offence=none"),
        "{page}"
    );
    let explorer = viewer.get("/explorer?intent=complaint&urgency=50&offence=person&emotion=anger").await;
    for chip in ["Intención: Queja", "Urgencia: 50 o más", "Ofensa: Ofende a una persona", "Emoción: Enojo"]
    {
        assert!(explorer.contains(chip), "{chip}");
    }
}
