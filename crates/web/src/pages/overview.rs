//! The overview: is everything well, and what is being said.
//!
//! In: the shared filters (by default every query of the own brand, seven
//! days). Out: what needs a look, figures, charts and lists, each leading to
//! the posts behind it. Errors: 422 with the place of a wrong expression.

use super::addresses::address;
use super::cards::{author_href, cards};
use super::filters::{Choices, Filters, Period, language_name};
use super::forms::Fields;
use super::query_problem::QueryProblem;
use crate::charts::{Bar, Bars, HeatMap, ShareOfVoice, Slice, Sparkline, ToneBucket, ToneSeries};
use crate::components::{Change, ChartFrame, FilterChip, PostCard, Stat, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::{AuthorView, OverviewView, SourceView};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use model::listening::{Purpose, SavedQuery};
use model::time::DAY_MS;
use model::{Permission, Timestamp, Tone};
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/";
/// Posts shown of each list.
const POSTS_MAX: usize = 4;
/// Gaps named one by one.
const GAPS_MAX: usize = 5;
/// Brands in the share of voice.
const BRANDS_MAX: usize = 6;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: PATH,
        need: Need::May(Permission::Read),
        summary: "Overview of what is being said",
        handler: get(show),
    }]
}

/// Something that needs a look.
struct Matter {
    text: String,
    href: String,
}

/// A figure about the data itself.
struct Quality {
    name: String,
    value: String,
    href: Option<String>,
}

/// Everything drawn of an overview; the author page shows a part of it.
pub(super) struct Figures {
    pub tiles: Vec<Stat>,
    pub tones: ChartFrame,
    pub share: ChartFrame,
    pub week: ChartFrame,
    pub tone_bars: Bars,
    pub networks: Bars,
    pub languages: Bars,
    pub kinds: Bars,
    pub authors: Bars,
    pub hashtags: Bars,
    pub domains: Bars,
    pub links: Bars,
}

#[derive(Template)]
#[template(path = "overview/overview.html")]
struct Overview<'a> {
    page: &'a Page,
    l: &'a Locale,
    filters: &'a Filters,
    choices: Choices,
    chips: Vec<FilterChip>,
    clear_href: String,
    periods_open: bool,
    problem: Option<&'a QueryProblem>,
    shown: Option<Shown>,
    /// True when the workspace holds no post at all.
    nothing_yet: bool,
    no_sources: bool,
    welcome: bool,
    may_add: bool,
}

impl Overview<'_> {
    fn problem_text(&self) -> &str {
        self.problem.map_or("", |problem| problem.text.as_str())
    }
}

/// What is shown when the expression could be read.
struct Shown {
    period: String,
    empty: bool,
    all_href: String,
    explorer_href: String,
    matters: Vec<Matter>,
    figures: Figures,
    top_posts: Vec<PostCard>,
    top_href: String,
    questions: Vec<PostCard>,
    questions_href: String,
    quality: Vec<Quality>,
    gaps: Vec<String>,
}

/// What one address asks of the work room.
struct Loaded {
    view: Option<OverviewView>,
    sources: Vec<SourceView>,
    posts: u64,
}

/// Shows the overview.
async fn show(State(front): State<Arc<Front>>, visit: Visit, Query(fields): Query<Fields>) -> Result<Response, Error> {
    let l = &visit.l;
    let now = front.app.now();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let queries = work(move || workspace.saved_queries(&actor)).await?;
    let own = queries.iter().any(|query| query.purpose == Purpose::OwnBrand);
    let filters = Filters::read(&fields, Period::Week, if own { "own" } else { "all" });
    let words = filters.words(&queries);
    let wrong = |text: &str| (!text.is_empty()).then(|| model::query::parse(text).err()).flatten();
    let problem = wrong(&filters.q)
        .map(|error| QueryProblem::new(&filters.q, &error, l))
        .or_else(|| wrong(&words).map(|error| QueryProblem::new(&words, &error, l)));
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (span, readable) = (filters.span(now, l), problem.is_none());
    let loaded = work(move || {
        Ok(Loaded {
            view: if readable { Some(workspace.overview(&actor, &words, span)?) } else { None },
            sources: workspace.list_sources(&actor)?,
            posts: workspace.posts(),
        })
    })
    .await?;
    let mut page = visit.page(l.text("overview-title"), Some(Room::Home));
    page.search.clone_from(&filters.q);
    let template = Overview {
        page: &page,
        l,
        filters: &filters,
        choices: filters.choices(&queries, l),
        chips: filters.chips(PATH, l),
        clear_href: filters.cleared(PATH),
        periods_open: filters.period == Period::Custom,
        problem: problem.as_ref(),
        shown: loaded.view.as_ref().map(|view| shown(view, &loaded.sources, &filters, &queries, now, l)),
        nothing_yet: loaded.posts == 0,
        no_sources: loaded.sources.is_empty(),
        welcome: fields.trimmed("done") == "welcome",
        may_add: visit.actor.may(Permission::EditSources),
    };
    let html = Html(template.render()?);
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, html).into_response())
}

