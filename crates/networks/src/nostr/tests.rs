//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn note() {
    check(
        read_event(include_bytes!("fixtures/note.json"), AT),
        &[
            "5c83da77af1dec6d7289834998ad7aafbd9e2191396d75ec3cc27f5a77226f36 reply f7234bd4c1394dda46d09f35bd384dd30cc552ad5541990f98844fb06676e9ca at=2026-03-01T12:00:00Z text=Sin #Agua https://img.example/1.jpg https://ejemplo.pa/n re=bbbb root=aaaa links=https://ejemplo.pa/n hashtags=Agua tagged=cccc media=Image:Un grifo",
        ],
    );
}

#[test]
fn profile() {
    check(
        read_event(include_bytes!("fixtures/profile.json"), AT),
        &[
            r##"Account { key: AccountKey { network: Nostr, native_id: NativeId("f7234bd4c1394dda46d09f35bd384dd30cc552ad5541990f98844fb06676e9ca") }, handle: Some("ana"), name: Some("ana"), bio: Some("hola"), followers: Missing(NotProvided), following: Missing(NotProvided), posts: Missing(NotProvided), created_at: None, avatar_url: Some("https://img.example/a.png"), url: None, verified: None, automated: Some(false) }"##,
        ],
    );
}
