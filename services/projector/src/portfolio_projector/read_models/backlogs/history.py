"""The history of a backlog's order: the table of moves tells its own past, on both time axes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.backlogs.rows import MoveRow
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.backlogs")


class History:
    """The moves in one product's backlog, within a transaction."""

    def __init__(self, connection: "Connection", portfolio: str, product: str) -> None:
        self._connection = connection
        self._portfolio = portfolio
        self._product = product

    async def is_known(self, moment: Moment) -> bool:
        """Tell whether there was the product at a moment."""
        known: bool = await self._connection.fetchval(_SQL["known"], self._portfolio, self._product, moment.entry, moment.until)
        return known

    async def moves(self, item: str | None, after: tuple[int, str], limit: int, moment: Moment) -> Sequence[MoveRow]:
        """Return moves, all or one item's, after (entry, item): as they were told at the moment."""
        known = (moment.entry, moment.until, limit)
        if item is None:
            rows = await self._connection.fetch(_SQL["history"], self._portfolio, self._product, *after, *known)
        else:
            rows = await self._connection.fetch(_SQL["history_of_item"], self._portfolio, self._product, item, after[0], *known)
        return [MoveRow(*row) for row in rows]
