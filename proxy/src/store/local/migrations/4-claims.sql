-- The proxy that has the claim on the submission, and the end of its lease. NULL without a claim.
ALTER TABLE submissions ADD COLUMN owner TEXT;
ALTER TABLE submissions ADD COLUMN lease_until INTEGER;
-- Counts the claims on the reference. Only the last claim can settle the submission.
ALTER TABLE submissions ADD COLUMN claim INTEGER NOT NULL DEFAULT 0;
