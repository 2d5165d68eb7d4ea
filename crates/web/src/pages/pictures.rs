//! `/pictures`: was this picture used before? A picture that somebody brings is
//! compared with those of the posts; and whether pictures of posts are fetched.
//!
//! In: a picture of at most [`PICTURE_BYTES_MAX`]. Out: the posts that show it,
//! the earliest first named. It is not kept.
//! Errors: the form again with what to correct.
//! Cost: [`check_one`] reads one picture at a time for the whole server.

use super::cards::card;
use super::forms::{Faults, Fields, attempt, done_at, refused, shown};
use super::post::Fact;
use crate::components::PostCard;
use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::security::PICTURE_BYTES_MAX;
use ::app::listening::Workspace;
use ::app::understanding::{PictureAppearance, PictureCheck, PictureCounts};
use ::app::{Actor, AppError};
use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use model::{Permission, Timestamp};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Address of the page.
pub const PATH: &str = "/pictures";
/// What is read of a request that is too large, bytes, so that the form can say
/// so; past it the request is refused.
const READ_BYTES_MAX: usize = 8 * PICTURE_BYTES_MAX;
/// Different bits up to which two pictures are called almost identical.
const NEARLY_BITS: u32 = 10;
/// Pictures are decoded one at a time: each may take a quarter of a gigabyte.
static DECODING: Semaphore = Semaphore::const_new(1);

/// The routes.
pub fn routes() -> Vec<Route> {
    let read = Need::May(Permission::Read);
    let edit = Need::May(Permission::EditSources);
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    let upload = post(check).layer(DefaultBodyLimit::max(READ_BYTES_MAX));
    vec![
        route(Method::GET, PATH, read, "Form of the picture check", get(ask)),
        route(Method::POST, PATH, read, "Compares a picture with those of the posts", upload),
        route(
            Method::POST,
            "/pictures/fetching",
            edit,
            "Begins or ends to fetch the pictures of posts",
            post(change_fetching),
        ),
    ]
}

/// Where a picture was shown, when its turn has come.
///
/// # Errors
/// [`Error`] when it could not be looked up at all; the inner error when it is
/// no picture or the actor may not.
pub async fn check_one(
    workspace: Arc<Workspace>,
    actor: Actor,
    bytes: Bytes,
) -> Result<Result<PictureCheck, AppError>, Error> {
    let turn = DECODING.acquire().await.map_err(|error| Error::internal(&error))?;
    attempt(move || {
        // Held to the end of the work, also when nobody waits for it any more.
        let _turn = turn;
        workspace.check_picture(&actor, &bytes)
    })
    .await
}

/// A post that shows the picture.
struct Match {
    card: PostCard,
    sure: bool,
    alike: String,
    /// What was done to the picture that was brought; `None` when nothing.
    change: Option<String>,
}

/// What a check found.
struct Found {
    picture: String,
    plain: bool,
    /// Nothing to compare with.
    nothing_known: bool,
    told: String,
    first: Option<Match>,
    others: Vec<Match>,
    more: Option<String>,
}

/// Whether pictures of posts are fetched, and how many are known.
struct Fetching {
    on: bool,
    may_change: bool,
    facts: Vec<Fact>,
}

#[derive(Template)]
#[template(path = "pictures/check.html")]
struct Check<'a> {
    page: &'a Page,
    l: &'a Locale,
    limit: String,
    faults: Faults,
    found: Option<Found>,
    fetching: Fetching,
}

async fn template<'a>(visit: &'a Visit, page: &'a Page, found: Option<Found>) -> Result<Check<'a>, Error> {
    let l = &visit.l;
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (on, counts) =
        work(move || Ok((workspace.fetches_pictures(&actor)?, workspace.picture_counts(&actor)?))).await?;
    let fetching =
        Fetching { on, may_change: visit.actor.may(Permission::EditSources), facts: facts(&counts, l) };
    let limit = l.bytes(PICTURE_BYTES_MAX as u64);
    Ok(Check { page, l, limit, faults: Faults::default(), found, fetching })
}

fn facts(counts: &PictureCounts, l: &Locale) -> Vec<Fact> {
    let fact = |key: &str, count| Fact::text(l.text(key), Some(l.integer(count)), l);
    vec![
        fact("pictures-known", counts.hashed),
        fact("pictures-waiting", counts.waiting),
        fact("pictures-plain", counts.plain),
        fact("pictures-failed", counts.failed),
    ]
}

