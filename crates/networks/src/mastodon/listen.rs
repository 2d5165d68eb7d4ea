//! Mastodon-compatible servers: streaming, with polling behind it.
//!
//! In: timelines, hashtags, search, notifications; server-sent events.
//! Out: statuses; edits; deletions. Cursor: the newest status (or
//! notification) id, a string whose order is length, then bytes; for search
//! the ids seen last. Source: docs.joinmastodon.org (methods timelines,
//! streaming, search, notifications). Limits: [`PAGE_ITEMS`],
//! [`SWEEP_PAGES_MAX`], [`STATUS_IDS_MAX`]; a poll sees no deletions.

use super::read_statuses;
use super::status_ids::StatusIds;
use crate::listening::{
    Answer, Batch, Client, Collector, Deletion, EventReader, FetchError, Frame, Link, Listener,
    MESSAGE_BYTES_MAX, NextBatch, Notice, Pace, Poll, PollListener, Request, Rhythm, SWEEP_PAGES_MAX,
    SeenIds, SetupError, SocketListener, Wire, now,
};
use crate::map::too_large;
use model::listening::MastodonTimeline;
use model::{NativeId, Network, PostKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::future::Future;
use std::pin::Pin;
use url::Url;

/// Statuses asked for at a time: the most that Mastodon gives.
const PAGE_ITEMS: usize = 40;
/// Shortest and longest wait between sweeps, ms.
const POLL_MS: (u64, u64) = (15_000, 5 * 60_000);
/// How many statuses a stream remembers by their id, so that a deletion finds them.
pub const STATUS_IDS_MAX: usize = 50_000;
/// Most sweeps read after a stream was away, [`SWEEP_PAGES_MAX`] pages each.
const GAP_SWEEPS_MAX: usize = 10;
/// Notifications that bring a post of somebody else.
const NOTIFICATION_KINDS: [&str; 3] = ["mention", "status", "quote"];

type Swept<'a> = Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>>;

/// Makes the polling listener.
pub(crate) fn open_poll(
    client: Client,
    server: &str,
    timeline: &MastodonTimeline,
    token: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    let timeline = Timeline::new(&client, server, timeline, token, cursor)?;
    Ok(Box::new(poll_listener(client, timeline)))
}

fn poll_listener(client: Client, timeline: Timeline) -> PollListener<Timeline> {
    let rhythm = Rhythm::new(POLL_MS.0, POLL_MS.1, &client);
    PollListener::new(client, timeline, rhythm)
}

/// Makes the streaming listener; a search has no stream and is polled.
pub(crate) fn open_stream(
    client: Client,
    server: &str,
    timeline: &MastodonTimeline,
    token: Option<&str>,
    cursor: Option<&str>,
) -> Result<Box<dyn Listener>, SetupError> {
    if matches!(timeline, MastodonTimeline::Search(_)) {
        return open_poll(client, server, timeline, token, cursor);
    }
    let timeline = Timeline::new(&client, server, timeline, token, cursor)?;
    let stream = Stream { timeline, ids: StatusIds::default(), base: None, absent: false };
    Ok(Box::new(Streaming { listener: SocketListener::new(client.clone(), stream), client, polled: None }))
}

/// A stream that becomes a poll where the server has no streaming.
struct Streaming {
    client: Client,
    listener: SocketListener<Stream>,
    polled: Option<PollListener<Timeline>>,
}

impl Streaming {
    async fn next_batch(&mut self) -> Result<Batch, FetchError> {
        if let Some(polled) = &mut self.polled {
            return polled.next().await;
        }
        let outcome = self.listener.next().await;
        if outcome.is_ok() || !self.listener.wire().absent {
            return outcome;
        }
        let timeline = self.listener.wire().timeline.clone();
        self.polled = Some(poll_listener(self.client.clone(), timeline));
        let reason = "the server has no streaming; it is polled instead".into();
        let cursor = self.listener.wire().cursor();
        Ok(Batch { notices: vec![Notice::Degraded(reason)], cursor, ..Batch::default() })
    }
}

impl Listener for Streaming {
    fn next(&mut self) -> NextBatch<'_> {
        Box::pin(self.next_batch())
    }
}

/// One timeline and how far it has been read.
#[derive(Clone)]
struct Timeline {
    server: Url,
    what: MastodonTimeline,
    token: Option<String>,
    newest: Option<String>,
    seen: SeenIds,
    swept: Vec<(String, String)>,
}

/// What is read of a status beside its mapping.
#[derive(Deserialize)]
struct Head {
    id: String,
    uri: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct SearchPage<'a> {
    #[serde(borrow, default)]
    statuses: Vec<&'a RawValue>,
}

