"""Metrics: every name once, with its meaning."""

import time
from collections.abc import Sequence
from typing import Any

from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portfolio_projector.telling.failures import Failure

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "portfolio_read_requests", "Reads answered, by path template and status", ["path", "status"], registry=REGISTRY
)
GIVEN_AGAIN = Counter(
    "portfolio_reads_given_again", "Answers that were given again, since nothing they rest on had changed", registry=REGISTRY
)
SECONDS = Histogram(
    "portfolio_read_seconds",
    "Time from a read's arrival to the start of its answer, waiting for min_entry included",
    ["path"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
WAITING = Gauge("portfolio_reads_waiting", "Reads that wait for min_entry", registry=REGISTRY)
QUEUED = Gauge("portfolio_reads_queued", "Reads that take long and wait for their turn", registry=REGISTRY)
STREAMS = Gauge("portfolio_streams_open", "Open event streams of this process", registry=REGISTRY)
NEXT_OFFSET = Gauge(
    "portfolio_projector_next_offset", "Where a read model stands in a partition", ["read_model", "partition"], registry=REGISTRY
)
LAG = Gauge(
    "portfolio_projector_lag_records",
    "Records of the ledger topic that a read model has not applied, against the end that its projector last saw",
    ["read_model", "partition"],
    registry=REGISTRY,
)
SEEN = Gauge(
    "portfolio_projector_seen_seconds_ago",
    "Time since a projector last reported from a partition",
    ["partition"],
    registry=REGISTRY,
)
STOPPED = Gauge(
    "portfolio_projector_stopped_portfolios",
    "Portfolios in which a read model stands still: log (an orphan) or fold (an unknown type, a failure)",
    ["read_model", "why"],
    registry=REGISTRY,
)

LOST = Gauge(
    "portfolio_projector_lost_partitions",
    "Partitions that stand still because their log has lost records: an operator must repair it",
    registry=REGISTRY,
)


def scrape(progress: Sequence[Any], stops: Sequence[Any], failures: Sequence[Failure], streams_open: int) -> bytes:
    """Return the metrics as Prometheus reads them, from what the database says now."""
    for gauge in (NEXT_OFFSET, LAG, SEEN, STOPPED):
        gauge.clear()
    STREAMS.set(streams_open)
    LOST.set(len({row["partition"] for row in progress if row["lost"] is not None}))
    for row in progress:
        NEXT_OFFSET.labels(row["read_model"], row["partition"]).set(row["next_offset"])
        STOPPED.labels(row["read_model"], "log").inc(0)
        STOPPED.labels(row["read_model"], "fold").inc(0)
        if row["end_offset"] is not None:
            LAG.labels(row["read_model"], row["partition"]).set(max(row["end_offset"] - row["next_offset"], 0))
            SEEN.labels(row["partition"]).set(row["seen_s_ago"])
    for row in stops:
        STOPPED.labels(row["read_model"], "log" if row["stop_offset"] is not None else "fold").inc()
    for chronicle, _ in {(one.chronicle, one.portfolio) for one in failures}:
        STOPPED.labels(chronicle, "fold").inc()
    return generate_latest(REGISTRY)


class Measured:
    """Counts and times every request, by the template of its path so that ids make no names."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._measures = dict[tuple[str, int], tuple[Counter, Histogram]]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and measure its answer."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        began = time.perf_counter()

        async def measure(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = scope.get("route")
                path = route.path if isinstance(route, APIRoute) else "other"
                requests, seconds = self._of(path, message["status"])
                requests.inc()
                seconds.observe(time.perf_counter() - began)
            await send(message)

        await self._application(scope, receive, measure)

    def _of(self, path: str, status: int) -> tuple[Counter, Histogram]:
        found = self._measures.get((path, status))
        if found is None:
            found = self._measures[path, status] = (REQUESTS.labels(path, status), SECONDS.labels(path))
        return found
