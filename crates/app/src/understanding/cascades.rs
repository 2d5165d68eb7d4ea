//! Cascades of copies: what is said again and again, where it appeared first,
//! how it changed, who spread it.
//!
//! In: an expression or the number of a cascade (the record id of the post
//! that began it). Out: counts and views. A post joins its cascade when it
//! arrives, compared with the newest [`HOT_POSTS_MAX`] posts of the archive.
//! Errors: [`AppError`].
//! Cost: a list is one pass over the matching posts; a page reads at most
//! [`MEMBERS_MAX`] members.
//! Limits: cascades never merge; what arrives in the wrong order keeps the
//! number of the post that *arrived* first, while pages show the earliest by time.

use crate::listening::{OverviewView, PostView, Span, Workspace, parse_or_all};
use crate::{Actor, AppError};
use analysis::copies::{self, Copies, Member, Signature, difference, mutation_tree};
use model::query::{Expr, Field};
use model::{Network, Permission, Timestamp};
use std::collections::BTreeMap;
use store::index::{CascadesRequest, Labels, Order, SearchRequest};

/// Newest posts that a new one is compared with; 300 bytes each.
pub const HOT_POSTS_MAX: usize = 1_000_000;
/// Most cascades of a list.
pub const CASCADES_MAX: usize = 50;
/// Most members of a cascade that a page shows, oldest first.
pub const MEMBERS_MAX: usize = 200;
const HOUR_MS: i64 = model::time::HOUR_MS;

/// A cascade in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CascadeView {
    /// Its number.
    pub cascade: i64,
    /// Members among the posts asked about.
    pub posts: u64,
    /// All members.
    pub total: u64,
    /// The earliest of all members.
    pub first: PostView,
    /// Time of the newest of all members.
    pub last: Timestamp,
}

/// Where a cascade appeared on one network first.
#[derive(Debug, Clone, serde::Serialize)]
pub struct FirstAppearance {
    /// The network.
    pub network: Network,
    /// The post.
    pub post: PostView,
}

/// How a member came from an earlier one.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Mutation {
    /// Record id of the later post.
    pub child: i64,
    /// Record id of the most similar earlier one.
    pub parent: i64,
    /// Share of what they have in common, 0…1.
    pub similarity: f32,
    /// Words that stayed, went and came.
    pub changes: Vec<Change>,
}

/// Words of a changed text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "what", content = "text", rename_all = "snake_case")]
pub enum Change {
    /// In both texts.
    Same(String),
    /// Only in the earlier.
    Removed(String),
    /// Only in the later.
    Added(String),
}

/// How fast a cascade grew.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Speed {
    /// Posts within an hour of the first.
    pub first_hour: u64,
    /// Most posts in one hour (UTC).
    pub peak_hour: u64,
    /// The hour of the peak.
    pub peak_at: Timestamp,
    /// From the first post to half of all, ms.
    pub half_ms: i64,
}

/// Everything about one cascade.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CascadePage {
    /// Its number.
    pub cascade: i64,
    /// Figures of all members; its authors are the amplifiers.
    pub overview: OverviewView,
    /// The earliest members, at most [`MEMBERS_MAX`].
    pub members: Vec<PostView>,
    /// Where it appeared first on each network, earliest first.
    pub firsts: Vec<FirstAppearance>,
    /// How the members shown came from one another; exact copies without changes are left out.
    pub mutations: Vec<Mutation>,
    /// Members shown that say exactly what an earlier one said.
    pub exact_copies: u64,
    /// How fast it grew; `None` with fewer than two posts.
    pub speed: Option<Speed>,
}

/// What is known of a post's text from before.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SeenBefore {
    /// The cascade.
    pub cascade: i64,
    /// All members, this post included.
    pub total: u64,
    /// Members earlier than this post.
    pub earlier: u64,
    /// The earliest member.
    pub first: PostView,
}

