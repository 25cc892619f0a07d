# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Record batches as they lie in Kafka, read whatever a publisher put into them.

A broker looks at little of what it takes: that a batch can be unpacked, and holds as many records as it says. The client fails on
names that are not UTF-8 and on attributes that mean nothing, again and again at the same place; it believes the offset that a
record says it has; and it unpacks a batch whole, however much comes out of it. Here every record of a batch is read, at the
offset where it stands, a part of the batch at a time. What cannot be read says so, in its place.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from aiokafka.errors import CorruptRecordException
from aiokafka.record.memory_records import MemoryRecords

from portfolio_log import unpacking
from portfolio_schemas.codec import Unreadable

RECORD_SIZE_MAX = 8 * 1024 * 1024
"""Bytes of a record that is read, when it is unpacked: what the largest topic takes of one that is not packed."""

PASSED_OVER_SIZE_MAX = 32 * 1024 * 1024
"""Bytes of a record that is passed over for what stands behind it."""

BATCH_SIZE_MAX = 256 * 1024 * 1024
"""Bytes of a batch when it is unpacked. The largest that intake takes would have to be 50 times smaller for it."""

_HEAD = struct.Struct(">qiibIhiqqqhii")
HEAD_SIZE = _HEAD.size

_PART_SIZE = 1024 * 1024
_CODEC_MASK = 0x07
_LOG_APPEND_TIME = 0x08
_NUMBER_BITS_MAX = 70
_HEAD_SIZE_BEFORE_LENGTH = 12  # the length counts what stands behind itself


class Record(NamedTuple):
    """A record in the form of the client's own."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    checksum: None = None


class Unread(bytes):
    """The value of a record that was not read: its batch as it was sent where this is the first such record of it, else nothing.

    `why` says why, `first` is the offset of that first one.
    """

    why: Unreadable
    first: int

    @classmethod
    def of(cls, raw: memoryview, offset: int, first: int, why: Unreadable) -> "Unread":
        """Return what stands at an offset in the place of a value."""
        value = cls(raw if offset == first else b"")
        value.why, value.first = why, first
        return value


class Head(NamedTuple):
    """The head of a batch."""

    base_offset: int
    length: int
    leader_epoch: int
    magic: int
    crc: int
    attributes: int
    last_offset_delta: int
    first_timestamp: int
    max_timestamp: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    records: int

    @classmethod
    def read(cls, raw: memoryview) -> "Head":
        """Read the head of a batch."""
        return cls(*_HEAD.unpack_from(raw))

    @property
    def codec(self) -> int:
        """How the records are packed, 0 for not at all."""
        return self.attributes & _CODEC_MASK

    @property
    def timestamp_type(self) -> int:
        """Whose clock the time is by: 0 the publisher's, 1 the broker's."""
        return int(bool(self.attributes & _LOG_APPEND_TIME))

    @property
    def next_offset(self) -> int:
        """Where the next batch stands."""
        return self.base_offset + self.last_offset_delta + 1

    @property
    def compacted(self) -> bool:
        """Whether some of the records were taken away: then each knows its own offset."""
        return self.records != self.last_offset_delta + 1


class Gap(Exception):
    """Something of a batch is not read: at which offset, and why. Where it is raised, nor is what stands behind it."""

    def __init__(self, offset: int, why: Unreadable) -> None:
        super().__init__(why.detail)
        self.offset = offset
        self.why = why


class Part:
    """Records of a batch, not packed: the offset of the first, their bytes, and `quick`, the client's own reader of them."""

    def __init__(self, head: Head, offset: int, body: bytes | memoryview, quick: Iterable[Any]) -> None:
        self._head = head
        self._offset = offset
        self._body = body
        self._quick = quick

    @classmethod
    def unpacked(cls, head: Head, offset: int, body: bytes, count: int) -> "Part":
        """Make a part of records that were packed."""
        head = head._replace(
            length=HEAD_SIZE - _HEAD_SIZE_BEFORE_LENGTH + len(body),
            attributes=head.attributes & ~_CODEC_MASK,
            last_offset_delta=head.last_offset_delta - head.records + count,
            records=count,
        )
        quick: Any = MemoryRecords(_HEAD.pack(*head) + body).next_batch()
        return cls(head, offset, body, quick)

    def read(self) -> Iterator[Any]:
        """Read the records, with care those that the client does not take.

        Raises:
            Gap: at something that is no record.

        """
        offset = self._offset
        try:
            for record in self._quick:
                yield record if record.offset == offset else self._moved(record, offset)
                offset += 1
        except (CorruptRecordException, ValueError):
            yield from self._read_with_care(passed=offset - self._offset)

    def _moved(self, record: Any, offset: int) -> Any:  # noqa: ANN401  the client's own, which has no types
        """Return a record at the offset where it stands, whatever it says itself; after compaction only it can know."""
        if self._head.compacted:
            return record
        return Record(offset, record.timestamp, record.timestamp_type, record.key, record.value, record.headers)

    def _read_with_care(self, *, passed: int) -> Iterator[Record]:
        at = 0
        for n in range(self._head.records):
            try:
                record, at = self._read_record(at)
            except (IndexError, ValueError):
                raise Gap(self._offset + n, _no_record()) from None
            if n >= passed:
                yield self._moved(record, self._offset + n)

    def _read_record(self, at: int) -> tuple[Record, int]:
        length, at = _number(self._body, at)
        end = at + length
        at += 1  # its attributes, which mean nothing
        later, at = _number(self._body, at)
        delta, at = _number(self._body, at)
        key, at = _text(self._body, at)
        value, at = _text(self._body, at)
        count, at = _number(self._body, at)
        headers = list[tuple[str, bytes | None]]()
        for _ in range(count):
            name, at = _text(self._body, at)
            content, at = _text(self._body, at)
            headers.append(((name or b"").decode("utf-8", "backslashreplace"), content))
        if at != end:
            raise ValueError(end)
        head = self._head
        timestamp = head.max_timestamp if head.timestamp_type else head.first_timestamp + later
        return Record(head.base_offset + delta, timestamp, head.timestamp_type, key, value, headers), at


