"""Ways to look at backlogs by the same questions: the tables as they are, or as things were recorded, and a fold of the past."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from portfolio_projector.http.reading import Views
from portfolio_projector.read_models.backlogs.chronicle import CHRONICLE, scored
from portfolio_projector.read_models.backlogs.recorded import Recorded
from portfolio_projector.read_models.backlogs.rows import ItemRow, ProductRow
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.backlogs")


class Ordered(Protocol):
    """The products of one portfolio and the order of their backlogs at one moment."""

    async def product(self, product: str) -> ProductRow | None:
        """Return a product."""
        ...

    async def item(self, item: str) -> ItemRow | None:
        """Return an item."""
        ...

    async def page(self, product: str, rank: str, limit: int) -> tuple[int, Sequence[ItemRow]]:
        """Return how many items of a backlog stand at or before a rank, and those that follow it in order."""
        ...


class View(Ordered, Protocol):
    """The same, and what takes a look at all of a backlog."""

    async def scored(self, product: str) -> Sequence[tuple[int, ItemRow]]:
        """Return the open items of a backlog that were scored, each with its position."""
        ...


class Live:
    """The tables, within a transaction."""

    def __init__(self, connection: "Connection", portfolio: str) -> None:
        self._connection = connection
        self._portfolio = portfolio

    async def product(self, product: str) -> ProductRow | None:
        """See View."""
        row = await self._connection.fetchrow(_SQL["products"], [self._portfolio], [product])
        return None if row is None else ProductRow(*row)

    async def item(self, item: str) -> ItemRow | None:
        """See View."""
        row = await self._connection.fetchrow(_SQL["items"], [self._portfolio], [item])
        return None if row is None else ItemRow(*row)

    async def page(self, product: str, rank: str, limit: int) -> tuple[int, Sequence[ItemRow]]:
        """See View."""
        before: int = await self._connection.fetchval(_SQL["place"], self._portfolio, product, rank) if rank else 0
        rows = await self._connection.fetch(_SQL["page"], self._portfolio, product, rank, limit)
        return before, [ItemRow(*row) for row in rows]

    async def scored(self, product: str) -> Sequence[tuple[int, ItemRow]]:
        """See View."""
        rows = await self._connection.fetch(_SQL["scored"], self._portfolio, product)
        return [(place, ItemRow(*row)) for place, *row in rows]


class Past:
    """A state that knows everything."""

    def __init__(self, state: Backlogs, portfolio: str) -> None:
        self._state = state
        self._portfolio = portfolio

    async def product(self, product: str) -> ProductRow | None:
        """See View."""
        return self._state.products.get((self._portfolio, product))

    async def item(self, item: str) -> ItemRow | None:
        """See View."""
        return self._state.items.get((self._portfolio, item))

    async def page(self, product: str, rank: str, limit: int) -> tuple[int, Sequence[ItemRow]]:
        """See View."""
        before, items = self._state.order(self._portfolio, product).page(rank, limit)
        rows = (self._state.items.get((self._portfolio, item)) for item in items)
        return before, [row for row in rows if row is not None]

    async def scored(self, product: str) -> Sequence[tuple[int, ItemRow]]:
        """See View."""
        return scored(self._state, self._portfolio, product)


VIEWS: Views[Backlogs, View] = Views(chronicle=CHRONICLE, live=Live, past=Past)
ORDERS: Views[Backlogs, Ordered] = Views(chronicle=CHRONICLE, live=Live, past=Past, recorded=Recorded)
