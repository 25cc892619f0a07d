"""What sources report of items: their stages, and targets for gates that move. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import definitions, metric, reasons
from portfolio_projector.metrics.metric import CountMetric
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.gates.state import Item, TargetMove

Unit = Literal["releases", "days"]


class Move(BaseModel):
    """A target was set (`from` is null), moved, or cleared (`to` is null)."""

    from_: str | None = Field(alias="from")
    to: str | None
    slip: CountMetric
    unit: Unit | None
    moved: Act


class Target(BaseModel):
    """A target for a gate, in the words of its source, and how it came about."""

    gate: str
    target: str | None = Field(description="null since it was cleared")
    first_target: str | None
    changes: int = Field(description="how often one target took the place of another")
    slip: CountMetric = Field(description="from the first to the last target")
    unit: Unit | None = Field(description="what `slip` counts")
    moves: list[Move]


class ReportAnswer(BaseModel):
    """What a source called the status, the stage or the milestone of an item, in its own words."""

    value: str | None
    reported: Act


class ItemAnswer(BaseModel):
    """An item whose source reports where it stands."""

    item: str
    status: str | None
    status_reported: Act | None
    stage: str | None
    stages: list[ReportAnswer] = Field(description="every stage that was reported, the first one first")
    milestone: str | None
    milestone_reported: Act | None
    targets: list[Target]


class TargetMoves(BaseModel):
    """How the targets of all items moved. What cannot be compared is neither later nor earlier."""

    items: int = Field(description="those whose sources report something")
    later: int
    earlier: int
    incomparable: int


class Distance(NamedTuple):
    """How far one target lies after another."""

    amount: int
    unit: Unit | None


_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)", re.ASCII | re.DOTALL)


def distance(before: str, after: str) -> Distance | None:
    """Return how far a target moved: days between dates, releases between names that differ in their last number, else None.

    What stays the same has not moved, whatever it is.
    """
    try:
        return Distance((date.fromisoformat(after) - date.fromisoformat(before)).days, "days")
    except ValueError:
        old, new = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(after)
    if old is None or new is None or (old[1], old[3]) != (new[1], new[3]):
        return Distance(0, None) if before == after else None
    return Distance(int(new[2]) - int(old[2]), "releases")


def item(name: str, known: Item) -> dict[str, Any]:
    """Return an item as answers show it."""
    status, milestone = known.status, known.milestone
    return {
        "item": name,
        "status": None if status is None else status.value,
        "status_reported": None if status is None else act(status.act),
        "stage": known.stages[-1].value if known.stages else None,
        "stages": [{"value": report.value, "reported": act(report.act)} for report in known.stages],
        "milestone": None if milestone is None else milestone.value,
        "milestone_reported": None if milestone is None else act(milestone.act),
        "targets": [_target(gate, moves) for gate, moves in sorted(known.targets.items())],
    }


def moves_of(items: Sequence[Item]) -> dict[str, int]:
    """Count how targets moved."""
    counted = {"items": len(items), "later": 0, "earlier": 0, "incomparable": 0}
    for known in items:
        for moves in known.targets.values():
            for before, after in _changes(moves):
                found = distance(before, after)
                if found is None:
                    counted["incomparable"] += 1
                elif found.amount:
                    counted["later" if found.amount > 0 else "earlier"] += 1
    return counted


def _changes(moves: Sequence[TargetMove]) -> Iterator[tuple[str, str]]:
    for before, after in pairwise(moves):
        if before.target is not None and after.target is not None and before.target != after.target:
            yield before.target, after.target


def changed_at(moves: Sequence[TargetMove]) -> Iterator[datetime]:
    """Return when one target for a gate took the place of another."""
    for before, after in pairwise(moves):
        if before.target is not None and after.target is not None and before.target != after.target:
            yield after.act.at


def _target(gate: str, moves: Sequence[TargetMove]) -> dict[str, Any]:
    stated = [move.target for move in moves if move.target is not None]
    slip = _slip(stated[0] if stated else None, stated[-1] if stated else None)
    return {
        "gate": gate,
        "target": moves[-1].target,
        "first_target": stated[0] if stated else None,
        "changes": sum(1 for _ in _changes(moves)),
        **slip,
        "moves": [
            {"from": before, "to": move.target, **_slip(before, move.target), "moved": act(move.act)}
            for before, move in zip([None, *(move.target for move in moves)], moves, strict=False)
        ],
    }


def _slip(before: str | None, after: str | None) -> dict[str, Any]:
    if before is None or after is None:
        return _told(reasons.NO_TARGET, None)
    found = distance(before, after)
    return _told(reasons.NOT_COMPARABLE, None) if found is None else _told(found.amount, found.unit)


def _told(found: int | Unknown, unit: Unit | None) -> dict[str, Any]:
    return {"slip": metric.count(definitions.TARGET_SLIP, found), "unit": unit}
