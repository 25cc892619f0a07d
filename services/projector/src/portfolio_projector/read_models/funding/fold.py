"""The fold of `funding`. Pure."""

import dataclasses
from typing import assert_never, cast, get_args

from msgspec.structs import replace

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.funding.state import Admission, Funding, Guardrail, Limit, Rate, Request, Rule
from portfolio_schemas.events import funding, portfolio, product
from portfolio_schemas.values import Money

_OfPortfolio = portfolio.PortfolioOpened | portfolio.FundingLimitSet | portfolio.GuardrailSet | portfolio.MemberAdmitted
_Birth = product.ProductConceived | product.ProductOpenedFrom
_OfMember = funding.RunRateForecast | funding.CapitalisationSet | funding.FundingRequested | funding.FundingApproved


def fold(state: Funding, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("_OfPortfolio | _OfMember | _Birth", fact.data)
    if isinstance(data, _Birth):
        born = data if isinstance(data, product.ProductConceived) else data.opened
        if born is not None:
            state.products.setdefault(fact.id, born.name)
    elif isinstance(data, _OfMember):
        _fold_member(state, fact, data)
    else:
        _fold_portfolio(state, fact, data)


def _fold_portfolio(state: Funding, fact: Fact, data: _OfPortfolio) -> None:
    match data:
        case portfolio.PortfolioOpened(currency=currency):
            state.currency = currency
        case portfolio.GuardrailSet():
            state.guardrails.setdefault(f"{data.member or ''} {data.kind}", []).append(_guardrail(fact, data))
        case portfolio.FundingLimitSet(fiscal_period=period, limit=limit, proposed_by=who):
            state.limits.setdefault(period, []).append(Limit(limit.minor, limit.currency, who, act_of(fact)))
        case portfolio.MemberAdmitted(member=member, horizon=horizon):
            state.admissions.setdefault(member, []).append(Admission(horizon, act_of(fact)))
        case _:
            assert_never(data)


def _fold_member(state: Funding, fact: Fact, data: _OfMember) -> None:
    match data:
        case funding.RunRateForecast(member=member, monthly=monthly, start=start, basis=basis):
            rate = Rate(monthly.minor, monthly.currency, start, basis, act_of(fact))
            state.rates.setdefault(member, []).append(rate)
        case funding.CapitalisationSet(member=member, capitalised=capitalised, rule=rule):
            state.rules.setdefault(member, []).append(Rule(list(capitalised), rule, act_of(fact)))
        case funding.FundingRequested(member=member, amount=amount, purpose=purpose):
            request = Request(member, amount.minor, amount.currency, purpose, act_of(fact))
            state.requests.setdefault(fact.subject, []).append(request)
        case funding.FundingApproved():
            _approve(state, fact, data)
        case _:
            assert_never(data)


def _guardrail(fact: Fact, data: portfolio.GuardrailSet) -> Guardrail:
    shares = {key: limit for key, limit in data.limits.items() if isinstance(limit, str)}
    amount = next((limit for limit in data.limits.values() if isinstance(limit, Money)), None)
    epic, currency = (None, None) if amount is None else (amount.minor, amount.currency)
    return Guardrail(data.kind, data.member, shares, epic, currency, data.proposed_by, act_of(fact))


def _approve(state: Funding, fact: Fact, data: funding.FundingApproved) -> None:
    """Answer the last request of its subject."""
    asked = state.requests.get(data.request)
    if asked:
        asked[-1] = replace(asked[-1], approved=data.amount.minor, conditions=data.conditions, answered=act_of(fact))


FUNDING = chronicle("funding", 2, types=types_of(*get_args(_OfPortfolio | _OfMember | _Birth)), state=Funding, fold=fold)

FUNDING_OF_ALL = dataclasses.replace(FUNDING, name="funding_of_all", of_portfolio=True)
"""The same of all members at once: whoever looks at a whole portfolio asks for one state, however many there are."""