class Packed:
    """The records of a packed batch, unpacked a part at a time. `note` hears of the bytes that come out."""

    def __init__(self, head: Head, body: memoryview, note: Callable[[int], None]) -> None:
        self._head = head
        self._note = note
        self._size = 0
        self._pieces = unpacking.unpack(head.codec, body)
        self._buffer = bytearray()

    def parts(self) -> Iterator[Part | Gap]:
        """Unpack the records: some of them, or what is to be said of one that is too large.

        Raises:
            Gap: when the rest of the batch is not read.

        """
        offset, left = self._head.base_offset, self._head.records
        try:
            while left:
                count, end = self._whole_records(left)
                if count:
                    body = bytes(self._buffer[:end])
                    del self._buffer[:end]
                    yield Part.unpacked(self._head, offset, body, count)
                elif (size := self._size_of_record(0)) > RECORD_SIZE_MAX:
                    yield Gap(offset, self._pass_over(size))
                    count = 1
                else:
                    self._more()
                offset, left = offset + count, left - count
        except Unreadable as why:
            raise Gap(offset, why) from None

    def _whole_records(self, limit: int) -> tuple[int, int]:
        """Return how many whole records the buffer begins with, for a part, and where they end."""
        count = end = 0
        while count < limit and end < _PART_SIZE:
            size = self._size_of_record(end)
            if size > RECORD_SIZE_MAX or not 0 < size <= len(self._buffer) - end:
                break
            count, end = count + 1, end + size
        return count, end

    def _size_of_record(self, at: int) -> int:
        """Return the size of a record in the buffer, 0 while that is not known."""
        try:
            length, begin = _number(self._buffer, at)
        except IndexError:
            return 0
        if length < 0:
            raise _no_record()
        return begin - at + length

    def _pass_over(self, size: int) -> Unreadable:
        detail = f"The record has {size} bytes when it is unpacked, at most {RECORD_SIZE_MAX} are read."
        if size > PASSED_OVER_SIZE_MAX:
            raise Unreadable("TOO_LARGE", f"{detail} Nor is what stands behind it in its batch.")
        passed = len(self._buffer)
        while passed < size:
            self._buffer.clear()
            self._more()
            passed += len(self._buffer)
        del self._buffer[: len(self._buffer) - (passed - size)]
        return Unreadable("TOO_LARGE", detail)

    def _more(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise Unreadable("MALFORMED", "Its batch ends within a record.")
        self._note(len(piece))
        self._size += len(piece)
        if self._size > BATCH_SIZE_MAX:
            detail = f"Its batch has more than {BATCH_SIZE_MAX} bytes when it is unpacked: what comes after them is not read."
            raise Unreadable("TOO_LARGE", detail)
        self._buffer += piece


def _no_record() -> Unreadable:
    return Unreadable("MALFORMED", "Its batch holds something that is no record.")


def _number(raw: bytes | bytearray | memoryview, at: int) -> tuple[int, int]:
    """Read a number of variable length, as Kafka writes it; return where it ends as well."""
    byte = raw[at]
    value = byte & 0x7F
    shift = 7
    while byte & 0x80:
        at += 1
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > _NUMBER_BITS_MAX:
            raise _no_record()
    return (value >> 1) ^ -(value & 1), at + 1


def _text(raw: bytes | memoryview, at: int) -> tuple[bytes | None, int]:
    size, at = _number(raw, at)
    return (None, at) if size < 0 else (bytes(raw[at : at + size]), at + size)
