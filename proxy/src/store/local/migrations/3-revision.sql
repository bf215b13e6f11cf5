-- The revision of the content: the page and the number of its request. NULL if the page does not
-- number its requests.
ALTER TABLE submissions ADD COLUMN session TEXT;
ALTER TABLE submissions ADD COLUMN revision INTEGER;
-- Whether a page that does not number its requests told its visitor that the submission arrived.
-- Later content from such a page belongs to another draft.
ALTER TABLE submissions ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1));
-- Whether the CRM may have earlier content of the same reference.
ALTER TABLE submissions ADD COLUMN correction INTEGER NOT NULL DEFAULT 0 CHECK (correction IN (0, 1));
