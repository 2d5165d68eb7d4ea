//! Who counts as the audience of a message: nobody of whom something makes us
//! doubt, each told apart; groups with one message; many messages at once.

use super::*;
use crate::alerts::{AlertView, AlertsRequest, RAISED_AT_ONCE};
use crate::coordination::workspace::reach::{Crossing, Reach};
use model::LeftOut;

/// Accounts that an audience needs.
const ENOUGH: usize = analysis::coordination::breakout::AUDIENCE_MIN as usize;

fn alerts(bench: &Bench) -> Vec<AlertView> {
    let all = AlertsRequest { open: None, before: None, limit: 100 };
    bench.workspace().list_alerts(&viewer(), &all).unwrap()
}

/// A page of the farm that nobody else linked lately, by its number, and how many count as its audience.
fn quiet(bench: &Bench) -> (usize, usize) {
    let kept = bench.workspace().coordinated().kept().unwrap();
    let marks = kept.groups[0].marks.iter().filter(|mark| mark.trace == Trace::CoLink);
    let mark = marks.min_by_key(|mark| (mark.accounts, mark.key)).unwrap();
    let number = mark.object.strip_prefix("prensa.example/nota").unwrap().parse().unwrap();
    (number, mark.people.as_ref().unwrap().len())
}

/// Posts about a page by accounts of which the network told how much they ever
/// wrote, all made 400 days ago.
fn table(now: Timestamp, number: usize, names: &[String], written: u64) -> String {
    let made = now.plus(-400 * DAY_MS);
    let mut csv = "id,author,text,time,author_posts,author_created\n".to_owned();
    for (id, author, text, time) in about(now, number, names) {
        csv.push_str(&format!("{id},{author},\"{text}\",{time},{written},{made}\n"));
    }
    csv
}

fn shells(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("cascaron{number}")).collect()
}

#[test]
fn inactive_accounts_are_no_audience_and_are_told() {
    let mut bench = Bench::looked_at();
    let (page, counted) = quiet(&bench);
    // Two of them have another post here, whatever their network counts.
    let alive = &shells(2);
    bench.import(&about(bench.now.plus(-DAY_MS), page + 1, alive));
    bench.receive_table(table(bench.now, page, &shells(2 * ENOUGH), 1));
    bench.workspace().flush().unwrap();
    assert_eq!(alerts(&bench).len(), 0, "an audience of empty shells is none");
    bench.reopen();
    bench.receive_table(table(bench.now, page, &people(0, ENOUGH - counted - alive.len() - 1), 80));
    bench.workspace().flush().unwrap();
    assert_eq!(alerts(&bench).len(), 0, "one is missing");
    bench.receive_table(table(bench.now, page, &people(90, 91), 80));
    bench.workspace().flush().unwrap();
    let [alert] = alerts(&bench).try_into().expect("one alert");
    let inactive = 2 * ENOUGH as u64 - alive.len() as u64;
    assert_eq!(alert.evidence.left_out, LeftOut { inactive, ..LeftOut::default() });
    assert!(alert.evidence.outside >= ENOUGH as u64 + inactive, "the share counts everybody");
    let carried: Vec<String> = alert.amplifiers.iter().map(|post| post.post.author.key.to_text()).collect();
    let empty = |name: &String| name.contains("cascaron") && !alive.iter().any(|one| name.ends_with(one));
    assert!(!carried.iter().any(empty), "{carried:?}");
}

#[test]
fn a_search_says_the_same_of_them_as_they_arrive_or_later() {
    let bench = Bench::new();
    bench.import(&world(bench.now));
    bench.receive_table(table(bench.now, 3, &shells(2 * ENOUGH), 1));
    bench.receive_table(table(bench.now, 5, &people(0, 2 * ENOUGH), 1_000));
    bench.workspace().flush().unwrap();
    bench.look(&DetectionRequest::default());
    let kept = bench.workspace().coordinated().kept().unwrap();
    let mark = |number: usize| {
        let object = format!("prensa.example/nota{number}");
        kept.groups[0].marks.iter().find(|mark| mark.object == object).expect("a message")
    };
    assert_eq!(mark(3).reach.left_out().inactive, 2 * ENOUGH as u64);
    assert!(mark(3).reach.crossed_at.is_none() && mark(5).reach.crossed_at.is_some());
    assert_eq!(mark(5).reach.left_out().total(), 0);
    let told = |number: usize| {
        let object = format!("prensa.example/nota{number}");
        bench.farm().report.messages.iter().find(|one| one.object == object).cloned()
    };
    for (number, circle) in [(3, "mixed"), (5, "audience")] {
        let Some(message) = told(number) else { continue };
        assert_eq!((message.circle.as_ref(), message.left_out), (circle, mark(number).reach.left_out()));
    }
}

