//! Alerts are raised once, keep to their posts, and remember who took them.

use super::*;
use model::{Alert, AlertEvidence, AlertPart, BreakoutEvidence, LeftOut, Trace};

const ALL: AlertsWanted = AlertsWanted { open: None, before: None, limit: 100 };

fn breakout(message: u64, records: &[(AlertPart, &str)]) -> NewAlert {
    NewAlert {
        at: NOW,
        evidence: AlertEvidence::Breakout(BreakoutEvidence {
            group: "0123456789abcdef".to_owned(),
            also: vec!["fedcba9876543210".to_owned()],
            trace: Trace::CoLink,
            message,
            inside: 6,
            outside: 20,
            left_out: LeftOut { coordinated: 9, copied: 1, inactive: 0 },
        }),
        records: records.iter().map(|(part, id)| (*part, key(id))).collect(),
    }
}

fn only(archive: &Archive) -> Alert {
    let [alert] = archive.list_alerts(&ALL).unwrap().try_into().unwrap();
    alert
}

fn ids(stored: &[Stored]) -> Vec<i64> {
    let id = |one: &Stored| match one {
        Stored::New(id) | Stored::Changed { new: id, .. } => *id,
        other => panic!("{other:?}"),
    };
    stored.iter().map(id).collect()
}

#[test]
fn a_rule_fires_once_about_its_subject() {
    let Bench { archive, folder, .. } = bench();
    let first = breakout(u64::MAX, &[]);
    assert_eq!(archive.insert_alerts(&[first.clone(), breakout(7, &[])], NOW).unwrap(), 2);
    let later = NOW.plus(MINUTE_MS);
    assert_eq!(archive.insert_alerts(&[first.clone(), breakout(8, &[])], later).unwrap(), 1);
    assert_eq!(archive.alerted_subjects("breakout").unwrap(), [u64::MAX, 7, 8].into());
    assert!(archive.alerted_subjects("other").unwrap().is_empty());
    drop(archive);
    let archive = Archive::open(folder.path(), later).unwrap();
    let all = archive.list_alerts(&ALL).unwrap();
    let told: Vec<u64> = all.iter().map(|alert| alert.evidence.subject()).collect();
    assert_eq!(told, [8, 7, u64::MAX], "the newest first, and after a start");
    assert_eq!((&all[2].evidence, all[2].at, all[2].raised_at), (&first.evidence, NOW, NOW));
    let page = |before, limit| archive.list_alerts(&AlertsWanted { before, limit, ..ALL }).unwrap();
    assert_eq!(page(None, 1), all[..1]);
    assert_eq!(page(Some(all[0].id), 100), all[1..]);
    let too_many = vec![(AlertPart::Amplifier, "a"); crate::archive::alerts::ALERT_RECORDS_MAX + 1];
    let refused = archive.insert_alerts(&[breakout(9, &too_many)], NOW);
    assert!(matches!(refused, Err(StoreError::Invalid { .. })));
}

#[test]
fn posts_follow_their_edits_and_leave_with_their_records() {
    let bench = bench();
    let archive = &bench.archive;
    let stored = ids(&bench.store(&[packed("m", "el mensaje", NOW), packed("a", "yo también", NOW)]));
    let (message, amplifier) = (AlertPart::Message, AlertPart::Amplifier);
    // What is not there, or not there any more, does not stand behind it.
    let behind = [(message, "m"), (amplifier, "a"), (amplifier, "never")];
    archive.insert_alerts(&[breakout(1, &behind)], NOW).unwrap();
    assert_eq!(only(archive).records, [(message, stored[0]), (amplifier, stored[1])]);
    assert_eq!(only(archive).records_of(amplifier).collect::<Vec<_>>(), [stored[1]]);
    let edited = ids(&bench.store(&[packed("m", "el mensaje, corregido", NOW.plus(1))]));
    assert_eq!(only(archive).records, [(message, edited[0]), (amplifier, stored[1])]);
    archive.delete_records(&[stored[1]], DeletionReason::AtSource, None, NOW).unwrap();
    assert_eq!(only(archive).records, [(message, edited[0])]);
    archive.delete_by_author(&account("did:plc:ana"), false, None, NOW).unwrap();
    assert_eq!(only(archive).records, []);
    // Published again after its deletion: a new record, and none of this alert's.
    let back = packed("a", "otra vez", NOW.plus(RETURN_AFTER_MS + 1));
    bench.store(&[back]);
    assert_eq!(only(archive).records, []);
}

