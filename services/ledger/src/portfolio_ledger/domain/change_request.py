"""The rules of a change request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, member_of
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


def reads(fact: Fact, data: ChangeRequestEvent, states: States) -> set[str]:
    """Name the other subjects that the rules look at."""
    if isinstance(data, ChangeRequestRaised):
        return {data.initiative}
    request = of(states, fact.subject)
    return {request.initiative} if request else set()


def evolve(fact: Fact, data: ChangeRequestEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the change request."""
    if isinstance(data, ChangeRequestRaised):
        return {fact.subject: ChangeRequest(data.initiative, fact.actor, born_at=fact.time)}
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
        return _decide_raised(data, states)
    if request is None:
        return Refused(codes.UNKNOWN_AGGREGATE, f"{fact.subject} was not raised yet.")
    if request.state != "Raised":
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {request.state} already.")
    own = member_of(states, request.initiative)
    if own is not None and own.has_ended:
        return Refused(codes.ENDED, f"{request.initiative} has ended; what it promised does not change any more.")
    if isinstance(data, ChangeRequestApproved) and fact.actor == request.raised_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} raised {fact.subject}: somebody else approves it.")
    return ACCEPTED


def of(states: States, key: str) -> ChangeRequest | None:
    """Return a change request's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, ChangeRequest) else None


def _decide_raised(data: ChangeRequestRaised, states: States) -> Decision:
    own = member_of(states, data.initiative)
    if own is None:
        return Refused(codes.UNKNOWN_AGGREGATE, f"{data.initiative} was not proposed yet.")
    if own.has_ended:
        return Refused(codes.ENDED, f"{data.initiative} has ended; what it promised does not change any more.")
    if data.cost_delta is not None and data.cost_delta.currency != own.currency:
        return Refused(
            codes.CURRENCY, f"{data.initiative} is kept in {own.currency}, the delta is in {data.cost_delta.currency}."
        )
    return ACCEPTED
