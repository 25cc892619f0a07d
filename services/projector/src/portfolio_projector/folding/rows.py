"""Rows as a fold sees them: those that were read from a table, and those that it changed. Pure; nothing here reads or writes.

A projector knows only the rows that it has loaded, so a fold that asks for another is told `NotLoaded`; the projector loads that
row and folds the batch again from its start. A fold of a whole past knows everything, and what is not there does not exist.

What is known from one batch to the next is packed, unless its rows are narrow: that takes a fifth of the memory, and its size is
known. A row is packed and unpacked in some microseconds.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

import msgspec

Key = TypeVar("Key", bound=tuple[str | int, ...])
Row = TypeVar("Row", bound=tuple[object, ...])

SIZE_BESIDE = 350
"""Bytes that a row takes beside what is packed, about: its key, and its place among the others; or all that a narrow one does."""

_NONE = b""
"""Stands for a row that is not there."""

_ENCODER = msgspec.msgpack.Encoder()


class NotLoaded(Exception):
    """A fold needs a row that was not read from its table: `table` and `key` name it."""

    def __init__(self, table: str, key: Hashable) -> None:
        super().__init__(f"{table}: {key!r}")
        self.table = table
        self.key = key


class Rows(Generic[Key, Row]):
    """The rows of one table by key: those that this batch asked for or changed, and kept ones, the last asked for last.

    `size` is how many bytes the kept ones take, about. `narrow` rows are a few short texts and numbers, and need no packing.
    """

    __slots__ = ("_complete", "_kept", "_key", "_known", "_pack", "_unpack", "changed", "size", "table")

    def __init__(self, table: str, row: type[Row], key: Callable[[Row], Key], *, complete: bool, narrow: bool = False) -> None:
        self.table = table
        self.changed = dict[Key, Row]()
        self.size = 0
        self._key = key
        self._known = dict[Key, Row | None]()
        self._kept = dict[Key, Sequence[object]]()
        self._pack: Callable[[Row], Sequence[object]] | None = None if narrow else _ENCODER.encode
        self._unpack = _decoder(row).decode
        self._complete = complete

    def get(self, key: Key) -> Row | None:
        """Return a row, None when there is none.

        Raises:
            NotLoaded: when nobody looked yet.

        """
        row = self.changed.get(key)
        if row is not None:
            return row
        row = self.before(key)
        if row is None and not self._complete and key not in self._known:
            raise NotLoaded(self.table, key)
        return row

    def put(self, row: Row) -> None:
        """Write a row, in place of the one with its key."""
        self.changed[self._key(row)] = row

    def changes(self) -> tuple[list[Row], list[Row]]:
        """Return the changed rows of which there were none before, and those that take the place of others.

        Both are sorted by key: writers never wait for each other in a circle.
        """
        new, old = list[Row](), list[Row]()
        changed, before = self.changed, self.before
        for key in sorted(changed):
            (new if before(key) is None else old).append(changed[key])
        return new, old

    def before(self, key: Key) -> Row | None:
        """Return the row as it was loaded."""
        row = self._known.get(key)
        if row is None and key not in self._known and (kept := self._kept.get(key)) is not None:
            row = self._known[key] = self._row(kept)
        return row

    def unknown(self, keys: Iterable[Key]) -> list[Key]:
        """Return, sorted and once each, those of the keys that nobody looked up."""
        known, kept, changed = self._known, self._kept, self.changed
        return sorted({key for key in keys if key not in kept and key not in known and key not in changed})

    def begin(self, keys: Iterable[Key]) -> None:
        """Take that there is no row yet with a key of which nothing is known."""
        known, kept, changed = self._known, self._kept, self.changed
        for key in keys:
            if key not in kept and key not in known and key not in changed:
                known[key] = None

    def learn(self, keys: Iterable[Key], rows: Iterable[Row]) -> None:
        """Take what a look-up for the keys found; a key without a row has none."""
        for key in keys:
            self._known.setdefault(key, None)
        for row in rows:
            self._known[self._key(row)] = row

    def keep(self) -> None:
        """Take what changed as stored, and keep it, and what was loaded, for the next batch."""
        known, changed = self._known, self.changed
        for key, row in known.items():
            stored = changed.pop(key, row)
            kept = self._kept.get(key) if stored is row else None
            self._keep(key, stored, kept)
        for key, row in changed.items():
            self._keep(key, row, None)
        known.clear()
        changed.clear()

    def forget(self, share: float) -> None:
        """Forget so large a share of the kept rows, first those that nobody asked for lately."""
        left = self.size * (1 - share)
        for key in list(self._kept):
            if self.size <= left:
                break
            self.size -= len(self._kept.pop(key)) + SIZE_BESIDE

    def sorted(self) -> list[Row]:
        """Return every row that is known, in the order of keys."""
        rows = self.all()
        return [rows[key] for key in sorted(rows)]

    def all(self) -> Mapping[Key, Row]:
        """Return every row that is known; all there are when the fold knows everything."""
        kept = {key: self._row(row) for key, row in self._kept.items()}
        return {key: row for key, row in (kept | self._known | self.changed).items() if row is not None}

    def _keep(self, key: Key, row: Row | None, kept: Sequence[object] | None) -> None:
        """Keep a row as the one that was asked for last; `kept` is how it is kept already."""
        if kept is None:
            kept = _NONE if row is None else row if self._pack is None else self._pack(row)
        before = self._kept.pop(key, None)
        self._kept[key] = kept
        self.size += len(kept) + SIZE_BESIDE if before is None else len(kept) - len(before)

    def _row(self, kept: Sequence[object]) -> Row | None:
        if kept is _NONE:
            return None
        return cast("Row", kept) if self._pack is None else cast("Row", self._unpack(cast("bytes", kept)))


@cache
def _decoder(row: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    """Return what reads a packed row."""
    return msgspec.msgpack.Decoder(row)
