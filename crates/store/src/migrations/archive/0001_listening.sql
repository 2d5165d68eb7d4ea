-- Times are milliseconds since 1970 in UTC. `user` is a number of instance.db;
-- NULL is the program itself or its command line.

-- Received: one item as a network or file sent it. Ids are the change sequence.
CREATE TABLE record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL CHECK (length(key) = 16),
    kind INTEGER NOT NULL,
    network INTEGER NOT NULL,
    native_id TEXT NOT NULL,
    format INTEGER NOT NULL,
    source INTEGER,
    import INTEGER,
    fetched_at INTEGER NOT NULL,
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 16),
    author BLOB CHECK (author IS NULL OR length(author) = 16),
    body BLOB NOT NULL,
    CHECK ((source IS NULL) <> (import IS NULL))
) STRICT;
CREATE UNIQUE INDEX record_by_key ON record (key);
-- Four bytes find the few rows to compare: a quarter faster to write than all sixteen.
CREATE INDEX record_by_author ON record (substr(author, 1, 4)) WHERE author IS NOT NULL;

-- Other names of records by the key that a deletion under that name has: a
-- Mastodon stream deletes by the server's own number. Hashes only.
CREATE TABLE alias (
    alias BLOB PRIMARY KEY CHECK (length(alias) = 16),
    key BLOB NOT NULL CHECK (length(key) = 16)
) STRICT, WITHOUT ROWID;

-- Ids that left `record` and that the index has not yet forgotten.
CREATE TABLE gone (id INTEGER PRIMARY KEY) STRICT;

-- Keys of deleted items: a late copy must not bring them back.
CREATE TABLE tombstone (
    key BLOB PRIMARY KEY,
    deleted_at INTEGER NOT NULL,
    erased INTEGER NOT NULL CHECK (erased IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Accounts whose posts are not taken again after their erasure.
CREATE TABLE barred_author (author BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Decided: what the workspace listens to.
CREATE TABLE source (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    setup TEXT NOT NULL,
    keep TEXT NOT NULL CHECK (keep IN ('matching', 'all')),
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    secret TEXT,
    cursor TEXT,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    last_ok INTEGER,
    last_error_at INTEGER,
    last_error TEXT,
    wait_until INTEGER,
    received_count INTEGER NOT NULL DEFAULT 0,
    kept_count INTEGER NOT NULL DEFAULT 0,
    rejected_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX source_by_name ON source (name) WHERE removed_at IS NULL;

-- When a source was listening; what lies between two windows is a gap.
CREATE TABLE collection (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    CHECK (to_at >= from_at)
) STRICT;
CREATE INDEX collection_by_source ON collection (source, to_at);

CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    size_bytes INTEGER,
    head_hash BLOB NOT NULL CHECK (length(head_hash) = 16),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'interrupted')),
    line INTEGER NOT NULL DEFAULT 0,
    read_bytes INTEGER NOT NULL DEFAULT 0,
    received_count INTEGER NOT NULL DEFAULT 0,
    new_count INTEGER NOT NULL DEFAULT 0,
    changed_count INTEGER NOT NULL DEFAULT 0,
    same_count INTEGER NOT NULL DEFAULT 0,
    stale_count INTEGER NOT NULL DEFAULT 0,
    buried_count INTEGER NOT NULL DEFAULT 0,
    rejected_count INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

-- Outside data that could not be taken: the newest of each origin are kept, all are counted.
CREATE TABLE reject (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER REFERENCES source (id),
    import INTEGER REFERENCES import (id),
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    at INTEGER NOT NULL,
    CHECK ((source IS NULL) <> (import IS NULL))
) STRICT;
CREATE INDEX reject_by_source ON reject (source, id) WHERE source IS NOT NULL;
CREATE INDEX reject_by_import ON reject (import, id) WHERE import IS NOT NULL;

CREATE TABLE query (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    expression TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    user INTEGER,
    archived_at INTEGER
) STRICT;
CREATE UNIQUE INDEX query_by_name ON query (name) WHERE archived_at IS NULL;

-- Every state of every query, the present one included.
CREATE TABLE query_history (
    id INTEGER PRIMARY KEY,
    query INTEGER NOT NULL REFERENCES query (id),
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    expression TEXT NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER
) STRICT;
CREATE INDEX query_history_by_query ON query_history (query, id);

CREATE TABLE stream (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    expression TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    user INTEGER
) STRICT;

-- Put by people. It hangs on the key, so an edit of the post keeps it.
CREATE TABLE label (
    folded TEXT NOT NULL,
    key BLOB NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER,
    PRIMARY KEY (folded, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_by_key ON label (key);

CREATE TABLE handbook (
    version INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE export (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    user INTEGER
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user INTEGER,
    what TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
