//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn ghost() {
    check(
        read_body(WebhookMaker::Ghost, include_bytes!("fixtures/ghost.json"), AT),
        &[
            "5f7b0f5e-1d2c-4c4e-9b8e-0123456789ab original blog.example.pa/ana name=Ana at=2026-03-01T12:00:00Z edited=2026-03-01T12:30:00Z title=Sin agua text=Media ciudad sin agua. links=https://blog.example.pa/sin-agua/,https://idaan.example/ hashtags=Agua media=Image:Grifo url=https://blog.example.pa/sin-agua/",
        ],
    );
}

#[test]
fn generic() {
    check(
        read_body(WebhookMaker::Generic, include_bytes!("fixtures/generic.json"), AT),
        &[
            "k-1 original ana @=ana at=2026-03-01T12:00:00Z text=Hola #Agua hashtags=Agua likes=0",
            "line 7: it has no text, title, media or shared post",
        ],
    );
}
