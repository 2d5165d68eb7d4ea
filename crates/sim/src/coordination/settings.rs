//! What shall be planted? The size of the world, its groups with their skills,
//! and the innocent scenes beside them.
//!
//! In: a seed and a first instant. Out: settings that a caller may change
//! before the world is made. Ratios are 0…1, times are seconds unless named.

use model::{Behaviour, Timestamp};

/// Organic accounts by default.
pub const ACCOUNTS: u32 = 20_000;
/// Events by default, planted ones and those of the scenes included.
pub const EVENTS: u32 = 600_000;
/// Days by default.
pub const DAYS: u32 = 21;
/// Most days of a world.
pub const DAYS_MAX: u32 = 366;
/// Largest share of a member's events that may be ordinary.
pub const CAMOUFLAGE_MAX: f64 = 0.95;

/// How alike the texts of one operation are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wording {
    /// Letter by letter.
    Copied,
    /// A word, a sign or an ending changed.
    Edited,
    /// Every member writes its own.
    Rewritten,
}

/// What a spreader's operation carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Means {
    /// The same address.
    Link,
    /// The same message.
    Text,
    /// The same hashtags in the same order.
    Hashtags,
    /// The same picture.
    Media,
}

/// Whose objects a group acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Objects {
    /// Objects that nobody else touches.
    Own,
    /// Objects that ordinary people share too.
    WithCrowd,
}

/// Where the accounts of a group come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Made within a few days.
    MadeTogether,
    /// Old accounts of others, silent for months, partly renamed.
    Bought,
    /// Made one by one, like everybody's.
    Grown,
}

/// How the handles of a group look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Handles {
    /// A name and eight digits.
    Digits,
    /// Letters and digits at random.
    Random,
    /// One stem, numbered.
    Series,
    /// Like everybody's.
    Human,
}

/// How well a group hides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skill {
    /// Probability that a member takes part in an operation.
    pub participation: f64,
    /// Every act of an operation lies within this time, s.
    pub spread_s: u32,
    /// Share of a member's events that is ordinary behaviour.
    pub camouflage: f64,
    /// Joint operations over the whole time.
    pub operations: u32,
    /// Whose objects.
    pub objects: Objects,
    /// How alike the texts are.
    pub wording: Wording,
}

/// One group to plant.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPlan {
    /// What it does.
    pub behaviour: Behaviour,
    /// Its accounts.
    pub members: u32,
    /// How well it hides.
    pub skill: Skill,
    /// What a spreader's operations carry, in turn; unused by others.
    pub means: Vec<Means>,
    /// Where its accounts come from.
    pub origin: Origin,
    /// How their handles look.
    pub handles: Handles,
    /// Innocent accounts whose reshares it copies to frame them; 0 for none.
    /// Such a group has no patron: its operations are the copied reshares.
    pub frames: u32,
    /// Place in the list of the group of which this one is the return: that
    /// one stops before the middle of the time, this one begins after it, with
    /// other accounts, but the same patrons, targets, domain, own hashtags and
    /// stem of handles. Only earlier places count.
    pub comeback_of: Option<u32>,
}

/// An innocent scene that looks like coordination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlKind {
    /// Admirers reshare the same posts, each when they are awake.
    Fans,
    /// Admirers with notifications switched on: a part comes within minutes.
    NotifiedFans,
    /// Outlets of one house with the same headline and address.
    Newsroom,
    /// A call at an hour, with a text to copy.
    Activists,
    /// «Comparte para ganar», again and again by the same hunters.
    Raffle,
    /// Everybody reshares the same news within minutes.
    BreakingNews,
    /// A match: the same words in the seconds after a goal.
    Sports,
    /// A house's service accounts answer with prepared texts.
    CustomerService,
    /// Posts that run through the whole network.
    Viral,
    /// Many are angry with one account and say so, each in their own words.
    Outrage,
    /// Silent readers follow the same suggested people within minutes.
    Readers,
    /// Ordinary people whose reshares a group copies with delay.
    Framed,
}

