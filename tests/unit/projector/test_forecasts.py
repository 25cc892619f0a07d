"""What is expected of a backlog, by the weeks that it has had."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portfolio_projector.read_models.flow import forecasts, journeys, state
from portfolio_projector.read_models.flow.fold import microseconds
from portfolio_projector.read_models.flow.forecasts import Simulation
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.state import Flow, Item, Step
from tests.unit.projector import flows
from tests.unit.projector.flows import read

MONDAY = date(2018, 1, 29)
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


def sampled(*, over: date, window: int = 12) -> list[tuple[str, int]]:
    """The weeks of the published example."""
    made = flows.tell(flows.history(), flows.ENTERED)
    return [
        (date.fromordinal(first).isoformat(), count) for first, count in forecasts.samples(read(made), window, over.toordinal())
    ]


def told(counts: list[int], remaining: int, *, seed: int | None = None) -> dict[str, Any]:
    """What is told where so many items were done in the weeks before."""
    asked = Simulation(window=12, runs=200, weeks=2, seed=seed)
    weeks = [(MONDAY.toordinal() - 7 * (len(counts) - n), count) for n, count in enumerate(counts)]
    return cast("dict[str, Any]", forecasts.tell(weeks, remaining, MONDAY, asked, ("acme", "pay")))


def test_whole_weeks_are_drawn_from_that_are_over_and_those_without_anything_too():
    """Items were added on Monday, January 1; two were done in that week, four in the next, none later."""
    assert sampled(over=date(2018, 1, 28)) == [("2018-01-01", 2), ("2018-01-08", 4), ("2018-01-15", 0), ("2018-01-22", 0)]
    assert sampled(over=date(2018, 1, 27)) == [("2018-01-01", 2), ("2018-01-08", 4), ("2018-01-15", 0)]
    assert sampled(over=date(2018, 1, 28), window=1) == [("2018-01-22", 0)]
    assert sampled(over=date(2018, 1, 5)) == []
    assert forecasts.samples(read(flows.history()), 12, MONDAY.toordinal()) == []


DAYS = st.sampled_from([17_532, 17_538, 17_539, 17_545, 17_546, 17_552, 17_553, 17_555])
HOURS = st.tuples(DAYS, st.sampled_from([0, 4, 12])).map(lambda at: at[0] * _DAY + at[1] * _HOUR)
"""Instants of Sundays and Mondays of January 2018, in microseconds since 1970."""

BIRTHS = st.sampled_from([state.ADDED, state.MADE, state.ARRIVED])
WAYS = st.sampled_from([state.COMPLETED] * 4 + [state.STARTED, state.REOPENED, state.DROPPED, state.ENDED, state.ARRIVED])
STEPS = st.lists(st.tuples(HOURS, WAYS), max_size=3)


def item(born: Step, steps: Sequence[Step] = (), is_away: bool = False) -> Item:  # noqa: FBT001, FBT002  drawn by position
    """An item that took such steps."""
    made = Item(kind=0, is_away=is_away)
    for time, what in (born, *steps):
        made.step(time, what)
    return made


ITEMS = st.builds(item, st.tuples(HOURS, BIRTHS), STEPS, st.booleans())
"""Items with any steps, told in any order of their times."""

RESTING = item((17_532 * _DAY, state.ADDED))
DONE_ON_A_MONDAY = item((17_532 * _DAY, state.ADDED), [(17_546 * _DAY, state.COMPLETED)])


@example([RESTING, DONE_ON_A_MONDAY], "UTC", 3, date(2018, 2, 4))
@settings(max_examples=400)
@given(
    st.lists(ITEMS, max_size=6),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]),
    st.integers(1, 3),
    st.dates(date(2018, 1, 7), date(2018, 2, 4)),
)
def test_what_rests_since_the_first_week_can_be_left_out(made: list[Item], zone: str, window: int, over: date):
    """Only what took a step in a week can have been done in it; of the others one says that the backlog was not empty before."""
    flow, now = Flow(items={f"A-{n}": item for n, item in enumerate(made)}), microseconds(datetime(2018, 3, 11, tzinfo=UTC))
    first = forecasts.first_day(window, over.toordinal())
    recent = journeys.read_since(first, flow, ZoneInfo(zone), now, Conventions())
    every = journeys.read(flow, ZoneInfo(zone), now, Conventions())
    assert forecasts.samples(recent, window, over.toordinal()) == forecasts.samples(every, window, over.toordinal())


def test_weeks_and_days_are_told_with_the_share_of_futures():
    """Three items each week: ten take four weeks, whatever is drawn, and end on a Monday."""
    found = told([3, 3, 3], 10)
    assert [(one["share"], one["weeks"]["value"], one["day"]["value"]) for one in found["when"]] == [
        ("0.5", 4, "2018-02-26"),
        ("0.85", 4, "2018-02-26"),
        ("0.95", 4, "2018-02-26"),
    ]
    assert found["when"] == found["when_exactly"]
    assert [one["value"] for one in found["how_many"]] == [6, 6, 6]
    assert found["how_many"] == found["how_many_exactly"]
    assert found["last_day"] == "2018-02-12"


def test_without_a_basis_there_is_no_forecast_and_a_reason():
    """No week, or nothing done in any: no weeks, no day, no items."""
    for counts, reason in (([], "NO_SAMPLES"), ([0, 0], "NO_THROUGHPUT")):
        found = told(counts, 10)
        figures = [one[name] for one in found["when"] for name in ("weeks", "day")] + found["how_many"]
        assert {(one["value"], one["reason"]) for one in figures} == {(None, reason)}
        assert (found["when_exactly"], found["how_many_exactly"]) == (None, None)


def test_who_asks_the_same_is_told_the_same():
    """The seed that nobody gave depends on what is asked and drawn from; one that is given is used."""
    once = told([3, 0, 5], 20)
    assert once == told([3, 0, 5], 20)
    assert once["seed"] != told([3, 0, 4], 20)["seed"]
    assert told([3, 0, 5], 20, seed=once["seed"]) == once
    assert told([3, 0, 5], 20, seed=7)["seed"] == 7
