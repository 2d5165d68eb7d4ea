//! Every route with every role, as the table of routes says; new routes are
//! covered by being in the table.

use super::{Front, Need, Route};
use crate::routes::routes;
use crate::security::csrf;
use crate::security::rates::RateLimiter;
use crate::trial::{Trial, bearer, signed_in, to};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use model::{Permission, Role};
use std::sync::Arc;

/// The walk asks more often than a program may.
fn patient(front: &mut Front) {
    front.calls = RateLimiter::new(1_000_000, 1);
}

/// A path with its parameters filled: numbers that name nothing, so that no
/// request of the walk changes what a later one needs.
fn filled(path: &str) -> String {
    let mut out = String::new();
    for (n, part) in path.split('{').enumerate() {
        match part.split_once('}') {
            Some((name, rest)) if n > 0 => {
                out.push_str(if name.starts_with('*') { "x" } else { "987654" });
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

fn is_denied(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

async fn walk_page(trial: &Trial, route: &Route, permission: Permission) {
    let (path, name) = (filled(route.path), format!("{} {}", route.method, route.path));
    let (status, headers) = trial.head(to(route.method.clone(), &path), Body::empty()).await;
    if route.method == Method::GET {
        let location = headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap());
        assert!(status.is_redirection() && location.starts_with("/login"), "{name} signed out: {status}");
    } else {
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{name} signed out");
    }
    for role in Role::ALL {
        let session = trial.session(role);
        let request = || signed_in(to(route.method.clone(), &path), &session);
        if route.method != Method::GET {
            for wrong in [None, Some("wrong")] {
                let request = wrong.map_or_else(request, |wrong| request().header(csrf::HEADER, wrong));
                let (status, _) = trial.head(request, Body::empty()).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{name} as {role:?} without form token");
            }
            let form = request()
                .header(csrf::HEADER, trial.form_token(&session))
                .header(header::ORIGIN, "http://evil.example");
            let (status, _) = trial.head(form, Body::empty()).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{name} as {role:?} from another page");
        }
        let whole = request().header(csrf::HEADER, trial.form_token(&session));
        let (status, headers) = trial.head(whole, Body::empty()).await;
        if role.allows(permission) {
            assert!(!is_denied(status) && !status.is_server_error(), "{name} as {role:?}: {status}");
            let location = headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap());
            assert!(!location.starts_with("/login?to="), "{name} as {role:?} was sent to the log-in");
        } else {
            assert_eq!(status, StatusCode::FORBIDDEN, "{name} as {role:?}");
        }
    }
}

async fn walk_api(trial: &Trial, route: &Route, permission: Permission) {
    let (path, name) = (filled(route.path), format!("{} {}", route.method, route.path));
    let request = || to(route.method.clone(), &path);
    let session = trial.session(Role::Administrator);
    let strangers = [
        ("no token", request()),
        ("a wrong token", bearer(request(), "atalaya_wrong")),
        ("an empty token", bearer(request(), "")),
        ("a session as token", bearer(request(), &session)),
        ("a session", signed_in(request(), &session)),
    ];
    for (who, request) in strangers {
        let reply = trial.ask(request, Body::empty()).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{name} with {who}");
        assert_eq!(reply.json()["code"], "unauthorized", "{name} with {who}");
        assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Bearer", "{name} with {who}");
    }
    for role in Role::ALL {
        let (status, _) = trial.head(bearer(request(), &trial.insider(role).token), Body::empty()).await;
        if role.allows(permission) {
            assert!(!is_denied(status) && !status.is_server_error(), "{name} as {role:?}: {status}");
        } else {
            assert_eq!(status, StatusCode::FORBIDDEN, "{name} as {role:?}");
        }
    }
    let all_but_one: Vec<Permission> = Permission::ALL.into_iter().filter(|p| *p != permission).collect();
    let narrow = trial.token(Role::Administrator, &all_but_one);
    let (status, _) = trial.head(bearer(request(), &narrow), Body::empty()).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{name} with a token that lacks {permission:?}");
}

async fn walk_open(trial: &Trial, route: &Route) {
    let (path, name) = (filled(route.path), format!("{} {}", route.method, route.path));
    let (status, _) = trial.head(to(route.method.clone(), &path), Body::empty()).await;
    if route.method == Method::GET {
        assert!(!is_denied(status) && !status.is_server_error(), "{name}: {status}");
    } else if !route.path.starts_with("/hooks/") {
        assert_eq!(status, StatusCode::FORBIDDEN, "{name} without form token");
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_it_names_and_nobody_else() {
    let trial = Trial::with(patient, routes());
    for route in routes() {
        match route.need {
            Need::Nothing => walk_open(&trial, &route).await,
            Need::May(permission) => walk_page(&trial, &route, permission).await,
            Need::Token(permission) => walk_api(&trial, &route, permission).await,
        }
    }
}

/// A route of the test's own that answers whoever the guard lets in.
fn own(method: Method, path: &'static str, need: Need) -> Route {
    let handler = axum::routing::any(|| async { "inside" });
    Route { method, path, need, summary: "a route of the test", handler }
}

#[tokio::test]
async fn the_walk_itself_tells_right_from_wrong() {
    let good = [
        own(Method::GET, "/read", Need::May(Permission::Read)),
        own(Method::POST, "/label", Need::May(Permission::Label)),
        own(Method::GET, "/api/v1/read", Need::Token(Permission::Read)),
        own(Method::DELETE, "/api/v1/people/{id}", Need::Token(Permission::EditPeople)),
    ];
    let trial = Arc::new(Trial::with(patient, good.into()));
    walk_page(&trial, &own(Method::GET, "/read", Need::Nothing), Permission::Read).await;
    walk_page(&trial, &own(Method::POST, "/label", Need::Nothing), Permission::Label).await;
    let gone = own(Method::DELETE, "/api/v1/people/{id}", Need::Nothing);
    walk_api(&trial, &gone, Permission::EditPeople).await;
    // Each of these is guarded less, or more, than the walk is told.
    for (path, told) in [("/read", Permission::EditData), ("/label", Permission::Read)] {
        let trial = Arc::clone(&trial);
        let method = if path == "/read" { Method::GET } else { Method::POST };
        let wrong =
            tokio::spawn(async move { walk_page(&trial, &own(method, path, Need::Nothing), told).await });
        assert!(wrong.await.is_err(), "{path} passed as {told:?}");
    }
    for told in [Permission::Label, Permission::EditPeople] {
        let trial = Arc::clone(&trial);
        let open = own(Method::GET, "/api/v1/read", Need::Nothing);
        let wrong = tokio::spawn(async move { walk_api(&trial, &open, told).await });
        assert!(wrong.await.is_err(), "/api/v1/read passed as {told:?}");
    }
}

#[test]
fn the_table_says_what_it_means() {
    let all = routes();
    for route in &all {
        let name = format!("{} {}", route.method, route.path);
        let is_api = route.path.starts_with("/api/");
        match route.need {
            Need::Token(_) => assert!(is_api, "{name} asks for a token outside the API"),
            Need::May(_) => assert!(!is_api, "{name} asks for a session in the API"),
            Need::Nothing => {}
        }
        assert!(!route.summary.trim().is_empty(), "{name} does not say what it does");
    }
    let mut names: Vec<String> = all.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "a route is there twice");
}

#[tokio::test]
async fn a_program_that_hurries_is_told_when_to_come_back() {
    let trial = Trial::with(|front| front.calls = RateLimiter::new(2, 60_000), routes());
    let token = &trial.insider(Role::Viewer).token;
    let me = || bearer(to(Method::GET, "/api/v1/me"), token);
    for _ in 0..2 {
        assert_eq!(trial.ask(me(), Body::empty()).await.status, StatusCode::OK);
    }
    let reply = trial.ask(me(), Body::empty()).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.json()["code"], "rate_limited");
    let wait_s: u64 = reply.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait_s), "{wait_s}");
    // Others are not slowed down by it.
    let other = bearer(to(Method::GET, "/api/v1/me"), &trial.insider(Role::Agent).token);
    assert_eq!(trial.ask(other, Body::empty()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_no_session() {
    let page = || Route {
        method: Method::GET,
        path: "/inside",
        need: Need::May(Permission::Read),
        summary: "a page",
        handler: axum::routing::get(|_: super::Visit| async { "inside" }),
    };
    let trial = Trial::with(|_| {}, vec![page()]);
    let insider = trial.insider(Role::Administrator);
    let session = trial.session(Role::Administrator);
    let asked = |request| trial.ask(request, Body::empty());
    assert_eq!(asked(signed_in(to(Method::GET, "/inside"), &session)).await.text, "inside");
    for request in [
        signed_in(to(Method::GET, "/inside"), &insider.token),
        bearer(to(Method::GET, "/inside"), &insider.token),
        to(Method::GET, "/inside"),
    ] {
        let reply = asked(request).await;
        assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/login?to=/inside"));
    }
}

#[tokio::test]
async fn strangers_names_reach_no_route() {
    let trial = Trial::new();
    let token = &trial.insider(Role::Administrator).token;
    for host in ["evil.example", "127.0.0.1.evil.example:8080", ""] {
        let request = axum::http::Request::builder().uri("/api/v1/me").header(header::HOST, host);
        let reply = trial.ask(bearer(request, token), Body::empty()).await;
        assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert_eq!(reply.json()["code"], "host");
    }
}

#[tokio::test]
async fn a_token_ends_with_its_date_and_with_its_owners_role() {
    let trial = Trial::new();
    let viewer = trial.insider(Role::Viewer).token.clone();
    let director = trial.insider(Role::Director);
    let queries = |token: &str| {
        let body = r#"{"name":"Otra","purpose":"topic","expression":"otra"}"#;
        let request = bearer(to(Method::POST, "/api/v1/queries"), token);
        (request.header(header::CONTENT_TYPE, "application/json"), body)
    };
    let (request, body) = queries(&director.token);
    assert_eq!(trial.ask(request, body).await.status, StatusCode::CREATED);
    let path = format!("/api/v1/people/{}", director.user);
    let reply = trial.call(Method::PATCH, &path, Some(serde_json::json!({"role": "viewer"}))).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let (request, body) = queries(&director.token);
    assert_eq!(trial.ask(request, body).await.status, StatusCode::FORBIDDEN);
    let path = format!("/api/v1/people/{}", trial.insider(Role::Viewer).user);
    assert_eq!(trial.call(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    let reply = trial.ask(bearer(to(Method::GET, "/api/v1/me"), &viewer), Body::empty()).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}
