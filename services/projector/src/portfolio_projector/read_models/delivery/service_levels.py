"""How well promised service levels are kept, and what is left of what may go wrong. Pure."""

from fractions import Fraction
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import definitions, metric
from portfolio_projector.metrics.metric import Known, NumberMetric
from portfolio_projector.metrics.reasons import NO_ERROR_BUDGET, NOT_MEASURED, NOT_PROMISED
from portfolio_projector.read_models.delivery.state import Measure, Promise, ServiceLevel
from portfolio_projector.read_models.delivery.windows import Delivered


class MeasureAnswer(BaseModel):
    """The share of good events over the window that ended then, and what it left of the error budget."""

    value: str
    budget_left: NumberMetric
    measured: Act


class ServiceLevelAnswer(BaseModel):
    """A service level as it was promised, and last measured, by the end of the window."""

    service_level: str
    sli: str | None
    target: str | None
    window_days: int | None
    proposed_by: str | None
    set: Act | None
    set_before: int = Field(description="how often it was set before, otherwise or the same")
    value: str | None = Field(description="the share of good events, as it was measured last; null where nobody did")
    measured: Act | None
    kept: bool | None = Field(description="whether the last measure reaches the target; null where either is unknown")
    error_budget: NumberMetric
    budget_spent: NumberMetric
    budget_left: NumberMetric
    exhausted: list[Act] = Field(description="when sources said that the budget was spent, in the window")
    measures: list[MeasureAnswer] = Field(description="in the window, by when the measured windows ended")


class Budget(NamedTuple):
    """What may go wrong, and what of that did: shares of all events, and of what may."""

    whole: Known
    spent: Known
    left: Known


def budget(target: str | None, value: str | None) -> Budget:
    """Return an error budget: 1 - target; (1 - value) / (1 - target) of it is spent. A target of 1 leaves none to be spent."""
    if target is None:
        return Budget(NOT_PROMISED, NOT_PROMISED, NOT_PROMISED)
    whole = 1 - Fraction(target)
    if value is None:
        return Budget(whole, NOT_MEASURED, NOT_MEASURED)
    if not whole:
        return Budget(whole, NO_ERROR_BUDGET, NO_ERROR_BUDGET)
    spent = (1 - Fraction(value)) / whole
    return Budget(whole, spent, 1 - spent)


def service_level(name: str, level: ServiceLevel, seen: Delivered) -> dict[str, Any]:
    """Return a service level as the end of the window has it."""
    measures = [one for one in in_time(level.measures) if not seen.is_later(one.act.at)]
    promises = [one for one in in_time(level.promises) if not seen.is_later(one.act.at)]
    promise = promises[-1] if promises else None
    last = measures[-1] if measures else None
    target, value = promise and promise.target, last and last.value
    found = budget(target, value)
    return {
        "service_level": name,
        "sli": promise and promise.sli,
        "target": target,
        "window_days": promise and promise.window_days,
        "proposed_by": promise and promise.proposed_by,
        "set": None if promise is None else act(promise.act),
        "set_before": max(len(promises) - 1, 0),
        "value": value,
        "measured": None if last is None else act(last.act),
        "kept": None if target is None or value is None else Fraction(value) >= Fraction(target),
        "error_budget": metric.number(definitions.ERROR_BUDGET, found.whole),
        "budget_spent": metric.number(definitions.ERROR_BUDGET_SPENT, found.spent),
        "budget_left": metric.number(definitions.ERROR_BUDGET_LEFT, found.left),
        "exhausted": [act(one) for one in level.exhausted if seen.holds(one.at)],
        "measures": [_measure(one, promises) for one in measures if seen.holds(one.act.at)],
    }


def _measure(measure: Measure, promises: list[Promise]) -> dict[str, Any]:
    """Return a measure beside what was promised when its window ended."""
    target = next((one.target for one in reversed(promises) if one.act.at <= measure.act.at), None)
    left = budget(target, measure.value).left
    return {
        "value": measure.value,
        "budget_left": metric.number(definitions.ERROR_BUDGET_LEFT, left),
        "measured": act(measure.act),
    }
