//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn threads() {
    check(
        read_page(include_bytes!("fixtures/threads.json"), AT),
        &[
            "Ugx1 original UCana @=ana-pa name=@ana-pa at=2026-03-01T12:00:00Z text=Muy bueno <3⏎mira https://ejemplo.pa/v #Agua links=https://ejemplo.pa/v hashtags=Agua likes=3 replies=1 url=https://www.youtube.com/watch?v=vid01&lc=Ugx1",
            "Ugx1.r1 reply UCbea @=bea name=@bea at=2026-03-01T12:10:00Z edited=2026-03-01T12:11:00Z text=De acuerdo re=Ugx1 root=Ugx1 likes=0 url=https://www.youtube.com/watch?v=vid01&lc=Ugx1.r1",
        ],
    );
}

#[test]
fn video() {
    check(
        read_page(include_bytes!("fixtures/video.json"), AT),
        &[
            "vid01 original UCchannel name=Canal at=2026-02-28T12:00:00Z lang=es title=El agua text=Todo sobre el agua hashtags=agua likes=10 replies=2 views=1000 url=https://www.youtube.com/watch?v=vid01",
        ],
    );
}
