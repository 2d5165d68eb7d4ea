//! A workspace with a planted farm in a crowd, for the tests of this folder.

use super::*;

pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) workspace: Option<Arc<Workspace>>,
    pub(crate) now: Timestamp,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let (folder, app, workspace) = first_day("Acme", &[]);
        // The same hour of the day in every run.
        let now = app.now().millis().div_euclid(DAY_MS) * DAY_MS;
        Self { folder, now: Timestamp::from_millis(now), workspace: Some(workspace) }
    }

    /// With the farm and the crowd, looked at.
    pub(crate) fn looked_at() -> Self {
        let bench = Self::new();
        bench.import(&world(bench.now));
        bench.look(&DetectionRequest::default());
        bench
    }

    pub(crate) fn workspace(&self) -> &Arc<Workspace> {
        self.workspace.as_ref().unwrap()
    }

    /// Ends the program without a last word, and starts it again.
    pub(crate) fn reopen(&mut self) {
        self.workspace = None;
        let app = App::open(settings(self.folder.path())).unwrap();
        self.workspace = Some(app.workspace("acme").unwrap());
    }

    /// Imports posts as id, author, text and time; not yet searchable.
    pub(crate) fn receive(&self, posts: &[(String, String, String, Timestamp)]) -> IngestCounts {
        let mut csv = "id,author,text,time\n".to_owned();
        for (id, author, text, time) in posts {
            csv.push_str(&format!("{id},{author},\"{text}\",{time}\n"));
        }
        self.receive_table(csv)
    }

    pub(crate) fn receive_table(&self, csv: String) -> IngestCounts {
        let source = ImportSource {
            name: "posts.csv".to_owned(),
            size_bytes: None,
            input: Box::new(std::io::Cursor::new(csv.into_bytes())),
        };
        let stop = AtomicBool::new(false);
        let options = ImportOptions::default();
        self.workspace().import(&Actor::operator(), source, &options, &stop, &mut |_| {}).unwrap().1
    }

    pub(crate) fn import(&self, posts: &[(String, String, String, Timestamp)]) {
        self.receive(posts);
        self.workspace().flush().unwrap();
    }

    pub(crate) fn look(&self, request: &DetectionRequest) {
        self.workspace().detect_coordination_now(&Actor::operator(), request).unwrap();
    }

    pub(crate) fn view(&self) -> CoordinationView {
        self.workspace().coordination(&viewer()).unwrap().expect("a run")
    }

    pub(crate) fn farm(&self) -> KnownGroup {
        let found = self.view().groups.into_iter().find(|group| group.report.members.len() >= FARM - 1);
        found.expect("the farm")
    }

    /// Everything that is kept of the run, as it lies on the disk.
    pub(crate) fn files(&self) -> String {
        let folder = self.workspace().folder().join("derived");
        let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read(entry.unwrap().path()).unwrap();
        let files: Vec<u8> = std::fs::read_dir(folder).unwrap().flat_map(read).collect();
        String::from_utf8(files).unwrap()
    }
}

pub(crate) fn settings(folder: &std::path::Path) -> Settings {
    Settings { threads: 2, ..Settings::new(folder) }
}

pub(crate) fn viewer() -> Actor {
    Actor { user: Some(3), name: "Vera".to_owned(), role: Role::Viewer, scopes: None }
}

pub(crate) fn agent() -> Actor {
    Actor { user: Some(4), name: "Ada Ágil".to_owned(), role: Role::Agent, scopes: None }
}

pub(crate) fn words(dice: &mut Dice) -> String {
    const PARTS: [&str; 12] =
        ["ca", "lo", "mi", "ter", "pul", "son", "gra", "ve", "dun", "qui", "fla", "zor"];
    let word = |dice: &mut Dice| (0..3).map(|_| PARTS[dice.below(12)]).collect::<String>();
    (0..8).map(|_| word(dice)).collect::<Vec<_>>().join(" ")
}

pub(crate) fn page(number: usize) -> String {
    format!("https://prensa.example/nota{number}")
}

pub(crate) fn farmer(number: usize) -> String {
    format!("zqxgranja{number}")
}

/// A farm that carries the same texts and pages within seconds, over 60 days,
/// and a crowd that reads the same pages later, and others.
pub(crate) fn world(now: Timestamp) -> Vec<(String, String, String, Timestamp)> {
    let mut dice = Dice(11);
    let mut posts = Vec::new();
    let minutes =
        |dice: &mut Dice| now.plus(-3 * HOUR_MS - i64::try_from(dice.below(60 * 24 * 60)).unwrap() * 60_000);
    for message in 0..MESSAGES {
        let (at, text) = (minutes(&mut dice), words(&mut dice));
        for member in 0..FARM {
            let time = at.plus(i64::try_from(dice.below(20)).unwrap() * SECOND_MS);
            let id = format!("granja-{message:04}-{member:04}");
            posts.push((id, farmer(member), format!("{text} {}", page(message)), time));
        }
        for reader in 0..READERS {
            let time = at.plus(i64::try_from(dice.below(7_200)).unwrap() * SECOND_MS);
            // Each reader of a page is another person.
            let person = (dice.below(CROWD / READERS) * READERS + reader) % CROWD;
            let text = format!("{} {}", words(&mut dice), page(message));
            posts.push((format!("lector-{message:04}-{reader:04}"), format!("vecino{person}"), text, time));
        }
    }
    for person in 0..CROWD {
        for post in 0..4 {
            let other = MESSAGES + dice.below(PAGES - MESSAGES);
            let text = format!("{} {}", words(&mut dice), page(other));
            let time = minutes(&mut dice);
            posts.push((format!("gente-{person:04}-{post:04}"), format!("vecino{person}"), text, time));
        }
    }
    posts
}

/// New posts about a page, by authors, now.
pub(crate) fn about(
    now: Timestamp,
    page_number: usize,
    authors: &[String],
) -> Vec<(String, String, String, Timestamp)> {
    let mut dice = Dice(page_number as u64 + 77);
    let post = |author: &String| {
        let id = format!("nuevo-{page_number:06}-{author}");
        (id, author.clone(), format!("{} {}", words(&mut dice), page(page_number)), now)
    };
    authors.iter().map(post).collect()
}

pub(crate) fn people(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|number| format!("recien{number}")).collect()
}
