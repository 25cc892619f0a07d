"""Asking: an operator's command stores an instruction and waits until whoever serves the partition has answered it."""

import asyncio

from portfolio_log.partitions import partition_of
from portfolio_projector import sessions
from portfolio_projector.instructions.storage import Answer, Instructions, Wish
from portfolio_projector.read_models import READ_MODELS
from portfolio_projector.statements import Statements

_SQL = Statements("portfolio_projector")
_LOOK_AGAIN_SECONDS = 0.2


class NeverRan(Exception):
    """No projector has ever served this topic with this database, or it has no such partition: `args[0]` says which."""


async def resume(postgres: str, topic: str, wish: Wish, *, partition: int | None, wait_s: float) -> Answer:
    """Instruct to resume what is wished, where no portfolio is named a partition, and return what came of it.

    Raises:
        NeverRan: when nobody could ever carry it out.

    """
    async with sessions.writing_pool(postgres, connections_max=1) as pool:
        async with pool.acquire() as connection:
            partitions: int | None = await connection.fetchval(_SQL["recorded_partitions"], topic)
        if partitions is None:
            raise NeverRan(f"No projector has served {topic} with this database yet.")
        place = partition_of(wish.portfolio, partitions) if wish.portfolio is not None else partition
        if place is None or not 0 <= place < partitions:
            raise NeverRan(f"{topic} has the partitions 0 to {partitions - 1}.")
        instructions = Instructions(pool, READ_MODELS)
        number = await instructions.ask(place, wish)
        try:
            async with asyncio.timeout(wait_s):
                while (answer := await instructions.answer_to(number)) is None:  # noqa: ASYNC110  a database tells nobody
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError:
            late = f"Nobody has carried it out within {wait_s:g} s. It is stored: whoever projects partition {place} will do it."
            return Answer.no(late)
        return answer
