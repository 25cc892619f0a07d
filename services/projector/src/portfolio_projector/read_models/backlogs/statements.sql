-- products: products by key
SELECT p.portfolio, p.product, p.name, p.vision, p.owner, p.state, p.conceived_at, p.activated_at, p.sunset_on, p.open_items,
       p.rankings, p.set_by, p.first_entry, p.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, product)
JOIN projector.backlog_products AS p USING (portfolio, product);

-- items: items by key
SELECT i.portfolio, i.item, i.product, i.title, i.kind, i.state, i.rank, i.workflow_state, i.blocked, i.added_at,
       i.created_at, i.started_at, i.closed_at, i.split_from, i.service, i.points, i.score, i.links, i.status, i.stage,
       i.milestone, i.targets, i.target_facts, i.set_by, i.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, item)
JOIN projector.backlog_items AS i USING (portfolio, item);

-- moves_by_word: moves by the item and the entry whose word they are
SELECT m.portfolio, m.product, m.entry, m.item, m.said_by, m.until_entry, m.move, m.was_after, m.after, m.actor, m.reason,
       m.time, m.recordedtime, m.rank
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS wanted (portfolio, item, said_by)
JOIN projector.backlog_moves AS m USING (portfolio, item, said_by);

-- followers: the item after each of these ranks; an empty rank asks for the top of the backlog
SELECT f.portfolio, f.item, f.product, f.title, f.kind, f.state, f.rank, f.workflow_state, f.blocked, f.added_at,
       f.created_at, f.started_at, f.closed_at, f.split_from, f.service, f.points, f.score, f.links, f.status, f.stage,
       f.milestone, f.targets, f.target_facts, f.set_by, f.last_entry
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (portfolio, product, rank)
CROSS JOIN LATERAL (
    SELECT *
    FROM projector.backlog_items AS i
    WHERE i.portfolio = wanted.portfolio AND i.product = wanted.product AND i.rank > wanted.rank COLLATE "C"
    ORDER BY i.rank
    LIMIT 1
) AS f;

-- predecessors: the item before each of these ranks
SELECT f.portfolio, f.item, f.product, f.title, f.kind, f.state, f.rank, f.workflow_state, f.blocked, f.added_at,
       f.created_at, f.started_at, f.closed_at, f.split_from, f.service, f.points, f.score, f.links, f.status, f.stage,
       f.milestone, f.targets, f.target_facts, f.set_by, f.last_entry
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (portfolio, product, rank)
CROSS JOIN LATERAL (
    SELECT *
    FROM projector.backlog_items AS i
    WHERE i.portfolio = wanted.portfolio AND i.product = wanted.product AND i.rank < wanted.rank COLLATE "C"
    ORDER BY i.rank DESC
    LIMIT 1
) AS f;

-- open_items: every open item of these products
SELECT i.portfolio, i.item, i.product, i.title, i.kind, i.state, i.rank, i.workflow_state, i.blocked, i.added_at,
       i.created_at, i.started_at, i.closed_at, i.split_from, i.service, i.points, i.score, i.links, i.status, i.stage,
       i.milestone, i.targets, i.target_facts, i.set_by, i.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, product)
JOIN projector.backlog_items AS i USING (portfolio, product)
WHERE i.rank IS NOT NULL;

-- update_products: store products that were there before
UPDATE projector.backlog_products AS p
SET name = new.name, vision = new.vision, owner = new.owner, state = new.state, conceived_at = new.conceived_at, activated_at
    = new.activated_at, sunset_on = new.sunset_on, open_items = new.open_items, rankings = new.rankings, set_by = new.set_by,
    first_entry = new.first_entry, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::date[],
    $10::integer[], $11::integer[], $12::jsonb[], $13::bigint[], $14::bigint[]
) AS new (
    portfolio, product, name, vision, owner, state, conceived_at, activated_at, sunset_on, open_items, rankings, set_by,
    first_entry, last_entry
)
WHERE p.portfolio = new.portfolio AND p.product = new.product;

