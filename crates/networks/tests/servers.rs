//! Listeners against real servers that others wrote, on loopback.
//!
//! Reads the addresses that `testbench/bench.sh up …` wrote to
//! `$ATALAYA_BENCH_DIR/env` (default `~/.cache/atalaya-bench/env`) and writes
//! through `testbench/bench.sh post|edit|delete`. A server that is not up is a
//! loud, counted skip; with `ATALAYA_BENCH_REQUIRED` set it is a failure.

use atalaya_networks as networks;
use model::listening::{MastodonTimeline, SourceSetup};
use networks::Mapped;
use networks::listening::{AllowRule, Backoff, Batch, Client, ClientSettings, Deletion, Listener, open};
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Longest wait for a post to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

struct Bench(HashMap<String, String>);

impl Bench {
    /// The addresses and tokens of one server, if it is up.
    fn of(server: &str, variables: &[&str]) -> Option<Self> {
        let folder = std::env::var_os("ATALAYA_BENCH_DIR").map(PathBuf::from).or_else(|| {
            std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/atalaya-bench"))
        });
        let text =
            folder.and_then(|folder| std::fs::read_to_string(folder.join("env")).ok()).unwrap_or_default();
        let prefix = format!("ATALAYA_BENCH_{}_", server.to_uppercase());
        let found: HashMap<String, String> = text
            .lines()
            .filter_map(|line| line.strip_prefix(&prefix)?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if variables.iter().all(|name| found.contains_key(*name)) {
            return Some(Self(found));
        }
        assert!(std::env::var_os("ATALAYA_BENCH_REQUIRED").is_none(), "{server} is not up");
        // Not by `println!`, which the test runner hides for tests that pass.
        let start = format!("start it with testbench/bench.sh up {server}");
        let _ = writeln!(std::io::stderr(), "SKIPPED (counted): {server} is not up; {start}");
        None
    }

    fn get(&self, name: &str) -> &str {
        &self.0[name]
    }
}

/// Writes through the server's own API; the answer is the native id, `None` where the network cannot.
async fn talk(verb: &'static str, server: &'static str, arguments: &[&str]) -> Option<String> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testbench/bench.sh");
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        Command::new(script).arg(verb).arg(server).args(arguments).output().expect("the bench runs")
    })
    .await
    .unwrap();
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{verb} {server}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn client() -> Client {
    let allow_private = ["127.0.0.1", "localhost"].map(|rule| AllowRule::parse(rule).unwrap()).to_vec();
    Client::new(ClientSettings { allow_private, contact: "bench@test.local".into(), poll_ms_min: Some(300) })
        .unwrap()
}

fn marked(text: &str) -> String {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("{text} {nanos}")
}

/// Reads until a batch satisfies `enough`, waiting after errors as the back-off says.
async fn listen_until(
    listener: &mut Box<dyn Listener>,
    what: &str,
    enough: impl Fn(&Batch) -> bool,
) -> Batch {
    let mut backoff = Backoff::new(1);
    let found = tokio::time::timeout(PATIENCE, async {
        loop {
            match listener.next().await {
                Ok(batch) if enough(&batch) => return batch,
                Ok(_) => backoff.reset(),
                Err(error) => {
                    println!("{what}: {error}");
                    tokio::time::sleep(Duration::from_millis(backoff.wait_ms(&error))).await;
                }
            }
        }
    })
    .await;
    found.unwrap_or_else(|_| panic!("{what} did not come within {PATIENCE:?}"))
}

fn count_text(batch: &Batch, text: &str) -> usize {
    let says = |mapped: &Mapped| matches!(mapped, Mapped::Post(post) if post.full_text().contains(text));
    batch.records.iter().filter(|(_, mapped)| says(mapped)).count()
}

fn has_deletion(batch: &Batch, id: &str) -> bool {
    batch.deletions.iter().any(|deletion| match deletion {
        Deletion::Post(key) | Deletion::PostBy { post: key, .. } => key.native_id.as_str().ends_with(id),
        Deletion::Local { local_id, .. } => local_id == id,
        Deletion::Account(_) => false,
    })
}

/// Live post, edit and deletion, then a post while away that a new listener finds from the cursor.
async fn round_trip(server: &'static str, setup: &SourceSetup, secret: Option<&str>, deletes: bool) {
    let mut listener = open(setup, secret, None, &client()).unwrap();
    let mut cursor = listener.next().await.expect("the server answers").cursor;
    let words = marked("Acme en vivo: Café Ñandú");
    let id = talk("post", server, &[&words]).await.expect("every network posts");
    let batch = listen_until(&mut listener, "the post", |batch| count_text(batch, &words) > 0).await;
    assert_eq!(count_text(&batch, &words), 1);
    cursor = batch.cursor.or(cursor);
    let edited = marked("Acme editado");
    if deletes && talk("edit", server, &[&id, &edited]).await.is_some() {
        let batch = listen_until(&mut listener, "the edit", |batch| count_text(batch, &edited) > 0).await;
        cursor = batch.cursor.or(cursor);
    }
    if deletes && talk("delete", server, &[&id]).await.is_some() {
        let batch = listen_until(&mut listener, "the deletion", |batch| has_deletion(batch, &id)).await;
        cursor = batch.cursor.or(cursor);
    }
    drop(listener);
    let away = marked("Acme mientras no estabas");
    talk("post", server, &[&away]).await.expect("every network posts");
    let mut listener = open(setup, secret, cursor.as_deref(), &client()).unwrap();
    let batch =
        listen_until(&mut listener, "the post while away", |batch| count_text(batch, &away) > 0).await;
    assert_eq!(count_text(&batch, &away), 1);
}

