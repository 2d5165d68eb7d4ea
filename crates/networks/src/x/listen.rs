//! X recent search, API v2.
//!
//! In: `/2/tweets/search/recent`. Out: posts with what they refer to. Cursor:
//! the newest post id (`since_id`). Source: docs.x.com, "Search recent Posts".
//! Limits: [`PAGE_ITEMS`], [`SWEEP_PAGES_MAX`]; the network's quota is told by
//! its `x-rate-limit-*` headers. Verified against wire fixtures only.

use crate::listening::{
    Client, Collector, FetchError, Listener, Notice, Pace, Poll, PollListener, Request, Rhythm,
    SWEEP_PAGES_MAX, SetupError, now,
};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Posts asked for at a time: the most that the API gives.
const PAGE_ITEMS: &str = "100";
/// Shortest and longest wait between sweeps, ms.
const POLL_MS: (u64, u64) = (60_000, 15 * 60_000);
/// What is asked for beside text and id.
const FIELDS: [(&str, &str); 5] = [
    (
        "tweet.fields",
        "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,lang,public_metrics,attachments,geo,edit_history_tweet_ids,note_tweet",
    ),
    (
        "expansions",
        "author_id,referenced_tweets.id,referenced_tweets.id.author_id,attachments.media_keys,geo.place_id",
    ),
    (
        "user.fields",
        "created_at,description,location,name,username,profile_image_url,protected,public_metrics,verified,url",
    ),
    ("media.fields", "type,url,preview_image_url,alt_text"),
    ("place.fields", "country_code,full_name"),
];

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    endpoint: &str,
    search: &str,
    token: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let mut address = client.http_address(endpoint)?;
    address.set_path("/2/tweets/search/recent");
    let search = search.trim();
    if search.is_empty() {
        return Err(SetupError::InvalidField { field: "search", problem: "is empty" });
    }
    let token = token.ok_or(SetupError::SecretMissing("a bearer token"))?.to_owned();
    let since =
        cursor.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned);
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let poll = Search { address, search: search.to_owned(), token, since, pending: None };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Search {
    address: Url,
    search: String,
    token: String,
    since: Option<String>,
    pending: Option<Pending>,
}

/// A sweep that is longer than [`SWEEP_PAGES_MAX`] pages; it goes on with the next call.
#[derive(Clone, Default)]
struct Pending {
    next_token: Option<String>,
    newest: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize, Default)]
struct Meta {
    newest_id: Option<String>,
    next_token: Option<String>,
}

impl Search {
    async fn ask(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let mut sweep = self.pending.clone().unwrap_or_default();
        let mut news = 0;
        for _ in 0..SWEEP_PAGES_MAX {
            let mut request = Request::get(self.address.clone())
                .query([("query", self.search.as_str()), ("max_results", PAGE_ITEMS)])
                .query(FIELDS)
                .query(self.since.as_deref().map(|id| ("since_id", id)))
                .query(sweep.next_token.as_deref().map(|token| ("next_token", token)));
            request = request.bearer(&self.token);
            let answer = client.fetch(request).await?;
            if answer.status == 400
                && self.since.is_some()
                && answer.body.windows(8).any(|w| w == b"since_id")
            {
                // Recent search reaches back seven days; an older id is refused.
                (self.since, self.pending) = (None, None);
                into.notice(Notice::Gap(
                    "the network no longer searches as far back as our last post".into(),
                ));
                return Ok(Pace::Again);
            }
            let answer = answer.accept()?;
            let page: Page = answer.json()?;
            let at = into.arrival(now());
            news += into.take(super::read_v2(&answer.body, at));
            sweep.newest = sweep.newest.or(page.meta.newest_id);
            sweep.next_token = page.meta.next_token;
            if sweep.next_token.is_none() {
                self.since = sweep.newest.or(self.since.take());
                self.pending = None;
                let left = answer.header("x-rate-limit-remaining");
                let wait = answer.retry_after_ms().filter(|_| left == Some("0"));
                return Ok(wait.map_or(Pace::Usual(news > 0), Pace::After));
            }
        }
        self.pending = Some(sweep);
        Ok(Pace::Again)
    }
}

impl Poll for Search {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(self.ask(client, into))
    }

    fn cursor(&self) -> Option<String> {
        self.since.clone()
    }
}
