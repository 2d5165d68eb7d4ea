//! Sources, imports, and what people decide.

use super::*;

#[test]
fn secrets_are_given_only_when_asked_for() {
    let b = bench();
    let listed = format!(
        "{:?}{:?}{:?}",
        b.archive.list_sources().unwrap(),
        b.archive.load_source(b.source).unwrap(),
        b.archive.list_source_health().unwrap()
    );
    assert!(!listed.contains("s3cr3t"), "{listed}");
    assert!(b.archive.list_sources().unwrap()[0].has_secret);
    assert_eq!(b.archive.load_source_secret(b.source).unwrap().as_deref(), Some("s3cr3t-token"));
    b.archive.remove_source(b.source, NOW).unwrap();
    assert_eq!(b.archive.list_sources().unwrap(), []);
    assert_eq!(b.archive.load_source_secret(b.source).unwrap(), None);
    assert!(matches!(b.archive.remove_source(b.source, NOW), Err(StoreError::Missing { .. })));
}

#[test]
fn another_setup_drops_the_cursor() {
    let b = bench();
    b.archive.record_batch(&WriteBatch { cursor: Some("c"), ..b.batch() }).unwrap();
    let source = b.archive.load_source(b.source).unwrap();
    let update = |setup: &SourceSetup, secret| {
        let new = NewSource { name: "otro nombre", setup, keep: Keep::Matching, secret };
        b.archive.update_source(b.source, &new).unwrap();
    };
    update(&source.setup, Some("clave"));
    assert_eq!(b.archive.load_source_cursor(b.source).unwrap().as_deref(), Some("c"));
    let setup = SourceSetup::Feed { url: "https://example.org/other".to_owned() };
    update(&setup, None);
    assert_eq!(b.archive.load_source_cursor(b.source).unwrap(), None);
    assert_eq!(b.archive.load_source_secret(b.source).unwrap().as_deref(), Some("clave"), "left as it was");
    let search = |identifier: &str, words: &str| SourceSetup::BlueskySearch {
        service: "https://bsky.example".to_owned(),
        identifier: identifier.to_owned(),
        search: words.to_owned(),
    };
    update(&search("ana", "agua"), None);
    b.archive.record_batch(&WriteBatch { cursor: Some("d"), ..b.batch() }).unwrap();
    update(&search("beto", "agua"), None);
    assert_eq!(b.archive.load_source_cursor(b.source).unwrap().as_deref(), Some("d"), "another log-in");
    update(&search("beto", "luz"), None);
    assert_eq!(b.archive.load_source_cursor(b.source).unwrap(), None);
    update(&setup, None);
    assert_eq!(b.archive.load_source(b.source).unwrap().keep, Keep::Matching);
    let same = NewSource { name: "otro nombre", setup: &setup, keep: Keep::All, secret: None };
    assert!(matches!(b.archive.insert_source(&same, NOW), Err(StoreError::Taken { .. })));
}

#[test]
fn a_silence_is_a_gap() {
    let b = bench();
    let at = |minutes: i64| NOW.plus(minutes * MINUTE_MS);
    for minute in [0, 1, 3, 60, 61, 59] {
        b.archive.record_listening(b.source, at(minute)).unwrap();
    }
    let source = b.source;
    assert_eq!(
        b.archive.list_windows(at(-10), at(100)).unwrap(),
        [Window { source, from: at(0), to: at(3) }, Window { source, from: at(60), to: at(61) }]
    );
    assert_eq!(
        b.archive.list_gaps(at(-10), at(62)).unwrap(),
        [Window { source, from: at(3), to: at(60) }],
        "not before the source was made, not yet after its last sign"
    );
    let late = at(61).plus(LISTENING_GAP_MS + 1);
    assert_eq!(b.archive.list_gaps(at(62), late).unwrap(), [], "too short a span");
    assert_eq!(
        b.archive.list_gaps(at(50), late).unwrap(),
        [Window { source, from: at(50), to: at(60) }, Window { source, from: at(61), to: late }]
    );
}

