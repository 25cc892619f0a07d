"""The rules of an initiative's life. Its baselines have rules of their own, in `baseline`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from portfolio_ledger.domain import baseline
from portfolio_ledger.domain.baseline import Baseline
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Member, Refused, State, States, accept
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import (
    BaselineApproved,
    BaselineProposed,
    BaselineRejected,
    BaselineSuperseded,
    InitiativeActivated,
    InitiativeApproved,
    InitiativeCancelled,
    InitiativeEvent,
    InitiativeProposed,
    InitiativePutOnHold,
    InitiativeRejected,
    InitiativeResumed,
)

Life = (
    InitiativeApproved | InitiativeRejected | InitiativeActivated | InitiativePutOnHold | InitiativeResumed | InitiativeCancelled
)
BaselineEvent = BaselineProposed | BaselineApproved | BaselineRejected | BaselineSuperseded
StateName = Literal["Proposed", "Approved", "Active", "OnHold", "Rejected", "Cancelled"]

NEXT: Mapping[type[Life], tuple[tuple[StateName, ...], StateName]] = {
    InitiativeApproved: (("Proposed",), "Approved"),
    InitiativeRejected: (("Proposed",), "Rejected"),
    InitiativeActivated: (("Approved",), "Active"),
    InitiativePutOnHold: (("Active",), "OnHold"),
    InitiativeResumed: (("OnHold",), "Active"),
    InitiativeCancelled: (("Proposed", "Approved", "Active", "OnHold"), "Cancelled"),
}
"""For each fact of its life: the states in which it can happen, and the one that it leads to."""


@dataclass(frozen=True, slots=True)
class Initiative(Member):
    """An initiative: how far it is, since when, and its baselines by version."""

    state: StateName
    mode: Literal["waterfall", "agile"]
    since: datetime
    proposed_by: str
    currency: str = field(kw_only=True)
    baselines: Mapping[int, Baseline] = field(default_factory=dict[int, Baseline])

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return self.state in ("Rejected", "Cancelled")


def reads(fact: Fact, data: InitiativeEvent, states: States) -> set[str]:
    """Name the other subjects that the rules look at."""
    own = of(states, fact.subject)
    return baseline.reads(data, own.baselines if own else {})


def evolve(fact: Fact, data: InitiativeEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the initiative and, with a baseline, into its work packages."""
    if isinstance(data, InitiativeProposed):
        own = Initiative("Proposed", data.mode, fact.time, fact.actor, currency=data.currency, born_at=fact.time)
        return {fact.subject: own}
    own = of(states, fact.subject)
    if own is None:
        return {}
    if isinstance(data, BaselineEvent):
        baselines, work_packages = baseline.evolve(fact, data, own.baselines, states)
        return {fact.subject: replace(own, baselines=baselines), **work_packages}
    return {fact.subject: replace(own, state=NEXT[type(data)][1], since=fact.time)}


def decide(fact: Fact, data: InitiativeEvent, states: States) -> Decision:
    """Judge a fact about an initiative."""
    own = of(states, fact.subject)
    if isinstance(data, InitiativeProposed):
        return _decide_proposed(fact, data, own)
    if own is None:
        return Refused(codes.UNKNOWN_AGGREGATE, f"{fact.subject} was not proposed yet.")
    if own.has_ended:
        return Refused(codes.ENDED, f"{fact.subject} is {own.state}; nothing happens to it any more.")
    if isinstance(data, BaselineEvent):
        if own.mode != "waterfall":
            return Refused(codes.MODE, f"{fact.subject} is {own.mode}; baselines of work packages belong to waterfall.")
        return baseline.decide(fact, data, own.baselines, own.currency, states)
    before, _ = NEXT[type(data)]
    if own.state not in before:
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {own.state}; this follows {' or '.join(before)}.")
    if isinstance(data, InitiativeApproved) and fact.actor == own.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed {fact.subject}: somebody else approves it.")
    return accept(codes.DATES_DISAGREE if fact.time < own.since else None)


def of(states: States, key: str) -> Initiative | None:
    """Return an initiative's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Initiative) else None


def _decide_proposed(fact: Fact, data: InitiativeProposed, own: Initiative | None) -> Decision:
    if own is not None:
        return Refused(codes.ALREADY_EXISTS, f"{fact.subject} exists already.")
    if data.rough_cost is not None and data.rough_cost.currency != data.currency:
        return Refused(codes.CURRENCY, f"The rough cost is in {data.rough_cost.currency}, the initiative in {data.currency}.")
    dates = data.rough_dates
    if dates and dates.start and dates.finish and dates.finish < dates.start:
        return Refused(codes.PLAN_ORDER, f"The rough finish {dates.finish} lies before the start {dates.start}.")
    return ACCEPTED
