//! One's own password: the current one, the new one twice.
//!
//! Out: every session of the person ends; this browser gets a new one.
//! Errors: the form again, with what is wrong beside its field; 429 after
//! [`crate::front::LOGIN_BURST`] tries, as at the log-in.

use super::{page, tabs};
use crate::components::Tab;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit};
use crate::layout::Page;
use crate::locale::Locale;
use crate::pages::forms::{Faults, Fields, attempt, refused, shown};
use crate::pages::login::signed_in;
use ::app::AppError;
use ::app::access::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use model::Permission;
use std::sync::Arc;

const PATH: &str = "/settings/account/password";

pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::Read);
    let route = |method, summary, handler| Route { method, path: PATH, need, summary, handler };
    vec![
        route(Method::GET, "The form for one's own password", get(show)),
        route(Method::POST, "Changes one's own password", post(save)),
    ]
}

#[derive(Template)]
#[template(path = "settings/password.html")]
struct Password {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    email: String,
    hint: String,
    faults: Faults,
}

fn form(visit: &Visit, faults: Faults) -> Password {
    let l = visit.l.clone();
    let mut page = page(visit, "account");
    page.title = l.text("settings-password-title");
    Password {
        page,
        tabs: tabs(visit, "account"),
        email: visit.logged.user.email.clone(),
        hint: l.count("settings-password-own-hint", PASSWORD_CHARS_MIN as u64),
        faults,
        l,
    }
}

async fn show(visit: Visit) -> Result<Response, Error> {
    shown(&form(&visit, Faults::default()))
}

/// What is wrong before anything is asked of the work room.
fn check(fields: &Fields, l: &Locale) -> Faults {
    let mut faults = Faults::default();
    let (new, again) = (fields.get("new"), fields.get("again"));
    if fields.get("current").is_empty() {
        faults.add("current", l.text("settings-error-current-missing"));
    }
    if new.chars().count() < PASSWORD_CHARS_MIN {
        faults.add("new", l.count("settings-error-password", PASSWORD_CHARS_MIN as u64));
    } else if new.len() > PASSWORD_BYTES_MAX {
        faults.add("new", l.count("settings-error-password-long", PASSWORD_BYTES_MAX as u64));
    } else if new == fields.get("current") {
        faults.add("new", l.text("settings-error-password-same"));
    } else if new != again {
        faults.add("again", l.text("settings-error-password-again"));
    }
    faults
}

async fn save(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let faults = check(&fields, &visit.l);
    if !faults.is_empty() {
        return refused(&form(&visit, faults));
    }
    let user = visit.logged.user.id;
    let key = format!("password {user}");
    if let Err(wait_ms) = front.logins.take(&key, front.app.now()) {
        let seconds = wait_ms.div_ceil(1_000);
        let faults = Faults::one("current", visit.l.count("login-wait", seconds));
        let mut response = refused(&form(&visit, faults))?;
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        return Ok(response);
    }
    let app = Arc::clone(&front.app);
    let (current, new) = (fields.get("current").to_owned(), fields.get("new").to_owned());
    match attempt(move || app.update_own_password(user, &current, &new)).await? {
        Ok(secret) => {
            front.logins.forget(&key);
            Ok(signed_in(&secret, "/settings/account?done=password-changed", front.site.https))
        }
        Err(AppError::WrongLogin) => {
            let faults = Faults::one("current", visit.l.text("settings-error-current"));
            refused(&form(&visit, faults))
        }
        Err(error) => Err(error.into()),
    }
}
