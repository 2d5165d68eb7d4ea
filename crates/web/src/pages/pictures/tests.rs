//! The page of the picture check as a browser without script sees it.

use super::*;
use crate::locale::{Language, Numbers};
use crate::trial::{Reply, Trial, png, signed_in, to};
use axum::http::header;
use model::Role;
use serde_json::json;

const BOUNDARY: &str = "----corte";

async fn get(trial: &Trial, role: Role, path: &str) -> String {
    let request = signed_in(to(Method::GET, path), &trial.session(role));
    let reply = trial.ask(request.header(header::ACCEPT_LANGUAGE, "es"), "").await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text);
    assert!(!reply.text.contains('⟦'), "{path} lacks a text: {}", reply.text);
    reply.text
}

/// The form as a viewer sends it.
async fn upload(trial: &Trial, bytes: &[u8], csrf: &str) -> Reply {
    let mut body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"foto.png\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    let request = signed_in(to(Method::POST, &format!("{PATH}?csrf={csrf}")), &trial.session(Role::Viewer))
        .header(header::ACCEPT_LANGUAGE, "es")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    trial.ask(request, body).await
}

#[tokio::test]
async fn a_picture_is_compared_and_what_is_none_is_said_beside_the_field() {
    let trial = Trial::new();
    let csrf = trial.form_token(&trial.session(Role::Viewer));
    let page = get(&trial, Role::Viewer, PATH).await;
    assert!(page.contains("multipart/form-data") && page.contains("¿Esta imagen ya se usó?"), "{page}");
    assert!(page.contains("href=\"/pictures\""), "{page}");
    let unseen = upload(&trial, &png(Some(7), 200), &csrf).await;
    assert_eq!(unseen.status, StatusCode::OK, "{}", unseen.text);
    assert!(unseen.text.contains("PNG, 200 × 200 píxeles"), "{}", unseen.text);
    assert!(
        unseen.text.contains("Aún no hay imágenes con que comparar"),
        "nothing known is not «never seen»"
    );
    assert!(upload(&trial, &png(None, 64), &csrf).await.text.contains("Tiene muy poco detalle"));
    let large = vec![0; PICTURE_BYTES_MAX + 1];
    for (bytes, says) in [
        (&b""[..], "Elige una imagen."),
        (b"plain words", "No pudimos leer el archivo como imagen"),
        (&png(Some(7), 200)[..90], "No pudimos leer el archivo como imagen"),
        (&large, "demasiado grande"),
    ] {
        let refused = upload(&trial, bytes, &csrf).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}: {}", refused.text);
        assert!(
            refused.text.contains(says) && refused.text.contains("aria-invalid"),
            "{says}: {}",
            refused.text
        );
    }
    let beyond = upload(&trial, &vec![0; READ_BYTES_MAX + 1], &csrf).await;
    assert_eq!(beyond.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(upload(&trial, &png(Some(7), 200), "wrong").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn pictures_of_posts_are_fetched_only_when_somebody_who_may_says_so() {
    let trial = Trial::new();
    let change = async |role: Role, fetch: &str| {
        let session = trial.session(role);
        let request = signed_in(to(Method::POST, "/pictures/fetching"), &session)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        trial.ask(request, format!("csrf={}&fetch={fetch}", trial.form_token(&session))).await
    };
    let (before, seen) = (get(&trial, Role::Director, PATH).await, get(&trial, Role::Viewer, PATH).await);
    assert!(
        before.contains("Buscar imágenes de las publicaciones")
            && before.contains("la dirección de este servidor")
    );
    assert!(!seen.contains("action=\"/pictures/fetching\"") && seen.contains("Lo decide quien puede"));
    assert_eq!(change(Role::Agent, "1").await.status, StatusCode::FORBIDDEN);
    assert!(!trial.workspace.fetches_pictures(&Actor::operator()).unwrap());
    assert_eq!(change(Role::Director, "1").await.location(), "/pictures?done=pictures-on");
    assert!(trial.workspace.fetches_pictures(&Actor::operator()).unwrap());
    let on = get(&trial, Role::Director, "/pictures?done=pictures-on").await;
    assert!(on.contains("Dejar de buscar imágenes") && on.contains("Desde ahora se buscan"), "{on}");
    assert_eq!(change(Role::Director, "0").await.location(), "/pictures?done=pictures-off");
    assert!(!trial.workspace.fetches_pictures(&Actor::operator()).unwrap());
}

#[tokio::test]
async fn the_earliest_post_comes_first_and_words_say_how_alike_it_is() {
    let trial = Trial::new();
    let row = |id: &str, day: u8| {
        let time = format!("2026-03-0{day}T12:00:00Z");
        json!({"id": id, "author": id, "author_id": id, "time": time, "text": format!("<b>foto {id}</b>")})
    };
    let rows = json!([row("one", 1), row("two", 2), row("three", 3)]);
    trial.call(Method::POST, "/api/v1/records", Some(rows)).await;
    let posts = trial.call(Method::GET, "/api/v1/posts?order=oldest", None).await.json();
    let ids: Vec<i64> = (0..3).map(|n| posts["items"][n]["id"].as_i64().unwrap()).collect();
    let seen = |n: usize, distance: u32, sure: bool, transformation: &'static str| PictureAppearance {
        post: trial.workspace.load_post(&Actor::operator(), ids[n]).unwrap().view,
        position: 0,
        distance,
        sure,
        transformation,
    };
    let first = seen(0, 24, true, "framed");
    let found = PictureCheck {
        width: 1_200,
        height: 800,
        format: "jpeg",
        quality: 90,
        plain: false,
        known_pictures: 5,
        posts: 4,
        first: Some(first.clone()),
        appearances: vec![seen(1, 0, true, "same"), first, seen(2, 40, false, "mirrored")],
    };
    let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
    let page = Page::bare(l.clone(), l.text("pictures-title"), None);
    let fetching = Fetching { on: true, may_change: false, facts: Vec::new() };
    let found = Some(found_of(&found, trial.front.app.now(), &l));
    let template =
        Check { page: &page, l: &l, limit: String::new(), faults: Faults::default(), found, fetching };
    let text = template.render().unwrap();
    let place = |n: usize| text.find(&format!("/posts/{}", ids[n])).unwrap_or_else(|| panic!("{n}: {text}"));
    assert!(place(0) < place(1) && place(1) < place(2), "the earliest, then the nearest");
    assert_eq!(text.matches("foto one").count(), 1, "the first is not repeated");
    for says in [
        "La muestran 4 publicaciones.",
        "La misma, algo cambiada",
        "La que subiste tiene un marco añadido.",
        "Idéntica",
        "Quizá la misma: compárala a ojo",
        "La que subiste está reflejada.",
        "Otra publicación también la muestra.",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("<b>foto") && !text.contains('⟦'), "{text}");
    for change in [
        "upside_down",
        "rotated_90",
        "rotated_180",
        "rotated_270",
        "transposed",
        "transversed",
        "unframed",
        "extended",
        "cropped",
    ] {
        assert!(!l.word("picture-change", change).contains('⟦'), "{change}");
    }
}
