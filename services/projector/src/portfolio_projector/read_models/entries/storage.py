"""How `entries` reads and writes its tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.read_models.entries.fold import Entries, EntryRow, RemarkRow
from portfolio_projector.statements import Statements
from portfolio_projector.storing import columns, copy

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.entries")


async def load(connection: "Connection", state: Entries, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
    """Read nothing: an entry becomes a row by itself."""


async def write(connection: "Connection", state: Entries) -> None:
    """Append the new rows."""
    await copy(connection, "entries", EntryRow, state.entries)
    await copy(connection, "flags", RemarkRow, state.flags)
    await copy(connection, "refusals", RemarkRow, state.refusals)
    if state.times:
        await connection.execute(_SQL["extend_spans"], *columns(state.spans))
    if state.portfolios:
        await connection.execute(_SQL["open_portfolios"], *columns(state.portfolios))


async def forget(connection: "Connection", portfolio: str) -> None:
    """Delete everything of a portfolio."""
    await connection.execute(_SQL["forget"], portfolio)


async def hash_of(connection: "Connection", portfolio: str, entry: int) -> str | None:
    """Return the hash of an entry, None when it is not there."""
    found: str | None = await connection.fetchval(_SQL["hash_of"], portfolio, entry)
    return found
