"""Keeping: snapshots in their table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import Wanted

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.telling")


@dataclass(frozen=True, slots=True)
class Made:
    """A snapshot; one that is made ahead has others to come before it."""

    entry: int
    until: datetime
    state: bytes
    is_ahead: bool = False


async def keep(connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted, scope: str, made: Sequence[Made]) -> None:
    """Keep snapshots of a chronicle, in the order of the log; those that were made ahead of these have served."""
    rows = [_row(chronicle, wanted, scope, one) for one in made]
    if rows:
        await connection.executemany(_SQL["keep"], rows)
        if not made[-1].is_ahead:
            await connection.execute(_SQL["overtake"], *rows[-1][:5])


async def last(
    connection: "Connection", portfolio: str, scope: str, chronicles: Sequence[Chronicle[Any]], *, also_ahead: bool
) -> Mapping[str, tuple[int, int]]:
    """Return the entries and sizes of the last snapshots of a scope, by the names of chronicles."""
    names, versions = [chronicle.name for chronicle in chronicles], [chronicle.version for chronicle in chronicles]
    records = await connection.fetch(_SQL["last"], portfolio, scope, names, versions, also_ahead)
    return {record["chronicle"]: (record["entry"], record["bytes"]) for record in records}


def _row(chronicle: Chronicle[Any], wanted: Wanted, scope: str, made: Made) -> tuple[object, ...]:
    skipped = sorted(entry for entry in wanted.skipped if entry <= made.entry)
    return (
        wanted.portfolio, chronicle.name, chronicle.version, scope, made.entry, made.until, made.state, skipped, made.is_ahead,
    )  # fmt: skip
