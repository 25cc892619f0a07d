"""Beside: a session with PostgreSQL that finds a read model's tables in another schema, and works there as it does here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

BESIDE, BEFORE, LIVE = "projector_beside", "projector_before", "projector"


class Beside:
    """The part of a connection that read models load and write by; every table of theirs is the one in the other schema."""

    def __init__(self, connection: "Connection", tables: Sequence[str], *, schema: str = BESIDE) -> None:
        self._connection = connection
        self._schema = schema
        self._names = {f"{LIVE}.{table}": f"{schema}.{table}" for table in sorted(tables, key=len, reverse=True)}

    async def fetch(self, statement: str, *arguments: object) -> Any:  # noqa: ANN401  as asyncpg has it
        """See asyncpg."""
        return await self._connection.fetch(self._there(statement), *arguments)

    async def execute(self, statement: str, *arguments: object) -> Any:  # noqa: ANN401  the same
        """See asyncpg."""
        return await self._connection.execute(self._there(statement), *arguments)

    async def copy_records_to_table(self, table: str, *, schema_name: str, **how: Any) -> Any:  # noqa: ANN401  the same
        """See asyncpg."""
        schema = self._schema if f"{schema_name}.{table}" in self._names else schema_name
        return await self._connection.copy_records_to_table(table, schema_name=schema, **how)

    def _there(self, statement: str) -> str:
        for here, there in self._names.items():
            statement = statement.replace(here, there)
        return statement
