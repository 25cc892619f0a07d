"""Pasts that were told last are remembered: the next page of one, or another question about it, need not fold it again.

They never move: a past is that of an entry with a certain hash.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import Told, Wanted, tell

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.telling")

State = TypeVar("State")
Key = tuple[str, Wanted, str, str]


class Pasts:
    """The pasts that a process remembers, of about so many facts together; those that were asked for longest ago go first."""

    def __init__(self, *, facts_remembered_max: int, facts_folded_max: int) -> None:
        self._remembered_max = facts_remembered_max
        self._folded_max = facts_folded_max
        self._told = OrderedDict[Key, Told[Any]]()
        self._weight = 0

    async def tell(
        self, connection: "Connection", chronicle: Chronicle[State], wanted: Wanted, scopes: Sequence[str]
    ) -> Mapping[str, Told[State]]:
        """Return the states of a chronicle at a moment by scope, of the log as the connection's transaction sees it.

        They are nobody's own: where looking at a state changes something in it, whoever asks holds its chronicle.

        Raises:
            Unfoldable: when the fold raises.
            TooFar: when too many facts lie after the nearest snapshot.

        """
        records = await connection.fetch(_SQL["hashes"], wanted.portfolio, [wanted.entry])
        hash_: str = records[0]["hash"] if records else ""
        keys = {scope: (chronicle.label, wanted, scope, hash_) for scope in scopes}
        found = {scope: self._told[key] for scope, key in keys.items() if key in self._told}
        for scope in found:
            self._told.move_to_end(keys[scope])
        unknown = [scope for scope in scopes if scope not in found]
        if unknown:
            told = await tell(connection, chronicle, wanted, unknown, facts_max=self._folded_max)
            for scope, one in told.items():
                self._remember(keys[scope], one)
            found |= told
        return found

    def _remember(self, key: Key, told: Told[Any]) -> None:
        before = self._told.pop(key, None)
        self._told[key] = told
        self._weight += told.weight - (0 if before is None else before.weight)
        while self._weight > self._remembered_max:
            _, oldest = self._told.popitem(last=False)
            self._weight -= oldest.weight
