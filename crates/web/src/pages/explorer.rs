//! The explorer: search with filters, bulk labels, exports, live updates.
//!
//! In: the shared filters, an order and a place. Out: the page, or only its
//! results for htmx. Errors: 422 with the place of a wrong expression.
//! Limits: [`PAGE_POSTS`] posts per page; pages follow each other by place,
//! so they stay stable while posts arrive.

use super::addresses::{address, own_path, with_done};
use super::cards;
use super::filters::{Choices, Filters, Period, choice};
use super::forms::Fields;
use super::query_problem::QueryProblem;
use crate::components::{Choice, FilterChip, PostCard};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::{ExploreRequest, Explored, Order, SearchCursor};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::Permission;
use model::listening::SavedQuery;
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/explorer";
/// Posts of one page.
pub const PAGE_POSTS: usize = 50;

/// The orders with their words in addresses and in `order-<word>`.
const ORDERS: [(&str, Order); 6] = [
    ("newest", Order::Newest),
    ("oldest", Order::Oldest),
    ("engagement", Order::Engagement),
    ("followers", Order::Followers),
    ("most-negative", Order::MostNegative),
    ("most-positive", Order::MostPositive),
];

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::May(Permission::Read),
            summary: "Search over history",
            handler: get(show),
        },
        Route {
            method: Method::POST,
            path: "/explorer/label",
            need: Need::May(Permission::Label),
            summary: "Puts a label on posts, or takes it off",
            handler: post(label),
        },
    ]
}

/// The results, as page and fragment show them.
struct Results {
    posts: Vec<PostCard>,
    total: u64,
    /// The address of this page, for forms that come back to it.
    here: String,
    /// The first page, where what is new stands.
    newest: String,
    first: Option<String>,
    next: Option<String>,
    /// The stream of new posts; absent when the search ends in the past.
    live: Option<String>,
    may_label: bool,
    labels: Vec<String>,
    csrf: String,
}

#[derive(Template)]
#[template(path = "explorer/explorer.html")]
struct Explorer<'a> {
    page: &'a Page,
    l: &'a Locale,
    filters: &'a Filters,
    choices: Choices,
    orders: Vec<Choice>,
    chips: Vec<FilterChip>,
    problem: Option<&'a QueryProblem>,
    r: Option<&'a Results>,
    /// The search without its period, for streams and queries.
    words: String,
    /// The search with its period, for exports.
    expression: &'a str,
    may_export: bool,
    may_edit_queries: bool,
    more_open: bool,
    clear_href: String,
}

impl Explorer<'_> {
    fn query_href(&self) -> String {
        address("/queries/new", &[("q", &self.words)])
    }
    fn problem_text(&self) -> &str {
        self.problem.map_or("", |problem| problem.text.as_str())
    }
}

#[derive(Template)]
#[template(path = "explorer/results.html")]
struct Fragment<'a> {
    l: &'a Locale,
    r: &'a Results,
}

/// What one address asks for.
struct Asked {
    filters: Filters,
    order: Order,
    order_name: &'static str,
    after: Option<SearchCursor>,
}

impl Asked {
    fn read(fields: &Fields) -> Self {
        let (order_name, order) = ORDERS
            .into_iter()
            .find(|(name, _)| *name == fields.trimmed("order"))
            .unwrap_or(("newest", Order::Newest));
        Self {
            filters: Filters::read(fields, Period::All, "all"),
            order,
            order_name,
            after: SearchCursor::parse(fields.trimmed("after")),
        }
    }

    /// The address of this search at a place.
    fn href(&self, after: &str) -> String {
        let mut pairs = self.filters.pairs();
        pairs.retain(|(name, value)| !matches!((*name, value.as_str()), ("of" | "period", "all")));
        if self.order != Order::Newest {
            pairs.push(("order", self.order_name.to_owned()));
        }
        pairs.push(("after", after.to_owned()));
        let refs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address(PATH, &refs)
    }
}