impl ControlKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Fans,
        Self::NotifiedFans,
        Self::Newsroom,
        Self::Activists,
        Self::Raffle,
        Self::BreakingNews,
        Self::Sports,
        Self::CustomerService,
        Self::Viral,
        Self::Outrage,
        Self::Readers,
        Self::Framed,
    ];

    /// The word used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fans => "fans",
            Self::NotifiedFans => "notified_fans",
            Self::Newsroom => "newsroom",
            Self::Activists => "activists",
            Self::Raffle => "raffle",
            Self::BreakingNews => "breaking_news",
            Self::Sports => "sports",
            Self::CustomerService => "customer_service",
            Self::Viral => "viral",
            Self::Outrage => "outrage",
            Self::Readers => "readers",
            Self::Framed => "framed",
        }
    }

    /// True when the scene has accounts of its own (outlets, service desks)
    /// and does not borrow ordinary ones.
    pub const fn has_own_accounts(self) -> bool {
        matches!(self, Self::Newsroom | Self::CustomerService)
    }
}

impl GroupPlan {
    /// A group that shares the crowd's objects, with texts edited, addresses
    /// as a spreader's means, and accounts like everybody's: only its acts
    /// tell it apart.
    pub fn new(behaviour: Behaviour, members: u32, participation: f64, spread_s: u32) -> Self {
        let figures = (participation, spread_s, 0.0, 60);
        plan(
            behaviour,
            members,
            skill(figures, Objects::WithCrowd, Wording::Edited),
            Origin::Grown,
            Handles::Human,
        )
    }
}

/// One scene to play. [`ControlKind::Framed`] is never planned: it comes with
/// a group whose [`GroupPlan::frames`] is above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlPlan {
    /// What it is.
    pub kind: ControlKind,
    /// Its accounts.
    pub accounts: u32,
    /// Posts, headlines, calls, raffles, news, matches, days of service,
    /// posts that anger, or lists of suggestions.
    pub occasions: u32,
}

/// How the world is made.
#[derive(Debug, Clone, PartialEq)]
pub struct CoordinationSettings {
    /// Seed of everything.
    pub seed: u64,
    /// First instant.
    pub start: Timestamp,
    /// Days, 1…[`DAYS_MAX`].
    pub days: u32,
    /// Organic accounts, without those of groups, outlets and service desks.
    pub accounts: u32,
    /// Events aimed at; ordinary life fills what groups and scenes leave.
    pub events: u32,
    /// The groups.
    pub groups: Vec<GroupPlan>,
    /// The scenes.
    pub controls: Vec<ControlPlan>,
}

/// The six levels of the default groups: participation, spread, camouflage, operations.
const LEVELS: [(f64, u32, f64, u32); 6] = [
    (0.90, 10, 0.0, 60),
    (0.70, 30, 0.15, 60),
    (0.50, 60, 0.3, 60),
    (0.40, 180, 0.5, 50),
    (0.25, 300, 0.65, 50),
    (0.15, 600, 0.8, 40),
];
/// Sizes of the default groups, dealt so that skill and size do not go together.
const SIZES: [u32; 6] = [60, 25, 8, 40, 15, 5];

impl CoordinationSettings {
    /// Every behaviour at six levels of skill, a slow spreader, a booster that
    /// comes back under other names, spreaders of hashtags and of pictures alone
    /// and a group that frames innocents, beside every scene.
    pub fn new(seed: u64, start: Timestamp) -> Self {
        let mut groups: Vec<GroupPlan> = Behaviour::ALL
            .iter()
            .enumerate()
            .flat_map(|(turn, behaviour)| levels(turn, *behaviour))
            .collect();
        groups.push(GroupPlan {
            means: vec![Means::Text],
            ..plan(
                Behaviour::Spreader,
                30,
                skill((0.8, 2 * 86_400, 0.3, 30), Objects::Own, Wording::Edited),
                Origin::Grown,
                Handles::Human,
            )
        });
        let series = skill((0.6, 45, 0.2, 40), Objects::WithCrowd, Wording::Copied);
        let first = groups.len() as u32;
        groups.push(plan(Behaviour::Booster, 25, series, Origin::MadeTogether, Handles::Series));
        groups.push(GroupPlan {
            comeback_of: Some(first),
            ..plan(Behaviour::Booster, 20, series, Origin::Bought, Handles::Series)
        });
        for means in [Means::Hashtags, Means::Media] {
            groups.push(GroupPlan {
                means: vec![means],
                ..plan(
                    Behaviour::Spreader,
                    25,
                    skill((0.7, 60, 0.2, 60), Objects::Own, Wording::Rewritten),
                    Origin::MadeTogether,
                    Handles::Human,
                )
            });
        }
        groups.push(GroupPlan {
            frames: 4,
            ..plan(
                Behaviour::Booster,
                20,
                skill((0.7, 30, 0.2, 60), Objects::WithCrowd, Wording::Copied),
                Origin::MadeTogether,
                Handles::Human,
            )
        });
        Self { seed, start, days: DAYS, accounts: ACCOUNTS, events: EVENTS, groups, controls: scenes(1.0) }
    }

