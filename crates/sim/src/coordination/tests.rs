use super::*;
use model::{Behaviour, PostKind, Timestamp, Trace};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const START: Timestamp = Timestamp::from_millis(1_772_323_200_000);

fn small(seed: u64) -> CoordinationWorld {
    coordination(&CoordinationSettings::small(seed, START))
}

/// Acts of a group by operation.
fn operations(world: &CoordinationWorld, of: u32) -> BTreeMap<u32, Vec<&Event>> {
    let mut out: BTreeMap<u32, Vec<&Event>> = BTreeMap::new();
    for event in &world.events {
        if let Cause::Group { group, operation } = event.cause
            && group == of
        {
            out.entry(operation).or_default().push(event);
        }
    }
    out
}

#[test]
fn a_seed_is_a_world() {
    let (one, two, other) = (small(3), small(3), small(4));
    assert!(one == two, "equal settings, different worlds");
    assert!(one.events != other.events);
}

#[test]
fn events_refer_to_earlier_ones_and_are_in_order() {
    for seed in 20..26 {
        check_order(&small(seed));
    }
}

fn check_order(world: &CoordinationWorld) {
    assert!(world.events.windows(2).all(|pair| pair[0].time <= pair[1].time));
    let mut reshared = HashSet::new();
    for (place, event) in world.events.iter().enumerate() {
        assert_eq!(event.number as usize, place);
        assert!(event.time < world.settings.end());
        assert!(event.time >= START || event.cause == Cause::Past);
        assert_eq!(event.about.is_some(), !matches!(event.kind, EventKind::Original | EventKind::Follow));
        if let Some(about) = event.about {
            assert!(about < event.number, "{event:?}");
            assert_eq!(event.toward, Some(world.events[about as usize].account));
        }
        if event.kind == EventKind::Reshare {
            assert!(reshared.insert((event.account, event.about)), "reshared twice: {event:?}");
        }
        assert!((event.account as usize) < world.people.len());
        assert!(event.link.is_none_or(|link| (link as usize) < world.links.len()));
        assert!(event.hashtags.iter().all(|tag| (*tag as usize) < world.hashtags.len()));
    }
}

#[test]
fn sizes_are_as_asked() {
    let world = small(6);
    let asked = f64::from(world.settings.events);
    let got = world.events.len() as f64;
    assert!((got / asked - 1.0).abs() < 0.05, "{got} events, {asked} asked");
    let organic = world.people.iter().filter(|p| matches!(p.belongs, Belongs::Organic { .. })).count();
    assert_eq!(organic, world.settings.accounts as usize);
    for group in &world.groups {
        assert_eq!(group.members.len(), group.plan.members as usize);
        assert!(group.members.iter().all(|account| world.group_of(*account) == Some(group.number)));
    }
    let handles: HashSet<&str> =
        world.people.iter().flat_map(|p| &p.handles).map(|(_, h)| h.as_str()).collect();
    let held: usize = world.people.iter().map(|p| p.handles.len()).sum();
    assert_eq!(handles.len(), held, "a handle belongs to two accounts");
}

/// Every behaviour, several skills, one long measurement.
#[test]
fn groups_act_within_their_spread_and_take_part_as_asked() {
    let mut settings = CoordinationSettings::small(7, START);
    settings.days = 21;
    settings.events = 60_000;
    settings.groups = CoordinationSettings::new(7, START).groups;
    let world = coordination(&settings);
    for group in &world.groups {
        let skill = group.plan.skill;
        let acts = operations(&world, group.number);
        assert!(!acts.is_empty(), "{:?} does nothing", group.plan);
        let mut count = 0;
        for (operation, events) in &acts {
            let times = || events.iter().map(|event| event.time.millis());
            let (first, last) = (times().min().unwrap(), times().max().unwrap());
            let spread = last - first;
            assert!(
                spread <= i64::from(skill.spread_s) * 1_000,
                "group {} {operation}: {spread}",
                group.number
            );
            let members: BTreeSet<u32> = events.iter().map(|event| event.account).collect();
            assert_eq!(members.len(), events.len(), "a member acts twice in an operation");
            assert!(members.iter().all(|member| group.members.contains(member)));
            count += events.len();
        }
        if group.plan.frames > 0 {
            continue;
        }
        let asked = f64::from(skill.operations * group.plan.members) * skill.participation;
        let deviation = (count as f64 - asked).abs() / asked.sqrt();
        assert!(deviation < 6.0 || (count as f64 / asked - 1.0).abs() < 0.1, "{count} acts, {asked} asked");
    }
    let (acts, camouflage) = world.events.iter().fold((HashMap::new(), HashMap::new()), |mut sums, event| {
        match event.cause {
            Cause::Group { group, .. } => *sums.0.entry(group).or_insert(0.0) += 1.0,
            Cause::Camouflage { group } => *sums.1.entry(group).or_insert(0.0) += 1.0,
            _ => {}
        }
        sums
    });
    for group in world.groups.iter().filter(|group| group.plan.frames == 0) {
        let (acts, ordinary): (f64, f64) =
            (acts[&group.number], camouflage.get(&group.number).copied().unwrap_or(0.0));
        let share = ordinary / (acts + ordinary);
        let asked = group.plan.skill.camouflage;
        assert!((share - asked).abs() < 0.06, "group {}: {share} ordinary, {asked} asked", group.number);
    }
}

