//! Queries, sources, imports, rejects, webhooks and settings through the whole
//! server, as a browser without script sees them.

use crate::trial::{Person, Reply, Trial};
use ::app::Actor;
use ::app::listening::ImportState;
use axum::http::{Request, StatusCode, header};
use hmac::{Hmac, KeyInit, Mac};
use model::Role;
use model::listening::{Keep, SourceSetup, WebhookMaker};
use std::time::{Duration, Instant};

const BOUNDARY: &str = "----corte";
const KEY: &str = "una-clave-larga-de-prueba-para-firmar";

impl Person<'_> {
    async fn upload(&self, files: &[(&str, &str)], fields: &[(&str, &str)]) -> Reply {
        let mut body = String::new();
        for (name, content) in files {
            body.push_str(&format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
            ));
        }
        for (name, value) in fields {
            body.push_str(&format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        let request = self.request("POST", &format!("/import?csrf={}", self.form_token()));
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.trial.ask(request.header(header::CONTENT_TYPE, kind), body).await
    }

    /// Waits for the imports that the page began, and gives their states.
    async fn imported(&self, count: usize) -> Vec<ImportState> {
        let started = Instant::now();
        loop {
            let runs = self.trial.workspace.list_imports(&Actor::operator(), 10).unwrap();
            if runs.len() >= count && runs.iter().all(|run| run.state != ImportState::Running) {
                self.trial.workspace.flush().unwrap();
                return runs.into_iter().map(|run| run.state).collect();
            }
            assert!(started.elapsed() < Duration::from_secs(60), "the import does not end");
            tokio::task::yield_now().await;
        }
    }
}

const CSV: &str = "id,text,author,time\n1,Falta agua en Bayano,ana,2026-03-01T10:00:00Z\n2,El café <b>Bayano</b> es bueno,luis,2026-03-01T11:00:00Z\n";

#[tokio::test]
async fn an_upload_is_imported_and_its_posts_are_counted_by_a_query() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Director);
    let none = person.upload(&[], &[("map", "text=mensaje")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Elige al menos un archivo") && none.text.contains("text=mensaje"));
    let nothing = person.upload(&[("tabla.csv", "a,b\n1,2\n")], &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("no reconocemos la columna del texto"), "{}", nothing.text);
    let lines = "{\"id\":\"3\",\"text\":\"Bayano responde\",\"author\":\"eva\",\"time\":\"2026-03-02T10:00:00Z\"}\n{broken\n";
    let sent = person.upload(&[("posts.csv", CSV), ("más.jsonl", lines)], &[("network", "x")]).await;
    assert_eq!(sent.location(), "/import?done=import-begun", "{}", sent.text);
    assert_eq!(person.imported(2).await, [ImportState::Done, ImportState::Done]);
    let page = person.load("/import").await;
    assert!(page.text.contains("posts.csv") && page.text.contains("Terminada"), "{}", page.text);
    assert!(!page.text.contains("hx-trigger=\"every 1s\""), "nothing runs, nothing is asked again");
    let preview = person.fragment("/queries/preview?expression=bayano").await;
    assert!(preview.text.contains("3 menciones") && preview.text.contains("<mark>"), "{}", preview.text);
    assert!(!preview.text.contains("<b>Bayano") && !preview.text.contains("<html"));
    let rejects = person.load("/rejects").await;
    assert!(rejects.text.contains("{broken") && rejects.text.contains("más.jsonl"), "{}", rejects.text);
    let file = person.load("/rejects.jsonl").await;
    let line: serde_json::Value = serde_json::from_str(file.text.lines().next().unwrap()).unwrap();
    assert_eq!(line["line"], 2);
    let uploads = std::fs::read_dir(trial.workspace.folder().join("uploads")).unwrap().count();
    assert_eq!(uploads, 0, "uploads are removed at the end");
}

#[tokio::test]
async fn a_query_with_a_mistake_comes_back_with_its_text_and_the_place() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Director);
    let pairs = [("name", "Agua & luz"), ("purpose", "market"), ("expression", "agua (OR luz")];
    let wrong = person.post("/queries", &pairs).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "agua (OR luz</textarea>",
        "value=\"Agua &#38; luz\"",
        "value=\"market\" selected",
        "class=\"caret\"",
    ] {
        assert!(wrong.text.contains(kept), "{kept}: {}", wrong.text);
    }
    let tried = person.post("/queries", &[("name", "x"), ("expression", "agua luz"), ("try", "1")]).await;
    assert!(tried.status == StatusCode::OK && tried.text.contains("0 menciones"), "{}", tried.text);
    let pairs = [("name", "Agua"), ("purpose", "market"), ("expression", "agua OR luz")];
    let saved = person.post("/queries", &pairs).await;
    let page = saved.location().to_owned();
    assert!(page.starts_with("/queries/") && page.ends_with("?done=query-saved"), "{page}");
    assert!(person.load(&page).await.text.contains("Guardamos la consulta"));
    let again = person.post("/queries", &pairs).await;
    assert!(again.text.contains("Ya hay una consulta con ese nombre"), "{}", again.text);
    let path = page.split('?').next().unwrap();
    let changed = [("name", "Agua"), ("purpose", "topic"), ("expression", "agua")];
    assert_eq!(person.post(path, &changed).await.status, StatusCode::SEE_OTHER);
    let history = person.load(path).await.text;
    assert!(history.contains("agua OR luz") && history.contains("Historial de versiones"));
    assert!(person.load(&format!("{path}/archive")).await.text.contains("¿Archivar la consulta"));
    assert_eq!(person.post(&format!("{path}/archive"), &[]).await.location(), "/queries?done=query-archived");
    assert!(!person.load("/queries").await.text.contains(">Agua<"));
}

