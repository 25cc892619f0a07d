"""An initiative's plans, progress and costs, ready to be asked about any moment. Pure.

All moments are on one wall clock: that of the current baseline's calendar, or else of the initiative's or the portfolio's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import cast

from portfolio_projector.metrics import working_time
from portfolio_projector.metrics.earned_schedule import Curve
from portfolio_projector.metrics.earned_value import UNTOUCHED, Method, Part, Plan, Progress, Status
from portfolio_projector.metrics.metric import Known
from portfolio_projector.metrics.reasons import NO_ESTIMATE
from portfolio_projector.metrics.working_time import HOUR, Wall
from portfolio_projector.read_models.money.state import Account
from portfolio_projector.read_models.performance.state import (
    Approval,
    Estimate,
    Performance,
    Period,
    PlannedWork,
    Work,
    WorkingCalendar,
)

_NOTHING = Fraction()
_DAY_LENGTH = len("2026-03-31")


class Timeline:
    """What is known of an initiative, by moments of one wall clock."""

    def __init__(self, state: Performance, account: Account, zone: tzinfo) -> None:
        self.state = state
        self.approvals = sorted(
            (approval for approval in state.approvals if str(approval.version) in state.versions),
            key=lambda approval: (approval.time, approval.entry),
        )
        newest = self.calendar_of(self.approvals[-1].version) if self.approvals else state.calendar or state.portfolio_calendar
        self.zone = zone if newest is None else working_time.zone_of(newest.zone)
        self._curves = dict[int, Curve]()
        self._plans = dict[int, Plan]()
        self._progress = dict[Status, dict[str, Progress]]()
        self._readings = {name: self._read(work) for name, work in state.works.items()}
        posted = sorted((self.wall(posting.time), posting.minor) for posting in account.postings)
        self._posted_at = [moment for moment, _ in posted]
        self._spent = list(accumulate((minor for _, minor in posted), initial=0))

    def wall(self, instant: datetime) -> Wall:
        """Return an instant on the wall clock."""
        return working_time.wall(instant, self.zone)

    def end_of(self, day: date) -> Status:
        """Return the end of a day."""
        return Status(working_time.day_ends(day), is_included=False)

    def status_of(self, period: Period) -> Status:
        """Return the moment of which a period's figures are: the end of its last day, or when it was closed on that day."""
        closed = self.wall(period.time)
        return Status(closed) if working_time.day_of(closed) == period.status_date else self.end_of(period.status_date)

    def calendar_of(self, version: int) -> WorkingCalendar | None:
        """Return the calendar that a version is planned by: its own, the initiative's, or the portfolio's."""
        return self.state.version(version).calendar or self.state.calendar or self.state.portfolio_calendar

    def plan(self, version: int) -> Plan:
        """Return a version, ready for working with; without a calendar every hour counts."""
        plan = self._plans.get(version)
        if plan is None:
            calendar = self.calendar_of(version)
            time = working_time.always(self.zone) if calendar is None else working_time.of(calendar)
            parts = {name: self._part(planned) for name, planned in self.state.version(version).parts.items()}
            plan = self._plans[version] = Plan(parts, time)
        return plan

    def curve(self, version: int) -> Curve:
        """Return the planned value of a version by working hours."""
        curve = self._curves.get(version)
        if curve is None:
            curve = self._curves[version] = Curve(self.plan(version))
        return curve

    def approved_by(self, status: Status) -> Sequence[Approval]:
        """Return the approvals until a moment; the first one where there was none yet, since its plan reaches back."""
        known = [approval for approval in self.approvals if status.has(self.wall(approval.time))]
        return known or self.approvals[:1]

    def progress(self, status: Status) -> Mapping[str, Progress]:
        """Return how far each work package was at a moment."""
        known = self._progress.get(status)
        if known is not None:
            return known
        found = self._progress[status] = dict[str, Progress]()
        for name, (starts, times, fractions) in self._readings.items():
            place = _count(times, status)
            is_started = place > 0 or _count(starts, status) > 0
            if is_started:
                found[name] = Progress(is_started, fractions[place - 1] if place else _NOTHING)
        return found

    def spent(self, status: Status) -> int:
        """Return what was spent by a moment."""
        return self._spent[_count(self._posted_at, status)]

    def to_complete(self, plan: Plan, status: Status, progress: Mapping[str, Progress]) -> Known:
        """Return what those who do the work said, by a moment, that the rest of it costs.

        The newest estimate of all of it; or, where estimates of work packages are newer, the sum of these and of what of the
        other packages' budgets is not earned. What is done costs nothing more.
        """
        known = [estimate for estimate in self._estimates if status.has(self.wall(estimate.time))]
        if not known:
            return NO_ESTIMATE
        if known[-1].package is None:
            return known[-1].minor
        newest = {estimate.package: estimate.minor for estimate in known}
        left = Fraction()
        for name, part in plan.parts.items():
            done = progress.get(name, UNTOUCHED)
            if done.fraction < 1:
                left += newest[name] if name in newest else part.budget - Fraction(*plan.earned(part, status, done))
        return left

    @cached_property
    def last(self) -> Wall | None:
        """The last moment at which anything is known to have happened."""
        moments = [*self._posted_at[-1:], *(self.wall(approval.time) for approval in self.approvals)]
        moments += [self.end_of(period.status_date).moment for period in self.state.periods]
        moments += [times[-1] for _, times, _ in self._readings.values() if times]
        return max(moments, default=None)

    @cached_property
    def _estimates(self) -> Sequence[Estimate]:
        return sorted(self.state.estimates, key=lambda estimate: (estimate.time, estimate.entry))

    def _part(self, planned: PlannedWork) -> Part:
        hours = planned.working_hours
        return Part(
            start=self._moment(planned.start),
            finish=self._moment(planned.finish, is_end=True),
            at_start=planned.at_start,
            over_time=planned.over_time,
            method=cast("Method", planned.method),
            duration=None if hours is None else int(Fraction(hours) * HOUR),
        )

    def _moment(self, planned: str, *, is_end: bool = False) -> Wall:
        if len(planned) > _DAY_LENGTH:
            return self.wall(datetime.fromisoformat(planned))
        day = date.fromisoformat(planned)
        return working_time.day_ends(day) if is_end else working_time.day_begins(day)

    def _read(self, work: Work) -> tuple[list[Wall], list[Wall], list[Fraction]]:
        starts = sorted(self._moment(start) for start in work.starts)
        readings = sorted((self.wall(reading.time), reading.entry, Fraction(reading.fraction)) for reading in work.readings)
        return starts, list(map(itemgetter(0), readings)), list(map(itemgetter(2), readings))


def _count(moments: Sequence[Wall], status: Status) -> int:
    """Return how many of the moments, which are in their order, a status has."""
    return (bisect_right if status.is_included else bisect_left)(moments, status.moment)
