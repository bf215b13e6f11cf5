-- Find the submissions that are due, and those whose wait began in the future because the clock was set back, without
-- reading all waiting ones.
CREATE INDEX by_due ON submissions (due_at) WHERE state = 'queued';
CREATE INDEX by_start_of_wait ON submissions (due_at - wait) WHERE state = 'queued';
