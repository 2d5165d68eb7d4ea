//! What arrives, changes and goes.

use super::*;

#[test]
fn a_record_comes_back_byte_for_byte() {
    let b = bench();
    let mut records = vec![raw("1", "¡Sin agua otra vez! 🚱", NOW), raw("2", "", NOW)];
    records[1].body = vec![0, 255, 0, 13, 10];
    let mut large = raw("3", "", NOW);
    large.body =
        (0..3_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3..].to_vec()).collect();
    records.push(large);
    let packed: Vec<_> = records.iter().map(|r| pack(r, None).unwrap()).collect();
    let stored = b.store(&packed);
    for (record, stored) in records.iter().zip(stored) {
        let Stored::New(id) = stored else { panic!("{stored:?}") };
        let found = b.archive.load_records(&[id]).unwrap().pop().unwrap();
        assert_eq!((&found.raw, found.id, found.origin), (record, id, Origin::Source(b.source)));
        assert_eq!(b.archive.find_record(record.key()).unwrap().unwrap(), found);
    }
    let mut huge = raw("4", "", NOW);
    huge.body = vec![b'x'; model::record::RECORD_BYTES_MAX + 1];
    assert!(matches!(pack(&huge, None), Err(StoreError::Invalid { .. })));
}

#[test]
fn the_same_bytes_again_change_nothing() {
    let b = bench();
    let records: Vec<_> = (0..50).map(|n| packed(&n.to_string(), "hola", NOW)).collect();
    let first = b.store(&records);
    let second = b.store(&records);
    for (first, second) in first.iter().zip(&second) {
        let (Stored::New(new), Stored::Same(same)) = (first, second) else { panic!("{first:?} {second:?}") };
        assert_eq!(new, same);
    }
    assert_eq!(b.archive.count_records().unwrap(), 50);
    assert_eq!(b.archive.gone(10).unwrap(), Vec::<i64>::new());
}

#[test]
fn an_edit_replaces_and_an_older_copy_does_not() {
    let b = bench();
    let [Stored::New(old)] = b.store(&[packed("1", "antes", NOW)])[..] else { panic!() };
    assert_eq!(b.archive.add_label(&[old], "Urgente", Some(7), NOW).unwrap(), 1);
    let later = NOW.plus(1_000);
    let [Stored::Changed { old: gone, new }] = b.store(&[packed("1", "después", later)])[..] else {
        panic!()
    };
    assert_eq!(gone, old);
    assert!(new > old);
    assert_eq!(b.archive.gone(10).unwrap(), [old]);
    assert_eq!(b.store(&[packed("1", "aún antes", NOW)]), [Stored::Stale(new)]);
    assert_eq!(b.archive.find_record(key("1")).unwrap().unwrap().raw, raw("1", "después", later));
    assert_eq!(b.archive.labelled_ids("urgente").unwrap(), [new], "the label survives the edit");
    b.archive.forget_gone(&[old]).unwrap();
    assert_eq!(b.archive.gone(10).unwrap(), Vec::<i64>::new());
}

#[test]
fn one_batch_may_hold_an_item_several_times() {
    let b = bench();
    let stored =
        b.store(&[packed("1", "a", NOW), packed("1", "b", NOW.plus(1)), packed("1", "b", NOW.plus(2))]);
    let [Stored::New(first), Stored::Changed { old, new }, Stored::Same(same)] = stored[..] else {
        panic!("{stored:?}")
    };
    assert_eq!((old, same), (first, new));
    assert_eq!(b.archive.records_after(0, 10).unwrap().len(), 1);
    assert_eq!(b.archive.highest_record_id().unwrap(), new);
}

#[test]
fn a_deletion_buries_until_it_is_published_again() {
    let b = bench();
    let [Stored::New(id)] = b.store(&[packed("1", "hola", NOW)])[..] else { panic!() };
    b.archive.add_label(&[id], "queja", None, NOW).unwrap();
    let deleted = post_key("1");
    let batch = WriteBatch { removals: vec![Removal::Post(&deleted)], ..b.batch() };
    assert_eq!(b.archive.record_batch(&batch).unwrap().gone, [id]);
    assert_eq!(b.archive.find_record(key("1")).unwrap(), None);
    assert_eq!(b.archive.gone(10).unwrap(), [id]);
    assert_eq!(b.archive.list_labels().unwrap(), []);
    let audit = b.archive.list_audit(None, 10).unwrap();
    assert_eq!(audit[0].details, json!({ "reason": "at_source", "records": 1, "labels": 1 }));

    let late = [packed("1", "hola", NOW.plus(-1)), packed("1", "hola", NOW.plus(RETURN_AFTER_MS))];
    assert_eq!(b.store(&late), [Stored::Buried, Stored::Buried]);
    let much_later = [packed("1", "hola", NOW.plus(RETURN_AFTER_MS + 1))];
    let import = b.archive.begin_import(&NewImport { name: "x", size_bytes: None, head_hash: [1; 16] }, NOW);
    let from_file = WriteBatch {
        incoming: much_later.iter().collect(),
        ..WriteBatch::empty(Origin::Import(import.unwrap().id), NOW)
    };
    assert_eq!(b.archive.record_batch(&from_file).unwrap().stored, [Stored::Buried]);
    assert!(matches!(b.store(&much_later)[..], [Stored::New(again)] if again > id));
}

