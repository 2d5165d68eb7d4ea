//! Whom a group copies is not accused, and stands beside it.

use crate::coordination::{DetectSettings, Detection, Observed, detect};
use crate::trial::Dice;
use model::Trace;

/// Accounts of the group.
const GROUP: u32 = 8;
/// Hours looked at.
const HOURS: u32 = 160;
/// Seconds of an hour.
const HOUR_S: u32 = 3_600;
/// The first second.
const START_S: u32 = 1_735_689_600;

/// Acts on objects that last an hour: 100 of a crowd, the group's within half a
/// minute, and `copied` seconds before them the victim's, every other time.
/// The victim does `own` things more in every hour, whenever it likes.
fn world(trace: Trace, own: u32) -> (Observed, Detection) {
    let mut dice = Dice(3);
    let mut observed = Observed::default();
    let mut content = 0;
    for hour in 0..HOURS {
        let mut act = |who: String, second: u32| {
            content += 1;
            let time = i64::from(START_S + hour * HOUR_S + second);
            observed.add_row(trace, &who, &format!("objeto{hour}"), &content.to_string(), time);
        };
        for _ in 0..100 {
            act(format!("vecino{}", dice.number(300)), dice.number(HOUR_S));
        }
        let moment = 60 + dice.number(HOUR_S - 120);
        if hour % 2 == 0 {
            act("victima".to_owned(), moment);
        }
        for _ in 0..own {
            act("victima".to_owned(), dice.number(HOUR_S));
        }
        for member in 0..GROUP {
            if dice.number(10) < 8 {
                act(format!("copia{member}"), moment + 3 + dice.number(25));
            }
        }
    }
    observed.close();
    let detection = detect(&observed, &DetectSettings::default(), &mut |_| Ok(())).unwrap();
    (observed, detection)
}

fn check(trace: Trace, own: u32) -> u32 {
    let (observed, detection) = world(trace, own);
    assert_eq!(detection.groups.len(), 1, "{own}");
    let group = &detection.groups[0];
    let mut members: Vec<&str> = group.members.iter().map(|member| observed.accounts.name(*member)).collect();
    members.sort_unstable();
    let copies: Vec<String> = (0..GROUP).map(|member| format!("copia{member}")).collect();
    assert_eq!(members, copies, "{own}: {members:?}");
    assert_eq!(group.copied.len(), 1, "{own}: {:?}", group.copied);
    let copied = group.copied[0];
    assert_eq!((observed.accounts.name(copied.account), copied.members), ("victima", GROUP));
    assert!(copied.first > 2 * copied.after, "{copied:?}");
    copied.after
}

#[test]
fn who_is_only_followed_stands_beside_the_group() {
    assert_eq!(check(Trace::CoReshare, 0), 0);
}

#[test]
fn who_now_and_then_comes_after_them_by_chance_does_too() {
    assert!(check(Trace::Synchrony, 10) > 0, "else the order alone would tell");
}

/// A crowd, and accounts that act one after the other, always in the same order.
fn in_order(accounts: u32, gap_s: u32) -> Vec<String> {
    let mut dice = Dice(5);
    let mut observed = Observed::default();
    let mut content = 0;
    for hour in 0..60 {
        let mut act = |who: String, second: u32| {
            content += 1;
            let time = i64::from(START_S + hour * HOUR_S + second);
            observed.add_row(Trace::CoReshare, &who, &format!("objeto{hour}"), &content.to_string(), time);
        };
        for _ in 0..60 {
            act(format!("vecino{}", dice.number(400)), dice.number(HOUR_S));
        }
        let moment = 60 + dice.number(HOUR_S - 300);
        for account in 0..accounts {
            act(format!("fila{account:02}"), moment + account * gap_s);
        }
    }
    observed.close();
    let detection = detect(&observed, &DetectSettings::default(), &mut |_| Ok(())).unwrap();
    let members = detection.groups.iter().flat_map(|group| &group.members);
    let mut members: Vec<String> = members.map(|member| observed.accounts.name(*member).to_owned()).collect();
    members.sort_unstable();
    members
}

#[test]
fn a_queue_is_found_without_its_head() {
    // Whom the first and the second follow is not to be seen: they may be copied.
    for (accounts, gap_s) in [(6, 1), (25, 1), (10, 3)] {
        let found = in_order(accounts, gap_s);
        let queue: Vec<String> = (2..accounts).map(|account| format!("fila{account:02}")).collect();
        assert_eq!(found, queue, "{accounts} accounts, {gap_s} s apart");
    }
}
