-- Each portfolio is taken to have its share of a table, whatever was counted of it: see the migration of this name that is for all. That
-- one runs first, and where a database is new it finds no tables of read models; this one runs when they all are there.

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
