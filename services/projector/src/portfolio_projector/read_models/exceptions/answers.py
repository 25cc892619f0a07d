"""The answers about tolerances and exceptions. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import by_time, in_time, newest
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging, moment
from portfolio_projector.http.values import InitiativeMode
from portfolio_projector.metrics import definitions, metric, reasons
from portfolio_projector.metrics.metric import CountMetric, Figure, Known, MoneyMetric, NumberMetric, Sum
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.exceptions import figures
from portfolio_projector.read_models.exceptions.figures import Figures
from portfolio_projector.read_models.exceptions.measured import Measured
from portfolio_projector.read_models.exceptions.state import Amounts, Breach, Dimension, Draw, Exceptions, Raised, Tolerance


class AmountsAnswer(BaseModel):
    """By how much something may be, or is expected to be, missed; null is what nobody said."""

    cost: Sum | None
    days: int | None
    scope: str | None
    benefit: str | None


class Limit(BaseModel):
    """One statement of how much may be missed."""

    limits: AmountsAnswer
    source: Literal["business_case", "tolerance"]
    proposed_by: str | None
    set: Act


class Current(BaseModel):
    """How much of a limit is used by what is known now, whoever forecast what."""

    cost: MoneyMetric = Field(description="estimate at completion less budget")
    days: CountMetric = Field(description="last finish forecast less planned finish")
    cost_by_cpi: MoneyMetric = Field(description="the same, if the rest costs what the work so far did")
    benefit: NumberMetric = Field(description="the share that is missing of the benefit that lacks most")
    exposure: MoneyMetric = Field(
        description="what its open risks may cost; the limit of the dimension `risk` is held against it"
    )


class ToleranceAnswer(Limit):
    """The limit of a dimension that holds now, against current figures and against the last forecast of a breach."""

    dimension: Dimension
    current: Current
    exceeded_by_current: bool | None = Field(
        description="null where figures or limits are not known; scope and quality are in prose, and for people to judge"
    )
    exceeded_by_cpi: bool | None = Field(description="whether the limit of cost will not hold, if the rest goes on like that")
    exceeded_by_forecast: bool | None
    history: list[Limit] = Field(description="every limit of the dimension, the oldest first")


class BreachAnswer(BaseModel):
    """Somebody expects that a tolerance will not hold; `exceeds` tells whether it is more than the limit that held then."""

    dimension: Dimension
    forecast: AmountsAnswer
    limits: AmountsAnswer | None
    exceeds: bool | None
    basis: str
    stated: Act


class ExceptionAnswer(BaseModel):
    """A tolerance that did not hold, and the plan by which it went on."""

    dimension: Dimension
    state: Literal["open", "ended"]
    options: list[str]
    plan: str | None
    raised: Act
    ended: Act | None
    open_days: CountMetric


class DrawAnswer(BaseModel):
    """A part of the management reserve that went to a work package."""

    work_package: str
    amount: Sum | None
    proposed_by: str
    drawn: Act


class Reserve(BaseModel):
    """The management reserve of the current baseline, and what is left of it."""

    budget: MoneyMetric
    drawn: MoneyMetric
    left: MoneyMetric
    draws: list[DrawAnswer]


class ExceptionsAnswer(Answer):
    """The limits within which an initiative may carry on, and what went or may go beyond them."""

    initiative: str
    name: str | None
    mode: InitiativeMode | None
    has_mandate: bool = Field(description="whether it may carry on: no exception is open")
    tolerances: list[ToleranceAnswer]
    forecasts: list[BreachAnswer]
    exceptions: list[ExceptionAnswer]
    reserve: Reserve
    next_cursor: str | None = Field(description="goes on with forecasts and exceptions")


def exceptions(
    state: Exceptions,
    spent: int,
    today: date,
    zone: ZoneInfo,
    *,
    paging: Paging,
    measured: Measured = Measured(),  # noqa: B008  it is frozen
) -> dict[str, Any]:
    """Return the limits of an initiative and how they hold, with all that was spent so far, and a page of breaches."""
    found = figures.current(state, spent)
    return {
        "name": state.name,
        "mode": state.mode,
        "has_mandate": all(one.ended is not None for one in state.raised),
        "tolerances": [
            _tolerance(state, name, in_time(limits), found, measured)
            for name, limits in sorted(state.tolerances.items())
            if limits
        ],
        "forecasts": [_breach(state, one) for one in paging.take("forecasts", state.breaches, _by_time)],
        "exceptions": [
            _exception(one, today, zone) for one in paging.take("exceptions", state.raised, lambda one: (one.act.entry,))
        ],
        "reserve": _reserve(state),
        "next_cursor": paging.next_cursor,
    }


def _by_time(breach: Breach) -> Key:
    return moment(breach.act.at), breach.act.entry


def _tolerance(
    state: Exceptions, dimension: Dimension, limits: Sequence[Tolerance], found: Figures, measured: Measured
) -> dict[str, Any]:
    held = limits[-1].limits
    by_cpi = Amounts(cost=_known(measured.cost_by_cpi))
    last = newest(breach for breach in state.breaches if breach.dimension == dimension)
    return {
        "dimension": dimension,
        **_limit(state, limits[-1]),
        "current": {
            "cost": _money(state, definitions.COST_FORECAST_VARIANCE, found.cost),
            "days": metric.count(definitions.FINISH_FORECAST_VARIANCE, found.days),
            "cost_by_cpi": _money(state, definitions.COST_CPI_VARIANCE, measured.cost_by_cpi),
            "benefit": metric.number(definitions.BENEFIT_SHORTFALL, measured.shortfall),
            "exposure": _money(state, definitions.RISK_EXPOSURE, measured.exposure),
        },
        "exceeded_by_current": _exceeds(held, _amounts_of(dimension, found, measured)),
        "exceeded_by_cpi": None if dimension == "risk" else _exceeds(held, by_cpi),
        "exceeded_by_forecast": None if last is None else _exceeds(held, last.forecast),
        "history": [_limit(state, one) for one in limits],
    }


def _amounts_of(dimension: Dimension, found: Figures, measured: Measured) -> Amounts:
    """Return what a limit is held against: that of a risk is what it may cost, not what all of it will."""
    if dimension == "risk":
        return Amounts(cost=_known(measured.exposure))
    shortfall = measured.shortfall
    return replace(found.amounts, benefit=None if isinstance(shortfall, Unknown) else str(shortfall))


def _known(found: Known) -> int | None:
    return None if isinstance(found, Unknown) else round(found)


def _limit(state: Exceptions, known: Tolerance) -> dict[str, Any]:
    return {
        "limits": _amounts(state, known.limits),
        "source": known.by,
        "proposed_by": known.proposed_by,
        "set": act(known.act),
    }


def _breach(state: Exceptions, breach: Breach) -> dict[str, Any]:
    held = newest(one for one in state.tolerances.get(breach.dimension, ()) if by_time(one) < by_time(breach))
    return {
        "dimension": breach.dimension,
        "forecast": _amounts(state, breach.forecast),
        "limits": None if held is None else _amounts(state, held.limits),
        "exceeds": None if held is None else _exceeds(held.limits, breach.forecast),
        "basis": breach.basis,
        "stated": act(breach.act),
    }


def _exceeds(limits: Amounts, found: Amounts) -> bool | None:
    """Tell whether an amount is more than its limit; None where no limit has an amount to compare with. Prose is not compared."""
    pairs = [(limits.cost, found.cost), (limits.days, found.days)]
    known = [amount > limit for limit, amount in pairs if limit is not None and amount is not None]
    if limits.benefit is not None and found.benefit is not None:
        known.append(Decimal(found.benefit) > Decimal(limits.benefit))
    return any(known) if known else None


def _exception(known: Raised, today: date, zone: ZoneInfo) -> dict[str, Any]:
    until = today if known.ended is None else known.ended.at.astimezone(zone).date()
    days = (until - known.act.at.astimezone(zone).date()).days
    return {
        "dimension": known.dimension,
        "state": "open" if known.ended is None else "ended",
        "options": known.options,
        "plan": known.plan,
        "raised": act(known.act),
        "ended": act_or_none(known.ended),
        "open_days": metric.count(definitions.EXCEPTION_OPEN_DAYS, days if days >= 0 else reasons.DATES_DISAGREE),
    }


def _reserve(state: Exceptions) -> dict[str, Any]:
    promise = state.current
    budget = reasons.NO_BASELINE if promise is None else reasons.NOT_GIVEN if promise.reserve is None else promise.reserve
    drawn = sum(draw.minor for draw in state.draws)
    return {
        "budget": _money(state, definitions.RESERVE, budget),
        "drawn": _money(state, definitions.RESERVE_DRAWN, drawn),
        "left": _money(state, definitions.RESERVE_LEFT, budget if isinstance(budget, Unknown) else budget - drawn),
        "draws": [_draw(state, draw) for draw in state.draws],
    }


def _draw(state: Exceptions, draw: Draw) -> dict[str, Any]:
    return {
        "work_package": draw.to.partition("/")[2],
        "amount": _sum(state, draw.minor),
        "proposed_by": draw.proposed_by,
        "drawn": act(draw.act),
    }


def _amounts(state: Exceptions, said: Amounts) -> dict[str, Any]:
    return {"cost": _sum(state, said.cost), "days": said.days, "scope": said.scope, "benefit": said.benefit}


def _sum(state: Exceptions, minor: int | None) -> dict[str, Any] | None:
    return None if minor is None or state.currency is None else {"minor": minor, "currency": state.currency}


def _money(state: Exceptions, definition: definitions.Definition, found: Known) -> Figure:
    known = reasons.NOT_GIVEN if state.currency is None else found
    return metric.money(definition, known, state.currency or "")
