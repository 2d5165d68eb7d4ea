//! Hashes of pictures: fetched once, kept with the post, gone with the post.

use super::*;
use crate::archive::pictures::{PICTURES_PER_POST_MAX, TRIES_MAX};

const HASH: [u8; 32] = *b"thirty-two bytes of a known hash";
const READ: PictureOutcome = PictureOutcome::Read { hash: HASH, quality: 90, plain: false, version: 1 };

fn address(number: u8) -> AddressHash {
    AddressHash([number; 16])
}

fn pictures(id: &str, addresses: &[u8]) -> PostPictures {
    PostPictures { key: key(id), addresses: addresses.iter().map(|number| address(*number)).collect() }
}

/// A bench that fetches pictures, with two posts that show the same one.
fn fetching() -> (Bench, i64, i64) {
    let b = bench();
    b.archive.update_fetches_pictures(true).unwrap();
    let stored = b.store(&[packed("a", "uno", NOW), packed("b", "dos", NOW)]);
    let [Stored::New(first), Stored::New(second)] = stored[..] else { panic!("{stored:?}") };
    (b, first, second)
}

#[test]
fn pictures_are_fetched_only_when_people_say_so_and_from_then_on() {
    let b = bench();
    assert!(!b.archive.fetches_pictures().unwrap());
    assert_eq!(b.archive.pictures_noted_upto().unwrap(), None);
    let stored = b.store(&[packed("a", "uno", NOW)]);
    assert!(b.archive.note_pictures(&[pictures("a", &[1])], 1, NOW).unwrap().is_empty());
    assert_eq!(b.archive.count_pictures().unwrap(), PictureCounts::default());
    b.archive.update_fetches_pictures(true).unwrap();
    assert!(b.archive.fetches_pictures().unwrap());
    assert_eq!(stored, [Stored::New(b.archive.pictures_noted_upto().unwrap().unwrap())]);
    b.archive.note_pictures(&[pictures("a", &[1, 2])], 7, NOW).unwrap();
    assert_eq!(b.archive.pictures_noted_upto().unwrap(), Some(7));
    b.archive.record_picture(address(1), &READ, NOW).unwrap();
    b.archive.update_fetches_pictures(false).unwrap();
    let counts = b.archive.count_pictures().unwrap();
    assert_eq!((counts.waiting, counts.hashed), (0, 1), "what is known stays, what waits is forgotten");
}

#[test]
fn an_address_is_due_once_and_its_hash_is_that_of_all() {
    let (b, first, second) = fetching();
    b.archive.note_pictures(&[pictures("a", &[1, 2]), pictures("b", &[1])], second, NOW).unwrap();
    let due = b.archive.due_pictures(NOW, 10).unwrap();
    assert_eq!(due.iter().map(|picture| picture.address).collect::<Vec<_>>(), [address(1), address(2)]);
    assert_eq!((due[0].record, due[0].position), (second, 0), "the newest post first");
    let ids = b.archive.record_picture(address(1), &READ, NOW).unwrap();
    assert_eq!(ids.len(), 2);
    assert_eq!(
        b.archive.picture_hashes_after(0, 1, 10).unwrap(),
        ids.iter().map(|id| (*id, HASH)).collect::<Vec<_>>()
    );
    assert_eq!(b.archive.picture_hashes_after(0, 2, 10).unwrap(), [], "another version of the method");
    // A third post with it needs no fetch.
    let stored = b.store(&[packed("c", "tres", NOW)]);
    let known = b.archive.note_pictures(&[pictures("c", &[1])], second + 1, NOW).unwrap();
    let [Stored::New(third)] = stored[..] else { panic!("{stored:?}") };
    let shown = b.archive.pictures_of_record(third).unwrap();
    assert_eq!(
        (shown[0].id, shown[0].state, shown[0].hash),
        (known[0], PictureState::Hashed, Some((HASH, 90)))
    );
    assert_eq!(shown[0].fetched_at, Some(NOW));
    assert_eq!(b.archive.due_pictures(NOW, 10).unwrap().len(), 1);
    assert_eq!(b.archive.pictures_of_record(first).unwrap().len(), 2);
    // Twice the same address in one post.
    b.archive.note_pictures(&[pictures("b", &[1, 1])], second + 1, NOW).unwrap();
    assert_eq!(b.archive.pictures_of_record(second).unwrap().len(), 2);
}

