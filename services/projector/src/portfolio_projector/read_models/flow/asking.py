"""What can be asked about flow: the parameters of a window, and how they are read."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.http.reading import DIGITS, Limit
from portfolio_projector.metrics.forecasting import RUNS, RUNS_MAX, SEED_MAX
from portfolio_projector.read_models.flow.forecasts import Simulation
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.window import Shown, Window, monday
from portfolio_schemas.values import Date

DAYS_MAX = 5 * 366
_WEEKS = 13
_YEARS = range(1900, 3000)

SIMULATION = Simulation(window=12, runs=RUNS, weeks=4, seed=None)
"""What is simulated where nothing else is asked for."""

_SHARE = r"(0(\.[0-9]{1,4})?|1)"

FirstDay = Annotated[Date | None, Query(alias="from", description="the first day; without it a Monday, 13 weeks in all")]
LastDay = Annotated[Date | None, Query(alias="to", description="the last day; without it the day of the answer")]
Shares = Annotated[
    str,
    Query(pattern=f"^{_SHARE}(,{_SHARE}){{0,9}}$", description="which percentiles of cycle time and age, separated by commas"),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowAsked:
    """A window as it was asked for."""

    first: date | None
    last: date | None
    shares: list[Fraction]
    cycle_time: Literal["elapsed", "inclusive"]
    backward_move: Literal["last_entry", "first_entry"]
    dropped: Literal["excluded", "counted"]
    items_max: int

    @property
    def conventions(self) -> Conventions:
        """How journeys are read."""
        return Conventions(last_entry=self.backward_move == "last_entry", with_dropped=self.dropped == "counted")

    def shown(self, moment: Moment) -> Shown:
        """Return the conventions as answers show them."""
        return {
            "cycle_time": self.cycle_time,
            "backward_move": self.backward_move,
            "dropped": self.dropped,
            "zone": moment.zone.key,
        }

    def at(self, moment: Moment) -> Window:
        """Return the window that is meant at a moment.

        Raises:
            Problem: when it has no days, or too many.

        """
        last = (self.last or moment.today).toordinal()
        first = monday(last) - 7 * (_WEEKS - 1) if self.first is None else self.first.toordinal()
        if not 0 <= last - first < DAYS_MAX:
            raise _refused("to", f"`to` is no day before `from`, and at most {DAYS_MAX} days are told at once.")
        return Window(
            first=first,
            last=last,
            over=over(moment),
            shares=self.shares,
            inclusive=self.cycle_time == "inclusive",
            items_max=self.items_max,
        )


def over(moment: Moment) -> int:
    """Return the last day that has ended: under `effective` the day itself has."""
    return moment.today.toordinal() - (moment.effective is None)


async def _asked(
    *,
    first: FirstDay = None,
    last: LastDay = None,
    percentiles: Shares = "0.5,0.85,0.95",
    cycle_time: Annotated[
        Literal["elapsed", "inclusive"], Query(description="days that elapsed, or with the day of commitment as one")
    ] = "elapsed",
    backward_move: Annotated[
        Literal["last_entry", "first_entry"], Query(description="which entry into a state counts after an item went back")
    ] = "last_entry",
    dropped: Annotated[Literal["excluded", "counted"], Query(description="whether what was dropped counts as done")] = "excluded",
    limit: Limit = 100,
) -> WindowAsked:
    for name, day in (("from", first), ("to", last)):
        if day is not None and day.year not in _YEARS:
            raise _refused(name, f"A year from {_YEARS.start} is meant, and before {_YEARS.stop}.")
    return WindowAsked(
        first=first,
        last=last,
        shares=[Fraction(share) for share in percentiles.split(",")],
        cycle_time=cycle_time,
        backward_move=backward_move,
        dropped=dropped,
        items_max=limit,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ForecastAsked:
    """A forecast as it was asked for."""

    simulation: Simulation
    remaining: int | None
    item: str | None


async def _asked_forecast(
    *,
    remaining: Annotated[
        Annotated[int, Field(ge=0, le=100_000), DIGITS] | None,
        Query(description="items to be done; without it those that are open"),
    ] = None,
    item: Annotated[
        str | None,
        Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="when this open item is done, and all before it in the order"),
    ] = None,
    weeks: Annotated[
        int, Field(ge=1, le=260), DIGITS, Query(description="how many weeks ahead, for how much is done in them")
    ] = SIMULATION.weeks,
    window: Annotated[
        int, Field(ge=1, le=520), DIGITS, Query(description="from how many whole weeks of the past futures are drawn")
    ] = SIMULATION.window,
    runs: Annotated[int, Field(ge=1, le=RUNS_MAX), DIGITS, Query(description="how many futures are drawn")] = SIMULATION.runs,
    seed: Annotated[
        Annotated[int, Field(ge=0, le=SEED_MAX), DIGITS] | None,
        Query(description="without it one that depends on what is asked and drawn from only"),
    ] = None,
) -> ForecastAsked:
    if remaining is not None and item is not None:
        detail = "A forecast is for a number of items, or up to one of them."
        raise Problem(422, "PARAMETER", detail, errors=[FieldProblem(pointer="query/item", detail=detail)])
    return ForecastAsked(simulation=Simulation(window=window, runs=runs, weeks=weeks, seed=seed), remaining=remaining, item=item)


def _refused(name: str, detail: str) -> Problem:
    return Problem(422, "WINDOW", detail, errors=[FieldProblem(pointer=f"query/{name}", detail=detail)])


AskedForecast = Annotated[ForecastAsked, Depends(_asked_forecast)]
AskedWindow = Annotated[WindowAsked, Depends(_asked)]
