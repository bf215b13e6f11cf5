-- Whether the visitor has heard of it. What was refused unheard stays until the operator settles it.
ALTER TABLE submissions ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));
