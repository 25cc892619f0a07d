"""Capacity of teams against what is promised of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.folding.acts import Act
from portfolio_projector.http.paging import Paging
from portfolio_projector.read_models.capacity import answers, assignments
from portfolio_projector.read_models.capacity.assignments import Assignment
from portfolio_projector.read_models.capacity.fold import CAPACITY
from tests.chronicles import state_of
from tests.histories import History

PAY, APOLLO, CORE = "product/pay", "initiative/apollo", "team/core"
ACT = Act(0, datetime(2026, 1, 1, tzinfo=UTC), "ann")


class Teams(History):
    """A portfolio with a team."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("team.team-formed", CORE, {"name": "Core", "kind": "persistent"})

    def assign(self, member: str, share: str, start: str, until: str | None = None) -> None:
        """Let a share of the team work for somebody."""
        self.add("team.team-assigned", CORE, {"to": member, "share": share, "start": start, "until": until})

    def declare(self, period: str, hours: str) -> None:
        """Say how much the team can work."""
        self.add("team.capacity-declared", CORE, {"period": period, "hours": hours})

    def told(self, period: str | None = None, *, today: date = date(2026, 4, 15)) -> dict[str, Any]:
        """What is told of capacity."""
        told = answers.answer(state_of(CAPACITY, self.facts()), today, period, Paging("capacity", None, 1000))
        answers.CapacityAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "capacity/1", **told})
        return told

    def load(self, period: str) -> dict[str, Any]:
        """The team in a period."""
        (load,) = self.told(period)["capacity"]
        return load


def test_what_is_assigned_is_a_share_of_what_was_declared():
    """Half the quarter's days count half: a half for all of April and the whole team for ten of its thirty days."""
    teams = Teams()
    teams.declare("2026-04", "320")
    teams.assign(PAY, "0.5", "2026-01-01")
    teams.assign(APOLLO, "0.3", "2026-04-21", "2026-05-31")
    load = teams.load("2026-04")
    assert (load["declared_hours"], load["assigned_share"], load["utilisation"]["value"]) == ("320", "0.6", "0.6")
    assert load["assigned_hours"]["value"] == "192"
    assert (load["peak_share"], load["peak_day"], load["over_allocated_days"]) == ("0.8", date(2026, 4, 21), 0)
    assert load["over_allocation_accepted"] is None


def test_hours_that_nobody_declared_are_not_0():
    """The share is known, the hours are not."""
    teams = Teams()
    teams.assign(PAY, "0.5", "2026-01-01")
    load = teams.load("2026-04")
    assert (load["declared_hours"], load["assigned_share"]) == (None, "0.5")
    assert {load[name]["reason"] for name in ("assigned_hours", "utilisation", "reserved_hours")} == {"NO_CAPACITY"}
    assert {load[name]["reason"] for name in ("worked_hours", "unplanned_hours", "unplanned_share")} == {"NO_HOURS"}


@pytest.mark.parametrize(
    ("declared", "period", "hours"),
    [
        ({"2026-04": "100", "2026-05": "110", "2026-06": "120"}, "2026-Q2", "330"),
        ({"2026-Q1": "300", "2026-Q2": "330"}, "2026-H1", "630"),
        ({"2026-Q1": "300", "2026-04": "100", "2026-05": "110", "2026-06": "120"}, "2026-H1", "630"),
        ({"2026-Q1": "300", "2026-01": "90"}, "2026-Q1", "300"),
        ({"2026-04": "100", "2026-05": "110"}, "2026-Q2", None),
        ({"2026-H1": "600"}, "2026-Q1", None),
    ],
)
def test_a_period_has_what_was_declared_for_it_or_for_all_its_parts(declared: dict[str, str], period: str, hours: str | None):
    """Months that are missing are not 0, and a half is not shared out over its quarters."""
    teams = Teams()
    for part, amount in declared.items():
        teams.declare(part, amount)
    assert teams.load(period)["declared_hours"] == hours


def test_periods_are_those_that_something_was_declared_for():
    """Else the current month; the last word about a period holds."""
    teams = Teams()
    assert [one["period"] for one in teams.told()["capacity"]] == ["2026-04"]
    for period, hours in (("2026-Q2", "300"), ("2026-Q1", "310"), ("2026-Q2", "290")):
        teams.declare(period, hours)
    assert [(one["period"], one["declared_hours"]) for one in teams.told()["capacity"]] == [
        ("2026-Q1", "310"),
        ("2026-Q2", "290"),
    ]


