"""The present: states of chronicles that are remembered from one question to the next, and move on with the log.

A remembered state is one object that moves on with whoever asks next: others wait until those who hold it have looked at it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside
from portfolio_projector.telling.past import FACTS_AT_ONCE, Told, Wanted, fold_on, reaches_back, read_facts, restates, tell

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.telling")

State = TypeVar("State")
Key = tuple[str, str, str]


class Present:
    """The states that a process remembers, of about so many facts together; those that were asked for longest ago go first."""

    def __init__(self, *, facts_remembered_max: int, facts_folded_max: int) -> None:
        self._remembered_max = facts_remembered_max
        self._folded_max = facts_folded_max
        self._told = OrderedDict[Key, Told[Any]]()
        self._locks = WeakValueDictionary[tuple[str, str], asyncio.Lock]()  # gone with the last who holds one or waits for it
        self._weight = 0

    @asynccontextmanager
    async def held(self, portfolio: str, chronicles: Iterable[str]) -> AsyncGenerator[None]:
        """Keep the states of chronicles of a portfolio to oneself, from before they are told until they have been looked at."""
        async with AsyncExitStack() as stack:
            for name in sorted(set(chronicles)):  # always in one order: nobody waits for each other
                lock = self._locks.setdefault((name, portfolio), asyncio.Lock())
                await stack.enter_async_context(lock)
            yield

    async def tell(
        self, connection: "Connection", chronicle: Chronicle[State], portfolio: str, scopes: Sequence[str], head: tuple[int, str]
    ) -> Mapping[str, Told[State]]:
        """Return states by scope, with everything up to the head of the portfolio as the connection's transaction sees it.

        Whoever asks holds the chronicle.

        Raises:
            Unfoldable: when the fold raises.
            TooFar: when too many facts lie after the nearest snapshot.

        """
        found = await self._move(connection, chronicle, portfolio, scopes, head)
        unknown = [scope for scope in scopes if scope not in found]
        if unknown:
            told = await tell(connection, chronicle, Wanted(portfolio, head[0]), unknown, facts_max=self._folded_max)
            for scope, one in told.items():
                one.hash = head[1]
                self._remember((chronicle.name, portfolio, scope), one)
            found |= told
        return found

    async def _move(
        self, connection: "Connection", chronicle: Chronicle[State], portfolio: str, scopes: Sequence[str], head: tuple[int, str]
    ) -> dict[str, Told[State]]:
        """Bring what is remembered to the head; what cannot be is forgotten, or, where others have it further on, left alone."""
        entry, hash_ = head
        found, behind = dict[str, Told[State]](), dict[str, Told[State]]()
        for scope in scopes:
            told = self._told.get((chronicle.name, portfolio, scope))
            if told is not None and told.entry <= entry:
                (found if (told.entry, told.hash) == head else behind)[scope] = told
        if behind:
            kept = await self._kept(connection, portfolio, {told.entry for told in behind.values()})
            wrong = [scope for scope, told in behind.items() if kept.get(told.entry) != told.hash]
            for scope in wrong:
                del behind[scope]
            try:
                wrong += await self._fold_on(connection, chronicle, portfolio, behind, entry)
            except BaseException:
                self._forget((chronicle.name, portfolio, scope) for scope in behind)
                raise
            self._forget((chronicle.name, portfolio, scope) for scope in wrong)
            for scope, told in behind.items():
                if scope not in wrong:
                    told.entry, told.hash = entry, hash_
                    found[scope] = told
        for scope in found:
            self._told.move_to_end((chronicle.name, portfolio, scope))
        return found

    async def _kept(self, connection: "Connection", portfolio: str, numbers: Iterable[int]) -> Mapping[int, str]:
        records = await connection.fetch(_SQL["hashes"], portfolio, sorted(numbers))
        return {record["entry"]: record["hash"] for record in records}

    async def _fold_on(
        self, connection: "Connection", chronicle: Chronicle[State], portfolio: str, behind: Mapping[str, Told[State]], entry: int
    ) -> list[str]:
        """Fold what is new, and return the scopes of which something older was changed."""
        wrong = list[str]()
        news = await self._since(connection, chronicle, portfolio, behind, entry)
        for scope, rows in groupby(news, key=itemgetter("scope")):
            told, new = behind[scope], list(rows)
            if any(reaches_back(row, told.entry, chronicle) for row in new):
                wrong.append(scope)
                continue
            facts = read_facts([(row["log_offset"], row["value"]) for row in new])
            restating = {row["entry"] for row in new if restates(row, chronicle)}
            if len(facts) < FACTS_AT_ONCE:
                fold_on(chronicle, told, facts, restating)
            else:
                await aside.work(fold_on, chronicle, told, facts, restating)
            told.weight += len(facts)
            self._weight += len(facts)
        return wrong

    async def _since(
        self, connection: "Connection", chronicle: Chronicle[Any], portfolio: str, behind: Mapping[str, Told[Any]], entry: int
    ) -> Sequence[Any]:
        types = sorted(chronicle.types)
        if WHOLE in behind:
            return await connection.fetch(_SQL["since_of_all"], portfolio, behind[WHOLE].entry, entry, types)
        folded = [told.entry for told in behind.values()]
        return await connection.fetch(_SQL["since"], portfolio, list(behind), folded, entry, types)

    def _remember(self, key: Key, told: Told[Any]) -> None:
        self._forget([key])
        self._told[key] = told
        self._weight += told.weight
        while self._weight > self._remembered_max and len(self._told) > 1:
            self._forget([next(iter(self._told))])

    def _forget(self, keys: Iterable[Key]) -> None:
        for key in keys:
            told = self._told.pop(key, None)
            if told is not None:
                self._weight -= told.weight
