-- recorded_partitions: the number of partitions that a topic was first seen with
SELECT partitions FROM ledger.topics WHERE name = $1;

-- other_log: a ledger topic that this database belongs to, if it is not the one that is asked for
SELECT name FROM ledger.topics WHERE name <> $1 LIMIT 1;

-- record_partitions: remember the number of partitions of a topic, once
INSERT INTO ledger.topics (name, partitions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING;

-- forwarding_key: the key by which what is forwarded is sealed: the given one where there is none yet
INSERT INTO ledger.forwarding AS f (key) VALUES ($1) ON CONFLICT (one) DO UPDATE SET key = f.key RETURNING key;

-- begin: give a partition that has none a position at its beginning
INSERT INTO ledger.positions (partition, next_offset, fold) VALUES ($1, 0, $2) ON CONFLICT (partition) DO NOTHING;

-- position: where a partition was folded up to, and by which fold
SELECT next_offset, intake_offset, judged_offset, judged_index, CASE lost_code WHEN 'LOG_LOST' THEN lost_detail END AS lost, fold
FROM ledger.positions
WHERE partition = $1;

-- portfolios: the places of a partition's portfolios
SELECT portfolio, entry, hash, tip, recordedtime, stop_offset, stop_hash, stop_detail, intake_offset
FROM ledger.portfolios
WHERE partition = $1;

-- advance: move a partition from its old offset to a new one; a row when it stood where it was thought to stand
UPDATE ledger.positions
SET next_offset = $3, intake_offset = $4, judged_offset = $5, judged_index = $6
WHERE partition = $1 AND next_offset = $2 AND fold = $7
RETURNING partition;

-- take_long: let what this transaction does last as long as it has to
SET LOCAL statement_timeout = 0;

-- begin_anew: place a partition at its beginning; intake goes on before everything that waits
UPDATE ledger.positions AS p
SET next_offset = 0, judged_offset = -1, judged_index = -1, fold = $2, lost_code = NULL, lost_detail = NULL,
    intake_offset = CASE WHEN p.intake_offset IS NOT NULL THEN LEAST(
        p.intake_offset, $3::bigint, (SELECT min(s.intake_offset) FROM ledger.portfolios s WHERE s.partition = p.partition)
    ) END
WHERE partition = $1 AND next_offset = $4 AND fold IS NOT DISTINCT FROM $5
RETURNING partition;

-- forget_entries_of_partition: delete what is held of the entries of a partition's portfolios
DELETE FROM ledger.entries e USING ledger.portfolios p WHERE p.partition = $1 AND e.portfolio = p.portfolio;

-- forget_subjects_of_partition: delete what is held of the subjects of a partition's portfolios
DELETE FROM ledger.subjects s USING ledger.portfolios p WHERE p.partition = $1 AND s.portfolio = p.portfolio;

-- forget_portfolios_of_partition: delete the places of a partition's portfolios
DELETE FROM ledger.portfolios WHERE partition = $1;

-- save_portfolios: store the places of portfolios
INSERT INTO ledger.portfolios AS p (
    portfolio, partition, entry, hash, tip, recordedtime, stop_offset, stop_hash, stop_detail, intake_offset
)
SELECT portfolio, $1, entry, hash, tip, recordedtime, stop_offset, stop_hash, stop_detail, intake_offset
FROM unnest(
    $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::bigint[]
) AS new (portfolio, entry, hash, tip, recordedtime, stop_offset, stop_hash, stop_detail, intake_offset)
ON CONFLICT (portfolio) DO UPDATE
SET entry = EXCLUDED.entry, hash = EXCLUDED.hash, tip = EXCLUDED.tip, recordedtime = EXCLUDED.recordedtime,
    stop_offset = EXCLUDED.stop_offset, stop_hash = EXCLUDED.stop_hash, stop_detail = EXCLUDED.stop_detail,
    intake_offset = EXCLUDED.intake_offset;

-- save_subjects: store the states and versions of subjects
INSERT INTO ledger.subjects AS s (portfolio, subject, version, state)
SELECT portfolio, subject, version, state
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[]) AS new (portfolio, subject, version, state)
ON CONFLICT (portfolio, subject) DO UPDATE SET version = EXCLUDED.version, state = EXCLUDED.state;

