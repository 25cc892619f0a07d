"""The rules of decisions, and of what auditors note and seal beside them."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, FieldError, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.decision import AttachmentSealed, AuditNoteAdded, DecisionEvent, DecisionRecorded


class Recorded(SubjectState, frozen=True):
    """A decision: it is there."""


class Attachments(State, frozen=True):
    """The hashes of what is sealed under the id of a decision."""

    sealed: frozenset[str] = frozenset()


KINDS: Mapping[str, type[State]] = {"decision": Recorded, "attachments": Attachments}


def reads(fact: Fact, data: DecisionEvent, _states: States) -> Iterable[str]:
    """Name the index that the rules look at."""
    return (_key(fact),) if isinstance(data, AttachmentSealed) else ()


def evolve(fact: Fact, data: DecisionEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a decision."""
    match data:
        case DecisionRecorded():
            return {fact.subject: Recorded(born_at=fact.time)}
        case AttachmentSealed():
            return {_key(fact): Attachments(_sealed(fact, states) | {data.sha256})}
        case AuditNoteAdded():
            return {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: DecisionEvent, states: States) -> Decision:
    """Judge a fact about a decision."""
    match data:
        case AttachmentSealed():
            if data.sha256 in _sealed(fact, states):
                problem = FieldError("/data/sha256", "is sealed already")
                return Refused(codes.SEALED_TWICE, f"These bytes are sealed under {fact.subject} already.", (problem,))
            return ACCEPTED
        case AuditNoteAdded():
            if data.entry is not None and data.entry >= fact.entry:
                problem = FieldError("/data/entry", "is not recorded yet")
                return Refused(codes.UNKNOWN_ENTRY, f"There is no entry {data.entry} yet: name one that is recorded.", (problem,))
            return ACCEPTED
        case DecisionRecorded():
            return ACCEPTED
        case _:
            assert_never(data)


def _key(fact: Fact) -> str:
    return f"attachments/{fact.subject}"


def _sealed(fact: Fact, states: States) -> frozenset[str]:
    state = states.get(_key(fact))
    return state.sealed if isinstance(state, Attachments) else frozenset()
