"""The rules of a change request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.change_request import (
    ChangeRequestApproved,
    ChangeRequestEvent,
    ChangeRequestRaised,
    ChangeRequestRejected,
)


@dataclass(frozen=True, slots=True)
class ChangeRequest(SubjectState):
    """A request to change what an initiative's baseline promises."""

    initiative: str
    raised_by: str
    state: Literal["Raised", "Approved", "Rejected"] = "Raised"

    @property
    def member(self) -> str:
        """Its initiative."""
        return self.initiative


KINDS: Mapping[str, type[State]] = {"change-request": ChangeRequest}


def reads(_fact: Fact, _data: ChangeRequestEvent, _states: States) -> Iterable[str]:
    """Name nothing: a change request is judged by itself."""
    return ()


def evolve(fact: Fact, data: ChangeRequestEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the change request."""
    if isinstance(data, ChangeRequestRaised) and fact.corrects is None:
        return {fact.subject: ChangeRequest(data.initiative, fact.actor, born_at=fact.time)}
    request = of(states, fact.subject)
    if request is None or isinstance(data, ChangeRequestRaised):
        return {}
    match data:
        case ChangeRequestApproved():
            return {fact.subject: replace(request, state="Approved")}
        case ChangeRequestRejected():
            return {fact.subject: replace(request, state="Rejected")}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ChangeRequestEvent, states: States) -> Decision:
    """Judge a fact about a change request."""
    request = of(states, fact.subject)
    if request is None:
        return ACCEPTED
    if isinstance(data, ChangeRequestRaised):
        return ACCEPTED if request.initiative == data.initiative else corrections.fixed("initiative", request.initiative)
    if request.state != "Raised":
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {request.state} already.")
    if isinstance(data, ChangeRequestApproved) and fact.actor == request.raised_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} raised {fact.subject}: somebody else approves it.")
    return ACCEPTED


def of(states: States, key: str) -> ChangeRequest | None:
    """Return a change request's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, ChangeRequest) else None
