-- What operators instruct the projector to do, what they have it skip, and what they have given up.

CREATE TABLE projector.instructions (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition   integer     NOT NULL CHECK (partition >= 0),
    portfolio   text,
    read_model  text        CHECK (read_model IS NULL OR portfolio IS NOT NULL),
    rebuild     boolean     NOT NULL,
    skip        bigint      CHECK (skip IS NULL OR read_model IS NOT NULL),
    reason      text        CHECK ((reason IS NULL) = (skip IS NULL)),
    actor       text        NOT NULL,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    done        boolean,
    answer      text,
    CHECK ((answered_at IS NULL) = (done IS NULL) AND (answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX instructions_open ON projector.instructions (partition, id) WHERE answered_at IS NULL;
COMMENT ON TABLE projector.instructions IS 'Who projects a partition carries out what waits here, in order, and answers; kept as a history.';
COMMENT ON COLUMN projector.instructions.portfolio IS 'The portfolio to resume; null: the whole partition.';
COMMENT ON COLUMN projector.instructions.read_model IS 'The read model to resume in that portfolio; null: the portfolio''s log.';
COMMENT ON COLUMN projector.instructions.rebuild IS 'Drop the rows of the portfolio and fold them again, whether anything is stopped or not.';

CREATE TABLE projector.skips (
    read_model text        NOT NULL,
    portfolio  text        NOT NULL,
    entry      bigint      NOT NULL,
    reason     text        NOT NULL,
    actor      text        NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portfolio, entry, read_model)
);
COMMENT ON TABLE projector.skips IS 'Entries that a read model does not fold, by an operator''s word; answers of the read model name them.';

CREATE TABLE projector.abandoned_entries (
    portfolio    text        NOT NULL,
    entry        bigint      NOT NULL,
    hash         bytea       NOT NULL,
    value        bytea       NOT NULL,
    abandoned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (portfolio, entry, hash)
);
COMMENT ON TABLE projector.abandoned_entries IS 'Entries that were applied once and that an operator has given up, because the log has lost them: evidence, read by nobody.';
