"""How much of the limits current figures use. Pure; money is in minor units, below 0 is better than planned."""

from typing import NamedTuple

from portfolio_projector.metrics import reasons
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.exceptions.state import Amounts, Estimate, Exceptions, Promise


class Figures(NamedTuple):
    """By how much budget and finish will be missed, as far as somebody has said."""

    cost: int | Unknown
    days: int | Unknown

    @property
    def amounts(self) -> Amounts:
        """The same as amounts that limits are compared with."""
        cost = None if isinstance(self.cost, Unknown) else self.cost
        return Amounts(cost=cost, days=None if isinstance(self.days, Unknown) else self.days)


def current(state: Exceptions, spent: int) -> Figures:
    """Return the figures against what is promised now, with the estimates that were reported last."""
    promise = state.current
    if promise is None:
        return Figures(reasons.NO_BASELINE, reasons.NO_BASELINE)
    return Figures(_cost(state, promise, spent), _days(state, promise))


def _cost(state: Exceptions, promise: Promise, spent: int) -> int | Unknown:
    """Return what it will cost beyond its budget: an estimate of all remaining work says so, or the costs themselves."""
    if promise.bac == 0:
        return reasons.NO_BUDGET
    if state.estimate is not None:
        return spent + state.estimate.etc - promise.bac
    return spent - promise.bac if spent > promise.bac else reasons.NO_ESTIMATE


def _days(state: Exceptions, promise: Promise) -> int | Unknown:
    forecasts = [one.finish for one in _estimates(state) if one.finish is not None]
    return (max(forecasts) - promise.finish).days if forecasts else reasons.NO_FORECAST


def _estimates(state: Exceptions) -> list[Estimate]:
    return [*state.estimates.values(), *([] if state.estimate is None else [state.estimate])]
