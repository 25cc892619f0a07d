"""The answer about a product's money, and how it is made of what is known. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time, newest
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.metrics import funding
from portfolio_projector.metrics.metric import Sum
from portfolio_projector.read_models.funding import forecasts, guardrails
from portfolio_projector.read_models.funding.forecasts import LimitAnswer, SpendForecastAnswer
from portfolio_projector.read_models.funding.guardrails import GuardrailAnswer
from portfolio_projector.read_models.funding.standing import FundingStanding, Place, place, standing
from portfolio_projector.read_models.funding.state import Funding, Request, Rule
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.state import Money, Move, Posting, Tranche

CATEGORIES = ("labour", "vendor", "cloud", "licence", "other")
WORK_TYPES = ("feature", "defect", "risk", "debt", "unknown")
TREATMENTS = ("capex", "opex", "undecided")


class TrancheAnswer(BaseModel):
    """Money that was released for some days."""

    tranche_no: int
    amount: Sum
    valid_from: date
    valid_to: date
    validity: Literal["upcoming", "valid", "over"]
    entry: int
    released_at: datetime


class FundsMoveAnswer(BaseModel):
    """What one entry added to the accounts, below 0 for what it took; `other` is the member on the other side."""

    entry: int
    at: datetime
    approved: int
    released: int
    reserved: int
    other: str | None
    order: str | None = Field(description="the order that it is reserved for, or was")


class RequestAnswer(BaseModel):
    """Money that was asked for."""

    request: str
    amount: Sum
    purpose: str
    asked: Act
    approved: Sum | None = Field(description="null while nobody granted it")
    conditions: str | None
    answered: Act | None


class RuleAnswer(BaseModel):
    """By which rule costs are capitalised."""

    capitalised: list[str]
    rule: str
    set: Act


class ByCategory(BaseModel):
    """What was spent, by what it was spent on."""

    labour: int
    vendor: int
    cloud: int
    licence: int
    other: int


class ByWorkType(BaseModel):
    """What was spent, by the kind of work; `unknown` where nobody said."""

    feature: int
    defect: int
    risk: int
    debt: int
    unknown: int


class ByTreatment(BaseModel):
    """What was spent, by how the books treat it."""

    capex: int
    opex: int
    undecided: int


class Spending(BaseModel):
    """What came and went."""

    released: int
    reserved: int
    spent: int
    accrued: int = Field(description="the part of `spent` that no invoice has come for")
    by_category: ByCategory
    by_work_type: ByWorkType
    by_treatment: ByTreatment


class PeriodAnswer(Spending):
    """A month of the books."""

    period: str
    closed: bool = Field(description="whether it is complete, by the books or by the calendar as `burn` says")


class FundingAnswer(Answer, FundingStanding):
    """The money of a product. Amounts that are whole numbers are minor units of `currency`."""

    product: str
    name: str
    currency: str | None
    reserved: int
    available: int = Field(description="what is released and neither reserved nor spent")
    approved: int = Field(description="granted and not released yet")
    tranches: list[TrancheAnswer]
    requests: list[RequestAnswer]
    moves: list[FundsMoveAnswer] = Field(description="everything that changed the accounts beside costs")
    reservations: dict[str, int] = Field(description="what is left of reservations, by order")
    totals: Spending
    capitalisation: RuleAnswer | None
    periods: list[PeriodAnswer]
    guardrails: list[GuardrailAnswer]
    forecast: SpendForecastAnswer
    limits: list[LimitAnswer]
    next_cursor: str | None = Field(description="goes on with tranches, requests, moves and periods")


def answer(product: str, money: Money, rules: Funding, moment: Moment, paging: Paging) -> dict[str, Any]:
    """Return what is to be said of the money of a product, and a page of what came and went; what is known is of all members."""
    member, today, zone = f"product/{product}", moment.today, moment.zone
    at = place(money, rules, member, today, zone)
    held, rates = sums.balances(at.account), in_time(rules.rates.get(member, []))
    return {
        "product": product,
        "name": rules.products[product],
        "currency": at.currency or None,
        **standing(at),
        "reserved": held.reserved,
        "available": held.balance,
        "approved": held.approved,
        "tranches": [
            _tranche(tranche, at.currency, today)
            for _, tranche in paging.take("tranches", enumerate(at.account.tranches), lambda one: (one[1].entry, one[0]))
        ],
        "requests": [
            _request(name, one)
            for name, _, one in paging.take("requests", _requests_of(member, rules), lambda one: (one[0], one[1]))
        ],
        "moves": [
            _move(move) for _, move in paging.take("moves", enumerate(at.account.moves), lambda one: (one[1].entry, one[0]))
        ],
        "reservations": dict(sorted(at.account.orders.items())),
        "totals": _spending(at.account.postings, at.account.moves),
        "capitalisation": _rule(newest(rules.rules.get(member, []))),
        "periods": paging.take("periods", _periods(at, today, zone), lambda month: (month["period"],)),
        "guardrails": [*guardrails.of_member(member, rules, money), *guardrails.of_portfolio(rules, money)],
        "forecast": forecasts.forecast(at, rates, today),
        "limits": forecasts.limits(rules, money, today, zone),
        "next_cursor": paging.next_cursor,
    }


def _tranche(tranche: Tranche, currency: str, today: date) -> dict[str, Any]:
    first, last = date.fromisoformat(tranche.valid_from), date.fromisoformat(tranche.valid_to)
    return {
        "tranche_no": tranche.number,
        "amount": {"minor": tranche.minor, "currency": currency},
        "valid_from": first,
        "valid_to": last,
        "validity": "upcoming" if today < first else "over" if today > last else "valid",
        "entry": tranche.entry,
        "released_at": tranche.time,
    }


def _requests_of(member: str, rules: Funding) -> Iterator[tuple[str, int, Request]]:
    """Yield the requests of a member by name, each with its place among those of that name."""
    for name, asked in rules.requests.items():
        yield from ((name, place, one) for place, one in enumerate(asked) if one.member == member)


def _request(name: str, request: Request) -> dict[str, Any]:
    return {
        "request": name,
        "amount": {"minor": request.minor, "currency": request.currency},
        "purpose": request.purpose,
        "asked": act(request.act),
        "approved": None if request.approved is None else {"minor": request.approved, "currency": request.currency},
        "conditions": request.conditions,
        "answered": act_or_none(request.answered),
    }


def _rule(rule: Rule | None) -> dict[str, Any] | None:
    return None if rule is None else {"capitalised": rule.capitalised, "rule": rule.text, "set": act(rule.act)}


def _move(move: Move) -> dict[str, Any]:
    return {
        "entry": move.entry,
        "at": move.time,
        "approved": move.approved,
        "released": move.released,
        "reserved": move.reserved,
        "other": move.other,
        "order": move.order,
    }


def _periods(at: Place, today: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return every month from the first to the current one, or to the last that anything is posted in."""
    postings, moves = dict[str, list[Posting]](), dict[str, list[Move]]()
    for posting in at.account.postings:
        postings.setdefault(posting.period, []).append(posting)
    for move in at.account.moves:
        moves.setdefault(funding.month_of(move.time.astimezone(zone).date()), []).append(move)
    if not postings and not moves:
        return []
    last = max(*postings, *moves, funding.month_of(today))
    return [
        {"period": month, "closed": month in at.closed.months, **_spending(postings.get(month, ()), moves.get(month, ()))}
        for month in funding.months_between(at.first, last)
    ]


def _spending(postings: Iterable[Posting], moves: Iterable[Move]) -> dict[str, Any]:
    categories, work_types, treatments = Counter[str](), Counter[str](), Counter[str]()
    spent = accrued = released = reserved = 0
    for posting in postings:
        spent += posting.minor
        categories[posting.category] += posting.minor
        work_types[posting.work_type or "unknown"] += posting.minor
        treatments[posting.treatment or "undecided"] += posting.minor
        accrued += posting.minor if posting.treatment is None else 0
    for move in moves:
        released += move.released + move.reserved
        reserved += move.reserved
    return {
        "released": released,
        "reserved": reserved,
        "spent": spent,
        "accrued": accrued,
        "by_category": {name: categories[name] for name in CATEGORIES},
        "by_work_type": {name: work_types[name] for name in WORK_TYPES},
        "by_treatment": {name: treatments[name] for name in TREATMENTS},
    }
