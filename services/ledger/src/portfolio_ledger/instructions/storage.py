"""Instructions in PostgreSQL, and the changes to stored state that they ask for."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from portfolio_ledger import sessions
from portfolio_ledger.state.standings import Trouble
from portfolio_ledger.statements import SQL
from portfolio_schemas.entries import EMPTY_HASH
from portfolio_schemas.follow import Place

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Pool


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


class Way(NamedTuple):
    """How a partition, or portfolios of it, go on: at `end`, where the whole partition was compared with the log.

    `placed` stand where the log has them; those `again`, and those to `forget` first, are read from the first record. The
    submissions of what was `given_up` are judged again.
    """

    end: int | None = None
    placed: Mapping[str, Place] = {}
    again: Sequence[str] = ()
    forget: Sequence[str] = ()
    given_up: Collection[str] = ()


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

    async def set_back(self, partition: int, way: "Way", *, intake: int) -> None:
        """Prepare a partition, or portfolios of it, to be read again."""
        async with sessions.acquire(self._pool) as connection, connection.transaction():
            if way.end is not None:
                await connection.execute(SQL["place"], partition, way.end)
            if way.placed:
                rows = [(name, place.tip, *_stop(place)) for name, place in sorted(way.placed.items())]
                await connection.execute(SQL["place_portfolios"], *zip(*rows, strict=True))
            for portfolio in (*way.again, *way.forget):
                await connection.execute(SQL["read_again"], portfolio, partition, EMPTY_HASH)
            for portfolio in way.forget:
                first = intake if portfolio in way.given_up else None
                await connection.execute(SQL["forget_portfolio"], portfolio, EMPTY_HASH, first)
                await connection.execute(SQL["forget_entries"], portfolio)
                await connection.execute(SQL["forget_subjects"], portfolio)


def _stop(place: Place) -> tuple[int | None, str | None, str | None]:
    return (None, None, None) if place.stop is None else (place.stop.offset, place.stop.hash, place.stop.detail)
