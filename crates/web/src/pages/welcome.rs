//! The first visit: administrator, workspace, brand handbook.
//!
//! In: one form in three sections. Out: a signed-in administrator on the
//! overview, or the form again with what to correct. Errors: [`Error`].
//! Once there is an administrator the page leads to the log-in.

use super::filters::choice;
use super::forms::{Faults, Fields};
use super::login::signed_in;
use crate::components::Choice;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visitor, work};
use crate::layout::Page;
use crate::locale::{Language, Locale};
use ::app::access::{FirstVisit, NewPerson, PASSWORD_CHARS_MIN};
use ::app::{AppError, Cause};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::handbook::{Brand, BrandHandbook};
use model::{Lang, Role};
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/welcome";

/// Time zones offered; any other IANA name can be written.
const ZONES: [&str; 24] = [
    "America/Panama",
    "America/Costa_Rica",
    "America/Guatemala",
    "America/El_Salvador",
    "America/Tegucigalpa",
    "America/Managua",
    "America/Mexico_City",
    "America/Bogota",
    "America/Caracas",
    "America/Guayaquil",
    "America/Lima",
    "America/La_Paz",
    "America/Santiago",
    "America/Asuncion",
    "America/Argentina/Buenos_Aires",
    "America/Montevideo",
    "America/Sao_Paulo",
    "America/Santo_Domingo",
    "America/Puerto_Rico",
    "America/Havana",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Madrid",
    "Atlantic/Canary",
];

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::Nothing,
            summary: "Set-up of the installation",
            handler: get(show),
        },
        Route {
            method: Method::POST,
            path: PATH,
            need: Need::Nothing,
            summary: "Makes administrator, workspace and handbook",
            handler: post(submit),
        },
    ]
}

/// What the form holds, as typed; the password is never shown again.
#[derive(Debug, Clone, Default)]
struct Form_ {
    name: String,
    email: String,
    workspace: String,
    zone: String,
    other_zone: String,
    language: String,
    names: String,
    handles: String,
    competitors: String,
    market: String,
    tone: String,
    goals: String,
    support_hours: String,
    listen: bool,
}

#[derive(Template)]
#[template(path = "welcome/welcome.html")]
struct Welcome<'a> {
    page: &'a Page,
    l: &'a Locale,
    form: &'a Form_,
    problems: &'a Faults,
    zones: Vec<Choice>,
    languages: Vec<Choice>,
    password_hint: String,
}

fn render(visitor: &Visitor, form: &Form_, problems: &Faults) -> Result<String, Error> {
    let l = &visitor.l;
    let mut page = visitor.page(l.text("welcome-title"));
    PATH.clone_into(&mut page.path);
    let zones = ZONES.iter().map(|zone| choice(zone, zone.replace('_', " "), form.zone == *zone));
    let languages = Language::ALL
        .into_iter()
        .map(|of| choice(of.tag(), l.word("language", of.tag()), form.language == of.tag()));
    let template = Welcome {
        page: &page,
        l,
        form,
        problems,
        zones: zones.collect(),
        languages: languages.collect(),
        password_hint: l.count("welcome-password-hint", u64::try_from(PASSWORD_CHARS_MIN).unwrap_or(0)),
    };
    Ok(template.render()?)
}

async fn needs_set_up(front: &Arc<Front>) -> Result<bool, Error> {
    let app = Arc::clone(&front.app);
    work(move || app.needs_set_up()).await
}

/// Shows the form.
async fn show(State(front): State<Arc<Front>>, visitor: Visitor) -> Result<Response, Error> {
    if !needs_set_up(&front).await? {
        return Ok(Redirect::to("/login").into_response());
    }
    let form = Form_ {
        zone: "America/Panama".to_owned(),
        language: visitor.l.tag().to_owned(),
        listen: true,
        ..Form_::default()
    };
    let html = render(&visitor, &form, &Faults::default())?;
    Ok(visitor.remember(Html(html).into_response(), front.site.https))
}

