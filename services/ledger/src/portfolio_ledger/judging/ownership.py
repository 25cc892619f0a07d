"""Who serves which partition: a PostgreSQL session holds an advisory lock for each partition that this process owns.

It is for efficiency only; the compare-and-swaps keep two owners from harm. The session ends two seconds after its process falls
silent, so a stopped process loses its partitions; a live one beats several times a second, and trusts its locks only while the
last beat is fresh.
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

from portfolio_ledger import sessions
from portfolio_ledger.judging.shares import share
from portfolio_ledger.statements import SQL
from portfolio_log import endings

if TYPE_CHECKING:
    import asyncpg


_PARTITION_LOCKS = 0x4C454447  # "LEDG": lock spaces that no other service of this database uses
_MEMBER_LOCKS = 0x4C45444D  # "LEDM"
_MEMBERS = 2**31

_BEAT_SECONDS = 0.3
_FRESH_SECONDS = 1.5
_RETRY_SECONDS_MIN = 0.3
_RETRY_SECONDS_MAX = 5.0
_END_SECONDS_MAX = 4.0

_logger = structlog.get_logger()

Work = Callable[[int, Callable[[], bool]], Awaitable[None]]
"""Serves one partition until cancelled; asks before each write whether it is still owned."""


class Ownership:
    """Keeps this process's share of the partitions, and runs `work` for each while it is owned.

    `wanted` is the size of the share, 0 without a session.
    """

    def __init__(self, dsn: str, *, partitions: int, work: Work) -> None:
        self._dsn = dsn
        self._partitions = partitions
        self._work = work
        self.wanted = 0
        self._member = secrets.randbelow(_MEMBERS)

    async def run(self) -> None:
        """Own and serve partitions until cancelled. Raises what a worker raises; without a session, tries again."""
        pause = _RETRY_SECONDS_MIN
        while True:
            tenure = None
            try:
                connection = await sessions.connect_owner(self._dsn)
                tenure = _Tenure(connection, self._work)
                await self._hold(tenure)
            except sessions.UNAVAILABLE as error:
                _logger.warning("session-lost", error=type(error).__name__, detail=str(error), retry_s=pause)
            finally:
                self.wanted = 0
                if tenure is not None:
                    await tenure.end()
            endings.obey()
            lasted = tenure is not None and tenure.lasted_s > _RETRY_SECONDS_MAX
            pause = _RETRY_SECONDS_MIN if lasted else min(pause * 2, _RETRY_SECONDS_MAX)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads retries, guards nothing

    async def _hold(self, tenure: "_Tenure") -> None:
        await tenure.join(self._member)
        while True:
            members = await tenure.beat()
            wanted = self.wanted = share(self._member, members, self._partitions)
            if tenure.owned < wanted:
                await tenure.take(self._partitions, wanted)
            elif tenure.owned > wanted:
                tenure.let_go(tenure.owned - wanted)
            await tenure.unlock_finished()
            await asyncio.sleep(_BEAT_SECONDS)


class _Tenure:
    """What one session holds: locks, and a running task for each."""

    def __init__(self, connection: "asyncpg.Connection[Any]", work: Work) -> None:
        self._connection = connection
        self._work = work
        self._tasks = dict[int, asyncio.Task[None]]()
        self._leaving = set[int]()
        self._began = self._beaten = asyncio.get_running_loop().time()

    @property
    def owned(self) -> int:
        """How many partitions are held and not about to be given back."""
        return len(self._tasks) - len(self._leaving)

    @property
    def lasted_s(self) -> float:
        """How long the session has been known to be alive."""
        return self._beaten - self._began

    def alive(self) -> bool:
        """Tell whether the locks are surely held: the server answered a beat that was sent a moment ago."""
        return not self._connection.is_closed() and asyncio.get_running_loop().time() - self._beaten < _FRESH_SECONDS

    async def join(self, member: int) -> None:
        """Count among the replicas."""
        await self._connection.execute(SQL["join"], _MEMBER_LOCKS, member)

    async def beat(self) -> set[int]:
        """Keep the session alive and return the numbers of all replicas. The moment that counts is the one before sending."""
        sent = asyncio.get_running_loop().time()
        async with asyncio.timeout(_FRESH_SECONDS):
            members = await self._connection.fetch(SQL["members"], _MEMBER_LOCKS)
        self._beaten = sent
        return {row["member"] for row in members}

    async def take(self, partitions: int, wanted: int) -> None:
        """Take partitions that nobody holds, up to the share; begin anywhere, so that replicas do not ask for the same ones."""
        start = secrets.randbelow(partitions)
        for partition in ((start + n) % partitions for n in range(partitions)):
            if self.owned >= wanted:
                return
            if partition not in self._tasks and await self._connection.fetchval(SQL["take"], _PARTITION_LOCKS, partition):
                _logger.info("partition-taken", partition=partition)
                self._tasks[partition] = asyncio.ensure_future(self._work(partition, self.alive))

    def let_go(self, count: int) -> None:
        """Begin to give partitions back; each is unlocked when its task has ended."""
        for partition in sorted(self._tasks.keys() - self._leaving, reverse=True)[:count]:
            self._leaving.add(partition)
            self._tasks[partition].cancel()

    async def unlock_finished(self) -> None:
        """Unlock what has been let go; raise what a task failed with."""
        for partition, task in list(self._tasks.items()):
            if not task.done():
                continue
            if partition not in self._leaving:
                task.result()
                raise RuntimeError(f"The work on partition {partition} ended by itself.")
            del self._tasks[partition]
            self._leaving.discard(partition)
            await self._connection.execute(SQL["give_back"], _PARTITION_LOCKS, partition)
            _logger.info("partition-given-back", partition=partition)

    async def end(self) -> None:
        """End all work, then the session and with it its locks."""
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=_END_SECONDS_MAX)
        try:
            await self._connection.close(timeout=1)
        except sessions.UNAVAILABLE:
            self._connection.terminate()
