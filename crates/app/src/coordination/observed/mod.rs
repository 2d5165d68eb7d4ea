//! What posts show of joint action: who did what with which object, and when.
//!
//! In: posts in any order, or bare rows of account, object and time. Out: the
//! actions of each trace, the accounts as they described themselves, and the
//! posts behind the actions. Errors: a post without author or plausible time is
//! counted and left out; what cannot be written to a file, and what cannot fit
//! in memory, is told by [`Observed::check`]. Cost: about 2 µs a post; memory as
//! `memory` tells, and in the room or its files 60 bytes a post, 16 an action,
//! and every text and name. Texts are compared as [`analysis::copies`] does.
//! Limits: [`EXCERPT_CHARS`], [`memory::TEXTS_COMPARED`], [`people::HANDLES_KEPT`].

pub(crate) mod acts;
pub(crate) mod directory;
pub(crate) mod log;
mod memory;
mod named;
pub(crate) mod names;
pub(crate) mod objects;
pub(crate) mod people;
pub(crate) mod posts;

use crate::coordination::file::audit::Campaign;
use crate::coordination::observed::acts::TraceSeen;
use crate::coordination::observed::directory::{Answer, Directory};
use crate::coordination::observed::memory::texts_compared;
use crate::coordination::observed::named::Named;
use crate::coordination::observed::names::Names;
use crate::coordination::observed::people::{Newest, People};
use crate::coordination::observed::posts::{NewPost, Posts, Seen};
use analysis::copies::{Copies, signature};
use model::query::Expr;
use model::{Account, Post, PostKind, Timestamp, Trace};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Characters of a post that are kept for showing.
pub const EXCERPT_CHARS: usize = 200;
/// Letters and digits of a text below which being the same says nothing.
const TEXT_LETTERS_MIN: usize = 25;
/// Seconds of the windows in which synchrony is looked for, as objects.
const SYNCHRONY_SPAN_S: u32 = 3_600;

/// What a set of posts shows.
pub struct Observed {
    room: Arc<SpoolRoom>,
    /// `network:native_id`, or the file's account identifier.
    pub accounts: Names,
    /// What is known of each account, by number.
    people: People,
    /// The posts, in the order of arrival.
    pub posts: Posts,
    /// Actions by trace; only traces that occur.
    pub traces: BTreeMap<Trace, TraceSeen>,
    /// Posts left out: no author, or no time.
    pub left_out: u64,
    /// What finds the campaign that is audited, if any.
    campaign: Option<Campaign>,
    /// The newest texts, and how many there were.
    copies: Copies,
    texts: u64,
    /// Number and author of each post by its native id, for finding who is answered or shared.
    by_id: Directory,
    /// Answers and reshares of posts that may come later: their native ids.
    open: Named,
    /// Handles that posts name, whose accounts may come later.
    tagged: Named,
    /// Nothing is taken any more.
    is_closed: bool,
}

impl Default for Observed {
    fn default() -> Self {
        Self::within(SpoolRoom::memory())
    }
}

impl Observed {
    /// Nothing yet; what the room does not hold in memory goes to its files.
    pub fn within(room: Arc<SpoolRoom>) -> Self {
        Self {
            accounts: Names::default(),
            people: People::new(&room),
            posts: Posts::new(&room),
            traces: BTreeMap::new(),
            left_out: 0,
            campaign: None,
            copies: Copies::new(texts_compared(room.limit())),
            texts: 0,
            by_id: Directory::new(&room),
            open: Named::new(&room),
            tagged: Named::new(&room),
            is_closed: false,
            room,
        }
    }

    /// Nothing yet, for a search within about `memory` bytes; the rest goes to
    /// files without a name in `folder`, which others may use too.
    pub fn bounded(folder: &std::path::Path, memory: u64) -> Self {
        Self::within(SpoolRoom::beside(folder, memory))
    }

    /// Bytes that are in files.
    pub fn spilled(&self) -> u64 {
        self.room.spilled()
    }

    /// Posts that `campaign` finds will be marked.
    pub fn auditing(self, campaign: Expr) -> Self {
        Self { campaign: Some(Campaign::of(campaign)), ..self }
    }

