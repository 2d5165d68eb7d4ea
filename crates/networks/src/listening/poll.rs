//! Sources that are asked again and again.
//!
//! In: a network's own sweep. Out: a [`Listener`] that waits until it is due.
//! Errors: those of the sweep; what a failing sweep already brought comes first.
//! Limits: the [`Rhythm`] of each network; [`super::RETRY_AFTER_MS_MAX`].

use super::{Batch, Client, Collector, FetchError, Listener, NextBatch, RETRY_AFTER_MS_MAX};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

/// When a source wants to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// At once: there is more.
    Again,
    /// In the usual rhythm; true when there was news.
    Usual(bool),
    /// Not before this many ms, by its own word.
    After(u64),
}

/// What one network does when its time has come.
pub(crate) trait Poll: Send {
    /// Asks the source once, over several pages if need be; moves its own
    /// cursor only when all of it has been taken.
    fn sweep<'a>(
        &'a mut self,
        client: &'a Client,
        into: &'a mut Collector,
    ) -> Pin<Box<dyn Future<Output = Result<Pace, FetchError>> + Send + 'a>>;

    /// Where to resume.
    fn cursor(&self) -> Option<String>;
}

/// An adaptive interval: halved when there was news, half as long again when not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rhythm {
    min_ms: u64,
    max_ms: u64,
    now_ms: u64,
}

impl Rhythm {
    /// Starts at the shortest interval; the operator's own minimum replaces the network's.
    pub(crate) fn new(min_ms: u64, max_ms: u64, client: &Client) -> Self {
        let min_ms = client.poll_ms_min().unwrap_or(min_ms);
        let max_ms = client.poll_ms_min().map_or(max_ms, |own| own.saturating_mul(4)).max(min_ms);
        Self { min_ms, max_ms, now_ms: min_ms }
    }

    /// The wait after a sweep, ms.
    pub(crate) fn wait_ms(&mut self, pace: Pace) -> u64 {
        match pace {
            Pace::Again => 0,
            Pace::After(millis) => millis.min(RETRY_AFTER_MS_MAX).max(self.min_ms),
            Pace::Usual(news) => {
                let next =
                    if news { self.now_ms / 2 } else { self.now_ms.saturating_add(self.now_ms / 2 + 1) };
                self.now_ms = next.clamp(self.min_ms, self.max_ms);
                self.now_ms
            }
        }
    }
}

/// A polled source.
pub(crate) struct PollListener<P> {
    client: Client,
    poll: P,
    rhythm: Rhythm,
    due: Option<Instant>,
    collector: Collector,
    held: Option<FetchError>,
}

impl<P: Poll> PollListener<P> {
    pub(crate) fn new(client: Client, poll: P, rhythm: Rhythm) -> Self {
        Self { client, poll, rhythm, due: None, collector: Collector::default(), held: None }
    }

    async fn next_batch(&mut self) -> Result<Batch, FetchError> {
        if let Some(error) = self.held.take() {
            return Err(error);
        }
        if let Some(due) = self.due {
            tokio::time::sleep_until(due).await;
        }
        match self.poll.sweep(&self.client, &mut self.collector).await {
            Ok(pace) => {
                self.due = after(self.rhythm.wait_ms(pace));
                Ok(self.collector.finish(self.poll.cursor()))
            }
            Err(error) => {
                self.due = match &error {
                    FetchError::RateLimited { retry_after_ms: Some(millis) } => {
                        after((*millis).min(RETRY_AFTER_MS_MAX))
                    }
                    _ => None,
                };
                if self.collector.is_empty() {
                    return Err(error);
                }
                self.held = Some(error);
                Ok(self.collector.finish(None))
            }
        }
    }
}

fn after(millis: u64) -> Option<Instant> {
    (millis > 0).then(|| Instant::now() + Duration::from_millis(millis))
}

impl<P: Poll> Listener for PollListener<P> {
    fn next(&mut self) -> NextBatch<'_> {
        Box::pin(self.next_batch())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_follows_the_news_within_bounds() {
        let mut rhythm = Rhythm { min_ms: 1_000, max_ms: 8_000, now_ms: 1_000 };
        let quiet: Vec<u64> = (0..8).map(|_| rhythm.wait_ms(Pace::Usual(false))).collect();
        assert!(quiet.windows(2).all(|pair| pair[0] <= pair[1]), "{quiet:?}");
        assert_eq!(quiet.last(), Some(&8_000));
        assert_eq!(rhythm.wait_ms(Pace::Usual(true)), 4_000);
        assert_eq!(rhythm.wait_ms(Pace::After(60_000)), 60_000, "the source's word is above the maximum");
        assert_eq!(rhythm.wait_ms(Pace::After(1)), 1_000, "and never below the minimum");
        assert_eq!(rhythm.wait_ms(Pace::Again), 0);
        for _ in 0..8 {
            rhythm.wait_ms(Pace::Usual(true));
        }
        assert_eq!(rhythm.wait_ms(Pace::Usual(true)), 1_000);
    }
}
