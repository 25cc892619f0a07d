-- nearest: the last snapshot from which a moment can be folded: nothing in it was true later, or was changed since
SELECT s.entry, s.until, s.state
FROM projector.snapshots AS s
JOIN projector.entries AS at ON at.portfolio = s.portfolio AND at.entry = s.entry AND at.hash = s.hash
WHERE s.portfolio = $1 AND s.chronicle = $2 AND s.version = $3 AND s.scope = $4 AND s.entry <= $5 AND s.until <= $6 AND s.until > '-infinity'
  AND NOT EXISTS (
      SELECT FROM projector.concerns AS c
      WHERE $4 <> '' AND c.portfolio = $1 AND c.member IN ($4, '')
        AND c.since > s.entry AND c.since <= $5 AND c.reaches < c.since AND c.reaches <= s.entry
        AND ($7 OR c.since > c.entry)
  )
  AND NOT EXISTS (
      SELECT FROM projector.entries AS e
      WHERE $4 = '' AND $7 AND e.portfolio = $1
        AND e.entry > s.entry AND e.entry <= $5 AND e.corrects IS NOT NULL AND e.corrects <= s.entry
  )
ORDER BY s.entry DESC
LIMIT 1;

-- corrections: the corrections that concern a member after a snapshot, up to a moment, whose originals are folded too
SELECT e.log_offset, e.value
FROM projector.concerns AS c
JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
JOIN projector.entries AS o ON o.portfolio = c.portfolio AND o.entry = e.corrects
WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.since BETWEEN $3 + 1 AND $4 AND c.reaches < c.since
  AND e.corrects IS NOT NULL AND e.type = ANY ($5::text[]) AND o.type = ANY ($5::text[])
ORDER BY e.entry;

-- corrections_of_all: the same for all entries of a portfolio
SELECT e.log_offset, e.value
FROM projector.entries AS e
JOIN projector.entries AS o ON o.portfolio = e.portfolio AND o.entry = e.corrects
WHERE e.portfolio = $1 AND e.entry BETWEEN $2 + 1 AND $3
  AND e.corrects IS NOT NULL AND e.type = ANY ($4::text[]) AND o.type = ANY ($4::text[])
ORDER BY e.entry;

-- facts: what concerns a member after a snapshot, up to a moment, and was true by then; a correction holds when its original does
SELECT e.log_offset, e.value
FROM projector.concerns AS c
JOIN projector.entries AS e ON e.portfolio = c.portfolio AND e.entry = c.entry
WHERE c.portfolio = $1 AND c.member IN ($2, '') AND c.entry > $3 AND c.entry <= $4 AND c.since <= $4
  AND e.type = ANY ($5::text[])
  AND (e.corrects IS NULL OR projector.held_at($1, e.corrects) <= $6) AND (e.corrects IS NOT NULL OR e.happened_at <= $6)
ORDER BY c.entry;

-- facts_of_all: the same for all entries of a portfolio
SELECT e.log_offset, e.value
FROM projector.entries AS e
WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.type = ANY ($4::text[])
  AND (e.corrects IS NULL OR projector.held_at($1, e.corrects) <= $5) AND (e.corrects IS NOT NULL OR e.happened_at <= $5)
ORDER BY e.entry;

-- since: what concerns members since the entries up to which their states were folded, or reaches back to before
SELECT w.scope, c.entry, c.reaches, c.since, e.log_offset, CASE WHEN e.type = ANY ($5::text[]) THEN e.value END AS value
FROM unnest($2::text[], $3::bigint[]) AS w (scope, folded)
CROSS JOIN LATERAL (
    SELECT c.entry, c.reaches, c.since
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN (w.scope, '') AND c.entry > w.folded AND c.entry <= $4
    UNION
    SELECT c.entry, c.reaches, c.since
    FROM projector.concerns AS c
    WHERE c.portfolio = $1 AND c.member IN (w.scope, '') AND c.since > w.folded AND c.since <= $4 AND c.reaches < c.since
) AS c
JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = c.entry
ORDER BY w.scope, c.entry;

-- since_of_all: the events of a portfolio after an entry, as far as a chronicle folds them; what was refused never happened
SELECT '' AS scope, e.entry, COALESCE(e.corrects, e.entry) AS reaches, e.entry AS since, e.log_offset, e.value
FROM projector.entries AS e
WHERE e.portfolio = $1 AND e.entry > $2 AND e.entry <= $3 AND e.type = ANY ($4::text[]) AND e.happened_at IS NOT NULL
ORDER BY e.entry;

-- hashes: the hashes of entries
SELECT entry, encode(hash, 'hex') AS hash FROM projector.entries WHERE portfolio = $1 AND entry = ANY ($2::bigint[]);

-- scopes: the scopes of so many entries or more
SELECT portfolio, member AS scope, entries FROM projector.scopes WHERE entries >= $1 AND member <> ''
UNION ALL
SELECT h.portfolio, '', COALESCE(h.failed_entry - 1, h.entry) + 1
FROM projector.heads AS h
WHERE h.read_model = 'concerns' AND COALESCE(h.failed_entry - 1, h.entry) + 1 >= $1;

-- last: the last snapshot of a scope
SELECT entry, length(state) AS bytes
FROM projector.snapshots
WHERE portfolio = $1 AND chronicle = $2 AND version = $3 AND scope = $4
ORDER BY entry DESC
LIMIT 1;

-- step: the entry that is so many further on among those that concern a member
SELECT c.entry
FROM projector.concerns AS c
WHERE c.portfolio = $1 AND c.member = $2 AND c.entry > $3 AND c.since <= $5
ORDER BY c.entry
OFFSET $4 - 1 LIMIT 1;

-- keep: keep a snapshot
INSERT INTO projector.snapshots (chronicle, version, portfolio, scope, entry, hash, until, state)
SELECT $2, $3, $1, $4, $5, e.hash, $6, $7
FROM projector.entries AS e
WHERE e.portfolio = $1 AND e.entry = $5
ON CONFLICT DO NOTHING;

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
