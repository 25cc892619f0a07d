"""Assignments of a team over time: which share of it works for whom from which day to which. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import msgspec

from portfolio_projector.folding.acts import Act
from portfolio_projector.metrics.working_time import zone_of

DAY = timedelta(days=1)


class Assignment(msgspec.Struct, frozen=True, array_like=True):
    """A share of a team from a first day on, to a last one where it has one.

    The share is None where the team came along with something whose assignments are not known.
    """

    share: Decimal | None
    start: date
    until: date | None
    act: Act

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.start <= day and (self.until is None or day <= self.until)


class Excess(NamedTuple):
    """The most that is assigned on a day, the first such day, and on how many days it is more than the whole team."""

    peak: Fraction
    day: date | None
    days: int


def day_of(instant: datetime, zone: str | None) -> date:
    """Return the day of an instant as a portfolio tells its days apart: in its zone, or else in UTC."""
    return instant.astimezone(UTC if zone is None else zone_of(zone)).date()


def assigned(known: Sequence[Assignment], new: Assignment) -> list[Assignment]:
    """Return the assignments to one member with a new one: from its first day on it holds instead of the others."""
    return [*ended(known, new.start - DAY), new]


def ended(known: Sequence[Assignment], last: date) -> list[Assignment]:
    """Return the assignments to one member, none of which holds after a day."""
    return [
        one if one.until is not None and one.until <= last else msgspec.structs.replace(one, until=last)
        for one in known
        if one.start <= last
    ]


def moved(known: Sequence[Assignment], first: date, act: Act) -> list[Assignment]:
    """Return what holds of assignments from a day on, as another act says it."""
    return [
        msgspec.structs.replace(one, start=max(one.start, first), act=act)
        for one in known
        if one.until is None or one.until >= first
    ]


def share_of(assignments: Iterable[Assignment], first: date, last: date) -> Fraction:
    """Return the mean share over the days from a first to a last one: what is assigned for half of them counts half."""
    days = (last - first).days + 1
    return sum((Fraction(one.share or 0) * _overlap(one, first, last) for one in assignments), Fraction(0)) / days


def excess(assignments: Sequence[Assignment], first: date, last: date) -> Excess:
    """Return how much is assigned at most, on the days from a first to a last one."""
    peak, peak_day, over = Fraction(0), None, 0
    starts = sorted(set(_changes(assignments, first, last)))
    for start, following in zip(starts, [*starts[1:], last + DAY], strict=True):
        total = sum((Fraction(one.share or 0) for one in assignments if one.holds_on(start)), Fraction(0))
        over += (following - start).days if total > 1 else 0
        if total > peak:
            peak, peak_day = total, start
    return Excess(peak, peak_day, over)


def _changes(assignments: Iterable[Assignment], first: date, last: date) -> Iterator[date]:
    """Return the days on which what is assigned may change, the first day among them."""
    yield first
    for one in assignments:
        for day in (one.start, None if one.until is None else one.until + DAY):
            if day is not None and first < day <= last:
                yield day


def _overlap(one: Assignment, first: date, last: date) -> int:
    end = last if one.until is None else min(one.until, last)
    return max((end - max(one.start, first)).days + 1, 0)
