"""Releases of an Agile initiative: planned in points, approved by somebody else, changed, forecast, shipped."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from portfolio_deploy.demo import days
from portfolio_deploy.demo.strands import iterations
from portfolio_deploy.demo.strands.iterations import Iterations, Story
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import Data, Strand, money


def plan(
    strand: Strand,
    initiative: str,
    release: str,
    day: date,
    actor: str,
    *,
    name: str,
    start: date,
    count: int,
    points: int,
    bac: int,
) -> None:
    """Plan a release: so many iterations for so many points and thousands."""
    data: Data = {
        "initiative": f"initiative/{initiative}",
        "name": name,
        "planned_iterations": count,
        "iteration_days": iterations.DAYS,
        "release_points": str(points),
        "bac": money(1000 * bac),
        "start": start.isoformat(),
    }
    _tell(strand, day, release, "release-planned", actor, data)


def approve(strand: Strand, release: str, day: date, actor: str) -> None:
    """Approve what was planned."""
    _tell(strand, day, release, "release-baseline-approved", actor)


def add_scope(strand: Strand, release: str, day: date, actor: str, stories: Sequence[Story], why: str) -> None:
    """Take stories into a release that were not thought of before."""
    _tell(strand, day, release, "scope-added", actor, _scope(stories), why)


def remove_scope(strand: Strand, release: str, day: date, actor: str, stories: Sequence[Story], why: str) -> None:
    """Take stories out of a release."""
    _tell(strand, day, release, "scope-removed", actor, _scope(stories), why)


def forecast(strand: Strand, release: str, monday: date, actor: str, points: int, sprints: Iterations) -> None:
    """Say when the points of a release will be done, by what the last iterations brought, and with a fifth less."""
    left = max(points - sum(sprints.done), 1)
    expected, careful = (
        monday + timedelta(days=iterations.DAYS * math.ceil(left / (sprints.velocity() * share))) for share in (1, 0.8)
    )
    data: Data = {"method": "velocity", "p50": expected.isoformat(), "p85": careful.isoformat(), "items": len(sprints.order)}
    _tell(strand, monday, release, "forecast-published", actor, data)


def ship(strand: Strand, release: str, day: date, actor: str, version: str) -> None:
    """Ship it."""
    _tell(strand, day, release, "release-shipped", actor, {"version": version})


def _scope(stories: Sequence[Story]) -> Data:
    return {"items": [story.subject for story in stories], "points": str(sum(story.points for story in stories))}


def _tell(
    strand: Strand, day: date, release: str, kind: str, actor: str, data: Data | None = None, why: str | None = None
) -> None:
    at = strand.during(days.next_workday(day), 16, 17)
    strand.tell(at, f"release.{kind}.v1", f"release/{release}", actor, data, source=SOURCE, reason=why)
