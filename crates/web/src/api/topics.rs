//! Topics, recurring questions and the team's answers.

use super::overview::{Tones, span_of};
use super::view::{Instant, PostBody, posts};
use super::{Answer, Asked, Listed, Named, Sent, created};
use crate::front::{Call, Need, Route, work};
use app::understanding::{
    AnswerDraft, FrequentAnswer, QuestionGroupView, QuestionsView, TooLittle, TopicView, TopicsView,
};
use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use model::{Lang, Permission};
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let read = Need::Token(Permission::Read);
    let edit = Need::Token(Permission::EditQueries);
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(
            Method::GET,
            "/api/v1/topics",
            read,
            "What people talk about now and did not before",
            get(topics),
        ),
        route(
            Method::GET,
            "/api/v1/question-groups",
            read,
            "Questions that several people ask, grouped",
            get(groups),
        ),
        route(Method::GET, "/api/v1/answers", read, "The team's answers to frequent questions", get(list)),
        route(Method::POST, "/api/v1/answers", edit, "Write an answer", post(insert)),
        route(Method::GET, "/api/v1/answers/{id}", read, "One answer, also an archived one", get(load)),
        route(Method::PUT, "/api/v1/answers/{id}", edit, "Change an answer", put(update)),
        route(Method::DELETE, "/api/v1/answers/{id}", edit, "Archive an answer", delete(archive)),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanQuery {
    #[serde(default)]
    q: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct TopicBody {
    words: Vec<String>,
    expression: String,
    posts_count: u64,
    posts_before_count: u64,
    tones: Tones,
    share_ratio: f64,
    /// Times its share before; `null` when it was not there.
    growth_ratio: Option<f64>,
    authors_read_count: u32,
    score: f64,
    examples: Vec<PostBody>,
}

impl From<TopicView> for TopicBody {
    fn from(topic: TopicView) -> Self {
        Self {
            words: topic.words,
            expression: topic.expression,
            posts_count: topic.posts,
            posts_before_count: topic.posts_before,
            tones: topic.tones.into(),
            share_ratio: topic.share_ratio,
            growth_ratio: topic.growth,
            authors_read_count: topic.authors_read,
            score: topic.score,
            examples: posts(topic.examples),
        }
    }
}

#[derive(Serialize)]
struct TopicsBody {
    from: Instant,
    to: Instant,
    before_from: Instant,
    posts_count: u64,
    posts_read_count: u64,
    posts_before_count: u64,
    posts_before_read_count: u64,
    /// Why nothing was sought; `null` when it was.
    too_little: Option<TooLittle>,
    topics: Vec<TopicBody>,
    method: &'static str,
    version: u32,
}

impl From<&TopicsView> for TopicsBody {
    fn from(view: &TopicsView) -> Self {
        Self {
            from: Instant(view.span.from),
            to: Instant(view.span.to),
            before_from: Instant(view.before.from),
            posts_count: view.total,
            posts_read_count: view.read,
            posts_before_count: view.total_before,
            posts_before_read_count: view.read_before,
            too_little: view.too_little,
            topics: view.topics.iter().cloned().map(Into::into).collect(),
            method: view.method,
            version: view.version,
        }
    }
}

async fn topics(call: Call, Asked(asked): Asked<SpanQuery>) -> Answer<Json<TopicsBody>> {
    let span = span_of(asked.from.as_deref(), asked.to.as_deref())?;
    let view = work(move || call.workspace.topics(&call.actor, &asked.q, span)).await?;
    Ok(Json(view.as_ref().into()))
}

#[derive(Serialize)]
struct GroupBody {
    question: String,
    wordings: Vec<String>,
    expression: String,
    posts_count: u64,
    tones: Tones,
    authors_read_count: u64,
    examples: Vec<PostBody>,
    /// Number of the team's answer; `null` when there is none.
    answer: Option<i64>,
}

impl From<QuestionGroupView> for GroupBody {
    fn from(group: QuestionGroupView) -> Self {
        Self {
            question: group.text,
            wordings: group.wordings,
            expression: group.expression,
            posts_count: group.posts,
            tones: group.tones.into(),
            authors_read_count: group.authors_read,
            examples: posts(group.examples),
            answer: group.answer,
        }
    }
}

#[derive(Serialize)]
struct GroupsBody {
    from: Instant,
    to: Instant,
    posts_count: u64,
    posts_read_count: u64,
    groups: Vec<GroupBody>,
    more_count: u64,
    method: &'static str,
    version: u32,
}

impl From<&QuestionsView> for GroupsBody {
    fn from(view: &QuestionsView) -> Self {
        Self {
            from: Instant(view.span.from),
            to: Instant(view.span.to),
            posts_count: view.total,
            posts_read_count: view.read,
            groups: view.groups.iter().cloned().map(Into::into).collect(),
            more_count: view.more,
            method: view.method,
            version: view.version,
        }
    }
}

async fn groups(call: Call, Asked(asked): Asked<SpanQuery>) -> Answer<Json<GroupsBody>> {
    let span = span_of(asked.from.as_deref(), asked.to.as_deref())?;
    let view = work(move || call.workspace.question_groups(&call.actor, &asked.q, span)).await?;
    Ok(Json(view.as_ref().into()))
}

#[derive(Serialize)]
struct AnswerBody {
    id: i64,
    question: String,
    answer: String,
    wordings: Vec<String>,
    languages: Vec<Lang>,
    created_at: Instant,
    created_by: Option<i64>,
    changed_at: Instant,
    changed_by: Option<i64>,
    archived_at: Option<Instant>,
}

impl From<FrequentAnswer> for AnswerBody {
    fn from(answer: FrequentAnswer) -> Self {
        Self {
            id: answer.id,
            question: answer.question,
            answer: answer.answer,
            wordings: answer.wordings,
            languages: answer.languages,
            created_at: Instant(answer.created_at),
            created_by: answer.created_by,
            changed_at: Instant(answer.changed_at),
            changed_by: answer.changed_by,
            archived_at: answer.archived_at.map(Instant),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAnswer {
    question: String,
    answer: String,
    #[serde(default)]
    wordings: Vec<String>,
    #[serde(default)]
    languages: Vec<Lang>,
}

impl From<NewAnswer> for AnswerDraft {
    fn from(new: NewAnswer) -> Self {
        Self { question: new.question, answer: new.answer, wordings: new.wordings, languages: new.languages }
    }
}

async fn list(call: Call) -> Answer<Json<Listed<AnswerBody>>> {
    let answers = work(move || call.workspace.list_answers(&call.actor)).await?;
    Ok(Listed::whole(answers.into_iter().map(Into::into).collect()))
}

async fn insert(call: Call, Sent(new): Sent<NewAnswer>) -> Answer<Response> {
    let answer = work(move || call.workspace.insert_answer(&call.actor, new.into())).await?;
    Ok(created(format!("/api/v1/answers/{}", answer.id), AnswerBody::from(answer)))
}

async fn load(call: Call, Named(id): Named<i64>) -> Answer<Json<AnswerBody>> {
    Ok(Json(work(move || call.workspace.load_answer(&call.actor, id)).await?.into()))
}

async fn update(call: Call, Named(id): Named<i64>, Sent(new): Sent<NewAnswer>) -> Answer<Json<AnswerBody>> {
    Ok(Json(work(move || call.workspace.update_answer(&call.actor, id, new.into())).await?.into()))
}

async fn archive(call: Call, Named(id): Named<i64>) -> Answer<StatusCode> {
    work(move || call.workspace.archive_answer(&call.actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
