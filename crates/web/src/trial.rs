//! An installation in a folder of its own, with one person and one token per
//! role, for tests that ask the whole server.

pub(crate) mod farm;
mod person;

pub(crate) use person::Person;

use crate::front::{Front, Route, server};
use crate::locale::Numbers;
use crate::routes::routes;
use crate::security::hosts::AllowedHosts;
use crate::security::{cookies, csrf};
use crate::site::Site;
use ::app::access::{FirstVisit, NewPerson, NewToken};
use ::app::listening::Workspace;
use ::app::{Actor, App, Settings};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use model::handbook::{Brand, BrandHandbook};
use model::{Lang, Permission, Role};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// Largest answer that a test reads, bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A server with its people.
pub(crate) struct Trial {
    _folder: tempfile::TempDir,
    pub front: Arc<Front>,
    pub workspace: Arc<Workspace>,
    router: Router,
    people: Vec<Insider>,
}

/// A person of the trial.
pub(crate) struct Insider {
    pub role: Role,
    pub user: i64,
    email: String,
    session: Mutex<String>,
    /// A token with every permission that the role has.
    pub token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

const PASSWORD: &str = "una frase larga de prueba";

impl Trial {
    /// A server with the program's own routes.
    pub fn new() -> Self {
        Self::with(|_| {}, routes())
    }

    /// A server whose front is changed before it serves these routes.
    pub fn with(change: impl FnOnce(&mut Front), routes: Vec<Route>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Settings { threads: 2, ..Settings::new(folder.path()) }).unwrap();
        let (session, slug) = app.set_up(&first_visit()).unwrap();
        let workspace = app.workspace(&slug).unwrap();
        let owner = app.find_session(&session).unwrap().unwrap().actor(&slug).unwrap().0;
        let people = Role::ALL.into_iter().map(|role| insider(&app, &owner, &workspace, role)).collect();
        let site = Site {
            https: false,
            hosts: AllowedHosts::new(&[], false),
            numbers: Numbers::CommaPoint,
            zone: jiff::tz::TimeZone::UTC,
        };
        let mut front = Front::new(app, site);
        change(&mut front);
        let front = Arc::new(front);
        let router = server(&front, routes);
        Self { _folder: folder, front, workspace, router, people }
    }

    pub fn insider(&self, role: Role) -> &Insider {
        self.people.iter().find(|insider| insider.role == role).unwrap()
    }

    /// A token of the person with this role and these scopes.
    pub fn token(&self, role: Role, scopes: &[Permission]) -> String {
        let actor = Actor { user: Some(self.insider(role).user), role, ..Actor::operator() };
        let token = NewToken { name: "prueba".to_owned(), scopes: scopes.to_vec(), expires_at: None };
        self.front.app.insert_token(&actor, self.workspace.info().id, &token).unwrap()
    }

    /// The secret of a session of the person; a new one at first, and if the
    /// last was ended.
    pub fn session(&self, role: Role) -> String {
        let insider = self.insider(role);
        let mut session = insider.session.lock().unwrap();
        if self.front.app.find_session(&session).unwrap().is_none() {
            *session = self.front.app.log_in(&insider.email, PASSWORD).unwrap();
        }
        session.clone()
    }

    /// The form token of a session.
    pub fn form_token(&self, session: &str) -> String {
        csrf::token(&self.front.app.find_session(session).unwrap().unwrap().csrf)
    }

    /// The status and headers of an answer; its body is not read, because an
    /// event stream has no end.
    pub async fn head(&self, request: Builder, body: impl Into<Body>) -> (StatusCode, HeaderMap) {
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        (response.status(), response.headers().clone())
    }

    /// The whole answer.
    pub async fn ask(&self, request: Builder, body: impl Into<Body>) -> Reply {
        let request = request.body(body.into()).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: parts.status, headers: parts.headers, text }
    }

    /// A call of the API with the administrator's token.
    pub async fn call(&self, method: Method, path: &str, body: Option<serde_json::Value>) -> Reply {
        let request = bearer(to(method, path), &self.insider(Role::Administrator).token);
        match body {
            Some(body) => {
                self.ask(request.header(header::CONTENT_TYPE, "application/json"), body.to_string()).await
            }
            None => self.ask(request, Body::empty()).await,
        }
    }
}

/// A request under a name that the server knows.
pub(crate) fn to(method: Method, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080")
}

/// The same with a token.
pub(crate) fn bearer(request: Builder, token: &str) -> Builder {
    request.header(header::AUTHORIZATION, format!("Bearer {token}"))
}

/// The same with a session.
pub(crate) fn signed_in(request: Builder, session: &str) -> Builder {
    request.header(header::COOKIE, format!("{}={session}", cookies::SESSION))
}

/// A PNG of patches of shade that run into each other, `side` pixels each way:
/// another `seed`, another picture; without one it is white.
pub(crate) fn png(seed: Option<u64>, side: u32) -> Vec<u8> {
    const PATCHES: u32 = 16;
    let shade = |x: u32, y: u32| {
        let Some(seed) = seed else { return 255.0 };
        let mixed = (seed ^ u64::from(y * PATCHES + x)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        f64::from(u8::try_from((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 56).unwrap())
    };
    let scale = f64::from(PATCHES - 1) / f64::from(side);
    let mut rows = Vec::new();
    for y in 0..side {
        rows.push(0); // no filter
        for x in 0..side {
            let (at_x, at_y) = (f64::from(x) * scale, f64::from(y) * scale);
            let (left, top) = (at_x.floor(), at_y.floor());
            let (column, row) = (left as u32, top as u32);
            let mix = |a: f64, b: f64, part: f64| a + (b - a) * part;
            let above = mix(shade(column, row), shade(column + 1, row), at_x - left);
            let below = mix(shade(column, row + 1), shade(column + 1, row + 1), at_x - left);
            rows.push(mix(above, below, at_y - top) as u8);
        }
    }
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &rows).unwrap();
    let mut header = [side.to_be_bytes(), side.to_be_bytes()].concat();
    header.extend([8, 0, 0, 0, 0]); // eight bits of grey
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", header), (b"IDAT", packed.finish().unwrap()), (b"IEND", Vec::new())] {
        let mut sum = flate2::Crc::new();
        sum.update(name);
        sum.update(&content);
        file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        file.extend(name);
        file.extend(content);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}

fn first_visit() -> FirstVisit {
    let brand = Brand { names: vec!["Acme".to_owned()], handles: vec!["acme".to_owned()] };
    FirstVisit {
        administrator: person("primera@example.org", Role::Administrator),
        workspace: "Café Acme".to_owned(),
        time_zone: "America/Panama".to_owned(),
        locale: Lang::ES,
        handbook: BrandHandbook { brand, ..BrandHandbook::default() },
    }
}

fn person(email: &str, role: Role) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name: role.name().to_owned(),
        password: PASSWORD.to_owned(),
        locale: Lang::ES,
        role,
    }
}

fn insider(app: &App, owner: &Actor, workspace: &Workspace, role: Role) -> Insider {
    let email = format!("{}@example.org", role.name());
    let id = workspace.info().id;
    let user = app.insert_member(owner, id, &person(&email, role)).unwrap();
    let actor = Actor { user: Some(user), role, ..Actor::operator() };
    let scopes = Permission::ALL.into_iter().filter(|permission| role.allows(*permission)).collect();
    let token = NewToken { name: role.name().to_owned(), scopes, expires_at: None };
    let token = app.insert_token(&actor, id, &token).unwrap();
    Insider { role, user, email, session: Mutex::default(), token }
}
