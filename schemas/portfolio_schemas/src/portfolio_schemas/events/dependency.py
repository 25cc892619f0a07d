"""Events of a dependency: one initiative or product waits for another, in whatever mode each is delivered."""

from typing import Annotated, Literal

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import MemberRef, Text


@event_type("dependency", occurs="first", member="from_", refers="to", codes="SELF_DEPENDENCY")
class DependencyIdentified(EventData):
    """`from` needs something of `to`, is blocked by it, or shares something with it."""

    from_: Annotated[MemberRef, Field(alias="from")]
    to: MemberRef
    kind: Literal["needs", "blocks", "shares"]
    description: Text | None = None


@event_type("dependency", codes="WRONG_STATE SELF_DEPENDENCY")
class DependencyRepointed(EventData):
    """The end of a dependency that was `old` is `new` now, since what it named became another, or never was the right one."""

    old: MemberRef
    new: MemberRef


@event_type("dependency", restated="freely", codes="WRONG_STATE")
class DependencyFulfilled(EventData):
    """What was needed is there."""


DependencyEvent = DependencyIdentified | DependencyRepointed | DependencyFulfilled