-- look_up: in one snapshot, recorded events by source and id, answers by submission, entries by number, subjects, and the position
SELECT 'event' AS kind, a.portfolio, a.entry, a.hash, a.submission, a.source, a.id, a.type, a.subject, a.digest, a.version, a.recordedtime,
       a.flags, a.refusal AS document, a.last_entry
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (portfolio, source, id)
JOIN ledger.answers a ON a.portfolio = wanted.portfolio AND a.source = wanted.source AND a.id = wanted.id
WHERE a.refusal IS NULL
UNION ALL
SELECT 'submission', a.portfolio, a.entry, a.hash, a.submission, a.source, a.id, a.type, a.subject, a.digest, a.version, a.recordedtime,
       a.flags, a.refusal, a.last_entry
FROM unnest($4::text[], $5::text[]) AS wanted (portfolio, submission)
JOIN ledger.answers a ON a.submission = wanted.submission AND a.portfolio = wanted.portfolio
WHERE (a.source <> '/ledger' OR a.refusal IS NOT NULL)
UNION ALL
SELECT 'entry', a.portfolio, a.entry, a.hash, a.submission, a.source, a.id, a.type, a.subject, a.digest, a.version, a.recordedtime,
       a.flags, a.refusal, a.last_entry
FROM unnest($6::text[], $7::bigint[]) AS wanted (portfolio, entry)
JOIN ledger.answers a ON a.portfolio = wanted.portfolio AND a.entry = wanted.entry
UNION ALL
SELECT 'subject', s.portfolio, NULL, NULL, NULL, NULL, NULL, NULL, s.subject, NULL, s.version, NULL, NULL, s.state, NULL
FROM unnest($8::text[], $9::text[]) AS wanted (portfolio, subject)
JOIN ledger.subjects s ON s.portfolio = wanted.portfolio AND s.subject = wanted.subject
UNION ALL
SELECT 'position', NULL, p.next_offset, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM ledger.positions p
WHERE p.partition = $10;

-- hash_of: the hash of an old entry
SELECT encode(hash, 'hex') FROM ledger.entries WHERE portfolio = $1 AND entry = $2;

-- has_applied_heads: whether a reader shows the heads that it has applied
SELECT to_regclass('contract.applied_heads') IS NOT NULL;

-- applied_heads: the heads that readers have applied
SELECT reader, portfolio, entry, hash FROM contract.applied_heads WHERE entry >= 0;

-- not_held: those of the given entries that are not here with the same hash
SELECT wanted.reader, wanted.portfolio, wanted.entry, wanted.hash
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS wanted (reader, portfolio, entry, hash)
LEFT JOIN ledger.entries e ON e.portfolio = wanted.portfolio AND e.entry = wanted.entry
WHERE e.hash IS NULL OR encode(e.hash, 'hex') <> wanted.hash;

-- answer_to_submission: the entry that answers a submission
SELECT portfolio, entry, hash, submission, source, id, type, subject, digest, version, recordedtime, flags, refusal AS document, last_entry
FROM ledger.answers
WHERE submission = $1 AND (source <> '/ledger' OR refusal IS NOT NULL)
ORDER BY recordedtime DESC
LIMIT 1;

-- answer_to_event: the entry that recorded an event, else the last one that refused it
SELECT portfolio, entry, hash, submission, source, id, type, subject, digest, version, recordedtime, flags, refusal AS document, last_entry
FROM ledger.answers
WHERE portfolio = $1 AND source = $2 AND id = $3
ORDER BY refusal IS NOT NULL, entry DESC
LIMIT 1;

