//! The smallest HTTP and WebSocket servers that the tests need.

use futures_util::{SinkExt, StreamExt};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::Message;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) target: String,
    pub(super) head: String,
    pub(super) body: String,
    pub(super) at: Instant,
}

/// What to answer.
pub(super) enum Reply {
    /// Status, extra header lines, body.
    Whole(u16, &'static str, Vec<u8>),
    /// Server-sent events; the connection ends after them, or stays open.
    Events { text: String, stays_open: bool },
}

impl Reply {
    pub(super) fn json(text: &str) -> Self {
        Self::Whole(200, "content-type: application/json\r\n", text.as_bytes().to_vec())
    }

    pub(super) fn status(status: u16) -> Self {
        Self::Whole(status, "", Vec::new())
    }
}

/// A running server.
pub(super) struct Fake {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// Answers every request by `answer`, which gets the request and how many came before.
    pub(super) async fn http(answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut tcp = tcp;
                    let Some(request) = read_request(&mut tcp).await else { return };
                    let before = {
                        let mut log = log.lock().unwrap();
                        log.push(request.clone());
                        log.len() - 1
                    };
                    let reply = answer(&request, before);
                    let _ = write_reply(&mut tcp, reply).await;
                });
            }
        });
        Self { url, seen }
    }

    /// Accepts WebSockets: `script` gets how many came before and returns what to send, and
    /// whether the connection then stays open. What the client says is kept as requests, too.
    pub(super) async fn socket(
        script: impl Fn(usize) -> (Vec<Message>, bool) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, script) = (Arc::clone(&seen), Arc::new(script));
        tokio::spawn(async move {
            let mut count = 0;
            while let Ok((tcp, _)) = listener.accept().await {
                let (log, script, index) = (Arc::clone(&log), Arc::clone(&script), count);
                count += 1;
                tokio::spawn(serve_socket(tcp, log, move || script(index)));
            }
        });
        Self { url, seen }
    }

    /// What arrived so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The targets (path and query) asked for so far.
    pub(super) fn targets(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.target).collect()
    }
}

async fn serve_socket(
    tcp: TcpStream,
    log: Arc<Mutex<Vec<Seen>>>,
    script: impl FnOnce() -> (Vec<Message>, bool),
) {
    let keep = |target: String, body: String| {
        log.lock().unwrap().push(Seen { target, head: String::new(), body, at: Instant::now() });
    };
    #[allow(clippy::result_large_err)] // The form that the library asks for.
    let note = |request: &Request, response: Response| {
        keep(request.uri().to_string(), String::new());
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(tcp, note).await else { return };
    let (messages, stays_open) = script();
    for message in messages {
        if socket.send(message).await.is_err() {
            return;
        }
    }
    if stays_open {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message {
                keep("said".into(), text.as_str().to_owned());
            }
        }
    }
}

async fn read_request(tcp: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4_096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        match tcp.read(&mut piece).await.ok()? {
            0 => return None,
            count => bytes.extend_from_slice(&piece[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let first = String::from_utf8_lossy(&bytes[..end]).lines().next()?.to_owned();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    while bytes.len() < end + length {
        match tcp.read(&mut piece).await.ok()? {
            0 => return None,
            count => bytes.extend_from_slice(&piece[..count]),
        }
    }
    let target = first.split(' ').nth(1)?.to_owned();
    let body = String::from_utf8_lossy(&bytes[end..]).into_owned();
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    Some(Seen { target, head, body, at: Instant::now() })
}

async fn write_reply(tcp: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Whole(status, headers, body) => {
            let head = format!(
                "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            tcp.write_all(head.as_bytes()).await?;
            tcp.write_all(&body).await?;
        }
        Reply::Events { text, stays_open } => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
            tcp.write_all(head.as_bytes()).await?;
            tcp.write_all(text.as_bytes()).await?;
            if stays_open {
                // Until the client goes away.
                let _ = tcp.read(&mut [0; 1]).await;
            }
        }
    }
    tcp.shutdown().await
}
