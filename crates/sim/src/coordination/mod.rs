//! Who acts together, and who only seems to? A seeded world with planted
//! groups of every behaviour and skill beside innocent scenes that look alike.
//!
//! In: [`CoordinationSettings`]. Out: [`CoordinationWorld`]: accounts and
//! events in the order of time, each with the truth about it; as model posts,
//! as lines of Mastodon and X (`crate::wire`), or as bare actions.
//! Cost: below 5 µs per event without optimisation, and 270 B; the default world has 600,000.
//! Deterministic: equal settings give equal worlds. Independent of `analysis`.
//! Limits: one network; follows have no wire form; likes are not events; nobody
//! deletes, edits or unfollows; an account is in one group at most.

mod actions;
mod controls;
mod events;
mod groups;
mod people;
mod settings;
mod stage;
mod told;
mod truth;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

pub use actions::{BareAction, BareActions, BareSettings};
pub use events::{Event, EventKind};
pub use people::Person;
pub use settings::{ACCOUNTS, CAMOUFLAGE_MAX, DAYS, DAYS_MAX, EVENTS};
pub use settings::{
    ControlKind, ControlPlan, CoordinationSettings, GroupPlan, Handles, Means, Objects, Origin, Skill,
    Wording,
};
pub use told::Narrator;
pub use truth::{Belongs, Cause, Control, Group};

use stage::Stage;
use std::collections::BTreeSet;

/// A world with its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct CoordinationWorld {
    /// As asked for.
    pub settings: CoordinationSettings,
    /// Every account, by number.
    pub people: Vec<Person>,
    /// Every event, in the order of time; a few posts of accounts that were
    /// silent lie before the start.
    pub events: Vec<Event>,
    /// The planted groups.
    pub groups: Vec<Group>,
    /// The innocent scenes.
    pub controls: Vec<Control>,
    /// Addresses, by number.
    pub links: Vec<String>,
    /// Hashtags without `#`, by number.
    pub hashtags: Vec<String>,
}

/// Makes the world of these settings. Cost: see the module.
///
/// Numbers outside their range are drawn to the nearest allowed one.
pub fn coordination(settings: &CoordinationSettings) -> CoordinationWorld {
    let settings = allowed(settings);
    let mut stage = Stage::new(&settings);
    groups::plant(&mut stage);
    controls::play(&mut stage);
    stage.remember_past();
    stage.fill_ordinary();
    let events = events::run(&mut stage);
    let Stage { people, groups, controls, links, hashtags, .. } = stage;
    let mut world =
        CoordinationWorld { people, events, groups, controls, links, hashtags, settings: settings.clone() };
    world.note_participants();
    world
}

fn allowed(settings: &CoordinationSettings) -> CoordinationSettings {
    let mut settings = settings.clone();
    settings.days = settings.days.clamp(1, DAYS_MAX);
    settings.accounts = settings.accounts.max(8);
    settings.controls.retain(|plan| plan.kind != ControlKind::Framed && plan.accounts > 0);
    for (place, plan) in (0_u32..).zip(&mut settings.groups) {
        plan.comeback_of = plan.comeback_of.filter(|earlier| *earlier < place);
        plan.skill.participation = plan.skill.participation.clamp(0.0, 1.0);
        plan.skill.camouflage = plan.skill.camouflage.clamp(0.0, CAMOUFLAGE_MAX);
        plan.skill.spread_s = plan.skill.spread_s.max(1);
    }
    settings
}

impl CoordinationWorld {
    /// The planted group of an account; `None` for innocents and unknown numbers.
    pub fn group_of(&self, account: u32) -> Option<u32> {
        self.people.get(account as usize).and_then(Person::group)
    }

    /// The group in whose operation this event is an act.
    pub fn planted(&self, event: &Event) -> Option<&Group> {
        match event.cause {
            Cause::Group { group, .. } => self.groups.get(group as usize),
            _ => None,
        }
    }

    /// The innocent scene that this event is part of.
    pub fn scene(&self, event: &Event) -> Option<&Control> {
        match event.cause {
            Cause::Control { control } => self.controls.get(control as usize),
            _ => None,
        }
    }

    /// The scenes that an account takes part in; empty for members of groups.
    pub fn scenes_of(&self, account: u32) -> Vec<&Control> {
        let numbers = match self.people.get(account as usize).map(|person| &person.belongs) {
            Some(Belongs::Organic { controls }) => controls.clone(),
            Some(Belongs::House { control }) => vec![*control],
            _ => Vec::new(),
        };
        numbers.iter().filter_map(|number| self.controls.get(*number as usize)).collect()
    }

    /// Writes down who took part in which scene.
    fn note_participants(&mut self) {
        let mut took_part: Vec<BTreeSet<u32>> =
            self.controls.iter().map(|control| control.accounts.iter().copied().collect()).collect();
        for event in &self.events {
            if let Cause::Control { control } = event.cause
                && let Some(accounts) = took_part.get_mut(control as usize)
            {
                accounts.insert(event.account);
            }
        }
        for (control, accounts) in self.controls.iter_mut().zip(took_part) {
            for account in &accounts {
                if let Some(Belongs::Organic { controls }) =
                    self.people.get_mut(*account as usize).map(|person| &mut person.belongs)
                {
                    controls.push(control.number);
                }
            }
            control.accounts = accounts.into_iter().collect();
        }
    }
}
