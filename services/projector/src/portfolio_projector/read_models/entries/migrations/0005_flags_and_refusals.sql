-- What is ugly about recorded events, and what was refused: lists over a whole portfolio look at these, not at every entry.

CREATE TABLE projector.flags (
    portfolio text   NOT NULL,
    entry     bigint NOT NULL,
    code      text   NOT NULL,
    subject   text   NOT NULL,
    source    text   NOT NULL,
    PRIMARY KEY (portfolio, entry, code)
);
CREATE INDEX flags_by_code ON projector.flags (portfolio, code, entry);
CREATE INDEX flags_by_subject ON projector.flags (portfolio, subject, entry);
CREATE INDEX flags_by_source ON projector.flags (portfolio, source, entry);
COMMENT ON TABLE projector.flags IS 'The flags that stand beside recorded events, one each.';

CREATE TABLE projector.refusals (
    portfolio text   NOT NULL,
    entry     bigint NOT NULL,
    code      text   NOT NULL,
    subject   text   NOT NULL,
    source    text   NOT NULL,
    PRIMARY KEY (portfolio, entry)
);
CREATE INDEX refusals_by_code ON projector.refusals (portfolio, code, entry);
CREATE INDEX refusals_by_subject ON projector.refusals (portfolio, subject, entry);
CREATE INDEX refusals_by_source ON projector.refusals (portfolio, source, entry);
COMMENT ON TABLE projector.refusals IS 'The entries that are refusals.';

INSERT INTO projector.flags (portfolio, entry, code, subject, source)
SELECT e.portfolio, e.entry, flag.code, e.subject, COALESCE(e.document #>> '{event,source}', '')
FROM (SELECT portfolio, entry, subject, convert_from(value, 'UTF8')::json AS document FROM projector.entries) AS e
CROSS JOIN LATERAL json_array_elements_text(e.document -> 'flags') AS flag (code)
ON CONFLICT DO NOTHING;

INSERT INTO projector.refusals (portfolio, entry, code, subject, source)
SELECT e.portfolio, e.entry, COALESCE(e.document #>> '{refusal,code}', ''), e.subject, COALESCE(e.document #>> '{refusal,source}', '')
FROM (SELECT portfolio, entry, subject, convert_from(value, 'UTF8')::json AS document FROM projector.entries) AS e
WHERE e.document -> 'refusal' IS NOT NULL;

UPDATE projector.positions SET version = 3 WHERE read_model = 'entries';

CREATE INDEX entries_corrected ON projector.entries (portfolio, corrects) WHERE corrects IS NOT NULL;

CREATE OR REPLACE FUNCTION projector.check_exchangeable (names text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        IF name = ANY (ARRAY['topics', 'positions', 'positions_before', 'heads', 'heads_before', 'partitions', 'instructions', 'skips',
                             'abandoned_entries', 'entries', 'portfolios', 'flags', 'refusals', 'snapshots'])
           OR to_regclass(format('projector.%I', name)) IS NULL THEN
            RAISE EXCEPTION 'projector.% is not a table that can be exchanged', name;
        END IF;
    END LOOP;
END
$$;

CREATE VIEW reading.flags AS
SELECT f.portfolio, f.entry, f.code, f.subject, f.source, e.type, e.recordedtime::timestamptz AS recorded_at, e.happened_at
FROM projector.flags AS f
JOIN projector.entries AS e ON e.portfolio = f.portfolio AND e.entry = f.entry;
COMMENT ON VIEW reading.flags IS 'What is ugly but true about recorded events: a row for each flag.';
COMMENT ON COLUMN reading.flags.happened_at IS 'When the event was true in the world.';

CREATE VIEW reading.refusals AS
SELECT r.portfolio, r.entry, r.code, r.subject, r.source, e.type, e.recordedtime::timestamptz AS recorded_at,
       convert_from(e.value, 'UTF8')::json #>> '{refusal,actor}' AS actor,
       convert_from(e.value, 'UTF8')::json #>> '{refusal,detail}' AS detail
FROM projector.refusals AS r
JOIN projector.entries AS e ON e.portfolio = r.portfolio AND e.entry = r.entry;
COMMENT ON VIEW reading.refusals IS 'What the ledger did not record, and why.';
COMMENT ON COLUMN reading.refusals.type IS 'The type that the refused event said it was of; empty where it said none.';
