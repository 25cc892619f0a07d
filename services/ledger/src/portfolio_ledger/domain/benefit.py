"""The rules of a benefit. It outlives its member: it is measured long after that has ended."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.benefit import (
    BenefitBaselineSet,
    BenefitCarriedOver,
    BenefitEvent,
    BenefitIdentified,
    BenefitMeasured,
    BenefitNotRealised,
    BenefitOwnerChanged,
    BenefitRealised,
    BenefitTargetSet,
)

StateName = Literal["Identified", "Targeted", "Realised", "NotRealised"]


class Benefit(SubjectState, frozen=True):
    """A benefit, of whom it is expected, who answers for it by which entry, and from when to when it is to be gained."""

    home: str
    owner: str
    owner_by: int
    state: StateName = "Identified"
    baseline_on: date | None = None
    baseline_by: int = -1
    target_on: date | None = None
    target_by: int = -1
    is_measured: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it is not said yet whether it came."""
        return self.state in ("Identified", "Targeted")

    @property
    def is_in_order(self) -> bool:
        """Tell whether the day of its target does not lie before that of its baseline."""
        return self.baseline_on is None or self.target_on is None or self.baseline_on <= self.target_on


KINDS: Mapping[str, type[State]] = {"benefit": Benefit}


def reads(fact: Fact, data: BenefitEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case BenefitIdentified():
            return matters.keys((data.member,))
        case BenefitBaselineSet() | BenefitTargetSet() | BenefitMeasured() | BenefitOwnerChanged():
            return ()
        case BenefitRealised() | BenefitNotRealised():
            return matters.keys((known and known.home,))
        case BenefitCarriedOver():
            return matters.keys((data.to, known and known.home))
        case _:
            assert_never(data)


def evolve(fact: Fact, data: BenefitEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a benefit. It is an open matter of its member until it is said whether it came."""
    known = of(states, fact.subject)
    if isinstance(data, BenefitIdentified):
        if known is not None:
            return {fact.subject: _owned(fact, data.owner, known)}
        made = Benefit(data.member, data.owner, fact.entry, born_at=fact.time)
        return {fact.subject: made, **matters.opened(states, data.member, fact.subject)}
    if known is None:
        return {}
    match data:
        case BenefitBaselineSet() | BenefitTargetSet():
            return {fact.subject: _planned(fact, data, known)}
        case BenefitMeasured():
            return {fact.subject: replace(known, is_measured=True)}
        case BenefitOwnerChanged():
            return {fact.subject: _owned(fact, data.owner, known)}
        case BenefitRealised():
            return {fact.subject: replace(known, state="Realised"), **matters.closed(states, known.home, fact.subject)}
        case BenefitNotRealised():
            return {fact.subject: replace(known, state="NotRealised"), **matters.closed(states, known.home, fact.subject)}
        case BenefitCarriedOver():
            moved = replace(known, home=data.to, owner=data.owner, owner_by=fact.entry)
            return {fact.subject: moved, **matters.carried(states, known.home, data.to, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: BenefitEvent, states: States) -> Decision:
    """Judge a fact about a benefit."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case BenefitIdentified():
            return ACCEPTED if data.member == known.home else corrections.fixed("member", known.home)
        case BenefitBaselineSet() | BenefitTargetSet():
            return _check_open(fact, known) or _check_plan(fact, data, known) or ACCEPTED
        case BenefitOwnerChanged() | BenefitNotRealised():
            return _check_open(fact, known) or ACCEPTED
        case BenefitMeasured():
            return accept(codes.DATES_DISAGREE if data.date > fact.time.date() else None)
        case BenefitRealised():
            if known.state == "Identified":
                return Refused(codes.WRONG_STATE, f"{fact.subject} has no target that it could have reached.")
            return _check_open(fact, known) or accept(None if known.is_measured else codes.UNMEASURED)
        case BenefitCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Benefit | None:
    """Return a benefit's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Benefit) else None


def _owned(fact: Fact, owner: str, known: Benefit) -> Benefit:
    return replace(known, owner=owner, owner_by=fact.entry) if corrections.holds(fact, known.owner_by) else known


def _planned(fact: Fact, data: BenefitBaselineSet | BenefitTargetSet, known: Benefit) -> Benefit:
    match data:
        case BenefitBaselineSet():
            holds = corrections.holds(fact, known.baseline_by)
            return replace(known, baseline_on=data.date, baseline_by=fact.entry) if holds else known
        case BenefitTargetSet():
            if not corrections.holds(fact, known.target_by):
                return known
            state = "Targeted" if known.is_open else known.state
            return replace(known, state=state, target_on=data.date, target_by=fact.entry)
        case _:
            assert_never(data)


def _check_open(fact: Fact, known: Benefit) -> Refused | None:
    if known.is_open or fact.corrects is not None:
        return None
    return Refused(codes.WRONG_STATE, f"It is said already whether {fact.subject} came: it is {known.state}.")


def _check_plan(fact: Fact, data: BenefitBaselineSet | BenefitTargetSet, known: Benefit) -> Refused | None:
    planned = _planned(fact, data, known)
    if planned.is_in_order:
        return None
    return Refused(codes.PLAN_ORDER, f"The target of {planned.target_on} lies before the baseline of {planned.baseline_on}.")