    /// A small world for tests: 1,500 accounts, 30,000 events, a week, one
    /// plain group of each behaviour, every scene.
    pub fn small(seed: u64, start: Timestamp) -> Self {
        let mut settings = Self::new(seed, start);
        let plain: Vec<GroupPlan> = settings.groups.iter().skip(1).step_by(6).take(4).cloned().collect();
        let framing = settings.groups.pop();
        settings.groups = plain.into_iter().chain(framing).map(smaller).collect();
        Self { days: 7, accounts: 1_500, events: 30_000, controls: scenes(0.15), ..settings }
    }

    /// The end: the first instant after the world.
    pub fn end(&self) -> Timestamp {
        self.start.plus(i64::from(self.days.clamp(1, DAYS_MAX)) * model::time::DAY_MS)
    }
}

fn smaller(plan: GroupPlan) -> GroupPlan {
    GroupPlan {
        members: plan.members.min(12),
        skill: Skill { operations: 20, ..plan.skill },
        frames: plan.frames.min(2),
        ..plan
    }
}

fn levels(turn: usize, behaviour: Behaviour) -> impl Iterator<Item = GroupPlan> {
    LEVELS.into_iter().enumerate().map(move |(level, figures)| {
        let objects = if (level + turn).is_multiple_of(2) { Objects::WithCrowd } else { Objects::Own };
        let wording = [Wording::Copied, Wording::Edited, Wording::Rewritten][level / 2];
        let origin = [Origin::MadeTogether, Origin::Bought, Origin::Grown][(level + turn) % 3];
        let handles =
            [Handles::Digits, Handles::Random, Handles::Series, Handles::Human][(level + turn * 2) % 4];
        let means = match level {
            0 => vec![Means::Link, Means::Text],
            1 => vec![Means::Text],
            2 => vec![Means::Link],
            3 => vec![Means::Hashtags],
            4 => vec![Means::Media, Means::Link],
            _ => vec![Means::Link, Means::Hashtags, Means::Media],
        };
        // `% 6` is below the length of the table.
        let members = SIZES[(level + turn) % 6];
        GroupPlan { means, ..plan(behaviour, members, skill(figures, objects, wording), origin, handles) }
    })
}

fn skill(figures: (f64, u32, f64, u32), objects: Objects, wording: Wording) -> Skill {
    let (participation, spread_s, camouflage, operations) = figures;
    Skill { participation, spread_s, camouflage, operations, objects, wording }
}

fn plan(behaviour: Behaviour, members: u32, skill: Skill, origin: Origin, handles: Handles) -> GroupPlan {
    GroupPlan {
        behaviour,
        members,
        skill,
        means: vec![Means::Link],
        origin,
        handles,
        frames: 0,
        comeback_of: None,
    }
}

/// Every scene, its number of accounts times `scale`.
fn scenes(scale: f64) -> Vec<ControlPlan> {
    use ControlKind::*;
    let plans = [
        (Fans, 150, 40),
        (Fans, 80, 30),
        (NotifiedFans, 150, 40),
        (NotifiedFans, 60, 50),
        (Newsroom, 12, 60),
        (Newsroom, 25, 30),
        (Activists, 250, 3),
        (Activists, 60, 4),
        (Raffle, 250, 12),
        (BreakingNews, 700, 3),
        (BreakingNews, 300, 2),
        (Sports, 250, 3),
        (CustomerService, 5, 10),
        (Viral, 900, 6),
        (Outrage, 350, 4),
        (Readers, 200, 1),
    ];
    let scaled = |accounts: u32| ((f64::from(accounts) * scale) as u32).max(4);
    plans
        .into_iter()
        .map(|(kind, accounts, occasions)| ControlPlan { kind, accounts: scaled(accounts), occasions })
        .collect()
}
