//! Notifications of our own AT Protocol account: who mentions, answers, quotes or reposts us.
//!
//! In: `app.bsky.notification.listNotifications`, newest first. Out: the posts
//! in them; likes and follows are no posts. Cursor: the addresses seen last.
//! Source: the lexicon of that name. Limits: as the search's.

use super::search::walk_back;
use super::session::Session;
use crate::listening::{
    Client, Collector, FetchError, Listener, Pace, Poll, PollListener, Rhythm, SeenIds, SetupError,
};
use std::future::Future;
use std::pin::Pin;

/// Notifications asked for at a time: the most that the lexicon allows.
const PAGE_ITEMS: &str = "100";
/// Shortest and longest wait between sweeps, ms.
const POLL_MS: (u64, u64) = (15_000, 5 * 60_000);

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    service: &str,
    identifier: &str,
    password: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let session = Session::new(&client, service, identifier, password)?;
    if !session.is_logged_in() {
        return Err(SetupError::InvalidField { field: "identifier", problem: "is empty" });
    }
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let poll = Notifications { session, seen: SeenIds::parse(cursor) };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Notifications {
    session: Session,
    seen: SeenIds,
}

impl Poll for Notifications {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            let method = "app.bsky.notification.listNotifications";
            walk_back(&mut self.session, client, method, &[("limit", PAGE_ITEMS)], &mut self.seen, into).await
        })
    }

    fn cursor(&self) -> Option<String> {
        self.seen.cursor()
    }
}