def test_the_reserve_takes_from_the_headroom():
    """A fifth is kept free from its day on, and a tenth is promised too much."""
    teams = Teams()
    teams.declare("2026-04", "100")
    teams.assign(PAY, "0.9", "2026-01-01")
    teams.add("team.unplanned-reserve-set", CORE, {"share": "0.2"}, time="2026-04-10T00:00:00Z")
    april, march = teams.load("2026-04"), teams.load("2026-03")
    assert (april["headroom"]["value"], april["reserved_hours"]["value"]) == ("-0.1", "20")
    assert march["headroom"]["value"] == "0.1"


@pytest.mark.parametrize(
    ("accepted", "is_accepted"),
    [(None, False), ({}, True), ({"up_to": "1.2"}, True), ({"up_to": "1.1"}, False), ({"until": "2026-04-10"}, False)],
)
def test_more_than_the_whole_team_is_accepted_or_not(accepted: dict[str, str] | None, is_accepted: bool):  # noqa: FBT001  a parameter
    """Up to so much, until a day; the days on which it is too much are counted."""
    teams = Teams()
    if accepted is not None:
        teams.add("team.over-allocation-accepted", CORE, {"proposed_by": "bo", **accepted}, reason="Two weeks only")
    teams.assign(PAY, "0.8", "2026-01-01")
    teams.assign(APOLLO, "0.4", "2026-04-17", "2026-04-30")
    load = teams.load("2026-04")
    assert (load["peak_share"], load["peak_day"], load["over_allocated_days"]) == ("1.2", date(2026, 4, 17), 14)
    assert load["over_allocation_accepted"] is is_accepted


def test_a_new_assignment_holds_instead_of_the_old_one_from_its_day_on():
    """And one that is freed, dissolved or goes along with its member no longer."""
    teams = Teams()
    teams.assign(APOLLO, "1", "2026-01-01")
    teams.assign(APOLLO, "0.5", "2026-04-16")
    assert teams.load("2026-04")["assigned_share"] == "0.75"
    teams.add("team.team-retained", CORE, {"member": APOLLO, "to": PAY}, time="2026-04-25T00:00:00Z")
    (team,) = teams.told(today=date(2026, 4, 26))["teams"]
    assert [(one["member"], one["share"], one["start"]) for one in team["assignments"]] == [(PAY, "0.5", date(2026, 4, 25))]
    assert teams.load("2026-04")["assigned_share"] == "0.75"
    teams.add("team.team-freed", CORE, {"member": PAY}, time="2026-04-30T17:00:00Z")
    assert teams.load("2026-05")["assigned_share"] == "0"


def test_hours_that_were_worked():
    """What went to incidents and issues was not planned; a correction takes the place of what was logged."""
    teams = Teams()
    logged = [
        teams.add("team.time-logged", CORE, {"person": "p", "hours": hours, "on": "2026-04-02", "target": target}).entry
        for hours, target in (("6", "item/A"), ("2", "incident/I"), ("8", "issue/J"))
    ]
    teams.add(
        "team.time-corrected", CORE, {"person": "p", "hours": "0", "on": "2026-04-02", "target": "issue/J"}, corrects=logged[2]
    )
    load = teams.load("2026-Q2")
    assert [load[name]["value"] for name in ("worked_hours", "unplanned_hours", "unplanned_share")] == ["8", "2", "0.25"]


def test_people_are_counted_and_not_named():
    """Who left is not there; part of a person is."""
    teams = Teams()
    for person, fte in (("p-1", "1"), ("p-2", "0.5"), ("p-3", "1")):
        teams.add("team.person-joined", CORE, {"person": person, "fte": fte})
    teams.add("team.person-left", CORE, {"person": "p-3"})
    told = teams.told()
    assert (told["teams"][0]["people"], told["teams"][0]["fte"]) == (2, "1.5")
    assert "p-1" not in str(told)


def test_what_the_portfolio_intends_is_beside_what_is():
    """By the same days."""
    teams = Teams()
    intended = {"member": PAY, "team": CORE, "share": "0.6", "start": "2026-04-16", "finish": "2026-06-30"}
    teams.add("portfolio.capacity-allocated", "portfolio/acme", intended)
    load = teams.load("2026-04")
    assert (load["intended_share"], load["assigned_share"]) == ("0.3", "0")


