//! Groups of a workspace: found, decided about, followed, forgotten.

use crate::coordination::workspace::kept::{Change, Kept};
use crate::coordination::{CoordinationView, DetectionRequest, KnownGroup};
use crate::listening::{ImportOptions, ImportSource, IngestCounts, Workspace};
use crate::trial::{Dice, first_day};
use crate::{Actor, App, AppError, Settings};
use model::time::{DAY_MS, HOUR_MS, SECOND_MS};
use model::{AccountKey, GroupDecision, Permission, Role, Timestamp, Trace};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use store::archive::DeletionReason;

/// Accounts of the farm.
const FARM: usize = 6;
/// Messages that it carries.
const MESSAGES: usize = 48;
/// Accounts of everybody else.
const CROWD: usize = 120;
/// Of them, those who link the page of a message within two hours.
const READERS: usize = 8;
/// Pages that somebody links, the messages among them.
const PAGES: usize = 150;
/// Posts in all.
const ALL: u64 = (MESSAGES * (FARM + READERS) + CROWD * 4) as u64;

mod alerts;
mod audience;
mod bounded;
mod cards;
mod world;

use world::*;

#[test]
fn a_run_finds_the_farm_and_nobody_else() {
    let bench = Bench::new();
    let workspace = bench.workspace();
    assert_eq!(workspace.coordination(&viewer()).unwrap(), None, "never run");
    let refused = workspace.detect_coordination_now(&viewer(), &DetectionRequest::default());
    assert!(matches!(refused, Err(AppError::Forbidden(Permission::Label))));
    let unaudited = workspace.audit_campaign(&viewer(), "");
    assert!(matches!(unaudited, Err(AppError::Invalid { field: "run", .. })));
    bench.import(&world(bench.now));
    bench.look(&DetectionRequest::default());
    let view = bench.view();
    assert_eq!(view.posts, ALL);
    assert_eq!((view.over_limit, view.groups.len(), view.running), (0, 1, false), "{:?}", view.groups.len());
    let farm = &view.groups[0];
    let mut members: Vec<&str> = farm.report.members.iter().map(|member| member.account.as_str()).collect();
    members.sort_unstable();
    assert!(members.iter().all(|member| member.contains("zqxgranja")), "{members:?}");
    assert_eq!(members.len(), FARM);
    assert!(farm.report.objects.iter().any(|object| object.trace == Trace::CoLink));
    assert!(farm.report.moments.iter().all(|moment| moment.posts.len() > 1));
    // Everybody is tied to everybody, in several traces and by both halves of the objects.
    assert!(farm.report.members.iter().all(|member| member.pairs == FARM as u64 - 1), "{:?}", farm.report);
    assert_eq!(farm.report.density, 1.0);
    let pairs = (FARM * (FARM - 1) / 2) as u64;
    assert!(farm.report.traces.iter().all(|trace| trace.pairs <= pairs), "{:?}", farm.report.traces);
    assert!(farm.report.traces.iter().any(|trace| trace.pairs == pairs), "{:?}", farm.report.traces);
    let posts = |times: &[(u32, u32)]| times.iter().map(|(_, count)| *count).sum::<u32>();
    assert_eq!(posts(&farm.report.hourly), (FARM * MESSAGES) as u32);
    assert_eq!(bench.workspace().coordinated_group(&viewer(), &farm.report.id).unwrap(), *farm);
    assert!(matches!(workspace.coordinated_group(&viewer(), "0"), Err(AppError::NotFound { .. })));
    let audit = workspace.list_audit(&Actor::operator(), None, 5).unwrap();
    assert!(audit.iter().any(|entry| entry.what == "coordination_run"), "{audit:?}");

    let map = workspace.group_map(&viewer()).unwrap();
    assert_eq!(map.nodes.len(), FARM);
    assert!(map.edges.iter().all(|(a, b, weight, _)| a < b && (*b as usize) < FARM && *weight > 0.0));
    assert!(map.edges.iter().all(|(.., traces)| traces.contains(&Trace::CoLink)), "{:?}", map.edges);
    bench.look(&DetectionRequest::default());
    let again = workspace.group_map(&viewer()).unwrap();
    let spread = map.nodes.iter().map(|node| node.x.hypot(node.y)).fold(1.0, f32::max);
    for (one, two) in map.nodes.iter().zip(&again.nodes) {
        assert_eq!(one.account, two.account);
        assert!((one.x - two.x).hypot(one.y - two.y) < 0.2 * spread, "{one:?} {two:?}");
    }
}

