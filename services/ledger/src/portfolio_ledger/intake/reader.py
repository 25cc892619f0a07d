# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Reading one partition of the intake topic, from a position on. Publishers may use transactions: gaps are normal."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from portfolio_log import clients

_SECONDS_MAX = 10.0


class IntakeLost(Exception):
    """Submissions were deleted before they were judged: the partition is not served until an operator accepts the loss."""


class IntakeRecord(NamedTuple):
    """A record as it lies in intake."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Intake(Protocol):
    """One partition of intake, read from a position on."""

    async def begin(self, position: int | None) -> int:
        """Go to a position, or to the first record where there is none, and return it.

        Raises:
            IntakeLost: when what stood there is gone.

        """
        ...

    async def read(self, *, limit: int, wait_ms: int) -> tuple[Sequence[IntakeRecord], int]:
        """Return the next records and the position after them."""
        ...


class IntakeReader:
    """A reader of one partition of intake, by aiokafka. Use as an asynchronous context manager. See `Intake`."""

    def __init__(self, bootstrap_servers: str, topic: str, partition: int, *, client_id: str) -> None:
        self._place = TopicPartition(topic, partition)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            client_id=client_id,
            group_id=None,
            auto_offset_reset="none",
            enable_auto_commit=False,
            isolation_level="read_committed",
            fetch_max_wait_ms=500,
            max_partition_fetch_bytes=1024 * 1024,  # a larger batch comes all the same, alone
        )

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(_SECONDS_MAX):
            await clients.start(self._consumer)
        self._consumer.assign([self._place])
        return self

    async def __aexit__(self, *_: object) -> None:
        await clients.stop(self._consumer)

    async def begin(self, position: int | None) -> int:
        """Go to a position; see `Intake.begin`."""
        start, end = await self.bounds()
        if position is None:
            position = start
        elif not start <= position <= end:
            raise IntakeLost(
                f"Partition {self._place.partition} of {self._place.topic} has offsets {start} to {end}, but submissions from "
                f"{position} on were not judged yet. To accept that they are lost: ledger accept-loss {self._place.partition}"
            )
        self._consumer.seek(self._place, position)
        return position

    async def read(self, *, limit: int, wait_ms: int) -> tuple[Sequence[IntakeRecord], int]:
        """Return the next records; see `Intake.read`."""
        try:
            async with asyncio.timeout(_SECONDS_MAX + wait_ms / 1000):
                fetched = await self._consumer.getmany(self._place, timeout_ms=wait_ms, max_records=limit)
                position = await self._consumer.position(self._place)
        except OffsetOutOfRangeError:
            raise IntakeLost(
                f"Partition {self._place.partition} of {self._place.topic} lost its records while it was read."
            ) from None
        found = [IntakeRecord(one.offset, one.key, one.value, one.headers) for one in fetched.get(self._place, ())]
        return found, position

    async def bounds(self) -> tuple[int, int]:
        """Return the first offset that is there, and the one that the next record will get."""
        async with asyncio.timeout(_SECONDS_MAX):
            start: dict[TopicPartition, int] = await self._consumer.beginning_offsets([self._place])
            end: dict[TopicPartition, int] = await self._consumer.end_offsets([self._place])
        return start[self._place], end[self._place]
