"""The tail of a portfolio: its entries from a number on, as they are projected."""

from collections.abc import AsyncGenerator, Sequence

from portfolio_projector.http.reading import Reads
from portfolio_projector.statements import Statements
from portfolio_schemas.codec import INTEGER_MAX

_SQL = Statements("portfolio_projector.read_models.entries")
_PAGE = 200


class Tail:
    """Reads a page at a time, when the one before was taken: a slow reader costs one page."""

    def __init__(self, reads: Reads, portfolio: str, first: int) -> None:
        self._reads = reads
        self._portfolio = portfolio
        self._next = first

    async def pages(self) -> AsyncGenerator[Sequence[tuple[int, bytes]]]:
        """Give (number, bytes) of what is there, page after page; an empty page when there is nothing new."""
        with self._reads.wakes.of(self._portfolio) as news:
            while True:
                news.clear()
                async with self._reads.snapshot() as connection:
                    rows = await connection.fetch(_SQL["page"], self._portfolio, self._next, INTEGER_MAX, _PAGE)
                if rows:
                    self._next = rows[-1]["entry"] + 1
                    yield [(row["entry"], row["value"]) for row in rows]
                if len(rows) < _PAGE:
                    yield []
                    await news.wait()
