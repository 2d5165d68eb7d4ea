//! Whose engagement a campaign had: organic, coordinated or inactive.
//!
//! In: an expression that finds the campaign's posts; reshares, quotes and
//! answers that it finds are its engagement. Out: [`CampaignAudit`]: shares
//! with intervals, the groups in it, and how it was done.
//! Errors: [`AppError::Query`]; [`AppError::Invalid`] when groups were never
//! looked for: without them everybody would seem organic.
//! Cost: three passes over columns of the index, and one record per account of
//! whom nothing else is held.
//! Limits: [`ENGAGERS_MAX`]; likes are not known by account. An account is
//! inactive only where its network told how many posts it ever wrote: that we
//! hold no other post of it proves nothing.

use crate::coordination::workspace::decisions::Memory;
use crate::coordination::workspace::kept::Kept;
use crate::listening::{Workspace, parse_or_all};
use crate::{Actor, AppError};
use analysis::coordination::audit::{Audit, Engager, INACTIVE_DAYS, audit};
use analysis::coordination::measured::Interval;
use model::query::Expr;
use model::time::DAY_MS;
use model::{Permission, Strength, Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use store::index::{AuthorActivity, AuthorsRequest, Labels};

/// Most accounts of a campaign that are told apart, those with most posts in it.
pub const ENGAGERS_MAX: usize = 200_000;
/// Accounts of whom nothing else is held, whose own record is read.
const DESCRIBED_MAX: usize = 20_000;
/// Name of the method.
pub const AUDIT_METHOD: &str = "campaign-engagers";
/// Version of the method.
pub const AUDIT_METHOD_VERSION: u32 = 1;

/// A share with its 95 % interval, 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ShareView {
    /// The share.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl From<Interval> for ShareView {
    fn from(interval: Interval) -> Self {
        Self { share: interval.share, low: interval.low, high: interval.high }
    }
}

/// One class among those who engaged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignClass {
    /// A word of [`analysis::coordination::audit::EngagerClass`]: `organic`, `coordinated`, `inactive`, `unknown`.
    pub class: &'static str,
    /// Accounts.
    pub accounts: u64,
    /// Their posts in the campaign.
    pub posts: u64,
    /// Share of the accounts; `None` with too few.
    pub share_of_accounts: Option<ShareView>,
    /// Share of the posts; `None` with too few.
    pub share_of_posts: Option<ShareView>,
    /// Share of the posts if all that is unknown were of this class.
    pub share_at_most: Option<f64>,
}

/// A group in the campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignGroup {
    /// Its identifier.
    pub id: String,
    /// Its word.
    pub strength: Strength,
    /// Members that engaged.
    pub accounts: u64,
    /// Their posts in the campaign.
    pub posts: u64,
    /// True when the team dismissed it; its members then count as anybody.
    pub dismissed: bool,
}

/// Who is behind a campaign's engagement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignAudit {
    /// The expression.
    pub expression: String,
    /// Posts of the campaign.
    pub posts: u64,
    /// Accounts that engaged.
    pub accounts: u64,
    /// Accounts past [`ENGAGERS_MAX`], not looked at.
    pub accounts_left_out: u64,
    /// Posts of the campaign that the run did not look at in their present
    /// form: too old, or received or changed since.
    pub posts_not_examined: u64,
    /// The classes, in the order of [`analysis::coordination::audit::EngagerClass::ALL`].
    pub classes: Vec<CampaignClass>,
    /// The groups in it, those with most posts first.
    pub groups: Vec<CampaignGroup>,
    /// The run that said who is coordinated.
    pub run_at: Timestamp,
    /// Days without a sign of life after which an account counts as inactive.
    pub inactive_days: u32,
    /// Name of the method.
    pub method: &'static str,
    /// Its version.
    pub method_version: u32,
}

impl Workspace {
    /// Audits the engagement of a campaign.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Query`], [`AppError::Invalid`] when
    /// groups were never looked for.
    pub fn audit_campaign(&self, actor: &Actor, expression: &str) -> Result<CampaignAudit, AppError> {
        actor.require(Permission::Read)?;
        let expr = parse_or_all(expression)?;
        let kept = self.coordinated().kept().ok_or_else(|| {
            AppError::invalid("run", "look for groups first: without them everybody would seem organic")
        })?;
        let labels = self.labels_for(&[&expr])?;
        let all = AuthorsRequest { expr: &expr, labels: &labels, from: None, to: None };
        let mut authors: Vec<(String, AuthorActivity)> = self.index().authors(&all)?.into_iter().collect();
        let posts = authors.iter().map(|(_, activity)| activity.posts).sum();
        authors.sort_by(|one, two| two.1.posts.cmp(&one.1.posts).then_with(|| one.0.cmp(&two.0)));
        let accounts = authors.len() as u64;
        authors.truncate(ENGAGERS_MAX);
        let mut members = Members::of(self, &kept)?;
        let quiet = self.quiet_days(&expr, &labels, &authors)?;
        let engagers: Vec<Engager> = authors
            .iter()
            .zip(quiet)
            .map(|((author, activity), quiet_days)| Engager {
                interactions: u32::try_from(activity.posts).unwrap_or(u32::MAX),
                group: members.meet(author, activity.posts),
                quiet_days,
            })
            .collect();
        let mut posts_not_examined = 0;
        self.index().scan(&expr, &labels, |hit| {
            posts_not_examined += u64::from(hit.id > kept.upto || hit.time < kept.since);
            ControlFlow::Continue(())
        })?;
        Ok(CampaignAudit {
            expression: expression.to_owned(),
            posts,
            accounts,
            accounts_left_out: accounts - authors.len() as u64,
            posts_not_examined,
            classes: classes(&audit(&engagers)),
            groups: members.told(),
            run_at: kept.run_at,
            inactive_days: INACTIVE_DAYS,
            method: AUDIT_METHOD,
            method_version: AUDIT_METHOD_VERSION,
        })
    }

