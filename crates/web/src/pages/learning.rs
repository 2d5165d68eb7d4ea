//! «Enseñar»: what the team teaches, what came of it, and what is most worth a label.
//!
//! In: single corrections of a post, their undoing, a place in the list. Out:
//! the page, and after each change the page it came from. Errors: 422 for an
//! unknown question or answer, 404 for a post or correction that is not there.
//! Limits: [`PAGE_CORRECTIONS`] corrections per page.

use super::addresses::{own_path, with_done};
use super::cards::{card, post_href};
use super::forms::Fields;
use super::reading::{Names, choices, correction_words, who};
use crate::components::{Choice, PostCard};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::understanding::{CorrectionView, HeadReport, LearningReport, Outcome, Proposal, Worth};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use model::{Intent, Permission, Timestamp};
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/learning";
/// Corrections of one page.
pub const PAGE_CORRECTIONS: usize = 25;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::May(Permission::Read),
            summary: "What the team teaches, and the mentions most worth a label",
            handler: get(show),
        },
        Route {
            method: Method::POST,
            path: "/posts/{id}/corrections",
            need: Need::May(Permission::Label),
            summary: "Says that a post is something else than the method says",
            handler: post(correct),
        },
        Route {
            method: Method::POST,
            path: "/corrections/{id}/undo",
            need: Need::May(Permission::Label),
            summary: "Takes a correction back",
            handler: post(undo),
        },
    ]
}

/// A mention with its question.
struct Question {
    card: PostCard,
    id: i64,
    head: &'static str,
    /// Why it is proposed.
    why: String,
    /// What is asked.
    ask: String,
    answers: Vec<Choice>,
}

/// Before and after of one question.
struct Row {
    name: String,
    judged: u64,
    before: String,
    after: String,
    /// What may be said of it.
    text: String,
    outcome: &'static str,
}

/// How much a person counts.
struct Person {
    name: String,
    weight: String,
    share: String,
}

/// One correction of the list.
struct Line {
    id: i64,
    post: Option<(String, String)>,
    words: String,
    who: String,
    when: String,
    /// It judges and does not teach.
    held_out: bool,
    /// When it was taken back.
    undone: Option<String>,
}

#[derive(Template)]
#[template(path = "learning/learning.html")]
struct Learning<'a> {
    page: &'a Page,
    l: &'a Locale,
    questions: Vec<Question>,
    may_label: bool,
    standing: u64,
    teaching: u64,
    judging: u64,
    rows: Vec<Row>,
    people: Vec<Person>,
    conflicts: u64,
    lines: Vec<Line>,
    next: Option<String>,
    first: bool,
}

