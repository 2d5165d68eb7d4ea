//! What is deleted leaves every file: by erasure, at the source, by retention.

use crate::installation::{Installation, eventually, import, total, views, while_listening};
use crate::posts::{jetstream, made, saying, start, statuses};
use crate::traces::{files_with, holds, pieces_left, rows, terms_with, windows};
use crate::wire::Server;
use app::Actor;
use app::listening::ExportFormat;
use model::Timestamp;
use model::time::DAY_MS;
use sim::serve::Stage;
use std::sync::atomic::{AtomicI64, Ordering};

/// Every word of the account that goes begins so; nothing else does.
const WORD: &str = "zqx";
/// The ordinal of the account that goes.
const VICTIM: u64 = 777_777;

/// Posts of many, and six of the account that goes.
fn posts() -> Vec<sim::Made> {
    let mut posts = made(21, 120);
    for n in 0..6_u64 {
        let like = posts[usize::try_from(n).unwrap() * 15].clone();
        let text = format!("El {WORD}plumado{n} de Acme es {WORD}terrible, dice {WORD}apodo");
        let mut post = saying(&like, 100_000 + n, VICTIM, &text);
        post.author.handle = format!("{WORD}cuenta");
        post.author.name = format!("{WORD}nombre");
        posts.push(post);
    }
    posts
}

/// No byte of the word is left anywhere in the data folder.
#[track_caller]
fn assert_gone(place: &Installation, pieces: &[Vec<u8>], when: &str) {
    assert_eq!(files_with(place, WORD), Vec::<std::path::PathBuf>::new(), "{when}");
    assert_eq!(terms_with(place, WORD), Vec::<String>::new(), "{when}");
    assert_eq!(pieces_left(&place.data(), pieces), 0, "{when}: compressed rows");
}

/// What is there before, so that not finding it later means something.
fn pieces_of_victim(place: &Installation) -> Vec<Vec<u8>> {
    let of_victim: Vec<_> = {
        let (_app, workspace) = place.open();
        let ids: Vec<String> = views(&workspace, &format!("{WORD}*"))
            .iter()
            .map(|view| view.post.key.native_id.as_str().to_owned())
            .collect();
        assert!(!ids.is_empty());
        rows(place).into_iter().filter(|(id, _)| ids.contains(id)).collect()
    };
    let pieces = windows(&of_victim);
    assert_eq!(
        pieces_left(&place.data(), &pieces),
        pieces.len(),
        "the pieces are found while they are there"
    );
    assert!(!terms_with(place, WORD).is_empty(), "the words are found while they are there");
    pieces
}

/// An installation with posts, labels, exports, rejects of the account, and its key.
fn marked() -> (Installation, String) {
    let place = Installation::new();
    let (_app, workspace) = place.open();
    let posts = posts();
    let mut file = statuses(&posts);
    // A line of the account that was cut in the middle becomes a reject.
    let line = statuses(&posts[posts.len() - 1..]);
    file.extend_from_slice(&line[..line.len() / 2]);
    file.push(b'\n');
    let counts = import(&workspace, "estados.jsonl", file);
    assert_eq!((counts.new, counts.rejected), (126, 1));
    let actor = Actor::operator();
    let of_victim = views(&workspace, &format!("{WORD}apodo"));
    assert_eq!(of_victim.len(), 6);
    let key = of_victim[0].post.author.key.to_text();
    let others = views(&workspace, &format!("acme -{WORD}apodo"));
    workspace.add_label(&actor, &[of_victim[0].id, others[0].id], "urgente").unwrap();
    workspace.export(&actor, "", ExportFormat::Csv, &mut |_| {}).unwrap();
    workspace.export(&actor, "acme", ExportFormat::Parquet, &mut |_| {}).unwrap();
    (place, key)
}

/// What others wrote and people decided is as before.
#[track_caller]
fn assert_others_stay(place: &Installation, when: &str) {
    let (_app, workspace) = place.open();
    let actor = Actor::operator();
    assert_eq!(total(&workspace, ""), 120, "{when}");
    assert_eq!(total(&workspace, "label:urgente"), 1, "{when}");
    assert_eq!(workspace.load_handbook(&actor).unwrap().brand.names, ["Acme"], "{when}");
    for view in views(&workspace, "") {
        let raw = workspace.load_post(&actor, view.id).unwrap().raw;
        assert!(!holds(raw.as_bytes(), WORD), "{when}: {raw}");
    }
}

