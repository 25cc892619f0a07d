"""Telling over HTTP: the states that an answer is built from, all of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.statements import Statements
from portfolio_projector.telling.failures import Failures
from portfolio_projector.telling.past import EVER, Told, TooFar, Unfoldable, Wanted
from portfolio_projector.telling.pasts import Pasts
from portfolio_projector.telling.present import Present

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.http")

State = TypeVar("State")


class Each(Enum):
    """Several scopes: all members of a kind that anything was ever recorded of, by then or later."""

    MEMBER = "%"
    INITIATIVE = "initiative/%"
    PRODUCT = "product/%"


Part = tuple[Chronicle[Any], str | Each]
"""A chronicle, and the scope in which it is told; each of several scopes gives a mapping of states by member."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of a portfolio at one moment, within one transaction."""

    present: Present
    pasts: Pasts
    failures: Failures
    connection: "Connection"
    portfolio: str
    moment: Moment

    async def parts(self, parts: Mapping[str, Part]) -> Mapping[str, Any]:
        """Return the states of this moment by the names of parts, whose chronicles are held: remembered states move on.

        Raises:
            Problem: when a state cannot be folded.

        """
        found = dict[str, Any]()
        for name, (chronicle, scope) in parts.items():
            if isinstance(scope, Each):
                by_member = await self.states(chronicle, await self._members(scope), remembered=True)
                found[name] = {member: told.state for member, told in by_member.items()}
            else:
                found[name] = (await self.states(chronicle, [scope], remembered=True))[scope].state
        return found

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
                found = await self.present.tell(self.connection, chronicle, self.portfolio, scopes, head)
            else:
                wanted = Wanted(self.portfolio, moment.entry, moment.until, skipped)
                found = await self.pasts.tell(self.connection, chronicle, wanted, scopes)
        except Unfoldable as error:
            self.failures.note(self.portfolio, error)
            detail = f"{chronicle.name} cannot be told from entry {error.entry} on; moments before it can be asked for."
            raise Problem(503, "READ_MODEL_STOPPED", detail, entry=error.entry - 1) from error
        except TooFar:
            detail = "The snapshots that this is told from are still being made; ask again in a minute, or for an earlier moment."
            raise Problem(503, "NOT_YET", detail, entry=moment.entry) from None
        if moment.until == EVER:
            self.failures.told(chronicle.name, self.portfolio, scopes, moment.entry)
        return found

    async def _members(self, each: Each) -> Sequence[str]:
        records = await self.connection.fetch(_SQL["members"], self.portfolio, each.value)
        return [record["member"] for record in records if record["member"]]
