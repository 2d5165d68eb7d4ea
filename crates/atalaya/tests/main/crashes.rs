//! The program dies at marked points and anywhere: nothing that was
//! acknowledged is lost, nothing is doubled. Truth: the simulator's own list.

use crate::installation::{
    DEADLINE, Installation, ended, eventually, ids, import, size, total, while_listening,
};
use crate::posts::{jetstream, made, uris};
use crate::wire::Server;
use sim::serve::Stage;
use sim::{Made, Random};
use std::collections::BTreeSet;
use std::process::Child;
use std::time::Instant;

/// A point, and how many of three files are durable when the program dies there.
const IMPORT_POINTS: &[(&str, usize)] = &[
    ("before_record:2", 1),
    ("after_record:2", 2),
    ("after_index_add:2", 2),
    ("before_commit:2", 2),
    ("after_commit:2", 2),
    ("after_forget:2", 2),
    ("between_import_batches:3", 3),
];

#[test]
fn an_import_that_dies_keeps_what_is_durable_and_is_completed_by_repeating_it() {
    let posts = made(11, 300);
    let parts: Vec<&[Made]> = posts.chunks(100).collect();
    for (point, durable) in IMPORT_POINTS {
        let place = Installation::new();
        let files: Vec<String> =
            (0..).zip(&parts).map(|(n, part)| place.file(&format!("{n}.jsonl"), jetstream(part))).collect();
        let mut command = vec!["import"];
        command.extend(files.iter().map(String::as_str));

        let ran = place.run_until(point, &command);
        let acknowledged = ran.out.lines().count();
        assert!(acknowledged <= *durable, "{point}: {}", ran.out);
        let kept: Vec<&Made> = parts.iter().take(*durable).flat_map(|part| part.iter()).collect();
        assert_eq!(place.ids(), uris(kept), "{point}: exactly the durable files");

        place.run(&command).expect(0);
        assert_eq!(place.ids(), uris(&posts), "{point}: after repeating it");
    }
}

#[test]
fn a_file_that_was_cut_short_goes_on_where_it_was_durable() {
    let posts = made(12, 3_500);
    let place = Installation::new();
    let file = place.file("one.jsonl", jetstream(&posts));
    place.run_until("between_import_batches:1", &["import", &file]);
    let durable: BTreeSet<String> = place.ids().into_iter().collect();
    let truth: BTreeSet<String> = uris(&posts).into_iter().collect();
    assert!(durable.len() >= 2_000 && durable.is_subset(&truth), "{} are durable", durable.len());

    let again = place.run(&["import", &file, "--json"]).expect(0).json();
    let received = usize::try_from(again["counts"]["received"].as_u64().unwrap()).unwrap();
    assert_eq!(received, posts.len() - durable.len(), "only the rest is read: {again}");
    assert_eq!(place.ids(), uris(&posts));
}

/// Kills an import as soon as its write-ahead log is this long; true when it was still running.
fn kill_at(mut child: Child, place: &Installation, bytes: u64) -> bool {
    let log = place.workspace_folder().join("workspace.db-wal");
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if size(&log) >= bytes {
            break;
        }
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

#[test]
fn a_kill_at_any_moment_loses_nothing_durable_and_doubles_nothing() {
    let posts = made(13, 2_500);
    let truth: BTreeSet<String> = uris(&posts).into_iter().collect();
    let mut killed = 0;
    for seed in [1, 2, 3] {
        let place = Installation::new();
        let file = place.file("one.jsonl", jetstream(&posts));
        let bytes = 4_096 + Random::new(seed).below(1_500_000);
        let child = place.command(&["import", &file]).spawn().unwrap();
        killed += usize::from(kill_at(child, &place, bytes));

        let kept = place.ids();
        let unique: BTreeSet<String> = kept.iter().cloned().collect();
        assert_eq!(unique.len(), kept.len(), "seed {seed}: nothing is there twice");
        assert!(unique.is_subset(&truth), "seed {seed}: nothing was invented");
        place.run(&["import", &file]).expect(0);
        assert_eq!(place.ids(), uris(&posts), "seed {seed}");
    }
    assert!(killed > 0, "every import was done before its kill: choose other lengths");
}

/// Points of a program that listens, with few enough passings to be reached soon.
const LIVE_POINTS: &[&str] = &[
    "before_record:2",
    "after_record:1",
    "after_index_add:2",
    "before_commit:1",
    "after_commit:1",
    "after_forget:2",
];

#[test]
fn a_watched_network_loses_and_doubles_nothing_when_the_program_dies() {
    let world = made(14, 4_000);
    let stage = Stage::default();
    let server = Server::of_stage(&stage);
    let place = Installation::new();
    place.run(&["source", "add", "sim", &server.setup(), "--keep-all"]).expect(0);
    let (mut next, mut deleted) = (0, BTreeSet::new());
    let mut happen = |deleted: &mut BTreeSet<u64>| {
        let made = &world[next];
        stage.post(made.clone());
        if next % 7 == 6 {
            stage.delete(world[next - 3].clone(), made.time.millis() * 1_000 + 1);
            deleted.insert(world[next - 3].ordinal);
        }
        next += 1;
    };
    for point in LIVE_POINTS {
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        let child = command.env("ATALAYA_CRASH_AT", point).spawn().unwrap();
        let ran = ended(child, &mut || happen(&mut deleted));
        assert_eq!(ran.signal, Some(6), "{point}: {ran:?}");
    }
    (0..20).for_each(|_| happen(&mut deleted));
    let (app, workspace) = place.open();
    let truth = uris(world[..next].iter().filter(|made| !deleted.contains(&made.ordinal)));
    while_listening(&app, || {
        let newest = world[next - 1].author.ordinal;
        let author = format!("author:\"bluesky:{}\"", sim::wire::bluesky::did(&world[next - 1].author));
        eventually(&format!("the newest post, by {newest}"), || total(&workspace, &author) > 0);
        eventually("the truth", || ids(&workspace) == truth);
    });
    assert_eq!(ids(&workspace), truth);
}

#[test]
fn a_rebuild_that_dies_is_completed_at_the_next_start() {
    let posts = made(15, 150);
    for point in ["after_wipe:1", "between_indexed_chunks:1", "before_commit:1"] {
        let place = Installation::new();
        {
            let (_app, workspace) = place.open();
            import(&workspace, "all.jsonl", jetstream(&posts));
        }
        place.run_until(point, &["rebuild"]);
        assert_eq!(place.ids(), uris(&posts), "{point}");
    }
}
