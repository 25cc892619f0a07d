"""Agile earned value: the published example, its scope change and its edges, and an identity that holds for all."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import agile, reasons
from portfolio_projector.metrics.agile import Done, Plan

PLAN = Plan(bac=10_000_000, planned_iterations=5, points=Decimal(100))
DONE = Done(iterations=2, points=Decimal(30), cost=2_500_000)
"""After two of five iterations, 30 of 100 points for 25,000 of 100,000 (pmservicesinc.com, after Sulaiman 2006)."""


def test_the_published_example_comes_out() -> None:
    """Every figure, exactly; the last three are told in cents and to five digits."""
    found = agile.figures(PLAN, DONE)
    assert (found.expected_complete, found.actual_complete) == (Fraction(4, 10), Fraction(3, 10))
    assert (found.pv, found.ev, found.ac, found.sv, found.cv) == (4_000_000, 3_000_000, 2_500_000, -1_000_000, 500_000)
    assert (found.spi, found.cpi) == (Fraction(3, 4), Fraction(6, 5))
    assert not isinstance(found.eac_cpi, reasons.Unknown)
    assert round(found.eac_cpi) == 8_333_333
    assert (found.iterations_by_spi, found.iterations_by_velocity) == (Fraction(20, 3), Fraction(20, 3))


def test_scope_that_is_added_lowers_what_is_earned() -> None:
    """20 points more after the second iteration, for the same budget."""
    found = agile.figures(Plan(10_000_000, 5, Decimal(120)), DONE)
    assert (found.actual_complete, found.ev, found.spi, found.cpi) == (Fraction(1, 4), 2_500_000, Fraction(5, 8), 1)


def test_before_anything_is_done_there_is_no_estimate() -> None:
    """The indices are 0, since something was planned and spent; how it will end nobody knows."""
    found = agile.figures(PLAN, Done(2, Decimal(0), 2_500_000))
    assert (found.ev, found.spi, found.cpi, found.eac_budget_rate) == (0, 0, 0, 12_500_000)
    assert (found.eac_cpi, found.vac, found.iterations_by_spi, found.iterations_by_velocity) == (reasons.NO_PROGRESS,) * 4


@pytest.mark.parametrize(
    ("plan", "done", "expected"),
    [
        (PLAN, Done(0, Decimal(0), 0), (reasons.NOT_PLANNED_YET, reasons.NO_COST, reasons.NO_COST, reasons.NO_ITERATION)),
        (PLAN, Done(1, Decimal(20), 0), (1, reasons.NO_COST, reasons.NO_COST, 5)),
        (Plan(0, 5, Decimal(100)), DONE, (reasons.NO_BUDGET, reasons.NO_BUDGET, reasons.NO_BUDGET, Fraction(20, 3))),
        (Plan(100, 5, Decimal(0)), DONE, (reasons.NO_POINTS, reasons.NO_POINTS, reasons.NO_POINTS, reasons.NO_POINTS)),
    ],
)
def test_what_has_no_basis_says_why(plan: Plan, done: Done, expected: tuple[object, ...]) -> None:
    """Never 0 and never endless: no iteration, no cost, no budget, no points."""
    found = agile.figures(plan, done)
    assert (found.spi, found.cpi, found.eac_cpi, found.iterations_by_spi) == expected
    assert found.iterations_by_velocity == found.iterations_by_spi


@given(
    points=st.integers(1, 10_000).map(lambda n: Decimal(n) / 4),
    done=st.integers(1, 10_000).map(lambda n: Decimal(n) / 4),
    planned=st.integers(1, 100),
    iterations=st.integers(1, 100),
    bac=st.integers(0, 10**12),
    cost=st.integers(0, 10**12),
)
def test_the_release_day_is_the_same_by_spi_and_by_velocity(  # noqa: PLR0917  drawn by name
    points: Decimal, done: Decimal, planned: int, iterations: int, bac: int, cost: int
) -> None:
    """Planned iterations / SPI = points in scope / mean velocity, whatever the figures."""
    found = agile.figures(Plan(bac, planned, points), Done(iterations, done, cost))
    assert found.iterations_by_spi == found.iterations_by_velocity


def test_a_release_day_is_a_day_that_there_is() -> None:
    """Parts of a day count as one; what lies after the last day of the calendar is beyond all horizons."""
    start = date(2026, 1, 5)
    assert agile.day_after(start, 14, Fraction(20, 3)) == date(2026, 4, 9)
    assert agile.day_after(start, 14, 2) == date(2026, 2, 2)
    assert agile.day_after(start, 365, 10**6) == reasons.BEYOND_HORIZON
    assert agile.day_after(start, 14, reasons.NO_PROGRESS) == reasons.NO_PROGRESS


def test_velocity_is_the_mean_of_closed_iterations() -> None:
    """The recent one needs three of them."""
    points = [Decimal(8), Decimal(10), Decimal(12), Decimal("12.5")]
    assert (agile.mean_velocity(points), agile.recent_velocity(points)) == (Fraction(85, 8), Fraction(23, 2))
    assert (agile.mean_velocity([]), agile.recent_velocity(points[:2])) == (reasons.NO_ITERATION, reasons.TOO_FEW_PERIODS)
