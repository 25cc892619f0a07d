"""Read models and their checkpoints in PostgreSQL: rows change in the transaction that moves their checkpoints."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg

from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.projecting.checkpoints import AlreadyThere, Checkpoint, Failure, Stale, Standing, Step, WrongVersion
from portfolio_projector.read_models.entries import storage as entries_storage
from portfolio_projector.statements import Statements
from portfolio_projector.storing import columns
from portfolio_schemas.follow import Head, Place, Stop

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool

_SQL = Statements("portfolio_projector")
_NAMES_IN_MESSAGE_MAX = 100


class PostgresStore:
    """The projector's tables, by a pool of sessions. See `checkpoints.Store`."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def load(self, partition: int, models: Sequence[ReadModel[Any]]) -> dict[str, Checkpoint]:
        """Read the checkpoints of a partition by read model; see `Store.load`."""
        versions = {model.name: model.folding.version for model in models}
        found = dict[str, Checkpoint]()
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["begin"], list(versions), partition, list(versions.values()))
            for name, version, next_offset, lost, generation in await connection.fetch(_SQL["positions"], partition):
                if name in versions:
                    _check_version(name, version, versions[name])
                    found[name] = Checkpoint(next_offset, lost=lost, generation=generation)
            for row in await connection.fetch(_SQL["heads"], partition):
                if row["read_model"] in found:
                    found[row["read_model"]].standings[row["portfolio"]] = _standing(row)
            for name, portfolio, entry in await connection.fetch(_SQL["skips"], partition):
                if name in found:
                    found[name].skipped.add((portfolio, entry))
        return found

    @asynccontextmanager
    async def session(self) -> "AsyncGenerator[PostgresSession]":
        """Take a connection for a batch."""
        async with self._pool.acquire() as connection:
            yield PostgresSession(connection)

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry; see `Store.hash_of`."""
        async with self._pool.acquire() as connection:
            return await entries_storage.hash_of(connection, portfolio, entry)

    async def see(self, partition: int, owner: str, end: int) -> dict[str, int]:
        """Remember who projects a partition; see `Store.see`."""
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["see"], partition, owner, end)
            return {row["read_model"]: row["next_offset"] for row in await connection.fetch(_SQL["positions"], partition)}

    async def lose(self, partition: int, reason: str) -> None:
        """Say why a partition stands still; see `Store.lose`."""
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["lose"], partition, reason)


class PostgresSession:
    """One connection. See `checkpoints.Session`."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def load(self, model: ReadModel[Any], state: object, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
        """Load rows as the read model says; see `Session.load`."""
        await model.load(self._connection, state, facts, missing)

    async def write(self, step: Step) -> None:
        """Write a step in one transaction; see `Session.write`."""
        try:
            async with self._connection.transaction():
                await self._write(step)
        except asyncpg.UniqueViolationError as error:
            raise AlreadyThere(str(error)) from error

    async def _write(self, step: Step) -> None:
        connection = self._connection
        offsets, generations = list(step.old.values()), [step.generations[name] for name in step.old]
        moved = await connection.fetch(_SQL["advance"], step.partition, list(step.old), offsets, step.new, generations)
        if len(moved) != len(step.old):
            raise Stale(f"Partition {step.partition} is not at {dict(step.old)} any more.")
        for model, state in step.folded:
            await model.write(connection, state)
        if step.standings:
            rows = [(model, portfolio, *_row(standing)) for model, portfolio, standing in sorted(step.standings, key=_key)]
            await connection.execute(_SQL["save_heads"], step.partition, *columns(rows))
        await connection.execute(_SQL["tell"], _messages(sorted({portfolio for _, portfolio, _ in step.standings})))


def _check_version(name: str, stored: int, installed: int) -> None:
    if stored != installed:
        raise WrongVersion(
            f"The rows of the read model {name} are of version {stored}, this program folds version {installed}: "
            f"run `portfolio migrate` of this program; where that is not enough, `projector rebuild {name}` builds them anew."
        )


def _key(one: tuple[str, str, Standing]) -> tuple[str, str]:
    return one[:2]


def _standing(row: Mapping[str, Any]) -> Standing:
    stop = failure = None
    if row["stop_offset"] is not None:
        stop = Stop(row["stop_offset"], row["stop_hash"], row["stop_detail"])
    if row["failed_entry"] is not None:
        failure = Failure(row["failed_entry"], row["failed_previous"], row["failed_detail"])
    return Standing(Place(Head(row["entry"], row["hash"]), row["tip"], stop), failure)


def _row(standing: Standing) -> tuple[int | str | None, ...]:
    place, failure = standing.place, standing.failure
    stop = (None, None, None) if place.stop is None else (place.stop.offset, place.stop.hash, place.stop.detail)
    failed = (None, None, None) if failure is None else (failure.entry, failure.previous, failure.detail)
    return (place.head.entry, place.head.hash, place.tip, *stop, *failed)


def _messages(portfolios: Sequence[str]) -> list[str]:
    """Pack names into messages: PostgreSQL takes at most 8,000 bytes in one."""
    starts = range(0, len(portfolios), _NAMES_IN_MESSAGE_MAX)
    return [" ".join(portfolios[start : start + _NAMES_IN_MESSAGE_MAX]) for start in starts]
