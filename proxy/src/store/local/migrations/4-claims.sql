-- The proxy that delivers the submission, and until when nobody else may. Both are null while none does.
ALTER TABLE submissions ADD COLUMN owner TEXT;
ALTER TABLE submissions ADD COLUMN lease_until INTEGER;
-- Counts the claims on the reference: only the last one settles the submission.
ALTER TABLE submissions ADD COLUMN claim INTEGER NOT NULL DEFAULT 0;
