"""The rules of an issue."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.issue import IssueCarriedOver, IssueEscalated, IssueEvent, IssueOpened, IssueResolved


class Issue(SubjectState, frozen=True):
    """An issue, and whose it is."""

    home: str
    state: Literal["Open", "Closed"] = "Open"

    @property
    def member(self) -> str:
        """The initiative or product that it is issue of."""
        return self.home


KINDS: Mapping[str, type[State]] = {"issue": Issue}


def reads(fact: Fact, data: IssueEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case IssueOpened():
            return matters.keys((data.member,))
        case IssueEscalated():
            return ()
        case IssueResolved():
            return matters.keys((known and known.home,))
        case IssueCarriedOver():
            return matters.keys((data.to, known and known.home))
        case _:
            assert_never(data)


def evolve(fact: Fact, data: IssueEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into an issue."""
    known = of(states, fact.subject)
    if isinstance(data, IssueOpened):
        if known is not None:
            return {}
        return {fact.subject: Issue(data.member, born_at=fact.time), **matters.opened(states, data.member, fact.subject)}
    if known is None:
        return {}
    match data:
        case IssueEscalated():
            return {}
        case IssueResolved():
            return {fact.subject: replace(known, state="Closed"), **matters.closed(states, known.home, fact.subject)}
        case IssueCarriedOver():
            return {
                fact.subject: replace(known, home=data.to),
                **matters.carried(states, known.home, data.to, fact.subject),
            }
        case _:
            assert_never(data)


def decide(fact: Fact, data: IssueEvent, states: States) -> Decision:
    """Judge a fact about an issue."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case IssueOpened():
            return ACCEPTED if data.member == known.home else corrections.fixed("member", known.home)
        case IssueEscalated() | IssueResolved():
            if known.state != "Open":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is closed already: open another issue where it has come back.")
            return ACCEPTED
        case IssueCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Issue | None:
    """Return the state of an issue, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Issue) else None