-- update_items: store items that were there before
UPDATE projector.backlog_items AS i
SET product = new.product, title = new.title, kind = new.kind, state = new.state, rank = new.rank, workflow_state =
    new.workflow_state, blocked = new.blocked, added_at = new.added_at, created_at = new.created_at, started_at =
    new.started_at, closed_at = new.closed_at, split_from = new.split_from, service = new.service, points = new.points, score
    = new.score, links = new.links, status = new.status, stage = new.stage, milestone = new.milestone, targets = new.targets,
    target_facts = new.target_facts, set_by = new.set_by, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[],
    $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::text[], $16::text[],
    $17::jsonb[], $18::jsonb[], $19::text[], $20::text[], $21::text[], $22::jsonb[], $23::jsonb[], $24::jsonb[], $25::bigint[]
) AS new (
    portfolio, item, product, title, kind, state, rank, workflow_state, blocked, added_at, created_at, started_at, closed_at,
    split_from, service, points, score, links, status, stage, milestone, targets, target_facts, set_by, last_entry
)
WHERE i.portfolio = new.portfolio AND i.item = new.item;

-- update_lived: store how far items are and where they stand
UPDATE projector.backlog_items AS i
SET state = new.state, rank = new.rank, workflow_state = new.workflow_state, blocked = new.blocked, started_at =
    new.started_at, closed_at = new.closed_at, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[], $8::timestamptz[],
    $9::bigint[]
) AS new (
    portfolio, item, state, rank, workflow_state, blocked, started_at, closed_at, last_entry
)
WHERE i.portfolio = new.portfolio AND i.item = new.item;

-- update_reported: store what sources report about items
UPDATE projector.backlog_items AS i
SET status = new.status, stage = new.stage, milestone = new.milestone, targets = new.targets, target_facts = new.target_facts,
    set_by = new.set_by, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::jsonb[], $9::bigint[]
) AS new (
    portfolio, item, status, stage, milestone, targets, target_facts, set_by, last_entry
)
WHERE i.portfolio = new.portfolio AND i.item = new.item;

-- update_moves: store until when what was said of moves holds
UPDATE projector.backlog_moves AS m
SET until_entry = new.until_entry
FROM unnest(
    $1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::timestamptz[], $13::text[], $14::text[]
) AS new (
    portfolio, product, entry, item, said_by, until_entry, move, was_after, after, actor, reason, time, recordedtime, rank
)
WHERE m.portfolio = new.portfolio AND m.item = new.item AND m.said_by = new.said_by;

-- place: how many items of a backlog stand at or before a rank
SELECT count(*) FROM projector.backlog_items WHERE portfolio = $1 AND product = $2 AND rank <= $3 COLLATE "C";

-- page: items of a backlog in order, after a rank
SELECT portfolio, item, product, title, kind, state, rank, workflow_state, blocked, added_at, created_at, started_at,
       closed_at, split_from, service, points, score, links, status, stage, milestone, targets, target_facts, set_by,
       last_entry
FROM projector.backlog_items
WHERE portfolio = $1 AND product = $2 AND rank > $3 COLLATE "C"
ORDER BY rank
LIMIT $4;

-- scored: the scored items of a backlog, each after its place in the order
SELECT place, portfolio, item, product, title, kind, state, rank, workflow_state, blocked, added_at, created_at, started_at,
       closed_at, split_from, service, points, score, links, status, stage, milestone, targets, target_facts, set_by,
       last_entry
FROM (
    SELECT *, row_number() OVER (ORDER BY rank) AS place
    FROM projector.backlog_items
    WHERE portfolio = $1 AND product = $2 AND rank IS NOT NULL
) AS standing
WHERE score IS NOT NULL;

-- known: whether there was a product as it was known at an entry, of what was true by an instant
SELECT EXISTS (
    SELECT FROM projector.backlog_products WHERE portfolio = $1 AND product = $2 AND first_entry <= $3 AND conceived_at <= $4
);

