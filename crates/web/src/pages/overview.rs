//! The overview: is everything well, and what is being said.
//!
//! In: the shared filters (by default every query of the own brand, seven
//! days). Out: what needs a look, figures, charts and lists, each leading to
//! the posts behind it. Errors: 422 with the place of a wrong expression.

mod figures;

use super::addresses::address;
use super::alerts::{AlertLine, line};
use super::cards::{URGENT_FROM, VERY_URGENT_FROM, author_href, cards};
use super::filters::{Choices, Filters, Period, language_name};
use super::forms::Fields;
use super::query_problem::QueryProblem;
use crate::charts::{Bar, Bars, HeatMap, ShareOfVoice, Slice, Sparkline, ToneBucket, ToneSeries};
use crate::components::post_card::identifier_name;
use crate::components::{Change, ChartFrame, FilterChip, PostCard, Stat, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::alerts::{AlertView, AlertsRequest};
use ::app::listening::{AuthorView, OverviewView, SourceView, Span};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use figures::{count_of, of_tone, share};
use model::listening::{Purpose, SavedQuery};
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use model::{AccountKey, Emotion, Intent, Offence, Permission, Timestamp, Tone};
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/";
/// Posts shown of each list.
const POSTS_MAX: usize = 4;
/// Gaps named one by one.
const GAPS_MAX: usize = 5;
/// Weeks whose hours lead to their posts in the heat map.
const WEEKS_LINKED: i64 = 6;
/// Brands in the share of voice.
const BRANDS_MAX: usize = 6;

/// The open alert that is named.
const NEWEST_OPEN: AlertsRequest = AlertsRequest { open: Some(true), before: None, limit: 1 };

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
    pub intents: Bars,
    pub emotions: Bars,
    pub offences: Bars,
    /// What the share of offensive posts is and what it is not; empty where nothing was read.
    pub offence_note: String,
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
    /// The newest open alert.
    alert: Option<AlertLine>,
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
    alert: Option<AlertView>,
}

/// Shows the overview.
async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Response, Error> {
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
            alert: workspace.list_alerts(&actor, &NEWEST_OPEN)?.pop(),
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
        alert: loaded.alert.as_ref().map(|alert| line(alert, now, l)),
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
    let shown_views =
        |views: &[::app::listening::PostView]| cards(views.get(..POSTS_MAX).unwrap_or(views), now, l);
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
        matters
            .push(Matter { text: l.count("overview-matter-sources", failing), href: "/sources".to_owned() });
    }
    let negative = of_tone(&view.tones, Tone::Negative);
    if negative > 0 {
        let href = Filters { tone: Some(Tone::Negative), ..filters.clone() }.explorer();
        matters.push(Matter { text: l.count("overview-matter-negative", negative), href });
    }
    let urgent = view.urgent_from(VERY_URGENT_FROM);
    if urgent > 0 {
        let href = Filters { urgency: Some(VERY_URGENT_FROM), ..filters.clone() }.explorer();
        matters.insert(0, Matter { text: l.count("overview-matter-urgent", urgent), href });
    }
    let intent_counts =
        |wanted: Intent| view.intents.iter().find(|(intent, _)| *intent == wanted).map_or(0, |(_, n)| *n);
    for (intent, key) in
        [(Intent::Threat, "overview-matter-threats"), (Intent::Scam, "overview-matter-scams")]
    {
        let count = intent_counts(intent);
        if count > 0 {
            let href = Filters { intent: Some(intent), ..filters.clone() }.explorer();
            matters.push(Matter { text: l.count(key, count), href });
        }
    }
    if view.questions_total > 0 {
        let href = filters.with("has:question").explorer();
        matters.push(Matter { text: l.count("overview-matter-questions", view.questions_total), href });
    }
    matters
}

/// True when a source failed after it last answered well.
pub(super) fn is_failing(source: &SourceView) -> bool {
    !source.source.paused
        && source.health.last_error_at.is_some()
        && source.health.last_error_at > source.health.last_ok
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
    let engagement_href = filters.with("NOT engagement:>=0").explorer();
    let failing = count_of(sources.iter().filter(|source| is_failing(source)).count());
    vec![
        figure("overview-quality-language", unknown_language, Some(language_href)),
        figure("overview-quality-tone", unknown_tone, Some(tone_href)),
        figure("overview-quality-engagement", view.engagement_missing, Some(engagement_href)),
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
