"""The answers about backlogs, and how rows become them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import Instant
from portfolio_projector.metrics import definitions, flow, metric
from portfolio_projector.metrics.metric import NumberMetric
from portfolio_projector.metrics.reasons import NOT_GIVEN
from portfolio_projector.read_models.backlogs.attributes import in_order
from portfolio_projector.read_models.backlogs.rows import ItemRow, ItemState, Move, MoveRow, Service
from portfolio_schemas.events.item import ItemKind

Horizon = Literal["now", "next", "later"]

_HORIZONS: dict[ItemState, Horizon] = {"Started": "now", "Ready": "next", "Reopened": "next"}


class Item(BaseModel):
    """An open item at its place in the order."""

    item: str
    position: int = Field(description="1 is the top")
    title: str
    kind: ItemKind
    state: ItemState
    workflow_state: str | None = Field(description="the state of the product's own workflow")
    blocked: bool = Field(description="nobody can work on it")
    horizon: Horizon = Field(description="now: it is started; next: it is ready, or was reopened; later: the rest")
    service: Service = Field(description="the class of service; standard where nobody said")
    points: str | None = Field(description="what it is estimated at")
    wsjf: NumberMetric = Field(description="weighted shortest job first, as it was scored last")
    links: list[str] = Field(description="what it is there for")
    age_days: int = Field(description="days since its source knew it, or since it was added, up to the day of the answer")
    added_at: datetime
    created_at: datetime | None = Field(description="when its source knew it first, where that is known")
    started_at: datetime | None
    split_from: str | None
    status: str | None = Field(description="as its source reported it")
    stage: str | None = Field(description="as its source reported it")
    milestone: str | None = Field(description="as its source reported it")
    targets: dict[str, str] = Field(description="by gate, as its source reported them")
    last_entry: int


class Priority(BaseModel):
    """A scored item: where weighted shortest job first would put it, and where it stands."""

    item: str
    title: str
    suggested: int = Field(
        description="its place among the scored items by score; of equals the smaller is first, then the older"
    )
    position: int = Field(description="its place in the backlog's order")
    wsjf: NumberMetric
    cost_of_delay: str = Field(description="value + time criticality + risk reduction")
    value: str
    time_criticality: str
    risk_reduction: str
    size: str
    scored_by: int = Field(description="the entry that says so")


class PrioritiesAnswer(Answer):
    """The scored open items of a backlog, in the order that their scores suggest."""

    product: str
    scored_items: int
    priorities: list[Priority]


class BacklogMoveAnswer(BaseModel):
    """One change of an item's place."""

    entry: int
    item: str
    move: Move = Field(description="what happened to its place")
    was_after: str | None = Field(description="the item that it stood after before; null: at the top, or in no order")
    after: str | None = Field(description="the item that it stands after since then; null: at the top, or in no order any more")
    actor: str
    reason: str | None
    time: datetime
    recordedtime: Instant
    corrected_by: int | None = Field(description="the entry that says who and why, where the move's own was corrected")


class BacklogAnswer(Answer):
    """A rolling backlog in order."""

    product: str
    open_items: int
    items: list[Item]
    next_cursor: str | None


class BacklogHistoryAnswer(Answer):
    """Moves in a backlog, the oldest first."""

    product: str
    item: str | None
    moves: list[BacklogMoveAnswer]
    next_cursor: str | None


def item(row: ItemRow, position: int, today: date, zone: ZoneInfo) -> dict[str, object]:
    """Return an open item as answers show it."""
    known_since = row.created_at or row.added_at
    return {
        "item": row.item,
        "position": position,
        "title": row.title,
        "kind": row.kind,
        "state": row.state,
        "workflow_state": row.workflow_state,
        "blocked": row.blocked,
        "horizon": _HORIZONS.get(row.state, "later"),
        "service": row.service,
        "points": row.points,
        "wsjf": metric.number(definitions.WSJF, NOT_GIVEN if row.score is None else scored(row, row.score).wsjf),
        "links": list(dict.fromkeys(str(to) for _, to in in_order(row.links))),
        "age_days": (today - known_since.astimezone(zone).date()).days,
        "added_at": _utc(row.added_at),
        "created_at": _utc(row.created_at),
        "started_at": _utc(row.started_at),
        "split_from": row.split_from,
        "status": row.status,
        "stage": row.stage,
        "milestone": row.milestone,
        "targets": dict(sorted(row.targets.items())),
        "last_entry": row.last_entry,
    }


def move(row: MoveRow) -> dict[str, object]:
    """Return a move as answers show it."""
    return {
        "entry": row.entry,
        "item": row.item,
        "move": row.move,
        "was_after": row.was_after,
        "after": row.after,
        "actor": row.actor,
        "reason": row.reason,
        "time": _utc(row.time),
        "recordedtime": row.recordedtime,
        "corrected_by": None if row.said_by == row.entry else row.said_by,
    }


def scored(row: ItemRow, score: Mapping[str, str]) -> flow.Scored:
    """Return how an item was weighed."""
    weights = (Decimal(score[name]) for name in ("value", "time_criticality", "risk_reduction", "size"))
    return flow.Scored(row.item, *weights, older=int((row.created_at or row.added_at).timestamp()))


def priorities(found: Sequence[tuple[int, ItemRow]]) -> list[dict[str, object]]:
    """Return scored items, given with their positions, in the order that weighted shortest job first suggests."""
    rows = {row.item: (position, row) for position, row in found}
    weighed = flow.by_wsjf(scored(row, row.score or {}) for _, row in found)
    return [priority(one, suggested, *rows[one.item]) for suggested, one in enumerate(weighed, start=1)]


def priority(weighed: flow.Scored, suggested: int, position: int, row: ItemRow) -> dict[str, object]:
    """Return a scored item as answers show it."""
    return {
        "item": row.item,
        "title": row.title,
        "suggested": suggested,
        "position": position,
        "wsjf": metric.number(definitions.WSJF, weighed.wsjf),
        "cost_of_delay": metric.decimal_text(weighed.cost_of_delay, definitions.WSJF.digits),
        **(row.score or {}),
        "scored_by": row.set_by["score"],
    }


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
