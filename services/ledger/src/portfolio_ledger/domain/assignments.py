"""Assignments of a team: which share of it works for whom, from which day to which."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

ALL_OF_IT = Decimal(1)
_DAY = timedelta(days=1)


class Assignment(Struct, frozen=True, gc=False):
    """A share of a team from a first day on; `until` is the last one, None where it is open."""

    share: Decimal
    start: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.start <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Tell whether its last day lies before a day."""
        return self.until is not None and self.until < day


class Accepted(Struct, frozen=True, gc=False):
    """How much of a team may be assigned, None where there is no limit, and to which last day that holds."""

    up_to: Decimal | None
    until: date | None


Assignments = Mapping[str, tuple[Assignment, ...]]
"""What a team is assigned to, by initiative or product."""


def assigned(known: Assignments, member: str, new: Assignment) -> Assignments:
    """Return them with a new one, which holds from its first day on instead of the others of that member."""
    earlier = (one for one in known.get(member, ()) if one.start < new.start)
    kept = (one if one.is_over(new.start) else replace(one, until=new.start - _DAY) for one in earlier)
    return {**known, member: (*kept, new)}


def without(known: Assignments, member: str) -> Assignments:
    """Return them without those of a member."""
    return {key: mine for key, mine in known.items() if key != member}


def find_excess(known: Assignments, new: Assignment, accepted: Accepted | None) -> tuple[date, Decimal] | None:
    """Return the first day of a new assignment on which all together are more than may be, and how much that is.

    The sum changes on first days only, and what may be on the day after the last of what was accepted.
    """
    for day in sorted(set(_days_of_change(known, accepted))):
        if not new.holds_on(day):
            continue
        total = sum((one.share for mine in known.values() for one in mine if one.holds_on(day)), Decimal(0))
        if total > ALL_OF_IT and not _is_accepted(accepted, total, day):
            return day, total
    return None


def _days_of_change(known: Assignments, accepted: Accepted | None) -> Iterator[date]:
    yield from (one.start for mine in known.values() for one in mine)
    if accepted is not None and accepted.until is not None and accepted.until < date.max:
        yield accepted.until + _DAY


def _is_accepted(accepted: Accepted | None, total: Decimal, day: date) -> bool:
    if accepted is None or (accepted.until is not None and accepted.until < day):
        return False
    return accepted.up_to is None or total <= accepted.up_to
