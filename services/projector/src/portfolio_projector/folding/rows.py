"""Rows as a fold sees them: those that were read from a table, and those that it changed. Pure; nothing here reads or writes.

A projector knows only the rows that it has loaded, so a fold that asks for another is told `NotLoaded`; the projector loads that
row and folds the batch again from its start. A fold of a whole past knows everything, and what is not there does not exist.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=tuple[str | int, ...])
Row = TypeVar("Row", bound=tuple[object, ...])


class NotLoaded(Exception):
    """A fold needs a row that was not read from its table: `table` and `key` name it."""

    def __init__(self, table: str, key: Hashable) -> None:
        super().__init__(f"{table}: {key!r}")
        self.table = table
        self.key = key


class Rows(Generic[Key, Row]):
    """The rows of one table by key. Those that were not asked for lately are in `_older`, and are forgotten first."""

    __slots__ = ("_complete", "_key", "_known", "_older", "changed", "table")

    def __init__(self, table: str, key: Callable[[Row], Key], *, complete: bool) -> None:
        self.table = table
        self.changed = dict[Key, Row]()
        self._key = key
        self._known = dict[Key, Row | None]()
        self._older = dict[Key, Row | None]()
        self._complete = complete

    def get(self, key: Key) -> Row | None:
        """Return a row, None when there is none.

        Raises:
            NotLoaded: when nobody looked yet.

        """
        row = self.changed.get(key)
        if row is not None:
            return row
        row = self._known.get(key)
        if row is None and not self._complete and key not in self._known:
            if key not in self._older:
                raise NotLoaded(self.table, key)
            row = self._known[key] = self._older[key]
        return row

    def put(self, row: Row) -> None:
        """Write a row, in place of the one with its key."""
        self.changed[self._key(row)] = row

    def changes(self) -> tuple[list[Row], list[Row]]:
        """Return the changed rows of which there were none before, and those that take the place of others.

        Both are sorted by key: writers never wait for each other in a circle.
        """
        new, old = list[Row](), list[Row]()
        changed, known, older = self.changed, self._known, self._older
        for key in sorted(changed):
            row = known.get(key)
            if row is None and key not in known:
                row = older.get(key)
            (new if row is None else old).append(changed[key])
        return new, old

    def before(self, key: Key) -> Row | None:
        """Return the row as it was loaded."""
        row = self._known.get(key)
        return self._older.get(key) if row is None and key not in self._known else row

    def unknown(self, keys: Iterable[Key]) -> list[Key]:
        """Return, sorted and once each, those of the keys that nobody looked up."""
        known, older, changed = self._known, self._older, self.changed
        return sorted({key for key in keys if key not in known and key not in older and key not in changed})

    def begin(self, keys: Iterable[Key]) -> None:
        """Take that there is no row yet with a key of which nothing is known."""
        known, older, changed = self._known, self._older, self.changed
        for key in keys:
            if key not in known and key not in older and key not in changed:
                known[key] = None

    def learn(self, keys: Iterable[Key], rows: Iterable[Row]) -> None:
        """Take what a look-up for the keys found; a key without a row has none."""
        for key in keys:
            self._known.setdefault(key, None)
        for row in rows:
            self._known[self._key(row)] = row

    def keep(self, rows_max: int) -> None:
        """Take what changed as stored, and forget what was not asked for lately where more than so many rows are known."""
        self._known |= self.changed
        self.changed.clear()
        if len(self._known) > rows_max // 2:
            self._older, self._known = self._known, {}

    def sorted(self) -> list[Row]:
        """Return every row that is known, in the order of keys."""
        rows = self.all()
        return [rows[key] for key in sorted(rows)]

    def all(self) -> Mapping[Key, Row]:
        """Return every row that is known; all there are when the fold knows everything."""
        return {key: row for key, row in (self._known | self.changed).items() if row is not None}
