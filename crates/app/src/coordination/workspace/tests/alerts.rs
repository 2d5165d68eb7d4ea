//! Alerts of a workspace: raised, kept, taken, forgotten.

use super::*;
use crate::alerts::{AlertView, AlertsRequest};

const ALL: AlertsRequest = AlertsRequest { open: None, before: None, limit: 100 };

fn alerts(bench: &Bench) -> Vec<AlertView> {
    bench.workspace().list_alerts(&viewer(), &ALL).unwrap()
}

fn count(bench: &Bench) -> u64 {
    bench.workspace().open_alerts(&viewer()).unwrap()
}

/// A page of the farm that few others linked, and how many they are.
fn quiet_page(bench: &Bench) -> (usize, usize) {
    let kept = bench.workspace().coordinated().kept().unwrap();
    let marks = kept.groups[0].marks.iter().filter(|mark| mark.trace == Trace::CoLink);
    let mark = marks.min_by_key(|mark| mark.accounts).unwrap();
    let number = mark.object.strip_prefix("prensa.example/nota").unwrap().parse().unwrap();
    (number, mark.people.as_ref().unwrap().len())
}

/// Posts about the page of a message by as many people as it lacks.
fn reach_an_audience(bench: &Bench) -> usize {
    let (page, outside) = quiet_page(bench);
    bench.import(&about(bench.now, page, &people(0, 20 - outside)));
    page
}

#[test]
fn a_message_that_leaves_its_circle_raises_one_alert_with_its_evidence() {
    let mut bench = Bench::looked_at();
    assert_eq!(count(&bench), 0, "the first search finds history");
    let (page, outside) = quiet_page(&bench);
    let told = bench.workspace().watch_alerts(&viewer()).unwrap();
    bench.import(&about(bench.now, page, &people(0, 19 - outside)));
    assert_eq!(alerts(&bench).len(), 0, "one is missing");
    bench.import(&about(bench.now, page, &people(19 - outside, 20 - outside)));
    let [alert] = alerts(&bench).try_into().expect("one alert");
    assert_eq!((count(&bench), *told.borrow()), (1, 1));
    assert_eq!((alert.rule, alert.evidence.group.as_str()), ("breakout", bench.farm().report.id.as_str()));
    assert_eq!(alert.groups.len(), 1);
    assert!(alert.groups[0].accounts.is_some() && alert.seen.is_none());
    let evidence = &alert.evidence;
    assert_eq!((evidence.inside, evidence.trace), (FARM as u64, Trace::CoLink));
    let kept = bench.workspace().coordinated().kept().unwrap();
    let mark = kept.groups[0].marks.iter().find(|mark| mark.key == evidence.message).unwrap();
    assert_eq!(evidence.outside, mark.reach.outside + 20 - outside as u64);
    let share = evidence.outside_share().unwrap();
    assert!((share - evidence.outside as f64 / (evidence.outside + FARM as u64) as f64).abs() < 1e-12);
    assert!(alert.posts.iter().all(|post| post.post.author.key.to_text().contains("zqxgranja")));
    assert_eq!(alert.posts.len(), crate::coordination::workspace::reach::POSTS_MAX);
    let amplifiers: Vec<String> =
        alert.amplifiers.iter().map(|post| post.post.author.key.to_text()).collect();
    assert!(amplifiers.iter().all(|name| !name.contains("zqxgranja")), "{amplifiers:?}");
    assert!(amplifiers.len() >= 8 && alert.amplifiers.is_sorted_by_key(|post| post.time), "{amplifiers:?}");

    // More of the same, another search and a start raise nothing new.
    bench.import(&about(bench.now, page, &people(50, 60)));
    bench.look(&DetectionRequest::default());
    bench.reopen();
    assert_eq!((alerts(&bench).len(), count(&bench)), (1, 1));
    assert_eq!(alerts(&bench)[0].evidence, *evidence);
    bench.workspace().rebuild(&Actor::operator(), &mut |_| {}).unwrap();
    let [kept] = alerts(&bench).try_into().expect("it is no derived data");
    assert!(kept.groups[0].accounts.is_none(), "of a search that was dropped");
    assert_eq!(kept.posts.len(), alert.posts.len());
}

