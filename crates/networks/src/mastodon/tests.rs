//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn status() {
    check(
        read_statuses("https://tuiter.rocks", include_bytes!("fixtures/status.json"), AT),
        &[
            "https://tuiter.rocks/users/ana/statuses/114000000000000001 reply ana@tuiter.rocks @=ana@tuiter.rocks name=Ana followers=10 at=2026-03-01T12:00:00Z edited=2026-03-01T12:05:00Z lang=es title=Agua text=@bea sin agua & sin luz⏎⏎#PanamaSinAgua https://ejemplo.pa/nota re=https://tuiter.rocks/users/bea/statuses/114000000000000000 links=https://ejemplo.pa/nota?a=1&b=2 hashtags=PanamaSinAgua tagged=bea@tuiter.rocks media=Image:Un grifo likes=3 replies=1 reshares=2 url=https://tuiter.rocks/@ana/114000000000000001",
        ],
    );
}

#[test]
fn a_reblog_is_two_records() {
    check(
        read_statuses("https://tuiter.rocks", include_bytes!("fixtures/reblog.json"), AT),
        &[
            "https://mastodon.social/users/carla/statuses/7 original carla@mastodon.social @=carla@mastodon.social name=Carla at=2026-03-01T09:00:00Z text=Original likes=5 replies=0 reshares=4 url=https://mastodon.social/@carla/7",
            "https://tuiter.rocks/users/ana/statuses/114000000000000009/activity reshare ana@tuiter.rocks @=ana@tuiter.rocks followers=10 at=2026-03-01T13:00:00Z shared=https://mastodon.social/users/carla/statuses/7 url=https://tuiter.rocks/users/ana/statuses/114000000000000009/activity",
        ],
    );
}

#[test]
fn notifications() {
    check(
        read_statuses("", include_bytes!("fixtures/notification.json"), AT),
        &[
            "https://mastodon.social/users/carla/statuses/8 original carla@mastodon.social @=carla@mastodon.social at=2026-03-01T14:00:00Z text=hola url=https://mastodon.social/users/carla/statuses/8",
        ],
    );
}
