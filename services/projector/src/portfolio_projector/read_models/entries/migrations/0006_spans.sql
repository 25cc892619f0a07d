-- When entries were true, by spans of the log: who asks about a day passes over the spans in which nothing was true by then.

CREATE TABLE projector.spans (
    portfolio   text        NOT NULL,
    first_entry bigint      NOT NULL CHECK (first_entry % 64 = 0),
    earliest    timestamptz NOT NULL,
    latest      timestamptz NOT NULL CHECK (latest >= earliest),
    PRIMARY KEY (portfolio, first_entry)
) WITH (fillfactor = 50);
COMMENT ON TABLE projector.spans IS 'Between which times the events were true that 64 entries of a portfolio record, but for corrections: those hold when what they correct does.';

INSERT INTO projector.spans (portfolio, first_entry, earliest, latest)
SELECT portfolio, entry / 64 * 64, min(happened_at), max(happened_at)
FROM projector.entries
WHERE happened_at IS NOT NULL AND corrects IS NULL
GROUP BY portfolio, entry / 64 * 64;

UPDATE projector.positions SET version = 4 WHERE read_model = 'entries';

CREATE OR REPLACE FUNCTION projector.check_exchangeable (names text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        IF name = ANY (ARRAY['topics', 'positions', 'positions_before', 'heads', 'heads_before', 'partitions', 'instructions', 'skips',
                             'abandoned_entries', 'entries', 'portfolios', 'flags', 'refusals', 'spans', 'snapshots'])
           OR to_regclass(format('projector.%I', name)) IS NULL THEN
            RAISE EXCEPTION 'projector.% is not a table that can be exchanged', name;
        END IF;
    END LOOP;
END
$$;
