-- homes: where subjects belong, and what they were made of
SELECT portfolio, subject, member, made_of, made_by, parts
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, subject)
JOIN projector.homes USING (portfolio, subject);

-- update_homes: let subjects belong to other members, and know what they were split into
UPDATE projector.homes AS h
SET member = now.member, parts = now.parts
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
  AS now (portfolio, subject, member, made_of, made_by, parts)
WHERE h.portfolio = now.portfolio AND h.subject = now.subject;

-- move: let everything that was said of subjects concern the members that they went over to, from then on; and of what they were
-- made of by splits, by what those were made of and so on, what is handed on to parts, with every correction of that
INSERT INTO projector.concerns (portfolio, member, entry, since, reaches)
WITH RECURSIVE moved AS (
    SELECT portfolio, subject, member, since, since - 1 AS last, false AS is_origin
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS moved (portfolio, subject, member, since)
    UNION
    SELECT moved.portfolio, h.made_of, moved.member, moved.since, h.made_by, true
    FROM moved
    JOIN projector.homes AS h ON h.portfolio = moved.portfolio AND h.subject = moved.subject AND h.made_of IS NOT NULL
)
SELECT e.portfolio, moved.member, e.entry, min(moved.since), COALESCE(e.corrects, e.entry)
FROM moved
JOIN projector.entries AS e ON e.portfolio = moved.portfolio AND e.subject = moved.subject
 AND e.entry < moved.since AND (e.corrects IS NOT NULL OR e.entry <= moved.last)
WHERE e.happened_at IS NOT NULL AND (NOT moved.is_origin OR e.type = ANY ($5::text[]))
GROUP BY e.portfolio, moved.member, e.entry
ON CONFLICT (portfolio, member, entry) DO NOTHING;

-- count: remember how many entries concern each member
INSERT INTO projector.scopes AS s (portfolio, member, entries)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
ON CONFLICT (portfolio, member) DO UPDATE SET entries = s.entries + EXCLUDED.entries;

-- forget: delete everything of a portfolio, and the snapshots that were folded from it
WITH snapshots AS (DELETE FROM projector.snapshots WHERE portfolio = $1),
     scopes AS (DELETE FROM projector.scopes WHERE portfolio = $1),
     homes AS (DELETE FROM projector.homes WHERE portfolio = $1)
DELETE FROM projector.concerns WHERE portfolio = $1;
