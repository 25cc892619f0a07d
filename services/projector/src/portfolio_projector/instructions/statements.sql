-- instruct: ask whoever projects a partition to resume it, a portfolio of it, or a read model in that portfolio
INSERT INTO projector.instructions (partition, portfolio, read_model, rebuild, skip, reason, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;

-- partitions: the partitions in which something waits to be carried out
SELECT DISTINCT partition FROM projector.instructions WHERE answered_at IS NULL;

-- open: what waits to be carried out in a partition, in order
SELECT id, partition, portfolio, read_model, rebuild, skip, reason, actor
FROM projector.instructions
WHERE partition = $1 AND answered_at IS NULL
ORDER BY id;

-- answer: say what came of an instruction, once
UPDATE projector.instructions SET answered_at = now(), done = $2, answer = $3 WHERE id = $1 AND answered_at IS NULL;

-- answer_to: what came of an instruction; no row while it waits
SELECT done, answer FROM projector.instructions WHERE id = $1 AND answered_at IS NOT NULL;

-- is_lost: whether a partition stands still because its log has lost records
SELECT EXISTS (SELECT FROM projector.positions WHERE partition = $1 AND lost IS NOT NULL);

-- begin_again: read a partition again from its first record; the rows of its portfolios stay
UPDATE projector.positions SET next_offset = 0, lost = NULL WHERE partition = $1;

-- forget_stops: let the portfolios of a partition be judged anew
UPDATE projector.heads SET tip = NULL, stop_offset = NULL, stop_hash = NULL, stop_detail = NULL WHERE partition = $1;

-- read_again: stop a portfolio at the first record, from where it alone is read again
UPDATE projector.heads
SET tip = NULL, stop_offset = 0, stop_hash = '', stop_detail = 'It is being read again from the log.'
WHERE portfolio = $1;

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
