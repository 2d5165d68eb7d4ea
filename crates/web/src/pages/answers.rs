//! `/answers`: the team's answers to what it is often asked.
//!
//! In: a question, its answer, other wordings, languages. Out: the list, a
//! page per answer with its form. Errors: the form again with what to correct.

use super::confirm::Confirm;
use super::filters::language_name;
use super::forms::{Faults, Fields, attempt, done_at, refused, shown};
use crate::components::Choice;
use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::understanding::{
    ANSWER_CHARS_MAX, ANSWERS_MAX, AnswerDraft, FrequentAnswer, QUESTION_CHARS_MAX, WORDINGS_MAX,
};
use ::app::{AppError, Cause};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::{Lang, Permission};
use std::collections::HashMap;
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/answers";
/// Languages offered in the form; others that an answer has are kept.
const LANGUAGES: [&str; 3] = ["es", "pt", "en"];

/// The routes of the page.
pub fn routes() -> Vec<Route> {
    let read = Need::May(Permission::Read);
    let edit = Need::May(Permission::EditQueries);
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(Method::GET, PATH, read, "The team's answers to frequent questions", get(list)),
        route(Method::POST, PATH, edit, "Writes an answer", post(insert)),
        route(Method::GET, "/answers/new", edit, "The form for a new answer", get(write)),
        route(Method::GET, "/answers/{id}", read, "One answer", get(show)),
        route(Method::POST, "/answers/{id}", edit, "Changes an answer", post(update)),
        route(
            Method::GET,
            "/answers/{id}/archive",
            edit,
            "Asks before archiving an answer",
            get(ask_archive),
        ),
        route(Method::POST, "/answers/{id}/archive", edit, "Archives an answer", post(archive)),
    ]
}

/// An answer in the list.
struct Row {
    href: String,
    question: String,
    answer: String,
    languages: Vec<String>,
    changed: String,
}

#[derive(Template)]
#[template(path = "answers/list.html")]
struct List {
    page: Page,
    l: Locale,
    rows: Vec<Row>,
    may_edit: bool,
}

async fn list(State(front): State<Arc<Front>>, visit: Visit) -> Result<Response, Error> {
    let (app, workspace, actor) = (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
    let (answers, names) = work(move || {
        let names = app.list_names(&actor, workspace.info().id)?;
        Ok((workspace.list_answers(&actor)?, names))
    })
    .await?;
    let l = visit.l.clone();
    let row = |answer: FrequentAnswer| Row {
        href: format!("{PATH}/{}", answer.id),
        changed: changed(&answer, &names, &l),
        languages: answer.languages.iter().map(|lang| language_name(lang.as_str(), &l)).collect(),
        question: answer.question,
        answer: answer.answer,
    };
    let rows = answers.into_iter().map(row).collect();
    let page = visit.page(l.text("answers-title"), Some(Room::Answers));
    shown(&List { page, rows, may_edit: visit.actor.may(Permission::EditQueries), l })
}

/// Who changed it last, and when.
fn changed(answer: &FrequentAnswer, names: &HashMap<i64, String>, l: &Locale) -> String {
    let by = match answer.changed_by {
        None => l.text("by-program"),
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| l.text("by-former")),
    };
    l.text_with("answers-changed", &[("when", l.date_time(answer.changed_at).into()), ("by", by.into())])
}

#[derive(Template)]
#[template(path = "answers/edit.html")]
struct Edit {
    page: Page,
    l: Locale,
    /// The answer that is changed; `None` for a new one.
    id: Option<i64>,
    question: String,
    answer: String,
    wordings: String,
    languages: Vec<Choice>,
    faults: Faults,
    /// Who changed it last; empty for a new one.
    changed: String,
    /// When it was taken out of use.
    archived: Option<String>,
    may_edit: bool,
}

/// What stands in the form.
#[derive(Default)]
struct Draft {
    id: Option<i64>,
    question: String,
    answer: String,
    wordings: String,
    languages: Vec<Lang>,
    changed: String,
    archived: Option<String>,
}

impl Draft {
    fn of_fields(id: Option<i64>, fields: &Fields) -> Self {
        Self {
            id,
            question: fields.trimmed("question").to_owned(),
            answer: fields.get("answer").replace("\r\n", "\n"),
            wordings: fields.get("wordings").replace("\r\n", "\n"),
            languages: fields.all("language").filter_map(|code| Lang::parse(code).ok()).collect(),
            ..Self::default()
        }
    }

    fn of_answer(answer: FrequentAnswer, names: &HashMap<i64, String>, l: &Locale) -> Self {
        Self {
            id: Some(answer.id),
            changed: changed(&answer, names, l),
            archived: answer.archived_at.map(|at| l.date_time(at)),
            question: answer.question,
            answer: answer.answer,
            wordings: answer.wordings.join("\n"),
            languages: answer.languages,
        }
    }

    fn written(&self) -> AnswerDraft {
        AnswerDraft {
            question: self.question.clone(),
            answer: self.answer.clone(),
            languages: self.languages.clone(),
            wordings: self.wordings.lines().map(str::to_owned).collect(),
        }
    }

