-- alone: whether nobody else rebuilds now; the session holds it
SELECT pg_try_advisory_lock($1, hashtext($2));

-- begin: make empty tables beside
SELECT projector.begin_beside($1);

-- end: drop the tables beside
SELECT projector.end_beside($1);

-- unlimited: let this transaction wait between statements, and for long ones
SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true);

-- version: the version of the fold that wrote the rows; null where nothing was ever written
SELECT max(version) FROM projector.positions WHERE read_model = $1;

-- freeze: let nobody move a read model until this transaction ends
SELECT partition, next_offset FROM projector.positions WHERE read_model = $1 ORDER BY partition FOR UPDATE;

-- heads: where a read model stands in each portfolio
SELECT portfolio, partition, entry, hash, failed_entry, failed_detail, stop_offset
FROM projector.heads
WHERE read_model = $1
ORDER BY portfolio;

-- skips: which entries a read model skips
SELECT portfolio, entry FROM projector.skips WHERE read_model = $1;

-- entries: the bytes of entries of a portfolio after one, up to another
SELECT log_offset, value
FROM projector.entries
WHERE portfolio = $1 AND entry > $2 AND entry <= $3
ORDER BY entry
LIMIT $4;

-- older_reads: how many transactions began before an instant and still go on, but for those that wait for this one
SELECT count(*)
FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL AND xact_start < $1
  AND pg_backend_pid() <> ALL (pg_blocking_pids(pid));

-- look_anew: see other sessions as they are now; a transaction remembers what it saw of them first
SELECT pg_stat_clear_snapshot();

-- now: the time by the database's clock
SELECT clock_timestamp();

-- exchange: put the tables of another schema in the place of those of the same names
SELECT projector.exchange($1, $2);

-- keep_positions: remember where a read model stood
WITH old AS (DELETE FROM projector.positions_before WHERE read_model = $1)
INSERT INTO projector.positions_before SELECT * FROM projector.positions WHERE read_model = $1
ON CONFLICT (read_model, partition) DO UPDATE
SET version = EXCLUDED.version, next_offset = EXCLUDED.next_offset, lost = EXCLUDED.lost, generation = EXCLUDED.generation;

-- keep_heads: remember where it stood in portfolios
WITH old AS (
    DELETE FROM projector.heads_before AS b
    WHERE b.read_model = $1
      AND NOT EXISTS (SELECT FROM projector.heads AS h WHERE h.read_model = b.read_model AND h.portfolio = b.portfolio)
)
INSERT INTO projector.heads_before SELECT * FROM projector.heads WHERE read_model = $1
ON CONFLICT (read_model, portfolio) DO UPDATE
SET partition = EXCLUDED.partition, entry = EXCLUDED.entry, hash = EXCLUDED.hash, tip = EXCLUDED.tip,
    stop_offset = EXCLUDED.stop_offset, stop_hash = EXCLUDED.stop_hash, stop_detail = EXCLUDED.stop_detail,
    failed_entry = EXCLUDED.failed_entry, failed_previous = EXCLUDED.failed_previous, failed_detail = EXCLUDED.failed_detail;

-- settle_positions: the rows are of a version now, and of another generation than anybody remembers
UPDATE projector.positions SET version = $2, generation = generation + 1 WHERE read_model = $1;

-- settle_heads: where the rows end in portfolios in which the fold failed, or fails no more
UPDATE projector.heads AS h
SET failed_entry = now.failed_entry, failed_previous = now.failed_previous, failed_detail = now.failed_detail
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) AS now (portfolio, failed_entry, failed_previous, failed_detail)
WHERE h.read_model = $1 AND h.portfolio = now.portfolio;

-- return_positions: stand where the rows from before end
UPDATE projector.positions AS p
SET version = b.version, next_offset = b.next_offset, lost = b.lost, generation = p.generation + 1
FROM projector.positions_before AS b
WHERE p.read_model = $1 AND b.read_model = p.read_model AND b.partition = p.partition;

-- forget_heads: stand in no portfolio
DELETE FROM projector.heads WHERE read_model = $1;

-- return_heads: stand in portfolios where the rows from before end
INSERT INTO projector.heads SELECT * FROM projector.heads_before WHERE read_model = $1;

-- before: whether there are tables from before to go back to, and of which version
SELECT max(version) FROM projector.positions_before WHERE read_model = $1;

-- standing: the last entry that a read model has applied of a portfolio
SELECT COALESCE(failed_entry - 1, entry) FROM projector.heads WHERE read_model = $1 AND portfolio = $2;

-- rows: the rows of a table in the order of its key
SELECT {columns} FROM {schema}.{table} ORDER BY {key};

-- rows_of: the rows of a portfolio in a table, in the order of its key
SELECT {columns} FROM {schema}.{table} WHERE portfolio = $1 ORDER BY {key};

-- rows_between: the rows of entries of a portfolio in a table, in the order of its key
SELECT {columns} FROM {schema}.{table} WHERE portfolio = $1 AND entry BETWEEN $2 AND $3 ORDER BY {key};

-- moved: the entries that concern members because subjects went over to them, as the projector finds them when one does
WITH RECURSIVE moved AS (
    SELECT portfolio, subject, member, since, since - 1 AS last, false AS is_origin
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS moved (portfolio, subject, member, since)
    UNION
    SELECT moved.portfolio, h.made_of, moved.member, moved.since, h.made_by, true
    FROM moved
    JOIN projector.homes AS h ON h.portfolio = moved.portfolio AND h.subject = moved.subject AND h.made_of IS NOT NULL
)
SELECT e.portfolio, moved.member, e.entry, min(moved.since), COALESCE(e.corrects, e.entry)
FROM moved
JOIN projector.entries AS e ON e.portfolio = moved.portfolio AND e.subject = moved.subject
 AND e.entry < moved.since AND (e.corrects IS NOT NULL OR e.entry <= moved.last)
LEFT JOIN projector.concerns AS c ON c.portfolio = e.portfolio AND c.member = moved.member AND c.entry = e.entry AND c.since = c.entry
WHERE e.happened_at IS NOT NULL AND (NOT moved.is_origin OR e.type = ANY ($5::text[])) AND c.entry IS NULL
GROUP BY e.portfolio, moved.member, e.entry, e.corrects
ORDER BY moved.member COLLATE "C", e.entry;
