# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""What is fetched of a partition, in the place of the client's own classes: no record that Kafka takes stops or fills its reader.

`batches` says how a batch is read. However much a fetch unpacks to, a read ends when enough was unpacked for it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.memory_records import MemoryRecords

from portfolio_log.batches import HEAD_SIZE, Gap, Head, Packed, Part, Record, Unread
from portfolio_schemas.codec import Unreadable

READ_SIZE_MAX = 6 * 1024 * 1024
"""Bytes that are unpacked before a read ends, beyond the record that it ends with: about what a fetch may have unpacked."""

_LENGTH_AT = slice(8, 12)
_LOG_OVERHEAD = 12


class Records:
    """What was fetched, batch by batch. `unpacked`: how many bytes came out of packed ones by now."""

    def __init__(self, raw: bytes) -> None:
        self.unpacked = 0
        self._raw = memoryview(raw)
        self._records: Any = MemoryRecords(raw)

    def size_in_bytes(self) -> int:
        """Return how much was fetched."""
        return self._records.size_in_bytes()

    def has_next(self) -> bool:
        """Tell whether there is another whole batch."""
        return self._records.has_next()

    def next_batch(self) -> "Batch":
        """Return the next batch."""
        size = _LOG_OVERHEAD + int.from_bytes(self._raw[_LENGTH_AT], "big")
        raw, self._raw = self._raw[:size], self._raw[size:]
        return Batch(self._records.next_batch(), raw, self)


class Batch:
    """A batch: the client's own, and its bytes."""

    def __init__(self, batch: Any, raw: memoryview, records: Records) -> None:  # noqa: ANN401  it has no types
        self._batch = batch
        self._raw = raw
        self._records = records

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the batch has
        return getattr(self._batch, name)

    def __next__(self) -> Any:  # noqa: ANN401  it has no types
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        head, first = Head.read(self._raw), None
        try:
            for part in self._parts(head):
                if isinstance(part, Part):
                    yield from part.read()
                else:
                    first = part.offset if first is None else first
                    yield self._unread(head, part.offset, first, part.why)
        except Gap as gap:
            first = gap.offset if first is None else first
            for offset in range(gap.offset, head.next_offset):
                yield self._unread(head, offset, first, gap.why)

    def _parts(self, head: Head) -> Iterable[Part | Gap]:
        body = self._raw[HEAD_SIZE:]
        if head.codec == 0:
            return (Part(head, head.base_offset, body, self._batch),)
        return Packed(head, body, self._note).parts()

    def _note(self, size: int) -> None:
        self._records.unpacked += size

    def _unread(self, head: Head, offset: int, first: int, why: Unreadable) -> Record:
        value = Unread.of(self._raw, offset, first, why)
        return Record(offset, head.max_timestamp, head.timestamp_type, None, value, ())


class Fetched(fetcher.FetchResult):
    """What a fetch brought of a partition, of which a read takes only so much as it has room for, once that is unpacked."""

    def getall(self, max_records: int | None = None) -> list[Any]:
        """Return the next records. Those that are left come with the next read."""
        if not self.has_more() or not self.check_assignment(self._topic_partition):
            return []
        fetched: Any = self._partition_records
        records: Records = fetched._records  # noqa: SLF001  what the client was given, above
        enough = records.unpacked + READ_SIZE_MAX
        found = list[Any]()
        for record in fetched:
            found.append(record)
            if len(found) == max_records or records.unpacked >= enough:
                self._update_position()
                return found
        self._update_position()
        self._partition_records = None
        return found


def install() -> None:
    """Let every consumer of this process read so."""
    fetcher.MemoryRecords = Records  # type: ignore[assignment, misc]  # it does all that is asked of it
    fetcher.FetchResult = Fetched  # type: ignore[misc]  # it is one
