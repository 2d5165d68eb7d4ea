-- Received: what pictures of posts look like, never the pictures themselves.
-- They hang on the key of the record, so an edit of the post keeps them, and
-- go with it. The address is a hash: the record itself holds the address.
CREATE TABLE picture (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL CHECK (length(key) = 16),
    position INTEGER NOT NULL CHECK (position >= 0),
    address BLOB NOT NULL CHECK (length(address) = 16),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'hashed', 'plain', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    hash BLOB CHECK (hash IS NULL OR length(hash) = 32),
    quality INTEGER CHECK (quality BETWEEN 0 AND 100),
    version INTEGER,
    fetched_at INTEGER,
    CHECK ((hash IS NULL) = (state IN ('waiting', 'failed'))),
    UNIQUE (key, position)
) STRICT;
CREATE INDEX picture_by_address ON picture (address);
CREATE INDEX picture_waiting ON picture (id) WHERE state = 'waiting';

-- A picture that looks like an earlier one after it was changed, found when it
-- was fetched. Those that look alike as they are need no row.
CREATE TABLE picture_match (
    picture INTEGER NOT NULL,
    other INTEGER NOT NULL,
    distance INTEGER NOT NULL,
    variant TEXT NOT NULL,
    PRIMARY KEY (picture, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_match_by_other ON picture_match (other);
CREATE TRIGGER picture_matches_go AFTER DELETE ON picture
BEGIN DELETE FROM picture_match WHERE picture = OLD.id OR other = OLD.id; END;
