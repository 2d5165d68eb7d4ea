//! What planted groups agree on: operations, each within its spread.
//!
//! Booster: its patron posts, members reshare, some praise. Harasser: a target
//! posts, members insult. Spreader: the same address, message, hashtags or
//! picture. Watcher: members follow one after another of the people around a
//! target. Between operations members behave like anybody, as far as their
//! camouflage asks.

use super::settings::{GroupPlan, Means, Objects, Wording};
use super::stage::{Act, Draft, Frame, Stage, part};
use super::truth::Cause;
use super::words::{expand, interest, retold};
use crate::random::Random;
use model::Behaviour;
use model::time::{MINUTE_MS, SECOND_MS};
use std::collections::HashMap;

/// How prominently ordinary people see what a group shares with the crowd.
const COPIES_SHOWN: u32 = 12;
/// Share of a booster's acts that praise instead of resharing.
const PRAISE_SHARE: f64 = 0.12;
/// Mean time until harassers answer a post, ms.
const ANSWER_MS: f64 = 12.0 * 60_000.0;
/// Longest such time, ms.
const ANSWER_MS_MAX: i64 = 120 * MINUTE_MS;
/// Different texts that harassers copy from each other in one operation.
const TEXTS_COPIED: usize = 3;

/// Plants every group of the settings.
pub(super) fn plant(stage: &mut Stage<'_>) {
    for group in 0..stage.groups.len() {
        let mut random = part(stage.settings.seed, "group", group as u64);
        let number = group as u32;
        // The loop runs over the groups' own places.
        let (plan, members) = (stage.groups[group].plan.clone(), stage.groups[group].members.clone());
        let comes_back = stage.groups.iter().any(|other| other.plan.comeback_of == Some(number));
        let time = match plan.comeback_of {
            Some(_) => (0.55, 1.0),
            None if comes_back => (0.0, 0.45),
            None => (0.0, 1.0),
        };
        let mut gang = Gang { number, plan, members, time, acts: HashMap::new(), random: &mut random };
        match gang.plan.behaviour {
            _ if gang.plan.frames > 0 => gang.frame(stage),
            Behaviour::Booster => gang.boost(stage),
            Behaviour::Harasser => gang.harass(stage),
            Behaviour::Spreader => gang.spread(stage),
            Behaviour::Watcher => gang.watch(stage),
        }
        let share = gang.plan.skill.camouflage;
        for account in gang.members.clone() {
            let acts = gang.acts.get(&account).copied().unwrap_or(0);
            stage.camouflage(gang.random, account, acts, share, number);
        }
    }
}

struct Gang<'r> {
    number: u32,
    plan: GroupPlan,
    members: Vec<u32>,
    /// Part of the world's time in which it is at work.
    time: (f64, f64),
    /// Acts so far by account.
    acts: HashMap<u32, u32>,
    random: &'r mut Random,
}

