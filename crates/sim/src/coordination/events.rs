//! What happened, in the order of time.
//!
//! Arranged acts come when they were arranged. In the free moments of ordinary
//! life an account writes, answers, reshares, quotes or follows; what it
//! reshares comes from what its field shows just then, by copying (Simon 1955,
//! de Solla Price 1976): what was reshared is shown again, so that popularity
//! is heavy-tailed and news has bursts. Accounts, fields and events index their
//! lists: the stage dealt the numbers.

use super::settings::Skill;
use super::stage::{Act, Draft, Frame, Slot, Stage, part};
use super::truth::Cause;
use super::vocabulary::INTERESTS;
use super::words::{expand, interest, said};
use crate::random::Random;
use model::Timestamp;
use model::time::{HOUR_MS, SECOND_MS};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// Posts that a field shows at a time.
const SHOWN_POSTS: usize = 512;
/// Addresses and pictures in circulation at a time.
const SHOWN_LINKS: usize = 256;
/// Accounts suggested for following at a time.
const SHOWN_ACCOUNTS: usize = 1_024;
/// Times an account looks for a post that it has not reshared yet.
const LOOKS: u32 = 4;
/// Share of the posts of little known accounts that their field shows.
const SEEN_SHARE: f64 = 0.3;
/// Share of follows that a suggestion of the network brings about.
const SUGGESTED_SHARE: f64 = 0.6;
/// Framing groups work a little ahead of an even pace, so that none is left over.
const FRAME_PACE: f64 = 1.15;
/// How differently posts catch on: P(above x) = x^−this.
const CATCHING_SHAPE: f64 = 1.7;
/// Most places that one reshare gives a post.
const CATCHING_MAX: f64 = 8.0;
/// How long a post catches on, ms.
const CATCHING_MS: i64 = 8 * HOUR_MS;
/// How long reshares show it again at all, ms.
const SHOWN_MS: i64 = 30 * HOUR_MS;
/// Share of reshares that carry a post into another field.
const ELSEWHERE_SHARE: f64 = 0.1;
/// Rude answers among ordinary ones: the base rate of insults.
const RUDE_SHARE: f64 = 0.05;

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A post that stands on its own.
    Original,
    /// Answers another.
    Reply,
    /// Repeats another without words.
    Reshare,
    /// Repeats another with words.
    Quote,
    /// Follows an account; no post.
    Follow,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number: its place in the list, which is in the order of time.
    pub number: u32,
    /// Who.
    pub account: u32,
    /// When, to the millisecond.
    pub time: Timestamp,
    /// What.
    pub kind: EventKind,
    /// The event that it answers, reshares or quotes; always an earlier one.
    pub about: Option<u32>,
    /// The author of that event, or the followed account.
    pub toward: Option<u32>,
    /// Own words, without the hashtags, address and handle that belong to
    /// them; empty for reshares and follows.
    pub text: String,
    /// Hashtags in their order, by number.
    pub hashtags: Vec<u32>,
    /// Address, by number.
    pub link: Option<u32>,
    /// Picture, by number: the same number is the same picture.
    pub media: Option<u32>,
    /// The truth about it.
    pub cause: Cause,
}

/// The last `limit` things, of which one is picked; things may repeat.
struct Shown {
    items: Vec<u32>,
    limit: usize,
    next: usize,
}

impl Shown {
    fn new(limit: usize) -> Self {
        Self { items: Vec::new(), limit, next: 0 }
    }

    fn push(&mut self, item: u32) {
        if self.items.len() < self.limit {
            self.items.push(item);
        } else if let Some(oldest) = self.items.get_mut(self.next) {
            *oldest = item;
            self.next = (self.next + 1) % self.limit;
        }
    }

    fn pick(&self, random: &mut Random) -> Option<u32> {
        (!self.items.is_empty()).then(|| *random.pick(&self.items))
    }

    /// As a page shows posts: half of the time one of the newest.
    fn pick_new(&self, random: &mut Random) -> Option<u32> {
        let count = self.items.len();
        let mean = match random.below(4) {
            0 => 5.0,
            1 => 40.0,
            _ => return self.pick(random),
        };
        let age = 1 + random.exponential(mean) as usize;
        if age > count {
            return self.pick(random);
        }
        // Before it is full, `next` is 0 and the newest is the last.
        self.items.get((self.next + count - age) % count).copied()
    }
}

