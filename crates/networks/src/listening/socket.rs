//! Sources that push: WebSockets and server-sent events.
//!
//! In: a network's own wire. Out: a [`Listener`] with batches and heartbeats.
//! Errors: [`FetchError`]; what arrived before a failure is delivered first.
//! Limits: [`BATCH_ITEMS_MAX`], [`BATCH_WAIT_MS`], [`HEARTBEAT_MS`], [`PING_MS`],
//! [`SILENCE_MS_MAX`], [`MESSAGE_BYTES_MAX`].

use super::client::host_text;
use super::{
    BATCH_ITEMS_MAX, BATCH_WAIT_MS, Batch, CONNECT_MS_MAX, Client, Collector, EventReader, FetchError,
    HEARTBEAT_MS, Listener, MESSAGE_BYTES_MAX, NextBatch, PING_MS, SILENCE_MS_MAX,
};
use futures_util::{SinkExt, StreamExt};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as SocketError};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream};
use url::Url;

/// One thing that arrived on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A text message of a WebSocket.
    Text(String),
    /// A binary message of a WebSocket.
    Binary(Vec<u8>),
    /// A server-sent event.
    Event {
        /// Its name; empty for none.
        name: String,
        /// Its data.
        data: String,
    },
    /// A message beyond [`MESSAGE_BYTES_MAX`], bytes, that was not kept.
    Oversized(usize),
    /// Nothing but a sign of life.
    Alive,
}

/// What one network says on a stream.
pub(crate) trait Wire: Send {
    /// Connects from the cursor and says what is wanted; may fill gaps into the collector.
    fn connect<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Link, FetchError>> + Send + 'a>>;

    /// Reads one frame. Outside data that cannot be read is a reject.
    ///
    /// # Errors
    /// When the connection must be given up.
    fn read(&mut self, frame: Frame, into: &mut Collector) -> Result<(), FetchError>;

    /// What to say next on a WebSocket, asked after each frame.
    fn say(&mut self) -> Option<String> {
        None
    }

    /// Where to resume after everything read so far.
    fn cursor(&self) -> Option<String>;

    /// Moves the cursor past a message that is too large to be received.
    fn skip(&mut self);
}

/// An open connection of either kind.
pub(crate) enum Link {
    /// A WebSocket.
    Socket(Box<Socket>),
    /// Server-sent events.
    Events(Box<EventReader>),
}

impl Link {
    async fn next(&mut self) -> Result<Frame, FetchError> {
        match self {
            Self::Socket(socket) => socket.next().await,
            Self::Events(events) => events.next().await,
        }
    }
}

/// An open WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    host: String,
}

impl Socket {
    /// Connects to a permitted address.
    ///
    /// # Errors
    /// [`FetchError`], with the host as only part of the address.
    pub(crate) async fn connect(client: &Client, url: &Url) -> Result<Self, FetchError> {
        let host = host_text(url);
        let unreachable = |cause: &dyn std::fmt::Display| FetchError::Unreachable(format!("{host}: {cause}"));
        let silent = FetchError::Silent { silent_ms: CONNECT_MS_MAX };
        let limit = Duration::from_millis(CONNECT_MS_MAX);
        let addresses = client.lookup_socket(url).await?;
        let tcp = match timeout(limit, TcpStream::connect(addresses.as_slice())).await {
            Ok(connected) => connected.map_err(|error| unreachable(&error))?,
            Err(_) => return Err(silent),
        };
        let mut request = url.as_str().into_client_request().map_err(|error| unreachable(&error))?;
        if let Ok(agent) = client.user_agent().parse() {
            request.headers_mut().insert("user-agent", agent);
        }
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let tls = Some(Connector::Rustls(client.tls()));
        let shake = tokio_tungstenite::client_async_tls_with_config(request, tcp, Some(config), tls);
        match timeout(limit, shake).await {
            Err(_) => Err(silent),
            Ok(Ok((stream, _))) => Ok(Self { stream, host }),
            Ok(Err(SocketError::Http(answer))) => Err(refusal(&answer)),
            Ok(Err(error)) => Err(unreachable(&error)),
        }
    }

    /// Sends a text message.
    pub(crate) async fn send(&mut self, text: String) -> Result<(), FetchError> {
        self.send_message(Message::text(text)).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), FetchError> {
        let sent = timeout(Duration::from_millis(CONNECT_MS_MAX), self.stream.send(message)).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.broken(&error)),
            Err(_) => Err(FetchError::Silent { silent_ms: CONNECT_MS_MAX }),
        }
    }

    fn broken(&self, cause: &dyn std::fmt::Display) -> FetchError {
        FetchError::Unreachable(format!("{}: {cause}", self.host))
    }

    async fn next(&mut self) -> Result<Frame, FetchError> {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => Ok(Frame::Text(text.as_str().to_owned())),
            Some(Ok(Message::Binary(bytes))) => Ok(Frame::Binary(bytes.to_vec())),
            Some(Ok(Message::Close(frame))) => {
                let reason = frame.map_or_else(String::new, |frame| format!(" ({})", u16::from(frame.code)));
                Err(self.broken(&format!("closed by the server{reason}")))
            }
            Some(Ok(_)) => Ok(Frame::Alive),
            Some(Err(SocketError::Capacity(CapacityError::MessageTooLong { size, .. }))) => {
                Ok(Frame::Oversized(size))
            }
            Some(Err(error)) => Err(self.broken(&error)),
            None => Err(self.broken(&"the connection ended")),
        }
    }
}

