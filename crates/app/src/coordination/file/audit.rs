//! Whose engagement a campaign had, in plain files.
//!
//! In: [`Observed::auditing`] and the groups found in it. Out: [`FileAudit`].
//! Errors: none. Limits: what is not in the files is not known: an account
//! counts as organic only where the files show a life outside the campaign.

use crate::coordination::observed::{Observed, plain_link};
use crate::coordination::report::views::Report;
use crate::coordination::workspace::campaign::{AUDIT_METHOD, AUDIT_METHOD_VERSION, CampaignClass, classes};
use crate::listening::Derived;
use crate::understanding::Taught;
use analysis::coordination::audit::{Engager, INACTIVE_DAYS, audit};
use model::query::{Expr, Field};
use model::{Post, Strength, Timestamp};
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

/// What finds the posts of a campaign. A link is the page that it leads to:
/// without what differs between two addresses of the same one.
#[derive(Debug, Clone)]
pub(crate) struct Campaign(Expr);

impl Campaign {
    /// That of an expression.
    pub(crate) fn of(expr: Expr) -> Self {
        Self(with_plain_links(expr))
    }

    /// Whether it finds a post.
    pub(crate) fn finds(&self, post: &Post) -> bool {
        let at = post.created_at.unwrap_or(Timestamp::from_millis(0));
        let mut derived = Derived::of(post, at, 0, &Taught::default());
        derived.facts.links = post.links.iter().map(|link| plain_link(link)).collect();
        model::query::matches(&self.0, &derived.document(&[]))
    }
}

fn with_plain_links(expr: Expr) -> Expr {
    let all = |list: Vec<Expr>| list.into_iter().map(with_plain_links).collect();
    match expr {
        Expr::Field(Field::Link(link)) => Expr::Field(Field::Link(plain_link(&link))),
        Expr::And(list) => Expr::And(all(list)),
        Expr::Or(list) => Expr::Or(all(list)),
        Expr::Not(inner) => Expr::Not(Box::new(with_plain_links(*inner))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Account, NativeId, Network};

    #[test]
    fn a_link_is_found_however_it_is_written() {
        let finds = |expression: &str, link: &str| {
            let id = |text: &str| NativeId::parse(text).unwrap();
            let author = Account::bare(Network::X, id("1"));
            let mut post = Post::new(Network::X, id("2"), author, "hola".to_owned());
            post.links = vec![link.to_owned()];
            Campaign::of(model::query::parse(expression).unwrap()).finds(&post)
        };
        for link in ["http://evil.example/n1", "https://www.Evil.example/n1/?utm_source=x#top"] {
            for expression in
                ["link:evil.example/n1", "link:\"https://evil.example/n1/\"", "NOT link:evil.example/n2"]
            {
                assert!(finds(expression, link), "{expression} {link}");
            }
            assert!(!finds("link:evil.example/n11", link) && !finds("adiós OR link:evil.example", link));
        }
    }
}
