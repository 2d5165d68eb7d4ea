//! Files of every kind, good, half-broken and hostile.

use super::*;
use crate::fixtures::line_of;
use std::io::{Cursor, Write};
use std::path::PathBuf;

const NOW: Timestamp = Timestamp::from_millis(1_772_409_600_000);

/// Everything a file gives: posts and rejects.
fn read(name: &str, bytes: Vec<u8>, options: &ImportOptions) -> (Vec<Post>, Vec<Reject>) {
    let (decoder, items) =
        open(name, Box::new(Cursor::new(bytes)), options).unwrap_or_else(|e| panic!("{e}"));
    let (mut posts, mut rejects) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Ok(item) => {
                for reading in decoder.decode(&item, NOW) {
                    match reading {
                        Ok((_, post)) => posts.push(post),
                        Err(reject) => rejects.push(reject),
                    }
                }
            }
            Err(reject) => rejects.push(reject),
        }
    }
    (posts, rejects)
}

/// Texts and rejects of a file read without options.
#[track_caller]
fn check(bytes: &[u8], texts: &[&str], rejects: &[(u64, &str)]) {
    let (posts, refused) = read("sample", bytes.to_vec(), &ImportOptions::default());
    let got: Vec<String> = posts.iter().map(|post| post.full_text().into_owned()).collect();
    assert_eq!(got, texts);
    let got: Vec<(u64, String)> = refused.iter().map(|reject| (reject.line, reject.reason.clone())).collect();
    assert_eq!(got.len(), rejects.len(), "{got:?}");
    for ((line, reason), (expected_line, expected)) in got.iter().zip(rejects) {
        assert_eq!(line, expected_line, "{reason}");
        assert!(reason.contains(expected), "{reason} / {expected}");
    }
}

fn mapped(columns: &[(&str, &str)]) -> ImportOptions {
    let columns = columns.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
    ImportOptions { columns, ..ImportOptions::default() }
}

#[test]
fn comma_separated_rows_with_quotes_and_lines() {
    check(
        b"id,text,author\n1,\"uno, \"\"dos\"\"\ntres\",ana\n2,cuatro,bea\n3,cinco\n4,seis,carla\n",
        &["uno, \"dos\"\ntres", "cuatro", "seis"],
        &[(5, "it has 2 fields, the first row has 3")],
    );
}

#[test]
fn a_quote_that_never_closes_costs_one_row() {
    check(
        b"id,text\n1,uno\n2,\"dos\n3,tres\n4,cuatro\n",
        &["uno", "tres", "cuatro"],
        &[(3, "a quote opens")],
    );
}

#[test]
fn western_bytes_and_wide_encodings() {
    check(b"id;texto\n1;a\xF1o \x801\n", &["año €1"], &[]);
    check("\u{feff}id\ttexto\n1\taño\n".as_bytes(), &["año"], &[]);
    let wide: Vec<u8> = "\u{feff}id,texto\n1,año 🌧\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&wide, &["año 🌧"], &[]);
    // A file that is UTF-8 does not become Western because of one bad row.
    check(
        "id,texto\n1,año\n2,señal\n".bytes().chain(*b"3,a\xF1\n").collect::<Vec<_>>().as_slice(),
        &["año", "señal"],
        &[(4, "not valid UTF-8")],
    );
}

#[test]
fn order_of_dates_is_proved_or_refused() {
    let times = |csv: &str, options: &ImportOptions| {
        let (posts, rejects) = read("sample", csv.as_bytes().to_vec(), options);
        (posts.iter().map(|post| post.created_at.unwrap().to_string()).collect::<Vec<_>>(), rejects.len())
    };
    let none = ImportOptions::default();
    assert_eq!(
        times("text,date\na,03/04/2018\nb,25/04/2018\n", &none).0,
        ["2018-04-03T00:00:00Z", "2018-04-25T00:00:00Z"]
    );
    assert_eq!(
        times("text,date\na,03/04/2018\nb,2018-04-05\n", &none),
        (vec!["2018-04-05T00:00:00Z".to_owned()], 1)
    );
    assert_eq!(
        times("text,date\na,03/04/2018\n", &mapped(&[("time_order", "mdy")])).0,
        ["2018-03-04T00:00:00Z"]
    );
}

#[test]
fn columns_can_be_named() {
    let (posts, rejects) =
        read("x", b"7\thola\tana\n8\tadios\tbea\n".to_vec(), &mapped(&[("text", "2"), ("author", "3")]));
    assert_eq!((posts.len(), rejects.len()), (2, 0));
    assert_eq!(posts[1].author.handle.as_deref(), Some("bea"));
    let refused = |columns: &[(&str, &str)], csv: &str| {
        open("x", Box::new(Cursor::new(csv.as_bytes().to_vec())), &mapped(columns))
            .err()
            .map(|e| e.to_string())
            .unwrap()
    };
    assert!(refused(&[], "a,b\n1,2\n").contains("no column with the text"));
    assert!(refused(&[("texto", "a")], "a,b\n1,2\n").contains("no field"));
    assert!(refused(&[("text", "zzz")], "a,b\n1,2\n").contains("no column «zzz»"));
    let (posts, _) = read(
        "x",
        br#"{"u":{"n":"ana"},"what":"hola"}"#.to_vec(),
        &mapped(&[("text", "what"), ("author", "u.n")]),
    );
    assert_eq!(posts[0].author.handle.as_deref(), Some("ana"));
}

