//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn comments() {
    check(
        read_listing(include_bytes!("fixtures/comments.json"), AT),
        &[
            "t3_abc original ana_pa @=ana_pa at=2026-03-01T12:00:00Z title=Corte de agua & luz links=https://ejemplo.pa/nota likes=42 replies=2 url=https://www.reddit.com/r/Panama/comments/abc/corte/",
            "t1_d1 reply bea @=bea at=2026-03-01T12:01:00Z edited=2026-03-01T12:01:40Z text=Fuente: https://idaan.example/x re=t3_abc root=t3_abc links=https://idaan.example/x url=https://www.reddit.com/r/Panama/comments/abc/corte/d1/",
            "t1_d2 reply ana_pa @=ana_pa at=2026-03-01T12:01:10Z text=Gracias re=t1_d1 root=t3_abc",
        ],
    );
}

#[test]
fn archive() {
    check(
        read_listing(include_bytes!("fixtures/archive.json"), AT),
        &[
            "t1_d7 reply carla @=carla at=2026-03-01T12:00:00Z text=hola desde el archivo re=t3_abc root=t3_abc likes=5",
        ],
    );
}