/// The order of ids: longer is newer, then by bytes.
fn is_newer(one: &str, other: &str) -> bool {
    (one.len(), one) > (other.len(), other)
}

impl Timeline {
    fn new(
        client: &Client,
        server: &str,
        what: &MastodonTimeline,
        token: Option<&str>,
        cursor: Option<&str>,
    ) -> Result<Self, SetupError> {
        let empty = SetupError::InvalidField { field: "timeline", problem: "says nothing to look for" };
        match what {
            MastodonTimeline::Hashtag(text) | MastodonTimeline::Search(text) if text.trim().is_empty() => {
                return Err(empty);
            }
            MastodonTimeline::Notifications if token.is_none() => {
                return Err(SetupError::SecretMissing("an access token"));
            }
            _ => {}
        }
        let searches = matches!(what, MastodonTimeline::Search(_));
        Ok(Self {
            server: client.http_address(server)?,
            what: what.clone(),
            token: token.map(str::to_owned),
            newest: cursor.filter(|_| !searches).map(str::to_owned),
            seen: SeenIds::parse(cursor.filter(|_| searches)),
            swept: Vec::new(),
        })
    }

    fn server_text(&self) -> String {
        self.server.origin().ascii_serialization()
    }

    fn address(&self, path: &[&str]) -> Url {
        let mut url = self.server.clone();
        url.set_query(None);
        url.set_path("");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }

    fn request(&self) -> Request {
        let (path, pairs): (Vec<&str>, Vec<(&str, &str)>) = match &self.what {
            MastodonTimeline::Public => (vec!["api", "v1", "timelines", "public"], vec![]),
            MastodonTimeline::Local => (vec!["api", "v1", "timelines", "public"], vec![("local", "true")]),
            MastodonTimeline::Hashtag(tag) => {
                (vec!["api", "v1", "timelines", "tag", tag.trim().trim_start_matches('#')], vec![])
            }
            MastodonTimeline::Search(words) => {
                (vec!["api", "v2", "search"], vec![("q", words.trim()), ("type", "statuses")])
            }
            MastodonTimeline::Notifications => {
                let kinds = NOTIFICATION_KINDS.iter().map(|kind| ("types[]", *kind)).collect();
                (vec!["api", "v1", "notifications"], kinds)
            }
        };
        let limit = PAGE_ITEMS.to_string();
        self.signed(Request::get(self.address(&path)).query(pairs).query([("limit", limit.as_str())]))
    }

