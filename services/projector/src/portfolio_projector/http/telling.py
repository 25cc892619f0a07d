"""Telling over HTTP: the states that an answer is built from, all of one moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.statements import Statements
from portfolio_projector.telling import past
from portfolio_projector.telling.past import EVER, Told, TooFar, Unfoldable, Wanted
from portfolio_projector.telling.present import Present

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.http")
_TRIES = 3

State = TypeVar("State")


class Each(Enum):
    """Several scopes: all members of a kind that anything was ever recorded of, by then or later."""

    MEMBER = "%"
    INITIATIVE = "initiative/%"
    PRODUCT = "product/%"


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of a portfolio at one moment, within one transaction."""

    present: Present
    connection: "Connection"
    portfolio: str
    moment: Moment

    async def content(
        self,
        parts: Mapping[str, tuple[Chronicle[Any], str | Each]],
        build: Callable[[Mapping[str, Any], Moment], Mapping[str, object]],
    ) -> Mapping[str, object]:
        """Build an answer from states by the names of their parts.

        Remembered states move on with other questions, so they are looked at only while all are of this moment.

        Raises:
            Problem: when a state cannot be folded.

        """
        found = dict[str, Mapping[str, Told[Any]]]()
        for attempt in range(_TRIES):
            for name, (chronicle, scope) in parts.items():
                scopes = await self._members(scope) if isinstance(scope, Each) else [scope]
                found[name] = await self.states(chronicle, scopes, remembered=attempt < _TRIES - 1)
            if all(told.entry == self.moment.entry for states in found.values() for told in states.values()):
                break
        states = {
            name: {member: told.state for member, told in by_scope.items()}
            if isinstance(parts[name][1], Each)
            else next(iter(by_scope.values())).state
            for name, by_scope in found.items()
        }
        return build(states, self.moment)

    async def state(self, chronicle: Chronicle[State], scope: str) -> Told[State]:
        """Return one state of the past.

        Raises:
            Problem: when it cannot be folded.

        """
        return (await self.states(chronicle, [scope], remembered=False))[scope]

    async def states(self, chronicle: Chronicle[State], scopes: Sequence[str], *, remembered: bool) -> Mapping[str, Told[State]]:
        """Return states by scope.

        Raises:
            Problem: when one cannot be folded.

        """
        moment = self.moment
        skipped = frozenset(skip["entry"] for skip in moment.skips if skip["read_model"] == chronicle.name)
        try:
            if remembered and moment.hash is not None and moment.until == EVER and not skipped:
                head = (moment.entry, moment.hash)
                return await self.present.tell(self.connection, chronicle, self.portfolio, scopes, head)
            found = dict[str, Told[State]]()
            for scope in scopes:
                wanted = Wanted(self.portfolio, scope, moment.entry, moment.until, skipped)
                found[scope] = await past.tell(self.connection, chronicle, wanted, facts_max=self.present.facts_folded_max)
        except Unfoldable as error:
            detail = f"{chronicle.name} cannot be told from entry {error.entry} on; moments before it can be asked for."
            raise Problem(503, "READ_MODEL_STOPPED", detail, entry=error.entry - 1) from error
        except TooFar:
            detail = "The snapshots that this is told from are still being made; ask again in a minute, or for an earlier moment."
            raise Problem(503, "NOT_YET", detail, entry=moment.entry) from None
        return found

    async def _members(self, each: Each) -> Sequence[str]:
        records = await self.connection.fetch(_SQL["members"], self.portfolio, each.value)
        return [record["member"] for record in records if record["member"]]
