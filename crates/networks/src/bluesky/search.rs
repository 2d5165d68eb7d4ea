//! AT Protocol search, polled newest first.
//!
//! In: `app.bsky.feed.searchPosts`, logged in or not. Out: post views.
//! Cursor: the addresses seen last. Source: the lexicon of that name.
//! Limits: [`PAGE_ITEMS`] posts a page, [`SWEEP_PAGES_MAX`] pages a sweep.

use super::session::Session;
use crate::listening::{
    Client, Collector, FetchError, Listener, Notice, Pace, Poll, PollListener, Rhythm, SWEEP_PAGES_MAX,
    SeenIds, SetupError, now,
};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;

/// Posts asked for at a time: the most that the lexicon allows.
const PAGE_ITEMS: &str = "100";
/// Shortest and longest wait between sweeps, ms.
const POLL_MS: (u64, u64) = (15_000, 10 * 60_000);

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    service: &str,
    identifier: &str,
    password: Option<&str>,
    search: &str,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let search = search.trim();
    if search.is_empty() {
        return Err(SetupError::InvalidField { field: "search", problem: "is empty" });
    }
    let session = Session::new(&client, service, identifier, password)?;
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let poll = Search { session, search: search.to_owned(), seen: SeenIds::parse(cursor) };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Search {
    session: Session,
    search: String,
    seen: SeenIds,
}

#[derive(Deserialize)]
pub(super) struct Page {
    cursor: Option<String>,
    #[serde(default, alias = "notifications")]
    posts: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    uri: String,
}

/// Walks a newest-first listing back to what was seen before.
pub(super) async fn walk_back(
    session: &mut Session,
    client: &Client,
    method: &str,
    base: &[(&str, &str)],
    seen: &mut SeenIds,
    into: &mut Collector,
) -> Result<Pace, FetchError> {
    let (mut found, mut next, mut complete) = (Vec::new(), None::<String>, false);
    for _ in 0..SWEEP_PAGES_MAX {
        let mut pairs = base.to_vec();
        pairs.extend(next.as_deref().map(|cursor| ("cursor", cursor)));
        let answer = session.query(client, method, &pairs).await?;
        let page: Page = answer.json()?;
        let at = into.arrival(now());
        into.take(super::read_views(&answer.body, at));
        let known = page.posts.iter().any(|item| seen.has(&item.uri));
        complete = known || page.posts.is_empty() || page.cursor.is_none();
        found.extend(page.posts.into_iter().map(|item| item.uri));
        next = page.cursor;
        if complete {
            break;
        }
    }
    if !complete && !seen.is_empty() {
        into.notice(Notice::Gap("more posts came than one sweep takes".into()));
    }
    Ok(Pace::Usual(seen.add(found)))
}

impl Poll for Search {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            let base = [("q", self.search.as_str()), ("sort", "latest"), ("limit", PAGE_ITEMS)];
            let method = "app.bsky.feed.searchPosts";
            walk_back(&mut self.session, client, method, &base, &mut self.seen, into).await
        })
    }

    fn cursor(&self) -> Option<String> {
        self.seen.cursor()
    }
}
