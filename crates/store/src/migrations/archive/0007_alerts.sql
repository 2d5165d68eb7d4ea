-- Decided: that a rule fired, with the numbers it saw, and who took note of it.
-- A rule fires once for each subject, whatever became of the group meanwhile.
-- Nothing received is kept here: the posts behind an alert stand by the key of
-- their record, so an edit keeps them, and leave with it.
CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL,
    subject INTEGER NOT NULL,
    at INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    seen_at INTEGER,
    seen_by INTEGER,
    -- The name of who took note, as it was then.
    signed TEXT,
    CHECK ((seen_at IS NULL) = (signed IS NULL)),
    UNIQUE (rule, subject)
) STRICT;
CREATE INDEX alert_open ON alert (id) WHERE seen_at IS NULL;

CREATE TABLE alert_record (
    alert INTEGER NOT NULL REFERENCES alert (id),
    part INTEGER NOT NULL,
    place INTEGER NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 16),
    PRIMARY KEY (alert, part, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_record_by_key ON alert_record (key);