#[test]
fn what_is_too_much_or_too_old_is_left_out_and_counted() {
    let bench = Bench::new();
    bench.import(&world(bench.now));
    bench.look(&DetectionRequest { posts_max: 500, ..DetectionRequest::default() });
    let view = bench.view();
    assert_eq!((view.posts, view.over_limit, view.left_out), (500, ALL - 500, ALL - 500));
    bench.look(&DetectionRequest { days: 10, ..DetectionRequest::default() });
    let view = bench.view();
    assert!(view.posts < ALL / 3 && view.over_limit == 0, "{}", view.posts);
    assert_eq!(view.since, view.run_at.plus(-10 * DAY_MS));
}

#[test]
fn a_run_in_the_background_can_be_watched_and_stopped() {
    let bench = Bench::looked_at();
    let before = bench.view().run_at;
    let workspace = bench.workspace();
    let ended = || {
        let begun = Instant::now();
        while workspace.detection_state(&viewer()).unwrap().running.is_some() {
            assert!(begun.elapsed() < Duration::from_secs(120), "it never ends");
            std::thread::yield_now();
        }
    };
    workspace.detect_coordination(&agent()).unwrap();
    workspace.detect_coordination(&agent()).unwrap();
    let busy = workspace.detect_coordination_now(&agent(), &DetectionRequest::default());
    let stopped = workspace.stop_detection(&agent());
    assert!(stopped.is_ok() && matches!(workspace.stop_detection(&viewer()), Err(AppError::Forbidden(_))));
    ended();
    if busy.is_err() {
        assert!(matches!(busy, Err(AppError::Invalid { field: "run", .. })));
        assert_eq!(bench.view().run_at, before, "what was found before stays");
        assert!(workspace.detection_state(&viewer()).unwrap().failed.is_some());
    }
    workspace.detect_coordination(&agent()).unwrap();
    ended();
    assert_eq!(workspace.detection_state(&viewer()).unwrap().failed, None);
    assert!(bench.view().run_at > before);
}

#[test]
fn every_string_of_the_report_rests_on_a_record() {
    let bench = Bench::looked_at();
    let kept = bench.workspace().coordinated().kept().unwrap();
    let strings = kept.strings();
    assert!(strings.len() > MESSAGES);
    for text in strings {
        assert!(kept.sources.contains_key(&text), "«{text}» rests on nothing");
    }
    let written = serde_json::to_vec(&*kept).unwrap();
    let read = Kept::parse(&written).unwrap();
    assert_eq!((&read.sources, &read.records, &read.past), (&kept.sources, &kept.records, &kept.past));
    assert_eq!(read.report.groups[0].members, kept.report.groups[0].members);
    assert_eq!((read.strings(), read.groups.len()), (kept.strings(), 1));
    // Nothing is lost when nothing goes.
    let mut same = Kept::clone(&kept);
    same.apply(&[]);
    assert_eq!(same, *kept);
    // Without records nothing received is left.
    let all: Vec<Change> = kept.records.iter().map(|id| Change::Gone(*id)).collect();
    same.apply(&all);
    assert!(same.strings().is_empty() && same.report.groups.is_empty());
}

