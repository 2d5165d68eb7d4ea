//! The fuzzing corpus of pictures, as a plain test.

use atalaya_analysis::images::{Picture, PictureError};
use std::collections::BTreeSet;

#[test]
fn pictures_are_read_or_refused_twice_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/picture");
    let (mut formats, mut refusals) = (BTreeSet::new(), BTreeSet::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        match Picture::decode(&bytes) {
            Ok(picture) => {
                formats.insert(picture.format().name());
                let again = Picture::decode(&bytes).unwrap();
                assert_eq!(picture.fingerprint(), again.fingerprint(), "{}", path.display());
                assert_eq!(picture.query_variants(), again.query_variants(), "{}", path.display());
            }
            Err(error) => {
                assert_eq!(Picture::decode(&bytes).err(), Some(error.clone()), "{}", path.display());
                refusals.insert(match error {
                    PictureError::Empty => "empty",
                    PictureError::TooManyBytes { .. } => "bytes",
                    PictureError::NotAPicture { .. } => "kind",
                    PictureError::TooManyPixels { .. } => "pixels",
                    PictureError::NoPixels { .. } => "no pixels",
                    PictureError::TooCostly(_) => "cost",
                    PictureError::Damaged(_) => "damage",
                });
            }
        }
    }
    assert_eq!(formats, BTreeSet::from(["gif", "jpeg", "png", "webp"]), "seeds of every kind");
    let expected = BTreeSet::from(["cost", "damage", "empty", "kind", "no pixels", "pixels"]);
    assert_eq!(refusals, expected, "seeds of every refusal");
}