/// Another farm with pages of its own, that carries one of the first as well.
fn second_farm(now: Timestamp, shared: usize) -> Vec<(String, String, String, Timestamp)> {
    let mut dice = Dice(5);
    let mut posts = Vec::new();
    for message in 0..MESSAGES {
        let minutes = i64::try_from(dice.below(60 * 24 * 60)).unwrap();
        let at = now.plus(-3 * HOUR_MS - minutes * 60_000);
        let (text, link) =
            (words(&mut dice), if message == 0 { page(shared) } else { page(1_000 + message) });
        for member in 0..FARM {
            let time = at.plus(i64::try_from(dice.below(20)).unwrap() * SECOND_MS);
            let id = format!("otra-{message:04}-{member:04}");
            posts.push((id, format!("zqxotra{member}"), format!("{text} {link}"), time));
        }
    }
    posts
}

#[test]
fn two_groups_with_one_message_raise_one_alert_that_names_both() {
    let mut bench = Bench::looked_at();
    let (page, counted) = quiet(&bench);
    bench.import(&second_farm(bench.now, page));
    bench.look(&DetectionRequest::default());
    let groups = bench.view().groups;
    assert_eq!(groups.len(), 2, "{groups:?}");
    // Whom the search does not hold for one of them counts as anybody.
    let found: usize = groups.iter().map(|group| group.report.members.len()).sum();
    let missed = 2 * FARM - found;
    assert!(missed < 3, "{found} members");
    bench.import(&about(bench.now, page, &people(0, ENOUGH - counted - missed - 1)));
    assert_eq!(alerts(&bench).len(), 0, "the other farm is no audience");
    bench.import(&about(bench.now, page, &people(90, 91)));
    let [alert] = alerts(&bench).try_into().expect("one alert for both");
    let ids: HashSet<&str> = alert.evidence.groups().collect();
    assert_eq!(ids, groups.iter().map(|group| group.report.id.as_str()).collect());
    let accounts: Vec<u64> = alert.groups.iter().filter_map(|group| group.accounts).collect();
    assert_eq!((accounts.len(), accounts.iter().sum::<u64>()), (2, found as u64));
    assert_eq!(alert.evidence.left_out, LeftOut { coordinated: accounts[1], ..LeftOut::default() });
    bench.reopen();
    assert_eq!(alerts(&bench).len(), 1, "and no second one later");

    // A group that the team dismissed is named no more, and is an audience as anybody.
    let bench = Bench::looked_at();
    bench.import(&second_farm(bench.now, page));
    bench.look(&DetectionRequest::default());
    let of = |name: &str| {
        let is_of = |group: &KnownGroup| group.report.members.iter().all(|one| one.account.contains(name));
        bench.view().groups.into_iter().find(is_of).expect("both farms").report.id
    };
    let (first, other) = (of("zqxgranja"), of("zqxotra"));
    bench.workspace().decide_group(&agent(), &other, GroupDecision::Dismissed, "un club").unwrap();
    bench.look(&DetectionRequest::default());
    bench.import(&about(bench.now, page, &people(0, ENOUGH - counted - FARM)));
    let [alert] = alerts(&bench).try_into().expect("one alert");
    assert_eq!(
        (alert.evidence.groups().collect::<Vec<_>>(), alert.evidence.left_out.total()),
        (vec![&*first], 0)
    );
}

#[test]
fn many_messages_that_cross_at_once_are_all_raised_and_can_be_taken_together() {
    let bench = Bench::looked_at();
    let group = bench.farm().report.id;
    let many = 2 * RAISED_AT_ONCE as u64 + 100;
    let crossing = |message: u64| {
        let mut reach = Reach::default();
        reach.crossed_at = Some(bench.now.plus(i64::try_from(message).unwrap()));
        Crossing { group: group.clone(), place: 0, also: Vec::new(), trace: Trace::CoLink, message, reach }
    };
    let workspace = bench.workspace();
    for _ in 0..2 {
        workspace.raise((0..many).map(crossing).collect()).unwrap();
        assert_eq!(workspace.open_alerts(&viewer()).unwrap(), many);
    }
    let newest = alerts(&bench)[0].clone();
    assert_eq!(newest.at, bench.now.plus(i64::try_from(many).unwrap() - 1), "the last to cross comes first");
    workspace.raise(vec![crossing(many)]).unwrap();
    assert!(matches!(
        workspace.see_alerts(&viewer(), newest.id),
        Err(AppError::Forbidden(Permission::Label))
    ));
    assert_eq!(workspace.see_alerts(&agent(), newest.id).unwrap(), many);
    assert_eq!(workspace.open_alerts(&viewer()).unwrap(), 1, "what came after the page was made stays open");
    assert_eq!(workspace.see_alerts(&agent(), newest.id).unwrap(), 0);
    let seen = alerts(&bench)[1].seen.clone().unwrap();
    assert_eq!((seen.by, seen.signed.as_str()), (Some(4), "Ada Ágil"));
}
