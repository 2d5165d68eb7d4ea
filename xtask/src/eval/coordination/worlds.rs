//! Generated worlds with planted groups beside fans, newsrooms, activists,
//! raffles, breaking news and others.

use anyhow::Result;
use app::coordination::{Basis, CoorTweetFound, DetectSettings, Observed, Report, detect};
use model::{Behaviour, Strength, Timestamp, Trace};
use sim::coordination::{CoordinationSettings, CoordinationWorld, EventKind, GroupPlan, coordination};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Seeds of the worlds that are reported; none of them was looked at before.
pub const REPORTED_SEEDS: [u64; 3] = [9_011, 9_012, 9_013];
/// First instant of every world.
const START_MS: i64 = 1_735_689_600_000;
/// Share of a group's members that must be found for the group to count as found.
const GROUP_FOUND_SHARE: f64 = 0.3;
/// The percentile above which pairs count in the peers' filter.
const TOP_SHARE: f64 = 0.005;

/// Accounts that a method names.
struct Named {
    method: &'static str,
    accounts: BTreeSet<u32>,
}

/// What a world shows.
pub fn observe(world: &CoordinationWorld) -> Observed {
    let mut observed = Observed::default();
    let narrator = world.narrator();
    for event in &world.events {
        if let Some(post) = narrator.post(event) {
            observed.add_post(&post);
        } else if let (EventKind::Follow, Some(toward)) = (event.kind, event.toward) {
            let name = |account: u32| format!("x:{}", world.native_account(account));
            let (from, to) = (name(event.account), name(toward));
            observed.add_row(
                Trace::CoFollow,
                &from,
                &to,
                &event.number.to_string(),
                event.time.millis() / 1_000,
            );
        }
    }
    observed.close();
    observed
}

fn numbers<'a>(world: &CoordinationWorld, names: impl Iterator<Item = &'a str>) -> BTreeSet<u32> {
    names.filter_map(|name| world.account_of_native(name.strip_prefix("x:").unwrap_or(name))).collect()
}

