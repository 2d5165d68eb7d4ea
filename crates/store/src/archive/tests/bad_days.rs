//! Full disks, failures half way, damage, erasure, copies.

use super::*;

#[test]
fn erased_text_is_in_no_byte_of_the_folder() {
    let b = bench();
    // Incompressible and plain, so that the text itself would be found.
    let secret = "zQ7#kP2!vX9@wL4$";
    let mut erased = raw("1", secret, NOW);
    erased.body = secret.as_bytes().to_vec();
    let mut records = vec![pack(&erased, Some(&account("did:plc:ana"))).unwrap()];
    for n in 0..2_000 {
        let other = raw(&format!("otra-{n}"), &format!("texto {n}"), NOW);
        records.push(pack(&other, Some(&account("did:plc:eva"))).unwrap());
    }
    b.store(&records);
    let reject = [Reject::new(3, "no date", format!("@ZQ7#kp2!vX9@wL4$ {secret}").as_bytes())];
    b.archive.record_batch(&WriteBatch { rejects: &reject, ..b.batch() }).unwrap();
    std::fs::write(b.folder.path().join("before-migration-2.db"), secret).unwrap();
    assert!(!files_holding(b.folder.path(), secret).is_empty(), "the test can find it at all");

    assert_eq!(b.archive.scrub_due().unwrap(), None);
    b.archive.delete_by_author(&account("did:plc:ana"), true, None, NOW).unwrap();
    assert_eq!(b.archive.delete_rejects_containing(secret, NOW).unwrap(), 1);
    assert_eq!(b.archive.scrub_due().unwrap(), Some(NOW));
    b.archive.scrub().unwrap();
    assert_eq!(b.archive.scrub_due().unwrap(), None);
    assert_eq!(files_holding(b.folder.path(), secret), Vec::<String>::new());
    for record in b.archive.records_after(0, 10_000).unwrap() {
        assert!(!String::from_utf8_lossy(&record.raw.body).contains(secret));
    }
    b.archive.check().unwrap();
}

fn files_holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// A batch that touches every table a batch can touch.
fn full_batch<'a>(
    b: &Bench,
    records: &'a [PackedRecord],
    rejects: &'a [Reject],
    deleted: &'a PostKey,
) -> WriteBatch<'a> {
    WriteBatch {
        at: NOW.plus(10 * MINUTE_MS),
        incoming: records.iter().collect(),
        removals: vec![Removal::Post(deleted)],
        rejects,
        received_count: 400,
        cursor: Some("after"),
        ..WriteBatch::empty(Origin::Source(b.source), NOW)
    }
}

#[test]
fn a_full_disk_fails_the_whole_batch() {
    let b = bench();
    b.store(&[packed("edited", "uno", NOW), packed("deleted", "dos", NOW)]);
    let mut records: Vec<_> =
        (0..300).map(|n| packed(&n.to_string(), &format!("{n} {}", "zyx".repeat(n % 90)), NOW)).collect();
    records.push(packed("edited", "otro", NOW.plus(5)));
    let rejects = [Reject::new(1, "bad", &[b'r'; 2_000])];
    let deleted = post_key("deleted");
    let batch = full_batch(&b, &records, &rejects, &deleted);
    let before = b.state();
    let pages: u32 =
        b.archive.database.alone(|c| Ok(c.query_row("PRAGMA page_count", [], |r| r.get(0))?)).unwrap();
    let mut failed = 0;
    for room in 0.. {
        b.archive
            .database
            .alone(|c| Ok(c.query_row(&format!("PRAGMA max_page_count = {}", pages + room), [], |_| Ok(()))?))
            .unwrap();
        match b.archive.record_batch(&batch) {
            Err(StoreError::Full { .. }) => failed += 1,
            Err(other) => panic!("{other}"),
            Ok(_) => break,
        }
        assert_eq!(b.state(), before, "with room for {room} pages");
    }
    assert!(failed > 5, "the disk was full at {failed} places");
    assert_eq!(b.archive.count_records().unwrap(), 301);
    b.archive.check().unwrap();
}

