//! Checks of what somebody brings: a message for the signs of a scam, a
//! picture for where it was shown before. Neither is kept.

use super::understanding::ScamBody;
use super::view::PostBody;
use super::{Answer, Sent};
use crate::errors::{Code, Error};
use crate::front::{Call, Need, Route, work};
use crate::pages::pictures::check_one;
use crate::security::PICTURE_BYTES_MAX;
use app::understanding::{PictureAppearance, PictureCheck};
use axum::Json;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use model::Permission;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let need = Need::Token(Permission::Read);
    vec![
        Route {
            method: Method::POST,
            path: "/api/v1/scam-check",
            need,
            summary: "Look for the ten signs of a scam in a message; it is not kept",
            handler: post(scam),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/pictures/check",
            need,
            summary: "Where a picture was shown before; the body is the picture itself, which is not kept",
            handler: post(picture).layer(DefaultBodyLimit::max(PICTURE_BYTES_MAX)),
        },
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    text: String,
}

async fn scam(call: Call, Sent(message): Sent<Message>) -> Answer<Json<ScamBody>> {
    Ok(Json(work(move || call.workspace.check_scam(&call.actor, &message.text)).await?.into()))
}

#[derive(Serialize)]
pub(super) struct AppearanceBody {
    post: PostBody,
    /// Which of its pictures, from 0.
    position: usize,
    /// Different bits of 256.
    distance_bits: u32,
    /// False: only likely the same picture.
    sure: bool,
    transformation: &'static str,
}

impl From<PictureAppearance> for AppearanceBody {
    fn from(seen: PictureAppearance) -> Self {
        Self {
            post: seen.post.into(),
            position: seen.position,
            distance_bits: seen.distance,
            sure: seen.sure,
            transformation: seen.transformation,
        }
    }
}

/// Where a picture was shown.
#[derive(Serialize)]
pub(super) struct PictureCheckBody {
    width_px: u32,
    height_px: u32,
    format: &'static str,
    detail_percent: u8,
    /// Too little detail to be compared: nothing is known.
    plain: bool,
    known_pictures_count: usize,
    posts_count: usize,
    first: Option<AppearanceBody>,
    appearances: Vec<AppearanceBody>,
}

impl From<PictureCheck> for PictureCheckBody {
    fn from(check: PictureCheck) -> Self {
        Self {
            width_px: check.width,
            height_px: check.height,
            format: check.format,
            detail_percent: check.quality,
            plain: check.plain,
            known_pictures_count: check.known_pictures,
            posts_count: check.posts,
            first: check.first.map(Into::into),
            appearances: check.appearances.into_iter().map(Into::into).collect(),
        }
    }
}

async fn picture(call: Call, sent: Result<Bytes, BytesRejection>) -> Answer<Json<PictureCheckBody>> {
    let bytes = sent.map_err(|rejection| {
        let body = rejection.body_text();
        match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge),
            _ => Error::new(Code::BadRequest).because(body),
        }
    })?;
    let found = check_one(Arc::clone(&call.workspace), call.actor.clone(), bytes).await??;
    Ok(Json(found.into()))
}
