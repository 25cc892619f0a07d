# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""Publishing into intake: single keyed publishes, each with a limit; a client that was in doubt once is replaced."""

import asyncio
import contextlib
from typing import Any, Self, cast

import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from portfolio_ledger.intake.records import RECORD_SIZE_MAX

ACKNOWLEDGE_SECONDS_MAX = 5.0
_STOP_SECONDS_MAX = 2.0

_logger = structlog.get_logger()


class NotTaken(Exception):
    """Kafka did not acknowledge in time: whether the submission is in intake is not known."""


class Publisher:
    """Puts records into intake. Use as an asynchronous context manager."""

    def __init__(self, bootstrap_servers: str, topic: str, *, client_id: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._topic = topic
        self._client_id = client_id
        self._broker: KafkaBroker | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._drop(self._broker)

    async def publish(self, partition: int, key: str, value: bytes, headers: dict[str, str]) -> int:
        """Publish and return the offset.

        Raises:
            NotTaken: when no acknowledgement came; the record may be there all the same.

        """
        broker = None
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS_MAX):
                broker = await self._running()
                metadata: Any = await broker.publish(
                    value, self._topic, key=key.encode(), partition=partition, headers=headers, correlation_id=""
                )
        except (KafkaError, TimeoutError, OSError, AssertionError) as error:
            _logger.warning("publish-interrupted", error=type(error).__name__, detail=str(error))
            await self._drop(broker)
            raise NotTaken from error
        return cast("int", metadata.offset)

    async def _running(self) -> KafkaBroker:
        async with self._starting:
            if self._broker is None:
                broker = KafkaBroker(
                    self._bootstrap_servers,
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=0,
                    max_batch_size=256 * 1024,
                    max_request_size=RECORD_SIZE_MAX + 64 * 1024,
                    allow_auto_create_topics=False,
                    apply_types=False,
                    logger=None,
                )
                try:
                    await broker.start()
                except BaseException:
                    await _stopped(broker)
                    raise
                self._broker = broker
            return self._broker

    async def _drop(self, broker: KafkaBroker | None) -> None:
        if broker is not None and broker is self._broker:
            self._broker = None
            await _stopped(broker)


async def _stopped(broker: KafkaBroker) -> None:
    with contextlib.suppress(KafkaError, TimeoutError, OSError, AssertionError):
        async with asyncio.timeout(_STOP_SECONDS_MAX):
            await broker.stop()
