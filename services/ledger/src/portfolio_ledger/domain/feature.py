"""The rules of a feature behind a flag."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.feature import FeatureEvent, FeatureExposed, FeatureWithdrawn


class Feature(SubjectState, frozen=True):
    """A feature, whose it is now by which entry, and whether anybody sees it."""

    home: str
    home_by: int
    state: Literal["Exposed", "Withdrawn"] = "Exposed"

    @property
    def member(self) -> str:
        """The initiative or product that it is a feature of."""
        return self.home


KINDS: Mapping[str, type[State]] = {"feature": Feature}


def reads(_fact: Fact, _data: FeatureEvent, _states: States) -> Iterable[str]:
    """Name nothing: what the rules look at is the subject itself, and what the body refers to."""
    return ()


def evolve(fact: Fact, data: FeatureEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a feature. It belongs to whom it was said of last: products are merged and split."""
    known = of(states, fact.subject)
    match data:
        case FeatureExposed():
            if known is None:
                return {fact.subject: Feature(data.member, fact.entry, born_at=fact.time)}
            if not corrections.holds(fact, known.home_by):
                return {}
            state = "Exposed" if fact.corrects is None else known.state
            return {fact.subject: replace(known, home=data.member, home_by=fact.entry, state=state)}
        case FeatureWithdrawn():
            return {fact.subject: replace(known, state="Withdrawn")} if known else {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: FeatureEvent, states: States) -> Decision:
    """Judge a fact about a feature."""
    known = of(states, fact.subject)
    match data:
        case FeatureExposed():
            return ACCEPTED
        case FeatureWithdrawn():
            if known is None or known.state == "Withdrawn":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is withdrawn already: nobody sees it.")
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Feature | None:
    """Return a feature's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Feature) else None
