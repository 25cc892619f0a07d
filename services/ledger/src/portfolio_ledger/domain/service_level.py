"""The rules of a service level."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.service_level import ErrorBudgetExhausted, ServiceLevelEvent, SloMeasured, SloSet


class ServiceLevel(SubjectState, frozen=True):
    """A service level: whose it is now, what is promised by which entry, and what was measured last by which entry."""

    home: str
    target: Decimal
    target_by: int
    value: Decimal | None = None
    value_by: int = -1

    @property
    def member(self) -> str:
        """The initiative or product that promises it."""
        return self.home

    @property
    def has_budget(self) -> bool:
        """Tell whether more was good than had to be, when it was measured last."""
        return self.value is not None and self.value > self.target


KINDS: Mapping[str, type[State]] = {"service-level": ServiceLevel}


def reads(_fact: Fact, _data: ServiceLevelEvent, _states: States) -> Iterable[str]:
    """Name nothing: what the rules look at is the subject itself, and what the body refers to."""
    return ()


def evolve(fact: Fact, data: ServiceLevelEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a service level. It belongs to whom it was set for last: products are merged and split."""
    known = of(states, fact.subject)
    match data:
        case SloSet():
            if known is None:
                made = ServiceLevel(data.member, Decimal(data.target), fact.entry, born_at=fact.time)
            elif corrections.holds(fact, known.target_by):
                made = replace(known, home=data.member, target=Decimal(data.target), target_by=fact.entry)
            else:
                return {}
            return {fact.subject: made}
        case SloMeasured():
            if known is None or not corrections.holds(fact, known.value_by):
                return {}
            return {fact.subject: replace(known, value=Decimal(data.value), value_by=fact.entry)}
        case ErrorBudgetExhausted():
            return {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ServiceLevelEvent, states: States) -> Decision:
    """Judge a fact about a service level."""
    known = of(states, fact.subject)
    match data:
        case SloSet() | SloMeasured():
            return ACCEPTED
        case ErrorBudgetExhausted():
            return accept(codes.BUDGET_DISAGREES if known and known.has_budget else None)
        case _:
            assert_never(data)


def of(states: States, key: str) -> ServiceLevel | None:
    """Return a service level's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, ServiceLevel) else None
