//! The pages through the whole server, as a browser without script sees them.

use crate::front::{Front, server};
use crate::locale::Numbers;
use crate::routes::routes;
use crate::security::hosts::AllowedHosts;
use crate::site::Site;
use ::app::listening::{ImportOptions, ImportSource};
use ::app::{Actor, App, Settings};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tower::ServiceExt;

const PASSWORD: &str = "una frase bastante larga";
const HOSTILE: &str = "<script>alert(1)</script> agua \u{202e}gpj.exe <img src=x onerror=alert(2)>";

/// A data folder, its server, and one browser's cookies.
struct Browser {
    router: Router,
    front: Arc<Front>,
    cookies: HashMap<String, String>,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    location: String,
    kind: String,
    text: String,
}

impl Browser {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Settings::new(folder.path())).unwrap();
        let site = Site {
            https: false,
            hosts: AllowedHosts::new(&[], false),
            numbers: Numbers::CommaPoint,
            zone: jiff::tz::TimeZone::UTC,
        };
        let front = Arc::new(Front::new(app, site));
        Self { router: server(&front, routes()), front, cookies: HashMap::new(), _folder: folder }
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::COOKIE, cookies.join("; "));
        if method == "POST" {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let text = |name: header::HeaderName| {
            parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        Answer {
            status: parts.status,
            location: text(header::LOCATION),
            kind: text(header::CONTENT_TYPE),
            text: String::from_utf8_lossy(&to_bytes(body, 1 << 24).await.unwrap()).into_owned(),
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// Asks for a page until it shows what is waited for.
    async fn get_when(&mut self, path: &str, is_there: fn(&str) -> bool) -> String {
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let text = self.get(path).await.text;
            if is_there(&text) {
                return text;
            }
            assert!(std::time::Instant::now() < until, "{text}");
            tokio::task::yield_now().await;
        }
    }

    /// Sends a form as the page at `form` shows it, with its token.
    async fn post(&mut self, form: &str, action: &str, pairs: &[(&str, &str)]) -> Answer {
        let page = self.get(form).await;
        let token = page.text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let mut body = format!("csrf={}", token.unwrap_or_default());
        for (name, value) in pairs {
            body.push_str(&format!("&{name}={}", crate::front::url_escape(value)));
        }
        self.send("POST", action, body).await
    }

    async fn set_up(&mut self, language: &str) -> Answer {
        let pairs = [
            ("name", "Ana"), ("email", "ana@example.org"), ("password", PASSWORD), ("workspace", "Café Bayano"),
            ("zone", "America/Panama"), ("language", language), ("names", "Bayano, Café Bayano"),
            ("handles", "@bayano"), ("competitors", "Istmo, @istmo\nMolienda"), ("market", "agua"),
        ];
        self.post("/welcome", "/welcome", &pairs).await
    }

    /// Puts posts into the workspace and makes them searchable.
    fn import(&self) {
        let workspace = self.front.app.workspace("cafe-bayano").unwrap();
        let rows = [
            ("1", "ana", "Bayano no tiene agua hoy, pésimo servicio".to_owned()),
            ("2", "beto", "¿Alguien sabe si Bayano abre mañana?".to_owned()),
            ("3", "<b>eve</b>", HOSTILE.to_owned()),
        ];
        let now = self.front.app.now();
        let mut csv = "id,author,text,time\n".to_owned();
        for (id, author, text) in rows {
            csv.push_str(&format!("{id},{author},\"{text}\",{}\n", now.plus(-3_600_000)));
        }
        let source = ImportSource {
            name: "posts.csv".to_owned(),
            size_bytes: None,
            input: Box::new(std::io::Cursor::new(csv.into_bytes())),
        };
        let stop = AtomicBool::new(false);
        let outcome =
            workspace.import(&Actor::operator(), source, &ImportOptions::default(), &stop, &mut |_| {}).unwrap();
        assert_eq!(outcome.1.new, 3, "{:?}", outcome.1);
        workspace.flush().unwrap();
    }

    async fn ready(language: &str) -> Self {
        let mut browser = Self::new();
        browser.set_up(language).await;
        browser.import();
        browser
    }
}

#[tokio::test]
async fn the_first_visit_makes_a_session_and_queries() {
    let mut browser = Browser::new();
    let start = browser.get("/").await;
    assert_eq!((start.status, start.location.as_str()), (StatusCode::SEE_OTHER, "/login?to=/"));
    assert_eq!(browser.get("/login?to=/").await.location, "/welcome");
    let done = browser.set_up("es").await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/?done=welcome"), "{}", done.text);
    let home = browser.get("/?done=welcome").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text.contains("Qué hacer ahora") && home.text.contains("creamos tu espacio"), "{}", home.text);
    assert!(home.text.contains("Bayano") && home.text.contains("/sources/new?kind=bluesky-jetstream"));
    assert_eq!(browser.get("/welcome").await.location, "/login");
    assert_eq!(browser.get("/login").await.location, "/");
}