fn shown(
    view: &OverviewView,
    sources: &[SourceView],
    filters: &Filters,
    queries: &[SavedQuery],
    now: Timestamp,
    l: &Locale,
) -> Shown {
    let questions = filters.with("has:question");
    let span = [("from", l.date_time(view.span.from).into()), ("to", l.date_time(view.span.to).into())];
    let shown_views = |views: &[::app::listening::PostView]| cards(views.get(..POSTS_MAX).unwrap_or(views), now, l);
    Shown {
        period: l.text_with("overview-span", &span),
        empty: view.total == 0,
        all_href: Filters { period: Period::All, ..filters.clone() }.href(PATH),
        explorer_href: filters.explorer(),
        matters: matters(view, sources, filters, l),
        figures: Figures::of(view, filters, queries, l),
        top_posts: shown_views(&view.top_posts),
        top_href: format!("{}&order=engagement", filters.explorer()),
        questions: shown_views(&view.questions),
        questions_href: questions.explorer(),
        quality: quality(view, sources, filters, l),
        gaps: gaps(view, sources, l),
    }
}

/// What needs a look, the most pressing first.
fn matters(view: &OverviewView, sources: &[SourceView], filters: &Filters, l: &Locale) -> Vec<Matter> {
    let mut matters = Vec::new();
    let failing = count_of(sources.iter().filter(|source| is_failing(source)).count());
    if failing > 0 {
        matters.push(Matter { text: l.count("overview-matter-sources", failing), href: "/sources".to_owned() });
    }
    let negative = of_tone(&view.tones, Tone::Negative);
    if negative > 0 {
        let href = Filters { tone: Some(Tone::Negative), ..filters.clone() }.explorer();
        matters.push(Matter { text: l.count("overview-matter-negative", negative), href });
    }
    if view.questions_total > 0 {
        let href = filters.with("has:question").explorer();
        matters.push(Matter { text: l.count("overview-matter-questions", view.questions_total), href });
    }
    matters
}

/// True when a source failed after it last answered well.
pub(super) fn is_failing(source: &SourceView) -> bool {
    !source.source.paused && source.health.last_error_at.is_some() && source.health.last_error_at > source.health.last_ok
}

fn quality(view: &OverviewView, sources: &[SourceView], filters: &Filters, l: &Locale) -> Vec<Quality> {
    let unknown_language = view.languages.iter().filter(|(lang, _)| lang.is_none()).map(|(_, n)| *n).sum();
    let unknown_tone = of_tone(&view.tones, Tone::Unknown);
    let figure = |key: &str, count: u64, href: Option<String>| Quality {
        name: l.text(key),
        value: match share(count, view.total) {
            Some(ratio) => l.text_with(
                "overview-quality-value",
                &[("count", count.into()), ("share", l.percent(ratio, 1).into())],
            ),
            None => l.text("missing-value"),
        },
        href,
    };
    let language_href = Filters { lang: "unknown".to_owned(), ..filters.clone() }.explorer();
    let tone_href = Filters { tone: Some(Tone::Unknown), ..filters.clone() }.explorer();
    let failing = count_of(sources.iter().filter(|source| is_failing(source)).count());
    vec![
        figure("overview-quality-language", unknown_language, Some(language_href)),
        figure("overview-quality-tone", unknown_tone, Some(tone_href)),
        figure("overview-quality-engagement", view.engagement_missing, None),
        figure("overview-quality-dates", view.time_implausible, None),
        Quality {
            name: l.text("overview-quality-sources"),
            value: l.text_with(
                "overview-quality-sources-value",
                &[("failing", failing.into()), ("all", count_of(sources.len()).into())],
            ),
            href: Some("/sources".to_owned()),
        },
    ]
}

fn gaps(view: &OverviewView, sources: &[SourceView], l: &Locale) -> Vec<String> {
    let name = |id: i64| {
        let found = sources.iter().find(|source| source.source.id == id);
        found.map_or_else(|| l.text("overview-gap-removed"), |source| plain_line(&source.source.name))
    };
    let line = |gap: &::app::listening::Window| {
        l.text_with(
            "overview-gap",
            &[
                ("name", name(gap.source).into()),
                ("from", l.date_time(gap.from).into()),
                ("length", l.duration(gap.to.millis().saturating_sub(gap.from.millis())).into()),
            ],
        )
    };
    view.gaps.iter().rev().take(GAPS_MAX).map(line).collect()
}

