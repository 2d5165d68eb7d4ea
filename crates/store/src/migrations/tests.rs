use super::*;
use crate::database::Database;
use tempfile::TempDir;

const AT: Timestamp = Timestamp::from_millis(1);
const ONE: MigrationSet =
    MigrationSet { application_id: 77, kind: "test", steps: &["CREATE TABLE a (x INTEGER) STRICT;"] };
const TWO: MigrationSet = MigrationSet {
    application_id: 77,
    kind: "test",
    steps: &["CREATE TABLE a (x INTEGER) STRICT;", "ALTER TABLE a ADD COLUMN y INTEGER;"],
};

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    (folder, path)
}

#[test]
fn an_older_database_is_copied_and_migrated() {
    let (folder, path) = folder();
    let database = Database::open(&path, &ONE, AT).unwrap();
    database.write(|t| Ok(t.execute("INSERT INTO a (x) VALUES (5)", [])?)).unwrap();
    drop(database);
    let copy = folder.path().join("before-migration-2.db");
    assert!(!copy.exists());
    let database = Database::open(&path, &TWO, AT).unwrap();
    let row: (i64, Option<i64>) = database
        .read(|c| Ok(c.query_row("SELECT x, y FROM a", [], |r| Ok((r.get(0)?, r.get(1)?)))?))
        .unwrap();
    assert_eq!(row, (5, None));
    let old = Connection::open(&copy).unwrap();
    assert_eq!(old.query_row("SELECT x FROM a", [], |r| r.get::<_, i64>(0)).unwrap(), 5);
    assert_eq!(pragma(&old, "user_version").unwrap(), 1);
    drop(database);
    Database::open(&path, &TWO, AT).unwrap().check().unwrap();
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let (_folder, path) = folder();
    drop(Database::open(&path, &TWO, AT).unwrap());
    let before = std::fs::read(&path).unwrap();
    let error = Database::open(&path, &ONE, AT).err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error}");
    assert!(error.to_string().contains("newer Atalaya"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_changed_migration_is_noticed() {
    let (_folder, path) = folder();
    drop(Database::open(&path, &ONE, AT).unwrap());
    let edited = MigrationSet { steps: &["CREATE TABLE a (x INTEGER, z TEXT) STRICT;"], ..ONE };
    let error = Database::open(&path, &edited, AT).err().unwrap();
    assert!(matches!(error, StoreError::ChangedMigration { number: 1, .. }), "{error}");
}

#[test]
fn a_failed_migration_changes_nothing() {
    let (_folder, path) = folder();
    drop(Database::open(&path, &ONE, AT).unwrap());
    let broken = MigrationSet {
        steps: &[
            "CREATE TABLE a (x INTEGER) STRICT;",
            "ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO nowhere VALUES (1);",
        ],
        ..ONE
    };
    assert!(Database::open(&path, &broken, AT).is_err());
    let database = Database::open(&path, &TWO, AT).unwrap();
    assert!(
        database.read(|c| Ok(c.query_row("SELECT count(y) FROM a", [], |r| r.get::<_, i64>(0))?)).is_ok()
    );
}

#[test]
fn the_file_of_another_program_is_refused() {
    let (_folder, path) = folder();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    assert!(matches!(Database::open(&path, &ONE, AT).err(), Some(StoreError::Foreign { .. })));
    std::fs::write(&path, "this is no database, but long enough to have a header of its own").unwrap();
    assert!(matches!(Database::open(&path, &ONE, AT).err(), Some(StoreError::Damaged { .. })));
}

#[test]
fn every_commit_is_on_the_disk_before_it_is_acknowledged() {
    let (_folder, path) = folder();
    let database = Database::open(&path, &ARCHIVE, AT).unwrap();
    let values: Vec<i64> = database
        .alone(|c| {
            ["synchronous", "secure_delete", "foreign_keys", "auto_vacuum"]
                .iter()
                .map(|p| pragma(c, p))
                .collect()
        })
        .unwrap();
    assert_eq!(values, [2, 1, 1, 2], "FULL, on, on, incremental");
    let mode: String = database.read(|c| Ok(c.query_row("PRAGMA journal_mode", [], |r| r.get(0))?)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn records_keep_their_place_under_ordered_keys() {
    let (_folder, path) = folder();
    let first = MigrationSet { steps: &ARCHIVE.steps[..1], ..ARCHIVE };
    let id = NativeId::parse("1754000000000000000").unwrap();
    let former = RecordKey::former(RecordKind::Post, Network::X, &id).0.to_vec();
    let database = Database::open(&path, &first, AT).unwrap();
    database
        .write(|t| {
            t.execute(
                "INSERT INTO record (key, kind, network, native_id, format, import, fetched_at, body_hash, body)
                 VALUES (?1, 0, ?2, ?3, 4, 1, 5, zeroblob(16), x'00')",
                (&former, Network::X.code(), id.as_str()),
            )?;
            t.execute("INSERT INTO alias (alias, key) VALUES (zeroblob(16), ?1)", [&former])?;
            let label = "INSERT INTO label (folded, key, text, at, user) VALUES ('a', ?1, 'a', 1, NULL)";
            Ok(t.execute(label, [&former])?)
        })
        .unwrap();
    drop(database);
    let database = Database::open(&path, &ARCHIVE, AT).unwrap();
    let wanted = RecordKey::of(RecordKind::Post, Network::X, &id).0;
    let keys = "SELECT record.key, alias.key, label.key FROM record, alias, label";
    let found: [[u8; 16]; 3] = database
        .read(|c| Ok(c.query_row(keys, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?))
        .unwrap();
    assert_eq!(found, [wanted; 3]);
    assert_ne!(wanted.to_vec(), former);
}