/// A copied reshare that waits for its moment.
type Copied = Reverse<(i64, u32, u32, u32, u32)>;

struct Running<'a, 's> {
    stage: &'a mut Stage<'s>,
    random: Random,
    events: Vec<Event>,
    /// The event of an arranged act, or `u32::MAX`.
    happened: Vec<u32>,
    posts: Vec<Shown>,
    links: Vec<Shown>,
    pictures: Shown,
    suggested: Shown,
    reshared: HashSet<(u32, u32)>,
    followed: HashSet<(u32, u32)>,
    frames: Vec<Frame>,
    framed: HashMap<u32, usize>,
    copies: BinaryHeap<Copied>,
    end: i64,
}

/// Lets everything happen.
pub(super) fn run(stage: &mut Stage<'_>) -> Vec<Event> {
    let mut slots = std::mem::take(&mut stage.slots);
    slots.sort_unstable_by_key(|slot| (slot.time, slot.account));
    let drafts = std::mem::take(&mut stage.drafts);
    let mut order: Vec<u32> = (0..drafts.len() as u32).collect();
    // An act after the one that it refers to, also in the same millisecond.
    order.sort_by_key(|number| drafts[*number as usize].time);
    let end = stage.settings.end().millis();
    let mut running = Running::new(stage, slots.len() + drafts.len(), drafts.len(), end);
    let mut slots = slots.into_iter().peekable();
    for number in order {
        let draft = &drafts[number as usize];
        if draft.time >= end {
            break;
        }
        while let Some(slot) = slots.next_if(|slot| slot.time < draft.time) {
            running.live(slot);
        }
        running.copy_until(draft.time);
        running.follow_plan(number, draft);
    }
    for slot in slots {
        running.live(slot);
    }
    running.copy_until(end);
    running.events
}

impl<'a, 's> Running<'a, 's> {
    fn new(stage: &'a mut Stage<'s>, events: usize, drafts: usize, end: i64) -> Self {
        let mut random = part(stage.settings.seed, "events", 0);
        let mut suggested = Shown::new(SHOWN_ACCOUNTS);
        for _ in 0..SHOWN_ACCOUNTS {
            suggested.push(stage.somebody_known(&mut random, &[]));
        }
        let frames = std::mem::take(&mut stage.frames);
        let framed = frames
            .iter()
            .enumerate()
            .flat_map(|(place, frame)| frame.innocents.iter().map(move |account| (*account, place)));
        Self {
            random,
            events: Vec::with_capacity(events),
            happened: vec![u32::MAX; drafts],
            posts: INTERESTS.iter().map(|_| Shown::new(SHOWN_POSTS)).collect(),
            links: INTERESTS.iter().map(|_| Shown::new(SHOWN_LINKS)).collect(),
            pictures: Shown::new(SHOWN_LINKS),
            suggested,
            reshared: HashSet::new(),
            followed: HashSet::new(),
            framed: framed.collect(),
            frames,
            copies: BinaryHeap::new(),
            stage,
            end,
        }
    }

    fn push(&mut self, event: Event) -> u32 {
        let number = event.number;
        self.events.push(event);
        number
    }

    fn event(&self, account: u32, time: i64, kind: EventKind, about: Option<u32>, cause: Cause) -> Event {
        let toward = about.and_then(|number| self.events.get(number as usize)).map(|event| event.account);
        Event {
            number: self.events.len() as u32,
            account,
            time: Timestamp::from_millis(time),
            kind,
            about,
            toward,
            text: String::new(),
            hashtags: Vec::new(),
            link: None,
            media: None,
            cause,
        }
    }

    /// Shows a post, and the address in it, to a field.
    fn show(&mut self, number: u32, field: usize, link: Option<u32>, copies: u32) {
        for _ in 0..copies {
            self.posts[field % INTERESTS.len()].push(number);
            if let Some(link) = link {
                self.links[field % INTERESTS.len()].push(link);
            }
        }
    }

