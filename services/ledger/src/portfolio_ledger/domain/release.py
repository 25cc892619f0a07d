"""The rules of a release: the baseline of an agile initiative."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, assert_never

from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.release import ReleaseBaselineApproved, ReleaseEvent, ReleasePlanned


@dataclass(frozen=True, slots=True)
class Release(SubjectState):
    """A release of an initiative, and who planned it."""

    initiative: str
    planned_by: str
    state: Literal["Planned", "Approved"] = "Planned"

    @property
    def member(self) -> str:
        """Its initiative."""
        return self.initiative


KINDS: Mapping[str, type[State]] = {"release": Release}


def reads(_fact: Fact, _data: ReleaseEvent, _states: States) -> Iterable[str]:
    """Name nothing: a release is judged by itself."""
    return ()


def evolve(fact: Fact, data: ReleaseEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a release."""
    known = of(states, fact.subject)
    match data:
        case ReleasePlanned():
            return {fact.subject: Release(data.initiative, fact.actor, born_at=fact.time)}
        case ReleaseBaselineApproved():
            return {fact.subject: replace(known, state="Approved")} if known else {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ReleaseEvent, states: States) -> Decision:
    """Judge a fact about a release."""
    known = of(states, fact.subject)
    match data:
        case ReleasePlanned():
            if Decimal(data.release_points) == 0:
                return Refused(codes.NO_POINTS, f"{fact.subject} has no points to earn.")
            return ACCEPTED
        case ReleaseBaselineApproved():
            if known is None or known.state != "Planned":
                return Refused(codes.WRONG_STATE, f"The baseline of {fact.subject} is approved already.")
            if fact.actor == known.planned_by:
                return Refused(codes.SELF_APPROVAL, f"{fact.actor} planned {fact.subject}: somebody else approves it.")
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Release | None:
    """Return a release's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Release) else None
