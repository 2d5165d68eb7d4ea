//! The posts behind actions: what counts of each, and its words in a spool.
//!
//! In: posts as they come. Out: the same by number. Errors: those of the spool's
//! room. Cost: 28 bytes a post and its words in the spool; in memory 4 to 9 bytes
//! for those that answer or share.

use crate::coordination::observed::log::{Log, Place, Record, Texts, bytes_of, number};
use model::PostKind;
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Stands for no account.
const NOBODY: u32 = u32::MAX;

/// A post behind actions.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Number of its author.
    pub account: u32,
    /// When, s since 1970.
    pub time: u32,
    /// What it is.
    pub kind: PostKind,
    /// Number of the account that it answers, if known.
    pub answers: Option<u32>,
    /// Number of the account whose post it reshares or quotes, if known.
    pub shares: Option<u32>,
    /// Offensive, as the shipped model reads it; `None` without words or when it abstains.
    pub insult: Option<bool>,
    /// Part of the campaign that is audited, or a reshare of such a post.
    pub campaign: bool,
    /// Its name.
    id: Place,
    /// Bytes of the beginning of its text, which follow.
    excerpt: u32,
}

/// What is kept of a post in the spool.
#[derive(Debug, Clone, Copy)]
struct Kept(Seen);

impl Record for Kept {
    type Bytes = [u8; 28];

    fn to_bytes(&self) -> Self::Bytes {
        let Self(seen) = self;
        let kind = PostKind::ALL.iter().position(|kind| *kind == seen.kind).unwrap_or(0);
        let insult = seen.insult.map_or(2, u32::from);
        // A kind is one of few.
        let flags = kind as u32 | insult << 8 | u32::from(seen.campaign) << 16;
        let at = seen.id.at;
        let (high, low) = ((at >> 32) as u32, (at & u64::from(u32::MAX)) as u32);
        bytes_of([seen.account, seen.time, high, low, seen.id.length, seen.excerpt, flags])
    }

    fn of(bytes: &[u8]) -> Self {
        let at = u64::from(number(bytes, 2)) << 32 | u64::from(number(bytes, 3));
        let flags = number(bytes, 6);
        let kind = PostKind::ALL.get((flags & 0xff) as usize).copied();
        Self(Seen {
            account: number(bytes, 0),
            time: number(bytes, 1),
            kind: kind.unwrap_or(PostKind::Original),
            answers: None,
            shares: None,
            insult: [Some(false), Some(true)].get((flags >> 8 & 0xff) as usize).copied().flatten(),
            campaign: flags >> 16 == 1,
            id: Place { at, length: number(bytes, 4) },
            excerpt: number(bytes, 5),
        })
    }
}

/// What a post is when it comes.
pub struct NewPost<'a> {
    /// Number of its author.
    pub account: u32,
    /// When, s since 1970.
    pub time: u32,
    /// What it is.
    pub kind: PostKind,
    /// Its name: `network:native_id`, or the file's content identifier.
    pub id: &'a str,
    /// The beginning of its text.
    pub excerpt: &'a str,
    /// See [`Seen::insult`].
    pub insult: Option<bool>,
    /// See [`Seen::campaign`].
    pub campaign: bool,
}

/// Posts by number, in the order of arrival.
#[derive(Debug)]
pub struct Posts {
    kept: Log<Kept>,
    texts: Texts,
    /// By number, as far as any is known.
    answers: Vec<u32>,
    shares: Vec<u32>,
    campaign: Vec<bool>,
}

impl Posts {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        let (kept, texts) = (Log::new(room), Texts::new(room));
        Self { kept, texts, answers: Vec::new(), shares: Vec::new(), campaign: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        // Fewer than 2^32.
        self.kept.len() as usize
    }

    /// About what is in memory whatever the room's limit, bytes.
    pub fn resident(&self) -> u64 {
        (self.answers.capacity() + self.shares.capacity()) as u64 * 4 + self.campaign.capacity() as u64
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a post and tells its number; `None` beyond 4 billion.
    pub(super) fn push(&mut self, post: &NewPost<'_>) -> Option<u32> {
        let number = u32::try_from(self.len()).ok()?;
        let id = self.texts.push(post.id);
        let excerpt = self.texts.push(post.excerpt).length;
        self.kept.push(&Kept(Seen {
            account: post.account,
            time: post.time,
            kind: post.kind,
            answers: None,
            shares: None,
            insult: post.insult,
            campaign: post.campaign,
            id,
            excerpt,
        }));
        Some(number)
    }

    /// The post of a number.
    pub fn get(&self, number: u32) -> Option<Seen> {
        self.kept.get(u64::from(number)).map(|Kept(seen)| self.completed(number, seen))
    }

    fn completed(&self, number: u32, seen: Seen) -> Seen {
        let at = |known: &[u32]| known.get(number as usize).copied().filter(|account| *account != NOBODY);
        let campaign = seen.campaign || self.campaign.get(number as usize).copied().unwrap_or(false);
        Seen { answers: at(&self.answers), shares: at(&self.shares), campaign, ..seen }
    }

    /// All of them, in the order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = Seen> + '_ {
        (0..).zip(self.kept.iter()).map(|(number, Kept(seen))| self.completed(number, seen))
    }

    /// Its name: `network:native_id`, or the file's content identifier.
    pub fn id(&self, post: &Seen) -> String {
        self.texts.get(post.id)
    }

    /// The beginning of its text.
    pub fn excerpt(&self, post: &Seen) -> String {
        let at = post.id.at + u64::from(post.id.length);
        self.texts.get(Place { at, length: post.excerpt })
    }

    /// Whose post it answers.
    pub(super) fn set_answers(&mut self, number: u32, account: Option<u32>) {
        set(&mut self.answers, number, account, NOBODY);
    }

    /// Whose post it reshares or quotes.
    pub(super) fn set_shares(&mut self, number: u32, account: Option<u32>) {
        set(&mut self.shares, number, account, NOBODY);
    }

    /// It is part of the campaign.
    pub(super) fn set_campaign(&mut self, number: u32) {
        set(&mut self.campaign, number, Some(true), false);
    }
}

fn set<T: Copy>(known: &mut Vec<T>, number: u32, value: Option<T>, none: T) {
    if let Some(value) = value {
        if known.len() <= number as usize {
            known.resize(number as usize + 1, none);
        }
        if let Some(place) = known.get_mut(number as usize) {
            *place = value;
        }
    }
}
