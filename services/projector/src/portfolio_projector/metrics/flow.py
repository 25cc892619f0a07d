"""Flow: what is counted of items on their way from a backlog through the states of a workflow until they are done. Pure.

Days are ordinals (`date.toordinal`) in the zone of whoever counts. Sources: jira-agile-metrics of Deloitte Digital (cumulative
flow, percentiles, age); D. Vacanti, Actionable Agile Metrics for Predictability (2015), for the added day and Little's law;
M. Kersten, Project to Product (2018), for velocity, load, efficiency and distribution; SAFe for weighted shortest job first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, islice
from typing import NamedTuple

from portfolio_projector.metrics.metric import Exact, Known
from portfolio_projector.metrics.reasons import NEVER_STEADY, NO_OPEN_ITEMS, NO_SIZE, NO_TIME, NOTHING_DONE, Unknown


class Passage(NamedTuple):
    """The day on which an item reached each column of a flow or a later one, None where it has not; `left`: when it left undone.

    The first column is the backlog itself, the last is done; in between are the states of the workflow.
    """

    reached: tuple[int | None, ...]
    left: int | None = None


def visit(reached: list[int | None], at: int, column: int, day: int, *, last_entry: bool = True) -> None:
    """Let an item that is at a column, -1 before the first, enter another on a day.

    What it skipped it reached with that column. Going back, it has not reached what lies ahead of it, and the last entry counts
    when it goes forward again; without `last_entry` what was reached once stays reached on that day.
    """
    if last_entry:
        if column > at:
            for passed in range(at + 1, column + 1):
                reached[passed] = day
        else:
            for ahead in range(column + 1, at + 1):
                reached[ahead] = None
    else:
        for passed in range(at + 1, column + 1):
            if reached[passed] is None:
                reached[passed] = day


def cumulative(passages: Sequence[Passage], columns: int, first: int, last: int) -> list[list[int]]:
    """Return the cumulative flow: for each day from first to last, how many items had reached each column by its end.

    What left undone counts until that day and no longer. It costs items x columns and days x columns, never items x days.
    """
    if last < first:
        return []
    reached = zip(*(one.reached for one in passages), strict=True) if passages else ((),) * columns
    changes = [Counter[int | None](days) for days in reached]
    for days, left in passages:
        if left is not None:
            for change, day in zip(changes, days, strict=True):
                if day is not None:
                    change[max(left, day)] -= 1
    rows = [_running(change, first, last) for change in changes]
    return [list(row) for row in zip(*rows, strict=True)]


def _running(changes: Mapping[int | None, int], first: int, last: int) -> Iterator[int]:
    """Return the sum of all changes up to each day."""
    before = sum(count for day, count in changes.items() if day is not None and day < first)
    days = (changes.get(day, 0) for day in range(first, last + 1))
    return islice(accumulate(days, initial=before), 1, None)


def per_period(days: Iterable[int], starts: Sequence[int], end: int) -> list[int]:
    """Return how many of the days fall into each period, 0 where none does. Periods follow each other up to and with `end`."""
    counts = [0] * len(starts)
    bounds = [*starts[1:], end + 1]
    ordered = iter(sorted(day for day in days if starts and starts[0] <= day <= end))
    period = 0
    for day in ordered:
        while day >= bounds[period]:
            period += 1
        counts[period] += 1
    return counts


def cycle_time(committed: int, done: int, *, inclusive: bool = False) -> int:
    """Return days from commitment to done, waiting included: those that elapsed, or with `inclusive` the first one too."""
    return done - committed + inclusive


def percentile(values: Sequence[int], share: Fraction, *, none: Unknown = NOTHING_DONE) -> Known:
    """Return a percentile by linear interpolation between the two nearest values; `none` says why there is none."""
    if not values:
        return none
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def mean(values: Sequence[int]) -> Known:
    """Return the mean."""
    return Fraction(sum(values), len(values)) if values else NOTHING_DONE


def efficiency(active: int, waiting: int) -> Known:
    """Return flow efficiency: the share of the time in which somebody worked on it. Both in the same unit."""
    return Fraction(active, active + waiting) if active + waiting else NO_TIME


def distribution(counts: Mapping[str, int]) -> dict[str, Known]:
    """Return the share of each kind in what was done."""
    total = sum(counts.values())
    return {kind: Fraction(count, total) if total else NOTHING_DONE for kind, count in counts.items()}


def churn(changes: int, open_days: Sequence[int]) -> Known:
    """Return backlog churn: moves, additions and drops in a period, for each item that was open on its average day."""
    total = sum(open_days)
    return Fraction(changes * len(open_days), total) if total else NO_OPEN_ITEMS


@dataclass(frozen=True, slots=True)
class LittlesLaw:
    """What was in work on the average day, and what throughput and cycle time say that it should have been."""

    average_wip: Known
    implied_wip: Known

    @property
    def ratio(self) -> Known:
        """What was observed, to what is implied: far from 1, figures of the window do not hang together."""
        if isinstance(self.average_wip, Unknown):
            return self.average_wip
        if isinstance(self.implied_wip, Unknown):
            return self.implied_wip
        return Fraction(self.average_wip) / Fraction(self.implied_wip) if self.implied_wip else NOTHING_DONE


def littles_law(wip_before: int, wip: Sequence[int], cycle_times: Sequence[int]) -> LittlesLaw:
    """Compare average work in progress with throughput x average cycle time, over a window at whose ends as much is in work.

    The law holds over such windows only. It is a check of the figures, and corrects none of them.
    """
    if not wip or wip_before != wip[-1]:
        return LittlesLaw(NEVER_STEADY, NEVER_STEADY)
    days = mean(cycle_times)
    implied = days if isinstance(days, Unknown) else Fraction(len(cycle_times), len(wip)) * Fraction(days)
    return LittlesLaw(mean(wip), implied)


class Scored(NamedTuple):
    """An item and how it was weighed. `older` orders items by age: the least is the oldest."""

    item: str
    value: Exact
    time_criticality: Exact
    risk_reduction: Exact
    size: Exact
    older: int = 0

    @property
    def cost_of_delay(self) -> Fraction:
        """What it costs that it is not there: value, time criticality, and risk reduction or opportunity."""
        return Fraction(self.value) + Fraction(self.time_criticality) + Fraction(self.risk_reduction)

    @property
    def wsjf(self) -> Known:
        """Weighted shortest job first: the cost of delay over the size."""
        return self.cost_of_delay / Fraction(self.size) if self.size > 0 else NO_SIZE


def by_wsjf(scored: Iterable[Scored]) -> list[Scored]:
    """Return items in the order that weighted shortest job first suggests; of equals the smaller one first, then the older."""
    return sorted(scored, key=_urgency)


def _urgency(one: Scored) -> tuple[bool, Fraction, Fraction, int, str]:
    score = one.wsjf
    known = Fraction(0) if isinstance(score, Unknown) else Fraction(score)
    return isinstance(score, Unknown), -known, Fraction(one.size), one.older, one.item
