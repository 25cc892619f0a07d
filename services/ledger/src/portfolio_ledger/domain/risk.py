"""The rules of a risk."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, issue, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.risk import (
    ResponsePlanned,
    RiskAccepted,
    RiskAssessed,
    RiskCarriedOver,
    RiskClosed,
    RiskEvent,
    RiskIdentified,
    RiskMaterialised,
)

StateName = Literal["Identified", "Assessed", "Treated", "Accepted", "Materialised", "Closed"]


class Risk(SubjectState, frozen=True):
    """A risk, whose it is, and the issue that it has become."""

    home: str
    state: StateName = "Identified"
    issue: str | None = None

    @property
    def member(self) -> str:
        """The initiative or product that it is risk of."""
        return self.home

    @property
    def is_open(self) -> bool:
        """Tell whether it may still happen."""
        return self.state not in ("Materialised", "Closed")


KINDS: Mapping[str, type[State]] = {"risk": Risk}


def reads(fact: Fact, data: RiskEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case RiskIdentified():
            return matters.keys((data.member,))
        case RiskAssessed() | ResponsePlanned() | RiskAccepted():
            return ()
        case RiskMaterialised() | RiskClosed():
            return matters.keys((known and known.home,))
        case RiskCarriedOver():
            return matters.keys((data.to, known and known.home))
        case _:
            assert_never(data)


def evolve(fact: Fact, data: RiskEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a risk. It is an open matter of its member until it has happened or cannot any more."""
    known = of(states, fact.subject)
    if isinstance(data, RiskIdentified):
        if known is not None:
            return {}
        return {fact.subject: Risk(data.member, born_at=fact.time), **matters.opened(states, data.member, fact.subject)}
    if known is None:
        return {}
    match data:
        case RiskAssessed():
            return {fact.subject: replace(known, state="Assessed")}
        case ResponsePlanned():
            return {fact.subject: replace(known, state="Treated")}
        case RiskAccepted():
            return {} if fact.corrects is not None else {fact.subject: replace(known, state="Accepted")}
        case RiskMaterialised():
            happened = replace(known, state="Materialised", issue=data.issue)
            return {fact.subject: happened, **matters.closed(states, known.home, fact.subject)}
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
        case RiskAssessed() | ResponsePlanned() | RiskClosed():
            return _check_open(fact, known) or ACCEPTED
        case RiskAccepted():
            if data.until < fact.time.date():
                return Refused(codes.PLAN_ORDER, f"{data.until} is over; {fact.subject} is accepted until a day to come.")
            return _check_open(fact, known) or ACCEPTED
        case RiskMaterialised():
            became = issue.of(states, data.issue)
            if became is not None and became.home != known.home:
                return Refused(codes.OTHER_MEMBER, f"{data.issue} is one of {became.home}, {fact.subject} of {known.home}.")
            return _check_open(fact, known) or ACCEPTED
        case RiskCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Risk | None:
    """Return the state of a risk, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Risk) else None


def _check_open(fact: Fact, known: Risk) -> Refused | None:
    if known.is_open or fact.corrects is not None:
        return None
    became = f"has become {known.issue}" if known.issue else "is closed"
    return Refused(codes.WRONG_STATE, f"{fact.subject} {became}; nothing of this kind happens to it any more.")
