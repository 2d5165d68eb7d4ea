//! Pictures from servers in this process that speak real wire bytes.

use super::*;
use crate::listening::{AllowRule, ClientSettings};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that answers everything with these bytes; its address and how often it was asked.
async fn server(answer: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/p.jpg", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4_096];
                let _ = tcp.read(&mut request).await;
                let _ = tcp.write_all(&answer).await;
                let _ = tcp.shutdown().await;
            });
        }
    });
    (address, asked)
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn client(rules: &[&str]) -> Client {
    let allow_private = rules.iter().map(|rule| AllowRule::parse(rule).unwrap()).collect();
    Client::new(ClientSettings { allow_private, ..ClientSettings::default() }).unwrap()
}

async fn fetched(answer: Vec<u8>) -> Result<FetchedPicture, MediaError> {
    let (address, _) = server(answer).await;
    fetch(&client(&["127.0.0.1"]), &address).await
}

const JPEG: &str = "content-type: image/jpeg\r\n";

#[tokio::test]
async fn a_picture_is_fetched_as_it_is() {
    let got = fetched(answer("200 OK", JPEG, b"\xff\xd8\xffbytes")).await.unwrap();
    assert_eq!(got.bytes, b"\xff\xd8\xffbytes");
    let named = "content-type: IMAGE/PNG; charset=x\r\n";
    assert_eq!(fetched(answer("200 OK", named, b"p")).await.unwrap().bytes, b"p");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_before_its_body() {
    for kind in
        ["content-type: text/html\r\n", "content-type: image/svg+xml\r\n", "content-type: video/mp4\r\n", ""]
    {
        let got = fetched(answer("200 OK", kind, b"<html>")).await;
        assert!(
            matches!(&got, Err(error @ MediaError::NotAPicture(_)) if !error.may_pass()),
            "{kind}: {got:?}"
        );
    }
    // A length that never comes: the head alone decides.
    let endless = format!("HTTP/1.1 200 OK\r\n{JPEG}content-length: 9999999999\r\n\r\n");
    let too_large = Err(MediaError::Fetch(FetchError::TooLarge { bytes_max: PICTURE_BYTES_MAX }));
    assert_eq!(fetched(endless.into_bytes()).await, too_large);
    let mut chunked =
        format!("HTTP/1.1 200 OK\r\n{JPEG}transfer-encoding: chunked\r\n\r\n900000\r\n").into_bytes();
    chunked.extend(vec![7; 0x0090_0000]);
    assert_eq!(fetched(chunked).await, too_large);
}

#[tokio::test]
async fn errors_say_whether_to_try_again() {
    for (status, headers, passes) in [
        ("404 Not Found", "", false),
        ("403 Forbidden", "", false),
        ("410 Gone", "", false),
        ("500 Oops", "", true),
        ("503 Busy", "retry-after: 120\r\n", true),
        ("429 Slow", "retry-after: 7\r\n", true),
    ] {
        let error = fetched(answer(status, headers, b"")).await.unwrap_err();
        assert_eq!(error.may_pass(), passes, "{status}");
        assert_eq!(error.retry_after_ms().is_some(), headers.contains("retry-after"), "{status}");
    }
    let short = format!("HTTP/1.1 200 OK\r\n{JPEG}content-length: 100\r\n\r\nfew");
    assert!(fetched(short.into_bytes()).await.unwrap_err().may_pass());
    for wrong in [
        "",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://1.1.1.1/a.png",
        "https://u:p@example.org/a",
    ] {
        let error = fetch(&client(&[]), wrong).await.unwrap_err();
        assert!(matches!(error, MediaError::Address(_)) && !error.may_pass(), "{wrong}: {error:?}");
    }
}

#[tokio::test]
async fn no_private_address_is_asked_not_even_by_a_redirect() {
    let (hidden, asked) = server(answer("200 OK", JPEG, b"secret")).await;
    let got = fetch(&client(&[]), &hidden).await;
    assert!(matches!(got, Err(MediaError::Address(SetupError::ForbiddenAddress(_)))), "{got:?}");
    let location = format!("location: {hidden}\r\n");
    let (lure, _) = server(answer("302 Found", &location, b"")).await;
    let rule = lure.trim_start_matches("http://").trim_end_matches("/p.jpg").to_owned();
    let got = fetch(&client(&[&rule]), &lure).await;
    assert!(matches!(got, Err(MediaError::Fetch(FetchError::ForbiddenAddress(_)))), "{got:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
