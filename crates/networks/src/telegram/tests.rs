//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn update() {
    check(
        read_update(include_bytes!("fixtures/update.json"), AT),
        &[
            "c1234567890/5 reply user77 @=ana_p name=Ana P. at=2026-03-01T12:05:00Z text=Miren https://ejemplo.pa/foto re=c1234567890/2 links=https://ejemplo.pa/foto media=Image:- url=https://t.me/vecinospa/5",
        ],
    );
}
