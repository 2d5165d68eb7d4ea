//! Servers on loopback that speak as they are told.

use axum::Router;
use axum::extract::Request;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::middleware::map_request;
use axum::routing::get;
use sim::serve::Stage;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// A server that runs until it is dropped.
pub struct Server {
    _runtime: Runtime,
    address: SocketAddr,
}

impl Server {
    fn of(routes: Router) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { _runtime: runtime, address }
    }

    /// The simulator's Jetstream; who comes without a cursor gets everything.
    pub fn of_stage(stage: &Stage) -> Self {
        Self::of(stage.routes().layer(map_request(from_the_start)))
    }

    /// A WebSocket that sends these messages to everyone, from the first.
    pub fn of_script(script: &Script) -> Self {
        let script = script.clone();
        Self::of(Router::new().route(
            "/subscribe",
            get(move |upgrade: WebSocketUpgrade| async move {
                upgrade.max_message_size(1 << 30).on_upgrade(move |socket| script.send_all(socket))
            }),
        ))
    }

    /// The setup of a Jetstream source that listens to it.
    pub fn setup(&self) -> String {
        format!(r#"{{"kind":"bluesky-jetstream","endpoint":"ws://{}/subscribe"}}"#, self.address)
    }
}

async fn from_the_start(mut request: Request) -> Request {
    let uri = request.uri().to_string();
    if uri.starts_with("/subscribe") && !uri.contains("cursor=") {
        let joint = if uri.contains('?') { '&' } else { '?' };
        *request.uri_mut() = format!("{uri}{joint}cursor=1").parse().unwrap();
    }
    request
}

/// A message longer than this is sent once: a server that keeps to the limit
/// which we tell it would not send it at all.
const LARGE_BYTES: usize = 8 * 1024 * 1024;

/// Messages that a server sends, in order; clones share them.
#[derive(Clone)]
pub struct Script {
    messages: Arc<Mutex<Vec<Message>>>,
    count: watch::Sender<usize>,
    large_sent: Arc<AtomicBool>,
}

impl Script {
    /// With nothing to say yet.
    pub fn new() -> Self {
        Self { messages: Arc::default(), count: watch::channel(0).0, large_sent: Arc::default() }
    }

    /// One more message.
    pub fn say(&self, message: Message) {
        let mut messages = self.messages.lock().unwrap();
        messages.push(message);
        self.count.send_replace(messages.len());
    }

    /// One more text message.
    pub fn say_text(&self, text: &str) {
        self.say(Message::Text(text.to_owned().into()));
    }

    async fn send_all(self, mut socket: WebSocket) {
        let mut count = self.count.subscribe();
        let mut next = 0;
        loop {
            count.borrow_and_update();
            let new: Vec<Message> = self.messages.lock().unwrap().iter().skip(next).cloned().collect();
            for message in new {
                next += 1;
                if matches!(&message, Message::Text(text) if text.len() > LARGE_BYTES)
                    && self.large_sent.swap(true, Ordering::SeqCst)
                {
                    continue;
                }
                if socket.send(message).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                changed = count.changed() => if changed.is_err() { return },
                message = socket.recv() => if !matches!(message, Some(Ok(_))) { return },
            }
        }
    }
}
