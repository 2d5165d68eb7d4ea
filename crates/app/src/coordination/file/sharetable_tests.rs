//! Tables good and bad, and the reference that CooRTweet itself gave.

use super::*;
use analysis::coordination::coortweet::{CoorTweetRule, heavier_than, joint_edges, joint_shares};
use std::collections::{BTreeMap, HashSet};
use std::io::Cursor;
use std::time::Instant;

fn read(text: &str) -> Result<ShareTable, ShareTableError> {
    read_shares(Box::new(Cursor::new(text.as_bytes().to_vec())))
}

fn rows(table: &ShareTable) -> Vec<(&str, &str, &str, i64)> {
    let row = |share: &Share| {
        let identifier = |number| table.identifiers.name(number);
        (
            identifier(share.object),
            table.accounts.name(share.account),
            identifier(share.content),
            share.time_ms,
        )
    };
    table.shares.iter().map(row).collect()
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = read(text).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

/// The fuzzing corpus: what is read is written so that it is read again.
#[test]
fn what_is_read_is_written_and_read_again() {
    let (mut read, mut refused) = (0, 0);
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/shares")).unwrap()
    {
        let path = entry.unwrap().path();
        let Ok(table) = read_shares(Box::new(std::fs::File::open(&path).unwrap())) else {
            refused += 1;
            continue;
        };
        read += 1;
        let mut written = Vec::new();
        write_shares(&table, &mut written).unwrap();
        let again = read_shares(Box::new(Cursor::new(written))).unwrap();
        assert_eq!((rows(&again), again.rejected), (rows(&table), 0), "{}", path.display());
    }
    assert!(read >= 4 && refused >= 3, "{read} read, {refused} refused");
}

#[test]
fn columns_in_any_order_among_others() {
    let table = read(
        "\u{feff}extra;timestamp_share;object_id;id_user;content_id\r\n1;10;o;a;c\r\n\r\n2;11.5;o;b;o\r\n",
    )
    .unwrap();
    assert_eq!(rows(&table), [("o", "a", "c", 10_000), ("o", "b", "o", 11_500)]);
    // A content that is an object has the object's number.
    assert_eq!(table.shares[1].content, table.shares[1].object);
}

#[test]
fn quotes_with_marks_and_lines() {
    let text = "object_id,account_id,content_id,timestamp_share\n\"a, \"\"b\"\"\nc\",x,1,5\nbad,x,2,\n";
    let table = read(text).unwrap();
    assert_eq!(rows(&table), [("a, \"b\"\nc", "x", "1", 5_000)]);
    // The row over two lines is counted as such.
    let reject = RowReject { line: 4, reason: "there is no timestamp_share".to_owned() };
    assert_eq!((table.rejected, table.rejects), (1, vec![reject]));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let header = "object_id,account_id,content_id,timestamp_share\n";
    refused("", "line 1: there is no column «object_id»");
    refused(
        "object_id,account_id,time,content_id\n",
        "line 1: there is no column «timestamp_share»; it has object_id, account_id, time, content_id",
    );
    refused(
        "object_id,id_user,account_id,content_id,timestamp_share\n",
        "line 1: the column «account_id» is there twice",
    );
    refused(
        &format!("{header}\no,,c,5\no,a,c\n"),
        "none of the 2 rows can be read; the first one, line 3: there is no account_id",
    );
    refused(&format!("{header}o,a,c,ayer\n"), "timestamp_share «ayer» is neither a number");
    let long = format!(
        "{header}o,a,c,5\no,{},c,6\no,b,c,7\n",
        "x".repeat(crate::coordination::file::rows::ROW_BYTES_MAX)
    );
    let table = read(&long).unwrap();
    assert_eq!((table.shares.len(), table.rejected, table.rejects[0].line), (2, 1, 3));
    assert!(table.rejects[0].reason.starts_with("the row is longer than"));
    let table = read(&format!("{header}o,a,c,5\n\"open,a,c,6\no,b,c,7\n")).unwrap();
    assert_eq!((table.shares.len(), table.rejected, table.rejects[0].line), (2, 1, 3));
    let table = read(&format!("{header}o,a,c,5\n\"open,a,c,6\n")).unwrap();
    assert_eq!((table.shares.len(), table.rejected), (1, 1));
    assert_eq!(read(header).unwrap().shares.len(), 0);
}

#[test]
fn rejects_are_counted_beyond_those_listed() {
    let mut text = "object_id,account_id,content_id,timestamp_share\no,a,c,1\n".to_owned();
    text.push_str(&"o,a,c,\n".repeat(REJECTS_LISTED_MAX + 20));
    let table = read(&text).unwrap();
    assert_eq!((table.rejected, table.rejects.len()), (REJECTS_LISTED_MAX as u64 + 20, REJECTS_LISTED_MAX));
}

/// Times are read in the unit of the file, and what is in another one is told.
#[test]
fn times_have_one_unit() {
    let header = "object_id,account_id,content_id,timestamp_share\n";
    let times = |text: &str| {
        rows(&read(&format!("{header}{text}")).unwrap()).iter().map(|row| row.3).collect::<Vec<_>>()
    };
    assert_eq!(times("o,a,1,1600000000000\no,b,2,1600000001500\n"), [1_600_000_000_000, 1_600_000_001_500]);
    assert_eq!(
        times("o,a,1,1600000000000000\no,b,2,2020-09-13T12:26:41Z\n"),
        [1_600_000_000_000, 1_600_000_001_000]
    );
    let mixed = read(&format!("{header}o,a,1,1600000000\no,b,2,1600000001000\no,c,3,1600000002\n")).unwrap();
    assert_eq!((mixed.shares.len(), mixed.rejected, mixed.rejects[0].line), (2, 1, 3));
    assert!(mixed.rejects[0].reason.contains("is in milliseconds"), "{:?}", mixed.rejects);
    // Seconds of the year 9942 are no milliseconds of 1977.
    refused(&format!("{header}o,a,1,251600000000\no,b,2,251600000001\n"), "none of the 2 rows can be read");
}

/// What a spreadsheet would run is marked, and is the same name when read again.
#[test]
fn formulas_are_marked_and_come_back() {
    let text = "object_id,account_id,content_id,timestamp_share\n\
                \"=HYPERLINK(\"\"x\"\")\",=cmd|'/c calc'!A1,+c,5\n@o,-uno,-100123,6\no,''=d,@,7\n";
    let table = read(text).unwrap();
    assert_eq!(rows(&table)[1], ("@o", "-uno", "-100123", 6_000));
    let mut out = Vec::new();
    write_shares(&table, &mut out).unwrap();
    let written = String::from_utf8(out).unwrap();
    assert!(
        written.contains("\"'=HYPERLINK(\"\"x\"\")\",'=cmd|'/c calc'!A1,'+c,5\n'@o,'-uno,-100123,6\n"),
        "{written}"
    );
    assert_eq!(rows(&read(&written).unwrap()), rows(&table));
}

#[test]
fn headers_in_other_writings() {
    let table = read("Object ID,ACCOUNT_ID,contentId,Timestamp Share\no,a,c,5\n").unwrap();
    assert_eq!(rows(&table), [("o", "a", "c", 5_000)]);
}

#[test]
fn written_and_read_again() {
    let text = "object_id,account_id,content_id,timestamp_share\n\"a,\"\"b\",ñ,c,-0.5\no,a,c,1623881091\n";
    let table = read(text).unwrap();
    let mut out = Vec::new();
    write_shares(&table, &mut out).unwrap();
    let written = String::from_utf8(out).unwrap();
    assert!(written.ends_with("o,a,c,1623881091\n"), "{written}");
    assert_eq!(rows(&read(&written).unwrap()), rows(&table));
}

#[test]
fn bytes_that_are_no_text_do_not_stop_a_table() {
    let mut bytes = b"object_id,account_id,content_id,timestamp_share\n\xff\xfe,a,c,1\n".to_vec();
    bytes.extend(b"o,a,c,1\n");
    let table = read_shares(Box::new(Cursor::new(bytes))).unwrap();
    assert_eq!(table.shares.len(), 2);
}

/// The data that lies beside the repository on some machines; not part of it.
fn shared(name: &str) -> Option<Box<dyn Read + Send>> {
    let path = format!("{}/../../../shared/data/coordination/{name}", env!("CARGO_MANIFEST_DIR"));
    match std::fs::File::open(&path) {
        Ok(file) => Some(Box::new(file)),
        Err(_) => {
            println!("SKIPPED (counted): {name} of ../shared/data is not here");
            None
        }
    }
}

/// Edges by their accounts: weight, seconds, contents of both sides, symmetry, threshold.
type Edges = BTreeMap<(String, String), (u32, f64, u32, u32, f64, u8)>;

fn edges_of(table: impl Read) -> Edges {
    let mut reader = csv::Reader::from_reader(table);
    assert_eq!(reader.headers().unwrap(), EDGE_COLUMNS.as_slice());
    let rows = reader.deserialize::<(String, String, u32, f64, u32, u32, f64, u8)>();
    rows.map(|row| {
        let (a, b, weight, seconds, older, newer, symmetry, heavy) = row.unwrap();
        ((a.clone().min(b.clone()), a.max(b)), (weight, seconds, older, newer, symmetry, heavy))
    })
    .collect()
}

#[track_caller]
fn check_against_the_original(
    table: &ShareTable,
    window_s: u64,
    joint_expected: usize,
    accounts_expected: usize,
) {
    let Some(reference) = shared(&format!("reference/russian_mp2_tw{window_s}_edges.csv.zst")) else {
        return;
    };
    let reference = edges_of(networks::import::unpacked(reference).unwrap());
    let began = Instant::now();
    let rule = CoorTweetRule { window_ms: window_s * 1_000, participation_min: 2 };
    let joint = joint_shares(&table.shares, rule).unwrap();
    let edges = joint_edges(&table.shares, &joint);
    println!(
        "CooRTweet's rule at {window_s} s: {:.1} ms, {} edges",
        began.elapsed().as_secs_f64() * 1e3,
        edges.len()
    );
    let accounts: HashSet<u32> = edges.iter().flat_map(|edge| [edge.a, edge.b]).collect();
    assert_eq!(
        (joint.len(), accounts.len(), edges.len()),
        (joint_expected, accounts_expected, reference.len())
    );

    let mut written = Vec::new();
    write_joint_edges(&edges, &heavier_than(&edges, 0.5), &table.accounts, &mut written).unwrap();
    let found = edges_of(written.as_slice());
    assert!(found.keys().eq(reference.keys()), "other pairs of accounts");
    for (key, expected) in &reference {
        let found = &found[key];
        let counts = |edge: &(u32, f64, u32, u32, f64, u8)| (edge.0, edge.2, edge.3, edge.5);
        assert_eq!(counts(found), counts(expected), "{key:?}");
        // R writes fifteen digits.
        let close = |one: f64, other: f64| (one - other).abs() <= 1e-14 * other.abs().max(1.0);
        assert!(close(found.1, expected.1) && close(found.4, expected.4), "{key:?}: {found:?} {expected:?}");
    }
}

#[test]
fn the_same_edges_as_the_original() {
    let Some(input) = shared("russian_coord_tweets.csv.zst") else { return };
    let table = read_shares(input).unwrap();
    assert_eq!((table.shares.len(), table.accounts.len(), table.rejected), (35_125, 9_509, 0));
    check_against_the_original(&table, 60, 3_791, 2_110);
    check_against_the_original(&table, 10, 447, 525);
}
