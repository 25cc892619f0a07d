-- The read model `concerns`: which entries concern which initiatives and products.

CREATE TABLE projector.concerns (
    portfolio text   NOT NULL,
    member    text   NOT NULL,
    entry     bigint NOT NULL,
    since     bigint NOT NULL CHECK (since >= entry),
    reaches   bigint NOT NULL CHECK (reaches <= entry),
    PRIMARY KEY (portfolio, member, entry)
);
CREATE INDEX concerns_reaching_back ON projector.concerns (portfolio, member, since) WHERE reaches < since;
COMMENT ON TABLE projector.concerns IS 'An entry concerns a member: it is about it, about something that belongs to it, or names it.';
COMMENT ON COLUMN projector.concerns.member IS 'An initiative or a product, as a subject; empty: everyone, as the closing of a period does.';
COMMENT ON COLUMN projector.concerns.since IS 'The entry from which on it does: a later one, where the subject of the entry went over to the member.';
COMMENT ON COLUMN projector.concerns.reaches IS 'The first entry of which it changes what is known: the corrected one, where it is a correction.';

CREATE TABLE projector.homes (
    portfolio text NOT NULL,
    subject   text NOT NULL,
    member    text NOT NULL,
    PRIMARY KEY (portfolio, subject)
);
COMMENT ON TABLE projector.homes IS 'The initiative or product that a subject belongs to.';

CREATE TABLE projector.scopes (
    portfolio text   NOT NULL,
    member    text   NOT NULL,
    entries   bigint NOT NULL,
    PRIMARY KEY (portfolio, member)
) WITH (fillfactor = 50);
COMMENT ON TABLE projector.scopes IS 'How many entries concern a member, so that whoever makes snapshots sees where one is due.';

CREATE TABLE projector.snapshots (
    chronicle text        NOT NULL,
    version   integer     NOT NULL,
    portfolio text        NOT NULL,
    scope     text        NOT NULL,
    entry     bigint      NOT NULL,
    hash      bytea       NOT NULL,
    until     timestamptz NOT NULL,
    state     bytea       NOT NULL,
    PRIMARY KEY (portfolio, chronicle, version, scope, entry)
);
COMMENT ON TABLE projector.snapshots IS 'States of chronicles at entries: a past is folded from the nearest one. They can be dropped at any time.';
COMMENT ON COLUMN projector.snapshots.scope IS 'The member whose entries were folded; empty: all entries of the portfolio.';
COMMENT ON COLUMN projector.snapshots.hash IS 'The hash of the entry at which it was taken.';
COMMENT ON COLUMN projector.snapshots.until IS 'No fact in it was true later than this.';
