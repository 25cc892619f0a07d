"""Comparing what is kept of every entry with the log: its row, the ledger's remarks on it, and whom it concerns.

Everything that has no tables of its own is told by these. What an operator has skipped is not looked at, nor are spans, which say
where entries of a day may be, nor what no fold makes: offsets, counts, and snapshots, which can be dropped at any time.
"""

from array import array
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from portfolio_projector.description import Table
from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.concerns import fold as concerns
from portfolio_projector.read_models.concerns.fold import ConcernRow, Concerns, HomeRow, Moved
from portfolio_projector.read_models.entries import fold as entries
from portfolio_projector.read_models.entries.fold import Entries, EntryRow, PortfolioRow, RemarkRow
from portfolio_projector.rebuilding import rows
from portfolio_projector.rebuilding.beside import LIVE
from portfolio_projector.rebuilding.comparing import Comparison, Row, compare
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.rebuilding")

_ENTRIES = Table("entries", "entries", EntryRow, ("portfolio", "entry"))
_OF_EACH = (
    _ENTRIES,
    Table("flags", "flags", RemarkRow, ("portfolio", "entry", "code")),
    Table("refusals", "refusals", RemarkRow, ("portfolio", "entry")),
)
_PORTFOLIOS = Table("portfolios", "portfolios", PortfolioRow, ("portfolio",))
_CONCERNS = Table("concerns", "concerns", ConcernRow, ("portfolio", "member", "entry"))
_HOMES = Table("homes", "homes", HomeRow, ("portfolio", "subject"))
_ENTRY, _SINCE = (ConcernRow._fields.index(name) for name in ("entry", "since"))
_OFFSET = EntryRow._fields.index("log_offset")

OF_ENTRIES = tuple(table.name for table in (*_OF_EACH, _PORTFOLIOS))
OF_CONCERNS = (_CONCERNS.name, _HOMES.name)

NAMES = (entries.FOLDING.name, concerns.FOLDING.name)
"""The read models that are compared here."""


class Kept:
    """What one replay makes of entries, and how it differs from what is kept. `until` says how far that is, by read model."""

    def __init__(self, portfolio: str, until: Mapping[str, int], skipped: set[tuple[str, int]]) -> None:
        self._portfolio = portfolio
        self._until = until
        self._skipped = skipped
        self._entries = Entries(complete=True)
        self._concerns = Concerns(complete=True)
        self._portfolios = list[PortfolioRow]()
        self._direct: defaultdict[str, tuple[array[int], array[int]]] = defaultdict(lambda: (array("q"), array("q")))
        self._moved = list[Moved]()
        self._compared = dict[str, Comparison]()

    def fold(self, facts: Iterable[Fact]) -> None:
        """Fold a stretch of the log."""
        for fact in facts:
            if self._is_kept(entries.FOLDING.name, fact):
                entries.fold(self._entries, fact)
            if fact.recorded and self._is_kept(concerns.FOLDING.name, fact):
                concerns.fold(self._concerns, fact)
        self._portfolios += self._entries.portfolios
        for row in self._concerns.concerns:
            numbers, reaches = self._direct[row.member]
            numbers.append(row.entry)
            reaches.append(row.reaches)
        self._moved += self._concerns.moved
        self._concerns.concerns.clear()
        self._concerns.moved.clear()

    def _is_kept(self, name: str, fact: Fact) -> bool:
        return fact.number <= self._until[name] and (name, fact.number) not in self._skipped

    async def compare(self, connection: "Connection") -> None:
        """Compare what was made of the stretch that was folded last with the rows of its entries."""
        state = self._entries
        if state.entries:
            first, last = state.entries[0].entry, state.entries[-1].entry
            for table in _OF_EACH:
                kept = rows.of_table(connection, table, schema=LIVE, portfolio=self._portfolio, between=(first, last))
                made = given(sorted(getattr(state, table.attribute)))
                await self._compare(table, _without_offset(table, kept), _without_offset(table, made))
        state.keep()

    async def result(self, connection: "Connection", last: int) -> Sequence[Comparison]:
        """Compare the rest, as it was at an entry, and return what came of everything."""
        opened = _where(self._live(connection, _PORTFOLIOS), lambda row: PortfolioRow(*row).opened <= last)
        await self._compare(_PORTFOLIOS, opened, given(self._portfolios))
        direct = _where(self._live(connection, _CONCERNS), lambda row: row[_SINCE] == row[_ENTRY] <= last)
        await self._compare(_CONCERNS, direct, given(self._directly()))
        later = _where(self._live(connection, _CONCERNS), lambda row: row[_ENTRY] < row[_SINCE] <= last)
        moved = [list(column) for column in zip(*self._moved, strict=True)] or [[], [], [], []]
        cursor = await connection.cursor(_SQL["moved"], *moved, sorted(concerns.HANDED_ON))
        await self._compare(_CONCERNS, later, rows.fetched(cursor))
        if self._until[concerns.FOLDING.name] <= last:
            await self._compare(_HOMES, self._live(connection, _HOMES), given(self._concerns.homes.sorted()))
        return list(self._compared.values())

    def _directly(self) -> Iterator[Row]:
        for member in sorted(self._direct, key=str.encode):
            for number, reaches in zip(*self._direct[member], strict=True):
                yield (self._portfolio, member, number, number, reaches)

    def _live(self, connection: "Connection", table: Table) -> AsyncGenerator[Row]:
        return rows.of_table(connection, table, schema=LIVE, portfolio=self._portfolio)

    async def _compare(self, table: Table, old: AsyncGenerator[Row], new: AsyncIterator[Row]) -> None:
        async with aclosing(old):
            self._compared.setdefault(table.name, Comparison(table.name)).join(await compare(table, old, new))


async def given(found: Iterable[Row]) -> AsyncGenerator[Row]:
    """Give rows that are there already."""
    for row in found:
        yield tuple(row)


async def _without_offset(table: Table, found: AsyncGenerator[Row]) -> AsyncGenerator[Row]:
    """Leave out where in the topic an entry lies: a repair puts the same entry in another place."""
    async with aclosing(found):
        async for row in found:
            yield (*row[:_OFFSET], 0, *row[_OFFSET + 1 :]) if table is _ENTRIES else row


async def _where(found: AsyncGenerator[Row], holds: Callable[[Row], bool]) -> AsyncGenerator[Row]:
    """Give the rows of which something holds."""
    async with aclosing(found):
        async for row in found:
            if holds(row):
                yield row
