-- What others may read of products by SQL: names and meanings stay; columns may be added at the end.

CREATE VIEW reading.products AS
SELECT portfolio, product, name, owner, vision, state, conceived_at, activated_at, open_items, last_entry
FROM projector.backlog_products;
COMMENT ON VIEW reading.products IS 'Products as they are: a row for each.';

CREATE VIEW reading.backlog AS
SELECT portfolio, product, row_number() OVER (PARTITION BY portfolio, product ORDER BY rank) AS position,
       item, title, kind, state, workflow_state, added_at, started_at, status, stage, milestone, targets, last_entry
FROM projector.backlog_items
WHERE rank IS NOT NULL;
COMMENT ON VIEW reading.backlog IS 'The rolling backlogs: open items, from position 1.';
COMMENT ON COLUMN reading.backlog.status IS 'What the source calls it, in its own words; so are stage and milestone.';

CREATE VIEW reading.items AS
SELECT portfolio, item, product, title, kind, state, workflow_state, added_at, started_at, closed_at, split_from, status, stage,
       milestone, targets, last_entry
FROM projector.backlog_items;
COMMENT ON VIEW reading.items IS 'Every item, open or not.';

CREATE VIEW reading.item_moves AS
SELECT portfolio, product, entry, item, move, after, actor, reason, time, recordedtime
FROM projector.backlog_moves;
COMMENT ON VIEW reading.item_moves IS 'Every change of an item''s place: what happened, after which item it stands since then, who did it, and why.';