#[test]
fn an_interrupted_import_goes_on_where_it_stopped() {
    let b = bench();
    let file = NewImport { name: "a.jsonl", size_bytes: Some(900), head_hash: [3; 16] };
    let run = b.archive.begin_import(&file, NOW).unwrap();
    let records = [packed("1", "uno", NOW), packed("1", "uno", NOW)];
    let rejects: Vec<Reject> = (0..3).map(|line| Reject::new(line, "bad", b"x")).collect();
    let batch = WriteBatch {
        incoming: records.iter().collect(),
        rejects: &rejects,
        received_count: 5,
        progress: Some(ImportProgress { line: 5, read_bytes: 450 }),
        ..WriteBatch::empty(Origin::Import(run.id), NOW)
    };
    b.archive.record_batch(&batch).unwrap();
    assert_eq!(b.archive.interrupt_running_imports(NOW).unwrap(), 1);
    let other = b.archive.begin_import(&NewImport { size_bytes: Some(901), ..file }, NOW).unwrap();
    assert_ne!(other.id, run.id);
    let again = b.archive.begin_import(&file, NOW).unwrap();
    assert_eq!((again.id, again.progress.line, again.state), (run.id, 5, ImportState::Running));
    let expected = ImportCounts { received: 5, new: 1, same: 1, rejected: 3, ..ImportCounts::default() };
    assert_eq!(again.counts, expected);
    b.archive.finish_import(run.id, NOW).unwrap();
    assert_eq!(b.archive.load_import(run.id).unwrap().state, ImportState::Done);
    assert_ne!(b.archive.begin_import(&file, NOW).unwrap().id, run.id, "a finished file is a new run");
    assert_eq!(b.archive.list_imports(10).unwrap().len(), 3);
}

#[test]
fn the_newest_rejects_are_kept_and_all_are_counted() {
    let b = bench();
    let rejects: Vec<Reject> = (0..4_000).map(|line| Reject::new(line, "bad", b"x")).collect();
    for _ in 0..3 {
        b.archive.record_batch(&WriteBatch { rejects: &rejects, ..b.batch() }).unwrap();
    }
    let origin = Origin::Source(b.source);
    assert_eq!(b.archive.count_rejects(origin).unwrap(), 12_000);
    let kept = b.archive.list_rejects(Some(origin), None, usize::MAX).unwrap();
    assert_eq!(kept.len(), REJECTS_MAX);
    assert_eq!((kept[0].id, kept[0].reject.line), (12_000, 3_999));
    assert_eq!(b.archive.list_rejects(Some(Origin::Import(1)), None, 10).unwrap(), []);
    assert_eq!(b.archive.list_rejects(None, Some(2_003), 10).unwrap().len(), 2);
}

#[test]
fn queries_keep_their_history() {
    let b = bench();
    let first = NewQuery { name: "Marca", purpose: Purpose::OwnBrand, expression: "agua" };
    let query = b.archive.insert_query(&first, Some(1), NOW).unwrap();
    assert_eq!((query.version, query.purpose), (1, Purpose::OwnBrand));
    assert!(matches!(b.archive.insert_query(&first, None, NOW), Err(StoreError::Taken { .. })));
    let renamed = b.archive.update_query(query.id, &NewQuery { name: "Otra", ..first }, None, NOW).unwrap();
    assert_eq!((renamed.version, renamed.name.as_str()), (1, "Otra"));
    let changed = NewQuery { expression: "agua OR luz", ..first };
    assert_eq!(b.archive.update_query(query.id, &changed, Some(2), NOW).unwrap().version, 2);
    let history = b.archive.list_query_history(query.id).unwrap();
    let versions: Vec<_> = history.iter().map(|v| (v.version, v.expression.as_str(), v.by)).collect();
    assert_eq!(versions, [(1, "agua", Some(1)), (1, "agua", None), (2, "agua OR luz", Some(2))]);
    b.archive.archive_query(query.id, NOW).unwrap();
    assert_eq!(b.archive.list_queries().unwrap(), []);
    assert_eq!(b.archive.load_query(query.id).unwrap().expression, "agua OR luz");
    assert!(matches!(b.archive.update_query(query.id, &first, None, NOW), Err(StoreError::Missing { .. })));
    b.archive.insert_query(&first, None, NOW).unwrap();
}

