"""`projector rebuild`: build a read model anew beside the old one, compare them row by row, and switch, while everybody reads on.

Rows are folded from the entries that are kept, committed as they are made. The comparison reads one moment of the old tables
and the new ones at the same entries. For the switch the read model is held still for a moment: the last entries are folded,
reads that began before have ended, and the tables change places in one transaction. The old ones stay for a way back.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portfolio_projector import sessions
from portfolio_projector.description import ReadModel
from portfolio_projector.rebuilding import rows
from portfolio_projector.rebuilding.beside import BEFORE, BESIDE, LIVE
from portfolio_projector.rebuilding.comparing import Comparison, compare
from portfolio_projector.rebuilding.folding import Rebuilt
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool

_SQL = Statements("portfolio_projector.rebuilding")
LOCK = 0x7265626C  # "rebl": any number would do, as long as everybody who rebuilds takes the same
_NEAR = 200
_READS_END_SECONDS_MAX = 15.0
_LOOK_AGAIN_SECONDS = 0.05

Say = Callable[[str], None]


class NotRebuilt(Exception):
    """Nothing was switched: `args[0]` says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rebuild: how the new rows compare with the old ones, table by table."""

    comparisons: Sequence[Comparison]
    entries: int
    old_version: int | None
    new_version: int

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return all(comparison.equal for comparison in self.comparisons)


async def rebuild(postgres: str, model: ReadModel[Any], *, say: Say, switch: bool = True) -> Outcome:
    """Build, compare and switch; without `switch` the new rows are dropped after the comparison.

    Raises:
        NotRebuilt: when another rebuild goes on, the fold fails where the old one does not, or reads do not end.
        NotLinked: when the entries that are kept are not the log.

    """
    names = [table.name for table in model.tables]
    async with _alone(postgres, model) as pool, pool.acquire() as connection:
        try:
            await connection.execute(_SQL["begin"], names)
            skipped = {(row["portfolio"], row["entry"]) for row in await connection.fetch(_SQL["skips"], model.name)}
            rebuilt = Rebuilt(connection, model, skipped)
            heads = await _catch_up(connection, model, rebuilt, say)
            comparisons = await _compare(pool, model, rebuilt, heads)
            old_version: int | None = await connection.fetchval(_SQL["version"], model.name)
            if switch:
                await _switch(pool, model, rebuilt)
        finally:
            await connection.execute(_SQL["end"], names)
    return Outcome(comparisons, rebuilt.entries, old_version, model.folding.version)


async def go_back(postgres: str, model: ReadModel[Any]) -> int:
    """Put the tables from before the last rebuild back, and return the version of the fold that wrote them.

    Raises:
        NotRebuilt: when there are none.

    """
    names = [table.name for table in model.tables]
    async with _alone(postgres, model) as pool, pool.acquire() as connection, connection.transaction():
        version: int | None = await connection.fetchval(_SQL["before"], model.name)
        if version is None:
            raise NotRebuilt(f"There are no rows of {model.name} from before a rebuild.")
        await connection.fetch(_SQL["freeze"], model.name)
        await connection.execute(_SQL["exchange"], names, BEFORE)
        await connection.execute(_SQL["return_positions"], model.name)
        await connection.execute(_SQL["forget_heads"], model.name)
        await connection.execute(_SQL["return_heads"], model.name)
    return version


@asynccontextmanager
async def _alone(postgres: str, model: ReadModel[Any]) -> "AsyncGenerator[Pool]":
    if not model.tables:
        raise NotRebuilt(f"{model.name} cannot be rebuilt beside itself: it is what others are folded from.")
    async with sessions.writing_pool(postgres, connections_max=4) as pool, pool.acquire() as connection:
        if not await connection.fetchval(_SQL["alone"], LOCK, model.name):
            raise NotRebuilt(f"{model.name} is being rebuilt already.")
        yield pool


async def _catch_up(connection: "Connection", model: ReadModel[Any], rebuilt: Rebuilt, say: Say) -> Mapping[str, int]:
    """Fold until the rest is small, and return where that is."""
    while True:
        heads = await _heads(connection, model)
        behind = sum(heads.values()) + len(heads) - rebuilt.entries
        if behind <= _NEAR and rebuilt.entries:
            return heads
        say(f"{model.name}: {behind} entries to fold")
        await rebuilt.fold(heads)
        if not heads:
            return heads


async def _heads(connection: "Connection", model: ReadModel[Any]) -> Mapping[str, int]:
    return {row["portfolio"]: row["entry"] for row in await connection.fetch(_SQL["heads"], model.name)}


async def _compare(pool: "Pool", model: ReadModel[Any], rebuilt: Rebuilt, heads: Mapping[str, int]) -> Sequence[Comparison]:
    """Compare the old tables at one moment with the new ones at the same entries."""
    async with pool.acquire() as old, old.transaction(isolation="repeatable_read", readonly=True):
        await old.execute(_SQL["unlimited"])
        await rebuilt.fold(await _heads(old, model) or heads)
        async with pool.acquire() as new, new.transaction(isolation="repeatable_read", readonly=True):
            await new.execute(_SQL["unlimited"])
            return [
                await compare(table, rows.of_table(old, table, schema=LIVE), rows.of_table(new, table, schema=BESIDE))
                for table in model.tables
            ]


async def _switch(pool: "Pool", model: ReadModel[Any], rebuilt: Rebuilt) -> None:
    """Hold the read model still, fold what is left, let reads that began before end, and exchange the tables."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(_SQL["unlimited"])
        await connection.fetch(_SQL["freeze"], model.name)
        standing = {row["portfolio"]: row for row in await connection.fetch(_SQL["heads"], model.name)}
        await rebuilt.fold({portfolio: row["entry"] for portfolio, row in standing.items()})
        for portfolio, failure in rebuilt.failures.items():
            live: int | None = standing[portfolio]["failed_entry"]
            if live is None or live > failure.entry:
                raise NotRebuilt(f"In {portfolio} the new rows end before entry {failure.entry}. {failure.detail}")
        await _let_reads_end(connection, model)
        await connection.execute(_SQL["keep_positions"], model.name)
        await connection.execute(_SQL["keep_heads"], model.name)
        await connection.execute(_SQL["exchange"], [table.name for table in model.tables], BESIDE)
        await connection.execute(_SQL["settle_positions"], model.name, model.folding.version)
        failures = [rebuilt.failures.get(portfolio) for portfolio in standing]
        await connection.execute(
            _SQL["settle_heads"],
            model.name,
            list(standing),
            [None if failure is None else failure.entry for failure in failures],
            [None if failure is None else failure.previous for failure in failures],
            [None if failure is None else failure.detail for failure in failures],
        )


async def _let_reads_end(connection: "Connection", model: ReadModel[Any]) -> None:
    """Wait for reads that began before the last rows were committed: they would look for them in the new tables and not see them.

    Raises:
        NotRebuilt: when they go on for too long.

    """
    now = await connection.fetchval(_SQL["now"])
    deadline = asyncio.get_running_loop().time() + _READS_END_SECONDS_MAX
    while await connection.fetchval(_SQL["older_reads"], now):
        if asyncio.get_running_loop().time() > deadline:
            raise NotRebuilt(f"Reads that began before the switch of {model.name} do not end; try again.")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        await connection.execute(_SQL["look_anew"])