#[test]
fn what_a_person_erased_never_returns() {
    let b = bench();
    let mut ids: Vec<i64> = b
        .store(&[packed("1", "uno", NOW), packed("2", "dos", NOW)])
        .into_iter()
        .map(|stored| if let Stored::New(id) = stored { id } else { panic!() })
        .collect();
    ids.sort_unstable();
    let other = pack(&raw("3", "de otra", NOW), Some(&account("did:plc:eva"))).unwrap();
    b.store(&[other]);
    assert_eq!(b.archive.find_ids_by_author(&account("did:plc:ana")).unwrap(), ids);
    assert_eq!(b.archive.delete_by_author(&account("did:plc:ana"), true, Some(1), NOW).unwrap(), ids);
    assert_eq!(b.archive.count_records().unwrap(), 1);
    let years_later = NOW.plus(1_000 * RETURN_AFTER_MS);
    assert_eq!(
        b.store(&[packed("1", "uno", years_later), packed("4", "nuevo", years_later)]),
        [Stored::Buried, Stored::Buried]
    );
}

#[test]
fn a_deletion_under_the_other_name_reaches_the_post() {
    let b = bench();
    let name = NativeId::parse("https://social.example#55").unwrap();
    let named = packed("1", "uno", NOW).with_alias(&name);
    let stored = b.store(&[named, packed("2", "dos", NOW)]);
    let Stored::New(id) = stored[0] else { panic!("{stored:?}") };
    let alias = PostKey { network: Network::Bluesky, native_id: name };
    let unknown = post_key("https://social.example#56");
    let batch = WriteBatch { removals: vec![Removal::Alias(&unknown), Removal::Alias(&alias)], ..b.batch() };
    assert_eq!(b.archive.record_batch(&batch).unwrap().gone, [id]);
    assert_eq!(b.archive.count_records().unwrap(), 1);
}

#[test]
fn a_deleted_account_takes_its_posts_along() {
    let b = bench();
    let mut profile = raw("did:plc:ana", "perfil", NOW);
    profile.kind = RecordKind::Account;
    b.store(&[packed("1", "uno", NOW), pack(&profile, None).unwrap()]);
    let gone = account("did:plc:ana");
    let batch = WriteBatch { removals: vec![Removal::Account(&gone)], ..b.batch() };
    assert_eq!(b.archive.record_batch(&batch).unwrap().gone.len(), 2);
    assert_eq!(b.archive.count_records().unwrap(), 0);
}

#[test]
fn retention_leaves_no_tombstone() {
    let b = bench();
    let [Stored::New(id)] = b.store(&[packed("1", "viejo", NOW)])[..] else { panic!() };
    assert_eq!(b.archive.delete_records(&[id, 999], DeletionReason::Retention, None, NOW).unwrap(), 1);
    b.archive.shrink().unwrap();
    assert!(matches!(b.store(&[packed("1", "viejo", NOW)])[..], [Stored::New(_)]));
}

#[test]
fn cursor_counters_and_records_travel_together() {
    let b = bench();
    let records = [packed("1", "uno", NOW)];
    let rejects = [Reject::new(2, "garbage", b"\xff\xfe")];
    let batch = WriteBatch {
        incoming: records.iter().collect(),
        rejects: &rejects,
        received_count: 5,
        cursor: Some("cursor-9"),
        ..b.batch()
    };
    b.archive.record_source_error(b.source, "timeout", Some(NOW.plus(60_000)), NOW).unwrap();
    b.archive.record_batch(&batch).unwrap();
    assert_eq!(b.archive.load_source_cursor(b.source).unwrap().as_deref(), Some("cursor-9"));
    let health = b.archive.load_source_health(b.source).unwrap();
    assert_eq!((health.received_count, health.kept_count, health.rejected_count), (5, 1, 1));
    assert_eq!((health.last_ok, health.wait_until), (Some(NOW), None));
    assert_eq!(health.last_error.as_deref(), Some("timeout"));
    assert_eq!(b.archive.count_rejects(Origin::Source(b.source)).unwrap(), 1);
    // A batch without a cursor leaves the last one.
    b.archive.record_batch(&b.batch()).unwrap();
    assert_eq!(b.archive.load_source_cursor(b.source).unwrap().as_deref(), Some("cursor-9"));
    let missing = WriteBatch::empty(Origin::Source(99), NOW);
    assert!(matches!(b.archive.record_batch(&missing), Err(StoreError::Missing { .. })));
}

#[test]
fn an_author_is_found_by_index() {
    let b = bench();
    let sql = format!("EXPLAIN QUERY PLAN {}", erase::IDS_BY_AUTHOR);
    let plan: String = b
        .archive
        .database
        .read(|connection| Ok(connection.query_row(&sql, [[0_u8; 16].as_slice()], |row| row.get(3))?))
        .unwrap();
    assert!(plan.contains("USING INDEX record_by_author"), "{plan}");
}
