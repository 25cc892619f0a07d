"""The answers about milestones: what a milestone trend is drawn from. Pure."""

from datetime import date
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.values import InitiativeMode
from portfolio_projector.metrics import definitions, metric, reasons
from portfolio_projector.metrics.metric import CountMetric
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.milestones.state import Expected, Milestone, Milestones, Promised


class PromisedAnswer(BaseModel):
    """The date in a baseline; `moved_days` is against the approved baseline before."""

    version: int
    date: date
    moved_days: int | None
    approved: Act


class MilestoneForecastAnswer(BaseModel):
    """A forecast; `moved_days` is against what was expected before: by a forecast, or by a baseline that moved the date."""

    date: date
    moved_days: int | None
    forecast: Act


class ReachedAnswer(BaseModel):
    """The day on which it was reached."""

    date: date
    reached: Act


class MilestoneAnswer(BaseModel):
    """A milestone with its whole history."""

    milestone: str
    name: str | None
    state: Literal["planned", "forecast", "reached", "removed"] = Field(
        description="`removed`: the current baseline has it no more, and it was not reached"
    )
    original_date: date | None
    baseline_date: date | None = Field(description="in the current baseline")
    expected_date: date | None = Field(
        description="when it was reached, else what was said last: a forecast, or a baseline that moved it"
    )
    slip_from_original: CountMetric
    slip_from_baseline: CountMetric
    overdue: CountMetric
    forecast_moves: int = Field(description="how often a forecast named another day than was expected before it")
    baselines: list[PromisedAnswer]
    forecasts: list[MilestoneForecastAnswer]
    reached: ReachedAnswer | None


class MilestonesAnswer(Answer):
    """The milestones of an initiative by their dates; each list in the order of time is a line of the milestone trend."""

    initiative: str
    name: str | None
    mode: InitiativeMode | None
    baseline: int | None = Field(description="the version of the current baseline")
    milestones: list[MilestoneAnswer]
    next_cursor: str | None


def milestones(state: Milestones, today: date, paging: Paging) -> list[dict[str, Any]]:
    """Return a page of the milestones, by the day on which they are expected or were reached."""
    shown = [_milestone(name, known, state.current, today) for name, known in state.milestones.items()]
    return paging.take("milestones", shown, lambda one: ((one["expected_date"] or date.max).isoformat(), one["milestone"]))


def _milestone(name: str, known: Milestone, current: int | None, today: date) -> dict[str, Any]:
    original = known.promised[0].date if known.promised else None
    planned = next((one.date for one in reversed(known.promised) if one.version == current), None)
    said = _expectations(known)
    expected = known.reached.date if known.reached is not None else said[-1][1].date if said else None
    forecasts = [(before, one) for before, one in said if isinstance(one, Expected)]
    return {
        "milestone": name,
        "name": known.name,
        "state": _state(known, planned),
        "original_date": original,
        "baseline_date": planned,
        "expected_date": expected,
        "slip_from_original": metric.count(definitions.MILESTONE_SLIP, _slip(original, expected)),
        "slip_from_baseline": metric.count(definitions.MILESTONE_SLIP, _slip(planned, expected)),
        "overdue": metric.count(definitions.MILESTONE_OVERDUE, _overdue(known, expected, today)),
        "forecast_moves": sum(1 for before, one in forecasts if before not in {None, one.date}),
        "baselines": [
            {
                "version": one.version,
                "date": one.date,
                "moved_days": _days(known.promised[place - 1].date if place else None, one.date),
                "approved": act(one.act),
            }
            for place, one in enumerate(known.promised)
        ],
        "forecasts": [
            {"date": one.date, "moved_days": _days(before, one.date), "forecast": act(one.act)} for before, one in forecasts
        ],
        "reached": None if known.reached is None else {"date": known.reached.date, "reached": act(known.reached.act)},
    }


def _expectations(known: Milestone) -> list[tuple[date | None, Promised | Expected]]:
    """Return what was expected, in the order of time, each with the day before it: a baseline counts where it moved the date."""
    moves = [*known.promised[:1], *(after for before, after in pairwise(known.promised) if before.date != after.date)]
    said = sorted((*moves, *known.forecasts), key=lambda one: (one.act.at, one.act.entry))
    return list(zip([None, *(one.date for one in said)], said, strict=False))


def _state(known: Milestone, planned: date | None) -> str:
    if known.reached is not None:
        return "reached"
    if known.promised and planned is None:
        return "removed"
    return "forecast" if known.forecasts else "planned"


def _slip(planned: date | None, expected: date | None) -> int | Unknown:
    if planned is None:
        return reasons.NOT_PLANNED
    return reasons.NO_FORECAST if expected is None else (expected - planned).days


def _overdue(known: Milestone, expected: date | None, today: date) -> int | Unknown:
    if known.reached is not None:
        return reasons.DONE
    return reasons.NOT_PLANNED if expected is None else max((today - expected).days, 0)


def _days(before: date | None, after: date) -> int | None:
    return None if before is None else (after - before).days
