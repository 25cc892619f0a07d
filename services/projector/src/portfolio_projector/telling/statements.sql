-- nearest: of each scope the last snapshot from which a moment can be folded: of the same skipped entries, nothing in it was true
-- later, and nothing that is folded was changed since
SELECT asked.scope, snapshot.entry, snapshot.until, snapshot.state
FROM unnest($4::text[]) AS asked (scope)
CROSS JOIN LATERAL (
    SELECT s.entry, s.until, s.state
    FROM projector.snapshots AS s
    JOIN projector.entries AS at ON at.portfolio = s.portfolio AND at.entry = s.entry AND at.hash = s.hash
    WHERE s.portfolio = $1 AND s.chronicle = $2 AND s.version = $3 AND s.scope = asked.scope AND s.entry <= $5 AND s.until <= $6
      AND s.skipped = ARRAY(SELECT skipped FROM unnest($9::bigint[]) AS skipped WHERE skipped <= s.entry ORDER BY skipped)
      AND NOT EXISTS (
          SELECT FROM projector.concerns AS c
          JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
          WHERE asked.scope <> '' AND c.portfolio = $1 AND c.member IN (asked.scope, '')
            AND c.since > s.entry AND c.since <= $5 AND c.reaches < c.since AND c.reaches <= s.entry
            AND ($7 OR c.since > c.entry) AND e.type = ANY ($8::text[])
      )
      AND NOT EXISTS (
          SELECT FROM projector.entries AS e
          WHERE asked.scope = '' AND $7 AND e.portfolio = $1
            AND e.entry > s.entry AND e.entry <= $5 AND e.corrects IS NOT NULL AND e.corrects <= s.entry AND e.type = ANY ($8::text[])
      )
    ORDER BY s.entry DESC
    LIMIT 1
) AS snapshot;

-- corrections: the corrections that concern members after snapshots, up to a moment, whose originals are folded too
SELECT asked.scope, e.entry, e.log_offset, e.value
FROM unnest($2::text[], $3::bigint[]) AS asked (scope, folded)
JOIN projector.concerns AS c
  ON c.portfolio = $1 AND c.member IN (asked.scope, '') AND c.since > asked.folded AND c.since <= $4 AND c.reaches < c.since
JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
JOIN projector.entries AS o ON o.portfolio = c.portfolio AND o.entry = e.corrects
WHERE e.corrects IS NOT NULL AND e.type = ANY ($5::text[]) AND o.type = ANY ($5::text[])
ORDER BY asked.scope, e.entry;

-- corrections_of_all: the same for all entries of a portfolio
SELECT '' AS scope, e.entry, e.log_offset, e.value
FROM projector.entries AS e
JOIN projector.entries AS o ON o.portfolio = e.portfolio AND o.entry = e.corrects
WHERE e.portfolio = $1 AND e.entry BETWEEN $2 + 1 AND $3
  AND e.corrects IS NOT NULL AND e.type = ANY ($4::text[]) AND o.type = ANY ($4::text[])
ORDER BY e.entry;

-- facts: what concerns members after snapshots, up to a moment
SELECT asked.scope, e.log_offset, e.value
FROM unnest($2::text[], $3::bigint[]) AS asked (scope, folded)
CROSS JOIN LATERAL (
    SELECT c.entry
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN (asked.scope, '') AND c.entry > asked.folded AND c.entry <= $4 AND c.since <= $4
    OFFSET 0  -- each by its key: the planner does not look beyond
) AS c
CROSS JOIN LATERAL (
    SELECT e.log_offset, e.value
    FROM projector.entries AS e
    WHERE e.portfolio = $1 AND e.entry = c.entry AND e.type = ANY ($5::text[]) AND e.happened_at IS NOT NULL
    OFFSET 0
) AS e
ORDER BY asked.scope, c.entry;

-- facts_of_all: the same for all events of a portfolio
SELECT '' AS scope, e.log_offset, e.value
FROM projector.entries AS e
WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.type = ANY ($4::text[]) AND e.happened_at IS NOT NULL
ORDER BY e.entry;

