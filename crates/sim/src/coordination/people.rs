//! Who lives in the world: facts of accounts and their habits.
//!
//! Activity and popularity are heavy-tailed (Pareto), waking hours follow the
//! day of the account's zone, some accounts are declared automatic, some came
//! in waves, some were away for months: each sign of a false account is also
//! found, more rarely, among ordinary ones.

use super::settings::{CoordinationSettings, GroupPlan, Handles, Origin, Skill};
use super::truth::Belongs;
use super::vocabulary::{INTERESTS, NAMES, SURNAMES};
use crate::random::Random;
use crate::world::DAY_CURVE;
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use model::{Behaviour, Timestamp};
use std::collections::HashSet;

/// Tail of activity: P(above x) = x^−1.3.
const ACTIVITY_SHAPE: f64 = 1.3;
/// Most activity, in units of the least.
const ACTIVITY_MAX: f64 = 250.0;
/// Tail of followers.
const FOLLOWERS_SHAPE: f64 = 1.05;
const FOLLOWERS_MAX: f64 = 4_000_000.0;
/// Waves in which organic accounts came, days before the start.
const WAVES: [i64; 6] = [95, 240, 410, 900, 1_700, 2_600];
/// Hours from UTC and their share of people.
const ZONES: [(i64, f64); 5] = [(-5, 0.6), (-6, 0.15), (-4, 0.05), (-3, 0.1), (1, 0.1)];
/// The largest value of the curve of the day.
const CURVE_MAX: f64 = 1.7;

/// One account of the world.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Its number: its place in the list.
    pub number: u32,
    /// Its handles without `@`, each with the instant from which it holds; never empty.
    pub handles: Vec<(Timestamp, String)>,
    /// Display name.
    pub name: String,
    /// Self-description.
    pub bio: Option<String>,
    /// Followers at the start.
    pub followers: u64,
    /// Accounts followed at the start.
    pub following: u64,
    /// Posts before the start.
    pub posts: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// True when it never set a picture.
    pub default_avatar: bool,
    /// Verified by the network.
    pub verified: bool,
    /// Declared automatic by its owner.
    pub automated: bool,
    /// For accounts that were silent for months: their last post before that.
    pub silent_since: Option<Timestamp>,
    /// The truth about it.
    pub belongs: Belongs,
}

impl Person {
    /// The handle that it had at this instant.
    pub fn handle_at(&self, at: Timestamp) -> &str {
        let held = self.handles.iter().rev().find(|(from, _)| *from <= at).or(self.handles.first());
        held.map_or("", |(_, handle)| handle.as_str())
    }

    /// The planted group that it belongs to.
    pub fn group(&self) -> Option<u32> {
        match self.belongs {
            Belongs::Member { group } => Some(group),
            _ => None,
        }
    }
}

/// How an account lives; known to the maker of the world only.
#[derive(Debug, Clone)]
pub(super) struct Habit {
    /// Share of the world's ordinary events, before scaling.
    pub activity: f64,
    /// Share of reshares among its events.
    pub reshares: f64,
    /// What it speaks of: mostly the first.
    pub interests: [usize; 2],
    pub zone_hours: i64,
    /// Early birds are negative.
    pub shift_ms: i64,
    /// Follows and hardly ever writes.
    pub silent: bool,
}

impl Habit {
    fn new(random: &mut Random) -> Self {
        let mut draw = random.unit();
        let zone = ZONES.iter().find(|(_, share)| {
            draw -= share;
            draw < 0.0
        });
        let fields = INTERESTS.len() as u64;
        Self {
            activity: random.pareto(ACTIVITY_SHAPE).min(ACTIVITY_MAX),
            reshares: 0.08 + 0.8 * random.unit() * random.unit().sqrt(),
            interests: [random.zipf(fields) as usize, random.below(fields) as usize],
            zone_hours: zone.map_or(-5, |(hours, _)| *hours),
            shift_ms: (random.normal() * 75.0 * MINUTE_MS as f64) as i64,
            silent: false,
        }
    }

    /// One of its interests.
    pub fn interest(&self, random: &mut Random) -> usize {
        self.interests[usize::from(random.chance(0.3))]
    }

    /// An instant of this day at which it is awake.
    pub fn awake(&self, random: &mut Random, settings: &CoordinationSettings, day: u64) -> i64 {
        let hour = loop {
            let hour = random.below(24) as usize;
            // 24 entries, a number below 24.
            if random.unit() * CURVE_MAX < DAY_CURVE[hour] {
                break hour as i64;
            }
        };
        let local = day as i64 * DAY_MS + hour * HOUR_MS + random.below(HOUR_MS as u64) as i64;
        let span = settings.end().millis() - settings.start.millis();
        settings.start.millis() + (local - self.zone_hours * HOUR_MS + self.shift_ms).rem_euclid(span)
    }
}

