-- products: products by key
SELECT p.portfolio, p.product, p.name, p.vision, p.owner, p.state, p.conceived_at, p.activated_at, p.open_items, p.rankings, p.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, product)
JOIN projector.backlog_products AS p USING (portfolio, product);

-- items: items by key
SELECT i.portfolio, i.item, i.product, i.title, i.kind, i.state, i.rank, i.workflow_state, i.added_at, i.started_at, i.closed_at,
       i.split_from, i.status, i.stage, i.milestone, i.targets, i.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, item)
JOIN projector.backlog_items AS i USING (portfolio, item);

-- followers: the item after each of these ranks; an empty rank asks for the top of the backlog
SELECT f.portfolio, f.item, f.product, f.title, f.kind, f.state, f.rank, f.workflow_state, f.added_at, f.started_at, f.closed_at,
       f.split_from, f.status, f.stage, f.milestone, f.targets, f.last_entry
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (portfolio, product, rank)
CROSS JOIN LATERAL (
    SELECT *
    FROM projector.backlog_items AS i
    WHERE i.portfolio = wanted.portfolio AND i.product = wanted.product AND i.rank > wanted.rank COLLATE "C"
    ORDER BY i.rank
    LIMIT 1
) AS f;

-- open_items: every open item of these products
SELECT i.portfolio, i.item, i.product, i.title, i.kind, i.state, i.rank, i.workflow_state, i.added_at, i.started_at, i.closed_at,
       i.split_from, i.status, i.stage, i.milestone, i.targets, i.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, product)
JOIN projector.backlog_items AS i USING (portfolio, product)
WHERE i.rank IS NOT NULL;

-- update_products: store products that were there before
UPDATE projector.backlog_products AS p
SET name = new.name, vision = new.vision, owner = new.owner, state = new.state,
    conceived_at = new.conceived_at, activated_at = new.activated_at, open_items = new.open_items,
    rankings = new.rankings, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::integer[],
    $10::integer[], $11::bigint[]
) AS new (
    portfolio, product, name, vision, owner, state, conceived_at, activated_at, open_items, rankings, last_entry
)
WHERE p.portfolio = new.portfolio AND p.product = new.product;

-- update_items: store items that were there before
UPDATE projector.backlog_items AS i
SET product = new.product, title = new.title, kind = new.kind, state = new.state, rank = new.rank,
    workflow_state = new.workflow_state, added_at = new.added_at, started_at = new.started_at,
    closed_at = new.closed_at, split_from = new.split_from, status = new.status, stage = new.stage,
    milestone = new.milestone, targets = new.targets, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
    $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[], $16::jsonb[], $17::bigint[]
) AS new (
    portfolio, item, product, title, kind, state, rank, workflow_state, added_at, started_at, closed_at, split_from, status,
    stage, milestone, targets, last_entry
)
WHERE i.portfolio = new.portfolio AND i.item = new.item;

-- update_lived: store how far items are and where they stand
UPDATE projector.backlog_items AS i
SET state = new.state, rank = new.rank, workflow_state = new.workflow_state, started_at = new.started_at, closed_at = new.closed_at,
    last_entry = new.last_entry
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::bigint[]) AS new (
    portfolio, item, state, rank, workflow_state, started_at, closed_at, last_entry
)
WHERE i.portfolio = new.portfolio AND i.item = new.item;

-- update_reported: store what sources report about items
UPDATE projector.backlog_items AS i
SET status = new.status, stage = new.stage, milestone = new.milestone, targets = new.targets, last_entry = new.last_entry
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::bigint[]) AS new (
    portfolio, item, status, stage, milestone, targets, last_entry
)
WHERE i.portfolio = new.portfolio AND i.item = new.item;

-- place: how many items of a backlog stand at or before a rank
SELECT count(*) FROM projector.backlog_items WHERE portfolio = $1 AND product = $2 AND rank <= $3 COLLATE "C";

-- page: items of a backlog in order, after a rank
SELECT portfolio, item, product, title, kind, state, rank, workflow_state, added_at, started_at, closed_at, split_from, status, stage,
       milestone, targets, last_entry
FROM projector.backlog_items
WHERE portfolio = $1 AND product = $2 AND rank > $3 COLLATE "C"
ORDER BY rank
LIMIT $4;

-- moves: every move in a backlog after a place in its history
SELECT portfolio, product, entry, item, move, after, actor, reason, time, recordedtime
FROM projector.backlog_moves
WHERE portfolio = $1 AND product = $2 AND (entry, item) > ($3, $4)
ORDER BY entry, item
LIMIT $5;

-- moves_of_item: every move of one item after a place in its history
SELECT portfolio, product, entry, item, move, after, actor, reason, time, recordedtime
FROM projector.backlog_moves
WHERE portfolio = $1 AND product = $2 AND item = $3 AND entry > $4
ORDER BY entry
LIMIT $5;

-- forget: delete everything of a portfolio
WITH products AS (DELETE FROM projector.backlog_products WHERE portfolio = $1),
     items AS (DELETE FROM projector.backlog_items WHERE portfolio = $1)
DELETE FROM projector.backlog_moves WHERE portfolio = $1;
