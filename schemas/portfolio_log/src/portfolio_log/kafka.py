# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The ledger topic on a real Kafka, by aiokafka."""

import asyncio
from collections.abc import Sequence
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from aiokafka.producer.message_accumulator import BatchBuilder

from portfolio_log import clients
from portfolio_log.log import Bounds, InDoubt, LogLost, Record

LEDGER_BATCH_SIZE_MAX = 8 * 1024 * 1024 - 64 * 1024
"""Bytes of one append, below the topic's `max.message.bytes` by room for the batch's own headers."""

_APPEND_SECONDS_MAX = 10.0
_READ_SECONDS_MAX = 10.0

_FETCH_SIZE = 768 * 1024
"""Bytes that are fetched at once. A client holds about two of these: the last that came, and the next ones."""

_READ_SIZE_MAX = 1_500_000
"""Bytes after which a read is large enough: about two fetches."""

_MORE_WAIT_MS = 500
"""How long a read waits for what is known to be there."""


class KafkaLog:
    """The ledger topic: a reader per partition, one idempotent producer. Use as an asynchronous context manager."""

    def __init__(self, bootstrap_servers: str, topic: str, *, client_id: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._topic = topic
        self._client_id = client_id
        self._readers: dict[int, AIOKafkaConsumer] = {}
        self._positions: dict[int, int] = {}
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._starting_reader = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for partition in list(self._readers):
            await self._drop_reader(partition)
        await self._drop_producer()

    async def append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        """Append as one record batch; see `Log.append`."""
        try:
            async with asyncio.timeout(_APPEND_SECONDS_MAX):
                producer = await self._running_producer()
                batch = producer.create_batch()
                for key, value in records:
                    _put(batch, key, value)
                batch.close()
                acknowledgement = await producer.send_batch(batch, self._topic, partition=partition)
                metadata = await acknowledgement
        except (KafkaError, TimeoutError, OSError, AssertionError) as error:
            await self._drop_producer()
            raise InDoubt(f"{type(error).__name__}: {error}") from error
        return metadata.offset if metadata.offset >= 0 else None

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """Read from an offset; see `Log.read`.

        The ledger topic has no control records, so a jump means that the client skipped some: it is replaced, and the next call
        reads them.
        """
        consumer = await self._running_reader(partition)
        place = TopicPartition(self._topic, partition)
        if not consumer.assignment():
            consumer.assign([place])  # and sought below, with no await between: nothing is read from anywhere else
        if self._positions.get(partition) != offset:
            consumer.seek(place, offset)
        self._positions.pop(partition, None)
        try:
            async with asyncio.timeout(_READ_SECONDS_MAX + wait_ms / 1000):
                records = await _get(consumer, place, limit, wait_ms)
        except OffsetOutOfRangeError:
            bounds = await self.bounds(partition)
            raise LogLost(
                f"Partition {partition} of {self._topic} has offsets {bounds.start} to {bounds.end}; {offset} is gone."
            ) from None
        if records and (records[0].offset != offset or records[-1].offset - offset + 1 != len(records)):
            await self._drop_reader(partition)
            return ()
        self._positions[partition] = offset + len(records)
        return records

    async def bounds(self, partition: int) -> Bounds:
        """Ask the broker where the partition begins and ends."""
        consumer = await self._running_reader(partition)
        place = TopicPartition(self._topic, partition)
        async with asyncio.timeout(_READ_SECONDS_MAX):
            start = await consumer.beginning_offsets([place])
            end = await consumer.end_offsets([place])
        return Bounds(start[place], end[place])

    async def _running_reader(self, partition: int) -> AIOKafkaConsumer:
        async with self._starting_reader:
            if partition not in self._readers:
                consumer = AIOKafkaConsumer(
                    bootstrap_servers=self._bootstrap_servers,
                    client_id=self._client_id,
                    group_id=None,
                    auto_offset_reset="none",
                    enable_auto_commit=False,
                    fetch_max_wait_ms=500,
                    fetch_max_bytes=4 * 1024 * 1024,
                    max_partition_fetch_bytes=_FETCH_SIZE,  # a larger batch comes all the same, alone
                    check_crcs=True,
                )
                await clients.start(consumer)
                self._readers[partition] = consumer
            return self._readers[partition]

    async def _running_producer(self) -> AIOKafkaProducer:
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

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await clients.stop(producer)

    async def _drop_reader(self, partition: int) -> None:
        consumer = self._readers.pop(partition, None)
        self._positions.pop(partition, None)
        if consumer is not None:
            await clients.stop(consumer)


async def _get(consumer: AIOKafkaConsumer, place: TopicPartition, limit: int, wait_ms: int) -> list[Record]:
    """Take what is there, or comes first; several fetches of it when there is much."""
    records, size, more = list[Record](), 0, True
    while more and len(records) < limit and size < _READ_SIZE_MAX:
        fetched = await consumer.getmany(place, timeout_ms=wait_ms, max_records=limit - len(records))
        messages = fetched.get(place, [])
        records += [Record(message.offset, message.key, message.value) for message in messages]
        size += sum(len(message.value or b"") for message in messages)
        end = consumer.highwater(place)
        more = bool(messages) and end is not None and records[-1].offset + 1 < end
        wait_ms = _MORE_WAIT_MS
    return records


def _put(batch: BatchBuilder, key: str, value: bytes) -> None:
    if batch.append(key=key.encode(), value=value, timestamp=None) is None:
        raise ValueError("An append is larger than one record batch: the caller bounds it.")
