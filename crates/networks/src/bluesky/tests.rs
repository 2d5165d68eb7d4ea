//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn jetstream_post() {
    check(
        read_event(include_bytes!("fixtures/jetstream_post.json"), AT),
        &[
            "at://did:plc:ana7aaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3lxpost000001 reply did:plc:ana7aaaaaaaaaaaaaaaaaaaa at=2026-03-01T12:00:00Z lang=es text=Otra vez #PanamáSinAgua, @prensa.com.pa: ejemplo.pa/nota re=at://did:plc:x/app.bsky.feed.post/3lparent root=at://did:plc:x/app.bsky.feed.post/3lroot shared=at://did:plc:q/app.bsky.feed.post/3lquoted links=https://ejemplo.pa/nota hashtags=PanamáSinAgua tagged=prensa.com.pa media=Image:Un grifo seco url=https://bsky.app/profile/did:plc:ana7aaaaaaaaaaaaaaaaaaaa/post/3lxpost000001",
        ],
    );
}

#[test]
fn jetstream_repost() {
    check(
        read_event(include_bytes!("fixtures/jetstream_repost.json"), AT),
        &[
            "at://did:plc:ana7aaaaaaaaaaaaaaaaaaaa/app.bsky.feed.repost/3lrepost reshare did:plc:ana7aaaaaaaaaaaaaaaaaaaa at=2026-03-01T12:00:01Z shared=at://did:plc:x/app.bsky.feed.post/3lroot",
        ],
    );
}

#[test]
fn a_like_is_no_post() {
    check(read_event(include_bytes!("fixtures/jetstream_like.json"), AT), &[]);
}

#[test]
fn search() {
    check(
        read_views(include_bytes!("fixtures/search_posts.json"), AT),
        &[
            "at://did:plc:bea/app.bsky.feed.post/3lview original did:plc:bea @=bea.example.pa name=Bea 🌧 at=2026-03-01T11:00:00Z lang=es text=¿Hay agua hoy? links=https://idaan.example/aviso likes=7 replies=2 reshares=0 quotes=1 url=https://bsky.app/profile/did:plc:bea/post/3lview",
            "at://did:plc:cid/app.bsky.feed.post/3lsecond quote did:plc:cid at=2026-03-01T10:00:00Z text=Miren esto shared=at://did:plc:bea/app.bsky.feed.post/3lview url=https://bsky.app/profile/did:plc:cid/post/3lsecond",
        ],
    );
}

#[test]
fn profile() {
    check(
        read_profile(include_bytes!("fixtures/profile.json"), AT),
        &[
            r##"Account { key: AccountKey { network: Bluesky, native_id: NativeId("did:plc:bea") }, handle: Some("bea.example.pa"), name: Some("Bea"), bio: Some("Ingeniera."), followers: Value(120), following: Value(0), posts: Value(33), created_at: Some(Timestamp(1704164645000)), avatar_url: Some("https://cdn.bsky.app/a.jpg"), url: Some("https://bsky.app/profile/did:plc:bea"), verified: None, automated: None }"##,
        ],
    );
}
