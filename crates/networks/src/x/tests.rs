//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn v2_page() {
    check(
        read_v2(include_bytes!("fixtures/v2_page.json"), AT),
        &[
            "1900000000000000001 reply 11 @=ana name=Ana followers=100 at=2026-03-01T12:00:00Z lang=es text=@prensacom ¿y el agua? #PanamáSinAgua https://t.co/abc https://t.co/pic & nada re=1899999999999999999 root=1899999999999999999 links=https://www.ejemplo.pa/nota/completa hashtags=PanamáSinAgua tagged=prensacom media=Image:Un grifo likes=9 replies=1 reshares=4 quotes=0 views=500 country=PA url=https://x.com/ana/status/1900000000000000001",
            "1900000000000000002 reshare 13 @=bea name=Bea at=2026-03-01T12:01:00Z lang=es shared=1899999999999999999 url=https://x.com/bea/status/1900000000000000002",
            "1899999999999999999 original 12 @=prensacom name=La Prensa at=2026-03-01T11:00:00Z text=Sin agua en media ciudad likes=5 replies=3 reshares=44 quotes=2 url=https://x.com/prensacom/status/1899999999999999999",
        ],
    );
}

#[test]
fn v1_status() {
    check(
        read_v1(include_bytes!("fixtures/v1_status.json"), AT),
        &[
            "1050000000000000000 original 7 @=bea name=Bea at=2018-10-10T12:00:00Z lang=es text=Original citado likes=1 reshares=0 url=https://x.com/bea/status/1050000000000000000",
            "1050118621198921728 quote 6253282 @=ana name=Ana followers=21 at=2018-10-10T20:19:24Z lang=es text=Texto largo con #Agua <3 y enlace https://t.co/abc shared=1050000000000000000 links=https://ejemplo.pa/ hashtags=Agua tagged=bea media=Video:gif likes=5 reshares=2 country=PA url=https://x.com/ana/status/1050118621198921728",
        ],
    );
}

#[test]
fn v1_search() {
    check(
        read_v1(include_bytes!("fixtures/v1_search.json"), AT),
        &[
            "1 reply 6253282 @=ana at=2018-10-10T20:00:00Z text=Hola re=55 likes=0 reshares=1 url=https://x.com/ana/status/1",
            "2 reshare 9 @=carla at=2018-10-10T21:00:00Z shared=1 url=https://x.com/carla/status/2",
        ],
    );
}
