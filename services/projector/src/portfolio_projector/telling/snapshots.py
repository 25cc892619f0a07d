"""Snapshots, written behind: so often that a past is never far from one, and so seldom that they are not more than the log."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import structlog

from portfolio_projector import sessions
from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside
from portfolio_projector.telling.past import Told, Unfoldable, Wanted, pack, tell

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool

_SQL = Statements("portfolio_projector.telling")
_logger = structlog.get_logger()
_LOCK = 0x736E6170  # "snap": any number would do, as long as everybody who makes snapshots takes the same
_PAUSE_SECONDS = 2.0
_FACTS_MAX = 10_000_000

ENTRIES_BETWEEN = 1000
"""How many entries of a scope there are between two snapshots, at least."""

_BYTES_OF_ENTRY = 500
"""A snapshot is made once there are entries enough to be about as large."""

_FOLDED_OF_ENTRY = 4
"""And once there are a quarter of the entries that were folded for the last one: what reaches far back costs that much."""

Line = tuple[str, str, str]
"""The snapshots of a chronicle (by its label) in one scope of a portfolio."""


class Snapshots:
    """Makes snapshots where they are due. Any number of these may run: one of them works at a time."""

    def __init__(self, pool: "Pool", chronicles: Sequence[Chronicle[Any]], *, entries_between: int = ENTRIES_BETWEEN) -> None:
        self._pool = pool
        self._chronicles = chronicles
        self._between = entries_between
        self._looked = dict[Line, int]()
        self._folded = dict[Line, int]()
        self._failed = dict[Line, int]()

    async def run(self) -> None:
        """Make snapshots until cancelled. They only save time: where PostgreSQL is away, there will be others."""
        pruned = False
        while True:
            try:
                if not pruned:
                    await self._prune()
                    pruned = True
                worked = await self.make()
            except sessions.UNAVAILABLE as error:
                _logger.warning("snapshots-interrupted", error=type(error).__name__, detail=str(error))
                worked = False
            if not worked:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def make(self) -> bool:
        """Make what is due, one snapshot for each chronicle and scope; tell whether there was anything to do."""
        worked = False
        async with self._pool.acquire() as connection:
            for record in await connection.fetch(_SQL["scopes"], self._between):
                for chronicle in self._chronicles:
                    if (record["scope"] == WHOLE) != chronicle.of_portfolio:
                        continue
                    line = (chronicle.label, record["portfolio"], record["scope"])
                    if record["entries"] - self._looked.get(line, 0) >= self._between:
                        if await self._step(connection, chronicle, line):
                            worked = True
                        else:
                            self._looked[line] = record["entries"]
        return worked

    async def _prune(self) -> None:
        async with self._pool.acquire() as connection:
            names = [chronicle.name for chronicle in self._chronicles]
            versions = [chronicle.version for chronicle in self._chronicles]
            await connection.execute(_SQL["prune"], names, versions)

    async def _step(self, connection: "Connection", chronicle: Chronicle[Any], line: Line) -> bool:
        """Make the next snapshot of a line; False where none is due."""
        _, portfolio, scope = line
        async with connection.transaction(isolation="repeatable_read"):
            if not await connection.fetchval(_SQL["alone"], _LOCK):
                return False
            last = await connection.fetchrow(_SQL["last"], portfolio, chronicle.name, chronicle.version, scope)
            after, size = (-1, 0) if last is None else (last["entry"], last["bytes"])
            spacing = max(self._between, size // _BYTES_OF_ENTRY, self._folded.get(line, 0) // _FOLDED_OF_ENTRY)
            entry = await self._next(connection, portfolio, scope, after, spacing)
            if entry is None or self._failed.get(line) == entry:
                return False
            try:
                told: Told[Any] = await tell(connection, chronicle, Wanted(portfolio, scope, entry), facts_max=_FACTS_MAX)
                state = await aside.work(pack, chronicle, told.state)
            except sessions.UNAVAILABLE:
                raise
            except Exception as error:
                self._failed[line] = entry
                at = error.entry if isinstance(error, Unfoldable) else entry
                _logger.exception("chronicle-stopped", chronicle=chronicle.label, portfolio=portfolio, scope=scope, entry=at)
                return False
            self._folded[line] = told.folded
            await connection.execute(_SQL["keep"], portfolio, chronicle.name, chronicle.version, scope, entry, told.until, state)
        return True

    async def _next(self, connection: "Connection", portfolio: str, scope: str, after: int, entries: int) -> int | None:
        """Return the entry of the next snapshot, so many entries of the scope after the last one."""
        head: int | None = await connection.fetchval(_SQL["head"], portfolio)
        if head is None:
            return None
        if scope == WHOLE:
            return after + entries if after + entries <= head else None
        return await connection.fetchval(_SQL["step"], portfolio, scope, after, entries, head)
