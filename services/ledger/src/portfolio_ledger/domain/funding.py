"""The rules of money. An account has no state of its own yet: costs are judged against the member that they are posted to."""

from collections.abc import Mapping

from portfolio_ledger.domain import portfolio
from portfolio_ledger.domain.decider import Decision, Fact, Refused, State, States, accept, member_of
from portfolio_schemas import codes
from portfolio_schemas.events.funding import FundingEvent


def reads(_fact: Fact, data: FundingEvent, _states: States) -> set[str]:
    """Name the other subjects that the rules look at."""
    return {data.member}


def evolve(_fact: Fact, _data: FundingEvent, _states: States) -> Mapping[str, State]:
    """Keep nothing: no rule asks for what was posted before."""
    return {}


def decide(fact: Fact, data: FundingEvent, states: States) -> Decision:
    """Judge a cost: its member must exist and have its currency. A cost of an ended member is true, and ugly."""
    member = member_of(states, data.member)
    if member is None:
        return Refused(codes.UNKNOWN_AGGREGATE, f"There is no {data.member} to post a cost to.")
    home = portfolio.of(states, fact.portfolio_key)
    currency = member.currency or (home.currency if home else None)
    if data.amount.currency != currency:
        return Refused(codes.CURRENCY, f"{data.member} is kept in {currency}, the cost is in {data.amount.currency}.")
    return accept(codes.MEMBER_ENDED if member.has_ended else None)
