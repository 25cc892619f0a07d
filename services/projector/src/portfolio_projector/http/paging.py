"""Paging of answers that are worked out whole: one list or several side by side, each going on after the last key that was shown.

A key is that of the order, so that what is new, or has moved, is before or behind it, and every other row is shown once.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, TypeVar, cast

from portfolio_projector.http import cursors

WHOLE_MAX = 1000
"""Rows of a page where nothing else is asked for, of lists that are seldom longer."""

Row = TypeVar("Row")
Key = tuple[int | str, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Paging:
    """One page of the lists of an answer."""

    def __init__(self, list_: str, cursor: str | None, limit: int) -> None:
        self._list = list_
        self._limit = limit
        self._after = _read(cursor, list_)
        self._next = dict[str, Key | None]()

    def take(self, name: str, rows: Iterable[Row], key: Callable[[Row], Key]) -> list[Row]:
        """Return the rows of a list that are on this page, in the order of their keys.

        Raises:
            Problem: when the cursor is not one of this list.

        """
        after = self._after.get(name, ())
        if after is None:
            self._next[name] = None
            return []
        try:
            rest = sorted(((place, row) for row in rows if (place := key(row)) > after), key=itemgetter(0))
        except TypeError:
            raise cursors.refused() from None
        page = rest[: self._limit]
        self._next[name] = page[-1][0] if len(rest) > self._limit else None
        return [row for _, row in page]

    @property
    def next_cursor(self) -> str | None:
        """Where the page after this one begins; None where all lists have ended."""
        if all(key is None for key in self._next.values()):
            return None
        return cursors.encode(self._list, json.dumps(self._next, separators=(",", ":")))


def moment(instant: datetime) -> int:
    """Return what an instant is ordered by in a key: its microseconds."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _read(cursor: str | None, list_: str) -> dict[str, Key | None]:
    """Return the last keys that were shown, by list; None for a list that has ended."""
    found = cursors.decode(cursor, list_, str)
    if found is None:
        return {}
    try:
        said: Any = json.loads(found[0])
    except (ValueError, RecursionError):
        raise cursors.refused() from None
    if not isinstance(said, dict):
        raise cursors.refused()
    keys = cast("dict[str, Any]", said)
    if not all(key is None or _is_key(key) for key in keys.values()):
        raise cursors.refused()
    return {name: None if key is None else tuple(cast("Sequence[int | str]", key)) for name, key in keys.items()}


def _is_key(key: object) -> bool:
    return isinstance(key, list) and all(type(part) in {int, str} for part in cast("list[object]", key))
