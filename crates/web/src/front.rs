//! The front door: every route, who may pass it, and who is there.
//!
//! In: requests. Out: a [`Visit`] (or [`Call`] of the API) for the handler,
//! or a refusal. One table, [`routes`], makes the router, the OpenAPI page and
//! the test that walks all routes with all roles. Errors: [`Error`].
//! A page's reader is known by the session cookie, a program by its token in
//! `Authorization: Bearer`. Every request that changes something must come
//! from our own page and carry the form token of its session.
//! Limits: [`LOGIN_BURST`], [`API_BURST`].

use crate::errors::{Code, Error};
use crate::layout::{Flash, Notice, Page, Reader, Room};
use crate::locale::{Language, Locale, Numbers};
use crate::security::rates::RateLimiter;
use crate::security::{FORM_BYTES_MAX, cookies, csrf};
use crate::site::{self, Site};
use ::app::access::LoggedIn;
use ::app::listening::Workspace;
use ::app::{Actor, App, AppError};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use model::Permission;
use std::sync::Arc;
use tokio::sync::watch;

/// Log-ins that one address and e-mail may try at once.
pub const LOGIN_BURST: u32 = 8;
/// Time until one more log-in may be tried, ms.
pub const LOGIN_REFILL_MS: u32 = 15_000;
/// API calls that one token may make at once.
pub const API_BURST: u32 = 200;
/// Time until one more API call may be made, ms.
pub const API_REFILL_MS: u32 = 20;
/// Cookie with the short name of the workspace last chosen.
pub const WORKSPACE: &str = "atalaya-workspace";

/// What every handler can reach.
pub struct Front {
    /// The work room.
    pub app: Arc<App>,
    /// How this installation is reached.
    pub site: Arc<Site>,
    /// Tries of log-ins.
    pub logins: RateLimiter,
    /// Calls of the API.
    pub calls: RateLimiter,
    /// True once the server is ending.
    ending: watch::Sender<bool>,
}

impl Front {
    /// The front of a work room.
    pub fn new(app: Arc<App>, site: Site) -> Self {
        Self {
            app,
            site: Arc::new(site),
            logins: RateLimiter::new(LOGIN_BURST, LOGIN_REFILL_MS),
            calls: RateLimiter::new(API_BURST, API_REFILL_MS),
            ending: watch::channel(false).0,
        }
    }

    /// Tells answers without end, such as event streams, to end.
    pub fn close(&self) {
        self.ending.send_replace(true);
    }

    /// Ready once the server is ending; event streams stop then.
    pub fn closing(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut ending = self.ending.subscribe();
        async move {
            // An error means that the front is gone, which is an end as well.
            let _ = ending.wait_for(|ending| *ending).await;
        }
    }
}

/// Who may pass a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody: log-in, set-up, assets, health, signed webhooks.
    Nothing,
    /// A person who is signed in, in a workspace, with this permission.
    May(Permission),
    /// A program with a token that grants this permission.
    Token(Permission),
}

/// One route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, as axum reads it.
    pub path: &'static str,
    /// Who may pass.
    pub need: Need,
    /// What it does, in a line (the OpenAPI page shows it for the API).
    pub summary: &'static str,
    /// What answers.
    pub handler: MethodRouter<Arc<Front>>,
}

/// A person who is signed in, in one workspace.
#[derive(Clone)]
pub struct Visit {
    /// Who.
    pub logged: LoggedIn,
    /// With which rights.
    pub actor: Actor,
    /// Where.
    pub workspace: Arc<Workspace>,
    /// Language, numbers and the time zone of the workspace.
    pub l: Locale,
    /// True when htmx asked: answer with the fragment.
    pub fragment: bool,
    theme: Option<String>,
    path: String,
}

