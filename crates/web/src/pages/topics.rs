//! `/topics`: what people talk about now and did not before, and what they
//! keep asking.
//!
//! In: the shared filters (by default seven days of everything). Out: topics
//! and groups of questions, each with the posts behind it; from a question to
//! its answer, or to the form for one. Errors: 422 with the place of a wrong
//! expression.

use super::answers;
use super::cards::cards;
use super::filters::{Choices, Filters, Period};
use super::forms::Fields;
use super::query_problem::QueryProblem;
use crate::components::PostCard;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, url_escape, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::Span;
use ::app::understanding::{
    FrequentAnswer, POSTS_MIN, QuestionGroupView, QuestionsView, TooLittle, TopicView, TopicsView,
};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use model::time::MINUTE_MS;
use model::{Permission, Timestamp, Tone};
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/topics";
/// Words in the name of a topic.
const NAME_WORDS_MAX: usize = 3;
/// Wordings of a group that the form for its answer is given.
const WORDINGS_GIVEN_MAX: usize = 5;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: PATH,
        need: Need::May(Permission::Read),
        summary: "What people talk about now and did not before, and what they keep asking",
        handler: get(show),
    }]
}

/// A count that leads to its posts.
struct Figure {
    text: String,
    href: String,
}

/// A topic as shown.
struct TopicRow {
    name: String,
    words: String,
    posts: Figure,
    growth: String,
    share: String,
    authors: String,
    tones: Vec<Figure>,
    examples: Vec<PostCard>,
}

/// A group of questions as shown.
struct QuestionRow {
    text: String,
    posts: Figure,
    authors: String,
    wordings: Vec<String>,
    examples: Vec<PostCard>,
    answer: Option<AnswerShown>,
    new_href: String,
}

/// The team's answer beside a group.
struct AnswerShown {
    question: String,
    text: String,
    href: String,
}

/// What is shown when the expression could be read.
struct Shown {
    period: String,
    sampled: String,
    too_little: Option<String>,
    topics: Vec<TopicRow>,
    questions: Vec<QuestionRow>,
    questions_sampled: String,
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "topics/topics.html")]
struct Topics<'a> {
    page: &'a Page,
    l: &'a Locale,
    filters: &'a Filters,
    choices: Choices,
    periods_open: bool,
    problem: Option<&'a QueryProblem>,
    shown: Option<Shown>,
    may_edit: bool,
}

impl Topics<'_> {
    fn problem_text(&self) -> &str {
        self.problem.map_or("", |problem| problem.text.as_str())
    }
}

/// What one address asks of the work room.
struct Loaded {
    topics: Arc<TopicsView>,
    questions: Arc<QuestionsView>,
    answers: Vec<FrequentAnswer>,
}

async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Response, Error> {
    let l = &visit.l;
    let now = front.app.now();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let queries = work(move || workspace.saved_queries(&actor)).await?;
    let filters = Filters::read(&fields, Period::Week, "all");
    let words = filters.words(&queries);
    let wrong = |text: &str| (!text.is_empty()).then(|| model::query::parse(text).err()).flatten();
    let problem = wrong(&filters.q)
        .map(|error| QueryProblem::new(&filters.q, &error, l))
        .or_else(|| wrong(&words).map(|error| QueryProblem::new(&words, &error, l)));
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (span, readable) = (filters.span(now, l), problem.is_none());
    let loaded = work(move || {
        if !readable {
            return Ok(None);
        }
        Ok(Some(Loaded {
            topics: workspace.topics(&actor, &words, span)?,
            questions: workspace.question_groups(&actor, &words, span)?,
            answers: workspace.list_answers(&actor)?,
        }))
    })
    .await?;
    let mut page = visit.page(l.text("topics-title"), Some(Room::Topics));
    page.search.clone_from(&filters.q);
    let template = Topics {
        page: &page,
        l,
        choices: filters.choices(&queries, l),
        periods_open: filters.period == Period::Custom,
        problem: problem.as_ref(),
        shown: loaded.map(|loaded| shown(&loaded, &filters, now, l)),
        may_edit: visit.actor.may(Permission::EditQueries),
        filters: &filters,
    };
    let html = Html(template.render()?);
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, html).into_response())
}

