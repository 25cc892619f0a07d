"""How far a release was at the end of each of its iterations. Pure.

An iteration belongs to the last release that began by its first day, or to the first release. Iterations of teams that work side
by side count once: as many are done as the team has closed that closed most.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from portfolio_projector.folding import plans
from portfolio_projector.metrics.agile import Done, Plan
from portfolio_projector.read_models.iterations.state import Closed, Iteration, Iterations, Release
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.state import Account

SpentBy = Callable[[date], int]
"""Tells what was spent on the initiative by the end of a day, in minor units."""


@dataclass(frozen=True, slots=True)
class Step:
    """A closed iteration of a release: the day whose end it stands for, all that was done by then, and the scope of then."""

    iteration: str
    day: date
    points: Decimal
    done: Done
    plan: Plan


def spent_by(costs: Iterable[tuple[date, int]]) -> SpentBy:
    """Return what tells how much was spent by the end of a day, from what was spent on days."""
    by_day = sorted(costs)
    days, sums = [day for day, _ in by_day], [0, *accumulate(minor for _, minor in by_day)]
    return lambda day: sums[bisect_right(days, day)]


def spent_from(account: Account, zone: ZoneInfo) -> SpentBy:
    """Return what tells how much was spent by the end of a day of a zone, from what was posted."""
    return spent_by((one.time.astimezone(zone).date(), one.minor) for one in sums.postings(account))


def ordered(state: Iterations) -> list[tuple[str, Release]]:
    """Return releases in the order in which they begin."""
    return sorted(state.releases.items(), key=lambda one: place(one[1]))


def place(release: Release) -> tuple[str, int]:
    """Return what releases are ordered by."""
    return release.start.isoformat(), release.planned.entry


def release_on(state: Iterations, day: date) -> str | None:
    """Return the release that is worked on at a day."""
    releases = ordered(state)
    begun = [name for name, release in releases if release.start <= day]
    return begun[-1] if begun else releases[0][0] if releases else None


def closed(state: Iterations, release: str, zone: ZoneInfo) -> list[tuple[date, str, Iteration, Closed]]:
    """Return the closed iterations of a release by the days that they stand for: their last ones, or those of their closing."""
    found = [
        (max(one.finish, one.closed.act.at.astimezone(zone).date()), name, one, one.closed)
        for name, one in state.iterations.items()
        if one.closed is not None and release_on(state, one.start) == release
    ]
    return sorted(found, key=lambda step: (step[0], step[2].finish, step[2].no, step[1]))


def steps(state: Iterations, release: str, spent_by: SpentBy, zone: ZoneInfo) -> list[Step]:
    """Return how far a release was at the end of each of its iterations."""
    known = state.releases[release]
    before = _spent_before(state, release, spent_by)
    teams, points, found = Counter[str](), Decimal(0), list[Step]()
    for day, name, one, end in closed(state, release, zone):
        teams[one.team] += 1
        points += Decimal(end.points_done)
        done = Done(max(teams.values()), points, spent_by(day) - before)
        plan = Plan(known.bac, known.planned_iterations, scope_points(known, end.act.at))
        found.append(Step(name, day, Decimal(end.points_done), done, plan))
    return found


def scope_points(release: Release, until: datetime | None = None) -> Decimal:
    """Return the points in scope, by a moment or by all that is known."""
    changes = (Decimal(one.points) for one in release.scope if until is None or one.act.at <= until)
    return Decimal(release.points) + sum(changes, Decimal(0))


def listed(state: Iterations) -> dict[str, str]:
    """Return the release in whose scope an item is, for those that are in one by name."""
    changes = [(change, name) for name, known in state.releases.items() for change in known.scope]
    found = dict[str, str]()
    for change, name in sorted(changes, key=lambda one: (one[0].act.at, one[0].act.entry)):
        for item in change.items:
            if change.has_entered:
                found[item] = name
            elif found.get(item) == name:
                del found[item]
    return found


def plan_of(release: Release) -> Plan:
    """Return what a release promises with the scope that it has now."""
    return Plan(release.bac, release.planned_iterations, scope_points(release))


def planned_finish(release: Release) -> date:
    """Return the last day of the planned iterations."""
    return plans.last_day_of(release.start, release.planned_iterations, release.iteration_days)


def velocities(found: Sequence[Step]) -> list[Decimal]:
    """Return the points of each time span in which teams worked side by side, in their order."""
    sums = dict[int, Decimal]()
    for step in found:
        sums[step.done.iterations] = sums.get(step.done.iterations, Decimal(0)) + step.points
    return list(sums.values())


def _spent_before(state: Iterations, release: str, spent_by: SpentBy) -> int:
    """Return what was spent before a release, on others or in another mode."""
    known = state.releases[release]
    if known.earned is not None and state.frozen is not None:
        return state.frozen.ac
    is_first = ordered(state)[0][0] == release
    return 0 if is_first else spent_by(known.start - timedelta(days=1))
