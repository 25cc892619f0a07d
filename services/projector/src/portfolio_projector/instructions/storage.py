"""Instructions in PostgreSQL, and the changes to checkpoints and rows that they ask for."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from portfolio_log import reading
from portfolio_projector.description import ReadModel
from portfolio_projector.statements import Statements
from portfolio_schemas.entries import EMPTY_HASH, Entry
from portfolio_schemas.follow import Place

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool

_SQL = Statements("portfolio_projector.instructions")


class Wish(NamedTuple):
    """Resume a portfolio, or one read model in it; where no portfolio is named the whole partition.

    `rebuild`: drop the rows and fold them again, whether anything is stopped or not. `skip` is the entry that the read model
    failed at and shall never fold, for a `reason`.
    """

    portfolio: str | None = None
    read_model: str | None = None
    rebuild: bool = False
    skip: int | None = None
    reason: str | None = None
    actor: str = ""


class Instruction(NamedTuple):
    """A wish that waits to be carried out in a partition."""

    id: int
    partition: int
    wish: Wish


class Answer(NamedTuple):
    """What came of an instruction, in a sentence."""

    done: bool
    text: str

    @classmethod
    def yes(cls, text: str) -> "Answer":
        """Say that it is done."""
        return cls(done=True, text=text)

    @classmethod
    def no(cls, text: str) -> "Answer":
        """Say that it is not, and why."""
        return cls(done=False, text=text)


class Way(NamedTuple):
    """How a partition, or portfolios of it, go on: at `end`, where the whole partition was compared with the log.

    `placed` stand where the log has them; those `again`, and those to `forget` first, are read from the first record. Entries
    after those of `given_up` are set aside as evidence.
    """

    end: int | None = None
    placed: Mapping[str, Place] = {}
    again: Sequence[str] = ()
    forget: Sequence[str] = ()
    given_up: Mapping[str, int] = {}


class Instructions:
    """The table of instructions, and what they change, by a pool of sessions."""

    def __init__(self, pool: "Pool", models: Sequence[ReadModel[Any]]) -> None:
        self._pool = pool
        self._models = models

    async def ask(self, partition: int, wish: Wish) -> int:
        """Store an instruction and return its number."""
        async with self._pool.acquire() as connection:
            number: int = await connection.fetchval(_SQL["instruct"], partition, *wish)
        return number

    async def answer_to(self, number: int) -> Answer | None:
        """Return what came of an instruction, None while it waits."""
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(_SQL["answer_to"], number)
        return None if row is None else Answer(*row)

    async def partitions(self) -> set[int]:
        """Return the partitions in which something waits."""
        async with self._pool.acquire() as connection:
            return {row["partition"] for row in await connection.fetch(_SQL["partitions"])}

    async def lost(self) -> set[int]:
        """Return the partitions that have lost their log."""
        async with self._pool.acquire() as connection:
            return {row["partition"] for row in await connection.fetch(_SQL["lost"])}

    async def open(self, partition: int) -> list[Instruction]:
        """Return what waits in a partition, in order."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_SQL["open"], partition)
        return [Instruction(number, place, Wish(*wish)) for number, place, *wish in rows]

    async def answer(self, instruction: Instruction, answer: Answer) -> None:
        """Say what came of an instruction."""
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["answer"], instruction.id, answer.done, answer.text)

    async def set_back(self, partition: int, way: "Way") -> None:
        """Prepare a partition, or portfolios of it, to be read again."""
        async with self._pool.acquire() as connection, connection.transaction():
            if way.end is not None:
                await connection.execute(_SQL["place"], partition, way.end)
            if way.placed:
                rows = [(name, place.tip, *_stop(place)) for name, place in sorted(way.placed.items())]
                await connection.execute(_SQL["place_portfolios"], *zip(*rows, strict=True))
            for portfolio in (*way.again, *way.forget):
                await connection.execute(_SQL["read_again"], portfolio, partition, EMPTY_HASH)
            for portfolio in way.forget:
                if portfolio in way.given_up:
                    await connection.execute(_SQL["keep_evidence"], portfolio, way.given_up[portfolio])
                for model in self._models:
                    await model.forget(connection, portfolio)
                await connection.execute(_SQL["forget_heads"], portfolio, EMPTY_HASH)

    async def fold_again(self, model: ReadModel[Any], portfolio: str) -> None:
        """Drop what one read model has of a portfolio, and have it begin again with the first entry."""
        async with self._pool.acquire() as connection, connection.transaction():
            await model.forget(connection, portfolio)
            await connection.execute(_SQL["fold_again"], model.name, portfolio, EMPTY_HASH)

    @asynccontextmanager
    async def looking(self) -> "AsyncGenerator[Connection]":
        """Give a session whose statements all see the same moment."""
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection

    async def skip(self, wish: Wish) -> None:
        """Have a read model skip an entry from now on."""
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["skip"], wish.read_model, wish.portfolio, wish.skip, wish.reason, wish.actor)

    async def entries(self, portfolio: str, first: int, last: int, *, limit: int) -> list[tuple[int, Entry]]:
        """Return entries of a portfolio with their offsets, as they were applied."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_SQL["entries"], portfolio, first, last, limit)
        return list(_read(rows))


def _stop(place: Place) -> tuple[int | None, str | None, str | None]:
    return (None, None, None) if place.stop is None else (place.stop.offset, place.stop.hash, place.stop.detail)


def _read(rows: Iterable[tuple[int, bytes]]) -> Iterable[tuple[int, Entry]]:
    for offset, value in rows:
        entry = reading.read(value)
        if not isinstance(entry, Entry):
            raise TypeError("Only entries are kept.")
        yield offset, entry
