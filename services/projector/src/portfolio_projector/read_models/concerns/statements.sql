-- homes: where subjects belong
SELECT portfolio, subject, member
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, subject)
JOIN projector.homes USING (portfolio, subject);

-- update_homes: let subjects belong to other members
UPDATE projector.homes AS h
SET member = now.member
FROM unnest($1::text[], $2::text[], $3::text[]) AS now (portfolio, subject, member)
WHERE h.portfolio = now.portfolio AND h.subject = now.subject;

-- move: let everything that was said of subjects concern the members that they went over to, from then on
INSERT INTO projector.concerns (portfolio, member, entry, since, reaches)
SELECT e.portfolio, moved.member, e.entry, min(moved.since), e.entry
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS moved (portfolio, subject, member, since)
JOIN projector.entries AS e ON e.portfolio = moved.portfolio AND e.subject = moved.subject AND e.entry < moved.since
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