-- history: every move in a backlog after a place in its history, as it was known at an entry, of what was true by an instant
SELECT portfolio, product, entry, item, said_by, until_entry, move, was_after, after, actor, reason, time, recordedtime, rank
FROM projector.backlog_moves
WHERE portfolio = $1 AND product = $2 AND move <> 'ranked' AND (entry, item) > ($3, $4) AND said_by <= $5 AND COALESCE(until_entry > $5, TRUE)
  AND time <= $6
ORDER BY entry, item
LIMIT $7;

-- history_of_item: the same of one item
SELECT portfolio, product, entry, item, said_by, until_entry, move, was_after, after, actor, reason, time, recordedtime, rank
FROM projector.backlog_moves
WHERE portfolio = $1 AND product = $2 AND move <> 'ranked' AND item = $3 AND entry > $4 AND said_by <= $5 AND COALESCE(until_entry > $5, TRUE)
  AND time <= $6
ORDER BY entry
LIMIT $7;

-- places: items of a backlog as they stood at an entry, after a rank; the last move of each by then says where it is. It is never
-- before one that was by then: that it is not later is the condition of which the planner expects enough rows to read them in order
SELECT m.item, m.rank
FROM projector.backlog_moves AS m
WHERE m.portfolio = $1 AND m.product = $2 AND m.rank > $3 COLLATE "C" AND m.entry <= $4
  AND m.entry >= (
      SELECT l.entry
      FROM projector.backlog_moves AS l
      WHERE l.portfolio = $1 AND l.item = m.item AND l.said_by <= $4 AND l.said_by = l.entry
      ORDER BY l.said_by DESC
      LIMIT 1
  )
ORDER BY m.rank
LIMIT $5;

-- places_until: how many items of a backlog stood at or before a rank at an entry
SELECT count(*)
FROM projector.backlog_moves AS m
WHERE m.portfolio = $1 AND m.product = $2 AND m.rank <= $3 COLLATE "C" AND m.entry <= $4
  AND m.entry >= (
      SELECT l.entry
      FROM projector.backlog_moves AS l
      WHERE l.portfolio = $1 AND l.item = m.item AND l.said_by <= $4 AND l.said_by = l.entry
      ORDER BY l.said_by DESC
      LIMIT 1
  );

-- rank_of: where an item stood at an entry
SELECT m.rank
FROM projector.backlog_moves AS m
WHERE m.portfolio = $1 AND m.item = $2 AND m.said_by <= $3 AND m.said_by = m.entry
ORDER BY m.said_by DESC
LIMIT 1;

-- size: how many items of a product were open at an entry, and how often its backlog had been ranked anew
SELECT open_items, rankings, entry
FROM projector.backlog_sizes
WHERE portfolio = $1 AND product = $2 AND entry <= $3
ORDER BY entry DESC
LIMIT 1;

-- facts: what was said of subjects up to an entry, and not refused; of an item that a split made also what was said of the one that was split
WITH RECURSIVE asked (subject) AS (
    SELECT * FROM unnest($2::text[])
    UNION
    SELECT e.subject
    FROM asked
    JOIN projector.backlog_moves AS m
      ON m.portfolio = $1 AND m.item = substring(asked.subject FROM '^item/(.*)$') AND m.move = 'split_from' AND m.said_by <= $3
    JOIN projector.entries AS e ON e.portfolio = $1 AND e.entry = m.entry
)
SELECT e.log_offset, e.value
FROM asked
JOIN projector.entries AS e ON e.portfolio = $1 AND e.subject = asked.subject AND e.entry <= $3
WHERE e.type = ANY ($4::text[]) AND e.happened_at IS NOT NULL AND e.entry <> ALL ($5::bigint[])
ORDER BY e.entry;

-- forget: delete everything of a portfolio
WITH products AS (DELETE FROM projector.backlog_products WHERE portfolio = $1),
     items AS (DELETE FROM projector.backlog_items WHERE portfolio = $1),
     sizes AS (DELETE FROM projector.backlog_sizes WHERE portfolio = $1)
DELETE FROM projector.backlog_moves WHERE portfolio = $1;