#[test]
fn what_fails_is_tried_again_and_then_left() {
    let (b, _, second) = fetching();
    b.archive.note_pictures(&[pictures("a", &[1]), pictures("b", &[2])], second, NOW).unwrap();
    for attempt in 1..=TRIES_MAX {
        let due_at = NOW.plus(i64::from(attempt) * MINUTE_MS);
        assert_eq!(
            b.archive.due_pictures(due_at.plus(-1), 10).unwrap().len(),
            if attempt == 1 { 2 } else { 1 }
        );
        b.archive
            .record_picture(address(1), &PictureOutcome::Retry { due_at: due_at.plus(MINUTE_MS) }, NOW)
            .unwrap();
    }
    let counts = b.archive.count_pictures().unwrap();
    assert_eq!((counts.waiting, counts.failed), (1, 1));
    assert_eq!(b.archive.count_waiting_pictures().unwrap(), 1);
    b.archive.record_picture(address(2), &PictureOutcome::Failed, NOW).unwrap();
    assert_eq!(b.archive.due_pictures(NOW.plus(i64::from(u32::MAX)), 10).unwrap(), []);
    let plain = PictureOutcome::Read { hash: HASH, quality: 3, plain: true, version: 1 };
    assert!(b.archive.record_picture(address(2), &plain, NOW).unwrap().is_empty(), "no longer waiting");
}

#[test]
fn an_edit_keeps_the_pictures_that_stay() {
    let (b, _, second) = fetching();
    b.archive.note_pictures(&[pictures("a", &[1, 2, 3])], second, NOW).unwrap();
    b.archive.record_picture(address(1), &READ, NOW).unwrap();
    let stored = b.store(&[packed("a", "corregido", NOW.plus(1))]);
    let [Stored::Changed { new, .. }] = stored[..] else { panic!("{stored:?}") };
    b.archive.note_pictures(&[pictures("a", &[1, 4])], new, NOW).unwrap();
    let states: Vec<_> =
        b.archive.pictures_of_record(new).unwrap().into_iter().map(|p| (p.position, p.state)).collect();
    assert_eq!(states, [(0, PictureState::Hashed), (1, PictureState::Waiting)]);
    let many: Vec<u8> = (0..40).collect();
    b.archive.note_pictures(&[pictures("a", &many)], new, NOW).unwrap();
    assert_eq!(b.archive.pictures_of_record(new).unwrap().len(), PICTURES_PER_POST_MAX);
}

#[test]
fn pictures_and_matches_go_with_their_post() {
    for reason in [DeletionReason::AtSource, DeletionReason::Retention, DeletionReason::Erasure] {
        let (b, first, second) = fetching();
        b.archive.note_pictures(&[pictures("a", &[1]), pictures("b", &[2])], second, NOW).unwrap();
        b.archive.record_picture(address(1), &READ, NOW).unwrap();
        let other = PictureOutcome::Read { hash: [9; 32], quality: 90, plain: false, version: 1 };
        let later = b.archive.record_picture(address(2), &other, NOW).unwrap()[0];
        let earlier = b.archive.pictures_of_record(first).unwrap()[0].id;
        let found =
            PictureMatch { other: earlier, distance: 12, variant: "mirrored".to_owned(), reversed: false };
        b.archive
            .record_picture_matches(later, &[found.clone(), PictureMatch { other: 999, ..found.clone() }])
            .unwrap();
        assert_eq!(b.archive.picture_matches(later).unwrap(), [found]);
        let back = b.archive.picture_matches(earlier).unwrap();
        assert_eq!((back[0].other, back[0].reversed), (later, true));
        b.archive.delete_records(&[first], reason, None, NOW).unwrap();
        assert_eq!(b.archive.load_pictures(&[earlier, later]).unwrap().len(), 1);
        assert_eq!(b.archive.picture_matches(later).unwrap(), []);
        b.archive.scrub().unwrap();
        for entry in std::fs::read_dir(b.folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(HASH.len()).any(|part| part == HASH), "{reason:?}");
        }
    }
}
