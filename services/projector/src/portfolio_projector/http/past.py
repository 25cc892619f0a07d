"""The past of a read model: its fold over the entries up to a moment, in memory, by the code that folds the present.

That is exact for every entry number. It costs time and memory with the number of entries that the read model looks at, so a
past beyond `ENTRIES_MAX` of them is refused.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from portfolio_log import reading
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.folding import Folding, Kept
from portfolio_projector.http.problems import Problem
from portfolio_projector.statements import Statements
from portfolio_schemas import catalogue
from portfolio_schemas.entries import Entry

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

ENTRIES_MAX = 200_000

_SQL = Statements("portfolio_projector.http")
_CHUNK = 1000
_FOLDS_AT_ONCE = asyncio.Semaphore(2)

State = TypeVar("State", bound=Kept)


async def state_at(
    connection: "Connection", folding: Folding[State], portfolio: str, entry: int, skipped: Collection[int]
) -> State:
    """Fold a portfolio up to and with an entry, but for the skipped ones, within the connection's transaction.

    Raises:
        Problem: when there is too much to fold, or the fold fails on the way.

    """
    state = folding.begin(True)  # noqa: FBT003  the description says what it is
    count = 0
    async with _FOLDS_AT_ONCE:
        cursor = connection.cursor(
            _SQL["past"], portfolio, entry, sorted(folding.types or ()), sorted(catalogue.TYPES), prefetch=_CHUNK
        )
        chunk = list[Any]()
        async for record in cursor:
            chunk.append(record)
            if len(chunk) == _CHUNK:
                count = _counted(count + len(chunk))
                await asyncio.to_thread(_fold, folding, state, chunk, skipped)
                chunk = []
        _counted(count + len(chunk))
        await asyncio.to_thread(_fold, folding, state, chunk, skipped)
    return state


def _fold(folding: Folding[State], state: State, chunk: Sequence[tuple[int, bytes]], skipped: Collection[int]) -> None:
    for offset, value in chunk:
        entry = reading.read(value)
        if not isinstance(entry, Entry):
            raise TypeError("Only entries are kept.")
        fact = Fact(entry, offset)
        if fact.recorded and fact.number not in skipped:
            _fold_one(folding, state, fact)


def _fold_one(folding: Folding[State], state: State, fact: Fact) -> None:
    try:
        if folding.folds(fact):
            folding.fold(state, fact)
        else:
            catalogue.find(fact.type)
    except Exception as error:
        detail = f"The read model {folding.name} cannot fold entry {fact.number}; moments before it can be read."
        raise Problem(503, "READ_MODEL_STOPPED", detail, entry=fact.number - 1) from error


def _counted(count: int) -> int:
    if count > ENTRIES_MAX:
        detail = (
            f"This moment lies more than {ENTRIES_MAX} entries into the portfolio's past, as this read model counts them: "
            "that is too much to fold for one answer. Ask for an earlier moment, or for the present."
        )
        raise Problem(422, "AS_OF_TOO_FAR", detail)
    return count