    /// An arranged act happens, unless what it refers to did not, or the same
    /// account has done the same before.
    fn follow_plan(&mut self, number: u32, draft: &Draft) {
        let referred = |to: u32| self.happened.get(to as usize).copied().filter(|event| *event != u32::MAX);
        let (kind, about) = match draft.act {
            Act::Original => (EventKind::Original, None),
            Act::Reply(to) => (EventKind::Reply, referred(to)),
            Act::Reshare(to) => (EventKind::Reshare, referred(to)),
            Act::Quote(to) => (EventKind::Quote, referred(to)),
            Act::Follow(_) => (EventKind::Follow, None),
        };
        let mut event = self.event(draft.account, draft.time, kind, about, draft.cause);
        match (draft.act, about) {
            (Act::Follow(followed), _) => {
                if draft.account == followed || !self.followed.insert((draft.account, followed)) {
                    return;
                }
                event.toward = Some(followed);
            }
            (Act::Original, _) => {}
            (_, None) => return,
            (Act::Reshare(_), Some(about)) if !self.reshared.insert((draft.account, about)) => return,
            _ => {}
        }
        event.text.clone_from(&draft.text);
        event.hashtags.clone_from(&draft.hashtags);
        (event.link, event.media) = (draft.link, draft.media);
        let happened = self.push(event);
        if let Some(place) = self.happened.get_mut(number as usize) {
            *place = happened;
        }
        let (field, copies) = draft.shown;
        self.show(happened, field, draft.link, copies);
    }

    /// The copied reshares that are due before this instant.
    fn copy_until(&mut self, time: i64) {
        while let Some(Reverse((at, account, about, group, operation))) = self.copies.peek().copied() {
            if at >= time {
                break;
            }
            self.copies.pop();
            if self.reshared.insert((account, about)) {
                let cause = Cause::Group { group, operation };
                let event = self.event(account, at, EventKind::Reshare, Some(about), cause);
                self.push(event);
            }
        }
    }

    /// A free moment of an account.
    fn live(&mut self, slot: Slot) {
        self.copy_until(slot.time);
        let habit = self.stage.habit(slot.account).clone();
        let field = habit.interest(&mut self.random);
        let automated = self.stage.people[slot.account as usize].automated;
        let draw = self.random.unit();
        let follows = if habit.silent { 0.9 } else { 0.03 };
        let happened = match draw {
            _ if automated => false,
            _ if draw < follows => self.follow(slot),
            _ if self.random.chance(habit.reshares) => self.reshare(slot, field),
            _ if draw < 0.4 => self.answer(slot, field),
            _ if draw < 0.45 => self.quote(slot, field),
            _ => false,
        };
        if !happened {
            self.write(slot, field);
        }
    }

    fn follow(&mut self, slot: Slot) -> bool {
        let suggested = self.suggested.pick(&mut self.random).filter(|_| self.random.chance(SUGGESTED_SHARE));
        let followed = suggested.unwrap_or_else(|| *self.random.pick(&self.stage.organic));
        if followed == slot.account || !self.followed.insert((slot.account, followed)) {
            return false;
        }
        let mut event = self.event(slot.account, slot.time, EventKind::Follow, None, slot.cause);
        event.toward = Some(followed);
        self.push(event);
        self.suggested.push(followed);
        true
    }

    fn reshare(&mut self, slot: Slot, field: usize) -> bool {
        for _ in 0..LOOKS {
            let Some(about) = self.posts[field].pick_new(&mut self.random) else { return false };
            let own = self.events[about as usize].account == slot.account;
            if !own && self.reshared.insert((slot.account, about)) {
                let event = self.event(slot.account, slot.time, EventKind::Reshare, Some(about), slot.cause);
                self.push(event);
                self.carry_on(about, slot, field);
                if slot.cause == Cause::Ordinary {
                    self.copy_framed(slot, about);
                }
                return true;
            }
        }
        false
    }

    /// A reshared post is shown again, the catching ones more, the old ones less;
    /// now and then it reaches another field.
    fn carry_on(&mut self, about: u32, slot: Slot, field: usize) {
        let Some(post) = self.events.get(about as usize) else { return };
        let age = slot.time - post.time.millis();
        // The same for every reshare of this post.
        let catching = part(self.stage.settings.seed, "catching", u64::from(about)).pareto(CATCHING_SHAPE);
        let copies = match age {
            ..CATCHING_MS => catching.min(CATCHING_MAX) as u32,
            CATCHING_MS..SHOWN_MS => 1,
            _ => 0,
        };
        self.show(about, field, None, copies);
        if self.random.chance(ELSEWHERE_SHARE) {
            let elsewhere = self.stage.habit(slot.account).interests[1];
            self.show(about, elsewhere, None, copies);
        }
    }

