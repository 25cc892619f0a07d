"""The rules of a risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain import corrections, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.risk import RiskCarriedOver, RiskClosed, RiskEvent, RiskIdentified


@dataclass(frozen=True, slots=True)
class Risk(SubjectState):
    """A risk, and whose it is."""

    home: str
    state: Literal["Open", "Closed"] = "Open"

    @property
    def member(self) -> str:
        """The initiative or product that it is risk of."""
        return self.home


KINDS: Mapping[str, type[State]] = {"risk": Risk}


def reads(fact: Fact, data: RiskEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case RiskIdentified():
            return matters.keys((data.member,))
        case RiskClosed():
            return matters.keys((known and known.home,))
        case RiskCarriedOver():
            return matters.keys((data.to, known and known.home))
        case _:
            assert_never(data)


def evolve(fact: Fact, data: RiskEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a risk."""
    known = of(states, fact.subject)
    if isinstance(data, RiskIdentified):
        if known is not None:
            return {}
        return {fact.subject: Risk(data.member, born_at=fact.time), **matters.opened(states, data.member, fact.subject)}
    if known is None:
        return {}
    match data:
        case RiskClosed():
            return {fact.subject: replace(known, state="Closed"), **matters.closed(states, known.home, fact.subject)}
        case RiskCarriedOver():
            return {
                fact.subject: replace(known, home=data.to),
                **matters.carried(states, known.home, data.to, fact.subject),
            }
        case _:
            assert_never(data)


def decide(fact: Fact, data: RiskEvent, states: States) -> Decision:
    """Judge a fact about a risk."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case RiskIdentified():
            return ACCEPTED if data.member == known.home else corrections.fixed("member", known.home)
        case RiskClosed():
            if known.state != "Open":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is closed already.")
            return ACCEPTED
        case RiskCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Risk | None:
    """Return the state of a risk, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Risk) else None
