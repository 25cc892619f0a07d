"""The rows of `backlogs`, in the order of their columns."""

from datetime import datetime
from operator import itemgetter
from typing import Literal, NamedTuple

from portfolio_projector.folding.quick import quick

ProductState = Literal["Conceived", "Active", "Paused", "Sunsetting", "Retired", "Merged", "Split"]
ItemState = Literal["New", "Started", "Done", "Reopened", "Dropped", "Split", "Merged", "Promoted"]
Move = Literal["added", "moved", "completed", "reopened", "dropped", "split", "split_from", "transferred", "merged", "promoted"]


@quick
class ProductRow(NamedTuple):
    """A product. `rankings` counts how often its backlog was ranked anew."""

    portfolio: str
    product: str
    name: str
    vision: str | None
    owner: str | None
    state: ProductState
    conceived_at: datetime
    activated_at: datetime | None
    open_items: int
    rankings: int
    last_entry: int


@quick
class ItemRow(NamedTuple):
    """An item. `rank` is None when it is not in the order. What its source reports comes last, in the source's own words."""

    portfolio: str
    item: str
    product: str
    title: str
    kind: str
    state: ItemState
    rank: str | None
    workflow_state: str | None
    added_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    split_from: str | None
    status: str | None
    stage: str | None
    milestone: str | None
    targets: dict[str, str]
    last_entry: int


REPORTED = ItemRow._fields.index("status")
"""Where the columns begin that a report changes."""

_LIVED = ("state", "rank", "workflow_state", "started_at", "closed_at", "last_entry")
lived = itemgetter(*map(ItemRow._fields.index, ("portfolio", "item", *_LIVED)))
"""Returns the key of an item, and the columns that its own life changes: where it stands, and how far it is."""

beside_life = itemgetter(*(n for n, name in enumerate(ItemRow._fields) if name not in _LIVED))
"""Returns the columns that its life leaves alone."""


@quick
class MoveRow(NamedTuple):
    """One change of one item's place: what happened, after which item it stands since then (None: at the top, or nowhere)."""

    portfolio: str
    product: str
    entry: int
    item: str
    move: Move
    after: str | None
    actor: str
    reason: str | None
    time: datetime
    recordedtime: str
