-- instruct: ask whoever projects a partition to resume it, a portfolio of it, or a read model in that portfolio
INSERT INTO projector.instructions (partition, portfolio, read_model, rebuild, skip, reason, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;

-- partitions: the partitions in which something waits to be carried out
SELECT DISTINCT partition FROM projector.instructions WHERE answered_at IS NULL;

-- lost: the partitions that have lost their log
SELECT DISTINCT partition FROM projector.positions WHERE lost IS NOT NULL;

-- open: what waits to be carried out in a partition, in order
SELECT id, partition, portfolio, read_model, rebuild, skip, reason, actor
FROM projector.instructions
WHERE partition = $1 AND answered_at IS NULL
ORDER BY id;

-- answer: say what came of an instruction, once
UPDATE projector.instructions SET answered_at = now(), done = $2, answer = $3 WHERE id = $1 AND answered_at IS NULL;

-- answer_to: what came of an instruction; no row while it waits
SELECT done, answer FROM projector.instructions WHERE id = $1 AND answered_at IS NOT NULL;

-- place: go on with a partition at an offset of the log that it was compared with
UPDATE projector.positions SET next_offset = $2, lost = NULL WHERE partition = $1;

-- place_portfolios: stand in portfolios where the log has them; their rows stay
UPDATE projector.heads AS h
SET tip = now.tip, stop_offset = now.stop_offset, stop_hash = now.stop_hash, stop_detail = now.stop_detail
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]) AS now (portfolio, tip, stop_offset, stop_hash, stop_detail)
WHERE h.portfolio = now.portfolio;

-- read_again: stop a portfolio at the first record, from where it is read again apart from the others
INSERT INTO projector.heads (read_model, portfolio, partition, entry, hash, stop_offset, stop_hash, stop_detail)
SELECT p.read_model, $1, $2, -1, $3, 0, '', 'It is being read again from the log.'
FROM projector.positions AS p
WHERE p.partition = $2
ON CONFLICT (read_model, portfolio) DO UPDATE
SET tip = NULL, stop_offset = EXCLUDED.stop_offset, stop_hash = EXCLUDED.stop_hash, stop_detail = EXCLUDED.stop_detail;

-- forget_heads: have applied nothing of a portfolio
UPDATE projector.heads
SET entry = -1, hash = $2, failed_entry = NULL, failed_previous = NULL, failed_detail = NULL
WHERE portfolio = $1;

-- fold_again: have a read model stand still before the first entry of a portfolio, from where it is folded again
UPDATE projector.heads
SET failed_entry = 0, failed_previous = $3, failed_detail = 'It is being folded again.'
WHERE read_model = $1 AND portfolio = $2;

-- skip: have a read model not fold an entry
INSERT INTO projector.skips (read_model, portfolio, entry, reason, actor) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (portfolio, entry, read_model) DO NOTHING;

-- keep_evidence: set entries that an operator has given up aside before they are forgotten
INSERT INTO projector.abandoned_entries (portfolio, entry, hash, value)
SELECT portfolio, entry, hash, value FROM projector.entries WHERE portfolio = $1 AND entry > $2
ON CONFLICT (portfolio, entry, hash) DO NOTHING;

-- entries: the bytes of entries of a portfolio from one on, up to another
SELECT log_offset, value
FROM projector.entries
WHERE portfolio = $1 AND entry BETWEEN $2 AND $3
ORDER BY entry
LIMIT $4;

-- skipped: the entries of a portfolio that a read model skips
SELECT entry FROM projector.skips WHERE portfolio = $1 AND read_model = $2;

-- concerned: whom an entry concerns; all members, where it concerns everyone
SELECT s.member
FROM projector.scopes AS s
WHERE s.portfolio = $1 AND s.member <> '' AND EXISTS (
    SELECT FROM projector.concerns AS c WHERE c.portfolio = $1 AND c.member IN (s.member, '') AND c.entry = $2
)
ORDER BY s.member COLLATE "C";