    /// Takes a bare row: an account did something with an object.
    pub fn add_row(&mut self, trace: Trace, account: &str, object: &str, content: &str, time_s: i64) {
        let (Some(account), Some(time)) = (self.account(account), seconds(time_s)) else {
            self.left_out += 1;
            return;
        };
        let post = self.posts.push(&NewPost {
            account,
            time,
            kind: PostKind::Original,
            id: &format!("{}:{content}", model::Network::File.name()),
            excerpt: "",
            insult: None,
            campaign: false,
        });
        match post {
            Some(post) => self.act(trace, object, account, time, post),
            None => self.left_out += 1,
        }
    }

    /// Takes a post.
    pub fn add_post(&mut self, post: &Post) {
        let name = post.author.key.to_text();
        let time = post.created_at.and_then(|at| seconds(at.millis().div_euclid(1_000)));
        let (Some(time), Some(account)) = (time, self.account(&name)) else {
            self.left_out += 1;
            return;
        };
        self.people.describe(account, &post.author, time);
        let text = post.full_text();
        let number = self.posts.push(&NewPost {
            account,
            time,
            kind: post.kind,
            id: &post.key.to_text(),
            excerpt: beginning(&text),
            insult: is_insult(post, &text),
            campaign: self.campaign.as_ref().is_some_and(|campaign| campaign.finds(post)),
        });
        let Some(number) = number else {
            self.left_out += 1;
            return;
        };
        self.by_id.give(post.key.native_id.as_str(), [number, account]);
        for id in [&post.reply_to, &post.shared].into_iter().flatten() {
            self.open.push(number, id.as_str());
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
            self.tagged.push(number, &tagged.to_lowercase());
        }
    }

    /// The object is the group of copies that the text belongs to.
    fn act_of_text(&mut self, trace: Trace, text: &str, account: u32, time: u32, number: u32) {
        if text.chars().filter(|letter| letter.is_alphanumeric()).count() < TEXT_LETTERS_MIN {
            return;
        }
        // A text without letters belongs to no group but its own.
        let ordinal = i64::try_from(self.texts).unwrap_or(i64::MAX);
        self.texts += 1;
        let group = signature(text).map_or(ordinal, |found| self.copies.place(ordinal, &found).cascade);
        self.act(trace, &group.to_string(), account, time, number);
    }

    /// Finds who is answered, named and shared among all posts taken, and puts
    /// the actions in order; to be called once, at the end.
    pub fn close(&mut self) {
        // Nothing is compared any more.
        self.copies = Copies::new(1);
        self.close_open();
        self.close_tagged();
        for seen in self.traces.values_mut() {
            seen.close();
        }
        self.is_closed = true;
    }

    /// Who is answered and shared, by the native ids that posts name.
    fn close_open(&mut self) {
        let by_id = std::mem::replace(&mut self.by_id, Directory::new(&self.room));
        let open = std::mem::replace(&mut self.open, Named::new(&self.room));
        let found = by_id.find_all(open.prints());
        let mut found = found.iter().peekable();
        let mut named = open.iter().peekable();
        let taken = self.posts.take(&self.room);
        for (number, mut post) in taken.iter() {
            while let Some((at, _, id)) = named.next_if(|(_, of, _)| *of == number) {
                let original = found.next_if(|answer| answer.question == at);
                self.close_one(&mut post, number, &id, original);
            }
            self.posts.put(post);
        }
    }

    /// What a post does with another one, of which is known what was found.
    fn close_one(&mut self, post: &mut Seen, number: u32, id: &str, original: Option<Answer>) {
        let author = original.map(|Answer { what: [_, author], .. }| author);
        let author = author.or_else(|| self.accounts.find(&author_in(id)?));
        let is_campaign = original.is_some_and(|Answer { what: [of, _], .. }| self.posts.is_campaign(of));
        if is_campaign && post.kind != PostKind::Reply {
            self.posts.set_campaign(number);
        }
        match post.kind {
            PostKind::Reply => post.answers = author.or(post.answers),
            _ => post.shares = author.or(post.shares),
        }
        let Some(author) = author.filter(|author| *author != post.account) else { return };
        match post.kind {
            PostKind::Reply => {
                let target = on_post(self.accounts.name(author), id);
                self.act(Trace::CoReply, &target, post.account, post.time, number);
            }
            PostKind::Reshare => self.act(Trace::FastReshare, id, post.account, post.time, number),
            _ => {}
        }
    }