#[test]
fn each_behaviour_does_what_it_is_named_for() {
    let world = small(8);
    for group in &world.groups {
        let acts: Vec<&Event> = operations(&world, group.number).into_values().flatten().collect();
        let share = |of: &dyn Fn(&Event) -> bool| {
            acts.iter().filter(|event| of(event)).count() as f64 / acts.len() as f64
        };
        let toward = |list: &[u32], event: &Event| event.toward.is_some_and(|to| list.contains(&to));
        match group.plan.behaviour {
            _ if group.plan.frames > 0 => {
                let copied = share(&|event| {
                    let about = event.about;
                    event.kind == EventKind::Reshare
                        && world.events.iter().any(|other| {
                            other.about == about
                                && other.time < event.time
                                && group.framed.contains(&other.account)
                                && other.kind == EventKind::Reshare
                        })
                });
                assert_eq!(copied, 1.0, "copies what its victims did before");
            }
            Behaviour::Booster => {
                assert_eq!(share(&|event| toward(&group.patrons, event)), 1.0);
                assert!(share(&|event| event.kind == EventKind::Reshare) > 0.7);
            }
            Behaviour::Harasser => {
                assert_eq!(
                    share(&|event| event.kind == EventKind::Reply && toward(&group.targets, event)),
                    1.0
                );
            }
            Behaviour::Spreader => {
                let shares = share(&|event| event.kind == EventKind::Original);
                assert_eq!(shares, 1.0);
            }
            Behaviour::Watcher => {
                assert_eq!(share(&|event| event.kind == EventKind::Follow), 1.0);
                let posts = world
                    .events
                    .iter()
                    .filter(|e| group.members.contains(&e.account) && e.kind != EventKind::Follow)
                    .filter(|e| e.cause != Cause::Past)
                    .count();
                assert!(posts * 10 < acts.len(), "{posts} posts beside {} follows", acts.len());
            }
        }
    }
    let behaviours: BTreeSet<Behaviour> = world.groups.iter().map(|group| group.plan.behaviour).collect();
    assert_eq!(behaviours.len(), Behaviour::ALL.len());
}

#[test]
fn every_scene_is_played_by_innocents() {
    let world = small(9);
    let kinds: BTreeSet<ControlKind> = world.controls.iter().map(|control| control.plan.kind).collect();
    assert_eq!(kinds.len(), ControlKind::ALL.len(), "{kinds:?}");
    for control in &world.controls {
        assert!(control.accounts.len() >= 2, "{control:?}");
        assert!(control.accounts.iter().all(|account| world.group_of(*account).is_none()));
        let house =
            world.people[control.accounts[0] as usize].belongs == Belongs::House { control: control.number };
        assert_eq!(house, control.plan.kind.has_own_accounts());
        if control.plan.kind != ControlKind::Framed {
            assert!(world.scenes_of(control.accounts[0]).contains(&control));
            let played =
                world.events.iter().filter(|e| e.cause == Cause::Control { control: control.number });
            assert!(played.count() >= control.plan.occasions as usize, "{control:?}");
        }
    }
}

#[test]
fn life_is_uneven_and_sleeps_at_night() {
    let mut settings = CoordinationSettings::small(10, START);
    (settings.groups, settings.controls) = (Vec::new(), Vec::new());
    let world = coordination(&settings);
    let mut by_account: HashMap<u32, u32> = HashMap::new();
    let mut by_post: HashMap<u32, u32> = HashMap::new();
    let mut by_hour = [0_u32; 24];
    for event in &world.events {
        *by_account.entry(event.account).or_default() += 1;
        if event.kind == EventKind::Reshare {
            *by_post.entry(event.about.unwrap()).or_default() += 1;
        }
        let hour = event.time.millis().div_euclid(model::time::HOUR_MS) - 5;
        by_hour[hour.rem_euclid(24) as usize] += 1;
    }
    let top_tenth = |counts: Vec<u32>| {
        let mut counts = counts;
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let top: u32 = counts.iter().take(counts.len() / 10).sum();
        f64::from(top) / f64::from(counts.iter().sum::<u32>())
    };
    let active = top_tenth(by_account.into_values().collect());
    let popular = top_tenth(by_post.into_values().collect());
    assert!(active > 0.35, "the most active tenth makes {active}");
    assert!(popular > 0.45, "the most popular tenth gets {popular}");
    assert!(by_hour[20] > 3 * by_hour[3], "{by_hour:?}");
}

