"""Earned value: what a plan has planned and earned at a moment, and what follows from it and from what was spent.

Formulas of EIA-748 and of PMI's Practice Standard for Earned Value Management; the edge cases are those of the R package PRA and
of ProTrack. Amounts are minor units of one currency: whole where they were stated, exact fractions where they were worked out.
Ratios are exact fractions, or `Unknown` where they have no basis. Nothing is rounded here.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from portfolio_projector.metrics.metric import Known
from portfolio_projector.metrics.reasons import (
    BUDGET_SPENT,
    DONE,
    NO_BUDGET,
    NO_COST,
    NO_PROGRESS,
    NOT_PLANNED_YET,
    NOT_POSITIVE,
    Unknown,
)
from portfolio_projector.metrics.working_time import Wall, WorkingTime

Amount = int | Fraction

Method = Literal["0/100", "50/50", "milestone_weights", "percent", "LOE"]

MOSTLY_CPI, PARTLY_SPI = Fraction(8, 10), Fraction(2, 10)


class Status(NamedTuple):
    """The moment that figures are of: what happens exactly then is part of it, or, at the end of a day, is not."""

    moment: Wall
    is_included: bool = True

    def has(self, moment: Wall) -> bool:
        """Tell whether a moment has come."""
        return moment <= self.moment if self.is_included else moment < self.moment


class Part(NamedTuple):
    """What a plan says of one work package.

    `at_start` of its budget is planned at its start and `over_time` evenly by working time until its finish; `duration` is the
    working time that it is planned to take, where its source says so, and else all that there is from start to finish.
    """

    start: Wall
    finish: Wall
    at_start: int
    over_time: int
    method: Method = "percent"
    duration: int | None = None

    @property
    def budget(self) -> int:
        """All of its budget."""
        return self.at_start + self.over_time


class Progress(NamedTuple):
    """How far a work package is at a moment: whether it was started, and the fraction that is done, 1 when it is completed."""

    is_started: bool
    fraction: Fraction


UNTOUCHED = Progress(is_started=False, fraction=Fraction())


Ratio = tuple[int, int]
"""An exact share of minor units, as numerator and denominator: quicker than fractions where there are many."""


class Plan:
    """The parts of a baseline by their names, and the calendar by which they are planned."""

    def __init__(self, parts: Mapping[str, Part], time: WorkingTime) -> None:
        self.parts = parts
        self.time = time
        self.bac = sum(part.budget for part in parts.values())
        self.start = min(part.start for part in parts.values())
        self.finish = max(part.finish for part in parts.values())

    def duration(self, part: Part) -> int:
        """Return the working time that a part is planned to take."""
        return self.time.between(part.start, part.finish) if part.duration is None else part.duration

    def planned(self, part: Part, status: Status) -> Ratio:
        """Return what of a part is planned at a moment: nothing before its start, all after its finish.

        A part without working time in it, such as a milestone, is planned at its start.
        """
        if not status.has(part.start):
            return 0, 1
        duration = 0 if status.has(part.finish) else self.duration(part)
        if not duration:
            return part.budget, 1
        elapsed = min(self.time.between(part.start, status.moment), duration)
        return part.at_start * duration + part.over_time * elapsed, duration

    def pv(self, status: Status) -> Fraction:
        """Return the planned value at a moment."""
        return _total(self.planned(part, status) for part in self.parts.values())

    def ev(self, status: Status, progress: Mapping[str, Progress]) -> Fraction:
        """Return the earned value at a moment. Never more than the budget; work that is not in the plan earns nothing in it."""
        return _total(self.earned(part, status, progress.get(name, UNTOUCHED)) for name, part in self.parts.items())

    def earned(self, part: Part, status: Status, progress: Progress) -> Ratio:
        """Return what of a part is earned, by its method; all of it when the fraction is 1."""
        done, of = progress.fraction.numerator, progress.fraction.denominator
        if done == of:
            return part.budget, 1
        match part.method:
            case "LOE":
                return self.planned(part, status)
            case "0/100":
                return 0, 1
            case "50/50":
                return (part.budget, 2) if progress.is_started or done else (0, 1)
            case "percent" | "milestone_weights":
                return (part.at_start * of if done else 0) + done * part.over_time, of


def _total(ratios: Iterable[Ratio]) -> Fraction:
    """Add ratios up, those of one denominator as whole numbers."""
    sums = dict[int, int]()
    for numerator, denominator in ratios:
        sums[denominator] = sums.get(denominator, 0) + numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in sums.items()), Fraction())


def share(value: Amount, bac: int) -> Known:
    """Return which share of the budget an amount is: % complete, % spent, % planned."""
    return Fraction(value, bac) if bac else NO_BUDGET


def spi(bac: int, pv: Amount, ev: Amount) -> Known:
    """Return EV / PV."""
    if not bac:
        return NO_BUDGET
    return Fraction(ev, pv) if pv else NOT_PLANNED_YET


def cpi(bac: int, ev: Amount, ac: int) -> Known:
    """Return EV / AC. Work that is done while no cost is posted has no performance: its invoices are missing."""
    if not bac:
        return NO_BUDGET
    if not ac:
        return NO_COST
    return Fraction(ev, ac) if ac > 0 else NOT_POSITIVE


def recent_cpi(bac: int, ev_gained: Amount, ac_spent: int) -> Known:
    """Return the cost performance of the newest periods alone, by what was earned and spent in them."""
    if not bac:
        return NO_BUDGET
    return Fraction(ev_gained, ac_spent) if ac_spent > 0 else NO_COST


def product(first: Known, second: Known) -> Known:
    """Multiply two performances."""
    return _first_unknown((first, second)) or Fraction(_exact(first)) * Fraction(_exact(second))


def mixed(cost: Known, schedule: Known) -> Known:
    """Weigh a cost performance by 0.8 and a schedule performance by 0.2."""
    unknown = _first_unknown((cost, schedule))
    return unknown or MOSTLY_CPI * Fraction(_exact(cost)) + PARTLY_SPI * Fraction(_exact(schedule))


def etc(bac: int, ev: Amount, performance: Known) -> Known:
    """Return what the remaining work costs at a performance; nothing where none is left."""
    if not bac:
        return NO_BUDGET
    if ev >= bac:
        return 0
    if isinstance(performance, Unknown):
        return performance
    if performance <= 0:
        return NO_PROGRESS if ev <= 0 else NOT_POSITIVE
    return (bac - ev) / Fraction(performance)


def eac(ac: int, to_complete: Known) -> Known:
    """Return AC + ETC: what all of it costs, by an estimate of what the rest does."""
    return to_complete if isinstance(to_complete, Unknown) else ac + to_complete


def vac(bac: int, at_completion: Known) -> Known:
    """Return BAC - EAC."""
    return at_completion if isinstance(at_completion, Unknown) else bac - at_completion


def tcpi(bac: int, ev: Amount, ac: int, target: Known) -> Known:
    """Return the performance that the remaining work needs, so that all of it costs a target: the budget, or an estimate."""
    if not bac:
        return NO_BUDGET
    if ev >= bac:
        return DONE
    if isinstance(target, Unknown):
        return target
    left = Fraction(target) - ac
    return (bac - ev) / left if left > 0 else BUDGET_SPENT


def _first_unknown(found: Iterable[Known]) -> Unknown | None:
    return next((one for one in found if isinstance(one, Unknown)), None)


def _exact(found: Known) -> Fraction:
    if isinstance(found, Unknown):
        raise TypeError("What is not known cannot be worked with.")
    return Fraction(found)
