"""Instructions in PostgreSQL, and the changes to stored state that they ask for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from portfolio_ledger import sessions
from portfolio_ledger.state.standings import Trouble
from portfolio_ledger.statements import SQL
from portfolio_schemas.entries import EMPTY_HASH

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Connection, Pool


class Instruction(NamedTuple):
    """Resume a portfolio, or where none is named the whole partition. `rebuild`: fold it again, whether it is stopped or not."""

    id: int
    partition: int
    portfolio: str | None
    rebuild: bool


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

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def ask(self, partition: int, portfolio: str | None, *, rebuild: bool) -> int:
        """Store an instruction and return its number."""
        async with sessions.acquire(self._pool) as connection:
            number: int = await connection.fetchval(SQL["instruct"], partition, portfolio, rebuild)
        return number

    async def answer_to(self, number: int) -> Answer | None:
        """Return what came of an instruction, None while it waits."""
        async with sessions.acquire(self._pool) as connection:
            row = await connection.fetchrow(SQL["answer_to_instruction"], number)
        return None if row is None else Answer(*row)

    async def partitions(self) -> set[int]:
        """Return the partitions in which something waits."""
        async with sessions.acquire(self._pool) as connection:
            return {row["partition"] for row in await connection.fetch(SQL["instructed_partitions"])}

    async def open(self, partition: int) -> list[Instruction]:
        """Return what waits in a partition, in order."""
        async with sessions.acquire(self._pool) as connection:
            return [Instruction(*row) for row in await connection.fetch(SQL["open_instructions"], partition)]

    async def answer(self, instruction: Instruction, answer: Answer) -> None:
        """Say what came of an instruction."""
        async with sessions.acquire(self._pool) as connection:
            await connection.execute(SQL["answer_instruction"], instruction.id, answer.done, answer.text)

    async def lost(self) -> dict[int, Trouble]:
        """Return the partitions that wait for an operator."""
        async with sessions.acquire(self._pool) as connection:
            return {partition: Trouble(code, detail) for partition, code, detail in await connection.fetch(SQL["lost"])}

    async def say_lost(self, said: Mapping[int, Trouble | None]) -> None:
        """Say of partitions why they wait for an operator, or that they do not."""
        rows = [(partition, *(trouble or (None, None))) for partition, trouble in sorted(said.items())]
        if rows:
            async with sessions.acquire(self._pool) as connection:
                await connection.execute(SQL["say_lost"], *zip(*rows, strict=True))

    async def read_partition_again(self, partition: int, *, forget: Sequence[str], intake: int) -> None:
        """Set a partition back to its first record; of some portfolios nothing stays held."""
        async with sessions.acquire(self._pool) as connection, connection.transaction():
            await connection.execute(SQL["begin_again"], partition)
            await connection.execute(SQL["forget_stops"], partition)
            await _forget(connection, forget, intake)

    async def read_portfolio_again(self, portfolio: str, *, forget: bool, intake: int | None) -> None:
        """Set a portfolio back to the first record of its partition; with `forget` nothing of it stays held."""
        async with sessions.acquire(self._pool) as connection, connection.transaction():
            await connection.execute(SQL["read_again"], portfolio)
            await _forget(connection, [portfolio] if forget else [], intake)


async def _forget(connection: "Connection", portfolios: Iterable[str], intake: int | None) -> None:
    for portfolio in portfolios:
        await connection.execute(SQL["forget_portfolio"], portfolio, EMPTY_HASH, intake)
        await connection.execute(SQL["forget_entries"], portfolio)
        await connection.execute(SQL["forget_subjects"], portfolio)
