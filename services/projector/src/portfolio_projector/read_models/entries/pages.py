"""Pages of entries: as many as are asked for, unless they are too large to be sent, or held, at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

ANSWER_SIZE_MAX = 4 * 1024 * 1024
"""Bytes of entries after which a page of an answer ends: with the entry that reaches them."""

_SQL = Statements("portfolio_projector.read_models.entries")


class Page(NamedTuple):
    """Rows of `entry`, `hash` and `value`; `more`: others follow."""

    rows: Sequence[Any]
    more: bool


async def read(
    connection: "Connection", portfolio: str, first: int, last: int, *, limit: int, size_max: int = ANSWER_SIZE_MAX
) -> Page:
    """Read entries of a portfolio from a number on, up to another."""
    return _page(await connection.fetch(_SQL["page"], portfolio, first, last, limit + 1, size_max), limit)


async def read_history(connection: "Connection", portfolio: str, subject: str, first: int, last: int, *, limit: int) -> Page:
    """Read entries of one subject from a number on, up to another."""
    return _page(await connection.fetch(_SQL["history"], portfolio, subject, first, last, limit + 1, ANSWER_SIZE_MAX), limit)


def _page(found: Sequence[Any], limit: int) -> Page:
    rows = [row for row in found[:limit] if row["value"] is not None]
    return Page(rows, more=len(found) > len(rows))
