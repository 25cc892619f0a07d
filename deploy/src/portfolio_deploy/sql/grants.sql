-- In the database, as its owner, after the migrations: each service may change the rows of its own schema, and no table.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO portfolio_ledger, portfolio_projector', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portfolio_reader', current_database());
END
$$;

GRANT USAGE ON SCHEMA ledger, contract TO portfolio_ledger;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ledger TO portfolio_ledger;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA ledger TO portfolio_ledger;

GRANT USAGE ON SCHEMA projector, contract TO portfolio_projector;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projector TO portfolio_projector;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA projector TO portfolio_projector;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA projector FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA projector TO portfolio_projector;

-- What one service shows to another is there to be read, by both.
GRANT SELECT ON ALL TABLES IN SCHEMA contract TO portfolio_ledger, portfolio_projector;

-- Whoever is given the role of a reader sees the views that are a contract, and nothing else.
GRANT USAGE ON SCHEMA reading TO portfolio_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA reading TO portfolio_reader;
