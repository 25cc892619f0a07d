"""What is expected of a backlog, by the weeks that it has had."""

from datetime import date
from typing import Any, cast

from portfolio_projector.read_models.flow import forecasts
from portfolio_projector.read_models.flow.forecasts import Simulation
from tests.unit.projector import flows
from tests.unit.projector.flows import read

MONDAY = date(2018, 1, 29)


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
