"""Snapshots, written behind: so often that a past is never far from one, and so seldom that they are not more than the log.

The chronicles of a scope are told together, from entries that are read once. Where the log has grown by much, as in a bulk load,
its end is asked about first: some snapshots are made ahead, far apart up to there, and the others when the log is quiet.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import structlog

from portfolio_projector import sessions
from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside, keeping
from portfolio_projector.telling.leaping import LEAP, Ahead, Leap
from portfolio_projector.telling.past import News, Unfoldable, Wanted, tell
from portfolio_projector.telling.walking import FACTS_BETWEEN, Line, Stretch, Walk

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool

_SQL = Statements("portfolio_projector.telling")
_logger = structlog.get_logger()
_LOCK = 0x736E6170  # "snap": any number would do, as long as everybody who makes snapshots takes the same
_PAUSE_SECONDS = 2.0
_FACTS_MAX = 10_000_000
_STRETCH = 1000
"""How many entries of a scope are read at once."""

Scope = tuple[str, str]
"""A portfolio, and a scope in it."""


@dataclass(slots=True)
class _Looked:
    """How much there was of a scope when it was looked at last, how far it is told ahead, and the lines of its snapshots."""

    entries: int = 0
    skips: int = 0
    ahead: Ahead = field(default_factory=Ahead)
    lines: dict[str, Line] = field(default_factory=dict[str, Line])


class Snapshots:
    """Makes snapshots where they are due. Any number of these may run: one of them works at a time."""

    def __init__(
        self, pool: "Pool", chronicles: Sequence[Chronicle[Any]], *, facts_between: int = FACTS_BETWEEN, leap: int = LEAP
    ) -> None:
        self._pool = pool
        self._chronicles = chronicles
        self._between = facts_between
        self._leap = leap
        self._looked = dict[Scope, _Looked]()

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
        """Make what is due ahead, else in the next stretch of each scope; tell whether there was anything to look at."""
        async with self._pool.acquire() as connection:
            scopes = await connection.fetch(_SQL["scopes"], self._between)
            leaps = [await self._make_ahead(connection, record) for record in scopes]
            return any(leaps) or any([await self._make_next(connection, record) for record in scopes])

    async def _make_ahead(self, connection: "Connection", record: News) -> bool:
        """Make the next snapshots of a scope ahead, where the end is far."""
        chronicles, looked = self._of(record)
        if not chronicles or looked.ahead.is_near(record["head"], self._leap):
            return False
        portfolio: str = record["portfolio"]
        async with connection.transaction(isolation="repeatable_read"):
            head: int | None = await connection.fetchval(_SQL["head"], portfolio)
            if head is None or not await connection.fetchval(_SQL["alone"], _LOCK):
                return False
            leap = Leap(portfolio, record["scope"], head, self._leap, self._between)
            return await leap.make(connection, chronicles, await self._skipped(connection, portfolio), looked.ahead)

    async def _make_next(self, connection: "Connection", record: News) -> bool:
        """Make the snapshots of the next stretch of a scope, where there is one."""
        chronicles, looked = self._of(record)
        is_new = not 0 <= record["entries"] - looked.entries < self._between
        if not chronicles or not (is_new or record["skips"] != looked.skips):
            return False
        worked = await self._step(connection, record["portfolio"], record["scope"], chronicles)
        if not worked:
            looked.entries, looked.skips = record["entries"], record["skips"]
        return worked

    def _of(self, record: News) -> tuple[Sequence[Chronicle[Any]], _Looked]:
        """Return the chronicles that are told of a scope, and what is known of it."""
        chronicles = [one for one in self._chronicles if one.of_portfolio == (record["scope"] == WHOLE)]
        return chronicles, self._looked.setdefault((record["portfolio"], record["scope"]), _Looked())

    async def _prune(self) -> None:
        async with self._pool.acquire() as connection:
            names = [chronicle.name for chronicle in self._chronicles]
            versions = [chronicle.version for chronicle in self._chronicles]
            await connection.execute(_SQL["prune"], names, versions)

    async def _step(self, connection: "Connection", portfolio: str, scope: str, chronicles: Sequence[Chronicle[Any]]) -> bool:
        """Make the snapshots of a stretch of a scope; False at its end."""
        failed = list[tuple[Walk[Any], Exception]]()
        async with connection.transaction(isolation="repeatable_read"):
            head: int | None = await connection.fetchval(_SQL["head"], portfolio)
            if head is None or not await connection.fetchval(_SQL["alone"], _LOCK):
                return False
            skipped = await self._skipped(connection, portfolio)
            lines = {
                chronicle: line
                for chronicle, line in (await self._lines(connection, portfolio, scope, chronicles)).items()
                if line.failed_without != skipped.get(chronicle.name, frozenset())
            }
            begin = min((line.counted for line in lines.values()), default=head)
            end = await self._end(connection, portfolio, scope, begin, head)
            if end <= begin:
                return False
            types = sorted(frozenset[str]().union(*(chronicle.types for chronicle in lines)))
            if scope == WHOLE:
                records = await connection.fetch(_SQL["news_of_all"], portfolio, begin, end, types)
            else:
                records = await connection.fetch(_SQL["news"], portfolio, scope, begin, end, types)
            stretch = Stretch(begin, end, records)
            self._looked[portfolio, scope].ahead.reach(end)
            for chronicle, line in lines.items():
                wanted = Wanted(portfolio, begin, skipped=skipped.get(chronicle.name, frozenset()))
                walk = Walk(chronicle, line, stretch, wanted, scope, self._between)
                if (error := await self._walk(connection, walk)) is not None:
                    failed.append((walk, error))
        for walk, error in failed:  # written out when nothing waits for it: a traceback may be long
            at = error.entry if isinstance(error, Unfoldable) else walk.line.last
            _logger.error(
                "chronicle-stopped", chronicle=walk.chronicle.label, portfolio=portfolio, scope=scope, entry=at, exc_info=error
            )
        return True

    async def _lines(
        self, connection: "Connection", portfolio: str, scope: str, chronicles: Sequence[Chronicle[Any]]
    ) -> Mapping[Chronicle[Any], Line]:
        """Return the lines of a scope; where another snapshot is the last now, others have made or dropped some."""
        lines = self._looked[portfolio, scope].lines
        last = await keeping.last(connection, portfolio, scope, chronicles, also_ahead=False)
        for chronicle in chronicles:
            entry, size = last.get(chronicle.name, (-1, 0))
            line = lines.get(chronicle.label)
            if line is None or line.last != entry:
                failed_without = None if line is None else line.failed_without
                lines[chronicle.label] = Line(entry, size, counted=entry, failed_without=failed_without)
        return {chronicle: lines[chronicle.label] for chronicle in chronicles}

    async def _end(self, connection: "Connection", portfolio: str, scope: str, after: int, head: int) -> int:
        """Return the entry at which a stretch ends that begins after another."""
        if scope == WHOLE:
            return min(after + _STRETCH, head)
        end: int | None = await connection.fetchval(_SQL["stretch"], portfolio, scope, after, head, _STRETCH)
        return head if end is None else end

    async def _skipped(self, connection: "Connection", portfolio: str) -> Mapping[str, frozenset[int]]:
        found = dict[str, set[int]]()
        for record in await connection.fetch(_SQL["skipped"], portfolio):
            found.setdefault(record["chronicle"], set()).add(record["entry"])
        return {chronicle: frozenset(entries) for chronicle, entries in found.items()}

    async def _walk(self, connection: "Connection", walk: Walk[Any]) -> Exception | None:
        """Make the snapshots of one chronicle in a stretch; one that fails is left alone until something is skipped."""
        failure = None
        try:
            while (entry := await aside.work(walk.go_on)) is not None:
                wanted = replace(walk.wanted, entry=entry)
                told = await tell(connection, walk.chronicle, wanted, [walk.scope], facts_max=_FACTS_MAX)
                walk.begin_at(told[walk.scope])
        except sessions.UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001  whatever a fold raises keeps only its own chronicle from snapshots
            walk.line.failed_without, failure = walk.wanted.skipped, error
        await keeping.keep(connection, walk.chronicle, walk.wanted, walk.scope, walk.made)
        return failure
