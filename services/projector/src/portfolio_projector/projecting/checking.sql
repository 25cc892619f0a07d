-- alive: whether a replica is alive that reaches the database from the same address as this session
SELECT EXISTS (
    SELECT
    FROM pg_catalog.pg_locks AS held
    JOIN pg_catalog.pg_stat_activity AS session USING (pid)
    WHERE held.locktype = 'advisory' AND held.classid = $1::integer::oid AND held.objsubid = 2 AND held.granted
      AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
      AND session.client_addr IS NOT DISTINCT FROM inet_client_addr()
);

-- known: whether the topic has been seen, and the number of its partitions recorded
SELECT EXISTS (SELECT FROM projector.topics WHERE name = $1);

-- standstills: the partitions of a topic that nobody has worked on for $2 seconds, or that are lost; null seconds: never
SELECT expected.partition, extract(epoch FROM now() - seen.seen_at)::float8 AS seconds, lost.detail
FROM projector.topics AS topic
CROSS JOIN generate_series(0, topic.partitions - 1) AS expected (partition)
LEFT JOIN projector.partitions AS seen ON seen.partition = expected.partition
CROSS JOIN LATERAL (SELECT max(p.lost) AS detail FROM projector.positions AS p WHERE p.partition = expected.partition) AS lost
WHERE topic.name = $1
  AND (seen.seen_at IS NULL OR seen.seen_at < now() - make_interval(secs => $2::float8) OR lost.detail IS NOT NULL)
ORDER BY expected.partition;
