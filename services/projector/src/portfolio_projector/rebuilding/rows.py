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
    connection: "Connection",
    table: Table,
    *,
    schema: str,
    portfolio: str | None = None,
    between: tuple[int, int] | None = None,
) -> AsyncGenerator[tuple[Any, ...]]:
    """Give the rows of a table, those of one portfolio, or of some entries of it, within the connection's transaction."""
    name = "rows" if portfolio is None else "rows_of" if between is None else "rows_between"
    statement = _SQL[name].format(
        columns=", ".join(f'"{name}"' for name in table.columns),
        schema=schema,
        table=table.name,
        key=", ".join(_sorted(table, name) for name in table.key),
    )
    arguments = () if portfolio is None else (portfolio, *(between or ()))
    async for row in fetched(await connection.cursor(statement, *arguments)):
        yield row


async def fetched(cursor: Any) -> AsyncGenerator[tuple[Any, ...]]:  # noqa: ANN401  generic in its stubs only
    """Give what a cursor finds."""
    while rows := await cursor.fetch(_PAGE):
        for row in rows:
            yield tuple(row)


def _sorted(table: Table, name: str) -> str:
    is_text = "str" in str(table.row.__annotations__[name])
    return f'"{name}" COLLATE "C"' if is_text else f'"{name}"'
