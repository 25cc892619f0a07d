"""The rules of a benefit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain import corrections, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, State, States, SubjectState
from portfolio_schemas.events.benefit import BenefitCarriedOver, BenefitEvent, BenefitIdentified, BenefitTargetSet


@dataclass(frozen=True, slots=True)
class Benefit(SubjectState):
    """A benefit, of whom it is expected, and who answers for it."""

    home: str
    owner: str
    state: Literal["Identified", "Targeted"] = "Identified"


KINDS: Mapping[str, type[State]] = {"benefit": Benefit}


def reads(fact: Fact, data: BenefitEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case BenefitIdentified():
            return matters.keys((data.member,))
        case BenefitTargetSet():
            return ()
        case BenefitCarriedOver():
            return matters.keys((data.to, known and known.home))
        case _:
            assert_never(data)


def evolve(fact: Fact, data: BenefitEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a benefit."""
    known = of(states, fact.subject)
    if isinstance(data, BenefitIdentified):
        if known is not None:
            return {fact.subject: replace(known, owner=data.owner)}
        made = Benefit(data.member, data.owner, born_at=fact.time)
        return {fact.subject: made, **matters.opened(states, data.member, fact.subject)}
    if known is None:
        return {}
    match data:
        case BenefitTargetSet():
            return {fact.subject: replace(known, state="Targeted")}
        case BenefitCarriedOver():
            moved = replace(known, home=data.to, owner=data.owner)
            return {fact.subject: moved, **matters.carried(states, known.home, data.to, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: BenefitEvent, states: States) -> Decision:
    """Judge a fact about a benefit. It outlives its member: it is measured long after that has ended."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case BenefitIdentified():
            return ACCEPTED if data.member == known.home else corrections.fixed("member", known.home)
        case BenefitTargetSet() | BenefitCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Benefit | None:
    """Return a benefit's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Benefit) else None
