//! An author: the account, what they said, how and when.
//!
//! In: `network:native id`. Out: the page. Errors: 404 when we hold none of
//! their posts. The way to erase them is shown to those who may.

use super::addresses::address;
use super::cards::cards;
use super::filters::Filters;
use super::overview::Figures;
use super::post::Fact;
use crate::components::post_card::{OutwardLink, account_name, outward};
use crate::components::{PostCard, initials, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Html;
use axum::routing::get;
use model::{Account, Network, Permission};
use std::sync::Arc;

/// Fewest posts that say something about habits; with fewer, no charts.
pub const CHART_POSTS_MIN: u64 = 5;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/authors/{*key}",
        need: Need::May(Permission::Read),
        summary: "An author with their posts",
        handler: get(show),
    }]
}

#[derive(Template)]
#[template(path = "author/author.html")]
struct Author<'a> {
    page: &'a Page,
    l: &'a Locale,
    initials: String,
    network: Network,
    handle: Option<String>,
    bio: Option<String>,
    verified: bool,
    automated: bool,
    original: Option<OutwardLink>,
    facts: Vec<Fact>,
    figures: Figures,
    posts: Vec<PostCard>,
    total: u64,
    all_href: String,
    erase_href: Option<String>,
}

impl Author<'_> {
    fn has_charts(&self) -> bool {
        self.total >= CHART_POSTS_MIN
    }
}

/// Shows an author.
async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Html<String>, Error> {
    let now = front.app.now();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let asked = key.clone();
    let found = work(move || workspace.load_author(&actor, &asked, None)).await?;
    let l = &visit.l;
    let account = &found.account;
    let name = account_name(account, l);
    let page = visit.page(name.clone(), Some(Room::Explorer));
    let filters = Filters {
        of: "all".to_owned(),
        q: format!("author:\"{}\"", account.key.to_text().replace('"', "")),
        ..Filters::everything()
    };
    let mut figures = Figures::of(&found.overview, &filters, &[], l);
    // Share of voice, authors and comparisons say nothing about one author.
    figures.tiles.truncate(2);
    figures.tiles.iter_mut().for_each(|tile| tile.change = None);
    let erase = address("/settings/data/erase", &[("account", &account.key.to_text())]);
    let template = Author {
        page: &page,
        l,
        initials: initials(&name),
        network: account.key.network,
        handle: account.handle.as_deref().map(plain_line),
        bio: account.bio.clone().filter(|bio| !bio.trim().is_empty()),
        verified: account.verified == Some(true),
        automated: account.automated == Some(true),
        original: account.url.as_deref().and_then(outward),
        facts: facts(account, l),
        figures,
        posts: cards(&found.posts.posts, now, l),
        total: found.posts.total,
        all_href: filters.explorer(),
        erase_href: visit.actor.may(Permission::EditData).then_some(erase),
    };
    Ok(Html(template.render()?))
}

fn facts(account: &Account, l: &Locale) -> Vec<Fact> {
    vec![
        Fact::text(l.text("author-identifier"), Some(plain_line(account.key.native_id.as_str())), l),
        Fact::count(l.text("post-followers"), account.followers, l),
        Fact::count(l.text("author-following"), account.following, l),
        Fact::count(l.text("author-posts-ever"), account.posts, l),
        Fact::text(l.text("author-created"), account.created_at.map(|at| l.date(at)), l),
    ]
}
