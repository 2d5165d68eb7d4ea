//! What posts show of joint action: who did what with which object, and when.
//!
//! In: posts in any order, or bare rows of account, object and time. Out: the
//! actions of each trace, the accounts as they described themselves, and the
//! posts behind the actions. Errors: none; a post without author or plausible
//! time is counted and left out. Cost: about 2 µs a post and 250 bytes besides
//! its texts; texts are compared as [`analysis::copies`] does.
//! Limits: [`EXCERPT_CHARS`], [`TEXTS_COMPARED`], [`HANDLES_KEPT`].

pub(crate) mod names;

use crate::coordination::observed::names::Names;
use crate::listening::Derived;
use crate::understanding::Taught;
use analysis::coordination::Action;
use analysis::copies::Groups;
use model::query::Expr;
use model::{Account, Post, PostKind, Timestamp, Trace};
use std::collections::{BTreeMap, HashMap};

/// Characters of a post that are kept for showing.
pub const EXCERPT_CHARS: usize = 200;
/// Newest texts that a text is compared with.
pub const TEXTS_COMPARED: usize = 1_000_000;
/// Letters and digits of a text below which being the same says nothing.
const TEXT_LETTERS_MIN: usize = 25;
/// Handles kept of one account.
pub const HANDLES_KEPT: usize = 20;
/// Seconds of the windows in which synchrony is looked for, as objects.
const SYNCHRONY_SPAN_S: u32 = 3_600;
/// A reshare this soon after its post counts as fast, s.
const FAST_RESHARE_S: i64 = 10;

/// A post behind actions.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Number of its author.
    pub account: u32,
    /// When, s since 1970.
    pub time: u32,
    /// What it is.
    pub kind: PostKind,
    /// Its name: `network:native_id`, or the file's content identifier.
    pub id: Box<str>,
    /// The beginning of its text.
    pub excerpt: Box<str>,
    /// Number of the account that it answers, if known.
    pub answers: Option<u32>,
    /// Number of the account whose post it reshares or quotes, if known.
    pub shares: Option<u32>,
    /// Likes, replies, reshares and quotes together, if known.
    pub engagement: Option<u64>,
    /// Offensive, as the shipped model reads it; `None` without words or when it abstains.
    pub insult: Option<bool>,
    /// Part of the campaign that is audited, or a reshare of such a post.
    pub campaign: bool,
}

impl Seen {
    /// The name within its network or file.
    pub fn native_id(&self) -> &str {
        self.id.split_once(':').map_or(&self.id, |(_, native)| native)
    }
}

/// An account as posts described it.
#[derive(Debug, Clone, Default)]
pub struct AccountSeen {
    /// As described beside its newest post.
    pub newest: Option<Account>,
    /// When that was, s.
    described_at: u32,
    /// Handles with the second in which each was first seen, in the order of arrival.
    pub handles: Vec<(Box<str>, u32)>,
}

/// The actions of one trace.
#[derive(Debug, Clone, Default)]
pub struct TraceSeen {
    /// Names of the objects.
    pub objects: Names,
    /// The actions, in the order of arrival.
    pub actions: Vec<Action>,
    /// The post behind each action, by number.
    pub posts: Vec<u32>,
}

/// What a set of posts shows.
pub struct Observed {
    /// `network:native_id`, or the file's account identifier.
    pub accounts: Names,
    /// What is known of each account, by number.
    pub described: Vec<AccountSeen>,
    /// The posts, in the order of arrival.
    pub posts: Vec<Seen>,
    /// Actions by trace; only traces that occur.
    pub traces: BTreeMap<Trace, TraceSeen>,
    /// Posts left out: no author, or no time.
    pub left_out: u64,
    /// What finds the campaign that is audited, if any.
    campaign: Option<Expr>,
    texts: Groups<()>,
    /// Number of each post by its native id, for finding who is answered or shared.
    by_id: HashMap<Box<str>, u32>,
    /// Answers and reshares of posts that may come later: (post, native id).
    open: Vec<(u32, Box<str>)>,
    /// Handles that posts name, whose accounts may come later.
    tagged: Vec<(u32, Box<str>)>,
}

impl Default for Observed {
    fn default() -> Self {
        Self {
            accounts: Names::default(),
            described: Vec::new(),
            posts: Vec::new(),
            traces: BTreeMap::new(),
            left_out: 0,
            campaign: None,
            texts: Groups::new(TEXTS_COMPARED),
            by_id: HashMap::new(),
            open: Vec::new(),
            tagged: Vec::new(),
        }
    }
}

impl Observed {
    /// Nothing yet; posts that `campaign` finds will be marked.
    pub fn auditing(campaign: Expr) -> Self {
        Self { campaign: Some(campaign), ..Self::default() }
    }

