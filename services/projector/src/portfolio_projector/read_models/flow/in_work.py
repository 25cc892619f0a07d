"""What is in work now: how much, how old, and whether the limits are kept. Pure."""

from collections.abc import Callable, Iterable, Sequence

from portfolio_projector.metrics import definitions, flow, metric
from portfolio_projector.metrics.reasons import NOTHING_OPEN
from portfolio_projector.read_models.flow.journeys import Journey, Journeys
from portfolio_projector.read_models.flow.state import Flow, Limit
from portfolio_projector.read_models.flow.window import Shown, Window, occupied, percentiles, written


def tell(journeys: Journeys, today: int, window: Window) -> Shown:
    """Return the items that are committed and not done, the oldest first, and their ages on a day."""
    found = sorted(
        ((today - committed, one) for one, committed in _committed(journeys)), key=lambda each: (-each[0], each[1].item)
    )
    ages = [age for age, _ in found]
    return {
        "load": metric.count(definitions.FLOW_LOAD, len(found)),
        "age": percentiles(definitions.AGE, ages, window.shares, none=NOTHING_OPEN),
        "items": [
            {
                "item": one.item,
                "kind": one.kind,
                "state": one.state,
                "committed_on": written(today - age),
                "age_days": age,
                "blocked": one.is_blocked,
            }
            for age, one in found[: window.items_max]
        ],
    }


def limits(state: Flow, journeys: Journeys, day_of: Callable[[int], int], window: Window) -> list[Shown]:
    """Return the limit of each state that has one, in the order of names, and how it was kept."""
    by_state = dict[str, list[Limit]]()
    for limit in sorted(state.limits, key=lambda one: (one.time, one.entry)):
        by_state.setdefault(limit.state, []).append(limit)
    return [
        {
            "state": name,
            "limit": known[-1].limit,
            "since_entry": known[-1].entry,
            "items": (now := sum(1 for one in journeys.found if one.is_open and one.state == name)),
            "exceeded": now > known[-1].limit,
            "days_exceeded": _days_exceeded(journeys, name, [(day_of(one.time), one.limit) for one in known], window),
        }
        for name, known in sorted(by_state.items())
    ]


def _committed(journeys: Journeys) -> Iterable[tuple[Journey, int]]:
    return ((one, one.committed) for one in journeys.found if one.is_open and one.committed is not None)


def _days_exceeded(journeys: Journeys, name: str, limits: Sequence[tuple[int, int]], window: Window) -> int | None:
    """Count days of the window that were over; None for a state that the workflow does not have."""
    names = [state.name for state in journeys.workflow.states]
    if name not in names:
        return None
    table = flow.cumulative([one.passage for one in journeys.found], len(names) + 2, window.first, min(window.last, window.over))
    exceeded = 0
    for day, items in enumerate(occupied(table, names.index(name) + 1), start=window.first):
        allowed = next((limit for since, limit in reversed(limits) if since <= day), None)
        exceeded += allowed is not None and items > allowed
    return exceeded
