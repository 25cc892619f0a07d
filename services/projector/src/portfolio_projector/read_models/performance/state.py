"""What is known of an initiative's plans and of how far they are. Amounts are minor units of its currency.

Everything has its time, so that figures can be worked out at any moment. A planned time is a text as its source planned: a day,
`2026-03-31`, or an instant.
"""

from datetime import date, datetime

import msgspec


class WorkingCalendar(msgspec.Struct, frozen=True, array_like=True):
    """A working calendar, as `Calendar` of the published language has it."""

    name: str
    working_hours: list[str]
    working_days: list[str]
    holidays: list[date]
    zone: str


class PlannedWork(msgspec.Struct, frozen=True, array_like=True):
    """What a baseline plans of one work package."""

    start: str
    finish: str
    at_start: int
    over_time: int
    method: str
    working_hours: str | None


class Version(msgspec.Struct, frozen=True):
    """What one version of the plan says, whether it was ever approved or not."""

    entry: int
    bac: int
    parts: dict[str, PlannedWork]
    calendar: WorkingCalendar | None


class Approval(msgspec.Struct, frozen=True):
    """Who made a version the current baseline, when and why. `corrected_by` is the entry whose word this is, if a later one's."""

    entry: int
    time: datetime
    version: int
    by: str
    reason: str | None
    effective_date: date
    change_class: str
    variances_kept: bool
    change_request: str | None
    corrected_by: int | None


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """The fraction of a work package that is done from a time on."""

    time: datetime
    entry: int
    fraction: str


class Work(msgspec.Struct):
    """How far a work package is: when it was started (a day, or an instant), and what was read since, in the order of the log."""

    starts: list[str] = []
    readings: list[Reading] = []


class Stated(msgspec.Struct, frozen=True, array_like=True):
    """What the source's own planning tool said."""

    pv: int | None
    ev: int | None
    ac: int | None


class Period(msgspec.Struct, frozen=True):
    """A period of reporting that was closed: its last day, and when that was said."""

    entry: int
    time: datetime
    name: str
    status_date: date
    stated: Stated | None


class Estimate(msgspec.Struct, frozen=True):
    """What somebody expects the rest of a work package to cost, or of all of it where `package` is None."""

    entry: int
    time: datetime
    package: str | None
    minor: int
    finish: date | None


class Frozen(msgspec.Struct, frozen=True):
    """The last figures of all, as the ledger fixed them."""

    entry: int
    time: datetime
    version: int
    status_date: date
    bac: int
    pv: int
    ev: int
    ac: int
    eac: int | None
    earned_schedule_days: str
    why: str


class Performance(msgspec.Struct):
    """All of it, of the initiative in `scope`. `mode` and `currency` are None while nobody has proposed it.

    `versions` are by their numbers, as texts: a snapshot takes no others as keys.
    """

    scope: str = ""
    mode: str | None = None
    currency: str | None = None
    calendar: WorkingCalendar | None = None
    portfolio_calendar: WorkingCalendar | None = None
    versions: dict[str, Version] = {}
    approvals: list[Approval] = []
    works: dict[str, Work] = {}
    periods: list[Period] = []
    estimates: list[Estimate] = []
    frozen: Frozen | None = None

    def version(self, number: int) -> Version:
        """Return what a version says."""
        return self.versions[str(number)]
