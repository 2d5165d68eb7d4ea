//! A data folder with one workspace, and the real program on it.

use app::listening::{
    ExploreRequest, ImportOptions, ImportSource, IngestCounts, PostView, SearchCursor, Workspace,
};
use app::{Actor, App, Settings};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The binary under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_atalaya");
/// The workspace of every installation.
pub const WORKSPACE: &str = "acme";
/// Time after which something that should happen is taken not to happen.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// What a run of the program left.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// The outcome, which must have this exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// The only line of output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.out.trim()).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            out: String::from_utf8(output.stdout).expect("the program prints UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A data folder of its own, removed at the end.
pub struct Installation {
    folder: TempDir,
}

impl Installation {
    /// An installation with the workspace Acme and an administrator.
    pub fn new() -> Self {
        static MADE: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
        let files = MADE.get_or_init(|| {
            let first = Self { folder: TempDir::new().unwrap() };
            let add = ["workspace", "add", "Acme", "--administrator", "ana@example.org"];
            first.run_with(&add, b"una clave muy larga").expect(0);
            files_under(&first.data())
                .into_iter()
                .map(|path| {
                    let name = path.strip_prefix(first.data()).unwrap().to_owned();
                    (name, fs::read(&path).unwrap())
                })
                .collect()
        });
        let new = Self { folder: TempDir::new().unwrap() };
        for (name, bytes) in files {
            let path = new.data().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        new
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of the workspace.
    pub fn workspace_folder(&self) -> PathBuf {
        self.data().join("workspaces").join(WORKSPACE)
    }

    /// A path beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the data folder.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.beside(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program with these arguments on this folder, nothing else from the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--data").arg(self.data());
        command.args(["--allow-private", "127.0.0.1", "--bluesky-profiles", ""]);
        command.args(arguments);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ATALAYA_") {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs the program with something on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A program that does not want it all closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap().into()
    }

    /// Runs the program so that it dies at the marked point.
    pub fn run_until(&self, point: &str, arguments: &[&str]) -> Ran {
        let ran: Ran = self.command(arguments).env("ATALAYA_CRASH_AT", point).output().unwrap().into();
        assert_eq!(ran.signal, Some(6), "it did not pass {point}: {ran:?}");
        ran
    }

    /// Settings for opening the folder in this process.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::new(self.data());
        settings.allow_private = vec!["127.0.0.1".to_owned()];
        settings.bluesky_profiles = None;
        settings
    }

    /// The folder opened in this process.
    pub fn open(&self) -> (Arc<App>, Arc<Workspace>) {
        Self::open_with(self.settings())
    }

    /// The folder opened in this process with other settings.
    pub fn open_with(settings: Settings) -> (Arc<App>, Arc<Workspace>) {
        let app = App::open(settings).unwrap_or_else(|error| panic!("{error}"));
        let workspace = app.workspace(WORKSPACE).unwrap_or_else(|error| panic!("{error}"));
        (app, workspace)
    }

    /// The identifiers of all posts that a search finds, sorted.
    pub fn ids(&self) -> Vec<String> {
        let (_app, workspace) = self.open();
        ids(&workspace)
    }

    /// How many posts match.
    pub fn count(&self, expression: &str) -> u64 {
        self.run(&["search", expression, "--count"]).expect(0).out.trim().parse().unwrap()
    }
}

/// The identifiers of all posts that a search finds, sorted; a post that is there twice is twice in it.
pub fn ids(workspace: &Workspace) -> Vec<String> {
    let mut ids: Vec<String> =
        views(workspace, "").iter().map(|view| view.post.key.native_id.as_str().to_owned()).collect();
    ids.sort_unstable();
    ids
}

/// Every post that matches, newest first.
pub fn views(workspace: &Workspace, expression: &str) -> Vec<PostView> {
    let mut request = ExploreRequest { expression: expression.to_owned(), limit: 200, ..Default::default() };
    let mut found = Vec::new();
    loop {
        let page = workspace.explore(&Actor::operator(), &request).unwrap();
        found.extend(page.posts);
        let Some(next) = page.next else { return found };
        request.after = SearchCursor::parse(&next);
    }
}

/// How many posts match.
pub fn total(workspace: &Workspace, expression: &str) -> u64 {
    let request = ExploreRequest { expression: expression.to_owned(), limit: 1, ..Default::default() };
    workspace.explore(&Actor::operator(), &request).unwrap().total
}

/// Imports bytes in this process.
pub fn import(workspace: &Workspace, name: &str, bytes: Vec<u8>) -> IngestCounts {
    let source = ImportSource {
        name: name.to_owned(),
        size_bytes: Some(bytes.len() as u64),
        input: Box::new(Cursor::new(bytes)),
    };
    let (options, stop) = (ImportOptions::default(), AtomicBool::new(false));
    workspace.import(&Actor::operator(), source, &options, &stop, &mut |_| {}).unwrap().1
}

/// Runs the sources of an open folder while `look` looks, then stops them.
pub fn while_listening<T>(app: &Arc<App>, look: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let sources = runtime.spawn(app::listening::run_sources(Arc::clone(app), stopped));
    // The sources end also when looking fails.
    let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(look));
    stop.send_replace(true);
    runtime.block_on(sources).unwrap();
    seen.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Asks again and again until it is so; fails past the deadline.
#[track_caller]
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < DEADLINE, "within {DEADLINE:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
    start.elapsed()
}

/// Waits for the end of a program; kills it and fails past the deadline.
#[track_caller]
pub fn ended(mut child: Child, meanwhile: &mut dyn FnMut()) -> Ran {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > DEADLINE {
            child.kill().unwrap();
            panic!(
                "the program did not end within {DEADLINE:?}: {:?}",
                Ran::from(child.wait_with_output().unwrap())
            );
        }
        meanwhile();
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap().into()
}

/// Every file under a folder.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Bytes of a file; 0 when it is not there.
pub fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}
