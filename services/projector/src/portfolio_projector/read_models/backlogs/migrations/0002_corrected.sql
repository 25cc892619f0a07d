-- What corrections leave: which entry set each attribute last, and whose word each move is. All of it is folded from the log anew.

DELETE FROM projector.positions WHERE read_model = 'backlogs';
DELETE FROM projector.heads WHERE read_model = 'backlogs';
DROP TABLE projector.backlog_products, projector.backlog_items, projector.backlog_moves;

CREATE TABLE projector.backlog_products (
    portfolio    text        NOT NULL,
    product      text        NOT NULL,
    name         text        NOT NULL,
    vision       text,
    owner        text,
    state        text        NOT NULL,
    conceived_at timestamptz NOT NULL,
    activated_at timestamptz,
    sunset_on    date,
    open_items   integer     NOT NULL CHECK (open_items >= 0),
    rankings     integer     NOT NULL,
    set_by       jsonb       NOT NULL,
    first_entry  bigint      NOT NULL,
    last_entry   bigint      NOT NULL,
    PRIMARY KEY (portfolio, product)
) WITH (fillfactor = 50);
COMMENT ON COLUMN projector.backlog_products.rankings IS 'How often the backlog was ranked anew because a rank had become long.';
COMMENT ON COLUMN projector.backlog_products.set_by IS 'The entry that set each attribute last, by the name of the attribute.';

CREATE TABLE projector.backlog_items (
    portfolio      text        NOT NULL,
    item           text        NOT NULL,
    product        text        NOT NULL,
    title          text        NOT NULL,
    kind           text        NOT NULL,
    state          text        NOT NULL,
    rank           text        COLLATE "C",
    workflow_state text,
    blocked        boolean     NOT NULL,
    added_at       timestamptz NOT NULL,
    created_at     timestamptz,
    started_at     timestamptz,
    closed_at      timestamptz,
    split_from     text,
    service        text        NOT NULL,
    points         text,
    score          jsonb,
    links          jsonb       NOT NULL,
    status         text,
    stage          text,
    milestone      text,
    targets        jsonb       NOT NULL,
    target_facts   jsonb       NOT NULL,
    set_by         jsonb       NOT NULL,
    last_entry     bigint      NOT NULL,
    PRIMARY KEY (portfolio, item)
) WITH (fillfactor = 80);
CREATE INDEX backlog_items_in_order ON projector.backlog_items (portfolio, product, rank) WHERE rank IS NOT NULL;
COMMENT ON COLUMN projector.backlog_items.rank IS 'Its byte order is the order of the backlog; null when the item is not in it.';
COMMENT ON COLUMN projector.backlog_items.created_at IS 'When its source knew it first, where that is known.';
COMMENT ON COLUMN projector.backlog_items.links IS 'What it was linked to, by the entry that said so first: whose word it is, and the subject.';
COMMENT ON COLUMN projector.backlog_items.target_facts IS 'What was said of targets, by entry: whose word it is, gate and target; targets are what that leaves.';
COMMENT ON COLUMN projector.backlog_items.set_by IS 'The entry that set each attribute last, by the name of the attribute.';

CREATE TABLE projector.backlog_moves (
    portfolio    text        NOT NULL,
    product      text        NOT NULL,
    entry        bigint      NOT NULL,
    item         text        NOT NULL,
    said_by      bigint      NOT NULL,
    until_entry  bigint,
    move         text        NOT NULL,
    was_after    text,
    after        text,
    actor        text        NOT NULL,
    reason       text,
    time         timestamptz NOT NULL,
    recordedtime text        NOT NULL,
    PRIMARY KEY (portfolio, item, said_by)
);
CREATE INDEX backlog_moves_in_order ON projector.backlog_moves (portfolio, product, entry, item);
COMMENT ON COLUMN projector.backlog_moves.said_by IS 'The entry whose word this is: the move itself, or one that corrects it.';
COMMENT ON COLUMN projector.backlog_moves.until_entry IS 'The entry from which another word holds.';