impl Figures {
    /// Draws an overview; every figure leads to the explorer with `filters`.
    pub fn of(view: &OverviewView, filters: &Filters, queries: &[SavedQuery], l: &Locale) -> Self {
        let series = tone_series(view, filters, l);
        let week = HeatMap { cells: week_cells(view) };
        let brands = share_of_voice(view, filters);
        Self {
            tiles: tiles(view, filters, queries, l),
            tones: ChartFrame::new("volume", l.text("overview-volume"), &series, l),
            share: ChartFrame::new("share", l.text("overview-share"), &brands, l),
            week: ChartFrame::new("week", l.text("overview-week"), &week, l),
            tone_bars: tone_bars(view, filters, l),
            networks: bars(view.networks.iter().map(|(network, count)| {
                let href = Filters { network: Some(*network), ..filters.clone() }.explorer();
                (l.word("network", network.name()), *count, href)
            })),
            languages: bars(view.languages.iter().map(|(lang, count)| {
                let code = lang.as_ref().map_or("unknown", |lang| lang.as_str());
                (language_name(code, l), *count, Filters { lang: code.to_owned(), ..filters.clone() }.explorer())
            })),
            kinds: bars(view.kinds.iter().map(|(kind, count)| {
                let href = Filters { kind: Some(*kind), ..filters.clone() }.explorer();
                (l.word("kind", kind.name()), *count, href)
            })),
            authors: bars(view.authors.iter().map(|a| (author_name(a), a.posts, author_href(&a.key)))),
            hashtags: bars(view.hashtags.iter().map(|(tag, count)| {
                (format!("#{}", plain_line(tag)), *count, filters.with(&quoted("hashtag", tag)).explorer())
            })),
            domains: bars(view.domains.iter().map(|(host, count)| {
                (plain_line(host), *count, filters.with(&quoted("domain", host)).explorer())
            })),
            // The query language has no field for one address: its host leads there.
            links: bars(view.links.iter().map(|(link, count)| {
                let host = model::post::host_of(link).unwrap_or_default();
                (short_link(link), *count, filters.with(&quoted("domain", &host)).explorer())
            })),
        }
    }
}

/// `field:"value"`.
fn quoted(field: &str, value: &str) -> String {
    format!("{field}:\"{}\"", value.replace('"', ""))
}

fn short_link(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, rest)| rest);
    plain_line(bare).chars().take(80).collect()
}

fn bars(rows: impl Iterator<Item = (String, u64, String)>) -> Bars {
    let row = |(label, count, href): (String, u64, String)| Bar { label, count, href: Some(href), class: None };
    Bars { rows: rows.filter(|(_, count, _)| *count > 0).map(row).collect() }
}

fn tone_bars(view: &OverviewView, filters: &Filters, l: &Locale) -> Bars {
    let row = |tone: Tone| Bar {
        label: l.word("tone", tone.name()),
        count: of_tone(&view.tones, tone),
        href: Some(Filters { tone: Some(tone), ..filters.clone() }.explorer()),
        class: Some(format!("tone-{}", tone.name())),
    };
    let order = [Tone::Negative, Tone::Mixed, Tone::Neutral, Tone::Positive, Tone::Unknown];
    if view.total == 0 { Bars::default() } else { Bars { rows: order.into_iter().map(row).collect() } }
}

fn tone_series(view: &OverviewView, filters: &Filters, l: &Locale) -> ToneSeries {
    let ends = view.volume.iter().skip(1).map(|point| point.start).chain(std::iter::once(view.span.to));
    let label = |at: Timestamp| {
        if view.bucket_ms >= DAY_MS {
            l.day(at)
        } else if view.span.to.millis() - view.span.from.millis() <= DAY_MS {
            l.clock(at)
        } else {
            l.text_with("overview-hour", &[("day", l.day(at).into()), ("hour", l.clock(at).into())])
        }
    };
    let buckets = view.volume.iter().zip(ends).map(|(point, end)| ToneBucket {
        label: label(point.start),
        counts: (!point.gap).then_some(point.tones),
        href: point.tones.iter().any(|count| *count > 0).then(|| filters.between(point.start, end, l).explorer()),
    });
    if view.total == 0 { ToneSeries::default() } else { ToneSeries { buckets: buckets.collect() } }
}

