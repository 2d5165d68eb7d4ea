//! What the team decides of a group, signed by a person.
//!
//! In: the decision and why. Out: back to the card. Errors: the card with what
//! to correct beside the field.

use super::group;
use super::told::group_href;
use crate::components::Choice;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit};
use crate::locale::Locale;
use crate::pages::forms::{Faults, Fields, attempt, done_at};
use ::app::AppError;
use ::app::coordination::NOTE_CHARS_MAX;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use model::{GroupDecision, Permission};
use std::sync::Arc;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::POST,
        path: "/coordination/groups/{id}/decision",
        need: Need::May(Permission::Label),
        summary: "Signs what the team decides of a group",
        handler: post(decide),
    }]
}

/// What stands in the form.
#[derive(Default)]
pub(super) struct Draft {
    /// The word of a decision; empty when none is chosen.
    decision: String,
    /// Why.
    pub note: String,
}

impl Draft {
    /// The decisions to choose from.
    pub fn choices(&self, l: &Locale) -> Vec<Choice> {
        let of = |decision: GroupDecision| Choice {
            value: decision.name().to_owned(),
            label: l.word("decision", decision.name()),
            chosen: self.decision == decision.name(),
        };
        GroupDecision::ALL.map(of).to_vec()
    }

    /// What to write in the note.
    pub fn hint(&self, l: &Locale) -> String {
        l.count("group-note-hint", NOTE_CHARS_MAX as u64)
    }
}

async fn decide(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let l = &visit.l;
    let draft = Draft {
        decision: fields.trimmed("decision").to_owned(),
        note: fields.get("note").replace("\r\n", "\n"),
    };
    let Some(decision) = GroupDecision::parse(&draft.decision) else {
        let faults = Faults::one("decision", l.text("group-decision-error"));
        return group::page_of(&front, &visit, id, draft, faults).await;
    };
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (group, note) = (id.clone(), draft.note.clone());
    match attempt(move || workspace.decide_group(&actor, &group, decision, &note)).await? {
        Ok(()) => Ok(done_at(&group_href(&id), "group-decided")),
        Err(AppError::Invalid { field: "note", .. }) => {
            let faults = Faults::one("note", l.count("group-note-error", NOTE_CHARS_MAX as u64));
            group::page_of(&front, &visit, id, draft, faults).await
        }
        Err(error) => Err(error.into()),
    }
}
