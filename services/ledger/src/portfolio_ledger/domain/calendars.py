"""The working days of calendars: of portfolios and initiatives, and of baselines, which keep them with their plans."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from portfolio_ledger.domain.decider import Fact, State, States
from portfolio_schemas.values import Calendar

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class WorkingDays(Struct, frozen=True, gc=False):
    """The days of the week on which nobody works, from Monday as 0, and the holidays."""

    free: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()

    def has(self, day: date) -> bool:
        """Tell whether a day is worked."""
        return day.weekday() not in self.free and day not in self.holidays


class Stated(State, frozen=True):
    """The working days that a portfolio or an initiative states; None where it took them back. They may be many: kept apart."""

    days: WorkingDays | None


KINDS: Mapping[str, type[State]] = {"calendar": Stated}
_EVERY_DAY = WorkingDays()


def key_of(subject: str) -> str:
    """Return the key of a subject's calendar."""
    return f"calendar/{subject}"


def of(calendar: Calendar | None) -> WorkingDays | None:
    """Return the working days of a calendar."""
    if calendar is None:
        return None
    free = frozenset(number for number, day in enumerate(_WEEK) if day not in calendar.working_days)
    return WorkingDays(free, frozenset(calendar.holidays))


def stated(fact: Fact, calendar: Calendar | None) -> Mapping[str, State]:
    """Return the calendar of a fact's subject, where the fact states one or corrects what did."""
    return {} if calendar is None and fact.corrects is None else {key_of(fact.subject): Stated(of(calendar))}


def reads(fact: Fact, calendar: Calendar | None) -> Iterable[str]:
    """Name what `stated` changes."""
    return stated(fact, calendar).keys()


def in_force(states: States, *subjects: str) -> WorkingDays:
    """Return the working days of the first of the subjects that states any; else every day is worked."""
    found = (states.get(key_of(subject)) for subject in subjects)
    return next((one.days for one in found if isinstance(one, Stated) and one.days is not None), _EVERY_DAY)
