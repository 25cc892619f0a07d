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

-- write_products: store products
INSERT INTO projector.backlog_products AS p (
    portfolio, product, name, vision, owner, state, conceived_at, activated_at, open_items, rankings, last_entry
)
SELECT *
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::integer[],
    $10::integer[], $11::bigint[]
)
ON CONFLICT (portfolio, product) DO UPDATE
SET name = EXCLUDED.name, vision = EXCLUDED.vision, owner = EXCLUDED.owner, state = EXCLUDED.state,
    conceived_at = EXCLUDED.conceived_at, activated_at = EXCLUDED.activated_at, open_items = EXCLUDED.open_items,
    rankings = EXCLUDED.rankings, last_entry = EXCLUDED.last_entry;

-- write_items: store items
INSERT INTO projector.backlog_items AS i (
    portfolio, item, product, title, kind, state, rank, workflow_state, added_at, started_at, closed_at, split_from, status, stage,
    milestone, targets, last_entry
)
SELECT *
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
    $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[], $16::jsonb[], $17::bigint[]
)
ON CONFLICT (portfolio, item) DO UPDATE
SET product = EXCLUDED.product, title = EXCLUDED.title, kind = EXCLUDED.kind, state = EXCLUDED.state, rank = EXCLUDED.rank,
    workflow_state = EXCLUDED.workflow_state, added_at = EXCLUDED.added_at, started_at = EXCLUDED.started_at,
    closed_at = EXCLUDED.closed_at, split_from = EXCLUDED.split_from, status = EXCLUDED.status, stage = EXCLUDED.stage,
    milestone = EXCLUDED.milestone, targets = EXCLUDED.targets, last_entry = EXCLUDED.last_entry;

-- product_page: products by id after one
SELECT portfolio, product, name, vision, owner, state, conceived_at, activated_at, open_items, rankings, last_entry
FROM projector.backlog_products
WHERE portfolio = $1 AND product > $2
ORDER BY product
LIMIT $3;

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