#[test]
fn who_took_it_first_stays() {
    let Bench { archive, .. } = bench();
    archive.insert_alerts(&[breakout(1, &[]), breakout(2, &[])], NOW).unwrap();
    assert_eq!(archive.count_open_alerts().unwrap(), 2);
    let newest = archive.list_alerts(&ALL).unwrap()[0].id;
    archive.record_alert_seen(newest, Some(4), "Ada", NOW.plus(5)).unwrap();
    archive.record_alert_seen(newest, Some(5), "Beto", NOW.plus(9)).unwrap();
    assert_eq!(archive.count_open_alerts().unwrap(), 1);
    let list = |open| archive.list_alerts(&AlertsWanted { open: Some(open), ..ALL }).unwrap();
    assert_eq!((list(true).len(), list(false).len()), (1, 1));
    let seen = list(false)[0].seen.clone().unwrap();
    assert_eq!((seen.by, seen.signed.as_str(), seen.at), (Some(4), "Ada", NOW.plus(5)));
    let audit = archive.list_audit(None, 10).unwrap();
    let told: Vec<_> = audit.iter().filter(|entry| entry.what == "alert_seen").collect();
    assert_eq!((told.len(), told[0].by, &told[0].details), (1, Some(4), &json!({"alert": newest})));
    assert!(matches!(archive.record_alert_seen(99, None, "operator", NOW), Err(StoreError::Missing { .. })));
    assert!(matches!(archive.record_alert_seen(newest, None, "", NOW), Err(StoreError::Invalid { .. })));
}

#[test]
fn all_up_to_one_are_taken_at_once() {
    let Bench { archive, .. } = bench();
    archive.insert_alerts(&[breakout(1, &[]), breakout(2, &[]), breakout(3, &[])], NOW).unwrap();
    let all = archive.list_alerts(&ALL).unwrap();
    archive.record_alert_seen(all[2].id, Some(5), "Beto", NOW).unwrap();
    assert_eq!(archive.record_alerts_seen(all[1].id, Some(4), "Ada", NOW.plus(5)).unwrap(), 1);
    assert_eq!(archive.record_alerts_seen(all[1].id, Some(4), "Ada", NOW.plus(6)).unwrap(), 0);
    let seen: Vec<_> = archive.list_alerts(&ALL).unwrap().into_iter().map(|alert| alert.seen).collect();
    let names: Vec<_> = seen.iter().map(|seen| seen.as_ref().map(|seen| seen.signed.as_str())).collect();
    assert_eq!(names, [None, Some("Ada"), Some("Beto")], "the newest stays open, who was first stays");
    let audit = archive.list_audit(None, 10).unwrap();
    let told: Vec<_> = audit.iter().filter(|entry| entry.what == "alerts_seen").collect();
    assert_eq!((told.len(), &told[0].details), (1, &json!({"upto": all[1].id, "alerts": 1})));
    assert!(matches!(archive.record_alerts_seen(1, None, "", NOW), Err(StoreError::Invalid { .. })));
}

#[test]
fn alerts_of_before_others_were_named_are_read() {
    let text = r#"{"rule":"breakout","group":"g","trace":"co_link","message":7,"inside":6,"outside":20}"#;
    let AlertEvidence::Breakout(evidence) = serde_json::from_str(text).unwrap();
    assert_eq!((evidence.left_out.total(), evidence.groups().collect::<Vec<_>>()), (0, vec!["g"]));
}