/// Shows the page.
async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Html<String>, Error> {
    let now = front.app.now();
    let before = fields.number::<i64>("before");
    let may_label = visit.actor.may(Permission::Label);
    let (app, workspace, actor) = (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
    let (report, proposals, corrections, names) = work(move || {
        Ok((
            workspace.learning_report(&actor)?,
            if may_label && before.is_none() { workspace.worth_labelling(&actor, "")? } else { Vec::new() },
            workspace.list_corrections(&actor, before, PAGE_CORRECTIONS + 1)?,
            app.list_names(&actor, workspace.info().id)?,
        ))
    })
    .await?;
    let l = &visit.l;
    let page = visit.page(l.text("learning-title"), Some(Room::Learning));
    let more = corrections.len() > PAGE_CORRECTIONS;
    let shown = corrections.get(..PAGE_CORRECTIONS).unwrap_or(&corrections);
    let next = shown.last().filter(|_| more).map(|last| format!("{PATH}?before={}#corrections", last.id));
    let template = Learning {
        page: &page,
        l,
        questions: proposals.iter().map(|proposal| question(proposal, now, l)).collect(),
        may_label,
        standing: report.standing,
        teaching: report.teaching,
        judging: report.standing.saturating_sub(report.teaching),
        rows: report.heads.iter().map(|head| row(head, l)).collect(),
        people: people(&report, &names, l),
        conflicts: report.conflicts,
        lines: shown.iter().map(|correction| line(correction, &names, now, l)).collect(),
        next,
        first: before.is_none(),
    };
    Ok(Html(template.render()?))
}

fn question(proposal: &Proposal, now: Timestamp, l: &Locale) -> Question {
    let (head, intent, why) = match proposal.worth {
        Worth::Random => ("tone", None, l.text("worth-random")),
        Worth::Unsure { head, value, probability } => {
            let intent = (head == "intent").then(|| Intent::parse(value)).flatten();
            let arguments = [
                ("question", l.word("head", head).to_lowercase().into()),
                ("value", l.word(head, value).to_lowercase().into()),
                ("percent", l.percent(f64::from(probability), 0).into()),
            ];
            (head, intent, l.text_with("worth-unsure", &arguments))
        }
    };
    let ask = match intent {
        Some(intent) => l.word("intent-ask", intent.name()),
        None => l.word("ask", head),
    };
    Question {
        card: card(&proposal.view, now, l),
        id: proposal.view.id,
        head,
        why,
        ask,
        answers: choices(head, intent, l),
    }
}

fn row(report: &HeadReport, l: &Locale) -> Row {
    let share = |right: u64| {
        // Counts stay far below 2^52, so the division is exact enough.
        let ratio = right as f64 / report.judged.max(1) as f64;
        l.text_with(
            "learning-right",
            &[
                ("right", right.into()),
                ("judged", report.judged.into()),
                ("percent", l.percent(ratio, 0).into()),
            ],
        )
    };
    let outcome = report.outcome();
    let text = match outcome {
        Outcome::TooFew => l.count("outcome-too-few", report.judged),
        Outcome::Undecided => l.count("outcome-undecided", report.judged),
        Outcome::Better => l.count("outcome-better", report.judged),
        Outcome::Worse => l.count("outcome-worse", report.judged),
    };
    Row {
        name: l.word("head", report.head),
        judged: report.judged,
        before: share(report.right_before),
        after: share(report.right_after),
        text,
        outcome: outcome.name(),
    }
}

fn people(report: &LearningReport, names: &Names, l: &Locale) -> Vec<Person> {
    let all: f32 = report.weights.iter().map(|(_, weight)| weight).sum();
    let person = |(by, weight): &(Option<i64>, f32)| Person {
        name: who(*by, names, l),
        weight: l.decimal(f64::from(*weight), 1),
        share: if all > 0.0 { l.percent(f64::from(weight / all), 0) } else { l.text("missing-value") },
    };
    report.weights.iter().map(person).collect()
}

fn line(correction: &CorrectionView, names: &Names, now: Timestamp, l: &Locale) -> Line {
    let post = |id: i64| (post_href(id), l.text_with("learning-post", &[("number", id.to_string().into())]));
    Line {
        id: correction.id,
        post: correction.post.map(post),
        words: correction_words(&correction.head, &correction.value, l),
        who: who(correction.by, names, l),
        when: l.ago(correction.at, now),
        held_out: correction.held_out,
        undone: correction
            .undone_at
            .map(|at| l.text_with("learning-undone", &[("when", l.ago(at, now).into())])),
    }
}

/// Corrects a post and goes back to where the form was.
async fn correct(visit: Visit, Path(id): Path<i64>, Form(fields): Form<Fields>) -> Result<Redirect, Error> {
    let (head, value) = (fields.trimmed("head").to_owned(), fields.trimmed("value").to_owned());
    let here = post_href(id);
    let next = match fields.trimmed("next") {
        "" => here,
        next => own_path(next).to_owned(),
    };
    let place = place(&fields);
    work(move || visit.workspace.correct(&visit.actor, id, &head, &value)).await?;
    Ok(Redirect::to(&format!("{}{place}", with_done(&next, "corrected"))))
}

/// Takes a correction back and goes back to where the form was.
async fn undo(visit: Visit, Path(id): Path<i64>, Form(fields): Form<Fields>) -> Result<Redirect, Error> {
    let next = match fields.trimmed("next") {
        "" => PATH.to_owned(),
        next => own_path(next).to_owned(),
    };
    let place = place(&fields);
    work(move || visit.workspace.undo_correction(&visit.actor, id)).await?;
    Ok(Redirect::to(&format!("{}{place}", with_done(&next, "correction-undone"))))
}

/// Where on the page the form stood, as `#place`.
fn place(fields: &Fields) -> String {
    let place = fields.trimmed("place");
    let plain = !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if plain { format!("#{place}") } else { String::new() }
}
