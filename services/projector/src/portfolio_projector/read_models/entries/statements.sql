-- open_portfolios: list portfolios that were opened
INSERT INTO projector.portfolios (portfolio, name, currency, opened)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
ON CONFLICT (portfolio) DO NOTHING;

-- extend_spans: let spans of the log reach to when their new entries were true
INSERT INTO projector.spans AS s (portfolio, first_entry, earliest, latest)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
ON CONFLICT (portfolio, first_entry)
DO UPDATE SET earliest = LEAST(s.earliest, EXCLUDED.earliest), latest = GREATEST(s.latest, EXCLUDED.latest);

-- hash_of: the hash of an entry
SELECT encode(hash, 'hex') FROM projector.entries WHERE portfolio = $1 AND entry = $2;

-- portfolios: a page of the portfolios that were opened, with the last entry that is applied
SELECT p.portfolio, p.name, p.currency, p.opened, COALESCE(h.failed_entry - 1, h.entry) AS entry, h.stop_offset IS NOT NULL AS stopped
FROM projector.portfolios AS p
JOIN projector.heads AS h ON h.read_model = 'entries' AND h.portfolio = p.portfolio
WHERE p.portfolio > $1
ORDER BY p.portfolio
LIMIT $2;

-- page: entries of a portfolio from a number on, up to another; those that begin beyond so many bytes come without theirs
SELECT entry, encode(hash, 'hex') AS hash, CASE WHEN before < $5 THEN value END AS value
FROM (
    SELECT entry, hash, value, sum(octet_length(value)) OVER (ORDER BY entry ROWS UNBOUNDED PRECEDING) - octet_length(value) AS before
    FROM projector.entries
    WHERE portfolio = $1 AND entry BETWEEN $2 AND $3
    ORDER BY entry
    LIMIT $4
) AS page
ORDER BY entry;

-- history: entries of one subject from a number on, up to another; those that begin beyond so many bytes come without theirs
SELECT entry, encode(hash, 'hex') AS hash, CASE WHEN before < $6 THEN value END AS value
FROM (
    SELECT entry, hash, value, sum(octet_length(value)) OVER (ORDER BY entry ROWS UNBOUNDED PRECEDING) - octet_length(value) AS before
    FROM projector.entries
    WHERE portfolio = $1 AND subject = $2 AND entry BETWEEN $3 AND $4
    ORDER BY entry
    LIMIT $5
) AS page
ORDER BY entry;

-- forget: delete everything of a portfolio
WITH portfolio AS (DELETE FROM projector.portfolios WHERE portfolio = $1),
     flags AS (DELETE FROM projector.flags WHERE portfolio = $1),
     refusals AS (DELETE FROM projector.refusals WHERE portfolio = $1),
     spans AS (DELETE FROM projector.spans WHERE portfolio = $1)
DELETE FROM projector.entries WHERE portfolio = $1;

-- changed: a page of the subjects of entries after one, up to another
SELECT e.subject, count(e.happened_at) AS recorded, count(*) - count(e.happened_at) AS refused,
       NOT EXISTS (
           SELECT FROM projector.entries AS before
           WHERE before.portfolio = $1 AND before.subject = e.subject AND before.entry <= $2 AND before.happened_at IS NOT NULL
       ) AS is_new
FROM projector.entries AS e
WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.subject COLLATE "C" > $4
GROUP BY e.subject
ORDER BY e.subject COLLATE "C"
LIMIT $5;

-- changes: the last recorded events of subjects after one entry, up to another
SELECT found.entry, named.subject, found.value
FROM unnest($4::text[]) AS named (subject)
CROSS JOIN LATERAL (
    SELECT e.entry, e.value
    FROM projector.entries AS e
    WHERE e.portfolio = $1 AND e.subject = named.subject AND e.entry > $2 AND e.entry <= $3 AND e.happened_at IS NOT NULL
    ORDER BY e.entry DESC
    LIMIT $5
) AS found
ORDER BY found.entry;

-- counts: how many events were recorded and refused after one entry, up to another
SELECT count(happened_at) AS recorded, count(*) - count(happened_at) AS refused
FROM projector.entries
WHERE portfolio = $1 AND entry > $2 AND entry <= $3;

-- refused: a page of the refusals before an entry, the newest first
SELECT r.entry, r.code, r.subject, r.source, e.value
FROM projector.refusals AS r
JOIN projector.entries AS e ON e.portfolio = r.portfolio AND e.entry = r.entry
WHERE r.portfolio = $1 AND r.entry < $2
  AND ($3::text IS NULL OR r.code = $3) AND ($4::text IS NULL OR r.subject = $4) AND ($5::text IS NULL OR r.source = $5)
ORDER BY r.entry DESC
LIMIT $6;

-- refused_by_code: how many refusals there are up to an entry, by code
SELECT r.code, count(*) AS count, max(r.entry) AS last_entry
FROM projector.refusals AS r
WHERE r.portfolio = $1 AND r.entry <= $2 AND ($3::text IS NULL OR r.subject = $3) AND ($4::text IS NULL OR r.source = $4)
GROUP BY r.code
ORDER BY r.code COLLATE "C";
