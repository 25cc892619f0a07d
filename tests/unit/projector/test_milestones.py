"""Milestones: promised, forecast, reached."""

from datetime import date
from typing import Any

from portfolio_projector.read_models.milestones import answers
from portfolio_projector.read_models.milestones.fold import MILESTONES
from tests.chronicles import state_of, whole
from tests.histories import History

APOLLO = "initiative/apollo"


def baseline(history: History, version: int, **milestones: str) -> None:
    """Approve a baseline with milestones on days."""
    part = {"id": "W", "name": "W", "start": "2026-01-05", "finish": "2026-06-30"}
    named = [{"id": name, "name": name.title(), "date": day} for name, day in milestones.items()]
    plan = {"version": version, "bac": {"minor": 0, "currency": "EUR"}, "work_packages": [part], "milestones": named}
    history.add("initiative.baseline-proposed", APOLLO, plan)
    data = {"version": version, "effective_date": "2026-01-05", "change_class": "initial"}
    history.add("initiative.baseline-approved", APOLLO, data)


def say(history: History, what: str, milestone: str, day: str, **attributes: Any) -> int:  # noqa: ANN401  an envelope's
    """Forecast a milestone, or say that it was reached."""
    data = {"milestone": milestone, "date": day}
    return history.add(f"initiative.milestone-{what}", APOLLO, data, **attributes).entry


def told(history: History, *, today: str = "2026-12-31") -> dict[str, answers.MilestoneAnswer]:
    """The milestones, as their model reads them."""
    shown = answers.milestones(state_of(MILESTONES, history.facts()), date.fromisoformat(today), whole())
    return {one["milestone"]: answers.MilestoneAnswer.model_validate(one) for one in shown}


def test_a_milestone_keeps_every_promise_and_every_forecast() -> None:
    """Each with what it moved; the slip is against the first baseline and against the current one."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01")
    say(history, "forecast", "live", "2026-05-11")
    baseline(history, 2, live="2026-05-15")
    say(history, "forecast", "live", "2026-05-15")
    say(history, "forecast", "live", "2026-05-13")
    live = told(history)["live"]
    assert [(one.version, one.date, one.moved_days) for one in live.baselines] == [
        (1, date(2026, 5, 1), None),
        (2, date(2026, 5, 15), 14),
    ]
    assert [(one.date.day, one.moved_days) for one in live.forecasts] == [(11, 10), (15, 0), (13, -2)]
    assert (live.name, live.state, live.original_date, live.baseline_date) == (
        "Live",
        "forecast",
        date(2026, 5, 1),
        date(2026, 5, 15),
    )
    assert (live.expected_date, live.slip_from_original.value, live.slip_from_baseline.value) == (date(2026, 5, 13), 12, -2)
    assert live.forecast_moves == 2


def test_a_baseline_that_moves_a_milestone_takes_the_place_of_older_forecasts() -> None:
    """One that leaves it where it was does not."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01")
    say(history, "forecast", "live", "2026-05-20")
    baseline(history, 2, live="2026-05-01")
    assert told(history)["live"].expected_date == date(2026, 5, 20)
    baseline(history, 3, live="2026-06-01")
    assert told(history)["live"].expected_date == date(2026, 6, 1)


def test_a_milestone_is_reached_on_a_day() -> None:
    """Then it is late or early for good, and overdue no more."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01", drawn="2026-02-01")
    waiting = told(history, today="2026-05-04")["live"]
    assert (waiting.state, waiting.overdue.value, waiting.slip_from_original.value) == ("planned", 3, 0)
    entry = say(history, "reached", "live", "2026-05-06")
    live = told(history, today="2026-06-01")["live"]
    assert live.reached is not None
    assert (live.state, live.reached.date, live.reached.reached.entry) == ("reached", date(2026, 5, 6), entry)
    assert (live.slip_from_original.value, live.overdue.value, live.overdue.reason) == (5, None, "DONE")
    assert list(told(history)) == ["drawn", "live"]


def test_forecasts_lie_in_the_order_of_their_time() -> None:
    """One that is recorded late stands where it belongs."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01")
    say(history, "forecast", "live", "2026-05-20", time="2026-03-20T00:00:00Z")
    say(history, "forecast", "live", "2026-05-10", time="2026-03-10T00:00:00Z")
    live = told(history)["live"]
    assert [(one.date.day, one.moved_days) for one in live.forecasts] == [(10, 9), (20, 10)]
    assert live.expected_date == date(2026, 5, 20)


def test_a_milestone_without_a_plan_or_out_of_the_plan_says_so() -> None:
    """What was forecast but never planned has no slip; what the current baseline has no more is removed."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01", drawn="2026-02-01")
    baseline(history, 2, live="2026-05-01")
    say(history, "forecast", "extra", "2026-07-01")
    shown = told(history)
    assert (shown["drawn"].state, shown["drawn"].baseline_date, shown["drawn"].slip_from_baseline.reason) == (
        "removed",
        None,
        "NOT_PLANNED",
    )
    assert (shown["extra"].state, shown["extra"].slip_from_original.reason) == ("forecast", "NOT_PLANNED")
    assert shown["extra"].forecasts[0].moved_days is None


def test_a_corrected_forecast_says_what_the_correction_says() -> None:
    """In the place of the first."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01")
    wrong = say(history, "forecast", "live", "2025-05-10")
    better = say(history, "forecast", "live", "2026-05-10", corrects=wrong)
    (one,) = told(history)["live"].forecasts
    assert (one.date, one.forecast.entry, one.forecast.corrected_by) == (date(2026, 5, 10), wrong, better)


def test_a_baseline_that_was_proposed_later_than_it_was_approved_promises_nothing_before() -> None:
    """Its proposal bears a later time: on a day between the two the baseline before is the current one."""
    history = History("acme")
    baseline(history, 1, live="2026-05-01")
    plan = {
        "version": 2,
        "bac": {"minor": 0, "currency": "EUR"},
        "work_packages": [{"id": "W", "name": "W", "start": "2026-01-05", "finish": "2026-12-31"}],
    }
    history.add("initiative.baseline-proposed", APOLLO, plan, time="2026-06-10T12:00:00Z")
    decision = {"version": 2, "effective_date": "2026-06-01", "change_class": "administrative"}
    history.add("initiative.baseline-approved", APOLLO, decision, time="2026-06-01T12:00:00Z")
    found = [state_of(MILESTONES, history.facts(), effective=date(2026, 6, day)).current for day in (1, 9, 10)]
    assert found == [1, 1, 2]
