//! Rows as records.

use super::*;
use crate::fixtures::{AT, check};
use proptest::prelude::*;

fn row(json: &str) -> Vec<Result<(RawRecord, Mapped), Reject>> {
    vec![read_row(json.as_bytes().to_vec(), Format::Table, Network::File, AT)]
}

#[test]
fn rows_are_posts() {
    check(
        row(
            r#"{"id":"569369239183872000","network":"twitter","text":"Hola @ana #Agua https://a.pa/x","author":"@bea","time":"Wed Oct 10 20:19:24 +0000 2018","likes":"1,234","replies":"","is_reply":"true","links":"['https://b.pa/1']","language":"Spanish","country":"pa"}"#,
        ),
        &[
            "569369239183872000 reply bea @=bea at=2018-10-10T20:19:24Z lang=es text=Hola @ana #Agua https://a.pa/x links=https://a.pa/x,https://b.pa/1 hashtags=Agua tagged=ana likes=1234 country=PA",
        ],
    );
}

#[test]
fn short_identifiers_of_no_network_are_made_unique() {
    let id = |text: &str| match row(&format!(r#"{{"id":"1","text":"{text}"}}"#)).remove(0) {
        Ok((record, _)) => record.native_id,
        Err(reject) => panic!("{}", reject.reason),
    };
    assert_ne!(id("uno"), id("dos"));
    assert_eq!(id("uno"), id("uno"));
    assert!(id("uno").as_str().starts_with("1~"));
}

#[test]
fn rows_that_cannot_be_read_say_why() {
    check(
        row(r#"{"id":"1","text":"a","time":"03/04/2018"}"#),
        &[
            "line 7: not a record of the format table: the date «03/04/2018» can be read in two ways: say time_order=dmy or time_order=mdy",
        ],
    );
    check(row(r#"{"id":"1","text":""}"#), &["line 7: it has no text, title, media or shared post"]);
}

proptest! {
    #[test]
    fn a_row_says_what_it_was_given(text in "\\PC{1,200}", author in "[a-z0-9_]{1,20}", likes in 0_u64..1_000_000_000) {
        prop_assume!(!text.trim().is_empty());
        let body = serde_json::json!({"id": "0123456789abcdef", "text": text, "author": author, "likes": likes.to_string()});
        let read = read_row(body.to_string().into_bytes(), Format::Table, Network::File, AT);
        let Ok((_, Mapped::Post(post))) = read else { panic!("{read:?}") };
        prop_assert_eq!(&post.text, &text);
        prop_assert_eq!(post.author.handle.as_deref(), Some(author.as_str()));
        prop_assert_eq!(post.metrics.likes.get(), Some(likes));
    }
}

#[test]
fn the_label_column_gives_labels() {
    let labels = |body: &str, format| {
        super::labels_of(&RawRecord {
            kind: model::RecordKind::Post,
            network: Network::File,
            native_id: model::NativeId::parse("1").unwrap(),
            format,
            fetched_at: model::Timestamp::from_millis(0),
            body: body.as_bytes().to_vec(),
        })
    };
    let of = |body| labels(body, Format::Table);
    assert_eq!(of(r#"{"text":"a","label":"muy negativo; queja|queja;nan"}"#), ["muy negativo", "queja"]);
    assert_eq!(of(r#"{"text":"a","label":["uno, dos"," tres "]}"#), ["uno, dos", "tres"]);
    assert_eq!(of(r#"{"text":"a","label":"1"}"#), ["1"]);
    let many: Vec<String> = (0..30).map(|n| n.to_string()).collect();
    let many = format!(r#"{{"label":"{}"}}"#, many.join(";"));
    assert_eq!(labels(&many, Format::Table).len(), super::LABELS_MAX);
    assert!(of(r#"{"text":"\"label\": no"}"#).is_empty());
    assert!(of(r#"{"text":"a","label":{"b":1}}"#).is_empty());
    assert!(labels(r#"{"label":"queja"}"#, Format::Jetstream).is_empty());
}
