"""What is told of performance at its limits: frozen figures, the ends of the calendar, and whatever may happen."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.read_models.performance import telling
from tests.unit.projector.test_performance import APOLLO, Told, eac, eur, minor, part, replanned, value


def frozen() -> Told:
    """A project with 60 of 100 earned for 75, when 70 were planned, that becomes a product at the end of June."""
    told = Told()
    works = [
        part("wp1", "2026-01-05", "2026-03-31", 40),
        part("wp2", "2026-04-01", "2026-05-29", 20),
        part("wp3", "2026-06-01", "2026-06-01", 10, 0),
        part("wp4", "2026-07-01", "2026-09-30", 30),
    ]
    told.plan(1, "2026-01-01", *works)
    for name in ("wp1", "wp2"):
        told.start(name, "2026-04-01")
        told.complete(name, "2026-06-01")
    told.post(75, "2026-06-15")
    figures = {name: eur(minor) for name, minor in {"bac": 100, "pv": 70, "ev": 60, "ac": 75, "eac": 125}.items()}
    data = {"version": 1, "status_date": "2026-06-30", "earned_schedule_days": "104.5", "why": "transition", **figures}
    told.add("initiative.baseline-frozen", APOLLO, "2026-07-01", data)
    told.add("initiative.initiative-transitioned", APOLLO, "2026-07-01", {"product": "product/nine"})
    return told


def test_frozen_figures_stay_whatever_comes():
    """Project to product, made up: the figures of the day of its transition are the last ones, whatever is posted after it."""
    told = frozen()
    expected = {"pv": 70, "ev": 60, "ac": 75, "sv": -10, "cv": -15, "bac": 100}
    for _ in range(2):
        for today in ("2026-06-30", "2026-12-31"):
            figures = told.on(today)["current"]
            assert minor(figures, *expected) == list(expected.values())
            assert (value(figures["spi"]), value(figures["cpi"]), eac(figures, "cpi")) == ("0.8571429", "0.8", 125)
            assert (figures["is_final"], value(figures["time"]["es"])) == (True, "836")
        told.post(1000, "2026-06-20", corrects=7)
        told.complete("wp3", "2026-06-29")
    assert minor(told.on("2026-06-29")["current"], "ac") == [1000], "what was not frozen is as it is known now"
    assert told.told()["s_curve"][-1]["ac"] == 75


@pytest.mark.parametrize("finish", ["9999-12-31", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_do_no_harm(finish: str):
    """Plans that never end, or began before there were years, have figures."""
    told = Told()
    start = "0001-01-01" if len(finish) == 10 else "0001-01-01T00:00:00Z"
    told.plan(1, "2026-02-20", part("design", start, finish, 1000))
    answer = told.told("2026-03-01")
    assert minor(answer["today"]["current"], "pv") == [203]
    assert len(answer["periods"]) <= telling.MONTHS_MAX


days = st.dates(date(2026, 3, 1), date(2026, 5, 1)).map(date.isoformat)
events = st.lists(
    st.one_of(
        st.tuples(st.just("report"), st.sampled_from(["design", "build"]), days, st.sampled_from(["0", "0.3", "0.9", "1"])),
        st.tuples(st.just("start"), st.sampled_from(["design", "build"]), days),
        st.tuples(st.just("complete"), st.sampled_from(["design", "build"]), days),
        st.tuples(st.just("post"), st.integers(1, 10**6), days),
        st.tuples(st.just("close"), st.just("some"), days, days),
        st.tuples(st.just("estimate"), st.integers(0, 10**6), days),
    ),
    max_size=12,
)


@given(events, days)
def test_whatever_happened_the_figures_agree_with_each_other(happened: list[tuple[Any, ...]], today: str):
    """Earned is within the budget and its variances are differences; all earned is as late as the plan is long."""
    told = replanned()
    for name, *rest in happened:
        getattr(told, name)(*rest)
    answer = told.told(today)
    for row in (*answer["periods"], answer["today"]):
        for role in ("current", "previous", "original"):
            figures = row[role]
            if figures is not None:
                bac, pv, ev, ac, sv, cv = (int(one or 0) for one in minor(figures, "bac", "pv", "ev", "ac", "sv", "cv"))
                assert 0 <= ev <= bac
                assert 0 <= pv <= bac
                assert (sv, cv) == (ev - pv, ev - ac)
                assert ev < bac or figures["time"]["es"]["value"] == figures["time"]["pd"]["value"]