-- facts_by: what concerns members after snapshots, up to a moment, and was true by an instant. Spans in which nothing was true by then
-- are passed over, but for corrections, which hold when their originals do
SELECT asked.scope, e.log_offset, e.value
FROM unnest($2::text[], $3::bigint[]) AS asked (scope, folded)
CROSS JOIN LATERAL (
    SELECT c.entry
    FROM projector.spans AS s
    CROSS JOIN LATERAL (
        SELECT c.entry
        FROM projector.concerns AS c
        WHERE c.portfolio = $1 AND c.member IN (asked.scope, '') AND c.entry BETWEEN s.first_entry AND s.first_entry + 63
          AND c.entry > asked.folded AND c.entry <= $4 AND c.since <= $4
        OFFSET 0
    ) AS c
    WHERE s.portfolio = $1 AND s.first_entry > asked.folded - 64 AND s.first_entry <= $4 AND s.earliest <= $6
    UNION
    SELECT c.entry
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN (asked.scope, '') AND c.since > asked.folded AND c.since <= $4 AND c.reaches < c.since
      AND c.entry > asked.folded
) AS c
CROSS JOIN LATERAL (
    SELECT e.log_offset, e.value
    FROM projector.entries AS e
    WHERE e.portfolio = $1 AND e.entry = c.entry AND e.type = ANY ($5::text[])
      AND (e.corrects IS NULL OR projector.held_at($1, e.corrects) <= $6) AND (e.corrects IS NOT NULL OR e.happened_at <= $6)
    OFFSET 0
) AS e
ORDER BY asked.scope, c.entry;

-- facts_of_all_by: the same for all events of a portfolio
SELECT '' AS scope, e.log_offset, e.value
FROM (
    SELECT e.entry
    FROM projector.spans AS s
    CROSS JOIN LATERAL (
        SELECT e.entry
        FROM projector.entries AS e
        WHERE e.portfolio = $1 AND e.entry BETWEEN s.first_entry AND s.first_entry + 63 AND e.entry > $2 AND e.entry <= $3
          AND e.type = ANY ($4::text[]) AND e.happened_at <= $5 AND e.corrects IS NULL
        OFFSET 0
    ) AS e
    WHERE s.portfolio = $1 AND s.first_entry > $2 - 64 AND s.first_entry <= $3 AND s.earliest <= $5
    UNION ALL
    SELECT e.entry
    FROM projector.entries AS e
    WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.corrects IS NOT NULL AND e.type = ANY ($4::text[])
      AND projector.held_at($1, e.corrects) <= $5
) AS by
JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = by.entry
ORDER BY e.entry;

-- as_an_entry: the entry up to which everything was recorded that was true by an instant, and nothing else, of what concerns a member
-- as it was known at a moment; none where something of it was recorded after something that was true later
WITH recorded AS MATERIALIZED (
    SELECT COALESCE(
        (
            SELECT later.first
            FROM projector.spans AS s
            CROSS JOIN LATERAL (
                SELECT min(c.entry) AS first
                FROM projector.concerns AS c
                CROSS JOIN LATERAL (
                    SELECT
                    FROM projector.entries AS e
                    WHERE e.portfolio = $1 AND e.entry = c.entry AND e.type = ANY ($4::text[])
                      AND e.corrects IS NULL AND e.happened_at > $5
                    OFFSET 0
                ) AS e
                WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.entry BETWEEN s.first_entry AND s.first_entry + 63
                  AND c.entry <= $3 AND c.since <= $3
            ) AS later
            WHERE s.portfolio = $1 AND s.first_entry <= $3 AND s.latest > $5 AND later.first IS NOT NULL
            ORDER BY s.first_entry
            LIMIT 1
        ),
        $3 + 1
    ) - 1 AS last
    FROM projector.heads AS h
    WHERE h.read_model = 'concerns' AND h.portfolio = $1 AND COALESCE(h.failed_entry - 1, h.entry) >= $3
)
SELECT recorded.last
FROM recorded
WHERE NOT EXISTS (
    SELECT
    FROM projector.spans AS s
    CROSS JOIN LATERAL (
        SELECT c.entry
        FROM projector.concerns AS c
        WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.entry BETWEEN s.first_entry AND s.first_entry + 63
          AND c.entry > recorded.last AND c.entry <= $3 AND c.since <= $3
        OFFSET 0
    ) AS c
    JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = c.entry
    WHERE s.portfolio = $1 AND s.first_entry > recorded.last - 64 AND s.first_entry <= $3 AND s.earliest <= $5
      AND e.type = ANY ($4::text[]) AND e.corrects IS NULL AND e.happened_at <= $5
) AND NOT EXISTS (
    SELECT
    FROM projector.concerns AS c
    JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = c.entry
    WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.since > recorded.last AND c.since <= $3 AND c.reaches < c.since
      AND c.entry > recorded.last AND e.type = ANY ($4::text[]) AND e.corrects <= recorded.last
);

