-- A portfolio that began after a table was last analysed is as good as empty to the planner, which then may read all of it again for
-- each of its rows, until the table is analysed the next time. So nobody counts how many rows are about which portfolio: each is
-- taken to have its share of the table as it is. What was counted before must go, which PostgreSQL has a function for since version 18;
-- where it has none and something was counted, it goes on counting.

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT t.relname
        FROM pg_catalog.pg_class AS t
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'portfolio' AND NOT a.attisdropped
        WHERE t.relnamespace = 'projector'::regnamespace AND t.relkind = 'r'
    LOOP
        IF to_regproc('pg_catalog.pg_clear_attribute_stats') IS NOT NULL THEN
            PERFORM pg_catalog.pg_clear_attribute_stats('projector', name, 'portfolio', false);
        END IF;
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_stats WHERE schemaname = 'projector' AND tablename = name AND attname = 'portfolio') THEN
            EXECUTE format('ALTER TABLE projector.%I ALTER COLUMN portfolio SET STATISTICS 0', name);
        END IF;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION projector.begin_beside (names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    PERFORM projector.check_exchangeable(names);
    EXECUTE format('GRANT USAGE ON SCHEMA projector_beside, projector_before TO %I', session_user);
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('DROP TABLE IF EXISTS projector_beside.%I', name);
        EXECUTE format('CREATE TABLE projector_beside.%I (LIKE projector.%I INCLUDING ALL)', name, name);
        EXECUTE format('ALTER TABLE projector_beside.%I ALTER COLUMN portfolio SET STATISTICS 0', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON projector_beside.%I TO %I', name, session_user);
    END LOOP;
END
$$;
