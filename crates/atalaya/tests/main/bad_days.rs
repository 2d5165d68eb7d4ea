//! Full disk, lost index, clock that jumps, source that sends garbage, newer
//! database, second program.

use crate::installation::{
    Installation, PROGRAM, eventually, files_under, ids, import, size, total, while_listening,
};
use crate::posts::{jetstream, made, saying, uris};
use crate::wire::{Script, Server};
use app::Actor;
use axum::extract::ws::Message;
use model::Timestamp;
use model::time::DAY_MS;
use sim::Random;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

#[test]
fn a_size_limit_stops_an_import_clearly_and_it_goes_on_afterwards() {
    let place = Installation::new();
    let posts = made(41, 3_000);
    let file = place.file("a.jsonl", jetstream(&posts));
    // Every file may grow to 400 KiB; the shell's signal is ignored, so that writing fails instead.
    let script = "trap '' XFSZ; ulimit -f 800; exec \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, "sh", PROGRAM, "--data"])
        .arg(place.data())
        .args(["import", &file])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    place.run(&["import", &file]).expect(0);
    assert_eq!(place.ids(), uris(&posts));
}

/// A small disk of its own, given back at the end.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn new(at: &'a Path, kibibytes: u32) -> Option<Self> {
        let options = format!("size={kibibytes}k");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "atalaya-test"]).arg(at).output();
        mount.is_ok_and(|mount| mount.status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let place = Installation::new();
    let folder = place.workspace_folder();
    let kept: Vec<(String, Vec<u8>)> = files_under(&folder)
        .iter()
        .filter(|path| path.parent() == Some(&folder))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
        .collect();
    let Some(_disk) = SmallDisk::new(&folder, 1_500) else {
        println!("SKIPPED (counted): a small disk needs the right to mount");
        return;
    };
    for (name, bytes) in &kept {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let posts = made(42, 4_500);
    let (first, rest) = posts.split_at(300);
    let (first, rest) = (place.file("a.jsonl", jetstream(first)), place.file("b.jsonl", jetstream(rest)));
    place.run(&["import", &first]).expect(0);
    let ran = place.run(&["import", &rest]).expect(1);
    let named = ["no room left", "No space left", "disk is full"].iter().any(|words| ran.err.contains(words));
    assert!(named, "the message says what is wrong: {}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);

    let more = Command::new("mount").args(["-o", "remount,size=200m"]).arg(&folder).status().unwrap();
    assert!(more.success());
    let held = place.ids();
    assert!(uris(&posts[..300]).iter().all(|id| held.contains(id)), "what was acknowledged is there");
    place.run(&["import", &rest]).expect(0);
    assert_eq!(place.ids(), uris(&posts));
}

/// What a search answers, as text.
fn answers(place: &Installation) -> Vec<String> {
    ["", "acme", "\"café acme\" OR kotowa*", "has:link lang:es"]
        .iter()
        .map(|expression| place.run(&["search", expression, "--json", "--limit", "200"]).expect(0).out)
        .collect()
}

/// Ways to lose an index.
const LOSSES: &[(&str, fn(&Path))] = &[
    ("the folder is gone", |index| fs::remove_dir_all(index).unwrap()),
    ("every file is garbage", |index| overwrite(index, |n| Random::new(n).next().to_le_bytes().repeat(64))),
    ("every file is empty", |index| overwrite(index, |_| Vec::new())),
    ("the list of segments is cut", |index| {
        let meta = fs::read(index.join("meta.json")).unwrap();
        fs::write(index.join("meta.json"), &meta[..meta.len() / 2]).unwrap();
    }),
    ("the segments are gone", |index| {
        for path in files_under(index).iter().filter(|path| path.extension().is_some_and(|end| end != "json"))
        {
            fs::remove_file(path).unwrap();
        }
    }),
    ("the segments are cut", |index| {
        for path in files_under(index).iter().filter(|path| path.extension().is_some_and(|end| end != "json"))
        {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }
    }),
];

fn overwrite(index: &Path, with: impl Fn(u64) -> Vec<u8>) {
    for (n, path) in (0..).zip(files_under(index)) {
        fs::write(path, with(n)).unwrap();
    }
}

#[test]
fn a_lost_index_is_built_again_with_the_same_answers() {
    let place = Installation::new();
    let file = place.file("a.jsonl", jetstream(&made(43, 200)));
    place.run(&["import", &file]).expect(0);
    let before = answers(&place);
    assert!(before.iter().all(|answer| !answer.is_empty()));
    let index = place.workspace_folder().join("index");
    for (what, lose) in LOSSES {
        lose(&index);
        assert!(answers(&place) == before, "{what}");
    }
}

/// How far the clock of the test of jumps is off, ms.
static OFF_MS: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    let true_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Timestamp::from_millis(i64::try_from(true_ms).unwrap() + OFF_MS.load(Ordering::SeqCst))
}

#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    let place = Installation::new();
    let script = Script::new();
    let server = Server::of_script(&script);
    place.run(&["source", "add", "sim", &server.setup(), "--keep-all"]).expect(0);
    let mut settings = place.settings();
    settings.clock = clock;
    let posts = made(44, 60);
    let say = |part: &[sim::Made]| {
        String::from_utf8(jetstream(part)).unwrap().lines().for_each(|line| script.say_text(line));
    };
    for (jump_days, upto) in [(0, 20), (-30, 40), (1, 60)] {
        OFF_MS.store(jump_days * DAY_MS, Ordering::SeqCst);
        let (app, workspace) = Installation::open_with(settings.clone());
        say(&posts[upto - 20..upto]);
        while_listening(&app, || {
            eventually("posts are searchable whatever the clock says", || {
                total(&workspace, "") == upto as u64
            });
        });
        assert_eq!(ids(&workspace), uris(&posts[..upto]));
    }
    // The same, with the jump in the middle of listening.
    let (app, workspace) = Installation::open_with(settings);
    let more: Vec<_> = (0..20).map(|n| saying(&posts[59], 1_000 + n, n, "acme tarde")).collect();
    while_listening(&app, || {
        say(&more[..10]);
        OFF_MS.store(-300 * DAY_MS, Ordering::SeqCst);
        say(&more[10..]);
        eventually("the posts around the jump", || total(&workspace, "tarde") == 20);
    });
}

