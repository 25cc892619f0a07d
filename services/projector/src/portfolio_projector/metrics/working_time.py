"""Working time: how much of it lies between two moments by a calendar, and when so much of it has passed.

Moments are on the wall clock of the calendar's zone, in microseconds since the first of January of the year 1, so that a day is
24 hours on the day on which clocks change, too. All amounts of time are whole microseconds. Nothing walks over hours or days:
whole weeks are multiplied, and holidays are counted by bisection.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_DAY = date.min.toordinal()
_LAST_DAY = date.max.toordinal()

Wall = int
"""A moment on the wall clock of a zone."""

Span = tuple[int, int]
"""A part of a day in which work is done: from and until, since midnight."""


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name; UTC for one that this machine's database does not have."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC


def wall(instant: datetime, zone: tzinfo) -> Wall:
    """Return an instant as a zone's wall clock shows it."""
    try:
        shown = instant.astimezone(zone)
    except OverflowError:
        shown = instant
    since_midnight = timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
    return day_begins(shown) + since_midnight // timedelta(microseconds=1)


def day_begins(day: date) -> Wall:
    """Return the moment at which a day begins."""
    return (day.toordinal() - _FIRST_DAY) * DAY


def day_ends(day: date) -> Wall:
    """Return the moment at which a day has ended and the next begins."""
    return day_begins(day) + DAY


def day_of(moment: Wall) -> date:
    """Return the day in which a moment lies, or the nearest that the calendar has."""
    return date.fromordinal(min(max(moment // DAY + _FIRST_DAY, _FIRST_DAY), _LAST_DAY))


def instant(moment: Wall, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, at which a zone's wall clock shows a moment."""
    shown = datetime.combine(day_of(moment), datetime.min.time(), zone) + timedelta(microseconds=moment % DAY)
    try:
        return shown.astimezone(UTC)
    except OverflowError:
        return shown.replace(tzinfo=UTC)


class Calendar(Protocol):
    """A calendar as the published language has it."""

    @property
    def name(self) -> str: ...  # noqa: D102  see the language
    @property
    def working_hours(self) -> Sequence[str]: ...  # noqa: D102  the same
    @property
    def working_days(self) -> Sequence[str]: ...  # noqa: D102  the same
    @property
    def holidays(self) -> Sequence[date]: ...  # noqa: D102  the same
    @property
    def zone(self) -> str: ...  # noqa: D102  the same


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """A calendar, prepared for counting: the working spans of each day of the week from Monday, and the holidays among them."""

    name: str
    zone: tzinfo
    _spans: tuple[Span, ...]
    _before_weekday: tuple[int, ...]
    _holidays: tuple[int, ...]

    @property
    def per_day(self) -> int:
        """How much is worked on a working day."""
        return sum(until - since for since, until in self._spans)

    def passed(self, moment: Wall) -> int:
        """Return how much working time lies before a moment, of all since the year 1."""
        day, in_day = divmod(moment, DAY)
        return self._before_day(day) + (self._in_day(in_day) if self._is_worked(day) else 0)

    def between(self, since: Wall, until: Wall) -> int:
        """Return how much working time lies between two moments; 0 where the second is not later."""
        return self.passed(until) - self.passed(since) if until > since else 0

    def after(self, since: Wall, amount: int) -> Wall:
        """Return the first moment at which an amount of working time has passed since another; that one itself for none."""
        if amount <= 0:
            return since
        wanted = self.passed(since) + amount
        day = bisect_left(range(_LAST_DAY + 1), wanted, key=lambda day: self._before_day(day + 1))
        left = wanted - self._before_day(day)
        for begin, end in self._spans:
            if left <= end - begin:
                return day * DAY + begin + left
            left -= end - begin
        return day * DAY

    def _before_day(self, day: int) -> int:
        weeks, weekday = divmod(day, len(_WEEK))
        free = bisect_left(self._holidays, day)
        return weeks * self._before_weekday[-1] + self._before_weekday[weekday] - free * self.per_day

    def _is_worked(self, day: int) -> bool:
        weekday = day % len(_WEEK)
        place = bisect_left(self._holidays, day)
        is_free = place < len(self._holidays) and self._holidays[place] == day
        return not is_free and self._before_weekday[weekday + 1] > self._before_weekday[weekday]

    def _in_day(self, in_day: int) -> int:
        return sum(min(until, in_day) - since for since, until in self._spans if in_day > since)


@lru_cache(maxsize=256)
def _prepared(name: str, zone: str, hours: tuple[str, ...], days: tuple[str, ...], holidays: tuple[date, ...]) -> WorkingTime:
    spans = tuple((_of_day(since), _of_day(until)) for since, _, until in (span.partition("-") for span in hours))
    per_day = sum(until - since for since, until in spans)
    before = [0]
    for weekday in _WEEK:
        before.append(before[-1] + (per_day if weekday in days else 0))
    free = sorted({day.toordinal() - _FIRST_DAY for day in holidays if _WEEK[day.weekday()] in days})
    return WorkingTime(name, zone_of(zone), spans, tuple(before), tuple(free))


def of(calendar: Calendar) -> WorkingTime:
    """Prepare a calendar; one that was prepared before is there still."""
    hours, days = tuple(calendar.working_hours), tuple(calendar.working_days)
    return _prepared(calendar.name, calendar.zone, hours, days, tuple(calendar.holidays))


def always(zone: tzinfo) -> WorkingTime:
    """Return the time of those who named no calendar: every hour of every day counts."""
    return WorkingTime("", zone, ((0, DAY),), tuple(DAY * number for number in range(len(_WEEK) + 1)), ())


def months(first: date, last: date, *, at_most: int) -> Sequence[date]:
    """Return the last days of the months from that of one day to that of another; of more than so many, the newest."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    return [_month_ends(number) for number in range(max(begin, end - at_most + 1), end + 1)]


def _month_ends(number: int) -> date:
    year, month = divmod(number + 1, 12)
    return date.max if year > date.max.year else date(year, month + 1, 1) - timedelta(days=1)


def _of_day(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * HOUR + int(minutes) * 60 * SECOND