/// Makes accounts, with handles that nobody else has.
pub(super) struct Registry<'s> {
    settings: &'s CoordinationSettings,
    taken: HashSet<String>,
}

impl<'s> Registry<'s> {
    pub fn new(settings: &'s CoordinationSettings) -> Self {
        Self { settings, taken: HashSet::new() }
    }

    fn handle(&mut self, wished: String) -> String {
        let mut handle = wished.clone();
        let mut next = 2_u32;
        while !self.taken.insert(handle.clone()) {
            handle = format!("{wished}_{next}");
            next += 1;
        }
        handle
    }

    /// An ordinary account.
    pub fn ordinary(&mut self, random: &mut Random, number: u32) -> (Person, Habit) {
        let habit = Habit::new(random);
        let (name, surname) = (*random.pick(NAMES), *random.pick(SURNAMES));
        let age_days = if random.chance(0.15) {
            *random.pick(&WAVES) + random.below(4) as i64
        } else {
            30 + (random.unit().sqrt() * 4_500.0) as i64
        };
        let created_at = self.settings.start.plus(-age_days * DAY_MS + random.below(DAY_MS as u64) as i64);
        let first = self.handle(human(random, name, surname));
        let mut handles = vec![(created_at, first)];
        if random.chance(0.02) {
            let renamed = self.handle(human(random, name, surname));
            handles.push((self.instant(random), renamed));
        }
        let followers = 45.0 * random.pareto(FOLLOWERS_SHAPE) * habit.activity.powf(0.25);
        let automated = random.chance(0.004);
        let silent_since = (age_days > 500 && random.chance(0.015))
            .then(|| self.settings.start.plus(-(60 + random.below(300) as i64) * DAY_MS));
        let person = Person {
            number,
            handles,
            name: format!("{name} {surname}"),
            bio: random.chance(0.6).then(|| super::words::expand(random, "{lugar}. {reacciono}", "")),
            followers: followers.min(FOLLOWERS_MAX) as u64,
            following: (250.0 * (random.normal() * 0.9).exp()) as u64,
            posts: (habit.activity * age_days as f64 * 0.3) as u64,
            created_at,
            default_avatar: random.chance(0.08),
            verified: followers > 50_000.0,
            automated,
            silent_since,
            belongs: Belongs::Organic { controls: Vec::new() },
        };
        (person, habit)
    }

    /// An instant inside the world.
    fn instant(&self, random: &mut Random) -> Timestamp {
        let span = self.settings.end().millis() - self.settings.start.millis();
        self.settings.start.plus(random.below(span as u64) as i64)
    }

    /// The accounts of a planted group.
    pub fn members(
        &mut self,
        random: &mut Random,
        numbers: &[u32],
        group: u32,
        plan: &GroupPlan,
        stem: &str,
    ) -> Vec<(Person, Habit)> {
        let burst_days = 25 + random.below(150) as i64;
        // The whole group was asleep until about the same day.
        let asleep_days = 75 + random.below(250) as i64;
        let mut made = Vec::with_capacity(numbers.len());
        for (place, number) in numbers.iter().enumerate() {
            let (mut person, mut habit) = self.ordinary(random, *number);
            habit.silent = plan.behaviour == Behaviour::Watcher;
            person.belongs = Belongs::Member { group };
            person.verified = false;
            person.automated = false;
            person.silent_since = None;
            let wished = handle_of(random, plan.handles, stem, place);
            if let (Some(wished), Some((_, last))) = (wished, person.handles.last_mut()) {
                *last = self.handle(wished);
            }
            self.set_origin(random, &mut person, plan, burst_days, asleep_days);
            disguise(random, &mut person, plan.skill);
            made.push((person, habit));
        }
        made
    }