#[test]
fn a_source_that_sends_garbage_is_survived() {
    let place = Installation::new();
    let script = Script::new();
    let server = Server::of_script(&script);
    place.run(&["source", "add", "basura", &server.setup(), "--keep-all"]).expect(0);
    let like = &made(45, 1)[0];
    let event =
        |ordinal, text: &str| sim::wire::bluesky::jetstream_event(&saying(like, ordinal, ordinal, text));
    script.say_text(&event(1, "acme antes").to_string());
    for garbage in
        ["", "{", "null", "[]", "0", "\u{0}\u{1}", "{\"did\":1}", "<html>no</html>", &"[".repeat(100_000)]
    {
        script.say_text(garbage);
    }
    script.say(Message::Binary(vec![0xff, 0xfe, 0x00, 0x80].into()));
    script.say(Message::Binary(vec![0x80; 100_000].into()));
    let mut odd = event(2, "acme \u{0} \u{202e}odarolav <script>alert(1)</script>");
    odd["commit"]["record"]["langs"] = "no es una lista".into();
    script.say_text(&odd.to_string());
    let mut wrong = event(3, "acme sin fecha");
    wrong["commit"]["record"]["createdAt"] = "ayer".into();
    wrong["time_us"] = i64::MAX.into();
    script.say_text(&wrong.to_string());
    script.say_text(&event(4, &"acme ".repeat(2 * 1024 * 1024)).to_string());
    script.say_text(&event(5, "acme despues").to_string());

    let (app, workspace) = place.open();
    while_listening(&app, || {
        eventually("the post after the garbage", || total(&workspace, "acme despues") == 1);
        script.say_text(&event(6, "acme mucho despues").to_string());
        eventually("the source goes on", || total(&workspace, "acme \"mucho despues\"") == 1);
    });
    assert_eq!(total(&workspace, "acme antes"), 1);
    let health = workspace.list_sources(&Actor::operator()).unwrap().remove(0).health;
    assert!(health.rejected_count >= 5, "garbage is counted: {health:?}");
    assert!(size(&place.workspace_folder().join("workspace.db")) < 16 * 1024 * 1024);
    drop((app, workspace));
    assert!(place.run(&["config", "check"]).expect(0).out.contains("in order"));
}

#[test]
fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let place = Installation::new();
    let path = place.workspace_folder().join("workspace.db");
    let mut bytes = fs::read(&path).unwrap();
    // SQLite's header holds the format number at byte 60, big-endian.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let ran = place.run(&["search", "acme"]).expect(1);
    assert!(ran.err.contains("newer Atalaya") && ran.err.contains("99"), "{}", ran.err);
    assert_eq!(fs::read(&path).unwrap(), bytes, "nothing was written to it");

    fs::write(&path, b"this is no database at all, only a text that somebody left here").unwrap();
    let ran = place.run(&["search", "acme"]).expect(1);
    assert!(!ran.err.contains("panicked") && ran.err.contains("workspace.db"), "{}", ran.err);
}

#[test]
fn a_second_program_on_the_same_folder_is_refused() {
    let place = Installation::new();
    let (app, workspace) = place.open();
    import(&workspace, "a.jsonl", jetstream(&made(46, 20)));
    for command in [vec!["search", "acme"], vec!["rebuild"], vec!["serve", "--listen", "127.0.0.1:0"]] {
        let ran = place.run(&command).expect(1);
        assert!(ran.err.contains("another Atalaya is running"), "{}", ran.err);
        assert!(ran.err.contains(place.data().to_str().unwrap()), "{}", ran.err);
    }
    drop((app, workspace));
    assert_eq!(place.count(""), 20);
}
