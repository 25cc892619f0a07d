"""Accepting a loss: an operator's word that submissions which expired before they were judged will never be."""

from portfolio_ledger import sessions
from portfolio_ledger.intake.reader import IntakeReader
from portfolio_ledger.statements import SQL


class NoSuchPartition(Exception):
    """The partition was never served."""


class NothingLost(Exception):
    """Everything that is not judged yet is still there: `args[0]` says so."""


async def accept(kafka: str, postgres: str, *, topic: str, partition: int) -> int:
    """Let intake of a partition go on with the first record that is still there, and return its offset.

    So do portfolios of it that stopped, and have a position of their own.

    Raises:
        NoSuchPartition: when the ledger has no position in it.
        NothingLost: when every position is still there; they are left as they are.

    """
    async with IntakeReader(kafka, topic, partition, client_id="portfolio-ledger-accept-loss") as intake:
        first, end = await intake.bounds()
    async with sessions.pool(postgres, connections_max=1) as pool, sessions.acquire(pool) as connection:
        if await connection.fetchrow(SQL["position"], partition) is None:
            raise NoSuchPartition(f"The ledger has no position in partition {partition} of {topic}.")
        if not await connection.fetchval(SQL["accept_loss"], partition, first, end):
            raise NothingLost(f"Nothing is lost in partition {partition} of {topic}: all that is not judged yet is still there.")
    return first
