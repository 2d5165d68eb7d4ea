//! What is arranged before the world runs: its people, the acts that groups
//! and scenes have agreed on, and the free moments of everybody else.
//!
//! An act may refer to an earlier arranged act (a reshare to its post).
//! Numbers of accounts and acts are dealt here, so that they index their lists.

use super::people::{Habit, Person, Registry, handle_stem};
use super::settings::{ControlKind, CoordinationSettings};
use super::truth::{Cause, Control, Group};
use super::words::{expand, interest};
use crate::random::Random;
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use std::collections::{HashMap, HashSet};

/// Times a working hour is drawn before any hour will do.
const DRAWS_MAX: u32 = 40;
/// No group or scene is at work before this time of the world, ms: what it
/// refers to (a call, an article) comes up to two hours before.
const LEAD_MS: i64 = 3 * HOUR_MS;
/// Mean length of a sitting, events.
const SITTING_EVENTS: f64 = 4.0;
/// Mean time between two events of a sitting, ms.
const SITTING_GAP_MS: f64 = 100_000.0;

/// An arranged act, by its place in [`Stage::drafts`].
pub(super) type DraftNumber = u32;

/// What is done, and to which arranged act or account.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    Original,
    Reply(DraftNumber),
    Reshare(DraftNumber),
    Quote(DraftNumber),
    Follow(u32),
}

/// One arranged act.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub time: i64,
    pub account: u32,
    pub act: Act,
    pub cause: Cause,
    pub text: String,
    pub hashtags: Vec<u32>,
    pub link: Option<u32>,
    pub media: Option<u32>,
    /// Field in which ordinary people see it, and how prominently (0: nowhere).
    pub shown: (usize, u32),
}

impl Draft {
    pub fn new(time: i64, account: u32, act: Act, cause: Cause) -> Self {
        Self {
            time,
            account,
            act,
            cause,
            text: String::new(),
            hashtags: Vec::new(),
            link: None,
            media: None,
            shown: (0, 0),
        }
    }

    pub fn saying(self, text: String) -> Self {
        Self { text, ..self }
    }

    pub fn shown(self, field: usize, copies: u32) -> Self {
        Self { shown: (field, copies), ..self }
    }
}

/// A free moment: what happens is decided when it comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub time: i64,
    pub account: u32,
    pub cause: Cause,
}

/// A group that copies the reshares of innocents.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub group: u32,
    pub innocents: Vec<u32>,
    pub operations: u32,
}

/// Everything arranged.
pub(super) struct Stage<'s> {
    pub settings: &'s CoordinationSettings,
    pub people: Vec<Person>,
    pub habits: Vec<Habit>,
    pub organic: Vec<u32>,
    pub links: Vec<String>,
    pub hashtags: Vec<String>,
    hashtag_numbers: HashMap<String, u32>,
    pub media: u32,
    pub drafts: Vec<Draft>,
    pub slots: Vec<Slot>,
    pub frames: Vec<Frame>,
    pub groups: Vec<Group>,
    pub controls: Vec<Control>,
}

/// A generator for one part, so that parts do not disturb each other.
pub(super) fn part(seed: u64, name: &str, number: u64) -> Random {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut random = Random::new(seed ^ sum ^ number.wrapping_mul(0x517c_c1b7_2722_0a95));
    random.next();
    random
}

impl<'s> Stage<'s> {
    /// Deals the numbers of accounts and makes the people.
    pub fn new(settings: &'s CoordinationSettings) -> Self {
        let own = |plan: &&super::settings::ControlPlan| plan.kind.has_own_accounts();
        let members: u32 = settings.groups.iter().map(|plan| plan.members).sum();
        let houses: u32 = settings.controls.iter().filter(own).map(|plan| plan.accounts).sum();
        let count = settings.accounts + members + houses;
        let mut numbers: Vec<u32> = (0..count).collect();
        let mut random = part(settings.seed, "people", 0);
        random.shuffle(&mut numbers);
        let mut registry = Registry::new(settings);
        let mut made: Vec<(Person, Habit)> = Vec::with_capacity(numbers.len());
        let mut dealt = numbers.into_iter();
        let organic: Vec<u32> = dealt.by_ref().take(settings.accounts as usize).collect();
        made.extend(organic.iter().map(|number| registry.ordinary(&mut random, *number)));
        let mut groups = Vec::new();
        for (group, plan) in (0_u32..).zip(&settings.groups) {
            let mut members: Vec<u32> = dealt.by_ref().take(plan.members as usize).collect();
            members.sort_unstable();
            let mut random = part(settings.seed, "members", u64::from(group));
            let stem =
                handle_stem(&mut part(settings.seed, "stem", u64::from(plan.comeback_of.unwrap_or(group))));
            made.extend(registry.members(&mut random, &members, group, plan, &stem));
            groups.push(Group {
                number: group,
                plan: plan.clone(),
                members,
                patrons: Vec::new(),
                targets: Vec::new(),
                framed: Vec::new(),
            });
        }
        let mut controls = Vec::new();
        for (control, plan) in (0_u32..).zip(&settings.controls) {
            let mut accounts = Vec::new();
            if plan.kind.has_own_accounts() {
                let house = random.below(900) + 100;
                for place in 0..plan.accounts {
                    let Some(number) = dealt.next() else { break };
                    let name = house_name(&mut random, plan.kind, house, place);
                    let automated = plan.kind == ControlKind::Newsroom && place % 3 == 0;
                    made.push(registry.house(&mut random, number, control, name, automated));
                    accounts.push(number);
                }
            }
            controls.push(Control { number: control, plan: *plan, accounts, around: None });
        }
        made.sort_unstable_by_key(|(person, _)| person.number);
        let (people, habits) = made.into_iter().unzip();
        Self {
            settings,
            people,
            habits,
            organic,
            links: Vec::new(),
            hashtags: Vec::new(),
            hashtag_numbers: HashMap::new(),
            media: 0,
            drafts: Vec::new(),
            slots: Vec::new(),
            frames: Vec::new(),
            groups,
            controls,
        }
    }

