-- Finds the submissions that are due without reading all waiting ones.
CREATE INDEX by_due ON submissions (due_at) WHERE state = 'queued';
