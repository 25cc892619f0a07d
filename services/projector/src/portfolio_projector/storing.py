"""Rows in and out of PostgreSQL, many at a time: no statement is sent per row."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from portfolio_projector.folding.rows import Rows

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

Key = TypeVar("Key", bound=tuple[str | int, ...])
Row = TypeVar("Row", bound=tuple[Any, ...])


def columns(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Turn rows into the columns that `unnest` takes."""
    return list(zip(*rows, strict=True))


async def copy(connection: "Connection", table: str, row: type[Row], rows: Sequence[Row]) -> None:
    """Append new rows to a table whose columns have the names of the row's fields."""
    if rows:
        names: tuple[str, ...] = getattr(row, "_fields")  # noqa: B009  every row is a named tuple, which typing cannot say
        await connection.copy_records_to_table(table, schema_name="projector", columns=names, records=rows)


async def load(
    connection: "Connection", statement: str, rows: Rows[Key, Row], row: Callable[..., Row], keys: Iterable[Key]
) -> None:
    """Look up keys that nobody looked up yet, in one query."""
    wanted = rows.unknown(keys)
    if wanted:
        found = await connection.fetch(statement, *columns(wanted))
        rows.learn(wanted, [row(*record) for record in found])


async def write(connection: "Connection", table: str, statement: str, rows: Rows[Key, Row]) -> None:
    """Write the rows that changed: new ones are appended, old ones updated by the statement."""
    new, old = rows.changes()
    if new:
        await copy(connection, table, type(new[0]), new)
    if old:
        await connection.execute(statement, *columns(old))