    /// Takes a bare row: an account did something with an object.
    pub fn add_row(&mut self, trace: Trace, account: &str, object: &str, content: &str, time_s: i64) {
        let (Some(account), Some(time)) = (self.account(account), seconds(time_s)) else {
            self.left_out += 1;
            return;
        };
        let post = self.keep(Seen {
            account,
            time,
            kind: PostKind::Original,
            id: format!("{}:{content}", model::Network::File.name()).into(),
            excerpt: Box::default(),
            answers: None,
            shares: None,
            engagement: None,
            insult: None,
            campaign: false,
        });
        self.act(trace, object, account, time, post);
    }

    /// Takes a post.
    pub fn add_post(&mut self, post: &Post) {
        let name = post.author.key.to_text();
        let time = post.created_at.and_then(|at| seconds(at.millis().div_euclid(1_000)));
        let (Some(time), Some(account)) = (time, self.account(&name)) else {
            self.left_out += 1;
            return;
        };
        self.describe(account, &post.author, time);
        let text = post.full_text();
        let number = self.keep(Seen {
            account,
            time,
            kind: post.kind,
            id: post.key.to_text().into(),
            excerpt: text.chars().take(EXCERPT_CHARS).collect::<String>().into(),
            answers: None,
            shares: None,
            engagement: post.metrics.engagement(),
            insult: is_insult(post, &text),
            campaign: self.campaign.as_ref().is_some_and(|campaign| is_part(campaign, post)),
        });
        self.by_id.insert(post.key.native_id.as_str().into(), number);
        for id in [&post.reply_to, &post.shared].into_iter().flatten() {
            self.open.push((number, id.as_str().into()));
        }
        self.act_of_post(post, &text, account, time, number);
    }

    fn act_of_post(&mut self, post: &Post, text: &str, account: u32, time: u32, number: u32) {
        self.act(Trace::Synchrony, &(time / SYNCHRONY_SPAN_S).to_string(), account, time, number);
        if post.kind == PostKind::Reshare {
            match &post.shared {
                Some(shared) => self.act(Trace::CoReshare, shared.as_str(), account, time, number),
                // Files often keep a reshare as the words of its original only.
                None => self.act_of_text(Trace::CoReshare, text, account, time, number),
            }
            return;
        }
        let mut links: Vec<String> = post.links.iter().map(|link| plain_link(link)).collect();
        links.sort_unstable();
        links.dedup();
        links.iter().for_each(|link| self.act(Trace::CoLink, link, account, time, number));
        if post.hashtags.len() > 1 {
            let tags: Vec<String> = post.hashtags.iter().map(|tag| tag.to_lowercase()).collect();
            self.act(Trace::CoHashtag, &tags.join(" "), account, time, number);
        }
        for url in post.media.iter().filter_map(|media| media.url.as_deref()) {
            self.act(Trace::CoMedia, url, account, time, number);
        }
        self.act_of_text(Trace::CoText, text, account, time, number);
        for tagged in &post.tagged_accounts {
            self.tagged.push((number, tagged.to_lowercase().into()));
        }
    }

    /// The object is the group of copies that the text belongs to.
    fn act_of_text(&mut self, trace: Trace, text: &str, account: u32, time: u32, number: u32) {
        if text.chars().filter(|letter| letter.is_alphanumeric()).count() < TEXT_LETTERS_MIN {
            return;
        }
        let at = Timestamp::from_millis(i64::from(time) * 1_000);
        let group = self.texts.add((), text, Some(at)).group;
        self.act(trace, &group.to_string(), account, time, number);
    }

    /// Finds who is answered, named and shared among all posts taken; to be
    /// called once, at the end.
    pub fn close(&mut self) {
        for (number, id) in std::mem::take(&mut self.open) {
            let original = self.by_id.get(&id).and_then(|found| self.posts.get(*found as usize));
            let (author, at) =
                (original.map(|original| original.account), original.map(|original| original.time));
            let author = author.or_else(|| self.accounts.find(&author_in(&id)?));
            let is_campaign = original.is_some_and(|original| original.campaign);
            let Some(post) = self.posts.get_mut(number as usize) else { continue };
            post.campaign |= is_campaign && post.kind != PostKind::Reply;
            match post.kind {
                PostKind::Reply => post.answers = author,
                _ => post.shares = author,
            }
            let (kind, account, time) = (post.kind, post.account, post.time);
            let Some(author) = author.filter(|author| *author != account) else { continue };
            let soon = at.is_some_and(|at| i64::from(time) - i64::from(at) <= FAST_RESHARE_S);
            match kind {
                PostKind::Reply => {
                    let target = on_day(self.accounts.name(author), time);
                    self.act(Trace::CoReply, &target, account, time, number);
                }
                PostKind::Reshare if soon => self.act(Trace::FastReshare, &id, account, time, number),
                _ => {}
            }
        }
        self.close_tagged();
    }