    fn signed(&self, request: Request) -> Request {
        match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        }
    }

    /// Takes a page of statuses or notifications; returns their heads, as listed.
    fn take_page(&mut self, answer: &Answer, into: &mut Collector) -> Result<Vec<Head>, FetchError> {
        let items: Vec<&RawValue> = match &self.what {
            MastodonTimeline::Search(_) => answer.json::<SearchPage<'_>>()?.statuses,
            _ => answer.json()?,
        };
        let mut heads = Vec::with_capacity(items.len());
        for item in items {
            match serde_json::from_str::<Head>(item.get()) {
                Ok(head) => {
                    if self.wants(head.kind.as_deref()) {
                        let at = into.arrival(now());
                        into.take(read_statuses(&self.server_text(), item.get().as_bytes(), at));
                    }
                    if let Some(uri) = head.uri.clone().filter(|_| self.swept.len() < STATUS_IDS_MAX) {
                        self.swept.push((head.id.clone(), uri));
                    }
                    heads.push(head);
                }
                Err(error) => into.reject(format!("no status: {error}"), item.get().as_bytes()),
            }
        }
        Ok(heads)
    }

    fn wants(&self, kind: Option<&str>) -> bool {
        let notifies = matches!(self.what, MastodonTimeline::Notifications);
        !notifies || kind.is_some_and(|kind| NOTIFICATION_KINDS.contains(&kind))
    }

    /// Reads forward from the newest id; before the first time, one page.
    async fn read_forward(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let start = self.newest.clone();
        let mut first_page = None;
        for page in 0..SWEEP_PAGES_MAX {
            let after = self.newest.clone();
            let request = self.request().query(after.as_deref().map(|id| ("min_id", id)));
            let answer = client.fetch(request).await?.accept()?;
            let heads = self.take_page(&answer, into)?;
            let top =
                heads.iter().map(|head| head.id.as_str()).reduce(|a, b| if is_newer(b, a) { b } else { a });
            let Some(top) = top else { return Ok(Pace::Usual(page > 0)) };
            if after.as_deref().is_some_and(|id| !is_newer(top, id)) {
                // Only servers that ignore `min_id` list what is not newer.
                if let (Some(next), Some(start)) = (first_page.flatten(), &start) {
                    self.read_back(client, next, start, into).await?;
                }
                return Ok(Pace::Usual(page > 0));
            }
            self.newest = Some(top.to_owned());
            let joins = start.as_deref().is_some_and(|id| heads.iter().any(|head| !is_newer(&head.id, id)));
            if page == 0 {
                first_page = Some(answer.link("next").filter(|_| !joins));
            }
            if start.is_none() || heads.len() < PAGE_ITEMS {
                return Ok(Pace::Usual(true));
            }
        }
        Ok(Pace::Again)
    }

    /// Reads older pages by their `Link` until the known id is reached.
    async fn read_back(
        &mut self,
        client: &Client,
        mut next: Url,
        known: &str,
        into: &mut Collector,
    ) -> Result<(), FetchError> {
        for _ in 0..SWEEP_PAGES_MAX {
            if next.origin() != self.server.origin() {
                return Err(FetchError::Garbage("a page that continues on another server".into()));
            }
            let answer = client.fetch(self.signed(Request::get(next))).await?.accept()?;
            let heads = self.take_page(&answer, into)?;
            let joins = heads.is_empty() || heads.iter().any(|head| !is_newer(&head.id, known));
            match answer.link("next") {
                Some(link) if !joins => next = link,
                _ => return Ok(()),
            }
        }
        into.notice(Notice::Gap("more posts came than one sweep takes".into()));
        Ok(())
    }

    /// Reads what search finds, newest first, back to what was seen.
    async fn read_search(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        let (mut found, mut complete) = (Vec::new(), false);
        for page in 0..SWEEP_PAGES_MAX {
            let offset = (page * PAGE_ITEMS).to_string();
            let request = self.request().query([("offset", offset.as_str())]);
            let answer = client.fetch(request).await?.accept()?;
            let heads = self.take_page(&answer, into)?;
            let repeats = heads.iter().all(|head| found.contains(&head.id));
            complete =
                heads.len() < PAGE_ITEMS || repeats || heads.iter().any(|head| self.seen.has(&head.id));
            found.extend(heads.into_iter().map(|head| head.id));
            if complete {
                break;
            }
        }
        if !complete && !self.seen.is_empty() {
            into.notice(Notice::Gap("more posts were found than one sweep takes".into()));
        }
        Ok(Pace::Usual(self.seen.add(found)))
    }

    async fn sweep_once(&mut self, client: &Client, into: &mut Collector) -> Result<Pace, FetchError> {
        match self.what {
            MastodonTimeline::Search(_) => self.read_search(client, into).await,
            _ => self.read_forward(client, into).await,
        }
    }

    fn place(&self) -> Option<String> {
        self.newest.clone().or_else(|| self.seen.cursor())
    }
}

impl Poll for Timeline {
    fn sweep<'a>(&'a mut self, client: &'a Client, into: &'a mut Collector) -> Swept<'a> {
        self.swept.clear();
        Box::pin(self.sweep_once(client, into))
    }

    fn cursor(&self) -> Option<String> {
        self.place()
    }
}

/// The stream of a timeline.
struct Stream {
    timeline: Timeline,
    ids: StatusIds,
    base: Option<Url>,
    absent: bool,
}

#[derive(Deserialize)]
struct Instance {
    urls: Option<InstanceUrls>,
}

#[derive(Deserialize)]
struct InstanceUrls {
    streaming_api: Option<String>,
}

impl Stream {
    /// Where the server streams: its own word, else the server itself.
    async fn find_base(&self, client: &Client) -> Url {
        let request = Request::get(self.timeline.address(&["api", "v1", "instance"]));
        let said = match client.fetch(self.timeline.signed(request)).await {
            Ok(answer) => answer.json::<Instance>().ok().and_then(|i| i.urls).and_then(|u| u.streaming_api),
            Err(_) => None,
        };
        let said = said.and_then(|text| Url::parse(&text).ok());
        let elsewhere =
            said.filter(|url| url.host_str().is_some() && url.host_str() != self.timeline.server.host_str());
        let address = elsewhere.and_then(|url| {
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            let scheme = if url.scheme() == "ws" { "http" } else { "https" };
            Url::parse(&format!("{scheme}://{}{port}/", url.host_str()?)).ok()
        });
        address.unwrap_or_else(|| self.timeline.server.clone())
    }