#[test]
fn edits_take_their_text_and_leave_the_rest() {
    let bench = Bench::looked_at();
    let kept = bench.workspace().coordinated().kept().unwrap();
    let (text, source) =
        kept.sources.iter().find(|(_, source)| source.is_text && source.ids.len() == 6).unwrap();
    let changed = |excerpt: &str| {
        let mut kept = Kept::clone(&kept);
        let ids = || source.ids.iter().map(|(_, id)| *id);
        let edit = |id: i64| Change::Replaced { old: id, new: id + 1_000_000, excerpt: excerpt.to_owned() };
        // The same record may change twice, and its former id is gone as well.
        let mut changes: Vec<Change> = ids().map(edit).collect();
        changes.extend(ids().map(Change::Gone));
        changes.extend(ids().map(|id| Change::Replaced {
            old: id + 1_000_000,
            new: id + 2_000_000,
            excerpt: excerpt.to_owned(),
        }));
        kept.apply(&changes);
        kept
    };
    let same = changed(text);
    assert_eq!(same.report, kept.report);
    assert!(same.sources[text].ids.iter().all(|(_, id)| *id > 2_000_000));
    let other = changed("otra cosa");
    assert!(!other.strings().contains(text));
    assert_eq!(other.report.groups[0].members.len(), FARM);
    assert!(!serde_json::to_string(&other).unwrap().contains(text.as_str()));
}

#[test]
fn an_erased_account_leaves_the_report_and_every_print() {
    let mut bench = Bench::looked_at();
    let farm = bench.farm();
    bench.workspace().decide_group(&agent(), &farm.report.id, GroupDecision::Watch, "veremos").unwrap();
    let gone = farm.report.members[0].clone();
    let name = gone.account.split_once(':').unwrap().1.to_owned();
    assert!(bench.files().contains(&name), "it is found while it is there");
    let key = AccountKey::parse(&gone.account).unwrap();
    let before = bench.workspace().archive().group_decisions().unwrap();
    assert_eq!(before[0].members.len(), FARM);
    bench.workspace().erase_account(&Actor::operator(), &key, true).unwrap();
    assert!(!bench.files().contains(&name), "on the disk");
    let shown = serde_json::to_string(&bench.view()).unwrap();
    assert!(!shown.contains(&name), "on the page");
    assert_eq!(bench.farm().report.members.len(), FARM - 1);
    assert!(!bench.farm().report.moments.is_empty(), "what others wrote stays");
    let map = bench.workspace().group_map(&viewer()).unwrap();
    assert_eq!(map.nodes.len(), FARM - 1);
    assert!(map.edges.iter().all(|(a, b, ..)| a < b && (*b as usize) < FARM - 1));
    let after = bench.workspace().archive().group_decisions().unwrap();
    assert_eq!((after[0].members.len(), after[0].handles.len()), (FARM - 1, FARM - 1));
    assert!(!after[0].handles.iter().any(|handle| handle.contains(&name)));
    bench.reopen();
    assert_eq!(bench.farm().report.members.len(), FARM - 1, "after a start");
}

#[test]
fn an_account_erased_during_a_run_is_not_in_what_it_found() {
    let bench = Bench::looked_at();
    let workspace = bench.workspace();
    let kept = Kept::clone(&workspace.coordinated().kept().unwrap());
    let account = kept.report.groups[0].members[0].account.clone();
    assert!(workspace.coordinated().begin());
    workspace.erase_account(&Actor::operator(), &AccountKey::parse(&account).unwrap(), false).unwrap();
    // The run read the posts before, and ends now.
    workspace.install_coordination(kept, &HashSet::new()).unwrap();
    workspace.coordinated().end(None);
    assert_eq!(bench.farm().report.members.len(), FARM - 1);
    assert!(!bench.files().contains(account.split_once(':').unwrap().1));
}

#[test]
fn retention_takes_texts_and_a_rebuild_everything() {
    let mut bench = Bench::looked_at();
    let kept = bench.workspace().coordinated().kept().unwrap();
    let workspace = bench.workspace();
    let (listed, director) = (bench.farm().report.objects.len(), Actor::operator());
    workspace.update_retention(&director, Some(20)).unwrap();
    assert!(workspace.apply_retention().unwrap() > 300);
    let files = bench.files();
    let (mut gone, mut left) = (0, 0);
    for (text, source) in kept.sources.iter().filter(|(_, source)| source.is_text) {
        let ids: Vec<i64> = source.ids.iter().map(|(_, id)| *id).collect();
        let is_there = !workspace.archive().load_records(&ids).unwrap().is_empty();
        assert_eq!(files.contains(text.as_str()), is_there, "{text}");
        if is_there { left += 1 } else { gone += 1 }
    }
    assert!(gone > 5 && left > 5, "{gone} gone, {left} left");
    let farm = bench.farm();
    assert!(farm.report.objects.len() < listed && farm.report.objects_left_out > 0);
    bench.reopen();
    let again = bench.farm();
    assert_eq!(again.report.members, farm.report.members);
    assert_eq!((again.report.moments, again.report.objects), (farm.report.moments, farm.report.objects));
    bench.workspace().rebuild(&director, &mut |_| {}).unwrap();
    assert_eq!(bench.workspace().coordination(&viewer()).unwrap(), None);
    assert_eq!(bench.files(), "");
    bench.look(&DetectionRequest::default());
    assert_eq!(bench.view().groups.len(), 1);
}

