"""What is heard of a member: when, from which sources, and what was finished."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

FINISHED_DAYS = 28
"""For how many days it is told what was finished."""

_QUARTER_SECONDS = 900
_QUARTERS_KEPT = (FINISHED_DAYS + 2) * 96
"""More than anybody asks for, wherever their days begin."""


class Word(msgspec.Struct, frozen=True, array_like=True):
    """What a source said last: by which entry, and the latest time that anything it said was true."""

    entry: int
    time: datetime


class Heard(msgspec.Struct):
    """What is heard of the member in `scope`, whether it has begun, and by which entry it ended.

    `finished` counts completed work packages and items by the quarter of an hour since 1970: with one of these the day begins in
    every zone. Those long before the newest are forgotten, since nobody asks about a day before what is known.
    """

    scope: str = ""
    is_there: bool = False
    ended: int | None = None
    sources: dict[str, Word] = {}
    finished: dict[str, int] = {}

    def finish(self, at: datetime) -> None:
        """Count what was finished at an instant."""
        quarter = str(_quarter(at))
        self.finished[quarter] = self.finished.get(quarter, 0) + 1
        if len(self.finished) > 2 * _QUARTERS_KEPT:
            oldest = max(map(int, self.finished)) - _QUARTERS_KEPT
            self.finished = {one: count for one, count in self.finished.items() if int(one) > oldest}

    def finished_by(self, today: date, zone: ZoneInfo) -> int:
        """Return how much was finished on the last days up to and with one, as a zone tells days apart."""
        first = _quarter(datetime.combine(today - timedelta(days=FINISHED_DAYS - 1), time.min, zone))
        last = _quarter(datetime.combine(today, time.max, zone))
        return sum(count for quarter, count in self.finished.items() if first <= int(quarter) <= last)


def _quarter(at: datetime) -> int:
    return int(at.timestamp()) // _QUARTER_SECONDS