#[test]
fn streams_labels_handbook_settings_exports_and_audit() {
    let b = bench();
    let a = &b.archive;
    let stream = a.insert_stream("Quejas", "label:queja", None, NOW).unwrap();
    a.update_stream(stream.id, "Quejas", "label:queja lang:es").unwrap();
    assert_eq!(a.load_stream(stream.id).unwrap().expression, "label:queja lang:es");
    a.remove_stream(stream.id).unwrap();
    assert_eq!(a.list_streams().unwrap(), []);

    b.store(&[packed("1", "uno", NOW), packed("2", "dos", NOW)]);
    assert_eq!(a.add_label(&[1, 2, 77], " Atención ", Some(1), NOW).unwrap(), 2);
    assert_eq!(a.add_label(&[1], "atencion", Some(1), NOW).unwrap(), 0, "folded alike: one label");
    assert_eq!(a.labelled_ids("atencion").unwrap(), [1, 2]);
    assert_eq!(a.labels_of(&[1, 77]).unwrap().get(&1).unwrap()[0].text, "Atención");
    assert_eq!(a.remove_label(&[1], "ATENCIÓN").unwrap(), 1);
    assert_eq!(a.list_labels().unwrap()[0].count, 1);
    assert!(matches!(a.add_label(&[1], "  ", None, NOW), Err(StoreError::Invalid { .. })));

    assert_eq!(a.load_handbook().unwrap(), (BrandHandbook::default(), 0));
    let handbook = BrandHandbook { tone: "cercano".to_owned(), ..BrandHandbook::default() };
    assert_eq!(a.update_handbook(&handbook, None, NOW).unwrap(), 1);
    assert_eq!(a.load_handbook().unwrap(), (handbook, 1));

    assert_eq!(a.load_settings().unwrap(), Settings { retention_days: None });
    a.update_settings(&Settings { retention_days: Some(90) }).unwrap();
    assert_eq!(a.load_settings().unwrap(), Settings { retention_days: Some(90) });

    let export = a.insert_export("e.csv", NOW.plus(1), None, NOW).unwrap();
    assert_eq!(a.list_exports().unwrap()[0].file_name, "e.csv");
    a.remove_export(export).unwrap();
    assert!(matches!(a.remove_export(export), Err(StoreError::Missing { .. })));

    a.record_audit(Some(1), "query.insert", &json!({ "query": 1 }), NOW).unwrap();
    assert_eq!(a.list_audit(None, 10).unwrap()[0].what, "query.insert");
    for sql in ["UPDATE audit SET what = ''", "DELETE FROM audit"] {
        let error = a.database.write(|t| Ok(t.execute(sql, [])?)).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}

#[test]
fn corrections_stand_until_undone_and_go_with_their_post() {
    let b = bench();
    let stored = b.store(&[packed("1", "hola", NOW), packed("2", "adiós", NOW)]);
    let [Stored::New(one), Stored::New(two)] = stored[..] else { panic!("{stored:?}") };
    let new =
        |record, value| NewCorrection { record, head: "tone", value, held_out: false, by: Some(7), at: NOW };
    let first = b.archive.insert_correction(&new(one, "negative")).unwrap().unwrap();
    let second = b.archive.insert_correction(&new(two, "positive")).unwrap().unwrap();
    assert_eq!(b.archive.insert_correction(&new(999, "positive")).unwrap(), None);
    assert!(b.archive.insert_correction(&new(one, &"x".repeat(65))).is_err());
    let standing = |archive: &Archive| {
        archive.standing_corrections().unwrap().iter().map(|c| (c.id, c.record)).collect::<Vec<_>>()
    };
    assert_eq!(standing(&b.archive), [(first, Some(one)), (second, Some(two))]);
    // An edit keeps what was decided of the post.
    let edited = b.store(&[packed("1", "hola de nuevo", NOW.plus(5))]);
    let [Stored::Changed { new: one, .. }] = edited[..] else { panic!("{edited:?}") };
    assert_eq!(standing(&b.archive), [(first, Some(one)), (second, Some(two))]);
    let undone = b.archive.undo_correction(second, Some(8), NOW).unwrap().unwrap();
    assert_eq!((undone.record, undone.value.as_str()), (Some(two), "positive"));
    assert_eq!(b.archive.undo_correction(second, Some(8), NOW).unwrap(), None);
    assert_eq!(standing(&b.archive), [(first, Some(one))]);
    assert_eq!(b.archive.list_corrections(None, 10).unwrap().len(), 2);
    let ids = [one, two];
    b.archive.delete_records(&ids, DeletionReason::Erasure, None, NOW).unwrap();
    assert_eq!(standing(&b.archive), []);
}

#[test]
fn labels_of_a_file_come_with_their_records_and_leave_what_people_decided() {
    let b = bench();
    let a = &b.archive;
    let label = |id: &str, text: &str, label: &str| {
        let raw = raw(id, text, NOW);
        IncomingLabel { key: raw.key(), body_hash: raw.body_hash(), text: label.to_owned() }
    };
    let labels = [
        label("1", "uno", "queja"),
        label("1", "uno", "Agua"),
        label("2", "dos", "queja"),
        label("2", "dos", &"x".repeat(61)),
        label("2", "dos", "con \"comillas\""),
        label("9", "nunca escrito", "queja"),
    ];
    let write = |packed: &PackedRecord| {
        let mut batch = b.batch();
        batch.incoming = vec![packed];
        a.record_batch(&batch).unwrap();
    };
    let put = a.label_incoming(&labels, Some(1), NOW).unwrap();
    assert_eq!((put.put, put.refused), (4, 2));
    write(&packed("1", "uno", NOW));
    write(&packed("2", "dos", NOW));
    assert_eq!(a.remove_labels_without_record(&labels).unwrap(), 1);
    assert_eq!(a.labelled_ids("queja").unwrap(), [1, 2]);
    assert_eq!(a.labelled_ids("agua").unwrap(), [1]);
    a.remove_label(&[1], "queja").unwrap();
    assert_eq!(a.label_incoming(&labels[..3], Some(1), NOW).unwrap().put, 0, "the same file again");
    assert_eq!(a.labelled_ids("queja").unwrap(), [2], "a person took it off");
    let changed = label("1", "uno, corregido", "queja");
    assert_eq!(a.label_incoming(&[changed], Some(1), NOW).unwrap().put, 1, "other bytes, another statement");
    a.delete_records(&[2], DeletionReason::Erasure, None, NOW).unwrap();
    assert_eq!(a.label_incoming(&labels[2..3], Some(1), NOW).unwrap().put, 0, "what was erased gets none");
}

#[test]
fn decisions_about_groups_are_kept_with_what_a_group_is_recognised_by() {
    let b = bench();
    let account =
        |name: &str| AccountKey { network: Network::Mastodon, native_id: NativeId::parse(name).unwrap() };
    let members = [(account("uno"), Some("granja_uno".to_owned())), (account("dos"), None)];
    let aims = [account("patron")];
    let objects = [(u64::MAX, 7), (1, 2)];
    let new = NewGroupDecision {
        group: "00ff",
        decision: model::GroupDecision::Watch,
        note: "nota",
        by: Some(3),
        signed: "Ana",
        at: NOW,
        members: &members,
        aims: &aims,
        objects: &objects,
    };
    b.archive.insert_group_decision(&new).unwrap();
    let later = NewGroupDecision { decision: model::GroupDecision::Dismissed, at: NOW.plus(1), ..new };
    b.archive.insert_group_decision(&later).unwrap();
    b.archive.insert_group_decision(&NewGroupDecision { group: "01", ..new }).unwrap();
    let found = b.archive.group_decisions().unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].group.as_str(), found[1].group.as_str()), ("01", "00ff"));
    let newest = &found[1];
    assert_eq!((newest.decision, newest.at, newest.by), (later.decision, later.at, Some(3)));
    assert_eq!((newest.signed.as_str(), newest.note.as_str()), ("Ana", "nota"));
    assert_eq!(
        (newest.handles.as_slice(), newest.aims.as_slice()),
        (&["granja_uno".to_owned()][..], &[account_number(&aims[0])][..])
    );
    let mut numbers: Vec<u64> = members.iter().map(|(account, _)| account_number(account)).collect();
    numbers.sort_unstable();
    assert_eq!(newest.members, numbers);
    let mut stored = newest.objects.clone();
    stored.sort_unstable();
    assert_eq!(stored, [(1, 2), (u64::MAX, 7)]);
    assert_eq!(b.archive.decisions_of_group("00ff").unwrap().len(), 2);
    let audit = b.archive.list_audit(None, 1).unwrap();
    assert_eq!((audit[0].what.as_str(), audit[0].by), ("group_decision", Some(3)));
    assert!(!audit[0].details.to_string().contains("nota"));

    // Deleted by its network: the handle goes, the hash stays. Erased: all of it goes.
    let removal = WriteBatch { removals: vec![Removal::Account(&members[0].0)], ..b.batch() };
    b.archive.record_batch(&removal).unwrap();
    assert!(b.archive.scrub_due().unwrap().is_some());
    let found = b.archive.group_decisions().unwrap();
    assert!(found.iter().all(|one| one.members == numbers && one.handles.is_empty()));
    b.archive.delete_by_author(&members[0].0, false, None, NOW).unwrap();
    b.archive.delete_by_author(&aims[0], false, None, NOW).unwrap();
    let found = b.archive.group_decisions().unwrap();
    assert!(found.iter().all(|one| one.members == [account_number(&members[1].0)] && one.aims.is_empty()));
}