impl Workspace {
    /// The cascades with the most members among the posts that match, in a span of time.
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::Forbidden`].
    pub fn cascades(
        &self,
        actor: &Actor,
        expression: &str,
        span: Option<Span>,
        limit: usize,
    ) -> Result<Vec<CascadeView>, AppError> {
        actor.require(Permission::Read)?;
        let expr = parse_or_all(expression)?;
        let found = self.index().cascades(&CascadesRequest {
            expr: &expr,
            labels: &self.labels_for(&[&expr])?,
            from: span.map(|span| span.from),
            to: span.map(|span| span.to),
            top_n: limit.clamp(1, CASCADES_MAX),
        })?;
        let mut views = Vec::with_capacity(found.len());
        for entry in found {
            let Some((first, last, total)) = self.ends_of(entry.cascade)? else { continue };
            views.push(CascadeView { cascade: entry.cascade, posts: entry.posts, total, first, last });
        }
        Ok(views)
    }

    /// One cascade.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when none of its posts is there.
    pub fn load_cascade(&self, actor: &Actor, cascade: i64) -> Result<CascadePage, AppError> {
        actor.require(Permission::Read)?;
        let members = self.members(cascade, Order::Oldest, MEMBERS_MAX)?.0;
        if members.is_empty() {
            return Err(AppError::NotFound { what: "cascade", name: cascade.to_string() });
        }
        let overview = self.overview(actor, &format!("cascade:{cascade}"), None)?;
        let (mutations, exact_copies) = mutations_of(&members);
        Ok(CascadePage {
            cascade,
            firsts: self.firsts(cascade, &overview)?,
            speed: self.speed(cascade, &overview)?,
            overview,
            mutations,
            exact_copies,
            members,
        })
    }

    /// What is known of a post's text from before; `None` when it is the only one of its kind.
    pub(crate) fn seen_before(&self, view: &PostView) -> Result<Option<SeenBefore>, AppError> {
        let Some(cascade) = self.index().cascades_of(&[view.id])?.remove(&view.id) else {
            return Ok(None);
        };
        let Some((first, _, total)) = self.ends_of(cascade)?.filter(|(_, _, total)| *total > 1) else {
            return Ok(None);
        };
        let before = Expr::Field(Field::Cascade(cascade)).and(Expr::Field(Field::Until(view.time)));
        let earlier = self.index().count(&before, &Labels::new())?;
        Ok(Some(SeenBefore { cascade, total, earlier, first }))
    }

    /// The earliest member, the time of the newest, and the number of members.
    fn ends_of(&self, cascade: i64) -> Result<Option<(PostView, Timestamp, u64)>, AppError> {
        let (first, total) = self.members(cascade, Order::Oldest, 1)?;
        let (last, _) = self.members(cascade, Order::Newest, 1)?;
        let last = last.first().map(|view| view.time);
        Ok(first.into_iter().next().zip(last).map(|(first, last)| (first, last, total)))
    }

    /// The earliest member of a cascade.
    pub(crate) fn first_member(&self, cascade: i64) -> Result<Option<PostView>, AppError> {
        Ok(self.members(cascade, Order::Oldest, 1)?.0.into_iter().next())
    }

    fn members(&self, cascade: i64, order: Order, limit: usize) -> Result<(Vec<PostView>, u64), AppError> {
        self.first_of(&Expr::Field(Field::Cascade(cascade)), order, limit)
    }

    fn first_of(&self, expr: &Expr, order: Order, limit: usize) -> Result<(Vec<PostView>, u64), AppError> {
        let labels = Labels::new();
        let page =
            self.index().search(&SearchRequest { expr, labels: &labels, order, limit, after: None })?;
        let ids: Vec<i64> = page.hits.iter().map(|hit| hit.id).collect();
        Ok((self.views(&ids, None)?, page.total))
    }

    fn firsts(&self, cascade: i64, overview: &OverviewView) -> Result<Vec<FirstAppearance>, AppError> {
        let mut firsts = Vec::new();
        for (network, _) in &overview.networks {
            let expr = Expr::Field(Field::Cascade(cascade)).and(Expr::Field(Field::Network(*network)));
            let first = self.first_of(&expr, Order::Oldest, 1)?.0.into_iter().next();
            firsts.extend(first.map(|post| FirstAppearance { network: *network, post }));
        }
        firsts.sort_by_key(|first| first.post.time);
        Ok(firsts)
    }

    fn speed(&self, cascade: i64, overview: &OverviewView) -> Result<Option<Speed>, AppError> {
        let mut times = Vec::new();
        let expr = Expr::Field(Field::Cascade(cascade));
        self.index().scan(&expr, &Labels::new(), |hit| {
            times.push(hit.time);
            std::ops::ControlFlow::Continue(())
        })?;
        let half = times.len().div_ceil(2).saturating_sub(1);
        let (Some(first), Some(middle)) = (times.first(), times.get(half)) else { return Ok(None) };
        if overview.total < 2 {
            return Ok(None);
        }
        let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
        for time in &times {
            *hours.entry(time.millis().div_euclid(HOUR_MS)).or_default() += 1;
        }
        let peak = hours.iter().max_by_key(|(hour, posts)| (**posts, std::cmp::Reverse(**hour)));
        Ok(peak.map(|(hour, posts)| Speed {
            first_hour: times.partition_point(|time| *time < first.plus(HOUR_MS)) as u64,
            peak_hour: *posts,
            peak_at: Timestamp::from_millis(hour * HOUR_MS),
            half_ms: middle.millis() - first.millis(),
        }))
    }

    /// Reads the signatures of the newest posts into memory: at the start.
    pub(crate) fn load_copies(&self) -> Result<(), AppError> {
        let mut copies = Copies::new(HOT_POSTS_MAX);
        self.index().newest_signatures(HOT_POSTS_MAX, |stored| {
            if let Some(signature) = Signature::from_bytes(&stored.signature) {
                copies.insert(stored.id, stored.cascade, &signature);
            }
        })?;
        *self.copies() = copies;
        Ok(())
    }

    /// Compares with nothing from now on: the index is made anew.
    pub(crate) fn forget_copies(&self) {
        *self.copies() = Copies::new(HOT_POSTS_MAX);
    }
}

/// How members came from one another, and how many only repeat.
fn mutations_of(members: &[PostView]) -> (Vec<Mutation>, u64) {
    let texts: Vec<String> = members.iter().map(|view| view.post.full_text().into_owned()).collect();
    let told: Vec<Member<'_>> = members
        .iter()
        .zip(&texts)
        .map(|(view, text)| Member { id: view.id, time: view.time, text })
        .collect();
    let text_of = |id: i64| told.iter().find(|member| member.id == id).map_or("", |member| member.text);
    let mut exact_copies = 0;
    let mut mutations = Vec::new();
    for edge in mutation_tree(&told) {
        let changes: Vec<Change> = difference(text_of(edge.parent), text_of(edge.child))
            .into_iter()
            .map(|piece| match piece.change {
                copies::Change::Same => Change::Same(piece.text.to_owned()),
                copies::Change::Removed => Change::Removed(piece.text.to_owned()),
                copies::Change::Added => Change::Added(piece.text.to_owned()),
            })
            .collect();
        if changes.iter().all(|change| matches!(change, Change::Same(_))) {
            exact_copies += 1;
        } else {
            let (child, parent, similarity) = (edge.child, edge.parent, edge.similarity);
            mutations.push(Mutation { child, parent, similarity, changes });
        }
    }
    (mutations, exact_copies)
}