impl Visit {
    /// The frame of a page.
    pub fn page(&self, title: String, room: Option<Room>) -> Page {
        let mut page = Page::bare(self.l.clone(), title, self.theme.as_deref());
        page.path.clone_from(&self.path);
        page.room = room;
        page.csrf = csrf::token(&self.logged.csrf);
        page.reader = Some(Reader {
            name: self.logged.user.name.clone(),
            role: self.actor.role,
            workspace: self.workspace.info().name.clone(),
            elsewhere: self
                .logged
                .workspaces
                .iter()
                .filter(|(info, _)| info.id != self.workspace.info().id)
                .map(|(info, _)| (info.slug.as_str().to_owned(), info.name.clone()))
                .collect(),
        });
        page.flashes.extend(flash_of(&self.path, &self.l));
        if self.actor.may(Permission::Label) {
            let open = self.workspace.open_alerts(&self.actor).unwrap_or_default();
            page.alerts = Some(crate::pages::alerts::bar(open, &self.l).unwrap_or_default());
        }
        page
    }
}

/// The message of an address that ends in `done=WORD`, as redirects after a
/// change write it: the text of the key `done-WORD`, if there is one.
fn flash_of(path: &str, l: &Locale) -> Option<Flash> {
    let (_, query) = path.split_once('?')?;
    let word = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
    let plain = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let text = l.find(&format!("done-{word}")).filter(|_| plain)?;
    Some(Flash { notice: Notice::Ok, text })
}

/// A program with a token, in one workspace.
#[derive(Clone)]
pub struct Call {
    /// With which rights.
    pub actor: Actor,
    /// Where.
    pub workspace: Arc<Workspace>,
}

/// Somebody who has not signed in.
#[derive(Clone)]
pub struct Visitor {
    /// Language of cookie or browser.
    pub l: Locale,
    /// Secret behind the form token.
    pub secret: String,
    /// True when the visitor's browser has the cookie of the secret already.
    pub known: bool,
    theme: Option<String>,
}

impl Visitor {
    /// The frame of a page without navigation.
    pub fn page(&self, title: String) -> Page {
        let mut page = Page::bare(self.l.clone(), title, self.theme.as_deref());
        page.csrf = csrf::token(&self.secret);
        page
    }

    /// Adds the cookie that the form token belongs to, if the browser lacks it.
    pub fn remember(&self, mut response: Response, https: bool) -> Response {
        if !self.known
            && let Some(cookie) = cookies::build(cookies::VISIT, &self.secret, None, https)
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

macro_rules! from_extensions {
    ($($kind:ty),*) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $kind {
            type Rejection = Error;
            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
                // Absent only when a route's handler and its `need` disagree.
                parts.extensions.get::<$kind>().cloned().ok_or_else(|| Error::internal(&"the route's need does not fit its handler"))
            }
        }
    )*};
}
from_extensions!(Visit, Call, Visitor);

impl From<AppError> for Error {
    fn from(error: AppError) -> Self {
        use store_error::kind;
        match &error {
            AppError::Forbidden(_) => Self::new(Code::Forbidden).because(error.to_string()),
            AppError::NotFound { .. } => Self::new(Code::NotFound).because(error.to_string()),
            AppError::Invalid { field, .. } => {
                Self { field: Some(field), ..Self::new(Code::InvalidInput).because(error.to_string()) }
            }
            AppError::Query(wrong) => {
                let position = Some(wrong.position);
                Self { position, ..Self::new(Code::InvalidInput).because(error.to_string()) }
            }
            AppError::Import(_) | AppError::Source(_) => {
                Self::new(Code::InvalidInput).because(error.to_string())
            }
            AppError::WrongLogin | AppError::Webhook(_) => {
                Self::new(Code::Unauthorized).because(error.to_string())
            }
            AppError::AlreadySetUp | AppError::Interrupted | AppError::InUse { .. } => {
                Self::new(Code::Conflict).because(error.to_string())
            }
            AppError::Store(_) | AppError::Index(_) | AppError::File { .. } => match kind(&error) {
                Some(code) => Self::new(code).because(error.to_string()),
                None => Self::internal(&error),
            },
        }
    }
}

/// Which store errors are the caller's and not ours.
mod store_error {
    use super::{AppError, Code};

    pub(super) fn kind(error: &AppError) -> Option<Code> {
        match error.cause() {
            ::app::Cause::Missing => Some(Code::NotFound),
            ::app::Cause::Taken => Some(Code::Conflict),
            ::app::Cause::Invalid => Some(Code::InvalidInput),
            ::app::Cause::Busy => Some(Code::Unavailable),
            ::app::Cause::Ours => None,
        }
    }
}