#[tokio::test]
async fn a_source_form_says_what_is_wrong_and_never_shows_the_key() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Director);
    assert!(person.load("/sources/new").await.text.contains("Redes abiertas"));
    for (kind, _) in [("feed", 0), ("x-search", 1), ("webhook", 2), ("mastodon-poll", 3)] {
        assert_eq!(person.load(&format!("/sources/new?kind={kind}")).await.status, StatusCode::OK, "{kind}");
    }
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("kind", "feed"), ("name", "Prensa"), ("url", "ftp://a.example")], "empiece por https://"),
        (
            &[("kind", "feed"), ("name", "Prensa"), ("url", "http://127.0.0.1/feed")],
            "no es una dirección pública",
        ),
        (&[("kind", "feed"), ("name", " "), ("url", "https://a.example/feed")], "nombre de 1 a 80"),
        (
            &[("kind", "x-search"), ("name", "X"), ("search", "bayano"), ("endpoint", "https://api.x.com")],
            "Hace falta la clave",
        ),
        (
            &[
                ("kind", "telegram-bot"),
                ("name", "T"),
                ("endpoint", "https://api.telegram.org"),
                ("secret", "corta"),
            ],
            "no tiene la forma",
        ),
    ];
    for (pairs, message) in cases {
        let refused = person.post("/sources", pairs).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{pairs:?}");
        assert!(refused.text.contains(message), "{message}: {}", refused.text);
        assert!(!refused.text.contains("value=\"corta\""));
    }
    let added = person
        .post(
            "/sources",
            &[
                ("kind", "webhook"),
                ("name", "Ghost <i>"),
                ("maker", "ghost"),
                ("secret", KEY),
                ("keep", "all"),
            ],
        )
        .await;
    let page = added.location().split('?').next().unwrap().to_owned();
    let shown = person.load(&page).await.text;
    assert!(
        shown.contains("http://localhost:8080/hooks/") && !shown.contains(KEY) && !shown.contains("<i>"),
        "{shown}"
    );
    assert_eq!(person.post(&format!("{page}/pause"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(person.load("/sources").await.text.contains("En pausa"));
    assert!(person.load(&format!("{page}/remove")).await.text.contains("publicaciones que trajo se quedan"));
    assert_eq!(person.post(&format!("{page}/remove"), &[]).await.location(), "/sources?done=source-removed");
    assert_eq!(person.load(&page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_webhook_is_taken_with_its_signature_only() {
    let trial = Trial::new();
    let setup = SourceSetup::Webhook { maker: WebhookMaker::Generic };
    let id = trial
        .workspace
        .insert_source(&trial.front.app, &Actor::operator(), "Tienda", &setup, Keep::All, Some(KEY))
        .unwrap();
    let body = "{\"id\":\"9\",\"text\":\"Hola desde la tienda\",\"author\":\"tienda\"}";
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let send = async |path: &str, signature: &str, body: &str| {
        let request = Request::builder().method("POST").uri(path).header(header::HOST, "localhost:8080");
        let request =
            request.header("X-Signature-256", signature).header(header::CONTENT_TYPE, "application/json");
        trial.ask(request, body.to_owned()).await.status
    };
    let path = format!("/hooks/{}/{id}", trial.workspace.info().slug);
    assert_eq!(send(&path, &format!("sha256={hex}"), body).await, StatusCode::ACCEPTED);
    assert_eq!(send(&path, &format!("sha256={hex}"), "{\"id\":\"10\"}").await, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&path, "sha256=00", body).await, StatusCode::UNAUTHORIZED);
    assert_eq!(send("/hooks/nadie/1", "sha256=00", body).await, StatusCode::NOT_FOUND);
    assert_eq!(send(&format!("{path}9"), "sha256=00", body).await, StatusCode::NOT_FOUND);
    let large = "x".repeat(crate::pages::hooks::HOOK_BYTES_MAX + 1);
    assert_eq!(send(&path, "sha256=00", &large).await, StatusCode::PAYLOAD_TOO_LARGE);
    let views = trial.workspace.list_sources(&Actor::operator()).unwrap();
    assert_eq!(views.iter().find(|view| view.source.id == id).unwrap().health.kept_count, 1);
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Viewer);
    for path in ["/queries", "/sources", "/settings", "/settings/tokens", "/settings/account"] {
        let page = person.load(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains("/queries/new\"") && !page.text.contains("/sources/new\""), "{path}");
    }
    for path in
        ["/import", "/rejects", "/settings/people", "/settings/data", "/settings/audit", "/sources/new"]
    {
        assert_eq!(person.load(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/queries", "/sources", "/settings/handbook", "/settings/people", "/settings/data/erase"] {
        assert_eq!(person.post(path, &[("name", "x")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(person.upload(&[("a.csv", CSV)], &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_account_is_erased_after_it_was_said_what_goes() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Administrator);
    person.upload(&[("posts.csv", CSV)], &[("network", "x")]).await;
    person.imported(1).await;
    assert!(person.load("/settings/data/erase?account=nadie").await.text.contains("No conocemos esa cuenta"));
    let asked = person.load("/settings/data/erase?account=%40ana&bar=1").await;
    assert!(asked.text.contains("1 publicación de la cuenta"), "{}", asked.text);
    let key =
        asked.text.split("name=\"account\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let begun = person.post("/settings/data/erase", &[("account", &key), ("bar", "1")]).await;
    assert_eq!(begun.location(), "/settings/data?done=erasure-begun", "{}", begun.text);
    let started = Instant::now();
    let erased = loop {
        let page = person.fragment("/settings/data/erasures").await.text;
        if !page.contains("hx-get") {
            break page;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the erasure does not end");
        tokio::task::yield_now().await;
    };
    assert!(erased.contains("1 registro borrado") && !erased.contains("<html"), "{erased}");
    assert!(!erased.contains(&key), "who it was is not kept");
    assert!(person.load("/settings/data").await.text.contains("La cuenta está suprimida"));
    assert!(person.fragment("/queries/preview?expression=falta").await.text.contains("0 menciones"));
    assert!(person.load("/settings/audit").await.text.contains("Cuenta suprimida"));
}

#[tokio::test]
async fn settings_keep_what_was_written_and_say_what_is_wrong() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Administrator);
    let wrong = person.post("/settings/handbook", &[("names", ""), ("goals", "Vender más")]).await;
    assert!(wrong.text.contains("al menos un nombre") && wrong.text.contains("Vender más"), "{}", wrong.text);
    let right = [("names", "Bayano"), ("competitors", "Istmo, @istmo\nBeta, S.A.;")];
    assert_eq!(person.post("/settings/handbook", &right).await.location(), "/settings?done=handbook-saved");
    let handbook = trial.workspace.load_handbook(&Actor::operator()).unwrap();
    assert_eq!(handbook.competitors[1].names, ["Beta, S.A."]);
    let pairs = [("name", "Informe"), ("scope", "read"), ("scope", "export"), ("days", "30")];
    let made = person.post("/settings/tokens", &pairs).await;
    let secret = made.text.split("<code>atalaya_").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(trial.front.app.find_token(&format!("atalaya_{secret}")).unwrap().is_some());
    assert!(!person.load("/settings/tokens").await.text.contains(&secret), "shown once");
    assert!(person.post("/settings/tokens", &[("name", "x")]).await.text.contains("al menos un permiso"));
    let weak = [("name", "Eva"), ("email", "eva@example.org"), ("password", "corta"), ("role", "viewer")];
    assert_eq!(person.post("/settings/people", &weak).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(person.post("/settings/data/retention", &[("days", "0")]).await.text.contains("de 1 a 36.500"));
    assert_eq!(person.post("/settings/data/retention", &[("days", "")]).await.status, StatusCode::SEE_OTHER);
    assert!(person.load("/settings/data").await.text.contains("atalaya backup"));
    assert_eq!(person.post("/settings/data/rebuild", &[]).await.status, StatusCode::SEE_OTHER);
    let account = person.post("/settings/account", &[("name", "Ana"), ("language", "en")]).await;
    assert_eq!(account.location(), "/settings/account?done=account-saved");
    for path in [
        "/queries",
        "/queries/new",
        "/sources",
        "/sources/new",
        "/import",
        "/rejects",
        "/settings",
        "/settings/people",
        "/settings/tokens",
        "/settings/data",
        "/settings/audit",
        "/settings/account",
        "/queries/preview?expression=a",
    ] {
        let page = person.load(path).await.text;
        assert!(page.contains("<html lang=\"en\"") && !page.contains('⟦'), "{path}");
    }
}

#[tokio::test]
async fn a_source_is_edited_and_keeps_its_key() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Director);
    let fields = |search: &str, secret: &str| {
        [
            ("name", "Búsqueda"),
            ("service", "https://bsky.social"),
            ("identifier", "ana.example"),
            ("keep", "matching"),
            ("kind", "bluesky-search"),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .chain([("search", search.to_owned()), ("secret", secret.to_owned())])
        .collect::<Vec<_>>()
    };
    let send = async |path: &str, fields: &[(&'static str, String)]| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        person.post(path, &pairs).await
    };
    let added = send("/sources", &fields("bayano", KEY)).await;
    let page = added.location().split('?').next().unwrap().to_owned();
    let edit = format!("{page}/edit");
    assert!(person.load(&page).await.text.contains(&format!("href=\"{edit}\"")));
    let form = person.load(&edit).await.text;
    for kept in ["value=\"Búsqueda\"", "value=\"bayano\"", "value=\"ana.example\"", "Déjala vacía"] {
        assert!(form.contains(kept), "{kept}: {form}");
    }
    assert!(!form.contains(KEY) && form.contains(&format!("action=\"{edit}\"")));
    let wrong = send(&edit, &fields(" ", "")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("search-error"), "{}", wrong.text);
    let mut changed = fields("bayano café", "");
    changed[0].1 = "Otra <b>".to_owned();
    changed[3].1 = "all".to_owned();
    let saved = send(&edit, &changed).await;
    assert_eq!(saved.location(), format!("{page}?done=source-changed"), "{}", saved.text);
    let views = trial.workspace.list_sources(&Actor::operator()).unwrap();
    let source = &views.iter().find(|view| page.ends_with(&view.source.id.to_string())).unwrap().source;
    assert_eq!((source.name.as_str(), source.keep, source.has_secret), ("Otra <b>", Keep::All, true));
    assert!(matches!(&source.setup, SourceSetup::BlueskySearch { search, .. } if search == "bayano café"));
    assert_eq!(person.load("/sources/999/edit").await.status, StatusCode::NOT_FOUND);
    let viewer = Person::of(&trial, Role::Viewer);
    assert_eq!(viewer.load(&edit).await.status, StatusCode::FORBIDDEN);
    assert!(!viewer.load(&page).await.text.contains(&edit));
    let administrator = Person::of(&trial, Role::Administrator);
    let audit = administrator.load("/settings/audit").await.text;
    assert!(audit.contains("Fuente cambiada") && !audit.contains("<b>"), "{audit}");
}

#[tokio::test]
async fn labels_of_a_table_become_labels_once() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Administrator);
    let rows = "id,text,author,label\n1,Falta agua en Bayano,ana,queja; Agua\n2,Hola Bayano,luis,\n3,Adiós Bayano,eva,queja\n";
    for turn in 1..=2 {
        person.upload(&[("etiquetas.csv", rows)], &[("network", "x")]).await;
        person.imported(turn).await;
        let found = person.load("/explorer?q=label:queja").await.text;
        assert!(found.contains("2 publicaciones"), "turn {turn}: {found}");
        assert!(person.load("/explorer?q=label:agua").await.text.contains("1 publicación"), "turn {turn}");
    }
    let audit = person.load("/settings/audit").await.text;
    assert_eq!(audit.matches("Etiquetas importadas").count(), 1, "{audit}");
    assert!(audit.contains("Agua, queja"), "{audit}");
}

#[tokio::test]
async fn rejects_say_why_in_the_language_of_the_reader() {
    let trial = Trial::new();
    let person = Person::of(&trial, Role::Director);
    let rows = "id,text,author,time\n1,Bayano,ana,03/04/2018\n2,Bayano,ana,ayer\n3,sobra,ana,2026-01-01,x\n";
    person.upload(&[("fechas.csv", rows)], &[("network", "x")]).await;
    person.imported(1).await;
    let page = person.load("/rejects").await.text;
    for text in [
        "se puede leer de dos maneras",
        "«ayer» no es una fecha",
        "Tiene 5 columnas y la primera fila tiene 4",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<strong lang=\"en\""), "{page}");
    let file = person.load("/rejects.jsonl").await.text;
    assert!(
        file.contains("\"code\":\"date-ambiguous\"") && file.contains("can be read in two ways"),
        "{file}"
    );
}
