-- The read model `backlogs`: products, the items of their rolling backlogs in order, and every move.

CREATE TABLE projector.backlog_products (
    portfolio    text        NOT NULL,
    product      text        NOT NULL,
    name         text        NOT NULL,
    vision       text,
    owner        text,
    state        text        NOT NULL,
    conceived_at timestamptz NOT NULL,
    activated_at timestamptz,
    open_items   integer     NOT NULL CHECK (open_items >= 0),
    rankings     integer     NOT NULL,
    last_entry   bigint      NOT NULL,
    PRIMARY KEY (portfolio, product)
) WITH (fillfactor = 50);
COMMENT ON COLUMN projector.backlog_products.rankings IS 'How often the backlog was ranked anew because a rank had become long.';

CREATE TABLE projector.backlog_items (
    portfolio      text        NOT NULL,
    item           text        NOT NULL,
    product        text        NOT NULL,
    title          text        NOT NULL,
    kind           text        NOT NULL,
    state          text        NOT NULL,
    rank           text        COLLATE "C",
    workflow_state text,
    added_at       timestamptz NOT NULL,
    started_at     timestamptz,
    closed_at      timestamptz,
    split_from     text,
    status         text,
    stage          text,
    milestone      text,
    targets        jsonb       NOT NULL,
    last_entry     bigint      NOT NULL,
    PRIMARY KEY (portfolio, item)
) WITH (fillfactor = 80);
CREATE INDEX backlog_items_in_order ON projector.backlog_items (portfolio, product, rank) WHERE rank IS NOT NULL;
COMMENT ON COLUMN projector.backlog_items.rank IS 'Its byte order is the order of the backlog; null when the item is not in it.';

CREATE TABLE projector.backlog_moves (
    portfolio    text        NOT NULL,
    product      text        NOT NULL,
    entry        bigint      NOT NULL,
    item         text        NOT NULL,
    move         text        NOT NULL,
    after        text,
    actor        text        NOT NULL,
    reason       text,
    time         timestamptz NOT NULL,
    recordedtime text        NOT NULL,
    PRIMARY KEY (portfolio, product, entry, item)
);
CREATE INDEX backlog_moves_by_item ON projector.backlog_moves (portfolio, item, entry);
