//! The posts behind actions: what counts of each, and its words in a spool.
//!
//! In: posts as they come, and later whom they answer and share. Out: the same
//! by number and by account. Errors: those of the spool's room. Cost: 36 bytes a
//! post and its words in the spool; in memory an eighth of a byte a post, and 4
//! bytes an account.

use crate::coordination::observed::log::{Log, Place, Record, Texts, bytes_of, number};
use crate::coordination::observed::objects::Bits;
use model::PostKind;
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Stands for no account.
const NOBODY: u32 = u32::MAX;

/// Bytes of the beginning of a text that are found again, at most.
const EXCERPT_BYTES_MAX: u32 = 0xffff;

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
    type Bytes = [u8; 32];

    fn to_bytes(&self) -> Self::Bytes {
        let Self(seen) = self;
        let kind = PostKind::ALL.iter().position(|kind| *kind == seen.kind).unwrap_or(0);
        let insult = seen.insult.map_or(2, u32::from);
        // A kind is one of few, and the beginning of a text is short.
        let flags = kind as u32 | insult << 8 | seen.excerpt.min(EXCERPT_BYTES_MAX) << 16;
        let at = seen.id.at;
        let (high, low) = ((at >> 32) as u32, (at & u64::from(u32::MAX)) as u32);
        let [answers, shares] = [seen.answers, seen.shares].map(|account| account.unwrap_or(NOBODY));
        bytes_of([seen.account, seen.time, high, low, seen.id.length, flags, answers, shares])
    }

    fn of(bytes: &[u8]) -> Self {
        let at = u64::from(number(bytes, 2)) << 32 | u64::from(number(bytes, 3));
        let flags = number(bytes, 5);
        let kind = PostKind::ALL.get((flags & 0xff) as usize).copied();
        let somebody = |place| Some(number(bytes, place)).filter(|account| *account != NOBODY);
        Self(Seen {
            account: number(bytes, 0),
            time: number(bytes, 1),
            kind: kind.unwrap_or(PostKind::Original),
            answers: somebody(6),
            shares: somebody(7),
            insult: [Some(false), Some(true)].get((flags >> 8 & 0xff) as usize).copied().flatten(),
            campaign: false,
            id: Place { at, length: number(bytes, 4) },
            excerpt: flags >> 16,
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
    campaign: Bits,
    /// By post the one before it of the same account, and by account its last
    /// one: their numbers plus one, 0 when there is none.
    before: Log<u32>,
    last: Vec<u32>,
}

impl Posts {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        Self {
            kept: Log::new(room),
            texts: Texts::new(room),
            campaign: Bits::default(),
            before: Log::new(room),
            last: Vec::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        // Fewer than 2^32.
        self.kept.len() as usize
    }

    /// About what is in memory whatever the room's limit, bytes.
    pub fn resident(&self) -> u64 {
        self.campaign.resident() + self.last.len() as u64 * 4
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a post and tells its number; `None` beyond 4 billion.
    pub(super) fn push(&mut self, post: &NewPost<'_>) -> Option<u32> {
        let number = u32::try_from(self.len()).ok().filter(|number| *number < u32::MAX)?;
        let id = self.texts.push(post.id);
        let excerpt = self.texts.push(post.excerpt).length;
        self.kept.push(&Kept(Seen {
            account: post.account,
            time: post.time,
            kind: post.kind,
            answers: None,
            shares: None,
            insult: post.insult,
            campaign: false,
            id,
            excerpt,
        }));
        self.campaign.push(post.campaign);
        if self.last.len() <= post.account as usize {
            self.last.resize(post.account as usize + 1, 0);
        }
        if let Some(last) = self.last.get_mut(post.account as usize) {
            self.before.push(&std::mem::replace(last, number + 1));
        }
        Some(number)
    }

    /// The post of a number.
    pub fn get(&self, number: u32) -> Option<Seen> {
        self.kept.get(u64::from(number)).map(|Kept(seen)| self.completed(number, seen))
    }

    fn completed(&self, number: u32, seen: Seen) -> Seen {
        Seen { campaign: self.campaign.get(number), ..seen }
    }

    /// All of them, in the order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = Seen> + '_ {
        (0..).zip(self.kept.iter()).map(|(number, Kept(seen))| self.completed(number, seen))
    }

    /// Those of an account, in the order of arrival.
    pub fn of_account(&self, account: u32) -> impl Iterator<Item = Seen> + '_ {
        let one = |place: u32| place.checked_sub(1);
        let last = self.last.get(account as usize).copied().and_then(one);
        let before = |number: &u32| self.before.get(u64::from(*number)).and_then(one);
        let numbers: Vec<u32> = std::iter::successors(last, before).collect();
        numbers.into_iter().rev().filter_map(|number| self.get(number))
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

    /// Lets posts be changed one by one, in the order of arrival: all are taken
    /// out, and each is to be put back by [`Self::put`].
    pub(super) fn take(&mut self, room: &Arc<SpoolRoom>) -> Taken {
        Taken(std::mem::replace(&mut self.kept, Log::new(room)))
    }

    /// Puts the next one back.
    pub(super) fn put(&mut self, post: Seen) {
        self.kept.push(&Kept(post));
    }

    /// Whether it is part of the campaign.
    pub(super) fn is_campaign(&self, number: u32) -> bool {
        self.campaign.get(number)
    }

    /// It is part of the campaign.
    pub(super) fn set_campaign(&mut self, number: u32) {
        self.campaign.set(number);
    }
}

/// Posts that were taken out to be changed.
pub(super) struct Taken(Log<Kept>);

impl Taken {
    /// All of them with their numbers, in the order of arrival.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Seen)> + '_ {
        (0..).zip(self.0.iter().map(|Kept(seen)| seen))
    }
}