#[test]
fn an_erased_account_leaves_every_file() {
    let (place, key) = marked();
    let pieces = pieces_of_victim(&place);
    assert!(files_with(&place, WORD).len() >= 3, "database, exports and manifest hold it");
    let report = place.run(&["erase", &key, "--yes", "--bar", "--json"]).expect(0).json();
    assert_eq!(report, serde_json::json!({"records": 6, "rejects": 1, "exports": 2}));
    assert_gone(&place, &pieces, "after the erasure");
    assert_others_stay(&place, "after the erasure");

    let again = place.file("otra-vez.jsonl", statuses(&posts()));
    place.run(&["import", &again]).expect(0);
    assert_others_stay(&place, "after the same file again");
    assert_gone(&place, &pieces, "after the same file again");
}

#[test]
fn an_erasure_that_dies_is_completed_by_repeating_it() {
    for point in [
        "erase_rejects_gone:1",
        "erase_exports_gone:1",
        "erase_embedded_gone:1",
        "erase_records_gone:1",
        "erase_unindexed:1",
        "scrub_index_purged:1",
    ] {
        let (place, key) = marked();
        let pieces = pieces_of_victim(&place);
        place.run_until(point, &["erase", &key, "--yes"]);
        place.run(&["erase", &key, "--yes"]).expect(0);
        assert_gone(&place, &pieces, point);
        assert_others_stay(&place, point);
    }
}

#[test]
fn what_its_author_deletes_leaves_every_file() {
    let stage = Stage::default();
    let server = Server::of_stage(&stage);
    let place = Installation::new();
    place.run(&["source", "add", "sim", &server.setup(), "--keep-all"]).expect(0);
    let mut all = posts();
    all.sort_by_key(|made| made.time);
    all.iter().for_each(|made| stage.post(made.clone()));
    {
        let (app, workspace) = place.open();
        while_listening(&app, || eventually("all posts", || total(&workspace, "") == 126));
    }
    let pieces = pieces_of_victim(&place);
    for made in all.iter().filter(|made| made.author.ordinal == VICTIM) {
        stage.delete(made.clone(), all[all.len() - 1].time.millis() * 1_000 + 1);
    }
    {
        let (app, workspace) = place.open();
        while_listening(&app, || eventually("the deletions", || total(&workspace, "") == 120));
        assert_eq!(total(&workspace, &format!("{WORD}*")), 0);
    }
    // The files are cleaned at the next start or a day later, whichever is first.
    drop(place.open());
    assert_gone(&place, &pieces, "after deletion at the source");
}

/// The clock of the test of retention, ms.
static CLOCK_MS: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    Timestamp::from_millis(CLOCK_MS.load(Ordering::SeqCst))
}

fn advance(days: i64) {
    CLOCK_MS.fetch_add(days * DAY_MS, Ordering::SeqCst);
}

#[test]
fn what_is_older_than_the_retention_leaves_every_file() {
    CLOCK_MS.store(start().millis() + DAY_MS, Ordering::SeqCst);
    let place = Installation::new();
    let mut settings = place.settings();
    settings.clock = clock;
    let actor = Actor::operator();
    {
        let (_app, workspace) = Installation::open_with(settings.clone());
        let old: Vec<_> = posts().into_iter().filter(|made| made.author.ordinal == VICTIM).collect();
        import(&workspace, "viejos.jsonl", jetstream(&old));
    }
    let pieces = pieces_of_victim(&place);
    advance(20);
    let (app, workspace) = Installation::open_with(settings);
    let shift = |mut made: sim::Made| {
        made.time = made.time.plus(20 * DAY_MS);
        made
    };
    let new: Vec<_> = posts().into_iter().filter(|made| made.author.ordinal != VICTIM).map(shift).collect();
    import(&workspace, "nuevos.jsonl", jetstream(&new));
    assert_eq!(total(&workspace, ""), 126);
    workspace.update_retention(&actor, Some(10)).unwrap();
    assert_eq!(workspace.apply_retention().unwrap(), 6);
    assert_eq!(total(&workspace, ""), 120);
    assert!(!workspace.scrub_if_due().unwrap(), "not on the same day");
    advance(1);
    assert!(workspace.scrub_if_due().unwrap());
    drop((app, workspace));
    assert_gone(&place, &pieces, "after the retention");
}
