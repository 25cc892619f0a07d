"""The rules of a change request."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.change_request import (
    ChangeRequestApproved,
    ChangeRequestAssessed,
    ChangeRequestEvent,
    ChangeRequestImplemented,
    ChangeRequestRaised,
    ChangeRequestRejected,
    ChangeRequestWithdrawn,
)

StateName = Literal["Raised", "Assessed", "Approved", "Rejected", "Implemented", "Withdrawn"]
Answer = ChangeRequestAssessed | ChangeRequestApproved | ChangeRequestRejected | ChangeRequestImplemented | ChangeRequestWithdrawn

_UNANSWERED: tuple[StateName, ...] = ("Raised", "Assessed")
NEXT: Mapping[type[Answer], tuple[tuple[StateName, ...], StateName]] = {
    ChangeRequestAssessed: (_UNANSWERED, "Assessed"),
    ChangeRequestApproved: (_UNANSWERED, "Approved"),
    ChangeRequestRejected: (_UNANSWERED, "Rejected"),
    ChangeRequestImplemented: (("Approved",), "Implemented"),
    ChangeRequestWithdrawn: ((*_UNANSWERED, "Approved"), "Withdrawn"),
}
"""For each answer: the states in which it can be given, and the one that it leads to."""


class ChangeRequest(SubjectState, frozen=True):
    """A request to change what an initiative's baseline promises."""

    initiative: str
    raised_by: str
    state: StateName = "Raised"

    @property
    def member(self) -> str:
        """Its initiative."""
        return self.initiative

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for its answer."""
        return self.state in _UNANSWERED


KINDS: Mapping[str, type[State]] = {"change-request": ChangeRequest}


def reads(fact: Fact, data: ChangeRequestEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    if isinstance(data, ChangeRequestRaised):
        return matters.keys((data.initiative,))
    request = of(states, fact.subject)
    return matters.keys((request.initiative,)) if request else ()


def evolve(fact: Fact, data: ChangeRequestEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the change request. It is an open matter until it has its answer."""
    request = of(states, fact.subject)
    if isinstance(data, ChangeRequestRaised):
        if request is not None:
            return {}
        made = ChangeRequest(data.initiative, fact.actor, born_at=fact.time)
        return {fact.subject: made, **matters.opened(states, data.initiative, fact.subject)}
    if request is None:
        return {}
    answered = replace(request, state=NEXT[type(data)][1])
    if answered.is_open:
        return {fact.subject: answered}
    return {fact.subject: answered, **matters.closed(states, request.initiative, fact.subject)}


def decide(fact: Fact, data: ChangeRequestEvent, states: States) -> Decision:
    """Judge a fact about a change request."""
    request = of(states, fact.subject)
    if request is None:
        return ACCEPTED
    match data:
        case ChangeRequestRaised():
            return ACCEPTED if request.initiative == data.initiative else corrections.fixed("initiative", request.initiative)
        case (
            ChangeRequestAssessed()
            | ChangeRequestApproved()
            | ChangeRequestRejected()
            | ChangeRequestImplemented()
            | ChangeRequestWithdrawn()
        ):
            return _decide_answered(fact, data, request)
        case _:
            assert_never(data)


def of(states: States, key: str) -> ChangeRequest | None:
    """Return a change request's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, ChangeRequest) else None


def _decide_answered(fact: Fact, data: Answer, request: ChangeRequest) -> Decision:
    before, _ = NEXT[type(data)]
    if request.state not in before:
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {request.state}; this follows {' or '.join(before)}.")
    if isinstance(data, ChangeRequestApproved) and fact.actor == request.raised_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} raised {fact.subject}: somebody else approves it.")
    return ACCEPTED
