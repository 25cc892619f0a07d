"""Asking: an operator's command stores an instruction and waits until whoever serves the partition has answered it."""

import asyncio

from portfolio_ledger import sessions
from portfolio_ledger.instructions.storage import Answer, Instructions
from portfolio_ledger.statements import SQL
from portfolio_log.partitions import partition_of

_LOOK_AGAIN_SECONDS = 0.2


class NeverRan(Exception):
    """No ledger has ever served this topic with this database, or it has no such partition: `args[0]` says which."""


async def resume(
    postgres: str, topic: str, *, portfolio: str | None, partition: int | None, rebuild: bool, wait_s: float
) -> Answer:
    """Instruct to resume a portfolio, or a partition, and return what came of it.

    Raises:
        NeverRan: when nobody could ever carry it out.

    """
    async with sessions.pool(postgres, connections_max=1) as pool:
        async with sessions.acquire(pool) as connection:
            partitions: int | None = await connection.fetchval(SQL["recorded_partitions"], topic)
        if partitions is None:
            raise NeverRan(f"No ledger has served {topic} with this database yet.")
        place = partition_of(portfolio, partitions) if portfolio is not None else partition
        if place is None or not 0 <= place < partitions:
            raise NeverRan(f"{topic} has the partitions 0 to {partitions - 1}.")
        instructions = Instructions(pool)
        number = await instructions.ask(place, portfolio, rebuild=rebuild)
        try:
            async with asyncio.timeout(wait_s):
                while (answer := await instructions.answer_to(number)) is None:  # noqa: ASYNC110  a database tells nobody
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError:
            late = f"Nobody has carried it out within {wait_s:g} s. It is stored: whoever serves partition {place} will do it."
            return Answer.no(late)
        return answer