#[test]
fn a_search_raises_what_crossed_since_the_one_before() {
    let bench = Bench::new();
    bench.import(&world(bench.now));
    // Too little for a group: nobody follows its messages.
    bench.look(&DetectionRequest { posts_max: 50, ..DetectionRequest::default() });
    assert_eq!(bench.view().groups.len(), 0);
    let (page, later) = (3, bench.workspace().settings().now().plus(SECOND_MS));
    bench.import(&about(later, page, &people(0, 30)));
    assert_eq!(count(&bench), 0);
    bench.look(&DetectionRequest::default());
    let [alert] = alerts(&bench).try_into().expect("one alert");
    assert_eq!(alert.at.millis(), later.millis() / 1_000 * 1_000);
    assert_eq!(alert.evidence.group, bench.farm().report.id);
    assert!(alert.posts.iter().all(|post| post.post.text.contains("nota3")), "{:?}", alert.posts);
    assert!(alert.evidence.outside >= 20 && alert.at > bench.now.plus(-HOUR_MS));
}

#[test]
fn a_dismissed_group_raises_none_until_it_is_no_more() {
    let mut bench = Bench::looked_at();
    let id = bench.farm().report.id;
    bench.workspace().decide_group(&agent(), &id, GroupDecision::Dismissed, "es un club").unwrap();
    reach_an_audience(&bench);
    bench.reopen();
    assert_eq!((alerts(&bench).len(), bench.farm().live.crossed.len()), (0, 1));
    bench.workspace().decide_group(&agent(), &id, GroupDecision::Watch, "ya no").unwrap();
    // What was counted and not told is told at the start, as after a sudden end.
    bench.reopen();
    assert_eq!((alerts(&bench).len(), count(&bench)), (1, 1));
}

#[test]
fn somebody_takes_note_and_stays_on_record() {
    let mut bench = Bench::looked_at();
    reach_an_audience(&bench);
    let id = alerts(&bench)[0].id;
    let refused = bench.workspace().see_alert(&viewer(), id);
    assert!(matches!(refused, Err(AppError::Forbidden(Permission::Label))));
    let mut told = bench.workspace().watch_alerts(&viewer()).unwrap();
    told.mark_unchanged();
    bench.workspace().see_alert(&agent(), id).unwrap();
    assert!(told.has_changed().unwrap());
    bench.workspace().see_alert(&Actor::operator(), id).unwrap();
    assert!(bench.workspace().see_alert(&agent(), 99).is_err());
    let list = |open| bench.workspace().list_alerts(&viewer(), &AlertsRequest { open: Some(open), ..ALL });
    assert_eq!((count(&bench), list(true).unwrap().len()), (0, 0));
    let seen = list(false).unwrap()[0].seen.clone().unwrap();
    assert_eq!((seen.by, seen.signed.as_str()), (Some(4), "Ada Ágil"));
    bench.reopen();
    assert_eq!(alerts(&bench)[0].seen.as_ref(), Some(&seen));
}

#[test]
fn posts_leave_an_alert_with_their_records() {
    let mut bench = Bench::looked_at();
    let page = reach_an_audience(&bench);
    let before = alerts(&bench).remove(0);
    // New words of a post are those that are shown.
    let mut edited = about(bench.now, page, &people(0, 1));
    edited[0].2.push_str(" (corregido)");
    bench.import(&edited);
    let corrected =
        |alert: &AlertView| alert.amplifiers.iter().any(|post| post.post.text.contains("corregido"));
    let alert = alerts(&bench).remove(0);
    assert!(!corrected(&before) && corrected(&alert));
    assert_eq!(alert.amplifiers.len(), before.amplifiers.len());

    let erased = alert.amplifiers[0].post.author.key.clone();
    bench.workspace().erase_account(&Actor::operator(), &erased, false).unwrap();
    let left = alerts(&bench).remove(0);
    assert!(left.amplifiers.iter().all(|post| post.post.author.key != erased));
    assert!(left.amplifiers.len() < alert.amplifiers.len());
    let ids: Vec<i64> = left.posts.iter().map(|post| post.id).collect();
    let archive = bench.workspace().archive();
    archive.delete_records(&ids, DeletionReason::AtSource, None, bench.now).unwrap();
    bench.reopen();
    let [left] = alerts(&bench).try_into().unwrap();
    assert_eq!((left.posts.len(), left.evidence), (0, before.evidence), "the numbers stay");
    let name = left.amplifiers[0].post.author.key.native_id.as_str().to_owned();
    let key = left.amplifiers[0].post.author.key.clone();
    bench.workspace().erase_account(&Actor::operator(), &key, true).unwrap();
    let database = std::fs::read(bench.workspace().folder().join("workspace.db")).unwrap();
    let holds = |text: &str| database.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(!holds(&name), "no byte of it stays with the alert");
}
