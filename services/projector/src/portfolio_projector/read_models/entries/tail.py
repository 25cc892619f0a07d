"""The tail of a portfolio: its entries from a number on, as they are projected."""

from collections.abc import AsyncGenerator, Sequence

from portfolio_projector.http.reading import Reads
from portfolio_projector.read_models.entries import pages
from portfolio_schemas.codec import INTEGER_MAX

_PAGE = 200
_PAGE_SIZE_MAX = 512 * 1024


class Tail:
    """Reads a page at a time, when the one before was taken: a slow reader costs one page, of a few hundred kilobytes."""

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
                    page = await pages.read(
                        connection, self._portfolio, self._next, INTEGER_MAX, limit=_PAGE, size_max=_PAGE_SIZE_MAX
                    )
                if page.rows:
                    self._next = page.rows[-1]["entry"] + 1
                    yield [(row["entry"], row["value"]) for row in page.rows]
                if not page.more:
                    yield []
                    await news.wait()