fn shown(loaded: &Loaded, filters: &Filters, now: Timestamp, l: &Locale) -> Shown {
    let (topics, questions) = (&loaded.topics, &loaded.questions);
    // Without a span of its own, the page looks at a part of all time: its links too.
    let filters =
        if filters.period == Period::All { within(filters, topics.span, l) } else { filters.clone() };
    let instants =
        |span: Span| [("from", l.date_time(span.from).into()), ("to", l.date_time(span.to).into())];
    let read = |read: u64, of: u64| [("read", read.into()), ("of", of.into())];
    Shown {
        period: l.text_with("topics-span", &instants(topics.span)),
        sampled: format!(
            "{} {}",
            l.text_with("topics-read", &read(topics.read, topics.total)),
            l.text_with("topics-read-before", &read(topics.read_before, topics.total_before)),
        ),
        too_little: topics.too_little.map(|reason| {
            let key = match reason {
                TooLittle::Now => "topics-too-little-now",
                TooLittle::Before => "topics-too-little-before",
            };
            l.count(key, POSTS_MIN)
        }),
        topics: topics.topics.iter().map(|topic| topic_row(topic, &filters, now, l)).collect(),
        questions: questions
            .groups
            .iter()
            .map(|group| question_row(group, &loaded.answers, &filters, now, l))
            .collect(),
        questions_sampled: l.text_with("topics-questions-read", &read(questions.read, questions.total)),
        more: (questions.more > 0).then(|| l.count("topics-questions-more", questions.more)),
    }
}

/// The filters for a span; addresses hold minutes, so its end is rounded up.
fn within(filters: &Filters, span: Span, l: &Locale) -> Filters {
    filters.between(span.from, span.to.plus(MINUTE_MS - 1), l)
}

fn topic_row(topic: &TopicView, filters: &Filters, now: Timestamp, l: &Locale) -> TopicRow {
    let its = filters.with(&topic.expression);
    let words: Vec<String> = topic.words.iter().map(|word| crate::components::plain_line(word)).collect();
    let name = words.get(..NAME_WORDS_MAX).unwrap_or(&words).join(" · ");
    let tone = |tone: Tone| {
        let count = topic.tones.get(usize::from(tone.code())).copied().unwrap_or(0);
        let label = [("tone", l.word("tone", tone.name()).into()), ("count", count.into())];
        let href = Filters { tone: Some(tone), ..its.clone() }.explorer();
        (count > 0).then(|| Figure { text: l.text_with("topics-tone", &label), href })
    };
    let order = [Tone::Negative, Tone::Mixed, Tone::Neutral, Tone::Positive, Tone::Unknown];
    TopicRow {
        name,
        words: words.join(", "),
        posts: Figure { text: l.count("unit-posts", topic.posts), href: its.explorer() },
        growth: match topic.growth {
            Some(growth) => l.text_with("topics-growth", &[("times", l.decimal(growth, 1).into())]),
            None => l.text("topics-growth-new"),
        },
        share: l.percent(topic.share_ratio, 1),
        authors: l.count("topics-authors", u64::from(topic.authors_read)),
        tones: order.into_iter().filter_map(tone).collect(),
        examples: cards(&topic.examples, now, l),
    }
}

fn question_row(
    group: &QuestionGroupView,
    answers: &[FrequentAnswer],
    filters: &Filters,
    now: Timestamp,
    l: &Locale,
) -> QuestionRow {
    let text = crate::components::plain_line(&group.text);
    let answer = group.answer.and_then(|id| answers.iter().find(|answer| answer.id == id));
    let others = group.wordings.iter().take(WORDINGS_GIVEN_MAX);
    let wordings: Vec<String> = others.map(|wording| crate::components::plain_line(wording)).collect();
    QuestionRow {
        posts: Figure {
            text: l.count("unit-posts", group.posts),
            href: filters.with(&group.expression).explorer(),
        },
        authors: l.count("topics-authors", group.authors_read),
        answer: answer.map(|answer| AnswerShown {
            question: answer.question.clone(),
            text: answer.answer.clone(),
            href: format!("{}/{}", answers::PATH, answer.id),
        }),
        new_href: format!(
            "{}/new?question={}&wordings={}",
            answers::PATH,
            url_escape(&text),
            url_escape(&wordings.join("\n"))
        ),
        examples: cards(&group.examples, now, l),
        wordings,
        text,
    }
}