#[test]
fn a_failure_at_any_table_leaves_nothing_behind() {
    let tables = [
        "AFTER INSERT ON main.record",
        "BEFORE DELETE ON main.record",
        "AFTER INSERT ON main.gone",
        "AFTER INSERT ON main.tombstone",
        "AFTER INSERT ON main.reject",
        "AFTER INSERT ON main.audit",
        "AFTER INSERT ON main.setting",
        "AFTER INSERT ON main.collection",
        "AFTER UPDATE ON main.source",
    ];
    for table in tables {
        let b = bench();
        b.store(&[packed("edited", "uno", NOW), packed("deleted", "dos", NOW)]);
        let records = [packed("new", "tres", NOW), packed("edited", "otro", NOW.plus(5))];
        let rejects = [Reject::new(1, "bad", b"x")];
        let deleted = post_key("deleted");
        let batch = full_batch(&b, &records, &rejects, &deleted);
        let before = b.state();
        let trip = format!("CREATE TEMP TRIGGER trip {table} BEGIN SELECT RAISE(FAIL, 'tripped'); END");
        b.archive.database.alone(|c| Ok(c.execute_batch(&trip)?)).unwrap();
        let error = b.archive.record_batch(&batch).unwrap_err();
        assert!(error.to_string().contains("tripped"), "{table}: {error}");
        assert_eq!(b.state(), before, "{table}");
        b.archive.database.alone(|c| Ok(c.execute_batch("DROP TRIGGER trip")?)).unwrap();
        b.archive.record_batch(&batch).unwrap();
        assert_ne!(b.state(), before, "{table}");
    }
}

#[test]
fn all_is_there_after_opening_again() {
    let b = bench();
    b.store(&[packed("1", "uno", NOW)]);
    // No close: what is acknowledged is in the file, as after kill -9.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(b.folder.path()).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    let again = Archive::open(copy.path(), NOW).unwrap();
    assert_eq!(again.find_record(key("1")).unwrap().unwrap().raw, raw("1", "uno", NOW));
    again.check().unwrap();
}

#[test]
fn a_backup_is_a_workspace_of_its_own() {
    let b = bench();
    b.store(&[packed("1", "uno", NOW)]);
    let copy = tempfile::tempdir().unwrap();
    b.archive.backup_to(&copy.path().join(ARCHIVE_FILE)).unwrap();
    b.store(&[packed("2", "dos", NOW)]);
    let restored = Archive::open(copy.path(), NOW).unwrap();
    restored.check().unwrap();
    assert_eq!(restored.count_records().unwrap(), 1);
    assert_eq!(restored.highest_record_id().unwrap(), 1);
    assert_eq!(
        std::fs::read_dir(copy.path())
            .unwrap()
            .filter(|e| { e.as_ref().unwrap().file_name().to_string_lossy().ends_with(".partial") })
            .count(),
        0
    );
}

#[test]
fn a_row_that_cannot_be_read_stops_loudly() {
    let damage = [
        "UPDATE record SET body = x'01ffffffff'",
        "UPDATE record SET body = x'00414243'",
        "UPDATE record SET body = x'09414243'",
        "UPDATE record SET body = x''",
        "UPDATE record SET format = 200",
        "UPDATE record SET network = 200",
        "UPDATE record SET kind = 9",
        "UPDATE record SET kind = 9000",
        "UPDATE record SET native_id = ''",
    ];
    for sql in damage {
        let b = bench();
        b.store(&[packed("1", "uno", NOW)]);
        b.archive.database.write(|t| Ok(t.execute(sql, [])?)).unwrap();
        let error = b.archive.load_records(&[1]).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{sql}: {error:?}");
        assert!(error.to_string().contains("restore the last backup"), "{error}");
    }
}
