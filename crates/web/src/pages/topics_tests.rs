//! «Temas y preguntas» and the frequent answers, as a browser without script
//! sees them.

use crate::front::url_escape;
use crate::trial::{Reply, Trial, signed_in, to};
use ::app::Actor;
use ::app::listening::{ImportOptions, ImportSource};
use axum::http::{Method, StatusCode, header};
use model::Role;
use std::sync::atomic::AtomicBool;

async fn get(trial: &Trial, role: Role, path: &str) -> Reply {
    let request =
        signed_in(to(Method::GET, path), &trial.session(role)).header(header::ACCEPT_LANGUAGE, "es");
    trial.ask(request, "").await
}

async fn post(trial: &Trial, role: Role, path: &str, pairs: &[(&str, &str)]) -> Reply {
    let session = trial.session(role);
    let mut body = format!("csrf={}", trial.form_token(&session));
    for (name, value) in pairs {
        body.push_str(&format!("&{name}={}", url_escape(value)));
    }
    let request = signed_in(to(Method::POST, path), &session)
        .header(header::ACCEPT_LANGUAGE, "es")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    trial.ask(request, body).await
}

/// Posts as author, text and hours before now.
fn import(trial: &Trial, posts: &[(String, String, i64)]) {
    let now = trial.front.app.now();
    let mut csv = "id,author,text,time\n".to_owned();
    for (at, (author, text, hours)) in posts.iter().enumerate() {
        csv.push_str(&format!("topic-{at:08},{author},\"{text}\",{}\n", now.plus(-hours * 3_600_000)));
    }
    let source = ImportSource {
        name: "posts.csv".to_owned(),
        size_bytes: None,
        input: Box::new(std::io::Cursor::new(csv.into_bytes())),
    };
    let stop = AtomicBool::new(false);
    let options = ImportOptions::default();
    trial.workspace.import(&Actor::operator(), source, &options, &stop, &mut |_| {}).unwrap();
    trial.workspace.flush().unwrap();
}

fn town() -> Vec<(String, String, i64)> {
    const TALK: [&str; 6] = [
        "Qué calor en David",
        "La fila del banco",
        "Leyendo un libro",
        "Buen pan hoy",
        "El bus lleno",
        "Mi perro ladra",
    ];
    const MORE: [&str; 5] = ["y llueve", "con mi prima", "sin prisa", "otra vez", "en Colón"];
    const WATER: [&str; 3] =
        ["Tubería madre rota", "reparan la tubería madre", "otra tubería madre sin arreglo"];
    let talk = |at: usize, hours: i64| {
        (format!("c{}", at % 90), format!("{} {}", TALK[at % 6], MORE[at % 5]), hours)
    };
    let mut posts: Vec<(String, String, i64)> =
        (0..200).map(|at| talk(at, 180 + i64::try_from(at).unwrap() * 2)).collect();
    posts.extend((0..60).map(|at| talk(at, 1 + i64::try_from(at).unwrap())));
    posts.extend((0..20).map(|at| (format!("v{at}"), format!("{}, {}", WATER[at % 3], MORE[at % 5]), 3)));
    posts.push(("ana".to_owned(), "¿Tienen <b>wifi</b>?".to_owned(), 4));
    posts.push(("beto".to_owned(), "hola, hay wifi?".to_owned(), 4));
    posts
}

#[tokio::test]
async fn an_empty_workspace_says_that_data_is_lacking() {
    let trial = Trial::new();
    let page = get(&trial, Role::Viewer, "/topics").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["Faltan datos para comparar", "Ninguna pregunta se repite"] {
        assert!(page.text.contains(text), "{text}");
    }
    let page = get(&trial, Role::Viewer, "/answers").await.text;
    assert!(page.contains("Todavía no hay respuestas") && !page.contains("/answers/new"));
    let wrong = get(&trial, Role::Viewer, "/topics?q=%28").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn from_a_question_to_its_answer_in_one_click() {
    let trial = Trial::new();
    import(&trial, &town());
    let page = get(&trial, Role::Director, "/topics").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text;
    assert!(text.to_lowercase().contains("<bdi>tubería madre"), "{text}");
    assert!(text.contains("No aparecía antes") && text.contains("/explorer?"), "{text}");
    assert!(!text.contains("<b>wifi"), "texts of strangers are escaped");
    let form = text.split("href=\"/answers/new?").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let form =
        get(&trial, Role::Director, &format!("/answers/new?{}", form.replace("&#38;", "&"))).await.text;
    assert!(form.contains("hay wifi?"), "{form}");
    let viewer = get(&trial, Role::Viewer, "/topics").await.text;
    assert!(!viewer.contains("/answers/new"), "who may not write is not offered it");

    let fields = [
        ("question", "¿Hay wifi?"),
        ("answer", "Sí: la clave está en caja."),
        ("wordings", "clave del wifi"),
        ("language", "es"),
    ];
    let saved = post(&trial, Role::Director, "/answers", &fields).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/answers?done=answer-saved"));
    let text = get(&trial, Role::Viewer, "/topics").await.text;
    assert!(text.contains("Ya hay respuesta:") && text.contains("la clave está en caja"), "{text}");
    let again = post(&trial, Role::Director, "/answers", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.text.contains("Esa pregunta ya tiene respuesta")
            && again.text.contains("la clave está en caja")
    );
    let empty = post(&trial, Role::Director, "/answers", &[("question", "?"), ("answer", "x")]).await;
    assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("Escribe una pregunta"));
    let refused = post(&trial, Role::Agent, "/answers", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let list = get(&trial, Role::Viewer, "/answers").await.text;
    let path = list.split("href=\"/answers/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let path = format!("/answers/{path}");
    assert!(get(&trial, Role::Viewer, &path).await.text.contains("clave del wifi"));
    let changed = [("question", "¿Hay wifi?"), ("answer", "Ya no.")];
    assert_eq!(post(&trial, Role::Director, &path, &changed).await.status, StatusCode::SEE_OTHER);
    assert!(
        get(&trial, Role::Director, &format!("{path}/archive")).await.text.contains("¿Archivar la respuesta")
    );
    let gone = post(&trial, Role::Director, &format!("{path}/archive"), &[]).await;
    assert_eq!(gone.location(), "/answers?done=answer-archived");
    assert!(get(&trial, Role::Director, &path).await.text.contains("archivada desde"));
    let gone = post(&trial, Role::Director, &path, &changed).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
