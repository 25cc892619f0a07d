"""Events of an iteration: a span of days in which a team of an agile initiative finishes what it committed to."""

from typing import Annotated

from pydantic import Field, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, InitiativeRef, ItemRef, Points, TeamRef, Text

Scope = Annotated[list[ItemRef], Field(default_factory=list, max_length=1000)]


@event_type(
    "iteration",
    occurs="first",
    member="initiative",
    modes=("agile",),
    refers="team committed",
    restated="judged",
    codes="PLAN_ORDER OVERLAP ITEM_CLOSED OTHER_BACKLOG CORRECTION_FIXED",
)
class IterationPlanned(EventData):
    """A team plans an iteration, from its first to its last day, both included, and commits to items.

    `no` counts the iterations of the team. No two iterations of a team share a day: a correction moves one that is planned.
    """

    initiative: InitiativeRef
    team: TeamRef
    no: Annotated[StrictInt, Field(ge=1, le=10_000)]
    start: Date
    finish: Date
    goal: Text | None = None
    committed: Scope


@event_type("iteration", codes="WRONG_STATE OVERLAP")
class IterationStarted(EventData):
    """Work on it began. A team has one iteration in work at a time."""


@event_type(
    "iteration",
    needs_reason=True,
    refers="added",
    codes="NOTHING_CHANGED SCOPE_TWICE NOT_IN_SCOPE ITEM_CLOSED OTHER_BACKLOG",
)
class IterationScopeChanged(EventData):
    """Items enter or leave its scope, before or while it runs. An item that leaves stays in its backlog."""

    added: Scope
    removed: Scope


@event_type(
    "iteration",
    after_end=True,
    restated="judged",
    codes="WRONG_STATE SCOPE_LOST SCOPE_TWICE NOT_IN_SCOPE UNACCEPTED_POINTS POINTS_DISAGREE ITEM_CLOSED",
)
class IterationClosed(EventData):
    """It is over. Every item of its scope that is still open is carried over; the others are completed, or were dropped.

    `points_done` are those of the completed items that somebody accepted, as they were estimated last: only these are earned. Its
    initiative may have ended before.
    """

    completed: Scope
    carried_over: Scope
    points_done: Points


@event_type("iteration", needs_reason=True, after_end=True)
class IterationCancelled(EventData):
    """It is not held, or was broken off: nothing is done in it, its items stay in their backlog, and its days are free again."""


IterationEvent = IterationPlanned | IterationStarted | IterationScopeChanged | IterationClosed | IterationCancelled