fn page_of(visit: &Visit) -> Page {
    visit.page(visit.l.text("pictures-title"), Some(Room::Pictures))
}

async fn ask(visit: Visit) -> Result<Response, Error> {
    let page = page_of(&visit);
    shown(&template(&visit, &page, None).await?)
}

async fn check(State(front): State<Arc<Front>>, visit: Visit, parts: Multipart) -> Result<Response, Error> {
    let l = &visit.l;
    let page = page_of(&visit);
    let limit = l.bytes(PICTURE_BYTES_MAX as u64);
    let checked = match read_picture(parts).await? {
        Brought::Nothing => Err(l.text("pictures-error-none")),
        Brought::TooLarge => Err(l.text_with("pictures-error-large", &[("limit", limit.into())])),
        Brought::Bytes(bytes) => {
            match check_one(Arc::clone(&visit.workspace), visit.actor.clone(), bytes).await? {
                Ok(found) => Ok(found_of(&found, front.app.now(), l)),
                Err(AppError::Invalid { .. }) => Err(l.text("pictures-error-unreadable")),
                Err(error) => return Err(error.into()),
            }
        }
    };
    match checked {
        Ok(found) => shown(&template(&visit, &page, Some(found)).await?),
        Err(fault) => {
            let mut template = template(&visit, &page, None).await?;
            template.faults.add("picture", fault);
            refused(&template)
        }
    }
}

/// What the form brought.
enum Brought {
    Nothing,
    TooLarge,
    Bytes(Bytes),
}

async fn read_picture(mut parts: Multipart) -> Result<Brought, Error> {
    let mut picture = Vec::new();
    let mut too_large = false;
    while let Some(mut part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        let wanted = part.name() == Some("picture");
        while let Some(bytes) = part.chunk().await.map_err(|error| unreadable(&error))? {
            if wanted && !too_large {
                picture.extend_from_slice(&bytes);
                too_large = picture.len() > PICTURE_BYTES_MAX;
            }
        }
    }
    Ok(match picture {
        _ if too_large => Brought::TooLarge,
        picture if picture.is_empty() => Brought::Nothing,
        picture => Brought::Bytes(picture.into()),
    })
}

fn unreadable(error: &MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge),
        _ => Error::new(Code::BadRequest).because(error.body_text()),
    }
}

fn found_of(found: &PictureCheck, now: Timestamp, l: &Locale) -> Found {
    let first = found.first.as_ref();
    let others: Vec<Match> = found
        .appearances
        .iter()
        .filter(|seen| first.is_none_or(|first| first.post.id != seen.post.id))
        .map(|seen| match_of(seen, now, l))
        .collect();
    let shown = others.len() + usize::from(first.is_some());
    let left = found.posts.saturating_sub(shown) as u64;
    let told = match first {
        Some(_) => l.count("pictures-seen", found.posts as u64),
        None => l.count("pictures-unseen", found.known_pictures as u64),
    };
    let size = [
        ("format", found.format.to_uppercase().into()),
        ("width", l.integer(found.width.into()).into()),
        ("height", l.integer(found.height.into()).into()),
    ];
    Found {
        picture: l.text_with("pictures-brought", &size),
        plain: found.plain,
        nothing_known: found.known_pictures == 0,
        told,
        first: first.map(|seen| match_of(seen, now, l)),
        others,
        more: (left > 0).then(|| l.count("pictures-more", left)),
    }
}

fn match_of(seen: &PictureAppearance, now: Timestamp, l: &Locale) -> Match {
    let alike = match seen.distance {
        0 => "same",
        1..=NEARLY_BITS => "nearly",
        _ if seen.sure => "changed",
        _ => "maybe",
    };
    let changed = seen.transformation != "same";
    Match {
        card: card(&seen.post, now, l),
        sure: seen.sure,
        alike: l.word("picture-alike", alike),
        change: changed.then(|| l.word("picture-change", seen.transformation)),
    }
}

async fn change_fetching(visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let fetch = fields.get("fetch") == "1";
    work(move || visit.workspace.update_fetches_pictures(&visit.actor, fetch)).await?;
    Ok(done_at(PATH, if fetch { "pictures-on" } else { "pictures-off" }))
}

#[cfg(test)]
mod tests;