/// Figures of all worlds.
///
/// # Errors
/// When a method fails.
pub fn tables(seeds: &[u64]) -> Result<String> {
    let mut rows: BTreeMap<usize, (&'static str, Tally)> = BTreeMap::new();
    let mut told = Told::default();
    for seed in seeds {
        let world = coordination(&CoordinationSettings::new(*seed, Timestamp::from_millis(START_MS)));
        let observed = observe(&world);
        let detection = detect(&observed, &DetectSettings::default(), &mut |_| Ok(()))?;
        let report = Report::of(&observed, &detection);
        told.add(&world, &report);
        for (place, named) in methods(&world, &observed, &report)?.into_iter().enumerate() {
            let (_, tally) = rows.entry(place).or_insert_with(|| (named.method, Tally::default()));
            tally.add(&world, &named.accounts);
        }
    }
    let mut text = String::new();
    writeln!(
        text,
        "## Generated worlds\n\n{} worlds of 21 days, 20,000 organic accounts and 600,000 acts each, with 30 planted \
         groups of four behaviours and six levels of skill (the hardest take part in a seventh of their operations, \
         over ten minutes, with four fifths ordinary behaviour) beside seventeen innocent scenes. An account counts as \
         accused when it is a member of a group that is shown.\n\n\
         | method | precision | recall | groups found | accused per 10,000 organic accounts |\n\
         | --- | --- | --- | --- | --- |",
        seeds.len()
    )?;
    for (method, tally) in rows.values() {
        writeln!(text, "{}", tally.row(method))?;
    }
    text.push_str(&told.tables()?);
    Ok(text)
}

/// Accounts named, over worlds.
#[derive(Default)]
struct Tally {
    right: u64,
    wrong: u64,
    planted: u64,
    organic: u64,
    groups: u64,
    groups_found: u64,
}

impl Tally {
    fn add(&mut self, world: &CoordinationWorld, named: &BTreeSet<u32>) {
        for account in named {
            if world.group_of(*account).is_some() { self.right += 1 } else { self.wrong += 1 }
        }
        for group in &world.groups {
            let found = group.members.iter().filter(|member| named.contains(member)).count();
            self.planted += group.members.len() as u64;
            self.groups += 1;
            self.groups_found += u64::from(found as f64 >= GROUP_FOUND_SHARE * group.members.len() as f64);
        }
        self.organic +=
            (0..world.people.len() as u32).filter(|one| world.group_of(*one).is_none()).count() as u64;
    }

    fn row(&self, method: &str) -> String {
        let share = |part: u64, whole: u64| {
            if whole == 0 { "–".to_owned() } else { format!("{:.3}", part as f64 / whole as f64) }
        };
        format!(
            "| {method} | {} | {} | {} of {} | {:.1} |",
            share(self.right, self.right + self.wrong),
            share(self.right, self.planted),
            self.groups_found,
            self.groups,
            10_000.0 * self.wrong as f64 / self.organic.max(1) as f64
        )
    }
}

/// Ours and the others.
fn methods(world: &CoordinationWorld, observed: &Observed, report: &Report) -> Result<Vec<Named>> {
    let of_report = |report: &Report, least: Strength| {
        let groups = report.groups.iter().filter(|group| group.strength >= least);
        numbers(world, groups.flat_map(|group| &group.members).map(|member| member.account.as_str()))
    };
    let mut all = vec![
        Named {
            method: "Atalaya, shown (possible and above)",
            accounts: of_report(report, Strength::Possible),
        },
        Named { method: "Atalaya, likely and above", accounts: of_report(report, Strength::Likely) },
    ];
    let singles = [
        (Trace::CoReshare, "one trace: co_reshare"),
        (Trace::FastReshare, "one trace: fast_reshare"),
        (Trace::CoLink, "one trace: co_link"),
        (Trace::CoText, "one trace: co_text"),
        (Trace::CoHashtag, "one trace: co_hashtag"),
        (Trace::CoMedia, "one trace: co_media"),
        (Trace::CoReply, "one trace: co_reply"),
        (Trace::CoFollow, "one trace: co_follow"),
        (Trace::Synchrony, "one trace: synchrony"),
    ];
    for (trace, method) in singles {
        let settings = DetectSettings { traces: vec![trace], ..DetectSettings::default() };
        let found = Report::of(observed, &detect(observed, &settings, &mut |_| Ok(()))?);
        all.push(Named { method, accounts: of_report(&found, Strength::Possible) });
    }
    // The usual null: who chooses the same objects more than popularity explains.
    let settings =
        DetectSettings { basis: Basis::Choice, traces: vec![Trace::CoReshare], ..DetectSettings::default() };
    let found = detect(observed, &settings, &mut |_| Ok(()))?;
    let members = found.groups.iter().chain(&found.weak).flat_map(|group| &group.members);
    let accounts = numbers(world, members.map(|member| observed.accounts.name(*member)));
    all.push(Named {
        method: "null of choices alone (configuration), co_reshare, false discovery rate 0.01",
        accounts,
    });
    let coortweet = CoorTweetFound::of(observed, Trace::CoReshare, 60, 2)?;
    let edges = || coortweet.edges.iter();
    let name = |account: u32| observed.accounts.name(account);
    let accounts = numbers(world, edges().flat_map(|edge| [edge.a, edge.b]).map(name));
    all.push(Named { method: "CooRTweet's rule, co_reshare, 60 s, 2 posts", accounts });
    let mut weights: Vec<u32> = edges().map(|edge| edge.weight).collect();
    weights.sort_unstable_by(|one, two| two.cmp(one));
    let cut = weights.get((weights.len() as f64 * TOP_SHARE) as usize).copied().unwrap_or(u32::MAX);
    let accounts = numbers(world, edges().filter(|e| e.weight >= cut).flat_map(|e| [e.a, e.b]).map(name));
    all.push(Named { method: "the 0.5 % heaviest of these edges", accounts });
    // As many accounts as there are members, drawn evenly.
    let planted = world.groups.iter().map(|group| group.members.len()).sum::<usize>();
    let step = (world.people.len() / planted.max(1)).max(1);
    let accounts = (0..world.people.len() as u32).step_by(step).collect();
    all.push(Named { method: "as many accounts at random", accounts });
    all.push(Named { method: "nobody", accounts: BTreeSet::new() });
    Ok(all)
}

/// What is said of the groups, and who was accused.
#[derive(Default)]
struct Told {
    /// By planted behaviour: groups, found, told as that behaviour, told as another.
    behaviours: BTreeMap<Behaviour, [u64; 4]>,
    /// By skill (participation, spread, camouflage): members and members found.
    skills: BTreeMap<String, (u64, u64)>,
    /// By scene: accounts and accused ones.
    scenes: BTreeMap<&'static str, (u64, u64)>,
    strengths: BTreeMap<Strength, (u64, u64)>,
}

impl Told {
    fn add(&mut self, world: &CoordinationWorld, report: &Report) {
        let members_of = |at: usize| {
            report
                .groups
                .get(at)
                .map(|group| numbers(world, group.members.iter().map(|one| one.account.as_str())))
        };
        let sets: Vec<BTreeSet<u32>> = (0..report.groups.len()).filter_map(members_of).collect();
        let all: BTreeSet<u32> = sets.iter().flatten().copied().collect();
        for group in &world.groups {
            let found = group.members.iter().filter(|member| all.contains(member)).count();
            let entry = self.behaviours.entry(group.plan.behaviour).or_default();
            entry[0] += 1;
            let skill = group.plan.skill;
            let level =
                format!("{:.2} · {} s · {:.1}", skill.participation, skill.spread_s, skill.camouflage);
            let members = self.skills.entry(level).or_default();
            *members = (members.0 + group.members.len() as u64, members.1 + found as u64);
            if (found as f64) < GROUP_FOUND_SHARE * group.members.len() as f64 {
                continue;
            }
            entry[1] += 1;
            let best = sets
                .iter()
                .enumerate()
                .max_by_key(|(_, set)| group.members.iter().filter(|member| set.contains(member)).count());
            let said: BTreeSet<Behaviour> = best
                .and_then(|(at, _)| report.groups.get(at))
                .map(|group| group.behaviours.iter().map(|one| one.behaviour).collect())
                .unwrap_or_default();
            entry[2] += u64::from(said.contains(&group.plan.behaviour));
            entry[3] += u64::from(!said.is_empty() && !said.contains(&group.plan.behaviour));
        }
        for (set, group) in sets.iter().zip(&report.groups) {
            let right = set.iter().filter(|account| world.group_of(**account).is_some()).count() as u64;
            let entry = self.strengths.entry(group.strength).or_default();
            *entry = (entry.0 + right, entry.1 + set.len() as u64 - right);
        }
        for account in 0..world.people.len() as u32 {
            if world.group_of(account).is_some() {
                continue;
            }
            let accused = u64::from(all.contains(&account));
            let scenes = world.scenes_of(account);
            let names: BTreeSet<&'static str> = scenes.iter().map(|scene| scene.plan.kind.name()).collect();
            for name in names.into_iter().chain(scenes.is_empty().then_some("no scene")) {
                let entry = self.scenes.entry(name).or_default();
                *entry = (entry.0 + 1, entry.1 + accused);
            }
        }
    }

    fn tables(&self) -> Result<String> {
        let mut text = String::from(
            "\nWhat the shown groups are said to do:\n\n| planted | groups | found | said to do that | said to do \
             something else only |\n| --- | --- | --- | --- | --- |\n",
        );
        for (behaviour, [groups, found, right, other]) in &self.behaviours {
            writeln!(text, "| {} | {groups} | {found} | {right} | {other} |", behaviour.name())?;
        }
        text.push_str(
            "\nBy skill (participation · seconds of spread · share of ordinary behaviour):\n\n| skill | members | \
             found |\n| --- | --- | --- |\n",
        );
        for (skill, (members, found)) in &self.skills {
            writeln!(text, "| {skill} | {members} | {:.3} |", *found as f64 / (*members).max(1) as f64)?;
        }
        text.push_str("\nWho is wrongly accused:\n\n| scene | accounts | accused |\n| --- | --- | --- |\n");
        for (scene, (accounts, accused)) in &self.scenes {
            writeln!(text, "| {scene} | {accounts} | {accused} |")?;
        }
        text.push_str("\nBy word:\n\n| word | planted accounts | organic accounts |\n| --- | --- | --- |\n");
        for (strength, (right, wrong)) in &self.strengths {
            writeln!(text, "| {} | {right} | {wrong} |", strength.name())?;
        }
        Ok(text)
    }
}

/// Recall by participation, spread and number of joint operations: the
/// smallest effect that is seen.
///
/// # Errors
/// When the detection fails.
pub fn surface() -> Result<String> {
    let participations = [0.15, 0.3, 0.5, 0.7, 0.9];
    let spreads = [10, 30, 60, 120, 300, 600];
    let operations = [10, 20, 40, 80];
    let mut text = String::from(
        "\n## The smallest effect that is seen\n\nOne group of 25 boosters on posts that the crowd shares too; share of \
         its members that are shown, by participation (rows) and spread (columns), with 80 joint operations, then by \
         operations (rows) with participation 0.7.\n\n",
    );
    let mut table = |name: &str, rows: Vec<(String, f64, u32)>| -> Result<()> {
        writeln!(text, "| {name} | {} |", spreads.map(|spread| format!("{spread} s")).join(" | "))?;
        writeln!(text, "| --- |{}", " --- |".repeat(spreads.len()))?;
        for (label, participation, operations) in rows {
            let mut cells = Vec::new();
            for spread in spreads {
                cells.push(format!("{:.2}", recall(participation, spread, operations)?));
            }
            writeln!(text, "| {label} | {} |", cells.join(" | "))?;
        }
        text.push('\n');
        Ok(())
    };
    table("participation", participations.map(|share| (format!("{share}"), share, 80)).to_vec())?;
    table("operations", operations.map(|count| (count.to_string(), 0.7, count)).to_vec())?;
    Ok(text)
}

fn recall(participation: f64, spread_s: u32, operations: u32) -> Result<f64> {
    let mut settings = CoordinationSettings::small(77, Timestamp::from_millis(START_MS));
    let mut plan = GroupPlan::new(Behaviour::Booster, 25, participation, spread_s);
    plan.skill.operations = operations;
    settings.groups = vec![plan];
    settings.days = 21;
    settings.accounts = 3_000;
    settings.events = 90_000;
    let world = coordination(&settings);
    let observed = observe(&world);
    let report = Report::of(&observed, &detect(&observed, &DetectSettings::default(), &mut |_| Ok(()))?);
    let named = numbers(
        &world,
        report.groups.iter().flat_map(|group| &group.members).map(|one| one.account.as_str()),
    );
    let members = world.groups.first().map(|group| group.members.clone()).unwrap_or_default();
    let found = members.iter().filter(|member| named.contains(member)).count();
    Ok(found as f64 / members.len().max(1) as f64)
}