/// Sets up.
async fn submit(
    State(front): State<Arc<Front>>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let text = |name: &str| fields.get(name).to_owned();
    let form = Form_ {
        name: text("name"),
        email: text("email"),
        workspace: text("workspace"),
        zone: text("zone"),
        other_zone: text("other_zone"),
        language: text("language"),
        names: text("names"),
        handles: text("handles"),
        competitors: text("competitors"),
        market: text("market"),
        tone: text("tone"),
        goals: text("goals"),
        support_hours: text("support_hours"),
        listen: !fields.get("listen").is_empty(),
    };
    let app = Arc::clone(&front.app);
    let visit = first_visit(&fields);
    // The outcome stays whole: its error belongs beside a field.
    let listen = form.listen;
    match work(move || Ok(app.set_up(&visit))).await? {
        Ok((secret, slug)) => {
            if listen {
                add_open_sources(&front, secret.clone(), slug).await;
            }
            Ok(signed_in(&secret, "/?done=welcome", front.site.https))
        }
        Err(AppError::AlreadySetUp) => Ok(Redirect::to("/login").into_response()),
        Err(error) => {
            let problems = problems_of(&error, &visitor.l).ok_or_else(|| Error::from(error))?;
            let html = render(&visitor, &form, &problems)?;
            let response = (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response();
            Ok(visitor.remember(response, front.site.https))
        }
    }
}

/// The first sources, as asked for. A failure does not undo the set-up: the
/// page of sources offers the same.
async fn add_open_sources(front: &Arc<Front>, secret: String, slug: String) {
    let app = Arc::clone(&front.app);
    let added = work(move || {
        let logged = app.find_session(&secret)?;
        match logged.as_ref().and_then(|logged| logged.actor(&slug)) {
            Some((actor, _)) => app.workspace(&slug)?.insert_open_sources(&app, &actor),
            None => Ok(()),
        }
    });
    if let Err(error) = added.await {
        tracing::warn!(%error, "the first sources could not be added");
    }
}

/// The form as the work room takes it.
fn first_visit(fields: &Fields) -> FirstVisit {
    let locale = Language::parse(fields.trimmed("language")).map_or(Lang::ES, |language| match language {
        Language::Es => Lang::ES,
        Language::En => Lang::EN,
    });
    let zone = match fields.trimmed("other_zone") {
        "" => fields.trimmed("zone"),
        other => other,
    };
    FirstVisit {
        administrator: NewPerson {
            email: fields.trimmed("email").to_owned(),
            name: fields.trimmed("name").to_owned(),
            password: fields.get("password").to_owned(),
            locale,
            role: Role::Administrator,
        },
        workspace: fields.trimmed("workspace").to_owned(),
        time_zone: zone.to_owned(),
        locale,
        handbook: BrandHandbook {
            brand: Brand {
                names: listed(fields.get("names")),
                handles: listed(fields.get("handles")).iter().map(|handle| bare_handle(handle)).collect(),
            },
            competitors: fields
                .get("competitors")
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(competitor)
                .collect(),
            market_words: listed(fields.get("market")),
            tone: fields.trimmed("tone").to_owned(),
            goals: fields.trimmed("goals").to_owned(),
            support_hours: fields.trimmed("support_hours").to_owned(),
        },
    }
}

/// Entries on lines or between commas.
fn listed(text: &str) -> Vec<String> {
    text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

fn bare_handle(text: &str) -> String {
    text.trim_start_matches('@').to_owned()
}

/// `name, other name, @handle`.
fn competitor(line: &str) -> Brand {
    let (handles, names): (Vec<String>, Vec<String>) =
        listed(line).into_iter().partition(|part| part.starts_with('@'));
    Brand { names, handles: handles.iter().map(|handle| bare_handle(handle)).collect() }
}

/// The error beside its field in the reader's language; `None` when it is no
/// fault of the form.
fn problems_of(error: &AppError, l: &Locale) -> Option<Faults> {
    let (field, key) = match error {
        AppError::Invalid { field: "email", .. } => ("email", "welcome-error-email"),
        AppError::Invalid { field: "password", .. } => ("password", "welcome-error-password"),
        AppError::Invalid { field: "workspace", .. } => ("workspace", "welcome-error-workspace"),
        AppError::Invalid { field: "brand", .. } => ("names", "welcome-error-names"),
        AppError::Invalid { field: "time_zone", .. } => ("other_zone", "welcome-error-zone"),
        AppError::Invalid { field: "competitors", .. } => ("competitors", "welcome-error-competitors"),
        AppError::Invalid { .. } => ("names", "welcome-error-handbook"),
        error if error.cause() == Cause::Invalid => ("email", "welcome-error-email"),
        _ => return None,
    };
    Some(Faults::one(field, l.count(key, u64::try_from(PASSWORD_CHARS_MIN).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn competitors_are_names_and_handles() {
        let brand = competitor(" Beta, Beta S.A. , @beta_pa");
        assert_eq!(brand.names, ["Beta", "Beta S.A."]);
        assert_eq!(brand.handles, ["beta_pa"]);
        assert_eq!(listed("a, b\nc\n\n , d"), ["a", "b", "c", "d"]);
    }
}
