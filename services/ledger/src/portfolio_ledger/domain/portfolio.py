"""The rules of a portfolio."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, FieldError, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.portfolio import PortfolioEvent


@dataclass(frozen=True, slots=True)
class Portfolio(SubjectState):
    """An open portfolio and the currency in which it reports."""

    currency: str


KINDS: Mapping[str, type[State]] = {"portfolio": Portfolio}


def reads(_fact: Fact, _data: PortfolioEvent, _states: States) -> Iterable[str]:
    """Name nothing: the portfolio is its own subject."""
    return ()


def evolve(fact: Fact, data: PortfolioEvent, _states: States) -> Mapping[str, State]:
    """Open the portfolio; a correction of that changes nothing that rules ask for."""
    if fact.corrects is not None:
        return {}
    return {fact.subject: Portfolio(data.currency, born_at=fact.time)}


def decide(fact: Fact, data: PortfolioEvent, states: States) -> Decision:
    """Judge the opening of a portfolio; a correction of it keeps the currency."""
    if fact.subject != fact.portfolio_key:
        problem = FieldError("/subject", f"The subject of this type is {fact.portfolio_key}.")
        return Refused(codes.SCHEMA, problem.detail, (problem,))
    known = of(states, fact.subject)
    if known is not None and known.currency != data.currency:
        return corrections.fixed("currency", known.currency)
    return ACCEPTED


def of(states: States, key: str) -> Portfolio | None:
    """Return the portfolio's state, None where it is not open."""
    state = states.get(key)
    return state if isinstance(state, Portfolio) else None