    /// Who a handle is: the account that had it last, or the handle itself.
    fn close_tagged(&mut self) {
        let mut owners: HashMap<String, u32> = HashMap::new();
        for (number, seen) in (0_u32..).zip(&self.described) {
            owners.extend(seen.handles.iter().map(|(handle, _)| (handle.to_lowercase(), number)));
        }
        for (number, handle) in std::mem::take(&mut self.tagged) {
            let Some(post) = self.posts.get_mut(number as usize) else { continue };
            let owner = owners.get(handle.as_ref()).copied();
            // Who answers somebody also names them: once is enough.
            if owner.is_some() && (owner == post.answers || owner == Some(post.account)) {
                continue;
            }
            post.answers = post.answers.or(owner);
            let (account, time) = (post.account, post.time);
            let target = match owner {
                Some(owner) => on_day(self.accounts.name(owner), time),
                None => on_day(&format!("@{handle}"), time),
            };
            self.act(Trace::CoReply, &target, account, time, number);
        }
    }

    fn account(&mut self, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        let number = self.accounts.number(name)?;
        if self.described.len() <= number as usize {
            self.described.push(AccountSeen::default());
        }
        Some(number)
    }

    fn describe(&mut self, number: u32, account: &Account, time: u32) {
        let Some(seen) = self.described.get_mut(number as usize) else { return };
        if let Some(handle) = account.handle.as_deref() {
            let known = seen.handles.iter().any(|(known, _)| known.as_ref() == handle);
            if !known && seen.handles.len() < HANDLES_KEPT {
                seen.handles.push((handle.into(), time));
            }
        }
        if seen.newest.is_none() || time >= seen.described_at {
            seen.newest = Some(account.clone());
            seen.described_at = time;
        }
    }

    fn keep(&mut self, seen: Seen) -> u32 {
        self.posts.push(seen);
        // Accounts and objects run out long before: a post is about 200 bytes.
        (self.posts.len() - 1) as u32
    }

    fn act(&mut self, trace: Trace, object: &str, account: u32, time: u32, post: u32) {
        let seen = self.traces.entry(trace).or_default();
        let Some(object) = seen.objects.number(object) else { return };
        seen.actions.push(Action { object, time, account });
        seen.posts.push(post);
    }
}

/// Stands between a target and a day.
const DAY_MARK: char = '\u{1f}';

/// An object of [`Trace::CoReply`]: each day that somebody is answered on is one,
/// so that days on which two meet can be counted.
fn on_day(target: &str, time: u32) -> String {
    format!("{target}{DAY_MARK}{}", time / (24 * SYNCHRONY_SPAN_S))
}

/// The target of an object of [`Trace::CoReply`].
pub(crate) fn target_of(object: &str) -> &str {
    object.split(DAY_MARK).next().unwrap_or(object)
}

/// The author that an AT URI names (`at://did:…/collection/key`).
fn author_in(id: &str) -> Option<String> {
    let did = id.strip_prefix("at://")?.split('/').next()?;
    Some(format!("{}:{did}", model::Network::Bluesky.name()))
}

/// A second that fits: 1970 to 2106.
fn seconds(time_s: i64) -> Option<u32> {
    u32::try_from(time_s).ok()
}

/// An address without what differs between two links to the same page: scheme,
/// `www.`, fragment, closing slash and the parameters of campaigns.
pub(crate) fn plain_link(link: &str) -> String {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix("www.").unwrap_or(path);
    let (host, tail) = path.split_once('/').unwrap_or((path, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("utm_") && !part.starts_with("fbclid="))
        .collect();
    let mut plain = host.to_lowercase();
    if !tail.is_empty() {
        plain.push('/');
        plain.push_str(tail);
    }
    if !kept.is_empty() {
        plain.push('?');
        plain.push_str(&kept.join("&"));
    }
    plain
}

/// Whether an expression finds a post.
fn is_part(campaign: &Expr, post: &Post) -> bool {
    let at = post.created_at.unwrap_or(Timestamp::from_millis(0));
    let derived = Derived::of(post, at, 0, &Taught::default());
    model::query::matches(campaign, &derived.document(&[]))
}

/// Whether words of an answer or mention insult; only asked where somebody is addressed.
fn is_insult(post: &Post, text: &str) -> Option<bool> {
    if post.kind == PostKind::Reshare || (post.reply_to.is_none() && post.tagged_accounts.is_empty()) {
        return None;
    }
    let offence = analysis::understanding::understand(text, &model::text::Tokens::of(text), None).offence;
    match offence {
        model::Offence::Person | model::Offence::Group => Some(true),
        model::Offence::None | model::Offence::Swearing => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_one_page_are_one() {
        let plain = "prensa.example/nota/7";
        assert_eq!(plain_link("https://www.Prensa.example/nota/7/?utm_source=x&fbclid=1#top"), plain);
        assert_eq!(plain_link("http://prensa.example/nota/7"), plain);
        assert_eq!(plain_link("https://prensa.example/nota?id=7&utm_medium=y"), "prensa.example/nota?id=7");
    }
}
