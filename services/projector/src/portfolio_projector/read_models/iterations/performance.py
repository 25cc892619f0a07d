"""Agile earned value in answers: at the end of the last iteration, with the scope of then and with the scope of now. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.http.paging import Paging
from portfolio_projector.metrics import agile, definitions, metric, reasons
from portfolio_projector.metrics.agile import Done, Figures, Plan
from portfolio_projector.metrics.metric import Figure, Known, MoneyMetric, NumberMetric, TextMetric
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.iterations import progress
from portfolio_projector.read_models.iterations.progress import SpentBy, Step
from portfolio_projector.read_models.iterations.state import Iterations, Release


class AgileFigures(BaseModel):
    """Agile earned value by the end of an iteration, against the points that were in scope."""

    scope_points: NumberMetric
    points_done: NumberMetric
    expected_complete: NumberMetric
    actual_complete: NumberMetric
    pv: MoneyMetric
    ev: MoneyMetric
    ac: MoneyMetric
    sv: MoneyMetric
    cv: MoneyMetric
    spi: NumberMetric
    cpi: NumberMetric
    eac_budget_rate: MoneyMetric
    eac_cpi: MoneyMetric
    vac: MoneyMetric
    iterations_by_spi: NumberMetric
    iterations_by_velocity: NumberMetric
    release_day: TextMetric


class Carried(BaseModel):
    """The same with what was earned in the mode before, as money; points cannot earn it again."""

    bac: MoneyMetric
    ev: MoneyMetric
    ac: MoneyMetric
    cv: MoneyMetric
    cpi: NumberMetric


class StepAnswer(BaseModel):
    """The figures of one iteration."""

    iteration: str
    iterations_done: int
    status_date: date = Field(description="the day by whose end costs count: the last of the iteration, or that of its closing")
    at_close: AgileFigures = Field(description="against the scope that the release had when the iteration was closed")
    with_current_scope: AgileFigures = Field(description="against the scope that it has now")


class ReleasePerformance(BaseModel):
    """Agile earned value of one release of an initiative."""

    release: str
    name: str
    is_current: bool = Field(description="whether it is the one that is worked on at the day of the answer")
    performance: "AgilePerformance"


class AgilePerformance(BaseModel):
    """Agile earned value of a release as of its last closed iteration, and of every one before."""

    iteration: str | None = Field(description="the last that is closed; null before the first")
    status_date: date | None
    scope_changed_since: bool = Field(description="whether the scope is another than when that iteration was closed")
    at_close: AgileFigures
    with_current_scope: AgileFigures
    with_carried: Carried | None = Field(description="null where nothing was carried over from another mode")
    history: list[StepAnswer]


def by_release(state: Iterations, spent_by: SpentBy, today: date, zone: ZoneInfo, paging: Paging) -> list[dict[str, Any]]:
    """Return a page of the agile earned value of each release, in the order in which they begin."""
    current = progress.release_on(state, today)
    return [
        {
            "release": name,
            "name": release.name,
            "is_current": name == current,
            "performance": performance(state, release, progress.steps(state, name, spent_by, zone)),
        }
        for name, release in paging.take("agile", state.releases.items(), lambda one: progress.place(one[1]))
    ]


def performance(state: Iterations, release: Release, steps: Sequence[Step]) -> dict[str, Any]:
    """Return the agile earned value of a release."""
    now = progress.plan_of(release)
    last = steps[-1] if steps else None
    done = Done(0, agile.NOTHING, 0) if last is None else last.done
    then = now if last is None else last.plan
    return {
        "iteration": None if last is None else last.iteration,
        "status_date": None if last is None else last.day,
        "scope_changed_since": then != now,
        "at_close": _figures(state, release, then, done),
        "with_current_scope": _figures(state, release, now, done),
        "with_carried": _carried(state, release, now, done),
        "history": [
            {
                "iteration": step.iteration,
                "iterations_done": step.done.iterations,
                "status_date": step.day,
                "at_close": _figures(state, release, step.plan, step.done),
                "with_current_scope": _figures(state, release, now, step.done),
            }
            for step in steps
        ],
    }


def _figures(state: Iterations, release: Release, plan: Plan, done: Done) -> dict[str, Figure]:
    found = agile.figures(plan, done)
    day = agile.day_after(release.start, release.iteration_days, found.iterations_by_velocity)
    return {
        "scope_points": metric.number(definitions.SCOPE_POINTS, plan.points),
        "points_done": metric.number(definitions.POINTS_DONE, done.points),
        "expected_complete": metric.number(definitions.EXPECTED_COMPLETE, found.expected_complete),
        "actual_complete": metric.number(definitions.ACTUAL_COMPLETE, found.actual_complete),
        **_amounts(state, found),
        "spi": metric.number(definitions.AGILE_SPI, found.spi),
        "cpi": metric.number(definitions.AGILE_CPI, found.cpi),
        "iterations_by_spi": metric.number(definitions.ITERATIONS_BY_SPI, found.iterations_by_spi),
        "iterations_by_velocity": metric.number(definitions.ITERATIONS_BY_VELOCITY, found.iterations_by_velocity),
        "release_day": metric.text(definitions.RELEASE_DAY, day if isinstance(day, Unknown) else day.isoformat()),
    }


def _amounts(state: Iterations, found: Figures) -> dict[str, Figure]:
    return {
        "pv": _money(state, definitions.AGILE_PV, found.pv),
        "ev": _money(state, definitions.AGILE_EV, found.ev),
        "ac": _money(state, definitions.AGILE_AC, found.ac),
        "sv": _money(state, definitions.AGILE_SV, found.sv),
        "cv": _money(state, definitions.AGILE_CV, found.cv),
        "eac_budget_rate": _money(state, definitions.AGILE_EAC_BUDGET_RATE, found.eac_budget_rate),
        "eac_cpi": _money(state, definitions.AGILE_EAC_CPI, found.eac_cpi),
        "vac": _money(state, definitions.AGILE_VAC, found.vac),
    }


def _carried(state: Iterations, release: Release, plan: Plan, done: Done) -> dict[str, Figure] | None:
    """Return budget, earned value and cost of both modes together: what was earned before stays earned."""
    if release.earned is None or state.frozen is None:
        return None
    found = agile.figures(plan, done)
    ev = found.ev if isinstance(found.ev, Unknown) else release.earned + found.ev
    ac = state.frozen.ac + done.cost
    return {
        "bac": _money(state, definitions.CARRIED_BAC, release.earned + release.bac),
        "ev": _money(state, definitions.CARRIED_EV, ev),
        "ac": _money(state, definitions.CARRIED_AC, ac),
        "cv": _money(state, definitions.CARRIED_CV, ev if isinstance(ev, Unknown) else ev - ac),
        "cpi": metric.number(definitions.CARRIED_CPI, _cpi(ev, ac)),
    }


def _cpi(ev: Known, ac: int) -> Known:
    return ev if isinstance(ev, Unknown) else agile.ratio(ev, ac, reasons.NO_COST)


def _money(state: Iterations, definition: definitions.Definition, found: Known) -> Figure:
    return metric.money(definition, reasons.NOT_GIVEN if state.currency is None else found, state.currency or "")
