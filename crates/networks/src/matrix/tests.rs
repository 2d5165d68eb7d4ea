//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn reply() {
    check(
        read_event("https://example.org", "!room:example.org", include_bytes!("fixtures/reply.json"), AT),
        &[
            "$reply:example.org reply @ana:example.org @=ana:example.org at=2026-03-01T12:00:00Z text=no hay #Agua https://ejemplo.pa/n re=$first:example.org links=https://ejemplo.pa/n hashtags=Agua tagged=bea:example.org url=https://matrix.to/#/!room:example.org/$reply:example.org",
        ],
    );
}

#[test]
fn edit() {
    check(
        read_event("https://example.org", "!room:example.org", include_bytes!("fixtures/edit.json"), AT),
        &[
            "$reply:example.org original @ana:example.org @=ana:example.org at=2026-03-01T12:01:40Z edited=2026-03-01T12:01:40Z text=hay agua url=https://matrix.to/#/!room:example.org/$reply:example.org",
        ],
    );
}
