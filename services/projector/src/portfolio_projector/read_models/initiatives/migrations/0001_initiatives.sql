-- The read model `initiatives`: initiatives, every version of their baselines, their work packages, and what they cost.

CREATE TABLE projector.initiatives (
    portfolio          text        NOT NULL,
    initiative         text        NOT NULL,
    name               text        NOT NULL,
    mode               text        NOT NULL,
    state              text        NOT NULL,
    sponsor            text,
    objective          text,
    currency           text        NOT NULL,
    rough_cost         bigint,
    rough_start        text,
    rough_finish       text,
    proposed_at        timestamptz NOT NULL,
    proposed_by        text        NOT NULL,
    state_since        timestamptz NOT NULL,
    baseline           integer,
    bac                bigint,
    management_reserve bigint,
    start              text,
    finish             text,
    effective_date     text,
    baselines_approved integer     NOT NULL,
    cost               bigint      NOT NULL,
    costs              integer     NOT NULL,
    last_entry         bigint      NOT NULL,
    PRIMARY KEY (portfolio, initiative)
) WITH (fillfactor = 50);
COMMENT ON COLUMN projector.initiatives.cost IS 'In minor units of currency; without a basis where costs is 0.';
COMMENT ON COLUMN projector.initiatives.finish IS 'The last planned finish of the current baseline: a day, or an instant in UTC.';

CREATE TABLE projector.initiative_baselines (
    portfolio          text        NOT NULL,
    initiative         text        NOT NULL,
    version            integer     NOT NULL,
    state              text        NOT NULL,
    bac                bigint      NOT NULL,
    management_reserve bigint,
    start              text        NOT NULL,
    finish             text        NOT NULL,
    previous           integer,
    plan               jsonb       NOT NULL,
    proposed_entry     bigint      NOT NULL,
    proposed_at        timestamptz NOT NULL,
    proposed_by        text        NOT NULL,
    decided_entry      bigint,
    decided_at         timestamptz,
    decided_by         text,
    reason             text,
    effective_date     text,
    change_class       text,
    variances_kept     boolean,
    change_request     text,
    superseded_by      integer,
    PRIMARY KEY (portfolio, initiative, version)
);
COMMENT ON COLUMN projector.initiative_baselines.plan IS 'Work packages, milestones, dependencies and calendar as they were proposed.';

CREATE TABLE projector.work_packages (
    portfolio       text   NOT NULL,
    package         text   NOT NULL,
    initiative      text   NOT NULL,
    state           text   NOT NULL,
    name            text   NOT NULL,
    wbs             text,
    start           text   NOT NULL,
    finish          text   NOT NULL,
    budget          bigint NOT NULL,
    ev_method       text   NOT NULL,
    fraction        text   NOT NULL,
    remaining_hours text,
    actual_start    text,
    completed_at    timestamptz,
    last_entry      bigint NOT NULL,
    PRIMARY KEY (portfolio, package)
) WITH (fillfactor = 70);
CREATE INDEX work_packages_of_initiative ON projector.work_packages (portfolio, initiative, package);

CREATE TABLE projector.initiative_costs (
    portfolio    text        NOT NULL,
    entry        bigint      NOT NULL,
    initiative   text        NOT NULL,
    minor        bigint      NOT NULL,
    period       text        NOT NULL,
    category     text        NOT NULL,
    treatment    text        NOT NULL,
    time         timestamptz NOT NULL,
    corrected_by bigint,
    PRIMARY KEY (portfolio, entry)
);
