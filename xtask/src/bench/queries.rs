//! Overviews and searches over an imported archive, beside FTS5 and DuckDB.
//!
//! Uses the archive of `import`, and imports when there is none. Every question
//! is asked [`REPETITIONS`] times after [`WARM_UPS`] that do not count; the
//! caches of the program stay on, so a second row of each search of ours asks
//! with another word each time.

use super::fts;
use super::import::{self, archive_folder};
use super::machine::{Clock, peak_mib, reset_peak};
use super::table::{Table, grouped, quantile};
use super::{duckdb, folder, posts};
use anyhow::{Context, Result, ensure};
use app::listening::{ExploreRequest, Order as AppOrder, Span, Workspace};
use app::{Actor, App, Settings};
use model::Timestamp;
use model::query::{Expr, parse};
use std::collections::HashMap;
use std::time::Instant;
use store::index::{Index, Order, OverviewRequest, SearchRequest};

/// Times that each question is asked.
const REPETITIONS: usize = 200;
/// Times that it is asked before.
const WARM_UPS: usize = 3;
/// Repetitions of a peer whose one answer takes longer than this, s.
const SLOW_S: f64 = 0.25;
/// What such a peer is asked instead of [`REPETITIONS`].
const SLOW_REPETITIONS: usize = 20;
/// Hits of a search.
const HITS: usize = 50;

/// A search with what a peer is asked instead.
struct Question {
    name: &'static str,
    expression: &'static str,
    order: Order,
    fts: Option<&'static str>,
    duckdb: Option<&'static str>,
}

const SEARCH_FTS: &str = "SELECT post.id FROM words JOIN post ON post.id = words.rowid WHERE words MATCH";

/// The searches; words of `sim` and made-up words of all frequencies.
const QUESTIONS: &[Question] = &[
    Question {
        name: "everything, newest 50",
        expression: "",
        order: Order::Newest,
        fts: Some("SELECT id FROM post ORDER BY time DESC LIMIT 50"),
        duckdb: Some("SELECT id FROM post ORDER BY time DESC LIMIT 50"),
    },
    Question {
        name: "frequent word",
        expression: "acme",
        order: Order::Newest,
        fts: Some("'acme'"),
        duckdb: Some("text ILIKE '%acme%'"),
    },
    Question {
        name: "middling word",
        expression: "balafa OR tutete OR balu",
        order: Order::Newest,
        fts: Some("'balafa OR tutete OR balu'"),
        duckdb: Some("regexp_matches(text, '\\b(balafa|tutete|balu)\\b')"),
    },
    Question {
        name: "rare word",
        expression: "tolabu",
        order: Order::Newest,
        fts: Some("'tolabu'"),
        duckdb: Some("text LIKE '% tolabu%'"),
    },
    Question {
        name: "and with or",
        expression: "(acme OR kotowa) café cobraron",
        order: Order::Newest,
        fts: Some("'(acme OR kotowa) AND café AND cobraron'"),
        duckdb: Some(
            "(text ILIKE '%acme%' OR text ILIKE '%kotowa%') AND text ILIKE '%café%' AND text ILIKE '%cobraron%'",
        ),
    },
    Question {
        name: "phrase",
        expression: "\"falta de respeto\"",
        order: Order::Newest,
        fts: Some("'\"falta de respeto\"'"),
        duckdb: Some("text ILIKE '%falta de respeto%'"),
    },
    Question {
        name: "frequent phrase",
        expression: "\"cafe acme\"",
        order: Order::Newest,
        fts: Some("'\"cafe acme\"'"),
        duckdb: Some("text ILIKE '%café acme%'"),
    },
    Question {
        name: "near",
        expression: "acme NEAR/5 cobraron",
        order: Order::Newest,
        fts: Some("'NEAR(acme cobraron, 5)'"),
        duckdb: None,
    },
    Question {
        name: "prefix",
        expression: "recomend*",
        order: Order::Newest,
        fts: Some("'recomend*'"),
        duckdb: Some("text ILIKE '% recomend%'"),
    },
    Question {
        name: "not",
        expression: "acme -café -panamá",
        order: Order::Newest,
        fts: Some("'acme NOT café NOT panamá'"),
        duckdb: Some("text ILIKE '%acme%' AND NOT text ILIKE '%café%' AND NOT text ILIKE '%panamá%'"),
    },
    Question {
        name: "fields",
        expression: "acme lang:es tone:negative network:mastodon",
        order: Order::Newest,
        fts: Some("'acme' AND lang = 'es' AND tone = 'Negative' AND network = 0"),
        duckdb: Some("text ILIKE '%acme%' AND lang = 'es' AND tone = 'Negative' AND network = 0"),
    },
    Question {
        name: "most engagement",
        expression: "acme",
        order: Order::Engagement,
        fts: Some("'acme'"),
        duckdb: Some("text ILIKE '%acme%'"),
    },
    Question {
        name: "hashtag and span",
        expression: "has:hashtag acme since:2025-03-01 until:2025-04-01",
        order: Order::Newest,
        fts: Some("'acme' AND hashtag IS NOT NULL AND time BETWEEN 1740787200000 AND 1743552000000"),
        duckdb: Some(
            "text ILIKE '%acme%' AND hashtag IS NOT NULL AND time BETWEEN 1740787200000 AND 1743552000000",
        ),
    },
    Question {
        name: "nothing found",
        expression: "zzzyyyxxx",
        order: Order::Newest,
        fts: Some("'zzzyyyxxx'"),
        duckdb: Some("text ILIKE '%zzzyyyxxx%'"),
    },
];