#[tokio::test]
async fn the_set_up_says_what_to_correct_and_keeps_what_was_typed() {
    let mut browser = Browser::new();
    let cases = [
        ("password", "corta", "Usa al menos"),
        ("email", "ana", "Escribe un correo"),
        ("workspace", "!!!", "Escribe un nombre con letras"),
        ("other_zone", "Panama/City", "Esa zona horaria no existe"),
        ("names", " , ", "Escribe al menos un nombre"),
        ("competitors", "Istmo\nistmo", "Hay dos marcas"),
    ];
    for (field, wrong, message) in cases {
        let mut pairs = vec![
            ("name", "Ana"), ("email", "ana@example.org"), ("password", PASSWORD), ("workspace", "Café Bayano"),
            ("zone", "America/Panama"), ("language", "es"), ("names", "Bayano"), ("goals", "dormir <b>bien</b>"),
        ];
        pairs.retain(|(name, _)| *name != field);
        pairs.push((field, wrong));
        let answer = browser.post("/welcome", "/welcome", &pairs).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.text.contains(message), "{field}: {}", answer.text);
        assert!(answer.text.contains("dormir &#60;b&#62;bien"), "{field}");
        assert!(!answer.text.contains(PASSWORD));
    }
    assert_eq!(browser.set_up("es").await.status, StatusCode::SEE_OTHER, "nothing was made before");
}

