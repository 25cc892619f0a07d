-- In the database, as its owner, before the migrations: the schemas, and the list of what was applied.

-- Each service owns the rows of one schema; `contract` holds what one service shows to another.
CREATE SCHEMA IF NOT EXISTS ledger;
CREATE SCHEMA IF NOT EXISTS projector;
CREATE SCHEMA IF NOT EXISTS contract;

-- `reading` holds the views that others may query: their names and columns are a contract.
CREATE SCHEMA IF NOT EXISTS reading;

-- One row per migration file that ran here. A file that changed afterwards is refused.
CREATE TABLE IF NOT EXISTS public.applied_migrations (
    name       text PRIMARY KEY,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
