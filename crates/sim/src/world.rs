//! The world: accounts, what they say and when, and the truth about it.

use crate::random::Random;
use crate::text::{HASHTAGS, sentence};
use model::time::{DAY_MS, HOUR_MS};
use model::{Lang, Timestamp, Tone};

/// Activity by hour of the day in the world's time zone (UTC−5): night is quiet.
pub(crate) const DAY_CURVE: [f64; 24] = [
    0.25, 0.15, 0.1, 0.1, 0.15, 0.3, 0.6, 0.9, 1.1, 1.2, 1.2, 1.3, 1.5, 1.4, 1.2, 1.1, 1.1, 1.2, 1.4, 1.6,
    1.7, 1.5, 1.0, 0.5,
];
/// The world's time zone, hours from UTC.
const ZONE_HOURS: i64 = -5;

/// How the world is made.
#[derive(Debug, Clone)]
pub struct WorldSettings {
    /// Seed of everything.
    pub seed: u64,
    /// First instant.
    pub start: Timestamp,
    /// Mean time between posts, ms.
    pub mean_gap_ms: f64,
    /// Number of accounts.
    pub accounts: u64,
    /// The brand, as people write it.
    pub brand: Vec<String>,
    /// Competitors.
    pub competitors: Vec<String>,
    /// Hours from the start in which something goes wrong for the brand:
    /// three times the talk, nearly all of it negative.
    pub crisis_hours: Option<(i64, i64)>,
}

impl WorldSettings {
    /// A world with the brand Café Acme from `start` on.
    pub fn new(seed: u64, start: Timestamp, mean_gap_ms: f64) -> Self {
        Self {
            seed,
            start,
            mean_gap_ms,
            accounts: 5_000,
            brand: vec![
                "Café Acme".into(),
                "café acme".into(),
                "Acme".into(),
                "@CafeAcme".into(),
                "#CaféAcme".into(),
            ],
            competitors: vec!["Kotowa Express".into(), "Durán Exprés".into()],
            crisis_hours: None,
        }
    }
}

/// What a post is, as planted.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// Its language.
    pub language: Lang,
    /// Its tone.
    pub tone: Tone,
    /// True when it speaks of the brand.
    pub brand: bool,
    /// Ordinal of the competitor that it speaks of.
    pub competitor: Option<usize>,
}

/// An account of the world.
#[derive(Debug, Clone, PartialEq)]
pub struct Author {
    /// Its ordinal.
    pub ordinal: u64,
    /// Handle without `@`.
    pub handle: String,
    /// Display name.
    pub name: String,
    /// Followers.
    pub followers: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a post is in relation to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Stands alone.
    Original,
    /// Answers the post with this ordinal.
    Reply(u64),
}

/// One generated post.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Its ordinal, from 0.
    pub ordinal: u64,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub time: Timestamp,
    /// What it says.
    pub text: String,
    /// Hashtags inside the text, without `#`.
    pub hashtags: Vec<String>,
    /// A link inside the text.
    pub link: Option<String>,
    /// Likes, replies, reshares.
    pub counts: [u64; 3],
    /// True when a picture is attached.
    pub picture: bool,
    /// What it is.
    pub shape: Shape,
    /// The truth about it.
    pub truth: Truth,
}

const NAMES: &[&str] = &[
    "Ana", "Luis", "María", "José", "Carmen", "Iván", "Lucía", "Nuria", "Iñaki", "Rosa", "Tomás", "Elena",
    "Marta", "Pablo", "Gabriela", "João", "Kate",
];
const SURNAMES: &[&str] = &[
    "Ríos",
    "Peña",
    "González",
    "Mendoza",
    "Castillo",
    "Núñez",
    "Ortega",
    "Silva",
    "Smith",
    "Batista",
    "Vega",
];

impl Author {
    /// The account with this ordinal; always the same for a seed.
    fn of(seed: u64, ordinal: u64, start: Timestamp) -> Self {
        let mut random = Random::new(seed ^ ordinal.wrapping_mul(0x517c_c1b7_2722_0a95));
        let (name, surname) = (*random.pick(NAMES), *random.pick(SURNAMES));
        let plain = model::text::fold(name).replace('ñ', "n");
        let followers = (random.exponential(1.0).exp() * 40.0) as u64;
        Self {
            ordinal,
            handle: format!("{plain}{ordinal}"),
            name: format!("{name} {surname}"),
            followers: followers.min(2_000_000),
            created_at: start.plus(-(random.below(3_000) as i64 + 30) * DAY_MS),
        }
    }
}

/// An endless sequence of posts.
#[derive(Debug, Clone)]
pub struct World {
    settings: WorldSettings,
    random: Random,
    at_ms: f64,
    next: u64,
}

impl World {
    /// The world of these settings, at its first instant.
    pub fn new(settings: WorldSettings) -> Self {
        let random = Random::new(settings.seed);
        let at_ms = settings.start.millis() as f64;
        Self { settings, random, at_ms, next: 0 }
    }

