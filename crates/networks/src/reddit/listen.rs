//! New posts of a subreddit, or a search.
//!
//! In: listings of the OAuth API, newest first. Out: posts. Cursor: the
//! fullnames seen last; the API's own `before` returns nothing for ever once
//! its post is deleted, so it is not relied on. Source: reddit.com/dev/api and
//! the OAuth2 page of Reddit's wiki. Limits: [`PAGE_ITEMS`],
//! [`SWEEP_PAGES_MAX`]; a listing ends after 1,000 posts. Verified against wire
//! fixtures only.

use crate::listening::{
    Answer, Client, Collector, FetchError, Listener, Notice, Pace, Poll, PollListener, Request, Rhythm,
    SWEEP_PAGES_MAX, SeenIds, SetupError, now,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Posts asked for at a time: the most that the API gives.
const PAGE_ITEMS: &str = "100";
/// Shortest and longest wait between sweeps, ms.
const POLL_MS: (u64, u64) = (30_000, 15 * 60_000);
/// Where tokens are made for the public API.
const TOKEN_HOST: &str = "https://www.reddit.com";
/// The public API, which makes no tokens itself.
const PUBLIC_HOST: &str = "oauth.reddit.com";

/// Makes the listener.
pub(crate) fn open(
    client: Client,
    endpoint: &str,
    subreddit: &str,
    search: &str,
    secret: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let api = client.http_address(endpoint)?;
    let host =
        if api.host_str() == Some(PUBLIC_HOST) { client.http_address(TOKEN_HOST)? } else { api.clone() };
    let subreddit = subreddit.trim().trim_start_matches("r/").to_owned();
    if !subreddit.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(SetupError::InvalidField { field: "subreddit", problem: "is no subreddit name" });
    }
    let search = search.trim().to_owned();
    if subreddit.is_empty() && search.is_empty() {
        return Err(SetupError::InvalidField { field: "search", problem: "and subreddit are both empty" });
    }
    let secret = secret.ok_or(SetupError::SecretMissing("client_id:client_secret"))?;
    if !secret.contains(':') {
        return Err(SetupError::SecretForm("client_id:client_secret"));
    }
    let mut token_address = host;
    token_address.set_path("/api/v1/access_token");
    // Reddit asks for this form and blocks programs that hide behind others.
    let contact = Some(client.contact()).filter(|text| !text.is_empty()).unwrap_or("an Atalaya operator");
    let agent = format!("{}:atalaya:{} (by {contact})", std::env::consts::OS, env!("CARGO_PKG_VERSION"));
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    let seen = SeenIds::parse(cursor);
    let poll = Listing {
        api,
        token_address,
        agent,
        subreddit,
        search,
        secret: secret.to_owned(),
        token: None,
        seen,
    };
    Ok(Box::new(PollListener::new(client, poll, rhythm)))
}

struct Listing {
    api: Url,
    token_address: Url,
    agent: String,
    subreddit: String,
    search: String,
    secret: String,
    token: Option<String>,
    seen: SeenIds,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
struct Page {
    data: PageData,
}

#[derive(Deserialize)]
struct PageData {
    after: Option<String>,
    #[serde(default)]
    children: Vec<Thing>,
}

#[derive(Deserialize)]
struct Thing {
    data: ThingData,
}

#[derive(Deserialize)]
struct ThingData {
    name: String,
}

impl Listing {
    fn request(&self, after: Option<&str>) -> Request {
        let mut url = self.api.clone();
        url.set_path(&match (self.subreddit.as_str(), self.search.as_str()) {
            ("", _) => "/search".to_owned(),
            (name, "") => format!("/r/{name}/new"),
            (name, _) => format!("/r/{name}/search"),
        });
        let mut request = Request::get(url).query([("limit", PAGE_ITEMS), ("raw_json", "1")]);
        if !self.search.is_empty() {
            let scope = if self.subreddit.is_empty() { "false" } else { "true" };
            request = request.query([("q", self.search.as_str()), ("sort", "new"), ("restrict_sr", scope)]);
        }
        request.query(after.map(|name| ("after", name))).header("user-agent", &self.agent)
    }

    async fn fetch_token(&mut self, client: &Client) -> Result<String, FetchError> {
        let basic = format!("Basic {}", STANDARD.encode(&self.secret));
        let request = Request::post_form(self.token_address.clone(), &[("grant_type", "client_credentials")])
            .header("user-agent", &self.agent)
            .secret_header("authorization", &basic, &self.secret);
        let token: Token = client.fetch(request).await?.accept()?.json()?;
        self.token = Some(token.access_token.clone());
        Ok(token.access_token)
    }

    /// Asks for a page; makes a new token once when the old one has expired.
    async fn fetch_page(&mut self, client: &Client, after: Option<&str>) -> Result<Answer, FetchError> {
        let token = match self.token.clone() {
            Some(token) => token,
            None => self.fetch_token(client).await?,
        };
        let answer = client.fetch(self.request(after).bearer(&token)).await?;
        if answer.status != 401 {
            return answer.accept();
        }
        self.token = None;
        let token = self.fetch_token(client).await?;
        client.fetch(self.request(after).bearer(&token)).await?.accept()
    }

    async fn ask(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let (mut found, mut after, mut complete, mut wait) = (Vec::new(), None::<String>, false, None);
        for _ in 0..SWEEP_PAGES_MAX {
            let answer = self.fetch_page(client, after.as_deref()).await?;
            let page: Page = answer.json()?;
            let at = into.arrival(now());
            into.take(super::read_listing(&answer.body, at));
            let known = page.data.children.iter().any(|thing| self.seen.has(&thing.data.name));
            found.extend(page.data.children.into_iter().map(|thing| thing.data.name));
            after = page.data.after;
            complete = known || after.is_none();
            let left = answer.header("x-ratelimit-remaining").and_then(|text| text.parse::<f64>().ok());
            wait = answer.retry_after_ms().filter(|_| left.is_some_and(|left| left < 1.0));
            if complete || wait.is_some() {
                break;
            }
        }
        if !complete && !self.seen.is_empty() {
            into.notice(Notice::Gap("more posts came than one sweep takes".into()));
        }
        let news = self.seen.add(found);
        Ok(wait.map_or(Pace::Usual(news), Pace::After))
    }
}

impl Poll for Listing {
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