/// The numbers of an overview, one statement each, for the peers; `MATCHED`
/// stands for the posts in question.
const OVERVIEW_SQL: &[&str] = &[
    "SELECT count(*), min(time), max(time) FROM MATCHED",
    "SELECT time / 3600000, tone, count(*) FROM MATCHED GROUP BY 1, 2",
    "SELECT network, count(*) FROM MATCHED GROUP BY 1",
    "SELECT lang, count(*) FROM MATCHED GROUP BY 1",
    "SELECT author, count(*) n FROM MATCHED GROUP BY 1 ORDER BY n DESC LIMIT 10",
    "SELECT hashtag, count(*) n FROM MATCHED WHERE hashtag IS NOT NULL GROUP BY 1 ORDER BY n DESC LIMIT 10",
    "SELECT domain, count(*) n FROM MATCHED WHERE domain IS NOT NULL GROUP BY 1 ORDER BY n DESC LIMIT 10",
    "SELECT id FROM MATCHED ORDER BY engagement DESC LIMIT 10",
];

/// Asks all questions of the archive with this many posts.
///
/// # Errors
/// When the archive cannot be made or a question fails.
pub fn measure(posts: u64) -> Result<Table> {
    if !archive_folder(posts).join("done").exists() || !fts::database(posts).exists() {
        import::measure(posts)?;
    }
    let mut measured: Vec<(String, [String; 3])> = Vec::new();
    reset_peak()?;
    let clock = Clock::start()?;
    // Opening the workspace indexes what the index lacks: pages come first.
    measure_pages(posts, &mut measured)?;
    measure_index(posts, &mut measured)?;
    let (used, peak) = (clock.used()?, peak_mib()?);
    measure_fts(posts, &mut measured)?;
    let duckdb = duckdb::ask(&posts::files(&folder(), posts)?.plain, &statements())?;
    for (name, seconds) in &duckdb {
        put(&mut measured, name, 2, seconds);
    }
    let mut notes = vec![format!(
        "p50 / p99 in ms of {REPETITIONS} repetitions ({SLOW_REPETITIONS} where a peer needs more than \
         {SLOW_S} s), warm, on a shared machine. Ours used {:.0} CPU s in {:.0} s and at most {peak:.0} MiB \
         resident, mapped files included. Searches give {HITS} hits and the exact total; a peer's search \
         gives the hits alone. An overview of ours is one call that also gives countries, kinds, links, \
         tagged accounts and questions; of the peers it is {} statements.",
        used.cpu_s,
        used.wall_s,
        OVERVIEW_SQL.len()
    )];
    if duckdb.is_empty() {
        notes.push("SKIPPED (counted): DuckDB is not there.".to_owned());
    }
    Ok(Table {
        name: format!("queries-{posts}"),
        title: format!("queries: {} posts", grouped(posts as f64)),
        columns: vec!["question", "Atalaya", "SQLite + FTS5", "DuckDB"],
        rows: measured
            .into_iter()
            .map(|(name, values)| std::iter::once(name).chain(values).collect())
            .collect(),
        notes,
    })
}

