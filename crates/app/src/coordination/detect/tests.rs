//! What suggests groups, and what must not.

use crate::coordination::{Basis, DetectSettings, Detection, Observed, detect};
use crate::trial::Dice;
use model::{Account, NativeId, Network, Post, PostKind, Timestamp, Trace};
use std::collections::BTreeSet;

/// The first second.
const START_S: i64 = 1_735_689_600;
/// Seconds of an hour.
const HOUR_S: u32 = 3_600;

fn found(observed: &Observed) -> (Detection, Vec<BTreeSet<String>>) {
    let detection = detect(observed, &DetectSettings::default(), &mut |_| Ok(())).unwrap();
    let names = |members: &[u32]| members.iter().map(|one| observed.accounts.name(*one).to_owned()).collect();
    let groups = detection.groups.iter().map(|group| names(&group.members)).collect();
    (detection, groups)
}

/// A reshare of an object by somebody with a handle, made on a day.
fn reshare(handle: &str, day: i64, object: u32, second: i64, number: &mut u32) -> Post {
    *number += 1;
    let id = |name: &str| NativeId::parse(name).unwrap();
    let mut account = Account::bare(Network::X, id(&format!("id-{handle}")));
    account.handle = Some(handle.to_owned());
    account.created_at = Some(Timestamp::from_millis(day * 86_400_000));
    let mut post = Post::new(Network::X, id(&number.to_string()), account, String::new());
    post.kind = PostKind::Reshare;
    post.shared = Some(id(&format!("original-{object}")));
    post.created_at = Some(Timestamp::from_millis((START_S + second) * 1_000));
    post
}

/// Accounts with one name that take part in a quarter of 160 operations, five
/// minutes long, and act alone otherwise; as many with another name that act
/// alone only; and a crowd.
fn look_alikes(joint: bool) -> Observed {
    let mut dice = Dice(11);
    let mut observed = Observed::default();
    let mut number = 0;
    for hour in 0..160 {
        let begin = i64::from(hour * HOUR_S);
        let mut act = |handle: &str, day: i64, second: u32| {
            observed.add_post(&reshare(handle, day, hour, begin + i64::from(second), &mut number));
        };
        for _ in 0..60 {
            let one = dice.number(500);
            act(
                &format!("{}{}vecino", "abcdefghij".chars().nth(one as usize % 10).unwrap(), one / 10),
                15_000 + i64::from(one) * 7,
                dice.number(HOUR_S),
            );
        }
        let moment = 900 + dice.number(1_800);
        for account in 0..16 {
            let takes_part = dice.number(4) == 0;
            let second = if joint { moment + dice.number(300) } else { dice.number(HOUR_S) };
            if takes_part {
                act(&format!("VozDelPueblo{account:02}"), 19_000 + i64::from(account) * 31, second);
            }
            if dice.number(4) == 0 {
                act(
                    &format!("CoroDeBarrio{account:02}"),
                    18_000 + i64::from(account) * 29,
                    dice.number(HOUR_S),
                );
            }
        }
    }
    observed.close();
    observed
}

#[test]
fn one_name_suggests_and_what_they_did_confirms() {
    let (detection, groups) = found(&look_alikes(true));
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert_eq!(detection.groups[0].basis, Basis::Kin);
    assert!(groups[0].iter().all(|one| one.starts_with("x:id-VozDelPueblo")), "{groups:?}");
    assert!(groups[0].len() >= 12, "{groups:?}");
    assert!(!detection.groups[0].ties.is_empty());
}

#[test]
fn one_name_alone_is_nothing() {
    assert_eq!(found(&look_alikes(false)).1, Vec::<BTreeSet<String>>::new());
}

#[test]
fn clocks_that_differ_part_a_group_and_accuse_nobody() {
    // Ten accounts on two networks, within 20 s; the clock of one network is 90 s late.
    let mut dice = Dice(7);
    let mut observed = Observed::default();
    let mut content = 0;
    for hour in 0..120 {
        let mut act = |who: String, second: u32| {
            content += 1;
            let late = if who.starts_with("mastodon") { 90 } else { 0 };
            let time = START_S + i64::from(hour * HOUR_S + second + late);
            observed.add_row(Trace::CoReshare, &who, &format!("objeto{hour}"), &content.to_string(), time);
        };
        for _ in 0..80 {
            let network = if dice.number(2) == 0 { "x" } else { "mastodon" };
            act(format!("{network}:vecino{}", dice.number(300)), dice.number(HOUR_S - 100));
        }
        let moment = 60 + dice.number(HOUR_S - 300);
        for account in 0..10 {
            let network = if account < 5 { "x" } else { "mastodon" };
            act(format!("{network}:red{account}"), moment + dice.number(20));
        }
    }
    observed.close();
    let (_, groups) = found(&observed);
    let all: BTreeSet<&String> = groups.iter().flatten().collect();
    assert!(all.iter().all(|one| one.contains(":red")), "nobody of the crowd: {groups:?}");
    assert_eq!(all.len(), 10, "all are seen: {groups:?}");
    for group in &groups {
        let networks: BTreeSet<Option<&str>> = group.iter().map(|one| one.split(':').next()).collect();
        assert_eq!(networks.len(), 1, "each on its network: {groups:?}");
    }
}
