"""Instructions in PostgreSQL, and the changes to checkpoints and rows that they ask for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from portfolio_log import reading
from portfolio_projector.description import ReadModel
from portfolio_projector.statements import Statements
from portfolio_schemas.entries import EMPTY_HASH, Entry

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

    async def open(self, partition: int) -> list[Instruction]:
        """Return what waits in a partition, in order."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_SQL["open"], partition)
        return [Instruction(number, place, Wish(*wish)) for number, place, *wish in rows]

    async def answer(self, instruction: Instruction, answer: Answer) -> None:
        """Say what came of an instruction."""
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["answer"], instruction.id, answer.done, answer.text)

    async def is_lost(self, partition: int) -> bool:
        """Tell whether a partition stands still because its log has lost records."""
        async with self._pool.acquire() as connection:
            lost: bool = await connection.fetchval(_SQL["is_lost"], partition)
        return lost

    async def read_partition_again(self, partition: int, *, forget: Mapping[str, int]) -> None:
        """Set a partition back to its first record; some portfolios are forgotten, given up after an entry."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_SQL["begin_again"], partition)
            await connection.execute(_SQL["forget_stops"], partition)
            for portfolio, last in forget.items():
                await self._forget(connection, portfolio, last)

    async def read_portfolio_again(self, portfolio: str, *, forget: bool, given_up_after: int | None) -> None:
        """Set a portfolio back to the first record of its partition; with `forget` its rows are dropped."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_SQL["read_again"], portfolio)
            if forget:
                await self._forget(connection, portfolio, given_up_after)

    async def fold_again(self, model: ReadModel[Any], portfolio: str) -> None:
        """Drop what one read model has of a portfolio, and have it begin again with the first entry."""
        async with self._pool.acquire() as connection, connection.transaction():
            await model.forget(connection, portfolio)
            await connection.execute(_SQL["fold_again"], model.name, portfolio, EMPTY_HASH)

    async def skip(self, wish: Wish) -> None:
        """Have a read model skip an entry from now on."""
        async with self._pool.acquire() as connection:
            await connection.execute(_SQL["skip"], wish.read_model, wish.portfolio, wish.skip, wish.reason, wish.actor)

    async def entries(self, portfolio: str, first: int, last: int, *, limit: int) -> list[tuple[int, Entry]]:
        """Return entries of a portfolio with their offsets, as they were applied."""
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_SQL["entries"], portfolio, first, last, limit)
        return list(_read(rows))

    async def _forget(self, connection: "Connection", portfolio: str, given_up_after: int | None) -> None:
        if given_up_after is not None:
            await connection.execute(_SQL["keep_evidence"], portfolio, given_up_after)
        for model in self._models:
            await model.forget(connection, portfolio)
        await connection.execute(_SQL["forget_heads"], portfolio, EMPTY_HASH)


def _read(rows: Iterable[tuple[int, bytes]]) -> Iterable[tuple[int, Entry]]:
    for offset, value in rows:
        entry = reading.read(value)
        if not isinstance(entry, Entry):
            raise TypeError("Only entries are kept.")
        yield offset, entry