-- since: what concerns members since the entries up to which their states were folded, or reaches back to before
SELECT asked.scope, c.entry, c.reaches, c.since, e.log_offset, e.value, o.type AS corrected_type
FROM unnest($2::text[], $3::bigint[]) AS asked (scope, folded)
CROSS JOIN LATERAL (
    SELECT c.entry, c.reaches, c.since
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN (asked.scope, '') AND c.entry > asked.folded AND c.entry <= $4
    UNION
    SELECT c.entry, c.reaches, c.since
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN (asked.scope, '') AND c.since > asked.folded AND c.since <= $4 AND c.reaches < c.since
) AS c
JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = c.entry
LEFT JOIN projector.entries AS o ON o.portfolio = $1 AND o.entry = e.corrects
WHERE e.type = ANY ($5::text[])
ORDER BY asked.scope, c.entry;

-- since_of_all: the same for all events of a portfolio; what was refused never happened
SELECT '' AS scope, e.entry, COALESCE(e.corrects, e.entry) AS reaches, e.entry AS since, e.log_offset, e.value, o.type AS corrected_type
FROM projector.entries AS e
LEFT JOIN projector.entries AS o ON o.portfolio = e.portfolio AND o.entry = e.corrects
WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.type = ANY ($4::text[])
  AND e.happened_at IS NOT NULL
ORDER BY e.entry;

-- hashes: the hashes of entries
SELECT entry, encode(hash, 'hex') AS hash FROM projector.entries WHERE portfolio = $1 AND entry = ANY ($2::bigint[]);

-- scopes: the scopes of so many entries or more, and, of their portfolios, how many entries chronicles skip and which is the last one
SELECT portfolio, scope, entries, (SELECT count(*) FROM projector.skips AS k WHERE k.portfolio = found.portfolio) AS skips,
       (
           SELECT COALESCE(h.failed_entry - 1, h.entry)
           FROM projector.heads AS h
           WHERE h.read_model = 'concerns' AND h.portfolio = found.portfolio
       ) AS head
FROM (
    SELECT portfolio, member AS scope, entries FROM projector.scopes WHERE entries >= $1 AND member <> ''
    UNION ALL
    SELECT h.portfolio, '', COALESCE(h.failed_entry - 1, h.entry) + 1
    FROM projector.heads AS h
    WHERE h.read_model = 'concerns' AND COALESCE(h.failed_entry - 1, h.entry) + 1 >= $1
) AS found;

-- last: the last snapshots of a scope by chronicle, each of the same skipped entries; those that were made ahead only if they count
SELECT told.chronicle, snapshot.entry, snapshot.bytes
FROM unnest($3::text[], $4::integer[]) AS told (chronicle, version)
CROSS JOIN LATERAL (
    SELECT s.entry, length(s.state) AS bytes
    FROM projector.snapshots AS s
    JOIN projector.entries AS at ON at.portfolio = s.portfolio AND at.entry = s.entry AND at.hash = s.hash
    WHERE s.portfolio = $1 AND s.chronicle = told.chronicle AND s.version = told.version AND s.scope = $2 AND ($5 OR NOT s.is_ahead)
      AND s.skipped = ARRAY(
          SELECT k.entry
          FROM projector.skips AS k
          WHERE k.portfolio = $1 AND k.read_model = told.chronicle AND k.entry <= s.entry
          ORDER BY k.entry
      )
    ORDER BY s.entry DESC
    LIMIT 1
) AS snapshot;

