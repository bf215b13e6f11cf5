-- Times are milliseconds since 1970; durations are milliseconds.

-- The time by the clock of the database. The clocks of several proxies differ, so leases and due times use only this
-- one. It is the time of the call, because the time of a transaction is that of its start.
CREATE FUNCTION deal_proxy_now() RETURNS bigint LANGUAGE sql VOLATILE
    AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- The sets of files in the object store. A set is inserted before its first upload, and deleted after its objects.
CREATE TABLE file_sets (
    id         text PRIMARY KEY,
    created_at bigint NOT NULL DEFAULT deal_proxy_now(),
    -- Whether all uploads have succeeded. Otherwise, a late request may still create an object.
    sealed     boolean NOT NULL DEFAULT false,
    -- Whether a proxy removes the objects. No submission can begin to refer to such a set.
    removing   boolean NOT NULL DEFAULT false
);

-- The objects of each set.
CREATE TABLE file_objects (
    set_id     text NOT NULL REFERENCES file_sets ON DELETE CASCADE,
    name       text NOT NULL,
    object_key text NOT NULL,
    -- The multipart upload, which has to be aborted if it is not completed.
    upload_id  text,
    PRIMARY KEY (set_id, name)
);

CREATE INDEX file_sets_by_age ON file_sets (created_at);

-- The numbers of all contents. A number is never reused, so that an attempt with older content cannot settle newer
-- content.
CREATE SEQUENCE tickets;

-- One row for each reference, with its latest content and the state of the delivery.
CREATE TABLE submissions (
    reference      text PRIMARY KEY,
    ticket         bigint NOT NULL UNIQUE DEFAULT nextval('tickets'),
    -- Counts the changes of the row. A proxy changes only the version that it has read.
    version        bigint NOT NULL DEFAULT 1,
    form           text NOT NULL,
    -- SHA-256 of the parsed content.
    content        bytea NOT NULL,
    state          text NOT NULL CHECK (state IN ('queued', 'delivered', 'refused', 'failed')),
    -- Answers and files as JSON. NULL once the CRM has the deal. It is text, because `json` functions refuse a NUL
    -- character in an answer.
    answers        text,
    -- The set of files. NULL once the CRM has the deal.
    files          text,
    -- The approximate space that the files use, for the quota.
    file_bytes     bigint NOT NULL DEFAULT 0,
    attempts       bigint NOT NULL DEFAULT 0,
    -- Why the last attempt did not deliver the submission.
    problem        text,
    -- The CRM's reply: a deal as JSON, or the message of a refusal.
    reply          text,
    received_at    bigint NOT NULL,
    settled_at     bigint,
    -- The time of the next attempt, and the wait until then, which is 0 for an immediate attempt.
    due_at         bigint NOT NULL,
    wait           bigint NOT NULL DEFAULT 0,
    -- Until when the CRM asked to wait. This also applies to newer content under the same reference.
    deferred_until bigint,
    -- The sum of all waits.
    waited         bigint NOT NULL DEFAULT 0,
    -- Whether the visitor has seen the refusal.
    seen           boolean NOT NULL DEFAULT false,
    -- The revision of the content: the page and the number of its request.
    session        text,
    revision       bigint,
    -- Whether a page that does not number its requests has confirmed that the submission arrived.
    confirmed      boolean NOT NULL DEFAULT false,
    -- Whether the CRM may have earlier content of the same reference.
    correction     boolean NOT NULL DEFAULT false,
    -- The proxy that has, or had, the last claim, and the end of its lease. `lease_until` is NULL if the claim has ended.
    owner          text,
    lease_until    bigint,
    -- Counts the claims on the reference. Only the last claim can settle the submission.
    claim          bigint NOT NULL DEFAULT 0,
    CHECK ((state = 'queued') = (settled_at IS NULL)),
    CHECK (state = 'delivered' OR answers IS NOT NULL)
);

CREATE INDEX submissions_due ON submissions (due_at, ticket) WHERE state = 'queued';
CREATE INDEX submissions_settled ON submissions (state, settled_at);
CREATE INDEX submissions_by_files ON submissions (files) WHERE files IS NOT NULL;

-- Refuses a submission whose files do not exist or are being removed. The lock makes a proxy that is about to remove
-- them wait; it then finds the submission. It is `FOR SHARE`, because `FOR KEY SHARE` would not stop an update of
-- `removing`.
CREATE FUNCTION check_file_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM file_sets WHERE id = NEW.files AND NOT removing FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the files of the submission do not exist or are being removed'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'submissions_file_set';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER submissions_file_set_of_new BEFORE INSERT ON submissions
    FOR EACH ROW WHEN (NEW.files IS NOT NULL) EXECUTE FUNCTION check_file_set();
CREATE TRIGGER submissions_file_set_of_changed BEFORE UPDATE OF files ON submissions
    FOR EACH ROW WHEN (NEW.files IS NOT NULL AND NEW.files IS DISTINCT FROM OLD.files)
    EXECUTE FUNCTION check_file_set();