#[test]
fn half_broken_lines_keep_the_good_half() {
    let good = include_str!("../x/fixtures/v1_status.json").trim();
    let file = format!("{good}\n{{\"id_str\":\"3\",\"text\":\n\n{good}\nbasura\n");
    let (posts, rejects) = read("x", file.into_bytes(), &ImportOptions::default());
    assert_eq!(posts.len(), 4);
    assert_eq!(rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn lists_and_pages_are_taken_apart() {
    let status = include_str!("../mastodon/fixtures/status.json").trim();
    let list = format!("[\n{status},\n{status}\n]");
    let (decoder, items) =
        open("x", Box::new(Cursor::new(list.into_bytes())), &ImportOptions::default()).unwrap();
    assert_eq!(decoder.format(), Format::MastodonStatus);
    assert_eq!(items.map(|item| item.unwrap().line).collect::<Vec<_>>(), [2, 3]);
    let cut = format!("[\n{status},\n{{\"id\":");
    let (posts, rejects) = read("x", cut.into_bytes(), &ImportOptions::default());
    assert_eq!((posts.len(), rejects.len(), rejects[0].line), (1, 1, 3));
    assert!(rejects[0].reason.contains("breaks off"), "{}", rejects[0].reason);
}

#[test]
fn each_fixture_is_recognised() {
    let cases: &[(&[u8], Format, usize)] = &[
        (include_bytes!("../bluesky/fixtures/jetstream_post.json"), Format::Jetstream, 1),
        (include_bytes!("../bluesky/fixtures/jetstream_like.json"), Format::Jetstream, 0),
        (include_bytes!("../bluesky/fixtures/search_posts.json"), Format::BlueskyPostView, 2),
        (include_bytes!("../mastodon/fixtures/status.json"), Format::MastodonStatus, 1),
        (include_bytes!("../mastodon/fixtures/reblog.json"), Format::MastodonStatus, 2),
        (include_bytes!("../mastodon/fixtures/notification.json"), Format::MastodonStatus, 1),
        (include_bytes!("../x/fixtures/v2_page.json"), Format::XV2, 3),
        (include_bytes!("../x/fixtures/v1_status.json"), Format::XV1, 2),
        (include_bytes!("../x/fixtures/v1_search.json"), Format::XV1, 2),
        (include_bytes!("../reddit/fixtures/comments.json"), Format::Reddit, 3),
        (include_bytes!("../reddit/fixtures/archive.json"), Format::Reddit, 1),
        (include_bytes!("../youtube/fixtures/threads.json"), Format::Youtube, 2),
        (include_bytes!("../telegram/fixtures/result.json"), Format::TelegramExport, 2),
        (include_bytes!("../telegram/fixtures/update.json"), Format::TelegramBot, 1),
        (include_bytes!("../feeds/fixtures/rss.xml"), Format::FeedEntry, 2),
        (include_bytes!("../feeds/fixtures/atom.xml"), Format::FeedEntry, 1),
        (include_bytes!("../feeds/fixtures/feed.json"), Format::FeedEntry, 1),
        (include_bytes!("../nostr/fixtures/note.json"), Format::Nostr, 1),
        (include_bytes!("../meta/fixtures/page.json"), Format::MetaGraph, 2),
        (include_bytes!("../webhook/fixtures/ghost.json"), Format::Webhook, 1),
    ];
    for (bytes, format, count) in cases {
        let head = String::from_utf8_lossy(&bytes[..60]).into_owned();
        let (decoder, _) =
            open("x", Box::new(Cursor::new(bytes.to_vec())), &ImportOptions::default()).unwrap();
        assert_eq!(decoder.format(), *format, "{head}");
        let (posts, rejects) = read("x", bytes.to_vec(), &ImportOptions::default());
        assert_eq!((posts.len(), rejects.len()), (*count, 0), "{head} {rejects:?}");
    }
}

#[test]
fn a_telegram_export_gives_each_message_its_chat() {
    let (posts, _) =
        read("x", include_bytes!("../telegram/fixtures/result.json").to_vec(), &ImportOptions::default());
    let lines: Vec<String> = posts.iter().map(line_of).collect();
    assert_eq!(
        lines,
        [
            "c1234567890/2 original channel1234567890 name=Vecinos de Panamá at=2026-03-01T12:01:00Z edited=2026-03-01T12:02:00Z text=Sin agua #PanamáSinAgua nota @idaan links=https://ejemplo.pa/nota hashtags=PanamáSinAgua tagged=idaan media=Image:- likes=5 url=https://t.me/c/1234567890/2",
            "c1234567890/3 reply user77 name=Ana at=2026-03-01T12:03:00Z text=¿Hasta cuándo? re=c1234567890/2 url=https://t.me/c/1234567890/3",
        ]
    );
}

#[test]
fn a_post_of_ten_megabytes_is_refused_and_the_rest_is_read() {
    let big = "a".repeat(10 * 1024 * 1024);
    let file = format!(
        "{{\"id\":\"1\",\"text\":\"uno\"}}\n{{\"id\":\"2\",\"text\":\"{big}\"}}\n{{\"id\":\"3\",\"text\":\"tres\"}}\n"
    );
    check(file.as_bytes(), &["uno", "tres"], &[(2, "at most 4194304 are allowed")]);
}

#[test]
fn packed_files_are_unpacked_within_limits() {
    let csv = b"id,text\n1,uno\n".repeat(1);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(&csv).unwrap();
    check(&gz.finish().unwrap(), &["uno"], &[]);
    check(&zstd::encode_all(csv.as_slice(), 3).unwrap(), &["uno"], &[]);
    let mut cut = zstd::encode_all(b"id,text\n1,uno\n2,dos\n".as_slice(), 3).unwrap();
    cut.truncate(cut.len() - 3);
    let opened = open("x", Box::new(Cursor::new(cut)), &ImportOptions::default());
    let broken = match opened {
        Err(error) => error.to_string(),
        Ok((_, items)) => items.filter_map(Result::err).map(|reject| reject.reason).collect(),
    };
    assert!(!broken.is_empty(), "a cut file says so");
}

#[test]
fn a_decompression_bomb_is_stopped() {
    let mut bomb = zstd::Encoder::new(Vec::new(), 1).unwrap();
    bomb.write_all(b"id,text\n").unwrap();
    let row = b"1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(16 * 1024);
    for _ in 0..80 {
        bomb.write_all(&row).unwrap();
    }
    let (_, items) =
        open("x", Box::new(Cursor::new(bomb.finish().unwrap())), &ImportOptions::default()).unwrap();
    let last = items.last().unwrap();
    assert!(last.unwrap_err().reason.contains("bomb"));
}

#[test]
fn other_archives_and_empty_files_are_named() {
    let refused = |bytes: &[u8]| {
        open("f", Box::new(Cursor::new(bytes.to_vec())), &ImportOptions::default()).err().unwrap().to_string()
    };
    assert_eq!(refused(b"PK\x03\x04...."), "f is a zip archive: unpack it first");
    assert_eq!(refused(b" \n"), "f is empty");
}

/// The data that lies beside the repository on some machines; not part of it.
fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if root.exists() {
        return Some(root);
    }
    println!("SKIPPED (counted): {path} of ../shared/data is not here");
    None
}

#[test]
fn real_files_import() {
    let umsab: &[(&str, &str)] = &[("text", "1")];
    // Path, columns, posts at least, rejects at most.
    let cases: &[(&str, &[(&str, &str)], usize, usize)] = &[
        ("ira_autumn_2016/ira_2016-10-01_2016-11-15.csv.zst", &[], 184_170, 5),
        ("paraguay_2018/tweets_from_anr.csv.zst", &[], 1_000, 0),
        ("es_news_posts/train.json.gz", &[], 30_244, 0),
        ("fakenews_es/train.jsonl.zst", &[], 676, 0),
        ("coordination/russian_coord_tweets.csv.zst", &[], 35_125, 0),
        ("sms_spam/SMSSpamCollection.csv.zst", &[], 5_000, 0),
        ("scam_posts/posts_dev.jsonl.zst", &[], 3_209, 3),
        ("offendes/training_set.tsv.zst", &[], 10_000, 0),
        ("emoevent/es_train.tsv.zst", &[], 5_000, 0),
        ("airline_complaints/tweets_dev.csv.zst", &[], 5_000, 0),
        ("complaints/complaints_dev.csv", &[("id", "1"), ("text", "2"), ("label", "3")], 1_500, 0),
        ("language_id/carter_twitterlid_train.tsv", &[("language", "1"), ("text", "2")], 1_389, 0),
        ("sentiment_umsab/spanish/train_text.txt", umsab, 1_830, 0),
        ("sentiment_umsab/english/train_text.txt", umsab, 1_830, 0),
        ("emotion_xed/es-projections.tsv.zst", &[("text", "1"), ("label", "2")], 1_000, 0),
        ("pheme_rumours/rumour_sources_dev.jsonl.zst", &[], 200, 0),
        ("raw_json/twitter_v1_search.json.gz", &[], 100, 0),
        ("raw_json/twitter_v1_trend_statuses.json.gz", &[], 10, 0),
        ("raw_json/bloc_timelines.jsonl.gz", &[], 1_491, 0),
    ];
    let mut wrong = Vec::new();
    for (path, columns, least, most) in cases {
        let Some(file) = shared(path) else { continue };
        let (posts, rejects) = read(path, std::fs::read(file).unwrap(), &mapped(columns));
        let first = rejects.first().map(|reject| format!("line {}: {}", reject.line, reject.reason));
        println!("{path}: {} posts, {} rejects {}", posts.len(), rejects.len(), first.unwrap_or_default());
        if let Some(post) = posts.first() {
            println!("    {}:{}", post.key.network, line_of(post));
        }
        if posts.len() < *least || rejects.len() > *most {
            wrong.push(*path);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