#[test]
fn texts_repeat_by_groups_and_hardly_by_chance() {
    let world = small(11);
    let mut authors: HashMap<&str, HashSet<u32>> = HashMap::new();
    for event in world.events.iter().filter(|e| e.cause == Cause::Ordinary && e.kind == EventKind::Original) {
        authors.entry(&event.text).or_default().insert(event.account);
    }
    let repeated = authors.values().filter(|who| who.len() > 1).count();
    assert!(repeated * 200 < authors.len(), "{repeated} of {} texts by several people", authors.len());
}

#[test]
fn posts_lines_and_accounts_agree() {
    let world = small(12);
    let narrator = world.narrator();
    let mut kinds = HashSet::new();
    for event in world.events.iter().step_by(7) {
        let (post, line) = (narrator.post(event), narrator.x_line(event));
        let status = narrator.mastodon_line(event);
        if event.kind == EventKind::Follow {
            assert!(post.is_none() && line.is_none() && status.is_none());
            continue;
        }
        let (post, line, status) = (post.unwrap(), line.unwrap(), status.unwrap());
        kinds.insert(post.kind);
        assert_eq!(line["data"]["id"], post.key.native_id.as_str());
        assert_eq!(line["data"]["author_id"], post.author.key.native_id.as_str());
        assert_eq!(line["includes"]["users"][0]["username"], post.author.handle.clone().unwrap());
        assert_eq!(world.account_of_native(post.author.key.native_id.as_str()), Some(event.account));
        assert_eq!(status["reblog"].is_object(), post.kind == PostKind::Reshare);
        if let Some(shared) = &post.shared {
            assert_eq!(line["data"]["referenced_tweets"][0]["id"], shared.as_str());
        } else {
            assert_eq!(line["data"]["text"], post.text);
        }
        if post.kind == PostKind::Reshare {
            let author = world.people[event.toward.unwrap() as usize].handle_at(event.time);
            assert!(line["data"]["text"].as_str().unwrap().starts_with("RT @"));
            assert!(!author.is_empty() && status["content"] == "");
        }
        if post.kind == PostKind::Reply {
            assert_eq!(status["mentions"][0]["acct"], post.tagged_accounts[0]);
        }
    }
    assert_eq!(kinds.len(), PostKind::ALL.len());
}

#[test]
fn the_signs_of_false_accounts_are_there() {
    let mut settings = CoordinationSettings::small(13, START);
    settings.groups = CoordinationSettings::new(13, START).groups;
    let world = coordination(&settings);
    for group in &world.groups {
        let people = || group.members.iter().map(|account| &world.people[*account as usize]);
        let first = people().map(|p| p.created_at).min().unwrap();
        let last = people().map(|p| p.created_at).max().unwrap();
        let days = (last.millis() - first.millis()) / model::time::DAY_MS;
        match group.plan.origin {
            Origin::MadeTogether => assert!(days <= 9, "{days}"),
            Origin::Bought => {
                assert!(people().all(|p| {
                    p.silent_since.is_some_and(|since| since.plus(60 * model::time::DAY_MS) < START)
                }));
                let past = world.events.iter().filter(|e| e.cause == Cause::Past);
                let past: HashSet<u32> = past.map(|e| e.account).collect();
                assert!(group.members.iter().all(|account| past.contains(account)));
            }
            Origin::Grown => assert!(days > 100 || group.members.len() < 6, "{days}"),
        }
    }
    let renamed = world.people.iter().find(|p| p.handles.len() > 1).unwrap();
    let (from, new) = &renamed.handles[1];
    assert_eq!(renamed.handle_at(*from), new);
    assert_eq!(renamed.handle_at(from.plus(-1)), renamed.handles[0].1);
}

#[test]
fn the_worlds_own_actions_find_a_clumsy_group() {
    let world = small(14);
    let group = world.groups.iter().find(|group| group.plan.behaviour == Behaviour::Booster).unwrap();
    let actions = world.actions(Trace::CoReshare);
    assert!(actions.windows(2).all(|pair| pair[0].time_s <= pair[1].time_s));
    let mut by_object: HashMap<u32, Vec<&BareAction>> = HashMap::new();
    for action in &actions {
        by_object.entry(action.object).or_default().push(action);
    }
    let window = group.plan.skill.spread_s + 1;
    let together = |ours: bool| {
        let mut pairs: HashMap<(u32, u32), u32> = HashMap::new();
        for acts in by_object.values() {
            for (place, one) in acts.iter().enumerate() {
                for other in acts[place + 1..].iter().take_while(|other| other.time_s - one.time_s <= window)
                {
                    let pair = (one.account.min(other.account), one.account.max(other.account));
                    let both = group.members.contains(&pair.0) && group.members.contains(&pair.1);
                    if both == ours {
                        *pairs.entry(pair).or_default() += 1;
                    }
                }
            }
        }
        let sum: u32 = pairs.values().sum();
        f64::from(sum) / pairs.len().max(1) as f64
    };
    let (ours, others) = (together(true), together(false));
    assert!(ours > 3.0 * others, "{ours} joint acts per pair against {others}");
    for trace in
        [Trace::CoLink, Trace::CoHashtag, Trace::CoText, Trace::CoMedia, Trace::CoReply, Trace::CoFollow]
    {
        assert!(!world.actions(trace).is_empty(), "{trace:?}");
    }
}

