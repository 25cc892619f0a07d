"""The rules of a change request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.events.change_request import (
    ChangeRequestApproved,
    ChangeRequestEvent,
    ChangeRequestRaised,
    ChangeRequestRejected,
)


@dataclass(frozen=True, slots=True)
class ChangeRequest(State):
    """A request to change what an initiative's baseline promises."""

    initiative: str
    raised_by: str
    state: Literal["Raised", "Approved", "Rejected"] = "Raised"


def reads(_fact: Fact, data: ChangeRequestEvent, _states: States) -> set[str]:
    """Name the other subjects that the rules look at."""
    return {data.initiative} if isinstance(data, ChangeRequestRaised) else set()


def evolve(fact: Fact, data: ChangeRequestEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the change request."""
    if isinstance(data, ChangeRequestRaised):
        return {fact.subject: ChangeRequest(data.initiative, fact.actor)}
    request = of(states, fact.subject)
    if request is None:
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
    if isinstance(data, ChangeRequestRaised):
        if request is not None:
            return Refused(codes.ALREADY_EXISTS, f"{fact.subject} exists already.")
        if states.get(data.initiative) is None:
            return Refused(codes.UNKNOWN_AGGREGATE, f"{data.initiative} was not proposed yet.")
        return ACCEPTED
    if request is None:
        return Refused(codes.UNKNOWN_AGGREGATE, f"{fact.subject} was not raised yet.")
    if request.state != "Raised":
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {request.state} already.")
    if isinstance(data, ChangeRequestApproved) and fact.actor == request.raised_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} raised {fact.subject}: somebody else approves it.")
    return ACCEPTED


def of(states: States, key: str) -> ChangeRequest | None:
    """Return a change request's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, ChangeRequest) else None
