//! The audit of a campaign, as somebody reads it.

use super::found::counted;
use super::reading::Input;
use crate::output::{print_json, print_line};
use anyhow::{Result, bail};
use app::coordination::{CampaignClass, FileAudit, ShareView};

/// What a share of each class means in plain files.
const MEANS: [(&str, &str); 4] = [
    (
        "organic",
        "no sign of coordination, and a life outside the campaign: these files hold another post of the account, from less than {days} days before its last in the campaign",
    ),
    ("coordinated", "by accounts of a group that is at least “possible”, found in these files"),
    (
        "inactive",
        "by accounts whose last post outside the campaign, in these files, is {days} days or more older",
    ),
    ("unknown", "by accounts of which these files hold nothing else"),
];

/// How it is computed and what it does not say.
const METHOD: [&str; 3] = [
    "What counts is the posts that the expression finds, with their reshares and quotes; likes are not known by account. Each account is one draw however much it posts, so the intervals are wide when few accounts do nearly everything. Wilson's 95% interval; for posts, with the effective size of a cluster sample.",
    "“At most” is the share that each class would have if all that is not known were of it.",
    "The intervals take the accounts as a random sample of those that interact. They do not hold the errors of the method that found the groups. What is not in the files is not known: an account with no other post in them is neither organic nor inactive.",
];

/// Prints an audit.
pub fn tell_audit(audit: &FileAudit, campaign: &str, input: &Input, json: bool) -> Result<()> {
    if audit.posts == 0 {
        let why = if input.is_bare() {
            "a table of shares has no words, links or hashtags to search: give a file of posts"
        } else {
            "check the expression; `atalaya query check` explains it, and is: or domain: may help, as in domain:example.org"
        };
        bail!("no post in these files is found by «{campaign}», so there is nothing to audit: {why}");
    }
    if json {
        return print_json(audit);
    }
    let (posts, accounts) =
        (counted(audit.posts, "post", "posts"), counted(audit.accounts, "account", "accounts"));
    print_line(&format!("Campaign «{campaign}»: {posts} by {accounts}"))?;
    print_line(&summary(audit))?;
    print_line("")?;
    print_line(&row(["", "posts", "share of the posts", "at most", "accounts", "share of the accounts"]))?;
    for class in &audit.classes {
        print_line(&class_row(class))?;
    }
    print_line("")?;
    let days = audit.inactive_days.to_string();
    for (class, means) in MEANS {
        print_line(&format!("{class}: {}.", means.replace("{days}", &days)))?;
    }
    print_line("")?;
    if audit.groups.is_empty() {
        print_line("No group takes part.")?;
    }
    for (id, strength, accounts) in &audit.groups {
        let accounts = counted(*accounts, "account", "accounts");
        print_line(&format!("Group {id} ({}) takes part with {accounts}.", strength.name()))?;
    }
    print_line("")?;
    for part in METHOD {
        print_line(part)?;
    }
    print_line(&format!("Method {}, version {}.", audit.method, audit.method_version))
}

fn summary(audit: &FileAudit) -> String {
    let coordinated = audit.classes.iter().find(|class| class.class == "coordinated");
    match coordinated.and_then(|class| class.share_of_posts) {
        Some(share) => format!(
            "{} of the posts come from accounts that at least possibly act in a coordinated way.",
            between(share)
        ),
        None => "Too few accounts to give shares that do not mislead.".to_owned(),
    }
}

fn between(view: ShareView) -> String {
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    format!("{} ({} to {})", percent(view.share), percent(view.low), percent(view.high))
}

fn class_row(class: &CampaignClass) -> String {
    let told = |view: Option<ShareView>| view.map_or_else(|| "—".to_owned(), between);
    let at_most =
        class.share_at_most.map_or_else(|| "—".to_owned(), |share| format!("{:.0} %", share * 100.0));
    row([
        class.class,
        &class.posts.to_string(),
        &told(class.share_of_posts),
        &at_most,
        &class.accounts.to_string(),
        &told(class.share_of_accounts),
    ])
}

fn row([class, posts, of_posts, at_most, accounts, of_accounts]: [&str; 6]) -> String {
    let row = format!("{class:<12} {posts:>8}  {of_posts:<22} {at_most:>8} {accounts:>9}  {of_accounts}");
    row.trim_end().to_owned()
}
