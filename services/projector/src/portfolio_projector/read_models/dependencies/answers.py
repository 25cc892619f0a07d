"""The answers about dependencies. Pure."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import Mode
from portfolio_projector.metrics import cycles, definitions, metric, reasons
from portfolio_projector.metrics.metric import CountMetric
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.dependencies import promises
from portfolio_projector.read_models.dependencies.promises import Basis
from portfolio_projector.read_models.dependencies.state import Dependencies, Dependency, Kind, StateName


class End(BaseModel):
    """One side of a dependency."""

    member: str
    name: str | None
    mode: Mode | None


class PromiseAnswer(BaseModel):
    """A day that somebody promised, or why there is none."""

    value: date | None
    reason: metric.Reason | None
    basis: Basis | None = Field(description="what says so")
    of: str | None = Field(description="the version of the baseline, or the release")


class PromiseMoveAnswer(BaseModel):
    """A day was promised, or another in its place."""

    day: date | None = Field(description="null where it is that of a release that is not planned")
    release: str | None
    moved_days: int | None
    stated: Act


class RepointedAnswer(BaseModel):
    """An end became another."""

    end: Literal["from", "to"]
    old: str
    new: str
    stated: Act


class DependencyAnswer(BaseModel):
    """A dependency: `from` waits for `to`."""

    dependency: str
    kind: Kind
    description: str | None
    state: StateName
    from_: End = Field(alias="from")
    to: End
    crosses_modes: bool | None = Field(description="whether the two are delivered in different modes")
    committed: date | None = Field(description="the day that was promised last")
    committed_with: str | None = Field(description="the release with which it was promised")
    needed: PromiseAnswer = Field(description="by when the side that waits has promised its own")
    late: CountMetric
    is_late: bool | None = Field(
        description="whether the promise is later than that of the side that waits; null where one has none"
    )
    overdue: CountMetric
    slip: CountMetric
    moves: list[PromiseMoveAnswer] = Field(description="every promise, the first one first")
    repointed: list[RepointedAnswer]
    identified: Act
    answered: Act | None = Field(description="when it was fulfilled, broken or withdrawn")
    cycle: int | None = Field(description="the cycle that it is part of, by its place in `cycles` from 0")


class CycleAnswer(BaseModel):
    """Initiatives and products that all wait for each other, and the open dependencies among them."""

    members: list[str]
    dependencies: list[str]


class DependenciesAnswer(Answer):
    """All dependencies by id, with promised days across modes."""

    dependencies: list[DependencyAnswer]
    cycles: list[CycleAnswer]
    next_cursor: str | None


_OPEN: tuple[StateName, ...] = ("identified", "committed")


def dependencies(
    state: Dependencies, names: list[str], found: list[dict[str, Any]], today: date, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Return dependencies as answers show them, with the cycles that they are part of."""
    places = {name: place for place, cycle in enumerate(found) for name in cycle["dependencies"]}
    return [{**_dependency(state, name, today, zone), "cycle": places.get(name)} for name in names]


def selected(state: Dependencies, member: str | None, only: StateName | None, after: str) -> list[str]:
    """Return the ids of dependencies that one end or the state is asked for of."""
    return sorted(
        name
        for name, known in state.dependencies.items()
        if name > after and only in {None, known.state} and (member is None or member in {known.waits, known.awaited})
    )


def cycles_of(state: Dependencies) -> list[dict[str, Any]]:
    """Return the groups that wait for each other. What is only shared keeps nobody waiting."""
    waiting = {
        name: (known.waits, known.awaited)
        for name, known in sorted(state.dependencies.items())
        if known.state in _OPEN and known.kind != "shares"
    }
    return [
        {"members": group, "dependencies": [name for name, ends in waiting.items() if set(ends) <= set(group)]}
        for group in cycles.cycles(waiting.values())
    ]


def _dependency(state: Dependencies, name: str, today: date, zone: ZoneInfo) -> dict[str, Any]:
    known = state.dependencies[name]
    moves = list(_moves(state, known, zone))
    promised = moves[-1]["day"] if moves else None
    needed = reasons.NOTHING_WAITS if known.kind == "shares" else promises.own(state, known.waits)
    late = _late(needed, promised)
    from_, to = _end(state, known.waits), _end(state, known.awaited)
    modes = {from_["mode"], to["mode"]}
    return {
        "dependency": name,
        "kind": known.kind,
        "description": known.description,
        "state": known.state,
        "from": from_,
        "to": to,
        "crosses_modes": None if None in modes else len(modes) > 1,
        "committed": promised,
        "committed_with": moves[-1]["release"] if moves else None,
        "needed": _promise(needed),
        "late": metric.count(definitions.DEPENDENCY_LATE, late),
        "is_late": None if isinstance(late, Unknown) else late > 0,
        "overdue": metric.count(definitions.DEPENDENCY_OVERDUE, _overdue(known, promised, today)),
        "slip": metric.count(definitions.DEPENDENCY_SLIP, _slip(moves)),
        "moves": moves,
        "repointed": [{"end": one.end, "old": one.old, "new": one.new, "stated": act(one.act)} for one in known.repointed],
        "identified": act(known.identified),
        "answered": act_or_none(known.answered),
    }


def _moves(state: Dependencies, known: Dependency, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    before: date | None = None
    for one in known.promises:
        found = promises.committed(state, one, zone)
        day = None if isinstance(found, Unknown) else found
        moved = None if before is None or day is None else (day - before).days
        yield {"day": day, "release": one.release, "moved_days": moved, "stated": act(one.act)}
        before = day or before


def _late(needed: promises.Promise | Unknown, promised: date | None) -> int | Unknown:
    if isinstance(needed, Unknown):
        return needed
    return reasons.NOT_PROMISED if promised is None else (promised - needed.day).days


def _overdue(known: Dependency, promised: date | None, today: date) -> int | Unknown:
    if known.state not in _OPEN:
        return reasons.DONE
    return reasons.NOT_PROMISED if promised is None else max((today - promised).days, 0)


def _slip(moves: list[dict[str, Any]]) -> int | Unknown:
    days = [move["day"] for move in moves if move["day"] is not None]
    return sum((after - before).days for before, after in pairwise(days)) if days else reasons.NOT_PROMISED


def _promise(found: promises.Promise | Unknown) -> dict[str, Any]:
    if isinstance(found, Unknown):
        return {"value": None, "reason": found.reason, "basis": None, "of": None}
    return {"value": found.day, "reason": None, "basis": found.basis, "of": found.of}


def _end(state: Dependencies, member: str) -> dict[str, Any]:
    known = state.members.get(member)
    return {"member": member, "name": known and known.name, "mode": known and known.mode}
