"""Comparing the rows of two tables in the order of their keys, one pass, however long they are. Pure but for what it is given."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from portfolio_projector.description import Table

_SHOWN_MAX = 20
_TEXT_LENGTH_MAX = 200

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two tables differ first in a row: `column` is None where one of them has no such row.

    `entry` is the last entry that changed the row, where it says so.
    """

    table: str
    key: str
    column: str | None
    old: str | None
    new: str | None
    entry: int | None

    def __str__(self) -> str:
        at = "" if self.entry is None else f", last changed by entry {self.entry}"
        if self.column is None:
            there = "is only in the live table" if self.new is None else "is missing in the live table"
            return f"{self.table} ({self.key}) {there}{at}"
        return f"{self.table} ({self.key}), column {self.column}: {self.old} is live, the fold gives {self.new}{at}"


@dataclass(slots=True)
class Comparison:
    """What came of comparing one table."""

    table: str
    rows: int = 0
    different: int = 0
    only_old: int = 0
    only_new: int = 0
    first: list[Difference] = field(default_factory=list[Difference])

    @property
    def equal(self) -> bool:
        """Whether the tables hold the same."""
        return not (self.different or self.only_old or self.only_new)

    def add(self, difference: Difference) -> None:
        """Keep the first differences."""
        if len(self.first) < _SHOWN_MAX:
            self.first.append(difference)

    def join(self, other: "Comparison") -> None:
        """Take in what came of comparing other rows of the same table."""
        self.rows += other.rows
        self.different += other.different
        self.only_old += other.only_old
        self.only_new += other.only_new
        for difference in other.first:
            self.add(difference)


async def compare(table: Table, old: AsyncIterator[Row], new: AsyncIterator[Row]) -> Comparison:
    """Compare rows that come in the order of their keys, as `order` has it."""
    found = Comparison(table.name)
    places = [table.columns.index(name) for name in table.key]
    left, right = await anext(old, None), await anext(new, None)
    while left is not None or right is not None:
        found.rows += 1
        left_key = None if left is None else order(left, places)
        right_key = None if right is None else order(right, places)
        if right is None or right_key is None or (left_key is not None and left_key < right_key):
            found.only_old += 1
            found.add(_missing(table, left or (), places, old=True))
            left = await anext(old, None)
        elif left is None or left_key is None or right_key < left_key:
            found.only_new += 1
            found.add(_missing(table, right, places, old=False))
            right = await anext(new, None)
        else:
            if left != right:
                found.different += 1
                found.add(_difference(table, left, right, places))
            left, right = await anext(old, None), await anext(new, None)
    return found


def order(row: Row, places: Sequence[int]) -> tuple[Any, ...]:
    """Return what rows are sorted by: texts by their bytes, as the collation "C" does, and numbers."""
    return tuple(cell.encode() if isinstance(cell, str) else cell for cell in (row[place] for place in places))


def _difference(table: Table, left: Row, right: Row, places: Sequence[int]) -> Difference:
    column, old, new = next(
        (name, a, b) for name, a, b in zip(table.columns, left, right, strict=True) if a != b or type(a) is not type(b)
    )
    return Difference(table.name, _key(left, places), column, _text(old), _text(new), _entry(table, right))


def _missing(table: Table, row: Row, places: Sequence[int], *, old: bool) -> Difference:
    key, shown = _key(row, places), _text(row)
    return Difference(table.name, key, None, shown if old else None, None if old else shown, _entry(table, row))


def _key(row: Row, places: Sequence[int]) -> str:
    return "/".join(str(row[place]) for place in places)


def _entry(table: Table, row: Row) -> int | None:
    for name in ("last_entry", "entry", "decided_entry", "proposed_entry"):
        if name in table.columns and (entry := row[table.columns.index(name)]) is not None:
            return entry
    return None


def _text(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _TEXT_LENGTH_MAX else f"{text[:_TEXT_LENGTH_MAX]}..."
