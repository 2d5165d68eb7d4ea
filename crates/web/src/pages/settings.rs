//! `/settings`: brand handbook, people, API tokens, data, audit, own account.

mod account;
mod audit;
mod data;
mod handbook;
mod password;
mod people;
mod tokens;

use crate::components::Tab;
use crate::front::{Route, Visit};
use crate::layout::{Page, Room};
use model::Permission;

/// The routes of every tab.
pub fn routes() -> Vec<Route> {
    let mut routes = handbook::routes();
    routes.extend(people::routes());
    routes.extend(tokens::routes());
    routes.extend(data::routes());
    routes.extend(audit::routes());
    routes.extend(account::routes());
    routes.extend(password::routes());
    routes
}

/// The tabs: word, address, what one must be allowed to see it.
const TABS: [(&str, &str, Permission); 6] = [
    ("handbook", "/settings", Permission::Read),
    ("people", "/settings/people", Permission::EditPeople),
    ("tokens", "/settings/tokens", Permission::Read),
    ("data", "/settings/data", Permission::EditData),
    ("audit", "/settings/audit", Permission::EditData),
    ("account", "/settings/account", Permission::Read),
];

/// The tabs that a reader may see.
fn tabs(visit: &Visit, current: &str) -> Vec<Tab> {
    TABS.into_iter()
        .filter(|(_, _, permission)| visit.actor.may(*permission))
        .map(|(word, href, _)| Tab {
            label: visit.l.word("settings-tab", word),
            href: href.to_owned(),
            count: None,
            current: word == current,
        })
        .collect()
}

/// The frame of a tab.
fn page(visit: &Visit, tab: &str) -> Page {
    visit.page(visit.l.word("settings-tab", tab), Some(Room::Settings))
}
