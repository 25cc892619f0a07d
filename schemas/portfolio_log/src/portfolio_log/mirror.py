# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The mirror: positions committed to a consumer group for lag tools to see. Nobody reads them back: PostgreSQL has the truth."""

import asyncio
import logging
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from portfolio_log import clients, endings

_COMMIT_SECONDS_BETWEEN = 1.0
_COMMIT_SECONDS_MAX = 10.0
_RETRY_SECONDS = 5.0

_logger = logging.getLogger(__name__)


class Mirror:
    """Commits the last noted position of each partition, now and then. Use as an asynchronous context manager."""

    def __init__(self, bootstrap_servers: str, *, group: str, topic: str, partitions: int) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._group = group
        self._places = [TopicPartition(topic, partition) for partition in range(partitions)]
        self._noted: dict[int, int] = {}
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._commit_for_ever())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def note(self, partition: int, next_offset: int) -> None:
        """Remember a position; it is committed soon."""
        self._noted[partition] = next_offset
        self._news.set()

    async def _commit_for_ever(self) -> None:
        while True:
            try:
                await self._commit_while_it_works()
            except Exception as error:  # noqa: BLE001  a mirror that cannot be written must not disturb what it mirrors
                _logger.warning("The positions of the group %s could not be committed: %r", self._group, error)
            endings.obey()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _commit_while_it_works(self) -> None:
        await self._news.wait()
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            group_id=self._group,
            client_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="none",
        )
        async with clients.running(consumer):
            consumer.assign(self._places)
            consumer.pause(*self._places)
            while True:
                await self._news.wait()
                self._news.clear()
                async with asyncio.timeout(_COMMIT_SECONDS_MAX):
                    await consumer.commit({self._places[partition]: offset for partition, offset in self._noted.items()})
                await asyncio.sleep(_COMMIT_SECONDS_BETWEEN)
