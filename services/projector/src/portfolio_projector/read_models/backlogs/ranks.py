"""Ranks: texts whose byte order is the order of a backlog, so that a move writes one row.

A rank is a path of integers, compared from the left; a path stands before its extensions. Between two neighbours there is always
room: one step up or down at the level where they differ, or one level deeper. Adding at the top, at the bottom, or again
and again after the same item lengthens a rank with the logarithm of the count only. What lengthens it by one level a time is
inserting between the last two in turn; past `RANK_LENGTH_MAX` a backlog is ranked anew.

Each integer is written so that texts compare as the numbers do: a letter that says sign and number of digits, then the digits in
base 62. Tables keep ranks with the collation "C".
"""

from collections.abc import Iterator
from functools import lru_cache

RANK_LENGTH_MAX = 120

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_BASE = len(_DIGITS)
_ZERO = "a"
_MINUS = "Z"
_PATHS_MAX = 20_000

_paths = dict[str, tuple[int, ...]]()
"""What was encoded lately: a new rank is soon somebody's neighbour."""


def between(low: str | None, high: str | None) -> str:
    """Return a rank after `low` and before `high`; None is the top, or the bottom, of the backlog."""
    a = None if low is None else _decode(low)
    b = None if high is None else _decode(high)
    if a is None:
        return _encode((0,) if b is None else (b[0] - 1,))
    if b is None:
        return _encode((a[0] + 1,))
    return _encode(_between(a, b))


def first(count: int) -> Iterator[str]:
    """Return the shortest ranks for so many items, in order."""
    return (_encode((n,)) for n in range(count))


def is_long(rank: str) -> bool:
    """Tell whether it is time to rank the backlog anew."""
    return len(rank) > RANK_LENGTH_MAX


def _between(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    common = 0
    while common < len(a) and a[common] == b[common]:
        common += 1
    if common == len(a):
        return (*a, b[common] - 1)
    prefix, x, y = a[:common], a[common], b[common]
    if x + 1 < y:
        return (*prefix, x + 1)
    if len(b) > common + 1:
        return (*prefix, y)
    return (*a[: common + 1], a[common + 1] + 1 if len(a) > common + 1 else 0)


def _encode(path: tuple[int, ...]) -> str:
    rank = "".join(map(_encode_integer, path))
    if len(_paths) >= _PATHS_MAX:
        _paths.clear()
    _paths[rank] = path
    return rank


@lru_cache(maxsize=4096)
def _encode_integer(number: int) -> str:
    value = number if number >= 0 else -number - 1
    digits = ""
    while True:
        value, digit = divmod(value, _BASE)
        digits = _DIGITS[digit if number >= 0 else _BASE - 1 - digit] + digits
        if not value:
            break
    return (chr(ord(_ZERO) + len(digits) - 1) if number >= 0 else chr(ord(_MINUS) - len(digits) + 1)) + digits


def _decode(rank: str) -> tuple[int, ...]:
    known = _paths.get(rank)
    if known is not None:
        return known
    path = list[int]()
    at = 0
    while at < len(rank):
        sign = rank[at]
        length = ord(sign) - ord(_ZERO) + 1 if sign >= _ZERO else ord(_MINUS) - ord(sign) + 1
        value = 0
        for digit in rank[at + 1 : at + 1 + length]:
            value = value * _BASE + (_VALUES[digit] if sign >= _ZERO else _BASE - 1 - _VALUES[digit])
        path.append(value if sign >= _ZERO else -value - 1)
        at += 1 + length
    return tuple(path)
