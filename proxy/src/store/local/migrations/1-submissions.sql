-- One row for each reference, with its latest content and the state of the delivery.
-- Times are milliseconds since 1970; durations are milliseconds.
CREATE TABLE submissions (
    -- Never reused, so that an attempt with older content cannot settle newer content.
    ticket      INTEGER PRIMARY KEY AUTOINCREMENT,
    reference   TEXT NOT NULL UNIQUE,
    form        TEXT NOT NULL,
    -- SHA-256 of the parsed content.
    content     BLOB NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'refused', 'failed')),
    -- Answers and files as JSON. NULL once the CRM has the deal.
    body        TEXT,
    -- The folder of the files in the spool. NULL once the CRM has the deal.
    folder      TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    -- Why the last attempt did not deliver the submission.
    problem     TEXT,
    -- The CRM's reply: a deal as JSON, or the message of a refusal.
    reply       TEXT,
    received_at INTEGER NOT NULL,
    settled_at  INTEGER,
    -- The time of the next attempt, and the wait until then. The wait limits the delay if the wall
    -- clock is set back.
    due_at      INTEGER NOT NULL,
    wait        INTEGER NOT NULL DEFAULT 0,
    -- Until when the CRM asked to wait. This also applies to newer content under the same reference.
    asked_until INTEGER,
    -- The sum of all waits.
    waited      INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'queued') = (settled_at IS NULL)),
    CHECK (state = 'delivered' OR body IS NOT NULL)
) STRICT;

CREATE INDEX by_state ON submissions (state, settled_at);