#[test]
fn a_decision_past_a_limit_is_refused() {
    let b = bench();
    let ok = NewGroupDecision {
        group: "00ff",
        decision: model::GroupDecision::Confirmed,
        note: "",
        by: None,
        signed: "operator",
        at: NOW,
        members: &[],
        aims: &[],
        objects: &[],
    };
    let long = "a".repeat(groups::GROUP_NOTE_BYTES_MAX + 1);
    let objects = vec![(0, 1); groups::GROUP_OBJECTS_MAX + 1];
    for wrong in [
        NewGroupDecision { group: "", ..ok },
        NewGroupDecision { signed: "", ..ok },
        NewGroupDecision { note: &long, ..ok },
        NewGroupDecision { objects: &objects, ..ok },
    ] {
        let refused = b.archive.insert_group_decision(&wrong);
        assert!(matches!(refused, Err(StoreError::Invalid { .. })), "{refused:?}");
    }
    assert_eq!(b.archive.group_decisions().unwrap(), []);
    b.archive.insert_group_decision(&ok).unwrap();
}

#[test]
fn the_same_decision_again_is_not_kept_twice() {
    let b = bench();
    let first = NewGroupDecision {
        group: "00ff",
        decision: model::GroupDecision::Watch,
        note: "otra semana",
        by: Some(3),
        signed: "Ana",
        at: NOW,
        members: &[],
        aims: &[],
        objects: &[],
    };
    let insert = |new: &NewGroupDecision<'_>| b.archive.insert_group_decision(new).unwrap();
    let id = insert(&first);
    assert_eq!(insert(&NewGroupDecision { at: NOW.plus(9_000), ..first }), id);
    assert_eq!(b.archive.decisions_of_group("00ff").unwrap().len(), 1);
    assert_eq!(b.archive.list_audit(None, 9).unwrap().len(), 1, "nor audited twice");
    let others = [
        NewGroupDecision { note: "otra vez", ..first },
        NewGroupDecision { by: None, ..first },
        NewGroupDecision { decision: model::GroupDecision::Confirmed, ..first },
        NewGroupDecision { group: "00aa", ..first },
        // Somebody decided something else in between.
        first,
    ];
    for (place, other) in others.iter().enumerate() {
        assert_eq!(insert(other), id + 1 + place as i64, "{other:?}");
    }
}
