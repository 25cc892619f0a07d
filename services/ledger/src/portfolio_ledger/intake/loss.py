"""Accepting a loss: an operator's word that submissions which expired before they were judged will never be."""

from portfolio_ledger import sessions
from portfolio_ledger.intake.reader import IntakeReader
from portfolio_ledger.statements import SQL


class NoSuchPartition(Exception):
    """The partition was never served."""


async def accept(kafka: str, postgres: str, *, topic: str, partition: int) -> int:
    """Let intake of a partition go on with the first record that is still there, and return its offset.

    Raises:
        NoSuchPartition: when the ledger has no position in it.

    """
    async with IntakeReader(kafka, topic, partition, client_id="portfolio-ledger-accept-loss") as intake:
        first = await intake.begin(None)
    async with sessions.pool(postgres, connections_max=1) as pool, sessions.acquire(pool) as connection:
        if await connection.fetchval(SQL["accept_loss"], partition, first) is None:
            raise NoSuchPartition(f"The ledger has no position in partition {partition} of {topic}.")
    return first
