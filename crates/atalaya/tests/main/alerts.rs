//! Alerts at the command line: an import makes a message leave its circle.

use crate::installation::Installation;
use app::Actor;
use app::coordination::DetectionRequest;
use model::time::DAY_MS;
use model::{Timestamp, Trace};
use sim::coordination::{CoordinationSettings, coordination};
use std::fmt::Write as _;

/// People who pass the message on.
const PEOPLE: usize = 30;

#[test]
fn an_import_that_takes_a_message_out_of_its_circle_raises_an_alert() {
    let place = Installation::new();
    assert_eq!(place.run(&["alerts"]).expect(0).out, "");
    let (app, workspace) = place.open();
    let now = app.now();
    drop((app, workspace));
    let settings = CoordinationSettings::small(11, now.plus(-8 * DAY_MS));
    let world = coordination(&settings);
    let narrator = world.narrator();
    let lines = world.events.iter().filter_map(|event| narrator.x_line(event));
    let file = place.file("mundo.jsonl", lines.map(|value| format!("{value}\n")).collect::<String>());
    place.run(&["import", &file]).expect(0);
    let (app, workspace) = place.open();
    let operator = Actor::operator();
    workspace.detect_coordination_now(&operator, &DetectionRequest::default()).unwrap();
    let groups = workspace.coordination(&operator).unwrap().unwrap().groups;
    let mut messages = groups.iter().flat_map(|group| &group.report.messages);
    let is_inside = |trace, circle: &str| trace == Trace::CoText && circle != "audience";
    let message = messages.find(|one| is_inside(one.trace, &one.circle));
    let words = message.expect("a group carries words of its own").object.clone();
    drop((app, workspace));
    assert_eq!(place.run(&["alerts"]).expect(0).out, "", "the first search finds history");

    let mut rows = "id,author,text,time\n".to_owned();
    let at: Timestamp = now;
    for person in 0..PEOPLE {
        writeln!(rows, "eco-{person:04},vecina{person},\"{words}\",{at}").unwrap();
    }
    place.run(&["import", &place.file("eco.csv", rows)]).expect(0);
    let told = place.run(&["--json", "alerts", "--open"]).expect(0);
    let alert =
        told.out.lines().map(|line| serde_json::from_str(line).unwrap()).find(|alert: &serde_json::Value| {
            let amplifiers = alert["amplifiers"].as_array().unwrap();
            amplifiers.iter().any(|key| key.as_str().unwrap().contains("eco-"))
        });
    let alert = alert.unwrap_or_else(|| panic!("{told:?}"));
    assert_eq!((&alert["rule"], &alert["trace"]), (&"breakout".into(), &"co_text".into()));
    assert!(alert["outside_count"].as_u64().unwrap() >= 20 && alert["seen"].is_null(), "{alert}");
    assert!(!alert["posts"].as_array().unwrap().is_empty(), "{alert}");
    let (lines, begin) = (place.run(&["alerts"]).expect(0), words.chars().take(20).collect::<String>());
    assert!(lines.out.contains("open  breakout") && lines.out.contains(&begin), "{lines:?}");
    assert!(lines.err.contains(" open"), "{lines:?}");
}
