"""Earned value of a plan at the end of a day, by its working days.

Formulas of EIA-748 and of Lipke's earned schedule. A work package plans a part of its budget at its start and the rest evenly
over its working days; it earns by its method. The earned schedule is the number of working days after which as much was planned
as is earned.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from portfolio_ledger.domain import work_package
from portfolio_ledger.domain.baseline import Plan, PlannedPart
from portfolio_ledger.domain.calendars import WorkingDays
from portfolio_ledger.domain.decider import States
from portfolio_ledger.domain.work_package import WorkPackage

_WHOLE, _HALF, _HUNDREDTH = Decimal(1), Decimal("0.5"), Decimal("0.01")


class Figures(Struct, frozen=True, gc=False):
    """What a plan has planned and earned at the end of a day: minor units, and working days from the first planned one."""

    bac: int
    pv: int
    ev: int
    earned_schedule: Decimal


def figures(plan: Plan, states: States, day: date, days: WorkingDays) -> Figures:
    """Return the figures of a plan at the end of a day, by its own working days or, where it has none, by those given."""
    curve = _Curve(plan, plan.days or days)
    planned = {key: curve.planned(part, day) for key, part in plan.parts.items()}
    earned = sum((_earned(part, work_package.of(states, key), planned[key]) for key, part in plan.parts.items()), Decimal())
    pv = sum(planned.values(), Decimal())
    return Figures(
        bac=sum(part.budget for part in plan.parts.values()),
        pv=_minor(pv),
        ev=_minor(earned),
        earned_schedule=curve.earned_schedule(earned).quantize(_HUNDREDTH, ROUND_HALF_EVEN),
    )


def remaining(part: PlannedPart, state: WorkPackage | None) -> int:
    """Return what of a work package's budget is not earned yet, in minor units."""
    return part.budget - _minor(_earned(part, state, Decimal()))


def _earned(part: PlannedPart, state: WorkPackage | None, planned: Decimal) -> Decimal:
    if state is None or state.since is None:
        return planned if part.ev_method == "LOE" else Decimal()
    if Decimal(state.fraction) == _WHOLE:
        return Decimal(part.budget)
    match part.ev_method:
        case "LOE":
            return planned
        case "0/100":
            return Decimal()
        case "50/50":
            return part.budget * _HALF
        case _:
            fraction = Decimal(state.fraction)
            return (part.at_start if fraction else 0) + fraction * part.over_time


class _Curve:
    """The planned value of each working day, from the first day of a plan to its last."""

    def __init__(self, plan: Plan, days: WorkingDays) -> None:
        self._parts = plan.parts
        self._first = min((part.start for part in plan.parts.values()), default=date.min)
        last = max((part.finish for part in plan.parts.values()), default=date.min)
        self._worked = [0]
        for number in range((last - self._first).days + 1):
            self._worked.append(self._worked[-1] + days.has(self._first + timedelta(number)))

    def planned(self, part: PlannedPart, day: date) -> Decimal:
        """Return what of a work package is planned by the end of a day."""
        if day < part.start:
            return Decimal()
        all_days = self._days(part.start, part.finish)
        share = Decimal(self._days(part.start, min(day, part.finish))) / all_days if all_days and day < part.finish else _WHOLE
        return part.at_start + share * part.over_time

    def earned_schedule(self, earned: Decimal) -> Decimal:
        """Return after how many working days as much was planned as is earned."""
        if earned <= 0:
            return Decimal()
        before, worked_before = Decimal(), 0
        for worked, planned in self._by_day():
            if planned >= earned:
                share = (earned - before) / (planned - before) if planned > before else _WHOLE
                return worked_before + share * (worked - worked_before)
            before, worked_before = planned, worked
        return Decimal(self._worked[-1])

    def _by_day(self) -> list[tuple[int, Decimal]]:
        """Return, for each day, how many were worked by its end and what is planned by then."""
        steps, slopes = _zeros(len(self._worked)), _zeros(len(self._worked) + 1)
        for part in self._parts.values():
            start, finish = (part.start - self._first).days, (part.finish - self._first).days
            steps[start] += part.at_start
            days = self._days(part.start, part.finish)
            if days:
                slopes[start] += Decimal(part.over_time) / days
                slopes[finish + 1] -= Decimal(part.over_time) / days
            else:
                steps[finish] += part.over_time
        total, slope, curve = Decimal(), Decimal(), list[tuple[int, Decimal]]()
        for number in range(len(self._worked) - 1):
            slope += slopes[number]
            total += steps[number] + slope * (self._worked[number + 1] - self._worked[number])
            curve.append((self._worked[number + 1], total.quantize(_HUNDREDTH, ROUND_HALF_EVEN)))
        return curve

    def _days(self, first: date, last: date) -> int:
        return self._worked[(last - self._first).days + 1] - self._worked[(first - self._first).days]


def _zeros(count: int) -> list[Decimal]:
    return [Decimal()] * count


def _minor(value: Decimal) -> int:
    return int(value.quantize(_WHOLE, ROUND_HALF_EVEN))