#[tokio::test]
async fn bluesky_firehose() {
    let Some(bench) = Bench::of("bluesky", &["FIREHOSE_URL"]) else { return };
    let setup = SourceSetup::BlueskyFirehose { endpoint: bench.get("FIREHOSE_URL").into() };
    round_trip("bluesky", &setup, None, true).await;
}

#[tokio::test]
async fn bluesky_jetstream() {
    let (Some(bench), Some(_)) = (Bench::of("jetstream", &["URL"]), Bench::of("bluesky", &["PDS_URL"]))
    else {
        return;
    };
    let setup = SourceSetup::BlueskyJetstream { endpoint: bench.get("URL").into() };
    round_trip("bluesky", &setup, None, true).await;
}

#[tokio::test]
async fn bluesky_search_and_notifications() {
    let Some(bench) = Bench::of("bluesky", &["PDS_URL", "APPVIEW_URL", "HANDLE", "APP_PASSWORD"]) else {
        return;
    };
    let identifier = bench.get("HANDLE").to_owned();
    let search = |service: &str, identifier: &str| SourceSetup::BlueskySearch {
        service: service.into(),
        identifier: identifier.into(),
        // The bench's AppView tells upper case from lower.
        search: "Acme".into(),
    };
    round_trip("bluesky", &search(bench.get("APPVIEW_URL"), ""), None, false).await;
    let secret = Some(bench.get("APP_PASSWORD"));
    round_trip("bluesky", &search(bench.get("PDS_URL"), &identifier), secret, false).await;
    let setup = SourceSetup::BlueskyNotifications { service: bench.get("PDS_URL").into(), identifier };
    let mut inbox = open(&setup, secret, None, &client()).unwrap();
    inbox.next().await.expect("notifications are listed");
    let mut wrong = open(&setup, Some("wrong"), None, &client()).unwrap();
    assert!(wrong.next().await.unwrap_err().needs_person());
}

#[tokio::test]
async fn mastodon_on_snac() {
    let Some(bench) = Bench::of("snac", &["URL", "TOKEN"]) else { return };
    let (server, token) = (bench.get("URL").to_owned(), Some(bench.get("TOKEN")));
    let timeline = MastodonTimeline::Public;
    // It has no streaming: the stream must become a poll.
    let setup = SourceSetup::MastodonStream { server: server.clone(), timeline: timeline.clone() };
    round_trip("snac", &setup, token, false).await;
    round_trip("snac", &SourceSetup::MastodonPoll { server, timeline }, token, false).await;
}

#[tokio::test]
async fn mastodon_on_the_mock() {
    let Some(bench) = Bench::of("mastodon_mock", &["URL", "TOKEN"]) else { return };
    let (server, token) = (bench.get("URL").to_owned(), Some(bench.get("TOKEN")));
    let timeline = MastodonTimeline::Public;
    let setup = SourceSetup::MastodonStream { server: server.clone(), timeline: timeline.clone() };
    round_trip("mastodon_mock", &setup, token, true).await;
    round_trip("mastodon_mock", &SourceSetup::MastodonPoll { server, timeline }, token, false).await;
}

#[tokio::test]
async fn nostr_relay() {
    let Some(bench) = Bench::of("nostr", &["URL"]) else { return };
    let setup = SourceSetup::NostrRelay { relay: bench.get("URL").into(), hashtags: Vec::new() };
    round_trip("nostr", &setup, None, true).await;
}

#[tokio::test]
async fn matrix_on_synapse() {
    let Some(bench) = Bench::of("synapse", &["URL", "TOKEN"]) else { return };
    let setup = SourceSetup::MatrixRooms { server: bench.get("URL").into(), rooms: Vec::new() };
    round_trip("synapse", &setup, Some(bench.get("TOKEN")), true).await;
}

#[tokio::test]
async fn feeds_of_wordpress() {
    let Some(bench) = Bench::of("wordpress", &["FEED_URL", "ATOM_URL"]) else { return };
    for name in ["FEED_URL", "ATOM_URL"] {
        round_trip("wordpress", &SourceSetup::Feed { url: bench.get(name).into() }, None, false).await;
    }
}
