"""The rows of `backlogs`, in the order of their columns."""

from datetime import date, datetime
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from portfolio_projector.folding.quick import maker, quick

ProductState = Literal["Conceived", "Active", "Paused", "Sunsetting", "Retired", "Merged", "Split"]
ItemState = Literal["New", "Ready", "Started", "Done", "Reopened", "Dropped", "Split", "Merged", "Promoted"]
Service = Literal["expedite", "fixed_date", "standard", "intangible"]
Move = Literal["added", "moved", "completed", "reopened", "dropped", "split", "split_from", "transferred", "merged", "promoted"]
Placed = Literal[Move, "ranked"]
"""What gave an item its rank: a move; or all of a backlog was ranked anew, which moves nothing."""


@quick
class ProductRow(NamedTuple):
    """A product. `rankings` counts how often its backlog was ranked anew; `set_by` is the entry that set each attribute last."""

    portfolio: str
    product: str
    name: str
    vision: str | None
    owner: str | None
    state: ProductState
    conceived_at: datetime
    activated_at: datetime | None
    sunset_on: date | None
    open_items: int
    rankings: int
    set_by: dict[str, int]
    first_entry: int
    last_entry: int


@quick
class ItemRow(NamedTuple):
    """An item. `rank` is None when it is not in the order; `created_at` is when its source knew it first.

    What its source reports comes last, in the source's own words. `set_by` is the entry that set each attribute last, see
    `attributes`. `links` and `target_facts` are what was said, by entry: whose word it is now, and what; `targets` are what the
    latter leave, by gate.
    """

    portfolio: str
    item: str
    product: str
    title: str
    kind: str
    state: ItemState
    rank: str | None
    workflow_state: str | None
    blocked: bool
    added_at: datetime
    created_at: datetime | None
    started_at: datetime | None
    closed_at: datetime | None
    split_from: str | None
    service: Service
    points: str | None
    score: dict[str, str] | None
    links: dict[str, list[Any]]
    status: str | None
    stage: str | None
    milestone: str | None
    targets: dict[str, str]
    target_facts: dict[str, list[Any]]
    set_by: dict[str, int]
    last_entry: int


REPORTED = ItemRow._fields.index("status")
"""Where the columns begin that a report changes."""

_LIVED = ("state", "rank", "workflow_state", "blocked", "started_at", "closed_at", "last_entry")
lived = itemgetter(*map(ItemRow._fields.index, ("portfolio", "item", *_LIVED)))
"""Returns the key of an item, and the columns that its own life changes: where it stands, and how far it is."""

beside_life = itemgetter(*(n for n, name in enumerate(ItemRow._fields) if name not in _LIVED))
"""Returns the columns that its life leaves alone."""


@quick
class MoveRow(NamedTuple):
    """One change of one item's place: what happened, and after which item it stood before and since; None: top, or nowhere.

    `said_by` is the entry whose word this is: the move's own, or one that corrects it. It holds until `until_entry`, if any.
    `rank` is the item's since then, None where it stands nowhere.
    """

    portfolio: str
    product: str
    entry: int
    item: str
    said_by: int
    until_entry: int | None
    move: Placed
    was_after: str | None
    after: str | None
    actor: str
    reason: str | None
    time: datetime
    recordedtime: str
    rank: str | None


move_row = maker(MoveRow)
"""Makes a move of its cells."""


@quick
class SizeRow(NamedTuple):
    """How many items of a product are open since an entry, and how often its backlog was ranked anew by then."""

    portfolio: str
    product: str
    entry: int
    open_items: int
    rankings: int
