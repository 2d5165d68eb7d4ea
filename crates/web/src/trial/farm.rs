//! A workspace with a group in it: a farm that carries the same pages and
//! texts within seconds, and a crowd that links the same pages when it likes.

use super::Trial;
use ::app::Actor;
use ::app::coordination::DetectionRequest;
use ::app::listening::{ImportOptions, ImportSource};
use model::Timestamp;
use std::sync::atomic::AtomicBool;

/// Accounts of the farm.
pub(crate) const FARM: usize = 6;
/// Messages that it carries.
const MESSAGES: usize = 120;
/// Accounts of everybody else.
const CROWD: usize = 120;
/// Pages that everybody links, those of the farm among them.
const PAGES: usize = 150;
/// What others wrote may be anything.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>";

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % limit
    }

    fn words(&mut self) -> String {
        const PARTS: [&str; 12] =
            ["ca", "lo", "mi", "ter", "pul", "son", "gra", "ve", "dun", "qui", "fla", "zor"];
        let mut part = || PARTS[usize::try_from(self.below(12)).unwrap()];
        (0..8).map(|_| [part(), part(), part()].concat()).collect::<Vec<_>>().join(" ")
    }
}

fn world(now: Timestamp) -> String {
    let mut dice = Dice(11);
    let mut csv = "id,author,text,time\n".to_owned();
    let mut post = |id: String, author: String, text: &str, page: i64, at: Timestamp| {
        csv.push_str(&format!("{id},{author},\"{text} https://prensa.example/nota{page}\",{at}\n"));
    };
    let moment = |dice: &mut Dice| now.plus(-3_600_000 - dice.below(60 * 24 * 60) * 60_000);
    for message in 0..MESSAGES {
        let (at, text) = (moment(&mut dice), format!("{HOSTILE} {}", dice.words()));
        for member in 0..FARM {
            let time = at.plus(dice.below(20) * 1_000);
            let page = i64::try_from(message).unwrap();
            post(format!("granja-{message:04}-{member:04}"), format!("zqxgranja{member}"), &text, page, time);
        }
    }
    for person in 0..CROWD {
        for number in 0..8 {
            let (text, page, at) =
                (dice.words(), dice.below(i64::try_from(PAGES).unwrap()), moment(&mut dice));
            post(format!("gente-{person:04}-{number:04}"), format!("persona{person}"), &text, page, at);
        }
    }
    csv
}

impl Trial {
    /// Puts the farm and the crowd into the workspace.
    pub(crate) fn plant(&self) {
        self.receive(world(self.front.app.now()));
    }

    /// Makes a message of the farm reach an audience: thirty others link its page now.
    pub(crate) fn echo(&self) {
        let (now, page) = (self.front.app.now(), 0);
        let mut dice = Dice(23);
        let mut csv = "id,author,text,time\n".to_owned();
        for person in 0..30 {
            let text = format!("{HOSTILE} {} https://prensa.example/nota{page}", dice.words());
            csv.push_str(&format!("eco-{person:06},recien{person},\"{text}\",{now}\n"));
        }
        self.receive(csv);
    }

    fn receive(&self, csv: String) {
        let source = ImportSource {
            name: "posts.csv".to_owned(),
            size_bytes: None,
            input: Box::new(std::io::Cursor::new(csv.into_bytes())),
        };
        let stop = AtomicBool::new(false);
        self.workspace
            .import(&Actor::operator(), source, &ImportOptions::default(), &stop, &mut |_| {})
            .unwrap();
        self.workspace.flush().unwrap();
    }

    /// Looks for groups and gives the identifier of the strongest.
    pub(crate) fn look(&self) -> String {
        let operator = Actor::operator();
        self.workspace.detect_coordination_now(&operator, &DetectionRequest::default()).unwrap();
        let view = self.workspace.coordination(&operator).unwrap().unwrap();
        view.groups.first().expect("the farm is found").report.id.clone()
    }
}
