//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn rss() {
    check(
        read_feed(include_bytes!("fixtures/rss.xml"), Some("https://www.nacion.example/rss"), AT),
        &[
            "https://www.nacion.example/agua original nacion.example/Ana Pérez @=nacion.example name=Ana Pérez at=2026-03-01T12:00:00Z lang=es title=Corte de agua en Panamá text=Media ciudad sin agua. links=https://www.nacion.example/agua,https://idaan.example/aviso hashtags=Agua media=Image:Grifo,Audio:- url=https://www.nacion.example/agua",
            "nacion.example/eb6a437d83fad6849a28652d77568b04 original nacion.example @=nacion.example name=La Nación & más lang=es title=Sin enlace ni identificador text=Nada",
        ],
    );
}

#[test]
fn atom() {
    check(
        read_feed(include_bytes!("fixtures/atom.xml"), None, AT),
        &[
            "tag:blog.example,2026:1 original blog.example @=blog.example name=Blog at=2026-03-01T11:00:00Z edited=2026-03-01T12:00:00Z lang=es title=Uno & dos text=a < b links=https://blog.example/1 url=https://blog.example/1",
        ],
    );
}

#[test]
fn json_feed() {
    check(
        read_feed(include_bytes!("fixtures/feed.json"), None, AT),
        &[
            "https://blog.example/2 original blog.example/Bea @=blog.example name=Bea at=2026-03-01T12:00:00Z text=Hola #Agua links=https://blog.example/2 hashtags=Agua url=https://blog.example/2",
        ],
    );
}
