"""Events of a dependency: one initiative or product waits for another, in whatever mode each is delivered."""

from typing import Annotated, Literal

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, MemberRef, ReleaseRef, Text, Value


class Promise(Value):
    """When what is needed will be there: a day, or a release with which it comes. Exactly one of them."""

    date: Date | None = None
    release: ReleaseRef | None = None


@event_type("dependency", occurs="first", member="from_", refers="to", codes="SELF_DEPENDENCY CIRCULAR_WAIT")
class DependencyIdentified(EventData):
    """`from` needs something of `to`, is blocked by it, or shares something with it.

    Who needs or is blocked waits; nobody waits for what has ended. That members wait for each other in a circle is flagged.
    """

    from_: Annotated[MemberRef, Field(alias="from")]
    to: MemberRef
    kind: Literal["needs", "blocks", "shares"]
    description: Text | None = None


@event_type("dependency", codes="WRONG_STATE NO_PROMISE UNKNOWN_AGGREGATE")
class DependencyCommitted(EventData):
    """Who is waited for promises when it will be there."""

    promise: Promise


@event_type("dependency", needs_reason=True, codes="WRONG_STATE NO_PROMISE UNKNOWN_AGGREGATE NOTHING_CHANGED PROMISE_DISAGREES")
class DependencyRedated(EventData):
    """What was promised moves from `old` to `new`, later or earlier."""

    old: Promise
    new: Promise


@event_type("dependency", refers="new", codes="WRONG_STATE SELF_DEPENDENCY CIRCULAR_WAIT")
class DependencyRepointed(EventData):
    """The end of a dependency that was `old` is `new` now, since what it named became another, or never was the right one."""

    old: MemberRef
    new: MemberRef


@event_type("dependency", restated="freely", codes="WRONG_STATE")
class DependencyFulfilled(EventData):
    """What was needed is there."""


@event_type("dependency", needs_reason=True, restated="freely", codes="WRONG_STATE")
class DependencyBroken(EventData):
    """What was needed will not be there: nobody waits for it any more, and whoever did plans without it."""


@event_type("dependency", restated="freely", codes="WRONG_STATE")
class DependencyWithdrawn(EventData):
    """Nothing is needed any more, or never was."""


DependencyEvent = (
    DependencyIdentified
    | DependencyCommitted
    | DependencyRedated
    | DependencyRepointed
    | DependencyFulfilled
    | DependencyBroken
    | DependencyWithdrawn
)
