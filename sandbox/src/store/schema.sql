-- A record is the JSON object that /deals.json shows.
CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);
CREATE TABLE companies (id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);
CREATE TABLE deals (id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);

-- The database itself guarantees that a reference has only one deal.
CREATE UNIQUE INDEX deals_by_reference ON deals (record ->> 'external_reference_id');

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deal_id INTEGER NOT NULL REFERENCES deals (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT,
    sha256 TEXT NOT NULL
);
CREATE INDEX files_by_deal ON files (deal_id);

-- The lists in the CRM's settings: stages, funnels, users, …
CREATE TABLE settings (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (list, name)
);

-- `turn` grows with each deal that a member gets. The member with the lowest `turn` is next.
CREATE TABLE group_members (
    group_name TEXT NOT NULL,
    email TEXT NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (group_name, email)
);
