"""Pasts that were told last are remembered: the next page of one, or another question about it, need not fold it again.

They never move: a past is that of an entry with a certain hash.
"""

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import Told, Wanted, tell

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.telling")

State = TypeVar("State")
Key = tuple[str, Wanted, str]


class Pasts:
    """The pasts that a process remembers, of about so many facts together; those that were asked for longest ago go first."""

    def __init__(self, *, facts_remembered_max: int, facts_folded_max: int) -> None:
        self._remembered_max = facts_remembered_max
        self._folded_max = facts_folded_max
        self._told = OrderedDict[Key, Told[Any]]()
        self._weight = 0

    async def tell(self, connection: "Connection", chronicle: Chronicle[State], wanted: Wanted) -> Told[State]:
        """Return the state of a chronicle at a moment, of the log as the connection's transaction sees it.

        It is nobody's own: where looking at a state changes something in it, whoever asks holds its chronicle.

        Raises:
            Unfoldable: when the fold raises.
            TooFar: when too many facts lie after the nearest snapshot.

        """
        records = await connection.fetch(_SQL["hashes"], wanted.portfolio, [wanted.entry])
        key = (chronicle.label, wanted, records[0]["hash"] if records else "")
        told = self._told.get(key)
        if told is None:
            told = await tell(connection, chronicle, wanted, facts_max=self._folded_max)
            self._remember(key, told)
        else:
            self._told.move_to_end(key)
        return told

    def _remember(self, key: Key, told: Told[Any]) -> None:
        before = self._told.pop(key, None)
        self._told[key] = told
        self._weight += told.weight - (0 if before is None else before.weight)
        while self._weight > self._remembered_max:
            _, oldest = self._told.popitem(last=False)
            self._weight -= oldest.weight