#[test]
fn the_bare_stream_has_its_groups() {
    let settings = BareSettings { accounts: 20_000, ..BareSettings::new(1, 200_000) };
    let stream = BareActions::new(settings);
    let of = stream.clone();
    let actions: Vec<BareAction> = stream.collect();
    assert_eq!(actions.len(), 200_000);
    assert!(actions == of.clone().collect::<Vec<_>>());
    assert!(
        actions
            .iter()
            .all(|a| a.account < settings.accounts && a.time_s < settings.seconds + settings.spread_s)
    );
    let planted = actions.iter().filter(|a| of.group_of(a.account).is_some()).count() as f64;
    let asked = f64::from(settings.groups * settings.members * settings.operations) * settings.participation;
    assert!((planted / asked - 1.0).abs() < 0.05, "{planted} of {asked}");
    let mut spans: HashMap<u32, (u32, u32)> = HashMap::new();
    for action in actions.iter().filter(|a| of.group_of(a.account).is_some()) {
        let span = spans.entry(action.object).or_insert((action.time_s, action.time_s));
        *span = (span.0.min(action.time_s), span.1.max(action.time_s));
    }
    assert!(spans.values().all(|(first, last)| last - first <= settings.spread_s));
}

#[test]
fn a_group_comes_back_under_other_names() {
    let mut settings = CoordinationSettings::small(15, START);
    let pairs: Vec<GroupPlan> =
        [Behaviour::Booster, Behaviour::Harasser, Behaviour::Spreader, Behaviour::Watcher]
            .into_iter()
            .map(|behaviour| GroupPlan { handles: Handles::Series, ..GroupPlan::new(behaviour, 8, 0.8, 60) })
            .collect();
    let returns =
        (0..).zip(&pairs).map(|(place, plan)| GroupPlan { comeback_of: Some(place), ..plan.clone() });
    settings.groups = pairs.iter().cloned().chain(returns).collect();
    let world = coordination(&settings);
    for (before, after) in world.groups.iter().zip(&world.groups[4..]) {
        assert!((&before.patrons, &before.targets) == (&after.patrons, &after.targets));
        let times = |group: &Group| {
            let acts = operations(&world, group.number);
            let times: Vec<Timestamp> = acts.into_values().flatten().map(|event| event.time).collect();
            (*times.iter().min().unwrap(), *times.iter().max().unwrap())
        };
        assert!(times(before).1 < times(after).0, "{:?} against {:?}", times(before), times(after));
        let stem = |group: &Group| {
            let person = &world.people[group.members[0] as usize];
            person
                .handles
                .last()
                .unwrap()
                .1
                .trim_end_matches(|c: char| c.is_ascii_digit() || c == '_')
                .to_owned()
        };
        assert_eq!(stem(before), stem(after));
        assert!(after.members.iter().all(|account| !before.members.contains(account)));
    }
}

#[test]
fn the_smallest_and_oddest_settings_make_a_world() {
    let mut settings = CoordinationSettings::small(16, START.plus(1_234_567));
    (settings.days, settings.accounts, settings.events) = (0, 0, 0);
    for plan in &mut settings.groups {
        plan.skill = Skill { participation: 7.0, spread_s: 0, camouflage: 2.0, operations: 1, ..plan.skill };
        plan.means.clear();
    }
    settings.groups[0].members = 0;
    settings.groups[1].comeback_of = Some(9);
    let services = ControlPlan { kind: ControlKind::CustomerService, accounts: 0, occasions: 3 };
    settings.controls.push(services);
    settings.controls.push(ControlPlan { kind: ControlKind::Framed, accounts: 3, occasions: 3 });
    let world = coordination(&settings);
    check_order(&world);
    assert_eq!((world.settings.days, world.settings.groups[1].comeback_of), (1, None));
    assert!(world.groups.iter().skip(1).any(|group| !operations(&world, group.number).is_empty()));
    let stream =
        BareSettings { members: 0, operations: 0, seconds: 0, accounts: 0, ..BareSettings::new(1, 50) };
    assert_eq!(BareActions::new(stream).count(), 50);
}