impl Gang<'_> {
    fn spread_ms(&self) -> i64 {
        i64::from(self.plan.skill.spread_s) * SECOND_MS
    }

    fn cause(&self, operation: u32) -> Cause {
        Cause::Group { group: self.number, operation }
    }

    fn seen_by_crowd(&self) -> u32 {
        if self.plan.skill.objects == Objects::WithCrowd { COPIES_SHOWN } else { 0 }
    }

    fn times(&mut self, stage: &Stage<'_>) -> Vec<i64> {
        let tail = self.spread_ms() + ANSWER_MS_MAX;
        stage.working_times_within(self.random, self.plan.skill.operations, self.time, tail)
    }

    /// Who takes part in an operation from `from` on, and when.
    fn turnout(&mut self, from: i64) -> Vec<(u32, i64)> {
        let spread = self.spread_ms() as u64;
        let mut out = Vec::new();
        for account in &self.members {
            if self.random.chance(self.plan.skill.participation) {
                out.push((*account, from + self.random.below(spread + 1) as i64));
                *self.acts.entry(*account).or_default() += 1;
            }
        }
        out
    }

    /// The group as which it was known before, or itself.
    fn root(&self) -> u32 {
        self.plan.comeback_of.unwrap_or(self.number)
    }

    /// People who are known, none twice; those of the group that comes back.
    fn chosen(&mut self, stage: &Stage<'_>, count: u64) -> Vec<u32> {
        let before = stage.groups.get(self.root() as usize);
        let mut chosen = before.map_or(Vec::new(), |group| [&group.patrons[..], &group.targets[..]].concat());
        if !chosen.is_empty() {
            return chosen;
        }
        for _ in 0..count {
            let one = stage.somebody_known(self.random, &chosen);
            chosen.push(one);
        }
        chosen
    }

    fn boost(&mut self, stage: &mut Stage<'_>) {
        let count = 1 + self.random.below(2);
        let patrons = self.chosen(stage, count);
        for (operation, time) in (0..).zip(self.times(stage)) {
            let patron = *self.random.pick(&patrons);
            let post = stage.own_post(self.random, patron, time, self.seen_by_crowd());
            let reaction = 2 * SECOND_MS + self.random.below(self.spread_ms() as u64 + 1) as i64;
            for (account, at) in self.turnout(time + reaction) {
                let draft = if self.random.chance(PRAISE_SHARE) {
                    let praise = expand(self.random, "{elogio}", "");
                    Draft::new(at, account, Act::Reply(post), self.cause(operation)).saying(praise)
                } else {
                    Draft::new(at, account, Act::Reshare(post), self.cause(operation))
                };
                stage.arrange(draft);
            }
        }
        stage.groups[self.number as usize].patrons = patrons;
    }

    fn harass(&mut self, stage: &mut Stage<'_>) {
        let count = 1 + self.random.below(u64::from(self.plan.members / 12).clamp(1, 3));
        let targets = self.chosen(stage, count);
        for (operation, time) in (0..).zip(self.times(stage)) {
            let target = *self.random.pick(&targets);
            let post = stage.own_post(self.random, target, time, self.seen_by_crowd());
            let reaction = (self.random.exponential(ANSWER_MS) as i64).min(ANSWER_MS_MAX) + 5 * SECOND_MS;
            let texts: Vec<String> =
                (0..TEXTS_COPIED).map(|_| expand(self.random, "{ataque}{remate}", "")).collect();
            for (account, at) in self.turnout(time + reaction) {
                let base = self.random.pick(&texts).clone();
                let text =
                    retold(self.random, &base, self.plan.skill.wording, "{ataque}, {segundo}{remate}", "");
                let draft = Draft::new(at, account, Act::Reply(post), self.cause(operation)).saying(text);
                stage.arrange(draft);
            }
        }
        stage.groups[self.number as usize].targets = targets;
    }

    fn spread(&mut self, stage: &mut Stage<'_>) {
        let means = self.plan.means.clone();
        let mut root = part(stage.settings.seed, "domain", u64::from(self.root()));
        let domain = format!("verdad-{:04}.example", root.below(10_000));
        for (operation, time) in (0_u32..).zip(self.times(stage)) {
            let carried = means.get(operation as usize % means.len().max(1)).copied().unwrap_or(Means::Link);
            let field = self.random.below(super::vocabulary::INTERESTS.len() as u64) as usize;
            let subject = *self.random.pick(interest(field).subjects);
            let message = expand(self.random, "{consigna}", subject);
            let (mut link, mut hashtags, mut media) = (None, Vec::new(), None);
            match carried {
                Means::Link => link = Some(self.address(stage, field, time, &domain)),
                Means::Hashtags => hashtags = self.sequence(stage, field, operation),
                Means::Media => media = Some(stage.new_media()),
                Means::Text => {}
            }
            // The address, hashtags or picture binds the operation; its words need not.
            let wording = match (carried, self.plan.skill.wording) {
                (Means::Text, Wording::Rewritten) => Wording::Edited,
                (_, wording) => wording,
            };
            for (account, at) in self.turnout(time) {
                let text = retold(self.random, &message, wording, "{consigna}", subject);
                let draft = Draft::new(at, account, Act::Original, self.cause(operation)).saying(text);
                stage.arrange(Draft { link, hashtags: hashtags.clone(), media, ..draft });
            }
        }
    }

    /// The address of an operation: the group's own, or an outlet's that the
    /// crowd has seen shortly before.
    fn address(&mut self, stage: &mut Stage<'_>, field: usize, time: i64, domain: &str) -> u32 {
        if self.plan.skill.objects == Objects::Own {
            return stage.article(self.random, field, domain).1;
        }
        let (headline, link) = stage.article(self.random, field, "diario.example");
        let outlet = stage.somebody_known(self.random, &[]);
        let earlier = time - MINUTE_MS - self.random.below(40 * MINUTE_MS as u64) as i64;
        let draft = Draft::new(earlier, outlet, Act::Original, Cause::Ordinary);
        stage.arrange(Draft { link: Some(link), ..draft }.saying(headline).shown(field, COPIES_SHOWN));
        link
    }

    fn sequence(&mut self, stage: &mut Stage<'_>, field: usize, operation: u32) -> Vec<u32> {
        let own = format!("Basta{}", 100 * self.root() + operation / 5);
        let mut tags: Vec<&str> = interest(field).tags.to_vec();
        self.random.shuffle(&mut tags);
        tags.truncate(3);
        if self.plan.skill.objects == Objects::Own {
            tags.insert(1, &own);
        }
        tags.into_iter().map(|tag| stage.hashtag(tag)).collect()
    }

    fn watch(&mut self, stage: &mut Stage<'_>) {
        let target = self.chosen(stage, 1)[0];
        let field = stage.habit(target).interests[0];
        let mut circle = stage.some_organic(self.random, self.plan.skill.operations * 2, Some(field));
        circle.retain(|account| *account != target);
        circle.sort_by_key(|account| stage.people[*account as usize].followers);
        if self.plan.skill.objects == Objects::WithCrowd {
            // Those whom many follow anyway.
            circle.reverse();
        }
        circle.insert(0, target);
        for ((operation, time), followed) in (0..).zip(self.times(stage)).zip(circle) {
            for (account, at) in self.turnout(time) {
                stage.arrange(Draft::new(at, account, Act::Follow(followed), self.cause(operation)));
            }
        }
        stage.groups[self.number as usize].targets = vec![target];
    }

    /// Copies reshares as they happen: only the innocents are chosen now.
    fn frame(&mut self, stage: &mut Stage<'_>) {
        let drawn = stage.some_organic(self.random, self.plan.frames * 25, None);
        let mut drawn: Vec<u32> =
            drawn.into_iter().filter(|account| !stage.people[*account as usize].automated).collect();
        let reshares = |account: &u32| {
            let habit = stage.habit(*account);
            habit.activity * habit.reshares
        };
        drawn.sort_by(|a, b| reshares(b).total_cmp(&reshares(a)));
        drawn.truncate(self.plan.frames as usize);
        drawn.sort_unstable();
        let operations = self.plan.skill.operations;
        let expected = f64::from(operations) * self.plan.skill.participation;
        for account in &self.members {
            self.acts.insert(*account, expected.round() as u32);
        }
        stage.groups[self.number as usize].framed = drawn.clone();
        stage.frames.push(Frame { group: self.number, innocents: drawn, operations });
    }
}
