"""Reading whole tables in the order of their keys, a page at a time."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from portfolio_projector.description import Table
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.rebuilding")
_PAGE = 1000


async def of_table(
    connection: "Connection", table: Table, *, schema: str, portfolio: str | None = None
) -> AsyncGenerator[tuple[Any, ...]]:
    """Give the rows of a table, or those of one portfolio, within the connection's transaction."""
    statement = _SQL["rows" if portfolio is None else "rows_of"].format(
        columns=", ".join(f'"{name}"' for name in table.columns),
        schema=schema,
        table=table.name,
        key=", ".join(_sorted(table, name) for name in table.key),
    )
    arguments = () if portfolio is None else (portfolio,)
    cursor = await connection.cursor(statement, *arguments)
    while rows := await cursor.fetch(_PAGE):
        for row in rows:
            yield tuple(row)


def _sorted(table: Table, name: str) -> str:
    is_text = "str" in str(table.row.__annotations__[name])
    return f'"{name}" COLLATE "C"' if is_text else f'"{name}"'