    /// The account of this number; numbers come from this stage only.
    pub fn habit(&self, account: u32) -> &Habit {
        &self.habits[account as usize]
    }

    /// Arranges an act and tells its number.
    pub fn arrange(&mut self, draft: Draft) -> DraftNumber {
        let number = self.drafts.len() as u32;
        self.drafts.push(draft);
        number
    }

    /// The number of an address that nobody has used.
    pub fn new_link(&mut self, address: String) -> u32 {
        self.links.push(address);
        self.links.len() as u32 - 1
    }

    /// The number of a hashtag.
    pub fn hashtag(&mut self, tag: &str) -> u32 {
        if let Some(number) = self.hashtag_numbers.get(tag) {
            return *number;
        }
        let number = self.hashtags.len() as u32;
        self.hashtags.push(tag.to_owned());
        self.hashtag_numbers.insert(tag.to_owned(), number);
        number
    }

    /// The number of a picture that nobody has used.
    pub fn new_media(&mut self) -> u32 {
        self.media += 1;
        self.media - 1
    }

    /// Different ordinary accounts, the active ones sooner, most of them with
    /// this interest when one is given; fewer when there are not so many.
    pub fn some_organic(&self, random: &mut Random, count: u32, field: Option<usize>) -> Vec<u32> {
        let count = (count as usize).min(self.organic.len() / 2);
        let mut taken = HashSet::new();
        let mut some = Vec::with_capacity(count);
        while some.len() < count {
            let mut best = *random.pick(&self.organic);
            for _ in 0..3 {
                let other = *random.pick(&self.organic);
                let suits = |account: u32| {
                    let habit = self.habit(account);
                    let near = field.is_none_or(|field| habit.interests.contains(&field));
                    habit.activity.min(20.0) * if near { 40.0 } else { 1.0 }
                };
                if suits(other) > suits(best) {
                    best = other;
                }
            }
            if taken.insert(best) {
                some.push(best);
            }
        }
        some
    }

    /// An ordinary account with many followers, none of `others`.
    pub fn somebody_known(&self, random: &mut Random, others: &[u32]) -> u32 {
        let drawn = (0..40).map(|_| *random.pick(&self.organic)).filter(|account| {
            let person = &self.people[*account as usize];
            !others.contains(account) && !person.automated && person.silent_since.is_none()
        });
        let best = drawn.max_by_key(|account| self.people[*account as usize].followers);
        best.unwrap_or_else(|| *random.pick(&self.organic))
    }

    /// Instants of working days, rising, at least `tail_ms` before the end.
    pub fn working_times(&self, random: &mut Random, count: u32, tail_ms: i64) -> Vec<i64> {
        self.working_times_within(random, count, (0.0, 1.0), tail_ms)
    }

    /// The same within a part of the time, `part` 0…1.
    pub fn working_times_within(
        &self,
        random: &mut Random,
        count: u32,
        part: (f64, f64),
        tail_ms: i64,
    ) -> Vec<i64> {
        let (start, end) = (self.settings.start.millis(), self.settings.end().millis());
        let at = |share: f64| start + ((end - start) as f64 * share) as i64;
        let first = at(part.0) + LEAD_MS;
        let last = (at(part.1).min(end - tail_ms) - HOUR_MS).max(first);
        let desk = Habit {
            activity: 0.0,
            reshares: 0.0,
            interests: [0, 0],
            zone_hours: -5,
            shift_ms: 0,
            silent: false,
        };
        let (from_day, to_day) = ((first - start) / DAY_MS, (last - start) / DAY_MS + 1);
        let draw = |random: &mut Random| {
            let day = from_day as u64 + random.below((to_day - from_day) as u64);
            desk.awake(random, self.settings, day.min(u64::from(self.settings.days) - 1))
        };
        let mut times: Vec<i64> = (0..count)
            .map(|_| {
                let suits = (0..DRAWS_MAX).map(|_| draw(random)).find(|time| (first..=last).contains(time));
                suits.unwrap_or_else(|| first + random.below((last - first) as u64 + 1) as i64)
            })
            .collect();
        times.sort_unstable();
        times
    }

