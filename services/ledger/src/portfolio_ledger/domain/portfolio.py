"""The rules of a portfolio."""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, FieldError, Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.events.portfolio import PortfolioEvent


@dataclass(frozen=True, slots=True)
class Portfolio(State):
    """An open portfolio and the currency in which it reports."""

    currency: str


def evolve(fact: Fact, data: PortfolioEvent, _states: States) -> Mapping[str, State]:
    """Open the portfolio."""
    return {fact.subject: Portfolio(data.currency, born_at=fact.time)}


def decide(fact: Fact, _data: PortfolioEvent, states: States) -> Decision:
    """Judge the opening of a portfolio."""
    if fact.subject != fact.portfolio_key:
        problem = FieldError("/subject", f"The subject of this type is {fact.portfolio_key}.")
        return Refused(codes.SCHEMA, problem.detail, (problem,))
    if states.get(fact.subject) is not None:
        return Refused(codes.ALREADY_EXISTS, f"The portfolio {fact.portfolio} is open already.")
    return ACCEPTED


def of(states: States, key: str) -> Portfolio | None:
    """Return the portfolio's state, None where it is not open."""
    state = states.get(key)
    return state if isinstance(state, Portfolio) else None
