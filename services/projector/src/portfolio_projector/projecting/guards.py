"""The guards of the topics: at start, and every minute after."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from portfolio_log import endings, topics
from portfolio_log.topics import Topics, WrongTopic
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Pool

_SQL = Statements("portfolio_projector")
_CHECK_SECONDS = 60.0
_RETRY_SECONDS = 1.0

_logger = structlog.get_logger()


class Guards:
    """Checks that the topics are what the projector stands on, and that the ledger topic has the partitions it always had."""

    def __init__(self, kafka: str, family: Topics, pool: "Pool") -> None:
        self._kafka = kafka
        self._family = family
        self._pool = pool

    async def begin(self, *, create: int | None) -> int:
        """Check once everything is reachable; return the number of partitions, which is recorded the first time.

        With `create`, in a local stack, topics that do not exist are made with so many partitions.

        Raises:
            WrongTopic: when the projector must not run.

        """
        while True:
            try:
                await self._check_database()
                if create is not None:
                    await topics.create_missing(self._kafka, self._family, partitions=create)
                return await self._check()
            except WrongTopic:
                raise
            except Exception as error:  # noqa: BLE001  broker or database are away, and say so in many ways
                _logger.warning("waiting", error=type(error).__name__, detail=str(error))
            endings.obey()
            await asyncio.sleep(_RETRY_SECONDS)

    async def watch(self) -> None:
        """Check every minute until cancelled.

        Raises:
            WrongTopic: when the projector must not go on.

        """
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            try:
                await self._check()
            except WrongTopic:
                raise
            except Exception as error:  # noqa: BLE001  what is away now is asked again in a minute
                _logger.warning("topics-not-checked", error=type(error).__name__, detail=str(error))
            endings.obey()

    async def _check_database(self) -> None:
        """Check that the database belongs to this log: what is stored of another one would be taken for this one's."""
        name = self._family.ledger.name
        async with self._pool.acquire() as connection:
            other = await connection.fetchval(_SQL["other_log"], name)
        if other is not None:
            advice = "set PORTFOLIO_TOPIC_PREFIX as it was, or give each log a database of its own"
            raise WrongTopic([f"This database belongs to the log {other}, not to {name}: {advice}."])

    async def _check(self) -> int:
        name = self._family.ledger.name
        async with self._pool.acquire() as connection:
            recorded: int | None = await connection.fetchval(_SQL["recorded_partitions"], name)
        partitions = await topics.guard(self._kafka, self._family, expected_partitions=recorded)
        if recorded is None:
            async with self._pool.acquire() as connection:
                await connection.execute(_SQL["record_partitions"], name, partitions)
        return partitions
