"""The answers about backlogs, and how rows become them."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.read_models.backlogs.rows import ItemRow, ItemState, Move, MoveRow


class Item(BaseModel):
    """An open item at its place in the order."""

    item: str
    position: int = Field(description="1 is the top")
    title: str
    kind: str
    state: ItemState
    workflow_state: str | None = Field(description="the state of the product's own workflow")
    age_days: int = Field(description="days since it was added, up to the day of the answer, in UTC")
    added_at: datetime
    started_at: datetime | None
    split_from: str | None
    status: str | None = Field(description="as its source reported it")
    stage: str | None = Field(description="as its source reported it")
    milestone: str | None = Field(description="as its source reported it")
    targets: dict[str, str] = Field(description="by gate, as its source reported them")
    last_entry: int


class MoveAnswer(BaseModel):
    """One change of an item's place."""

    entry: int
    item: str
    move: Move = Field(description="what happened to its place")
    after: str | None = Field(description="the item that it stands after since then; null: at the top, or in no order any more")
    actor: str
    reason: str | None
    time: datetime
    recordedtime: str


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
    moves: list[MoveAnswer]
    next_cursor: str | None


def item(row: ItemRow, position: int, today: date) -> dict[str, object]:
    """Return an open item as answers show it."""
    return {
        "item": row.item,
        "position": position,
        "title": row.title,
        "kind": row.kind,
        "state": row.state,
        "workflow_state": row.workflow_state,
        "age_days": (today - row.added_at.astimezone(UTC).date()).days,
        "added_at": _utc(row.added_at),
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
        "after": row.after,
        "actor": row.actor,
        "reason": row.reason,
        "time": _utc(row.time),
        "recordedtime": row.recordedtime,
    }


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
