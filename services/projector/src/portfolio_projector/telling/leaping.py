"""Leaping: snapshots that are made ahead of others, far apart, so that the end of a log that grew by much is soon near to one.

What is asked about first is the end. Each chronicle is folded up to there once, and only where there is enough to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portfolio_projector import sessions
from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside, keeping
from portfolio_projector.telling.keeping import Made
from portfolio_projector.telling.past import Wanted, pack, tell

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

LEAP = 10_000
"""How many entries of a scope there are between two snapshots that are made ahead, at most; and of a portfolio at least."""

_PARTS = 5
"""What is new is worth a leap from a fifth of one on; and where the end is far, a leap is a fifth of the way."""

_BYTES_OF_FACT = 2_000
"""One is kept once enough was folded for it: of a large state, four times as much as between others."""

_FACTS_MAX = 10_000_000

_SQL = Statements("portfolio_projector.telling")


@dataclass(slots=True)
class Ahead:
    """How far a scope is told ahead, None before anybody looked, and how many facts of each chronicle are in no snapshot yet."""

    entry: int | None = None
    facts: dict[str, int] = field(default_factory=dict[str, int])

    def is_near(self, head: int, leap: int) -> bool:
        """Tell whether the end is not worth a leap."""
        return self.entry is not None and 0 <= head - self.entry < leap // _PARTS

    def reach(self, entry: int) -> None:
        """Take that everything is told up to an entry, or will be before anybody leaps."""
        self.entry = entry if self.entry is None else max(self.entry, entry)


@dataclass(frozen=True, slots=True)
class Leap:
    """A leap in one scope of a portfolio, up to `head` at most."""

    portfolio: str
    scope: str
    head: int
    length: int
    between: int

    async def make(
        self,
        connection: "Connection",
        chronicles: Sequence[Chronicle[Any]],
        skipped: Mapping[str, frozenset[int]],
        ahead: Ahead,
    ) -> bool:
        """Make the next snapshots ahead, within the connection's transaction; False where the end is near."""
        if ahead.entry is None or ahead.entry > self.head:
            last = await keeping.last(connection, self.portfolio, self.scope, chronicles, also_ahead=True)
            ahead.entry, ahead.facts = max((entry for entry, _ in last.values()), default=-1), {}
        if ahead.is_near(self.head, self.length):
            return False
        end = await self._end(connection, ahead.entry)
        counts = await self._counts(connection, ahead.entry, end)
        for chronicle in chronicles:
            facts = ahead.facts.get(chronicle.label, 0) + sum(counts[name] for name in chronicle.types & counts.keys())
            ahead.facts[chronicle.label] = facts
            if facts >= self.between:
                wanted = Wanted(self.portfolio, end, skipped=skipped.get(chronicle.name, frozenset()))
                if await self._tell(connection, chronicle, wanted):
                    ahead.facts[chronicle.label] = 0
        ahead.entry = end
        return True

    async def _end(self, connection: "Connection", begin: int) -> int:
        """Return the entry up to which a leap goes."""
        if self.scope == WHOLE:
            return min(begin + self.length, self.head)
        end = min(begin + max(self.length, (self.head - begin) // _PARTS), self.head)
        full: int | None = await connection.fetchval(_SQL["stretch"], self.portfolio, self.scope, begin, end, self.length)
        return end if full is None else full

    async def _counts(self, connection: "Connection", begin: int, end: int) -> Mapping[str, int]:
        """Return how many events of each type a scope has after one entry, up to another."""
        if self.scope == WHOLE:
            records = await connection.fetch(_SQL["counts_of_all"], self.portfolio, begin, end)
        else:
            records = await connection.fetch(_SQL["counts"], self.portfolio, self.scope, begin, end)
        return {record["type"]: record["count"] for record in records}

    async def _tell(self, connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted) -> bool:
        """Keep the state of a chronicle at a moment, where enough was folded for it. Of failures speaks who walks there later."""
        try:
            told = (await tell(connection, chronicle, wanted, [self.scope], facts_max=_FACTS_MAX))[self.scope]
            state = await aside.work(pack, chronicle, told.state)
        except sessions.UNAVAILABLE:
            raise
        except Exception:  # noqa: BLE001  whatever a fold raises keeps only its own chronicle from snapshots
            return True
        if told.folded < len(state) // _BYTES_OF_FACT:
            return False
        made = Made(wanted.entry, told.until, state, is_ahead=True)
        await keeping.keep(connection, chronicle, wanted, self.scope, [made])
        return True
