"""What a window of days looked like: cumulative flow, weeks, cycle times, and whether they hang together. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portfolio_projector.metrics import definitions, flow, metric
from portfolio_projector.metrics.metric import Figure, Known
from portfolio_projector.metrics.reasons import NOTHING_DONE, Unknown
from portfolio_projector.read_models.flow.journeys import Journey, Journeys
from portfolio_projector.read_models.flow.state import KINDS

Shown = dict[str, object]

_WEEK = 7
_FAR = Fraction(1, 4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Days from first to last, as ordinals, and how they are counted. `over` is the last day that has ended.

    `shares` are the percentiles that are wanted, `items_max` how many items are listed.
    """

    first: int
    last: int
    over: int
    shares: Sequence[Fraction]
    inclusive: bool
    items_max: int

    def __contains__(self, day: int | None) -> bool:
        return day is not None and self.first <= day <= self.last


def tell(journeys: Journeys, window: Window) -> Shown:
    """Return the figures of a window."""
    workflow, found = journeys.workflow, journeys.found
    columns = len(workflow.states) + 2
    before, *table = flow.cumulative([one.passage for one in found], columns, window.first - 1, window.last)
    wip = [row[workflow.committed] - row[-1] for row in table]
    completed = [one for one in found if one.done is not None and window.first <= one.done <= window.last]
    counted = [one for one in completed if why_excluded(one) is None]
    cycle_times = [_cycle_time(one, window) for one in counted]
    open_ = [row[0] - row[-1] for row in table]
    changes = sum(kept.total() for kept in _changes(journeys, window))
    return {
        "cfd": list(_days(journeys, window, table, wip)),
        "weeks": list(_weeks(journeys, window, completed, open_)),
        "cycle_time": {
            "completed": len(completed),
            "excluded": len(completed) - len(counted),
            "percentiles": percentiles(definition(window), cycle_times, window.shares),
            "mean": metric.number(definition(window), flow.mean(cycle_times)),
        },
        "completed": list(_completed(completed, window)),
        "flow_efficiency": metric.number(
            definitions.FLOW_EFFICIENCY, flow.efficiency(sum(one.active for one in counted), sum(one.waiting for one in counted))
        ),
        "distribution": {
            kind: metric.number(definitions.FLOW_SHARE, share) for kind, share in flow.distribution(_kinds(completed)).items()
        },
        "churn": metric.number(definitions.CHURN, flow.churn(changes, open_)),
        "littles_law": _littles_law(before[workflow.committed] - before[-1], wip, [_elapsed(one) for one in counted]),
    }


def occupied(table: Sequence[Sequence[int]], column: int) -> list[int]:
    """Return how many items were in a column, and in none after it, day by day."""
    return [row[column] - row[column + 1] for row in table]


def percentiles(
    defined: definitions.Definition, values: Sequence[int], shares: Iterable[Fraction], *, none: Unknown = NOTHING_DONE
) -> list[Figure]:
    """Return percentiles with their shares; `none` says why there are none."""
    found = ((share, flow.percentile(values, share, none=none)) for share in shares)
    return [{"share": metric.decimal_text(share, _SHARE_DIGITS), **metric.number(defined, value)} for share, value in found]


def why_excluded(one: Journey) -> str | None:
    """Return why an item that is done has no cycle time; None where it has one."""
    if one.committed is None:
        return "NEVER_COMMITTED"
    return "DONE_BEFORE_COMMITTED" if one.done is not None and one.done < one.committed else None


def monday(day: int) -> int:
    """Return the first day of a week. The first day of all was a Monday."""
    return day - (day - 1) % _WEEK


def written(day: int) -> str:
    """Return a day as it is written."""
    return date.fromordinal(day).isoformat()


def definition(window: Window) -> definitions.Definition:
    """Return how cycle times are counted."""
    return definitions.CYCLE_TIME_INCLUSIVE if window.inclusive else definitions.CYCLE_TIME


_SHARE_DIGITS = 6


