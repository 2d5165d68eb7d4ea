//! Comments on a YouTube video or on a channel's videos.
//!
//! In: `commentThreads` of the Data API v3, newest first. Out: comments with
//! the replies that come along. Cursor: the threads seen last. Source:
//! developers.google.com/youtube/v3/docs/commentThreads/list. Limits:
//! [`PAGE_ITEMS`], [`SWEEP_PAGES_MAX`]; replies that come later to an old
//! thread are not seen. Verified against wire fixtures only.

use crate::listening::{
    Answer, Client, Collector, FetchError, Listener, Notice, Pace, Poll, PollListener, Request, Rhythm,
    SWEEP_PAGES_MAX, SeenIds, SetupError, now,
};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Threads asked for at a time: the most that the API gives.
const PAGE_ITEMS: &str = "100";
/// Shortest and longest wait between sweeps, ms: 1,440 of the day's 10,000 units at most.
const POLL_MS: (u64, u64) = (60_000, 30 * 60_000);
/// Wait when the day's quota is used up, ms; it is renewed at midnight, Pacific time.
const QUOTA_WAIT_MS: u64 = 60 * 60_000;

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    endpoint: &str,
    subject: &str,
    key: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let mut address = client.http_address(endpoint)?;
    address.set_path("/youtube/v3/commentThreads");
    let subject = subject.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if subject.is_empty() || !subject.chars().all(plain) {
        return Err(SetupError::InvalidField {
            field: "subject",
            problem: "is no video or channel identifier",
        });
    }
    let key = key.ok_or(SetupError::SecretMissing("an API key"))?.to_owned();
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let poll = Comments { address, subject: subject.to_owned(), key, seen: SeenIds::parse(cursor) };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Comments {
    address: Url,
    subject: String,
    key: String,
    seen: SeenIds,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    next_page_token: Option<String>,
    #[serde(default)]
    items: Vec<Thread>,
}

#[derive(Deserialize)]
struct Thread {
    id: String,
}

#[derive(Deserialize)]
struct Failure {
    error: FailureBody,
}

#[derive(Deserialize)]
struct FailureBody {
    #[serde(default)]
    errors: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
}

impl Comments {
    /// `UC…` with 24 characters is a channel, everything else a video.
    fn filter(&self) -> &'static str {
        let channel = self.subject.len() == 24 && self.subject.starts_with("UC");
        if channel { "allThreadsRelatedToChannelId" } else { "videoId" }
    }

    async fn ask(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let (mut found, mut next, mut complete) = (Vec::new(), None::<String>, false);
        for _ in 0..SWEEP_PAGES_MAX {
            let request = Request::get(self.address.clone())
                .query([
                    (self.filter(), self.subject.as_str()),
                    ("part", "snippet,replies"),
                    ("order", "time"),
                ])
                .query([("maxResults", PAGE_ITEMS), ("textFormat", "plainText")])
                .query(next.as_deref().map(|token| ("pageToken", token)))
                .secret_header("x-goog-api-key", &self.key, &self.key);
            let answer = accept(client.fetch(request).await?)?;
            let page: Page = answer.json()?;
            let at = into.arrival(now());
            into.take(super::read_page(&answer.body, at));
            let known = page.items.iter().any(|thread| self.seen.has(&thread.id));
            found.extend(page.items.into_iter().map(|thread| thread.id));
            next = page.next_page_token;
            complete = known || next.is_none();
            if complete {
                break;
            }
        }
        if !complete && !self.seen.is_empty() {
            into.notice(Notice::Gap("more comments came than one sweep takes".into()));
        }
        Ok(Pace::Usual(self.seen.add(found)))
    }
}

/// The API says with 400 and 403 what others say with 401 and 429.
fn accept(answer: Answer) -> Result<Answer, FetchError> {
    if !matches!(answer.status, 400 | 403) {
        return answer.accept();
    }
    let reasons = answer.json::<Failure>().map(|failure| failure.error.errors).unwrap_or_default();
    let reason = reasons.into_iter().map(|error| error.reason).next().unwrap_or_default();
    match reason.as_str() {
        "quotaExceeded" | "dailyLimitExceeded" => {
            Err(FetchError::RateLimited { retry_after_ms: Some(QUOTA_WAIT_MS) })
        }
        "rateLimitExceeded" | "userRateLimitExceeded" => {
            Err(FetchError::RateLimited { retry_after_ms: None })
        }
        "keyInvalid" | "badRequest" | "forbidden" | "accessNotConfigured" => Err(FetchError::Unauthorized),
        _ => answer.accept(),
    }
}

impl Poll for Comments {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(self.ask(client, into))
    }

    fn cursor(&self) -> Option<String> {
        self.seen.cursor()
    }
}
