//! Whose engagement a campaign had, in plain files.
//!
//! In: [`Observed::auditing`] and the groups found in it. Out: [`FileAudit`].
//! Errors: none. Limits: what is not in the files is not known: an account
//! counts as organic only where the files show a life outside the campaign.

use crate::coordination::observed::Observed;
use crate::coordination::report::views::Report;
use crate::coordination::workspace::campaign::{AUDIT_METHOD, AUDIT_METHOD_VERSION, CampaignClass, classes};
use analysis::coordination::audit::{Engager, INACTIVE_DAYS, audit};
use model::Strength;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Who is behind a campaign's engagement, as files show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileAudit {
    /// Posts of the campaign, reshares included.
    pub posts: u64,
    /// Accounts that engaged.
    pub accounts: u64,
    /// Organic, coordinated, inactive, unknown.
    pub classes: Vec<CampaignClass>,
    /// Groups in it: name, word, accounts that engaged.
    pub groups: Vec<(String, Strength, u64)>,
    /// Days without a sign of life after which an account counts as inactive.
    pub inactive_days: u32,
    /// Name of the method.
    pub method: &'static str,
    /// Its version.
    pub method_version: u32,
}

impl FileAudit {
    /// Audits the posts that were marked.
    pub fn of(observed: &Observed, report: &Report) -> Self {
        let mut members: HashMap<&str, usize> = HashMap::new();
        for (at, group) in report.groups.iter().enumerate() {
            members.extend(group.members.iter().map(|member| (member.account.as_str(), at)));
        }
        // By account: posts in the campaign, the last of them, the last elsewhere before it.
        let mut engaged: BTreeMap<u32, (u32, u32, Option<u32>)> = BTreeMap::new();
        for post in observed.posts.iter().filter(|post| post.campaign) {
            let (posts, newest, _) = engaged.entry(post.account).or_default();
            (*posts, *newest) = (*posts + 1, post.time.max(*newest));
        }
        for post in observed.posts.iter().filter(|post| !post.campaign) {
            if let Some((_, newest, elsewhere)) = engaged.get_mut(&post.account) {
                *elsewhere = Some(elsewhere.unwrap_or(0).max(post.time.min(*newest)));
            }
        }
        let mut met: BTreeMap<usize, u64> = BTreeMap::new();
        let engagers: Vec<Engager> = engaged
            .iter()
            .map(|(account, (posts, newest, elsewhere))| {
                let group = members.get(observed.accounts.name(*account));
                if let Some(at) = group {
                    *met.entry(*at).or_default() += 1;
                }
                Engager {
                    interactions: *posts,
                    group: group.and_then(|at| report.groups.get(*at)).map(|group| group.strength),
                    quiet_days: elsewhere.map(|last| (newest - last) / 86_400),
                }
            })
            .collect();
        let groups = met.into_iter().filter_map(|(at, accounts)| {
            report.groups.get(at).map(|group| (group.id.clone(), group.strength, accounts))
        });
        Self {
            posts: engagers.iter().map(|engager| u64::from(engager.interactions)).sum(),
            accounts: engagers.len() as u64,
            groups: groups.collect(),
            classes: classes(&audit(&engagers)),
            inactive_days: INACTIVE_DAYS,
            method: AUDIT_METHOD,
            method_version: AUDIT_METHOD_VERSION,
        }
    }
}
