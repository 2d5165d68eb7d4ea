-- Decided: what the team answers to what it is often asked. Never deleted, so
-- that what was once said can be looked up.
CREATE TABLE answer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL,
    -- Folded: two spellings of a question are one question.
    folded TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- Codes of ISO 639-1, one a line.
    languages TEXT NOT NULL,
    -- Other ways in which it is asked, one a line.
    wordings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER,
    archived_at INTEGER
) STRICT;
CREATE UNIQUE INDEX answer_by_question ON answer (folded) WHERE archived_at IS NULL;
