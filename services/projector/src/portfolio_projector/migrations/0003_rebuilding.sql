-- Rebuilding: a read model is made anew in tables beside its own, compared, and switched to in one transaction; the old tables stay
-- for a way back. Services have no right to create or move tables, so these functions do it for them, and nothing else.

ALTER TABLE projector.positions ADD COLUMN generation integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN projector.positions.generation IS 'Rises when the rows of the read model are exchanged: whoever remembers rows of another one begins again.';

CREATE SCHEMA projector_beside;
CREATE SCHEMA projector_before;
COMMENT ON SCHEMA projector_beside IS 'Tables of read models that are being made anew.';
COMMENT ON SCHEMA projector_before IS 'Tables of read models as they were before the last rebuild.';

CREATE TABLE projector.positions_before (LIKE projector.positions INCLUDING ALL);
CREATE TABLE projector.heads_before (LIKE projector.heads INCLUDING ALL);
COMMENT ON TABLE projector.positions_before IS 'Where a read model stood when it was last rebuilt: what its tables in projector_before reflect.';
COMMENT ON TABLE projector.heads_before IS 'Where it stood in each portfolio then.';

CREATE FUNCTION projector.check_exchangeable (names text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        IF name = ANY (ARRAY['topics', 'positions', 'positions_before', 'heads', 'heads_before', 'partitions', 'instructions', 'skips',
                             'abandoned_entries', 'entries', 'portfolios', 'snapshots'])
           OR to_regclass(format('projector.%I', name)) IS NULL THEN
            RAISE EXCEPTION 'projector.% is not a table that can be exchanged', name;
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION projector.begin_beside (names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    PERFORM projector.check_exchangeable(names);
    EXECUTE format('GRANT USAGE ON SCHEMA projector_beside, projector_before TO %I', session_user);
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('DROP TABLE IF EXISTS projector_beside.%I', name);
        EXECUTE format('CREATE TABLE projector_beside.%I (LIKE projector.%I INCLUDING ALL)', name, name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON projector_beside.%I TO %I', name, session_user);
    END LOOP;
END
$$;
COMMENT ON FUNCTION projector.begin_beside IS 'Makes empty tables of the same shape in projector_beside.';

CREATE FUNCTION projector.end_beside (names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    PERFORM projector.check_exchangeable(names);
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('DROP TABLE IF EXISTS projector_beside.%I', name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION projector.end_beside IS 'Drops tables in projector_beside.';

CREATE FUNCTION projector.exchange (names text[], with_schema text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
    shown record;
    views jsonb;
BEGIN
    PERFORM projector.check_exchangeable(names);
    IF with_schema NOT IN ('projector_beside', 'projector_before') THEN
        RAISE EXCEPTION 'there is nothing to exchange with in %', with_schema;
    END IF;
    -- A view is bound to the table that it was made on, not to its name: those that others read are made again.
    SELECT COALESCE(jsonb_agg(DISTINCT jsonb_build_array(format('%I.%I', space.nspname, shown_as.relname), pg_get_viewdef(shown_as.oid))), '[]')
    INTO views
    FROM pg_depend AS needs
    JOIN pg_rewrite AS rule ON rule.oid = needs.objid AND needs.classid = 'pg_rewrite'::regclass
    JOIN pg_class AS shown_as ON shown_as.oid = rule.ev_class AND shown_as.relkind = 'v'
    JOIN pg_namespace AS space ON space.oid = shown_as.relnamespace
    WHERE needs.refobjid = ANY (SELECT format('projector.%I', named)::regclass FROM unnest(names) AS named);
    FOREACH name IN ARRAY names LOOP
        IF to_regclass(format('%I.%I', with_schema, name)) IS NULL THEN
            RAISE EXCEPTION 'there is no table %.%', with_schema, name;
        END IF;
        IF with_schema = 'projector_beside' THEN
            EXECUTE format('DROP TABLE IF EXISTS projector_before.%I', name);
            EXECUTE format('ALTER TABLE projector.%I SET SCHEMA projector_before', name);
            EXECUTE format('ALTER TABLE projector_beside.%I SET SCHEMA projector', name);
        ELSE
            EXECUTE format('DROP TABLE IF EXISTS projector_beside.%I', name);
            EXECUTE format('ALTER TABLE projector.%I SET SCHEMA projector_beside', name);
            EXECUTE format('ALTER TABLE projector_before.%I SET SCHEMA projector', name);
            EXECUTE format('ALTER TABLE projector_beside.%I SET SCHEMA projector_before', name);
        END IF;
    END LOOP;
    FOR shown IN SELECT view ->> 0 AS name, view ->> 1 AS definition FROM jsonb_array_elements(views) AS view LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %s AS %s', shown.name, shown.definition);
    END LOOP;
END
$$;
COMMENT ON FUNCTION projector.exchange IS 'Puts tables of another schema in the place of those of the same names; these go to projector_before.';
