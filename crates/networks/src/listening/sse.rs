//! Server-sent events: a stream over plain HTTP.
//!
//! In: an answer of type `text/event-stream`. Out: events, bounded.
//! Source: WHATWG HTML, section 9.2. Limits: [`MESSAGE_BYTES_MAX`] per event.

use super::client::host_text;
use super::{CONNECT_MS_MAX, Client, FetchError, Frame, MESSAGE_BYTES_MAX, Request};
use std::collections::VecDeque;
use std::time::Duration;
use url::Url;

/// Reads the lines of a stream into events.
#[derive(Debug, Default)]
struct EventParser {
    line: Vec<u8>,
    name: String,
    data: String,
    oversized: usize,
}

impl EventParser {
    /// Takes a piece of the stream; every finished event or comment is one frame.
    fn read(&mut self, piece: &[u8], into: &mut VecDeque<Frame>) {
        for &byte in piece {
            if byte != b'\n' {
                if self.line.len() + self.data.len() < MESSAGE_BYTES_MAX {
                    self.line.push(byte);
                } else {
                    self.oversized = self.oversized.max(self.line.len() + self.data.len()) + 1;
                }
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned();
            self.read_line(&line, into);
        }
    }

    fn read_line(&mut self, line: &str, into: &mut VecDeque<Frame>) {
        if line.is_empty() {
            self.finish(into);
        } else if line.starts_with(':') {
            into.push_back(Frame::Alive);
        } else {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut self.name),
                "data" => {
                    if !self.data.is_empty() {
                        self.data.push('\n');
                    }
                    self.data.push_str(value);
                }
                _ => {}
            }
        }
    }

    fn finish(&mut self, into: &mut VecDeque<Frame>) {
        let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        match std::mem::take(&mut self.oversized) {
            0 if name.is_empty() && data.is_empty() => {}
            0 => into.push_back(Frame::Event { name, data }),
            size => into.push_back(Frame::Oversized(size)),
        }
    }
}

/// An open stream of events.
#[derive(Debug)]
pub(crate) struct EventReader {
    response: reqwest::Response,
    url: Url,
    parser: EventParser,
    ready: VecDeque<Frame>,
}

impl EventReader {
    /// Opens the stream; `None` when the server has none at this address.
    ///
    /// # Errors
    /// [`FetchError`] for statuses other than 200 and those that say «no such thing».
    pub(crate) async fn open(client: &Client, request: Request) -> Result<Option<Self>, FetchError> {
        let request = request.header("accept", "text/event-stream");
        let limit = Duration::from_millis(2 * CONNECT_MS_MAX);
        let silent = FetchError::Silent { silent_ms: 2 * CONNECT_MS_MAX };
        let opened = tokio::time::timeout(limit, client.send(&request)).await;
        let (response, url) = opened.unwrap_or(Err(silent))?;
        let status = response.status().as_u16();
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if status == 200 && kind.starts_with("text/event-stream") {
            return Ok(Some(Self { response, url, parser: EventParser::default(), ready: VecDeque::new() }));
        }
        if matches!(status, 200 | 400 | 404 | 405 | 406 | 410 | 501) {
            return Ok(None);
        }
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after_ms = super::retry_after_ms(header, super::now());
        Err(match status {
            401 => FetchError::Unauthorized,
            429 => FetchError::RateLimited { retry_after_ms },
            _ => FetchError::Refused { status, reason: "no stream".into() },
        })
    }

    /// The next event or sign of life. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Result<Frame, FetchError> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Ok(frame);
            }
            let broken =
                |cause: String| FetchError::Unreachable(format!("{}: {cause}", host_text(&self.url)));
            match self.response.chunk().await {
                Ok(Some(piece)) => self.parser.read(&piece, &mut self.ready),
                Ok(None) => return Err(broken("the stream ended".into())),
                Err(error) => return Err(broken(error.without_url().to_string())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(pieces: &[&[u8]]) -> Vec<Frame> {
        let (mut parser, mut out) = (EventParser::default(), VecDeque::new());
        pieces.iter().for_each(|piece| parser.read(piece, &mut out));
        out.into()
    }

    #[test]
    fn reads_events_across_pieces() {
        let got =
            frames(&[b":thump\n", b"event: upd", b"ate\r\nda", b"ta: {\"a\":\n", b"data:1}\n\n", b"\n"]);
        assert_eq!(got, [Frame::Alive, Frame::Event { name: "update".into(), data: "{\"a\":\n1}".into() }]);
    }

    #[test]
    fn an_event_beyond_the_limit_is_named_and_the_next_is_read() {
        let big = vec![b'x'; MESSAGE_BYTES_MAX + 10];
        let got = frames(&[b"data: ", &big, b"\n\n", b"data: ok\n\n"]);
        assert!(matches!(got.first(), Some(Frame::Oversized(size)) if *size > MESSAGE_BYTES_MAX));
        assert_eq!(got.get(1), Some(&Frame::Event { name: String::new(), data: "ok".into() }));
    }

    #[test]
    fn garbage_is_inert() {
        let got = frames(&[b"\0\xff\xfe\n\ndata\n\n: \n\nevent\n\n"]);
        assert_eq!(got, [Frame::Alive]);
    }
}
