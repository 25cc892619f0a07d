"""Events of a release: the baseline of an agile initiative, in iterations, points and money; or what was published, unplanned."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, InitiativeRef, ItemRef, MemberRef, Money, Name, Points, Sha, Value, Word


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


@event_type("release", needs_reason=True, refers="items", codes="WRONG_STATE SCOPE_TWICE")
class ScopeAdded(EventData):
    """Items enter the scope of a release, worth so many points."""

    items: Annotated[list[ItemRef], Field(min_length=1, max_length=1000)]
    points: Points


@event_type("release", needs_reason=True, refers="items", codes="WRONG_STATE NOT_IN_SCOPE")
class ScopeRemoved(EventData):
    """Items leave the scope of a release, worth so many points."""

    items: Annotated[list[ItemRef], Field(min_length=1, max_length=1000)]
    points: Points


@event_type("release", codes="WRONG_STATE UNACCEPTED")
class ReleaseShipped(EventData):
    """The release is out, in a version. Items of its scope that nobody accepted are flagged."""

    version: Word


@event_type("release", restated="judged", codes="WRONG_STATE PERCENTILES FORECAST_PAST NOT_REPEATABLE")
class ForecastPublished(EventData):
    """Somebody says when the release will be shipped: by `p50` with even chances, by `p85` in 85 of 100 cases.

    `items` is how many open items it was made for. What was simulated names its `seed` and its `runs`, so that others can do it
    again and come to the same.
    """

    method: Literal["monte_carlo", "velocity", "throughput", "judgement"]
    p50: Date
    p85: Date
    p95: Date | None = None
    items: Annotated[StrictInt, Field(ge=0, le=100_000)] | None = None
    seed: Annotated[StrictInt, Field(ge=0, le=2**53 - 1)] | None = None
    runs: Annotated[StrictInt, Field(ge=1, le=100_000_000)] | None = None


class PublishedRepo(Value):
    """A repository at the commit that was published; null where the source does not name it."""

    repo: Word
    sha: Sha | None = None


@event_type("release", occurs="first", member="member", modes=("agile", "product"), restated="judged", codes="CORRECTION_FIXED")
class ReleasePublished(EventData):
    """A version was published, of one repository or of several together, that no release was planned for.

    `series` is the line of versions that it belongs to, where there are several at once.
    """

    member: MemberRef
    version: Word
    series: Word | None = None
    repos: Annotated[list[PublishedRepo], Field(default_factory=list, max_length=500)]


ReleaseEvent = (
    ReleasePublished | ReleasePlanned | ReleaseBaselineApproved | ScopeAdded | ScopeRemoved | ForecastPublished | ReleaseShipped
)
