//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn page() {
    check(
        read_webhook(include_bytes!("fixtures/page.json"), AT),
        &[
            "1_2 reply 55 name=Ana at=2026-03-01T12:00:00Z text=¿Cuándo vuelve el agua? https://ejemplo.pa re=100_1 root=100_1 links=https://ejemplo.pa",
            "100_9 original 100 name=IDAAN at=2026-03-01T11:58:20Z text=Aviso media=Image:-",
        ],
    );
}

#[test]
fn instagram() {
    check(
        read_webhook(include_bytes!("fixtures/instagram.json"), AT),
        &[
            "17865 reply 232 @=ana.pa at=2026-03-01T12:00:00Z text=Gracias @idaan_pa re=1231 root=123 tagged=idaan_pa",
        ],
    );
}
