-- One row for each reference: what was last sent under it, and what became of that.
-- Times are milliseconds since 1970, lengths of time are milliseconds.
CREATE TABLE submissions (
    -- Never used twice: an attempt that began with an older content cannot settle a newer one.
    ticket      INTEGER PRIMARY KEY AUTOINCREMENT,
    reference   TEXT NOT NULL UNIQUE,
    form        TEXT NOT NULL,
    -- SHA-256 of the parsed content.
    content     BLOB NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'refused', 'failed')),
    -- Answers and files as JSON. Gone once the CRM has the deal.
    body        TEXT,
    -- The folder of the files in the spool. Gone likewise.
    folder      TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    -- What came of the last attempt that settled nothing.
    problem     TEXT,
    -- The CRM's reply as JSON, or the words with which it refused.
    reply       TEXT,
    received_at INTEGER NOT NULL,
    settled_at  INTEGER,
    -- When it is to be tried next, and the wait that was chosen then: a wall clock that was set back
    -- meanwhile cannot make it longer.
    due_at      INTEGER NOT NULL,
    wait        INTEGER NOT NULL DEFAULT 0,
    -- The same, where the CRM asked for it: it counts for a content that replaces this one too.
    asked_until INTEGER,
    -- All waits so far.
    waited      INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'queued') = (settled_at IS NULL)),
    CHECK (state = 'delivered' OR body IS NOT NULL)
) STRICT;

CREATE INDEX by_state ON submissions (state, settled_at);
