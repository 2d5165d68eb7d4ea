//! No bytes make a mapping panic: samples of every format, cut and changed.

use crate::fixtures::AT;
use crate::map;
use model::{Format, NativeId, Network, RawRecord, RecordKind};
use proptest::prelude::*;

const SAMPLES: &[(Format, &[u8])] = &[
    (Format::Jetstream, include_bytes!("bluesky/fixtures/jetstream_post.json")),
    (Format::BlueskyPostView, include_bytes!("bluesky/fixtures/search_posts.json")),
    (Format::BlueskyProfile, include_bytes!("bluesky/fixtures/profile.json")),
    (Format::MastodonStatus, include_bytes!("mastodon/fixtures/status.json")),
    (Format::XV2, include_bytes!("x/fixtures/v2_page.json")),
    (Format::XV1, include_bytes!("x/fixtures/v1_status.json")),
    (Format::Reddit, include_bytes!("reddit/fixtures/archive.json")),
    (Format::Youtube, include_bytes!("youtube/fixtures/video.json")),
    (Format::TelegramExport, include_bytes!("telegram/fixtures/result.json")),
    (Format::TelegramBot, include_bytes!("telegram/fixtures/update.json")),
    (Format::FeedEntry, include_bytes!("feeds/fixtures/feed.json")),
    (Format::Table, include_bytes!("webhook/fixtures/generic.json")),
    (Format::Nostr, include_bytes!("nostr/fixtures/note.json")),
    (Format::Matrix, include_bytes!("matrix/fixtures/reply.json")),
    (Format::MetaGraph, include_bytes!("meta/fixtures/page.json")),
    (Format::Webhook, include_bytes!("webhook/fixtures/ghost.json")),
];

fn record(format: Format, body: Vec<u8>) -> RawRecord {
    RawRecord {
        kind: RecordKind::Post,
        network: Network::File,
        native_id: NativeId::parse("x").unwrap(),
        format,
        fetched_at: AT.fetched_at,
        body,
    }
}

proptest! {
    #[test]
    fn changed_samples_map_or_are_refused(
        sample in 0..SAMPLES.len(),
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let (format, bytes) = SAMPLES[sample];
        let mut bytes = bytes.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let whole = record(format, bytes.clone());
        let again = map(&whole);
        prop_assert_eq!(map(&whole), again);
        bytes.truncate(cut.index(bytes.len()));
        let _ = map(&record(format, bytes));
    }

    #[test]
    fn random_bytes_map_or_are_refused(format in 0..Format::ALL.len(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = map(&record(Format::ALL[format], bytes));
    }

    #[test]
    fn random_files_open_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000), start in 0..SAMPLES.len()) {
        let mut file = SAMPLES[start].1.to_vec();
        let at = bytes.len().min(file.len());
        file.truncate(at);
        file.extend(bytes);
        let opened = crate::import::open("x", Box::new(std::io::Cursor::new(file)), &Default::default());
        if let Ok((decoder, items)) = opened {
            for item in items.take(1_000).flatten() {
                let _ = decoder.decode(&item, AT.fetched_at);
            }
        }
    }
}
