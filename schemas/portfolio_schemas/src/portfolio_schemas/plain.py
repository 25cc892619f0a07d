"""Reading plain JSON quickly: nearly every text is of the ledger's profile, and can be told to be so as a whole.

What a quick reader of JSON gives is looked at as a whole: names by a set of those that were seen, values by their kinds. Such a
reader keeps the last of two members with one name; that there are no such two, the number of quotes tells: two for each name and
each text. In doubt nothing is said: whoever reads with care says what is wrong, if anything is.
"""

from collections.abc import Collection
from typing import Any, Final, cast

import pydantic_core

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 32
NAME_LENGTH_MAX = 128

UNSURE: Final[Any] = object()
"""Says that a text has to be read with care."""

_NAMES_MAX = 10_000
_MINUS_ZEROS = (b":-0", b",-0", b"[-0", b" -0", b"\t-0", b"\n-0", b"\r-0")

_names = set[str]()
"""Names of members that were found to be of the profile, the last ones."""


def read(raw: bytes) -> Any:  # noqa: ANN401  any JSON
    """Return what a text of the profile holds, an object or an array, or UNSURE."""
    try:
        value: Any = pydantic_core.from_json(raw, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return UNSURE
    found = type(value) in (dict, list) and _quotes_of(value)
    if not found:
        return UNSURE
    quotes, has_zeros = found
    if quotes != _quotes_in(raw) or (has_zeros and any(zero in raw for zero in _MINUS_ZEROS)):
        return UNSURE
    return value


def _quotes_in(raw: bytes) -> int:
    """Count the quotes that begin or end something in a text; -1 where that cannot be told."""
    quotes = raw.count(b'"')
    if b"\\" not in raw:
        return quotes
    return -1 if b"\\\\" in raw else quotes - raw.count(b'\\"')


def _quotes_of(value: dict[str, Any] | list[Any]) -> tuple[int, bool] | None:
    """Count the quotes that a value needs, and tell whether a number in it is 0; None where it may be outside of the profile."""
    quoted = 0
    zeros: list[int] = []
    level: list[Any] = [value]
    for _ in range(DEPTH_MAX):
        deeper: list[Any] = []
        for node in level:
            values: Collection[Any] = node
            if type(node) is dict:
                members = cast("dict[str, Any]", node)
                names = members.keys()
                if not _names.issuperset(names) and not _learn(names):
                    return None
                quoted += len(names)
                values = members.values()
            others = [one for one in values if type(one) is not str]
            quoted += len(values) - len(others)
            if others and not _sort(others, deeper, zeros):
                return None
        if not deeper:
            return 2 * quoted, bool(zeros)
        level = deeper
    return None


def _sort(values: list[Any], deeper: list[Any], zeros: list[int]) -> bool:
    """Put objects and arrays to those that are looked at next, and zeros apart; return False where something is outside."""
    for value in values:
        kind = cast("type[object]", type(value))
        if kind is dict or kind is list:
            deeper.append(value)
        elif kind is int:
            if not -INTEGER_MAX <= value <= INTEGER_MAX:
                return False
            if value == 0:
                zeros.append(value)
        elif kind is not bool and value is not None:
            return False
    return True


def _learn(names: Collection[str]) -> bool:
    """Keep names that are of the profile, and tell whether all are."""
    if not all(name.isascii() and len(name) <= NAME_LENGTH_MAX for name in names):
        return False
    if len(_names) >= _NAMES_MAX:
        _names.clear()
    _names.update(names)
    return True