/// Puts the quantiles of a program into the row of a question.
fn put(measured: &mut Vec<(String, [String; 3])>, name: &str, column: usize, seconds: &[f64]) {
    let mut sorted = seconds.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let text = format!("{:.1} / {:.1}", quantile(&sorted, 0.5) * 1e3, quantile(&sorted, 0.99) * 1e3);
    eprintln!("bench: {name}: {text}");
    let place = measured.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
        measured.push((name.to_owned(), ["–".to_owned(), "–".to_owned(), "–".to_owned()]));
        measured.len() - 1
    });
    measured[place].1[column] = text;
}

/// Seconds of each repetition.
fn timed(mut ask: impl FnMut(usize) -> Result<()>, may_be_slow: bool) -> Result<Vec<f64>> {
    let mut repetitions = REPETITIONS;
    for round in 0..WARM_UPS {
        let started = Instant::now();
        ask(round)?;
        if may_be_slow && started.elapsed().as_secs_f64() > SLOW_S {
            repetitions = SLOW_REPETITIONS;
        }
    }
    (0..repetitions)
        .map(|round| {
            let started = Instant::now();
            ask(WARM_UPS + round)?;
            Ok(started.elapsed().as_secs_f64())
        })
        .collect()
}

fn expr_of(expression: &str) -> Result<Expr> {
    Ok(if expression.is_empty() { Expr::All } else { parse(expression)? })
}

/// The index alone.
fn measure_index(posts: u64, measured: &mut Vec<(String, [String; 3])>) -> Result<()> {
    let data = archive_folder(posts).join("workspaces");
    let workspace = std::fs::read_dir(&data)?.next().context("the archive holds no workspace")??;
    let (index, _) = Index::open(&workspace.path().join("index"))?;
    ensure!(index.posts() == posts, "the index holds {} of {posts} posts", index.posts());
    let labels = HashMap::new();
    for question in QUESTIONS {
        let expr = expr_of(question.expression)?;
        let request =
            SearchRequest { expr: &expr, labels: &labels, order: question.order, limit: HITS, after: None };
        let seconds = timed(
            |_| {
                index.search(&request)?;
                Ok(())
            },
            false,
        )?;
        put(measured, &format!("search: {}", question.name), 0, &seconds);
    }
    // No cache helps here: another word each time.
    let words: Vec<Expr> = (0..WARM_UPS + REPETITIONS)
        .map(|place| parse(&format!("acme {}", posts::made_up_word(place as u64 * 3 + 20))))
        .collect::<Result<_, _>>()?;
    let seconds = timed(
        |round| {
            let request = SearchRequest {
                expr: &words[round],
                labels: &labels,
                order: Order::Newest,
                limit: HITS,
                after: None,
            };
            index.search(&request)?;
            Ok(())
        },
        false,
    )?;
    put(measured, "search: never asked before", 0, &seconds);
    for (name, expression) in OVERVIEWS {
        let expr = expr_of(expression)?;
        let request = OverviewRequest { expr: &expr, labels: &labels, from: None, to: None, top_n: 10 };
        let seconds = timed(
            |_| {
                index.overview(&request)?;
                Ok(())
            },
            false,
        )?;
        put(measured, &format!("overview: {name}"), 0, &seconds);
    }
    let expr = Expr::All;
    let seconds = timed(
        |round| {
            // Another day each time: no whole answer can be kept.
            let (from, to) = month(round);
            let request =
                OverviewRequest { expr: &expr, labels: &labels, from: Some(from), to: Some(to), top_n: 10 };
            index.overview(&request)?;
            Ok(())
        },
        false,
    )?;
    put(measured, "overview: 30 days, other ones each time", 0, &seconds);
    Ok(())
}

