-- recorded_partitions: the number of partitions that a topic was first seen with
SELECT partitions FROM projector.topics WHERE name = $1;

-- other_log: a ledger topic that this database belongs to, if it is not the one that is asked for
SELECT name FROM projector.topics WHERE name <> $1 LIMIT 1;

-- record_partitions: remember the number of partitions of a topic, once
INSERT INTO projector.topics (name, partitions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING;

-- begin: give read models that have none a position at the beginning of a partition
INSERT INTO projector.positions (read_model, partition, version, next_offset)
SELECT read_model, $2, version, 0
FROM unnest($1::text[], $3::integer[]) AS new (read_model, version)
ON CONFLICT (read_model, partition) DO NOTHING;

-- positions: where each read model stands in a partition
SELECT read_model, version, next_offset, lost, generation FROM projector.positions WHERE partition = $1;

-- heads: where each read model stands in each portfolio of a partition
SELECT read_model, portfolio, entry, hash, tip, stop_offset, stop_hash, stop_detail, failed_entry, failed_previous, failed_detail
FROM projector.heads
WHERE partition = $1;

-- advance: move read models from their old offsets to the new one; a row for each that stood where it was thought to stand
UPDATE projector.positions AS p
SET next_offset = $4, lost = NULL
FROM unnest($2::text[], $3::bigint[], $5::integer[]) AS old (read_model, next_offset, generation)
WHERE p.partition = $1 AND p.read_model = old.read_model AND p.next_offset = old.next_offset AND p.generation = old.generation
RETURNING p.read_model;

-- save_heads: store where read models stand in portfolios
INSERT INTO projector.heads AS h (
    read_model, portfolio, partition, entry, hash, tip, stop_offset, stop_hash, stop_detail,
    failed_entry, failed_previous, failed_detail
)
SELECT read_model, portfolio, $1, entry, hash, tip, stop_offset, stop_hash, stop_detail, failed_entry, failed_previous, failed_detail
FROM unnest(
    $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[],
    $10::bigint[], $11::text[], $12::text[]
) AS new (
    read_model, portfolio, entry, hash, tip, stop_offset, stop_hash, stop_detail, failed_entry, failed_previous, failed_detail
)
ON CONFLICT (read_model, portfolio) DO UPDATE
SET entry = EXCLUDED.entry, hash = EXCLUDED.hash, tip = EXCLUDED.tip,
    stop_offset = EXCLUDED.stop_offset, stop_hash = EXCLUDED.stop_hash, stop_detail = EXCLUDED.stop_detail,
    failed_entry = EXCLUDED.failed_entry, failed_previous = EXCLUDED.failed_previous, failed_detail = EXCLUDED.failed_detail;

-- lose: say of every read model in a partition why it stands still
UPDATE projector.positions SET lost = $2 WHERE partition = $1 AND lost IS DISTINCT FROM $2;

-- tell: wake those who wait for portfolios of this transaction
SELECT pg_notify('portfolio_projected', names) FROM unnest($1::text[]) AS message (names);

-- see: remember who projects a partition and where its end is
INSERT INTO projector.partitions (partition, owner, end_offset, seen_at) VALUES ($1, $2, $3, now())
ON CONFLICT (partition) DO UPDATE SET owner = EXCLUDED.owner, end_offset = EXCLUDED.end_offset, seen_at = EXCLUDED.seen_at;

-- skips: the entries that read models skip in portfolios of a partition
SELECT s.read_model, s.portfolio, s.entry
FROM projector.skips AS s
JOIN projector.heads AS h ON h.read_model = s.read_model AND h.portfolio = s.portfolio
WHERE h.partition = $1;

-- join: count this session among the replicas, under a number of its own
SELECT pg_advisory_lock_shared($1::integer, $2::integer);

-- members: the numbers of all replicas that are alive
SELECT DISTINCT objid::bigint AS member
FROM pg_catalog.pg_locks
WHERE locktype = 'advisory' AND classid = $1::integer::oid AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());

-- take: try to become the owner of a partition
SELECT pg_try_advisory_lock($1::integer, $2::integer);

-- give_back: stop owning a partition
SELECT pg_advisory_unlock($1::integer, $2::integer);