    /// Days between the last sign of each author's life outside the campaign
    /// and its last post in it; `None` when none is known.
    fn quiet_days(
        &self,
        campaign: &Expr,
        labels: &Labels,
        authors: &[(String, AuthorActivity)],
    ) -> Result<Vec<Option<u32>>, AppError> {
        let Some(first) = authors.iter().map(|(_, activity)| activity.newest).min() else {
            return Ok(Vec::new());
        };
        let other = Expr::Not(Box::new(campaign.clone()));
        let from = Some(first.plus(-i64::from(INACTIVE_DAYS) * DAY_MS));
        let elsewhere = self.index().authors(&AuthorsRequest { expr: &other, labels, from, to: None })?;
        let mut quiet = Vec::with_capacity(authors.len());
        let mut unknown = Vec::new();
        for (at, (author, activity)) in authors.iter().enumerate() {
            let seen = elsewhere.get(author).map(|other| days_between(other.newest, activity.newest));
            let seen = seen.filter(|days| *days < INACTIVE_DAYS);
            if seen.is_none() && unknown.len() < DESCRIBED_MAX {
                unknown.push((activity.newest_id, at));
            }
            quiet.push(seen);
        }
        let ids: Vec<i64> = unknown.iter().map(|(id, _)| *id).collect();
        let place: HashMap<i64, usize> = unknown.into_iter().collect();
        for chunk in ids.chunks(1_000) {
            for (id, post) in self.posts_of(chunk)? {
                let Some(at) = place.get(&id) else { continue };
                let Some(((_, activity), quiet)) = authors.get(*at).zip(quiet.get_mut(*at)) else { continue };
                // Its network says that it never wrote anything but this.
                let only_this = post.author.posts.get().is_some_and(|written| written <= activity.posts);
                let age = post.author.created_at.map(|made| days_between(made, activity.newest));
                *quiet = age.filter(|days| only_this && *days >= INACTIVE_DAYS);
            }
        }
        Ok(quiet)
    }
}

/// Whole days from one instant to a later one; 0 when it is not later.
fn days_between(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from((to.millis().saturating_sub(from.millis())) / DAY_MS).unwrap_or(0)
}

pub(crate) fn classes(audit: &Audit) -> Vec<CampaignClass> {
    audit
        .classes
        .iter()
        .map(|class| CampaignClass {
            class: class.class.name(),
            accounts: class.accounts,
            posts: class.interactions,
            share_of_accounts: class.share_of_accounts.map(ShareView::from),
            share_of_posts: class.share_of_interactions.map(ShareView::from),
            share_at_most: class.share_at_most,
        })
        .collect()
}

/// The members of known groups, and those met in a campaign.
struct Members {
    groups: Vec<CampaignGroup>,
    group_of: HashMap<String, usize>,
    met: BTreeMap<usize, (u64, u64)>,
}

impl Members {
    fn of(workspace: &Workspace, kept: &Kept) -> Result<Self, AppError> {
        let memory = Memory::load(workspace)?;
        let mut members = Self { groups: Vec::new(), group_of: HashMap::new(), met: BTreeMap::new() };
        for (at, group) in kept.report.groups.iter().enumerate() {
            members.groups.push(CampaignGroup {
                id: group.id.clone(),
                strength: group.strength,
                accounts: 0,
                posts: 0,
                dismissed: memory.is_dismissed(&group.id),
            });
            members.group_of.extend(group.members.iter().map(|member| (member.account.clone(), at)));
        }
        Ok(members)
    }

    /// Notes an author; the word of its group, unless the team dismissed that.
    fn meet(&mut self, author: &str, posts: u64) -> Option<Strength> {
        let at = *self.group_of.get(author)?;
        let (accounts, sum) = self.met.entry(at).or_default();
        *accounts += 1;
        *sum += posts;
        self.groups.get(at).filter(|group| !group.dismissed).map(|group| group.strength)
    }

    /// The groups that were met, those with most posts first.
    fn told(self) -> Vec<CampaignGroup> {
        let Self { groups, met, .. } = self;
        let mut told: Vec<CampaignGroup> = met
            .into_iter()
            .filter_map(|(at, (accounts, posts))| {
                Some(CampaignGroup { accounts, posts, ..groups.get(at)?.clone() })
            })
            .collect();
        told.sort_by(|one, two| two.posts.cmp(&one.posts).then_with(|| one.id.cmp(&two.id)));
        told
    }
}