    fn page(self, visit: &Visit, faults: Faults) -> Edit {
        let l = visit.l.clone();
        let title = if self.id.is_some() { "answers-edit-title" } else { "answers-new-title" };
        Edit {
            page: visit.page(l.text(title), Some(Room::Answers)),
            languages: languages(&self.languages, &l),
            may_edit: visit.actor.may(Permission::EditQueries) && self.archived.is_none(),
            id: self.id,
            question: self.question,
            answer: self.answer,
            wordings: self.wordings,
            faults,
            changed: self.changed,
            archived: self.archived,
            l,
        }
    }
}

fn languages(chosen: &[Lang], l: &Locale) -> Vec<Choice> {
    let mut codes: Vec<&str> = LANGUAGES.to_vec();
    codes.extend(chosen.iter().map(Lang::as_str).filter(|code| !LANGUAGES.contains(code)));
    let of = |code: &str| Choice {
        value: code.to_owned(),
        label: language_name(code, l),
        chosen: chosen.iter().any(|lang| lang.as_str() == code),
    };
    codes.into_iter().map(of).collect()
}

async fn write(visit: Visit, Query(query): Query<Fields>) -> Result<Response, Error> {
    let mut draft = Draft::of_fields(None, &query);
    // The question itself is no other wording.
    let question = model::text::fold(&draft.question);
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    draft.wordings = draft
        .wordings
        .lines()
        .filter(|wording| bare(wording) != bare(&question))
        .collect::<Vec<_>>()
        .join("\n");
    if draft.languages.is_empty() {
        draft.languages.extend(Lang::parse(visit.l.tag()));
    }
    shown(&draft.page(&visit, Faults::default()))
}

async fn load(front: &Arc<Front>, visit: &Visit, id: i64) -> Result<Draft, Error> {
    let (app, workspace, actor) = (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
    let (answer, names) = work(move || {
        let names = app.list_names(&actor, workspace.info().id)?;
        Ok((workspace.load_answer(&actor, id)?, names))
    })
    .await?;
    Ok(Draft::of_answer(answer, &names, &visit.l))
}

async fn show(State(front): State<Arc<Front>>, visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    shown(&load(&front, &visit, id).await?.page(&visit, Faults::default()))
}

async fn insert(visit: Visit, Form(form): Form<Fields>) -> Result<Response, Error> {
    save(&visit, None, &form).await
}

async fn update(visit: Visit, Path(id): Path<i64>, Form(form): Form<Fields>) -> Result<Response, Error> {
    save(&visit, Some(id), &form).await
}

async fn save(visit: &Visit, id: Option<i64>, form: &Fields) -> Result<Response, Error> {
    let draft = Draft::of_fields(id, form);
    let written = draft.written();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let saved = attempt(move || match id {
        None => workspace.insert_answer(&actor, written),
        Some(id) => workspace.update_answer(&actor, id, written),
    })
    .await?;
    match saved {
        Ok(_) => Ok(done_at(PATH, "answer-saved")),
        Err(error) if error.cause() == Cause::Missing => Err(Error::new(Code::NotFound)),
        Err(error) => {
            let faults = faults_of(&error, &visit.l).ok_or_else(|| Error::from(error))?;
            refused(&draft.page(visit, faults))
        }
    }
}

/// What of an error the form can show; `None` for everything else.
fn faults_of(error: &AppError, l: &Locale) -> Option<Faults> {
    let limited = |field: &str, max: usize| {
        let text = l.count(&format!("answers-error-{field}"), u64::try_from(max).unwrap_or(u64::MAX));
        Some(Faults::one(field, text))
    };
    match error {
        AppError::Invalid { field: "question", .. } => {
            let text = [("count", QUESTION_CHARS_MAX.into()), ("answers", ANSWERS_MAX.into())];
            Some(Faults::one("question", l.text_with("answers-error-question", &text)))
        }
        AppError::Invalid { field: "answer", .. } => limited("answer", ANSWER_CHARS_MAX),
        AppError::Invalid { field: "wordings", .. } => limited("wordings", WORDINGS_MAX),
        AppError::Store(_) if error.cause() == Cause::Taken => {
            Some(Faults::one("question", l.text("answers-error-taken")))
        }
        _ => None,
    }
}

async fn ask_archive(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let draft = load(&front, &visit, id).await?;
    let l = visit.l.clone();
    shown(&Confirm {
        page: visit.page(l.named("answers-archive-title", &draft.question), Some(Room::Answers)),
        text: l.text("answers-archive-text"),
        points: Vec::new(),
        action: format!("{PATH}/{id}/archive"),
        fields: Vec::new(),
        yes: l.text("answers-archive"),
        back: format!("{PATH}/{id}"),
        l,
    })
}

async fn archive(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    match attempt(move || workspace.archive_answer(&actor, id)).await? {
        Ok(()) => Ok(done_at(PATH, "answer-archived")),
        Err(error) if error.cause() == Cause::Missing => Err(Error::new(Code::NotFound)),
        Err(error) => Err(error.into()),
    }
}