    /// A group that frames this account copies its reshare.
    fn copy_framed(&mut self, slot: Slot, about: u32) {
        let Some(frame) = self.framed.get(&slot.account).and_then(|place| self.frames.get_mut(*place)) else {
            return;
        };
        let Some(group) = self.stage.groups.get(frame.group as usize) else { return };
        let Skill { participation, spread_s, operations, .. } = group.plan.skill;
        let operation = operations - frame.operations;
        let start = self.stage.settings.start.millis();
        // Spread over the whole time: no more than the part that has gone by.
        let gone = (slot.time - start) as f64 / (self.end - start) as f64;
        if frame.operations == 0 || gone * f64::from(operations) * FRAME_PACE < f64::from(operation) {
            return;
        }
        frame.operations -= 1;
        let spread = i64::from(spread_s) * SECOND_MS;
        let delay = 3 * SECOND_MS + self.random.below(spread as u64 + 1) as i64;
        for account in &group.members {
            let at = slot.time + delay + self.random.below(spread as u64 + 1) as i64;
            if self.random.chance(participation) && at < self.end {
                self.copies.push(Reverse((at, *account, about, frame.group, operation)));
            }
        }
    }

    fn answer(&mut self, slot: Slot, field: usize) -> bool {
        let Some(about) = self.posts[field].pick_new(&mut self.random) else { return false };
        let rude = self.random.chance(RUDE_SHARE);
        let template = match self.random.below(5) {
            _ if rude => "{ataque}{remate}",
            0 => "{respuesta}",
            _ => "{comentario}{cola}",
        };
        let mut event = self.event(slot.account, slot.time, EventKind::Reply, Some(about), slot.cause);
        event.text = expand(&mut self.random, template, "");
        self.push(event);
        true
    }

    fn quote(&mut self, slot: Slot, field: usize) -> bool {
        let Some(about) = self.posts[field].pick_new(&mut self.random) else { return false };
        let mut event = self.event(slot.account, slot.time, EventKind::Quote, Some(about), slot.cause);
        event.text = said(&mut self.random, field);
        self.push(event);
        true
    }

    fn write(&mut self, slot: Slot, field: usize) {
        let mut event = self.event(slot.account, slot.time, EventKind::Original, None, slot.cause);
        event.text = said(&mut self.random, field);
        if self.random.chance(0.22) {
            event.link = Some(self.linked(field));
        }
        if self.random.chance(0.28) {
            event.hashtags = self.tagged(field);
        }
        if self.random.chance(0.2) {
            event.media = Some(self.pictured());
        }
        let followers = self.stage.people[slot.account as usize].followers;
        // Most posts reach hardly anybody; those of the known reach many.
        let copies = match (followers / 1_000).checked_ilog10() {
            Some(tens) => (2 + 3 * tens).min(8),
            None => u32::from(self.random.chance(SEEN_SHARE)),
        };
        let link = event.link;
        let number = self.push(event);
        self.show(number, field, link, copies);
    }

    fn linked(&mut self, field: usize) -> u32 {
        if self.random.chance(0.6)
            && let Some(link) = self.links[field].pick(&mut self.random)
        {
            return link;
        }
        let domain = *self.random.pick(&[
            "diario.example",
            "prensa.example",
            "ultimahora.example",
            "video.example",
            "blog.example",
            "tienda.example",
        ]);
        self.stage.article(&mut self.random, field, domain).1
    }

    fn tagged(&mut self, field: usize) -> Vec<u32> {
        let mut tags: Vec<&str> = interest(field).tags.to_vec();
        self.random.shuffle(&mut tags);
        let count = 1 + self.random.zipf(3) as usize;
        tags.into_iter().take(count).map(|tag| self.stage.hashtag(tag)).collect()
    }

    fn pictured(&mut self) -> u32 {
        let known = self.pictures.pick(&mut self.random).filter(|_| self.random.chance(0.15));
        let picture = known.unwrap_or_else(|| self.stage.new_media());
        if known.is_some() || self.random.chance(0.05) {
            self.pictures.push(picture);
        }
        picture
    }
}