#[test]
fn what_its_author_deleted_before_a_sudden_end_is_forgotten_at_the_start() {
    let mut bench = Bench::looked_at();
    let kept = bench.workspace().coordinated().kept().unwrap();
    let farm = &kept.report.groups[0];
    let text = farm.messages.iter().find(|message| message.trace == Trace::CoText).unwrap().object.clone();
    let ids: Vec<i64> = kept.sources[&text].ids.iter().map(|(_, id)| *id).collect();
    assert!(bench.files().contains(&text));
    let (last, others) = ids.split_last().unwrap();
    let delete = |bench: &mut Bench, ids: &[i64]| {
        let archive = bench.workspace().archive();
        archive.delete_records(ids, DeletionReason::AtSource, None, bench.now).unwrap();
        bench.reopen();
    };
    delete(&mut bench, others);
    assert!(bench.files().contains(&text), "one of them still says so");
    delete(&mut bench, &[*last]);
    assert!(!bench.files().contains(&text));
    assert!(!bench.workspace().coordinated().kept().unwrap().strings().contains(&text));
    assert_eq!(bench.farm().report.members.len(), FARM);
}

#[test]
fn decisions_are_signed_and_come_back_with_the_group() {
    let bench = Bench::looked_at();
    let workspace = bench.workspace();
    let farm = bench.farm();
    let id = farm.report.id.as_str();
    assert_eq!((farm.decision, farm.earlier.len()), (None, 0));
    let refused = workspace.decide_group(&viewer(), id, GroupDecision::Dismissed, "");
    assert!(matches!(refused, Err(AppError::Forbidden(Permission::Label))));
    let long = "a".repeat(crate::coordination::NOTE_CHARS_MAX + 1);
    let refused = workspace.decide_group(&agent(), id, GroupDecision::Dismissed, &long);
    assert!(matches!(refused, Err(AppError::Invalid { field: "note", .. })));
    assert!(workspace.decide_group(&agent(), "nadie", GroupDecision::Watch, "").is_err());
    for unsaid in ["", " \n\t ", "\u{202e}\u{200b}"] {
        let refused = workspace.decide_group(&agent(), id, GroupDecision::Watch, unsaid);
        assert!(matches!(refused, Err(AppError::Invalid { field: "note", .. })), "{unsaid:?}");
    }
    for _ in 0..2 {
        workspace.decide_group(&agent(), id, GroupDecision::Watch, "¿quiénes son?").unwrap();
    }
    assert_eq!(workspace.list_group_decisions(&viewer(), id).unwrap().len(), 1, "sent twice, signed once");
    workspace.decide_group(&agent(), id, GroupDecision::Dismissed, " Es el club de fans ").unwrap();
    let decided = bench.farm().decision.expect("a decision");
    assert_eq!((decided.decision, decided.note.as_str()), (GroupDecision::Dismissed, "Es el club de fans"));
    assert_eq!((decided.by.as_str(), decided.group.as_str()), ("Ada Ágil", id));
    assert_eq!(workspace.list_group_decisions(&viewer(), id).unwrap().len(), 2);
    let audit = workspace.list_audit(&Actor::operator(), None, 2).unwrap();
    assert_eq!((audit[0].what.as_str(), audit[0].by), ("group_decision", Some(4)));
    assert!(!audit[0].details.to_string().contains("club"), "{audit:?}");

    // One more joins in: another group by name, mostly the same accounts.
    let mut joined = Vec::new();
    for (post, (_, author, text, time)) in world(bench.now).into_iter().enumerate() {
        if author == farmer(0) {
            let time = time.plus(2 * SECOND_MS);
            joined.push((format!("granja-mas-{post:06}"), farmer(FARM), text, time));
        }
    }
    bench.import(&joined);
    bench.look(&DetectionRequest::default());
    let grown = bench.farm();
    assert_eq!(grown.report.members.len(), FARM + 1);
    assert_ne!(grown.report.id, id);
    let before = grown.earlier.first().expect("the earlier form");
    assert_eq!((before.id.as_str(), before.shared_members), (id, FARM as u64));
    assert_eq!(before.likeness, "same_accounts");
    assert_eq!(before.decision.as_ref(), Some(&decided));
    assert_eq!(grown.decision.as_ref(), Some(&decided), "it stays visible, as dismissed");

    // A confirmation was signed for these accounts and no others.
    workspace
        .decide_group(&agent(), &grown.report.id, GroupDecision::Confirmed, "los mismos textos")
        .unwrap();
    assert_eq!(bench.farm().decision.unwrap().decision, GroupDecision::Confirmed);
    let key = AccountKey::parse(&grown.report.members[0].account).unwrap();
    workspace.erase_account(&Actor::operator(), &key, false).unwrap();
    bench.look(&DetectionRequest::default());
    let shrunk = bench.farm();
    assert_ne!(shrunk.report.id, grown.report.id);
    assert_eq!(shrunk.earlier.len(), 2);
    assert_eq!(shrunk.decision, None);
}

