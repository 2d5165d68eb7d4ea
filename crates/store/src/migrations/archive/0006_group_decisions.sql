-- Decided: what the team says of a group of accounts, and what the group is
-- recognised by when it comes back. Nothing is overwritten: the newest decision
-- about a group counts. Accounts are hashes; a handle goes when its account is
-- deleted at the source, and everything of an account when it is erased.
CREATE TABLE group_decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('confirmed', 'dismissed', 'watch')),
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    user INTEGER,
    -- The name with which it was signed.
    signed TEXT NOT NULL
) STRICT;
CREATE INDEX group_decision_by_group ON group_decision (group_id);

CREATE TABLE group_decision_member (
    decision INTEGER NOT NULL REFERENCES group_decision (id),
    account BLOB NOT NULL CHECK (length(account) = 16),
    handle TEXT,
    PRIMARY KEY (decision, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_decision_member_by_account ON group_decision_member (account);

-- Patrons and targets.
CREATE TABLE group_decision_aim (
    decision INTEGER NOT NULL REFERENCES group_decision (id),
    account BLOB NOT NULL CHECK (length(account) = 16),
    PRIMARY KEY (decision, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_decision_aim_by_account ON group_decision_aim (account);

-- What it shared, as hashes, each with the accounts that ever did.
CREATE TABLE group_decision_object (
    decision INTEGER NOT NULL REFERENCES group_decision (id),
    object INTEGER NOT NULL,
    accounts INTEGER NOT NULL,
    PRIMARY KEY (decision, object)
) STRICT, WITHOUT ROWID;
