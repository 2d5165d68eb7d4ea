//! The only opener of outgoing HTTP connections.
//!
//! In: requests with addresses that users chose. Out: answers, bounded.
//! Errors: [`FetchError`] without secrets: never a path or query, only hosts.
//! Limits: [`BODY_BYTES_MAX`], [`REDIRECTS_MAX`], [`CONNECT_MS_MAX`], [`ANSWER_MS_MAX`].

use super::address::AllowList;
use super::{
    ANSWER_MS_MAX, AllowRule, BODY_BYTES_MAX, CONNECT_MS_MAX, FetchError, REDIRECTS_MAX, SetupError,
    retry_after_ms,
};
use model::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use url::Url;

/// Longest reason quoted from an answer, characters.
const REASON_CHARS_MAX: usize = 200;
/// An idle connection is kept this long; some servers (snac) drop them early.
const POOL_IDLE_S: u64 = 4;
/// Kinds of address that are requested.
const HTTP_SCHEMES: [&str; 2] = ["http", "https"];
/// Kinds of address that are streamed.
const SOCKET_SCHEMES: [&str; 2] = ["ws", "wss"];

/// What an operator decides about outgoing connections.
#[derive(Debug, Clone, Default)]
pub struct ClientSettings {
    /// Private addresses that may be connected to all the same.
    pub allow_private: Vec<AllowRule>,
    /// An address or e-mail under which the operator can be reached; sent in
    /// `User-Agent`, as networks ask for. Empty: none.
    pub contact: String,
    /// Shortest wait between two polls, ms, in place of every network's own;
    /// only for servers that are one's own.
    pub poll_ms_min: Option<u64>,
}

/// The network client; clones share connections and limits.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    allow: Arc<AllowList>,
    tls: Arc<rustls::ClientConfig>,
    user_agent: String,
    contact: String,
    poll_ms_min: Option<u64>,
}

impl Client {
    /// Makes the client; opens nothing.
    ///
    /// # Errors
    /// [`SetupError::Client`] when the contact cannot stand in a header or TLS
    /// cannot be set up.
    pub fn new(settings: ClientSettings) -> Result<Self, SetupError> {
        let user_agent = user_agent(&settings.contact)?;
        let broken = |error: &dyn std::fmt::Display| SetupError::Client(error.to_string());
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let allow = Arc::new(AllowList::new(settings.allow_private));
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .dns_resolver(Arc::new(GuardedResolver(Arc::clone(&allow))))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(user_agent.clone())
            .connect_timeout(Duration::from_millis(CONNECT_MS_MAX))
            .pool_idle_timeout(Duration::from_secs(POOL_IDLE_S))
            .no_proxy()
            .build()
            .map_err(|error| broken(&error.without_url()))?;
        let (contact, poll_ms_min) = (settings.contact.trim().to_owned(), settings.poll_ms_min);
        Ok(Self { http, allow, tls: Arc::new(tls), user_agent, contact, poll_ms_min })
    }

    /// `User-Agent` of every request.
    pub(crate) fn user_agent(&self) -> &str {
        &self.user_agent
    }

    /// How the operator can be reached; may be empty.
    pub(crate) fn contact(&self) -> &str {
        &self.contact
    }

    /// The TLS settings, for WebSockets.
    pub(crate) fn tls(&self) -> Arc<rustls::ClientConfig> {
        Arc::clone(&self.tls)
    }

    /// The operator's own shortest wait between polls, ms.
    pub(crate) const fn poll_ms_min(&self) -> Option<u64> {
        self.poll_ms_min
    }

    /// Reads and checks an address for requests, without its fragment.
    pub(crate) fn http_address(&self, text: &str) -> Result<Url, SetupError> {
        self.address(text, &HTTP_SCHEMES, "http:// or https://")
    }

    /// Reads and checks an address for WebSockets.
    pub(crate) fn socket_address(&self, text: &str) -> Result<Url, SetupError> {
        self.address(text, &SOCKET_SCHEMES, "ws:// or wss://")
    }

    fn address(&self, text: &str, schemes: &[&str], wanted: &'static str) -> Result<Url, SetupError> {
        let shown = || text.trim().split(['?', '#']).next().unwrap_or_default().chars().take(200).collect();
        let invalid = || SetupError::InvalidAddress { address: shown(), wanted };
        let mut url = Url::parse(text.trim()).map_err(|_| invalid())?;
        let has_password = !url.username().is_empty() || url.password().is_some();
        if has_password {
            return Err(SetupError::InvalidAddress {
                address: host_text(&url),
                wanted: "plain (without a password)",
            });
        }
        if !schemes.contains(&url.scheme()) || !url.has_host() {
            return Err(invalid());
        }
        if !self.allow.allows_url(&url, schemes) {
            return Err(SetupError::ForbiddenAddress(host_text(&url)));
        }
        url.set_fragment(None);
        Ok(url)
    }