#[test]
fn groups_without_a_decision_are_remembered_too() {
    let bench = Bench::looked_at();
    let first = bench.farm();
    let key = AccountKey::parse(&first.report.members[0].account).unwrap();
    bench.workspace().erase_account(&Actor::operator(), &key, false).unwrap();
    bench.look(&DetectionRequest::default());
    let second = bench.farm();
    assert_ne!(second.report.id, first.report.id);
    let earlier = second.earlier.first().expect("the first");
    assert_eq!((earlier.id.as_str(), earlier.seen_at), (first.report.id.as_str(), earlier.seen_at));
    assert_eq!(earlier.decision, None);
}

#[test]
fn new_posts_count_at_once_and_crossing_is_noted() {
    let mut bench = Bench::looked_at();
    let live = |bench: &Bench| bench.farm().live;
    assert_eq!(live(&bench), crate::coordination::LiveCounts::default());
    // A message that hardly anybody else has linked so far.
    let kept = bench.workspace().coordinated().kept().unwrap();
    let marks = kept.groups[0].marks.iter().filter(|mark| mark.trace == Trace::CoLink);
    let mark = marks.min_by_key(|mark| mark.accounts).unwrap().clone();
    let number: usize = mark.object.strip_prefix("prensa.example/nota").unwrap().parse().unwrap();
    let outside = mark.people.as_ref().unwrap().len();
    assert!(outside < 15, "{outside}");

    bench.receive(&about(bench.now, number, &[farmer(0), farmer(1)]));
    assert_eq!(
        (live(&bench).posts, live(&bench).newest, live(&bench).outside),
        (2, Some(whole_second(bench.now)), 0)
    );
    bench.receive(&about(bench.now, PAGES + 5, &[farmer(2), "otra".to_owned()]));
    assert_eq!((live(&bench).posts, live(&bench).outside), (3, 0), "another page is no message");
    bench.receive(&about(bench.now, number, &people(0, 19 - outside)));
    assert_eq!((live(&bench).outside, live(&bench).crossed.len()), (19 - outside as u64, 0));
    // Nothing was said at the end: the counts are made again from the archive.
    bench.reopen();
    assert_eq!((live(&bench).posts, live(&bench).outside), (3, 19 - outside as u64));
    bench.receive(&about(bench.now, number, &people(19 - outside, 22 - outside)));
    assert_eq!(live(&bench).crossed, [mark.object.as_str()]);
    assert_eq!(live(&bench).outside, 22 - outside as u64);
    // What is there already, and what changed, is nothing new.
    assert_eq!(bench.receive(&about(bench.now, number, &people(0, 5))).same, 5);
    let mut edited = about(bench.now, number, &people(0, 5));
    edited.iter_mut().for_each(|post| post.2.push_str(" (corregido)"));
    assert_eq!(bench.receive(&edited).changed, 5);
    assert_eq!(live(&bench).outside, 22 - outside as u64);
    bench.workspace().flush().unwrap();
    let before = live(&bench);
    bench.reopen();
    assert_eq!(live(&bench), before);
    // Copies of its words belong to its message.
    let text = kept.groups[0].marks.iter().find(|mark| mark.trace == Trace::CoText).unwrap().object.clone();
    bench.receive(&[("copia-00000001".to_owned(), "copiona".to_owned(), text, bench.now)]);
    assert_eq!(live(&bench).outside, before.outside + 1);
    bench.look(&DetectionRequest::default());
    assert_eq!(live(&bench), crate::coordination::LiveCounts::default(), "a run begins anew");
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::parse(&time.to_string()).unwrap()
}

