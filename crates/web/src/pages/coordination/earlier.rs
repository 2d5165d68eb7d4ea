//! An earlier group that the last search did not find again: what is
//! remembered of it, and where its accounts are now.
//!
//! In: an earlier group and its decisions. Out: the page.

use super::PATH;
use super::told::{self, Signed, group_href};
use crate::errors::Error;
use crate::front::Visit;
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::forms::shown;
use ::app::coordination::{DecisionView, EarlierGroup};
use askama::Template;
use axum::response::Response;

/// An earlier group in a list.
pub(super) struct Row {
    /// Its page.
    pub href: String,
    /// Its identifier.
    pub id: String,
    /// How many accounts, and when it was seen.
    pub says: String,
    /// What the team decided of it.
    pub decision: Option<Signed>,
}

/// Earlier groups as a list.
pub(super) fn rows(groups: &[EarlierGroup], l: &Locale) -> Vec<Row> {
    let row = |group: &EarlierGroup| Row {
        href: group_href(&group.id),
        id: group.id.clone(),
        says: says(group, l),
        decision: group.decision.as_ref().map(|view| told::signed(view, l)),
    };
    groups.iter().map(row).collect()
}

fn says(group: &EarlierGroup, l: &Locale) -> String {
    let accounts = l.count("unit-accounts", group.accounts);
    l.text_with("earlier-says", &[("accounts", accounts.into()), ("when", l.date(group.seen_at).into())])
}

#[derive(Template)]
#[template(path = "coordination/earlier.html")]
struct Earlier<'a> {
    page: &'a Page,
    l: &'a Locale,
    list: &'static str,
    id: &'a str,
    says: String,
    now: Vec<(String, String, String)>,
    past: Vec<Signed>,
}

/// The page of an earlier group.
pub(super) fn page_of(visit: &Visit, group: &EarlierGroup, past: &[DecisionView]) -> Result<Response, Error> {
    let l = &visit.l;
    let page = visit.page(l.text("earlier-title"), Some(Room::Coordination));
    let now = group.now.iter().map(|(id, shared)| {
        let accounts = l.count("unit-accounts", *shared);
        (group_href(id), id.clone(), l.text_with("earlier-shared", &[("accounts", accounts.into())]))
    });
    shown(&Earlier {
        page: &page,
        l,
        list: PATH,
        id: &group.id,
        says: says(group, l),
        now: now.collect(),
        past: past.iter().map(|view| told::signed(view, l)).collect(),
    })
}
