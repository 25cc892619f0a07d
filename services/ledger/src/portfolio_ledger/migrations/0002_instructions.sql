-- What operators instruct the ledger to do, and what it says of partitions that it cannot serve.

CREATE TABLE ledger.instructions (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition   integer     NOT NULL CHECK (partition >= 0),
    portfolio   text,
    rebuild     boolean     NOT NULL,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    done        boolean,
    answer      text,
    CHECK ((answered_at IS NULL) = (done IS NULL) AND (answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX instructions_open ON ledger.instructions (partition, id) WHERE answered_at IS NULL;
COMMENT ON TABLE ledger.instructions IS 'Who serves a partition carries out what waits here, in order, and answers; kept as a history.';
COMMENT ON COLUMN ledger.instructions.portfolio IS 'The portfolio to resume; null: the whole partition.';
COMMENT ON COLUMN ledger.instructions.rebuild IS 'Drop what is held of the portfolio and fold it again from the log, whether it is stopped or not.';

ALTER TABLE ledger.positions ADD COLUMN lost_code text, ADD COLUMN lost_detail text;
COMMENT ON COLUMN ledger.positions.lost_code IS 'LOG_LOST or INTAKE_LOST: the partition stands still and waits for an operator; null: it does not.';

CREATE VIEW contract.judged_heads AS
SELECT portfolio, partition, entry, hash
FROM ledger.portfolios
WHERE entry >= 0;
COMMENT ON VIEW contract.judged_heads IS 'The head of each portfolio as the ledger holds it; a repair asks whether anybody holds more than can be put back.';