/// What overviews are asked of.
const OVERVIEWS: &[(&str, &str)] =
    &[("everything", ""), ("frequent word", "acme"), ("and with or", "(acme OR kotowa) café cobraron")];

fn month(round: usize) -> (Timestamp, Timestamp) {
    let day = 86_400_000;
    let from = 1_735_689_600_000 + (round as i64 % 200) * day;
    (Timestamp::from_millis(from), Timestamp::from_millis(from + 30 * day))
}

/// Use cases end to end, as the pages call them.
fn measure_pages(posts: u64, measured: &mut Vec<(String, [String; 3])>) -> Result<()> {
    let app = App::open(Settings::new(archive_folder(posts)))?;
    let workspace: std::sync::Arc<Workspace> = app.workspace("bench")?;
    let actor = Actor::operator();
    for (name, expression) in
        [("everything", ""), ("frequent word", "acme"), ("phrase", "\"falta de respeto\"")]
    {
        let request = ExploreRequest {
            expression: expression.to_owned(),
            order: AppOrder::Newest,
            limit: HITS,
            after: None,
        };
        let seconds = timed(
            |_| {
                workspace.explore(&actor, &request)?;
                Ok(())
            },
            false,
        )?;
        put(measured, &format!("explorer, first page of {HITS}: {name}"), 0, &seconds);
    }
    let seconds = timed(
        |_| {
            workspace.overview(&actor, "", None)?;
            Ok(())
        },
        false,
    )?;
    put(measured, "overview page with 50 queries' share of voice: everything", 0, &seconds);
    let seconds = timed(
        |round| {
            let (from, to) = month(round);
            workspace.overview(&actor, "", Some(Span { from, to }))?;
            Ok(())
        },
        false,
    )?;
    put(measured, "overview page: 30 days, other ones each time", 0, &seconds);
    Ok(())
}

/// The statement of a search for a program with `head` before its condition.
fn search_sql(question: &Question, head: &str, condition: &str) -> String {
    if condition.starts_with("SELECT") {
        return condition.to_owned();
    }
    let order = if question.order == Order::Engagement { "engagement" } else { "time" };
    format!("{head} {condition} ORDER BY {order} DESC LIMIT {HITS}")
}

fn measure_fts(posts: u64, measured: &mut Vec<(String, [String; 3])>) -> Result<()> {
    let connection = fts::open(&fts::database(posts))?;
    let drain = |sql: &str| -> Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    };
    for question in QUESTIONS {
        let Some(condition) = question.fts else { continue };
        let sql = search_sql(question, SEARCH_FTS, condition);
        let seconds = timed(|_| drain(&sql), true)?;
        put(measured, &format!("search: {}", question.name), 1, &seconds);
    }
    for (name, matched) in [
        ("everything", "post"),
        (
            "frequent word",
            "(SELECT post.* FROM words JOIN post ON post.id = words.rowid WHERE words MATCH 'acme')",
        ),
    ] {
        let seconds =
            timed(|_| OVERVIEW_SQL.iter().try_for_each(|sql| drain(&sql.replace("MATCHED", matched))), true)?;
        put(measured, &format!("overview: {name}"), 1, &seconds);
    }
    Ok(())
}

/// What DuckDB is asked: name and statements.
fn statements() -> Vec<(String, Vec<String>)> {
    let mut list = Vec::new();
    for question in QUESTIONS {
        let Some(condition) = question.duckdb else { continue };
        let sql = search_sql(question, "SELECT id FROM post WHERE", condition);
        list.push((format!("search: {}", question.name), vec![sql]));
    }
    for (name, matched) in
        [("everything", "post"), ("frequent word", "(SELECT * FROM post WHERE text ILIKE '%acme%')")]
    {
        let sql = OVERVIEW_SQL
            .iter()
            // One slash divides whole numbers in SQLite, two in DuckDB.
            .map(|sql| sql.replace("MATCHED", matched).replace("time / 3600000", "time // 3600000"));
        list.push((format!("overview: {name}"), sql.collect()));
    }
    list
}
