-- The ledger's state: a fold of the log, which can be emptied at any time and is then made again from the log alone.
-- Nothing here is the truth; what the log says is.

CREATE TABLE ledger.topics (
    name       text PRIMARY KEY,
    partitions integer NOT NULL CHECK (partitions > 0)
);
COMMENT ON TABLE ledger.topics IS 'The number of partitions of the ledger topic, recorded when it was first seen; it never changes.';

CREATE TABLE ledger.positions (
    partition     integer PRIMARY KEY CHECK (partition >= 0),
    next_offset   bigint NOT NULL CHECK (next_offset >= 0),
    intake_offset bigint CHECK (intake_offset >= 0),
    judged_offset bigint NOT NULL DEFAULT -1,
    judged_index  bigint NOT NULL DEFAULT -1
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.positions IS 'Where a partition was folded up to; changed only by comparing next_offset with what it was.';
COMMENT ON COLUMN ledger.positions.intake_offset IS 'The first intake record whose receipts are not out; null: none is known, begin with the first.';
COMMENT ON COLUMN ledger.positions.judged_offset IS 'With judged_index the highest submission of this partition''s intake that an entry bears.';

CREATE TABLE ledger.portfolios (
    portfolio     text PRIMARY KEY,
    partition     integer NOT NULL CHECK (partition >= 0),
    entry         bigint NOT NULL CHECK (entry >= -1),
    hash          text NOT NULL,
    tip           text,
    recordedtime  text NOT NULL,
    stop_offset   bigint,
    stop_hash     text,
    stop_detail   text,
    intake_offset bigint
) WITH (fillfactor = 50);
CREATE INDEX portfolios_by_partition ON ledger.portfolios (partition);
CREATE INDEX portfolios_stopped ON ledger.portfolios (portfolio) WHERE stop_offset IS NOT NULL;
COMMENT ON TABLE ledger.portfolios IS 'The ledger''s place in a portfolio: its head, its tip, where it stopped at an orphan.';
COMMENT ON COLUMN ledger.portfolios.recordedtime IS 'That of the last entry, from which the next one may not go back.';
COMMENT ON COLUMN ledger.portfolios.intake_offset IS 'A stopped portfolio''s own position: its first submission that waits.';

CREATE TABLE ledger.subjects (
    portfolio text NOT NULL,
    subject   text NOT NULL,
    version   bigint NOT NULL CHECK (version >= 0),
    state     jsonb,
    PRIMARY KEY (portfolio, subject)
) WITH (fillfactor = 70);
COMMENT ON TABLE ledger.subjects IS 'What the rules need to know of a subject, or of an index beside subjects, and how many events it has.';

CREATE TABLE ledger.entries (
    portfolio    text NOT NULL,
    entry        bigint NOT NULL,
    hash         bytea NOT NULL,
    submission   text NOT NULL,
    source       text NOT NULL,
    id           text NOT NULL,
    subject      text NOT NULL,
    digest       bytea NOT NULL,
    version      bigint NOT NULL,
    recordedtime text NOT NULL,
    flags        text[] NOT NULL,
    refusal      jsonb,
    PRIMARY KEY (portfolio, entry)
);
CREATE INDEX entries_by_event ON ledger.entries (portfolio, source, id);
CREATE INDEX entries_by_submission ON ledger.entries (submission);
COMMENT ON TABLE ledger.entries IS 'What is needed to answer a submission again: a row per entry.';
COMMENT ON COLUMN ledger.entries.digest IS 'SHA-256 of what the publisher set; tells whether a submission is the same event.';
COMMENT ON COLUMN ledger.entries.refusal IS 'Code, detail and errors; null: the event was recorded.';

CREATE VIEW ledger.answers AS
SELECT e.*,
       (SELECT max(c.entry)
        FROM ledger.entries c
        WHERE c.submission = e.submission AND c.portfolio = e.portfolio
          AND (c.entry = e.entry OR c.source = '/ledger' AND c.refusal IS NULL AND split_part(c.id, '.', 1) = e.entry::text)) AS last_entry
FROM ledger.entries e;
COMMENT ON VIEW ledger.answers IS 'Entries with the number of the last of their consequences, which bear the same submission and name them in their id.';
