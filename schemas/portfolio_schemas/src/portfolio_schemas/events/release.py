"""Events of a release: the baseline of an agile initiative, in iterations, points and money."""

from typing import Annotated

from pydantic import Field, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, InitiativeRef, Money, Name, Points


@event_type("release", occurs="first", member="initiative", modes=("agile",), codes="NO_POINTS")
class ReleasePlanned(EventData):
    """An agile initiative promises a release: so many points in so many iterations of so many days, for a budget.

    `earned` is what was earned before, where the initiative was waterfall: it is carried as money, not made anew from points.
    """

    initiative: InitiativeRef
    name: Name
    planned_iterations: Annotated[StrictInt, Field(ge=1, le=1000)]
    iteration_days: Annotated[StrictInt, Field(ge=1, le=365)]
    release_points: Points
    bac: Money
    start: Date
    earned: Money | None = None


@event_type("release", second_person=True, codes="WRONG_STATE")
class ReleaseBaselineApproved(EventData):
    """What was planned is the release's baseline, by somebody else than who planned it."""


ReleaseEvent = ReleasePlanned | ReleaseBaselineApproved
