//! An RSS, Atom or JSON feed, asked for only when it may have changed.
//!
//! In: conditional GET. Out: its entries. Cursor: the validators (`ETag`,
//! `Last-Modified`) as JSON. Errors: 410 is [`FetchError::Gone`].
//! Source: RFC 9110 sections 8.8, 13 and 15.4.5. Limits: [`POLL_MS`],
//! [`VALIDATOR_BYTES_MAX`], [`crate::listening::BODY_BYTES_MAX`].

use crate::listening::{
    Client, Collector, FetchError, Listener, Pace, Poll, PollListener, Request, Rhythm, SetupError, now,
};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Shortest and longest wait between two requests, ms.
pub const POLL_MS: (u64, u64) = (2 * 60_000, 60 * 60_000);
/// A feed that changed less than this ago is read whole again, ms (RFC 9110 section 8.8.2.2).
const SETTLED_MS: i64 = 60_000;
/// Longest validator kept, bytes.
const VALIDATOR_BYTES_MAX: usize = 1_024;

/// Makes the listener.
pub(crate) fn open(client: Client, url: &str, cursor: Option<&str>) -> Result<Box<dyn Listener>, SetupError> {
    let url = client.http_address(url)?;
    let validators = cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    Ok(Box::new(PollListener::new(client, Feed { url, validators }, rhythm)))
}

struct Feed {
    url: Url,
    validators: Validators,
}

/// What the server said about the version that we have.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Validators {
    etag: Option<String>,
    last_modified: Option<String>,
}

impl Validators {
    /// False when the feed changed so lately that a second change could bear
    /// the same date: many servers, WordPress for one, count in seconds and
    /// make their `ETag` of the date.
    fn is_settled(&self, now: Timestamp) -> bool {
        let changed = self.last_modified.as_deref().and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
        changed.is_none_or(|date| now.millis() - date.timestamp().as_millisecond() >= SETTLED_MS)
    }
}

impl Feed {
    async fn ask(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let accepted = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8";
        let mut request = Request::get(self.url.clone()).header("accept", accepted);
        if let Some(etag) = &self.validators.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(date) = &self.validators.last_modified {
            request = request.header("if-modified-since", date);
        }
        let answer = client.fetch(request).await?;
        if answer.status == 304 {
            return Ok(answer.retry_after_ms().map_or(Pace::Usual(false), Pace::After));
        }
        let answer = answer.accept()?;
        let at = into.arrival(now());
        let news = into.take(super::read_feed(&answer.body, Some(answer.url.as_str()), at));
        let validator = |name: &str| {
            answer.header(name).filter(|text| text.len() <= VALIDATOR_BYTES_MAX).map(str::to_owned)
        };
        let fresh = Validators { etag: validator("etag"), last_modified: validator("last-modified") };
        self.validators = if fresh.is_settled(now()) { fresh } else { Validators::default() };
        Ok(answer.retry_after_ms().map_or(Pace::Usual(news > 0), Pace::After))
    }
}

impl Poll for Feed {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(self.ask(client, into))
    }

    fn cursor(&self) -> Option<String> {
        serde_json::to_string(&self.validators).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_just_now_is_not_trusted_to_tell_two_changes_apart() {
        let changed = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        let dated = |text: &str| Validators { etag: Some("v".into()), last_modified: Some(text.into()) };
        let validators = dated("Sun, 01 Mar 2026 12:00:00 GMT");
        assert!(!validators.is_settled(changed.plus(SETTLED_MS - 1)));
        assert!(validators.is_settled(changed.plus(SETTLED_MS)));
        assert!(dated("yesterday").is_settled(changed), "what says nothing settles nothing");
        assert!(Validators::default().is_settled(changed));
    }
}
