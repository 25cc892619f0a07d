"""Earned value: worked examples, retyped, and what holds for any plan."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import earned_schedule, working_time
from portfolio_projector.metrics import earned_value as evm
from portfolio_projector.metrics.earned_schedule import Curve
from portfolio_projector.metrics.metric import Known
from portfolio_projector.metrics.reasons import (
    BUDGET_SPENT,
    DONE,
    NO_BUDGET,
    NO_COST,
    NO_PROGRESS,
    NOT_PLANNED_YET,
    NOT_POSITIVE,
    Unknown,
)
from portfolio_projector.metrics.working_time import DAY, HOUR
from portfolio_schemas.values import Calendar

OFFICE = working_time.of(
    Calendar(
        name="office",
        working_hours=["08:00-12:00", "13:00-17:00"],
        working_days=["mon", "tue", "wed", "thu", "fri"],
        holidays=[],
        zone="UTC",
    )
)
MONDAY = 0
"""The first day of the year 1 was one: its moments are hours since its midnight."""


def hour(number: float) -> int:
    """A moment, in hours since that midnight."""
    return int(number * HOUR)


def near(expected: float, found: Known) -> bool:
    """Tell whether a figure is the printed one, to its last digit."""
    assert not isinstance(found, Unknown)
    return abs(float(found) - expected) <= 1e-6 * abs(expected)


def test_the_worked_example_of_single_points():
    """The figures of the tests of the R package PRA (github.com/paulgovan/PRA), of a budget of 100,000."""
    bac, pv, ev = 100_000, 40_000, 35_000
    assert near(0.875, evm.spi(bac, pv, ev))
    assert near(0.9722222, evm.cpi(bac, ev, 36_000))
    assert near(128_000, evm.eac(63_000, evm.etc(bac, ev, 1)))
    assert near(65_000, evm.etc(bac, ev, 1))
    assert near(81_250, evm.etc(bac, ev, Fraction(8, 10)))
    assert near(153_277.7778, evm.eac(63_000, evm.etc(bac, ev, evm.product(Fraction(8, 10), Fraction(9, 10)))))
    assert near(125_000, evm.eac(100_000, evm.etc(bac, 80_000, evm.cpi(bac, 80_000, 100_000))))
    assert evm.vac(bac, 120_000) == -20_000
    assert near(1.0833333, evm.tcpi(bac, ev, 40_000, bac))
    assert near(0.8125, evm.tcpi(bac, ev, 40_000, 120_000))
    assert evm.spi(bac, 0, ev) == NOT_PLANNED_YET
    assert evm.cpi(bac, ev, 0) == NO_COST
    assert evm.tcpi(bac, ev, 100_000, bac) == BUDGET_SPENT
    assert evm.tcpi(bac, ev, 120_000, 120_000) == BUDGET_SPENT


BAC = "3027133.1861"
CLAEYS = [
    (("5716.8501", "5716.8501", "5716.8501"), (472, "472"), [3027133.0] * 8),
    (("779169.1875", "253804.5781", "283418.6562"), (1704, "1360"),
     [3056747.25, 3380340.8, 8797418.0, 3758236.3, 9790837.0, 4163680.0, 3831887.3, 3449198.3]),
    (("1048578.75", "647075.3125", "685780.5"), (1920, "1601.412"),
     [3065838.25, 3208202.8, 4542639.0, 3540066.0, 4773339.5, 3710796.8, 3395726.0, 3268254.8]),
    (("1790853.0", "1183389.5", "1209484.125"), (2360, "2060.817"),
     [3053227.5, 3093883.5, 3999667.3, 3321734.0, 4061193.0, 3368310.8, 3224726.3, 3135434.5]),
    (("1944325.0", "1790091.375", "1881315.5"), (2520, "2353.32"),
     [3118357.0, 3181397.5, 3224940.3, 3206154.0, 3293412.3, 3273668.5, 3189878.8, 3186274.5]),
    (("2530047.75", "2506206.5", "2583683.0"), (3176, "3061.225"),
     [3104609.5, 3120713.3, 3109565.0, 3124180.5, 3125822.0, 3140889.3, 3118446.0, 3121403.3]),
    (("3027133.0", BAC, "3102395.5"), (3624, "3538"), [3102395.5] * 8),
]  # fmt: skip
"""A real construction project as ProTrack prints it: PV, EV, AC, AT, ES, and the estimate at completion in eight ways."""


@pytest.mark.parametrize(("amounts", "times", "printed"), CLAEYS)
def test_estimates_of_a_real_project_are_those_that_its_planning_tool_printed(
    amounts: tuple[str, str, str], times: tuple[int, str], printed: list[float]
):
    """To the digits that single precision has. It cuts the earned schedule to whole hours."""
    bac, planned, earned, spent = (int(Fraction(amount) * 10_000) for amount in (BAC, *amounts))
    cpi, spi = evm.cpi(bac, earned, spent), evm.spi(bac, planned, earned)
    by_time = earned_schedule.spi_t(earned_schedule.in_whole_hours(Fraction(times[1])), Fraction(times[0]))
    mixed, product = evm.mixed, evm.product
    performances = [1, cpi, spi, by_time, product(cpi, spi), product(cpi, by_time), mixed(cpi, spi), mixed(cpi, by_time)]
    for performance, expected in zip(performances, printed, strict=True):
        found = evm.eac(spent, evm.etc(bac, earned, performance))
        assert not isinstance(found, Unknown)
        assert abs(float(found) / 10_000 - expected) <= max(0.6, expected * 1e-7)


def test_a_part_is_planned_by_working_time():
    """Its start at once, the rest by the hours that pass on working days, everything after its finish."""
    part = evm.Part(hour(8), hour(DAY / HOUR + 17), at_start=100, over_time=1600)
    plan = evm.Plan({"a": part}, OFFICE)
    seen = {number: plan.pv(evm.Status(hour(number))) for number in (7.5, 8, 9, 12.5, 13, 20, 32, 41, 100)}
    assert seen == {7.5: 0, 8: 100, 9: 200, 12.5: 500, 13: 500, 20: 900, 32: 900, 41: 1700, 100: 1700}
    assert plan.pv(evm.Status(hour(8), is_included=False)) == 0, "at the end of a time, what begins then has not begun"


def test_a_part_goes_by_the_duration_that_its_source_states():
    """It is done when that has passed, or, where it states more than there is, at its finish."""
    short = evm.Plan({"a": evm.Part(hour(8), hour(17), 0, 800, duration=4 * HOUR)}, OFFICE)
    long = evm.Plan({"a": evm.Part(hour(8), hour(17), 0, 800, duration=16 * HOUR)}, OFFICE)
    assert [plan.pv(evm.Status(hour(16))) for plan in (short, long)] == [800, 350]
    assert [plan.pv(evm.Status(hour(17))) for plan in (short, long)] == [800, 800]


def test_what_takes_no_working_time_is_planned_at_its_start():
    """A milestone, and work that is planned for a weekend."""
    milestone = evm.Plan({"m": evm.Part(hour(10), hour(10), 30, 40)}, OFFICE)
    weekend = evm.Plan({"w": evm.Part(hour(5 * 24), hour(6 * 24), 30, 40)}, OFFICE)
    assert [milestone.pv(evm.Status(hour(number))) for number in (9, 10)] == [0, 70]
    assert [weekend.pv(evm.Status(hour(number))) for number in (119, 120)] == [0, 70]


@pytest.mark.parametrize(
    ("method", "untouched", "begun", "third", "done"),
    [
        ("percent", 0, 0, 400, 1000),
        ("milestone_weights", 0, 0, 400, 1000),
        ("0/100", 0, 0, 0, 1000),
        ("50/50", 0, 500, 500, 1000),
        ("LOE", 325, 325, 325, 1000),
    ],
)
def test_a_part_earns_by_its_method(method: evm.Method, untouched: int, begun: int, third: int, done: int):
    """What was not touched, only started, a third done, and done, when a quarter of it is planned; the start counts 100."""
    plan = evm.Plan({"a": evm.Part(hour(8), hour(17), 100, 900, method)}, OFFICE)
    status = evm.Status(hour(10))
    progress = [
        evm.UNTOUCHED,
        evm.Progress(is_started=True, fraction=Fraction()),
        evm.Progress(is_started=True, fraction=Fraction(1, 3)),
        evm.Progress(is_started=True, fraction=Fraction(1)),
    ]
    assert [plan.ev(status, {"a": one}) for one in progress] == [untouched, begun, third, done]
    assert plan.ev(status, {"other": progress[-1]}) == untouched, "work that is in no plan earns nothing in it"


def test_figures_without_a_basis_say_why():
    """No budget, no cost, nothing earned, more taken back than spent; and nothing is left to do at the end."""
    without_budget = (evm.spi(0, 0, 0), evm.cpi(0, 0, 5), evm.etc(0, 0, 1), evm.tcpi(0, 0, 0, 0), evm.share(1, 0))
    assert set(without_budget) == {NO_BUDGET}
    assert evm.etc(100, 0, evm.cpi(100, 0, 50)) == NO_PROGRESS
    assert evm.eac(50, evm.etc(100, 0, 1)) == 150
    assert evm.etc(100, 50, evm.cpi(100, 50, 0)) == NO_COST
    assert evm.cpi(100, 50, -5) == NOT_POSITIVE
    assert evm.recent_cpi(100, 5, 0) == NO_COST
    assert evm.etc(100, 50, evm.recent_cpi(100, -5, 10)) == NOT_POSITIVE
    assert evm.eac(70, evm.etc(100, 100, evm.cpi(100, 100, 0))) == 70
    assert evm.tcpi(100, 100, 70, 100) == DONE
    assert evm.mixed(NO_COST, Fraction(1)) == NO_COST
    assert evm.product(Fraction(1), NOT_PLANNED_YET) == NOT_PLANNED_YET
    assert (evm.vac(100, NO_COST), evm.eac(1, NO_COST), evm.tcpi(100, 1, 1, NO_COST)) == (NO_COST, NO_COST, NO_COST)


quarters = st.integers(0, 4 * 24 * 30).map(lambda number: number * HOUR // 4)


def lasting(  # noqa: PLR0917  drawn in this order
    start: int, length: int, at_start: int, over_time: int, method: evm.Method, duration: int | None
) -> evm.Part:
    """A part by its start and length."""
    return evm.Part(start, start + length, at_start, over_time, method, duration)


METHODS: list[evm.Method] = ["0/100", "50/50", "milestone_weights", "percent", "LOE"]
BUDGETS = st.integers(0, 10**6)
DURATIONS = st.none() | st.integers(0, 100).map(lambda number: number * HOUR)
parts = st.builds(lasting, quarters, quarters, BUDGETS, BUDGETS, st.sampled_from(METHODS), DURATIONS)
plans = st.lists(parts, min_size=1, max_size=6).map(
    lambda found: evm.Plan({str(n): part for n, part in enumerate(found)}, OFFICE)
)
fractions = st.fractions(0, 1, max_denominator=100)


@given(plans, st.lists(st.tuples(quarters, st.booleans()), min_size=1, max_size=10))
def test_planned_value_never_falls_and_ends_at_the_budget(plan: evm.Plan, moments: list[tuple[int, bool]]):
    """From nothing before the first start to all of it at the last finish."""
    statuses = [evm.Status(moment, included) for moment, included in sorted(moments)]
    seen = [0, *(plan.pv(status) for status in statuses), plan.pv(evm.Status(plan.finish))]
    assert sorted(seen) == seen
    assert seen[-1] == plan.bac
    assert plan.pv(evm.Status(plan.start, is_included=False)) == 0


@given(plans, quarters, st.lists(st.tuples(st.booleans(), fractions), min_size=6, max_size=6))
def test_earned_value_is_within_the_budget_and_all_of_it_when_all_is_done(
    plan: evm.Plan, moment: int, found: list[tuple[bool, Fraction]]
):
    """Whatever was reported of whatever part."""
    progress = {str(number): evm.Progress(*one) for number, one in enumerate(found)}
    assert 0 <= plan.ev(evm.Status(moment), progress) <= plan.bac
    done = {name: evm.Progress(is_started=True, fraction=Fraction(1)) for name in plan.parts}
    assert plan.ev(evm.Status(moment), done) == plan.bac


def hourly(plan: evm.Plan) -> list[Fraction]:
    """What is planned at the end of each working hour, worked out hour by hour."""
    found, since = list[Fraction](), plan.time.passed(plan.start)
    length = -(-plan.time.between(plan.start, plan.finish) // HOUR) + 1
    for number in range(length + 1):
        total = Fraction()
        for part in plan.parts.values():
            start, finish = (plan.time.passed(moment) - since for moment in (part.start, part.finish))
            elapsed, duration = number * HOUR - start, plan.duration(part)
            if elapsed > 0:
                whole = number * HOUR > finish or not duration or start == finish
                total += part.budget if whole else part.at_start + Fraction(part.over_time * min(elapsed, duration), duration)
        found.append(total)
    return found


@given(plans, st.fractions(0, 1, max_denominator=50), quarters)
def test_earned_schedule_is_what_a_walk_over_every_hour_finds(plan: evm.Plan, part_earned: Fraction, moment: int):
    """C + I on a grid of hours; nothing for nothing, now for exactly what is planned now, the planned duration for all of it."""
    curve, by_hour, bac = Curve(plan), hourly(plan), plan.bac
    ev, pv, at = round(part_earned * bac), plan.pv(evm.Status(moment)), curve.at(moment)
    found = curve.earned(ev, pv, at)
    length = Fraction(plan.time.between(plan.start, plan.finish), HOUR)
    if not bac:
        assert (found, curve.duration) == (NO_BUDGET, length)
        return
    duration = min(Fraction(next(number for number, planned in enumerate(by_hour) if planned >= bac)), length)
    if ev == 0:
        expected = Fraction()
    elif ev == bac:
        expected = duration
    elif ev == pv:
        expected = min(at, duration)
    else:
        last = max(number for number, planned in enumerate(by_hour) if planned <= ev)
        expected = min(last + (ev - by_hour[last]) / (by_hour[last + 1] - by_hour[last]), duration)
    assert curve.duration == duration
    assert not isinstance(found, Unknown)
    assert abs(Fraction(found) - expected) < Fraction(1, 10**6)
