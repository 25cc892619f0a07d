"""The rules of an experiment."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.experiment import ExperimentConcluded, ExperimentEvent, ExperimentStarted


class Experiment(SubjectState, frozen=True):
    """An experiment, and whose it is."""

    home: str
    state: Literal["Started", "Concluded"] = "Started"

    @property
    def member(self) -> str:
        """The initiative or product that it is made for."""
        return self.home


KINDS: Mapping[str, type[State]] = {"experiment": Experiment}


def reads(_fact: Fact, _data: ExperimentEvent, _states: States) -> Iterable[str]:
    """Name nothing: what the rules look at is the subject itself, and what the body refers to."""
    return ()


def evolve(fact: Fact, data: ExperimentEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into an experiment."""
    known = of(states, fact.subject)
    match data:
        case ExperimentStarted():
            return {} if known else {fact.subject: Experiment(data.member, born_at=fact.time)}
        case ExperimentConcluded():
            return {fact.subject: replace(known, state="Concluded")} if known else {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ExperimentEvent, states: States) -> Decision:
    """Judge a fact about an experiment."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case ExperimentStarted():
            return ACCEPTED if data.member == known.home else corrections.fixed("member", known.home)
        case ExperimentConcluded():
            if known.state == "Concluded":
                return Refused(
                    codes.WRONG_STATE, f"{fact.subject} is concluded already: start another experiment under another id."
                )
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Experiment | None:
    """Return an experiment's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Experiment) else None
