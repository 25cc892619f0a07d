# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""When the door takes submissions: not for what stands still or is far behind, and not from sources refused too often."""

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from portfolio_ledger import metrics, sessions
from portfolio_ledger.http.problems import Problem
from portfolio_ledger.statements import SQL
from portfolio_log import clients, endings
from portfolio_schemas import codes

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Pool

DAY_MS = 24 * 60 * 60 * 1000

_STOPPED_SECONDS = 1.0
_BEHIND_SECONDS = 60.0
_KAFKA_SECONDS_MAX = 10.0
_RATE_SECONDS = 60.0
_RETRY_STOPPED_SECONDS = 30
_RETRY_BEHIND_SECONDS = 60

_logger = structlog.get_logger()


class StoppedPortfolio(NamedTuple):
    """A portfolio that stopped: after which entry, and why."""

    portfolio: str
    partition: int
    entry: int
    detail: str


class LostPartition(NamedTuple):
    """A partition that stands still: LOG_LOST or INTAKE_LOST, and what happened."""

    partition: int
    code: str
    detail: str


class Conditions:
    """What is known of them; `run` keeps it up to date until cancelled, `look` brings it up to date now.

    `stopped` and `lost` are what waits for an operator, wherever it is served.
    """

    def __init__(self, pool: "Pool", kafka: str, intake_topic: str, partitions: int, *, refusals_max: int) -> None:
        self._pool = pool
        self._kafka = kafka
        self._places = [TopicPartition(intake_topic, partition) for partition in range(partitions)]
        self.stopped = list[StoppedPortfolio]()
        self.lost = list[LostPartition]()
        self._stopped = frozenset[str]()
        self._lost = dict[int, str]()
        self._behind = frozenset[int]()
        self._refused = Counter[str]()
        self._refused_since = time.monotonic()
        self._refusals_max = refusals_max

    def check(self, portfolio: str, partition: int, sources: set[str]) -> None:
        """Check whether submissions of a portfolio are taken now.

        Raises:
            Problem: when they are not.

        """
        if portfolio in self._stopped:
            raise Problem(codes.PORTFOLIO_STOPPED, codes.PORTFOLIO_STOPPED.meaning, retry_seconds=_RETRY_STOPPED_SECONDS)
        if partition in self._lost:
            code = codes.CODES[self._lost[partition]]
            raise Problem(code, code.meaning, retry_seconds=_RETRY_STOPPED_SECONDS)
        if partition in self._behind:
            raise Problem(codes.BEHIND, codes.BEHIND.meaning, retry_seconds=_RETRY_BEHIND_SECONDS)
        self._begin_anew()
        if any(self._refused[source] >= self._refusals_max for source in sources):
            seconds = int(self._refused_since + _RATE_SECONDS - time.monotonic()) + 1
            raise Problem(codes.REFUSED_TOO_OFTEN, codes.REFUSED_TOO_OFTEN.meaning, retry_seconds=seconds)

    def note_refusal(self, source: str) -> None:
        """Count a refusal of what a source sent over HTTP."""
        self._begin_anew()
        self._refused[source] += 1
        if self._refused[source] == self._refusals_max:
            _logger.error("source-refused-too-often", source=source, refusals=self._refusals_max, seconds=_RATE_SECONDS)

    def _begin_anew(self) -> None:
        if time.monotonic() - self._refused_since > _RATE_SECONDS:
            self._refused_since = time.monotonic()
            self._refused.clear()

    async def run(self) -> None:
        """Keep up to date until cancelled. What cannot be asked now stays as it was."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch_stopped())
            tasks.create_task(self._watch_behind())

    async def look(self) -> None:
        """Learn what is stopped and lost now."""
        async with sessions.acquire(self._pool) as connection:
            self.stopped = [StoppedPortfolio(*row) for row in await connection.fetch(SQL["stopped"])]
            self.lost = [LostPartition(*row) for row in await connection.fetch(SQL["lost"])]
        self._stopped = frozenset(one.portfolio for one in self.stopped)
        self._lost = {one.partition: one.code for one in self.lost}
        metrics.PORTFOLIOS_STOPPED.set(len(self._stopped))
        for place in self._places:
            metrics.PARTITION_LOST.labels(place.partition).set(place.partition in self._lost)

    async def _watch_stopped(self) -> None:
        while True:
            try:
                await self.look()
            except sessions.UNAVAILABLE as error:
                _logger.warning("stopped-portfolios-not-known", error=type(error).__name__)
            endings.obey()
            await asyncio.sleep(_STOPPED_SECONDS)

    async def _watch_behind(self) -> None:
        while True:
            try:
                self._behind = await self._find_behind()
            except (*sessions.UNAVAILABLE, KafkaError, AssertionError) as error:
                _logger.warning("lag-not-known", error=type(error).__name__)
            endings.obey()
            await asyncio.sleep(_BEHIND_SECONDS)

    async def _find_behind(self) -> frozenset[int]:
        """Return the partitions whose next submission to judge is older than a day."""
        async with sessions.acquire(self._pool) as connection:
            positions = {row["partition"]: row["intake_offset"] for row in await connection.fetch(SQL["intake_positions"])}
        consumer = AIOKafkaConsumer(bootstrap_servers=self._kafka, group_id=None, auto_offset_reset="none")
        async with asyncio.timeout(_KAFKA_SECONDS_MAX), clients.running(consumer):
            yesterday = int(time.time() * 1000) - DAY_MS
            young = await consumer.offsets_for_times(dict.fromkeys(self._places, yesterday))
            ends = await consumer.end_offsets(self._places)
        first_young = {place.partition: young[place].offset if young[place] else ends[place] for place in self._places}
        return frozenset(
            partition for partition, offset in positions.items() if offset is not None and offset < first_young.get(partition, 0)
        )
