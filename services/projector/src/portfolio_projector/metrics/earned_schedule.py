"""Earned schedule: at which working hour as much was planned as is earned, and what that says of the end.

Lipke's formulas, with the rules of ProTrack where his leave a choice. The grid matters: everything counts by whole working hours
of the baseline's calendar from its planned start, and the planned value of an hour is that at its end, before anything that
begins then. Between two hours it is interpolated.

ES = C + I, where C is the last hour of which not more was planned than is earned, I = (EV - PV(C)) / (PV(C + 1) - PV(C)).
Nothing earned: 0. All of it: the planned duration, so that late work stays late. Exactly as much earned as is planned now: now,
however long the planned value has been flat. ProTrack cuts ES to whole hours before it works with it: `in_whole_hours`.
"""

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from portfolio_projector.metrics.earned_value import Amount, Plan
from portfolio_projector.metrics.metric import Known
from portfolio_projector.metrics.reasons import DONE, NO_BUDGET, NOT_STARTED_YET, TIME_SPENT, TOO_EARLY, Unknown
from portfolio_projector.metrics.working_time import HOUR, Wall

ENOUGH_EARNED = Fraction(3, 10)
"""Before so much of the budget is earned, a finish by SPI(t) is off by a multiple: mean error 750 % on 32 real projects."""

_DIGITS = 60
_EXACT_TO = Decimal("1E-12")

Hours = Fraction


class _Change(NamedTuple):
    """What changes after so much working time: an amount that is planned at once, and the rate of what is from then on."""

    at: int
    amount: Decimal
    rate: Decimal


class Curve:
    """The planned value of a plan by working hours from its start, and where on it an earned value lies."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._bac = plan.bac
        self._finish = Fraction(plan.time.between(plan.start, plan.finish), HOUR)
        with localcontext() as context:
            context.prec = _DIGITS
            self._hours, self._planned = _nodes(list(_changes(plan)))

    def at(self, moment: Wall) -> Hours:
        """Return AT: the working hours that have passed since the planned start; 0 before it."""
        return Fraction(self._plan.time.between(self._plan.start, moment), HOUR)

    def instant(self, hours: Hours) -> Wall:
        """Return the first moment at which so many working hours have passed."""
        return self._plan.time.after(self._plan.start, round(hours * HOUR))

    @property
    def duration(self) -> Hours:
        """PD: the working hours until all of the budget is planned; of a plan without budget, until its last finish."""
        if not self._bac:
            return self._finish
        place = next(place for place, planned in enumerate(self._planned) if planned >= self._bac)
        return min(Fraction(self._hours[place]), self._finish)

    def earned(self, ev: Amount, pv: Amount, at: Hours) -> Known:
        """Return ES for what is earned and planned now, at an actual time."""
        if not self._bac:
            return NO_BUDGET
        if ev <= 0:
            return Fraction()
        if ev >= self._bac:
            return self.duration
        if ev == pv:
            return min(at, self.duration)
        level = _as_planned(ev)
        place = bisect_right(self._planned, level) - 1
        before, after = self._planned[place], self._planned[place + 1]
        hours, width = self._hours[place], self._hours[place + 1] - self._hours[place]
        found = hours + width * (Fraction(level) - Fraction(before)) / (Fraction(after) - Fraction(before))
        return min(found, self.duration)


def in_whole_hours(es: Known) -> Known:
    """Return an earned schedule without the part of an hour that has begun."""
    return es if isinstance(es, Unknown) else Fraction(int(es))


def spi_t(es: Known, at: Hours) -> Known:
    """Return ES / AT."""
    if isinstance(es, Unknown):
        return es
    return Fraction(es) / at if at else NOT_STARTED_YET


def sv_t(es: Known, at: Hours) -> Known:
    """Return ES - AT, in working hours."""
    return es if isinstance(es, Unknown) else Fraction(es) - at


def tspi(es: Known, at: Hours, pd: Hours) -> Known:
    """Return (PD - ES) / (PD - AT): the performance in time that is needed to finish as planned."""
    if isinstance(es, Unknown):
        return es
    if es >= pd:
        return DONE
    return (pd - Fraction(es)) / (pd - at) if at < pd else TIME_SPENT


def finish_at_plan_rate(es: Known, at: Hours, pd: Hours) -> Known:
    """Return AT + (PD - ES): the working hours that all of it takes, if the rest takes as long as it was planned to."""
    return es if isinstance(es, Unknown) else at + pd - Fraction(es)


def finish_at_spi_t(es: Known, at: Hours, pd: Hours, complete: Known) -> Known:
    """Return AT + (PD - ES) / SPI(t), which is PD / SPI(t), once enough is earned for it to mean something."""
    performance = spi_t(es, at)
    if isinstance(es, Unknown) or isinstance(performance, Unknown):
        return performance
    if isinstance(complete, Unknown) or complete < ENOUGH_EARNED:
        return TOO_EARLY
    return at + (pd - Fraction(es)) / Fraction(performance)


def _changes(plan: Plan) -> Iterable[_Change]:
    """Return, of each part: its budget at start, the rate of the rest, the end of that rate, and what its finish makes up for."""
    begin = plan.time.passed(plan.start)
    for part in plan.parts.values():
        start, finish = plan.time.passed(part.start) - begin, plan.time.passed(part.finish) - begin
        duration = finish - start if part.duration is None else part.duration
        if not duration or finish == start:
            yield _Change(start, Decimal(part.budget), Decimal())
            continue
        rate = Decimal(part.over_time) / duration
        until = min(start + duration, finish)
        yield _Change(start, Decimal(part.at_start), rate)
        yield _Change(until, Decimal(), -rate)
        if until - start < duration:
            yield _Change(finish, Decimal(part.over_time * (duration - until + start)) / duration, Decimal())


def _nodes(changes: list[_Change]) -> tuple[list[int], list[Decimal]]:
    """Return the whole hours between which the planned value runs straight, and what is planned at the end of each of them."""
    changes.sort(key=itemgetter(0))
    hours = sorted({0} | {hour for at in {change.at for change in changes} for hour in (at // HOUR, at // HOUR + 1)})
    planned, total, rate, since, place = list[Decimal](), Decimal(), Decimal(), 0, 0
    for hour in hours:
        end = hour * HOUR
        while place < len(changes) and changes[place].at < end:
            change = changes[place]
            total += rate * (change.at - since) + change.amount
            rate, since, place = rate + change.rate, change.at, place + 1
        total, since = total + rate * (end - since), end
        planned.append(total.quantize(_EXACT_TO))
    return hours, planned


def _as_planned(amount: Amount) -> Decimal:
    """Return an amount as exact as the planned values are, so that equal ones are equal."""
    with localcontext() as context:
        context.prec = _DIGITS
        return (Decimal(amount.numerator) / amount.denominator).quantize(_EXACT_TO)
