//! What must never be connected to, and what must never be said.

use super::fake::{Fake, Reply};
use super::{client, client_allowing, next};
use crate::listening::{BODY_BYTES_MAX, FetchError, REDIRECTS_MAX, Request, SetupError, open};
use model::listening::SourceSetup;
use std::io::Write;
use url::Url;

fn get(address: &str) -> Request {
    Request::get(Url::parse(address).unwrap())
}

#[tokio::test]
async fn private_addresses_are_refused_in_every_spelling() {
    let server = Fake::http(|_, _| Reply::json("{}")).await;
    let port = Url::parse(&server.url).unwrap().port().unwrap();
    let strict = client_allowing(&[]);
    for host in
        ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"]
    {
        let got = strict.fetch(get(&format!("http://{host}:{port}/"))).await;
        assert!(matches!(got, Err(FetchError::ForbiddenAddress(_))), "{host}: {got:?}");
        let url = Url::parse(&format!("ws://{host}:{port}/")).unwrap();
        let got = super::super::Socket::connect(&strict, &url).await.map(|_| ());
        assert!(matches!(got, Err(FetchError::ForbiddenAddress(_))), "{host}: {got:?}");
    }
    assert!(server.seen().is_empty(), "nothing was connected to");
    assert!(client().fetch(get(&server.url)).await.is_ok(), "and what is allowed works");
}

#[tokio::test]
async fn a_redirect_leads_to_no_private_address() {
    let hidden = Fake::http(|_, _| Reply::json("{}")).await;
    let port = Url::parse(&hidden.url).unwrap().port().unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let lure = Fake::http(move |_, _| {
            let line: &'static str = format!("location: http://{host}:{port}/secret\r\n").leak();
            Reply::Whole(302, line, Vec::new())
        })
        .await;
        let rule = lure.url.trim_start_matches("http://").to_owned();
        let got = client_allowing(&[&rule]).fetch(get(&lure.url)).await;
        assert!(matches!(got, Err(FetchError::ForbiddenAddress(_))), "{host}: {got:?}");
    }
    let lure = Fake::http(|_, _| Reply::Whole(302, "location: file:///etc/passwd\r\n", Vec::new())).await;
    assert!(matches!(client().fetch(get(&lure.url)).await, Err(FetchError::ForbiddenAddress(_))));
    assert!(hidden.seen().is_empty());
}

#[tokio::test]
async fn a_key_is_not_carried_to_another_server_and_circles_end() {
    let other = Fake::http(|_, _| Reply::json("{}")).await;
    let line: &'static str = format!("location: {}/there\r\n", other.url).leak();
    let first = Fake::http(move |_, _| Reply::Whole(307, line, Vec::new())).await;
    client().fetch(get(&first.url).bearer("s3cret")).await.unwrap();
    assert!(first.seen()[0].head.contains("Bearer s3cret"));
    assert_eq!(other.targets(), ["/there"]);
    assert!(!other.seen()[0].head.contains("s3cret"));
    let circle = Fake::http(|_, _| Reply::Whole(301, "location: /\r\n", Vec::new())).await;
    assert_eq!(client().fetch(get(&circle.url)).await.err(), Some(FetchError::Redirects(REDIRECTS_MAX)));
    assert_eq!(circle.seen().len(), REDIRECTS_MAX + 1);
}

#[tokio::test]
async fn an_oversized_answer_is_cut_off_also_when_compressed() {
    let plain = Fake::http(|_, _| Reply::Whole(200, "", vec![b'x'; BODY_BYTES_MAX + 1])).await;
    let too_large = Some(FetchError::TooLarge { bytes_max: BODY_BYTES_MAX });
    assert_eq!(client().fetch(get(&plain.url)).await.err(), too_large);
    let bomb = Fake::http(|_, _| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&vec![0; 4 * BODY_BYTES_MAX]).unwrap();
        Reply::Whole(200, "content-encoding: gzip\r\n", gzip.finish().unwrap())
    })
    .await;
    assert_eq!(client().fetch(get(&bomb.url)).await.err(), too_large);
}

#[tokio::test]
async fn errors_hold_no_secret_and_the_agent_is_named() {
    let token = "123456:VerySecretToken";
    let server = Fake::http(|seen, _| {
        Reply::Whole(500, "", format!("broken at {} for {}", seen.target, seen.head).into_bytes())
    })
    .await;
    let setup = SourceSetup::TelegramBot { endpoint: server.url.clone() };
    let mut listener = open(&setup, Some(token), None, &client()).unwrap();
    let error = next(&mut listener).await.unwrap_err();
    assert!(matches!(&error, FetchError::Refused { status: 500, reason } if reason.contains("broken at")));
    assert!(!format!("{error} {error:?}").contains("VerySecret"), "{error:?}");
    assert!(server.seen()[0].head.contains("Atalaya/"), "{}", server.seen()[0].head);
    assert!(server.seen()[0].head.contains("(+ops@example.org)"));
    let closed = SourceSetup::TelegramBot { endpoint: "http://127.0.0.1:1".into() };
    let mut listener = open(&closed, Some(token), None, &client()).unwrap();
    let error = next(&mut listener).await.unwrap_err();
    assert!(matches!(error, FetchError::Unreachable(_)));
    assert!(!format!("{error} {error:?}").contains("VerySecret"), "{error:?}");
}

#[test]
fn impossible_setups_are_refused_before_any_connection() {
    let feed =
        |url: &str| open(&SourceSetup::Feed { url: url.into() }, None, None, &client_allowing(&[])).err();
    assert!(matches!(feed("http://127.0.0.1/"), Some(SetupError::ForbiddenAddress(_))));
    for bad in
        ["ftp://example.org/", "file:///etc/passwd", "example.org", "", "http://u:p@example.org/?k=s3cret"]
    {
        let error = feed(bad).expect(bad);
        assert!(matches!(error, SetupError::InvalidAddress { .. }), "{bad}");
        assert!(!error.to_string().contains("s3cret"));
    }
    let setup = SourceSetup::TelegramBot { endpoint: "https://api.telegram.org".into() };
    assert!(matches!(open(&setup, None, None, &client()).err(), Some(SetupError::SecretMissing(_))));
    assert!(matches!(open(&setup, Some("../x"), None, &client()).err(), Some(SetupError::SecretForm(_))));
}
