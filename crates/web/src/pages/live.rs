//! How many posts have arrived since a page was loaded, as server-sent events.
//!
//! In: an expression and the number of posts that the page counted. Out: one
//! `count` event per change, its data the sentence to show. Errors: 422 for an
//! expression that does not parse. Cost: one match per arriving post and open
//! page. Limits: at most one event per [`PAUSE_MS`]; a reader that lags behind
//! counts again from the index; the stream ends when the server does.

use super::forms::Fields;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use ::app::AppError;
use ::app::listening::{Arrived, ExploreRequest};
use axum::extract::{Query, State};
use axum::http::Method;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::{StreamExt, stream};
use model::Permission;
use model::query::{Expr, matches, parse};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Shortest time between two events, ms.
pub const PAUSE_MS: u64 = 500;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/live",
        need: Need::May(Permission::Read),
        summary: "Posts that arrived since the page was loaded, as server-sent events",
        handler: get(show),
    }]
}

/// What one open page waits for.
struct Watch {
    visit: Visit,
    expression: String,
    expr: Expr,
    /// Posts that the page counted.
    seen: u64,
    /// New posts told so far.
    new: u64,
    told: Option<u64>,
    arrivals: Receiver<Arc<Vec<Arrived>>>,
}

impl Watch {
    /// The number of new posts from the index.
    async fn count_again(&mut self) -> Result<(), Error> {
        let (workspace, actor) = (Arc::clone(&self.visit.workspace), self.visit.actor.clone());
        let request =
            ExploreRequest { expression: self.expression.clone(), limit: 1, ..ExploreRequest::default() };
        let total = work(move || Ok(workspace.explore(&actor, &request)?.total)).await?;
        self.new = total.saturating_sub(self.seen);
        Ok(())
    }

    fn add(&mut self, arrived: &[Arrived]) {
        let found = arrived.iter().filter(|post| matches(&self.expr, &post.derived.document(&[]))).count();
        self.new = self.new.saturating_add(u64::try_from(found).unwrap_or(u64::MAX));
    }

    /// The next event; `None` when there will be none.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.told != Some(self.new) && self.new > 0 {
                self.told = Some(self.new);
                return Some(Event::default().event("count").data(self.visit.l.count("live-new", self.new)));
            }
            match self.arrivals.recv().await {
                Ok(arrived) => self.add(&arrived),
                Err(RecvError::Lagged(_)) => self.count_again().await.ok()?,
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// Opens the stream.
async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<impl IntoResponse, Error> {
    let expression = fields.trimmed("q").to_owned();
    let expr = if expression.is_empty() { Expr::All } else { parse(&expression).map_err(AppError::from)? };
    // Subscribed before counting: what arrives in between is told, not lost.
    let arrivals = visit.workspace.subscribe();
    let seen = fields.trimmed("seen").parse().unwrap_or(u64::MAX);
    let mut watch = Watch { visit, expression, expr, seen, new: 0, told: None, arrivals };
    watch.count_again().await?;
    let events = stream::unfold((watch, false), |(mut watch, paused)| async move {
        if paused {
            tokio::time::sleep(Duration::from_millis(PAUSE_MS)).await;
        }
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), (watch, true)))
    });
    let events = events.take_until(Box::pin(front.closing()));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