fn week_cells(view: &OverviewView) -> [[Option<u64>; 24]; 7] {
    let mut cells = [[None; 24]; 7];
    for (row, counts) in cells.iter_mut().zip(&view.week) {
        for (cell, count) in row.iter_mut().zip(counts) {
            *cell = Some(*count);
        }
    }
    cells
}

fn share_of_voice(view: &OverviewView, filters: &Filters) -> ShareOfVoice {
    let mut brands: Vec<_> = view.share_of_voice.iter().filter(|entry| entry.share_ratio.is_some()).collect();
    brands.sort_by_key(|entry| (entry.purpose != Purpose::OwnBrand, std::cmp::Reverse(entry.mentions)));
    let slice = |entry: &&::app::listening::ShareOfVoiceEntry| Slice {
        name: plain_line(&entry.name),
        count: entry.mentions,
        href: Some(
            Filters { of: entry.id.to_string(), q: String::new(), network: None, lang: String::new(), tone: None, kind: None, ..filters.clone() }
                .explorer(),
        ),
    };
    ShareOfVoice { slices: brands.iter().take(BRANDS_MAX).map(slice).collect() }
}

fn tiles(view: &OverviewView, filters: &Filters, queries: &[SavedQuery], l: &Locale) -> Vec<Stat> {
    let judged = view.total.saturating_sub(of_tone(&view.tones, Tone::Unknown));
    let negative = of_tone(&view.tones, Tone::Negative);
    let volume = view.volume.iter().map(|point| (!point.gap).then(|| point.tones.iter().sum())).collect();
    let own: Vec<f64> = view
        .share_of_voice
        .iter()
        .filter(|entry| entry.purpose == Purpose::OwnBrand)
        .filter_map(|entry| entry.share_ratio)
        .collect();
    let known = view.total.saturating_sub(view.engagement_missing);
    let mut tiles = vec![
        Stat {
            label: l.text("overview-tile-volume"),
            value: Some(l.integer(view.total)),
            change: Some(change(view.total, view.total_before, l)),
            href: Some(filters.explorer()),
            spark: (view.total > 0).then(|| Sparkline { values: volume }.draw()),
        },
        Stat {
            label: l.text("overview-tile-negative"),
            value: share(negative, judged).map(|ratio| l.percent(ratio, 1)),
            change: None,
            href: Some(Filters { tone: Some(Tone::Negative), ..filters.clone() }.explorer()),
            spark: None,
        },
        Stat {
            label: l.text("overview-tile-engagement"),
            value: share(known, view.total).map(|ratio| l.percent(ratio, 0)),
            change: None,
            href: Some(filters.with("engagement:>=0").explorer()),
            spark: None,
        },
    ];
    if queries.iter().any(|query| query.purpose == Purpose::OwnBrand) {
        tiles.push(Stat {
            label: l.text("overview-tile-share"),
            value: (!own.is_empty()).then(|| l.percent(own.iter().sum(), 1)),
            change: None,
            href: Some(address("/queries", &[])),
            spark: None,
        });
    }
    tiles
}

/// How a count stands against the period before.
fn change(total: u64, before: Option<u64>, l: &Locale) -> Change {
    let Some(before) = before.filter(|before| *before > 0) else { return Change::Unknown };
    if total == before {
        return Change::Same;
    }
    match share(total.abs_diff(before), before) {
        Some(ratio) if total > before => Change::Up(l.percent(ratio, 0)),
        Some(ratio) => Change::Down(l.percent(ratio, 0)),
        None => Change::Unknown,
    }
}

fn of_tone(tones: &[u64; 5], tone: Tone) -> u64 {
    tones.get(usize::from(tone.code())).copied().unwrap_or(0)
}

/// Part of a whole; `None` when there is nothing. Counts stay far below 2^52.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn count_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The name with the handle, because two people may have the same name.
fn author_name(author: &AuthorView) -> String {
    match &author.handle {
        Some(handle) if *handle != author.label => plain_line(&format!("{} @{handle}", author.label)),
        _ => plain_line(&author.label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn a_change_needs_something_before() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        assert_eq!(change(5, None, &l), Change::Unknown);
        assert_eq!(change(5, Some(0), &l), Change::Unknown);
        assert_eq!(change(5, Some(5), &l), Change::Same);
        assert_eq!(change(15, Some(10), &l), Change::Up(l.percent(0.5, 0)));
        assert_eq!(change(5, Some(10), &l), Change::Down(l.percent(0.5, 0)));
        assert_eq!(share(0, 0), None);
    }
}
