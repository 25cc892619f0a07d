"""The rules of an initiative's life. Its baselines have rules of their own, in `baseline`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain import accounts, baseline, calendars, control, corrections, dispositions, transition
from portfolio_ledger.domain.baseline import Baseline, BaselineEvent
from portfolio_ledger.domain.decider import ACCEPTED, Accepted, Decision, Fact, Member, Refused, State, States, accept
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import (
    DeliveryModeChanged,
    InitiativeActivated,
    InitiativeApproved,
    InitiativeCancelled,
    InitiativeClosed,
    InitiativeCompleted,
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
    InitiativeApproved
    | InitiativeRejected
    | InitiativeActivated
    | InitiativePutOnHold
    | InitiativeResumed
    | InitiativeCompleted
    | InitiativeClosed
    | InitiativeCancelled
)
StateName = Literal["Proposed", "Approved", "Active", "OnHold", "Rejected", "Completed", "Closed", "Cancelled", "Transitioned"]

NEXT: Mapping[type[Life], tuple[tuple[StateName, ...], StateName]] = {
    InitiativeApproved: (("Proposed",), "Approved"),
    InitiativeRejected: (("Proposed",), "Rejected"),
    InitiativeActivated: (("Approved",), "Active"),
    InitiativePutOnHold: (("Active",), "OnHold"),
    InitiativeResumed: (("OnHold",), "Active"),
    InitiativeCompleted: (("Active",), "Completed"),
    InitiativeClosed: (("Completed",), "Closed"),
    InitiativeCancelled: (("Proposed", "Approved", "Active", "OnHold", "Completed"), "Cancelled"),
}
"""For each fact of its life: the states in which it can happen, and the one that it leads to."""


class Initiative(Member, frozen=True, kw_only=True):
    """An initiative: how far it is, since when, and its baselines by version. What they plan is kept apart."""

    state: StateName
    mode: Literal["waterfall", "agile"]
    since: datetime
    proposed_by: str
    currency: str
    sponsor: str | None = None
    baselines: Mapping[int, Baseline] = field(default_factory=dict[int, Baseline])

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return self.state in ("Rejected", "Cancelled", "Closed", "Transitioned")

    @property
    def takes_costs(self) -> bool:
        """Tell whether costs can be posted to it: once it became a product they are the product's."""
        return self.state != "Transitioned"


KINDS: Mapping[str, type[State]] = {
    "initiative": Initiative,
    **baseline.KINDS,
    **transition.KINDS,
    **control.KINDS,
    **calendars.KINDS,
}


def reads(fact: Fact, data: InitiativeEvent, states: States) -> Iterable[str]:
    """Name the other subjects that the rules look at."""
    if isinstance(data, BaselineEvent):
        return baseline.reads(fact, data, states)
    if isinstance(data, control.ControlEvent):
        return control.reads(fact)
    if isinstance(data, InitiativeProposed):
        return calendars.reads(fact, data.calendar)
    if isinstance(data, InitiativeCompleted):
        return baseline.current_key(fact.subject), *baseline.plan_of(states, baseline.current_key(fact.subject)).parts
    if isinstance(data, InitiativeClosed):
        return (accounts.key_of(fact.subject),)
    return transition.reads(fact, data, states) if isinstance(data, transition.TransitionEvent) else ()


def evolve(fact: Fact, data: InitiativeEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the initiative and, with a baseline, into its work packages."""
    if isinstance(data, InitiativeProposed) and fact.corrects is None:
        own = Initiative(
            state="Proposed",
            mode=data.mode,
            since=fact.time,
            proposed_by=fact.actor,
            currency=data.currency,
            sponsor=data.sponsor,
            born_at=fact.time,
        )
        return {fact.subject: own, **calendars.stated(fact, data.calendar)}
    own = of(states, fact.subject)
    if own is None:
        return {}
    if isinstance(data, InitiativeProposed):
        return {fact.subject: replace(own, sponsor=data.sponsor), **calendars.stated(fact, data.calendar)}
    if isinstance(data, control.ControlEvent):
        return control.evolve(fact, data, states)
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
    if isinstance(data, control.ControlEvent):
        return control.decide(fact, data, control.Proposal(own.proposed_by, own.sponsor), states)
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
            return _decide_life(fact, data, own, states)


def of(states: States, key: str) -> Initiative | None:
    """Return an initiative's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Initiative) else None


def _decide_life(fact: Fact, data: Life, own: Initiative, states: States) -> Decision:
    before, _ = NEXT[type(data)]
    if own.state not in before:
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {own.state}; this follows {' or '.join(before)}.")
    if isinstance(data, InitiativeApproved) and fact.actor == own.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed {fact.subject}: somebody else approves it.")
    if isinstance(data, InitiativeCompleted):
        return _decide_completed(fact, data, own, states)
    if isinstance(data, InitiativeClosed) and accounts.of(states, fact.subject).reserved:
        return Refused(codes.OPEN_RESERVATIONS, f"Money of {fact.subject} is reserved: cancel the reservations before.")
    return accept(codes.DATES_DISAGREE if fact.time < own.since else None)


def _decide_completed(fact: Fact, data: InitiativeCompleted, own: Initiative, states: States) -> Decision:
    plan = baseline.plan_of(states, baseline.current_key(fact.subject))
    kept = next((one for one in data.dispositions if one.becomes == "item"), None)
    if kept is not None:
        return Refused(codes.UNACCOUNTED_SCOPE, f"{kept.work_package} cannot become an item: a transition does that.")
    refused = dispositions.check(fact.subject, plan, data.dispositions, states, reason=fact.reason, is_final=True)
    if refused:
        return refused
    flags = (codes.DATES_DISAGREE,) if fact.time < own.since else ()
    dropped = dispositions.consequences(plan, data.dispositions, states, backlog="", currency=own.currency, reason=fact.reason)
    return Accepted(flags, tuple(dropped))


def _decide_proposed(data: InitiativeProposed, own: Initiative | None) -> Decision:
    if own is not None and own.mode != data.mode:
        return corrections.fixed("mode", own.mode)
    if own is not None and own.currency != data.currency:
        return corrections.fixed("currency", own.currency)
    dates = data.rough_dates
    if dates and dates.start and dates.finish and dates.finish < dates.start:
        return Refused(codes.PLAN_ORDER, f"The rough finish {dates.finish} lies before the start {dates.start}.")
    return ACCEPTED