    /// The settings.
    pub fn settings(&self) -> &WorldSettings {
        &self.settings
    }

    /// Goes on from this ordinal and instant, as a server does that starts
    /// where a generated past ended.
    #[must_use]
    pub fn from_ordinal(mut self, ordinal: u64, at: Timestamp) -> Self {
        self.next = ordinal;
        self.random = Random::new(self.settings.seed ^ ordinal.rotate_left(17));
        self.at_ms = at.millis() as f64;
        self
    }

    fn in_crisis(&self) -> bool {
        let hours = (self.at_ms - self.settings.start.millis() as f64) / HOUR_MS as f64;
        self.settings.crisis_hours.is_some_and(|(from, to)| hours >= from as f64 && hours < to as f64)
    }

    fn advance(&mut self) {
        let local_hour = (self.at_ms / HOUR_MS as f64) as i64 + ZONE_HOURS;
        let curve = DAY_CURVE.get(local_hour.rem_euclid(24) as usize).copied().unwrap_or(1.0);
        let surge = if self.in_crisis() { 3.0 } else { 1.0 };
        self.at_ms += self.random.exponential(self.settings.mean_gap_ms / (curve * surge));
    }

    fn make(&mut self) -> Made {
        let crisis = self.in_crisis();
        let random = &mut self.random;
        let language = match random.below(100) {
            0..80 => Lang::ES,
            80..90 => Lang::EN,
            _ => Lang::PT,
        };
        let brand = random.chance(if crisis { 0.6 } else { 0.25 });
        let competitor = (!brand && random.chance(0.15))
            .then(|| random.below(self.settings.competitors.len() as u64) as usize);
        let tone = match (brand && crisis, random.below(100)) {
            (true, 0..85) | (false, 0..25) => Tone::Negative,
            (true, 85..90) | (false, 25..60) => Tone::Positive,
            _ => Tone::Neutral,
        };
        let named = match competitor {
            Some(ordinal) => self.settings.competitors.get(ordinal).map(String::as_str),
            None if brand => Some(random.pick(&self.settings.brand).as_str()),
            None => None,
        };
        let mut text = sentence(random, language, tone, named);
        let mut hashtags: Vec<String> = Vec::new();
        if named.is_some_and(|named| named.starts_with('#')) {
            hashtags.push(named.unwrap_or_default().trim_start_matches('#').to_owned());
        }
        if random.chance(0.15) {
            let tag = *random.pick(HASHTAGS);
            text.push_str(" #");
            text.push_str(tag);
            hashtags.push(tag.to_owned());
        }
        let link = random.chance(0.12).then(|| {
            let link = format!(
                "https://{}/nota/{}",
                random.pick(&["prensa.example", "diario.example", "blog.example"]),
                random.zipf(500)
            );
            text.push(' ');
            text.push_str(&link);
            link
        });
        let ordinal = self.next;
        let shape = if ordinal > 0 && random.chance(0.2) {
            Shape::Reply(ordinal - 1 - random.below(ordinal.min(50)))
        } else {
            Shape::Original
        };
        let author = Author::of(self.settings.seed, random.zipf(self.settings.accounts), self.settings.start);
        let likes = (random.exponential(0.9).exp() - 1.0) as u64;
        Made {
            ordinal,
            author,
            time: Timestamp::from_millis(self.at_ms as i64),
            text,
            hashtags,
            link,
            counts: [likes.min(50_000), random.below(likes.min(40) + 1), random.below(likes.min(90) + 1)],
            picture: random.chance(0.1),
            shape,
            truth: Truth {
                language,
                tone: if named.is_some() { tone } else { Tone::Neutral },
                brand,
                competitor,
            },
        }
    }
}

impl Iterator for World {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        self.advance();
        let made = self.make();
        self.next += 1;
        Some(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_world() {
        let settings = || WorldSettings::new(7, Timestamp::from_millis(1_700_000_000_000), 1_000.0);
        let one: Vec<Made> = World::new(settings()).take(500).collect();
        let two: Vec<Made> = World::new(settings()).take(500).collect();
        assert_eq!(one, two);
        assert!(one.windows(2).all(|pair| pair[0].time <= pair[1].time));
        let brand = one.iter().filter(|made| made.truth.brand).count();
        assert!((80..180).contains(&brand), "{brand}");
    }

    #[test]
    fn a_crisis_is_louder_and_angrier() {
        let mut settings = WorldSettings::new(7, Timestamp::from_millis(1_700_000_000_000), 10_000.0);
        settings.crisis_hours = Some((24, 48));
        let day = |made: &Made| (made.time.millis() - 1_700_000_000_000) / DAY_MS;
        let made: Vec<Made> = World::new(settings).take_while(|made| day(made) < 3).collect();
        let negative = |of: i64| {
            made.iter().filter(|m| day(m) == of && m.truth.brand && m.truth.tone == Tone::Negative).count()
        };
        assert!(negative(1) > 5 * negative(0), "{} against {}", negative(1), negative(0));
    }
}
