-- Decided: what people say that a post is, where the method said otherwise. It
-- hangs on the key, so an edit of the post keeps it; the text is never copied.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL CHECK (length(key) = 16),
    head TEXT NOT NULL,
    value TEXT NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER,
    -- Judges the method and never teaches it.
    held_out INTEGER NOT NULL CHECK (held_out IN (0, 1)),
    undone_at INTEGER,
    undone_by INTEGER
) STRICT;
CREATE INDEX correction_by_key ON correction (key);