    fn set_origin(
        &mut self,
        random: &mut Random,
        person: &mut Person,
        plan: &GroupPlan,
        burst_days: i64,
        asleep_days: i64,
    ) {
        let start = self.settings.start;
        match plan.origin {
            Origin::Grown => return,
            Origin::MadeTogether => {
                let spread = (random.exponential(1.2) * DAY_MS as f64) as i64;
                person.created_at = start.plus(-burst_days * DAY_MS + spread.min(8 * DAY_MS));
                person.posts = random.below(60);
            }
            Origin::Bought => {
                let age = 700 + random.below(3_000) as i64;
                person.created_at = start.plus(-age * DAY_MS + random.below(DAY_MS as u64) as i64);
                let quiet = asleep_days + random.below(60) as i64;
                person.silent_since = Some(start.plus(-quiet * DAY_MS));
                person.posts = 20 + random.below(900);
            }
        }
        let current = person.handles.pop().map(|(_, handle)| handle).unwrap_or_default();
        person.handles = vec![(person.created_at, current)];
        if plan.origin == Origin::Bought && random.chance(0.6) {
            // Its first owner's name, until the buyer changed it, some before our eyes.
            let (name, surname) = (*random.pick(NAMES), *random.pick(SURNAMES));
            let owner = human(random, name, surname);
            let owner = self.handle(owner);
            let changed = if random.chance(0.5) {
                self.instant(random)
            } else {
                start.plus(-(random.below(40) as i64) * DAY_MS)
            };
            if let Some((from, _)) = person.handles.first_mut() {
                *from = changed;
            }
            person.handles.insert(0, (person.created_at, owner));
        }
    }

    /// An outlet or service desk of a house.
    pub fn house(
        &mut self,
        random: &mut Random,
        number: u32,
        control: u32,
        name: String,
        automated: bool,
    ) -> (Person, Habit) {
        let (mut person, mut habit) = self.ordinary(random, number);
        let handle = self.handle(plain(&name));
        person.created_at = self.settings.start.plus(-(1_500 + random.below(2_500) as i64) * DAY_MS);
        person.handles = vec![(person.created_at, handle)];
        person.name = name;
        person.bio = Some("Cuenta oficial".to_owned());
        person.followers = 5_000 + random.below(200_000);
        (person.verified, person.automated) = (true, automated);
        (person.default_avatar, person.silent_since) = (false, None);
        person.belongs = Belongs::House { control };
        habit.activity = 0.0;
        (person, habit)
    }
}

/// Little audience, many followed; the careless keep the default picture.
fn disguise(random: &mut Random, person: &mut Person, skill: Skill) {
    let care = skill.camouflage;
    person.followers = ((8.0 + 120.0 * care) * (random.normal() * 0.8).exp()) as u64;
    person.following = (400.0 * (random.normal() * 0.6).exp()) as u64;
    person.default_avatar = random.chance(0.5 - 0.45 * care);
    if random.chance(0.6 - 0.5 * care) {
        person.bio = None;
    }
}

/// Letters and digits of a name as handles have them.
fn plain(name: &str) -> String {
    let pairs =
        [('á', 'a'), ('é', 'e'), ('í', 'i'), ('ó', 'o'), ('ú', 'u'), ('ñ', 'n'), ('ã', 'a'), ('Á', 'A')];
    name.chars()
        .filter(|c| *c != ' ')
        .map(|c| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to))
        .collect()
}

fn human(random: &mut Random, name: &str, surname: &str) -> String {
    let (name, surname) = (plain(name), plain(surname));
    let year = 60 + random.below(47);
    let (small, family) = (name.to_lowercase(), surname.to_lowercase());
    let initial = surname.chars().next().unwrap_or('x');
    match random.below(8) {
        0 => format!("{name}{surname}{}", random.below(100)),
        1 => format!("{small}_{family}{:02}", year % 100),
        2 => format!("{small}{}", random.below(10_000)),
        3 => format!("{family}{}{}", random.pick(&["colon", "pty", "lima", "cali", "mx"]), random.below(90)),
        4 => format!("{small}{family}{}", random.below(60)),
        // What networks propose to those who do not choose.
        6 => format!("{name}{}", 10_000_000 + random.below(89_999_999)),
        5 => format!("{initial}{small}{:02}", year % 100),
        _ => format!("{small}{initial}{}", random.below(1_000)),
    }
}

/// What the handles of a series begin with.
pub(super) fn handle_stem(random: &mut Random) -> String {
    let first = *random.pick(&["Voz", "Gente", "Pueblo", "Fuerza", "Verdad"]);
    plain(&format!("{first}De{}", random.pick(SURNAMES)))
}

fn handle_of(random: &mut Random, handles: Handles, stem: &str, place: usize) -> Option<String> {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    match handles {
        Handles::Human => None,
        Handles::Digits => {
            let name = plain(random.pick::<&str>(NAMES));
            Some(format!("{name}{}", 10_000_000 + random.below(89_999_999)))
        }
        Handles::Random => Some((0..11).map(|_| char::from(*random.pick(LETTERS))).collect()),
        Handles::Series => Some(format!("{stem}{:02}", place + 1)),
    }
}