def _days(journeys: Journeys, window: Window, table: Sequence[Sequence[int]], wip: Sequence[int]) -> Iterable[Shown]:
    workflow = journeys.workflow
    arrivals = Counter(one.passage.reached[workflow.committed] for one in journeys.found)
    departures = Counter(one.done for one in journeys.found)
    for place, row in enumerate(table):
        day = window.first + place
        yield {
            "day": written(day),
            "added": row[0],
            "states": {state.name: count for state, count in zip(workflow.states, row[1:-1], strict=True)},
            "done": row[-1],
            "wip": wip[place],
            "arrivals": arrivals[day],
            "departures": departures[day],
            "net_flow": arrivals[day] - departures[day],
        }


def _weeks(journeys: Journeys, window: Window, completed: Sequence[Journey], open_: Sequence[int]) -> Iterable[Shown]:
    mondays = range(monday(window.first), window.last + 1, _WEEK)
    starts = [max(day, window.first) for day in mondays]

    def per_week(days: Iterable[int]) -> list[int]:
        return flow.per_period(days, starts, window.last)

    by_kind = {kind: per_week(one.done for one in completed if one.kind == kind and one.done) for kind in KINDS}
    changes = [per_week(kept.elements()) for kept in _changes(journeys, window)]
    for week, first in enumerate(starts):
        last = min(mondays[week] + _WEEK - 1, window.last)
        kinds = {kind: counts[week] for kind, counts in by_kind.items()}
        moves, additions, drops = (counts[week] for counts in changes)
        days = open_[first - window.first : last - window.first + 1]
        year, number, _ = date.fromordinal(first).isocalendar()
        yield {
            "week": f"{year:04}-W{number:02}",
            "first_day": written(first),
            "last_day": written(last),
            "whole": last - first == _WEEK - 1 and last <= window.over,
            "throughput": sum(kinds.values()),
            "kinds": kinds,
            "moves": moves,
            "additions": additions,
            "drops": drops,
            "churn": metric.number(definitions.CHURN, flow.churn(moves + additions + drops, days)),
        }


def _changes(journeys: Journeys, window: Window) -> list[Counter[int]]:
    """Return the days of the window on which the backlog was changed: by moves, additions and drops."""
    every = (journeys.moved, journeys.added, journeys.dropped)
    return [Counter({day: count for day, count in kept.items() if day in window}) for kept in every]


def _completed(completed: Sequence[Journey], window: Window) -> Iterable[Shown]:
    for one in sorted(completed, key=lambda one: (-(one.done or 0), one.item))[: window.items_max]:
        excluded = why_excluded(one)
        yield {
            "item": one.item,
            "kind": one.kind,
            "committed_on": None if one.committed is None else written(one.committed),
            "done_on": written(one.done or 0),
            "cycle_time_days": None if excluded else _cycle_time(one, window),
            "excluded": excluded,
        }


def _kinds(completed: Iterable[Journey]) -> Mapping[str, int]:
    counts = Counter(one.kind for one in completed)
    return {kind: counts[kind] for kind in KINDS}


def _elapsed(one: Journey) -> int:
    return flow.cycle_time(one.committed or 0, one.done or 0)


def _cycle_time(one: Journey, window: Window) -> int:
    return flow.cycle_time(one.committed or 0, one.done or 0, inclusive=window.inclusive)


def _littles_law(wip_before: int, wip: Sequence[int], cycle_times: Sequence[int]) -> Shown:
    law = flow.littles_law(wip_before, wip, cycle_times)
    return {
        "average_wip": metric.number(definitions.AVERAGE_WIP, law.average_wip),
        "implied_wip": metric.number(definitions.IMPLIED_WIP, law.implied_wip),
        "ratio": metric.number(definitions.LITTLES_LAW, law.ratio),
        "warning": _warning(law.ratio),
    }


def _warning(ratio: Known) -> str | None:
    if isinstance(ratio, Unknown) or abs(Fraction(ratio) - 1) <= _FAR:
        return None
    times = metric.decimal_text(ratio, 2)
    return f"{times} times as much was in work as throughput and cycle time imply: what is in work ages, or leaves uncounted."
