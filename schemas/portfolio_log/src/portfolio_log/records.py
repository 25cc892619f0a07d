# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Record batches as they are fetched, read also where a header's name is not UTF-8.

Kafka takes such a name from anybody who may publish; the client fails on it, again and again at the same place, and nobody ever
reads what stands behind it. Here the name is read with its strange bytes escaped: such a header means nothing to anybody.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy  # type: ignore[reportPrivateUsage]  # its reader in Python
from aiokafka.record.memory_records import MemoryRecords

_LENGTH_AT = slice(8, 12)
_HEAD_SIZE = 12


class Records:
    """What was fetched of a partition, batch by batch, in the place of the client's own class."""

    def __init__(self, raw: bytes) -> None:
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
        size = _HEAD_SIZE + int.from_bytes(self._raw[_LENGTH_AT], "big")
        raw, self._raw = self._raw[:size], self._raw[size:]
        return Batch(self._records.next_batch(), raw)


class Batch:
    """A batch: the client's own, and its bytes."""

    def __init__(self, batch: Any, raw: memoryview) -> None:  # noqa: ANN401  it has no types
        self._batch = batch
        self._raw = raw

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the batch has
        return getattr(self._batch, name)

    def __next__(self) -> Any:  # noqa: ANN401  it has no types
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        read = 0
        try:
            for record in self._batch:
                yield record
                read += 1
        except UnicodeDecodeError:
            yield from list(_Tolerant(bytearray(self._raw)))[read:]


class _Tolerant(_DefaultRecordBatchPy):  # type: ignore[misc]  # final for those who would use it as a record
    """A batch read by Python, with all names taken as they are."""

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Bytes(self._buffer)


class _Bytes(bytearray):
    """Bytes whose parts can be decoded, whatever they are."""

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401  an index or a slice
        part = super().__getitem__(key)
        return _Part(part) if isinstance(key, slice) else part


class _Part(bytes):
    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return super().decode(encoding, "backslashreplace" if errors == "strict" else errors)


def install() -> None:
    """Let every consumer of this process read so."""
    fetcher.MemoryRecords = Records  # type: ignore[assignment, misc]  # it does all that is asked of it
