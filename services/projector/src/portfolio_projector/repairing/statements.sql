-- lock: let one repair at a time work on a partition
SELECT pg_try_advisory_lock($1::integer, $2::integer);

-- holders: the heads that readers hold in any portfolio, by reader
SELECT reader, portfolio, entry, hash FROM contract.applied_heads WHERE entry >= 0
UNION ALL
SELECT 'ledger', portfolio, entry, hash FROM contract.judged_heads;

-- kept: the bytes of entries of a portfolio after one, in order
SELECT value FROM projector.entries WHERE portfolio = $1 AND entry > $2 ORDER BY entry LIMIT $3;
