"""Curves in the terminal: figures over time as a line of blocks, and planned, earned and spent in one picture."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

_BLOCKS = "▁▂▃▄▅▆▇█"
_MISSING = "·"

Series = Sequence[float | None]


def sparkline(values: Series) -> str:
    """Return a block for each value, higher for more; a dot where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return _MISSING * len(values)
    low, span = min(known), max(known) - min(known)
    middle = len(_BLOCKS) // 2
    return "".join(
        _MISSING if value is None else _BLOCKS[round((value - low) / span * (len(_BLOCKS) - 1)) if span else middle]
        for value in values
    )


def picture(curves: Mapping[str, Series], *, width: int, height: int) -> list[str]:
    """Return the lines of a picture of curves over the same days, from 0 up, each drawn with the character that names it.

    Where curves meet, the later one is seen.
    """
    top = max((value for values in curves.values() for value in values if value is not None), default=0.0)
    cells = [[" "] * width for _ in range(height)]
    for sign, values in curves.items():
        for column, value in enumerate(_stretched(values, width)):
            if value is not None and top > 0:
                row = height - 1 - round(max(value, 0) / top * (height - 1))
                cells[row][column] = sign
    return ["".join(row).rstrip() for row in cells]


def _stretched(values: Series, width: int) -> list[float | None]:
    """Return a value for each column, between its neighbours where there are more columns than values."""
    if not values:
        return []
    places = [column * (len(values) - 1) / max(width - 1, 1) for column in range(width)]
    steps = [*pairwise(values), (values[-1], values[-1])]
    found = list[float | None]()
    for place in places:
        (before, after), share = steps[int(place)], place % 1
        if not share:
            found.append(before)
        else:
            found.append(None if before is None or after is None else before + (after - before) * share)
    return found
