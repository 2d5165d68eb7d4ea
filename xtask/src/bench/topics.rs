//! Topics and recurring questions of an imported archive, as their page asks.
//!
//! Uses the archive of `import`, and imports when there is none. Every answer
//! is about a span of its own, so that none is remembered.

use super::import::{self, archive_folder};
use super::table::{Table, grouped, quantile};
use anyhow::{Context, Result};
use app::listening::{ExploreRequest, Order, Span};
use app::{Actor, App, Settings};
use std::time::Instant;

/// Times that each question is asked.
const REPETITIONS: i64 = 20;
/// Spans asked about, days.
const SPANS_DAYS: [i64; 3] = [1, 7, 30];
const DAY_MS: i64 = 86_400_000;

/// Asks for the topics and questions of the last days of the archive.
///
/// # Errors
/// When the archive cannot be made or a question fails.
pub fn measure(posts: u64) -> Result<Table> {
    if !archive_folder(posts).join("done").exists() {
        import::measure(posts)?;
    }
    let app = App::open(Settings::new(archive_folder(posts)))?;
    let workspace = app.workspace("bench")?;
    let actor = Actor::operator();
    let request = ExploreRequest { order: Order::Newest, limit: 1, ..ExploreRequest::default() };
    let newest = workspace.explore(&actor, &request)?.posts.first().context("the archive is empty")?.time;
    let mut rows = Vec::new();
    for days in SPANS_DAYS {
        let (mut topics_s, mut questions_s, mut read) = (Vec::new(), Vec::new(), [0; 3]);
        for round in 0..=REPETITIONS {
            let to = newest.plus(-round);
            let span = Some(Span { from: to.plus(-days * DAY_MS), to });
            let started = Instant::now();
            let topics = workspace.topics(&actor, "", span)?;
            let of_topics = started.elapsed().as_secs_f64();
            let started = Instant::now();
            let questions = workspace.question_groups(&actor, "", span)?;
            // The first one warms up.
            if round > 0 {
                topics_s.push(of_topics);
                questions_s.push(started.elapsed().as_secs_f64());
            }
            read = [topics.read, topics.read_before, questions.read];
        }
        let [now, before, asked] = read.map(|count| grouped(count as f64));
        rows.push(vec![format!("topics, {days} days"), format!("{now} + {before}"), quantiles(topics_s)]);
        rows.push(vec![format!("questions, {days} days"), asked, quantiles(questions_s)]);
    }
    Ok(Table {
        name: format!("topics-{posts}"),
        title: format!("topics and questions: {} posts", grouped(posts as f64)),
        columns: vec!["question", "posts read", "p50 / p99, ms"],
        rows,
        notes: vec![format!("{REPETITIONS} repetitions, each of a span of its own; nothing is remembered.")],
    })
}

fn quantiles(mut seconds: Vec<f64>) -> String {
    seconds.sort_unstable_by(f64::total_cmp);
    format!("{:.0} / {:.0}", quantile(&seconds, 0.5) * 1e3, quantile(&seconds, 0.99) * 1e3)
}