    /// The permitted addresses of a WebSocket's host.
    pub(crate) async fn lookup_socket(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchError> {
        if !self.allow.allows_url(url, &SOCKET_SCHEMES) {
            return Err(FetchError::ForbiddenAddress(host_text(url)));
        }
        let port = url.port_or_known_default().unwrap_or(0);
        match url.host() {
            Some(url::Host::Ipv4(ip)) => Ok(vec![(ip, port).into()]),
            Some(url::Host::Ipv6(ip)) => Ok(vec![(ip, port).into()]),
            Some(url::Host::Domain(name)) => match lookup(&self.allow, name).await {
                Ok(found) => Ok(found.into_iter().map(|at| SocketAddr::new(at.ip(), port)).collect()),
                Err(LookupError::Forbidden(host)) => Err(FetchError::ForbiddenAddress(host)),
                Err(LookupError::Failed(error)) => Err(FetchError::Unreachable(format!("{name}: {error}"))),
            },
            None => Err(FetchError::ForbiddenAddress(host_text(url))),
        }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`FetchError`], but not for statuses: see [`Answer::accept`].
    pub(crate) async fn fetch(&self, request: Request) -> Result<Answer, FetchError> {
        let limit = Duration::from_millis(ANSWER_MS_MAX);
        let silent = FetchError::Silent { silent_ms: ANSWER_MS_MAX };
        tokio::time::timeout(limit, self.fetch_unhurried(request)).await.unwrap_or(Err(silent))
    }

    async fn fetch_unhurried(&self, request: Request) -> Result<Answer, FetchError> {
        let bytes_max = request.bytes_max;
        let (mut response, url) = self.send(&request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        // Chunks come decompressed, so the limit holds for bombs too.
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&url, error))? {
            if body.len().saturating_add(chunk.len()) > bytes_max {
                return Err(FetchError::TooLarge { bytes_max });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: status.as_u16(), headers, body, url, secrets: request.secrets })
    }

    /// Sends a request, follows redirects and returns the answer before its body.
    pub(crate) async fn send(&self, request: &Request) -> Result<(Response, Url), FetchError> {
        if request.invalid {
            return Err(FetchError::Unauthorized);
        }
        let (mut url, mut headers) = (request.url.clone(), request.headers.clone());
        let (mut method, mut body) = (request.method.clone(), request.body.clone());
        for _ in 0..=REDIRECTS_MAX {
            let response = self.send_once(&method, &url, &headers, body.as_deref()).await?;
            let target = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            let (true, Some(target)) = (is_redirect(response.status()), target) else {
                return Ok((response, url));
            };
            let next = url
                .join(target)
                .map_err(|_| FetchError::Garbage(format!("{}: a redirect to no address", host_text(&url))))?;
            if next.origin() != url.origin() {
                request.secret_headers.iter().for_each(|name| {
                    headers.remove(name);
                });
            }
            let keeps_method =
                matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            if !keeps_method {
                (method, body) = (Method::GET, None);
            }
            url = next;
        }
        Err(FetchError::Redirects(REDIRECTS_MAX))
    }

    async fn send_once(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: Option<&[u8]>,
    ) -> Result<Response, FetchError> {
        if !self.allow.allows_url(url, &HTTP_SCHEMES) {
            return Err(FetchError::ForbiddenAddress(host_text(url)));
        }
        let attempt = || {
            let request = self.http.request(method.clone(), url.clone()).headers(headers.clone());
            body.map_or(request.try_clone(), |bytes| Some(request.body(bytes.to_vec())))
        };
        let Some(first) = attempt() else {
            return Err(FetchError::Garbage("a request that cannot be sent".into()));
        };
        match first.send().await {
            // A kept connection that the server dropped: ask once more on a new one.
            Err(error)
                if *method == Method::GET
                    && error.is_request()
                    && !error.is_connect()
                    && !error.is_timeout() =>
            {
                match attempt() {
                    Some(second) => second.send().await.map_err(|error| self.unreachable(url, error)),
                    None => Err(self.unreachable(url, error)),
                }
            }
            other => other.map_err(|error| self.unreachable(url, error)),
        }
    }