/// Runs work that may block (database, index) away from the network threads.
///
/// # Errors
/// The mapped error of the work.
pub async fn work<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(task).await {
        Ok(outcome) => outcome.map_err(Error::from),
        Err(error) => Err(Error::internal(&error)),
    }
}

/// The whole server: every route behind its guard, inside the security layers.
pub fn server(front: &Arc<Front>, routes: Vec<Route>) -> Router {
    let mut router = Router::new();
    for route in routes {
        let guarded = route.handler.layer(from_fn_with_state((Arc::clone(front), route.need), guard));
        router = router.route(route.path, guarded);
    }
    site::protect(router.with_state(Arc::clone(front)), &front.site)
}

/// Lets a request pass, with who is there, or refuses it.
async fn guard(State((front, need)): State<(Arc<Front>, Need)>, request: Request, next: Next) -> Response {
    let checked = match need {
        Need::Nothing => visitor(&front, request).await,
        Need::May(permission) => reader(&front, permission, request).await,
        Need::Token(permission) => program(&front, permission, request).await,
    };
    match checked {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal,
    }
}

async fn visitor(front: &Arc<Front>, mut request: Request) -> Result<Request, Response> {
    let https = front.site.https;
    let known = cookies::find(request.headers(), cookies::VISIT, https).map(str::to_owned);
    let visitor = Visitor {
        l: visitor_locale(front, request.headers()),
        known: known.is_some(),
        secret: known.unwrap_or_else(csrf::new_visit),
        theme: cookies::find(request.headers(), cookies::THEME, https).map(str::to_owned),
    };
    // A webhook is signed by its maker and comes from no page.
    if !request.uri().path().starts_with("/hooks/") {
        let secret = match request.method().is_safe() {
            true => None,
            false => form_secret(front, request.headers()).await?,
        };
        request = check_form(secret.as_deref().unwrap_or(&visitor.secret), request).await?;
    }
    request.extensions_mut().insert(visitor);
    Ok(request)
}

/// The secret behind the forms of a session, on routes that are open to
/// everybody (sign-out, preferences); `None` when nobody is signed in.
async fn form_secret(front: &Arc<Front>, headers: &HeaderMap) -> Result<Option<String>, Response> {
    let Some(session) = cookies::find(headers, cookies::SESSION, front.site.https).map(str::to_owned) else {
        return Ok(None);
    };
    let app = Arc::clone(&front.app);
    let found = work(move || app.find_session(&session)).await.map_err(IntoResponse::into_response)?;
    Ok(found.map(|logged| logged.csrf))
}

