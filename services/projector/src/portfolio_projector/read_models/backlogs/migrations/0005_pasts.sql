-- Where items stood: moves say the rank that they gave, and sizes how many items were open, so that a page of a past order is one
-- question to tables. All of it is folded from the log anew.

DELETE FROM projector.positions WHERE read_model = 'backlogs';
DELETE FROM projector.heads WHERE read_model = 'backlogs';
TRUNCATE projector.backlog_products, projector.backlog_items, projector.backlog_moves;

ALTER TABLE projector.backlog_moves ADD COLUMN rank text COLLATE "C";
CREATE INDEX backlog_moves_by_rank ON projector.backlog_moves (portfolio, product, rank, entry) WHERE rank IS NOT NULL;
COMMENT ON COLUMN projector.backlog_moves.rank IS 'Where the item stands since then; null when it is in no order.';

CREATE TABLE projector.backlog_sizes (
    portfolio  text    NOT NULL,
    product    text    NOT NULL,
    entry      bigint  NOT NULL,
    open_items integer NOT NULL CHECK (open_items >= 0),
    rankings   integer NOT NULL,
    PRIMARY KEY (portfolio, product, entry)
);
COMMENT ON TABLE projector.backlog_sizes IS 'How many items of a product are open, from an entry on.';
COMMENT ON COLUMN projector.backlog_sizes.rankings IS 'How often the backlog had been ranked anew by then.';

CREATE OR REPLACE VIEW reading.item_moves AS
SELECT portfolio, product, entry, item, move, after, actor, reason, time, recordedtime
FROM projector.backlog_moves
WHERE move <> 'ranked';