/// The words of an answer that is no WebSocket.
fn refusal(answer: &tokio_tungstenite::tungstenite::handshake::client::Response) -> FetchError {
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
    match answer.status().as_u16() {
        401 => FetchError::Unauthorized,
        410 => FetchError::Gone,
        429 => FetchError::RateLimited { retry_after_ms: super::retry_after_ms(header, super::now()) },
        status => FetchError::Refused { status, reason: "no WebSocket here".into() },
    }
}

/// The waits of a stream, ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pulse {
    pub(crate) heartbeat_ms: u64,
    pub(crate) ping_ms: u64,
    pub(crate) silence_ms_max: u64,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { heartbeat_ms: HEARTBEAT_MS, ping_ms: PING_MS, silence_ms_max: SILENCE_MS_MAX }
    }
}

/// A pushed source.
pub(crate) struct SocketListener<W> {
    client: Client,
    wire: W,
    link: Option<Link>,
    collector: Collector,
    held: Option<FetchError>,
    heard: Instant,
    pinged: bool,
    pulse: Pulse,
    due: Option<(Instant, bool)>,
}

impl<W: Wire> SocketListener<W> {
    pub(crate) fn new(client: Client, wire: W) -> Self {
        let (collector, pulse) = (Collector::default(), Pulse::default());
        Self {
            client,
            wire,
            link: None,
            collector,
            held: None,
            heard: Instant::now(),
            pinged: false,
            pulse,
            due: None,
        }
    }

    /// With shorter waits.
    #[cfg(test)]
    pub(crate) fn with_pulse(mut self, pulse: Pulse) -> Self {
        self.pulse = pulse;
        self
    }

    pub(crate) const fn wire(&self) -> &W {
        &self.wire
    }

    async fn next_batch(&mut self) -> Result<Batch, FetchError> {
        if let Some(error) = self.held.take() {
            return Err(error);
        }
        loop {
            let deadline = self.deadline();
            if self.collector.len() >= BATCH_ITEMS_MAX || Instant::now() >= deadline {
                return Ok(self.finish());
            }
            if let Err(error) = self.advance(deadline).await {
                self.link = None;
                if self.collector.is_empty() {
                    self.due = None;
                    return Err(error);
                }
                self.held = Some(error);
                return Ok(self.finish());
            }
        }
    }

    /// When the batch in the making is due. It outlives a dropped `next`, so
    /// that a caller in a hurry gets its batch all the same.
    fn deadline(&mut self) -> Instant {
        let filling = !self.collector.is_empty();
        match self.due {
            Some((due, was_filling)) if was_filling == filling => due,
            _ => {
                let wait = if filling { BATCH_WAIT_MS } else { self.pulse.heartbeat_ms };
                let due = Instant::now() + Duration::from_millis(wait);
                self.due = Some((due, filling));
                due
            }
        }
    }

    fn finish(&mut self) -> Batch {
        self.due = None;
        self.collector.finish(self.wire.cursor())
    }

    /// One step: connect, or read one frame, or notice that it is time to.
    async fn advance(&mut self, deadline: Instant) -> Result<(), FetchError> {
        let Some(link) = &mut self.link else {
            self.link = Some(self.wire.connect(&self.client, &mut self.collector).await?);
            self.heard = Instant::now();
            self.pinged = false;
            return Ok(());
        };
        let patience = if self.pinged { self.pulse.silence_ms_max } else { self.pulse.ping_ms };
        let alarm = deadline.min(self.heard + Duration::from_millis(patience));
        match timeout_at(alarm, link.next()).await {
            Ok(frame) => {
                self.heard = Instant::now();
                self.pinged = false;
                let frame = frame?;
                let oversized = matches!(frame, Frame::Oversized(_));
                self.wire.read(frame, &mut self.collector)?;
                if let (Some(text), Some(Link::Socket(socket))) = (self.wire.say(), &mut self.link) {
                    socket.send(text).await?;
                }
                if oversized && matches!(self.link, Some(Link::Socket(_))) {
                    // The rest of the message cannot be skipped on this connection.
                    self.wire.skip();
                    self.link = None;
                }
                Ok(())
            }
            Err(_) => self.wake().await,
        }
    }

    /// Nothing came until the alarm: ping, give up, or go on waiting.
    async fn wake(&mut self) -> Result<(), FetchError> {
        let silent = self.heard.elapsed();
        let silence_ms = self.pulse.silence_ms_max;
        if silent >= Duration::from_millis(silence_ms) {
            // Events cannot be pinged: a new connection tells whether the server lives.
            let events = matches!(self.link.take(), Some(Link::Events(_)));
            return if events { Ok(()) } else { Err(FetchError::Silent { silent_ms: silence_ms }) };
        }
        if silent >= Duration::from_millis(self.pulse.ping_ms) && !self.pinged {
            self.pinged = true;
            if let Some(Link::Socket(socket)) = &mut self.link {
                socket.send_message(Message::Ping(Vec::new().into())).await?;
            }
        }
        Ok(())
    }
}

impl<W: Wire> Listener for SocketListener<W> {
    fn next(&mut self) -> NextBatch<'_> {
        Box::pin(self.next_batch())
    }
}
