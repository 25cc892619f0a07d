"""Agile earned value: how a release performs, from iterations, points and money. Pure.

Source: T. Sulaiman, B. Barton, T. Blackburn, AgileEVM: Earned Value Management in Scrum Projects (Agile 2006). Expected percent
complete is iterations done of iterations planned, actual percent complete is points done of the points in scope; planned and
earned value are these shares of the budget at completion. Everything holds at the end of an iteration, never within one. Points
that enter the scope lower what is earned: the share that they are measured against grows.

Amounts are minor units. The figures are exact; where one has no basis it is `Unknown`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from portfolio_projector.metrics import reasons
from portfolio_projector.metrics.metric import Exact, Known
from portfolio_projector.metrics.reasons import Unknown

RECENT = 3
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release promises: a budget, iterations, and the points that are in its scope."""

    bac: int
    planned_iterations: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Done:
    """What was done and spent by the end of an iteration."""

    iterations: int
    points: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Agile earned value at the end of an iteration. `iterations_by_spi` and `iterations_by_velocity` come to the same."""

    expected_complete: Known
    actual_complete: Known
    pv: Known
    ev: Known
    ac: Known
    sv: Known
    cv: Known
    spi: Known
    cpi: Known
    eac_budget_rate: Known
    eac_cpi: Known
    vac: Known
    iterations_by_spi: Known
    iterations_by_velocity: Known


def figures(plan: Plan, done: Done) -> Figures:
    """Return all figures. Without points in scope nothing can be earned; without a budget there are no indices."""
    expected = Fraction(done.iterations, plan.planned_iterations)
    actual = share_done(plan, done)
    pv, ac = plan.bac * expected, done.cost
    ev = actual if isinstance(actual, Unknown) else plan.bac * actual
    spi, cpi = _index(plan, ev, pv, reasons.NOT_PLANNED_YET), _index(plan, ev, ac, reasons.NO_COST)
    eac = _eac_cpi(plan, ev, ac)
    return Figures(
        expected_complete=expected,
        actual_complete=actual,
        pv=pv,
        ev=ev,
        ac=ac,
        sv=ev if isinstance(ev, Unknown) else ev - pv,
        cv=ev if isinstance(ev, Unknown) else ev - ac,
        spi=spi,
        cpi=cpi,
        eac_budget_rate=ev if isinstance(ev, Unknown) else ac + plan.bac - ev,
        eac_cpi=eac,
        vac=eac if isinstance(eac, Unknown) else plan.bac - eac,
        iterations_by_spi=_iterations_by_spi(plan, expected, actual),
        iterations_by_velocity=_iterations_by_velocity(plan, done),
    )


def share_done(plan: Plan, done: Done) -> Fraction | Unknown:
    """Return actual percent complete: points done of the points in scope."""
    return Fraction(done.points) / Fraction(plan.points) if plan.points else reasons.NO_POINTS


def mean_velocity(points: Sequence[Decimal]) -> Fraction | Unknown:
    """Return the points done in an iteration, as the mean of some."""
    return sum(map(Fraction, points), Fraction(0)) / len(points) if points else reasons.NO_ITERATION


def recent_velocity(points: Sequence[Decimal]) -> Fraction | Unknown:
    """Return the mean of the last three iterations."""
    return mean_velocity(points[-RECENT:]) if len(points) >= RECENT else reasons.TOO_FEW_PERIODS


def day_after(start: date, iteration_days: int, iterations: Known) -> date | Unknown:
    """Return the day after so many iterations: start + iteration length x iterations, up to whole days."""
    if isinstance(iterations, Unknown):
        return iterations
    days = math.ceil(iteration_days * Fraction(iterations))
    return start + timedelta(days=days) if days <= (date.max - start).days else reasons.BEYOND_HORIZON


def _index(plan: Plan, ev: Known, basis: Fraction | int, nothing: Unknown) -> Known:
    if plan.bac == 0:
        return reasons.NO_BUDGET
    if isinstance(ev, Unknown):
        return ev
    return ratio(ev, basis, nothing)


def ratio(numerator: Exact, denominator: Exact, nothing: Unknown) -> Known:
    """Return a ratio, or why there is none where its denominator is 0."""
    return Fraction(numerator) / Fraction(denominator) if denominator else nothing


def _eac_cpi(plan: Plan, ev: Known, ac: int) -> Known:
    """Return BAC / CPI, which is AC + (BAC - EV) / CPI."""
    if isinstance(ev, Unknown):
        return ev
    if plan.bac == 0:
        return reasons.NO_BUDGET
    if ac == 0:
        return reasons.NO_COST
    return plan.bac * Fraction(ac) / Fraction(ev) if ev else reasons.NO_PROGRESS


def _iterations_by_spi(plan: Plan, expected: Fraction, actual: Fraction | Unknown) -> Known:
    """Return planned iterations / SPI; the budget cancels out, so that a release without one has a date too."""
    if isinstance(actual, Unknown):
        return actual
    if expected == 0:
        return reasons.NO_ITERATION
    return plan.planned_iterations * expected / actual if actual else reasons.NO_PROGRESS


def _iterations_by_velocity(plan: Plan, done: Done) -> Known:
    """Return points in scope / mean velocity."""
    if not plan.points:
        return reasons.NO_POINTS
    if done.iterations == 0:
        return reasons.NO_ITERATION
    return Fraction(plan.points) / (Fraction(done.points) / done.iterations) if done.points else reasons.NO_PROGRESS
