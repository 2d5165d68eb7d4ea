//! Listeners against servers in this process that speak real wire bytes.

mod fake;
mod guard;
mod polls;
mod streams;

use super::{AllowRule, Batch, Client, ClientSettings, FetchError, Listener};
use crate::Mapped;
use std::time::Duration;

/// Longest a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client that may connect to this machine and polls without delay.
fn client() -> Client {
    client_allowing(&["127.0.0.1"])
}

fn client_allowing(rules: &[&str]) -> Client {
    Client::new(ClientSettings {
        allow_private: rules.iter().map(|rule| AllowRule::parse(rule).unwrap()).collect(),
        contact: "ops@example.org".into(),
        poll_ms_min: Some(10),
    })
    .unwrap()
}

/// The next batch or error, within the patience.
async fn next(listener: &mut Box<dyn Listener>) -> Result<Batch, FetchError> {
    tokio::time::timeout(PATIENCE, listener.next()).await.expect("the listener answers in time")
}

/// Batches until `enough`; errors of a dropped connection are passed over, as the caller's back-off would.
async fn gather(listener: &mut Box<dyn Listener>, enough: impl Fn(&Batch) -> bool) -> Batch {
    let mut all = Batch::default();
    tokio::time::timeout(PATIENCE, async {
        while !enough(&all) {
            match listener.next().await {
                Ok(batch) => {
                    all.records.extend(batch.records);
                    all.deletions.extend(batch.deletions);
                    all.rejects.extend(batch.rejects);
                    all.notices.extend(batch.notices);
                    all.cursor = batch.cursor.or(all.cursor.take());
                }
                Err(FetchError::Unreachable(_) | FetchError::Refused { .. }) => {}
                Err(error) => panic!("unexpected: {error}"),
            }
        }
    })
    .await
    .unwrap_or_else(|_| panic!("not enough within the patience: {all:#?}"));
    all
}

/// The texts of the posts, in order.
fn texts(batch: &Batch) -> Vec<String> {
    batch
        .records
        .iter()
        .map(|(_, mapped)| match mapped {
            Mapped::Post(post) => post.text.clone(),
            Mapped::Account(account) => account.label().to_owned(),
        })
        .collect()
}