#[test]
fn a_campaign_is_told_by_who_engaged() {
    let bench = Bench::looked_at();
    let workspace = bench.workspace();
    let audit = workspace.audit_campaign(&viewer(), "").unwrap();
    let class = |audit: &crate::coordination::CampaignAudit, name: &str| {
        audit.classes.iter().find(|class| class.class == name).unwrap().clone()
    };
    assert_eq!(audit.posts, ALL);
    assert_eq!(audit.accounts, (FARM + CROWD) as u64);
    let coordinated = class(&audit, "coordinated");
    assert_eq!((coordinated.accounts, coordinated.posts), (FARM as u64, (FARM * MESSAGES) as u64));
    let share = coordinated.share_of_posts.unwrap();
    assert!(share.low < share.share && share.share < share.high, "{share:?}");
    // Everything is the campaign: of a life outside it nothing is known.
    assert_eq!(class(&audit, "unknown").accounts, CROWD as u64);
    assert_eq!((class(&audit, "organic").accounts, class(&audit, "inactive").accounts), (0, 0));
    assert_eq!(audit.groups.len(), 1);
    assert_eq!((audit.groups[0].accounts, audit.posts_not_examined), (FARM as u64, 0));

    let halved = workspace.audit_campaign(&viewer(), "link:https://prensa.example/nota3").unwrap();
    assert!(class(&halved, "organic").accounts > 0, "who links other pages as well is alive");
    assert_eq!(class(&halved, "unknown").accounts, 0);

    // Who, as the network says, never wrote anything else, and was there long ago.
    let mut csv = "id,author,text,time,author_posts,author_created\n".to_owned();
    for (number, (posts, age)) in [(1, 400), (1, 10), (50, 400)].into_iter().enumerate() {
        let (time, made) = (bench.now, bench.now.plus(-age * DAY_MS));
        csv.push_str(&format!(
            "durmiente-{number:05},durmiente{number},voto por la nota,{time},{posts},{made}\n"
        ));
    }
    assert_eq!(bench.receive_table(csv).new, 3);
    workspace.flush().unwrap();
    let sleepers = workspace.audit_campaign(&viewer(), "voto").unwrap();
    let accounts = |name| class(&sleepers, name).accounts;
    assert_eq!((accounts("inactive"), accounts("unknown"), accounts("organic")), (1, 2, 0));
    assert_eq!(sleepers.posts_not_examined, 3, "they came after the run");
    assert!(class(&sleepers, "inactive").share_of_accounts.is_none(), "too few for a share");

    let farm = bench.farm();
    workspace.decide_group(&agent(), &farm.report.id, GroupDecision::Dismissed, "es un club").unwrap();
    let audit = workspace.audit_campaign(&viewer(), "").unwrap();
    assert_eq!(class(&audit, "coordinated").accounts, 0);
    assert!(audit.groups[0].dismissed);
    assert!(matches!(workspace.audit_campaign(&viewer(), "("), Err(AppError::Query(_))));
}
