-- Whether the visitor has seen the refusal. Unseen refusals are kept until the operator handles them.
ALTER TABLE submissions ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));
