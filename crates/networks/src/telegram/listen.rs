//! Messages that reach our Telegram bot.
//!
//! In: long-polled `getUpdates`. Out: messages and channel posts with their
//! edits; the API tells of no deletions. Cursor: the next `offset`; asking with
//! it makes Telegram forget everything before, which is why a batch must be
//! stored before the next call. Source: core.telegram.org/bots/api#getupdates.
//! Limits: [`PAGE_ITEMS`]. Verified against wire fixtures only.

use crate::listening::{
    Client, Collector, FetchError, HEARTBEAT_MS, Listener, Pace, Poll, PollListener, Request, Rhythm,
    SetupError, now,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Updates asked for at a time: the most that the API gives.
const PAGE_ITEMS: &str = "100";
/// How long the server may hold the request open, s: within the heartbeat.
const HOLD_S: u64 = HEARTBEAT_MS / 1_000 - 3;
/// Wait between requests that bring nothing, ms; the server's own wait comes on top.
const POLL_MS: (u64, u64) = (500, 2_000);
/// What is asked for.
const KINDS: &str = r#"["message","edited_message","channel_post","edited_channel_post"]"#;

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    endpoint: &str,
    token: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let mut address = client.http_address(endpoint)?;
    let token = token.ok_or(SetupError::SecretMissing("a bot token"))?.to_owned();
    // The token becomes part of the path, so its form is checked.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
    if !token.contains(':') || !token.chars().all(plain) {
        return Err(SetupError::SecretForm("a bot token (123456:ABC…)"));
    }
    address.set_path(&format!("/bot{token}/getUpdates"));
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let poll = Updates { address, token, offset: cursor.and_then(|text| text.parse().ok()) };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Updates {
    address: Url,
    token: String,
    offset: Option<i64>,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    result: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u64>,
}

#[derive(Deserialize)]
struct Head {
    update_id: i64,
}

impl Updates {
    async fn ask(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let (hold, offset) = (HOLD_S.to_string(), self.offset.map(|offset| offset.to_string()));
        let request = Request::get(self.address.clone())
            .query([("timeout", hold.as_str()), ("limit", PAGE_ITEMS), ("allowed_updates", KINDS)])
            .query(offset.as_deref().map(|offset| ("offset", offset)))
            .hide(&self.token);
        let answer = client.fetch(request).await?;
        let answer = match answer.status {
            // A token that never was is "not found".
            401 | 404 => return Err(FetchError::Unauthorized),
            429 => {
                let said = answer.json::<Failure>().ok().and_then(|failure| failure.parameters.retry_after);
                let retry_after_ms =
                    said.map(|seconds| seconds.saturating_mul(1_000)).or(answer.retry_after_ms());
                return Err(FetchError::RateLimited { retry_after_ms });
            }
            _ => answer.accept()?,
        };
        let page: Page<'_> = answer.json()?;
        for update in &page.result {
            match serde_json::from_str::<Head>(update.get()) {
                Ok(head) => {
                    self.offset = Some(self.offset.unwrap_or(0).max(head.update_id.saturating_add(1)));
                    let at = into.arrival(now());
                    into.take(super::read_update(update.get().as_bytes(), at));
                }
                Err(error) => into.reject(format!("no update: {error}"), update.get().as_bytes()),
            }
        }
        Ok(if page.result.is_empty() { Pace::Usual(false) } else { Pace::Again })
    }
}

impl Poll for Updates {
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>> {
        Box::pin(self.ask(client, into))
    }

    fn cursor(&self) -> Option<String> {
        self.offset.map(|offset| offset.to_string())
    }
}
