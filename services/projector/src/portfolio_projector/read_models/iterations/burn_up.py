"""The burn-up of a release: its scope line, its done line, and when they may meet. Pure; points are decimal numbers."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import agile, definitions, metric
from portfolio_projector.metrics.metric import NumberMetric
from portfolio_projector.read_models.iterations import forecasts, progress
from portfolio_projector.read_models.iterations.forecasts import Draws, Forecasts, Outlook
from portfolio_projector.read_models.iterations.progress import Step
from portfolio_projector.read_models.iterations.state import Earned, Iterations, Release

DAYS_MAX = timedelta(days=3660)
"""No line is drawn for longer than ten years."""


class Today(NamedTuple):
    """The day of the answer, in the portfolio's zone."""

    day: date
    zone: ZoneInfo


class Day(BaseModel):
    """Both lines at the end of a day, in points: those in scope, and those of accepted items."""

    date: date
    scope: str
    done: str


class ScopeMove(BaseModel):
    """The scope line moved: `points` are below 0 for what left, `scope` is the line after it."""

    points: str
    scope: str
    items: list[str]
    changed: Act


class Closing(BaseModel):
    """A closed iteration on the done line: its points, and all that was done by then."""

    iteration: str
    status_date: date
    points_done: str
    done: str


class BurnUp(BaseModel):
    """The burn-up of one release."""

    remaining: NumberMetric = Field(description="points in scope less points of closed iterations")
    days: list[Day]
    scope_changes: list[ScopeMove]
    iterations: list[Closing]
    forecasts: Forecasts


def burn_up(state: Iterations, name: str, steps: Sequence[Step], today: Today, draws: Draws) -> dict[str, Any]:
    """Return the lines of a release up to a day, and its forecasts as of its last closed iteration."""
    release = state.releases[name]
    done = steps[-1].done.points if steps else agile.NOTHING
    remaining = max(progress.scope_points(release) - done, agile.NOTHING)
    return {
        "remaining": metric.number(definitions.REMAINING_POINTS, remaining),
        "days": list(_days(state, name, today)),
        "scope_changes": list(_scope_changes(release)),
        "iterations": [
            {
                "iteration": step.iteration,
                "status_date": step.day,
                "points_done": _text(step.points),
                "done": _text(step.done.points),
            }
            for step in steps
        ],
        "forecasts": forecasts.forecasts(Outlook(name, release, steps, remaining), draws),
    }


def _days(state: Iterations, name: str, today: Today) -> Iterator[dict[str, Any]]:
    """Give both lines day by day, from when the release was planned until it was shipped, or until all is said that is known."""
    release = state.releases[name]

    def day_of(instant: datetime) -> date:
        return instant.astimezone(today.zone).date()

    scope = {day_of(release.planned.at): Decimal(release.points)}
    for change in release.scope:
        scope[day_of(change.act.at)] = scope.get(day_of(change.act.at), agile.NOTHING) + Decimal(change.points)
    done = dict[date, Decimal]()
    for one in _earned(state, name, today.zone):
        done[day_of(one.time)] = done.get(day_of(one.time), agile.NOTHING) + Decimal(one.points)
    first = min((*scope, *done))
    last = max((*scope, *done, progress.planned_finish(release)))
    last = min(last if release.shipped is None else day_of(release.shipped.at), today.day, first + DAYS_MAX)
    in_scope, accepted = agile.NOTHING, agile.NOTHING
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        in_scope += scope.get(day, agile.NOTHING)
        accepted += done.get(day, agile.NOTHING)
        yield {"date": day, "scope": _text(in_scope), "done": _text(accepted)}


def _earned(state: Iterations, name: str, zone: ZoneInfo) -> Iterator[Earned]:
    """Give what was earned for a release: by items of its scope, and by items of no scope while it was worked on."""
    listed = progress.listed(state)
    for one in state.earned:
        release = listed.get(one.item) or progress.release_on(state, one.time.astimezone(zone).date())
        if release == name:
            yield one


def _scope_changes(release: Release) -> Iterator[dict[str, Any]]:
    changes = sorted(release.scope, key=lambda one: (one.act.at, one.act.entry))
    lines = accumulate((Decimal(one.points) for one in changes), initial=Decimal(release.points))
    for change, after in zip(changes, list(lines)[1:], strict=True):
        yield {"points": _text(Decimal(change.points)), "scope": _text(after), "items": change.items, "changed": act(change.act)}


def _text(points: Decimal) -> str:
    return metric.decimal_text(points, definitions.POINTS.digits)
