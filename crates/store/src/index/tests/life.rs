//! The life of an index: commits, restarts, damage, erasure.

use super::super::schema::spelling_term;
use super::super::{Index, IndexError, IndexReader, Labels, OpenOutcome};
use super::world::{Dice, Item, add, item};
use model::query::{Expr, parse};
use model::text::Tokens;
use std::fs;
use std::path::{Path, PathBuf};

fn posts(range: std::ops::RangeInclusive<i64>) -> Vec<Item> {
    let mut dice = Dice(11);
    range.map(|id| item(id, &mut dice)).collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn filled(dir: &Path) {
    let (index, outcome) = Index::open(dir).unwrap();
    assert_eq!(outcome, OpenOutcome::Created);
    add(&index, &posts(1..=20));
    index.commit(20).unwrap();
}

#[test]
fn commits_stay_and_what_was_not_committed_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    {
        let (index, outcome) = Index::open(dir.path()).unwrap();
        assert_eq!((outcome, index.committed_upto(), index.posts()), (OpenOutcome::Opened, 20, 20));
        add(&index, &posts(21..=30));
        index.delete(&[1, 2]).unwrap();
    }
    let (index, outcome) = Index::open(dir.path()).unwrap();
    assert_eq!((outcome, index.committed_upto(), index.posts()), (OpenOutcome::Opened, 20, 20));
    add(&index, &posts(15..=30));
    index.commit(30).unwrap();
    assert_eq!((index.committed_upto(), index.posts()), (30, 30));
}

#[test]
fn adding_again_replaces_within_and_across_calls() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let with_text = |id, text: &str| {
        let mut item = item(id, &mut Dice(5));
        item.text = text.to_owned();
        item.tokens = Tokens::of(text);
        item
    };
    add(&index, &[with_text(7, "uno"), with_text(8, "ocho"), with_text(7, "dos")]);
    add(&index, &[with_text(8, "nueve")]);
    index.commit(8).unwrap();
    add(&index, &[with_text(7, "tres")]);
    index.delete(&[8]).unwrap();
    add(&index, &[with_text(8, "diez")]);
    index.commit(8).unwrap();
    let count = |word: &str| index.count(&parse(word).unwrap(), &Labels::new()).unwrap();
    let counts = ["uno", "dos", "tres", "ocho", "nueve", "diez"].map(count);
    assert_eq!(counts, [0, 0, 1, 0, 0, 1]);
    assert_eq!(index.posts(), 2);
}

#[test]
fn any_truncated_or_missing_file_leads_to_an_empty_index() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let names: Vec<PathBuf> = files(dir.path());
    let mut rebuilt = 0;
    for name in &names {
        for cut in [true, false] {
            let copy = tempfile::tempdir().unwrap();
            for file in &names {
                fs::copy(file, copy.path().join(file.file_name().unwrap())).unwrap();
            }
            let victim = copy.path().join(name.file_name().unwrap());
            if cut {
                let bytes = fs::read(&victim).unwrap();
                fs::write(&victim, &bytes[..bytes.len() / 2]).unwrap();
            } else {
                fs::remove_file(&victim).unwrap();
            }
            let (index, outcome) = Index::open(copy.path()).unwrap();
            match outcome {
                OpenOutcome::Opened => {
                    assert_eq!((index.committed_upto(), index.posts()), (20, 20), "{name:?}")
                }
                _ => {
                    rebuilt += 1;
                    assert_eq!((index.committed_upto(), index.posts()), (0, 0), "{name:?}");
                }
            }
            add(&index, &posts(1..=5));
            index.commit(5).unwrap();
            assert!(index.count(&Expr::All, &Labels::new()).unwrap() >= 5);
        }
    }
    // Term, postings, positions, column, store and norm files, meta and version, both ways.
    assert!(rebuilt >= 14, "{rebuilt} of {names:?}");
}

#[test]
fn broken_meta_other_versions_and_garbage() {
    let damage: [(&str, &[u8]); 4] = [
        ("meta.json", b"{\"index_settings\":"),
        ("meta.json", b"\xff\xfe"),
        ("layout-version", b"999"),
        ("layout-version", b"\xff"),
    ];
    for (name, bytes) in damage {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        fs::write(dir.path().join(name), bytes).unwrap();
        assert!(IndexReader::open(dir.path()).is_err());
        let (index, outcome) = Index::open(dir.path()).unwrap();
        assert!(matches!(outcome, OpenOutcome::Rebuilt { .. }), "{name}: {outcome:?}");
        assert_eq!((index.committed_upto(), index.posts()), (0, 0));
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("notes.txt"), "not an index").unwrap();
    fs::create_dir(dir.path().join("deep")).unwrap();
    let (index, outcome) = Index::open(dir.path()).unwrap();
    assert!(matches!(outcome, OpenOutcome::Rebuilt { .. }));
    assert!(!dir.path().join("deep").exists());
    add(&index, &posts(1..=3));
    index.commit(3).unwrap();
    drop(index);
    fs::write(dir.path().join("0123.term"), "garbage").unwrap();
    let (index, outcome) = Index::open(dir.path()).unwrap();
    assert_eq!((outcome, index.posts()), (OpenOutcome::Opened, 3));
}