    /// The paths to try and their parameters, the best first.
    fn paths(&self) -> (Vec<&'static str>, Option<(&'static str, String)>) {
        match &self.timeline.what {
            MastodonTimeline::Local => (vec!["public/local"], None),
            MastodonTimeline::Hashtag(tag) => {
                (vec!["hashtag"], Some(("tag", tag.trim().trim_start_matches('#').to_owned())))
            }
            MastodonTimeline::Notifications => (vec!["user/notification", "user"], None),
            MastodonTimeline::Public | MastodonTimeline::Search(_) => (vec!["public"], None),
        }
    }

    async fn open(&mut self, client: &Client, into: &mut Collector) -> Result<Link, FetchError> {
        let base = match &self.base {
            Some(base) => base.clone(),
            None => self.base.insert(self.find_base(client).await).clone(),
        };
        let (paths, parameter) = self.paths();
        for path in paths {
            let mut url = base.clone();
            url.set_query(None);
            url.set_path(&format!("/api/v1/streaming/{path}"));
            let pairs = parameter.iter().map(|(name, value)| (*name, value.as_str()));
            let request = self.timeline.signed(Request::get(url).query(pairs));
            match EventReader::open(client, request).await {
                // The stream is open before the gap is filled, so nothing falls between.
                Ok(Some(events)) => {
                    self.fill_gap(client, into).await?;
                    self.ids.remember_all(&mut self.timeline.swept);
                    return Ok(Link::Events(Box::new(events)));
                }
                Ok(None) => {}
                // Newer servers stream only to people who are logged in.
                Err(FetchError::Unauthorized) if self.timeline.token.is_none() => {}
                Err(error) => return Err(error),
            }
        }
        self.absent = true;
        Err(FetchError::Refused { status: 404, reason: "no streaming".into() })
    }

    async fn fill_gap(&mut self, client: &Client, into: &mut Collector) -> Result<(), FetchError> {
        for _ in 0..GAP_SWEEPS_MAX {
            if self.timeline.sweep_once(client, into).await? != Pace::Again {
                return Ok(());
            }
        }
        into.notice(Notice::Gap("more posts came while we were away than are read again".into()));
        Ok(())
    }

    fn read_event(&mut self, name: &str, data: &str, into: &mut Collector) {
        let notifies = matches!(self.timeline.what, MastodonTimeline::Notifications);
        match name {
            // The second spelling is that of mastodon_mock.
            "update" | "status.update" | "status_update" if !notifies => {
                self.take_item(data, name == "update", into)
            }
            "notification" if notifies => self.take_item(data, true, into),
            "delete" if !notifies => self.delete(data.trim(), into),
            // Filters, announcements, conversations and what servers may add.
            _ => {}
        }
    }

    fn take_item(&mut self, data: &str, moves: bool, into: &mut Collector) {
        let head: Head = match serde_json::from_str(data) {
            Ok(head) => head,
            Err(error) => return into.reject(format!("no status: {error}"), data.as_bytes()),
        };
        if moves && self.timeline.newest.as_deref().is_none_or(|newest| is_newer(&head.id, newest)) {
            self.timeline.newest = Some(head.id.clone());
        }
        if self.timeline.wants(head.kind.as_deref()) {
            let at = into.arrival(now());
            into.take(read_statuses(&self.timeline.server_text(), data.as_bytes(), at));
        }
        if let Some(uri) = head.uri {
            self.ids.remember(head.id, uri);
        }
    }

    fn delete(&mut self, id: &str, into: &mut Collector) {
        let known = self.ids.uri_of(id).and_then(|uri| NativeId::parse(uri).ok());
        into.delete(match known {
            Some(native_id) => Deletion::Post(PostKey { network: Network::Mastodon, native_id }),
            None => Deletion::Local {
                network: Network::Mastodon,
                server: self.timeline.server_text(),
                local_id: id.chars().take(64).collect(),
            },
        });
    }
}

impl Wire for Stream {
    fn connect<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Link, FetchError>> + Send + 'a>> {
        Box::pin(self.open(client, into))
    }

    fn read(&mut self, frame: Frame, into: &mut Collector) -> Result<(), FetchError> {
        match frame {
            Frame::Event { name, data } => self.read_event(&name, &data, into),
            Frame::Oversized(size) => {
                into.reject(too_large("an event", size, MESSAGE_BYTES_MAX), b"");
            }
            Frame::Text(_) | Frame::Binary(_) | Frame::Alive => {}
        }
        Ok(())
    }

    fn cursor(&self) -> Option<String> {
        self.timeline.place()
    }

    /// Events end by themselves; the next one is read as always.
    fn skip(&mut self) {}
}
