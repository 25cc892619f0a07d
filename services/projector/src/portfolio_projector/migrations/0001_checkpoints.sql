-- What all read models share: where each of them stands in the log. Every row changes in the transaction that changes the
-- read model's own rows.

CREATE TABLE projector.topics (
    name       text PRIMARY KEY,
    partitions integer NOT NULL CHECK (partitions > 0)
);
COMMENT ON TABLE projector.topics IS 'The number of partitions of the ledger topic, recorded when it was first seen; it never changes.';

CREATE TABLE projector.positions (
    read_model  text    NOT NULL,
    partition   integer NOT NULL CHECK (partition >= 0),
    version     integer NOT NULL,
    next_offset bigint  NOT NULL CHECK (next_offset >= 0),
    lost        text,
    PRIMARY KEY (read_model, partition)
) WITH (fillfactor = 50);
COMMENT ON TABLE projector.positions IS 'Where a read model stands in a partition; changed only by comparing next_offset with what it was.';
COMMENT ON COLUMN projector.positions.version IS 'The version of the fold that wrote the rows.';
COMMENT ON COLUMN projector.positions.lost IS 'Why the partition stopped, LOG_LOST: records that were read are not in the log any more.';

CREATE TABLE projector.heads (
    read_model      text    NOT NULL,
    portfolio       text    NOT NULL,
    partition       integer NOT NULL,
    entry           bigint  NOT NULL CHECK (entry >= -1),
    hash            text    NOT NULL,
    tip             text,
    stop_offset     bigint,
    stop_hash       text,
    stop_detail     text,
    failed_entry    bigint,
    failed_previous text,
    failed_detail   text,
    PRIMARY KEY (read_model, portfolio),
    CHECK ((failed_entry IS NULL) = (failed_previous IS NULL) AND (failed_entry IS NULL) = (failed_detail IS NULL))
) WITH (fillfactor = 50);
CREATE INDEX heads_by_partition ON projector.heads (partition);
COMMENT ON TABLE projector.heads IS 'A reader''s place in a portfolio: its head, its tip, where it stopped at an orphan, where the read model failed.';
COMMENT ON COLUMN projector.heads.entry IS 'The last entry that was followed; the last one applied is the one before failed_entry, where there is one.';
COMMENT ON COLUMN projector.heads.failed_previous IS 'The hash of the entry before failed_entry.';

CREATE TABLE projector.partitions (
    partition  integer     PRIMARY KEY,
    owner      text        NOT NULL,
    end_offset bigint      NOT NULL,
    seen_at    timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE projector.partitions IS 'Who projects a partition and where its end was when last asked; for people and metrics, nothing rests on it.';

CREATE VIEW contract.applied_heads AS
SELECT read_model AS reader,
       portfolio,
       COALESCE(failed_entry - 1, entry) AS entry,
       COALESCE(failed_previous, hash) AS hash
FROM projector.heads
WHERE read_model = 'entries';
COMMENT ON VIEW contract.applied_heads IS 'The head of each portfolio that a reader has applied, by reader; a judge compares them with its own before it appends.';