    /// A post of this account of its own accord, as ordinary people see it.
    pub fn own_post(&mut self, random: &mut Random, account: u32, time: i64, copies: u32) -> DraftNumber {
        let field = self.habit(account).interests[0];
        let text = super::words::said(random, field);
        let draft = Draft::new(time, account, Act::Original, Cause::Ordinary);
        self.arrange(draft.saying(text).shown(field, copies))
    }

    /// An article of an outlet: headline and address.
    pub fn article(&mut self, random: &mut Random, field: usize, domain: &str) -> (String, u32) {
        let subject = *random.pick(interest(field).subjects);
        let headline = expand(random, "{titular}", subject);
        let slug = super::words::slug(&headline);
        let link = self.new_link(format!("https://{domain}/{slug}-{}", self.links.len()));
        (headline, link)
    }

    /// Ordinary events of a member whose `acts` are the group's, so that
    /// they are the asked share of the sum.
    pub fn camouflage(&mut self, random: &mut Random, account: u32, acts: u32, share: f64, group: u32) {
        let share = share.clamp(0.0, super::settings::CAMOUFLAGE_MAX);
        let count = f64::from(acts) * share / (1.0 - share);
        let whole = count as u32 + u32::from(random.chance(count.fract()));
        self.sit(random, account, whole, Cause::Camouflage { group });
    }

    /// Free moments in sittings on days and hours at which the account is awake.
    pub fn sit(&mut self, random: &mut Random, account: u32, count: u32, cause: Cause) {
        let person = &self.people[account as usize];
        let habit = self.habits[account as usize].clone();
        let (start, end) = (self.settings.start.millis(), self.settings.end().millis());
        let days = u64::from(self.settings.days);
        let back = match (person.silent_since, cause) {
            (Some(_), Cause::Ordinary) => random.below(days.div_ceil(2)),
            _ => 0,
        };
        let automated = person.automated;
        let mut left = count;
        while left > 0 {
            let day = back + random.below(days - back);
            let mut time = habit.awake(random, self.settings, day);
            let sitting = 1 + random.exponential(SITTING_EVENTS - 1.0) as u32;
            for _ in 0..sitting.min(left) {
                let at = if automated {
                    time / (30 * MINUTE_MS) * 30 * MINUTE_MS + random.below(2_000) as i64
                } else {
                    time
                };
                if at >= start && at < end {
                    self.slots.push(Slot { time: at, account, cause });
                    left -= 1;
                } else {
                    break;
                }
                time += 4 * SECOND_MS + random.exponential(SITTING_GAP_MS) as i64;
                if automated {
                    time += 30 * MINUTE_MS;
                }
            }
        }
    }

    /// The free moments of ordinary accounts: what is left of the asked events.
    pub fn fill_ordinary(&mut self) {
        let frames: f64 = self.frames.iter().map(|frame| self.expected_copies(frame)).sum();
        let arranged = self.drafts.len() + self.slots.len() + frames as usize;
        let left = f64::from(self.settings.events) - arranged as f64;
        let sum: f64 = self.organic.iter().map(|account| self.habit(*account).activity).sum();
        if left <= 0.0 || sum <= 0.0 {
            return;
        }
        for account in self.organic.clone() {
            let mut random = part(self.settings.seed, "life", u64::from(account));
            let share = self.habit(account).activity * left / sum;
            let count = share as u32 + u32::from(random.chance(share.fract()));
            self.sit(&mut random, account, count, Cause::Ordinary);
        }
    }

    fn expected_copies(&self, frame: &Frame) -> f64 {
        let plan = self.groups.get(frame.group as usize).map(|group| &group.plan);
        plan.map_or(0.0, |plan| {
            f64::from(frame.operations) * f64::from(plan.members) * plan.skill.participation
        })
    }

    /// Some posts from before the silence of those who were silent.
    pub fn remember_past(&mut self) {
        let silent: Vec<(u32, i64, i64)> = self
            .people
            .iter()
            .filter_map(|p| Some((p.number, p.silent_since?.millis(), p.created_at.millis())))
            .collect();
        for (account, since, created) in silent {
            let mut random = part(self.settings.seed, "past", u64::from(account));
            let room = (since - created).clamp(1, 200 * DAY_MS) as u64;
            for turn in 0..2 + random.below(5) {
                let time = if turn == 0 { since } else { since - random.below(room) as i64 };
                let field = self.habit(account).interest(&mut random);
                let text = super::words::said(&mut random, field);
                self.arrange(Draft::new(time, account, Act::Original, Cause::Past).saying(text));
            }
        }
    }
}

fn house_name(random: &mut Random, kind: ControlKind, house: u64, place: u32) -> String {
    match kind {
        ControlKind::Newsroom => {
            let town = expand(random, "{lugar}", "");
            format!("Noticias {house} {town} {}", place + 1)
        }
        _ => format!(
            "Servicio {house} {}",
            ["Ayuda", "Hogar", "Empresas", "Móvil", "Redes"][place as usize % 5]
        ),
    }
}