-- skipped: the entries of a portfolio that chronicles skip
SELECT read_model AS chronicle, entry FROM projector.skips WHERE portfolio = $1 ORDER BY entry;

-- stretch: the last of so many entries that concern a member after one; none where there are fewer
SELECT c.entry
FROM projector.concerns AS c
WHERE c.portfolio = $1 AND c.member = $2 AND c.entry > $3 AND c.entry <= $4
ORDER BY c.entry
OFFSET $5 - 1 LIMIT 1;

-- news: what becomes known of a member after one entry, up to another, in the order in which it does; the bytes of what is folded
SELECT c.entry, c.reaches, c.since, e.log_offset, e.type, o.type AS corrected_type,
       CASE WHEN e.type = ANY ($5::text[]) THEN e.value END AS value
FROM (
    SELECT c.entry, c.reaches, c.since
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.entry > $3 AND c.entry <= $4 AND c.since <= $4
    UNION
    SELECT c.entry, c.reaches, c.since
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.since > $3 AND c.since <= $4 AND c.reaches < c.since
) AS c
JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = c.entry
LEFT JOIN projector.entries AS o ON o.portfolio = $1 AND o.entry = e.corrects
ORDER BY c.since, c.entry;

-- news_of_all: the same for all events of a portfolio
SELECT e.entry, COALESCE(e.corrects, e.entry) AS reaches, e.entry AS since, e.log_offset, e.type, o.type AS corrected_type,
       CASE WHEN e.type = ANY ($4::text[]) THEN e.value END AS value
FROM projector.entries AS e
LEFT JOIN projector.entries AS o ON o.portfolio = e.portfolio AND o.entry = e.corrects
WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.happened_at IS NOT NULL
ORDER BY e.entry;

-- counts: how many events of each type concern a member after one entry, up to another
SELECT e.type, count(*) AS count
FROM projector.concerns AS c
JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.entry > $3 AND c.entry <= $4
GROUP BY e.type;

-- counts_of_all: the same for all events of a portfolio
SELECT type, count(*) AS count
FROM projector.entries
WHERE portfolio = $1 AND entry > $2 AND entry <= $3 AND happened_at IS NOT NULL
GROUP BY type;

-- keep: keep a snapshot
INSERT INTO projector.snapshots AS s (chronicle, version, portfolio, scope, entry, hash, until, state, skipped, is_ahead)
SELECT $2, $3, $1, $4, $5, e.hash, $6, $7, $8, $9
FROM projector.entries AS e
WHERE e.portfolio = $1 AND e.entry = $5
ON CONFLICT (portfolio, chronicle, version, scope, entry)
DO UPDATE SET hash = EXCLUDED.hash, until = EXCLUDED.until, state = EXCLUDED.state, skipped = EXCLUDED.skipped,
              is_ahead = EXCLUDED.is_ahead;

-- overtake: delete the snapshots that were made ahead of those up to an entry
DELETE FROM projector.snapshots
WHERE portfolio = $1 AND chronicle = $2 AND version = $3 AND scope = $4 AND entry < $5 AND is_ahead;

-- alone: whether nobody else makes snapshots now
SELECT pg_try_advisory_xact_lock($1);

-- prune: delete the snapshots of what is told no more, or by another version
DELETE FROM projector.snapshots AS s
WHERE NOT EXISTS (
    SELECT FROM unnest($1::text[], $2::integer[]) AS told (chronicle, version)
    WHERE told.chronicle = s.chronicle AND told.version = s.version
);

-- head: the last entry of a portfolio of which it is known whom it concerns
SELECT COALESCE(failed_entry - 1, entry) FROM projector.heads WHERE read_model = 'concerns' AND portfolio = $1;