#[test]
fn flipped_bytes_are_found_by_verify() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let (index, _) = Index::open(dir.path()).unwrap();
    index.verify().unwrap();
    drop(index);
    let postings =
        files(dir.path()).into_iter().find(|file| file.extension().is_some_and(|e| e == "pos")).unwrap();
    let mut bytes = fs::read(&postings).unwrap();
    bytes[3] ^= 0xff;
    fs::write(&postings, bytes).unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    assert!(matches!(index.verify(), Err(IndexError::Damaged(_))));
}

#[test]
fn one_writer_and_readers_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(IndexReader::open(dir.path()), Err(IndexError::NotThere)));
    let (index, _) = Index::open(dir.path()).unwrap();
    assert!(matches!(Index::open(dir.path()), Err(IndexError::Locked)));
    add(&index, &posts(1..=3));
    index.commit(3).unwrap();
    let reader = IndexReader::open(dir.path()).unwrap();
    add(&index, &posts(4..=6));
    index.commit(6).unwrap();
    assert_eq!(reader.posts(), 3);
    reader.reload().unwrap();
    assert_eq!(reader.posts(), 6);
    index.wipe().unwrap();
    assert_eq!((index.posts(), index.committed_upto()), (0, 0));
    assert_eq!(reader.posts(), 6, "a reader keeps what it opened");
    add(&index, &posts(1..=2));
    index.commit(2).unwrap();
    assert_eq!(index.posts(), 2);
}

/// True when any file below holds these bytes.
fn on_disk(dir: &Path, text: &str) -> bool {
    files(dir)
        .iter()
        .any(|file| fs::read(file).unwrap().windows(text.len()).any(|window| window == text.as_bytes()))
}

#[test]
fn erased_words_leave_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    let mut items = posts(1..=40);
    items[9].text = "Zyxwvutsrq".to_owned();
    items[9].tokens = Tokens::of("Zyxwvutsrq");
    items[9].facts.author = "x:qqqqwwwweeee".to_owned();
    items[9].facts.links = vec!["https://kkkkjjjjhhhh.example/1".to_owned()];
    items[9].facts.domains = vec!["kkkkjjjjhhhh.example".to_owned()];
    add(&index, &items);
    index.commit(40).unwrap();
    // Columns hold values in plain bytes; words are asked of the dictionaries.
    let secrets = ["qqqqwwwweeee", "kkkkjjjjhhhh"];
    assert!(secrets.iter().all(|secret| on_disk(dir.path(), secret)));
    assert!(index.knows_term("zyxwvutsrq") && index.knows_term(&spelling_term("zyxwvutsrq", "Zyxwvutsrq")));
    assert_eq!(index.ids_of_author("x:qqqqwwwweeee").unwrap(), [10]);
    let before = files(dir.path());
    index.delete(&[10]).unwrap();
    index.commit(40).unwrap();
    assert!(index.ids_of_author("x:qqqqwwwweeee").unwrap().is_empty());
    index.purge().unwrap();
    assert!(!secrets.iter().any(|secret| on_disk(dir.path(), secret)));
    assert!(!index.knows_term("zyxwvutsrq") && !index.knows_term(&spelling_term("zyxwvutsrq", "Zyxwvutsrq")));
    let is_old = |file: &&PathBuf| file.extension().is_some_and(|e| e == "term") && before.contains(file);
    // A segment without deleted posts may stay as it is.
    let old = files(dir.path()).iter().filter(is_old).count();
    assert!(old < before.iter().filter(is_old).count());
    assert_eq!((index.posts(), index.committed_upto()), (39, 40));
    add(&index, &posts(41..=42));
    index.commit(42).unwrap();
    assert_eq!(index.posts(), 41);
}

#[test]
fn an_index_whose_posts_are_all_erased_is_empty() {
    let dir = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(dir.path()).unwrap();
    add(&index, &posts(1..=4));
    index.commit(4).unwrap();
    index.delete(&[1, 2, 3, 4, 99]).unwrap();
    index.purge().unwrap();
    assert_eq!((index.posts(), index.committed_upto()), (0, 4));
    drop(index);
    let (index, outcome) = Index::open(dir.path()).unwrap();
    assert_eq!((outcome, index.posts(), index.committed_upto()), (OpenOutcome::Opened, 0, 4));
}
