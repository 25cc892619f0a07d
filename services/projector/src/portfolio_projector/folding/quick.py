"""Rows quicker than named tuples make them: folds make a row or two for every event, and replace a field or two of a wide one."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

Row = TypeVar("Row", bound=tuple[Any, ...])


def quick(row: type[Row]) -> type[Row]:
    """Give a named tuple a `_replace` that does the same in a third of the time."""
    fields: tuple[str, ...] = cast("Any", row)._fields
    places = {name: place for place, name in enumerate(fields)}
    make = cast("Any", tuple).__new__

    def replace(self: Row, /, **changes: object) -> Row:
        cells = list(self)
        for name, value in changes.items():
            cells[places[name]] = value
        return cast("Row", make(row, cells))

    cast("Any", row)._replace = replace
    return row


def maker(row: type[Row]) -> Callable[[tuple[Any, ...]], Row]:
    """Return what makes a row of a tuple with all of its cells, in their order; it takes half the time of the row's own class."""
    return cast("Callable[[tuple[Any, ...]], Row]", partial(cast("Any", tuple).__new__, row))