days = st.dates(date(2026, 1, 1), date(2026, 3, 31))
shares = st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100)
spans = st.tuples(shares, days, st.none() | st.integers(0, 60)).map(
    lambda drawn: Assignment(drawn[0], drawn[1], None if drawn[2] is None else drawn[1] + timedelta(days=drawn[2]), ACT)
)


@given(st.lists(spans, max_size=6), days, st.integers(0, 60))
def test_shares_are_what_a_count_of_days_finds(known: list[Assignment], first: date, length: int):
    """Day by day: the mean, the peak, the first day of it, and the days that are too full."""
    last = first + timedelta(days=length)
    by_day = {
        day: sum((Fraction(one.share or 0) for one in known if one.holds_on(day)), Fraction(0))
        for day in (first + timedelta(days=n) for n in range(length + 1))
    }
    assert assignments.share_of(known, first, last) == sum(by_day.values()) / (length + 1)
    found = assignments.excess(known, first, last)
    peak = max(by_day.values())
    assert (found.peak, found.days) == (peak, sum(share > 1 for share in by_day.values()))
    assert found.day == (next(day for day, share in by_day.items() if share == peak) if peak else None)


@given(st.lists(spans, max_size=6))
def test_assignments_to_one_member_never_hold_on_the_same_day(drawn: list[Assignment]):
    """Whatever order they are made in, the last that was made holds from its first day on."""
    known = list[Assignment]()
    for new in drawn:
        known = assignments.assigned(known, new)
    for number in range(200):
        day = date(2025, 12, 1) + timedelta(days=number)
        assert sum(one.holds_on(day) for one in known) <= 1
    if drawn:
        assert known[-1] == drawn[-1]


def test_a_team_shows_what_it_calls_done():
    """The last that was true, whatever was recorded last; none where it never said."""
    teams = Teams()
    assert teams.told()["teams"][0]["definition_of_done"] is None
    for day, criteria in (("2026-03-01", ["tested", "documented"]), ("2026-02-01", ["tested"])):
        teams.add("team.definition-of-done-changed", CORE, {"criteria": criteria}, time=f"{day}T09:00:00Z")
    assert teams.told()["teams"][0]["definition_of_done"]["criteria"] == ["tested", "documented"]


def test_a_team_is_freed_by_the_day_of_the_portfolios_zone():
    """Half past midnight in Auckland is the day before in UTC: the team works on the day on which it is freed, there."""
    teams = Teams()
    calendar = {"name": "Office", "working_hours": ["09:00-17:00"], "working_days": ["mon"], "zone": "Pacific/Auckland"}
    data: dict[str, Any] = {"name": "Acme", "currency": "NZD", "calendar": calendar}
    teams.add("portfolio.portfolio-opened", "portfolio/acme", data)
    teams.assign(PAY, "0.5", "2026-04-01")
    teams.add("team.team-freed", CORE, {"member": PAY}, time="2026-04-09T00:30:00+12:00")
    (team,) = teams.told(today=date(2026, 4, 2))["teams"]
    assert [date(2026, 4, 9)] == [one["until"] for one in team["assignments"]]


def test_what_was_told_late_does_not_take_the_place_of_what_was_said_after_it():
    """Hours, a reserve and an acceptance of January that somebody enters after those of March: those of March hold."""
    teams = Teams()
    for month, hours, share, until in (("03", "320", "0.2", "2026-12-31"), ("01", "100", "0.5", "2026-01-31")):
        when: dict[str, Any] = {"time": f"2026-{month}-10T12:00:00Z"}
        teams.add("team.capacity-declared", CORE, {"period": "2026-04", "hours": hours}, **when)
        teams.add("team.unplanned-reserve-set", CORE, {"share": share}, **when)
        accepted = {"up_to": None, "until": until, "proposed_by": "bo"}
        teams.add("team.over-allocation-accepted", CORE, accepted, reason="Launch", **when)
    teams.assign(PAY, "0.9", "2026-01-01")
    teams.assign(APOLLO, "0.3", "2026-01-01")
    load = teams.load("2026-04")
    assert (load["declared_hours"], load["reserved_hours"]["value"], load["over_allocation_accepted"]) == ("320", "64", True)
    (team,) = teams.told()["teams"]
    assert (team["reserve"], [str(one["until"]) for one in team["accepted"]]) == ("0.2", ["2026-01-31", "2026-12-31"])
