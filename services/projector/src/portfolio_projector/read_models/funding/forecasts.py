"""What will have been spent when a fiscal period ends, beside what there is for it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import definitions, funding, metric
from portfolio_projector.metrics.metric import Known, MoneyMetric, NumberMetric, Sum
from portfolio_projector.metrics.reasons import NO_FORECAST, Unknown
from portfolio_projector.read_models.funding.standing import Place, place
from portfolio_projector.read_models.funding.state import Funding, Limit, Rate
from portfolio_projector.read_models.money.state import Money


class RateAnswer(BaseModel):
    """What somebody expects a month to cost, from a month on."""

    monthly: Sum
    start: str
    basis: str
    stated: Act


class YearAnswer(BaseModel):
    """A year of the books."""

    period: str
    spent: int
    by_run_rate: MoneyMetric = Field(description="with the rate that was stated for each month that is not complete")
    by_burn: MoneyMetric = Field(description="with the burn")


class SpendForecastAnswer(BaseModel):
    """What is expected, by what was stated and by what was spent."""

    rates: list[RateAnswer] = Field(description="all that were stated, the last one holds for the months from its own on")
    runway_by_run_rate: NumberMetric = Field(description="how long the balance lasts at the rate that was stated for this month")
    years: list[YearAnswer]


class LimitAnswer(BaseModel):
    """What may be released to all members in a fiscal period, and what is."""

    fiscal_period: str
    limit: Sum
    proposed_by: str
    set: Act
    released: int = Field(description="tranches whose first day lies in the period")
    left: int
    spent: int
    forecast: MoneyMetric = Field(
        description="what all members will have spent, by stated rates, and by burn where there are none"
    )
    deviation: MoneyMetric


def forecast(at: Place, rates: list[Rate], today: date) -> dict[str, Any]:
    """Return what one member is expected to spend."""
    this_month = _rate(rates)(funding.month_of(today))
    balance = at.balance
    lasts = balance if isinstance(balance, Unknown) else funding.runway(int(balance), this_month)
    years = sorted({*(month[:4] for month in at.by_month), str(today.year)})
    return {
        "rates": [_rate_answer(rate) for rate in rates],
        "runway_by_run_rate": metric.number(definitions.RUNWAY, lasts),
        "years": [_year(year, at, rates) for year in years],
    }


def limits(rules: Funding, money: Money, today: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the portfolio's limits, and what all members need of them that are kept in its currency and have had money."""
    places = {
        member: place(money, rules, member, today, zone)
        for member, account in money.accounts.items()
        if account.currency == rules.currency and (account.moves or account.postings)
    }
    return [
        _limit(period, limit, rules, places) for period, known in sorted(rules.limits.items()) for limit in in_time(known)[-1:]
    ]


def _rate(rates: list[Rate], *, otherwise: Fraction | Unknown = NO_FORECAST) -> Callable[[str], Fraction | Unknown]:
    """Return what was stated for a month, by the last that begins by then, or something else where nothing was."""

    def rate(month: str) -> Fraction | Unknown:
        return next((Fraction(one.minor) for one in reversed(rates) if one.start <= month), otherwise)

    return rate


def _constant(monthly: Fraction | Unknown) -> Callable[[str], Fraction | Unknown]:
    return lambda _: monthly


def _rate_answer(rate: Rate) -> dict[str, Any]:
    monthly = {"minor": rate.minor, "currency": rate.currency}
    return {"monthly": monthly, "start": rate.start, "basis": rate.basis, "stated": act(rate.act)}


def _year(year: str, at: Place, rates: list[Rate]) -> dict[str, Any]:
    months = _months(at, year)

    def expected(rate: Callable[[str], Fraction | Unknown]) -> dict[str, Any]:
        found = funding.forecast(at.by_month, months, at.closed.months, rate)
        return metric.money(definitions.RUN_RATE_FORECAST, found, at.currency)

    return {
        "period": year,
        "spent": _spent(at.by_month, months),
        "by_run_rate": expected(_rate(rates)),
        "by_burn": expected(_constant(at.burn.monthly)),
    }


def _months(at: Place, period: str) -> list[str]:
    """Return the months of a period, those before there was anything to spend left out."""
    return [month for month in funding.months_of(period) if month >= at.first]


def _spent(by_month: Mapping[str, int], months: Iterable[str]) -> int:
    return sum(by_month.get(month, 0) for month in months)


def _limit(period: str, limit: Limit, rules: Funding, places: Mapping[str, Place]) -> dict[str, Any]:
    months = funding.months_of(period)
    released = sum(tranche.minor for at in places.values() for tranche in at.account.tranches if tranche.valid_from[:7] in months)
    expected = _expected(period, rules, places)
    deviation = expected if isinstance(expected, Unknown) else Fraction(expected) - limit.minor
    return {
        "fiscal_period": period,
        "limit": {"minor": limit.minor, "currency": limit.currency},
        "proposed_by": limit.proposed_by,
        "set": act(limit.act),
        "released": released,
        "left": limit.minor - released,
        "spent": sum(_spent(at.by_month, months) for at in places.values()),
        "forecast": metric.money(definitions.RUN_RATE_FORECAST, expected, limit.currency),
        "deviation": metric.money(definitions.FORECAST_DEVIATION, deviation, limit.currency),
    }


def _expected(period: str, rules: Funding, places: Mapping[str, Place]) -> Known:
    """Add up what each member will have spent: it is known where it is for each."""
    total = Fraction(0)
    for member, at in places.items():
        rate = _rate(in_time(rules.rates.get(member, [])), otherwise=at.burn.monthly)
        found = funding.forecast(at.by_month, _months(at, period), at.closed.months, rate)
        if isinstance(found, Unknown):
            return found
        total += found
    return total
