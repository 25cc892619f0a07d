-- standing: where a read model stands in a portfolio, which entries of that portfolio read models skip, the portfolio's stamp, and
-- the zone of its days
SELECT COALESCE(h.failed_entry - 1, h.entry) AS entry, COALESCE(h.failed_previous, h.hash) AS hash, p.version, h.failed_entry,
       h.stop_offset IS NOT NULL AS stopped, p.lost IS NOT NULL AS lost,
       (SELECT jsonb_agg(to_jsonb(s) - 'portfolio' ORDER BY s.entry, s.read_model)
        FROM projector.skips AS s
        WHERE s.portfolio = h.portfolio) AS skips,
       (SELECT string_agg(concat_ws(' ', m.read_model, q.version, q.generation, m.entry, m.hash, m.failed_entry), ',' ORDER BY m.read_model)
        FROM projector.heads AS m
        JOIN projector.positions AS q ON q.read_model = m.read_model AND q.partition = m.partition
        WHERE m.read_model = ANY ($3::text[]) AND m.portfolio = $2)
       || COALESCE((SELECT string_agg(concat_ws(' ', s.entry, s.read_model, s.skipped_at), ',' ORDER BY s.entry, s.read_model)
                    FROM projector.skips AS s
                    WHERE s.portfolio = $2), '') AS stamp,
       (SELECT convert_from(e.value, 'UTF8')::json #>> '{event,data,calendar,zone}'
        FROM projector.concerns AS c
        JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
        WHERE c.portfolio = $2 AND c.member = '' AND c.entry <= COALESCE(h.failed_entry - 1, h.entry) AND e.type = ANY ($4::text[])
        ORDER BY c.entry DESC
        LIMIT 1) AS zone
FROM projector.heads AS h
JOIN projector.positions AS p ON p.read_model = h.read_model AND p.partition = h.partition
WHERE h.read_model = $1 AND h.portfolio = $2;

-- stamps: the same of several portfolios: a stamp is another one whenever rows about the portfolio are
SELECT asked.portfolio,
       (SELECT string_agg(concat_ws(' ', m.read_model, q.version, q.generation, m.entry, m.hash, m.failed_entry), ',' ORDER BY m.read_model)
        FROM projector.heads AS m
        JOIN projector.positions AS q ON q.read_model = m.read_model AND q.partition = m.partition
        WHERE m.read_model = ANY ($1::text[]) AND m.portfolio = asked.portfolio)
       || COALESCE((SELECT string_agg(concat_ws(' ', s.entry, s.read_model, s.skipped_at), ',' ORDER BY s.entry, s.read_model)
                    FROM projector.skips AS s
                    WHERE s.portfolio = asked.portfolio), '') AS stamp
FROM unnest($2::text[]) AS asked (portfolio);

-- recorded_after: whether an entry was recorded later than an instant
SELECT EXISTS (
    SELECT FROM projector.entries WHERE portfolio = $1 AND entry = $2 AND recordedtime > $3 COLLATE "C"
);

-- last_at: the last entry recorded at or before an instant, by halving: recordedtime never falls
WITH RECURSIVE search (low, high) AS (
    SELECT -1::bigint, $2::bigint + 1
    UNION ALL
    SELECT CASE WHEN e.recordedtime <= $3 COLLATE "C" THEN e.entry ELSE s.low END,
           CASE WHEN e.recordedtime <= $3 COLLATE "C" THEN s.high ELSE e.entry END
    FROM search AS s
    JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = (s.low + s.high) / 2
    WHERE s.high - s.low > 1
)
SELECT low FROM search WHERE high - low <= 1;

-- recordedtime: when an entry was recorded
SELECT recordedtime FROM projector.entries WHERE portfolio = $1 AND entry = $2;

-- zone: the zone of the calendar that a portfolio was opened with, or that a correction gave it, as it was known at an entry
SELECT convert_from(e.value, 'UTF8')::json #>> '{event,data,calendar,zone}'
FROM projector.concerns AS c
JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
WHERE c.portfolio = $1 AND c.member = '' AND c.entry <= $2 AND e.type = ANY ($3::text[])
ORDER BY c.entry DESC
LIMIT 1;

-- members: the initiatives and products that anything was ever recorded of
SELECT member FROM projector.scopes WHERE portfolio = $1 AND member LIKE $2 ORDER BY member COLLATE "C";

-- progress: where each read model stands in each partition
SELECT p.read_model, p.partition, p.next_offset, p.lost, s.owner, s.end_offset,
       EXTRACT(EPOCH FROM now() - s.seen_at)::float8 AS seen_s_ago
FROM projector.positions AS p
LEFT JOIN projector.partitions AS s USING (partition)
ORDER BY p.partition, p.read_model;

-- stops: every portfolio that a read model stands still in
SELECT read_model, portfolio, stop_offset, stop_detail, failed_entry, failed_detail
FROM projector.heads
WHERE stop_offset IS NOT NULL OR failed_entry IS NOT NULL
ORDER BY portfolio, read_model
LIMIT $1;

-- skipped: which of some entries are skipped by which read models
SELECT s.portfolio, s.entry, s.read_model
FROM projector.skips AS s
JOIN unnest($1::text[], $2::bigint[], $3::text[]) AS asked (portfolio, entry, read_model) USING (portfolio, entry, read_model);
