//! The web server: from a listening socket to its orderly end.
//!
//! In: the front, a bound socket and the moment to stop. Out: nothing, once
//! every connection has ended. Errors: those of the socket.
//! Ending: no new connection is taken, event streams are told to close
//! ([`Front::closing`]), running requests finish. Limits: [`SHUTDOWN_MS_MAX`].

use crate::front::{Front, Route, server};
use crate::routes::routes;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Longest wait for running requests after the server was told to stop, ms.
pub const SHUTDOWN_MS_MAX: u64 = 5_000;

/// Serves every route until `shutdown` says true, then ends in order.
/// Handlers find the caller's address in `ConnectInfo<SocketAddr>`.
///
/// # Errors
/// When the socket cannot be served.
pub async fn serve(
    front: Arc<Front>,
    listener: TcpListener,
    shutdown: watch::Receiver<bool>,
) -> io::Result<()> {
    let wait = Duration::from_millis(SHUTDOWN_MS_MAX);
    serve_routes(front, routes(), listener, shutdown, wait).await
}

async fn serve_routes(
    front: Arc<Front>,
    routes: Vec<Route>,
    listener: TcpListener,
    shutdown: watch::Receiver<bool>,
    wait: Duration,
) -> io::Result<()> {
    let router = server(&front, routes).into_make_service_with_connect_info::<SocketAddr>();
    let stopped = |mut shutdown: watch::Receiver<bool>| async move {
        // An error means that nobody can say it any more, which is an end as well.
        let _ = shutdown.wait_for(|stop| *stop).await;
    };
    let (ends, late) = (stopped(shutdown.clone()), stopped(shutdown));
    let running = axum::serve(listener, router).with_graceful_shutdown(async move {
        ends.await;
        front.close();
    });
    tokio::select! {
        ended = running => ended,
        () = async {
            late.await;
            tokio::time::sleep(wait).await;
        } => {
            tracing::warn!(?wait, "requests still running at the end were cut off");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::Need;
    use crate::trial::Trial;
    use axum::body::Body;
    use axum::extract::State;
    use axum::http::Method;
    use axum::routing::get;
    use std::convert::Infallible;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    fn open(path: &'static str, handler: axum::routing::MethodRouter<Arc<Front>>) -> Route {
        Route { method: Method::GET, path, need: Need::Nothing, summary: "a route of the test", handler }
    }

    /// An event stream: one event at once, and nothing more until the end.
    async fn events(State(front): State<Arc<Front>>) -> Body {
        Body::from_stream(futures_util::stream::unfold(0, move |sent| {
            let closing = front.closing();
            async move {
                if sent > 0 {
                    closing.await;
                    return None;
                }
                Some((Ok::<_, Infallible>("data: one\n\n"), sent + 1))
            }
        }))
    }

    /// Asks for `path` and gives the connection once `until` has arrived.
    async fn ask(address: SocketAddr, path: &str, until: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(until) {
            assert!(stream.read_buf(&mut seen).await.unwrap() > 0, "{}", String::from_utf8_lossy(&seen));
        }
        stream
    }

    #[tokio::test]
    async fn event_streams_end_with_the_server() {
        let trial = Trial::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let routes = vec![open("/events", get(events)), open("/fine", get(|| async { "fine" }))];
        let long = Duration::from_secs(3_600);
        let running = tokio::spawn(serve_routes(Arc::clone(&trial.front), routes, listener, stopped, long));
        drop(ask(address, "/fine", "fine").await);
        let mut stream = ask(address, "/events", "data: one").await;
        stop.send_replace(true);
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert!(rest.ends_with(b"0\r\n\r\n"), "the stream ended in order");
        running.await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "no new connection is taken");
    }

    #[tokio::test]
    async fn a_request_that_hangs_does_not_hold_the_end_up() {
        let trial = Trial::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let (arrived, mut has_arrived) = watch::channel(false);
        let hang = get(move || async move {
            arrived.send_replace(true);
            std::future::pending::<&'static str>().await
        });
        let routes = vec![open("/hang", hang)];
        let short = Duration::from_millis(20);
        let running = tokio::spawn(serve_routes(Arc::clone(&trial.front), routes, listener, stopped, short));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /hang HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        has_arrived.wait_for(|arrived| *arrived).await.unwrap();
        stop.send_replace(true);
        running.await.unwrap().unwrap();
    }
}