#[tokio::test]
async fn a_wrong_login_says_so_and_patience_is_asked_for() {
    let mut browser = Browser::ready("es").await;
    assert_eq!(browser.post("/", "/sign-out", &[]).await.location, "/login");
    assert_eq!(browser.get("/explorer?q=agua").await.location, "/login?to=/explorer%3Fq%3Dagua");
    let wrong = [("email", "ana@example.org"), ("password", "no es esta frase"), ("to", "//evil.example")];
    let answer = browser.post("/login", "/login", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("no son correctos") && !answer.text.contains("no es esta frase"));
    let right = [("email", "ana@example.org"), ("password", PASSWORD), ("to", "//evil.example")];
    assert_eq!(browser.post("/login", "/login", &right).await.location, "/", "never to another site");
    assert_eq!(browser.post("/", "/sign-out", &[]).await.location, "/login");
    let mut last = StatusCode::OK;
    for _ in 0..=crate::front::LOGIN_BURST {
        last = browser.post("/login", "/login", &wrong).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let right = [("email", "ana@example.org"), ("password", PASSWORD), ("to", "/explorer")];
    assert_eq!(browser.post("/login", "/login", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_wrong_expression_is_shown_with_its_place() {
    let mut browser = Browser::ready("es").await;
    for path in ["/explorer?q=agua%20(luz", "/?q=agua%20(luz"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.text.contains("Este paréntesis no se cierra"), "{path}");
        assert!(answer.text.contains("agua (luz\n     ^</pre>"), "{}", answer.text);
        assert!(answer.text.contains("value=\"agua (luz\""));
    }
    let answer = browser.get("/live?q=agua%20(luz").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn foreign_text_stays_inert_everywhere() {
    let mut browser = Browser::ready("es").await;
    let explorer = browser.get("/explorer?q=agua").await;
    let post = explorer.text.split("href=\"/posts/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let author = explorer.text.split("href=\"/authors/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let author = format!("/authors/{author}");
    assert!(explorer.text.contains("<mark>agua</mark>"), "{}", explorer.text);
    for path in ["/?of=all", "/explorer?q=agua", "/explorer?q=alert", &format!("/posts/{post}"), &author] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert!(!answer.text.contains("<script>") && !answer.text.contains("<img") && !answer.text.contains("<b>eve"));
        let scripts = answer.text.matches("<script").count();
        assert_eq!(scripts, answer.text.matches("<script src=\"/assets/").count(), "{path}");
    }
    assert!(browser.get("/explorer?q=alert").await.text.contains("&#60;script&#62;"));
    assert!(browser.get(&format!("/posts/{post}")).await.text.contains("Registro original"));
    assert_eq!(browser.get("/posts/999999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/authors/x:nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/authors/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_speaks_both_languages_whole() {
    for language in ["es", "en"] {
        let mut browser = Browser::new();
        let mut pages = vec![browser.get("/welcome").await];
        browser.set_up(language).await;
        let empty = browser.get("/").await;
        pages.push(empty);
        browser.import();
        let explorer = browser.get("/explorer").await;
        let post = explorer.text.split("href=\"/posts/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let author = explorer.text.split("href=\"/authors/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        pages.push(explorer);
        let paths = [
            "/?period=24h&network=x&lang=es&tone=negative&kind=reply".to_owned(),
            "/?of=all&period=all".to_owned(),
            "/?from=2026-01-01&to=2026-01-02".to_owned(),
            "/explorer?q=nadalodice".to_owned(),
            "/explorer?q=fecha:3".to_owned(),
            "/explorer?lang=es&order=engagement&done=label-added".to_owned(),
            format!("/posts/{post}"),
            format!("/authors/{author}"),
            "/streams".to_owned(),
            "/exports".to_owned(),
            "/ui/kit".to_owned(),
        ];
        for path in paths {
            let answer = browser.get(&path).await;
            assert!(answer.text.contains(&format!("<html lang=\"{language}\"")), "{path}");
            pages.push(answer);
        }
        browser.post("/", "/sign-out", &[]).await;
        pages.push(browser.get("/login").await);
        for page in pages {
            let title = page.text.split("<title>").nth(1).unwrap_or_default().split('<').next().unwrap_or_default();
            assert!(!page.text.contains('⟦'), "{title}: {}", page.text.split('⟦').nth(1).unwrap_or_default());
            assert_eq!(page.text.matches("<h1").count(), 1, "{title}");
            for forbidden in [" style=", "<style", "javascript:", " onclick"] {
                assert!(!page.text.contains(forbidden), "{title}: {forbidden}");
            }
            let ids: Vec<&str> = page.text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let mut unique = ids.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), ids.len(), "{title}: an id is used twice: {ids:?}");
        }
    }
}

#[tokio::test]
async fn labels_streams_and_exports_work_without_script() {
    let mut browser = Browser::ready("es").await;
    let explorer = browser.get("/explorer?q=bayano").await;
    let values: Vec<&str> =
        explorer.text.split("name=\"post\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(values.len(), 2);
    let chosen = [("post", values[0]), ("post", values[1]), ("label", "urgente"), ("do", "add"), ("next", "/explorer?q=bayano")];
    let answer = browser.post("/explorer", "/explorer/label", &chosen).await;
    assert_eq!(answer.location, "/explorer?q=bayano&done=label-added");
    assert!(browser.get("/explorer?q=label:urgente").await.text.contains("2 publicaciones"));
    let here = format!("/posts/{}", values[0]);
    let off = [("label", "urgente"), ("do", "remove")];
    assert_eq!(browser.post(&here, &format!("{here}/labels"), &off).await.location, format!("{here}?done=label-removed"));
    assert!(browser.get("/explorer?q=label:urgente").await.text.contains("1 publicación"));
    let none = [("label", "urgente"), ("do", "add"), ("next", "https://evil.example")];
    assert_eq!(browser.post("/explorer", "/explorer/label", &none).await.location, "/?done=label-no-posts");

    let stream = [("name", "Agua"), ("expression", "agua OR luz")];
    assert_eq!(browser.post("/streams", "/streams", &stream).await.location, "/streams?done=stream-saved");
    assert!(browser.get("/streams").await.text.contains("/explorer?q=agua%20OR%20luz"));
    let wrong = browser.post("/streams", "/streams", &[("name", "Otra"), ("expression", "(agua")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"Otra\"") && wrong.text.contains("no se cierra"));

    for (format, kind) in [("csv", "text/csv; charset=utf-8"), ("parquet", "application/vnd.apache.parquet")] {
        let pairs = [("expression", "bayano"), ("format", format)];
        assert_eq!(browser.post("/explorer", "/explorer/export", &pairs).await.location, "/exports?done=export-begun");
        let list = browser.get_when("/exports", |text| !text.contains("hx-get=\"/exports/list\"")).await;
        let file = list.split("href=\"/exports/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let file = browser.get(&format!("/exports/{file}")).await;
        assert_eq!((file.status, file.kind.as_str()), (StatusCode::OK, kind));
        assert!(file.text.len() > 100);
        if format == "csv" {
            assert!(file.text.starts_with("record_id,") && file.text.contains("Bayano"));
        }
    }
    assert_eq!(browser.get("/exports/999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn preferences_are_kept_with_and_without_a_session() {
    let mut browser = Browser::new();
    let answer = browser.post("/welcome", "/preferences", &[("language", "en"), ("next", "/welcome")]).await;
    assert_eq!(answer.location, "/welcome");
    assert!(browser.get("/welcome").await.text.contains("Welcome to Atalaya"));
    browser.set_up("es").await;
    assert!(browser.get("/").await.text.contains("Panorama"));
    let answer = browser.post("/", "/preferences", &[("language", "en"), ("theme", "dark"), ("next", "//evil.example")]).await;
    assert_eq!(answer.location, "/");
    let home = browser.get("/").await.text;
    assert!(home.contains("<html lang=\"en\" data-theme=\"dark\""), "{home}");
}

#[tokio::test]
async fn forms_without_their_token_change_nothing() {
    let mut browser = Browser::ready("es").await;
    for action in ["/sign-out", "/preferences", "/streams", "/explorer/label", "/explorer/export"] {
        let answer = browser.send("POST", action, "theme=dark&name=a&expression=b&next=/".to_owned()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_explorer_tells_what_arrives_while_it_is_open() {
    use futures_util::StreamExt;
    let mut browser = Browser::new();
    browser.set_up("es").await;
    let page = browser.get("/explorer?q=bayano").await.text;
    let address = page.split("data-stream=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let address = address.replace("&#38;", "&").replace("&amp;", "&");
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::builder()
        .uri(&address)
        .header(header::HOST, "localhost:8080")
        .header(header::COOKIE, cookies.join("; "))
        .body(Body::empty())
        .unwrap();
    let response = browser.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut events = response.into_body().into_data_stream();
    browser.import();
    let mut text = String::new();
    while !text.contains("2 publicaciones nuevas") {
        text.push_str(std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(text.contains("event: count"), "{text}");
    browser.front.close();
    while let Some(Ok(_)) = events.next().await {}
    assert!(events.next().await.is_none(), "the stream ends with the server");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    const NEW: &str = "otra frase todavía más larga";
    let form = "/settings/account/password";
    for (language, message) in [("es", "no es tu contraseña actual"), ("en", "not your current password")] {
        let mut browser = Browser::ready(language).await;
        assert!(browser.get("/").await.text.contains("href=\"/settings/account/password\""));
        let elsewhere = browser.front.app.log_in("ana@example.org", PASSWORD).unwrap();
        let cases = [
            (PASSWORD, "corta", "corta", "new-error"),
            (PASSWORD, NEW, "otra cosa distinta", "again-error"),
            (PASSWORD, PASSWORD, PASSWORD, "new-error"),
            ("", NEW, NEW, "current-error"),
            ("no es esta frase", NEW, NEW, "current-error"),
        ];
        for (current, new, again, error) in cases {
            let fields = [("current", current), ("new", new), ("again", again)];
            let answer = browser.post(form, form, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
            assert!(answer.text.contains(&format!("id=\"{error}\"")), "{error}: {}", answer.text);
            assert!(!answer.text.contains(NEW) && !answer.text.contains('⟦'));
            assert_eq!(answer.text.contains(message), current == "no es esta frase");
        }
        assert!(browser.front.app.find_session(&elsewhere).unwrap().is_some());
        let answer = browser.post(form, form, &[("current", PASSWORD), ("new", NEW), ("again", NEW)]).await;
        assert_eq!(answer.location, "/settings/account?done=password-changed", "{}", answer.text);
        assert!(browser.front.app.find_session(&elsewhere).unwrap().is_none());
        assert_eq!(browser.get("/settings/account?done=password-changed").await.status, StatusCode::OK);
        assert!(browser.front.app.log_in("ana@example.org", PASSWORD).is_err());
        assert!(browser.front.app.log_in("ana@example.org", NEW).is_ok());
    }
}

#[tokio::test]
async fn the_current_password_cannot_be_guessed_at_leisure() {
    let mut browser = Browser::ready("es").await;
    let form = "/settings/account/password";
    let wrong = [("current", "no es esta frase"), ("new", "otra frase larga"), ("again", "otra frase larga")];
    for _ in 0..crate::front::LOGIN_BURST {
        assert_eq!(browser.post(form, form, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = browser.post(form, form, &wrong).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let right = [("current", PASSWORD), ("new", "otra frase larga"), ("again", "otra frase larga")];
    assert_eq!(browser.post(form, form, &right).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn figures_of_the_overview_lead_to_their_posts() {
    let mut browser = Browser::ready("es").await;
    let page = browser.get("/?of=all").await.text;
    let cell = page.split("class=\"hot\"").find_map(|rest| rest.split("data-href=\"").nth(1)).unwrap();
    let href = cell.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert!(browser.get(&href).await.text.contains("href=\"/posts/"), "{href}");
    assert!(!page.contains("interacciones conocidas"));
    assert!(page.contains("Publicaciones por hora y día de la semana"));
    let empty = browser.get("/?from=2020-01-01&to=2020-01-02").await.text;
    assert!(empty.contains("No hay publicaciones en este periodo") && !empty.contains("Ver las publicaciones"));
}

#[tokio::test]
async fn health_and_assets_need_nobody() {
    let mut browser = Browser::new();
    assert_eq!(browser.get("/health").await.text, "ok");
    assert_eq!(browser.get(&crate::assets::url("atalaya.css")).await.status, StatusCode::OK);
    assert_eq!(browser.get("/ui/kit").await.location, "/login?to=/ui/kit");
}