async fn reader(front: &Arc<Front>, permission: Permission, request: Request) -> Result<Request, Response> {
    let https = front.site.https;
    let session = cookies::find(request.headers(), cookies::SESSION, https).map(str::to_owned);
    let wanted = cookies::find(request.headers(), WORKSPACE, https).map(str::to_owned);
    let app = Arc::clone(&front.app);
    let found = work(move || {
        let Some(logged) = session.map(|secret| app.find_session(&secret)).transpose()?.flatten() else {
            return Ok(None);
        };
        let slug = wanted
            .filter(|slug| logged.workspaces.iter().any(|(workspace, _)| workspace.slug.as_str() == slug))
            .or_else(|| logged.workspaces.first().map(|(workspace, _)| workspace.slug.as_str().to_owned()));
        let Some(slug) = slug else { return Err(AppError::Forbidden(Permission::Read)) };
        let workspace = app.workspace(&slug)?;
        let actor = logged.actor(&slug).map(|(actor, _)| actor);
        Ok(actor.map(|actor| (logged, actor, workspace)))
    })
    .await
    .map_err(IntoResponse::into_response)?;
    let Some((logged, actor, workspace)) = found else {
        return Err(to_login(&request));
    };
    if !actor.may(permission) {
        return Err(Error::new(Code::Forbidden).into_response());
    }
    let secret = logged.csrf.clone();
    let mut request = check_form(&secret, request).await?;
    let zone = jiff::tz::TimeZone::get(&workspace.info().time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let numbers = Numbers::of_region(region_of(request.headers()).as_deref().unwrap_or_default());
    let language = Language::parse(logged.user.locale.as_str()).unwrap_or(Language::Es);
    let visit = Visit {
        l: Locale::new(language, numbers, zone),
        fragment: request.headers().contains_key("hx-request"),
        theme: cookies::find(request.headers(), cookies::THEME, https).map(str::to_owned),
        path: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        logged,
        actor,
        workspace,
    };
    request.extensions_mut().insert(visit);
    Ok(request)
}

async fn program(
    front: &Arc<Front>,
    permission: Permission,
    mut request: Request,
) -> Result<Request, Response> {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(|token| token.trim().to_owned());
    let Some(token) = token else { return Err(Error::new(Code::Unauthorized).into_response()) };
    let app = Arc::clone(&front.app);
    let found = work(move || {
        let Some((actor, info)) = app.find_token(&token)? else { return Ok(None) };
        let workspace = app.workspace(info.slug.as_str())?;
        Ok(Some(Call { actor, workspace }))
    })
    .await
    .map_err(IntoResponse::into_response)?;
    let Some(call) = found else { return Err(Error::new(Code::Unauthorized).into_response()) };
    let key = format!("{:?} {}", call.actor.user, call.workspace.info().id);
    front.calls.take(&key, front.app.now()).map_err(|wait| Error::rate_limited(wait).into_response())?;
    if !call.actor.may(permission) {
        return Err(Error::new(Code::Forbidden).into_response());
    }
    request.extensions_mut().insert(call);
    Ok(request)
}

/// A page that needs somebody signed in sends the browser to the log-in and
/// back; a fragment tells htmx to go there.
fn to_login(request: &Request) -> Response {
    if request.headers().contains_key("hx-request") {
        return ([("hx-redirect", "/login")], axum::http::StatusCode::NO_CONTENT).into_response();
    }
    if request.method() == Method::GET {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let mut target = url_escape(path);
        target.insert_str(0, "/login?to=");
        return Redirect::to(&target).into_response();
    }
    Error::new(Code::Unauthorized).into_response()
}

/// Percent-encodes everything that could end a query value.
pub fn url_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A request that changes something must come from our page and carry the
/// token: in the header, in the address (uploads), or as the form's field.
async fn check_form(secret: &str, request: Request) -> Result<Request, Response> {
    if request.method().is_safe() {
        return Ok(request);
    }
    let refused = || Error::new(Code::Csrf).into_response();
    if !csrf::is_own_page(request.method(), request.headers()) {
        return Err(refused());
    }
    let header = request.headers().get(csrf::HEADER).and_then(|value| value.to_str().ok());
    let in_address = request.uri().query().and_then(|query| field_of(query.as_bytes()));
    if let Some(given) = header.map(str::to_owned).or(in_address) {
        return if csrf::matches(secret, &given) { Ok(request) } else { Err(refused()) };
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(refused());
    }
    let (parts, body) = request.into_parts();
    let bytes =
        to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| Error::new(Code::TooLarge).into_response())?;
    let given = field_of(&bytes).unwrap_or_default();
    if csrf::matches(secret, &given) {
        Ok(Request::from_parts(parts, Body::from(bytes)))
    } else {
        Err(refused())
    }
}

/// The token's field of a form; its value needs no decoding.
fn field_of(form: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(form).ok()?;
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == csrf::FIELD)
        .map(|(_, value)| value.to_owned())
}

fn visitor_locale(front: &Front, headers: &HeaderMap) -> Locale {
    Locale::choose(
        cookies::find(headers, cookies::LANGUAGE, front.site.https),
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        front.site.numbers,
        front.site.zone.clone(),
    )
}

/// The region of the browser's first language, such as `MX` of `es-MX,es;q=0.9`.
fn region_of(headers: &HeaderMap) -> Option<String> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let first = accepted.split([',', ';']).next()?;
    first.split_once('-').map(|(_, region)| region.to_owned())
}

#[cfg(test)]
mod tests;
