"""The rules of money. An account has no state of its own yet: costs are judged against the member that they are posted to."""

from collections.abc import Iterable, Mapping

from portfolio_ledger.domain.decider import Decision, Fact, State, States, accept, member_of
from portfolio_schemas import codes
from portfolio_schemas.events.funding import FundingEvent

KINDS: Mapping[str, type[State]] = {}


def reads(_fact: Fact, _data: FundingEvent, _states: States) -> Iterable[str]:
    """Name nothing beside the member that the body names."""
    return ()


def evolve(_fact: Fact, _data: FundingEvent, _states: States) -> Mapping[str, State]:
    """Keep nothing: no rule asks for what was posted before."""
    return {}


def decide(_fact: Fact, data: FundingEvent, states: States) -> Decision:
    """Judge a cost. One of an ended member is true, and ugly."""
    member = member_of(states, data.member)
    return accept(codes.MEMBER_ENDED if member is not None and member.has_ended else None)
