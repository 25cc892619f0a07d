-- The read model `entries`: every entry's bytes as they lie in the log, and the portfolios that were opened.

CREATE TABLE projector.entries (
    portfolio    text   NOT NULL,
    entry        bigint NOT NULL CHECK (entry >= 0),
    hash         bytea  NOT NULL CHECK (length(hash) = 32),
    log_offset   bigint NOT NULL,
    recordedtime text   COLLATE "C" NOT NULL,
    type         text   NOT NULL,
    subject      text   NOT NULL,
    event_time   text   NOT NULL,
    value        bytea  NOT NULL,
    PRIMARY KEY (portfolio, entry)
);
CREATE INDEX entries_by_subject ON projector.entries (portfolio, subject, entry);
ALTER TABLE projector.entries ALTER COLUMN value SET STORAGE EXTERNAL;
COMMENT ON TABLE projector.entries IS 'Every entry of the log; value holds its bytes verbatim, hash is the SHA-256 of a zero byte and the value.';
COMMENT ON COLUMN projector.entries.recordedtime IS 'As the ledger writes it, fixed width in UTC, so that its order as a text is its order in time.';
COMMENT ON COLUMN projector.entries.event_time IS 'The time of the event, or of what was refused, as its publisher wrote it.';

CREATE TABLE projector.portfolios (
    portfolio  text   PRIMARY KEY,
    name       text   NOT NULL,
    currency   text   NOT NULL,
    opened     bigint NOT NULL
);
COMMENT ON TABLE projector.portfolios IS 'The portfolios that were opened, and by which entry.';