-- stopped: portfolios that stopped at an orphan, wherever they are served
SELECT portfolio, partition, entry, stop_detail FROM ledger.portfolios WHERE stop_offset IS NOT NULL ORDER BY portfolio;

-- intake_positions: where each partition's intake stands
SELECT partition, intake_offset FROM ledger.positions;

-- accept_loss: let what stands outside of intake go on with its first record, as an operator has accepted; how much that was
WITH stopped AS (
    UPDATE ledger.portfolios SET intake_offset = $2
    WHERE partition = $1 AND intake_offset NOT BETWEEN $2 AND $3
    RETURNING 1
), partition AS (
    UPDATE ledger.positions SET intake_offset = $2
    WHERE partition = $1 AND intake_offset NOT BETWEEN $2 AND $3
    RETURNING 1
)
SELECT (SELECT count(*) FROM stopped) + (SELECT count(*) FROM partition);

-- lost: partitions that wait for an operator, wherever they are served
SELECT partition, lost_code, lost_detail FROM ledger.positions WHERE lost_code IS NOT NULL;

-- say_lost: say of partitions why they wait for an operator, null that they do not
UPDATE ledger.positions AS p
SET lost_code = said.code, lost_detail = said.detail
FROM unnest($1::integer[], $2::text[], $3::text[]) AS said (partition, code, detail)
WHERE p.partition = said.partition AND (p.lost_code, p.lost_detail) IS DISTINCT FROM (said.code, said.detail);

-- instruct: ask whoever serves a partition to resume a portfolio, or the whole partition
INSERT INTO ledger.instructions (partition, portfolio, rebuild) VALUES ($1, $2, $3) RETURNING id;

-- instructed_partitions: the partitions in which something waits to be carried out
SELECT DISTINCT partition FROM ledger.instructions WHERE answered_at IS NULL;

-- open_instructions: what waits to be carried out in a partition, in order
SELECT id, partition, portfolio, rebuild FROM ledger.instructions WHERE partition = $1 AND answered_at IS NULL ORDER BY id;

-- answer_instruction: say what came of an instruction, once
UPDATE ledger.instructions SET answered_at = now(), done = $2, answer = $3 WHERE id = $1 AND answered_at IS NULL;

-- answer_to_instruction: what came of it; no row while it waits
SELECT done, answer FROM ledger.instructions WHERE id = $1 AND answered_at IS NOT NULL;

-- place: go on with a partition at an offset of the log that it was compared with
UPDATE ledger.positions SET next_offset = $2, lost_code = NULL, lost_detail = NULL WHERE partition = $1;

-- place_portfolios: stand in portfolios where the log has them; what is held of them stays
UPDATE ledger.portfolios AS p
SET tip = now.tip, stop_offset = now.stop_offset, stop_hash = now.stop_hash, stop_detail = now.stop_detail
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]) AS now (portfolio, tip, stop_offset, stop_hash, stop_detail)
WHERE p.portfolio = now.portfolio;

-- read_again: stop a portfolio at the first record, from where it is read again apart from the others
INSERT INTO ledger.portfolios (portfolio, partition, entry, hash, recordedtime, stop_offset, stop_hash, stop_detail)
VALUES ($1, $2, -1, $3, '', 0, '', 'It is being read again from the log.')
ON CONFLICT (portfolio) DO UPDATE
SET tip = NULL, stop_offset = EXCLUDED.stop_offset, stop_hash = EXCLUDED.stop_hash, stop_detail = EXCLUDED.stop_detail;

-- forget_portfolio: hold nothing of a portfolio; from a position of intake on, where one is given, its submissions are judged again
UPDATE ledger.portfolios SET entry = -1, hash = $2, recordedtime = '', intake_offset = LEAST(intake_offset, $3) WHERE portfolio = $1;

-- forget_entries: delete what is held of a portfolio's entries
DELETE FROM ledger.entries WHERE portfolio = $1;

-- forget_subjects: delete what is held of a portfolio's subjects
DELETE FROM ledger.subjects WHERE portfolio = $1;

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

