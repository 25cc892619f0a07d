-- flags: a page of the flags of what was true by an instant, the newest first, with whether each is still true
SELECT *
FROM (
    SELECT f.entry, f.code, f.subject, f.source, e.value, c.entry AS corrected_by,
           CASE WHEN e.corrects IS NULL THEN e.happened_at ELSE projector.held_at($1, e.corrects) END AS since,
           c.entry IS NULL AND (
               f.code <> ALL ($9::text[])
               OR EXISTS (
                   SELECT FROM unnest($10::text[], $11::text[]) AS still (code, subject)
                   WHERE still.code = f.code AND (
                       still.subject = f.subject
                       OR EXISTS (
                           SELECT FROM projector.concerns AS w
                           WHERE w.portfolio = $1 AND w.member = still.subject AND w.entry = f.entry AND w.since <= $2
                       )
                   )
               )
           ) AS holds
    FROM projector.flags AS f
    JOIN projector.entries AS e ON e.portfolio = f.portfolio AND e.entry = f.entry
    CROSS JOIN LATERAL (
        SELECT min(x.entry) AS entry FROM projector.entries AS x WHERE x.portfolio = $1 AND x.corrects = f.entry AND x.entry <= $2
    ) AS c
    WHERE f.portfolio = $1 AND f.entry <= $2 AND (f.entry < $3 OR f.entry = $3 AND f.code COLLATE "C" > $4)
      AND ($5::text IS NULL OR f.code = $5) AND ($6::text IS NULL OR f.subject = $6) AND ($7::text IS NULL OR f.source = $7)
      AND ($8::text IS NULL OR EXISTS (
          SELECT FROM projector.concerns AS w
          WHERE w.portfolio = $1 AND w.member = $8 AND w.entry = f.entry AND w.since <= $2
      ))
) AS flags
WHERE since <= $12 AND ($13::boolean IS NULL OR holds = $13)
ORDER BY entry DESC, code COLLATE "C"
LIMIT $14;

-- by_code: how many flags there are of what was true by an instant, by code
SELECT f.code, count(*) AS count, max(f.entry) AS last_entry
FROM projector.flags AS f
WHERE f.portfolio = $1 AND f.entry <= $2 AND ($3::text IS NULL OR f.subject = $3) AND ($4::text IS NULL OR f.source = $4)
  AND ($5::text IS NULL OR EXISTS (
      SELECT FROM projector.concerns AS w
      WHERE w.portfolio = $1 AND w.member = $5 AND w.entry = f.entry AND w.since <= $2
  ))
  AND ($6::timestamptz IS NULL OR EXISTS (
      SELECT FROM projector.entries AS e
      WHERE e.portfolio = f.portfolio AND e.entry = f.entry
        AND CASE WHEN e.corrects IS NULL THEN e.happened_at ELSE projector.held_at($1, e.corrects) END <= $6
  ))
GROUP BY f.code
ORDER BY f.code COLLATE "C";

-- members: whom entries concern, as it was known at an entry: each is looked up with each member, or all that is known is read
-- once, whichever is less
WITH known AS (
    SELECT cardinality($2::bigint[]) * count(*) <= sum(entries) AS is_more
    FROM projector.scopes
    WHERE portfolio = $1 AND member <> ''
), found AS (
    SELECT said.entry, c.member
    FROM unnest($2::bigint[]) AS said (entry)
    CROSS JOIN projector.scopes AS s
    JOIN projector.concerns AS c ON c.portfolio = $1 AND c.member = s.member AND c.entry = said.entry AND c.since <= $3
    WHERE (SELECT is_more FROM known) AND s.portfolio = $1 AND s.member <> ''
    UNION ALL
    SELECT c.entry, c.member
    FROM projector.concerns AS c
    WHERE NOT (SELECT is_more FROM known) AND c.portfolio = $1 AND c.member <> '' AND c.entry = ANY ($2) AND c.since <= $3
)
SELECT entry, array_agg(member ORDER BY member COLLATE "C") AS members
FROM found
GROUP BY entry;

-- last_said: the last event about each subject, up to an entry
SELECT about.subject, (
    SELECT max(e.entry)
    FROM projector.entries AS e
    WHERE e.portfolio = $1 AND e.subject = about.subject AND e.entry <= $3 AND e.happened_at IS NOT NULL
) AS entry
FROM unnest($2::text[]) AS about (subject);

-- said: entries by their numbers
SELECT entry, value FROM projector.entries WHERE portfolio = $1 AND entry = ANY ($2::bigint[]);
