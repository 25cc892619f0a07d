"""The rules of an initiative's life. Its baselines have rules of their own, in `baseline`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from portfolio_ledger.domain import baseline, corrections, transition
from portfolio_ledger.domain.baseline import Baseline, BaselineEvent
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Member, Refused, State, States, accept
from portfolio_schemas import codes
from portfolio_schemas.events.event_data import Mode
from portfolio_schemas.events.initiative import (
    DeliveryModeChanged,
    InitiativeActivated,
    InitiativeApproved,
    InitiativeCancelled,
    InitiativeEvent,
    InitiativeProposed,
    InitiativePutOnHold,
    InitiativeRejected,
    InitiativeResumed,
    InitiativeTransitioned,
    TransitionApproved,
    TransitionProposed,
)

Life = (
    InitiativeApproved | InitiativeRejected | InitiativeActivated | InitiativePutOnHold | InitiativeResumed | InitiativeCancelled
)
StateName = Literal["Proposed", "Approved", "Active", "OnHold", "Rejected", "Cancelled", "Transitioned"]

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
    """An initiative: how far it is, since when, and its baselines by version. What they plan is kept apart."""

    state: StateName
    mode: Literal["waterfall", "agile"]
    since: datetime
    proposed_by: str
    currency: str = field(kw_only=True)
    baselines: Mapping[int, Baseline] = field(default_factory=dict[int, Baseline])

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return self.state in ("Rejected", "Cancelled", "Transitioned")

    @property
    def takes_costs(self) -> bool:
        """Tell whether costs can be posted to it: once it became a product they are the product's."""
        return self.state != "Transitioned"

    @property
    def delivery_mode(self) -> Mode:
        """By which mode of delivery it is governed."""
        return self.mode


KINDS: Mapping[str, type[State]] = {"initiative": Initiative, **baseline.KINDS, **transition.KINDS}


def reads(fact: Fact, data: InitiativeEvent, states: States) -> Iterable[str]:
    """Name the other subjects that the rules look at."""
    if isinstance(data, BaselineEvent):
        return baseline.reads(fact, data, states)
    return transition.reads(fact, data, states) if isinstance(data, transition.TransitionEvent) else ()


def evolve(fact: Fact, data: InitiativeEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the initiative and, with a baseline, into its work packages."""
    if isinstance(data, InitiativeProposed) and fact.corrects is None:
        own = Initiative("Proposed", data.mode, fact.time, fact.actor, currency=data.currency, born_at=fact.time)
        return {fact.subject: own}
    own = of(states, fact.subject)
    if own is None or isinstance(data, InitiativeProposed):
        return {}
    if isinstance(data, BaselineEvent):
        baselines, others = baseline.evolve(fact, data, own.baselines, states)
        return {fact.subject: replace(own, baselines=baselines), **others}
    match data:
        case TransitionProposed():
            return transition.evolve(fact, data)
        case TransitionApproved():
            return {}
        case InitiativeTransitioned():
            return {fact.subject: replace(own, state="Transitioned", since=fact.time)}
        case DeliveryModeChanged():
            return {fact.subject: replace(own, mode=data.to)}
        case _:
            return {fact.subject: replace(own, state=NEXT[type(data)][1], since=fact.time)}


def decide(fact: Fact, data: InitiativeEvent, states: States) -> Decision:
    """Judge a fact about an initiative."""
    own = of(states, fact.subject)
    if isinstance(data, InitiativeProposed) or own is None:
        return _decide_proposed(data, own) if isinstance(data, InitiativeProposed) else ACCEPTED
    if isinstance(data, BaselineEvent):
        return baseline.decide(fact, data, own.baselines, states)
    about = transition.Subject(fact.subject, own.currency, own.baselines)
    match data:
        case TransitionProposed():
            return transition.decide_proposed(fact, data, about, states)
        case TransitionApproved():
            return transition.decide_approved(fact, about, states)
        case DeliveryModeChanged():
            return transition.decide_mode(fact, data, about, states)
        case InitiativeTransitioned():
            return ACCEPTED
        case _:
            return _decide_life(fact, data, own)


def of(states: States, key: str) -> Initiative | None:
    """Return an initiative's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Initiative) else None


def _decide_life(fact: Fact, data: Life, own: Initiative) -> Decision:
    before, _ = NEXT[type(data)]
    if own.state not in before:
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {own.state}; this follows {' or '.join(before)}.")
    if isinstance(data, InitiativeApproved) and fact.actor == own.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed {fact.subject}: somebody else approves it.")
    return accept(codes.DATES_DISAGREE if fact.time < own.since else None)


def _decide_proposed(data: InitiativeProposed, own: Initiative | None) -> Decision:
    if own is not None and own.mode != data.mode:
        return corrections.fixed("mode", own.mode)
    if own is not None and own.currency != data.currency:
        return corrections.fixed("currency", own.currency)
    dates = data.rough_dates
    if dates and dates.start and dates.finish and dates.finish < dates.start:
        return Refused(codes.PLAN_ORDER, f"The rough finish {dates.finish} lies before the start {dates.start}.")
    return ACCEPTED
