"""What is known of products beside their backlogs and their money: life, people, promises, lineage."""

from datetime import date, datetime
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act
from portfolio_projector.read_models.capacity.assignments import Assignment

Life = Literal["Conceived", "Active", "Paused", "Sunsetting", "Retired", "Merged", "Split"]
ENDINGS: frozenset[Life] = frozenset(("Retired", "Merged", "Split"))


class Phase(msgspec.Struct, frozen=True, array_like=True):
    """A state of a product's life, and what began it."""

    state: Life
    act: Act


class Share(msgspec.Struct, frozen=True, array_like=True):
    """A member that a product came from or became, and the share of cost and benefits that went along."""

    member: str
    share: str
    act: Act


class Change(msgspec.Struct, frozen=True, array_like=True):
    """A vision, or an owner, and who said so."""

    value: str | None
    act: Act


class Direction(msgspec.Struct, frozen=True, array_like=True):
    """A decision to change the direction of a product, or to keep it."""

    decision: Literal["pivot", "persevere"]
    hypothesis: str
    evidence: str
    act: Act


class Version(msgspec.Struct, frozen=True, array_like=True):
    """A version that was published, in a series of versions where there are several."""

    release: str
    version: str
    series: str | None
    act: Act


class Product(msgspec.Struct):
    """One product. `versions` is the last that was published of each series; what has none is the series ""."""

    name: str
    conceived_at: datetime
    phases: list[Phase] = []
    visions: list[Change] = []
    owners: list[Change] = []
    directions: list[Direction] = []
    origins: list[Share] = []
    became: list[Share] = []
    teams: dict[str, list[Assignment]] = {}
    versions: dict[str, Version] = {}
    sunset_on: date | None = None
    data_disposition: str | None = None
    open_items: int = 0
    last_entry: int = -1


class Item(msgspec.Struct, array_like=True):
    """An item of a backlog: whose it is, whether it is open, and by gate what its source promises it for."""

    home: str
    is_open: bool = True
    targets: dict[str, str] | None = None


class Incident(msgspec.Struct, frozen=True, array_like=True):
    """An incident: whose it is, from 1, the worst, how severe, and whether it is over."""

    member: str
    severity: int
    is_open: bool = True


class Products(msgspec.Struct):
    """The products that a scope knows by their ids, the items of backlogs and the incidents by theirs.

    `zone` is where the portfolio's days begin and end, UTC where it names none.
    """

    zone: str | None = None
    products: dict[str, Product] = {}
    items: dict[str, Item] = {}
    incidents: dict[str, Incident] = {}