    /// Who a handle is: the account that had it last, or the handle itself.
    fn close_tagged(&mut self) {
        let tagged = std::mem::replace(&mut self.tagged, Named::new(&self.room));
        let owners = self.people.owners(&self.room).find_all(tagged.prints());
        let mut owners = owners.iter().peekable();
        let mut named = tagged.iter().peekable();
        let taken = self.posts.take(&self.room);
        for (number, mut post) in taken.iter() {
            while let Some((at, _, handle)) = named.next_if(|(_, of, _)| *of == number) {
                let owner = owners.next_if(|answer| answer.question == at);
                let owner = owner.map(|Answer { what: [owner, _], .. }| owner);
                // Who answers somebody also names them: once is enough.
                if owner.is_some() && (owner == post.answers || owner == Some(post.account)) {
                    continue;
                }
                post.answers = post.answers.or(owner);
                let target = match owner {
                    Some(owner) => on_day(self.accounts.name(owner), post.time),
                    None => on_day(&format!("@{handle}"), post.time),
                };
                self.act(Trace::CoReply, &target, post.account, post.time, number);
            }
            self.posts.put(post);
        }
    }

    /// The newest description of an account.
    pub fn described(&self, account: u32) -> Option<Account> {
        self.people.account(account)
    }

    /// Its newest handle.
    pub fn handle(&self, account: u32) -> Option<String> {
        self.people.handle(account)
    }

    /// Its handles with the second in which each was first seen, in the order of arrival.
    pub fn handles(&self, account: u32) -> impl Iterator<Item = (String, u32)> + '_ {
        self.people.handles(account)
    }

    /// When it was made.
    pub fn created_at(&self, account: u32) -> Option<Timestamp> {
        self.people.created_at(account)
    }

    /// Its newest handle and when it was made, with one look.
    pub(crate) fn newest(&self, account: u32) -> Newest {
        self.people.newest(account)
    }

    /// Puts a fuller description of an account in place of the newest one.
    pub(crate) fn complete(&mut self, account: u32, described: &Account) {
        self.people.complete(account, described);
    }

    /// Accounts that posts described without a handle.
    pub(crate) fn nameless(&self) -> impl Iterator<Item = u32> + '_ {
        let is_nameless = |one: &u32| self.people.is_described(*one) && self.people.handle(*one).is_none();
        (0..self.accounts.len()).filter(is_nameless)
    }

    fn account(&mut self, name: &str) -> Option<u32> {
        if name.is_empty() { None } else { self.accounts.number(name) }
    }

    fn act(&mut self, trace: Trace, object: &str, account: u32, time: u32, post: u32) {
        let seen = self.traces.entry(trace).or_insert_with(|| TraceSeen::new(&self.room));
        seen.act(object, account, time, post);
    }
}

/// The first [`EXCERPT_CHARS`] characters.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(EXCERPT_CHARS).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// Stands between a target and what of it is answered.
const OCCASION_MARK: char = '\u{1f}';

/// An object of [`Trace::CoReply`]: each post that is answered is one, with the
/// rhythm of its own answers.
fn on_post(target: &str, id: &str) -> String {
    format!("{target}{OCCASION_MARK}{id}")
}

/// The same for who is named without being answered: each day is one, so that
/// days on which two meet can be counted.
fn on_day(target: &str, time: u32) -> String {
    format!("{target}{OCCASION_MARK}{}", time / (24 * SYNCHRONY_SPAN_S))
}

/// The day since 1970 of an object that names somebody on a day; `None` for one
/// that answers a post. `time` is that of an act on it.
pub(crate) fn day_of(object: &str, time: u32) -> Option<u32> {
    let day = time / (24 * SYNCHRONY_SPAN_S);
    let (_, occasion) = object.split_once(OCCASION_MARK)?;
    (occasion == day.to_string()).then_some(day)
}

/// The target of an object of [`Trace::CoReply`].
pub(crate) fn target_of(object: &str) -> &str {
    object.split(OCCASION_MARK).next().unwrap_or(object)
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
mod tests;
