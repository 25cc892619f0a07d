-- When an event was true, as a time, and what it corrects: pasts are told by both.

ALTER TABLE projector.entries ADD COLUMN happened_at timestamptz, ADD COLUMN corrects bigint;

UPDATE projector.entries
SET happened_at = (convert_from(value, 'UTF8')::json #>> '{event,time}')::timestamptz,
    corrects = (convert_from(value, 'UTF8')::json #>> '{event,corrects}')::bigint
WHERE convert_from(value, 'UTF8')::json -> 'event' IS NOT NULL;

UPDATE projector.positions SET version = 2 WHERE read_model = 'entries';

CREATE INDEX entries_correcting ON projector.entries (portfolio, entry) WHERE corrects IS NOT NULL;
COMMENT ON COLUMN projector.entries.happened_at IS 'The time of a recorded event; null for a refusal.';
COMMENT ON COLUMN projector.entries.corrects IS 'The entry that a recorded event corrects.';

CREATE FUNCTION projector.held_at (portfolio text, corrects bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain (corrects, happened_at) AS (
        SELECT e.corrects, e.happened_at
        FROM projector.entries AS e
        WHERE e.portfolio = $1 AND e.entry = $2
        UNION ALL
        SELECT e.corrects, e.happened_at
        FROM chain
        JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = chain.corrects
    )
    SELECT happened_at FROM chain WHERE corrects IS NULL
$$;
COMMENT ON FUNCTION projector.held_at IS 'When what a correction says held: the time of what was corrected first.';
