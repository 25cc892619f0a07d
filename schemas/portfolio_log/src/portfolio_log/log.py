"""What the protocol asks of a log, and the faults that a log may answer with. Kafka is one; simulations have another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class InDoubt(Exception):
    """Nobody knows whether the append is in the log: follow to the end and look."""


class LogLost(Exception):
    """The log ends before, or begins after, what was read from it: acknowledged records are gone (LOG_LOST)."""


class Record(NamedTuple):
    """One record of a partition as it lies there."""

    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first offset that is still there and the one that the next record will get."""

    start: int
    end: int


class Log(Protocol):
    """The ledger topic as the protocol needs it."""

    async def append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        """Append keys and values as one record batch; return its base offset, None where the log does not tell.

        Raises:
            InDoubt: when the fate of the batch is not known.

        """
        ...

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """Return at most `limit` contiguous records from `offset` on, none when nothing came within `wait_ms`.

        Raises:
            LogLost: when there is no such offset.

        """
        ...

    async def bounds(self, partition: int) -> Bounds:
        """Return where the partition begins and ends now."""
        ...
