"""Every metric of the ledger, with its meaning."""

from prometheus_client import Counter, Gauge, Histogram

VERDICTS = Counter("ledger_verdicts", "submissions judged by this process", ["verdict"])
REFUSALS = Counter("ledger_refusals", "refusals recorded by this process", ["code"])
RULES_FAILED = Counter("ledger_rules_failed", "submissions refused because a rule raised (INTERNAL): an operator must look")
APPENDS = Counter("ledger_appends", "record batches appended to the ledger topic")
APPENDS_LOST = Counter(
    "ledger_appends_lost", "appends that were not recorded as they were: another writer came first, or in doubt"
)
SUPERSEDED = Counter("ledger_superseded_records", "records of the ledger topic that lost a race")
FOREIGN = Counter("ledger_foreign_records", "records of the ledger topic that are none of it: an operator must look")
FORWARDED = Counter("ledger_forwarded", "submissions that stood in the wrong partition of intake")
STORED = Counter("ledger_answers_stored", "answers written to PostgreSQL")
BATCH = Histogram("ledger_batch_submissions", "submissions judged at once", buckets=(1, 3, 10, 30, 100, 300, 1000, 3000))
APPEND_SECONDS = Histogram(
    "ledger_append_seconds", "from append to its known fate", buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
)
PARTITIONS = Gauge("ledger_partitions", "partitions that this process serves")
PARTITION_SERVED = Gauge("ledger_partition_served", "1 while this process serves the partition", ["partition"])
PARTITION_LOST = Gauge(
    "ledger_partition_lost",
    "1 while the partition waits for an operator, LOG_LOST or INTAKE_LOST, whoever serves it",
    ["partition"],
)
PORTFOLIOS_STOPPED = Gauge("ledger_portfolios_stopped", "portfolios stopped at an orphan: an operator must look")
WAITING = Gauge("ledger_waiting_submissions", "submissions taken over HTTP that wait for their verdict")
REQUEST_SECONDS = Histogram(
    "ledger_post_seconds",
    "from the whole body of a POST /events to its answer",
    ["status"],
    buckets=(0.003, 0.005, 0.007, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 10),
)
