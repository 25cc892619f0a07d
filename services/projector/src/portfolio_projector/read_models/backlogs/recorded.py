"""A backlog as it was recorded at an entry: the tables say who stood where, and the entries about an item what it was."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.backlogs.fold import FOLDING, ITEM_TYPES, TYPES, fold
from portfolio_projector.read_models.backlogs.rows import ItemRow, ProductRow
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside
from portfolio_projector.telling.past import Located, read_facts

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.backlogs")
_NOWHERE = ""
"""The scope of a state that holds no order: what is said of items is folded without where they stand."""


class Recorded:
    """The products of one portfolio and their backlogs at an entry, within a transaction."""

    def __init__(self, connection: "Connection", portfolio: str, moment: Moment) -> None:
        self._connection = connection
        self._portfolio = portfolio
        self._entry = moment.entry
        self._skipped = [skip["entry"] for skip in moment.skips if skip["read_model"] == FOLDING.name]

    async def product(self, product: str) -> ProductRow | None:
        """See View."""
        state = await self._told([f"product/{product}"], TYPES - ITEM_TYPES)
        row = state.products.get((self._portfolio, product))
        size = await self._connection.fetchrow(_SQL["size"], self._portfolio, product, self._entry)
        if row is None or size is None:
            return row
        last_entry = max(row.last_entry, size["entry"])
        return row._replace(open_items=size["open_items"], rankings=size["rankings"], last_entry=last_entry)

    async def item(self, item: str) -> ItemRow | None:
        """See View."""
        rank: str | None = await self._connection.fetchval(_SQL["rank_of"], self._portfolio, item, self._entry)
        return (await self._items({item: rank})).get(item)

    async def page(self, product: str, rank: str, limit: int) -> tuple[int, Sequence[ItemRow]]:
        """See View."""
        asked = (self._portfolio, product, rank, self._entry)
        before: int = await self._connection.fetchval(_SQL["places_until"], *asked) if rank else 0
        places = {row["item"]: row["rank"] for row in await self._connection.fetch(_SQL["places"], *asked, limit)}
        items = await self._items(places)
        return before, [items[item] for item in places]

    async def _items(self, ranks: Mapping[str, str | None]) -> Mapping[str, ItemRow]:
        """Return items, each at its rank."""
        state = await self._told([f"item/{item}" for item in ranks], ITEM_TYPES)
        found = ((item, state.items.get((self._portfolio, item)), rank) for item, rank in ranks.items())
        return {item: row._replace(rank=rank) for item, row, rank in found if row is not None}

    async def _told(self, subjects: Sequence[str], types: Iterable[str]) -> Backlogs:
        records = await self._connection.fetch(
            _SQL["facts"], self._portfolio, subjects, self._entry, sorted(types), self._skipped
        )
        return await aside.work(_fold, [(record["log_offset"], record["value"]) for record in records])


def _fold(records: Sequence[Located]) -> Backlogs:
    state = Backlogs(complete=True, scope=_NOWHERE)
    for fact in read_facts(records):
        fold(state, fact)
    return state
