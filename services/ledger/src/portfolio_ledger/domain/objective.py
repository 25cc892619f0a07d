"""The rules of an objective and its key results."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import assert_never

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, FieldError, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.objective import KeyResultMeasured, KeyResultSet, ObjectiveEvent, ObjectiveSet

_ZONES = timedelta(days=1)
"""How far the days of two places can be apart."""


class Objective(SubjectState, frozen=True):
    """An objective: whose it is, None for the portfolio's own, and the units of its key results."""

    home: str | None
    units: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def member(self) -> str | None:
        """The initiative or product that set it."""
        return self.home


KINDS: Mapping[str, type[State]] = {"objective": Objective}


def reads(_fact: Fact, _data: ObjectiveEvent, _states: States) -> Iterable[str]:
    """Name the indexes that the rules look at: none."""
    return ()


def evolve(fact: Fact, data: ObjectiveEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into an objective."""
    known = of(states, fact.subject)
    match data:
        case ObjectiveSet():
            return {} if known else {fact.subject: Objective(data.member, born_at=fact.time)}
        case KeyResultSet():
            return {fact.subject: replace(known, units={**known.units, data.key_result: data.unit})} if known else {}
        case KeyResultMeasured():
            return {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ObjectiveEvent, states: States) -> Decision:
    """Judge a fact about an objective."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case ObjectiveSet():
            return ACCEPTED if data.member == known.home else corrections.fixed("member", known.home or "the portfolio")
        case KeyResultSet():
            return _check_set(data, known) or ACCEPTED
        case KeyResultMeasured():
            if data.key_result not in known.units:
                problem = FieldError("/data/key_result", "is not set")
                return Refused(
                    codes.UNKNOWN_KEY_RESULT,
                    f"{fact.subject} has no key result {data.key_result}: state KeyResultSet before.",
                    (problem,),
                )
            return accept(codes.DATES_DISAGREE if data.date > (fact.time + _ZONES).date() else None)
        case _:
            assert_never(data)


def of(states: States, key: str) -> Objective | None:
    """Return an objective's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Objective) else None


def _check_set(data: KeyResultSet, known: Objective) -> Refused | None:
    if Decimal(data.start) == Decimal(data.target):
        return Refused(codes.NO_DISTANCE, f"{data.key_result} starts at its target, {data.target}: there is no way to measure.")
    unit = known.units.get(data.key_result, data.unit)
    if unit != data.unit:
        return Refused(codes.OTHER_UNIT, f"{data.key_result} is measured in {unit}, not in {data.unit}: give it another id.")
    return None
