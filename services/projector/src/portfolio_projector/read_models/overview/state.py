"""What is heard of a member: when, from which sources, and what was finished."""

from datetime import datetime

import msgspec


class Word(msgspec.Struct, frozen=True, array_like=True):
    """What a source said last: by which entry, and the latest time that anything it said was true."""

    entry: int
    time: datetime


class Heard(msgspec.Struct):
    """What is heard of the member in `scope`, and by which entry it ended.

    `finished` counts completed work packages and items by their day in UTC, `2026-03-31`.
    """

    scope: str = ""
    ended: int | None = None
    sources: dict[str, Word] = {}
    finished: dict[str, int] = {}
