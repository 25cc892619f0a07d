-- The four roles, once per PostgreSQL, by whoever administers it. Passwords are set apart, where they are given.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['portfolio_owner', 'portfolio_ledger', 'portfolio_projector', 'portfolio_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role);
        END IF;
    END LOOP;
    -- Readers change nothing, and who forgets a transaction holds up nobody for long: a rebuild waits until reads end.
    ALTER ROLE portfolio_reader SET default_transaction_read_only = on;
    ALTER ROLE portfolio_reader SET statement_timeout = '60s';
    ALTER ROLE portfolio_reader SET idle_in_transaction_session_timeout = '10s';
    -- Who administers a managed PostgreSQL is no superuser, and must belong to the owner to act for it.
    IF NOT pg_has_role(current_user, 'portfolio_owner', 'MEMBER') THEN
        EXECUTE format('GRANT portfolio_owner TO %I', current_user);
    END IF;
END
$$;