/// Shows a page of results.
async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Response, Error> {
    let asked = Asked::read(&fields);
    let now = front.app.now();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let queries = work(move || workspace.saved_queries(&actor)).await?;
    let typed = asked.filters.q.as_str();
    let words = asked.filters.words(&queries);
    // What was typed is checked alone first, so that the place is one in it.
    let wrong = |text: &str| (!text.is_empty()).then(|| model::query::parse(text).err()).flatten();
    let problem = wrong(typed)
        .map(|error| QueryProblem::new(typed, &error, &visit.l))
        .or_else(|| wrong(&words).map(|error| QueryProblem::new(&words, &error, &visit.l)));
    if let Some(problem) = problem {
        let html = page(&visit, &asked, &queries, Some(&problem), None, "")?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response());
    }
    let expression = asked.filters.expression(&queries, now, &visit.l);
    let request = ExploreRequest {
        expression: expression.clone(),
        order: asked.order,
        limit: PAGE_POSTS,
        after: asked.after,
    };
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (found, labels) =
        work(move || Ok((workspace.explore(&actor, &request)?, workspace.list_labels(&actor)?))).await?;
    let labels = labels.into_iter().take(LABELS_MAX).map(|label| label.text).collect();
    let results = results(&visit, &asked, &expression, &found, labels, now);
    let html = if visit.fragment {
        Fragment { l: &visit.l, r: &results }.render()?
    } else {
        page(&visit, &asked, &queries, None, Some(&results), &expression)?
    };
    Ok(Html(html).into_response())
}

/// Labels offered while one writes.
const LABELS_MAX: usize = 100;

fn results(
    visit: &Visit,
    asked: &Asked,
    expression: &str,
    found: &Explored,
    labels: Vec<String>,
    now: model::Timestamp,
) -> Results {
    let open_ended = asked.filters.period != Period::Custom || asked.filters.to.is_empty();
    let may_label = visit.actor.may(Permission::Label);
    Results {
        posts: if may_label {
            cards::selectable(&found.posts, now, &visit.l)
        } else {
            cards::cards(&found.posts, now, &visit.l)
        },
        total: found.total,
        here: asked.href(&asked.after.map(SearchCursor::to_text).unwrap_or_default()),
        newest: asked.href(""),
        first: asked.after.map(|_| asked.href("")),
        next: found.next.as_deref().map(|after| asked.href(after)),
        live: open_ended.then(|| address("/live", &[("q", expression), ("seen", &found.total.to_string())])),
        may_label,
        labels,
        csrf: visit.page(String::new(), None).csrf,
    }
}

fn page(
    visit: &Visit,
    asked: &Asked,
    queries: &[SavedQuery],
    problem: Option<&QueryProblem>,
    results: Option<&Results>,
    expression: &str,
) -> Result<String, Error> {
    let l = &visit.l;
    let mut page = visit.page(l.text("explorer-title"), Some(Room::Explorer));
    page.search.clone_from(&asked.filters.q);
    let words = asked.filters.words(queries);
    let chips = asked.filters.chips(PATH, l);
    let template = Explorer {
        page: &page,
        l,
        filters: &asked.filters,
        choices: asked.filters.choices(queries, l),
        orders: ORDERS
            .iter()
            .map(|(name, order)| choice(name, l.word("order", name), *order == asked.order))
            .collect(),
        more_open: asked.filters.period == Period::Custom || !chips.is_empty(),
        clear_href: asked.filters.cleared(PATH),
        chips,
        problem,
        r: results,
        words: if words.is_empty() { "*".to_owned() } else { words },
        expression,
        may_export: visit.actor.may(Permission::Export),
        may_edit_queries: visit.actor.may(Permission::EditQueries),
    };
    Ok(template.render()?)
}

/// Puts a label on the chosen posts, or takes it off.
async fn label(visit: Visit, Form(fields): Form<Fields>) -> Result<Redirect, Error> {
    let ids: Vec<i64> = fields.all("post").filter_map(|id| id.parse().ok()).collect();
    let name = fields.trimmed("label").to_owned();
    let removes = fields.trimmed("do") == "remove";
    let next = own_path(fields.trimmed("next")).to_owned();
    if ids.is_empty() {
        return Ok(Redirect::to(&with_done(&next, "label-no-posts")));
    }
    if name.is_empty() {
        return Ok(Redirect::to(&with_done(&next, "label-no-name")));
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || {
        if removes {
            workspace.remove_label(&actor, &ids, &name)
        } else {
            workspace.add_label(&actor, &ids, &name)
        }
    })
    .await?;
    Ok(Redirect::to(&with_done(&next, if removes { "label-removed" } else { "label-added" })))
}