    /// The words of a failed connection: host and innermost cause.
    fn unreachable(&self, url: &Url, error: reqwest::Error) -> FetchError {
        if error.is_timeout() {
            return FetchError::Silent { silent_ms: CONNECT_MS_MAX };
        }
        let mut cause: &(dyn std::error::Error + 'static) = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
            if let Some(LookupError::Forbidden(host)) = cause.downcast_ref() {
                return FetchError::ForbiddenAddress(host.clone());
            }
        }
        let cause = if std::ptr::addr_eq(cause, &raw const error) {
            error.without_url().to_string()
        } else {
            cause.to_string()
        };
        FetchError::Unreachable(format!("{}: {cause}", host_text(url)))
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Host and port of an address: what errors may show.
pub(crate) fn host_text(url: &Url) -> String {
    let host = url.host_str().unwrap_or("no host");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn user_agent(contact: &str) -> Result<String, SetupError> {
    let contact = contact.trim();
    let name = concat!("Atalaya/", env!("CARGO_PKG_VERSION"));
    let text = if contact.is_empty() { name.to_owned() } else { format!("{name} (+{contact})") };
    HeaderValue::from_str(&text)
        .map_err(|_| SetupError::Client("the contact holds characters that a header cannot".into()))?;
    Ok(text)
}

/// Our clock.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Why a name gave no address to connect to.
#[derive(Debug, thiserror::Error)]
enum LookupError {
    #[error("{0} leads to a private address")]
    Forbidden(String),
    #[error("name lookup failed: {0}")]
    Failed(std::io::Error),
}

async fn lookup(allow: &AllowList, host: &str) -> Result<Vec<SocketAddr>, LookupError> {
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((host, 0)).await.map_err(LookupError::Failed)?.collect();
    let allowed: Vec<SocketAddr> =
        found.into_iter().filter(|at| allow.allows_resolved(host, at.ip())).collect();
    if allowed.is_empty() { Err(LookupError::Forbidden(host.to_owned())) } else { Ok(allowed) }
}

/// Resolves names and keeps only addresses that may be connected to; the
/// connection is made to exactly these, so a name cannot change its mind.
#[derive(Debug)]
struct GuardedResolver(Arc<AllowList>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow = Arc::clone(&self.0);
        Box::pin(async move {
            let found = lookup(&allow, name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// A request in the making.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: Method,
    pub(crate) url: Url,
    headers: HeaderMap,
    secret_headers: Vec<HeaderName>,
    secrets: Vec<String>,
    body: Option<Vec<u8>>,
    bytes_max: usize,
    invalid: bool,
}

impl Request {
    pub(crate) fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            secret_headers: Vec::new(),
            secrets: Vec::new(),
            body: None,
            bytes_max: BODY_BYTES_MAX,
            invalid: false,
        }
    }

    pub(crate) fn post_json(url: Url, value: &serde_json::Value) -> Self {
        let body = Some(value.to_string().into_bytes());
        Self { method: Method::POST, body, ..Self::get(url) }.header("content-type", "application/json")
    }

    pub(crate) fn post_form(url: Url, pairs: &[(&str, &str)]) -> Self {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        Self { method: Method::POST, body: Some(form.into_bytes()), ..Self::get(url) }
            .header("content-type", "application/x-www-form-urlencoded")
    }

    /// Sends no body after all.
    pub(crate) fn without_body(mut self) -> Self {
        self.body = None;
        self.headers.remove(header::CONTENT_TYPE);
        self
    }

    /// Adds query parameters.
    pub(crate) fn query<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut pairs = pairs.into_iter().peekable();
        if pairs.peek().is_some() {
            self.url.query_pairs_mut().extend_pairs(pairs);
        }
        self
    }

    /// Adds a header; an impossible value makes the request fail as unauthorized.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(HeaderName::from_static(name), value);
            }
            Err(_) => self.invalid = true,
        }
        self
    }

    /// Adds a header with a secret: not sent to another origin, not quoted.
    pub(crate) fn secret_header(mut self, name: &'static str, value: &str, secret: &str) -> Self {
        self = self.header(name, value).hide(secret);
        let name = HeaderName::from_static(name);
        if let Some(value) = self.headers.get_mut(&name) {
            value.set_sensitive(true);
        }
        self.secret_headers.push(name);
        self
    }

    /// `Authorization: Bearer`.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.secret_header("authorization", &format!("Bearer {token}"), token)
    }

    /// A word that must not appear in errors.
    pub(crate) fn hide(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Where it came from after redirects.
    pub(crate) url: Url,
    secrets: Vec<String>,
}

impl Answer {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// How long the source wants to be left alone, ms.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        retry_after_ms(|name| self.header(name), now())
    }

    /// The answer if its status says yes.
    ///
    /// # Errors
    /// [`FetchError`] in the network's words without secrets.
    pub(crate) fn accept(self) -> Result<Self, FetchError> {
        match self.status {
            200..=299 => Ok(self),
            401 => Err(FetchError::Unauthorized),
            410 => Err(FetchError::Gone),
            429 => Err(FetchError::RateLimited { retry_after_ms: self.retry_after_ms() }),
            503 if self.header("retry-after").is_some() => {
                Err(FetchError::RateLimited { retry_after_ms: self.retry_after_ms() })
            }
            status => Err(FetchError::Refused { status, reason: self.reason() }),
        }
    }

    /// The start of the body as one plain line, without secrets.
    fn reason(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.body).into_owned();
        for secret in self.secrets.iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret.as_str(), "…");
        }
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        line.trim().chars().take(REASON_CHARS_MAX).collect()
    }

    /// The body as JSON of a network's own shape.
    ///
    /// # Errors
    /// [`FetchError::Garbage`] with the reader's complaint.
    pub(crate) fn json<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T, FetchError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| FetchError::Garbage(format!("{}: {error}", host_text(&self.url))))
    }

    /// The address of a `Link` header's relation (RFC 8288).
    pub(crate) fn link(&self, relation: &str) -> Option<Url> {
        let header = self.header("link")?;
        header.split(',').find_map(|part| {
            let (target, rest) = part.trim().strip_prefix('<')?.split_once('>')?;
            let wanted = rest.split(';').any(|param| {
                param.trim().strip_prefix("rel=").is_some_and(|rel| rel.trim_matches('"') == relation)
            });
            wanted.then(|| self.url.join(target).ok()).flatten()
        })
    }
}
