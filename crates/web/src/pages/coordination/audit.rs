//! The audit of a campaign: which part of its engagement is organic,
//! coordinated, inactive, or not known.
//!
//! In: an expression. Out: shares with intervals, the groups that take part,
//! the method. Errors: the form again with what to correct.

use super::told::{Word, group_href};
use crate::charts::Drawing;
use crate::charts::beside::share_interval;
use crate::components::plain_line;
use crate::errors::Error;
use crate::front::{Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::addresses::address;
use crate::pages::forms::{Fields, shown};
use crate::pages::query_problem::QueryProblem;
use ::app::AppError;
use ::app::coordination::{CampaignAudit, CampaignClass, ShareView};
use askama::Template;
use axum::extract::Query;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use model::Permission;
use std::sync::Arc;

/// Address of the page.
const PATH: &str = "/coordination/audit";

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: PATH,
        need: Need::May(Permission::Read),
        summary: "Who is behind the engagement of a campaign",
        handler: get(show),
    }]
}

/// One class of engagement.
struct ClassRow {
    name: String,
    means: String,
    posts: String,
    posts_share: Option<(String, Drawing)>,
    accounts: String,
    accounts_share: Option<String>,
    at_most: Option<String>,
}

fn between(view: ShareView, l: &Locale) -> String {
    let told = [("share", view.share), ("low", view.low), ("high", view.high)];
    l.text_with("campaign-between", &told.map(|(name, share)| (name, l.percent(share, 0).into())))
}

fn class_row(class: &CampaignClass, l: &Locale) -> ClassRow {
    let drawn = |view: ShareView| (between(view, l), share_interval(view.share, view.low, view.high));
    ClassRow {
        name: l.word("engager", class.class),
        means: l.word("engager-means", class.class),
        posts: l.integer(class.posts),
        posts_share: class.share_of_posts.map(drawn),
        accounts: l.integer(class.accounts),
        accounts_share: class.share_of_accounts.map(|view| between(view, l)),
        at_most: class.share_at_most.map(|share| l.percent(share, 0)),
    }
}

/// A group that takes part.
struct GroupRow {
    href: String,
    id: String,
    word: Word,
    says: String,
    dismissed: bool,
}

/// The audit, told.
struct Told {
    says: Option<String>,
    notes: Vec<String>,
    classes: Vec<ClassRow>,
    groups: Vec<GroupRow>,
    posts_href: String,
    method: String,
}

fn told(audit: &CampaignAudit, l: &Locale) -> Told {
    let (posts, accounts) = (l.count("unit-posts", audit.posts), l.count("unit-accounts", audit.accounts));
    let coordinated = audit.classes.iter().find(|class| class.class == "coordinated");
    let share = coordinated.and_then(|class| class.share_of_posts);
    let says = share.map(|view| {
        l.text_with(
            "campaign-says",
            &[
                ("posts", posts.clone().into()),
                ("accounts", accounts.clone().into()),
                ("share", l.percent(view.share, 0).into()),
                ("low", l.percent(view.low, 0).into()),
                ("high", l.percent(view.high, 0).into()),
            ],
        )
    });
    let counted = [
        ("campaign-accounts-left-out", audit.accounts_left_out),
        ("campaign-not-examined", audit.posts_not_examined),
    ];
    let mut notes: Vec<String> =
        counted.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| l.count(key, count)).collect();
    notes.push(l.text_with("coordination-last-run", &[("when", l.date_time(audit.run_at).into())]));
    let group = |one: &::app::coordination::CampaignGroup| GroupRow {
        href: group_href(&one.id),
        id: one.id.clone(),
        word: Word::of(one.strength, l),
        says: l.text_with(
            "campaign-group-says",
            &[
                ("posts", l.count("unit-posts", one.posts).into()),
                ("accounts", l.count("unit-accounts", one.accounts).into()),
            ],
        ),
        dismissed: one.dismissed,
    };
    let method = [("name", audit.method.into()), ("version", audit.method_version.into())];
    Told {
        says,
        notes,
        classes: audit.classes.iter().map(|class| class_row(class, l)).collect(),
        groups: audit.groups.iter().map(group).collect(),
        posts_href: address("/explorer", &[("q", &audit.expression), ("period", "all")]),
        method: l.text_with("campaign-method-name", &method),
    }
}

/// What came of asking.
enum Outcome {
    NotAsked,
    Wrong(QueryProblem),
    NeverRun,
    Nothing,
    Found(Told),
}

#[derive(Template)]
#[template(path = "coordination/audit.html")]
struct Show<'a> {
    page: &'a Page,
    l: &'a Locale,
    list: &'static str,
    path: &'static str,
    q: &'a str,
    outcome: Outcome,
}

async fn show(visit: Visit, Query(fields): Query<Fields>) -> Result<Response, Error> {
    let l = &visit.l;
    let q = fields.trimmed("q").to_owned();
    let outcome = if q.is_empty() { Outcome::NotAsked } else { ask(&visit, &q).await? };
    let title = if q.is_empty() { l.text("campaign-title") } else { l.named("campaign-of", &plain_line(&q)) };
    let page = visit.page(title, Some(Room::Coordination));
    shown(&Show { page: &page, l, list: super::PATH, path: PATH, q: &q, outcome })
}

async fn ask(visit: &Visit, q: &str) -> Result<Outcome, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let expression = q.to_owned();
    let found = work(move || match workspace.audit_campaign(&actor, &expression) {
        // Without a run everybody would seem organic.
        Err(AppError::Invalid { .. }) => Ok(None),
        Err(AppError::Query(error)) => Ok(Some(Err(error))),
        other => other.map(|audit| Some(Ok(audit))),
    })
    .await?;
    Ok(match found {
        None => Outcome::NeverRun,
        Some(Err(error)) => Outcome::Wrong(QueryProblem::new(q, &error, &visit.l)),
        Some(Ok(audit)) if audit.posts == 0 => Outcome::Nothing,
        Some(Ok(audit)) => Outcome::Found(told(&audit, &visit.l)),
    })
}
