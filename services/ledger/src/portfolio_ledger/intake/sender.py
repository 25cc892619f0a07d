# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Sending what the judge has to say: receipts, what is quarantined or belongs to another partition. At least once, in order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Self

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from portfolio_log import clients, endings
from portfolio_log.kafka import LEDGER_BATCH_SIZE_MAX

_SECONDS_MAX = 10.0
_RETRY_SECONDS = 0.5

_logger = structlog.get_logger()

Headers = Sequence[tuple[str, bytes]]


class Message(NamedTuple):
    """A record for a topic."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes
    headers: Headers


Send = Callable[[Sequence[Message]], Awaitable[None]]
"""Sends until every message is acknowledged, at least once, those of a partition in order; or until it is cancelled."""


class Sender:
    """One idempotent producer for all that leaves, thrown away after any doubt. Use as an asynchronous context manager."""

    def __init__(self, bootstrap_servers: str, *, client_id: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._drop()

    async def send(self, messages: Sequence[Message]) -> None:
        """Send until every message is acknowledged; while the broker is away this goes on until it is cancelled."""
        while True:
            try:
                async with asyncio.timeout(_SECONDS_MAX):
                    return await self._send_once(messages)
            except (KafkaError, TimeoutError, OSError, AssertionError) as error:
                _logger.warning("send-interrupted", messages=len(messages), error=type(error).__name__, detail=str(error))
            endings.obey()
            await self._drop()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _send_once(self, messages: Sequence[Message]) -> None:
        producer = await self._running()
        batch, place = producer.create_batch(), messages[0][:2]
        acknowledgements = list[asyncio.Future[object]]()
        for message in messages:
            if message[:2] != place or not _put(batch, message):
                acknowledgements.append(await self._close(producer, batch, place))
                batch, place = producer.create_batch(), message[:2]
                if not _put(batch, message):
                    raise ValueError(f"A message for {message.topic} is larger than a record batch: who made it bounds it.")
        acknowledgements.append(await self._close(producer, batch, place))
        await asyncio.gather(*acknowledgements)

    async def _close(self, producer: AIOKafkaProducer, batch: BatchBuilder, place: tuple[str, int]) -> "asyncio.Future[object]":
        batch.close()
        return await producer.send_batch(batch, place[0], partition=place[1])

    async def _running(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap_servers,
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=0,
                    max_batch_size=LEDGER_BATCH_SIZE_MAX,
                    max_request_size=LEDGER_BATCH_SIZE_MAX + 64 * 1024,
                )
                await clients.start(producer)
                self._producer = producer
            return self._producer

    async def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await clients.stop(producer)


def _put(batch: BatchBuilder, message: Message) -> bool:
    """Add a message to a batch; return False when it does not fit any more."""
    added = batch.append(key=message.key, value=message.value, timestamp=None, headers=list(message.headers))
    return added is not None
